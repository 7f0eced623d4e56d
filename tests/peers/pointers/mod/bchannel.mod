: A channel with a current of calcium and a gate, and a pool of it: both are read by others.
NEURON {
    SUFFIX bchannel
    USEION ca READ eca WRITE ica
    RANGE gbar, g, rate
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.0005 (S/cm2) }
ASSIGNED { v (mV) eca (mV) ica (mA/cm2) g (S/cm2) rate (/ms) }
STATE { m }
INITIAL { rates() m = rate / (rate + 0.2) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar * m * m
    ica = g * (v - eca)
}
DERIVATIVE states {
    rates()
    m' = rate * (1 - m) - 0.2 * m
}
PROCEDURE rates() { rate = 0.5 / (1 + exp(-(v + 35) / 7)) }
