TITLE Calcium and a buffer that diffuse along a tree

NEURON {
    SUFFIX spreads
    USEION ca READ cai WRITE cai
    RANGE extra
}
UNITS {
    (um) = (micron)
    (mM) = (milli/liter)
    PI = (pi) (1)
}
PARAMETER {
    D = 0.6 (um2/ms)
    slow = 0.05 (um2/ms)
    extra = 0 (mM)
}
ASSIGNED { diam (um) }
STATE {
    cai (mM)
    buffer (mM)
    bound (mM)
}
INITIAL {
    cai = 1e-4 + extra
    buffer = 0.05
    bound = 0
}
BREAKPOINT { SOLVE scheme METHOD sparse }
KINETIC scheme {
    COMPARTMENT PI * diam * diam / 4 { cai buffer bound }
    LONGITUDINAL_DIFFUSION D * PI * diam * diam / 4 { cai }
    LONGITUDINAL_DIFFUSION slow * PI * diam * diam / 4 { buffer bound }
    ~ cai + buffer <-> bound (20 * PI * diam * diam / 4, 0.1 * PI * diam * diam / 4)
}
