TITLE High-threshold calcium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX cal
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
}

STATE { m }

INITIAL {
    rates(v)
    m = minf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ica = gbar * m^2 * (v - eca)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
}

UNITSOFF
PROCEDURE rates(v) { LOCAL alpha, beta
    alpha = 1.6 / (1 + exp(-0.072 * (v - 5)))
    beta = 0.1 * linoid((v + 8.9) / 5)
    minf = alpha / (alpha + beta)
    mtau = 1 / (alpha + beta)
}

: x / (exp(x) - 1)
FUNCTION linoid(x) {
    if (fabs(x) < 1e-4) {
        linoid = 1 - x / 2
    } else {
        linoid = x / (exp(x) - 1)
    }
}
UNITSON
