TITLE Low-threshold calcium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX cat
    USEION ca READ eca WRITE ica
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
    eca (mV)
    ica (mA/cm2)
    minf
    mtau (ms)
    hinf
    htau (ms)
}

STATE { m h }

INITIAL {
    rates(v)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar * m^2 * h * (v - eca)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

UNITSOFF
PROCEDURE rates(v) {
    minf = 1 / (1 + exp((-v - 56) / 6.2))
    mtau = 0.204 + 0.333 / (exp((v + 15.8) / 18.2) + exp((-v - 131) / 16.7))
    hinf = 1 / (1 + exp((v + 80) / 4))
    if (v < -81) {
        htau = 0.333 * exp((v + 466) / 66.6)
    } else {
        htau = 9.32 + 0.333 * exp((-v - 21) / 10.5)
    }
}
UNITSON
