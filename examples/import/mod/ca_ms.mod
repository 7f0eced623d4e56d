TITLE High-voltage-activated calcium current (Mainen & Sejnowski 1996, Nature 382:363)

NEURON {
    SUFFIX ca_ms
    USEION ca READ eca WRITE ica
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
    ica = 1e-4 * gbar * 2.3^((celsius - 23) / 10) * m^2 * h * (v - eca)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

UNITSOFF
PROCEDURE rates(v) { LOCAL a, b, speed
    speed = 2.3^((celsius - 23) / 10)
    a = 0.055 * linoid(v + 27, 3.8)
    b = 0.94 * exp(-(v + 75) / 17)
    mtau = 1 / (speed * (a + b))
    minf = a / (a + b)
    a = 0.000457 * exp(-(v + 13) / 50)
    b = 0.0065 / (exp(-(v + 15) / 28) + 1)
    htau = 1 / (speed * (a + b))
    hinf = a / (a + b)
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
