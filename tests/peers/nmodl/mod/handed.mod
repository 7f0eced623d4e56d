: what one block hands to another: a gate that SOLVE sets by itself, a factor that only the states' block computes
NEURON { SUFFIX handed NONSPECIFIC_CURRENT i RANGE g, e, share }
PARAMETER { g = 0.0003 (mho/cm2) e = -70 (mV) dt (ms) v (mV) }
ASSIGNED { i (mA/cm2) share keep calls }
STATE { m }
INITIAL { m = target(v) share = 1 calls = 0 }
BREAKPOINT { SOLVE gates
    calls = calls + 1
    i = g*m*share*(v - e) }
PROCEDURE gates() {
    keep = 1 - exp(-dt/5)
    m = m + keep*(target(v) - m)
    share = 1 + 0.5*m
    VERBATIM
    return 0;
    ENDVERBATIM
}
FUNCTION target(u) { if (u > -60) { target = 1 } else if (u > -80) { target = (u + 80)/20 } else { target = 0 } }
