//! Comparisons, truth values and `if`.

use super::{Ctx, Type, Typed, arithmetic, check_expr};
use crate::check::dimension;
use bouton_model::ir::{self, Binary, Expr};
use bouton_syntax::Span;
use bouton_syntax::ast::{self, CompareOp};

/// `a < b`
pub(super) fn compare(op: CompareOp, left: &ast::Expr, right: &ast::Expr, ctx: &mut Ctx<'_>) -> Typed {
    let left = check_expr(left, ctx);
    let right = check_expr(right, ctx);
    let span = left.span.to(right.span);
    match dimension::alike(&left, &right, |a, b| format!("{a} cannot be compared with {b}"), ctx) {
        Some(_) => arithmetic::apply(of(op), left, right, Type::Bool),
        None => Typed::new(Expr::Bool(false), Type::Error, span),
    }
}

fn of(op: CompareOp) -> Binary {
    match op {
        CompareOp::Eq => Binary::Eq,
        CompareOp::Ne => Binary::Ne,
        CompareOp::Lt => Binary::Lt,
        CompareOp::Le => Binary::Le,
        CompareOp::Gt => Binary::Gt,
        CompareOp::Ge => Binary::Ge,
    }
}

/// `a and b`, `a or b`
pub(super) fn both(op: Binary, left: Typed, right: Typed, ctx: &mut Ctx<'_>) -> Typed {
    let what = if op == Binary::And { "`and`" } else { "`or`" };
    let span = left.span.to(right.span);
    let left = dimension::expect_truth(left, what, ctx);
    let right = dimension::expect_truth(right, what, ctx);
    Typed::truth(Expr::Binary(op, Box::new(left), Box::new(right)), span)
}

/// `not a`
pub(super) fn not(operand: &ast::Expr, span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let operand = check_expr(operand, ctx);
    let operand = dimension::expect_truth(operand, "`not`", ctx);
    Typed::truth(Expr::Unary(ir::Unary::Not, Box::new(operand)), span)
}

/// `if c { a } else { b }`
pub(super) fn choose(condition: &ast::Expr, then: &ast::Expr, otherwise: &ast::Expr, ctx: &mut Ctx<'_>) -> Typed {
    let condition = check_expr(condition, ctx);
    let condition = dimension::expect_truth(condition, "`if`", ctx);
    let then = check_expr(then, ctx);
    let otherwise = check_expr(otherwise, ctx);
    branches(condition, then, otherwise, ctx)
}

/// An `if` of checked parts.
pub(crate) fn branches(condition: Expr, then: Typed, otherwise: Typed, ctx: &mut Ctx<'_>) -> Typed {
    let span = then.span.to(otherwise.span);
    let ty = match (then.ty, otherwise.ty) {
        (Type::Bool, Type::Bool) => Some(Type::Bool),
        _ => dimension::alike(&then, &otherwise, |a, b| format!("one branch of `if` is {a}, the other {b}"), ctx),
    };
    let expr = Expr::If(Box::new(condition), Box::new(then.expr), Box::new(otherwise.expr));
    match ty {
        Some(ty) => Typed::new(expr, ty, span),
        None => Typed::error(span),
    }
}
