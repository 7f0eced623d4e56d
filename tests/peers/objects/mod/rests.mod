: A scheme that begins at rest.
NEURON {
    SUFFIX rests
    NONSPECIFIC_CURRENT i
    RANGE gbar, i
}
PARAMETER { gbar = 0.001 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) celsius (degC) }
STATE { c1 c2 o s }
INITIAL {
    s = 0.3
    SOLVE scheme STEADYSTATE sparse
}
BREAKPOINT {
    SOLVE scheme METHOD sparse
    i = gbar * (o + s) * (v - 20)
}
KINETIC scheme {
    LOCAL k
    k = exp((v + 50) / 15) * 3^((celsius - 22) / 10)
    ~ c1 <-> c2 (0.8 * k, 0.5)
    ~ c2 <-> o (0.6 * k, 2)
    ~ s <-> c1 (0.02, 0.01)
    ~ s <-> o (0.1, 0.01 * k)
    CONSERVE c1 + c2 + o + s = 1
}
