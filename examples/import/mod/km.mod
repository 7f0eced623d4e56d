TITLE Muscarinic potassium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX km
    USEION k READ ek WRITE ik
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gbar = 0 (mho/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
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
    ik = gbar * m * (v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
}

UNITSOFF
PROCEDURE rates(v) { LOCAL alpha, beta
    alpha = 0.02 / (1 + exp((-v - 20) / 5))
    beta = 0.01 * exp((-v - 43) / 18)
    minf = alpha / (alpha + beta)
    mtau = 1 / (alpha + beta)
}
UNITSON
