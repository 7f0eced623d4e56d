//! Units: the one that binds to a number, and the products of them after `in`, `:` and `per`.

use std::sync::Arc;

use super::input::*;
use crate::ast::{Name, Power, UnitExpr, UnitTerm, split_exponent};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::token::{Sign, Tok};

/// `mV`, `cm2`, `mV^2`: the next name with its exponent.
pub(super) fn term(input: &mut Reader) -> Option<UnitTerm> {
    let start = index(input);
    let written = take_name(input)?;
    let (name, digit) = split_exponent(&written.text);
    let power = Power { num: i32::from(digit), den: 1 };
    let end = written.span.end - u32::from(name.len() < written.text.len());
    let name = Name { text: Arc::from(name), span: Span::new(written.span.file, written.span.start, end) };
    let power = match take_sign(input, Sign::Caret) {
        Some(_) => exponent(input).and_then(|raised| power.times(raised)).unwrap_or(Power::ONE),
        None => power,
    };
    Some(UnitTerm { name, power, span: since(input, start) })
}

/// What stands after `^` of a unit: a whole number or a fraction in parentheses.
fn exponent(input: &mut Reader) -> Option<Power> {
    let start = index(input);
    let power = match take_sign(input, Sign::ParenOpen) {
        Some(_) => fraction(input),
        None => integer(input).and_then(|num| Power::new(num, 1)),
    };
    if power.is_none() {
        let span = if index(input) > start { since(input, start) } else { gap(input) };
        let diagnostic =
            Diagnostic::new(Code::BadUnit, span, "the exponent of a unit is a whole number or a fraction such as `(1/2)`")
                .help("a power of a quantity is written with parentheses, as in `(10 mV)^n`");
        complain(input, diagnostic);
        if matches!(peek(input), Some(Tok::Ident(_) | Tok::Number(_) | Tok::Sign(Sign::ParenOpen))) {
            super::skip::skip_one(input);
        }
    }
    power
}

fn fraction(input: &mut Reader) -> Option<Power> {
    let num = integer(input)?;
    let den = match take_sign(input, Sign::Slash) {
        Some(_) => integer(input)?,
        None => 1,
    };
    take_sign(input, Sign::ParenClose)?;
    Power::new(num, den)
}

fn integer(input: &mut Reader) -> Option<i64> {
    let ahead = usize::from(at_sign(input, Sign::Minus));
    let Some(Tok::Number(value)) = look(input, ahead) else { return None };
    if value.fract() != 0.0 || value.abs() > 1000.0 {
        return None;
    }
    (0..=ahead).for_each(|_| input.skip());
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below a thousand")]
    let whole = value as i64;
    Some(if ahead == 1 { -whole } else { whole })
}

/// A product of units, which must stand here: `mV/ms`, `1/s`, `S/cm2`.
pub(super) fn unit<'src>() -> Rule<'src, UnitExpr> {
    rule(|input| Ok(product(input)))
}

fn product(input: &mut Reader) -> UnitExpr {
    let start = index(input);
    let mut terms = Vec::new();
    let mut broken = !factor(input, &mut terms, false);
    while !broken && another(input) {
        let divides = at_sign(input, Sign::Slash);
        input.skip();
        broken = !factor(input, &mut terms, divides);
    }
    UnitExpr { terms, broken, span: since(input, start) }
}

/// Whether `*` or `/` and a unit follow.
fn another(input: &mut Reader) -> bool {
    matches!(peek(input), Some(Tok::Sign(Sign::Star | Sign::Slash)))
        && matches!(look(input, 1), Some(Tok::Ident(_) | Tok::Unit(_) | Tok::Word(_) | Tok::Sign(Sign::ParenOpen)))
}

/// One factor; false, reported, if there is none.
fn factor(input: &mut Reader, terms: &mut Vec<UnitTerm>, divides: bool) -> bool {
    if peek(input) == Some(Tok::Number(1.0)) {
        input.skip();
        return true;
    }
    if let Some(mut term) = term(input) {
        if divides {
            term.power = term.power.negated();
        }
        terms.push(term);
        return true;
    }
    if at_sign(input, Sign::ParenOpen) {
        let span = here(input);
        let diagnostic =
            Diagnostic::new(Code::BadUnit, span, "a unit has no parentheses").help("write `mV/ms/nA` for `mV/(ms*nA)`");
        complain(input, diagnostic);
        super::skip::skip_one(input);
        return false;
    }
    let found = peek(input) == Some(Tok::Error);
    if found {
        input.skip();
    } else {
        missing(input, Code::BadUnit, "a unit such as `mV` or `S/cm2`");
    }
    false
}
