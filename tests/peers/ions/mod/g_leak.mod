: A leak of an ion of one's own.
NEURON { SUFFIX g_leak USEION mg READ emg WRITE img VALENCE 2 RANGE g }
UNITS { (mV) = (millivolt) (mA) = (milliamp) }
PARAMETER { g = 2e-5 (mho/cm2) }
ASSIGNED { v (mV) emg (mV) img (mA/cm2) }
BREAKPOINT { img = g * (v - emg) }
