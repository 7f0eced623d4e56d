: equations that see what was computed before any of them
NEURON { SUFFIX frozen NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 0.0005 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) inf rate }
STATE { a b c }
INITIAL { a = 0.2 b = 0.1 c = 0.5 }
BREAKPOINT { SOLVE states METHOD cnexp  i = g*(a + b*c)*(v + 60) }
DERIVATIVE states {
    inf = 1/(1 + exp(-(v + 55)/8) + a)
    rate = 0.1*b - 0.05*c
    a' = (inf - a)/3
    b' = (inf*a - b)/7
    c' = rate
}
