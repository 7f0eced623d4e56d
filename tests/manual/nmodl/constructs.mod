: == `SUFFIX`, `NONSPECIFIC_CURRENT`, `RANGE`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE g }
PARAMETER { g = 1 (S/cm2) }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g * (v + 65) }
: == `POINT_PROCESS`, `ELECTRODE_CURRENT`
NEURON { POINT_PROCESS a ELECTRODE_CURRENT i RANGE amp }
PARAMETER { amp = 1 (nA) }
ASSIGNED { i (nA) }
BREAKPOINT { i = amp }
: == `ARTIFICIAL_CELL`
NEURON { ARTIFICIAL_CELL a }
ASSIGNED { m }
NET_RECEIVE(w) { m = m + w if (m > 1) { net_event(t) m = 0 } }
: == `USEION` with `READ`, `WRITE`, `VALENCE`, `CHARGE`, `REPRESENTS`
NEURON { SUFFIX a USEION k READ ek, ki WRITE ik REPRESENTS CHEBI USEION x READ xi WRITE ix VALENCE 2 }
ASSIGNED { v ek ki ik xi ix }
BREAKPOINT { ik = 0.001 * (v - ek) ix = xi }
: == concentrations that are states, and reversal potentials that are written
NEURON { SUFFIX a USEION ca READ ica, cai WRITE cai USEION k WRITE ek }
ASSIGNED { ica ek }
STATE { cai }
INITIAL { cai = 1e-4 ek = -80 }
BREAKPOINT { SOLVE s METHOD cnexp }
DERIVATIVE s { cai' = -ica - cai / 20 }
: == `GLOBAL` variables that the file sets
NEURON { SUFFIX a NONSPECIFIC_CURRENT i GLOBAL minf }
ASSIGNED { v i minf }
STATE { m }
INITIAL { rates() m = minf }
BREAKPOINT { SOLVE s METHOD cnexp i = m * v }
DERIVATIVE s { rates() m' = minf - m }
PROCEDURE rates() { minf = 1 / (1 + exp(-v)) }
: == `POINTER` that is read
NEURON { SUFFIX a NONSPECIFIC_CURRENT i POINTER p }
ASSIGNED { v i p }
BREAKPOINT { i = p }
: == `POINTER` that is set
NEURON { SUFFIX a NONSPECIFIC_CURRENT i POINTER p }
ASSIGNED { v i p }
BREAKPOINT { i = 0 p = v }
: == `RANDOM`, and random draws (`scop_random`, `exprand`, `normrand`, `poisrand`, `random_negexp`, ...) | from a stream of each instance: at each event in `NET_RECEIVE`, at the start in `INITIAL`, once a step elsewhere
NEURON { POINT_PROCESS a RANGE x RANDOM r }
ASSIGNED { x }
INITIAL { x = scop_random() }
NET_RECEIVE(w) { x = random_negexp(r, 2) + normrand(0, 1) }
: == `EXTERNAL` of a variable of another mechanism
NEURON { SUFFIX a NONSPECIFIC_CURRENT i EXTERNAL g2_b }
ASSIGNED { v i }
BREAKPOINT { i = g2_b * v }
: == `EXTERNAL` that the file declares, too
NEURON { SUFFIX a NONSPECIFIC_CURRENT i EXTERNAL other }
ASSIGNED { v i other }
BREAKPOINT { i = other }
: == `BBCOREPOINTER`, `THREADSAFE`, `SECTION`
NEURON { THREADSAFE SUFFIX a NONSPECIFIC_CURRENT i BBCOREPOINTER p SECTION len }
PARAMETER { len = 1 }
ASSIGNED { v i p }
BREAKPOINT { i = len * v }
: == `UNITS`, `PARAMETER` with units and limits, `CONSTANT`, `DEFINE`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE g }
DEFINE N 3
UNITS { (mV) = (millivolt) F = (faraday) (coulomb) }
PARAMETER { g = 1 (S/cm2) <0, 1e9> }
CONSTANT { two = 2 }
ASSIGNED { v (mV) i (mA/cm2) }
BREAKPOINT { i = g * v * two * N / F }
: == `STATE` with `START`, `FROM ... TO`, arrays
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m FROM 0 TO 1 START 0.5 n[3] }
INITIAL { FROM k = 0 TO 2 { n[k] = k } }
BREAKPOINT { SOLVE s METHOD cnexp i = m * n[1] * v }
DERIVATIVE s { m' = -m FROM k = 0 TO 2 { n[k]' = -n[k] } }
: == an element whose number is computed
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i x[5] }
INITIAL { FROM k = 0 TO 4 { x[k] = k } }
BREAKPOINT { i = x[fabs(v) / 100] }
: == `INCLUDE`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i minf }
INCLUDE "rates.inc"
BREAKPOINT { rates() i = minf * v }
: == `LOCAL`, also outside of blocks
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
LOCAL last
BREAKPOINT { LOCAL x x = v - last last = v i = x }
: == `INITIAL`, `BREAKPOINT`, `FUNCTION`, `PROCEDURE`, `if`, `else if`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i x }
INITIAL { x = f(1) }
BREAKPOINT { p(v) i = x }
FUNCTION f(y) { f = exp(-y) }
PROCEDURE p(y) { if (y > 0) { x = f(y) } else if (y < -90) { x = 0 } else { x = 1 } }
: == a function that calls itself, under a condition
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
BREAKPOINT { i = f(v) }
FUNCTION f(y) { if (y > 1) { f = f(y - 1) } else { f = y } }
: == `FROM` | with bounds that are numbers, or parameters: then as often as their defaults say
NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE n }
PARAMETER { n = 3 }
ASSIGNED { v i }
BREAKPOINT { i = 0 FROM k = 1 TO n { i = i + k * v } }
: == `FROM` with a last number that changes
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
BREAKPOINT { i = 0 FROM k = 1 TO v { i = i + k } }
: == `while`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
BREAKPOINT { LOCAL x x = v while (x > 1) { x = x / 2 } i = x }
: == `DERIVATIVE` with `cnexp`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m }
BREAKPOINT { SOLVE s METHOD cnexp i = m * v }
DERIVATIVE s { m' = (1 - m) / 5 }
: == `DERIVATIVE` with `derivimplicit`, `sparse`, without a method
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m n }
BREAKPOINT { SOLVE s METHOD derivimplicit i = m * v }
DERIVATIVE s { m' = n - m n' = -m * n }
: == `DERIVATIVE` with `euler`, `runge`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m }
BREAKPOINT { SOLVE s METHOD runge i = m * v }
DERIVATIVE s { m' = -m * m }
: == `METHOD after_cvode`, `cvode_t`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i x }
BREAKPOINT { SOLVE p METHOD after_cvode i = x }
PROCEDURE p() { x = v }
: == equations in branches
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m }
BREAKPOINT { SOLVE s METHOD cnexp i = m * v }
DERIVATIVE s { if (v > 0) { m' = -m } else { m' = 1 - m } }
: == `m'` as a value, behind its equation
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m n }
BREAKPOINT { SOLVE s METHOD derivimplicit i = n * v }
DERIVATIVE s { m' = 1 - m n' = (m')^2 - n }
: == `SOLVE` of a procedure, and under a condition
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m }
BREAKPOINT { if (m > 0) { SOLVE s METHOD cnexp } i = m * v }
DERIVATIVE s { m' = -m }
: == `SOLVE` inside a procedure, by `cnexp`, `euler`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { m }
BREAKPOINT { SOLVE p i = m * v }
PROCEDURE p() { SOLVE s METHOD euler m = m * 2 }
DERIVATIVE s { m' = -m }
: == `KINETIC` with `sparse`, `CONSERVE`, `COMPARTMENT`, `<<`
NEURON { SUFFIX a USEION ca READ ica, cai WRITE cai }
ASSIGNED { ica }
STATE { cai b cb }
INITIAL { cai = 1e-4 b = 0.1 cb = 0 }
BREAKPOINT { SOLVE s METHOD sparse }
KINETIC s {
    COMPARTMENT 2 { cai b cb }
    ~ cai + b <-> cb (1, 0.1)
    ~ cai << (-ica)
    CONSERVE b + cb = 0.2
}
: == reactions under conditions
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { c o }
BREAKPOINT { SOLVE s METHOD sparse i = o * v }
KINETIC s { if (v > 0) { ~ c <-> o (1, 2) } else { ~ o << (0.1) } }
: == `STEADYSTATE sparse`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { c o x }
INITIAL { c = 1 x = 1 SOLVE s STEADYSTATE sparse }
BREAKPOINT { SOLVE s METHOD sparse i = o * v }
KINETIC s { ~ c + x <-> o (1, 2) CONSERVE c + o = 1 CONSERVE x + o = 1 }
: == `LONGITUDINAL_DIFFUSION`
NEURON { SUFFIX a USEION ca READ cai WRITE cai }
STATE { cai }
BREAKPOINT { SOLVE s METHOD sparse }
KINETIC s { LONGITUDINAL_DIFFUSION 1 { cai } ~ cai << (0) }
: == `LINEAR`, also under a condition
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { x y }
BREAKPOINT { SOLVE s i = x + y }
LINEAR s { ~ x + y = v ~ x - y = 1 }
: == `NONLINEAR`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { x }
BREAKPOINT { SOLVE s i = x }
NONLINEAR s { ~ x * x = v * v }
: == `DISCRETE`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { x }
BREAKPOINT { SOLVE s i = x }
DISCRETE s { x = x * 0.9 + v }
: == `PARTIAL`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { x }
BREAKPOINT { SOLVE s i = x }
PARTIAL s { ~ x = 1 }
: == `TABLE` of variables, of arrays, of a function, with `DEPEND`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i GLOBAL minf }
ASSIGNED { v i minf x[2] }
BREAKPOINT { rates(v) i = minf + f(v) + x[1] }
PROCEDURE rates(u) { TABLE minf, x DEPEND celsius FROM -100 TO 100 WITH 200 minf = 1 / (1 + exp(-u)) x[0] = u x[1] = 1 }
FUNCTION f(u) { TABLE FROM -100 TO 100 WITH 200 f = exp(u / 50) }
: == `FUNCTION_TABLE`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
BREAKPOINT { i = f(v) }
FUNCTION_TABLE f(u)
: == `NET_RECEIVE`, its arguments, its `INITIAL`
NEURON { POINT_PROCESS a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { g }
BREAKPOINT { SOLVE s METHOD cnexp i = g * v }
DERIVATIVE s { g' = -g }
NET_RECEIVE(w (uS), x, last (ms)) { INITIAL { x = 1 last = t } x = x * 0.5 g = g + w * x last = t }
: == `net_send`, `net_event`, `net_move`, `flag`
NEURON { ARTIFICIAL_CELL a }
NET_RECEIVE(w) { if (flag == 0) { net_move(t + 1) } if (flag == 1) { net_event(t) } }
INITIAL { net_send(5, 1) }
: == `net_send` with a flag that is computed
NEURON { POINT_PROCESS a RANGE x }
ASSIGNED { x }
NET_RECEIVE(w, n) { if (flag == 0) { n = n + 1 net_send(1, n) } if (flag == n) { x = 0 } }
: == `WATCH`
NEURON { POINT_PROCESS a RANGE x }
ASSIGNED { v x }
INITIAL { net_send(0, 1) }
NET_RECEIVE(w) { if (flag == 1) { WATCH (v > 0) 2 } if (flag == 2) { x = x + 1 } }
: == `state_discontinuity`, `at_time`
NEURON { POINT_PROCESS a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
STATE { g }
BREAKPOINT { at_time(5) SOLVE s METHOD cnexp i = g * v }
DERIVATIVE s { g' = -g }
NET_RECEIVE(w) { state_discontinuity(g, g + w) }
: == `FOR_NETCONS`, also under a condition | it sets what connections keep
NEURON { POINT_PROCESS a }
NET_RECEIVE(w, x) { FOR_NETCONS(w1, x1) { x1 = x1 * 0.5 } }
: == `BEFORE`, `AFTER` | with the blocks that they stand around
NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE x }
ASSIGNED { v i x }
BREAKPOINT { i = 0 }
AFTER SOLVE { x = v }
BEFORE STEP { x = x + 1 }
: == `CONSTRUCTOR`, `DESTRUCTOR`
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
BREAKPOINT { i = v }
CONSTRUCTOR { }
: == `printf` | nothing is printed
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
BREAKPOINT { i = v printf("%g\n", v) }
: == `VERBATIM`: headers, prototypes, printing, a `return` at the end
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i }
VERBATIM
#include <stdlib.h>
extern double f(double);
ENDVERBATIM
BREAKPOINT { p() i = v }
PROCEDURE p() {
VERBATIM
    printf("%g", v);
    return 0;
ENDVERBATIM
}
: == `VERBATIM`: what NMODL could say (declarations, assignments, `if`, counting `for`, `return`, calls of the file's functions)
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i x }
BREAKPOINT { i = f(v) }
FUNCTION f(u) {
VERBATIM
    double y = 0; int k;
    for (k = 0; k < 3; k++) { y += _lu; }
    if (y > 1) { return y; }
    return 2 * y;
ENDVERBATIM
}
: == `VERBATIM`: numbers from `nrn_random_pick`, `nrnran123_...`, and procedures that set such a stream up
NEURON { POINT_PROCESS a RANGE x POINTER rng }
ASSIGNED { x rng }
NET_RECEIVE(w) { x = erand() }
PROCEDURE setRandObj() {
VERBATIM
    void** pv = (void**)(&_p_rng);
    if (ifarg(1)) { *pv = nrn_random_arg(1); } else { *pv = (void*)0; }
ENDVERBATIM
}
FUNCTION erand() {
VERBATIM
    double value;
    value = nrn_random_pick(_p_rng);
    _lerand = value;
ENDVERBATIM
}
: == `VERBATIM`: a cell that spikes at the times of a vector (then `times = [...]`)
NEURON { ARTIFICIAL_CELL a RANGE index, etime POINTER space }
ASSIGNED { index etime space }
INITIAL { index = 0 element() if (index > 0) { net_send(etime - t, 1) } }
NET_RECEIVE(w) { if (flag == 1) { net_event(t) element() if (index > 0) { net_send(etime - t, 1) } } }
PROCEDURE element() {
VERBATIM
    { void* vv; int i, size; double* px;
    i = (int)index;
    if (i >= 0) {
        vv = *((void**)(&space));
        if (vv) {
            size = vector_capacity(vv);
            px = vector_vec(vv);
            if (i < size) { etime = px[i]; index += 1.; } else { index = -1.; }
        } else { index = -1.; }
    } }
ENDVERBATIM
}
: == other `VERBATIM`, under a condition of NMODL
NEURON { SUFFIX a NONSPECIFIC_CURRENT i RANGE noise }
PARAMETER { noise = 0 }
ASSIGNED { v i x }
BREAKPOINT {
x = 1
if (noise > 0) {
VERBATIM
    x = other_function(v);
ENDVERBATIM
}
i = x
}
: == other `VERBATIM` | what does not depend on it is read without it
NEURON { SUFFIX a NONSPECIFIC_CURRENT i }
ASSIGNED { v i x }
BREAKPOINT {
VERBATIM
    x = other_function(v);
ENDVERBATIM
i = x
}
