: L-type calcium channel with Goldman, Hodgkin and Katz's current.
NEURON { SUFFIX c_ghk USEION ca READ cai, cao WRITE ica RANGE pmax, q10, ica }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (molar) = (1/liter) (mM) = (millimolar) FARADAY = (faraday) (coulomb) R = (k-mole) (joule/degC) }
PARAMETER { pmax = 1e-4 (cm/s) q10 = 3 }
ASSIGNED { v (mV) celsius (degC) ica (mA/cm2) cai (mM) cao (mM) }
STATE { m }
INITIAL { m = alpha(v) / (alpha(v) + beta(v)) }
BREAKPOINT { SOLVE s METHOD cnexp  ica = pmax * m * m * ghk2(v, cai, cao) }
DERIVATIVE s { LOCAL sp  sp = q10 ^ ((celsius - 22) / 10)  m' = sp * (alpha(v) * (1 - m) - beta(v) * m) }
FUNCTION alpha(v) { alpha = 1.6 / (1 + exp(-0.072 * (v - 5))) }
FUNCTION beta(v) { LOCAL x  x = -(v + 8.69)  beta = 0.02 * lin(x, 5.36) }
FUNCTION lin(x, k) { if (fabs(x / k) < 1e-6) { lin = k + x / 2 } else { lin = x / (1 - exp(-x / k)) } }
FUNCTION ef(x) { if (fabs(x) < 1e-4) { ef = 1 - x / 2 } else { ef = x / (exp(x) - 1) } }
FUNCTION ghk2(v, ci, co) { LOCAL x  x = 2 * v / (1000 * R * (celsius + 273.15) / FARADAY)  ghk2 = 0.001 * 2 * FARADAY * (ci * ef(-x) - co * ef(x)) }
