//! Running a plan: the one face of the engine. What a step does is in `group`, what it computes in `block`.

use crate::field::Initial;
use crate::group::{Group, Volley};
use crate::layout::{Layout, Prepared};
use crate::plan::Plan;
use crate::probe::Sampler;
use crate::profile::Profile;
use crate::simd::Isa;
use crate::state::State;
use crate::threads::Threads;
use crate::vm::machine::Machine;
use rayon::prelude::*;
use std::sync::Arc;
use std::time::Instant;

/// How a plan is run. None of it changes a bit of any result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Instruction set; nothing: the best that the machine has.
    pub isa: Option<String>,
    /// Instances in a block of the kernel machine (8 to 64).
    pub block: usize,
    /// Largest number of cells stepped together; nothing: what fits the cache.
    pub lanes: Option<usize>,
    /// Number of threads.
    pub threads: usize,
    /// Keep times of phases and kernels.
    pub profile: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { isa: None, block: 64, lanes: None, threads: 1, profile: false }
    }
}

/// What a run gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    /// By time, then source.
    pub spikes: Vec<Spike>,
    /// One for each recorder of the plan.
    pub traces: Vec<Trace>,
}

impl Recording {
    /// Adds spikes, in order. Events at the end of a part of a run may spike at the very time of the next part's conditions: those are sorted together.
    pub fn fire(&mut self, spikes: impl Iterator<Item = Spike>) {
        let known = self.spikes.len();
        self.spikes.extend(spikes);
        let first = self.spikes.get(known).map_or(f64::INFINITY, |spike| spike.time);
        let from = self.spikes[..known].partition_point(|spike| spike.time < first);
        self.spikes[from..].sort_by(order);
    }
}

/// A spike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spike {
    /// ms
    pub time: f64,
    /// Number of the source.
    pub source: u32,
}

/// Samples of one recorder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// ms; copies of a network that are run side by side share them.
    pub times: Arc<Vec<f64>>,
    /// For each probe its samples.
    pub values: Vec<Vec<f64>>,
}

/// Something became not finite, or an iteration did not converge.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// ms
    pub time: f64,
    /// The cell, as its class calls it.
    pub cell: String,
    /// The place on the cell.
    pub place: String,
    /// The mechanism whose variable it is; nothing for the potential.
    pub mechanism: String,
    /// The variable.
    pub variable: String,
    /// Its value.
    pub value: f64,
    /// No value is wrong, but events cause each other without end.
    pub endless: bool,
    /// What there is at this place: the potential, and the states of mechanisms (`hh.m`), with their last values.
    pub values: Vec<(String, f64)>,
}

/// A plan and the state of its simulation.
pub struct Simulation {
    plan: Arc<Plan>,
    layout: Layout,
    threads: Option<Threads>,
    parallel: bool,
    recording: Recording,
    /// Of the last window, which groups have not heard of yet.
    spikes: Vec<Volley>,
    /// How many events each copy may still have.
    left: Option<Vec<u64>>,
    time: f64,
}

/// Windows are run without asking anybody for so long (ms).
const BOUT: u128 = 20;

/// Samples that groups keep until they are handed over: as many as the cache holds.
const KEPT: usize = 32_768;

impl Simulation {
    /// Lays the plan out for stepping; [`Simulation::start`] comes next.
    ///
    /// # Errors
    /// An instruction set that the machine does not have, a block that is none, threads that cannot be made.
    pub fn new(plan: Arc<Plan>, options: &Options) -> Result<Simulation, String> {
        Simulation::with(plan, options, &Prepared::default())
    }

    /// The same, with programs that others may have made ready.
    ///
    /// # Errors
    /// As [`Simulation::new`].
    pub fn with(plan: Arc<Plan>, options: &Options, ready: &Prepared) -> Result<Simulation, String> {
        let machine = machine(options)?;
        let mut layout = Layout::new(&plan, options.lanes, options.threads, machine, ready)?;
        if options.profile {
            layout.groups.iter_mut().for_each(Group::keep_times);
        }
        let hands = layout.groups.iter().map(Group::hands).sum();
        let several = options.threads > 1 && hands > 1;
        let threads = several.then(|| Threads::new(options.threads.min(hands))).transpose()?;
        Ok(Simulation {
            plan,
            layout,
            parallel: several,
            threads,
            recording: Recording::default(),
            spikes: Vec::new(),
            left: None,
            time: 0.0,
        })
    }

    /// Back to t = 0: initial values, `on start`, first samples. Forgets what was recorded.
    pub fn start(&mut self) {
        self.start_at(None);
    }

    /// The same where some states have other initial values.
    pub fn start_at(&mut self, initial: Option<&Initial>) {
        self.time = 0.0;
        self.forget();
        let v_init = self.plan.v_init;
        self.spikes.clear();
        self.all(|run| {
            run.each(|group| group.start(v_init, initial));
            run.exchange();
            run.watch_rations();
        });
        self.collect();
    }

    /// Forgets what was recorded; what is recorded from now on is kept.
    pub fn forget(&mut self) {
        let traces = self
            .plan
            .recorders
            .iter()
            .map(|r| Trace { times: Arc::default(), values: vec![Vec::new(); r.probes.len()] })
            .collect();
        self.recording = Recording { spikes: Vec::new(), traces };
    }

    /// Advances by so many ms, in as many steps as NEURON's `psolve` would make. `progress` is told the time now and then
    /// and may stop the run there by returning false.
    ///
    /// # Errors
    /// The first fault, by time and cell.
    pub fn advance(&mut self, duration: f64, progress: &mut dyn FnMut(f64) -> bool) -> Result<(), Box<Fault>> {
        self.advance_through(duration, &mut |time, _| progress(time))
    }

    /// The same; what was recorded is handed over now and then, and may be taken away.
    ///
    /// # Errors
    /// The first fault, by time and cell.
    pub fn advance_through(
        &mut self,
        duration: f64,
        border: &mut dyn FnMut(f64, &mut Recording) -> bool,
    ) -> Result<(), Box<Fault>> {
        let mut left = 2 * steps(self.time, duration, self.plan.dt);
        let mut going = true;
        while left > 0 && going {
            left = self.all(|run| run.bout(left));
            self.collect();
            if let Some(fault) = self.fault() {
                return Err(Box::new(fault));
            }
            going = border(self.time, &mut self.recording);
        }
        self.collect();
        Ok(())
    }

    /// Runs windows for a while, within so many phases. How many of them are left: an even number, unless there was a fault.
    fn bout(&mut self, phases: u64) -> u64 {
        let begun = Instant::now();
        let mut left = phases;
        while left > 0 {
            let now = left.min(self.layout.window as u64) as usize;
            self.each(|group| group.window(now));
            self.exchange();
            self.watch_rations();
            left -= now as u64;
            if self.layout.groups.iter().any(Group::is_faulty) {
                break;
            }
            let kept = || self.layout.groups.iter().flat_map(|group| &group.samplers).map(Sampler::kept).sum::<usize>();
            if left.is_multiple_of(2) && (kept() >= KEPT || begun.elapsed().as_millis() >= BOUT) {
                break;
            }
        }
        let steps = (phases - left) / 2;
        self.time = self.layout.groups.first().map_or_else(|| passed(self.time, steps, self.plan.dt), Group::time);
        // Nothing is under way when others look.
        self.each(|_| {});
        left
    }

    /// The state between two parts of a run.
    pub fn state(&mut self) -> State {
        // Spikes of the start are heard of only when the run goes on.
        self.each(|_| {});
        State::of(&self.plan, &self.layout.groups, self.time)
    }

    /// Goes to a state, from where [`Simulation::advance`] goes on. Forgets what was recorded; nothing is sampled.
    ///
    /// # Errors
    /// It is of a network of another shape.
    pub fn resume(&mut self, state: &State) -> Result<(), String> {
        state.fits(&self.plan)?;
        self.start();
        state.put(&self.plan, &mut self.layout.groups);
        self.spikes.clear();
        self.time = state.time;
        self.forget();
        Ok(())
    }

    /// Adds what was recorded before to the beginning of what is recorded; recorders are the same.
    pub fn remember(&mut self, before: Recording) {
        self.recording = before;
    }

    /// From now on a fault ends the lane in which it is, and the others go on; see [`Simulation::lost`].
    pub fn forgive(&mut self) {
        self.layout.groups.iter_mut().for_each(Group::forgive);
    }

    /// From now on so many events are delivered at most to each of the copies that are run side by side, and nothing happens to one any more that would
    /// have more; `owner` tells whose a lane of a class is, if not everybody's. Without a number, only what would never end comes to an end so.
    pub fn ration(&mut self, copies: usize, left: Option<Vec<u64>>, owner: impl Fn(usize, usize) -> Option<usize>) {
        self.layout.groups.iter_mut().for_each(|group| group.ration(copies, left.as_deref(), &owner));
        self.left = left;
    }

    /// How many events each copy has had since this was asked last, where there is a limit; and of how many the limit is lower now.
    pub fn take_delivered(&mut self) -> Vec<u64> {
        let Some(left) = &mut self.left else { return Vec::new() };
        let had = delivered(&mut self.layout.groups, left.len());
        left.iter_mut().zip(&had).for_each(|(left, had)| *left = left.saturating_sub(*had));
        self.layout.groups.iter_mut().filter_map(Group::rationed).for_each(|ration| ration.settle(left));
        had
    }

    /// Whether there is a limit of events.
    pub fn is_rationed(&self) -> bool {
        self.left.is_some()
    }

    /// Whether it was ended by a limit of events.
    pub fn is_spent(&self) -> bool {
        self.layout.groups.iter().any(Group::is_spent)
    }

    /// Ends those that all groups together have brought too many events.
    fn watch_rations(&mut self) {
        let Some(left) = &self.left else { return };
        let had = delivered(&mut self.layout.groups, left.len());
        for copy in (0..left.len()).filter(|copy| had[*copy] > left[*copy]) {
            self.layout.groups.iter_mut().for_each(|group| group.spend(copy));
        }
    }

    /// Class and lane of those that a fault has ended. What was recorded of them, and of whoever hears of them, is worth nothing.
    pub fn lost(&self) -> Vec<(usize, usize)> {
        self.layout.groups.iter().flat_map(Group::lost).collect()
    }

    /// Model time (ms).
    pub fn time(&self) -> f64 {
        self.time
    }

    /// What was recorded since the start.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The present values of a recorder's probes.
    pub fn now(&self, recorder: usize) -> Vec<f64> {
        let mut values = vec![f64::NAN; self.plan.recorders.get(recorder).map_or(0, |r| r.probes.len())];
        for group in &self.layout.groups {
            for sampler in group.samplers.iter().filter(|s| s.recorder == recorder) {
                for (number, value) in sampler.now(&group.blocks) {
                    if let Some(slot) = values.get_mut(number) {
                        *slot = value;
                    }
                }
            }
        }
        values
    }

    /// The same, to take something away.
    pub fn recording_mut(&mut self) -> &mut Recording {
        &mut self.recording
    }

    /// How many steps of their own systems of cells have made since the start, and how many they have tried.
    pub fn own_steps(&self) -> (u64, u64) {
        let each = self.layout.groups.iter().map(Group::own_steps);
        each.fold((0, 0), |sum, steps| (sum.0 + steps.0, sum.1 + steps.1))
    }

    /// A value of a cell without a body: a row of its pool.
    pub(crate) fn row(&self, class: usize, row: u16, lane: usize) -> f64 {
        let found = self.layout.groups.iter().flat_map(|group| &group.blocks).find(|block| block.has(class, lane));
        found.and_then(|block| Some(block.pools.first()?.rows().get(row, lane - block.first_lane))).unwrap_or(f64::NAN)
    }

    /// Sets such a value.
    pub(crate) fn set_row(&mut self, class: usize, row: u16, lane: usize, value: f64) {
        let found = self.layout.groups.iter_mut().flat_map(|group| &mut group.blocks).find(|block| block.has(class, lane));
        if let Some(block) = found
            && let Some(pool) = block.pools.first_mut()
        {
            pool.rows_mut().set(row, lane - block.first_lane, value);
        }
    }

    /// Computes slopes and their derivatives as states are now, at the present time.
    pub(crate) fn look_at_field(&mut self) {
        let time = self.time;
        self.layout.groups.iter_mut().for_each(|group| group.field(time));
    }

    /// The plan that is run.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// How the plan is laid out: for each group the lanes of its blocks, with their classes; and the phases (halves of steps) of a window.
    pub fn shape(&self) -> (Vec<Vec<(usize, usize)>>, usize) {
        let blocks = |g: &Group| g.blocks.iter().map(|b| (b.class, b.lanes)).collect();
        (self.layout.groups.iter().map(blocks).collect(), self.layout.window)
    }

    /// Time spent in each phase and kernel, where [`Options::profile`] asked for it.
    pub fn profile(&self) -> Option<Profile> {
        let mut parts = self.layout.groups.iter().flat_map(Group::profiles);
        let first = parts.next()?.clone();
        Some(parts.fold(first, |mut sum, p| {
            sum.join(p);
            sum
        }))
    }

    /// Acts within the threads, where a window costs no more than waking them.
    fn all<T: Send>(&mut self, act: impl FnOnce(&mut Simulation) -> T + Send) -> T {
        match self.threads.take() {
            Some(threads) => {
                let result = threads.within(|| act(self));
                self.threads = Some(threads);
                result
            }
            None => act(self),
        }
    }

    /// Acts on each group, which has heard of all spikes before.
    fn each(&mut self, work: impl Fn(&mut Group) + Send + Sync) {
        let Layout { groups, group_of_source: home, .. } = &mut self.layout;
        let (spikes, several) = (&self.spikes, groups.len() > 1);
        let work = |(g, group): (usize, &mut Group)| {
            if several {
                group.hear(spikes, |source| home.get(source as usize).is_none_or(|h| *h as usize != g));
            }
            work(group);
        };
        match self.parallel {
            true => groups.par_iter_mut().enumerate().for_each(work),
            false => groups.iter_mut().enumerate().for_each(work),
        }
        self.spikes.clear();
    }

    /// Merges the spikes of a window; groups hear of them when they go on.
    fn exchange(&mut self) {
        let spikes = &mut self.spikes;
        self.layout.groups.iter_mut().for_each(|g| spikes.append(&mut g.spikes));
        spikes.sort_by(|a, b| a.time.total_cmp(&b.time).then(a.source.cmp(&b.source)));
        let each = |v: &Volley| std::iter::repeat_n(Spike { time: v.time, source: v.source }, v.times as usize);
        self.recording.fire(spikes.iter().filter(|v| self.plan.records(v.source)).flat_map(each));
    }

    fn fault(&self) -> Option<Fault> {
        let faulty = self.layout.groups.iter().filter(|g| g.is_faulty());
        let group = faulty.min_by(|a, b| a.fault_time().total_cmp(&b.fault_time()))?;
        let Some((block, place)) = group.fault() else {
            return Some(Fault {
                time: group.fault_time(),
                cell: String::new(),
                place: String::new(),
                mechanism: String::new(),
                variable: String::new(),
                value: f64::NAN,
                endless: false,
                values: Vec::new(),
            });
        };
        let class = self.plan.classes.get(block.class)?;
        let cell = class.cells.get(block.first_lane + place.lane).unwrap_or_default();
        let node = place.node.and_then(|n| class.body.as_ref()?.names.get(n).cloned()).unwrap_or_default();
        Some(Fault {
            time: group.fault_time(),
            cell,
            place: node,
            values: block.values(place.lane, place.node),
            mechanism: place.mechanism,
            variable: place.variable,
            value: place.value,
            endless: place.endless,
        })
    }

    /// Moves what groups have sampled into the recording.
    fn collect(&mut self) {
        let before: Vec<usize> = self.recording.traces.iter().map(|trace| trace.times.len()).collect();
        for group in &mut self.layout.groups {
            for sampler in &mut group.samplers {
                let recorder = sampler.recorder;
                if let Some(trace) = self.recording.traces.get_mut(recorder) {
                    sampler.hand_over(trace, before[recorder]);
                }
            }
        }
    }
}

/// How many events all groups have delivered to each copy.
fn delivered(groups: &mut [Group], copies: usize) -> Vec<u64> {
    let mut all = vec![0; copies];
    for ration in groups.iter_mut().filter_map(Group::rationed) {
        all.iter_mut().zip(ration.had()).for_each(|(all, had)| *all += had);
    }
    all
}

/// By time, then source.
fn order(a: &Spike, b: &Spike) -> std::cmp::Ordering {
    a.time.total_cmp(&b.time).then(a.source.cmp(&b.source))
}

fn machine(options: &Options) -> Result<Machine, String> {
    let isa = match &options.isa {
        None => Isa::detect(),
        Some(name) => Isa::parse(name).ok_or_else(|| format!("there is no instruction set `{name}`"))?,
    };
    let here = || Isa::available().iter().map(|i| i.name()).collect::<Vec<_>>().join(", ");
    Machine::new(isa, options.block)
        .ok_or_else(|| format!("a block is 8, 16, ... or 64 instances, and this machine has the instruction sets {}", here()))
}

/// How many steps NEURON's `psolve` makes to `duration` after `t`.
fn steps(t: f64, duration: f64, dt: f64) -> u64 {
    let end = (t + duration) * (1.0 + 1e-11);
    let n = ((end - t) / dt + 1e-9).max(0.0) as u64;
    if n > 3 {
        return n;
    }
    let (mut now, mut n) = (t, 0);
    while now <= end - dt {
        now = passed(now, 1, dt);
        n += 1;
    }
    n
}

/// Time after so many steps: it accumulates by halves.
fn passed(t: f64, steps: u64, dt: f64) -> f64 {
    (0..steps).fold(t, |t, _| (t + 0.5 * dt) + 0.5 * dt)
}
