//! The rows of a pool, where its instances are, and how a program is run over them.

use super::common::Cells;
use super::copies::Copies;
use super::ready::Ready;
use super::{Nodes, Worker};
use crate::kernel::{MechanismCode, Mirror, Scattered};
use crate::random::Stream;
use crate::simd::Rows as Memory;
use crate::simd::WIDEST;
use crate::vm::code::Code;
use crate::vm::frame::Frame;
use crate::vm::program::{Operand, Program, TableData};

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

impl Run {
    /// Its instances.
    pub fn instances(self) -> std::ops::Range<usize> {
        self.first..self.first + self.count
    }

    /// It in parts of at most so many instances.
    pub fn parts(self, most: usize) -> impl Iterator<Item = Run> {
        (0..self.count).step_by(most).map(move |k| Run {
            first: self.first + k,
            position: self.position + k,
            count: most.min(self.count - k),
        })
    }

    /// Its parts at nodes that are fixed or not, and whether they are.
    fn cut(self, lanes: usize, fixed: &[bool]) -> Vec<(Run, bool)> {
        let mut out: Vec<(Run, bool)> = Vec::new();
        for k in 0..self.count / lanes {
            let is = fixed[self.position / lanes + k];
            match out.last_mut() {
                Some((run, was)) if *was == is => run.count += lanes,
                _ => out.push((Run { first: self.first + k * lanes, position: self.position + k * lanes, count: lanes }, is)),
            }
        }
        out
    }
}

/// Which instances of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Portion {
    /// Those at nodes whose diagonal is fixed.
    Fixed,
    /// The others.
    Moving,
}

/// One flat row for each variable of a pool.
pub struct Rows {
    count: usize,
    stride: usize,
    values: Memory,
    /// Where the instances are; of scattered pools and those without nodes one run at position 0.
    runs: Vec<Run>,
    /// The parts of the runs that are at nodes with a fixed diagonal, and the others.
    fixed: Vec<Run>,
    moving: Vec<Run>,
    /// Copies of node rows, for runs so short that one call for all of them is cheaper than a call each.
    copies: Option<Box<Copies>>,
    /// Position of each instance of a scattered pool.
    positions: Vec<u32>,
    scattered: Option<Scattered>,
    /// They are electrodes: their potential is that of the inside against ground.
    inside: bool,
    /// Where rows hold the same for all instances of a cell.
    pub(super) cells: Option<Box<Cells>>,
}

impl Rows {
    /// So many rows, all 0, for instances in these runs, or scattered at these positions.
    pub fn new(rows: u16, count: usize, runs: Vec<Run>, positions: Vec<u32>, scattered: Option<Scattered>) -> Rows {
        let stride = count.next_multiple_of(WIDEST);
        let runs = if runs.is_empty() { vec![Run { first: 0, position: 0, count }] } else { runs };
        let values = Memory::new(0.0, stride * usize::from(rows) + WIDEST);
        let copies = if scattered.is_none() { Copies::new(count, &runs) } else { None };
        Rows {
            count,
            stride,
            values,
            moving: runs.clone(),
            fixed: Vec::new(),
            copies,
            runs,
            positions,
            scattered,
            inside: false,
            cells: None,
        }
    }

    /// Instances of a cell, in so many lanes, have in common what their mechanism says.
    pub fn share(&mut self, mechanism: &MechanismCode, lanes: usize) {
        self.cells = Cells::new(mechanism, lanes, &self.runs, &self.positions);
    }

    /// Position of each instance of a scattered pool; else nothing.
    pub fn positions(&self) -> &[u32] {
        &self.positions
    }

    /// Makes them electrodes.
    pub fn electrodes(&mut self) {
        self.inside = true;
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

    /// How many runs there are.
    pub fn runs(&self) -> usize {
        self.runs.len()
    }

    /// The runs, by number.
    pub fn at(&self, run: usize) -> Run {
        self.runs[run]
    }

    /// Tells runs apart by which nodes have a fixed diagonal.
    pub fn fix(&mut self, lanes: usize, fixed: &[bool]) {
        if self.scattered.is_none() && fixed.contains(&true) {
            let parts: Vec<(Run, bool)> = self.runs.iter().flat_map(|run| run.cut(lanes, fixed)).collect();
            let those = |which: bool| parts.iter().filter(|(_, f)| *f == which).map(|(run, _)| *run).collect();
            (self.fixed, self.moving) = (those(true), those(false));
        }
    }

    /// Whether some instances are at nodes with a fixed diagonal.
    pub fn is_fixed(&self) -> bool {
        !self.fixed.is_empty()
    }

    /// Copies potentials and shared values to the rows of the pool that a program reads.
    pub fn gather(&mut self, run: Run, nodes: &Nodes, exchange: &Exchange) {
        let within = run.instances();
        if let Some(s) = self.scattered.filter(|_| exchange.potential) {
            let start = usize::from(s.v) * self.stride;
            for (value, position) in self.values[start + within.start..].iter_mut().zip(&self.positions[within.clone()]) {
                *value = if self.inside { nodes.inside(*position as usize) } else { nodes.v(*position as usize) };
            }
        }
        for mirror in &exchange.reads {
            for i in within.clone() {
                let position = self.position(i);
                self.set(mirror.row, i, nodes.shared.get(mirror.shared, position));
            }
        }
    }

    /// Brings what a program left in the pool's rows to the nodes, in the order of the instances.
    pub fn scatter(&self, run: Run, nodes: &mut Nodes, exchange: &Exchange) {
        if let Some(s) = self.scattered.filter(|_| exchange.currents) {
            let within = run.instances();
            let (currents, slopes) = (&self.row(s.current)[within.clone()], &self.row(s.slope)[within.clone()]);
            match self.inside {
                true => {
                    for ((position, current), slope) in self.positions[within].iter().zip(currents).zip(slopes) {
                        nodes.inject(*position as usize, *current, *slope);
                    }
                }
                false => nodes.add_currents(&self.positions[within], currents, slopes),
            }
        }
        self.write_back_all(run, nodes, exchange.writes.iter());
    }

    /// Brings rows that stand for shared ones back to the nodes, in the order of the instances.
    pub fn write_back_all<'a>(&self, run: Run, nodes: &mut Nodes, mirrors: impl Iterator<Item = &'a Mirror>) {
        for mirror in mirrors {
            for i in run.instances() {
                self.write_back(nodes, *mirror, i, self.position(i));
            }
        }
    }

    fn write_back(&self, nodes: &mut Nodes, mirror: Mirror, instance: usize, position: usize) {
        let (value, there) = (self.get(mirror.row, instance), nodes.shared.at(mirror.shared, position));
        *there = if mirror.adds { *there + value } else { value };
    }

    /// Runs a program for the instances of a run.
    #[expect(clippy::too_many_arguments, reason = "what a call works on, each of it once")]
    pub fn run(
        &mut self,
        run: Run,
        w: &mut Worker,
        nodes: &mut Nodes,
        code: &Code,
        tables: &[TableData],
        t: f64,
        streams: &mut [Stream],
    ) {
        // A mechanism without parameters and states has no rows at all.
        let pool = self.values.get_mut(run.first..).unwrap_or_default();
        let streams = streams.get_mut(run.first..).unwrap_or_default();
        let (nodes, shared, shared_stride) = nodes.rows();
        let (stride, first) = (self.stride, run.position);
        let padded = run.first + run.count == self.count && run.first + run.count.next_multiple_of(WIDEST) <= stride;
        let mut frame = Frame { pool, stride, padded, nodes, shared, shared_stride, first, t, arguments: &[], tables, streams };
        w.machine.run(code, &mut frame, run.count, &mut w.scratch);
    }

    /// Runs a program for all instances at once, if copies of node rows do for it. Whether they do: shared rows are not copied.
    pub fn run_copied(
        &mut self,
        w: &mut Worker,
        nodes: &mut Nodes,
        ready: &Ready,
        tables: &[TableData],
        t: f64,
        streams: &mut [Stream],
    ) -> bool {
        let Ready { code, exchange, .. } = ready;
        let Some(copies) = self.copies.as_mut().filter(|_| !code.shares() && exchange.is_none()) else { return false };
        let (pool, stride) = (self.values.get_mut(..).unwrap_or_default(), self.stride);
        copies.take(&self.runs, nodes, code);
        let mut frame = Frame { pool, stride, padded: true, nodes: copies.rows(), t, tables, streams, ..Frame::default() };
        w.machine.run(code, &mut frame, self.count, &mut w.scratch);
        copies.give(&self.runs, nodes, code);
        true
    }

    /// Runs a program for some of the instances. It exchanges nothing with the nodes through rows of the pool, and draws nothing.
    pub fn run_portion(&mut self, which: Portion, w: &mut Worker, nodes: &mut Nodes, code: &Code, tables: &[TableData], t: f64) {
        let count = self.portion(which).len();
        for k in 0..count {
            self.run(self.portion(which)[k], w, nodes, code, tables, t, &mut []);
        }
    }

    fn portion(&self, which: Portion) -> &[Run] {
        match which {
            Portion::Fixed => &self.fixed,
            Portion::Moving => &self.moving,
        }
    }

    /// Runs a program for one instance.
    pub fn run_one(&mut self, w: &mut Worker, nodes: &mut Nodes, ready: &Ready, tables: &[TableData], call: OneCall) {
        let Ready { code, exchange, .. } = ready;
        let OneCall { instance, arguments, t, streams } = call;
        let first = self.position(instance);
        if let Some(s) = self.scattered {
            self.set(s.v, instance, if self.inside { nodes.inside(first) } else { nodes.v(first) });
        }
        exchange.reads.iter().for_each(|m| self.set(m.row, instance, nodes.shared.get(m.shared, first)));
        let pool = self.values.get_mut(instance..).unwrap_or_default();
        let (rows, shared, shared_stride) = nodes.rows();
        let (stride, streams) = (self.stride, streams.get_mut(instance..).unwrap_or_default());
        let padded = false;
        let mut frame = Frame { pool, stride, padded, nodes: rows, shared, shared_stride, first, t, arguments, tables, streams };
        w.machine.run_one(code, &mut frame, 0, &mut w.scratch);
        exchange.writes.iter().for_each(|m| self.write_back(nodes, *m, instance, first));
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
    /// Random streams of all instances, or nothing.
    pub streams: &'a mut [Stream],
}

/// What a program takes from the nodes through rows of the pool, and what it leaves there for them.
#[derive(Clone, Debug, Default)]
pub struct Exchange {
    /// Potentials of a scattered pool.
    pub potential: bool,
    /// Currents of a scattered pool.
    pub currents: bool,
    /// Copies of shared values.
    pub reads: Vec<Mirror>,
    /// What goes back.
    pub writes: Vec<Mirror>,
}

impl Exchange {
    /// Whether there is nothing to exchange.
    pub fn is_none(&self) -> bool {
        !self.potential && !self.currents && self.reads.is_empty() && self.writes.is_empty()
    }

    /// Of a program of the mechanism.
    pub fn of(mechanism: &MechanismCode, program: &Program) -> Exchange {
        let uses = |row: u16| program.operands.contains(&Operand::Row(row));
        let stores = |row: u16| program.writes(row);
        let mirrors = || mechanism.mirrors.iter().copied();
        Exchange {
            potential: mechanism.scattered.is_some_and(|s| uses(s.v)),
            currents: mechanism.scattered.is_some_and(|s| stores(s.current)),
            reads: mirrors().filter(|m| !m.adds && uses(m.row)).collect(),
            writes: mirrors().filter(|m| stores(m.row)).collect(),
        }
    }
}
