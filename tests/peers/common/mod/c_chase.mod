: An equation that is not linear, by Newton's iteration; its rate has a variable that the segment before has left. There is no current, so BREAKPOINT follows SOLVE.
NEURON {
    SUFFIX c_chase
    GLOBAL level
}
ASSIGNED {
    v (mV)
    level
}
STATE { x }
INITIAL {
    x = 0.3
    level = level + 0.1
}
BREAKPOINT {
    SOLVE states METHOD derivimplicit
    level = 0.3 * level + 0.5 / (1 + exp(-(v + 60) / 9)) + 0.2
}
DERIVATIVE states {
    x' = level - x * x
}
