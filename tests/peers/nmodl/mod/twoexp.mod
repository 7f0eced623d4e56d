NEURON { POINT_PROCESS TwoExp RANGE tau1, tau2, e, i NONSPECIFIC_CURRENT i }
UNITS { (nA) = (nanoamp) (mV) = (millivolt) (uS) = (microsiemens) }
PARAMETER { tau1 = 9 (ms) tau2 = 4 (ms) e = 0 (mV) rec = 30 (ms) }
ASSIGNED { v (mV) i (nA) g (uS) factor }
STATE { A (uS) B (uS) }
INITIAL { LOCAL tp
    if (tau1/tau2 > 0.95) { tau1 = 0.95*tau2 }
    A = 0  B = 0
    tp = tau1*tau2/(tau2 - tau1)*log(tau2/tau1)
    factor = 1/(exp(-tp/tau2) - exp(-tp/tau1))
}
BREAKPOINT { SOLVE fall METHOD cnexp  g = B - A  i = g*(v - e)/(1 + 0.3*exp(-0.06*v)) }
DERIVATIVE fall { A' = -A/tau1  B' = -B/tau2 }
NET_RECEIVE (w (uS), left, last (ms)) {
    INITIAL { left = 1  last = t }
    left = 1 - (1 - left)*exp(-(t - last)/rec)
    state_discontinuity(A, A + w*left*factor)
    B = B + w*left*factor
    left = 0.6*left
    last = t
}
