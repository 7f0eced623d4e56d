TITLE Transient potassium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX ka
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
    ik = gbar * m^4 * h * (v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

UNITSOFF
PROCEDURE rates(v) {
    minf = 1 / (1 + exp((-v - 60) / 8.5))
    mtau = 0.185 + 0.5 / (exp((v + 35.8) / 19.7) + exp((-v - 79.7) / 12.7))
    hinf = 1 / (1 + exp((v + 78) / 6))
    if (v < -63) {
        htau = 0.5 / (exp((v + 46) / 5) + exp((-v - 238) / 37.5))
    } else {
        htau = 9.5
    }
}
UNITSON
