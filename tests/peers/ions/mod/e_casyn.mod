: A synapse whose current calcium carries in part.
NEURON { POINT_PROCESS e_casyn USEION ca READ eca WRITE ica NONSPECIFIC_CURRENT i RANGE tau, share, i, ica }
UNITS { (mV) = (millivolt) (nA) = (nanoamp) (uS) = (microsiemens) }
PARAMETER { tau = 4 (ms) share = 0.1 }
ASSIGNED { v (mV) eca (mV) ica (nA) i (nA) }
STATE { g (uS) }
INITIAL { g = 0 }
BREAKPOINT { SOLVE s METHOD cnexp  ica = share * g * (v - eca) / (1 + 0.3 * exp(-0.06 * v))  i = (1 - share) * g * v }
DERIVATIVE s { g' = -g / tau }
NET_RECEIVE(w (uS)) { g = g + w }
