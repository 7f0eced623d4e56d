TITLE C code that says what NMODL could say
: own file
NEURON {
    SUFFIX ccode
    NONSPECIFIC_CURRENT i
    RANGE g, gbar, seen
}
VERBATIM
#include <stdlib.h>
extern double never_called(double);
ENDVERBATIM
PARAMETER { gbar = 0.001  e = -70  slow = 1 }
ASSIGNED { v i g minf mtau seen w[4] }
STATE { m n }
INITIAL {
    rates(v)
    m = minf
    n = steep(v)
VERBATIM
    { int k; for (k = 0; k < 4; k++) { w[k] = 0.1; } w[2] += 0.05; }
    printf("%s", "");
ENDVERBATIM
}
BREAKPOINT {
    SOLVE states METHOD cnexp
    g = gbar * m * n * (w[0] + w[1] + w[2] + w[3])
    i = g * (v - e)
VERBATIM
    { seen = 3.0 > 2.0 ? 1.0 : 0.0; }
ENDVERBATIM
}
DERIVATIVE states {
    rates(v)
    m' = (minf - m) / mtau
    n' = (steep(v) - n) / 12
}
FUNCTION steep(x) {
    LOCAL y
    if (x > -20) {
VERBATIM
        return 0.25;
ENDVERBATIM
    }
    y = clipped(x / 10)
    if (y < -4) {
        steep = 1
VERBATIM
        return _lsteep;
ENDVERBATIM
    }
    steep = 1 / (1 + exp(y + 4))
}
FUNCTION clipped(x) {
VERBATIM
    /* what is too small is cut */
    double y = _lx;   // a copy
    if (y < -6. && slow) y = -6.; else { y *= 1; }
    return (double)y;
ENDVERBATIM
}
PROCEDURE rates(v) {
    minf = 1 / (1 + exp(-(v + 50) / 8))
VERBATIM
    mtau = 2. + 3.*exp(-(_lv + 50.)*(_lv + 50.)/900.);
    if (slow != 0) { mtau *= 1.5;  }
ENDVERBATIM
VERBATIM
    return 0;
ENDVERBATIM
}
