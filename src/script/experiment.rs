//! The model of a script and how far it was run: built when needed, kept while no parameter changes.

pub mod allowance;
mod course;
mod knobs;
mod rest;
pub mod together;

use super::clock::{Clock, Moment};
use super::scope::told;
use super::streams::Streams;
use super::{Console, Report, Settings, Stop};
use crate::build::{Codes, Constants, Knobs, Network, build};
use crate::record::state::{self, Unreadable};
use crate::record::{Computed, Results};
use allowance::{Allowance, ration};
use bouton_engine::field::Initial;
use bouton_engine::layout::{bytes_per_lane, connection_bytes};
use bouton_engine::plan::{Class, Plan, Projection, Recorder};
use bouton_engine::profile::Profile;
use bouton_engine::run::{Fault, Options, Simulation};
use bouton_engine::threads::Threads;
use bouton_model::ir::{Attribute, Knob, Program, Span, Statement, TableId, VarId};
use bouton_syntax::diagnostic::{Code, Diagnostic, Diagnostics};
use course::Course;
use std::sync::Arc;
use together::{Beside, Spent};

/// The model and its parameters.
pub struct Experiment {
    /// With the knobs as they are turned.
    program: Arc<Program>,
    settings: Arc<Settings>,
    knobs: Knobs,
    /// Knobs that the script has turned, to be turned again in a program with more pieces.
    turned: Vec<(Knob, Attribute)>,
    constants: Constants,
    model: Option<Model>,
    /// Those that build it.
    threads: Option<Threads>,
    /// A parameter has changed since the model was built.
    changed: bool,
    /// Files to which records go.
    streams: Streams,
    /// The model has begun and was not put back to 0.
    going: bool,
    building: Clock,
    running: Clock,
    profile: Option<Profile>,
    steps: u64,
    /// What all runs may take together, and what is left of it.
    most: Allowance,
    left: Allowance,
    beside: Beside,
    /// Compiled code of models before, for those that differ in values.
    codes: Option<Arc<Codes>>,
}

/// Senders and receivers.
pub type Ends<'a> = &'a [(u32, u32)];

struct Model {
    network: Network,
    course: Course,
    computed: Computed,
    /// When what was recorded begins (ms).
    begin: f64,
}

impl Experiment {
    /// Nothing is built yet.
    ///
    /// # Errors
    /// Parameters or attributes of `simulation` without a value.
    pub fn new(program: Arc<Program>, settings: Arc<Settings>) -> Result<Experiment, Stop> {
        let knobs = settings.knobs.clone();
        let constants = constants(&program, &knobs)?;
        Ok(Experiment::without_model(program, settings, knobs, constants))
    }

    /// One with the same parameters, and no model yet.
    pub fn fork(&self) -> Experiment {
        let (program, settings) = (Arc::clone(&self.program), Arc::clone(&self.settings));
        let bare = Experiment::without_model(program, settings, self.knobs.clone(), self.constants.clone());
        Experiment { turned: self.turned.clone(), ..bare }
    }

    fn without_model(program: Arc<Program>, settings: Arc<Settings>, knobs: Knobs, constants: Constants) -> Experiment {
        Experiment {
            program,
            settings,
            turned: Vec::new(),
            knobs,
            constants,
            model: None,
            threads: None,
            changed: true,
            streams: Streams::default(),
            going: false,
            building: Clock::default(),
            running: Clock::default(),
            profile: None,
            steps: 0,
            most: Allowance::default(),
            left: Allowance::default(),
            beside: Beside::default(),
            codes: None,
        }
    }

    /// The parameters of another one of the same program, and its model at 0.
    pub fn return_to(&mut self, other: &Experiment) {
        if !self.turned.is_empty() {
            self.program = Arc::clone(&other.program);
        }
        (self.knobs, self.turned, self.constants) = (other.knobs.clone(), other.turned.clone(), other.constants.clone());
        (self.changed, self.going) = (true, false);
    }

    /// Adds what was spent on others since a moment.
    pub fn add_spent(&mut self, spent: Spent, begun: Moment) {
        self.running.add_since(begun);
        self.steps += spent.steps;
        self.beside.join(&spent.beside);
        let mut all = Spent { profile: self.profile.take(), ..Spent::default() };
        all.join(spent);
        self.profile = all.profile;
    }

    /// What has been spent on it, told once.
    pub fn spent(&mut self) -> Spent {
        self.take_profile();
        Spent { steps: std::mem::take(&mut self.steps), profile: self.profile.take(), ..Spent::default() }
    }

    /// About how many bytes a model with these parameters takes, with what a run of it records, and how many cells and stimuli it has; nothing where it
    /// cannot be built.
    pub fn size(&self) -> Option<(f64, usize)> {
        let network = build(&self.program, &self.knobs).ok()?;
        let length = self.constants.duration.unwrap_or(SECOND);
        let samples = |r: &Recorder| length / r.every.unwrap_or(self.constants.dt) * (1 + r.probes.len()) as f64 * 8.0;
        let rows = |class: &Class| class.lanes() as f64 * bytes_per_lane(class) as f64;
        let connections = |p: &Projection| p.len() as f64 * (p.bytes() + connection_bytes(p)) as f64;
        let plan = &network.plan;
        let model = plan.classes.iter().map(rows).sum::<f64>() + plan.projections.iter().map(connections).sum::<f64>();
        let recorded: f64 = plan.recorders.iter().map(samples).sum();
        Some((model + recorded, plan.classes.iter().map(Class::lanes).sum()))
    }

    /// Adds the times of another one.
    pub fn add_times(&mut self, other: &mut Experiment) {
        other.take_profile();
        self.building.seconds += other.building.seconds;
        self.running.seconds += other.running.seconds;
        self.steps += other.steps;
        self.beside.join(&other.beside);
        match (&mut self.profile, other.profile.take()) {
            (Some(sum), Some(one)) => sum.join(&one),
            (none, one) => *none = one.or(none.take()),
        }
    }

    /// Present values of parameters and of `simulation`.
    pub fn constants(&self) -> &Constants {
        &self.constants
    }

    /// The program.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The program with its knobs as they are turned, and the parameters that have other values than the script's.
    pub fn parts(&self) -> (&Arc<Program>, &Knobs) {
        (&self.program, &self.knobs)
    }

    /// On how many threads it runs.
    pub fn threads(&self) -> usize {
        threads(self.settings.threads, self.constants.threads)
    }

    /// What its results depend on beside the script and the seed.
    pub fn fingerprint(&self) -> String {
        let mut params = self.knobs.params.clone();
        params.sort_by_key(|(id, _)| *id);
        let params: Vec<String> = params.iter().map(|(id, x)| format!("{}={:016x}", id.0, x.to_bits())).collect();
        let turned: Vec<String> = self.turned.iter().map(|(knob, value)| format!("{knob:?}={:?}", value.value)).collect();
        [params, turned].concat().join(";")
    }

    /// Its statements, to be done.
    pub fn statements(&mut self) -> Vec<Statement> {
        std::mem::take(&mut Arc::make_mut(&mut self.program).statements)
    }

    /// What the last run gave, if there was one since the model was put back to 0.
    pub fn results(&self) -> Option<Results<'_>> {
        let model = self.model.as_ref().filter(|_| self.going)?;
        let (recording, end) = (model.course.recording(), model.course.time());
        Some(Results { network: &model.network, recording, computed: &model.computed, begin: model.begin, end })
    }

    /// The connections of a table (sender and receiver), and their values as they are now.
    pub fn table(&self, id: TableId) -> Option<(Ends<'_>, Vec<f64>)> {
        let model = self.model.as_ref().filter(|_| self.going)?;
        let tabled = model.network.tables.get(id.index())?;
        let values = model.course.now(tabled.recorder);
        Some((&tabled.ends, values.get(tabled.first..tabled.first + tabled.ends.len())?.to_vec()))
    }

    /// Back to 0; what was recorded is forgotten.
    pub fn restart(&mut self) {
        self.going = false;
    }

    /// From 0 for the duration of `simulation`, or on for some time (ms).
    ///
    /// # Errors
    /// The network cannot be built, parameters have changed midway, or the run came to no good end.
    pub fn run(&mut self, time: Option<f64>, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        let length = match time.or(self.constants.duration) {
            Some(length) => length,
            None => return Err(Diagnostic::new(Code::NoDuration, span, "how long does it run?").into()),
        };
        self.affords(length, span)?;
        if time.is_none() || !self.going {
            self.finish(console)?;
            self.begin(None, span)?;
        } else if self.changed {
            self.go_on(span)?;
        }
        self.advance(length, span, console)
    }

    /// Files to which records went get their names.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn finish(&mut self, console: &mut dyn Console) -> Result<(), Stop> {
        self.streams.finish(&self.program, console)
    }

    /// At 0, with the initial values of the script or others.
    fn begin(&mut self, initial: Option<&Initial>, span: Span) -> Result<(), Stop> {
        let begun = Clock::now();
        if self.changed || self.model.is_none() {
            self.take_profile();
            // The old model goes first: both together may not fit.
            self.model = None;
            self.model = Some(self.built(span)?);
            self.changed = false;
        }
        let left = self.events_left();
        if let Some(model) = &mut self.model {
            let simulation = model.course.anew().map_err(|why| refused(why, span))?;
            ration(simulation, left);
            simulation.start_at(initial);
            model.begin = 0.0;
            model.computed = Computed::new(&self.program, &model.network);
        }
        self.going = true;
        self.building.add_since(begun);
        Ok(())
    }

    /// A model with the present parameters goes on from where the last one came to.
    fn go_on(&mut self, span: Span) -> Result<(), Stop> {
        let begun = Clock::now();
        let mut new = self.built(span)?;
        let Some(old) = &mut self.model else { return Ok(()) };
        let other = |why: &str| {
            let told = Diagnostic::new(Code::ChangedMidway, span, format!("the run cannot go on with these parameters: {why}"));
            Stop::from(told.help("write `restart` before it, so that it begins at 0"))
        };
        going_on(&old.network.plan, &new.network.plan).map_err(other)?;
        let left = self.left.events;
        let (gone, goes) = (old.course.simulation(left), new.course.simulation(left));
        let (gone, goes) = (gone.map_err(|why| refused(why, span))?, goes.map_err(|why| refused(why, span))?);
        goes.resume(&gone.state()).map_err(|why| other(&why))?;
        goes.remember(gone.recording().clone());
        (new.computed, new.begin) = (std::mem::take(&mut old.computed), old.begin);
        self.take_profile();
        self.model = Some(new);
        self.changed = false;
        self.building.add_since(begun);
        Ok(())
    }

    /// The present state as the bytes of a file; nothing where nothing was run.
    pub fn state(&mut self) -> Option<Vec<u8>> {
        let model = self.model.as_mut().filter(|_| self.going)?;
        Some(state::bytes(&model.course.simulation(self.left.events).ok()?.state(), &model.network.plan))
    }

    /// Goes to a saved state. What was recorded before is forgotten.
    ///
    /// # Errors
    /// The network cannot be built, or the state is none of it.
    pub fn restore(&mut self, bytes: &[u8], name: &str, span: Span) -> Result<(), Stop> {
        self.begin(None, span)?;
        let Some(model) = &mut self.model else { return Ok(()) };
        self.going = false;
        let unfit = |why: &str| Stop::from(Diagnostic::new(Code::CannotRead, span, format!("{name} cannot be taken up: {why}")));
        let found = state::read(bytes, &model.network.plan).map_err(|why| {
            unfit(match why {
                Unreadable::Other => "it is no saved state, or one of another version",
                Unreadable::Damaged => "it is not whole",
                Unreadable::Network => "it is of another network, or of other parameters",
            })
        })?;
        let simulation = model.course.simulation(None).map_err(|why| refused(why, span))?;
        simulation.resume(&found).map_err(|why| unfit(&why))?;
        model.computed = Computed::new(&self.program, &model.network);
        model.begin = found.time;
        self.going = true;
        Ok(())
    }

    fn built(&mut self, span: Span) -> Result<Model, Stop> {
        let refused = |why| refused(why, span);
        let count = threads(self.settings.threads, self.constants.threads);
        let options = Options { threads: count, ..self.settings.engine.clone() };
        let threads = match self.threads.take().filter(|threads| threads.count() == count) {
            Some(threads) => threads,
            None => Threads::new(count).map_err(refused)?,
        };
        let (program, knobs, codes) = (&self.program, &self.knobs, self.codes.as_deref());
        let (network, simulation) = self.threads.insert(threads).within(|| {
            let network = rest::network(program, knobs, codes)?;
            let simulation = Simulation::new(Arc::clone(&network.plan), &options).map_err(refused)?;
            Ok::<_, Stop>((network, simulation))
        })?;
        let computed = Computed::new(&self.program, &network);
        Ok(Model { network, course: Course::own(simulation), computed, begin: 0.0 })
    }

    fn advance(&mut self, length: f64, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        let Some(model) = &mut self.model else { return Ok(()) };
        sensible(&self.program, &model.network, length, self.knobs.memory, span)?;
        let (begun, start) = (Clock::now(), model.course.time());
        let (end, mut heeded) = (start + length, true);
        if self.streams.is_empty() && !self.program.record_files.is_empty() {
            let recording = model.course.recording();
            let results = Results { network: &model.network, recording, computed: &model.computed, begin: start, end: start };
            self.streams = Streams::begin(&self.program, &self.settings, &results)?;
        }
        let (program, streams, left) = (&self.program, &mut self.streams, self.left.events);
        let Model { network, course, computed, .. } = model;
        let simulation = course.simulation(left).map_err(|why| refused(why, span))?;
        if !simulation.is_rationed() {
            ration(simulation, left);
        }
        let mut failed: Option<Stop> = None;
        let ended = simulation.advance_through(length, &mut |time, recording| {
            let moved = computed.extend(program, network, recording).map_err(|none| Stop::from(told(none, span)));
            let moved = moved.and_then(|()| streams.take(program, network, recording, computed));
            failed = moved.err();
            heeded = console.progress(time, end);
            heeded && failed.is_none()
        });
        if let Some(stop) = failed {
            return Err(stop);
        }
        self.steps += ((simulation.time() - start) / network.plan.dt).round() as u64;
        let (events, is_spent) = (simulation.take_delivered().first().copied(), simulation.is_spent());
        let recording = simulation.recording_mut();
        let done = computed.extend(program, network, recording);
        let moved = streams.take(program, network, recording, computed);
        if ended.is_err() || !heeded {
            // What was recorded so far is kept.
            self.streams.finish(&self.program, console)?;
        }
        self.running.add_since(begun);
        done.map_err(|none| told(none, span))?;
        moved?;
        let now = simulation.time();
        self.has_taken(length, events);
        match ended {
            Err(_) if is_spent => Err(self.spent_all(span)),
            Err(fault) => Err(self.fault(&fault, span).into()),
            Ok(()) if !heeded => {
                let (now, end) = (super::show::number(now), super::show::number(end));
                Err(Diagnostic::new(Code::Interrupted, span, format!("the run was interrupted at {now} ms of {end} ms")).into())
            }
            Ok(()) => Ok(()),
        }
    }

    /// What the user is told of a fault: what, where on which cell, when.
    fn fault(&self, fault: &Fault, span: Span) -> Diagnostic {
        let place = if fault.place.is_empty() { String::new() } else { format!(" at {}", fault.place) };
        let what = if fault.variable.is_empty() { "a variable" } else { &fault.variable };
        let whose = if fault.cell.is_empty() { String::new() } else { format!(" of {}", fault.cell) };
        let (value, time) = (super::show::number(fault.value), super::show::number(fault.time));
        let message = match fault.endless {
            true => format!("events{whose}{place} cause each other without end at {time} ms"),
            false => format!("{what}{whose}{place} became {value} at {time} ms"),
        };
        let told = Diagnostic::new(Code::Fault, span, message).label("during this run");
        let mut told = told;
        for (span, what) in self.causes(fault) {
            told = told.also(span, what);
        }
        if !fault.values.is_empty() {
            let shown = |(name, x): &(String, f64)| format!("{name} = {}", super::show::number(*x));
            let list: Vec<String> = fault.values.iter().take(MOST_VALUES).map(shown).collect();
            let more = if fault.values.len() > MOST_VALUES { ", ..." } else { "" };
            told = told.help(format!("the last values there: {}{more}", list.join(", ")));
        }
        let population = fault.cell.split('[').next().unwrap_or_default();
        let declared = self.program.populations.iter().find(|p| &*p.name == population);
        let cell = declared.and_then(|p| self.program.cells.get(p.cell.index()));
        match cell {
            Some(cell) => told.also(cell.span, "in a cell of this kind"),
            None => told,
        }
    }

    /// The lines of the script that compute what became none: the equation of a state, the currents at a place.
    fn causes(&self, fault: &Fault) -> Vec<(Span, &'static str)> {
        let of = |name: &str| self.program.mechanisms.iter().find(|m| &*m.name == name);
        if let Some(mechanism) = of(&fault.mechanism) {
            let is_it = |state: &VarId| mechanism.variables.get(state.index()).is_some_and(|v| *v.name == *fault.variable);
            let equation = mechanism.equations.iter().find(|e| is_it(&e.state)).or_else(|| mechanism.equations.first());
            let span = equation.map_or(mechanism.span, |equation| equation.span);
            return vec![(span, "by this equation")];
        }
        let mut names: Vec<&str> = fault.values.iter().filter_map(|(name, _)| Some(name.split_once('.')?.0)).collect();
        names.dedup();
        let currents = names.into_iter().filter_map(of).flat_map(|m| &m.currents);
        currents.take(MOST_CAUSES).map(|current| (current.span, "a current at this place")).collect()
    }

    /// Adds the profile of the model to that of the models before it.
    fn take_profile(&mut self) {
        let Some(now) = self.model.as_ref().and_then(|model| model.course.profile()) else { return };
        match &mut self.profile {
            Some(sum) => sum.join(&now),
            None => self.profile = Some(now),
        }
    }

    /// How it went so far.
    pub fn report(&mut self) -> Report {
        self.take_profile();
        let cells = self.model.as_ref().map_or(0, |model| model.network.cells.len() as usize);
        let phases = vec![("build", self.building.seconds), ("run", self.running.seconds)];
        Report { phases, profile: self.profile.clone(), steps: self.steps, cells, beside: self.beside }
    }
}

/// What this machine does not have.
fn refused(why: String, span: Span) -> Diagnostic {
    Diagnostic::new(Code::NotOnThisMachine, span, why)
}

/// A run of which nothing is known (ms).
const SECOND: f64 = 1e3;

/// More steps than this take years.
const MOST_STEPS: f64 = 1e13;

/// Refuses runs that come to no end, or whose records do not fit the memory.
fn sensible(program: &Program, network: &Network, length: f64, memory: Option<u64>, span: Span) -> Result<(), Stop> {
    let plan = &network.plan;
    let in_file = |at: usize| {
        let each = program.records.iter().zip(&network.records);
        each.filter(|(record, _)| record.file.is_some()).any(|(_, found)| found.recorder == at)
    };
    let kept = |(at, _): &(usize, &Recorder)| !in_file(*at);
    let steps = length / plan.dt;
    if steps > MOST_STEPS {
        let (run, dt) = (super::show::number(length), super::show::number(plan.dt));
        let message = format!("a run of {run} ms in steps of {dt} ms has {} steps", super::show::number(steps));
        return Err(Diagnostic::new(Code::ValueOutOfRange, span, message).help("choose a shorter run or a longer `dt`").into());
    }
    let samples = |(_, r): (usize, &Recorder)| r.every.map_or(steps, |every| length / every) * (1 + r.probes.len()) as f64;
    let bytes = 8.0 * plan.recorders.iter().enumerate().filter(kept).map(samples).sum::<f64>();
    match memory.filter(|memory| bytes > *memory as f64) {
        Some(memory) => {
            let (needed, there) = (crate::build::bytes(bytes), crate::build::bytes(memory as f64));
            let message = format!("the records of this run need about {needed}, and there is memory for {there}");
            Err(Diagnostic::new(Code::TooMuchMemory, span, message)
                .help("record fewer cells, or less often (`every 1 ms`), or into a file: `record ... to \"v.csv\"`")
                .into())
        }
        None => Ok(()),
    }
}

/// Whether a model can go on as another: events on their way must find their connections, and random streams their instances.
fn going_on(old: &Plan, new: &Plan) -> Result<(), &'static str> {
    let alike = old.projections.len() == new.projections.len()
        && old.projections.iter().zip(&new.projections).all(|(a, b)| {
            (a.class, a.pool, a.handler, a.first, &a.start, &a.targets)
                == (b.class, b.pool, b.handler, b.first, &b.start, &b.targets)
        });
    if !alike {
        return Err("others would be connected");
    }
    if old.projections.iter().zip(&new.projections).any(|(a, b)| a.delay != b.delay) {
        return Err("events are on their way with other delays");
    }
    let pools = |plan: &Plan| -> Vec<_> { plan.classes.iter().flat_map(|c| &c.pools).map(|p| p.streams.clone()).collect() };
    if pools(old) != pools(new) {
        return Err("random numbers would be drawn from other streams");
    }
    let intervals = |plan: &Plan| -> Vec<_> { plan.recorders.iter().map(|r| (r.every, r.probes.len())).collect() };
    if intervals(old) != intervals(new) {
        return Err("what is recorded would be sampled at other times, or of other cells");
    }
    Ok(())
}

/// How many values a fault shows, and how many currents.
const MOST_VALUES: usize = 12;
const MOST_CAUSES: usize = 3;

fn constants(program: &Program, knobs: &Knobs) -> Result<Constants, Stop> {
    let mut found = Diagnostics::new();
    let constants = Constants::of(program, knobs, &mut found);
    if found.has_errors() { Err(Stop::from(found.iter().cloned().collect::<Vec<_>>())) } else { Ok(constants) }
}

/// What was asked for, else what the script says, else all cores.
fn threads(asked: Option<usize>, script: Option<u32>) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    asked.or(script.map(|n| n as usize)).unwrap_or_else(all).max(1)
}
