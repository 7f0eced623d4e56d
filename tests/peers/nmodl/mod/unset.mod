TITLE C code around statements of NMODL, and about a vector that nobody sets
: own file
NEURON {
    POINT_PROCESS unset
    NONSPECIFIC_CURRENT i
    RANGE count, big
    POINTER delays
}
UNITS { (mV) = (millivolt) (nA) = (nanoamp) (uS) = (microsiemens) }
PARAMETER { tau = 4 (ms) }
ASSIGNED { v (mV) i (nA) count big delays }
STATE { g (uS) }
INITIAL { g = 0 count = 0 big = 0 }
BREAKPOINT {
    SOLVE decay METHOD cnexp
    i = g * v
}
DERIVATIVE decay { g' = -g / tau }
NET_RECEIVE(weight (uS)) {
    INITIAL {
        VERBATIM
        // Only where a script has handed over a vector.
        IvocVect *times = *((IvocVect**)(&_p_delays));
        if (times && vector_capacity(times) >= 1) {
            double* element = vector_vec(times);
            int k;
            for (k = 0; k < vector_capacity(times); ++k) {
                double next = element[k];
        ENDVERBATIM
                net_send(5, 1)
        VERBATIM
            }
        }
        ENDVERBATIM
    }
    if (flag == 1) {
        VERBATIM
        IvocVect *times = *((IvocVect**)(&_p_delays));
        if (times && vector_capacity(times) >= count) {
        ENDVERBATIM
            g = 100
        VERBATIM
        }
        return;
        ENDVERBATIM
    }
    VERBATIM
    count = count + 1;
    if (count > 3) {
    ENDVERBATIM
        g = g + 0.5 * weight
    VERBATIM
    } else {
        big += 1;
    ENDVERBATIM
        g = g + weight
    VERBATIM
    }
    ENDVERBATIM
}
