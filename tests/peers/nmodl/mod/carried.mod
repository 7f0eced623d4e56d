: A table that is made before the start, of values that need what the block sets at its end: each entry has it from the entry before.
NEURON {
    SUFFIX carried
    USEION k READ ek WRITE ik
    RANGE gbar, half
}
UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }
PARAMETER { gbar = 0.002 (S/cm2)  half = -45 (mV)  celsius (degC)  dt (ms) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) minf share faster }
STATE { m }
INITIAL { m = 0.1 }
BREAKPOINT {
    SOLVE follow
    ik = gbar*m^3*(v - ek)
}
PROCEDURE follow() {
    rates(v)
    m = m + share*(minf - m)
}
PROCEDURE rates(u (mV)) {
    TABLE minf, share DEPEND half, celsius, dt FROM -120 TO 80 WITH 400
    minf = 1/(1 + exp(-(u - half)/9))
    share = 1 - exp(-dt*faster/(1 + exp((u + 30)/40)))
    faster = 3^((celsius - 24)/10)
}
