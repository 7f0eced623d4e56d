//! Runs the statements of a checked script, one after the other. What each computes or writes is in the files below; what is
//! around them (files, options, parameters from outside) is `session`'s.

mod bifurcation;
mod candidates;
pub mod clock;
pub mod experiment;
mod files;
mod journal;
mod lists;
mod measure;
mod picture;
mod preview;
mod repeat;
mod rest;
mod scope;
mod search;
mod show;
mod streams;
pub mod sweep;

use crate::build::Knobs;
use crate::record::OutputDirectory;
use crate::value::{self, Value};
use bouton_engine::profile::Profile;
use bouton_engine::run::Options;
use bouton_model::ir::{Attribute, Expr, LocalId, ParamId, Program, Shown, ShownList, Span, Statement, StatementKind, TextPart};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use clock::Clock;
use experiment::Experiment;
pub use experiment::together::Beside;
use scope::{Names, told};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Who hears what a script says.
pub trait Console {
    /// A line that the script prints.
    fn print(&mut self, line: &str);
    /// Something is probably not meant, or has partly failed.
    fn warn(&mut self, told: &Diagnostic) {
        self.print(&format!("warning[{}]: {}", told.code.text(), told.message));
        told.helps.iter().for_each(|help| self.print(&format!("  {help}")));
    }
    /// A file was written.
    fn wrote(&mut self, path: &Path);
    /// How many letters a line has where rasters and traces are to be shown as text too; nothing: nowhere.
    fn sketches(&self) -> Option<usize> {
        None
    }
    /// Something about the run that is no result of it.
    fn note(&mut self, _line: &str) {}
    /// So many candidates of a search, or of a generation of it, have been run; it stops when this returns false.
    fn candidates(&mut self, _search: &str, _done: usize, _of: usize) -> bool {
        true
    }
    /// What a search has come to.
    fn searched(&mut self, _generation: &Generation) {}
    /// A run has come to a time (ms) on its way to another; it stops when this returns false.
    fn progress(&mut self, time_ms: f64, end_ms: f64) -> bool;
}

/// A generation of a search that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generation {
    /// The name of the search.
    pub search: String,
    /// 0 is the first one.
    pub number: u64,
    /// How many candidates there were so far, and how many of them came from the journal.
    pub evaluations: u64,
    /// See `evaluations`.
    pub known: u64,
    /// How many there will be at most, as far as limits say so.
    pub most: Option<u64>,
    /// The smallest loss of those that are alive, with its unit.
    pub best: String,
    /// Their mean.
    pub mean: String,
    /// How many candidates failed so far.
    pub failed: u64,
}

/// Why a script stopped before its end.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// Something in the script does not do with these values.
    Refused(Vec<Diagnostic>),
    /// An `assert` does not hold.
    Assertion(Box<Diagnostic>),
    /// A value became none during a run.
    Fault(Box<Diagnostic>),
    /// Files, memory, what the machine has, an interrupt.
    Outside(Box<Diagnostic>),
}

impl From<Diagnostic> for Stop {
    /// The code says which kind of stop it is.
    fn from(diagnostic: Diagnostic) -> Stop {
        match diagnostic.code {
            Code::AssertionFailed => Stop::Assertion(Box::new(diagnostic)),
            Code::Fault => Stop::Fault(Box::new(diagnostic)),
            code if code.text().starts_with("E06") => Stop::Outside(Box::new(diagnostic)),
            _ => Stop::Refused(vec![diagnostic]),
        }
    }
}

impl From<Box<Diagnostic>> for Stop {
    fn from(diagnostic: Box<Diagnostic>) -> Stop {
        Stop::from(*diagnostic)
    }
}

impl From<Vec<Diagnostic>> for Stop {
    /// What lies outside the script is told alone.
    fn from(list: Vec<Diagnostic>) -> Stop {
        match list.iter().find(|one| one.code.text().starts_with("E06")) {
            Some(one) => Stop::Outside(Box::new(one.clone())),
            None => Stop::Refused(list),
        }
    }
}

/// What a script is run with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where files go.
    pub out: OutputDirectory,
    /// What is set before the first statement.
    pub knobs: Knobs,
    /// How plans are run.
    pub engine: Options,
    /// Number of threads; nothing: what the script says, else all cores.
    pub threads: Option<usize>,
    /// Name of the script and the texts that were read, for provenance.
    pub texts: Vec<String>,
    /// As messages call it.
    pub script: String,
    /// Where it lies.
    pub folder: PathBuf,
    /// Whether searches go on from their journals.
    pub resume: bool,
    /// How many candidates are run side by side at most; nothing: as many as fit.
    pub batch: Option<usize>,
}

/// How it went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// CPU seconds of building, running and writing.
    pub phases: Vec<(&'static str, f64)>,
    /// Where the time of the steps went, if it was asked for.
    pub profile: Option<Profile>,
    /// Steps of all runs.
    pub steps: u64,
    /// Cells of the last network.
    pub cells: usize,
    /// Runs side by side.
    pub beside: Beside,
}

/// The value of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluated {
    /// In its unit; 1 for true, 0 for false.
    pub value: f64,
    /// The unit in which it is shown, as `print` writes it.
    pub unit: String,
    /// As `print` shows it.
    pub text: String,
}

/// A script that is being run.
pub struct Runner {
    settings: Arc<Settings>,
    experiment: Experiment,
    locals: HashMap<LocalId, Value>,
    lists: HashMap<LocalId, Vec<f64>>,
    tables: HashMap<LocalId, sweep::Kept>,
    searches: HashMap<LocalId, search::Found>,
    /// What the point of a sweep that is being run reports.
    reports: Vec<f64>,
    /// By how much the candidate of a search that is being run violates what must hold.
    violation: f64,
    output: Clock,
}

impl Runner {
    /// Before the first statement.
    ///
    /// # Errors
    /// Parameters or attributes of `simulation` without a value.
    pub fn new(program: impl Into<Arc<Program>>, settings: Settings) -> Result<Runner, Stop> {
        let settings = Arc::new(settings);
        let experiment = Experiment::new(program.into(), Arc::clone(&settings))?;
        Ok(Runner {
            settings,
            experiment,
            locals: HashMap::new(),
            lists: HashMap::new(),
            tables: HashMap::new(),
            searches: HashMap::new(),
            reports: Vec::new(),
            violation: 0.0,
            output: Clock::default(),
        })
    }

    /// Runs all statements of the program.
    ///
    /// # Errors
    /// Why it stopped.
    pub fn run(&mut self, console: &mut dyn Console) -> Result<(), Stop> {
        let statements = self.experiment.statements();
        let done = self.block(&statements, console);
        self.experiment.finish(console)?;
        done
    }

    /// The model, its parameters and results.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// The same, to be changed.
    pub fn experiment_mut(&mut self) -> &mut Experiment {
        &mut self.experiment
    }

    /// The texts that files and pictures are said to come from.
    pub fn comes_from(&mut self, texts: &[String]) {
        Arc::make_mut(&mut self.settings).texts = texts.to_vec();
    }

    /// Whether a `let` has been done.
    pub fn knows(&self, id: LocalId) -> bool {
        self.locals.contains_key(&id) || self.lists.contains_key(&id) || self.tables.contains_key(&id)
    }

    /// A value as it would be shown.
    ///
    /// # Errors
    /// It has none.
    pub fn evaluate(&self, shown: &Shown, span: Span) -> Result<Evaluated, Stop> {
        let value = self.value(&shown.value, span)?;
        let text = show::shown(value, shown);
        let value = match value {
            Value::Bool(truth) => f64::from(u8::from(truth)),
            Value::Number(x) => show::in_unit(x, shown),
        };
        Ok(Evaluated { value, unit: shown.unit.0.to_string(), text })
    }

    /// How it went so far.
    pub fn report(&mut self) -> Report {
        let mut report = self.experiment.report();
        report.phases.push(("output", self.output.seconds));
        report
    }

    fn block(&mut self, statements: &[Statement], console: &mut dyn Console) -> Result<(), Stop> {
        for (at, statement) in statements.iter().enumerate() {
            if let Err(stop) = self.statement(statement, console) {
                let cut_short = matches!(statement.kind, StatementKind::Run(_) | StatementKind::Sweep(_));
                return Err(match stop {
                    Stop::Outside(told) if cut_short && told.code == Code::Interrupted => {
                        self.rescue(*told, statements.get(at + 1..).unwrap_or_default(), console).into()
                    }
                    other => other,
                });
            }
        }
        Ok(())
    }

    /// After a run that was interrupted: files that the script would have written next are written of what there is, up to the statement
    /// that would change it. Says what was not done.
    fn rescue(&mut self, told: Diagnostic, rest: &[Statement], console: &mut dyn Console) -> Diagnostic {
        let writes =
            |one: &&Statement| matches!(one.kind, StatementKind::Save(..) | StatementKind::Plot(_) | StatementKind::SaveState(_));
        let goes_on = |one: &&Statement| {
            use StatementKind::{Apply, Continue, For, If, Optimize, Restart, Restore, Run, Set, Steady, Sweep, Turn};
            !matches!(
                one.kind,
                Run(_)
                    | Steady(_)
                    | Continue(_)
                    | Sweep(_)
                    | Optimize(_)
                    | Apply(_)
                    | Restart
                    | Restore(_)
                    | Set(..)
                    | Turn(..)
                    | For(..)
                    | If(..)
            )
        };
        let (mut written, mut failed) = (0, 0);
        for statement in rest.iter().take_while(goes_on).filter(writes) {
            match self.statement(statement, console) {
                Ok(()) => written += 1,
                Err(_) => failed += 1,
            }
        }
        let undone = rest.len() - written;
        let mut told = told;
        if written > 0 {
            told = told.help(format!("{written} of the files that follow were written of what was recorded until then"));
        }
        if failed > 0 {
            told = told.help(format!("{failed} of them could not be written"));
        }
        if undone > 0 {
            told = told.help(format!("{undone} of the statements that follow were not done"));
        }
        told
    }

    fn statement(&mut self, statement: &Statement, console: &mut dyn Console) -> Result<(), Stop> {
        let span = statement.span;
        match &statement.kind {
            StatementKind::Run(time) => self.go(time.as_ref(), span, console),
            StatementKind::Restart => {
                self.experiment.restart();
                Ok(())
            }
            StatementKind::Set(param, value) => self.set(*param, value),
            StatementKind::Turn(knob, value) => {
                let x = self.number(value)?;
                self.experiment.turn(knob, Attribute { value: Expr::Number(x), span: value.span })
            }
            StatementKind::SaveState(file) => self.timed(|runner| runner.save_state(file, span, console)),
            StatementKind::Restore(file) => self.restore(file, span),
            StatementKind::Let(local, _, value) => {
                let value = self.value(value, span)?;
                self.locals.insert(*local, value);
                Ok(())
            }
            StatementKind::Keep(local, _, series) => {
                let values = lists::values(series, &mut self.names(span)).map_err(|none| told(none, span))?;
                self.lists.insert(*local, values);
                Ok(())
            }
            StatementKind::Print(parts) => {
                console.print(&self.text(parts, span)?);
                Ok(())
            }
            StatementKind::Assert { condition, shown, message } => self.assert(condition, shown, message.as_deref(), span),
            StatementKind::Save(saved, file) => self.timed(|runner| runner.save(saved, file, span, console)),
            StatementKind::Plot(plot) => self.timed(|runner| runner.plot(plot, span, console)),
            StatementKind::For(local, values, body) => {
                for value in repeat::values(values, &mut self.names(span)).map_err(|none| told(none, span))? {
                    self.locals.insert(*local, value);
                    self.block(body, console)?;
                }
                Ok(())
            }
            StatementKind::Steady(steady) => self.steady(steady, span, console),
            StatementKind::Continue(one) => self.follow(one, console),
            StatementKind::Sweep(sweep) => self.sweep(sweep, console),
            StatementKind::Optimize(search) => self.search(search, console),
            StatementKind::Constrain(violation) => self.constrain(violation, span),
            StatementKind::Apply(search) => self.apply(*search, span),
            StatementKind::Report(at, value) => {
                let x = self.number(value)?;
                if let Some(slot) = self.reports.get_mut(*at) {
                    *slot = x;
                }
                Ok(())
            }
            StatementKind::If(condition, then, otherwise) => {
                let truth = value::truth(condition, &mut self.names(span)).map_err(|none| told(none, span))?;
                self.block(if truth { then } else { otherwise }, console)
            }
        }
    }

    fn names(&self, span: Span) -> Names<'_> {
        let Runner { experiment, locals, lists, tables, searches, .. } = self;
        Names { experiment, locals, lists, tables, searches, span }
    }

    fn value(&self, expr: &Expr, span: Span) -> Result<Value, Stop> {
        value::evaluate(expr, &mut self.names(span)).map_err(|none| told(none, span).into())
    }

    fn go(&mut self, time: Option<&Attribute>, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        let time = self.duration(time)?;
        self.experiment.run(time, span, console)
    }

    fn number(&self, attribute: &Attribute) -> Result<f64, Stop> {
        value::number(&attribute.value, &mut self.names(attribute.span)).map_err(|none| told(none, attribute.span).into())
    }

    fn set(&mut self, param: ParamId, attribute: &Attribute) -> Result<(), Stop> {
        let value = match self.value(&attribute.value, attribute.span)? {
            Value::Number(x) => x,
            Value::Bool(b) => f64::from(u8::from(b)),
        };
        self.experiment.set(param, value)
    }

    fn text(&self, parts: &[TextPart], span: Span) -> Result<String, Stop> {
        let mut text = String::new();
        for part in parts {
            match part {
                TextPart::Text(letters) => text.push_str(letters),
                TextPart::Value(shown) => text.push_str(&self.shown(shown, span)?),
                TextPart::List(list) => text.push_str(&self.list(list, span)?),
                TextPart::Table(id) => {
                    // Its columns begin below each other.
                    if !text.is_empty() {
                        text.truncate(text.trim_end().len());
                        text.push('\n');
                    }
                    text.push_str(&self.shown_table(*id, span)?);
                }
            }
        }
        Ok(text)
    }

    fn shown(&self, shown: &Shown, span: Span) -> Result<String, Stop> {
        Ok(show::shown(self.value(&shown.value, span)?, shown))
    }

    /// `[1.2, 3.4] ms`
    fn list(&self, list: &ShownList, span: Span) -> Result<String, Stop> {
        let values = lists::values(&list.series, &mut self.names(span)).map_err(|none| told(none, span))?;
        let (unit, factor) = (&*list.unit.0, list.unit.1);
        let numbers: Vec<String> = values.iter().map(|x| show::number(x / factor)).collect();
        Ok(format!("[{}] {unit}", numbers.join(", ")).trim_end().to_owned())
    }

    fn assert(
        &mut self,
        condition: &Expr,
        shown: &[(bouton_model::ir::Name, Shown)],
        message: Option<&[TextPart]>,
        span: Span,
    ) -> Result<(), Stop> {
        if value::truth(condition, &mut self.names(span)).map_err(|none| told(none, span))? {
            return Ok(());
        }
        let message = match message {
            Some(parts) => self.text(parts, span)?,
            None => "the assertion does not hold".to_owned(),
        };
        let mut values = Vec::new();
        for (name, value) in shown {
            values.push(format!("{name} is {}", self.shown(value, span)?));
        }
        Err(Diagnostic::new(Code::AssertionFailed, span, message).label(values.join(", ")).into())
    }

    fn timed(&mut self, work: impl FnOnce(&mut Self) -> Result<(), Stop>) -> Result<(), Stop> {
        let begun = Clock::now();
        let result = work(self);
        self.output.add_since(begun);
        result
    }
}
