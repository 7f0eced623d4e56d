TITLE A scheme with two binding partners that begins at rest

NEURON {
    SUFFIX resting
    NONSPECIFIC_CURRENT i
    RANGE g
}
PARAMETER { g = 0.0004 (S/cm2) }
ASSIGNED {
    v (mV)
    i (mA/cm2)
}
STATE { free bound shut open }
INITIAL {
    free = 1
    shut = 1
    bound = 0
    open = 0
    SOLVE scheme STEADYSTATE sparse
}
BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = g * open * (v + 20)
}
KINETIC scheme {
    ~ free <-> bound (0.3 * exp(v / 40), 0.05)
    ~ shut + bound <-> open (0.4, 0.1)
    CONSERVE free + bound + open = 1
    CONSERVE shut + open = 1
}
