TITLE Potassium current that depends on calcium (Mainen & Sejnowski 1996, Nature 382:363)

NEURON {
    SUFFIX kca_ms
    USEION k READ ek WRITE ik
    USEION ca READ cai
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (pS) = (picosiemens)
    (um) = (micron)
    (mM) = (milli/liter)
}

PARAMETER {
    gbar = 0 (pS/um2)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    cai (mM)
    ik (mA/cm2)
    ninf
    ntau (ms)
}

STATE { n }

INITIAL {
    rates(cai)
    n = ninf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = 1e-4 * gbar * 2.3^((celsius - 23) / 10) * n * (v - ek)
}

DERIVATIVE states {
    rates(cai)
    n' = (ninf - n) / ntau
}

UNITSOFF
PROCEDURE rates(cai) { LOCAL a, b, speed
    speed = 2.3^((celsius - 23) / 10)
    a = 10 * cai : cai in mM, the paper counts uM
    b = 0.02
    ntau = 1 / (speed * (a + b))
    ninf = a / (a + b)
}
UNITSON
