TITLE Equations in branches
: own file
NEURON {
    SUFFIX branches
    NONSPECIFIC_CURRENT i
    RANGE g, gbar
}
PARAMETER { gbar = 0.001  e = -70  half = -60 }
ASSIGNED { v i g }
STATE { m n }
INITIAL {
    m = 0.2
    n = 0.1
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar * m * (1 - n)
    i = g * (v - e)
}
DERIVATIVE states {
    if (v > half) {
        m' = (0.9 - m) / 2
        n' = (0.5 - n) * 0.03
    } else if (v > half - 6) {
        m' = -m / 5
    } else {
        m' = (0.1 - m) / 8
        n' = -0.02 * n
    }
}
