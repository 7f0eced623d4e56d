//! Mechanisms at one place.

use super::expr::*;
use bouton_model::builtin::Function;
use bouton_model::ir::{Action, CurrentKind, Draw, HandlerKind, MechanismKind};

fn point(name: &str) -> Specimen {
    Specimen::new(name, MechanismKind::Point)
}

/// A synapse with exponential decay.
pub fn exp_synapse() -> Specimen {
    let mut s = point("exp_synapse");
    let (tau, e) = (s.param("tau", 2.0), s.param("e", 0.0));
    let g = s.state("g", 0.0, 1e-9);
    s.equation(g, -(g / tau));
    s.current("i", CurrentKind::Nonspecific, g * (V - e));
    s.on("event", HandlerKind::Event, vec![assign(g, g + WEIGHT)]);
    s.weight = Some(3e-9);
    s
}

/// A synapse with rise and decay, scaled to a peak of the weight.
pub fn exp2_synapse() -> Specimen {
    let mut s = point("exp2_synapse");
    let (rise, decay, e) = (s.param("tau1", 0.4), s.param("tau2", 3.0), s.param("e", -70.0));
    let peak = s.define("peak", rise * decay / (decay - rise) * call(Function::Log, decay / rise));
    let factor = s.define("factor", 1.0 / (exp(-(peak / decay)) - exp(-(peak / rise))));
    let (a, b) = (s.state("a", 0.0, 0.0), s.state("b", 0.0, 0.0));
    s.equation(a, -(a / rise));
    s.equation(b, -(b / decay));
    s.current("i", CurrentKind::Nonspecific, (b - a) * (V - e));
    s.on("event", HandlerKind::Event, vec![assign(a, a + WEIGHT * factor), assign(b, b + WEIGHT * factor)]);
    s.weight = Some(3e-9);
    s
}

/// A synapse that saturates, with a block that depends on the potential: handlers do not commute, the current is not affine.
pub fn blocked_synapse() -> Specimen {
    let mut s = point("blocked_synapse");
    let (tau, magnesium) = (s.param("tau", 20.0), s.param("mg", 1.0));
    let g = s.state("g", 0.0, 1e-9);
    let last = s.state("last", -1e3, -10.0);
    s.equation(g, -(g / tau));
    let open = 1.0 / (1.0 + magnesium / 3.57 * exp(-(0.062 * V)));
    s.current("i", CurrentKind::Nonspecific, g * open * V);
    let recovered = 1.0 - exp((last - T) / 5.0);
    s.on("event", HandlerKind::Event, vec![assign(g, g * 0.9 + WEIGHT * recovered), assign(last, T)]);
    s.weight = Some(4e-9);
    s
}

/// An electrode that is on for a while.
pub fn clamp() -> Specimen {
    let mut s = point("clamp");
    let (del, dur, amp) = (s.param("del", 0.5), s.param("dur", 4.0), s.param("amp", 1e-7));
    let on = both(at_most(del, T), less(T, del + dur));
    s.current("i", CurrentKind::Electrode, choose(on, amp, 0.0));
    s
}

/// Watches the potential: where it rises above a threshold an adaptation begins, spikes and is over after a while.
pub fn watcher() -> Specimen {
    let mut s = point("watcher");
    let (threshold, hold) = (s.param("threshold", -50.0), s.param("hold", 0.5));
    let (x, count) = (s.state("x", 0.0, 0.2), s.state("count", 0.0, 0.0));
    s.equation(x, (0.1 - x) / 4.0);
    s.current("i", CurrentKind::Nonspecific, 1e-9 * x * (V + 80.0));
    let event = vec![assign(x, x * 0.5 + WEIGHT), send(0.0, 1), send(hold, 2), send(hold, 1)];
    s.on("event", HandlerKind::Event, event);
    s.on("over", HandlerKind::Event, vec![assign(x, x * 0.7 + 0.001 * T), assign(count, count + 1.0)]);
    s.on("less", HandlerKind::Event, vec![assign(x, 0.2 - x * 0.25)]);
    let again = when(less(count, 50.0), vec![send(hold, 1)], vec![assign(count, 0.0)]);
    s.condition(less(threshold, V), vec![assign(x, 1.0), Action::Spike(None), again]);
    s.condition(less(0.9, x), vec![assign(count, count + 0.25), send(-1.0 * hold, 1)]);
    s.weight = Some(0.3);
    s
}

/// A synapse whose strength follows the order of its events and of the spikes of its cell (Song, Miller and Abbott 2000).
pub fn plastic() -> Specimen {
    let mut s = point("plastic");
    let (tau, up, down) = (s.param("tau", 3.0), s.param("up", 0.05), s.param("down", 0.06));
    let (g, w) = (s.state("g", 0.0, 1e-9), s.state("w", 0.5, 0.4));
    let (before, after) = (s.state("before", 0.0, 0.1), s.state("after", 0.0, 0.1));
    s.equation(g, -(g / tau));
    s.equation(before, -(before / 8.0));
    s.equation(after, -(after / 9.0));
    s.current("i", CurrentKind::Nonspecific, g * V);
    let event = vec![
        assign(g, g + w * WEIGHT),
        assign(before, before + 1.0),
        assign(w, choose(less(w, down * after), 0.0, w - down * after)),
    ];
    s.on("event", HandlerKind::Event, event);
    let grown = w + up * before;
    s.on("spike", HandlerKind::Spike, vec![assign(after, after + 1.0), assign(w, choose(less(1.0, grown.clone()), 1.0, grown))]);
    s.weight = Some(6e-9);
    s
}

/// A spike of Izhikevich's kind: where the potential is high it is reset and the cell fires; each event lifts it a little.
pub fn resetting() -> Specimen {
    let mut s = point("resetting");
    let (peak, reset, fired) = (s.param("peak", -45.0), s.param("reset", -68.0), s.state("fired", 0.0, 0.0));
    s.current("i", CurrentKind::Electrode, 1e-8 - 1e-9 * fired);
    s.equation(fired, -(fired / 6.0));
    s.on("event", HandlerKind::Event, vec![assign_v(V + WEIGHT), assign(fired, fired + 0.001 * V)]);
    s.condition(less(peak, V), vec![assign_v(reset), assign(fired, fired + 1.0), Action::Spike(None)]);
    s.weight = Some(0.5);
    s
}

/// A current that changes at random times to random values.
pub fn noise() -> Specimen {
    let mut s = point("noise");
    let (mean, sd, interval) = (s.param("mean", 2e-8), s.param("sd", 4e-8), s.param("interval", 0.31));
    let i = s.state("level", 0.0, 0.0);
    s.current("i", CurrentKind::Electrode, i);
    let next = vec![
        assign(i, draw(Draw::Normal, [mean.into(), sd.into()])),
        send(interval * draw(Draw::Uniform, [0.5.into(), 1.5.into()]), 1),
    ];
    s.on("start", HandlerKind::Start, vec![send(interval, 1)]);
    s.on("next", HandlerKind::Event, next);
    s
}

/// A gap junction: the current follows the difference to a potential elsewhere.
pub fn junction() -> Specimen {
    let mut s = point("junction");
    let (g, other) = (s.param("g", 2e-10), s.input("other", -60.0, 1.0));
    s.current("i", CurrentKind::Nonspecific, g * (V - other));
    s
}

/// A synapse whose conductance follows a potential elsewhere without spikes, and that events facilitate.
pub fn graded_synapse() -> Specimen {
    let mut s = point("graded_synapse");
    let (tau, e, other) = (s.param("tau", 4.0), s.param("e", 0.0), s.input("other", -50.0, 0.9));
    let open = s.define("open", call(Function::Sigmoid, (other + 40.0) / 4.0));
    let g = s.state("g", open * 1e-9, 1e-9);
    s.equation(g, (open * 2e-9 - g) / tau);
    s.current("i", CurrentKind::Nonspecific, g * (V - e));
    s.on("event", HandlerKind::Event, vec![assign(g, g + WEIGHT * open)]);
    s.weight = Some(2e-9);
    s
}

/// A conductance that is renewed at the end of each step, by chance and by the potential.
pub fn flicker() -> Specimen {
    let mut s = point("flicker");
    let (gmax, n) = (s.param("gmax", 1e-9), s.param("n", 3.0));
    let g = s.state("g", 0.0, 0.0);
    s.current("i", CurrentKind::Nonspecific, g * (V + 20.0));
    let open = n / (1.0 + exp(-(0.1 * (V + 50.0))));
    s.on("step", HandlerKind::Step, vec![assign(g, gmax * draw(Draw::Poisson, [open]))]);
    s
}
