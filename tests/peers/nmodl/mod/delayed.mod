TITLE a potassium channel with a table whose limits are parameters
NEURON {
    SUFFIX delayed
    USEION k READ ek WRITE ik
    RANGE gmax, g, inf
    GLOBAL lo, hi, half
}
UNITS {
    (mA) = (milliamp) (mV) = (millivolt)
    (pS) = (picosiemens) (um) = (micron)
}
PARAMETER {
    gmax = 20 (pS/um2)
    half = -25.123456789 (mV)
    lo = -120 (mV)  hi = 80 (mV)
    v (mV)
}
ASSIGNED { ik (mA/cm2) ek (mV) celsius (degC) g (pS/um2) inf tau (ms) speed }
STATE { n }
INITIAL { rates(v) n = inf }
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = speed*gmax*n^4
    ik = (1e-4)*g*(v - ek)
}
DERIVATIVE states { rates(v) n' = (inf - n)/tau }
PROCEDURE rates(u (mV)) { LOCAL a, b
    TABLE inf, tau DEPEND celsius, half FROM lo TO hi WITH 150
    speed = 2.3^((celsius - 23)/10)
    a = 0.02*linoid(u - half, 9)
    b = 0.002*linoid(half - u, 9)
    tau = 1/speed/(a + b)
    inf = a/(a + b)
}
FUNCTION linoid(x, y) {
    IF (fabs(x/y) < 1e-4) { linoid = y*(1 + x/y/2) } ELSE { linoid = x/(1 - exp(-x/y)) }
}
