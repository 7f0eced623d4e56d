TITLE What connections keep is gone over under a condition
: own file
NEURON {
    POINT_PROCESS netcons
    NONSPECIFIC_CURRENT i
    RANGE g, count
}
UNITS { (mV) = (millivolt) (nA) = (nanoamp) (uS) = (microsiemens) }
PARAMETER { tau = 5 (ms) }
ASSIGNED { v (mV) i (nA) count }
STATE { g (uS) }
INITIAL { g = 0 count = 0 }
BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = g * v
}
DERIVATIVE decay { g' = -g / tau }
NET_RECEIVE(weight (uS), factor) {
    INITIAL { factor = 0.5 }
    count = count + 1
    if (count > 2) {
        g = g + 0.1 * weight * factor
        FOR_NETCONS(w, f) {
            f = f * 1.1 + 0.01 * count
        }
        if (count < 5) {
            g = g + 0.01 * factor
        } else {
            FOR_NETCONS(w, f) { f = 0.9 * f }
        }
    } else {
        g = g + 0.05 * weight
    }
}
