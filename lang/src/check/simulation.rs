//! `simulation`: duration, step, temperature, seed and so on. A used file's attributes count where the script has none.

use super::attributes::{Attributes, suggest, word};
use super::plausible::Plausible;
use super::{Checker, Known};
use bouton_model::ir::{Attribute, SecondOrder, Simulation, Solver, Streams};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// What one block says, with its words as far as they are given.
#[derive(Default)]
struct Given {
    values: Simulation,
    second_order: Option<SecondOrder>,
    tables_off: Option<bool>,
    streams: Option<Streams>,
    solver: Option<Solver>,
}

impl<'a> Checker<'a> {
    /// Checks all blocks and joins them, the script's own first.
    pub fn simulation(&mut self) {
        let mut all = Given::default();
        let mut seen: Vec<Span> = Vec::new();
        for (block, span) in &self.declared.simulations {
            if let Some(first) = seen.iter().find(|first| first.file == span.file) {
                let twice = Diagnostic::new(Code::DeclaredTwice, word_of(*span), "`simulation` stands here twice")
                    .label("again here")
                    .also(word_of(*first), "first here")
                    .help("write all attributes into one block");
                self.diagnostics.push(twice);
            }
            seen.push(*span);
            let one = self.simulation_block(block);
            all = joined(all, one);
        }
        self.program.simulation = Simulation {
            second_order: all.second_order.unwrap_or_default(),
            tables_off: all.tables_off.unwrap_or(false),
            streams: all.streams.unwrap_or_default(),
            solver: all.solver,
            ..all.values
        };
    }

    fn simulation_block(&mut self, block: &'a ast::AttrBlock) -> Given {
        let mut attributes = Attributes::new(Some(block));
        let values = Simulation {
            duration: self.time(&mut attributes, "duration", Plausible::Duration),
            dt: self.time(&mut attributes, "dt", Plausible::Step),
            celsius: self.usual(&mut attributes, "celsius", Dimension::TEMPERATURE, Plausible::Temperature),
            v_init: self.usual(&mut attributes, "v_init", Dimension::VOLTAGE, Plausible::Voltage),
            seed: self.count(&mut attributes, "seed", 0.0),
            threads: self.count(&mut attributes, "threads", 1.0),
            rtol: self.tolerance(&mut attributes, "rtol"),
            atol: self.tolerance(&mut attributes, "atol"),
            max_step: self.time(&mut attributes, "max_step", Plausible::Duration),
            ..Simulation::default()
        };
        let second_order = self.second_order(&mut attributes);
        let tables_off = self.switch(&mut attributes, "tables").map(|on| !on);
        let streams = self.streams(&mut attributes);
        let solver = self.solver(&mut attributes);
        attributes.finish("`simulation`", self.diagnostics);
        Given { values, second_order, tables_off, streams, solver }
    }

    fn time(&mut self, attributes: &mut Attributes<'a>, name: &'static str, plausible: Plausible) -> Option<Attribute> {
        let attr = attributes.value(name, self.diagnostics)?;
        let value = self.positive(&attr.value, Known::Nothing, Dimension::TIME, &format!("`{name}`"))?;
        self.plausible(&value, plausible);
        Some(value)
    }

    fn usual(
        &mut self,
        attributes: &mut Attributes<'a>,
        name: &'static str,
        dimension: Dimension,
        plausible: Plausible,
    ) -> Option<Attribute> {
        let attr = attributes.value(name, self.diagnostics)?;
        let value = self.quantity(&attr.value, Known::Nothing, dimension, &format!("`{name}`"))?;
        self.plausible(&value, plausible);
        Some(value)
    }

    fn count(&mut self, attributes: &mut Attributes<'a>, name: &'static str, least: f64) -> Option<Attribute> {
        let attr = attributes.value(name, self.diagnostics)?;
        self.whole(&attr.value, Known::Nothing, &format!("`{name}`"), least)
    }

    /// `on` or `off`, or what of it is on.
    fn second_order(&mut self, attributes: &mut Attributes<'a>) -> Option<SecondOrder> {
        let attr = attributes.take("second_order", self.diagnostics)?;
        match (&attr.value.kind, word(attr)) {
            (_, Some("potentials")) => Some(SecondOrder::Potentials),
            (ExprKind::Bool(true), _) | (_, Some("on")) => Some(SecondOrder::On),
            (ExprKind::Bool(false), _) | (_, Some("off")) => Some(SecondOrder::Off),
            (ExprKind::Error, _) => None,
            _ => {
                let message = "`second_order` is `on`, `off` or `potentials`";
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.value.span, message));
                None
            }
        }
    }

    /// `on` or `off`, `true` or `false`, or the bare name.
    fn switch(&mut self, attributes: &mut Attributes<'a>, name: &'static str) -> Option<bool> {
        let attr = attributes.take(name, self.diagnostics)?;
        match (&attr.value.kind, word(attr)) {
            (ExprKind::Bool(value), _) => Some(*value),
            (_, Some("on")) => Some(true),
            (_, Some("off")) => Some(false),
            (ExprKind::Error, _) => None,
            _ => {
                let message = format!("`{name}` is `on` or `off`");
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.value.span, message));
                None
            }
        }
    }

    fn tolerance(&mut self, attributes: &mut Attributes<'a>, name: &'static str) -> Option<Attribute> {
        let attr = attributes.value(name, self.diagnostics)?;
        self.positive(&attr.value, Known::Nothing, Dimension::NONE, &format!("`{name}`"))
    }

    fn solver(&mut self, attributes: &mut Attributes<'a>) -> Option<Solver> {
        let attr = attributes.value("solver", self.diagnostics)?;
        match word(attr) {
            Some("euler") => Some(Solver::Euler),
            Some("heun") => Some(Solver::Heun),
            Some("rk4") => Some(Solver::Rk4),
            Some("dopri5") => Some(Solver::Dopri5),
            Some("rosenbrock") => Some(Solver::Rosenbrock),
            _ => {
                if !matches!(attr.value.kind, ExprKind::Error) {
                    let wrong = Diagnostic::new(Code::WrongArguments, attr.value.span, "there is no such solver");
                    let known = ["euler", "heun", "rk4", "dopri5", "rosenbrock"];
                    self.diagnostics.push(suggest(wrong, word(attr).unwrap_or_default(), attr.value.span, &known));
                }
                None
            }
        }
    }

    fn streams(&mut self, attributes: &mut Attributes<'a>) -> Option<Streams> {
        let attr = attributes.value("streams", self.diagnostics)?;
        match word(attr) {
            Some("netpyne") => Some(Streams::Netpyne),
            Some("own") => Some(Streams::Own),
            _ => {
                if !matches!(attr.value.kind, ExprKind::Error) {
                    let wrong = Diagnostic::new(Code::WrongArguments, attr.value.span, "there are no such random streams");
                    self.diagnostics.push(wrong.help("`streams` is `own` or `netpyne`"));
                }
                None
            }
        }
    }
}

/// The word `simulation` at the beginning of a block.
fn word_of(block: Span) -> Span {
    Span::new(block.file, block.start, block.end.min(block.start.saturating_add(10)))
}

/// What the first says, then what the second says.
fn joined(first: Given, second: Given) -> Given {
    let (a, b) = (first.values, second.values);
    Given {
        values: Simulation {
            duration: a.duration.or(b.duration),
            dt: a.dt.or(b.dt),
            celsius: a.celsius.or(b.celsius),
            v_init: a.v_init.or(b.v_init),
            seed: a.seed.or(b.seed),
            threads: a.threads.or(b.threads),
            rtol: a.rtol.or(b.rtol),
            atol: a.atol.or(b.atol),
            max_step: a.max_step.or(b.max_step),
            ..Simulation::default()
        },
        second_order: first.second_order.or(second.second_order),
        tables_off: first.tables_off.or(second.tables_off),
        streams: first.streams.or(second.streams),
        solver: first.solver.or(second.solver),
    }
}
