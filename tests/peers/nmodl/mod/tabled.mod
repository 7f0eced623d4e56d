TITLE Tables of arrays, and a block that is solved under a condition

NEURON {
    SUFFIX tabled
    USEION k READ ek WRITE ik
    RANGE gbar
}
PARAMETER { gbar = 0.002 (S/cm2) }
ASSIGNED {
    v (mV)
    ek (mV)
    ik (mA/cm2)
    goal[2]
    tau[2] (ms)
}
STATE { m h }
INITIAL {
    rates(v)
    m = goal[0]
    h = goal[1]
}
BREAKPOINT {
    if (m < 2) {
        SOLVE gates METHOD cnexp
    }
    ik = gbar * m * h * (v - ek)
}
DERIVATIVE gates {
    rates(v)
    m' = (goal[0] - m) / tau[0]
    h' = (goal[1] - h) / tau[1]
}
PROCEDURE rates(u (mV)) {
    TABLE goal, tau FROM -120 TO 60 WITH 90
    FROM j = 0 TO 1 {
        goal[j] = 1 / (1 + exp((2 * j - 1) * (u + 50 + 10 * j) / 8))
        tau[j] = 2 + 10 * j + exp(-u / 60)
    }
}
