//! The longer body of a function: `let`s, choices and a `return`.

use crate::check::dimension;
use crate::check::expr::{Ctx, Typed, branches, check_expr};
use bouton_model::ir::{Expr, Var};
use bouton_syntax::ast::{self, Action, ActionKind, Block, IfAction};
use bouton_syntax::{Code, Diagnostic, Span};

/// The value of a body.
pub(super) fn check(function: &ast::Fn, block: &Block<Action>, ctx: &mut Ctx<'_>) -> Typed {
    let actions: Vec<&Action> = block.items.iter().collect();
    value(&actions, function, ctx)
}

/// The value of the actions that are left.
fn value(actions: &[&Action], function: &ast::Fn, ctx: &mut Ctx<'_>) -> Typed {
    let Some((first, rest)) = actions.split_first() else {
        let message = format!("`{}` comes to its end without a value", function.name.text);
        return ctx.fail(Diagnostic::new(Code::FunctionWithoutValue, function.name.span, message).help("end it with `return x`"));
    };
    match &first.kind {
        ActionKind::Error => Typed::error(first.span),
        ActionKind::Return(value) => {
            let value = check_expr(value, ctx);
            unreachable(rest, ctx);
            value
        }
        ActionKind::Let(bindings) => {
            let bound = ctx.bound();
            let kept = lets(bindings, ctx);
            let result = value(rest, function, ctx);
            ctx.forget(bound);
            let wrap = |inside, (local, value)| Expr::Let(local, Box::new(value), Box::new(inside));
            Typed::new(kept.into_iter().rev().fold(result.expr, wrap), result.ty, result.span)
        }
        ActionKind::If(choice) => choose(choice, rest, function, ctx),
        _ => ctx.fail(misplaced(first.span)),
    }
}

/// Gives values names; those that are not names or numbers themselves are kept in locals.
fn lets(bindings: &[ast::Binding], ctx: &mut Ctx<'_>) -> Vec<(bouton_model::ir::LocalId, Expr)> {
    let mut kept = Vec::new();
    for binding in bindings {
        let value = binding.value.as_ref().map_or_else(|| Typed::error(binding.span), |value| check_expr(value, ctx));
        let local = ctx.fresh_local();
        let (ty, span) = (value.ty, value.span);
        kept.push((local, value.expr));
        ctx.bind(&binding.name.text, Typed::new(Expr::Var(Var::Local(local)), ty, span));
    }
    kept
}

/// A choice: what follows it belongs to each branch that does not return.
fn choose(choice: &IfAction, rest: &[&Action], function: &ast::Fn, ctx: &mut Ctx<'_>) -> Typed {
    let condition = check_expr(&choice.condition, ctx);
    let condition = dimension::expect_truth(condition, "`if`", ctx);
    let then = branch(&choice.then.items, rest, function, ctx);
    let otherwise = choice.otherwise.as_ref().map_or(&[][..], |block| &block.items);
    let otherwise = branch(otherwise, rest, function, ctx);
    branches(condition, then, otherwise, ctx)
}

fn branch(actions: &[Action], rest: &[&Action], function: &ast::Fn, ctx: &mut Ctx<'_>) -> Typed {
    if !ctx.scope.unfold(1, function.name.span, ctx) {
        return Typed::error(function.name.span);
    }
    let mut all: Vec<&Action> = actions.iter().collect();
    if !returns(actions) {
        all.extend(rest);
    }
    value(&all, function, ctx)
}

/// Whether every way through the actions ends in `return`.
fn returns(actions: &[Action]) -> bool {
    actions.iter().any(|action| match &action.kind {
        ActionKind::Return(_) => true,
        ActionKind::If(choice) => {
            returns(&choice.then.items) && choice.otherwise.as_ref().is_some_and(|block| returns(&block.items))
        }
        _ => false,
    })
}

fn unreachable(rest: &[&Action], ctx: &mut Ctx<'_>) {
    if let Some(first) = rest.first() {
        let message = "this is never reached: the function has returned";
        ctx.sink.push(Diagnostic::new(Code::MisplacedAction, first.span, message));
    }
}

fn misplaced(span: Span) -> Diagnostic {
    Diagnostic::new(Code::MisplacedAction, span, "a function only computes a value: `let`, `if` and `return` can stand here")
}
