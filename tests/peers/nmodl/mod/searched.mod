: A number that INITIAL looks for by halving: the loop goes on for more than 20 rounds.
NEURON {
    SUFFIX searched
    RANGE gbar, wanted
    NONSPECIFIC_CURRENT i
}
UNITS { (mA) = (milliamp) (mV) = (millivolt) (S) = (siemens) }
PARAMETER { gbar = 0.0005 (S/cm2)  wanted = 3 }
ASSIGNED { v (mV) i (mA/cm2) }
STATE { m }
INITIAL { m = root(wanted - v/100) }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = gbar*m*(v + 80)
}
DERIVATIVE states { m' = (0.3 - m)/20 }
FUNCTION root(y) {
    LOCAL low, high
    low = 0
    high = 8
    while (high - low > 1e-8) {
        root = (low + high)/2
        if (root*exp(root) > y) {
            high = root
        } else {
            low = root
        }
    }
}
