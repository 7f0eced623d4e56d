TITLE Slow potassium current that depends on calcium (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX kahp
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar = 0 (mho/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    alpha (/ms)
}

STATE { m }

INITIAL {
    opening(cai)
    m = alpha / (alpha + 0.01)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * m * (v - ek)
}

DERIVATIVE states {
    opening(cai)
    m' = alpha * (1 - m) - 0.01 * m
}

UNITSOFF
PROCEDURE opening(ca) {
    alpha = 1e-4 * ca
    if (alpha > 0.01) { alpha = 0.01 }
}
UNITSON
