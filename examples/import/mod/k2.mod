TITLE Slowly inactivating potassium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX k2
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
    ik = gbar * m * h * (v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

UNITSOFF
PROCEDURE rates(v) {
    minf = 1 / (1 + exp((-v - 10) / 17))
    mtau = 4.95 + 0.5 / (exp((v - 81) / 25.6) + exp((-v - 132) / 18))
    hinf = 1 / (1 + exp((v + 58) / 10.6))
    htau = 60 + 0.5 / (exp((v - 1.33) / 200) + exp((-v - 130) / 7.1))
}
UNITSON
