//! Several experiments that come to the same `run`: their models are run side by side, as copies in the lanes of one plan, as far as they are alike. Each
//! has the results that it has alone.

use super::course::{Copied, Course, Joint};
use super::{Console, Experiment, Model, Stop, refused, sensible};
use crate::build::{Codes, Knobs, Network, build_together};
use crate::record::{Computed, Piece, Spare};
use crate::script::scope::told;
use bouton_engine::batch::Batch;
use bouton_engine::layout::Prepared;
use bouton_engine::plan::Plan;
use bouton_engine::profile::Profile;
use bouton_engine::run::{Options, Recording, Simulation};
use bouton_engine::threads::Threads;
use bouton_model::ir::{Program, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::sync::{Arc, Mutex};

/// One of them.
pub struct Turn<'a> {
    /// Its model.
    pub experiment: &'a mut Experiment,
    /// How long it runs (ms), if the statement says so.
    pub time: Option<f64>,
    /// Who hears of its run.
    pub console: &'a mut dyn Console,
}

/// What they are run with.
#[derive(Clone, Copy)]
pub struct Hands<'a> {
    /// Those that build models.
    pub threads: &'a Threads,
    /// What others have left.
    pub stock: &'a Stock,
}

/// What runs side by side leave behind for the next ones.
#[derive(Default)]
pub struct Stock {
    /// Memory for samples.
    pub spare: Spare,
    /// Code of mechanisms.
    pub codes: Codes,
    /// Their programs, ready to be run.
    pub ready: Prepared,
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
pub fn run(turns: &mut [Turn], hands: Hands, span: Span) -> (Vec<Result<(), Stop>>, Spent) {
    let affords = |turn: &Turn| {
        let length = turn.time.or(turn.experiment.constants.duration)?;
        turn.experiment.affords(length, span).err().map(Err)
    };
    let mut done: Vec<Option<Result<(), Stop>>> = turns.iter().map(affords).collect();
    let mut spent = Spent::default();
    for (joint, members, length) in going_on(turns, &done) {
        for (number, ended) in advance(turns, &joint, &members, (length, span), hands, &mut spent) {
            done[number] = ended;
        }
    }
    for group in groups(ready(turns, hands, span, &mut done)) {
        let length = group[0].length;
        match begin(turns, group, hands, span, &mut spent) {
            Ok((joint, members)) => {
                for (number, ended) in advance(turns, &joint, &members, (length, span), hands, &mut spent) {
                    done[number] = ended;
                }
            }
            Err(told) => told.into_iter().for_each(|(number, stop)| done[number] = Some(Err(stop))),
        }
    }
    let alone = |(turn, done): (&mut Turn, Option<_>)| done.unwrap_or_else(|| turn.experiment.run(turn.time, span, turn.console));
    (turns.iter_mut().zip(done).map(alone).collect(), spent)
}

/// Which turns, and which copies they are.
type Members = Vec<(usize, usize)>;

/// Copies of one plan that go on together, from where all of them are, for one time (ms).
fn going_on(turns: &[Turn], done: &[Option<Result<(), Stop>>]) -> Vec<(Arc<Mutex<Joint>>, Members, f64)> {
    let mut all: Vec<(Arc<Mutex<Joint>>, Members, f64)> = Vec::new();
    for (k, turn) in turns.iter().enumerate().filter(|(k, _)| done[*k].is_none()) {
        let e = &turn.experiment;
        let (Some(length), true) = (turn.time, e.going && !e.changed) else { continue };
        let Some(Model { course: Course::Copy(copied), .. }) = &e.model else { continue };
        let now = copied.joint.lock().map_or(f64::NAN, |joint| joint.whole.time());
        if now.to_bits() != copied.time.to_bits() {
            continue;
        }
        match all.iter_mut().find(|(joint, ..)| Arc::ptr_eq(joint, &copied.joint)) {
            Some((_, members, first)) if first.to_bits() == length.to_bits() => members.push((k, copied.copy)),
            // It goes elsewhere, by itself.
            Some(_) => {}
            None => all.push((Arc::clone(&copied.joint), vec![(k, copied.copy)], length)),
        }
    }
    all.retain(|(_, members, _)| members.len() > 1);
    all
}

/// The networks of those that begin at 0.
fn ready(turns: &mut [Turn], hands: Hands, span: Span, done: &mut [Option<Result<(), Stop>>]) -> Vec<Ready> {
    let begins = |turn: &Turn| {
        let e = &turn.experiment;
        (turn.time.is_none() || !e.going) && e.program.record_files.is_empty()
    };
    let mut all = Vec::new();
    let numbers: Vec<usize> = (0..turns.len()).filter(|k| done[*k].is_none() && begins(&turns[*k])).collect();
    let unbuilt = |k: &&usize| turns[**k].experiment.changed || turns[**k].experiment.model.is_none();
    let unbuilt: Vec<usize> = numbers.iter().filter(unbuilt).copied().collect();
    let model = |k: &usize| -> (&Program, &Knobs) { (&turns[*k].experiment.program, &turns[*k].experiment.knobs) };
    let models: Vec<(&Program, &Knobs)> = unbuilt.iter().map(model).collect();
    let built = hands.threads.within(|| build_together(&models, &hands.stock.codes));
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

/// Why the candidates of these numbers do not run.
type Stopped = Vec<(usize, Stop)>;

/// A group at 0. Those that are to be run by themselves have their models, and are no members.
///
/// # Errors
/// Which turns cannot be run on this machine.
fn begin(
    turns: &mut [Turn],
    group: Vec<Ready>,
    hands: Hands,
    span: Span,
    spent: &mut Spent,
) -> Result<(Arc<Mutex<Joint>>, Members), Stopped> {
    let options = Options { threads: 1, ..turns[group[0].turn].experiment.settings.engine.clone() };
    let plans: Vec<Arc<Plan>> = group.iter().map(|one| Arc::clone(&one.network.plan)).collect();
    let numbers: Vec<usize> = group.iter().map(|one| one.turn).collect();
    let fail = |why: String| numbers.iter().map(|number| (*number, refused(why.clone(), span).into())).collect::<Vec<_>>();
    // One that has nobody beside it.
    let Some(batch) = Batch::of(&plans) else {
        for one in group {
            let simulation = Simulation::with(Arc::clone(&one.network.plan), &options, &hands.stock.ready).map_err(fail)?;
            turns[one.turn].experiment.adopt(one.network, Course::own(simulation));
        }
        return Err(Vec::new());
    };
    let mut whole = Simulation::with(Arc::clone(&batch.plan), &options, &hands.stock.ready).map_err(fail)?;
    whole.forgive();
    let left: Vec<u64> = numbers.iter().map(|turn| turns[*turn].experiment.events_left().unwrap_or(u64::MAX)).collect();
    let is_limited = left.iter().any(|left| *left < u64::MAX);
    whole.ration(left.len(), is_limited.then_some(left), |class, lane| batch.owner(class, lane));
    whole.start();
    let (once, each) = batch.once();
    spent.beside.join(&Beside { copies: group.len() as u64, batches: 1, once: once as u64, each: each as u64 });
    let joint = Arc::new(Mutex::new(Joint { batch, whole }));
    let members = group.into_iter().enumerate().map(|(copy, one)| {
        let experiment = &mut *turns[one.turn].experiment;
        let copied = Copied::new(&one.network, &experiment.program, options.clone(), Arc::clone(&joint), copy);
        experiment.adopt(one.network, Course::Copy(Box::new(copied)));
        (one.turn, copy)
    });
    let members = members.collect();
    Ok((joint, members))
}

/// What became of each turn; nothing where it has to find out by itself.
type Ended = Vec<(usize, Option<Result<(), Stop>>)>;

/// Some copies of a plan go on for some time (ms).
fn advance(
    turns: &mut [Turn],
    joint: &Mutex<Joint>,
    members: &Members,
    (length, span): (f64, Span),
    hands: Hands,
    spent: &mut Spent,
) -> Ended {
    let Ok(mut joint) = joint.lock() else { return Vec::new() };
    let Joint { batch, whole } = &mut *joint;
    let (start, mut heeded) = (whole.time(), true);
    let before = whole.profile();
    let samples = |recorder: usize| {
        let every = whole.plan().recorders.get(recorder).and_then(|one| one.every).unwrap_or(whole.plan().dt);
        (length / every) as usize + 2
    };
    for (turn, _) in members {
        if let Some(Model { network, computed, course: Course::Copy(copied), .. }) = &mut turns[*turn].experiment.model {
            computed.reserve(network, &hands.stock.spare, samples);
            copied.reserve(&hands.stock.spare, samples);
        }
    }
    let mut computed: Vec<Result<(), Stop>> = members.iter().map(|_| Ok(())).collect();
    let ended = whole.advance_through(length, &mut |time, recording| {
        pass_on(turns, members, batch, recording, span, &mut computed);
        heeded = members.iter().all(|(turn, _)| turns[*turn].console.progress(time, start + length));
        heeded
    });
    pass_on(turns, members, batch, whole.recording_mut(), span, &mut computed);
    spent.steps += ((whole.time() - start) / whole.plan().dt).round() as u64;
    let profile = whole.profile().map(|now| before.map_or(now.clone(), |before| now.since(&before)));
    spent.join(Spent { profile, ..Spent::default() });
    if !heeded {
        let told = Diagnostic::new(Code::Interrupted, span, format!("the run was interrupted at {} ms", whole.time()));
        return members.iter().map(|(turn, _)| (*turn, Some(Err(told.clone().into())))).collect();
    }
    let owners: Vec<Option<usize>> = whole.lost().into_iter().map(|(class, lane)| batch.owner(class, lane)).collect();
    // What one copy brought upon all of them is everybody's own to find out.
    let is_lost = |copy: usize| ended.is_err() || owners.iter().any(|owner| owner.is_none_or(|owner| owner == copy));
    let mut now = batch.split_now(|recorder| whole.now(recorder));
    let events = whole.take_delivered();
    let mut spikes = batch.spikes(&whole.recording().spikes);
    let each = members.iter().zip(computed).map(|(&(turn, copy), computed)| {
        if is_lost(copy) {
            return (turn, None);
        }
        let e = &mut *turns[turn].experiment;
        let Some(Model { course: Course::Copy(copied), .. }) = &mut e.model else { return (turn, None) };
        let (spikes, now) = (std::mem::take(&mut spikes[copy]), std::mem::take(&mut now[copy]));
        let had = events.get(copy).copied();
        copied.go_on(spikes, &whole.recording().traces, now, (length, whole.time()), had.unwrap_or(0));
        e.has_taken(length, had);
        (turn, Some(computed))
    });
    let each = each.collect();
    whole.forget();
    each
}

/// Samples go to the copies whose they are as soon as there are some: so they are near at hand, and what is only computed with is not kept.
fn pass_on(
    turns: &mut [Turn],
    members: &Members,
    batch: &Batch,
    whole: &mut Recording,
    span: Span,
    computed: &mut [Result<(), Stop>],
) {
    for ((turn, copy), result) in members.iter().zip(computed) {
        let e = &mut *turns[*turn].experiment;
        let Some(Model { network, course: Course::Copy(copied), computed, .. }) = &mut e.model else { continue };
        copied.take(batch, whole);
        let piece = |recorder: usize, _| {
            let columns = batch.columns(*copy, recorder, whole)?;
            Some(Piece { rows: columns.first().map_or(0, |column| column.len()), columns })
        };
        if let (Err(none), true) = (computed.extend_by(&e.program, network, piece), result.is_ok()) {
            *result = Err(told(none, span).into());
        }
    }
    whole.traces.iter_mut().flat_map(|trace| &mut trace.values).for_each(Vec::clear);
}

impl Experiment {
    /// Its results are not needed any more.
    pub fn give_back(&mut self, spare: &Spare) {
        let Some(Model { computed, course, .. }) = &mut self.model else { return };
        computed.give_back(spare);
        if let Course::Copy(copied) = course {
            copied.give_back(spare);
        }
        self.model = None;
    }

    /// A model that has just been built, at 0.
    fn adopt(&mut self, network: Network, course: Course) {
        let computed = Computed::new(&self.program, &network);
        // By itself it has not been started.
        (self.changed, self.going) = (false, matches!(course, Course::Copy(_)));
        self.model = Some(Model { network, course, computed, begin: 0.0 });
    }
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
