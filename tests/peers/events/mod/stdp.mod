: Pair-based additive STDP; the spikes of the cell come by a second NetCon with a negative weight.
NEURON {
    POINT_PROCESS STDP
    RANGE tau, e, up, down, window, i, g, w, before, after
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 5 (ms) e = 0 (mV) up = 0.05 down = 0.0525 window = 20 (ms) w0 = 0.5 }
ASSIGNED { v (mV) i (nA) w }
STATE { g (uS) before after }
INITIAL { g = 0  before = 0  after = 0  w = w0 }
BREAKPOINT { SOLVE state METHOD cnexp  i = g*(v - e) }
DERIVATIVE state { g' = -g/tau  before' = -before/window  after' = -after/window }
NET_RECEIVE(weight (uS)) {
    if (weight < 0) {
        after = after + 1
        w = w + up*before
        if (w > 1) { w = 1 }
    } else {
        g = g + w*weight
        before = before + 1
        w = w - down*after
        if (w < 0) { w = 0 }
    }
}
