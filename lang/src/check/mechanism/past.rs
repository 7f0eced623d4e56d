//! `past(x, delay)`: what a variable was some time ago. It stands for an input that nobody can name, which the variable itself drives with the delay; and the delay
//! for a parameter.

use super::body::{Body, Role};
use crate::check::expr::{Ctx, Type, Typed, check_expr};
use crate::check::{Checker, dimension, expr};
use bouton_model::algebra::mentions;
use bouton_model::ir::{self, CellBody, Expr, Known, MechanismKind, Past, Var, VarId, Variable, VariableKind};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// What a mechanism takes of its own past.
#[derive(Default)]
pub(super) struct Pasts {
    all: Vec<One>,
}

struct One {
    /// Of what.
    of: VarId,
    dimension: Dimension,
    /// How long ago (ms).
    delay: Expr,
    span: Span,
}

const NO_PAST: &str = "only cells without sections, and mechanisms on their connections, can look at their past";

impl Checker<'_> {
    /// What sits in sections has no past.
    pub(crate) fn pasts_fit(&mut self) {
        let trees =
            self.program.cells.iter().filter_map(|cell| if let CellBody::Tree(tree) = &cell.body { Some(tree) } else { None });
        let inserts = trees.flat_map(|tree| &tree.sections).flat_map(|section| &section.inserts);
        for insert in inserts {
            let Some(mechanism) = self.program.mechanisms.get(insert.mechanism.index()) else { continue };
            if let Some(past) = mechanism.pasts.first().and_then(|past| mechanism.variables.get(past.input.index())) {
                let wrong = Diagnostic::new(Code::WrongMechanism, insert.span, NO_PAST);
                self.diagnostics.push(wrong.also(past.span, "it does so here"));
            }
        }
    }
}

/// The name of the function.
pub(super) const PAST: &str = "past";

impl Body<'_> {
    /// A call of `past`; nothing where it is something else.
    pub(super) fn past(&self, e: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let ExprKind::Call { callee, args } = &e.kind else { return None };
        let named = matches!(&callee.kind, ExprKind::Name(name) if &**name == PAST);
        if !named || self.functions.iter().any(|own| &*own.name.text == PAST) || ctx.scope.declared.names.find(PAST).is_some() {
            return None;
        }
        Some(self.taken(args, e.span, ctx).unwrap_or_else(|wrong| ctx.fail(*wrong).at(e.span)))
    }

    fn taken(&self, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Result<Typed, Box<Diagnostic>> {
        let form = "write `past(x, 10 ms)` with a variable of the cell";
        let [of, delay] = args else { return Err(Box::new(expr::wrong_count(PAST, 2, 2, args.len(), span).help(form))) };
        // A mechanism without membrane may yet be put on a connection.
        if self.kind == MechanismKind::Point {
            return Err(Box::new(Diagnostic::new(Code::WrongMechanism, span, NO_PAST)));
        }
        let id = match &of.value.kind {
            ExprKind::Name(name) => self.find(name).map(|(id, _)| id),
            _ => None,
        };
        let Some(id) = id else {
            let message = "`past` takes a variable of the cell, and this is none";
            return Err(Box::new(Diagnostic::new(Code::WrongArguments, of.value.span, message).help(form)));
        };
        let ty = self.type_of(id, ctx);
        let delay = check_expr(&delay.value, ctx);
        if delay.is_error() || ty == Type::Error {
            return Ok(Typed::error(span));
        }
        let at = delay.span;
        let delay = self.in_ms(dimension::expect(delay, self.time(), "the delay", ctx));
        let Some(dimension) = ty.dimension() else { return Ok(Typed::error(span)) };
        let mut pasts = self.pasts.borrow_mut();
        let known = pasts.all.iter().position(|one| one.of == id && one.delay == delay);
        let number = known.unwrap_or_else(|| {
            pasts.all.push(One { of: id, dimension, delay, span: at });
            pasts.all.len() - 1
        });
        let input = VarId((self.declared.len() + 2 * number) as u32);
        Ok(Typed::new(Expr::Var(Var::Own(input)), ty, span))
    }

    /// The inputs and parameters that stand for what was taken, behind the declared variables.
    pub(super) fn add_pasts(&self, mechanism: &mut ir::Mechanism) {
        mechanism.variables.truncate(self.declared.len());
        mechanism.pasts.clear();
        for one in &self.pasts.borrow().all {
            let next = mechanism.variables.len() as u32;
            let (input, delay) = (VarId(next), VarId(next + 1));
            let name = |what: &str| format!("{what} {}", mechanism.pasts.len()).into();
            let base = VariableKind::Input { base: Expr::Number(0.0) };
            let default = VariableKind::Param { default: Some(one.delay.clone()) };
            let (taken, long) = (name("past"), name("delay"));
            mechanism.variables.push(Variable { name: taken, span: one.span, dimension: one.dimension, kind: base });
            mechanism.variables.push(Variable { name: long, span: one.span, dimension: Dimension::TIME, kind: default });
            mechanism.pasts.push(Past { input, of: one.of, delay });
        }
    }

    /// Whether it is one of those inputs, or its delay.
    fn is_past(&self, var: Var) -> bool {
        matches!(var, Var::Own(id) if id.index() >= self.declared.len())
    }

    /// Delays are known before anything runs.
    pub(super) fn pasts_are_fixed(&self, mechanism: &ir::Mechanism, sink: &mut Diagnostics) {
        let moves = |var: Var| match var {
            Var::Own(id) => match self.declared.get(id.index()).map(|one| &one.role) {
                Some(role) => matches!(role, Role::State | Role::Input),
                None => true,
            },
            Var::Known(known) => known == Known::T,
            _ => false,
        };
        for one in &self.pasts.borrow().all {
            let initial = |variable: &Variable| match &variable.kind {
                VariableKind::State { initial } => mentions(mechanism, initial, &|var| self.is_past(var)),
                _ => false,
            };
            if let Some(state) = mechanism.variables.iter().find(|variable| initial(variable)) {
                let message = format!("`{}` begins with a value of the past, and there is none before it begins", state.name);
                sink.push(Diagnostic::new(Code::NotKnownYet, state.span, message));
                return;
            }
            if mentions(mechanism, &one.delay, &moves) {
                let message = "a delay cannot change while the cell runs: it is a number, or follows from parameters";
                sink.push(Diagnostic::new(Code::WrongArguments, one.span, message));
            }
        }
    }
}
