: Reactions under conditions; a GLOBAL variable that is declared nowhere else.
NEURON {
    THREADSAFE
    SUFFIX gated
    GLOBAL scale
    RANGE gbar
    NONSPECIFIC_CURRENT i
}
UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
STATE { c o p q }
INITIAL {
    scale = 0.5
    c = 1
    o = 0
    p = 0.1
    q = 0
}
BREAKPOINT {
    SOLVE gates METHOD sparse
    i = gbar*o*(v + 80)
}
KINETIC gates {
    COMPARTMENT scale {p q}
    if (v > -68) {
        ~ c <-> o (0.4*scale, 0.02)
        ~ p << (0.01*c)
    } else {
        ~ c <-> o (0.001, 0.3)
    }
    if (q < 0.05) {
        ~ p <-> q (0.02, 0.001)
    }
}
