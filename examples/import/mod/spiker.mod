TITLE Spikes by a threshold: a pulse of sodium conductance, then a decaying potassium conductance that adapts (after Friesen & Friesen 1994)

NEURON {
    POINT_PROCESS Spiker
    NONSPECIFIC_CURRENT i
    RANGE vth, width, refractory, gna, ena, ek, gk0, gkinc, tauk, taugk
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
    (uS) = (microsiemens)
}

PARAMETER {
    vth = -40 (mV)
    width = 0.9 (ms)
    refractory = 11 (ms)
    gna = 0.6 (uS)
    ena = 55 (mV)
    ek = -82 (mV)
    gk0 = 0.091 (uS)
    gkinc = 0.013 (uS)
    tauk = 2.3 (ms)
    taugk = 69 (ms)
}

ASSIGNED {
    v (mV)
    i (nA)
    pulse (uS)
    resting
}

: gk decays after each spike; peak is what it is set to then
STATE {
    gk (uS)
    peak (uS)
}

INITIAL {
    gk = 0
    peak = gk0
    pulse = 0
    resting = 1
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    i = pulse * (v - ena) + gk * (v - ek)
}

DERIVATIVE states {
    gk' = -gk / tauk
    peak' = (gk0 - peak) / taugk
}

NET_RECEIVE (w) {
    if (flag == 1) {
        WATCH (v > vth) 2
    } else if (flag == 2 && resting) {
        net_event(t)
        resting = 0
        pulse = gna
        peak = peak + gkinc
        net_send(width, 3)
        net_send(refractory, 4)
    } else if (flag == 3) {
        pulse = 0
        gk = peak
    } else if (flag == 4) {
        resting = 1
        if (v > vth) { net_send(0, 2) }
    }
}
