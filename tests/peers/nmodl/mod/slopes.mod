: What one equation has come to stands in others.
NEURON {
    SUFFIX slopes
    NONSPECIFIC_CURRENT i
    RANGE rise
}
ASSIGNED { v (mV) i (mA/cm2) rise }
STATE { a b c }
INITIAL { a = 0.2  b = 0.1  c = 0 }
BREAKPOINT {
    SOLVE states METHOD derivimplicit
    i = 0.0003 * (a + b) * (v + 75) + 1e-5 * c
}
DERIVATIVE states {
    a' = (1 / (1 + exp(-(v + 60) / 9)) - a) / 4
    rise = 3 * (a')^2
    b' = (a - b) / 7 + rise
    c' = b' - c / 10
}
