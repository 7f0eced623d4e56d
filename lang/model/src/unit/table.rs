//! The units that a script can name: one row each, prefixes beside. Which unit a result is shown in is in `quantity`.

use super::{Dimension, Exponent};

/// A unit: `mantissa * 10^exponent` of the coherent system, so that decimal prefixes cost no digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Of what it is a unit.
    pub dimension: Dimension,
    mantissa: f64,
    exponent: i32,
    /// What is added after scaling: 273.15 for `degC`, else 0.
    pub offset: f64,
}

impl Unit {
    /// The plain number one.
    pub const ONE: Unit = Unit { dimension: Dimension::NONE, mantissa: 1.0, exponent: 0, offset: 0.0 };

    /// The coherent unit of a dimension.
    #[must_use]
    pub fn coherent_of(dimension: Dimension) -> Unit {
        Unit { dimension, ..Unit::ONE }
    }

    /// `value` of this unit in the coherent system. Powers of ten are divided by where they are below one: `18.8 um` is `18.8 / 1e4`, correctly rounded.
    #[must_use]
    pub fn coherent(&self, value: f64) -> f64 {
        scale(value * self.mantissa, self.exponent) + self.offset
    }

    /// A value of the coherent system counted in this unit.
    #[must_use]
    pub fn count(&self, value: f64) -> f64 {
        scale(value - self.offset, -self.exponent) / self.mantissa
    }

    /// The value of one such unit in the coherent system, without its offset.
    #[must_use]
    pub fn factor(&self) -> f64 {
        scale(self.mantissa, self.exponent)
    }

    /// How many of it make one coherent unit, without the offset.
    #[must_use]
    pub fn reciprocal(&self) -> f64 {
        scale(1.0, -self.exponent) / self.mantissa
    }

    /// Whether zero of it is not zero of its dimension, as in `degC`.
    #[must_use]
    pub fn is_affine(&self) -> bool {
        self.offset != 0.0
    }

    /// The product of two units; nothing where an exponent overflows. Offsets are lost: the caller refuses them before.
    #[must_use]
    pub fn times(&self, other: &Unit) -> Option<Unit> {
        Some(Unit {
            dimension: self.dimension.times(&other.dimension)?,
            mantissa: self.mantissa * other.mantissa,
            exponent: self.exponent.checked_add(other.exponent)?,
            offset: 0.0,
        })
    }

    /// A power of a unit; nothing where an exponent overflows.
    #[must_use]
    pub fn power(&self, power: Exponent) -> Option<Unit> {
        let dimension = self.dimension.power(power)?;
        let tens = i64::from(self.exponent) * i64::from(power.num);
        let (whole, rest) = (tens.div_euclid(i64::from(power.den)), tens.rem_euclid(i64::from(power.den)));
        let root = if rest == 0 { 1.0 } else { root(10f64.powi(i32::try_from(rest).ok()?), power.den) };
        let mantissa = root * raised(self.mantissa, power);
        Some(Unit { dimension, mantissa, exponent: i32::try_from(whole).ok()?, offset: 0.0 })
    }
}

/// `value * 10^exponent`, one correctly rounded operation as long as the power of ten is exact (up to 22).
fn scale(value: f64, exponent: i32) -> f64 {
    match exponent {
        0 => value,
        1.. => value * power_of_ten(exponent),
        _ => value / power_of_ten(exponent.saturating_neg()),
    }
}

/// 10^n. Exact to 22; beyond, the nearest number, which repeated multiplication would miss.
fn power_of_ten(n: i32) -> f64 {
    format!("1e{n}").parse().unwrap_or(f64::INFINITY)
}

fn raised(base: f64, power: Exponent) -> f64 {
    if base == 1.0 { 1.0 } else { root(base.powi(i32::from(power.num)), power.den) }
}

fn root(x: f64, degree: i16) -> f64 {
    match degree {
        1 => x,
        2 => x.sqrt(),
        3 => x.cbrt(),
        n => x.powf(1.0 / f64::from(n)),
    }
}

/// Which prefixes a unit takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefixes {
    /// None.
    None,
    /// Those of a thousand.
    Thousands,
    /// Those of a thousand, `c` and `d`.
    All,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// As it is written, without a prefix.
    pub name: &'static str,
    /// The unit itself.
    pub unit: Unit,
    /// Its prefixes.
    pub prefixes: Prefixes,
    /// One line for the manual and the editor.
    pub doc: &'static str,
}

use Prefixes as P;

/// Charge times potential: mA ms mV.
const ENERGY: [i16; 6] = [1, 1, 1, 0, 0, 0];

/// All units. No name, with or without a prefix, is a clause word (`as`, `at`, `in`, `by`, `is`, `to`, ...): a test holds that.
pub const UNITS: &[Row] = &[
    row("s", 3, [1, 0, 0, 0, 0, 0], P::Thousands, "second"),
    scaled("min", 6.0, 4, [1, 0, 0, 0, 0, 0], "minute"),
    scaled("h", 3.6, 6, [1, 0, 0, 0, 0, 0], "hour"),
    row("Hz", -3, [-1, 0, 0, 0, 0, 0], P::Thousands, "hertz, 1/s"),
    row("V", 3, [0, 1, 0, 0, 0, 0], P::Thousands, "volt"),
    row("A", 3, [0, 0, 1, 0, 0, 0], P::Thousands, "ampere"),
    row("m", 2, [0, 0, 0, 1, 0, 0], P::All, "metre"),
    row("mol", 6, [0, 0, 0, 0, 1, 0], P::Thousands, "mole"),
    row("M", 3, [0, 0, 0, -3, 1, 0], P::Thousands, "molar, mol per litre"),
    row("K", 0, [0, 0, 0, 0, 0, 1], P::Thousands, "kelvin"),
    Row { name: "degC", unit: DEG_C, prefixes: P::None, doc: "degree Celsius: a temperature, not a difference" },
    row("S", 0, [0, -1, 1, 0, 0, 0], P::Thousands, "siemens"),
    row("ohm", 0, [0, 1, -1, 0, 0, 0], P::Thousands, "ohm"),
    row("F", 3, [1, -1, 1, 0, 0, 0], P::Thousands, "farad"),
    row("C", 6, [1, 0, 1, 0, 0, 0], P::Thousands, "coulomb"),
    row("J", 9, ENERGY, P::Thousands, "joule"),
    row("W", 6, [0, 1, 1, 0, 0, 0], P::Thousands, "watt"),
    row("N", 7, [1, 1, 1, -1, 0, 0], P::Thousands, "newton"),
    row("Pa", 3, [1, 1, 1, -3, 0, 0], P::Thousands, "pascal"),
    row("g", 8, [3, 1, 1, -2, 0, 0], P::Thousands, "gram"),
    row("rad", 0, [0; 6], P::None, "radian, 1"),
    row("percent", -2, [0; 6], P::None, "a hundredth"),
];

const DEG_C: Unit = Unit { dimension: Dimension::TEMPERATURE, mantissa: 1.0, exponent: 0, offset: 273.15 };

const fn row(name: &'static str, exponent: i32, dimension: [i16; 6], prefixes: Prefixes, doc: &'static str) -> Row {
    let unit = Unit { dimension: Dimension::of(dimension), mantissa: 1.0, exponent, offset: 0.0 };
    Row { name, unit, prefixes, doc }
}

const fn scaled(name: &'static str, mantissa: f64, exponent: i32, dimension: [i16; 6], doc: &'static str) -> Row {
    let unit = Unit { dimension: Dimension::of(dimension), mantissa, exponent, offset: 0.0 };
    Row { name, unit, prefixes: P::None, doc }
}

/// Prefixes of a thousand, with their powers of ten; no atto, which would make `as` a unit. The usual ones come first: of two near names
/// the first is suggested.
const THOUSANDS: &[(&str, i32)] =
    &[("m", -3), ("u", -6), ("n", -9), ("k", 3), ("p", -12), ("f", -15), ("M", 6), ("G", 9), ("T", 12)];
const HUNDREDS: &[(&str, i32)] = &[("c", -2), ("d", -1)];

fn prefixes(of: Prefixes) -> impl Iterator<Item = &'static (&'static str, i32)> {
    let (thousands, hundreds): (&[_], &[_]) = match of {
        P::None => (&[], &[]),
        P::Thousands => (THOUSANDS, &[]),
        P::All => (THOUSANDS, HUNDREDS),
    };
    thousands.iter().chain(hundreds)
}

/// The unit of a name, prefix included, without an exponent: `um`, `mV`, `degC`.
#[must_use]
pub fn find(name: &str) -> Option<Unit> {
    UNITS.iter().find_map(|row| {
        let prefix = name.strip_suffix(row.name)?;
        if prefix.is_empty() {
            return Some(row.unit);
        }
        let (_, tens) = prefixes(row.prefixes).find(|(known, _)| *known == prefix)?;
        Some(Unit { exponent: row.unit.exponent + tens, ..row.unit })
    })
}

/// Every name that [`find`] knows, for suggestions.
pub fn names() -> impl Iterator<Item = String> {
    UNITS.iter().flat_map(|row| {
        std::iter::once(row.name.to_owned()).chain(prefixes(row.prefixes).map(|(prefix, _)| format!("{prefix}{}", row.name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(number: f64, unit: &str) -> f64 {
        find(unit).map_or(f64::NAN, |unit| unit.coherent(number))
    }

    #[test]
    fn coherent_values_lose_no_digit() {
        assert_eq!(value(18.8, "um"), 18.8 / 1e4);
        assert_eq!(value(0.1, "nA"), 0.1 / 1e6);
        assert_eq!(value(0.01, "uS"), 0.01 / 1e6);
        assert_eq!(value(123.0, "ohm"), 123.0);
        assert_eq!(value(6.3, "degC"), 6.3 + 273.15);
        assert_eq!(value(10.0, "Hz"), 0.01);
        assert_eq!(value(2.0, "min"), 120_000.0);
        assert_eq!(value(50.0, "nM"), 50.0 / 1e6);
        assert_eq!(value(1.0, "mM"), 1.0);
        assert_eq!(value(5.0, "percent"), 0.05);
        assert!(find("mmin").is_none() && find("furlong").is_none() && find("").is_none());
    }

    #[test]
    fn products_and_powers_keep_decimal_exponents() {
        let per_area = find("um").and_then(|um| um.power(Exponent { num: -2, den: 1 }));
        let density = find("pS").zip(per_area).and_then(|(ps, per)| ps.times(&per));
        assert_eq!(density.map(|unit| unit.coherent(5.0)), Some(0.0005));
        assert_eq!(density.map(|unit| unit.dimension), Some(Dimension::CONDUCTANCE_DENSITY));
        let root = find("Hz").and_then(|hz| hz.power(Exponent { num: 1, den: 2 }));
        assert_eq!(root.map(|unit| unit.factor()), Some(10f64.sqrt() / 100.0));
        assert_eq!(find("um").map(|um| um.count(18.8e-4)), Some(18.8));
        assert_eq!(find("degC").map(|c| c.count(279.45).round()), Some(6.0));
    }

    #[test]
    fn units_fit_together() {
        let same = |a: &str, b: [&str; 2]| {
            let product = find(b[0]).zip(find(b[1])).and_then(|(x, y)| x.times(&y));
            assert_eq!(find(a).map(|u| (u.dimension, u.factor())), product.map(|u| (u.dimension, u.factor())), "{a}");
        };
        same("V", ["A", "ohm"]);
        same("C", ["A", "s"]);
        same("C", ["F", "V"]);
        same("A", ["S", "V"]);
        same("J", ["W", "s"]);
        same("J", ["N", "m"]);
        same("J", ["C", "V"]);
        let acceleration = find("s").and_then(|s| s.power(Exponent { num: -2, den: 1 })).and_then(|s| s.times(&find("m")?));
        let newton = find("kg").zip(acceleration).and_then(|(kg, a)| kg.times(&a));
        assert_eq!(newton.map(|n| (n.dimension, n.factor())), find("N").map(|n| (n.dimension, n.factor())));
    }

    #[test]
    fn no_unit_is_a_clause_word_and_none_has_two_meanings() {
        let clause = "and or not if else in after before every at from via with where per by steps log integer above send to as is reads writes";
        let mut all: Vec<String> = names().collect();
        assert!(all.iter().all(|name| !clause.split(' ').any(|word| word == name)));
        all.sort();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
