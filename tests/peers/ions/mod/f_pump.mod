: Pumps calcium out: reads the total current as it writes one, and writes the concentration (acts before a_pool and b_buffer).
NEURON { SUFFIX f_pump USEION ca READ cai, ica WRITE cai, ica RANGE top, half, depth, pump }
UNITS { (mA) = (milliamp) (um) = (micron) (molar) = (1/liter) (mM) = (millimolar) FARADAY = (faraday) (coulomb) }
PARAMETER { top = 0.0002 (mA/cm2) half = 0.001 (mM) depth = 0.2 (um) }
ASSIGNED { ica (mA/cm2) pump (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = 0.0001 }
BREAKPOINT { SOLVE s METHOD derivimplicit  pump = top * cai / (cai + half)  ica = pump }
DERIVATIVE s { cai' = -(10000) * ica / (2 * FARADAY * depth) }
