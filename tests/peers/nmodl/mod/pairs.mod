: a synapse whose weights change with the time between spikes of both sides
NEURON { POINT_PROCESS Pairs RANGE tau, e, i, g NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 3 (ms) e = 0 (mV) up = 0.4 down = 0.3 window = 15 (ms) }
ASSIGNED { v (mV) i (nA) fired (ms) gain }
STATE { g (uS) }
INITIAL { g = 0  fired = -1e9  net_send(0, 1) }
BREAKPOINT { SOLVE fall METHOD cnexp  i = g*(v - e) }
DERIVATIVE fall { g' = -g/tau }
NET_RECEIVE (w (uS), grown, came (ms)) {
    INITIAL { grown = 0  came = -1e9 }
    if (flag == 0) {
        g = g + 0.2*w*(1 + grown)
        came = t
        grown = grown*(1 - down*exp((fired - t)/window))
    } else if (flag == 2) {
        fired = t
        gain = up
        FOR_NETCONS (w1, grown1, came1) { grown1 = grown1 + gain*exp((came1 - t)/window) }
        g = g + 0.0001
    } else {
        WATCH (v > -58) 2
    }
}
