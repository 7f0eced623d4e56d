//! The space that is searched: a knob an axis. A *coordinate* is a knob's value, on its logarithm where the knob is logarithmic; of a knob with whole numbers
//! each has a cell of the same width, from half below to half above.

use bouton_model::math;

/// One axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knob {
    low: f64,
    high: f64,
    logarithmic: bool,
    integer: bool,
}

impl Knob {
    /// Values from `low` to `high`.
    pub fn linear(low: f64, high: f64) -> Knob {
        Knob { low, high, logarithmic: false, integer: false }
    }

    /// Values from `low` to `high`, both above 0, searched on a logarithmic scale.
    pub fn logarithmic(low: f64, high: f64) -> Knob {
        Knob { logarithmic: true, ..Knob::linear(low, high) }
    }

    /// Whole numbers only.
    #[must_use]
    pub fn whole(self) -> Knob {
        Knob { low: self.low.ceil(), high: self.high.floor(), integer: true, ..self }
    }

    /// The positions 0 to `count` - 1 of a list.
    pub fn choice(count: usize) -> Knob {
        Knob::linear(0.0, count.saturating_sub(1) as f64).whole()
    }

    /// Whether there is a value at all: numbers in order, positive where the scale is logarithmic.
    pub fn is_valid(&self) -> bool {
        let finite = self.low.is_finite() && self.high.is_finite() && self.low <= self.high;
        finite && (!self.logarithmic || self.low > 0.0)
    }

    /// Smallest and largest coordinate.
    pub fn ends(&self) -> (f64, f64) {
        let half = if self.integer { 0.5 } else { 0.0 };
        let (low, high) = (self.low - half, self.high + half);
        if self.logarithmic { (math::log(low), math::log(high)) } else { (low, high) }
    }

    /// The value at a coordinate.
    pub fn value(&self, at: f64) -> f64 {
        let value = if self.logarithmic { math::exp(at) } else { at };
        if self.integer { value.round().clamp(self.low, self.high) } else { value.clamp(self.low, self.high) }
    }

    /// The coordinate of a value.
    pub fn coordinate(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        if self.logarithmic { math::log(value) } else { value }
    }

    /// Whether a value is one of its own.
    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value) && (!self.integer || value.fract() == 0.0)
    }

    /// How many values there are, where they can be counted.
    pub fn count(&self) -> Option<usize> {
        self.integer.then_some((self.high - self.low) as usize + 1)
    }

    /// The coordinate at a part of the way from the low to the high end.
    pub fn at_part(&self, part: f64) -> f64 {
        let (low, high) = self.ends();
        // SciPy's form of it, so that trajectories can be compared to the last bit.
        0.5 * (low + high) + (part - 0.5) * (high - low).abs()
    }

    /// What part of the way a coordinate is; one half where there is no way.
    pub fn part(&self, at: f64) -> f64 {
        let (low, high) = self.ends();
        if high > low { (at - low) / (high - low) } else { 0.5 }
    }
}

/// The knobs.
#[derive(Clone, Debug, PartialEq)]
pub struct Space {
    knobs: Vec<Knob>,
}

impl Space {
    /// Of these.
    pub fn new(knobs: impl IntoIterator<Item = Knob>) -> Space {
        Space { knobs: knobs.into_iter().collect() }
    }

    /// Them.
    pub fn knobs(&self) -> &[Knob] {
        &self.knobs
    }

    /// How many.
    pub fn dimension(&self) -> usize {
        self.knobs.len()
    }

    /// Values at a point.
    pub fn values(&self, at: &[f64]) -> Vec<f64> {
        self.knobs.iter().zip(at).map(|(knob, &x)| knob.value(x)).collect()
    }

    /// The point of values.
    pub fn point(&self, values: &[f64]) -> Vec<f64> {
        self.knobs.iter().zip(values).map(|(knob, &x)| knob.coordinate(x)).collect()
    }

    /// The point at these parts of the ways.
    pub fn at_parts(&self, parts: &[f64]) -> Vec<f64> {
        self.knobs.iter().zip(parts).map(|(knob, &part)| knob.at_part(part)).collect()
    }

    /// What parts of the ways a point is.
    pub fn parts(&self, at: &[f64]) -> Vec<f64> {
        self.knobs.iter().zip(at).map(|(knob, &x)| knob.part(x)).collect()
    }

    /// The nearest point inside.
    pub fn bounded(&self, mut at: Vec<f64>) -> Vec<f64> {
        for (knob, x) in self.knobs.iter().zip(&mut at) {
            let (low, high) = knob.ends();
            *x = x.min(high).max(low);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_have_equal_cells() {
        let knob = Knob::linear(1.0, 4.0).whole();
        assert_eq!(knob.ends(), (0.5, 4.5));
        let values: Vec<f64> = (0..8).map(|n| knob.value(knob.at_part((f64::from(n) + 0.5) / 8.0))).collect();
        assert_eq!(values, [1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 4.0]);
        assert_eq!((knob.value(0.5), knob.value(4.5), knob.count()), (1.0, 4.0, Some(4)));
        assert_eq!(Knob::choice(3).ends(), (-0.5, 2.5));
    }

    #[test]
    fn logarithms_and_ends() {
        let knob = Knob::logarithmic(1e-3, 1e1);
        assert!((knob.value(knob.at_part(0.25)) / 1e-2 - 1.0).abs() < 1e-14);
        assert!((knob.part(knob.coordinate(1.0)) - 0.75).abs() < 1e-15);
        assert_eq!(knob.value(1e9), 1e1);
        assert!(
            !Knob::logarithmic(0.0, 1.0).is_valid()
                && !Knob::linear(1.0, 0.0).is_valid()
                && !Knob::linear(0.0, f64::NAN).is_valid()
        );
        assert_eq!(Knob::linear(2.0, 2.0).part(2.0), 0.5);
    }
}
