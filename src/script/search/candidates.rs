//! Runs candidates, each in a fresh copy of the model, on as many threads as there are. What a candidate gives depends on nothing but its values.

use super::super::sweep::Kept;
use super::super::{Console, Runner, Settings, Stop};
use super::Found;
use crate::build::Knobs;
use crate::value::Value;
use bouton_model::ir::{LocalId, Program, Search};
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

/// All that candidates have in common.
pub(super) struct Blank<'a> {
    search: &'a Search,
    program: &'a Program,
    settings: Arc<Settings>,
    knobs: &'a Knobs,
    locals: &'a HashMap<LocalId, Value>,
    lists: &'a HashMap<LocalId, Vec<f64>>,
    tables: &'a HashMap<LocalId, Kept>,
    searches: &'a HashMap<LocalId, Found>,
    threads: usize,
}

impl Runner {
    /// What candidates start from: the model with its parameters as they are now.
    pub(super) fn blank<'a>(&'a self, search: &'a Search) -> Blank<'a> {
        let (program, knobs) = self.experiment.parts();
        Blank {
            search,
            program,
            settings: Arc::new(Settings { threads: Some(1), ..Settings::clone(&self.settings) }),
            knobs,
            locals: &self.locals,
            lists: &self.lists,
            tables: &self.tables,
            searches: &self.searches,
            threads: self.experiment.threads(),
        }
    }
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
    /// Runs one candidate. A failure that its values bring is its own; one of the world outside is everybody's.
    fn run(&self, point: &[f64], stop: &AtomicBool) -> Result<Outcome, Stop> {
        let mut listener = Listener { outcome: Outcome::default(), stop };
        let done = self.told(point, &mut listener);
        let mut outcome = listener.outcome;
        let failed = match done {
            Ok((told, violation)) => {
                (outcome.told, outcome.violation) = (told, violation);
                let infinite = outcome.told.iter().any(|x| !x.is_finite()) || !violation.is_finite();
                infinite.then(|| "a value that it tells is none, or infinite".to_owned())
            }
            Err(Stop::Refused(list)) => Some(list.first().map_or_else(String::new, |one| one.message.clone())),
            Err(Stop::Assertion(one) | Stop::Fault(one)) => Some(one.message),
            Err(stop @ Stop::Outside(_)) => return Err(stop),
        };
        if failed.is_some() {
            outcome.told.clear();
        }
        outcome.failed = failed;
        Ok(outcome)
    }

    fn told(&self, point: &[f64], listener: &mut Listener<'_>) -> Result<(Vec<f64>, f64), Stop> {
        let Search { axes, columns, body, .. } = self.search;
        let mut program = self.program.clone();
        program.statements.clone_from(body);
        let mut runner = Runner::new(program, Settings { knobs: self.knobs.clone(), ..Settings::clone(&self.settings) })?;
        runner.locals.clone_from(self.locals);
        runner.lists.clone_from(self.lists);
        runner.tables.clone_from(self.tables);
        runner.searches.clone_from(self.searches);
        runner.reports = vec![f64::NAN; columns.len() - axes.len()];
        axes.iter().zip(point).try_for_each(|(axis, x)| runner.experiment.place(&axis.dial, *x, axis.span))?;
        runner.run(listener)?;
        Ok((runner.reports, runner.violation))
    }
}

/// What each point gives, in their order.
///
/// # Errors
/// The console wants to stop, or the world outside does not do.
pub(super) fn evaluate(blank: &Blank<'_>, points: &[Vec<f64>], console: &mut dyn Console) -> Result<Vec<Outcome>, Stop> {
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let mut found: Vec<Option<Outcome>> = vec![None; points.len()];
    let mut refused = None;
    std::thread::scope(|scope| {
        let (sender, receiver) = channel();
        for _ in 0..blank.threads.min(points.len()) {
            let (sender, next, stop) = (sender.clone(), &next, &stop);
            scope.spawn(move || {
                while let Some((at, point)) = take(next, points).filter(|_| !stop.load(Ordering::Relaxed)) {
                    // Nobody listens any more where the whole has been given up.
                    let _ = sender.send((at, blank.run(point, stop)));
                }
            });
        }
        drop(sender);
        let mut done = 0;
        loop {
            match receiver.recv_timeout(ASK) {
                Ok((at, Ok(outcome))) => {
                    done += 1;
                    found[at] = Some(outcome);
                }
                Ok((_, Err(why))) => {
                    stop.store(true, Ordering::Relaxed);
                    refused.get_or_insert(why);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if !console.candidates(&blank.search.name, done, points.len()) {
                stop.store(true, Ordering::Relaxed);
            }
        }
    });
    if let Some(why) = refused {
        return Err(why);
    }
    let complete: Option<Vec<Outcome>> = found.into_iter().collect();
    complete.ok_or_else(|| {
        let told = Diagnostic::new(Code::Interrupted, blank.search.span, format!("`{}` was interrupted", blank.search.name));
        told.help("`--resume` goes on with a search from its journal").into()
    })
}

fn take<'a>(next: &AtomicUsize, points: &'a [Vec<f64>]) -> Option<(usize, &'a Vec<f64>)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    points.get(at).map(|point| (at, point))
}
