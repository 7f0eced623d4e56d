: Calcium in a shell: accumulates the total current, is removed at a rate. Registered before b_buffer, so it acts after it.
NEURON { SUFFIX a_pool USEION ca READ ica WRITE cai RANGE depth, tau, rest }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (um) = (micron) (molar) = (1/liter) (mM) = (millimolar) FARADAY = (faraday) (coulomb) }
PARAMETER { depth = 0.1 (um) tau = 80 (ms) rest = 0.00024 (mM) }
ASSIGNED { ica (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = rest }
BREAKPOINT { SOLVE s METHOD cnexp }
DERIVATIVE s { LOCAL in  in = -(10000) * ica / (2 * FARADAY * depth)  if (in < 0) { in = 0 }  cai' = in + (rest - cai) / tau }
