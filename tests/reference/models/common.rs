//! Mechanisms whose instances on a cell have variables in common: what one of them sets the next one finds.

use super::expr::*;
use bouton_model::builtin::Function;
use bouton_model::ir::{CurrentKind, HandlerKind, MechanismKind, Method};

/// The gate that is set where the states advance is that of the last segment when the currents are looked at.
pub fn lasting() -> Specimen {
    let mut s = Specimen::new("lasting", MechanismKind::Density);
    let g = s.param("g", 0.0004);
    let inf = s.state("inf", 0.0, 0.2);
    let open = call(Function::Sigmoid, (V + 50.0) / 8.0);
    let m = s.state("m", open.clone(), 0.2);
    s.equation(m, (open.clone() - m) / 3.0);
    s.mechanism.after.push(assign(inf, open));
    s.current("i", CurrentKind::Nonspecific, g * inf * m * (V + 80.0));
    s.common(inf);
    s
}

/// Each segment reads what the one before it has set, sets it anew under a condition, and counts looks at the currents.
pub fn handed() -> Specimen {
    let mut s = Specimen::new("handed", MechanismKind::Density);
    let share = s.param("share", 0.3);
    let trace = s.counted("trace", 0.5, |before| before * 0.5 + 0.01 * V, -50.0);
    let looks = s.counted("looks", 0.0, |before| before + 1.0, 3.0);
    let follows = s.state("follows", trace * 2.0, -60.0);
    s.equation(follows, (trace - follows) / 7.0);
    s.mechanism.after.push(assign(trace, choose(less(V, -55.0), trace, share * V + (1.0 - share) * trace)));
    s.mechanism.during.push(assign(looks, looks + 1.0));
    s.current("i", CurrentKind::Nonspecific, 1e-6 * (trace - follows) + 1e-7 * call(Function::Sin, looks));
    s
}

/// The same by Newton's iteration: the rate reads what the instance before has left behind its own.
pub fn chased() -> Specimen {
    let mut s = Specimen::new("chased", MechanismKind::Density);
    let level = s.counted("level", 0.2, |before| before + 0.1, 0.4);
    let x = s.state("x", 0.3, 0.4);
    s.equation(x, level - x * x);
    s.mechanism.after.push(assign(level, 0.5 * level + 0.5 * call(Function::Sigmoid, (V + 60.0) / 9.0)));
    s.mechanism.method = Some(Method::Derivimplicit);
    s.current("i", CurrentKind::Nonspecific, 2e-4 * x * (V + 75.0));
    s
}

/// A synapse: all that sit on a cell know of the last event to any of them.
pub fn told() -> Specimen {
    let mut s = Specimen::new("told", MechanismKind::Point);
    let tau = s.param("tau", 4.0);
    let last = s.state("last", -100.0, -5.0);
    let sum = s.state("sum", 0.0, 1e-9);
    let g = s.state("g", 0.0, 1e-9);
    s.equation(g, -(g / tau));
    let recovered = 1.0 - exp((last - T) / 10.0);
    s.on("event", HandlerKind::Event, vec![assign(g, g + WEIGHT * recovered), assign(last, T), assign(sum, sum + WEIGHT)]);
    s.mechanism.after.push(assign(sum, 0.9 * sum));
    s.current("i", CurrentKind::Nonspecific, (g + 0.1 * sum) * V);
    s.common(last);
    s.common(sum);
    s.weight = Some(3e-9);
    s
}
