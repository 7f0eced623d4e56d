//! Sums, products and powers.

use super::{Ctx, Type, Typed, check_expr, choice, literal};
use crate::check::{constant, dimension};
use bouton_model::ir::{self, Binary, Expr};
use bouton_model::unit::quantity::describe_in_sentence;
use bouton_model::unit::{Dimension, Exponent};
use bouton_syntax::ast::{self, BinaryOp};
use bouton_syntax::{Code, Diagnostic, Span};

/// `-x`
pub(super) fn negate(operand: &ast::Expr, span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let value = check_expr(operand, ctx);
    if let Some(negated) = literal::negated(&value) {
        return negated.at(span);
    }
    let ty = match (value.ty, dimension::factor(&value, ctx)) {
        (_, None) => return Typed::error(span),
        (Type::Zero, _) => Type::Zero,
        (_, Some(dimension)) => Type::Number(dimension),
    };
    Typed::new(Expr::Unary(ir::Unary::Neg, Box::new(value.expr)), ty, span)
}

/// An operation of two operands.
pub(super) fn binary(op: BinaryOp, op_span: Span, left: &ast::Expr, right: &ast::Expr, ctx: &mut Ctx<'_>) -> Typed {
    let left = check_expr(left, ctx);
    let written = right;
    let right = check_expr(right, ctx);
    if matches!(op, BinaryOp::Mul | BinaryOp::Div) && left.literal.is_some() && right.literal.is_none() {
        ctx.note_hidden_unit(written, op == BinaryOp::Div);
        // With spaces around it the sign stands between two values, and the name is meant.
        let like_a_unit = left.span.end == op_span.start && op_span.end == right.span.start;
        if like_a_unit && !right.is_error() {
            ctx.warn_of_hidden_unit(right.span);
        }
    }
    match op {
        BinaryOp::Or => choice::both(Binary::Or, left, right, ctx),
        BinaryOp::And => choice::both(Binary::And, left, right, ctx),
        BinaryOp::Add => sum(Binary::Add, left, right, ctx),
        BinaryOp::Sub => sum(Binary::Sub, left, right, ctx),
        BinaryOp::Mul => product(Binary::Mul, left, right, ctx),
        BinaryOp::Div => product(Binary::Div, left, right, ctx),
        BinaryOp::Pow => power(op_span, left, right, ctx),
    }
}

fn sum(op: Binary, left: Typed, right: Typed, ctx: &mut Ctx<'_>) -> Typed {
    let span = left.span.to(right.span);
    for side in [&left, &right] {
        if side.ty == Type::Bool && dimension::factor(side, ctx).is_none() {
            return Typed::error(span);
        }
    }
    let says = |a: &str, b: &str| match op {
        Binary::Sub => format!("{b} cannot be subtracted from {a}"),
        _ => format!("{a} and {b} cannot be added"),
    };
    let Some(alike) = dimension::alike(&left, &right, says, ctx) else { return Typed::error(span) };
    match temperature(op, &left, &right, ctx) {
        Some(Type::Error) => Typed::error(span),
        special => apply(op, left, right, special.unwrap_or(alike)),
    }
}

/// The type of a sum or difference with a temperature in it: two temperatures differ by kelvins and have no sum.
fn temperature(op: Binary, left: &Typed, right: &Typed, ctx: &mut Ctx<'_>) -> Option<Type> {
    match (op, left.ty, right.ty) {
        (Binary::Add, Type::Temperature { .. }, Type::Temperature { .. }) => {
            let message = "two temperatures cannot be added";
            let diagnostic = Diagnostic::new(Code::TemperatureArithmetic, right.span, message).also(left.span, "a temperature");
            Some(ctx.fail(diagnostic.help("a difference of temperatures is written in K: `36 degC + 10 K`")).ty)
        }
        (Binary::Sub, _, Type::Temperature { .. }) => Some(Type::Number(Dimension::TEMPERATURE)),
        _ => None,
    }
}

fn product(op: Binary, left: Typed, right: Typed, ctx: &mut Ctx<'_>) -> Typed {
    let power = if op == Binary::Mul { 1 } else { -1 };
    let span = left.span.to(right.span);
    if let Some(joined) = literal::joined(&left, &right, power) {
        return joined.at(span);
    }
    let (a, b) = (dimension::factor(&left, ctx), dimension::factor(&right, ctx));
    let (Some(a), Some(b)) = (a, b) else { return Typed::error(span) };
    let dimension = if op == Binary::Mul { a.times(&b) } else { a.over(&b) };
    let Some(dimension) = dimension else { return too_large(span, ctx) };
    match literal::by_unit(left.expr.clone(), &right, op == Binary::Div) {
        Some(scaled) => Typed::number(scaled, dimension, span),
        None => apply(op, left, right, Type::Number(dimension)),
    }
}

fn power(op_span: Span, base: Typed, exponent: Typed, ctx: &mut Ctx<'_>) -> Typed {
    let span = base.span.to(exponent.span);
    let (Some(of), Some(to)) = (dimension::factor(&base, ctx), dimension::factor(&exponent, ctx)) else {
        return Typed::error(span);
    };
    if !to.is_none() {
        let message = format!("an exponent is a plain number; found {}", describe_in_sentence(&to));
        return ctx.fail(Diagnostic::new(Code::BadExponent, exponent.span, message));
    }
    if of.is_none() {
        return apply(Binary::Pow, base, exponent, Type::PLAIN);
    }
    let Some(constant) = constant::value(&exponent.expr) else {
        return ctx.fail(varying_exponent(&base, &exponent, op_span, of));
    };
    let Some(rational) = rational(constant) else {
        let message = format!("{} to the power {constant} has no dimension", describe_in_sentence(&of));
        return ctx
            .fail(Diagnostic::new(Code::BadExponent, exponent.span, message).help("divide by a unit first, or use a fraction"));
    };
    match of.power(rational) {
        Some(dimension) => apply(Binary::Pow, base, exponent, Type::Number(dimension)),
        None => too_large(span, ctx),
    }
}

fn varying_exponent(base: &Typed, exponent: &Typed, op_span: Span, of: Dimension) -> Diagnostic {
    let message = format!("{} has an exponent that can vary, so its dimension is not known", describe_in_sentence(&of));
    Diagnostic::new(Code::BadExponent, op_span, message)
        .label("the base must be a plain number, or the exponent a constant")
        .also(base.span, describe_in_sentence(&of))
        .also(exponent.span, "can vary")
        .help("divide first: `c^n / (c^n + k^n)` is `1 / (1 + (k / c)^n)`")
}

/// The fraction that a number stands for, with a denominator of at most 64.
fn rational(x: f64) -> Option<Exponent> {
    (1..=64i64).find_map(|den| {
        let num = (x * den as f64).round();
        let near = (num / den as f64 - x).abs() <= 1e-12 * x.abs().max(1.0);
        if near && num.abs() < 1e4 { Exponent::new(num as i64, den) } else { None }
    })
}

fn too_large(span: Span, ctx: &mut Ctx<'_>) -> Typed {
    ctx.fail(Diagnostic::new(Code::DimensionTooLarge, span, "the exponents of this dimension are too large"))
}

/// The operation itself.
pub(super) fn apply(op: Binary, left: Typed, right: Typed, ty: Type) -> Typed {
    let span = left.span.to(right.span);
    Typed::new(Expr::Binary(op, Box::new(left.expr), Box::new(right.expr)), ty, span)
}
