//! Whether dimensions fit, said in the user's words.

use super::expr::{Ctx, Type, Typed, check_expr};
use bouton_model::ir::Expr;
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::{describe, describe_in_sentence, unit_text};
use bouton_model::unit::table;
use bouton_syntax::ast;
use bouton_syntax::{Code, Diagnostic, Span};

/// The expression, if it has the dimension that `what` needs (`"the weight"`, `` "`gnabar`" ``). A literal 0 always has.
pub(crate) fn expect(value: Typed, wanted: Dimension, what: &str, ctx: &mut Ctx<'_>) -> Expr {
    expect_as(value, wanted, what, None, ctx)
}

/// As [`expect`], with the place where the dimension was laid down.
pub(crate) fn expect_as(value: Typed, wanted: Dimension, what: &str, declared: Option<Span>, ctx: &mut Ctx<'_>) -> Expr {
    match value.ty {
        Type::Error | Type::Zero => {}
        Type::Number(found) if found == wanted => {}
        Type::Temperature { .. } if wanted == Dimension::TEMPERATURE => {}
        Type::Bool => {
            let message = format!("{what}: expected {}; found a truth value", describe(&wanted));
            ctx.sink.push(Diagnostic::new(Code::NotANumber, value.span, message).label("true or false"));
        }
        Type::Number(_) | Type::Temperature { .. } => {
            let found = value.ty.dimension().map_or_else(String::new, |found| describe(&found));
            let message = format!("{what}: expected {}; found {found}", describe(&wanted));
            let diagnostic = mismatch(message, value.span, ctx).label(format!("this is {found}")).candidates(units_of(wanted));
            let diagnostic = match declared {
                Some(span) => diagnostic.also(span, format!("{what} is {}", describe(&wanted))),
                None => diagnostic,
            };
            let diagnostic = match value.bare_number.filter(|_| value.ty == Type::PLAIN) {
                Some(number) => without_unit(help(diagnostic, value.ty, wanted), number, wanted),
                None => help(diagnostic, value.ty, wanted),
            };
            ctx.sink.push(diagnostic);
        }
    }
    value.expr
}

/// The units that a quantity of a dimension can be written in, the usual one first; of a product those of its first factor too, which others follow.
fn units_of(wanted: Dimension) -> impl Iterator<Item = String> {
    let usual = unit_text(&wanted);
    let of = |name: &str| table::find(name).map(|unit| unit.dimension);
    let factor = usual.split(['/', '*']).next().and_then(of);
    let names = table::names().filter(move |name| of(name).is_some_and(|found| found == wanted || Some(found) == factor));
    Some(usual).filter(|text| *text != "1").into_iter().chain(names)
}

/// The expression, if it is true or false.
pub(crate) fn expect_truth(value: Typed, what: &str, ctx: &mut Ctx<'_>) -> Expr {
    if !matches!(value.ty, Type::Bool | Type::Error) {
        let message = format!("{what}: expected a condition; found {}", words(value.ty));
        let diagnostic = Diagnostic::new(Code::NotANumber, value.span, message).label("neither true nor false");
        ctx.sink.push(diagnostic.help("compare it with something: `x > 0`"));
    }
    value.expr
}

/// The type of two values that must be alike; nothing where they are not, which has been reported.
/// `says` makes the message of the two descriptions.
pub(crate) fn alike(left: &Typed, right: &Typed, says: impl Fn(&str, &str) -> String, ctx: &mut Ctx<'_>) -> Option<Type> {
    use Type::{Bool, Error, Number, Temperature, Zero};
    match (left.ty, right.ty) {
        (Error, _) | (_, Error) => return None,
        (Zero, other) | (other, Zero) if other != Bool => return Some(other),
        (Number(a), Number(b)) if a == b => return Some(left.ty),
        (Temperature { absolute: a }, Temperature { absolute: b }) => return Some(Temperature { absolute: a && b }),
        (Temperature { .. }, Number(Dimension::TEMPERATURE)) => return Some(left.ty),
        (Number(Dimension::TEMPERATURE), Temperature { .. }) => return Some(right.ty),
        _ => {}
    }
    let (a, b) = (words(left.ty), words(right.ty));
    let whole = left.span.to(right.span);
    let diagnostic = match (left.ty, right.ty) {
        (Bool, _) | (_, Bool) => Diagnostic::new(Code::NotANumber, right.span, says(&a, &b)),
        _ => Diagnostic { span: right.span, ..mismatch(says(&a, &b), whole, ctx) },
    };
    let diagnostic = diagnostic.label(b).also(left.span, a);
    let diagnostic = diagnostic.candidates(left.ty.dimension().into_iter().flat_map(units_of));
    let diagnostic = match (left.ty, right.ty) {
        (Temperature { .. }, Number(Dimension::NONE)) | (Number(Dimension::NONE), Temperature { .. }) => {
            diagnostic.help("give the number a unit: `36 degC`")
        }
        _ => diagnostic,
    };
    ctx.sink.push(diagnostic);
    None
}

/// The values of a list and their one type; nothing where one is broken or of another kind, which has been reported.
pub(crate) fn one_kind(parts: &[ast::Expr], ctx: &mut Ctx<'_>) -> Option<(Vec<Expr>, Type)> {
    let typed: Vec<_> = parts.iter().map(|part| check_expr(part, ctx)).collect();
    if typed.iter().any(Typed::is_error) {
        return None;
    }
    if let Some(truth) = typed.iter().find(|one| one.ty == Type::Bool) {
        let wrong = Diagnostic::new(Code::NotANumber, truth.span, "a truth value cannot stand in a list");
        ctx.sink.push(wrong.label("expected a number"));
        return None;
    }
    let mut whole = typed.first().cloned().unwrap_or_else(|| Typed::new(Expr::Number(0.0), Type::Zero, Span::default()));
    for other in typed.iter().skip(1) {
        whole.ty = alike(&whole, other, |a, b| format!("a list has values of one kind; found {a} and {b}"), ctx)?;
    }
    Some((typed.into_iter().map(|one| one.expr).collect(), whole.ty))
}

/// The dimension of a factor; nothing for what cannot stand in a product, which has been reported.
pub(crate) fn factor(value: &Typed, ctx: &mut Ctx<'_>) -> Option<Dimension> {
    match value.ty {
        Type::Temperature { absolute: false } => {
            let message = "a temperature in degC can be compared and subtracted, not multiplied or divided";
            let diagnostic = Diagnostic::new(Code::TemperatureArithmetic, value.span, message);
            ctx.sink
                .push(diagnostic.help("take a difference: `(celsius - 36 degC) / 10 K`; a difference itself is written in K"));
            None
        }
        Type::Bool => {
            let message = "a truth value cannot be calculated with";
            ctx.sink.push(Diagnostic::new(Code::NotANumber, value.span, message).help("write `if x { 1 } else { 0 }`"));
            None
        }
        other => other.dimension(),
    }
}

/// A type in words: `a conductance (uS)`.
pub(crate) fn words(ty: Type) -> String {
    match ty {
        Type::Number(dimension) => describe_in_sentence(&dimension),
        Type::Zero => "0".to_owned(),
        Type::Temperature { .. } => "a temperature".to_owned(),
        Type::Bool => "a truth value".to_owned(),
        Type::Error => "something unreadable".to_owned(),
    }
}

/// A mismatch that says so if a name inside hides a unit: in a mechanism with a gate `s`, `1/s` divides by the gate.
fn mismatch(message: String, span: Span, ctx: &Ctx<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::DimensionMismatch, span, message);
    match ctx.hidden_unit(span) {
        Some(advice) => diagnostic.help(advice),
        None => diagnostic,
    }
}

/// A number that lacks its unit, perhaps where its name is declared.
fn without_unit(diagnostic: Diagnostic, number: Span, wanted: Dimension) -> Diagnostic {
    let unit = if wanted == Dimension::TEMPERATURE { "degC".to_owned() } else { unit_text(&wanted) };
    let elsewhere = number.start < diagnostic.span.start || diagnostic.span.end < number.end;
    let fixed = diagnostic.fix(number.behind(), format!(" {unit}"), format!("write the unit, such as {unit}"));
    if elsewhere { fixed.also(number, "this number has no unit") } else { fixed }
}

/// What is often meant.
fn help(diagnostic: Diagnostic, found: Type, wanted: Dimension) -> Diagnostic {
    match (found, wanted) {
        (Type::Number(Dimension::NONE), Dimension::TEMPERATURE) => diagnostic.help("give it a unit: `36 degC`"),
        (Type::Number(Dimension::NONE), _) => diagnostic.help(format!("give it a unit, such as {}", unit_text(&wanted))),
        (Type::Number(found), Dimension::NONE) => {
            diagnostic.help(format!("divide it by a quantity of its kind, as in `x / (1 {})`", unit_text(&found)))
        }
        (Type::Number(found), _) if wanted.times(&Dimension::TIME) == Some(found) => {
            diagnostic.help("divide it by a time constant: `(...) / tau`")
        }
        (Type::Number(Dimension::CONDUCTANCE), _) if is_per_area(wanted, Dimension::CONDUCTANCE) => {
            diagnostic.help("what is spread over the membrane has its conductance per area: write it in S/cm2")
        }
        (Type::Number(found), Dimension::CONDUCTANCE) if is_per_area(found, wanted) => {
            diagnostic.help("what sits at one place has a conductance of its own, not one per area: write it in nS or uS")
        }
        (Type::Number(found), _) if is_per_area(found, wanted) => {
            diagnostic.help("in a `point mechanism` currents are absolute; in a `mechanism` they are per area of membrane")
        }
        (Type::Number(found), _) if is_per_area(wanted, found) => {
            diagnostic.help("in a `mechanism` currents are per area of membrane; in a `point mechanism` they are absolute")
        }
        _ => diagnostic,
    }
}

/// Whether the one is a current or conductance per area where the other is absolute.
fn is_per_area(density: Dimension, absolute: Dimension) -> bool {
    matches!(absolute, Dimension::CURRENT | Dimension::CONDUCTANCE) && density.times(&Dimension::AREA) == Some(absolute)
}
