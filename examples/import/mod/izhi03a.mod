TITLE Simple model of spiking neurons with a potential of its own (Izhikevich 2003, IEEE Trans Neural Netw 14:1569)

NEURON {
    POINT_PROCESS Izhi03a
    RANGE a, b, c, d, Iin, peak, taug
}

PARAMETER {
    a = 0.02
    b = 0.2
    c = -65
    d = 6
    Iin = 0
    peak = 30
    taug = 1
}

STATE { V u g }

INITIAL {
    V = -65
    u = b * V
    g = 0
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE states METHOD derivimplicit
}

DERIVATIVE states {
    V' = 0.04 * V * V + 5 * V + 140 - u + Iin - g * V
    u' = a * (b * V - u)
    g' = -g / taug
}

NET_RECEIVE (w) {
    if (flag == 1) {
        WATCH (V > peak) 2
    } else if (flag == 2) {
        net_event(t)
        V = c
        u = u + d
    } else {
        g = g + w
    }
}
