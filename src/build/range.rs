//! Values that must lie in a range, and what the user is told where a knob or a draw brought one outside. The checker has seen what stands in the script.

use bouton_model::ir::Span;
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Something is wrong; boxed, because it is passed through many hands.
pub type Told = Box<Diagnostic>;

/// What a number is called, and the unit in which it is shown.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    name: &'static str,
    unit: &'static str,
    /// How many of the unit are one in the coherent system.
    scale: f64,
}

/// A length of a section.
pub const LENGTH: Quantity = Quantity::of("L", "um", 1e4);
/// Its diameter.
pub const DIAM: Quantity = Quantity::of("diam", "um", 1e4);
/// A coordinate of a point.
pub const COORDINATE: Quantity = Quantity::of("a coordinate", "um", 1e4);
/// Its axial resistivity.
pub const RA: Quantity = Quantity::of("Ra", "ohm*cm", 1.0);
/// Its capacitance.
pub const CM: Quantity = Quantity::of("cm", "uF/cm2", 1e3);
/// How many segments it has.
pub const NSEG: Quantity = Quantity::of("nseg", "", 1.0);
/// Resistance along a layer of extracellular space.
pub const AXIAL: Quantity = Quantity::of("xraxial", "Mohm/cm", 1e-6);
/// Conductance or capacitance of a layer of extracellular space, in units of their own.
pub const LAYER: Quantity = Quantity::of("a layer of extracellular space", "", 1.0);
/// Potential of ground.
pub const GROUND: Quantity = Quantity::of("the potential of ground", "mV", 1.0);
/// A place on a section.
pub const PLACE: Quantity = Quantity::of("the place", "", 1.0);
/// A threshold.
pub const THRESHOLD: Quantity = Quantity::of("the threshold", "mV", 1.0);
/// A reversal potential.
pub const REVERSAL: Quantity = Quantity::of("the reversal potential", "mV", 1.0);
/// A concentration.
pub const CONCENTRATION: Quantity = Quantity::of("the concentration", "mM", 1.0);
/// How many cells there are.
pub const COUNT: Quantity = Quantity::of("the number of cells", "", 1.0);
/// The index of a cell.
pub const INDEX: Quantity = Quantity::of("the index", "", 1.0);
/// A delay.
pub const DELAY: Quantity = Quantity::of("delay", "ms", 1.0);
/// The interval of a record.
pub const EVERY: Quantity = Quantity::of("every", "ms", 1.0);
/// An end of a box.
pub const POSITION: Quantity = Quantity::of("the position", "um", 1e4);
/// A radius of a sphere, a spacing of a grid.
pub const SIZE: Quantity = Quantity::of("the size", "um", 1e4);
/// An attribute of `simulation`.
pub const DURATION: Quantity = Quantity::of("duration", "ms", 1.0);
/// An attribute of `simulation`.
pub const DT: Quantity = Quantity::of("dt", "ms", 1.0);
/// An attribute of `simulation`.
pub const CELSIUS: Quantity = Quantity::of("celsius", "K", 1.0);
/// An attribute of `simulation`.
pub const V_INIT: Quantity = Quantity::of("v_init", "mV", 1.0);
/// Attributes of `simulation`.
pub const TOLERANCE: Quantity = Quantity::of("tolerance", "", 1.0);
/// An attribute of `simulation`.
pub const SEED: Quantity = Quantity::of("seed", "", 1.0);
/// An attribute of `simulation`.
pub const THREADS: Quantity = Quantity::of("threads", "", 1.0);
/// Of each connection.
pub const SYNAPSES: Quantity = Quantity::of("synapses", "", 1.0);
/// A rule.
pub const PROBABILITY: Quantity = Quantity::of("probability", "", 1.0);
/// A rule.
pub const CONVERGENCE: Quantity = Quantity::of("convergence", "", 1.0);
/// A rule.
pub const DIVERGENCE: Quantity = Quantity::of("divergence", "", 1.0);

impl Quantity {
    const fn of(name: &'static str, unit: &'static str, scale: f64) -> Quantity {
        Quantity { name, unit, scale }
    }

    /// Finite.
    ///
    /// # Errors
    /// It is not.
    pub fn finite(&self, value: f64, span: Span) -> Result<f64, Told> {
        self.accept(value.is_finite(), value, span, "must be a finite number")
    }

    /// Finite and above 0.
    ///
    /// # Errors
    /// It is not.
    pub fn positive(&self, value: f64, span: Span) -> Result<f64, Told> {
        self.accept(value.is_finite() && value > 0.0, value, span, "must be above 0")
    }

    /// Finite and not below 0.
    ///
    /// # Errors
    /// It is not.
    pub fn not_negative(&self, value: f64, span: Span) -> Result<f64, Told> {
        self.accept(value.is_finite() && value >= 0.0, value, span, "must be 0 or more")
    }

    /// From 0 to 1.
    ///
    /// # Errors
    /// It is not.
    pub fn fraction(&self, value: f64, span: Span) -> Result<f64, Told> {
        self.accept((0.0..=1.0).contains(&value), value, span, "must be from 0 to 1")
    }

    /// A probability: what is above 1 is certain.
    ///
    /// # Errors
    /// It is negative or not a number.
    pub fn chance(&self, value: f64, span: Span) -> Result<f64, Told> {
        Ok(self.accept(value >= 0.0, value, span, "must be 0 or more")?.min(1.0))
    }

    /// A whole number from `least` to `most`.
    ///
    /// # Errors
    /// It is not.
    pub fn whole(&self, value: f64, least: u32, most: u32, span: Span) -> Result<u32, Told> {
        let fits = value.fract() == 0.0 && value >= f64::from(least) && value <= f64::from(most);
        let must = match most {
            u32::MAX if value > f64::from(most) => format!("may be at most {most}"),
            u32::MAX => format!("must be a whole number, {least} or more"),
            _ => format!("must be a whole number from {least} to {most}"),
        };
        self.accept(fits, value, span, &must).map(|x| x as u32)
    }

    fn accept(&self, fits: bool, value: f64, span: Span, must: &str) -> Result<f64, Told> {
        if fits { Ok(value) } else { Err(self.outside(value, span, must)) }
    }

    /// The value is not what it must be.
    pub fn outside(&self, value: f64, span: Span, must: &str) -> Told {
        let shown = shown(value * self.scale, self.unit);
        let message = format!("{} is {shown}, and {must}", self.name);
        Box::new(Diagnostic::new(Code::ValueOutOfRange, span, message).label(shown))
    }
}

/// A parameter, weight or initial value that is not a number.
pub fn not_a_number(name: &str, value: f64, span: Span) -> Told {
    let message = format!("{name} is {}, and must be a number", shown(value, ""));
    Box::new(Diagnostic::new(Code::ValueOutOfRange, span, message).label("has no value with these parameters"))
}

/// Six significant digits and the unit.
fn shown(value: f64, unit: &str) -> String {
    if !value.is_finite() {
        return "not a finite number".into();
    }
    let magnitude = value.abs();
    let plain = magnitude == 0.0 || (1e-4..1e15).contains(&magnitude);
    let text = if plain {
        let digits = if magnitude == 0.0 { 0 } else { (5 - magnitude.log10().floor() as i32).max(0) as usize };
        let rounded = format!("{value:.digits$}");
        match rounded.contains('.') {
            true => rounded.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => rounded,
        }
    } else {
        format!("{value:e}")
    };
    if unit.is_empty() { text } else { format!("{text} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages() {
        let message = |r: Result<f64, Told>| r.unwrap_err().message;
        let span = Span::default();
        assert_eq!(message(DELAY.not_negative(-2.0, span)), "delay is -2 ms, and must be 0 or more");
        assert_eq!(message(LENGTH.positive(0.0, span)), "L is 0 um, and must be above 0");
        assert_eq!(message(DELAY.not_negative(f64::NAN, span)), "delay is not a finite number, and must be 0 or more");
        assert_eq!(message(PLACE.fraction(1.25, span)), "the place is 1.25, and must be from 0 to 1");
        let nseg = NSEG.whole(2.5, 1, u32::MAX, span).unwrap_err();
        assert_eq!(nseg.message, "nseg is 2.5, and must be a whole number, 1 or more");
        assert_eq!(
            INDEX.whole(20.0, 0, 19, span).unwrap_err().message,
            "the index is 20, and must be a whole number from 0 to 19"
        );
        assert_eq!(shown(1.25e-7, "mS"), "1.25e-7 mS");
        assert_eq!(shown(123_456.789, ""), "123457");
    }

    #[test]
    fn ranges() {
        let span = Span::default();
        assert_eq!(PROBABILITY.chance(1.5, span), Ok(1.0));
        assert!(PROBABILITY.chance(f64::NAN, span).is_err());
        assert!(PROBABILITY.chance(-0.1, span).is_err());
        assert_eq!(COUNT.whole(0.0, 0, u32::MAX, span), Ok(0));
        assert!(COUNT.whole(1e10, 0, u32::MAX, span).is_err());
        assert!(NSEG.whole(0.0, 1, 9, span).is_err());
    }
}
