: Each segment reads what the one before it has set, sets it anew under a condition, and counts.
NEURON {
    SUFFIX b_next
    NONSPECIFIC_CURRENT i
    RANGE gbar, i, seen
    GLOBAL ninf, last, list
}
PARAMETER {
    gbar = 0.0005 (S/cm2)
    gain = 1.5
    fade = 0.999
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
    diam (um)
    ninf
    last (mV)
    list[2]
    seen
}
LOCAL looks
STATE { n }
INITIAL {
    n = 0.1 + 0.5 * ninf
    rates(v)
    looks = looks + 1
    list[1] = 0.5 * list[1] + diam
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar * gain * n * (v + 85) + 1e-8 * sin(looks) + 1e-6 * list[1]
    looks = looks + 0.05
    if (v > last) {
        gain = fade * gain + (1 - fade)
    }
    list[0] = list[0] + 1e-6 * diam
}
DERIVATIVE states {
    n' = (ninf - n) / 4
    rates(v)
    seen = last
    if (v > -62) {
        last = v + list[0]
    }
}
PROCEDURE rates(u (mV)) {
    ninf = 1 / (1 + exp(-(u + 55) / 8))
}
