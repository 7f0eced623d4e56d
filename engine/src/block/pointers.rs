//! Inputs that stand for another value of the same cell, as it is at the moment at which their mechanism acts. What lies in memory anyway, potentials, shared rows and
//! states, is copied before each program of the mechanism that reads it. A definition has a value when its own mechanism has computed it, and is handed on there: so no
//! sample that computes it once more changes what others read.

use super::{Nodes, Pool, Tap};

/// Values that become those of neighbouring instances.
#[derive(Clone, Debug)]
pub struct Copied {
    /// The first that is read; the others follow.
    pub tap: Tap,
    /// The pool that reads.
    pub pool: usize,
    /// Its row.
    pub row: u16,
    /// Its first instance.
    pub instance: usize,
    /// How many.
    pub count: usize,
    /// In units of the input over those of the source.
    pub weight: f64,
}

impl Copied {
    fn act(&self, nodes: &Nodes, pools: &mut [Pool], values: &mut Vec<f64>) {
        values.clear();
        match self.tap {
            Tap::Voltage(position) => values.extend_from_slice(nodes.potentials(position as usize, self.count)),
            Tap::Row(pool, row, instance) => {
                let first = instance as usize;
                values.extend_from_slice(&pools[usize::from(pool)].rows().row(row)[first..first + self.count]);
            }
            _ => values.extend((0..self.count as u32).map(|k| self.tap.behind(k).read(nodes, pools))),
        }
        let row = &mut pools[self.pool].rows_mut().row_mut(self.row)[self.instance..self.instance + self.count];
        row.iter_mut().zip(values).for_each(|(slot, value)| *slot = self.weight * *value);
    }

    /// Whether another one goes on where this one ends.
    fn goes_on(&self, other: &Copied) -> bool {
        let same = (self.pool, self.row, self.weight.to_bits()) == (other.pool, other.row, other.weight.to_bits());
        same && self.instance + self.count == other.instance && self.tap.behind(self.count as u32) == other.tap
    }
}

/// When a value is handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Before the programs of the mechanism that reads it.
    Read,
    /// When the currents of the mechanism that has it have been computed.
    Currents,
    /// When the states of the mechanism that has it have advanced.
    States,
}

/// Of a block.
#[derive(Debug, Default)]
pub struct Pointers {
    /// By the pool that reads.
    read: Vec<Vec<Copied>>,
    /// By the pool that is read: with what the rows of the readers hold before.
    currents: Vec<Vec<(Copied, Vec<f64>)>>,
    states: Vec<Vec<(Copied, Vec<f64>)>>,
    values: Vec<f64>,
}

impl Pointers {
    /// Of these, one for each instance that reads something, in a block of these pools.
    pub fn new(mut all: Vec<(When, Copied)>, pools: &[Pool]) -> Pointers {
        all.sort_by_key(|(when, one)| (*when, one.pool, one.row, one.instance));
        let mut joined: Vec<(When, Copied)> = Vec::new();
        for (when, one) in all {
            match joined.last_mut() {
                Some((before, last)) if *before == when && last.goes_on(&one) => last.count += one.count,
                _ => joined.push((when, one)),
            }
        }
        let mut out = Pointers {
            read: vec![Vec::new(); pools.len()],
            currents: vec![Vec::new(); pools.len()],
            states: vec![Vec::new(); pools.len()],
            values: Vec::new(),
        };
        for (when, one) in joined {
            let base = || pools[one.pool].rows().row(one.row)[one.instance..one.instance + one.count].to_vec();
            match (when, one.tap) {
                (When::Currents, Tap::Row(pool, ..)) => out.currents[usize::from(pool)].push((one.clone(), base())),
                (When::States, Tap::Row(pool, ..)) => out.states[usize::from(pool)].push((one.clone(), base())),
                _ => out.read[one.pool].push(one),
            }
        }
        out
    }

    /// At the start nothing has been computed.
    pub fn begin(&self, pools: &mut [Pool]) {
        for (one, base) in self.currents.iter().chain(&self.states).flatten() {
            pools[one.pool].rows_mut().row_mut(one.row)[one.instance..one.instance + one.count].copy_from_slice(base);
        }
    }

    /// Before a program of a pool.
    #[inline]
    pub fn read(&mut self, pool: usize, nodes: &Nodes, pools: &mut [Pool]) {
        if let Some(all) = self.read.get(pool) {
            all.iter().for_each(|one| one.act(nodes, pools, &mut self.values));
        }
    }

    /// Before a program of a single instance.
    pub fn read_one(&self, pool: usize, instance: usize, nodes: &Nodes, pools: &mut [Pool]) {
        for one in self.read.get(pool).into_iter().flatten() {
            if (one.instance..one.instance + one.count).contains(&instance) {
                let value = one.tap.behind((instance - one.instance) as u32).read(nodes, pools);
                pools[pool].rows_mut().set(one.row, instance, one.weight * value);
            }
        }
    }

    /// Whether a pool reads something.
    pub fn has_reader(&self, pool: usize) -> bool {
        self.read.get(pool).is_some_and(|all| !all.is_empty())
    }

    /// Whether something of a pool is handed on then.
    #[inline]
    pub fn hands_on(&self, when: When, pool: usize) -> bool {
        self.of(when).get(pool).is_some_and(|all| !all.is_empty())
    }

    /// Hands on what a pool has computed.
    pub fn hand_on(&mut self, when: When, pool: usize, nodes: &Nodes, pools: &mut [Pool]) {
        let list = if when == When::Currents { &self.currents } else { &self.states };
        for (one, _) in list.get(pool).into_iter().flatten() {
            one.act(nodes, pools, &mut self.values);
        }
    }

    fn of(&self, when: When) -> &[Vec<(Copied, Vec<f64>)>] {
        if when == When::Currents { &self.currents } else { &self.states }
    }
}
