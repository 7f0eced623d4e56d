TITLE A channel of four states that begins at rest, as LINEAR finds it
: own file
NEURON {
    SUFFIX equations
    NONSPECIFIC_CURRENT i
    RANGE g, gbar, pump
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.002 (S/cm2)  e = -20 (mV) }
ASSIGNED { v (mV) i (mA/cm2) g (S/cm2) a (/ms) b (/ms) c (/ms) p q pump }
STATE { c1 c2 c3 o }
INITIAL {
    rates(v)
    SOLVE rest
    balance()
}
BREAKPOINT {
    SOLVE scheme METHOD sparse
    balance()
    g = gbar * o * (1 + 0.01 * pump)
    i = g * (v - e)
}
LINEAR rest {
    ~ c1 * a - c2 * b = 0
    ~ c2 * a = c3 * b
    ~ c3 * c - o * b = 0
    ~ c1 + c2 + c3 + o = 1
}
PROCEDURE balance() {
    pump = (v + 65) / 10
}
KINETIC scheme {
    rates(v)
    ~ c1 <-> c2 (a, b)
    ~ c2 <-> c3 (a, b)
    ~ c3 <-> o (c, b)
    CONSERVE c1 + c2 + c3 + o = 1
}
PROCEDURE rates(v (mV)) {
    a = 0.3 * exp((v + 30) / 20)
    b = 0.2 * exp(-(v + 30) / 25)
    c = 0.5
}
