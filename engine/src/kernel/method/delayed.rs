//! Values of some time ago, between those that were kept.

/// Where a value is between those of steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lag {
    /// How many steps after the newest the last one is that is not later (0 or less).
    whole: i64,
    /// What is missing, in steps.
    part: f64,
    /// The first of the values that are needed, where enough are known: how many steps after the newest.
    first: i64,
    /// Their weights.
    weights: [f64; POINTS],
}

/// How many values a polynomial goes through.
pub const POINTS: usize = 4;

impl Lag {
    /// Of a delay (ms), at a place in the step (from 0 to 1) that began with the newest value.
    #[must_use]
    pub fn new(delay: f64, dt: f64, place: f64) -> Lag {
        let steps = delay / dt;
        let near = steps.round();
        let at = place - if (steps - near).abs() < 1e-9 * near { near } else { steps };
        let (whole, part) = (at.floor() as i64, at - at.floor());
        let first = (whole - 1).min(1 - POINTS as i64);
        let weights = weights((whole - first) as f64 + part, POINTS);
        Lag { whole, part, first, weights }
    }

    /// How many of the newest values are needed.
    #[must_use]
    pub fn depth(&self) -> usize {
        (POINTS as i64).max(1 - self.whole.min(self.first)) as usize
    }

    /// The value there: of a step, or on the polynomial of order 3 through the values nearest to it, or of lower order where there are fewer. Before the
    /// first one all are as `before`.
    pub fn read(&self, newest: i64, before: f64, step: impl Fn(i64) -> f64) -> f64 {
        let k = newest + self.whole;
        if k < 0 {
            return before;
        }
        if self.part == 0.0 {
            return step(k);
        }
        let sum = |first: i64, weights: &[f64]| (first..).zip(weights).fold(0.0, |sum, (k, weight)| sum + weight * step(k));
        if newest + self.first >= 0 {
            return sum(newest + self.first, &self.weights);
        }
        let count = (newest + 1).min(POINTS as i64) as usize;
        sum(0, &weights(k as f64 + self.part, count)[..count])
    }
}

/// Weights of so many values, one step after the other, in the polynomial through all of them, at a place from the first one on.
fn weights(at: f64, count: usize) -> [f64; POINTS] {
    let of = |i: usize| {
        let others = (0..count).filter(|j| *j != i).map(|j| j as f64);
        others.fold(1.0, |product, j| product * ((at - j) / (i as f64 - j)))
    };
    std::array::from_fn(of)
}

/// A polynomial of order 4 over a step: its value at the beginning, and differences of the values at each quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Piece(pub [f64; 5]);

/// Where in a step values are noted, beside its beginning.
pub const QUARTERS: [f64; 4] = [0.25, 0.5, 0.75, 1.0];

impl Piece {
    /// Through the values at the beginning and at each quarter.
    #[must_use]
    pub fn through(mut values: [f64; 5]) -> Piece {
        for order in 1..5 {
            for k in (order..5).rev() {
                values[k] -= values[k - 1];
            }
        }
        Piece(values)
    }

    /// Where a part of the step has passed.
    #[must_use]
    pub fn at(self, passed: f64) -> f64 {
        let (x, [value, a, b, c, d]) = (4.0 * passed, self.0);
        value + x * (a + (x - 1.0) / 2.0 * (b + (x - 2.0) / 3.0 * (c + (x - 3.0) / 4.0 * d)))
    }
}
