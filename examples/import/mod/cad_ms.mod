TITLE Calcium in a shell of 0.1 um (Mainen & Sejnowski 1996, Nature 382:363)

NEURON {
    SUFFIX cad_ms
    USEION ca READ ica, cai WRITE cai
    RANGE depth, tau, rest
}

UNITS {
    (mM) = (milli/liter)
    (um) = (micron)
    (mA) = (milliamp)
    FARADAY = (faraday) (coulomb)
}

PARAMETER {
    depth = 0.1 (um)
    tau = 200 (ms)
    rest = 1e-4 (mM)
}

ASSIGNED {
    ica (mA/cm2)
}

STATE { cai (mM) }

INITIAL {
    cai = rest
}

BREAKPOINT {
    SOLVE states METHOD derivimplicit
}

DERIVATIVE states { LOCAL in
    in = -(10000) * ica / (2 * FARADAY * depth)
    if (in < 0) { in = 0 }
    cai' = in + (rest - cai) / tau
}
