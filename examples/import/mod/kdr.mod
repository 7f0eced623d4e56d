TITLE Delayed-rectifier potassium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX kdr
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
    ik = gbar * m^4 * (v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
}

UNITSOFF
PROCEDURE rates(v) {
    minf = 1 / (1 + exp((-v - 29.5) / 10))
    if (v < -10) {
        mtau = 0.25 + 4.35 * exp((v + 10) / 10)
    } else {
        mtau = 0.25 + 4.35 * exp((-v - 10) / 10)
    }
}
UNITSON
