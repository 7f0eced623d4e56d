TITLE A DERIVATIVE block that INITIAL calls like a procedure
: own file
NEURON {
    SUFFIX called
    NONSPECIFIC_CURRENT i
    RANGE gbar
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.001 (S/cm2)  e = -20 (mV) }
ASSIGNED { v (mV) i (mA/cm2) minf mtau (ms) dt (ms) }
STATE { m h }
INITIAL {
    rates(v)
    m = 0.5
    h = 0.1
    states()
    states()
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar * m * h * (v - e)
}
DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = 0.3 * (1 - h) - 0.2 * h
}
PROCEDURE rates(v (mV)) {
    minf = 1 / (1 + exp(-(v + 50) / 8))
    mtau = 2
}
