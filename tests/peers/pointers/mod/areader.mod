: It acts before what it reads.
NEURON {
    POINT_PROCESS AReader
    POINTER vpre, other
    NONSPECIFIC_CURRENT i
    RANGE g, trace, kept
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { g = 0.001 (uS) }
ASSIGNED { v (mV) i (nA) vpre (mV) other }
STATE { trace kept }
INITIAL { trace = vpre  kept = other }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g * (v - vpre) + 1e-4 * other
}
DERIVATIVE states {
    trace' = (vpre - trace) / 2
    kept' = (other - kept) / 0.5
}
NET_RECEIVE (w) { trace = trace + w * vpre + other }
