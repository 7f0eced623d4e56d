TITLE Simple model of spiking neurons on the potential of a section of 1 pF (Izhikevich 2003, IEEE Trans Neural Netw 14:1569)

NEURON {
    POINT_PROCESS Izhi03b
    NONSPECIFIC_CURRENT i
    RANGE a, b, c, d, Iin, peak
}

UNITS {
    (mV) = (millivolt)
    (nA) = (nanoamp)
}

PARAMETER {
    a = 0.02
    b = 0.2
    c = -65 (mV)
    d = 6
    Iin = 0
    peak = 30 (mV)
}

ASSIGNED {
    v (mV)
    i (nA)
}

STATE { u }

INITIAL {
    u = b * v
    net_send(0, 1)
}

UNITSOFF
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = -0.001 * (0.04 * v * v + 5 * v + 140 - u + Iin)
}
UNITSON

DERIVATIVE states {
    u' = a * (b * v - u)
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
