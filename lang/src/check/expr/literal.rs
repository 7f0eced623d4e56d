//! Numbers and units: `0.12 S/cm2`, `36 degC`, `x in mV`.

use super::{Ctx, Literal, Type, Typed, check_expr};
use crate::check::dimension;
use crate::check::unsupported::{Construct, refuse};
use bouton_model::ir::{Binary, Expr};
use bouton_model::unit::table::{self, Unit};
use bouton_model::unit::{Dimension, Exponent};
use bouton_syntax::ast::{self, Power, UnitExpr, UnitTerm};
use bouton_syntax::{Code, Diagnostic, Span, did_you_mean};

/// A number without a unit.
pub(super) fn number(value: f64, span: Span) -> Typed {
    let ty = if value == 0.0 { Type::Zero } else { Type::PLAIN };
    let literal = Some(Literal { value, unit: Unit::ONE, bare: false });
    Typed { expr: Expr::Number(value), ty, span, literal, bare_number: Some(span) }
}

/// A number with a unit.
pub(super) fn quantity(value: f64, unit: &UnitTerm, span: Span, ctx: &mut Ctx<'_>) -> Typed {
    match term(unit, ctx) {
        Some(unit) => of_literal(Literal { value, unit, bare: false }, span),
        None => Typed::error(span),
    }
}

/// A unit without a number.
pub(super) fn bare_unit(unit: Unit, span: Span) -> Typed {
    of_literal(Literal { value: 1.0, unit, bare: true }, span)
}

/// A number with its unit in the coherent system.
fn of_literal(literal: Literal, span: Span) -> Typed {
    let ty = if literal.unit.is_affine() { Type::Temperature { absolute: false } } else { Type::Number(literal.unit.dimension) };
    Typed { expr: Expr::Number(literal.unit.coherent(literal.value)), ty, span, literal: Some(literal), bare_number: None }
}

/// `-18.8 um`, `-5 degC`: the sign goes to the number before the unit does.
pub(super) fn negated(operand: &Typed) -> Option<Typed> {
    let literal = operand.literal?;
    let ty = operand.ty;
    let negated = of_literal(Literal { value: -literal.value, bare: false, ..literal }, operand.span);
    Some(Typed { ty, bare_number: operand.bare_number, ..negated })
}

/// A number followed by `* unit` or `/ unit`: units are multiplied first, so that `5 pS/um2` is rounded once.
pub(super) fn joined(left: &Typed, right: &Typed, power: i16) -> Option<Typed> {
    let (number, unit) = (left.literal?, right.literal.filter(|right| right.bare)?);
    if number.unit.is_affine() || unit.unit.is_affine() {
        return None;
    }
    let unit = number.unit.times(&unit.unit.power(Exponent { num: power, den: 1 })?)?;
    Some(of_literal(Literal { unit, ..number }, left.span))
}

/// `x / um`, `x * um`: by the power of ten that is exact.
pub(super) fn by_unit(left: Expr, right: &Typed, divides: bool) -> Option<Expr> {
    let unit = right.literal.filter(|right| right.bare)?.unit;
    Some(if divides { counted(left, &unit) } else { multiplied(left, &unit) })
}

/// `0.1 i`
pub(super) fn imaginary(span: Span, ctx: &mut Ctx<'_>) -> Typed {
    refuse(Construct::Complex, span, ctx.sink);
    Typed::error(span)
}

/// `x in mV`: how many of them.
pub(super) fn in_unit(value: &ast::Expr, unit: &UnitExpr, span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let value = check_expr(value, ctx);
    let Some(unit) = unit_of(unit, ctx) else { return Typed::error(span) };
    let offset = unit.is_affine() && matches!(value.ty, Type::Temperature { .. });
    if unit.is_affine() && !offset && !value.is_error() {
        let message = "a difference of temperatures cannot be counted in degC";
        return ctx.fail(Diagnostic::new(Code::TemperatureArithmetic, span, message).help("write `in K`"));
    }
    let value = dimension::expect(value, unit.dimension, "`in`", ctx);
    let from_zero = if offset { binary(Binary::Sub, value, Expr::Number(unit.offset)) } else { value };
    Typed::number(counted(from_zero, &unit), Dimension::NONE, span)
}

/// A value divided by a unit, by multiplication where the unit is a fraction such as 1e-6, which is not exact.
fn counted(value: Expr, unit: &Unit) -> Expr {
    match unit.factor() {
        1.0 => value,
        factor if factor < 1.0 => binary(Binary::Mul, value, Expr::Number(unit.reciprocal())),
        factor => binary(Binary::Div, value, Expr::Number(factor)),
    }
}

/// A number of units in the coherent system, by division where the unit is a fraction such as 1e-6.
fn multiplied(value: Expr, unit: &Unit) -> Expr {
    match unit.factor() {
        1.0 => value,
        factor if factor < 1.0 => binary(Binary::Div, value, Expr::Number(unit.reciprocal())),
        factor => binary(Binary::Mul, value, Expr::Number(factor)),
    }
}

fn binary(op: Binary, left: Expr, right: Expr) -> Expr {
    Expr::Binary(op, Box::new(left), Box::new(right))
}

/// A unit where only a unit can stand; nothing where it is broken or unknown, which has been reported.
pub(crate) fn unit_of(unit: &UnitExpr, ctx: &mut Ctx<'_>) -> Option<Unit> {
    if unit.broken {
        return None;
    }
    if let [only] = unit.terms.as_slice() {
        return term(only, ctx);
    }
    let mut product = Some(Unit::ONE);
    for one in &unit.terms {
        let factor = term(one, ctx)?;
        if factor.is_affine() {
            return affine_in_product(one, ctx);
        }
        product = product.and_then(|product| product.times(&factor));
    }
    product.or_else(|| too_large(unit.span, ctx))
}

/// One factor of a unit.
fn term(term: &UnitTerm, ctx: &mut Ctx<'_>) -> Option<Unit> {
    let Some(unit) = table::find(&term.name.text) else {
        ctx.sink.push(unknown(&term.name.text, term.name.span));
        return None;
    };
    if term.power == Power::ONE {
        return Some(unit);
    }
    if unit.is_affine() {
        return affine_in_product(term, ctx);
    }
    let power = Exponent::new(i64::from(term.power.num), i64::from(term.power.den));
    power.and_then(|power| unit.power(power)).or_else(|| too_large(term.span, ctx))
}

fn affine_in_product(term: &UnitTerm, ctx: &mut Ctx<'_>) -> Option<Unit> {
    let message = "degC is a temperature, not a difference: it has no powers and stands in no product";
    ctx.sink.push(Diagnostic::new(Code::TemperatureArithmetic, term.span, message).help("write `K`"));
    None
}

fn too_large(span: Span, ctx: &mut Ctx<'_>) -> Option<Unit> {
    ctx.sink.push(Diagnostic::new(Code::DimensionTooLarge, span, "the exponents of this unit are too large"));
    None
}

/// The diagnostic of a unit that does not exist.
pub(super) fn unknown(name: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownUnit, span, format!("there is no unit `{name}`"));
    let units: Vec<String> = table::names().collect();
    let diagnostic = diagnostic.candidates(units.iter().map(String::as_str));
    match did_you_mean(name, &units) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(span, near, format!("write `{near}`")),
        None => diagnostic,
    }
}
