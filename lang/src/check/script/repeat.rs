//! `for` and `if` among statements.

use super::measure::there;
use super::names::Locals;
use super::series::series;
use crate::check::Checker;
use crate::check::declare::Symbol;
use crate::check::expr::{Ctx, Type, check_expr};
use crate::check::{View, dimension};
use bouton_model::ir::{Expr, RangeStep, Statement, StatementKind, Values};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind, Spacing};
use bouton_syntax::{Code, Diagnostic};

impl<'a> Checker<'a> {
    /// Checks a `for`.
    pub(super) fn repeat(&mut self, repeat: &'a ast::For, locals: &mut Locals) -> Option<StatementKind> {
        let values = self.in_script(locals, |view, ctx| match series(view, &repeat.values, ctx) {
            Some(found) => {
                let (series, dimension) = found.filter(|(series, _)| there(view, series, repeat.values.span, ctx))?;
                Some((Values::Series(series), Type::Number(dimension)))
            }
            None => values(&repeat.values, view, ctx),
        });
        let id = self.in_script(locals, |_, ctx| ctx.fresh_local());
        locals.open();
        let ty = values.as_ref().map_or(Type::Error, |(_, ty)| *ty);
        locals.add(repeat.variable.text.clone(), id, ty, repeat.variable.span);
        let body = self.block(&repeat.body, locals);
        locals.close();
        Some(StatementKind::For(id, values?.0, body))
    }

    /// Checks an `if`.
    pub(super) fn choice(&mut self, choice: &'a ast::If, locals: &mut Locals) -> Option<StatementKind> {
        let condition = self.condition(&choice.condition, "`if`", locals);
        let then = self.own_block(&choice.then, locals);
        let otherwise = choice.otherwise.as_ref().map_or_else(Vec::new, |block| self.own_block(block, locals));
        Some(StatementKind::If(condition?, then, otherwise))
    }

    fn own_block(&mut self, block: &'a ast::Block<ast::Stmt>, locals: &mut Locals) -> Vec<Statement> {
        locals.open();
        let body = self.block(block, locals);
        locals.close();
        body
    }

    pub(super) fn block(&mut self, block: &'a ast::Block<ast::Stmt>, locals: &mut Locals) -> Vec<Statement> {
        let mut all = Vec::new();
        for one in &block.items {
            self.statement(&one.kind, one.span, locals, &mut all);
        }
        all
    }
}

/// The values that a `for` goes through, and their type.
pub(super) fn values(expr: &ast::Expr, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<(Values, Type)> {
    match &expr.kind {
        ExprKind::Error => None,
        ExprKind::List(parts) => list(parts, expr, ctx),
        ExprKind::Range(range) => self::range(range, ctx),
        ExprKind::Name(name) => match view.declared.names.find(name) {
            Some(Symbol::Let(binding)) => match binding.value.as_ref().map(|value| (&value.kind, value)) {
                Some((ExprKind::List(parts), value)) => list(parts, value, ctx),
                Some((ExprKind::Range(range), _)) => self::range(range, ctx),
                _ => not_values(expr, ctx),
            },
            Some(Symbol::Broken) => None,
            _ => not_values(expr, ctx),
        },
        _ => not_values(expr, ctx),
    }
}

fn not_values(expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<(Values, Type)> {
    let wrong = Diagnostic::new(Code::WrongArguments, expr.span, "`for` goes through a list or a range");
    ctx.sink.push(wrong.help("write `for x in [1, 2, 5]` or `for x in 0 .. 10`"));
    None
}

fn list(parts: &[ast::Expr], whole: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<(Values, Type)> {
    let (values, ty) = dimension::one_kind(parts, ctx)?;
    if values.is_empty() {
        let empty = Diagnostic::new(Code::ReachesNothing, whole.span, "this list is empty, so nothing would be done");
        ctx.sink.push(empty);
        return None;
    }
    Some((Values::List(values), if ty == Type::Zero { Type::PLAIN } else { ty }))
}

fn range(range: &ast::Range, ctx: &mut Ctx<'_>) -> Option<(Values, Type)> {
    let (start, end) = (check_expr(&range.start, ctx), check_expr(&range.end, ctx));
    if start.is_error() || end.is_error() {
        return None;
    }
    let ty = dimension::alike(
        &start,
        &end,
        |a, b| format!("a range goes from one kind of value to the same; found {a} and {b}"),
        ctx,
    )?;
    let Some(of) = ty.dimension() else {
        ctx.sink.push(Diagnostic::new(Code::NotANumber, range.start.span, "a range goes from number to number"));
        return None;
    };
    let step = match &range.spacing {
        None => RangeStep::One,
        Some(Spacing::By(by)) => RangeStep::By(number(by, of, "`by`", ctx)?),
        Some(Spacing::Steps(steps)) => RangeStep::Steps(number(steps, Dimension::NONE, "`steps`", ctx)?),
    };
    if matches!(step, RangeStep::One) && !of.is_none() {
        let span = range.start.span.to(range.end.span);
        let endless = Diagnostic::new(Code::WrongArguments, span, "how many values does this range have?");
        ctx.sink.push(endless.help("add `steps 10` or `by` with a distance"));
        return None;
    }
    let ty = if ty == Type::Zero { Type::PLAIN } else { ty };
    Some((Values::Range { start: start.expr, end: end.expr, step, log: range.log }, ty))
}

fn number(expr: &ast::Expr, of: Dimension, what: &str, ctx: &mut Ctx<'_>) -> Option<Expr> {
    crate::check::value::quantity(expr, of, what, ctx).map(|value| value.value)
}
