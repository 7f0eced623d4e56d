TITLE A synapse whose pulse ends with the last spike: each event brings its own number as flag

NEURON {
    POINT_PROCESS Counted
    RANGE hold, rate
    NONSPECIFIC_CURRENT i
}
PARAMETER {
    hold = 9.3 (ms)
    rate = 0.2 (/ms)
}
ASSIGNED {
    v (mV)
    i (nA)
    open (umho)
}
STATE { on off }
INITIAL { on = 0 off = 0 open = 0 }
BREAKPOINT {
    SOLVE release METHOD cnexp
    i = (on + off) * v
}
DERIVATIVE release {
    on' = (open * 0.8 - on) * rate
    off' = -rate * off / 2
}
NET_RECEIVE(weight (umho), active, number, r, last (ms)) {
    if (flag == 0) {
        number = number + 1
        if (!active) {
            r = r * exp(-rate * (t - last))
            last = t
            active = 1
            open = open + weight
            state_discontinuity(on, on + r)
            state_discontinuity(off, off - r)
        }
        net_send(hold, number)
    }
    if (flag == number) {
        r = weight * 0.8 + (r - weight * 0.8) * exp(-(t - last) * rate)
        last = t
        open = open - weight
        state_discontinuity(on, on - r)
        state_discontinuity(off, off + r)
        active = 0
    }
}
