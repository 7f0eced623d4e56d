//! Mechanisms over membrane.

use super::expr::*;
use bouton_model::builtin::Function;
use bouton_model::curve::Axis;
use bouton_model::ir::{CurrentKind, MechanismKind, Method, Table};

fn density(name: &str) -> Specimen {
    Specimen::new(name, MechanismKind::Density)
}

/// A passive leak.
pub fn leak() -> Specimen {
    let mut s = density("leak");
    let (g, e) = (s.param("g", 0.0003), s.param("e", -65.0));
    s.current("i", CurrentKind::Nonspecific, g * (V - e));
    s
}

/// x / (exp(x / y) - 1), and its limit where x is near 0.
fn vtrap(x: E, y: f64) -> E {
    let ratio = x.clone() / y;
    let near = y * (1.0 - ratio.clone() / 2.0);
    choose(less(call(Function::Abs, ratio.clone()), 1e-6), near, x / (exp(ratio) - 1.0))
}

/// Hodgkin and Huxley's channels as NEURON has them, with its table from -100 to 100 mV or exact.
pub fn hh(table: bool) -> Specimen {
    let mut s = density("hh");
    let (gna, gk) = (s.param("gnabar", 0.12), s.param("gkbar", 0.036));
    let (gl, el) = (s.param("gl", 0.0003), s.param("el", -54.3));
    let (ena, ek) = (s.reversal("na", 50.0), s.reversal("k", -77.0));
    let q10 = s.define("q10", power(3.0, (CELSIUS - 279.45) / 10.0));
    let mut gate = |name: &str, alpha: E, beta: E, typical: f64| {
        let alpha = s.define(&format!("{name}_alpha"), alpha);
        let sum = s.define(&format!("{name}_sum"), alpha + beta);
        let tau = s.define(&format!("{name}_tau"), 1.0 / (q10 * sum));
        let inf = s.define(&format!("{name}_inf"), alpha / sum);
        let x = s.state(name, inf, typical);
        s.equation(x, (inf - x) / tau);
        x
    };
    let m = gate("m", 0.1 * vtrap(-(V + 40.0), 10.0), 4.0 * exp(-(V + 65.0) / 18.0), 0.05);
    let h = gate("h", 0.07 * exp(-(V + 65.0) / 20.0), 1.0 / (exp(-(V + 35.0) / 10.0) + 1.0), 0.6);
    let n = gate("n", 0.01 * vtrap(-(V + 55.0), 10.0), 0.125 * exp(-(V + 65.0) / 80.0), 0.3);
    s.current("ina", CurrentKind::Ion("na".into()), gna * m * m * m * h * (V - ena));
    s.current("ik", CurrentKind::Ion("k".into()), gk * n * n * n * n * (V - ek));
    s.current("il", CurrentKind::Nonspecific, gl * (V - el));
    s.mechanism.table = table.then_some(Table { lo: -100.0, hi: 100.0, intervals: 200 });
    s
}

/// A current that is not affine in v: NEURON's secant is its slope.
pub fn rectifier() -> Specimen {
    let mut s = density("rectifier");
    let (g, e, half) = (s.param("g", 0.0005), s.param("e", -90.0), s.param("half", -75.0));
    let open = call(Function::Sigmoid, (half - V) / 8.0);
    s.current("i", CurrentKind::Ion("k".into()), g * open * (V - e));
    s
}

/// A gate whose end and time constant are tables that were given, one of them of two arguments.
pub fn given() -> Specimen {
    let mut s = density("given");
    let g = s.param("g", 0.0004);
    let at = Axis::At(vec![-90.0, -66.0, -61.0, -40.0, 10.0]);
    let tau = s.given("tau", vec![at], vec![4.0, 9.0, 7.0, 2.0, 1.0]);
    let axes = vec![Axis::Even(3, -80.0, -50.0), Axis::At(vec![0.1, 0.4, 0.9])];
    let end = s.given("end", axes, vec![0.1, 0.2, 0.15, 0.4, 0.6, 0.3, 0.9, 0.7, 1.0]);
    let n = s.state("n", 0.2, 0.3);
    let target = call_of(Function::Table, [end.into(), V.into(), n.into()]);
    s.equation(n, (target - n) / call_of(Function::Table, [tau.into(), V.into()]));
    s.current("i", CurrentKind::Nonspecific, g * n * (V + 77.0));
    s
}

/// Goldman, Hodgkin and Katz's current through a gate: not affine either, and a function that is long.
pub fn calcium() -> Specimen {
    let mut s = density("calcium");
    let permeability = s.param("p", 2e-6);
    let inf = s.define("inf", call(Function::Tanh, (V + 20.0) / 30.0) * 0.5 + 0.5);
    let m = s.state("m", inf, 0.1);
    s.equation(m, (inf - m) / (1.0 + 4.0 * call(Function::Sigmoid, V / 10.0)));
    let flux = call_of(Function::Ghk, [V.into(), E::from(5e-5), E::from(2.0), E::from(2.0)]);
    s.current("ica", CurrentKind::Ion("ca".into()), permeability * m * m * flux);
    s
}

/// Three coupled nonlinear equations, by Newton's iteration: a pump that saturates, a buffer, and what follows them.
pub fn pump() -> Specimen {
    let mut s = density("pump");
    let (rate, half) = (s.param("rate", 0.8), s.param("half", 0.5));
    let x = s.state("x", 0.2, 0.3);
    let y = s.state("y", x * 0.5, 0.1);
    let z = s.state("z", 1.0, 0.9);
    let inflow = s.define("inflow", call(Function::Sigmoid, (V + 50.0) / 5.0));
    s.equation(x, inflow - rate * x / (x + half) - x * z + 0.3 * y);
    s.equation(y, x * z - 0.3 * y);
    s.equation(z, 0.05 * (1.0 - z * z) - x * z + 0.3 * y);
    s.current("i", CurrentKind::Nonspecific, 2e-4 * x * (V + 80.0));
    s.mechanism.method = Some(Method::Derivimplicit);
    s
}

/// A channel of four states whose rates follow the potential: linear, and with a sum that stays 1.
pub fn markov() -> Specimen {
    let mut s = density("markov");
    let (fast, slow) = (s.param("fast", 1.5), s.param("slow", 0.05));
    let opening = s.define("opening", fast * call(Function::Sigmoid, (V + 40.0) / 7.0));
    let closed = s.state("closed", 1.0, 0.7);
    let open = s.state("open", 0.0, 0.2);
    let inactive = s.state("inactive", 0.0, 0.1);
    let deep = s.state("deep", 0.0, 0.05);
    s.reaction(&[(closed, 1)], &[(open, 1)], opening.into(), Some(E::from(0.4)));
    s.reaction(&[(open, 1)], &[(inactive, 1)], slow.into(), Some(0.02 * exp(-(V + 65.0) / 40.0)));
    s.reaction(&[(inactive, 1)], &[(deep, 1)], E::from(0.01), Some(slow * 0.5));
    s.conserve(&[closed, open, inactive, deep], 1.0);
    s.current("i", CurrentKind::Nonspecific, 4e-4 * open * (V - 20.0));
    s.scheme();
    s
}

/// A buffer that binds two at once, with a source and a loss, in a volume; what is bound is followed by a state beside the scheme, and what is free diffuses,
/// where there is a potential the faster.
pub fn buffer() -> Specimen {
    let mut s = density("buffer");
    let bind = s.param("bind", 3.0);
    let free = s.state("free", 0.1, 0.2);
    let empty = s.state("empty", 1.0, 0.8);
    let bound = s.state("bound", 0.0, 0.1);
    let mean = s.state("mean", 0.0, 0.1);
    s.reaction(&[(free, 2), (empty, 1)], &[(bound, 1)], bind.into(), Some(E::from(0.2)));
    s.reaction(&[], &[(free, 1)], 0.3 * call(Function::Sigmoid, (V + 50.0) / 5.0), None);
    s.reaction(&[(free, 1)], &[], E::from(0.5), None);
    s.equation(mean, (bound - mean) / 5.0);
    s.diffusion(free, 2.0, 1e-6 * (2.0 + call(Function::Sigmoid, (V + 50.0) / 5.0)));
    s.diffusion(empty, 1.0, E::from(1e-7));
    s.current("i", CurrentKind::Nonspecific, 2e-4 * mean * (V + 90.0));
    s.scheme();
    s
}

/// Two coupled equations by Runge and Kutta's method, with the time in one of them.
pub fn oscillator() -> Specimen {
    let mut s = density("oscillator");
    let x = s.state("x", 0.5, 0.3);
    let y = s.state("y", -0.5, 0.2);
    s.equation(x, 0.3 * y + 0.01 * call(Function::Sin, T));
    s.equation(y, 0.2 * (1.0 - x * x) * y - 0.3 * x + 0.001 * (V + 65.0));
    s.current("i", CurrentKind::Nonspecific, 1e-4 * x);
    s.mechanism.method = Some(Method::RungeKutta);
    s
}

/// A slow variable by Euler's method that knows its area; nothing carries a current.
pub fn meter() -> Specimen {
    let mut s = density("meter");
    let tau = s.param("tau", 30.0);
    let x = s.state("x", V, -60.0);
    s.equation(x, (V - x) / tau + call(Function::Sin, T) * AREA);
    s.mechanism.method = Some(Method::Euler);
    s
}
