//! Cells without a body.

use super::expr::*;
use bouton_model::builtin::Function;
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
    let tick = vec![Action::Spike(None), assign(fired, fired + 1.0), when(less(fired, number), vec![later], vec![])];
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
    let fire = vec![assign(v, 0.0), assign(active, 0.0), Action::Spike(None), send(rest, 1)];
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
    s.condition(less(30.0, v), vec![assign(v, -65.0), assign(u, u + 8.0), Action::Spike(None)]);
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

/// A forced nonlinear oscillator that no event reaches: it can be followed in steps of its own.
pub fn oscillator() -> Specimen {
    let mut s = free("oscillator");
    let (w, mu, input) = (s.param("w", 2.0), s.param("mu", 3.0), s.input("input", 0.3, 0.02));
    let (x, y) = (s.state("x", 0.5, 0.2), s.state("y", input * 0.1, 0.2));
    s.define("power", x * x + 0.5 * input);
    s.equation(x, w * y + call(Function::Tanh, input));
    // However strongly such cells drive each other, they stay within bounds.
    s.equation(y, call(Function::Sin, mu * x) - w * x - 0.5 * y + 0.3 * call(Function::Sin, 2.0 * T));
    s
}

/// Passes on what it is driven by, and has no state.
pub fn relay() -> Specimen {
    let mut s = free("relay");
    let (gain, input) = (s.param("gain", 0.7), s.input("input", 0.3, 0.02));
    s.define("passed", call(Function::Tanh, gain * input + 0.1 * call(Function::Sin, 2.0 * T)));
    s
}

/// Spikes of a Poisson process whose rate goes up and down: a mean of some tens in a step at most, below 0 at times.
pub fn poisson() -> Specimen {
    let mut s = free("poisson");
    let (mean, depth, sent) = (s.param("mean", 7.0), s.param("depth", 1.5), s.state("sent", 0.0, 0.0));
    let drawn = bouton_model::ir::LocalId(s.mechanism.locals);
    s.mechanism.locals += 1;
    let number = X(bouton_model::ir::Var::Local(drawn));
    let now = mean * (1.0 + depth * call(Function::Sin, 3.0 * T));
    let draw = Action::Let(drawn, draw(Draw::Poisson, [choose(less(0.0, now.clone()), now, 0.0)]).0);
    s.on("step", HandlerKind::Step, vec![draw, assign(sent, sent + number), spikes(number - 2.5)]);
    s
}

/// A random walk between two walls, of which one makes it fire: everything that the end of a step can do, under conditions.
pub fn walker() -> Specimen {
    let mut s = free("walker");
    let (tau, sd) = (s.param("tau", 4.0), s.param("sd", 0.2));
    let (x, hits, last) = (s.state("x", 0.0, 0.5), s.state("hits", 0.0, 0.0), s.state("last", -1.0, 0.0));
    s.equation(x, -(x / tau));
    let up = vec![assign(x, x + sd * draw(Draw::Uniform, [0.0.into(), 2.0.into()])), moved(0.3, 1)];
    let down = vec![assign(x, x - sd * draw(Draw::Exponential, [1.0.into()]))];
    let wall = when(less(1.0, x), vec![assign(x, -1.0), Action::Spike(None), send(0.2, 2)], vec![]);
    let coin = less(draw(Draw::Uniform, [0.0.into(), 1.0.into()]), 0.5);
    s.on("step", HandlerKind::Step, vec![when(coin, up, down), wall]);
    // Not too often: events that links send here would multiply without end.
    let volley = vec![assign(hits, hits * 0.75 + 1.0), spikes(hits), assign(last, T)];
    s.on("quiet", HandlerKind::Event, vec![when(less(last + 0.4, T), volley, vec![])]);
    s.on("wall", HandlerKind::Event, vec![assign(hits, hits * 0.5)]);
    s.on("event", HandlerKind::Event, vec![assign(x, x + WEIGHT)]);
    s.weight = Some(0.2);
    s
}

/// Fires when no event has come for a while, and at the latest some time after that: each event puts off what was planned.
pub fn waiter() -> Specimen {
    let mut s = free("waiter");
    let (patience, x, last) = (s.param("patience", 0.8), s.state("x", 0.0, 0.0), s.state("last", -1.0, 0.0));
    s.on("start", HandlerKind::Start, vec![send(patience, 2), send(2.0 * patience, 2)]);
    s.on("event", HandlerKind::Event, vec![assign(x, x * 0.9 + WEIGHT), moved(patience * (1.0 + 0.1 * x), 2)]);
    let fire = vec![Action::Spike(None), assign(last, T), moved(0.5 * patience, 3), send(patience, 2)];
    s.on("fire", HandlerKind::Event, vec![when(less(last + 0.4, T), fire, vec![])]);
    s.on("rest", HandlerKind::Event, vec![assign(x, x * 0.5), when(less(x, 0.01), vec![moved(patience, 2)], vec![])]);
    s.weight = Some(1.0);
    s
}

/// Fires at times of a list, some of them its own, not in their order and two of them one.
pub fn listed() -> Specimen {
    let mut s = free("listed");
    let (at, fired) = (s.param("at", 1.1), s.state("fired", 0.0, 0.0));
    s.on("at", HandlerKind::Each(at.id()), vec![assign(fired, fired + T), Action::Spike(None)]);
    let list: [E; 6] = [2.0.into(), at.into(), at + 0.5, 0.0.into(), 2.0.into(), at * 3.0];
    s.mechanism.times.push((bouton_model::ir::HandlerId(0), list.map(|e| e.0).to_vec()));
    s
}
