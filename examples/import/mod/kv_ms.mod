TITLE Fast potassium current (Mainen & Sejnowski 1996, Nature 382:363)

NEURON {
    SUFFIX kv_ms
    USEION k READ ek WRITE ik
    RANGE gbar
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (pS) = (picosiemens)
    (um) = (micron)
}

PARAMETER {
    gbar = 0 (pS/um2)
}

ASSIGNED {
    v (mV)
    celsius (degC)
    ek (mV)
    ik (mA/cm2)
    ninf
    ntau (ms)
}

STATE { n }

INITIAL {
    rates(v)
    n = ninf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = 1e-4 * gbar * 2.3^((celsius - 23) / 10) * n * (v - ek)
}

DERIVATIVE states {
    rates(v)
    n' = (ninf - n) / ntau
}

UNITSOFF
PROCEDURE rates(v) { LOCAL a, b, speed
    speed = 2.3^((celsius - 23) / 10)
    a = 0.02 * linoid(v - 25, 9)
    b = 0.002 * linoid(25 - v, 9)
    ntau = 1 / (speed * (a + b))
    ninf = a / (a + b)
}

: x / (1 - exp(-x / k))
FUNCTION linoid(x, k) {
    if (fabs(x / k) < 1e-6) {
        linoid = k + x / 2
    } else {
        linoid = x / (1 - exp(-x / k))
    }
}
UNITSON
