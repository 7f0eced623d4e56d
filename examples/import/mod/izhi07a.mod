TITLE Simple model of cortical neurons with a potential and receptors of its own (Izhikevich 2007, Dynamical Systems in Neuroscience, MIT Press)

NEURON {
    POINT_PROCESS Izhi07a
    RANGE C, k, vr, vt, peak, a, b, c, d, Iin, tauAMPA, tauGABA
}

PARAMETER {
    C = 100
    k = 0.7
    vr = -60
    vt = -40
    peak = 35
    a = 0.03
    b = -2
    c = -50
    d = 100
    Iin = 0
    tauAMPA = 5
    tauGABA = 6
}

STATE { V u gAMPA gGABA }

INITIAL {
    V = vr
    u = 0
    gAMPA = 0
    gGABA = 0
    net_send(0, 1)
}

BREAKPOINT {
    SOLVE states METHOD derivimplicit
}

DERIVATIVE states {
    V' = (k * (V - vr) * (V - vt) - u + Iin - gAMPA * V - gGABA * (V + 70)) / C
    u' = a * (b * (V - vr) - u)
    gAMPA' = -gAMPA / tauAMPA
    gGABA' = -gGABA / tauGABA
}

NET_RECEIVE (wAMPA, wGABA) {
    INITIAL { wAMPA = wAMPA  wGABA = wGABA }
    if (flag == 1) {
        WATCH (V > peak) 2
    } else if (flag == 2) {
        net_event(t)
        V = c
        u = u + d
    } else {
        gAMPA = gAMPA + wAMPA
        gGABA = gGABA + wGABA
    }
}
