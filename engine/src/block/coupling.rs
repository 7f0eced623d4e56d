//! What a block shows to others, and what it takes from them: values of nodes and rows, copied once a step. Who is coupled with whom is `layout`'s matter.

use super::{Nodes, Pool};

/// A value that others take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tap {
    /// Potential at a position.
    Voltage(u32),
    /// Shared row, position.
    Shared(u16, u32),
    /// Potential of a layer around a position.
    Outside(u8, u32),
    /// Current through the membrane at a position.
    Membrane(u32),
    /// Pool, row, instance.
    Row(u16, u16, u32),
    /// The same at all times.
    Fixed(f64),
}

impl Tap {
    /// That of so many neighbours further on.
    pub fn behind(self, k: u32) -> Tap {
        match self {
            Tap::Voltage(position) => Tap::Voltage(position + k),
            Tap::Shared(row, position) => Tap::Shared(row, position + k),
            Tap::Outside(layer, position) => Tap::Outside(layer, position + k),
            Tap::Membrane(position) => Tap::Membrane(position + k),
            Tap::Row(pool, row, instance) => Tap::Row(pool, row, instance + k),
            Tap::Fixed(x) => Tap::Fixed(x),
        }
    }

    /// The value now.
    pub fn read(self, nodes: &Nodes, pools: &[Pool]) -> f64 {
        match self {
            Tap::Voltage(position) => nodes.v(position as usize),
            Tap::Shared(row, position) => nodes.shared.get(row, position as usize),
            Tap::Outside(layer, position) => nodes.around(layer, position as usize),
            Tap::Membrane(position) => nodes.membrane(position as usize),
            Tap::Row(pool, row, instance) => pools[usize::from(pool)].rows().get(row, instance as usize),
            Tap::Fixed(x) => x,
        }
    }
}

/// A row of inputs that others drive: each value is its base plus the sum of weight times source over its terms.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// Which pool of the block.
    pub pool: usize,
    /// Which of its rows.
    pub row: u16,
    /// The instances that are driven.
    instances: Vec<u32>,
    bases: Vec<f64>,
    /// Terms of instance k: `terms[start[k]..start[k + 1]]`.
    start: Vec<u32>,
    terms: Vec<(u32, f64)>,
}

impl Intake {
    /// Of a row, nothing driven yet.
    pub fn new(pool: usize, row: u16) -> Intake {
        Intake { pool, row, start: vec![0], ..Intake::default() }
    }

    /// One more instance; terms are (number of the source among the group's taps, weight).
    pub fn drive(&mut self, instance: u32, base: f64, terms: impl Iterator<Item = (u32, f64)>) {
        self.instances.push(instance);
        self.bases.push(base);
        self.terms.extend(terms);
        self.start.push(self.terms.len() as u32);
    }

    /// Writes the row; `values` are those of the group's taps.
    pub fn take(&self, pools: &mut [Pool], values: &[f64]) {
        let row = pools[self.pool].rows_mut().row_mut(self.row);
        let ends = self.start.windows(2).map(|pair| pair[0] as usize..pair[1] as usize);
        for ((instance, base), terms) in self.instances.iter().zip(&self.bases).zip(ends) {
            let sum = |sum: f64, (source, weight): &(u32, f64)| weight.mul_add(values[*source as usize], sum);
            row[*instance as usize] = self.terms[terms].iter().fold(*base, sum);
        }
    }
}
