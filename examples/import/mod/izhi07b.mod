TITLE Simple model of cortical neurons on the potential of a section (Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press)

NEURON {
    POINT_PROCESS Izhi07b
    NONSPECIFIC_CURRENT i
    RANGE k, vr, vt, peak, a, b, c, d, Iin
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
}

PARAMETER {
    k = 0.7
    vr = -60 (mV)
    vt = -40 (mV)
    peak = 35 (mV)
    a = 0.03
    b = -2
    c = -50 (mV)
    d = 100
    Iin = 0
}

ASSIGNED {
    v (mV)
    i (nA)
}

STATE { u }

INITIAL {
    u = 0
    net_send(0, 1)
}

: Currents of the book are in pA.
UNITSOFF
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = -0.001 * (k * (v - vr) * (v - vt) - u + Iin)
}
UNITSON

DERIVATIVE states {
    u' = a * (b * (v - vr) - u)
}

NET_RECEIVE (w) {
    if (flag == 1) {
        WATCH (v > peak) 2
    } else if (flag == 2) {
        net_event(t)
        v = c
        u = u + d
    }
}
