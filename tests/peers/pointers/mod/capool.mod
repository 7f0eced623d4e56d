NEURON {
    SUFFIX capool
    USEION ca READ ica WRITE cai
    RANGE tau
}
UNITS { (mM) = (milli/liter) (mA) = (milliamp) }
PARAMETER { tau = 20 (ms) }
ASSIGNED { ica (mA/cm2) }
STATE { cai (mM) }
INITIAL { cai = 1e-4 }
BREAKPOINT { SOLVE states METHOD cnexp }
DERIVATIVE states { cai' = -0.05 * ica - (cai - 1e-4) / tau }
