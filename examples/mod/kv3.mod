TITLE Kv3.1 potassium channel

COMMENT
Rettig et al. 1992 (EMBO J. 11:2473-2486): homomultimers of Kv3.1 in Xenopus oocytes.
examples/new_channel.net has the same equations in Bouton's own language.
ENDCOMMENT

NEURON {
    SUFFIX kv3
    USEION k READ ek WRITE ik
    RANGE gbar, ik
}

UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}

PARAMETER {
    gbar = 0.01 (S/cm2)
}

ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    minf
    mtau (ms)
}

STATE { m }

INITIAL {
    rates(v)
    m = minf
}

BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * m * (v - ek)
}

DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
}

PROCEDURE rates(v (mV)) {
    minf = 1 / (1 + exp(-(v - 18.7 (mV)) / 9.7 (mV)))
    mtau = 4 (ms) / (1 + exp(-(v + 46.56 (mV)) / 44.14 (mV)))
}
