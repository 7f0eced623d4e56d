//! Sampling: what each group keeps of each recorder.

use crate::block::{Block, Worker};
use crate::flow::{Curve, Flow};
use crate::run::Trace;
use crate::simd::Isa;
use std::sync::Arc;

/// So many samples are handed over at once, column by column: they are read from the nearest cache again and again.
const AT_ONCE: usize = 32;

/// The probes of one recorder that lie in one group, and what they gave.
pub struct Sampler {
    /// Number of the recorder in the plan.
    pub recorder: usize,
    /// Sampling times (ms).
    pub times: Vec<f64>,
    /// For each probe its number in the recorder, and what it reads.
    pub probes: Vec<SampledProbe>,
    samples: Samples,
    /// The probes in order, those together that read neighbours.
    reads: Vec<Read>,
    /// Block and pool of lets that it reads.
    observed: Vec<(usize, usize)>,
    /// When samples were due that are still to be read off (ms).
    due: Vec<f64>,
    every: Option<f64>,
    next: f64,
}

/// What the probes read.
enum Samples {
    /// One after the other, time after time: so a sample is written at one place.
    Rows(Vec<f64>),
    /// Of states that have steps of their own, by probe: what they were is read off these steps, for many times at once.
    Columns(Vec<Curve>, Vec<Vec<f64>>),
}

impl Samples {
    fn clear(&mut self) {
        match self {
            Samples::Rows(values) => values.clear(),
            Samples::Columns(_, columns) => columns.iter_mut().for_each(Vec::clear),
        }
    }
}

/// A probe of a group.
#[derive(Clone, Copy, Debug)]
pub struct SampledProbe {
    /// Number in the recorder.
    pub number: usize,
    /// What it reads.
    pub what: Reading,
}

/// Probes that are read together.
enum Read {
    /// Potentials of a block, from a position on so many.
    Voltages(usize, usize, usize),
    /// A row of a pool of a block, from an instance on so many.
    Rows(usize, usize, u16, usize, usize),
    /// Any other.
    One(Reading),
}

/// What a probe of a group reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// Potential at a position of a block.
    Voltage(usize, usize),
    /// Shared row at a position of a block.
    Shared(usize, u16, usize),
    /// Potential of a layer around a node: block, layer, position.
    Outside(usize, u8, usize),
    /// Current through the membrane: block, position.
    Membrane(usize, usize),
    /// Block, pool, row, instance.
    Row(usize, usize, u16, usize),
    /// Block, pool, connection to it, column.
    Connection(usize, usize, u32, u8),
    /// The same at all times.
    Fixed(f64),
}

impl Sampler {
    /// Nothing sampled yet.
    pub fn new(recorder: usize, every: Option<f64>) -> Sampler {
        let (probes, reads, observed, due) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let samples = Samples::Rows(Vec::new());
        Sampler { recorder, times: Vec::new(), probes, samples, reads, observed, due, every, next: first(every) }
    }

    /// Forgets its samples.
    pub fn rewind(&mut self) {
        self.next = first(self.every);
        self.times.clear();
        self.samples.clear();
        self.due.clear();
    }

    /// How many values it keeps.
    pub fn kept(&self) -> usize {
        match &self.samples {
            Samples::Rows(values) => values.len(),
            Samples::Columns(_, columns) => columns.len() * columns.first().map_or(0, Vec::len),
        }
    }

    /// Moves its samples to a trace, probe by probe; the trace may have the times of another group's sampler.
    pub fn hand_over(&mut self, trace: &mut Trace, known: usize) {
        if trace.times.len() == known {
            Arc::make_mut(&mut trace.times).extend(&self.times);
        }
        match &self.samples {
            Samples::Rows(samples) => {
                let width = self.probes.len().max(1);
                for some in samples.chunks(width * AT_ONCE) {
                    for (at, p) in self.probes.iter().enumerate() {
                        if let Some(values) = trace.values.get_mut(p.number) {
                            values.extend(some.chunks_exact(width).map(|row| row[at]));
                        }
                    }
                }
            }
            Samples::Columns(_, columns) => {
                for (p, column) in self.probes.iter().zip(columns) {
                    if let Some(values) = trace.values.get_mut(p.number) {
                        values.extend_from_slice(column);
                    }
                }
            }
        }
        self.times.clear();
        self.samples.clear();
    }

    /// Its interval and when it samples next, if it has an interval.
    pub fn interval(&self) -> Option<(f64, f64)> {
        Some((self.every?, self.next))
    }

    /// Goes on from another time, with what others of its interval had before it; else in multiples of it, accumulated.
    pub fn resume(&mut self, known: &[(f64, f64)], time: f64) {
        self.rewind();
        let Some(every) = self.every else { return };
        match known.iter().find(|(interval, _)| *interval == every) {
            Some((_, next)) => self.next = *next,
            None => {
                while self.next <= time {
                    self.next += every;
                }
            }
        }
    }

    /// When it samples next by itself; never, if it samples each step.
    pub fn next(&self) -> f64 {
        self.next
    }

    /// Whether it samples at the end of each step.
    pub fn is_every_step(&self) -> bool {
        self.every.is_none()
    }

    /// Has the blocks compute what it reads of lets and currents. No probes come after that.
    pub fn watch(&mut self, blocks: &mut [Block]) {
        self.reads = together(&self.probes);
        for p in &self.probes {
            if let Reading::Row(block, pool, row, instance) = p.what
                && (blocks[block].pools[pool].watch(row, instance as u32) || blocks[block].pointers.has_reader(pool))
                && !self.observed.contains(&(block, pool))
            {
                self.observed.push((block, pool));
            }
        }
    }

    /// From now on what it samples can be read off the steps of states, if it reads nothing else.
    pub fn follow(&mut self, flow: &Flow) {
        let mut curves = Vec::with_capacity(self.probes.len());
        for (at, p) in self.probes.iter().enumerate() {
            let Some(curve) = flow.curve(p.what) else { return };
            curves.push((curve, at));
        }
        if self.every.is_some() && !curves.is_empty() {
            curves.sort_by_key(|(curve, _)| curve.system);
            self.probes = curves.iter().map(|(_, at)| self.probes[*at]).collect();
            let columns = vec![Vec::new(); curves.len()];
            self.samples = Samples::Columns(curves.into_iter().map(|(curve, _)| curve).collect(), columns);
        }
    }

    /// Whether what it samples can be read off later.
    pub fn follows(&self) -> bool {
        matches!(self.samples, Samples::Columns(..))
    }

    /// The sample that is due is to be read off later, with the model at time `now`.
    pub fn put_off(&mut self, now: f64) {
        let t = self.next;
        self.times.push(t);
        self.due.push(now);
        self.next = t + self.every.unwrap_or(f64::INFINITY);
    }

    /// Reads off what was put off.
    pub fn read_off(&mut self, flow: &Flow, blocks: &[Block], isa: Isa) {
        if let Samples::Columns(curves, columns) = &mut self.samples
            && !self.due.is_empty()
        {
            flow.read_off(blocks, isa, curves, &self.due, columns);
            self.due.clear();
        }
    }

    /// Samples at the time that is due, with the model at time `now`; the next one is an interval later.
    pub fn take_due(&mut self, now: f64, blocks: &mut [Block], worker: &mut Worker) {
        let t = self.next;
        self.take((t, now), blocks, worker);
        self.next = t + self.every.unwrap_or(f64::INFINITY);
    }

    /// Samples at a time, with the model at time `now`.
    pub fn take(&mut self, (t, now): (f64, f64), blocks: &mut [Block], worker: &mut Worker) {
        for (block, pool) in &self.observed {
            blocks[*block].observe(worker, *pool, now);
        }
        self.times.push(t);
        let samples = match &mut self.samples {
            Samples::Rows(samples) => samples,
            Samples::Columns(_, columns) => {
                self.probes.iter().zip(columns).for_each(|(p, column)| column.push(p.what.of(blocks)));
                return;
            }
        };
        for read in &self.reads {
            match *read {
                Read::Voltages(block, position, count) => {
                    samples.extend_from_slice(blocks[block].nodes.potentials(position, count));
                }
                Read::Rows(block, pool, row, first, count) => {
                    samples.extend_from_slice(&blocks[block].pools[pool].rows().row(row)[first..first + count]);
                }
                Read::One(what) => samples.push(what.of(blocks)),
            }
        }
    }

    /// Number in the recorder and present value of each probe.
    pub fn now<'a>(&'a self, blocks: &'a [Block]) -> impl Iterator<Item = (usize, f64)> + 'a {
        self.probes.iter().map(|p| (p.number, p.what.of(blocks)))
    }
}

impl Reading {
    /// The present value.
    fn of(self, blocks: &[Block]) -> f64 {
        match self {
            Reading::Voltage(block, position) => blocks[block].nodes.v(position),
            Reading::Shared(block, row, position) => blocks[block].nodes.shared.get(row, position),
            Reading::Outside(block, layer, position) => blocks[block].nodes.around(layer, position),
            Reading::Membrane(block, position) => blocks[block].nodes.membrane(position),
            Reading::Row(block, pool, row, instance) => blocks[block].pools[pool].rows().get(row, instance),
            Reading::Connection(block, pool, number, column) => {
                let connections = blocks[block].pools[pool].connections();
                connections.and_then(|c| c.line(number).get(usize::from(column)).copied()).unwrap_or(f64::NAN)
            }
            Reading::Fixed(x) => x,
        }
    }
}

/// Probes that read neighbours are read as one.
fn together(probes: &[SampledProbe]) -> Vec<Read> {
    let mut reads: Vec<Read> = Vec::new();
    for probe in probes {
        match (probe.what, reads.last_mut()) {
            (Reading::Voltage(block, at), Some(Read::Voltages(same, first, count)))
                if (*same, *first + *count) == (block, at) =>
            {
                *count += 1;
            }
            (Reading::Row(block, pool, row, at), Some(Read::Rows(of, its, same, first, count)))
                if (*of, *its, *same, *first + *count) == (block, pool, row, at) =>
            {
                *count += 1;
            }
            (Reading::Voltage(block, at), _) => reads.push(Read::Voltages(block, at, 1)),
            (Reading::Row(block, pool, row, at), _) => reads.push(Read::Rows(block, pool, row, at, 1)),
            (what, _) => reads.push(Read::One(what)),
        }
    }
    reads
}

fn first(every: Option<f64>) -> f64 {
    if every.is_some() { 0.0 } else { f64::INFINITY }
}
