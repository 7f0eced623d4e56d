: An array of more elements than anybody uses: the first are kept. A computed number says which is set and read.
DEFINE MOST 20000
NEURON {
    POINT_PROCESS Kept
    RANGE n, pace, times
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) }
PARAMETER { pace = 3 (ms)  n }
ASSIGNED { v (mV) i (nA) above gap (ms) times[MOST] (ms) }
STATE { r }
INITIAL {
    n = 0
    above = 0
    gap = 0
    r = 0
}
BREAKPOINT {
    SOLVE look
    i = 0.02*r
}
PROCEDURE look() {
    if (sin(t/pace) >= 0 && !above) {
        above = 1
        times[n] = t
        n = n + 1
        if (n > 1) {
            gap = t - times[n-2]
            r = r + gap/10
        }
    }
    if (above && sin(t/pace) < 0) {
        above = 0
    }
    r = 0.999*r
}
