TITLE Transient sodium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX naf
    USEION na READ ena WRITE ina
    RANGE gbar, shift
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gbar = 0 (mho/cm2)
    shift = 0 (mV)
}

ASSIGNED {
    v (mV)
    ena (mV)
    ina (mA/cm2)
    minf
    mtau (ms)
    hinf
    htau (ms)
}

STATE { m h }

INITIAL {
    rates(v - shift)
    m = minf
    h = hinf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ina = gbar * m^3 * h * (v - ena)
}

DERIVATIVE states {
    rates(v - shift)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

UNITSOFF
PROCEDURE rates(v) {
    minf = 1 / (1 + exp((-v - 38) / 10))
    if (v < -30) {
        mtau = 0.025 + 0.14 * exp((v + 30) / 10)
    } else {
        mtau = 0.02 + 0.145 * exp((-v - 30) / 10)
    }
    hinf = 1 / (1 + exp((v + 62.9) / 10.7))
    htau = 0.15 + 1.15 / (1 + exp((v + 37) / 15))
}
UNITSON
