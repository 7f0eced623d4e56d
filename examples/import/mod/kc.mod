TITLE Potassium current that depends on voltage and calcium (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX kc
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
    minf
    mtau (ms)
}

STATE { m }

INITIAL {
    rates(v)
    m = minf
}

: Calcium is counted in the paper's arbitrary units, of which 250 open all channels.
BREAKPOINT { LOCAL open
    SOLVE states METHOD cnexp
    open = cai / 250
    if (open > 1) { open = 1 }
    ik = gbar * open * m * (v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
}

UNITSOFF
PROCEDURE rates(v) { LOCAL alpha, beta
    if (v < -10) {
        alpha = exp((v + 50) / 11 - (v + 53.5) / 27) / 18.975
        beta = 2 * exp((-v - 53.5) / 27) - alpha
    } else {
        alpha = 2 * exp((-v - 53.5) / 27)
        beta = 0
    }
    minf = alpha / (alpha + beta)
    mtau = 1 / (alpha + beta)
}
UNITSON
