: Magnesium inside.
NEURON { SUFFIX h_mgin USEION mg READ img WRITE mgi VALENCE 2 RANGE depth }
UNITS { (mA) = (milliamp) (um) = (micron) (molar) = (1/liter) (mM) = (millimolar) FARADAY = (faraday) (coulomb) }
PARAMETER { depth = 0.05 (um) }
ASSIGNED { img (mA/cm2) }
STATE { mgi (mM) }
INITIAL { mgi = 0.5 }
BREAKPOINT { SOLVE s METHOD cnexp }
DERIVATIVE s { mgi' = -(10000) * img / (2 * FARADAY * depth) + (0.5 - mgi) / 30 }
