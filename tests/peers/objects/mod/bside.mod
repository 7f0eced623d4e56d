: A channel as those of 1995: its table lacks some of what its procedure sets.
NEURON {
    SUFFIX bside
    USEION na READ ena WRITE ina
    RANGE gbar, ina
    GLOBAL minf, hinf, pinf, ptau
}
PARAMETER { gbar = 0.08 (S/cm2) }
ASSIGNED { v (mV) ena (mV) ina (mA/cm2) dt (ms) celsius (degC) minf hinf pinf ptau }
STATE { m h p }
LOCAL mexp, hexp, pexp, q10
BREAKPOINT {
    SOLVE states
    ina = gbar * m^3 * (0.9 * h + 0.1 * p) * (v - ena)
}
INITIAL {
    trates(v)
    m = minf
    h = hinf
    p = pinf
}
PROCEDURE states() {
    trates(v)
    m = m + mexp * (minf - m)
    h = h + hexp * (hinf - h)
    p = p + pexp * (pinf - p)
}
PROCEDURE rates(v) {
    q10 = 3^((celsius - 22) / 10)
    minf = 1 / (1 + exp(-(v + 38) / 7))
    hinf = 1 / (1 + exp((v + 55) / 6))
    pinf = 1 / (1 + exp((v + 50) / 8))
    ptau = 2 + 30 / (1 + exp((v + 45) / 9))
}
PROCEDURE trates(v) {
    TABLE minf, mexp, hinf, hexp DEPEND dt, celsius FROM -100 TO 100 WITH 200
    rates(v)
    mexp = 1 - exp(-dt * q10 / 0.3)
    hexp = 1 - exp(-dt * q10 / (1 + 4 / (1 + exp((v + 50) / 10))))
    pexp = 1 - exp(-dt / ptau)
}
