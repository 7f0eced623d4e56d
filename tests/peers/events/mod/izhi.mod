: Izhikevich (2007) on a section: fires by net_event, resets the potential of its node.
NEURON {
    POINT_PROCESS IZHI
    RANGE C, k, vr, vt, vpeak, a, b, c, d, Iin, u, i
    NONSPECIFIC_CURRENT i
}
UNITS { (nA) = (nanoamp) (mV) = (millivolt) }
PARAMETER { k = 0.7 vr = -60 (mV) vt = -40 (mV) vpeak = 35 (mV) a = 0.03 b = -2 c = -50 (mV) d = 100 Iin = 100 }
ASSIGNED { v (mV) i (nA) }
STATE { u }
INITIAL { u = 0  net_send(0, 1) }
BREAKPOINT { SOLVE state METHOD cnexp  i = -(k*(v - vr)*(v - vt) - u + Iin)*0.001 }
DERIVATIVE state { u' = a*(b*(v - vr) - u) }
NET_RECEIVE(weight) {
    if (flag == 1) {
        WATCH (v > vpeak) 2
    } else if (flag == 2) {
        net_event(t)
        v = c
        u = u + d
    }
}
