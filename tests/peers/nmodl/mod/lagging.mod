: a pool by forward Euler: its block is computed once, before the state moves, and so the concentration that it writes is that of the step's beginning
NEURON {
    SUFFIX lagging
    USEION ca READ ica, cai WRITE ica, cai, eca
    USEION k READ ek WRITE ik
    RANGE gca, gk, depth, fraction
}
UNITS {
    (mA) = (milliamp) (mV) = (millivolt) (mM) = (milli/liter) (um) = (micron)
    FARADAY = (faraday) (coulomb)
}
PARAMETER { gca = 0.0002 (mho/cm2) gk = 0.001 (mho/cm2) depth = 0.2 (um) tau = 9 (ms) rest = 5e-5 (mM) }
ASSIGNED { v (mV) ica (mA/cm2) ik (mA/cm2) ek (mV) eca (mV) inflow (mM/ms) cai (mM) fraction }
STATE { c (mM) m o }
INITIAL { m = gate(v)  o = 0.1  c = rest  eca = 12.5*log(2/c) }
BREAKPOINT {
    SOLVE flow METHOD euler
    eca = 12.5*log(2/c)
    ica = gca*m*m*(v - 120)
    ik = gk*o*fraction*(v - ek)
}
DERIVATIVE flow {
    inflow = -ica*(1e4)/(2*FARADAY*depth)
    if (inflow < 0) { inflow = 0 }
    m' = (gate(v) - m)/2
    fraction = c*c/(c*c + 0.0005^2)
    o' = (fraction - o)/4
    c' = inflow + (rest/3 - c)/tau
    cai = c
    fraction = fraction + o/100
}
FUNCTION gate(v) { gate = 1/(1 + exp(-(v + 20)/6)) }
