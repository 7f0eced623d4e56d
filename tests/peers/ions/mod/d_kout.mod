: Potassium outside, which hh lets out.
NEURON { SUFFIX d_kout USEION k READ ik WRITE ko RANGE space, tau, bath }
UNITS { (mA) = (milliamp) (um) = (micron) (molar) = (1/liter) (mM) = (millimolar) FARADAY = (faraday) (coulomb) }
PARAMETER { space = 0.03 (um) tau = 50 (ms) bath = 3 (mM) }
ASSIGNED { ik (mA/cm2) }
STATE { ko (mM) }
INITIAL { ko = bath }
BREAKPOINT { SOLVE s METHOD cnexp }
DERIVATIVE s { ko' = (10000) * ik / (FARADAY * space) + (bath - ko) / tau }
