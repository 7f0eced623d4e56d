//! Cells without a body.

use super::expr::*;
use bouton_model::ir::{Action, Draw, HandlerKind, MechanismKind, Method};

fn free(name: &str) -> Specimen {
    Specimen::new(name, MechanismKind::Free)
}

/// Spikes at regular or random intervals, as NEURON's NetStim does.
pub fn generator(start: f64, noise: f64) -> Specimen {
    let mut s = free("generator");
    let (start, interval) = (s.param("start", start), s.param("interval", 0.75));
    let (noise, number) = (s.param("noise", noise), s.param("number", 8.0));
    let fired = s.state("fired", 0.0, 0.0);
    let random = |s: &mut Specimen, regular: E| {
        let local = bouton_model::ir::LocalId(s.mechanism.locals);
        s.mechanism.locals += 1;
        let drawn = draw(Draw::Exponential, [interval.into()]);
        let next = (1.0 - noise) * interval + noise * X(bouton_model::ir::Var::Local(local));
        let random = vec![Action::Let(local, drawn.0), send(next, 1)];
        when(less(0.0, noise), random, vec![send(regular, 1)])
    };
    let first = random(&mut s, start.into());
    let later = random(&mut s, interval.into());
    s.on("start", HandlerKind::Start, vec![first]);
    let tick = vec![Action::Spike, assign(fired, fired + 1.0), when(less(fired, number), vec![later], vec![])];
    s.on("tick", HandlerKind::Event, tick);
    s
}

/// A leaky integrator that fires at a threshold and rests for a while.
pub fn integrator() -> Specimen {
    let mut s = free("integrator");
    let (tau, drive, rest) = (s.param("tau", 8.0), s.param("drive", 1.3), s.param("rest", 0.9));
    let (v, active) = (s.state("v", 0.0, 0.6), s.state("active", 1.0, 1.0));
    s.equation(v, active * (drive - v) / tau);
    s.on("event", HandlerKind::Event, vec![when(less(0.5, active), vec![assign(v, v + WEIGHT)], vec![assign(v, v * 0.99)])]);
    s.on("wake", HandlerKind::Event, vec![assign(active, 1.0)]);
    let fire = vec![assign(v, 0.0), assign(active, 0.0), Action::Spike, send(rest, 1)];
    s.condition(at_most(1.0, v), fire);
    s.weight = Some(0.2);
    s
}

/// Izhikevich's two equations (2003), by their default method: not linear, so Newton's iteration.
pub fn izhikevich() -> Specimen {
    let mut s = free("izhikevich");
    let (a, b, drive) = (s.param("a", 0.02), s.param("b", 0.2), s.param("drive", 8.0));
    let v = s.state("v", -65.0, -60.0);
    let u = s.state("u", b * v, -13.0);
    s.equation(v, 0.04 * v * v + 5.0 * v + 140.0 - u + drive);
    s.equation(u, a * (b * v - u));
    s.on("event", HandlerKind::Event, vec![assign(v, v + WEIGHT)]);
    s.condition(less(30.0, v), vec![assign(v, -65.0), assign(u, u + 8.0), Action::Spike]);
    s.weight = Some(0.5);
    s
}

/// A fast oscillator, by Newton's iteration: its Jacobian is largest off the diagonal. What follows it begins at nothing.
pub fn resonator() -> Specimen {
    let mut s = free("resonator");
    let w = s.param("w", 150.0);
    let (x, y, z) = (s.state("x", 1.0, 0.8), s.state("y", 0.0, 0.1), s.state("z", 0.0, 0.01));
    s.equation(x, -(w * y) * (1.0 + 0.05 * x));
    s.equation(y, w * x - 0.2 * y * y);
    s.equation(z, 0.1 * x * x - 0.3 * z * y);
    s.on("event", HandlerKind::Event, vec![assign(x, x + WEIGHT)]);
    s.mechanism.method = Some(Method::Derivimplicit);
    s.weight = Some(0.5);
    s
}

/// Keeps a number that shows in which order its events came, those that it sends itself among them.
pub fn logger() -> Specimen {
    let mut s = free("logger");
    let (x, last) = (s.state("x", 0.5, 0.5), s.state("last", 0.0, 0.0));
    s.on("event", HandlerKind::Event, vec![assign(x, x * 0.875 + WEIGHT), assign(last, T), send(0.5, 1)]);
    s.on("echo", HandlerKind::Event, vec![assign(x, WEIGHT - x * 0.75)]);
    s.weight = Some(1.0);
    s
}

/// A neural mass: a rate that follows a saturating function of its input.
pub fn mass() -> Specimen {
    let mut s = free("mass");
    let (tau, gain, input) = (s.param("tau", 5.0), s.param("gain", 2.0), s.input("input", 0.3, 0.02));
    let (m, slow) = (s.state("m", input * 0.1, 0.2), s.state("slow", 0.0, 0.1));
    let rate = s.define("rate", call(bouton_model::builtin::Function::Sigmoid, gain * (input - slow)));
    s.equation(m, (rate - m) / tau);
    s.equation(slow, (m * m - slow) / (10.0 * tau));
    s.on("event", HandlerKind::Event, vec![assign(m, m + WEIGHT * rate)]);
    s.weight = Some(0.1);
    s.mechanism.method = Some(Method::Euler);
    s
}
