//! Systems of cells that advance in steps of their own. A system is what is connected; each has its own time and its own step, and only what it computes
//! decides on them: so it is the same alone and among others. Systems are stepped side by side, and those that have come far enough wait for the others.
//! Steps are chosen as SciPy's `RK45` does, and samples are read off the method's interpolation, so that they decide on no step.

mod curve;
mod history;

pub use curve::Curve;

use super::Exchange;
use super::past::Past;
use crate::block::{Block, Worker};
use crate::kernel::Advance;
use crate::kernel::method::adaptive::{Method, Part, StateRows, Steps, within};
use crate::kernel::method::delayed::QUARTERS;
use crate::simd::{Function, map};
use bouton_model::math::{self, Real};
use history::History;

/// Pools that advance so, and their systems.
pub struct Adaptive {
    pools: Vec<Stepped>,
    method: Method,
    systems: Vec<System>,
    /// For each pool the system of each of its instances.
    of_member: Vec<Vec<usize>>,
    /// Memory for numbers of each system.
    numbers: [Vec<f64>; 2],
    begun: bool,
    /// No step is longer (ms).
    longest: f64,
    /// Step of the group (ms).
    dt: f64,
    /// How many steps were made, and how many tried.
    steps: (u64, u64),
    failed: Option<Failed>,
}

/// A pool.
struct Stepped {
    block: usize,
    pool: usize,
    rows: Steps,
    states: Vec<StateRows>,
    longest: f64,
    method: Method,
}

/// An instance of one of the pools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which of the pools.
    pub pool: usize,
    /// Which of its instances.
    pub instance: usize,
}

/// What is connected.
struct System {
    /// In the order of blocks, pools and instances.
    members: Vec<Member>,
    /// How many states they have.
    states: f64,
    /// Where its next step begins (ms).
    begin: f64,
    /// Length of its next step (ms).
    next: f64,
    /// Length of the step that is tried (ms); 0 where it waits.
    step: f64,
    /// The last try was in vain.
    again: bool,
    /// No step is short enough any more.
    lost: bool,
    /// Since when (ms) it has tried how many steps.
    since: (f64, u32),
    history: History,
}

/// A system that cannot go on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Failed {
    /// When (ms).
    pub time: f64,
    /// Block of the variable.
    pub block: usize,
    /// Its pool.
    pub pool: usize,
    /// Its instance.
    pub instance: usize,
    /// Its row.
    pub row: u16,
    /// Its value.
    pub value: f64,
}

/// All that a step works on.
pub struct Field<'a> {
    /// Of the group.
    pub blocks: &'a mut [Block],
    /// Its machine.
    pub worker: &'a mut Worker,
    /// What brings values to inputs.
    pub exchange: &'a mut Exchange,
}

impl Field<'_> {
    fn get(&self, of: &Stepped, row: u16, instance: usize) -> f64 {
        self.blocks[of.block].pools[of.pool].rows().get(row, instance)
    }

    fn set(&mut self, of: &Stepped, row: u16, instance: usize, value: f64) {
        self.blocks[of.block].pools[of.pool].rows_mut().set(row, instance, value);
    }

    fn run(&mut self, pools: &[Stepped], part: Part) {
        for of in pools {
            let number = of.method.number(part);
            let block = &mut self.blocks[of.block];
            block.pools[of.pool].stage(number, self.worker, &mut block.nodes, 0.0);
        }
    }

    /// Brings inputs up to date. Systems are at the times that their rows say; those that wait are nowhere.
    fn inputs(&mut self, pools: &[Stepped], systems: &[System]) {
        if !self.exchange.past.is_empty() {
            for (number, system) in systems.iter().enumerate().filter(|(_, system)| system.step > 0.0) {
                self.recall(pools, number, system);
            }
        }
        self.exchange.run(self.blocks, self.worker, 0.0, false);
    }

    fn recall(&mut self, pools: &[Stepped], number: usize, system: &System) {
        let Some(first) = system.members.first() else { return };
        let t = self.get(&pools[first.pool], pools[first.pool].rows.time, first.instance);
        self.exchange.past.recall(number, t, &mut self.exchange.values);
    }

    /// The sums of a row over the members of each system, in their order.
    fn sums(&self, pools: &[Stepped], of_member: &[Vec<usize>], row: impl Fn(&Steps) -> u16, sums: &mut [f64]) {
        sums.fill(0.0);
        for (of, systems) in pools.iter().zip(of_member) {
            let row = self.blocks[of.block].pools[of.pool].rows().row(row(&of.rows));
            row.iter().zip(systems).for_each(|(x, system)| sums[*system] += x);
        }
    }

    /// Sets a row of all members of all systems, to what follows from the number of the system and what was there.
    fn each(
        &mut self,
        pools: &[Stepped],
        of_member: &[Vec<usize>],
        row: impl Fn(&Steps) -> u16,
        value: impl Fn(usize, f64) -> f64,
    ) {
        for (of, systems) in pools.iter().zip(of_member) {
            let row = self.blocks[of.block].pools[of.pool].rows_mut().row_mut(row(&of.rows));
            row.iter_mut().zip(systems).for_each(|(x, system)| *x = value(*system, *x));
        }
    }

    /// The sum of a row over the members of a system, in their order.
    fn sum(&self, pools: &[Stepped], system: &System, row: impl Fn(&Steps) -> u16) -> f64 {
        system.members.iter().fold(0.0, |sum, m| sum + self.get(&pools[m.pool], row(&pools[m.pool].rows), m.instance))
    }

    /// Sets a row of all members of a system.
    fn set_all(&mut self, pools: &[Stepped], members: &[Member], row: impl Fn(&Steps) -> u16, value: f64) {
        members.iter().for_each(|m| self.set(&pools[m.pool], row(&pools[m.pool].rows), m.instance, value));
    }
}

/// Part of the step that errors would allow that is tried next.
const SAFETY: f64 = 0.9;
/// Most by which a step becomes shorter, or longer.
const FACTORS: (f64, f64) = (0.2, 10.0);
/// What an error makes of a step, before it is limited.
struct Fitting {
    power: f64,
}

impl Function for Fitting {
    #[inline(always)]
    fn of<R: Real>(&self, error: R) -> R {
        R::splat(SAFETY).mul(math::pow(error, R::splat(self.power)))
    }
}

/// Where sizes are too small to tell a first step, it is as long as this (ms).
const SMALL: f64 = 1e-6;

impl Adaptive {
    /// Of pools (block, number there), with what is connected as numbers among the pools.
    pub fn new(blocks: &[Block], pools: &[(usize, usize)], systems: Vec<Vec<Member>>, dt: f64) -> Adaptive {
        let stepped = |(block, pool): &(usize, usize)| match &blocks[*block].pools[*pool].code().advance {
            Advance::Adaptive(a) => Stepped {
                block: *block,
                pool: *pool,
                rows: a.rows,
                states: a.states.clone(),
                longest: a.longest,
                method: a.method,
            },
            _ => Stepped {
                block: *block,
                pool: *pool,
                rows: Steps::default(),
                states: Vec::new(),
                longest: f64::INFINITY,
                method: Method::default(),
            },
        };
        let pools: Vec<Stepped> = pools.iter().map(stepped).collect();
        let system = |members: Vec<Member>| System {
            states: members.iter().map(|m| pools[m.pool].states.len()).sum::<usize>().max(1) as f64,
            members,
            begin: 0.0,
            next: 0.0,
            step: 0.0,
            again: false,
            lost: false,
            since: (0.0, 0),
            history: History::default(),
        };
        let systems: Vec<System> = systems.into_iter().map(system).collect();
        let mut of_member: Vec<Vec<usize>> = pools.iter().map(|of| vec![0; blocks[of.block].pools[of.pool].count()]).collect();
        for (number, system) in systems.iter().enumerate() {
            system.members.iter().for_each(|m| of_member[m.pool][m.instance] = number);
        }
        let numbers = std::array::from_fn(|_| vec![0.0; systems.len()]);
        let longest = pools.iter().map(|of| of.longest).fold(f64::INFINITY, f64::min);
        let method = pools.first().map_or(Method::default(), |of| of.method);
        Adaptive { pools, method, systems, of_member, numbers, begun: false, longest, dt, steps: (0, 0), failed: None }
    }

    /// Back to the start.
    pub fn reset(&mut self, blocks: &mut [Block]) {
        self.clear();
        for of in &self.pools {
            let rows = blocks[of.block].pools[of.pool].rows_mut();
            let steps = &of.rows;
            for row in [steps.time, steps.begin, steps.next, steps.made, steps.last_step] {
                rows.row_mut(row).fill(0.0);
            }
        }
    }

    fn clear(&mut self) {
        self.begun = false;
        self.failed = None;
        self.steps = (0, 0);
        for system in &mut self.systems {
            (system.begin, system.next, system.step, system.again, system.lost) = (0.0, 0.0, 0.0, false, false);
            system.since = (0.0, 0);
            system.history.clear();
        }
    }

    /// Takes up what the rows say of steps made before.
    pub fn resume(&mut self, blocks: &[Block]) {
        self.clear();
        for system in &mut self.systems {
            let Some(first) = system.members.first() else { continue };
            let of = &self.pools[first.pool];
            let rows = blocks[of.block].pools[of.pool].rows();
            (system.begin, system.next) = (rows.get(of.rows.begin, first.instance), rows.get(of.rows.next, first.instance));
            self.begun |= system.next > 0.0;
            system.keep(&self.pools, blocks);
        }
    }

    /// How many steps were made, and how many tried.
    pub fn steps(&self) -> (u64, u64) {
        self.steps
    }

    /// The first system that cannot go on.
    pub fn failed(&self) -> Option<Failed> {
        self.failed
    }

    /// Block and instance of all that belong to systems that cannot go on.
    pub fn lost(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let members = self.systems.iter().filter(|s| s.lost).flat_map(|s| &s.members);
        members.map(|m| (self.pools[m.pool].block, self.pools[m.pool].pool, m.instance))
    }

    /// Steps all systems to a time (ms) or beyond.
    pub fn reach(&mut self, field: &mut Field, target: f64) {
        if !self.begun {
            self.begin(field);
        }
        if self.systems.iter().all(|s| s.lost || s.begin >= target) {
            return;
        }
        for (number, system) in self.systems.iter_mut().enumerate() {
            system.history.forget(target);
            field.exchange.past.forget(number, system.history.begin());
        }
        while self.propose(field, target) {
            field.run(&self.pools, Part::Begin);
            for stage in self.method.stages() {
                field.inputs(&self.pools, &self.systems);
                field.run(&self.pools, stage);
            }
            if self.decide(field) {
                field.run(&self.pools, Part::Settle);
                self.keep(field);
            }
        }
    }

    /// First slopes and first steps.
    fn begin(&mut self, field: &mut Field) {
        self.begun = true;
        for system in &self.systems {
            field.set_all(&self.pools, &system.members, |rows| rows.time, 0.0);
            field.set_all(&self.pools, &system.members, |rows| rows.begin, 0.0);
            field.set_all(&self.pools, &system.members, |rows| rows.made, 0.0);
        }
        self.systems.iter().enumerate().for_each(|(number, system)| field.recall(&self.pools, number, system));
        field.inputs(&self.pools, &[]);
        for number in 0..self.systems.len() {
            let now = field.exchange.past.of_system(number, &field.exchange.values);
            field.exchange.past.note_first(number, now);
        }
        field.run(&self.pools, Part::First);
        let sizes = |field: &Field, system: &System| {
            let of = |row: fn(&Steps) -> u16| (field.sum(&self.pools, system, row) / system.states).sqrt();
            (of(|rows| rows.sum), of(|rows| rows.other))
        };
        let sizes: Vec<(f64, f64)> = self.systems.iter().map(|system| sizes(field, system)).collect();
        for (system, (states, slopes)) in self.systems.iter_mut().zip(&sizes) {
            system.step = if *states < 1e-5 || *slopes < 1e-5 { SMALL } else { 0.01 * states / slopes };
            field.set_all(&self.pools, &system.members, |rows| rows.step, system.step);
        }
        field.run(&self.pools, Part::Lean);
        field.inputs(&self.pools, &self.systems);
        field.run(&self.pools, Part::Compare);
        for (system, (_, slopes)) in self.systems.iter_mut().zip(sizes) {
            let bend = (field.sum(&self.pools, system, |rows| rows.sum) / system.states).sqrt() / system.step;
            let fitting = match slopes <= 1e-15 && bend <= 1e-15 {
                true => (system.step * 1e-3).max(SMALL),
                false => math::pow(0.01 / slopes.max(bend), self.method.power()),
            };
            system.next = (100.0 * system.step).min(fitting).min(self.longest);
            system.step = 0.0;
        }
    }

    /// Gives each system that is behind its step. Whether there is one.
    fn propose(&mut self, field: &mut Field, target: f64) -> bool {
        let mut any = false;
        for (number, system) in self.systems.iter_mut().enumerate() {
            system.step = 0.0;
            if system.lost || system.begin >= target {
                continue;
            }
            let shortest = 10.0 * (system.begin.next_up() - system.begin).abs();
            let endless = system.tries(self.dt) > self.method.most();
            if endless || system.again && system.next < shortest || !system.next.is_finite() {
                system.lost = true;
                let failed = system.failed(&self.pools, field);
                if self.failed.is_none_or(|known| failed.time < known.time) {
                    self.failed = Some(failed);
                }
                continue;
            }
            let length = system.next.min(self.longest).min(field.exchange.past.shortest(number)).max(shortest);
            system.step = (system.begin + length) - system.begin;
            any = true;
            self.steps.1 += 1;
        }
        // Those that wait keep the last one.
        let step = |number: usize, before| if self.systems[number].step > 0.0 { self.systems[number].step } else { before };
        field.each(&self.pools, &self.of_member, |rows| rows.step, step);
        any
    }

    /// Looks at the errors of the steps that were tried. Whether one is made.
    fn decide(&mut self, field: &mut Field) -> bool {
        let Adaptive { pools, systems, of_member, numbers: [sums, factors], method, steps, .. } = self;
        field.sums(pools, of_member, |rows| rows.sum, sums);
        sums.iter_mut().zip(systems.iter()).for_each(|(sum, system)| *sum = (*sum / system.states).sqrt());
        map(field.worker.machine.isa(), sums, factors, &Fitting { power: -method.power() });
        let mut any = false;
        for ((system, error), fitting) in
            systems.iter_mut().zip(sums.iter()).zip(factors.iter()).filter(|((system, _), _)| system.step > 0.0)
        {
            let (least, most) = FACTORS;
            let made = *error < 1.0;
            let factor = match made {
                true if *error == 0.0 => most,
                true => fitting.min(most),
                false => fitting.max(least),
            };
            let factor = if made && system.again { factor.min(1.0) } else { factor };
            system.next = system.step * factor;
            system.again = !made;
            if made {
                any = true;
                steps.0 += 1;
            } else {
                system.step = 0.0;
            }
        }
        field.each(pools, of_member, |rows| rows.next, |number, _| systems[number].next);
        let made = |number: usize, _| if systems[number].step > 0.0 { f64::from_bits(u64::MAX) } else { 0.0 };
        field.each(pools, of_member, |rows| rows.made, made);
        any
    }

    /// Notes steps that were made.
    fn keep(&mut self, field: &mut Field) {
        for system in self.systems.iter_mut().filter(|s| s.step > 0.0) {
            system.begin += system.step;
            system.keep(&self.pools, field.blocks);
        }
        field.each(&self.pools, &self.of_member, |rows| rows.made, |_, _| 0.0);
        if !field.exchange.past.is_empty() {
            self.note(field);
        }
    }

    /// Notes what was shown in steps that were made, as far as somebody will ask for it.
    fn note(&mut self, field: &mut Field) {
        let made = |(number, system): &(usize, &System), past: &Past| system.step > 0.0 && past.concerns(*number);
        let systems: Vec<usize> =
            self.systems.iter().enumerate().filter(|one| made(one, &field.exchange.past)).map(|(number, _)| number).collect();
        if systems.is_empty() {
            return;
        }
        let mut seen: Vec<[Vec<f64>; 4]> = systems.iter().map(|_| Default::default()).collect();
        for (quarter, passed) in QUARTERS.into_iter().enumerate() {
            for number in &systems {
                let system = &mut self.systems[*number];
                let (begin, length) = system.history.last();
                system.look(&self.pools, field, begin + passed * length);
            }
            field.inputs(&self.pools, &self.systems);
            for (number, seen) in systems.iter().zip(&mut seen) {
                seen[quarter] = field.exchange.past.of_system(*number, &field.exchange.values);
            }
        }
        for (number, seen) in systems.into_iter().zip(seen) {
            let step = self.systems[number].history.last();
            field.exchange.past.note(number, step, seen);
        }
    }

    /// States become what they are at a time (ms) that all have reached.
    pub fn look(&mut self, field: &mut Field, t: f64) {
        for (number, system) in self.systems.iter_mut().enumerate() {
            system.look(&self.pools, field, t);
            field.exchange.past.recall(number, t, &mut field.exchange.values);
        }
    }
}

impl System {
    /// Its states become what they are at a time (ms) that it has reached.
    fn look(&mut self, pools: &[Stepped], field: &mut Field, t: f64) {
        let Some((begin, step, values)) = self.history.at(t) else { return };
        let passed = (t - begin) / step;
        let mut values = values.chunks_exact(5);
        for m in &self.members {
            let of = &pools[m.pool];
            let rows = field.blocks[of.block].pools[of.pool].rows_mut();
            rows.set(of.rows.time, m.instance, t);
            for (state, value) in of.states.iter().zip(&mut values) {
                let [last, a, b, c, d] = [value[0], value[1], value[2], value[3], value[4]];
                rows.set(state.state, m.instance, within(last, [a, b, c, d], step, passed));
            }
        }
    }

    /// How many steps it has tried within a step of the group (ms), this one among them.
    fn tries(&mut self, dt: f64) -> u32 {
        if self.begin >= self.since.0 + dt {
            self.since = (self.begin, 0);
        }
        self.since.1 += 1;
        self.since.1
    }

    /// Notes the last step, as the rows have it.
    fn keep(&mut self, pools: &[Stepped], blocks: &[Block]) {
        let Some(first) = self.members.first() else { return };
        let rows = |m: &Member| blocks[pools[m.pool].block].pools[pools[m.pool].pool].rows();
        let of = &pools[first.pool];
        let (begin, step) =
            (rows(first).get(of.rows.last_begin, first.instance), rows(first).get(of.rows.last_step, first.instance));
        if step == 0.0 {
            return;
        }
        let values = self.history.step(begin, step);
        for m in &self.members {
            let rows = rows(m);
            for state in &pools[m.pool].states {
                let [a, b, c, d] = state.bends.map(|bend| rows.get(bend, m.instance));
                values.extend_from_slice(&[rows.get(state.last, m.instance), a, b, c, d]);
            }
        }
    }

    /// What goes wrong: a state that is none, or the one whose slope changes most.
    fn failed(&self, pools: &[Stepped], field: &Field) -> Failed {
        let mut worst: Option<(f64, Failed)> = None;
        for m in &self.members {
            let of = &pools[m.pool];
            for state in &of.states {
                let value = field.get(of, state.old, m.instance);
                let slope = |stage: u16| field.get(of, state.slope + stage, m.instance);
                let tried = field.get(of, state.state, m.instance);
                let speed = ((slope(of.method.last_slope()) - slope(0)) / value.abs().max(1e-9)).abs();
                let rank = if tried.is_finite() && speed.is_finite() { speed } else { f64::INFINITY };
                if worst.as_ref().is_none_or(|(known, _)| rank > *known) {
                    let value = if tried.is_finite() { value } else { tried };
                    let at = Failed {
                        time: self.begin,
                        block: of.block,
                        pool: of.pool,
                        instance: m.instance,
                        row: state.state,
                        value,
                    };
                    worst = Some((rank, at));
                }
            }
        }
        let nowhere = Failed { time: self.begin, block: 0, pool: 0, instance: 0, row: 0, value: f64::NAN };
        worst.map_or(nowhere, |(_, failed)| failed)
    }
}
