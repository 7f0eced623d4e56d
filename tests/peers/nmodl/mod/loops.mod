TITLE Loops whose ends are found while the model runs: the latest events, each with an alpha function
: own file
DEFINE MOST 6
NEURON {
    POINT_PROCESS loops
    NONSPECIFIC_CURRENT i
    RANGE i, e, tau, rounds
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 4 (ms)  e = 0 (mV) }
ASSIGNED { v (mV) i (nA) when[MOST] (ms) size[MOST] (uS) used rounds g (uS) }
STATE { x }
INITIAL {
    used = 0
    x = 1
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = 0
    FROM k = 0 TO used - 1 {
        g = g + size[k] * alpha((t - when[k]) / tau)
    }
    i = g * (v - e)
}
DERIVATIVE states {
    halve()
    x' = (rounds - x) / 3
}
PROCEDURE halve() { LOCAL z
    rounds = 0
    z = v + 66
    while (z > 0.1) {
        z = z / 2
        rounds = rounds + 1
    }
}
FUNCTION alpha(s) {
    if (s <= 0 || s > 20) { alpha = 0 } else { alpha = s * exp(1 - s) }
}
NET_RECEIVE(weight (uS)) { LOCAL k
    if (used == MOST) {
        FROM k = 1 TO MOST - 1 {
            when[k - 1] = when[k]
            size[k - 1] = size[k]
        }
        used = used - 1
    }
    when[used] = t
    size[used] = weight
    used = used + 1
}
