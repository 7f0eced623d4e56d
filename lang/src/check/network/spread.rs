//! Delays of values: `connect a.m -> b.u { delay = 4 ms, spread = 1 ms }`. Delays that are distributed by a gamma density of that mean and standard deviation are
//! a chain of first-order stages, which stands on the connection like any other mechanism.

use super::rate::Side;
use crate::check::attributes::Attributes;
use crate::check::mechanism::Checked;
use crate::check::value::quantity;
use crate::check::{Checker, Known};
use bouton_model::algebra::Replacing;
use bouton_model::ir::{
    self, Attribute, Binary, Edge, Equation, Expr, Mechanism, MechanismKind, Setting, Var, VarId, Variable, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::{Code, Diagnostic, Span};

/// More stages than this are no spread to speak of.
const MOST: f64 = 200.0;

impl<'a> Checker<'a> {
    /// How long ago values are taken, and what stands on each connection because of that.
    pub(super) fn rate_delay(&mut self, attributes: &mut Attributes<'a>, source: Option<&Side>, place: Span) -> Delay {
        let spread = attributes.has("spread");
        let edge = self.spread(attributes, source, place);
        if spread {
            if let Some(attr) = attributes.take("history", self.diagnostics) {
                let message = "the stages of a spread delay begin at 0, and have no other history";
                let wrong = Diagnostic::new(Code::WrongArguments, attr.span, message);
                self.diagnostics.push(wrong.help("leave it out, or the `spread`"));
            }
            return Delay { delay: None, edge };
        }
        let given = attributes.has("delay");
        let delay = self.delay(attributes, Known::Pair);
        let history = attributes.value("history", self.diagnostics);
        let edge = history.and_then(|attr| {
            if !given {
                let message = "a history is of what is taken with a delay, and there is no `delay`";
                let missing = Diagnostic::new(Code::MissingParameter, attr.span, message);
                self.diagnostics.push(missing.help("give the delay too: `delay = 4 ms, history = 0`"));
                return None;
            }
            let dimension = source?.dimension;
            let value = self.within_pairs_and_time(|ctx| quantity(&attr.value, dimension, "the history", ctx))?;
            Some(self.history(value, dimension, place))
        });
        Delay { delay, edge }
    }

    /// What delivers a history as long as what was sent since the start has not arrived.
    fn history(&mut self, history: Attribute, dimension: Dimension, place: Span) -> Edge {
        let variable = |name: &str, dimension, kind| Variable { name: name.into(), span: place, dimension, kind };
        let own = |id: VarId| Expr::Var(Var::Own(id));
        let now = || Expr::Var(Var::Known(ir::Known::T));
        // Times of steps are sums and may fall short of the delay by their rounding.
        let arrival = Expr::Binary(Binary::Mul, Box::new(own(DELAY)), Box::new(Expr::Number(1.0 - 1e-9)));
        let early = Expr::Binary(Binary::Lt, Box::new(now()), Box::new(arrival));
        let value = Expr::If(Box::new(early), Box::new(own(HISTORY)), Box::new(own(SOURCE)));
        let variables = vec![
            variable("source", dimension, VariableKind::Input { base: Expr::Number(0.0) }),
            variable("delay", Dimension::TIME, VariableKind::Param { default: None }),
            variable("history", dimension, VariableKind::Param { default: None }),
            variable("delayed", dimension, VariableKind::Let { value }),
        ];
        let mechanism = Mechanism { variables, ..Mechanism::empty("delay".into(), place, MechanismKind::Free) };
        let mechanism = self.add_mechanism(Checked { mechanism, broken: Vec::new(), refused: false });
        // The time of the history is that at which a value is sent.
        let then = Expr::Binary(Binary::Sub, Box::new(now()), Box::new(own(DELAY)));
        let sent = |var: Var| (var == Var::Known(ir::Known::T)).then(|| then.clone());
        let value = Replacing { variables: &sent, shift: 0 }.expr(&history.value);
        let settings = vec![Setting { variable: HISTORY, value: Attribute { value, span: history.span } }];
        Edge { mechanism, source: SOURCE, output: DELAYED, settings, wires: Vec::new(), delay: Some(DELAY) }
    }

    /// What `delay` and `spread` put on each connection. The number of stages is that of the values which the script gives.
    fn spread(&mut self, attributes: &mut Attributes<'a>, source: Option<&Side>, place: Span) -> Option<Edge> {
        let given = (attributes.has("delay"), attributes.has("spread"));
        let spread = match given {
            (_, false) => return None,
            (false, true) => {
                let attr = attributes.take("spread", self.diagnostics)?;
                let message = "a spread is one of delays, and there is no `delay`";
                let missing = Diagnostic::new(Code::MissingParameter, attr.span, message);
                self.diagnostics.push(missing.help("give the mean too: `delay = 4 ms, spread = 1 ms`"));
                return None;
            }
            (true, true) => attributes.value("spread", self.diagnostics),
        };
        let delay = attributes.value("delay", self.diagnostics);
        let delay = delay.and_then(|attr| self.positive(&attr.value, Known::Pair, Dimension::TIME, "the delay"))?;
        let spread = spread.and_then(|attr| self.positive(&attr.value, Known::Pair, Dimension::TIME, "the spread"))?;
        let (Some(mean), Some(sd)) = (self.fold(&delay.value), self.fold(&spread.value)) else {
            let message = "`delay` and `spread` say how many stages there are, and differ from connection to connection";
            let wrong = Diagnostic::new(Code::WrongArguments, spread.span, message);
            self.diagnostics
                .push(wrong.help("give all connections of the statement the same: numbers or parameters of the script"));
            return None;
        };
        let ratio = mean / sd;
        let count = (ratio * ratio).round().max(1.0);
        if count > MOST {
            let message = format!("a spread so much smaller than the delay needs {count} stages, and {MOST} are the most");
            let wrong = Diagnostic::new(Code::OutOfRange, spread.span, message);
            self.diagnostics.push(wrong.help("the number of stages is (delay / spread)^2: take a larger spread"));
            return None;
        }
        let dimension = source?.dimension;
        let mechanism = chain(count as u32, dimension, place);
        let output = VarId(count as u32 + 1);
        let mechanism = self.add_mechanism(Checked { mechanism, broken: Vec::new(), refused: false });
        let settings = vec![Setting { variable: DELAY, value: Attribute { value: delay.value, span: delay.span } }];
        Some(Edge { mechanism, source: SOURCE, output, settings, wires: Vec::new(), delay: None })
    }
}

const SOURCE: VarId = VarId(0);
const DELAY: VarId = VarId(1);
const HISTORY: VarId = VarId(2);
const DELAYED: VarId = VarId(3);

/// What `delay`, `spread` and `history` say.
pub(super) struct Delay {
    /// How long ago; nothing where it is spread.
    pub delay: Option<Attribute>,
    /// What stands on each connection.
    pub edge: Option<Edge>,
}

/// So many stages: each follows the one before it at the rate n / delay.
fn chain(count: u32, dimension: Dimension, span: Span) -> Mechanism {
    let variable = |name: &str, dimension, kind| Variable { name: name.into(), span, dimension, kind };
    let own = |id: VarId| Box::new(Expr::Var(Var::Own(id)));
    let zero = || Expr::Number(0.0);
    let mut variables = vec![
        variable("source", dimension, VariableKind::Input { base: zero() }),
        variable("delay", Dimension::TIME, VariableKind::Param { default: None }),
    ];
    let mut equations = Vec::new();
    let rate = || Box::new(Expr::Binary(Binary::Div, Box::new(Expr::Number(f64::from(count))), own(DELAY)));
    let mut before = SOURCE;
    for number in 1..=count {
        let state = VarId(number + 1);
        variables.push(variable(&format!("stage{number}"), dimension, VariableKind::State { initial: zero() }));
        let difference = Box::new(Expr::Binary(Binary::Sub, own(before), own(state)));
        equations.push(Equation { state, rate: Expr::Binary(Binary::Mul, rate(), difference), span });
        before = state;
    }
    Mechanism { variables, equations, ..Mechanism::empty("delay".into(), span, MechanismKind::Free) }
}
