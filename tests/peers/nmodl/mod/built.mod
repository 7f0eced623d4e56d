: What a procedure with a table sets beside its entries is as the making of the table has left it, for all segments.
NEURON {
    SUFFIX built
    NONSPECIFIC_CURRENT i
    RANGE g
    GLOBAL speed, last, q10
}
PARAMETER {
    g = 0.0004 (S/cm2)
    q10 = 2.3
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
    celsius (degC)
    minf
    mtau (ms)
    speed
    last (mV)
}
STATE { m }
INITIAL {
    settings(v)
    m = minf
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = speed * g * m * m * (v + 90) + 1e-6 * last
}
DERIVATIVE states {
    settings(v)
    m' = (minf - m) / mtau
}
PROCEDURE settings(u (mV)) {
    TABLE minf, mtau DEPEND celsius FROM -120 TO 80 WITH 199
    speed = q10 ^ ((celsius - 23) / 10)
    last = u / 2
    minf = 1 / (1 + exp(-(u + 40) / 9))
    mtau = (1 + 8 / (1 + exp((u + 45) / 7))) / speed
}
