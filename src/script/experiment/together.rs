//! Several experiments that come to the same `run`: their models are run side by side, as copies in the lanes of one plan, as far as they are alike. Each
//! has the results that it has alone.

use super::course::{Copied, Course};
use super::{Console, Experiment, Model, Stop, refused, sensible};
use crate::build::{Knobs, Network, build_together};
use crate::record::Computed;
use crate::script::scope::told;
use bouton_engine::batch::Batch;
use bouton_engine::plan::Plan;
use bouton_engine::profile::Profile;
use bouton_engine::run::{Options, Simulation};
use bouton_engine::threads::Threads;
use bouton_model::ir::{Program, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::sync::Arc;

/// One of them.
pub struct Turn<'a> {
    /// Its model.
    pub experiment: &'a mut Experiment,
    /// How long it runs (ms), if the statement says so.
    pub time: Option<f64>,
    /// Who hears of its run.
    pub console: &'a mut dyn Console,
}

/// How many runs were made side by side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// Runs.
    pub copies: u64,
    /// Of so many plans.
    pub batches: u64,
    /// Cells and stimuli that were run once for a batch, of all batches.
    pub once: u64,
    /// Those of each copy, of all batches.
    pub each: u64,
}

impl Beside {
    /// Adds others.
    pub fn join(&mut self, other: &Beside) {
        self.copies += other.copies;
        self.batches += other.batches;
        self.once += other.once;
        self.each += other.each;
    }
}

/// How copies were run, for the profile and the report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spent {
    /// Steps of all runs.
    pub steps: u64,
    /// Where the time went, if it was asked for.
    pub profile: Option<Profile>,
    /// How much of it side by side.
    pub beside: Beside,
}

/// A network that is about to be run from 0.
struct Ready {
    /// Which turn.
    turn: usize,
    network: Network,
    length: f64,
}

/// Runs all of them. What keeps one from its run, or ends it, is its own.
pub fn run(turns: &mut [Turn], threads: &Threads, span: Span) -> (Vec<Result<(), Stop>>, Spent) {
    let (mut done, mut spent): (Vec<Option<Result<(), Stop>>>, Spent) = (turns.iter().map(|_| None).collect(), Spent::default());
    for group in groups(ready(turns, threads, span, &mut done)) {
        let numbers: Vec<usize> = group.iter().map(|one| one.turn).collect();
        for (number, ended) in numbers.into_iter().zip(together(turns, group, span, &mut spent)) {
            done[number] = ended;
        }
    }
    let alone = |(turn, done): (&mut Turn, Option<_>)| done.unwrap_or_else(|| turn.experiment.run(turn.time, span, turn.console));
    (turns.iter_mut().zip(done).map(alone).collect(), spent)
}

/// The networks of those that begin at 0.
fn ready(turns: &mut [Turn], threads: &Threads, span: Span, done: &mut [Option<Result<(), Stop>>]) -> Vec<Ready> {
    let begins = |turn: &Turn| {
        let e = &turn.experiment;
        (turn.time.is_none() || !e.going) && e.program.record_files.is_empty()
    };
    let mut all = Vec::new();
    let numbers: Vec<usize> = (0..turns.len()).filter(|k| begins(&turns[*k])).collect();
    let unbuilt = |k: &&usize| turns[**k].experiment.changed || turns[**k].experiment.model.is_none();
    let unbuilt: Vec<usize> = numbers.iter().filter(unbuilt).copied().collect();
    let models: Vec<(&Program, &Knobs)> = unbuilt.iter().map(|k| turns[*k].experiment.parts()).collect();
    let built = threads.within(|| build_together(&models));
    let mut built: Vec<Option<Result<Network, Stop>>> =
        built.into_iter().map(|network| Some(network.map_err(Stop::from))).collect();
    for k in numbers {
        let e = &mut *turns[k].experiment;
        let Some(length) = turns[k].time.or(e.constants.duration) else { continue };
        let network = match unbuilt.iter().position(|other| *other == k) {
            Some(at) => built.get_mut(at).and_then(Option::take),
            None => e.model.take().map(|model| Ok(model.network)),
        };
        let network = network.map(|network| {
            let network = network?;
            sensible(&e.program, &network, length, e.knobs.memory, span)?;
            Ok(network)
        });
        match network {
            Some(Ok(network)) => all.push(Ready { turn: k, network, length }),
            Some(Err(stop)) => done[k] = Some(Err(stop)),
            None => {}
        }
    }
    all
}

/// Those that can be copies of one another.
fn groups(all: Vec<Ready>) -> Vec<Vec<Ready>> {
    let mut groups: Vec<Vec<Ready>> = Vec::new();
    for one in all {
        let fits = |group: &&mut Vec<Ready>| {
            let first = &group[0];
            first.length.to_bits() == one.length.to_bits() && Batch::alike(&first.network.plan, &one.network.plan)
        };
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

/// Runs a group. Those that are to be run by themselves have their models, and are not done.
fn together(turns: &mut [Turn], group: Vec<Ready>, span: Span, spent: &mut Spent) -> Vec<Option<Result<(), Stop>>> {
    let options = {
        let e = &turns[group[0].turn].experiment;
        Options { threads: 1, ..e.settings.engine.clone() }
    };
    let plans: Vec<Arc<Plan>> = group.iter().map(|one| Arc::clone(&one.network.plan)).collect();
    let whole = Batch::of(&plans).map(|batch| Simulation::new(Arc::clone(&batch.plan), &options).map(|whole| (batch, whole)));
    let (batch, mut whole) = match whole {
        Some(Ok(whole)) => whole,
        Some(Err(why)) => return group.iter().map(|_| Some(Err(refused(why.clone(), span).into()))).collect(),
        None => return group.into_iter().map(|one| alone(turns, one, &options, span)).collect(),
    };
    let length = group[0].length;
    whole.forgive();
    whole.start();
    let mut heeded = true;
    let ended = whole.advance(length, &mut |time| {
        heeded = group.iter().all(|one| turns[one.turn].console.progress(time, length));
        heeded
    });
    let steps = (whole.time() / whole.plan().dt).round() as u64;
    let (once, each) = batch.once();
    let beside = Beside { copies: group.len() as u64, batches: 1, once: once as u64, each: each as u64 };
    spent.join(Spent { steps, profile: whole.profile(), beside });
    if !heeded {
        let told = Diagnostic::new(Code::Interrupted, span, format!("the run was interrupted at {} ms", whole.time()));
        return group.iter().map(|_| Some(Err(told.clone().into()))).collect();
    }
    let owners: Vec<Option<usize>> = whole.lost().into_iter().map(|(class, lane)| batch.owner(class, lane)).collect();
    // What one copy brought upon the group is everybody's own to find out.
    let is_lost = |copy: usize| ended.is_err() || owners.iter().any(|owner| owner.is_none_or(|owner| owner == copy));
    let now = batch.split_now(|recorder| whole.now(recorder));
    let recordings = batch.split(whole.recording());
    let each = group.into_iter().zip(recordings.into_iter().zip(now)).enumerate();
    each.map(|(copy, (one, (recording, now)))| {
        if is_lost(copy) {
            return alone(turns, one, &options, span);
        }
        let e = &mut *turns[one.turn].experiment;
        let mut computed = Computed::new(&e.program, &one.network);
        let extended = computed.extend(&e.program, &one.network, &recording);
        let (plan, options) = (Arc::clone(&one.network.plan), options.clone());
        let copied = Copied { plan, options, recording, now, length, time: whole.time() };
        e.model = Some(Model { network: one.network, course: Course::Copy(Box::new(copied)), computed, begin: 0.0 });
        (e.changed, e.going) = (false, true);
        Some(extended.map_err(|none| told(none, span).into()))
    })
    .collect()
}

/// Gives a network to its experiment, which runs it by itself.
fn alone(turns: &mut [Turn], one: Ready, options: &Options, span: Span) -> Option<Result<(), Stop>> {
    let e = &mut *turns[one.turn].experiment;
    let simulation = match Simulation::new(Arc::clone(&one.network.plan), options) {
        Ok(simulation) => simulation,
        Err(why) => return Some(Err(refused(why, span).into())),
    };
    let computed = Computed::new(&e.program, &one.network);
    e.model = Some(Model { network: one.network, course: Course::own(simulation), computed, begin: 0.0 });
    e.changed = false;
    None
}

impl Spent {
    /// Adds others.
    pub fn join(&mut self, other: Spent) {
        self.steps += other.steps;
        self.beside.join(&other.beside);
        match (&mut self.profile, other.profile) {
            (Some(sum), Some(one)) => sum.join(&one),
            (none, one) => *none = one.or(none.take()),
        }
    }
}
