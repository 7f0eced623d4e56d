: The steady state is set where the states advance; the current takes what the last segment has left.
NEURON {
    SUFFIX a_left
    NONSPECIFIC_CURRENT i
    RANGE gbar, i
    GLOBAL minf, hinf, mexp
}
PARAMETER {
    gbar = 0.0006 (S/cm2)
}
ASSIGNED {
    v (mV)
    dt (ms)
    i (mA/cm2)
    minf
    hinf
    mexp
}
STATE { h }
INITIAL {
    h = 0.6
}
BREAKPOINT {
    SOLVE states
    i = gbar * minf * minf * h * (v - 20)
}
PROCEDURE states() {
    rates(v)
    h = h + mexp * (hinf - h)
}
PROCEDURE rates(v (mV)) {
    TABLE minf, hinf, mexp DEPEND dt FROM -120 TO 80 WITH 400
    minf = 1 / (1 + exp(-(v + 45) / 7))
    hinf = 1 / (1 + exp((v + 60) / 6))
    mexp = 1 - exp(-dt / (1 + 4 / (1 + exp((v + 50) / 10))))
}
