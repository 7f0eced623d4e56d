//! Mechanisms whose connections bring more than a weight, or keep values.

use super::expr::*;
use bouton_model::ir::{Action, Column, CurrentKind, Draw, HandlerKind, LocalId, MechanismKind, Var};
use bouton_model::unit::Dimension;

/// A column; kept where it has a value at the start. Column 0 is the weight.
fn column(s: &mut Specimen, name: &str, initial: Option<E>) -> X {
    let columns = &mut s.mechanism.columns;
    let (span, dimension) = (bouton_model::ir::Span::default(), Dimension::NONE);
    columns.push(Column { name: name.into(), span, dimension, initial: initial.map(|e| e.0) });
    X(Var::Argument((columns.len() - 1) as u8))
}

fn keep(column: X, value: impl Into<E>) -> Action {
    let X(Var::Argument(k)) = column else { panic!("a column") };
    Action::Keep(k, value.into().0)
}

/// A local value for what follows.
fn local(s: &mut Specimen, value: impl Into<E>) -> (X, Action) {
    let id = LocalId(s.mechanism.locals);
    s.mechanism.locals += 1;
    (X(Var::Local(id)), Action::Let(id, value.into().0))
}

/// At most 4, and at least -4.
fn bounded(e: E) -> E {
    let below = choose(less(4.0, e.clone()), 4.0, e);
    choose(less(below.clone(), -4.0), -4.0, below)
}

/// Short-term plasticity of each connection, on one conductance (Tsodyks, Pawelzik and Markram 1998).
pub fn depressing() -> Specimen {
    let mut s = Specimen::new("depressing", MechanismKind::Point);
    let (tau, part, recovery) = (s.param("tau", 3.0), s.param("part", 0.4), s.param("recovery", 30.0));
    let g = s.state("g", 0.0, 1e-9);
    s.equation(g, -(g / tau));
    s.current("i", CurrentKind::Nonspecific, g * V);
    column(&mut s, "weight", None);
    let x = column(&mut s, "x", Some(1.0.into()));
    let u = column(&mut s, "u", Some(part.into()));
    let last = column(&mut s, "last", Some(1e6 * WEIGHT - 100.0));
    let recovered = 1.0 + (x - x * u - 1.0) * exp((last - T) / recovery);
    let grown = part + (u * (1.0 - part)) * exp((last - T) / 12.0);
    let event = vec![keep(u, grown), keep(x, recovered), assign(g, g + WEIGHT * x * u), keep(last, T)];
    s.on("event", HandlerKind::Event, event);
    s.weight = Some(8e-9);
    s
}

/// Each event opens and later closes what its connection says; a potential above a threshold tells all connections.
pub fn gated() -> Specimen {
    let mut s = Specimen::new("gated", MechanismKind::Point);
    let (hold, threshold) = (s.param("hold", 0.6), s.param("threshold", -50.0));
    let (g, told) = (s.state("g", 0.0, 1e-9), s.state("told", 0.0, 0.5));
    s.equation(told, -(told / 7.0));
    s.current("i", CurrentKind::Nonspecific, g * (V + 80.0));
    column(&mut s, "weight", None);
    let kind = column(&mut s, "kind", None);
    let open = column(&mut s, "open", Some(0.0.into()));
    let first = when(less(open, 0.5), vec![assign(g, g + WEIGHT * kind)], vec![]);
    s.on("event", HandlerKind::Event, vec![first, keep(open, open + 1.0), send(hold * (1.0 + told), 1)]);
    // A conductance is never negative, whatever a connection began with.
    let closed = g - WEIGHT * kind;
    let last = when(less(open, 0.5), vec![assign(g, choose(less(closed.clone(), 0.0), 0.0, closed))], vec![]);
    s.on("off", HandlerKind::Event, vec![when(less(0.5, open), vec![keep(open, open - 1.0), last], vec![])]);
    let (before, remember) = local(&mut s, told);
    let each = vec![assign(told, told + 0.01 * open), when(less(1.5, open), vec![keep(open, 1.0 + before * 0.01)], vec![])];
    let body = vec![remember, assign(told, told + 1.0), Action::EachConnection(each), assign(told, told + before * 0.001)];
    s.condition(less(threshold, V), body);
    s.weight = Some(6e-9);
    s
}

/// Each event counts up and sends itself the number; the one that comes back with the last number closes (Destexhe, Mainen and Sejnowski 1994).
pub fn numbered() -> Specimen {
    let mut s = Specimen::new("numbered", MechanismKind::Point);
    let hold = s.param("hold", 0.7);
    let g = s.state("g", 0.0, 1e-9);
    s.equation(g, -(g / 9.0));
    s.current("i", CurrentKind::Nonspecific, g * (V + 10.0));
    column(&mut s, "weight", None);
    let n = column(&mut s, "n", Some(0.0.into()));
    let open = column(&mut s, "open", Some(0.0.into()));
    let flag = X(s.mechanism.flag());
    let opens = when(less(open, 0.5), vec![assign(g, g + WEIGHT), keep(open, 1.0)], vec![]);
    s.on("event", HandlerKind::Event, vec![keep(n, n + 1.0), opens, send_with(n + 0.25, hold, 1)]);
    let closes = vec![assign(g, g * 0.5 + WEIGHT * 0.001 * flag), keep(open, 0.0)];
    s.on("off", HandlerKind::Event, vec![when(less(n, flag), closes, vec![assign(g, g * 0.99)])]);
    s.weight = Some(7e-9);
    s
}

/// Counts by connection, and now and then gives every connection a new number: loops under conditions, draws in loops.
pub fn tally() -> Specimen {
    let mut s = Specimen::new("tally", MechanismKind::Free);
    let (x, sum) = (s.state("x", 0.5, 0.5), s.state("sum", 0.0, 0.0));
    s.equation(x, (0.3 - x) / 5.0);
    let w = {
        column(&mut s, "weight", Some(0.25.into()));
        WEIGHT
    };
    let n = column(&mut s, "n", Some(x * 2.0));
    let (mine, note) = local(&mut s, n * x);
    let drawn = keep(n, bounded(n + draw(Draw::Uniform, [0.0.into(), mine.into()])));
    let many = vec![
        Action::EachConnection(vec![drawn, assign(sum, sum * 0.5 + n)]),
        assign(sum, bounded(sum + mine)),
        Action::EachConnection(vec![keep(n, bounded(n - mine * 0.5)), keep(w, bounded(w * 0.9 + 0.01 * sum))]),
    ];
    let few = vec![keep(n, n + 1.0), assign(x, bounded(x + w * 0.1))];
    s.on("event", HandlerKind::Event, vec![note, when(less(2.0, n), many, few), assign(sum, sum * 0.9), send(0.4, 1)]);
    s.on("echo", HandlerKind::Event, vec![keep(n, n * 0.75), assign(x, x * 0.9)]);
    s.condition(less(1.0, x), vec![Action::Spike(None), assign(x, 0.1)]);
    s.weight = Some(1.0);
    s
}
