TITLE Transient potassium current with sigmoid steady states and constant time constants (after Friesen & Friesen 1994, NeuroDynamix)

NEURON {
    SUFFIX ka_of
    USEION k WRITE ik
    RANGE gbar, erev, mhalf, mslope, mtau, hhalf, hslope, htau
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
}

PARAMETER {
    gbar = 0 (mho/cm2)
    erev = -82 (mV)
    mhalf = -24 (mV)
    mslope = 3.2 (mV)
    mtau = 82 (ms)
    hhalf = 8 (mV)
    hslope = -4.9 (mV)
    htau = 5 (ms)
}

ASSIGNED {
    v (mV)
    ik (mA/cm2)
}

STATE { m h }

INITIAL {
    m = sigmoid(v, mhalf, mslope)
    h = sigmoid(v, hhalf, hslope)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * m * h * (v - erev)
}

DERIVATIVE states {
    m' = (sigmoid(v, mhalf, mslope) - m) / mtau
    h' = (sigmoid(v, hhalf, hslope) - h) / htau
}

FUNCTION sigmoid(v (mV), half (mV), slope (mV)) {
    sigmoid = 1 / (1 + exp((half - v) / slope))
}
