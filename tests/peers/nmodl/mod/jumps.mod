: States that jump at times that a loop goes over: while currents are looked at, which is twice a step, a jump is made once.
NEURON {
    POINT_PROCESS Jumps
    RANGE first, apart, count, gmax, lost
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (nS) = (nanosiemens) }
PARAMETER {
    gmax = 2 (nS)
    first = 20 (ms)
    apart = 15 (ms)
    count = 3
    rise = 2 (ms)
    fall = 12 (ms)
    lost = 0.25
}
ASSIGNED { v (mV) i (nA) g (nS) }
STATE { A (nS) B (nS) }
INITIAL { A = 0  B = 0 }
BREAKPOINT {
    LOCAL k
    SOLVE decay METHOD cnexp
    FROM k = 0 TO count - 1 {
        if (at_time(first + k*apart)) {
            state_discontinuity(A, A + gmax)
            state_discontinuity(B, (1 - lost)*B + gmax)
        }
    }
    g = (B - A)/(1 + 0.25*exp(-0.08*v))
    i = 1e-3*g*(v + 10)
}
DERIVATIVE decay {
    A' = -A/rise
    B' = -B/fall
}
