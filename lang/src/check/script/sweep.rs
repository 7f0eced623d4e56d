//! `sweep NAME { vary ...; run; report ... }`: what is varied, what is done at each point, the columns of the table.

use super::names::{Columns, Locals};
use super::repeat::values;
use crate::check::attributes::Attributes;
use crate::check::declare::{Symbol, declared_twice};
use crate::check::expr::{Type, check_expr};
use crate::check::value::quantity;
use crate::check::{Checker, dimension};
use bouton_model::ir::{
    Attribute, Axis, CandidateLimits, Dial, Knob, RangeStep, SimulationKnob, Statement, StatementKind, Sweep, TableColumn, Values,
};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::describe;
use bouton_syntax::ast::{self, ExprKind, StmtKind, Study};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Checks a sweep.
    pub(super) fn sweep(&mut self, study: &'a Study, locals: &mut Locals) -> Option<StatementKind> {
        let declared = self.declared.names.declaration(&study.name.text).filter(|found| found.span == study.name.span);
        let id = match declared.map(|found| found.symbol) {
            Some(Symbol::Result(id)) => id,
            // Declared twice, or without a name, which has been told.
            _ if !locals.in_sweep() && !locals.in_a_block() => return None,
            _ => {
                let help = "what is to be repeated stands in the sweep";
                return self.belongs(study.name.span, "a sweep stands by itself, not in another statement", help);
            }
        };
        let ran = std::mem::replace(&mut locals.ran, false);
        locals.sweep = Some(Columns::default());
        locals.open();
        let (mut axes, mut body, mut attributes) = (Vec::new(), Vec::new(), Vec::new());
        for one in &study.body.items {
            match &one.kind {
                StmtKind::Vary(vary) => axes.extend(self.axis(vary, one.span, locals)),
                StmtKind::Attr(attr) => attributes.push(attr),
                kind => self.statement(kind, one.span, locals, &mut body),
            }
        }
        let mut attributes = Attributes::of_lines(attributes);
        let zip = attributes.value("zip", self.diagnostics).is_some_and(|attr| self.zip(attr));
        let limits = self.candidate_limits(&mut attributes, locals);
        attributes.finish("a sweep", self.diagnostics);
        let varies = study.body.items.iter().any(|one| matches!(one.kind, StmtKind::Vary(_)));
        let lacks = |kind: fn(&StmtKind) -> bool| !any(&study.body.items, kind);
        let place = study.name.span;
        if !varies {
            let none = Diagnostic::new(Code::ReachesNothing, place, "nothing is varied in this sweep");
            self.diagnostics.push(none.help("add `vary w in 1 nS .. 5 nS steps 5`"));
        } else if lacks(|kind| matches!(kind, StmtKind::Report(_))) {
            let none = Diagnostic::new(Code::ReachesNothing, place, "this sweep reports nothing");
            self.diagnostics.push(none.help("add `report m = rate(M)` behind its `run`"));
        }
        locals.close();
        locals.ran = ran;
        let columns = locals.sweep.take().unwrap_or_default();
        let table = columns.columns.clone();
        locals.add_table(study.name.text.clone(), id, columns, study.name.span);
        let name = study.name.text.clone();
        Some(StatementKind::Sweep(Box::new(Sweep { id, name, span: place, axes, zip, limits, body, columns: table })))
    }

    fn axis(&mut self, vary: &'a ast::Vary, span: Span, locals: &mut Locals) -> Option<Axis> {
        let found = self.dial(&vary.knob);
        let values = self.in_script(locals, |view, ctx| values(&vary.values, view, ctx));
        let (dial, wanted) = found?;
        let name = crate::check::network::path::written(&vary.knob);
        self.column(&name, vary.knob.span, wanted, true, locals)?;
        let (values, ty) = values?;
        let fits = match ty {
            Type::Number(dimension) => dimension == wanted,
            Type::Zero => true,
            Type::Temperature { .. } => wanted == Dimension::TEMPERATURE,
            Type::Bool => false,
            Type::Error => return None,
        };
        if !fits {
            let found = if ty == Type::Bool {
                "true or false".to_owned()
            } else {
                ty.dimension().map_or_else(String::new, |d| describe(&d))
            };
            let message = format!("`{name}`: expected {}; found {found}", describe(&wanted));
            self.diagnostics.push(Diagnostic::new(Code::DimensionMismatch, vary.values.span, message));
            return None;
        }
        let whole = matches!(dial, Dial::Path(Knob::Simulation(SimulationKnob::Seed)));
        if matches!(values, Values::Range { step: RangeStep::One, .. }) && !(vary.integer || whole) {
            let endless = Diagnostic::new(Code::WrongArguments, vary.values.span, "how many values does this range have?");
            self.diagnostics.push(endless.help("add `steps 10`, `by` with a distance, or `integer` for whole numbers"));
            return None;
        }
        Some(Axis { dial, values, integer: vary.integer || whole, span })
    }

    /// `zip = true`
    fn zip(&mut self, attr: &ast::Attr) -> bool {
        if let ExprKind::Bool(zip) = attr.value.kind {
            return zip;
        }
        self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.value.span, "`zip` is true or false"));
        false
    }

    /// `max_steps = 40_000`, `max_events = 1e6`
    pub(super) fn candidate_limits(&mut self, attributes: &mut Attributes<'a>, locals: &Locals) -> CandidateLimits {
        let [steps, events] = ["max_steps", "max_events"].map(|name| {
            let attr = attributes.value(name, self.diagnostics)?;
            let what = format!("`{name}`");
            let limit = self.in_script(locals, |_, ctx| quantity(&attr.value, Dimension::NONE, &what, ctx))?;
            if self.fold(&limit.value).is_some_and(|most| most < 0.0 || most.fract() != 0.0) {
                let wrong = Diagnostic::new(Code::OutOfRange, attr.value.span, format!("`{name}` is a whole number, 0 or more"));
                self.diagnostics.push(wrong);
            }
            Some(limit)
        });
        CandidateLimits { steps, events }
    }

    /// Checks a `report`.
    pub(super) fn report(&mut self, reports: &'a [ast::Report], locals: &mut Locals, all: &mut Vec<Statement>) {
        for report in reports {
            let typed = self.in_script(locals, |_, ctx| {
                let typed = check_expr(&report.value, ctx);
                if typed.ty == Type::Bool {
                    dimension::expect_as(typed, Dimension::NONE, "what is reported", None, ctx);
                    None
                } else {
                    Some(typed)
                }
            });
            let name = match (&report.name, &report.value.kind) {
                (Some(name), _) => name.clone(),
                (None, ExprKind::Name(name)) => ast::Name { text: name.clone(), span: report.value.span },
                _ => {
                    let nameless = Diagnostic::new(Code::MissingPart, report.value.span, "what is this column called?");
                    self.diagnostics.push(nameless.help("give it a name: `report m = ...`"));
                    continue;
                }
            };
            let Some(typed) = typed.filter(|typed| !typed.is_error()) else { continue };
            let dimension = typed.ty.dimension().unwrap_or(Dimension::NONE);
            let Some(at) = self.column(&name.text, name.span, dimension, false, locals) else { continue };
            let value = Attribute { value: typed.expr, span: report.value.span };
            all.push(Statement { kind: StatementKind::Report(at, value), span: report.span });
        }
    }

    /// Adds a column, or finds the one that the same report in another branch has; its number among the reports.
    pub(super) fn column(
        &mut self,
        name: &str,
        span: Span,
        dimension: Dimension,
        varied: bool,
        locals: &mut Locals,
    ) -> Option<usize> {
        let columns = locals.sweep.as_mut()?;
        if let Some(at) = columns.columns.iter().position(|column| *column.name == *name) {
            let known = columns.columns.get(at)?;
            if !varied && at >= columns.varied && known.dimension == dimension {
                return Some(at - columns.varied);
            }
            let twice = ast::Name { text: name.into(), span };
            self.diagnostics.push(declared_twice(&twice, span));
            return None;
        }
        let at = if varied { columns.varied } else { columns.columns.len() };
        columns.columns.insert(at, TableColumn { name: name.into(), dimension });
        columns.varied += usize::from(varied);
        Some(at.saturating_sub(columns.varied))
    }

    /// Refuses what stands in a place that has none of its kind.
    pub(super) fn belongs(&mut self, span: Span, message: &str, help: &str) -> Option<StatementKind> {
        self.diagnostics.push(Diagnostic::new(Code::WrongPlace, span, message).help(help));
        None
    }
}

/// Whether any statement is of a kind, at any depth.
fn any(items: &[ast::Stmt], kind: fn(&StmtKind) -> bool) -> bool {
    items.iter().any(|one| {
        kind(&one.kind)
            || match &one.kind {
                StmtKind::For(repeat) => any(&repeat.body.items, kind),
                StmtKind::If(choice) => {
                    any(&choice.then.items, kind) || choice.otherwise.as_ref().is_some_and(|other| any(&other.items, kind))
                }
                _ => false,
            }
    })
}
