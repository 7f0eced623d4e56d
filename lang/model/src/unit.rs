//! Dimensions, and the coherent system in which every number stands after the check: ms, mV, mA, cm, umol, K.
//! Then S/cm2, mA/cm2, ohm*cm and mM are 1; uF/cm2 and um carry powers of ten. The table of unit names is in `unit/table.rs`.

pub mod quantity;
pub mod table;

use std::fmt;

/// How many base dimensions there are.
pub const BASES: usize = 6;

/// Base dimensions, in the order of [`Dimension`]'s exponents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// ms
    Time,
    /// mV
    Voltage,
    /// mA
    Current,
    /// cm
    Length,
    /// umol
    Amount,
    /// K
    Temperature,
}

/// A rational exponent in lowest terms, its denominator positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Exponent {
    /// Numerator.
    pub num: i16,
    /// Denominator, at least 1.
    pub den: i16,
}

impl Exponent {
    /// Zero.
    pub const ZERO: Exponent = Exponent { num: 0, den: 1 };

    /// `num / den` in lowest terms; nothing where the denominator is 0 or a part does not fit.
    pub fn new(num: i64, den: i64) -> Option<Exponent> {
        if den == 0 {
            return None;
        }
        let sign = if den < 0 { -1 } else { 1 };
        let g = gcd(num.unsigned_abs(), den.unsigned_abs()).max(1) as i64;
        Some(Exponent { num: i16::try_from(sign * num / g).ok()?, den: i16::try_from(sign * den / g).ok()? })
    }

    fn add(self, other: Exponent) -> Option<Exponent> {
        let (a, b) = (i64::from(self.num), i64::from(self.den));
        let (c, d) = (i64::from(other.num), i64::from(other.den));
        Exponent::new(a * d + c * b, b * d)
    }

    fn mul(self, other: Exponent) -> Option<Exponent> {
        Exponent::new(i64::from(self.num) * i64::from(other.num), i64::from(self.den) * i64::from(other.den))
    }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// Exponents of the base dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Dimension(pub [Exponent; BASES]);

impl Dimension {
    /// A plain number.
    pub const NONE: Dimension = Dimension([Exponent::ZERO; BASES]);

    /// Integer exponents of time, voltage, current, length, amount and temperature.
    pub const fn of(exponents: [i16; BASES]) -> Dimension {
        let mut d = Dimension::NONE;
        let mut i = 0;
        while i < BASES {
            d.0[i] = Exponent { num: exponents[i], den: 1 };
            i += 1;
        }
        d
    }

    /// Of time.
    pub const TIME: Dimension = Dimension::of([1, 0, 0, 0, 0, 0]);
    /// Of an electric potential.
    pub const VOLTAGE: Dimension = Dimension::of([0, 1, 0, 0, 0, 0]);
    /// Of a current.
    pub const CURRENT: Dimension = Dimension::of([0, 0, 1, 0, 0, 0]);
    /// Of a length.
    pub const LENGTH: Dimension = Dimension::of([0, 0, 0, 1, 0, 0]);
    /// Of a temperature.
    pub const TEMPERATURE: Dimension = Dimension::of([0, 0, 0, 0, 0, 1]);
    /// Of a frequency.
    pub const FREQUENCY: Dimension = Dimension::of([-1, 0, 0, 0, 0, 0]);
    /// Of an area.
    pub const AREA: Dimension = Dimension::of([0, 0, 0, 2, 0, 0]);
    /// Of a current per area.
    pub const CURRENT_DENSITY: Dimension = Dimension::of([0, 0, 1, -2, 0, 0]);
    /// Of a conductance.
    pub const CONDUCTANCE: Dimension = Dimension::of([0, -1, 1, 0, 0, 0]);
    /// Of a conductance per area.
    pub const CONDUCTANCE_DENSITY: Dimension = Dimension::of([0, -1, 1, -2, 0, 0]);
    /// Of a capacitance per area.
    pub const CAPACITANCE_DENSITY: Dimension = Dimension::of([1, -1, 1, -2, 0, 0]);
    /// Of a resistance.
    pub const RESISTANCE: Dimension = Dimension::of([0, 1, -1, 0, 0, 0]);
    /// Of a resistivity.
    pub const RESISTIVITY: Dimension = Dimension::of([0, 1, -1, 1, 0, 0]);
    /// Of a concentration.
    pub const CONCENTRATION: Dimension = Dimension::of([0, 0, 0, -3, 1, 0]);

    /// Whether it is a plain number's.
    pub fn is_none(&self) -> bool {
        *self == Dimension::NONE
    }

    /// Of a product; nothing where an exponent overflows.
    pub fn times(&self, other: &Dimension) -> Option<Dimension> {
        let mut d = *self;
        for (e, o) in d.0.iter_mut().zip(other.0) {
            *e = e.add(o)?;
        }
        Some(d)
    }

    /// Of a quotient.
    pub fn over(&self, other: &Dimension) -> Option<Dimension> {
        self.times(&other.power(Exponent { num: -1, den: 1 })?)
    }

    /// Of a power.
    pub fn power(&self, exponent: Exponent) -> Option<Dimension> {
        let mut d = *self;
        for e in &mut d.0 {
            *e = e.mul(exponent)?;
        }
        Some(d)
    }
}

impl fmt::Display for Dimension {
    /// As a product of the coherent units: `mA cm^-2`. For users there is [`quantity::unit_text`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_none() {
            return f.write_str("1");
        }
        let mut separator = "";
        for (e, unit) in self.0.iter().zip(["ms", "mV", "mA", "cm", "umol", "K"]) {
            match (e.num, e.den) {
                (0, _) => continue,
                (1, 1) => write!(f, "{separator}{unit}")?,
                (n, 1) => write!(f, "{separator}{unit}^{n}")?,
                (n, d) => write!(f, "{separator}{unit}^({n}/{d})")?,
            }
            separator = " ";
        }
        Ok(())
    }
}
