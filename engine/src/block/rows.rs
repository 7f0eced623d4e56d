//! The rows of a pool, where its instances are, and how a program is run over them.

use super::{Nodes, Worker};
use crate::kernel::Scattered;
use crate::simd::Rows as Memory;
use crate::simd::WIDEST;
use crate::vm::code::Code;
use crate::vm::frame::Frame;
use crate::vm::program::TableData;

/// Instances that sit side by side: instance `first + i` at position `position + i`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// First instance.
    pub first: usize,
    /// Its position in the node rows.
    pub position: usize,
    /// How many.
    pub count: usize,
}

/// One flat row for each variable of a pool.
pub struct Rows {
    count: usize,
    stride: usize,
    values: Memory,
    /// Where the instances are; of scattered pools and those without nodes one run at position 0.
    runs: Vec<Run>,
    /// Position of each instance of a scattered pool.
    positions: Vec<u32>,
    scattered: Option<Scattered>,
}

impl Rows {
    /// So many rows, all 0, for instances in these runs, or scattered at these positions.
    pub fn new(rows: u16, count: usize, runs: Vec<Run>, positions: Vec<u32>, scattered: Option<Scattered>) -> Rows {
        let stride = count.next_multiple_of(WIDEST);
        let runs = if runs.is_empty() { vec![Run { first: 0, position: 0, count }] } else { runs };
        Rows { count, stride, values: Memory::new(0.0, stride * usize::from(rows) + WIDEST), runs, positions, scattered }
    }

    /// How many instances there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// A row.
    pub fn row(&self, row: u16) -> &[f64] {
        let start = usize::from(row) * self.stride;
        &self.values[start..start + self.count]
    }

    /// A row.
    pub fn row_mut(&mut self, row: u16) -> &mut [f64] {
        let start = usize::from(row) * self.stride;
        &mut self.values[start..start + self.count]
    }

    /// Two different rows, one to be written and one to be read.
    pub fn two(&mut self, write: u16, read: u16) -> (&mut [f64], &[f64]) {
        let (a, b) = (usize::from(write) * self.stride, usize::from(read) * self.stride);
        let (before, after) = self.values.split_at_mut(a.max(b));
        match a < b {
            true => (&mut before[a..a + self.count], &after[..self.count]),
            false => (&mut after[..self.count], &before[b..b + self.count]),
        }
    }

    /// Fills a row; past its end there are copies of a real instance, never zeros by which something might be divided.
    pub fn fill(&mut self, row: u16, values: &[f64]) {
        let start = usize::from(row) * self.stride;
        self.values[start..start + self.count].copy_from_slice(values);
        let last = values.last().copied().unwrap_or(0.0);
        self.values[start + self.count..start + self.stride].fill(last);
    }

    /// A value.
    pub fn get(&self, row: u16, instance: usize) -> f64 {
        self.values[usize::from(row) * self.stride + instance]
    }

    /// A value.
    pub fn set(&mut self, row: u16, instance: usize, value: f64) {
        self.values[usize::from(row) * self.stride + instance] = value;
    }

    /// Where an instance is in the node rows.
    pub fn position(&self, instance: usize) -> usize {
        match self.positions.get(instance) {
            Some(position) => *position as usize,
            None => {
                let after = self.runs.partition_point(|r| r.first <= instance);
                self.runs.get(after.saturating_sub(1)).map_or(0, |r| r.position + (instance - r.first))
            }
        }
    }

    /// Copies potentials to the row of a scattered pool.
    pub fn gather(&mut self, nodes: &Nodes) {
        if let Some(s) = self.scattered {
            let start = usize::from(s.v) * self.stride;
            for (value, position) in self.values[start..].iter_mut().zip(&self.positions) {
                *value = nodes.v(*position as usize);
            }
        }
    }

    /// Adds the currents of a scattered pool to its nodes, in order.
    pub fn scatter(&self, nodes: &mut Nodes) {
        if let Some(s) = self.scattered {
            let (currents, slopes) = (self.row(s.current), self.row(s.slope));
            for ((position, current), slope) in self.positions.iter().zip(currents).zip(slopes) {
                nodes.add_current(*position as usize, *current, *slope);
            }
        }
    }

    /// Runs a program for all instances.
    pub fn run(&mut self, w: &mut Worker, nodes: &mut Nodes, code: &Code, tables: &[TableData], t: f64) {
        for run in &self.runs {
            // A mechanism without parameters and states has no rows at all.
            let pool = self.values.get_mut(run.first..).unwrap_or_default();
            let mut frame =
                Frame { pool, stride: self.stride, nodes: nodes.rows(), first: run.position, t, arguments: &[], tables };
            w.machine.run(code, &mut frame, run.count, &mut w.scratch);
        }
    }

    /// Runs a program for one instance.
    pub fn run_one(&mut self, w: &mut Worker, nodes: &mut Nodes, code: &Code, tables: &[TableData], call: OneCall) {
        let OneCall { instance, arguments, t, draw } = call;
        let first = self.position(instance);
        if let Some(s) = self.scattered {
            self.set(s.v, instance, nodes.v(first));
        }
        let pool = self.values.get_mut(instance..).unwrap_or_default();
        let mut frame = Frame { pool, stride: self.stride, nodes: nodes.rows(), first, t, arguments, tables };
        w.machine.run_one(code, &mut frame, 0, &mut w.scratch, &mut || draw());
    }
}

/// What one instance is run for.
pub struct OneCall<'a> {
    /// Which.
    pub instance: usize,
    /// Arguments of the event.
    pub arguments: &'a [f64],
    /// Its time (ms).
    pub t: f64,
    /// Its random stream.
    pub draw: &'a mut dyn FnMut() -> f64,
}
