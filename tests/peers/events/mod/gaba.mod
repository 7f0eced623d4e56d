: A gate that each connection opens and closes again: the self-event belongs to the connection that sent it.
NEURON {
    POINT_PROCESS GATE
    RANGE e, hold, i, g
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { e = -80 (mV) hold = 4 (ms) }
ASSIGNED { v (mV) i (nA) g (uS) }
INITIAL { g = 0 }
BREAKPOINT { i = g*(v - e) }
NET_RECEIVE(weight (uS), open) {
    INITIAL { open = 0 }
    if (flag == 0) {
        if (open == 0) { g = g + weight }
        open = open + 1
        net_send(hold, 2)
    } else {
        open = open - 1
        if (open == 0) { g = g - weight }
    }
}
