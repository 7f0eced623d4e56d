TITLE Calcium under the membrane, in arbitrary units (Traub et al. 2003, J Neurophysiol 89:909)

NEURON {
    SUFFIX cad
    USEION ca READ ica WRITE cai
    RANGE phi, beta
}

UNITS {
    (mA) = (milliamp)
    (mM) = (milli/liter)
}

PARAMETER {
    phi = 52000 (mM cm2/ms/mA)
    beta = 0.05 (/ms)
}

ASSIGNED {
    ica (mA/cm2)
}

STATE { cai (mM) }

INITIAL {
    cai = 0
}

BREAKPOINT {
    SOLVE states METHOD cnexp
}

DERIVATIVE states {
    cai' = -phi * ica - beta * cai
}
