TITLE Conditions that hold already when they are watched
: own file
NEURON {
    POINT_PROCESS rearmed
    NONSPECIFIC_CURRENT i
    RANGE g
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { e = -90 (mV) }
ASSIGNED { v (mV) i (nA) }
STATE { g (uS) count seen }
INITIAL {
    count = 0
    seen = 0
    g = 0
    net_send(0, 1)
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g * (v - e)
}
DERIVATIVE states {
    g' = -g / 4
    count' = 0
    seen' = 0
}
NET_RECEIVE(weight (uS)) {
    if (flag == 1) {
        : true already: the potential begins at -65
        WATCH (v < -64) 2
        WATCH (v > -62) 3
    }
    if (flag == 2) {
        count = count + 1
        g = g + 0.0005
        WATCH (v > -66) 3
        WATCH (v < -70) 2
    }
    if (flag == 3) {
        seen = seen + 1
        g = g + 0.001
        WATCH (v > -62) 3
        WATCH (v < -64) 2
    }
}
