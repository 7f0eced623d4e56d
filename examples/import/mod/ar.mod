TITLE Anomalous rectifier, a mixed cation current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX ar
    NONSPECIFIC_CURRENT i
    RANGE gbar, erev
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gbar = 0 (mho/cm2)
    erev = -35 (mV)
}

ASSIGNED {
    v (mV)
    i (mA/cm2)
    minf
    mtau (ms)
}

STATE { m }

INITIAL {
    rates(v)
    m = minf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar * m * (v - erev)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
}

UNITSOFF
PROCEDURE rates(v) {
    minf = 1 / (1 + exp((v + 75) / 5.5))
    mtau = 1 / (exp(-14.6 - 0.086 * v) + exp(-1.87 + 0.07 * v))
}
UNITSON
