: Spread over membrane; it acts behind what it reads.
NEURON {
    SUFFIX zreader
    POINTER p, q
    NONSPECIFIC_CURRENT i
    RANGE scale, x, seen, z
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) }
PARAMETER { scale = 1e-4 }
ASSIGNED { v (mV) i (mA/cm2) p q seen }
STATE { x z }
INITIAL { x = p  z = q }
BREAKPOINT {
    SOLVE states METHOD cnexp
    seen = p + q
    i = scale * p
}
DERIVATIVE states {
    x' = (p - x) / 0.7
    z' = (q - z) / 0.3
}
