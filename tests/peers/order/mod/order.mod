: Keeps which events came, in their order.
NEURON {
    ARTIFICIAL_CELL ORDER
    RANGE n, who, when
}

ASSIGNED {
    n
    who[500]
    when[500]
}

INITIAL { n = 0 }

NET_RECEIVE(w) {
    who[n] = w
    when[n] = t
    n = n + 1
}
