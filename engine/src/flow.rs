//! Cells of equations that drive each other's inputs and therefore advance together, stage by stage: between two stages what one shows reaches the inputs of
//! the others. Who drives whom is `layout`'s matter.

mod exchange;

pub use exchange::{Exchange, Gather, Round, Sums};

use crate::block::{Block, Worker};
use crate::kernel::method::explicit::Explicit;

/// The cells of a group that advance together, and what reaches inputs in it.
pub struct Flow {
    /// Block and pool of those that advance, in order.
    pools: Vec<(usize, usize)>,
    method: Explicit,
    exchange: Exchange,
    /// Inputs are those of the states as they are now.
    fresh: bool,
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
    pub fn new(pools: Vec<(usize, usize)>, method: Explicit, exchange: Exchange) -> Flow {
        Flow { pools, method, exchange, fresh: false }
    }

    /// Inputs become their bases, before initial values are found.
    pub fn reset(&mut self, blocks: &mut [Block]) {
        self.exchange.reset(blocks);
        self.fresh = false;
    }

    /// States may have changed: inputs are looked at again before the next step.
    pub fn disturb(&mut self) {
        self.fresh = false;
    }

    /// Inputs become what reaches them at a time (ms).
    pub fn exchange(&mut self, blocks: &mut [Block], w: &mut Worker, t: f64) {
        self.exchange.run(blocks, w, t, true);
        self.fresh = true;
    }

    /// Advances the states by a step. Whether one of them is none any more.
    pub fn step(&mut self, blocks: &mut [Block], w: &mut Worker, span: Span) -> bool {
        for (number, place) in self.method.places().iter().enumerate() {
            let t = span.at(*place);
            if number > 0 {
                self.exchange.run(blocks, w, t, false);
            } else if !self.fresh {
                self.exchange(blocks, w, t);
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
            faulty |= pool.overflows();
        }
        faulty
    }
}
