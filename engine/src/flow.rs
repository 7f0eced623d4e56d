//! Cells of equations that drive each other's inputs and therefore advance together, stage by stage: between two stages what one shows reaches the inputs of
//! the others. Who drives whom is `layout`'s matter.

pub mod adaptive;
mod exchange;
pub mod past;

pub use exchange::{Exchange, Gather, Round, Sums};

use crate::block::{Block, Worker};
use crate::kernel::method::explicit::Explicit;
use crate::probe::Reading;
use crate::simd::Isa;
pub use adaptive::Curve;
use adaptive::{Adaptive, Failed, Field};

/// The cells of a group that advance together, and what reaches inputs in it.
pub struct Flow {
    /// Block and pool of those that advance, in order.
    pools: Vec<(usize, usize)>,
    method: Method,
    exchange: Exchange,
    /// Those of its values whose past is kept, in the order of [`past::Past::kept`].
    kept: Vec<Outlet>,
    /// Inputs are those of the states as they are now.
    fresh: bool,
}

/// A value: block, pool, row, instance.
pub type Outlet = (usize, usize, u16, u32);

/// How they advance.
pub enum Method {
    /// In steps of the group.
    Fixed(Explicit),
    /// In steps of their own.
    Adaptive(Box<Adaptive>),
}

/// The times of a step (ms).
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Its beginning.
    pub begin: f64,
    /// Its middle.
    pub half: f64,
    /// Its end.
    pub end: f64,
}

impl Span {
    fn at(self, place: f64) -> f64 {
        match place {
            0.0 => self.begin,
            0.5 => self.half,
            _ => self.end,
        }
    }
}

impl Flow {
    /// Of these pools.
    pub fn new(pools: Vec<(usize, usize)>, method: Method, exchange: Exchange, kept: Vec<Outlet>) -> Flow {
        Flow { pools, method, exchange, kept, fresh: false }
    }

    /// Inputs become their bases, before initial values are found.
    pub fn reset(&mut self, blocks: &mut [Block]) {
        self.exchange.reset(blocks);
        self.fresh = false;
        if let Method::Adaptive(adaptive) = &mut self.method {
            adaptive.reset(blocks);
        }
    }

    /// States may have changed: inputs are looked at again before the next step.
    pub fn disturb(&mut self) {
        self.fresh = false;
    }

    /// States and inputs become what they are at a time (ms) that was reached.
    pub fn exchange(&mut self, blocks: &mut [Block], worker: &mut Worker, t: f64) {
        self.exchange.begin(blocks, worker, t);
        match &mut self.method {
            Method::Adaptive(adaptive) => {
                adaptive.look(&mut Field { blocks, worker, exchange: &mut self.exchange }, t);
            }
            Method::Fixed(_) => self.exchange.past.recall_step(false, &mut self.exchange.values),
        }
        self.exchange.run(blocks, worker, t, true);
        self.fresh = true;
    }

    /// Whether its cells advance in steps of their own: then nothing but the time passes where nobody looks.
    pub fn is_adaptive(&self) -> bool {
        matches!(self.method, Method::Adaptive(_))
    }

    /// Steps to a time (ms) or beyond, where steps are its own.
    pub fn reach(&mut self, blocks: &mut [Block], worker: &mut Worker, target: f64) {
        if let Method::Adaptive(adaptive) = &mut self.method {
            adaptive.reach(&mut Field { blocks, worker, exchange: &mut self.exchange }, target);
        }
    }

    /// Where a probe's values can be read off: it reads a state that has steps of its own.
    pub fn curve(&self, what: Reading) -> Option<Curve> {
        let (Method::Adaptive(adaptive), Reading::Row(block, pool, row, instance)) = (&self.method, what) else { return None };
        adaptive.curve((block, pool, row, instance))
    }

    /// Values of curves at times (ms) that were reached since the last window, rising.
    pub fn read_off(&self, blocks: &[Block], isa: Isa, curves: &[Curve], times: &[f64], out: &mut [Vec<f64>]) {
        if let Method::Adaptive(adaptive) = &self.method {
            adaptive.read_off(blocks, isa, curves, times, out);
        }
    }

    /// States are what they were when the rows were saved.
    pub fn resume(&mut self, blocks: &[Block]) {
        self.fresh = false;
        if let Method::Adaptive(adaptive) = &mut self.method {
            adaptive.resume(blocks);
        }
    }

    /// How many steps of their own systems have made, and how many they have tried.
    pub fn steps(&self) -> (u64, u64) {
        if let Method::Adaptive(adaptive) = &self.method { adaptive.steps() } else { (0, 0) }
    }

    /// What is kept of the past of values that are taken with a delay.
    pub fn past(&self) -> impl Iterator<Item = (Outlet, Vec<f64>)> {
        self.kept.iter().enumerate().map(|(k, outlet)| (*outlet, self.exchange.past.told(k)))
    }

    /// Takes up what was kept of one of them.
    pub fn take_up(&mut self, outlet: Outlet, told: &[f64]) {
        if let Some(k) = self.kept.iter().position(|one| *one == outlet) {
            self.exchange.past.take_up(k, told);
        }
    }

    /// What cannot go on, first.
    pub fn failed(&self) -> Option<Failed> {
        if let Method::Adaptive(adaptive) = &self.method { adaptive.failed() } else { None }
    }

    /// Block, pool and instance of all that cannot go on.
    pub fn lost(&self) -> Vec<(usize, usize, usize)> {
        if let Method::Adaptive(adaptive) = &self.method { adaptive.lost().collect() } else { Vec::new() }
    }

    /// Advances the states by a step. Whether one of them is none any more.
    pub fn step(&mut self, blocks: &mut [Block], w: &mut Worker, span: Span) -> bool {
        let method = match &mut self.method {
            Method::Fixed(method) => *method,
            Method::Adaptive(adaptive) => {
                adaptive.look(&mut Field { blocks, worker: w, exchange: &mut self.exchange }, span.end);
                return false;
            }
        };
        for (number, place) in method.places().iter().enumerate() {
            let t = span.at(*place);
            if number > 0 {
                self.exchange.past.recall_step(*place == 0.5, &mut self.exchange.values);
                self.exchange.run(blocks, w, t, false);
            } else {
                if !self.fresh {
                    self.exchange(blocks, w, t);
                }
                self.exchange.past.note_step(&self.exchange.values);
            }
            for (block, pool) in &self.pools {
                let block = &mut blocks[*block];
                block.pools[*pool].stage(number, w, &mut block.nodes, t);
            }
        }
        self.fresh = false;
        let mut faulty = false;
        for (block, pool) in &self.pools {
            let block = &mut blocks[*block];
            let pool = &mut block.pools[*pool];
            pool.step(w, &mut block.nodes, span.end);
            faulty |= pool.overflows(w.machine.isa());
        }
        faulty
    }
}
