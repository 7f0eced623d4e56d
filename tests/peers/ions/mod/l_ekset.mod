: Sets the reversal potential of potassium itself.
NEURON { SUFFIX l_ekset USEION k READ ki, ko WRITE ek RANGE shift }
UNITS { (mV) = (millivolt) (molar) = (1/liter) (mM) = (millimolar) FARADAY = (faraday) (coulomb) R = (k-mole) (joule/degC) }
PARAMETER { shift = 5 (mV) }
ASSIGNED { v (mV) celsius (degC) ki (mM) ko (mM) ek (mV) }
INITIAL { ek = (1000) * R * (celsius + 273.15) / FARADAY * log(ko / ki) + shift + 0.01 * v }
BREAKPOINT { ek = (1000) * R * (celsius + 273.15) / FARADAY * log(ko / ki) + shift + 0.01 * v }
