: A current that the concentration switches on.
NEURON { SUFFIX j_sense USEION ca READ cai USEION k READ ek WRITE ik RANGE g, half }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (molar) = (1/liter) (mM) = (millimolar) }
PARAMETER { g = 1e-4 (mho/cm2) half = 0.0005 (mM) }
ASSIGNED { v (mV) ek (mV) ik (mA/cm2) cai (mM) }
BREAKPOINT { ik = g * cai / (cai + half) * (v - ek) }
