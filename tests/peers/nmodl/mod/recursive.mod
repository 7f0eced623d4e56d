TITLE A function that calls itself
: own file
NEURON {
    SUFFIX recursive
    NONSPECIFIC_CURRENT i
    RANGE octaves
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) }
ASSIGNED { v (mV) i (mA/cm2) octaves }
BREAKPOINT {
    octaves = height((v + 100) / 10)
    i = 1e-3 * octaves
}
FUNCTION height(x) {
    if (x > 1) {
        height = 1 + height(x / 2)
    } else {
        height = x
    }
}
