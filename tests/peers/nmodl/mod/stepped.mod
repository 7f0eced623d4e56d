TITLE What is done before and after the parts of a step
: own file
NEURON {
    SUFFIX stepped
    NONSPECIFIC_CURRENT i
    RANGE drive, count, peak, last
}
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { g = 0.0005 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) drive count peak (mV) last (mV) }
STATE { m }
BEFORE INITIAL { count = 0 }
INITIAL { m = 0.1 drive = 0 }
AFTER INITIAL { peak = v last = v }
BEFORE BREAKPOINT { drive = 0.1 * m + 0.001 * count }
BREAKPOINT {
    SOLVE states METHOD cnexp
    i = g * m * (v - last) + 1e-4 * (peak - v) * drive
}
DERIVATIVE states { m' = (1 / (1 + exp(-(v + 50) / 8)) - m) / 3 }
AFTER SOLVE {
    if (v > peak) { peak = v }
    count = count + 0.1
}
BEFORE STEP { last = v - 0.01 * t }
