TITLE A large array whose elements are looked up by a number that is computed, and set by events
: own file
NEURON {
    POINT_PROCESS lookup
    NONSPECIFIC_CURRENT i
    RANGE last
}
UNITS { (mV) = (millivolt) (nA) = (nanoamp) (uS) = (microsiemens) }
DEFINE SIZE 150
ASSIGNED { v (mV) i (nA) content[SIZE] last at }
INITIAL {
    FROM k = 0 TO SIZE - 1 { content[k] = 1 / (1 + exp(-(k - 75) / 10)) }
    last = 0
}
BREAKPOINT {
    at = v + 100
    if (at < 0) { at = 0 }
    if (at > SIZE - 1) { at = SIZE - 1 }
    i = 0.1 * content[at] + 0.01 * last
}
NET_RECEIVE(weight (uS)) {
    content[30 + 10 * weight] = 0.5 + content[40]
    last = content[35 + t / 10]
}
