//! Units as written: products of names with rational exponents. Which units exist is not known here.

use super::Name;
use crate::span::Span;

/// A unit in a place that takes only units: `x in mV/ms`, `state x: mV/s`, `per s`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitExpr {
    /// Factors, those after `/` with a negative power. None: the plain number `1`.
    pub terms: Vec<UnitTerm>,
    /// Could not be read; reported.
    pub broken: bool,
    /// The whole.
    pub span: Span,
}

/// One unit with its exponent: `cm2`, `mV^2`, `Hz^(1/2)`.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitTerm {
    /// The unit without its exponent: `cm` of `cm2`.
    pub name: Name,
    /// The exponent, 1 where none is written.
    pub power: Power,
    /// Name and exponent.
    pub span: Span,
}

/// A rational exponent in lowest terms, the denominator positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Power {
    /// Numerator.
    pub num: i32,
    /// Denominator, at least 1.
    pub den: i32,
}

impl Power {
    /// Exponent 1.
    pub const ONE: Power = Power { num: 1, den: 1 };

    /// `num / den` in lowest terms; `None` for a zero denominator or numbers beyond a thousand.
    #[must_use]
    pub fn new(num: i64, den: i64) -> Option<Power> {
        if den == 0 || num.abs() > 1000 || den.abs() > 1000 {
            return None;
        }
        let shared = gcd(num.abs(), den.abs()).max(1) * den.signum();
        Some(Power { num: i32::try_from(num / shared).ok()?, den: i32::try_from(den / shared).ok()? })
    }

    /// The product of two exponents, for `cm2^3`.
    #[must_use]
    pub fn times(self, other: Power) -> Option<Power> {
        Power::new(i64::from(self.num) * i64::from(other.num), i64::from(self.den) * i64::from(other.den))
    }

    /// The exponent on the other side of a fraction.
    #[must_use]
    pub fn negated(self) -> Power {
        Power { num: -self.num, den: self.den }
    }
}

/// A unit word without the digit at its end, and the exponent that the digit says: `cm2` is `("cm", 2)`, `mV` is `("mV", 1)`.
///
/// Terms of the tree are split already; this is for a bare name that turns out to be a unit.
#[must_use]
pub fn split_exponent(word: &str) -> (&str, u8) {
    let Some(digit) = word.bytes().last().filter(u8::is_ascii_digit) else { return (word, 1) };
    match word.get(..word.len() - 1) {
        Some(name) if !name.is_empty() && !name.ends_with(|c: char| c.is_ascii_digit()) => (name, digit - b'0'),
        _ => (word, 1),
    }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}
