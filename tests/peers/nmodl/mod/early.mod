: A table whose entries depend on a concentration, a state and what INITIAL sets, and that does not say so: they are those before the start.
NEURON {
    THREADSAFE
    SUFFIX early
    USEION ca READ cai, ica
    NONSPECIFIC_CURRENT i
    RANGE g, i, minf, mtau, speed, half
}
PARAMETER {
    g = 0.001 (S/cm2)
    half = -40 (mV)
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
    cai (mM)
    ica (mA/cm2)
    minf
    mtau (ms)
    speed
    celsius (degC)
}
STATE { m n }
INITIAL {
    speed = 3
    rates(v)
    m = minf
    n = 0.5
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g * m * n * (v + 80)
}
DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    n' = (1 - n) / 50
}
PROCEDURE rates(u (mV)) {
    TABLE minf, mtau DEPEND half, celsius FROM -120 TO 60 WITH 180
    minf = 1 / (1 + exp(-(u - half) / 8 - 1e4 * cai - 0.3 * n))
    mtau = 2 + 0.1 * speed + 0.01 * celsius
}
