: A SOLVE inside a procedure is done there and then. What only counts itself is there to be looked at.
NEURON {
    POINT_PROCESS Within
    RANGE open, gate
    NONSPECIFIC_CURRENT i
}
PARAMETER { alpha = 0.3 (/ms) beta = 0.05 (/ms) dt (ms) }
ASSIGNED { v (mV) i (nA) open gate }
STATE { a b above (ms) }
INITIAL { a = 0  b = 0  above = 0 }
BREAKPOINT {
    SOLVE release
    i = 0.002*b*(v + 20)
}
PROCEDURE release() {
    if (v > -70) {
        open = 1
    } else {
        open = 0
    }
    SOLVE binding METHOD euler
    above = above + open*dt
    b = b*0.9999
}
DERIVATIVE binding {
    a' = alpha*open*(1 - a) - beta*a
    if (a < 0.2) {
        gate = 0
    } else {
        gate = 1/(1 + exp(-(a - 0.5)/0.1))
    }
    b' = 0.1*gate*(1 - b) - 0.02*b
}
