: Izhikevich's neuron of 2007 on a section that has its capacitance; all types by parameters, the recovery after the potential by forward Euler.
NEURON {
    POINT_PROCESS Izhi2007
    RANGE k, vr, vt, vpeak, a, b, c, d, Iin, vb, babove, cubic, vcubic, peakslope, resetslope, umax, u, i
    NONSPECIFIC_CURRENT i
}

UNITS { (nA) = (nanoamp) (mV) = (millivolt) }

PARAMETER {
    k = 0.7 vr = -60 (mV) vt = -40 (mV) vpeak = 35 (mV) a = 0.03 b = -2 c = -50 (mV) d = 100 Iin = 0
    vb = 0 (mV) babove = -2 cubic = 0 vcubic = 0 (mV) peakslope = 0 resetslope = 0 umax = 1e6
}

ASSIGNED { v (mV) i (nA) slope }

STATE { u }

INITIAL {
    u = 0
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE recovery METHOD euler
    i = (u - k * (v - vr) * (v - vt) - Iin) * 0.001
}

DERIVATIVE recovery { u' = a * (target(v) - u) }

FUNCTION target(v) {
    if (v > vb) { slope = babove } else { slope = b }
    target = slope * (v - vr)
    if (v > vcubic) { target = target + cubic * (v - vcubic) * (v - vcubic) * (v - vcubic) }
}

NET_RECEIVE(w) {
    if (flag == 1) {
        WATCH (v > vpeak + peakslope * u) 2
        v = vr
    } else if (flag == 2) {
        net_event(t)
        v = c + resetslope * u
        u = u + d
        if (u > umax) { u = umax }
    }
}
