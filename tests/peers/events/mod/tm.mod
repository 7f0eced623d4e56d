: Short-term plasticity by connection; each event that the cell fires lifts x of all connections (FOR_NETCONS).
NEURON {
    POINT_PROCESS TM
    RANGE tau, e, U, tau_rec, tau_facil, i, g
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau = 3 (ms) e = 0 (mV) U = 0.5 tau_rec = 800 (ms) tau_facil = 20 (ms) }
ASSIGNED { v (mV) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT { SOLVE state METHOD cnexp  i = g*(v - e) }
DERIVATIVE state { g' = -g/tau }
NET_RECEIVE(weight (uS), x, u, last (ms), kind) {
    INITIAL { x = 1  u = U  last = -3600000 }
    if (kind < 0) {
        FOR_NETCONS(w1, x1, u1, l1 (ms), k1) { if (k1 >= 0) { if (x1 < 0.9) { x1 = x1 + 0.1 } else { x1 = 1 } } }
    } else {
        u = U + (u*(1 - U) - U)*exp(-(t - last)/tau_facil)
        x = 1 + (x - x*u - 1)*exp(-(t - last)/tau_rec)
        g = g + weight*x*u*kind
        last = t
    }
}
