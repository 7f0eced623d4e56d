: a SOLVE that names no method: derivatives are computed, states stay
NEURON { SUFFIX unadvanced NONSPECIFIC_CURRENT i RANGE g, e, goal }
PARAMETER { g = 0.0003 (mho/cm2) e = -70 (mV) tau = 4 (ms) }
ASSIGNED { v (mV) i (mA/cm2) goal }
STATE { m }
INITIAL { aim(v) m = 0.5*goal }
BREAKPOINT { SOLVE gates
    i = g*m*goal*(v - e) }
DERIVATIVE gates {
    aim(v)
    m' = (goal - m)/tau
}
PROCEDURE aim(v (mV)) { goal = 1/(1 + exp(-(v + 60)/8)) }
