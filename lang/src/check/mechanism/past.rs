//! `past(x, delay)`: what a variable was some time ago. It stands for an input that nobody can name, which the variable itself drives with the delay.

use super::body::{Body, Role};
use crate::check::expr::{Ctx, Type, Typed, check_expr, wrong_count};
use crate::check::{Checker, dimension};
use bouton_model::algebra::mentions;
use bouton_model::ir::{self, CellBody, Expr, Known, MechanismKind, Var, Variable, VariableKind};
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// The name of the function.
pub(super) const PAST: &str = "past";

const NO_PAST: &str = "only cells without sections, and mechanisms on their connections, can look at their past and draw noise";

impl Checker<'_> {
    /// What sits in sections has no past and no noise.
    pub(crate) fn pasts_fit(&mut self) {
        let trees =
            self.program.cells.iter().filter_map(|cell| if let CellBody::Tree(tree) = &cell.body { Some(tree) } else { None });
        let inserts = trees.flat_map(|tree| &tree.sections).flat_map(|section| &section.inserts);
        for insert in inserts {
            let Some(mechanism) = self.program.mechanisms.get(insert.mechanism.index()) else { continue };
            if !mechanism.pasts.is_empty() || mechanism.noisy {
                let wrong = Diagnostic::new(Code::WrongMechanism, insert.span, NO_PAST);
                self.diagnostics.push(wrong.also(mechanism.span, "this one does"));
            }
        }
    }
}

impl Body<'_> {
    /// A call of `past`, or of what stands for other variables that nobody can name; nothing where it is something else.
    pub(super) fn hidden(&self, e: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let ExprKind::Call { callee, args } = &e.kind else { return None };
        let ExprKind::Name(name) = &callee.kind else { return None };
        if self.functions.iter().any(|own| own.name.text == *name) {
            return None;
        }
        self.hidden.first.set(self.declared.len());
        // A mechanism without membrane may yet be put on a connection.
        let made = match &**name {
            PAST if ctx.scope.declared.names.find_from(self.home, PAST).is_none() => {
                self.taken(args, e.span, ctx).unwrap_or_else(|wrong| ctx.fail(*wrong).at(e.span))
            }
            _ => self.hidden.call(e, self.per, ctx)?,
        };
        match self.kind == MechanismKind::Point && !made.is_error() && &**name != "samples" {
            true => Some(ctx.fail(Diagnostic::new(Code::WrongMechanism, e.span, NO_PAST)).at(e.span)),
            false => Some(made),
        }
    }

    fn taken(&self, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Result<Typed, Box<Diagnostic>> {
        let form = "write `past(x, 10 ms)` with a variable of the cell";
        let [of, delay] = args else { return Err(Box::new(wrong_count(PAST, 2, 2, args.len(), span).help(form))) };
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
        Ok(Typed::new(Expr::Var(Var::Own(self.hidden.past(id, dimension, delay, at))), ty, span))
    }

    /// Delays are known before anything runs, and nothing of this is there when states begin.
    pub(super) fn hidden_fits(&self, mechanism: &ir::Mechanism, sink: &mut Diagnostics) {
        let moves = |var: Var| match var {
            Var::Own(id) => match self.declared.get(id.index()).map(|one| &one.role) {
                Some(role) => matches!(role, Role::State | Role::Input),
                None => true,
            },
            Var::Known(known) => known == Known::T,
            _ => false,
        };
        let initial = |variable: &Variable| match &variable.kind {
            VariableKind::State { initial } => mentions(mechanism, initial, &|var| self.hidden.is(var)),
            _ => false,
        };
        if let Some(state) = mechanism.variables.iter().find(|variable| initial(variable)) {
            let message =
                format!("`{}` begins with a value of the past or of noise, and there is none before it begins", state.name);
            sink.push(Diagnostic::new(Code::NotKnownYet, state.span, message));
        }
        for (delay, span) in self.hidden.delays() {
            if mentions(mechanism, &delay, &moves) {
                let message = "a delay cannot change while the cell runs: it is a number, or follows from parameters";
                sink.push(Diagnostic::new(Code::WrongArguments, span, message));
            }
        }
    }
}
