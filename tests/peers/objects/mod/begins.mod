: What states begin with: parameters that are declared or not, of segments or of all, values that INITIAL goes on from.
NEURON {
    SUFFIX begins
    NONSPECIFIC_CURRENT i
    RANGE a0, e0, f0, g0
    GLOBAL b0, h0
}
PARAMETER { a0 = 0.3  b0 = 0.2  d0 = 0.7  k0 = 5 }
ASSIGNED { v (mV) i (mA/cm2) k }
STATE { a b c d e f g FROM 0 TO 1 h START 0.5 }
INITIAL { c = c + 1 + c0  g = g + f  k = k + 1 }
BREAKPOINT {
    SOLVE s METHOD cnexp
    i = 1e-5 * (a + b + c + d + e + f + g + h + k) * (v + 80)
}
DERIVATIVE s { a' = -a / 5  b' = -b / 5  c' = -c / 5  d' = -d / 5  e' = -e / 5  f' = -f / 5  g' = -g / 5  h' = -h / 5 }
