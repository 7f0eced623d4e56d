//! What cells show reaches the inputs of others. Where an input reaches another one through definitions, it is brought up to date first: an exchange
//! goes by rounds.

use super::past::Past;
use crate::block::{Block, Tap, Worker};

/// All that flows in a group.
#[derive(Default)]
pub struct Exchange {
    /// One after the other.
    pub rounds: Vec<Round>,
    /// What is shown, in the order of the gathers; then what was shown some time ago.
    pub values: Vec<f64>,
    /// What is needed for the latter.
    pub past: Past,
}

/// What can be brought up to date at once.
#[derive(Default)]
pub struct Round {
    /// Block and pool of definitions that are computed first.
    pub shows: Vec<(usize, usize)>,
    /// Values that are then taken.
    pub gathers: Vec<Gather>,
    /// Inputs that then become sums of them.
    pub sums: Vec<Sums>,
}

/// Neighbours in a row that are taken.
pub struct Gather {
    /// Their block.
    pub block: usize,
    /// The first of them.
    pub first: Tap,
    /// How many.
    pub count: usize,
    /// Where they go among the values.
    pub at: usize,
}

/// Inputs of a row: each is its base plus the sum of weight times value over its terms.
#[derive(Default)]
pub struct Sums {
    /// Block.
    pub block: usize,
    /// Its pool.
    pub pool: usize,
    /// The row of the input.
    pub row: u16,
    /// Whether they are needed between two stages.
    pub inner: bool,
    instances: Vec<u32>,
    bases: Vec<f64>,
    /// Terms of instance k: from `start[k]` to `start[k + 1]`.
    start: Vec<u32>,
    terms: Vec<(u32, f64)>,
}

impl Sums {
    /// Of a row, nothing driven yet.
    pub fn new(block: usize, pool: usize, row: u16, inner: bool) -> Sums {
        Sums { block, pool, row, inner, start: vec![0], ..Sums::default() }
    }

    /// One more instance; terms are (number of the value, weight).
    pub fn drive(&mut self, instance: u32, base: f64, terms: impl Iterator<Item = (u32, f64)>) {
        self.instances.push(instance);
        self.bases.push(base);
        self.terms.extend(terms);
        self.start.push(self.terms.len() as u32);
    }

    fn take(&self, blocks: &mut [Block], values: &[f64]) {
        let row = blocks[self.block].pools[self.pool].rows_mut().row_mut(self.row);
        let mut begin = 0;
        for ((instance, base), end) in self.instances.iter().zip(&self.bases).zip(&self.start[1..]) {
            let terms = &self.terms[begin..*end as usize];
            row[*instance as usize] = terms.iter().fold(*base, |sum, (value, weight)| sum + weight * values[*value as usize]);
            begin = *end as usize;
        }
    }

    fn reset(&self, blocks: &mut [Block]) {
        let row = blocks[self.block].pools[self.pool].rows_mut().row_mut(self.row);
        self.instances.iter().zip(&self.bases).for_each(|(instance, base)| row[*instance as usize] = *base);
    }
}

impl Gather {
    fn take(&self, blocks: &[Block], values: &mut [f64]) {
        let block = &blocks[self.block];
        match self.first {
            Tap::Row(pool, row, first) => {
                let row = block.pools[usize::from(pool)].rows().row(row);
                let (first, values) = (first as usize, &mut values[self.at..self.at + self.count]);
                values.copy_from_slice(&row[first..first + self.count]);
            }
            tap => values[self.at] = tap.read(&block.nodes, &block.pools),
        }
    }
}

impl Exchange {
    /// Every input as its source is at a time (ms); between stages only those that stages read.
    pub fn run(&mut self, blocks: &mut [Block], w: &mut Worker, t: f64, outer: bool) {
        for round in &self.rounds {
            for (block, pool) in &round.shows {
                let block = &mut blocks[*block];
                block.pools[*pool].show(w, &mut block.nodes, t);
            }
            round.gathers.iter().for_each(|gather| gather.take(blocks, &mut self.values));
            round.sums.iter().filter(|sums| outer || sums.inner).for_each(|sums| sums.take(blocks, &self.values));
        }
    }

    /// Values before the start become those that are shown now, where nothing has been sent yet.
    pub fn begin(&mut self, blocks: &mut [Block], w: &mut Worker, t: f64) {
        if !self.past.is_empty() && !self.past.is_begun() {
            self.past.silence(&mut self.values);
            self.run(blocks, w, t, true);
            self.past.begin(&self.values);
        }
    }

    /// Every input as it is by itself.
    pub fn reset(&mut self, blocks: &mut [Block]) {
        self.past.clear();
        self.rounds.iter().flat_map(|round| &round.sums).for_each(|sums| sums.reset(blocks));
    }
}
