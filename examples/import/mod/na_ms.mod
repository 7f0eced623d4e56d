TITLE Sodium current (Mainen & Sejnowski 1996, Nature 382:363)

NEURON {
    SUFFIX na_ms
    USEION na READ ena WRITE ina
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
    ena (mV)
    ina (mA/cm2)
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
    ina = 1e-4 * gbar * 2.3^((celsius - 23) / 10) * m^3 * h * (v - ena)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    h' = (hinf - h) / htau
}

UNITSOFF
PROCEDURE rates(v) { LOCAL a, b, speed
    speed = 2.3^((celsius - 23) / 10)
    a = 0.182 * linoid(v + 25, 9)
    b = 0.124 * linoid(-v - 25, 9)
    mtau = 1 / (speed * (a + b))
    minf = a / (a + b)
    a = 0.024 * linoid(v + 40, 5)
    b = 0.0091 * linoid(-v - 65, 5)
    htau = 1 / (speed * (a + b))
    hinf = 1 / (1 + exp((v + 55) / 6.2))
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
