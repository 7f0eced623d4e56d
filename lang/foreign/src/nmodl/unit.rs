//! Units as NMODL files write them: `(pS/um2)`, `(/ms)`, `(mA-ohm)`, `(millivolt)`. What a file calls a unit comes first, then the units of its own table.

use super::tree::{File, UnitLine};
use bouton_model::unit::Dimension;
use std::collections::HashMap;

/// A unit: `mantissa * 10^exponent` in ms, mV, mA, cm, umol, K.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Exponents of time, voltage, current, length, amount, temperature.
    powers: [i16; 6],
    mantissa: f64,
    exponent: i32,
}

impl Unit {
    /// A plain number.
    pub const ONE: Unit = Unit { powers: [0; 6], mantissa: 1.0, exponent: 0 };

    /// Of what it is a unit.
    #[must_use]
    pub fn dimension(&self) -> Dimension {
        Dimension::of(self.powers)
    }

    /// The same where a mole is a number of things, as in NEURON.
    #[must_use]
    pub fn counted(&self) -> Dimension {
        let mut powers = self.powers;
        powers[4] = 0;
        Dimension::of(powers)
    }

    /// How many coherent units one of it is.
    #[must_use]
    pub fn factor(&self) -> f64 {
        self.mantissa * tens(self.exponent)
    }

    /// How many of it one coherent unit is.
    #[must_use]
    pub fn reciprocal(&self) -> f64 {
        tens(-self.exponent) / self.mantissa
    }

    /// A temperature, which files count from the freezing point of water.
    #[must_use]
    pub fn is_temperature(&self) -> bool {
        self.powers == [0, 0, 0, 0, 0, 1] && self.exponent == 0 && self.mantissa == 1.0
    }

    /// How many of `into` it is; nothing where the two are of different things.
    #[must_use]
    pub fn over(&self, into: &Unit) -> Option<f64> {
        let exponent = self.exponent - into.exponent;
        let moles = self.powers[4] - into.powers[4];
        let same = (0..6).all(|k| k == 4 || self.powers[k] == into.powers[k]);
        // A mole is a number of things: a umol is so many 10^17.
        let mantissa = self.mantissa / into.mantissa * AVOGADRO.powi(i32::from(moles));
        same.then(|| mantissa * tens(exponent + 17 * i32::from(moles)))
    }

    fn times(self, other: Unit, power: i16) -> Option<Unit> {
        let mut powers = self.powers;
        for (a, b) in powers.iter_mut().zip(other.powers) {
            *a = a.checked_add(b.checked_mul(power)?)?;
        }
        let exponent = other.exponent.checked_mul(i32::from(power)).and_then(|e| self.exponent.checked_add(e))?;
        (exponent.abs() < 300).then_some(Unit {
            powers,
            mantissa: self.mantissa * other.mantissa.powi(i32::from(power)),
            exponent,
        })
    }
}

/// In units of 10^17, for micromoles.
const AVOGADRO: f64 = 6.022_140_76;

/// 10^n, the nearest number.
fn tens(n: i32) -> f64 {
    format!("1e{n}").parse().unwrap_or(f64::INFINITY)
}

/// The units of a file.
pub struct Units {
    aliases: HashMap<String, String>,
}

/// How long a chain of aliases may be.
const MOST_DEEP: usize = 8;

impl Units {
    /// Those that a file names.
    #[must_use]
    pub fn of(file: &File) -> Units {
        let aliases = file.units.iter().filter_map(|line| match line {
            UnitLine::Alias(name, unit) => Some((name.trim().to_owned(), unit.clone())),
            UnitLine::Factor(..) | UnitLine::Number(..) => None,
        });
        Units { aliases: aliases.collect() }
    }

    /// What a text in parentheses means; nothing where a part of it is unknown.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Unit> {
        self.at_depth(text, 0)
    }

    fn at_depth(&self, text: &str, depth: usize) -> Option<Unit> {
        let text = text.trim();
        if depth > MOST_DEEP {
            return None;
        }
        if let Some(unit) = self.aliases.get(text)
            && unit.trim() != text
            && let Some(unit) = self.at_depth(unit, depth + 1)
        {
            return Some(unit);
        }
        let mut unit = Unit::ONE;
        let mut below = false;
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            if first == '/' {
                below = true;
                rest = &rest[1..];
                continue;
            }
            if matches!(first, '-' | '*' | ' ' | '.') && !rest[1..].starts_with(|c: char| c.is_ascii_digit() && first == '.') {
                rest = &rest[1..];
                continue;
            }
            let end = rest.find(['/', '-', '*', ' ']).unwrap_or(rest.len());
            // The sign of an exponent belongs to its number.
            let end = match rest.get(..end) {
                Some(part) if first.is_ascii_digit() && part.ends_with(['e', 'E']) => {
                    end + 1 + rest.get(end + 1..)?.find(['/', '-', '*', ' ']).unwrap_or(rest.len() - end - 1)
                }
                _ => end,
            };
            let part = rest.get(..end)?;
            unit = unit.times(self.part(part, depth)?, if below { -1 } else { 1 })?;
            rest = rest.get(end..)?;
        }
        Some(unit)
    }

    /// A number, or a name with an exponent behind it.
    fn part(&self, part: &str, depth: usize) -> Option<Unit> {
        if let Ok(number) = part.parse::<f64>() {
            return (number > 0.0).then_some(Unit { mantissa: number, ..Unit::ONE });
        }
        if self.aliases.contains_key(part)
            && let Some(unit) =
                self.at_depth(part, depth + 1).filter(|_| self.aliases.get(part).map(String::as_str) != Some(part))
        {
            return Some(unit);
        }
        let name = part.trim_end_matches(|c: char| c.is_ascii_digit());
        let power = if name.len() == part.len() { 1 } else { part[name.len()..].trim_start_matches('^').parse::<i16>().ok()? };
        let name = name.trim_end_matches('^');
        let unit = match self.aliases.get(name) {
            Some(other) if other.trim() != name => self.at_depth(other, depth + 1).or_else(|| named(name)),
            _ => named(name),
        };
        Unit::ONE.times(unit?, power)
    }
}

/// A unit by name, with a prefix or without, in the singular or plural.
fn named(name: &str) -> Option<Unit> {
    let whole = |name: &str| BASES.iter().find(|(known, ..)| known.split(' ').any(|k| k == name));
    let of = |(_, exponent, powers): &(&str, i32, [i16; 6]), more: i32| Unit {
        powers: *powers,
        mantissa: mantissa(name),
        exponent: exponent + more,
    };
    if let Some(base) = whole(name) {
        return Some(of(base, 0));
    }
    for (prefixes, power) in PREFIXES {
        for prefix in prefixes.split(' ') {
            if let Some(base) = name.strip_prefix(prefix).and_then(whole) {
                return Some(of(base, *power));
            }
        }
    }
    name.strip_suffix('s').filter(|one| one.len() > 2).and_then(named)
}

/// Constants are units, too.
fn mantissa(name: &str) -> f64 {
    match name {
        "faraday" => 96_485.332_123_310_01,
        "k" => 1.380_649,
        "e" => 1.602_176_634,
        "pi" => std::f64::consts::PI,
        "minute" | "min" => 6.0,
        "hour" | "hr" => 3.6,
        "day" => 8.64,
        _ => 1.0,
    }
}

const PREFIXES: &[(&str, i32)] = &[
    ("femto f", -15),
    ("pico p", -12),
    ("nano n", -9),
    ("micro u \u{b5} \u{3bc}", -6),
    ("milli m", -3),
    ("centi c", -2),
    ("deci d", -1),
    ("kilo k", 3),
    ("mega M", 6),
    ("giga G", 9),
];

/// Names, power of ten in the coherent system, powers.
const BASES: &[(&str, i32, [i16; 6])] = &[
    ("volt V", 3, [0, 1, 0, 0, 0, 0]),
    ("amp ampere A", 3, [0, 0, 1, 0, 0, 0]),
    ("siemens siemen mho S", 0, [0, -1, 1, 0, 0, 0]),
    ("ohm", 0, [0, 1, -1, 0, 0, 0]),
    ("second sec s", 3, [1, 0, 0, 0, 0, 0]),
    ("minute min", 4, [1, 0, 0, 0, 0, 0]),
    ("hour hr", 6, [1, 0, 0, 0, 0, 0]),
    ("day", 7, [1, 0, 0, 0, 0, 0]),
    ("hertz Hz", -3, [-1, 0, 0, 0, 0, 0]),
    ("meter metre m", 2, [0, 0, 0, 1, 0, 0]),
    ("micron", -4, [0, 0, 0, 1, 0, 0]),
    ("liter litre l", 3, [0, 0, 0, 3, 0, 0]),
    ("mole mol", 6, [0, 0, 0, 0, 1, 0]),
    ("molar M", 3, [0, 0, 0, -3, 1, 0]),
    ("coulomb coul C", 6, [1, 0, 1, 0, 0, 0]),
    ("faraday", 6, [1, 0, 1, 0, 0, 0]),
    ("e", -13, [1, 0, 1, 0, 0, 0]),
    ("farad F", 3, [1, -1, 1, 0, 0, 0]),
    ("joule J", 9, [1, 1, 1, 0, 0, 0]),
    ("k", -14, [1, 1, 1, 0, 0, -1]),
    ("degC celsius degree kelvin K degK", 0, [0, 0, 0, 0, 0, 1]),
    ("pi", 0, [0; 6]),
    ("radian rad", 0, [0; 6]),
    ("1 dimensionless", 0, [0; 6]),
];

#[cfg(test)]
mod tests {
    use super::Units;
    use bouton_model::unit::Dimension;
    use std::collections::HashMap;

    fn units() -> Units {
        let aliases = [("S", "siemens"), ("pS", "picosiemens"), ("um", "micron"), ("mA", "milliamp"), ("FARADAY", "96520 coul")];
        Units { aliases: aliases.map(|(a, b)| (a.to_owned(), b.to_owned())).into_iter().collect::<HashMap<_, _>>() }
    }

    #[test]
    fn factors_to_the_coherent_system() {
        let factor = |text| units().read(text).map(|unit| (unit.factor(), unit.dimension()));
        assert_eq!(factor("pS/um2"), Some((1e-4, Dimension::CONDUCTANCE_DENSITY)));
        assert_eq!(factor("mho/cm2"), Some((1.0, Dimension::CONDUCTANCE_DENSITY)));
        assert_eq!(factor("/ms"), Some((1.0, Dimension::FREQUENCY)));
        assert_eq!(factor("micromho"), Some((1e-6, Dimension::CONDUCTANCE)));
        assert_eq!(factor("mM"), Some((1.0, Dimension::CONCENTRATION)));
        assert_eq!(factor("10000 coulomb").map(|x| x.0), Some(1e10));
        assert_eq!(factor("wobble"), None);
    }

    /// The values that NEURON 9 prints.
    #[test]
    fn constants() {
        let over = |a, b| units().read(a).zip(units().read(b)).and_then(|(a, b)| a.over(&b));
        assert_eq!(over("faraday", "coulomb"), Some(96_485.332_123_310_01));
        assert_eq!(over("k-mole", "joule/degC"), Some(8.314_462_618_153_24));
        assert_eq!(over("k", "joule/degC"), Some(1.380_649e-23));
        assert_eq!(over("pi", "1"), Some(std::f64::consts::PI));
        assert_eq!(over("faraday", "10000 coulomb"), Some(9.648_533_212_331_001));
        assert_eq!(over("faraday", "mV"), None);
    }
}
