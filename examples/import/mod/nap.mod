TITLE Persistent sodium current (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX nap
    USEION na READ ena WRITE ina
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
    ena (mV)
    ina (mA/cm2)
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
    ina = gbar * m * (v - ena)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
}

UNITSOFF
PROCEDURE rates(v) {
    minf = 1 / (1 + exp((-v - 48) / 10))
    if (v < -40) {
        mtau = 0.025 + 0.14 * exp((v + 40) / 10)
    } else {
        mtau = 0.02 + 0.145 * exp((-v - 40) / 10)
    }
}
UNITSON
