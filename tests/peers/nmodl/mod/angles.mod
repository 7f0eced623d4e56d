TITLE Angles, and NEURON's own function for the flux of an ion
: own file
NEURON {
    SUFFIX angles
    NONSPECIFIC_CURRENT i
    RANGE plain, half, rest, turn, flux
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
ASSIGNED { v (mV) i (mA/cm2) plain half rest turn flux }
BREAKPOINT {
    plain = atan((v + 65) / 3)
    half = asin((v + 60) / 200)
    rest = acos((v + 60) / 200)
    turn = atan2(v + 64, v + 66) + atan2(v + 67, 1) + atan2(-v - 67, 2) + atan2(v + 64.5, -1)
    flux = nrn_ghk(v, 1e-4, 2, 2)
    i = 1e-3 * plain + 1e-4 * half + 1e-4 * (rest - 1) + 1e-6 * flux
}
