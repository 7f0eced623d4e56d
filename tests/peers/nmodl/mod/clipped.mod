TITLE A concentration that is kept above a limit where the currents are computed

NEURON {
    SUFFIX clipped
    USEION ca READ ica, cai WRITE cai
    NONSPECIFIC_CURRENT i
    RANGE tau, low
}
PARAMETER {
    tau = 4 (ms)
    low = 3e-5 (mM)
}
ASSIGNED {
    v (mV)
    i (mA/cm2)
    ica (mA/cm2)
}
STATE { cai (mM) seen }
INITIAL { cai = 1e-4 }
BREAKPOINT {
    SOLVE decay METHOD derivimplicit
    if (cai < low) { cai = low }
    i = 0.1 * cai * (v - 10)
}
DERIVATIVE decay {
    cai' = (1e-5 - cai) / tau - ica
    seen' = (1e4 * cai - seen) / tau
}
