: a cell by itself that knows when it will fire, unless an event comes before
NEURON { ARTIFICIAL_CELL Integrates RANGE tau, drive, m }
PARAMETER { tau = 8 (ms) drive = 1.3 }
ASSIGNED { m t0 (ms) }
FUNCTION when(x) { when = tau*log((drive - x)/(drive - 1)) }
INITIAL { m = 0  t0 = t  net_send(when(0), 1) }
NET_RECEIVE (w) {
    m = drive + (m - drive)*exp(-(t - t0)/tau)
    t0 = t
    if (flag == 1) { net_event(t)  m = 0  net_send(when(m), 1) }
    else {
        m = m + 20*w
        if (m >= 1) { net_move(t) } else { net_move(t + when(m)) }
    }
}
