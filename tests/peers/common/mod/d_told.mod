: Synapses that know of the last event to any of them.
NEURON {
    POINT_PROCESS d_told
    NONSPECIFIC_CURRENT i
    RANGE i, tau
    GLOBAL last, sum
}
PARAMETER {
    tau = 5 (ms)
}
ASSIGNED {
    v (mV)
    i (nA)
    last (ms)
    sum (uS)
}
STATE { g (uS) }
INITIAL {
    g = 0
    last = -50
    sum = 0
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = (g + 0.1 * sum) * v
}
DERIVATIVE states {
    g' = -g / tau
    sum = 0.99 * sum
}
NET_RECEIVE(weight (uS)) {
    g = g + weight * (1 - exp((last - t) / 10))
    last = t
    sum = sum + weight
}
