//! Memory for rows of doubles that begins at a cache line. A vector that straddles two lines costs twice; nothing else depends on it.

use std::ops::{Deref, DerefMut};

/// Doubles in a cache line.
const LINE: usize = 8;

/// A cache line.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
struct Line([f64; LINE]);

/// A fixed number of doubles, the first at the beginning of a cache line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    lines: Vec<Line>,
    length: usize,
}

impl Rows {
    /// So many copies of a value.
    pub fn new(value: f64, length: usize) -> Rows {
        Rows { lines: vec![Line([value; LINE]); length.div_ceil(LINE)], length }
    }
}

impl Deref for Rows {
    type Target = [f64];

    fn deref(&self) -> &[f64] {
        // SAFETY: lines are doubles without gaps, and there are at least `length` of them.
        unsafe { std::slice::from_raw_parts(self.lines.as_ptr().cast(), self.length) }
    }
}

impl DerefMut for Rows {
    fn deref_mut(&mut self) -> &mut [f64] {
        // SAFETY: as in `deref`.
        unsafe { std::slice::from_raw_parts_mut(self.lines.as_mut_ptr().cast(), self.length) }
    }
}

impl FromIterator<f64> for Rows {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Rows {
        let values: Vec<f64> = values.into_iter().collect();
        let mut rows = Rows::new(0.0, values.len());
        rows.copy_from_slice(&values);
        rows
    }
}
