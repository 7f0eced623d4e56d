: A calcium current that knows the reversal potential only.
NEURON { SUFFIX i_cal USEION ca READ eca WRITE ica RANGE g, ica }
UNITS { (mV) = (millivolt) (mA) = (milliamp) }
PARAMETER { g = 1e-4 (mho/cm2) }
ASSIGNED { v (mV) eca (mV) ica (mA/cm2) }
BREAKPOINT { ica = g * (v - eca) / (1 + exp(-(v + 40) / 5)) }
