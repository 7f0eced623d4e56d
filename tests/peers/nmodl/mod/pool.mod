: calcium that comes in, is pumped out, and opens a potassium channel of the same file
NEURON {
    SUFFIX pool
    USEION ca READ ica, cai WRITE ica, cai
    USEION k READ ek WRITE ik
    RANGE gca, gk, depth
}
UNITS {
    (mA) = (milliamp) (mV) = (millivolt) (mM) = (milli/liter) (um) = (micron)
    FARADAY = (faraday) (coulomb)
}
PARAMETER { gca = 0.0002 (mho/cm2) gk = 0.001 (mho/cm2) depth = 0.2 (um) vmax = 0.0004 (mM/ms) km = 0.0003 (mM) }
ASSIGNED { v (mV) ica (mA/cm2) ik (mA/cm2) ek (mV) inflow (mM/ms) open }
STATE { cai (mM) m o }
INITIAL { m = gate(v)  o = 0.1 }
BREAKPOINT {
    SOLVE flow METHOD derivimplicit
    ica = gca*m*m*(v - 120)
    ik = gk*o*(v - ek)
}
DERIVATIVE flow {
    inflow = -ica*(1e4)/(2*FARADAY*depth)
    m' = (gate(v) - m)/2
    open = cai*cai/(cai*cai + 0.0005^2)
    o' = (open - o)/4
    cai' = inflow - vmax*(cai - 5e-5)/(cai + km)
}
FUNCTION gate(v) { gate = 1/(1 + exp(-(v + 20)/6)) }
