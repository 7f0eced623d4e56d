: A synapse that decays the faster the more of it there is.
NEURON {
    POINT_PROCESS Tabled
    NONSPECIFIC_CURRENT i
    RANGE e, g
}
PARAMETER { e = 0 (mV) }
ASSIGNED { v (mV) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g * (v - e)
}
DERIVATIVE states { g' = -g / fall(g) }
FUNCTION_TABLE fall(g) (ms)
NET_RECEIVE(w (uS)) { g = g + w }
