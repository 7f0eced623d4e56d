//! Runs candidates, each in a fresh copy of the model: side by side in batches, and batches on as many threads as there are. What a candidate gives depends on
//! nothing but its values.

mod side_by_side;

use super::experiment::allowance::Allowance;
use super::experiment::together::{Hands, Spent, Stock};
use super::scope::outside;
use super::search::Found;
use super::sweep::Kept;
use super::{Console, Runner, Settings, Stop};
use crate::build::Knobs;
use crate::record::Spare;
use crate::value::Value;
use bouton_engine::threads::Threads;
use bouton_model::ir::{Attribute, Axis, CandidateLimits, LocalId, Program, Search, Span, Statement, Sweep};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often the console is asked whether to go on.
const ASK: Duration = Duration::from_millis(50);

/// What a candidate gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outcome {
    /// The columns that its body told, in their order.
    pub told: Vec<f64>,
    /// By how much constraints do not hold.
    pub violation: f64,
    /// Why it has no numbers.
    pub failed: Option<String>,
    /// What it printed.
    pub lines: Vec<String>,
    /// What it wrote.
    pub wrote: Vec<PathBuf>,
}

impl Outcome {
    /// What it has printed and written.
    pub(super) fn say(&self, console: &mut dyn Console) {
        self.lines.iter().for_each(|line| console.print(line));
        self.wrote.iter().for_each(|path| console.wrote(path));
    }
}

/// What is done with each candidate of a search, or at each point of a sweep.
#[derive(Clone, Copy)]
pub(super) struct Task<'a> {
    name: &'a str,
    span: Span,
    axes: &'a [Axis],
    /// How many columns its statements tell.
    columns: usize,
    statements: &'a [Statement],
    limits: &'a CandidateLimits,
    /// A candidate whose numbers are none or infinite has failed.
    finite: bool,
}

impl<'a> Task<'a> {
    /// Of the search or the sweep.
    pub(super) fn name(&self) -> &'a str {
        self.name
    }
}

impl<'a> From<&'a Search> for Task<'a> {
    fn from(of: &'a Search) -> Task<'a> {
        let columns = of.columns.len() - of.axes.len();
        let (name, span, limits) = (&of.name, of.span, &of.limits);
        Task { name, span, axes: &of.axes, columns, statements: &of.body, limits, finite: true }
    }
}

impl<'a> From<&'a Sweep> for Task<'a> {
    fn from(of: &'a Sweep) -> Task<'a> {
        let columns = of.columns.len() - of.axes.len();
        let (name, span, limits) = (&of.name, of.span, &of.limits);
        Task { name, span, axes: &of.axes, columns, statements: &of.body, limits, finite: false }
    }
}

/// All that candidates have in common.
pub(super) struct Blank<'a> {
    task: Task<'a>,
    program: Arc<Program>,
    settings: Arc<Settings>,
    knobs: &'a Knobs,
    locals: &'a HashMap<LocalId, Value>,
    lists: &'a HashMap<LocalId, Vec<f64>>,
    tables: &'a HashMap<LocalId, Kept>,
    searches: &'a HashMap<LocalId, Found>,
    threads: usize,
    allowance: Allowance,
    stock: &'a Stock,
}

impl Runner {
    /// What a candidate may take.
    ///
    /// # Errors
    /// A limit that is no whole number.
    pub(super) fn allowance(&self, limits: &CandidateLimits) -> Result<Allowance, Stop> {
        let number = |limit: &Option<Attribute>, name: &str| {
            let Some(limit) = limit else { return Ok(None) };
            match self.number(limit)? {
                most if most >= 0.0 && most.fract() == 0.0 => Ok(Some(most as u64)),
                most => Err(Stop::from(outside(name, most, "must be a whole number, 0 or more", limit.span))),
            }
        };
        Ok(Allowance { steps: number(&limits.steps, "`max_steps`")?, events: number(&limits.events, "`max_events`")? })
    }

    /// What candidates start from: the model with its parameters as they are now.
    pub(super) fn blank<'a>(&'a self, task: Task<'a>, stock: &'a Stock) -> Result<Blank<'a>, Stop> {
        let (program, knobs) = self.experiment.parts();
        let allowance = self.allowance(task.limits)?;
        Ok(Blank {
            task,
            program: Arc::clone(program),
            settings: Arc::new(Settings { threads: Some(1), ..Settings::clone(&self.settings) }),
            knobs,
            locals: &self.locals,
            lists: &self.lists,
            tables: &self.tables,
            searches: &self.searches,
            threads: self.experiment.threads(),
            allowance,
            stock,
        })
    }
}

/// A candidate that is being run.
struct Lane<'a> {
    /// Nothing where it could not begin.
    runner: Option<Runner>,
    listener: Listener<'a>,
    /// Why it has stopped.
    ended: Option<Stop>,
}

/// Listens to a candidate.
struct Listener<'a> {
    outcome: Outcome,
    stop: &'a AtomicBool,
}

impl Console for Listener<'_> {
    fn print(&mut self, line: &str) {
        self.outcome.lines.push(line.to_owned());
    }

    fn wrote(&mut self, path: &Path) {
        self.outcome.wrote.push(path.to_owned());
    }

    fn progress(&mut self, _: f64, _: f64) -> bool {
        !self.stop.load(Ordering::Relaxed)
    }
}

impl Blank<'_> {
    fn refused(&self, why: String) -> Stop {
        Diagnostic::new(Code::NotOnThisMachine, self.task.span, why).into()
    }

    /// Runs some candidates side by side. A failure that its values bring is a candidate's own; one of the world outside is everybody's.
    fn run(&self, points: &[Vec<f64>], threads: &Threads, stop: &AtomicBool) -> Result<(Vec<Outcome>, Spent), Stop> {
        let mut lanes: Vec<Lane> = points.iter().map(|point| self.lane(point, stop)).collect();
        let mut spent = Spent::default();
        let mut all: Vec<&mut Lane> = lanes.iter_mut().collect();
        side_by_side::block(
            &mut all,
            self.task.statements,
            &mut side_by_side::Crew { hands: Hands { threads, stock: self.stock }, spent: &mut spent },
        );
        let outcomes = lanes
            .into_iter()
            .map(|lane| lane.outcome(self.task.finite, &self.stock.spare, &mut spent))
            .collect::<Result<_, _>>()?;
        Ok((outcomes, spent))
    }

    /// A candidate before its first statement.
    fn lane<'l>(&self, point: &[f64], stop: &'l AtomicBool) -> Lane<'l> {
        let (runner, ended) = match self.runner(point) {
            Ok(runner) => (Some(runner), None),
            Err(stop) => (None, Some(stop)),
        };
        Lane { runner, listener: Listener { outcome: Outcome::default(), stop }, ended }
    }

    pub(super) fn runner(&self, point: &[f64]) -> Result<Runner, Stop> {
        let Task { axes, columns, .. } = self.task;
        let settings = Settings { knobs: self.knobs.clone(), ..Settings::clone(&self.settings) };
        let mut runner = Runner::new(Arc::clone(&self.program), settings)?;
        runner.locals.clone_from(self.locals);
        runner.lists.clone_from(self.lists);
        runner.tables.clone_from(self.tables);
        runner.searches.clone_from(self.searches);
        runner.reports = vec![f64::NAN; columns];
        runner.experiment.place(axes.iter().zip(point).map(|(axis, x)| (&axis.dial, axis.span, *x)))?;
        runner.experiment.allow(self.allowance);
        Ok(runner)
    }

    /// How many candidates are run side by side at most: as many as fill the lanes, and fewer where one is large.
    pub(super) fn width(&self, points: &[Vec<f64>]) -> usize {
        if let Some(width) = self.settings.batch {
            return width.max(1);
        }
        let size = points.first().and_then(|point| self.runner(point).ok()?.experiment.size());
        let most = size.map_or(1, |(bytes, lanes)| ((MEMORY / bytes.max(1.0)) as usize).min(LANES / lanes.max(1)));
        most.clamp(1, MOST)
    }
}

/// Bytes that candidates side by side may take together.
const MEMORY: f64 = 256e6;

/// More lanes than this gain nothing.
const LANES: usize = 16_384;

/// More candidates side by side than this gain nothing.
const MOST: usize = 64;

impl Lane<'_> {
    /// What it gave.
    fn outcome(self, finite: bool, spare: &Spare, spent: &mut Spent) -> Result<Outcome, Stop> {
        let Lane { runner, mut listener, mut ended } = self;
        let mut outcome = Outcome::default();
        if let Some(mut runner) = runner {
            if let Err(stop) = runner.experiment.finish(&mut listener) {
                ended.get_or_insert(stop);
            }
            spent.join(runner.experiment.spent());
            runner.experiment.give_back(spare);
            outcome = listener.outcome;
            (outcome.told, outcome.violation) = (runner.reports, runner.violation);
        }
        let infinite = outcome.told.iter().any(|x| !x.is_finite()) || !outcome.violation.is_finite();
        outcome.failed = match ended {
            None => (finite && infinite).then(|| "a value that it tells is none, or infinite".to_owned()),
            Some(Stop::Refused(list)) => Some(list.first().map_or_else(String::new, |one| one.message.clone())),
            Some(Stop::Assertion(one) | Stop::Fault(one)) => Some(one.message),
            Some(stop @ Stop::Outside(_)) => return Err(stop),
        };
        if outcome.failed.is_some() {
            outcome.told.clear();
        }
        Ok(outcome)
    }
}

/// What became of some points.
#[derive(Default)]
pub(super) struct Evaluated {
    /// What the first points gave, in their order: all of them, or those before the end.
    pub outcomes: Vec<Outcome>,
    /// On what time went.
    pub spent: Spent,
    /// The console wants to stop, or the world outside does not do.
    pub ended: Option<Stop>,
}

/// What each point gives, so many of them side by side.
pub(super) fn evaluate(blank: &Blank<'_>, points: &[Vec<f64>], width: usize, console: &mut dyn Console) -> Evaluated {
    if points.is_empty() {
        return Evaluated::default();
    }
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let batches: Vec<&[Vec<f64>]> = points.chunks(width.min(points.len().div_ceil(blank.threads))).collect();
    let mut found: Vec<Option<Vec<Outcome>>> = vec![None; batches.len()];
    let (mut ended, mut spent) = (None, Spent::default());
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..blank.threads.min(batches.len()) {
            let (sender, next, stop, batches) = (sender.clone(), &next, &stop, &batches);
            scope.spawn(move || {
                let threads = match Threads::new(1) {
                    Ok(threads) => threads,
                    Err(why) => return drop(sender.send((0, Err(blank.refused(why))))),
                };
                while let Some((at, batch)) = take(next, batches).filter(|_| !stop.load(Ordering::Relaxed)) {
                    // Nobody listens any more where the whole has been given up.
                    let _ = sender.send((at, blank.run(batch, &threads, stop)));
                }
            });
        }
        drop(sender);
        let mut done = 0;
        loop {
            match receiver.recv_timeout(ASK) {
                Ok((at, Ok((outcomes, more)))) => {
                    done += outcomes.len();
                    found[at] = Some(outcomes);
                    spent.join(more);
                }
                Ok((_, Err(why))) => {
                    stop.store(true, Ordering::Relaxed);
                    ended.get_or_insert(why);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if !console.candidates(blank.task.name, done, points.len()) {
                stop.store(true, Ordering::Relaxed);
            }
        }
    });
    let outcomes: Vec<Outcome> = found.into_iter().map_while(|batch| batch).flatten().collect();
    if outcomes.len() < points.len() {
        let Task { name, span, .. } = blank.task;
        ended.get_or_insert_with(|| Diagnostic::new(Code::Interrupted, span, format!("`{name}` was interrupted")).into());
    }
    Evaluated { outcomes, spent, ended }
}

fn take<'a>(next: &AtomicUsize, batches: &'a [&'a [Vec<f64>]]) -> Option<(usize, &'a [Vec<f64>])> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    batches.get(at).map(|batch| (at, *batch))
}
