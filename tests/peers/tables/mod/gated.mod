: A gate whose time constant and steady state are tables, and one whose rate is a table of two arguments.
NEURON {
    SUFFIX gated
    USEION k READ ek WRITE ik
    RANGE gbar, minf, tau, h
}
UNITS {
    (mV) = (millivolt)
    (mA) = (milliamp)
    (S) = (siemens)
}
PARAMETER { gbar = 0.002 (S/cm2) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) minf tau (ms) seen (1) }
STATE { m h }
INITIAL {
    rates(v)
    m = minf
    h = 0.5
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    ik = gbar * m * h * (v - ek) * scale(v)
}
DERIVATIVE states {
    rates(v)
    m' = (minf - m) / tau
    h' = (level(v, m) - h) / 3
}
FUNCTION_TABLE taum(v (mV)) (ms)
FUNCTION_TABLE steady(v (mV))
FUNCTION_TABLE level(v (mV), m)
FUNCTION_TABLE scale(v (mV)) (1)
FUNCTION_TABLE idle(v (mV))
PROCEDURE rates(v (mV)) {
    minf = steady(v)
    tau = taum(v)
}
