: a membrane current that is reset when the potential passes a threshold
NEURON { POINT_PROCESS Fires RANGE gl, el, vth, vr ELECTRODE_CURRENT i }
PARAMETER { gl = 0.002 (umho) el = -66 (mV) vth = -50 (mV) vr = -63 (mV) hold = 2 (ms) }
ASSIGNED { v (mV) i (nA) held }
STATE { w (nA) }
INITIAL { net_send(0, 1)  w = 0  held = 0 }
BREAKPOINT { SOLVE slow METHOD derivimplicit  i = -gl*(v - el) - w - held*(v - vr) }
DERIVATIVE slow { w' = (0.0005*(v - el) - w)/40 }
NET_RECEIVE (weight) {
    if (flag == 1) { WATCH (v > vth) 2 }
    else if (flag == 2) { net_event(t)  v = vr  w = w + 0.004  held = 0.05  net_send(hold, 3) }
    else if (flag == 3) { held = 0 }
    else { w = w - weight }
}
