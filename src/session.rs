//! The stateful façade and the embedding API. A [`Session`] takes the language a piece at a time and keeps the model, its parameters and
//! results; a [`Script`] is a file that is run once, as the command line does.
//!
//! ```
//! use bouton::session::Session;
//! let mut session = Session::new();
//! # fn work(session: &mut Session) -> Result<(), bouton::session::Stop> {
//! session.execute("cell Leaky { state v = 10 mV; v' = -v / 5 ms }")?;
//! session.execute("population p: Leaky; record v = p.v; simulation { duration = 20 ms }")?;
//! session.execute("run")?;
//! let lines = session.execute("print \"{v(5 ms):.3f}\"")?;
//! assert_eq!(lines, ["3.679 mV"]);
//! let trace = session.record("v").remove(0);
//! assert_eq!((trace.times.len(), trace.values[0], trace.unit), (801, 10.0, "mV".to_owned()));
//! assert_eq!(session.eval("v(5 ms) / v[0] < 0.4")?.value, 1.0);
//! # Ok(())
//! # }
//! # assert!(work(&mut session).is_ok());
//! ```

mod results;
mod script;
mod set;

pub use crate::script::{Beside, Console, Report, Stop};
pub use results::{Spikes, Trace};
pub use script::Script;
pub use set::check;

use crate::build::Knobs;
use crate::record::OutputDirectory;
use crate::script::{Evaluated, Runner, Settings};
use bouton_engine::run;
use bouton_lang::{Diagnostics, NoFiles, Piece, Pieces, SourceMap, World};
use bouton_model::ir::{Name, Program, StatementKind, TextPart};
use bouton_syntax::render::{Style, render};
use bouton_syntax::span::FileId;
use bouton_syntax::{Source, parse, parse_expression};
use std::borrow::Cow;
use std::fmt::Display;
use std::path::{Path, PathBuf};

/// What is chosen from outside. Only `seed` changes results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Everything is written below this directory.
    pub out: PathBuf,
    /// Instead of the simulation's seed.
    pub seed: Option<u32>,
    /// Number of threads; nothing: what the script says, else all cores.
    pub threads: Option<usize>,
    /// Instruction set; nothing: the best that the machine has.
    pub isa: Option<String>,
    /// Instances in a block of the kernel machine.
    pub block: Option<usize>,
    /// Keep times of phases and kernels.
    pub profile: bool,
    /// Bytes that a network may take; nothing: as much as it likes.
    pub memory: Option<u64>,
    /// Go on with searches from their journals.
    pub resume: bool,
    /// Candidates of a search that are run side by side at most; nothing: as many as fit.
    pub batch: Option<usize>,
}

impl Options {
    fn settings(&self, knobs: Knobs, script: &str, texts: Vec<String>) -> Settings {
        let block = self.block.unwrap_or(run::Options::default().block);
        let engine = run::Options { isa: self.isa.clone(), block, profile: self.profile, ..run::Options::default() };
        let folder = Path::new(script).parent().map(Path::to_path_buf).unwrap_or_default();
        let out = OutputDirectory::new(&self.out);
        let (threads, resume, batch) = (self.threads, self.resume, self.batch);
        Settings { out, knobs, engine, threads, texts, folder, script: script.to_owned(), resume, batch }
    }
}

impl Default for Options {
    fn default() -> Options {
        Options {
            out: PathBuf::from("."),
            seed: None,
            threads: None,
            isa: None,
            block: None,
            profile: false,
            memory: None,
            resume: false,
            batch: None,
        }
    }
}

/// Declarations and statements that come a piece at a time, the model that they make, and what it gave.
///
/// A name that is declared again replaces the earlier declaration. Whatever changes the model (all declarations but `let`, `fn` and a new
/// `param`) puts it back to 0. A piece that the check refuses changes nothing; of one that stops midway, what was done before it stopped
/// remains.
pub struct Session {
    pieces: Pieces,
    world: Box<dyn World>,
    options: Options,
    runner: Option<Runner>,
    count: usize,
    /// What was taken up, for provenance.
    texts: Vec<String>,
}

/// What taking up a piece has changed beside what it says.
#[derive(Debug, Default)]
pub struct Taken {
    /// Warnings.
    pub warnings: Diagnostics,
    /// Names whose earlier declarations it replaced.
    pub replaced: Vec<Name>,
    /// Results were there, and are gone: the model is another one, and begins at 0.
    pub restarted: bool,
    /// How many values, set by paths, are those of the declarations again.
    pub unset: usize,
}

impl Default for Session {
    fn default() -> Session {
        Session::new()
    }
}

impl Session {
    /// An empty session, which reads no files and writes below the current directory.
    #[must_use]
    pub fn new() -> Session {
        Session::with(Options::default(), Box::new(NoFiles))
    }

    /// An empty session with options (what they `set` is for scripts), and the world that its files come from.
    #[must_use]
    pub fn with(options: Options, world: Box<dyn World>) -> Session {
        Session { pieces: Pieces::new(), world, options, runner: None, count: 0, texts: Vec::new() }
    }

    /// Takes up a piece: declarations hold from now on, statements are done. Gives the lines that it printed.
    ///
    /// # Errors
    /// What was wrong with it, or why it stopped.
    pub fn execute(&mut self, text: &str) -> Result<Vec<String>, Stop> {
        let mut lines = Lines::default();
        self.count += 1;
        self.take(&format!("[{}]", self.count), text, &mut lines)?;
        Ok(lines.0)
    }

    /// The same under a name for messages, with a console that hears what it prints, the files that it writes, and how far a run is.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub fn take(&mut self, name: &str, text: &str, console: &mut dyn Console) -> Result<Taken, Stop> {
        let ran = self.has_results();
        let text = &statement_of(text);
        let Piece { program, diagnostics, replaced, changes } = self.pieces.add(name, text, ran, &*self.world);
        let Some(program) = program else { return Err(Stop::Refused(diagnostics.iter().cloned().collect())) };
        let before = self.runner.as_ref().map_or(0, |runner| runner.experiment().turned());
        if let Err(stop) = self.go_over(program, changes, &replaced) {
            self.pieces.undo();
            return Err(stop);
        }
        self.texts.push(text.to_string());
        let Some(runner) = &mut self.runner else { return Ok(Taken::default()) };
        runner.comes_from(&self.texts);
        let unset = before.saturating_sub(runner.experiment().turned());
        let done = runner.run(console);
        self.pieces.keep(|id| runner.knows(id));
        done?;
        Ok(Taken { warnings: diagnostics, replaced, restarted: ran && changes, unset })
    }

    fn go_over(&mut self, program: Program, changes: bool, replaced: &[Name]) -> Result<(), Stop> {
        if let Some(runner) = &mut self.runner {
            return runner.experiment_mut().go_over(program, changes, replaced);
        }
        let knobs = Knobs { params: Vec::new(), seed: self.options.seed, memory: self.options.memory, ..Knobs::default() };
        self.runner = Some(Runner::new(program, self.options.settings(knobs, "session", Vec::new()))?);
        Ok(())
    }

    /// As if the last piece that did more than show something had not been; gives what it said, and nothing where there is none. The model
    /// begins at 0, and its results are gone.
    ///
    /// # Errors
    /// What remains has no model.
    pub fn undo(&mut self) -> Result<Option<String>, Stop> {
        let undone = loop {
            let Some(undone) = self.pieces.undo() else { return Ok(None) };
            self.texts.pop();
            if !undone.shows {
                break undone;
            }
        };
        // What remains is checked as if an empty piece came.
        let Piece { program, diagnostics, .. } = self.pieces.add("undo", "", false, &*self.world);
        let Some(program) = program else { return Err(Stop::Refused(diagnostics.iter().cloned().collect())) };
        self.pieces.undo();
        self.go_over(program, true, &undone.names)?;
        Ok(Some(undone.text))
    }

    /// The value of an expression, as `print` would show it.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub fn eval(&mut self, expression: &str) -> Result<Evaluated, Stop> {
        self.count += 1;
        let name = format!("[{}]", self.count);
        let Piece { program, diagnostics, .. } =
            self.pieces.add(&name, &format!("print {expression}"), self.has_results(), &*self.world);
        let Some(program) = program else { return Err(Stop::Refused(diagnostics.iter().cloned().collect())) };
        let statement = program.statements.first().cloned();
        let done = self.go_over(program, false, &[]);
        self.pieces.undo();
        done?;
        let shown = statement.as_ref().and_then(|statement| match &statement.kind {
            StatementKind::Print(parts) => match parts.as_slice() {
                [TextPart::Value(shown)] => Some((shown, statement.span)),
                _ => None,
            },
            _ => None,
        });
        let not_one = || {
            let span = statement.as_ref().map(|one| one.span).unwrap_or_default();
            Stop::from(bouton_lang::Diagnostic::new(bouton_lang::Code::NotANumber, span, "this is not one value"))
        };
        let (shown, span) = shown.ok_or_else(not_one)?;
        self.runner.as_ref().ok_or_else(not_one)?.evaluate(shown, span)
    }

    /// `set PATH = VALUE`.
    ///
    /// # Errors
    /// As [`Session::execute`].
    pub fn set(&mut self, path: &str, value: impl Display) -> Result<(), Stop> {
        self.execute(&format!("set {path} = {value}")).map(|_| ())
    }

    /// Whether something was run whose results are there.
    #[must_use]
    pub fn has_results(&self) -> bool {
        self.runner.as_ref().is_some_and(|runner| runner.experiment().results().is_some())
    }

    /// The names that are declared and kept, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<Name> {
        self.pieces.names()
    }

    /// All that was said as one script, without what was declared anew later.
    #[must_use]
    pub fn script(&self) -> String {
        self.pieces.script()
    }

    /// The texts that places in diagnostics count in.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        self.pieces.sources()
    }

    /// Why something stopped, as text with the lines that it speaks of.
    #[must_use]
    pub fn explain(&self, stop: &Stop) -> String {
        let mut found = Diagnostics::new();
        match stop {
            Stop::Refused(list) => list.iter().cloned().for_each(|one| found.push(one)),
            Stop::Assertion(one) | Stop::Fault(one) | Stop::Outside(one) => found.push((**one).clone()),
        }
        render(&found, self.sources(), Style::Pretty { colour: false })
    }
}

/// An expression alone is printed.
fn statement_of(text: &str) -> Cow<'_, str> {
    let source = Source::new("", text);
    let is_file = || !parse(&source, FileId::default()).1.has_errors();
    let is_expression = || !parse_expression(&source, FileId::default()).1.has_errors();
    if is_file() || !is_expression() { Cow::Borrowed(text) } else { Cow::Owned(format!("print {}", text.trim_start())) }
}

/// Keeps what is printed.
#[derive(Default)]
struct Lines(Vec<String>);

impl Console for Lines {
    fn print(&mut self, line: &str) {
        self.0.push(line.to_owned());
    }

    fn wrote(&mut self, _: &Path) {}

    fn progress(&mut self, _: f64, _: f64) -> bool {
        true
    }
}
