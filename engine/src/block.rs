//! A block: some lanes of a class that are stepped together and stay in cache. It computes; events are `group`'s matter.

mod additive;
mod common;
mod conditions;
mod connections;
mod copies;
mod coupling;
mod diffusion;
mod field;
mod handler;
mod healing;
mod iterated;
mod newton;
mod nodes;
mod pointers;
mod pool;
mod ready;
mod rows;
mod shared;

pub use coupling::{Intake, Tap};
pub use handler::{Brought, Buffers, Caused, Happening};
pub use nodes::Nodes;
pub use pointers::{Copied, Pointers, When};
pub use pool::{Parts, Pool, Programs, Which};
pub use rows::Run;
pub use shared::Shared;

use crate::cable::{crossings, crossings_each};
use crate::plan::{Detector, Values};
use crate::profile::{Phase, Profile};
use crate::simd::Isa;
use crate::vm::machine::{Machine, Scratch};
use std::time::Instant;

/// The machine of a group, and its memory.
#[derive(Debug)]
pub struct Worker {
    /// How programs are run.
    pub machine: Machine,
    /// Memory of running programs.
    pub scratch: Scratch,
    /// Memory of handlers.
    pub buffers: Buffers,
}

/// Lanes of a class.
pub struct Block {
    /// Number of the class in the plan.
    pub class: usize,
    /// First lane of the class that is here.
    pub first_lane: usize,
    /// How many lanes are here.
    pub lanes: usize,
    /// Potentials and the cable equation; empty for cells without a body.
    pub nodes: Nodes,
    /// In the order in which they act.
    pub pools: Vec<Pool>,
    /// Thresholds.
    pub detectors: Vec<BlockDetector>,
    /// Whether some pool has conditions.
    pub watches: bool,
    /// Whether the next step computes what is recorded of currents.
    pub observes: bool,
    /// What other blocks of the group, or this one, take of it.
    pub taps: Vec<Tap>,
    /// What it takes.
    pub intakes: Vec<Intake>,
    /// What mechanisms read of each other.
    pub pointers: Pointers,
}

/// A threshold on the lanes of a block.
pub struct BlockDetector {
    /// Position of lane 0.
    position: usize,
    threshold: Values,
    /// Spike source of each lane.
    sources: Vec<u32>,
    /// Bit l % 64 of word l / 64: whether lane l was above.
    above: Vec<u64>,
    crossed: Vec<u64>,
}

impl BlockDetector {
    /// The part of a class's detector that belongs to these lanes.
    pub fn new(detector: &Detector, first_lane: usize, lanes: usize) -> BlockDetector {
        let sources = detector.sources.iter().skip(first_lane).take(lanes).copied().collect();
        let words = vec![0; lanes.div_ceil(64)];
        let threshold = Values::of((0..lanes).map(|lane| detector.threshold.at(first_lane + lane)).collect());
        let position = detector.node as usize * lanes;
        BlockDetector { position, threshold, sources, above: words.clone(), crossed: words }
    }

    /// Whether a lane was above the threshold at the last look.
    pub fn is_above(&self, lane: usize) -> bool {
        self.above[lane / 64] >> (lane % 64) & 1 == 1
    }

    /// Sets whether it was.
    pub fn set_above(&mut self, lane: usize, above: bool) {
        let bit = 1 << (lane % 64);
        let word = &mut self.above[lane / 64];
        *word = if above { *word | bit } else { *word & !bit };
    }

    fn crossed(&mut self, isa: Isa, nodes: &Nodes, out: &mut Vec<u32>) {
        let v = nodes.potentials(self.position, self.sources.len());
        let any = match &self.threshold {
            Values::Same(threshold) => crossings(isa, v, *threshold, &mut self.above, &mut self.crossed),
            Values::Each(thresholds) => crossings_each(v, thresholds, &mut self.above, &mut self.crossed),
        };
        if any {
            let crossed = &self.crossed;
            let lanes = self.sources.iter().enumerate().filter(|(l, _)| crossed[l / 64] >> (l % 64) & 1 == 1);
            out.extend(lanes.map(|(_, source)| *source));
        }
    }
}

impl Block {
    /// Potentials at the start, and what follows from parameters. Nobody was above a threshold.
    pub fn prepare(&mut self, w: &mut Worker, v_init: f64) {
        self.nodes.init(v_init);
        self.detectors.iter_mut().for_each(|d| d.above.fill(0));
        for pool in &mut self.pools {
            pool.prepare(w, &mut self.nodes);
        }
        self.pointers.begin(&mut self.pools);
        self.settle(w);
    }

    /// Eliminates nodes whose diagonal stays as it is; again after a change of parameters.
    fn settle(&mut self, w: &mut Worker) {
        self.nodes.reset();
        for pool in &mut self.pools {
            pool.settle(w, &mut self.nodes);
        }
        self.nodes.settle();
    }

    /// Initial values of the states, and of ions.
    pub fn init(&mut self, w: &mut Worker) {
        for k in 0..self.pools.len() {
            self.read(k);
            self.pools[k].init(w, &mut self.nodes);
            self.hand_on_states(w, k, 0.0);
            if self.pools[k].code().writes_shared {
                // What follows from the values of an ion follows at once.
                self.pools.iter_mut().filter(|p| p.code().follows).for_each(|p| {
                    p.current(w, &mut self.nodes, 0.0);
                });
            }
        }
    }

    /// What connections keep, now that states have their initial values.
    pub fn connect(&mut self, w: &mut Worker) {
        for k in 0..self.pools.len() {
            self.read(k);
            self.pools[k].connect(w, &mut self.nodes);
        }
    }

    /// Before a program of a pool: what it reads of others is what these have now.
    #[inline]
    fn read(&mut self, pool: usize) {
        self.pointers.read(pool, &self.nodes, &mut self.pools);
    }

    /// What others read of the currents that a pool has just added, and of what these are computed of.
    #[inline]
    fn hand_on_currents(&mut self, w: &mut Worker, pool: usize, t: f64) {
        if self.observes || self.pointers.hands_on(When::Currents, pool) {
            self.pools[pool].observe_late(w, &mut self.nodes, t);
            self.pointers.hand_on(When::Currents, pool, &self.nodes, &mut self.pools);
        }
    }

    /// What others read of a pool's other definitions, when its states have advanced.
    #[inline]
    fn hand_on_states(&mut self, w: &mut Worker, pool: usize, t: f64) {
        if self.pointers.hands_on(When::States, pool) {
            self.pools[pool].observe(w, &mut self.nodes, t);
            self.pointers.hand_on(When::States, pool, &self.nodes, &mut self.pools);
        }
    }

    /// Writes down what others take.
    pub fn show(&self, out: &mut [f64]) {
        for (value, tap) in out.iter_mut().zip(&self.taps) {
            *value = tap.read(&self.nodes, &self.pools);
        }
    }

    /// Inputs become what drives them, of all that the group's blocks have written down.
    pub fn take(&mut self, values: &[f64]) {
        for intake in &self.intakes {
            intake.take(&mut self.pools, values);
        }
    }

    /// How many values a step goes through.
    pub fn size(&self) -> usize {
        self.nodes.count() + self.pools.iter().map(Pool::size).sum::<usize>()
    }

    /// Adds to `out` the sources of the lanes that have crossed their threshold upward since the last look.
    pub fn crossed(&mut self, isa: Isa, out: &mut Vec<u32>) {
        for d in &mut self.detectors {
            d.crossed(isa, &self.nodes, out);
        }
    }

    /// Computes what is recorded of currents as they are now, where no step has computed it.
    pub fn observe_first(&mut self, w: &mut Worker, t: f64) {
        self.pools.iter_mut().for_each(|pool| pool.observe_late(w, &mut self.nodes, t));
    }

    /// Currents at the potentials of the start, so that those of ions, and what is recorded, have values before the first step.
    pub fn first_currents(&mut self, w: &mut Worker) {
        if self.nodes.count() == 0 {
            return;
        }
        self.nodes.begin(w.machine.isa());
        for k in 0..self.pools.len() {
            self.read(k);
            self.pools[k].current(w, &mut self.nodes, 0.0);
            self.pools[k].observe_late(w, &mut self.nodes, 0.0);
            self.pointers.hand_on(When::Currents, k, &self.nodes, &mut self.pools);
        }
    }

    /// Computes what is recorded of a pool beside currents.
    pub fn observe(&mut self, w: &mut Worker, pool: usize, t: f64) {
        self.read(pool);
        self.pools[pool].observe(w, &mut self.nodes, t);
    }

    /// From the currents at `half` to the states at `end` (ms). Whether some value is none any more.
    pub fn step(&mut self, w: &mut Worker, half: f64, end: f64, mut profile: Option<&mut Profile>) -> bool {
        let faulty = self.potentials(w, half, profile.as_deref_mut());
        faulty | self.states(w, end, profile)
    }

    /// Currents at `half` (ms), and the potentials to the end of the step. Whether some potential is none any more.
    pub fn potentials(&mut self, w: &mut Worker, half: f64, profile: Option<&mut Profile>) -> bool {
        if self.nodes.count() == 0 {
            return false;
        }
        let mut timer = Timer::new(profile);
        self.nodes.begin(w.machine.isa());
        for k in 0..self.pools.len() {
            self.read(k);
            let pool = &mut self.pools[k];
            if pool.current(w, &mut self.nodes, half) {
                timer.lap(|| Phase::Current(pool.code().name.clone()), pool.count());
            }
            self.hand_on_currents(w, k, half);
        }
        let faulty = self.nodes.solve(w.machine.isa());
        timer.lap(|| Phase::Solve, self.nodes.count());
        faulty
    }

    /// The states to `end` (ms). Whether some state is none any more.
    pub fn states(&mut self, w: &mut Worker, end: f64, profile: Option<&mut Profile>) -> bool {
        let mut timer = Timer::new(profile);
        let mut faulty = false;
        for k in 0..self.pools.len() {
            if self.pools[k].flows() {
                continue;
            }
            self.read(k);
            let pool = &mut self.pools[k];
            if let Some(failed) = pool.advance(w, &mut self.nodes, end) {
                // Without a membrane nothing shows in a potential what a state has become.
                faulty |= failed || (self.nodes.count() == 0 && pool.overflows(w.machine.isa()));
                timer.lap(|| Phase::Advance(pool.code().name.clone()), pool.count());
            }
            self.hand_on_states(w, k, end);
        }
        for pool in &mut self.pools {
            if pool.diffuse(w, &mut self.nodes, end) {
                timer.lap(|| Phase::Advance(pool.code().name.clone()), pool.count());
            }
        }
        for k in 0..self.pools.len() {
            if self.pools[k].flows() || !self.pools[k].steps() {
                continue;
            }
            self.read(k);
            let pool = &mut self.pools[k];
            if pool.step(w, &mut self.nodes, end) {
                faulty |= self.nodes.count() == 0 && pool.overflows(w.machine.isa());
                timer.lap(|| Phase::Step(pool.code().name.clone()), pool.count());
            }
        }
        faulty
    }

    /// The first value that is none.
    pub fn fault(&self) -> Option<BlockFault> {
        if let Some((lane, node, value)) = self.nodes.fault() {
            return Some(BlockFault {
                lane,
                node: Some(node),
                mechanism: String::new(),
                variable: "v".into(),
                value,
                endless: false,
            });
        }
        if let Some((pool, instance)) = self.pools.iter().find_map(|p| Some((p, p.unconverged()?))) {
            return Some(self.place(pool, instance, &format!("the states of {}", pool.code().name)));
        }
        let overflow = self.pools.iter().find_map(|p| Some((p, p.overflow()?)));
        overflow.map(|(pool, (instance, state, value))| BlockFault { value, ..self.place(pool, instance, state) })
    }

    /// Where an instance of a pool is, for what went wrong there.
    pub fn place(&self, pool: &Pool, instance: usize, variable: &str) -> BlockFault {
        let position = pool.rows().position(instance);
        let node = (self.nodes.count() > 0).then(|| position / self.lanes);
        let mechanism = pool.code().name.clone();
        BlockFault {
            lane: position % self.lanes,
            node,
            mechanism,
            variable: variable.to_owned(),
            value: f64::NAN,
            endless: false,
        }
    }

    /// The values of a node in a lane: its potential, and the states of what sits there.
    pub fn values(&self, lane: usize, node: Option<usize>) -> Vec<(String, f64)> {
        let position = node.map(|n| n * self.lanes + lane);
        let mut all: Vec<(String, f64)> = position.iter().map(|at| ("v".to_owned(), self.nodes.v(*at))).collect();
        for pool in &self.pools {
            let here = (0..pool.count()).filter(|k| pool.rows().position(*k) == position.unwrap_or(lane));
            for k in here {
                let states = pool.code().states.iter();
                all.extend(states.map(|(name, row)| (format!("{}.{name}", pool.code().name), pool.rows().get(*row, k))));
            }
        }
        all
    }

    /// Whether a lane of a class is here.
    pub fn has(&self, class: usize, lane: usize) -> bool {
        self.class == class && (self.first_lane..self.first_lane + self.lanes).contains(&lane)
    }

    /// Whether nothing changes here but by events.
    pub fn is_passive(&self) -> bool {
        self.nodes.count() == 0 && !self.watches && !self.pools.iter().any(|p| p.advances() || p.steps())
    }

    /// Whether nothing changes here but what flows.
    pub fn only_flows(&self) -> bool {
        let still = |p: &Pool| p.flows() || !(p.advances() || p.steps());
        self.nodes.count() == 0 && !self.watches && self.pools.iter().all(still)
    }

    /// How many pools there are, if any of them has conditions.
    pub fn watching(&self) -> usize {
        if self.watches { self.pools.len() } else { 0 }
    }

    /// Adds to `found` handler and instance of each condition of a pool that has just become true.
    pub fn conditions(&mut self, w: &mut Worker, pool: usize, t: f64, found: &mut Vec<(u16, u32)>) {
        if !self.pools[pool].code().conditions.is_empty() {
            self.read(pool);
        }
        self.pools[pool].conditions(w, &mut self.nodes, t, found);
    }

    /// Runs a handler for one instance; adds to `caused` what it caused.
    pub fn handle(&mut self, w: &mut Worker, pool: usize, which: Which, event: Happening, caused: &mut Vec<Caused>) {
        self.pointers.read_one(pool, event.instance, &self.nodes, &mut self.pools);
        self.pools[pool].handle(w, &mut self.nodes, which, event, caused);
    }
}

/// Where something in a block is not a number.
pub struct BlockFault {
    /// Lane in the block.
    pub lane: usize,
    /// Node, if it has one.
    pub node: Option<usize>,
    /// Whose variable it is; nothing for the potential.
    pub mechanism: String,
    /// A variable, or a mechanism whose iteration did not converge.
    pub variable: String,
    /// Its value.
    pub value: f64,
    /// No value is wrong, but events cause each other without end.
    pub endless: bool,
}

/// Laps of a stopwatch that is only there when somebody wants its times.
struct Timer<'a> {
    profile: Option<(&'a mut Profile, Instant)>,
}

impl<'a> Timer<'a> {
    fn new(profile: Option<&'a mut Profile>) -> Timer<'a> {
        Timer { profile: profile.map(|p| (p, Instant::now())) }
    }

    fn lap(&mut self, phase: impl FnOnce() -> Phase, instances: usize) {
        if let Some((profile, last)) = &mut self.profile {
            let now = Instant::now();
            profile.add(phase(), now - *last, instances as u64);
            *last = now;
        }
    }
}
