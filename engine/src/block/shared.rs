//! Rows of values that the mechanisms of a place share, values of ions: where node n of lane l is at n * lanes + l, as in the other node rows.

use crate::plan::{RowKind, SharedRow, part};
use crate::simd::{Rows, WIDEST};

/// The shared rows of a block.
#[derive(Default)]
pub struct Shared {
    stride: usize,
    values: Rows,
    nodes: usize,
    lanes: usize,
    /// Of each row the values at the start, once for each node, or for each node and lane.
    initial: Vec<Vec<f64>>,
    /// Rows that are set to 0 before the currents of a step.
    summed: Vec<usize>,
    /// Rows of currents, each with that of its slopes.
    slopes: Vec<(usize, usize)>,
}

impl Shared {
    /// The part of a class's rows that belongs to `lanes` of its lanes, from `first` on.
    pub fn new(rows: &[SharedRow], nodes: usize, first: usize, lanes: usize) -> Shared {
        let stride = (nodes * lanes).next_multiple_of(WIDEST);
        let numbered = || rows.iter().enumerate();
        let slopes =
            numbered().filter_map(|(k, row)| if let RowKind::Slope { of } = row.kind { Some((of.into(), k)) } else { None });
        Shared {
            stride,
            values: Rows::new(0.0, stride * rows.len() + WIDEST),
            slopes: slopes.collect(),
            summed: numbered().filter(|(_, row)| row.kind != RowKind::Value).map(|(k, _)| k).collect(),
            nodes,
            lanes,
            initial: rows.iter().map(|row| part(&row.initial, nodes, first, lanes)).collect(),
        }
    }

    /// All values as they are at the start.
    pub fn init(&mut self) {
        for (values, initial) in self.values.chunks_mut(self.stride.max(1)).zip(&self.initial) {
            match initial.len() > self.nodes {
                true => values[..initial.len()].copy_from_slice(initial),
                false => values.chunks_mut(self.lanes).zip(initial).for_each(|(lanes, x)| lanes.fill(*x)),
            }
        }
    }

    /// Before the currents of a step.
    pub fn begin(&mut self) {
        for row in &self.summed {
            self.values[row * self.stride..(row + 1) * self.stride].fill(0.0);
        }
    }

    /// Moves currents to the middle of the step, where the potentials change by `rise` until then.
    pub fn extrapolate(&mut self, rise: &[f64]) {
        for (current, slope) in &self.slopes {
            for (position, dv) in rise.iter().enumerate() {
                let slope = self.values[slope * self.stride + position];
                self.values[current * self.stride + position] += slope * dv;
            }
        }
    }

    /// Values at a position that are none become what they were at the start.
    pub fn heal(&mut self, position: usize) {
        for (values, initial) in self.values.chunks_mut(self.stride.max(1)).zip(&self.initial) {
            if !values[position].is_finite() {
                values[position] = initial[if initial.len() > self.nodes { position } else { position / self.lanes }];
            }
        }
    }

    /// A value.
    pub fn get(&self, row: u16, position: usize) -> f64 {
        self.values[usize::from(row) * self.stride + position]
    }

    /// A value.
    pub fn at(&mut self, row: u16, position: usize) -> &mut f64 {
        &mut self.values[usize::from(row) * self.stride + position]
    }

    /// All rows, and the distance from one to the next.
    pub fn rows(&mut self) -> (&mut [f64], usize) {
        (&mut self.values, self.stride)
    }
}
