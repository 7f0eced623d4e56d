TITLE A gate that feeds back on itself, by a NONLINEAR block
: own file
NEURON {
    SUFFIX nonlinear
    NONSPECIFIC_CURRENT i
    RANGE gbar
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.001 (S/cm2)  e = -20 (mV) }
ASSIGNED { v (mV) i (mA/cm2) drive }
STATE { x z }
INITIAL { x = 0.2 z = 0.4 }
BREAKPOINT {
    SOLVE balance
    i = gbar * x * z * (v - e)
}
NONLINEAR balance {
    LOCAL k
    k = 0.5 / (1 + exp(-(v + 50) / 8))
    ~ x * (1 + x * x) = k + 0.1 * z
    ~ z + 0.3 * x * z = exp(-x)
}
