//! Dimensions in the user's words, and the unit in which a result is shown. Reads no text.

use super::table::{self, Unit};
use super::{BASES, Dimension, Exponent};

/// A kind of quantity with the words and the unit that the field uses for it.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its dimension.
    pub dimension: Dimension,
    /// `a conductance density`
    pub words: &'static str,
    /// `S/cm2`: the unit in which it is shown, product of units of the table.
    pub unit: &'static str,
}

const fn kind(exponents: [i16; BASES], words: &'static str, unit: &'static str) -> Kind {
    Kind { dimension: Dimension::of(exponents), words, unit }
}

/// What has a name. Exponents are of time, voltage, current, length, amount, temperature.
pub const KINDS: &[Kind] = &[
    kind([0, 0, 0, 0, 0, 0], "a plain number", ""),
    kind([1, 0, 0, 0, 0, 0], "a time", "ms"),
    kind([-1, 0, 0, 0, 0, 0], "a rate", "Hz"),
    kind([0, 1, 0, 0, 0, 0], "a voltage", "mV"),
    kind([-1, 1, 0, 0, 0, 0], "a voltage per time", "mV/ms"),
    kind([0, -1, 0, 0, 0, 0], "an inverse voltage", "1/mV"),
    kind([-1, -1, 0, 0, 0, 0], "a rate per voltage", "1/ms/mV"),
    kind([0, 0, 1, 0, 0, 0], "a current", "nA"),
    kind([0, 0, 1, -2, 0, 0], "a current density", "mA/cm2"),
    kind([0, -1, 1, 0, 0, 0], "a conductance", "uS"),
    kind([0, -1, 1, -2, 0, 0], "a conductance density", "S/cm2"),
    kind([-1, -1, 1, 0, 0, 0], "a conductance per time", "uS/ms"),
    kind([1, -1, 1, 0, 0, 0], "a capacitance", "pF"),
    kind([1, -1, 1, -2, 0, 0], "a capacitance per area", "uF/cm2"),
    kind([0, 1, -1, 0, 0, 0], "a resistance", "Mohm"),
    kind([0, 1, -1, 1, 0, 0], "a resistivity", "ohm*cm"),
    kind([0, 1, -1, 2, 0, 0], "a resistance times area", "ohm*cm2"),
    kind([1, 0, 1, 0, 0, 0], "a charge", "pC"),
    kind([1, 0, 1, -3, 0, 0], "a charge per volume", "C/cm3"),
    kind([1, 0, 1, 0, -1, 0], "a charge per amount", "C/mol"),
    kind([0, 0, 0, 1, 0, 0], "a length", "um"),
    kind([0, 0, 0, -1, 0, 0], "an inverse length", "1/um"),
    kind([0, 0, 0, 2, 0, 0], "an area", "um2"),
    kind([0, 0, 0, 3, 0, 0], "a volume", "um3"),
    kind([-1, 0, 0, 1, 0, 0], "a velocity", "m/s"),
    kind([-1, 0, 0, 2, 0, 0], "a diffusion constant", "um2/ms"),
    kind([0, 0, 0, 0, 1, 0], "an amount", "umol"),
    kind([0, 0, 0, -3, 1, 0], "a concentration", "mM"),
    kind([-1, 0, 0, -3, 1, 0], "a concentration per time", "mM/ms"),
    kind([-1, 0, 0, 3, -1, 0], "a rate per concentration", "1/ms/mM"),
    kind([0, 0, 0, 0, 0, 1], "a temperature difference", "K"),
    kind([1, 1, 1, 0, 0, 0], "an energy", "J"),
    kind([0, 1, 1, 0, 0, 0], "a power", "W"),
];

/// The unit in which a dimension is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// As it is written after a number; empty for plain numbers. One that begins with `/` follows its number without a space.
    pub text: String,
    /// Its value.
    pub unit: Unit,
}

/// The unit in which values of a dimension are shown: rates in Hz, weights in uS, anything without a name in ms, mV, mA, cm, umol, K.
#[must_use]
pub fn shown(dimension: &Dimension) -> Shown {
    match find(dimension) {
        Some(kind) => match unit_of(kind.unit) {
            Some(unit) => Shown { text: kind.unit.strip_prefix('1').unwrap_or(kind.unit).to_owned(), unit },
            None => coherent(dimension),
        },
        None => coherent(dimension),
    }
}

/// A dimension for a message: `a conductance density, S/cm2`, or the unit alone where it has no name.
#[must_use]
pub fn describe(dimension: &Dimension) -> String {
    match find(dimension) {
        Some(kind) if kind.unit.is_empty() => kind.words.to_owned(),
        Some(kind) => format!("{}, {}", kind.words, kind.unit),
        None => format!("a quantity in {}", unit_text(dimension)),
    }
}

/// A dimension for a message with more than one of them: `a conductance density (S/cm2)`.
#[must_use]
pub fn describe_in_sentence(dimension: &Dimension) -> String {
    match find(dimension) {
        Some(kind) if !kind.unit.is_empty() => format!("{} ({})", kind.words, kind.unit),
        _ => describe(dimension),
    }
}

/// The unit of a dimension as a script writes it: `S/cm2`, `mV/ms`, `1/ms/mV`; `1` for plain numbers.
#[must_use]
pub fn unit_text(dimension: &Dimension) -> String {
    let text = find(dimension).map_or_else(|| coherent(dimension).text, |kind| kind.unit.to_owned());
    match text.as_str() {
        "" => "1".to_owned(),
        over if over.starts_with('/') => format!("1{over}"),
        _ => text,
    }
}

/// A value of the coherent system as a user reads it: `0.01 uS`, `-65 mV`, `0.1/ms/mV`.
#[must_use]
pub fn show(value: f64, dimension: &Dimension) -> String {
    let Shown { text, unit } = shown(dimension);
    let number = six_digits(unit.count(value));
    match text.as_str() {
        "" => number,
        over if over.starts_with('/') => format!("{number}{over}"),
        _ => format!("{number} {text}"),
    }
}

/// Six significant digits without trailing zeros.
#[must_use]
pub fn six_digits(x: f64) -> String {
    if !x.is_finite() || x == 0.0 {
        return if x == 0.0 { "0".to_owned() } else { format!("{x}") };
    }
    let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    if (1e-5..1e9).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

fn find(dimension: &Dimension) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.dimension == *dimension)
}

/// The value of a unit text of [`KINDS`]: factors joined by `*` and `/`, exponents as last digits.
fn unit_of(text: &str) -> Option<Unit> {
    let mut unit = Unit::ONE;
    for (at, part) in text.split('/').enumerate() {
        for factor in part.split('*').filter(|factor| !factor.is_empty() && *factor != "1") {
            let (name, power) = bouton_syntax::ast::split_exponent(factor);
            let power = if at == 0 { i16::from(power) } else { -i16::from(power) };
            unit = unit.times(&table::find(name)?.power(Exponent { num: power, den: 1 })?)?;
        }
    }
    Some(unit)
}

/// A unit of a dimension whose number is the coherent one: `mV`, `S/cm2`, `mA*ms/cm2`; empty for plain numbers.
#[must_use]
pub fn coherent_text(dimension: &Dimension) -> String {
    let shown = shown(dimension);
    if shown.unit.factor() == 1.0 && !shown.unit.is_affine() { shown.text } else { coherent(dimension).text }
}

/// A product of coherent units: `mA*ms/cm2`.
fn coherent(dimension: &Dimension) -> Shown {
    let (mut over, mut under) = (Vec::new(), String::new());
    for (e, unit) in dimension.0.iter().zip(["ms", "mV", "mA", "cm", "umol", "K"]) {
        match e.num {
            0 => {}
            1.. => over.push(format!("{unit}{}", power_text(*e))),
            _ => under += &format!("/{unit}{}", power_text(Exponent { num: -e.num, den: e.den })),
        }
    }
    Shown { text: over.join("*") + &under, unit: Unit::coherent_of(*dimension) }
}

fn power_text(e: Exponent) -> String {
    match (e.num, e.den) {
        (1, 1) => String::new(),
        (n @ 2..=9, 1) => n.to_string(),
        (n, 1) => format!("^{n}"),
        (n, d) => format!("^({n}/{d})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_shown_in_a_unit_of_its_own_dimension() {
        for kind in KINDS {
            assert_eq!(unit_of(kind.unit).map(|unit| unit.dimension), Some(kind.dimension), "{}", kind.words);
        }
    }

    #[test]
    fn values_are_shown_in_the_units_of_the_field() {
        assert_eq!(show(0.01, &Dimension::FREQUENCY), "10 Hz");
        assert_eq!(show(0.01e-6, &Dimension::CONDUCTANCE), "0.01 uS");
        assert_eq!(show(-65.0, &Dimension::VOLTAGE), "-65 mV");
        assert_eq!(show(0.1, &Dimension::of([-1, -1, 0, 0, 0, 0])), "0.1/ms/mV");
        assert_eq!(show(1.0 / 3.0, &Dimension::NONE), "0.333333");
        assert_eq!(show(1e9, &Dimension::NONE), "1e9");
        assert_eq!(show(2.5, &Dimension::of([-2, 1, 0, 0, 0, 0])), "2.5 mV/ms2");
        assert_eq!(show(2.5, &Dimension::of([-2, 0, 0, 0, 0, 0])), "2.5/ms2");
    }

    #[test]
    fn dimensions_are_described_in_words() {
        assert_eq!(describe(&Dimension::CONDUCTANCE_DENSITY), "a conductance density, S/cm2");
        assert_eq!(describe(&Dimension::NONE), "a plain number");
        assert_eq!(describe(&Dimension::of([-2, 1, 0, 0, 0, 0])), "a quantity in mV/ms2");
        assert_eq!(unit_text(&Dimension::of([-3, 0, 0, 0, 0, 0])), "1/ms3");
    }
}
