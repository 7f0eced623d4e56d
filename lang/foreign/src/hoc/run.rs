//! Follows hoc on a model of cells, in bounded time and memory. What a file asks of the screen is passed over; what it asks of a run is noted.

mod arithmetic;
mod bridge;
mod call;
mod class;
mod equations;
mod file;
mod function;
mod list;
mod matrix;
mod morphology;
mod outside;
mod path;
mod point;
mod print;
mod random;
mod scope;
mod section;
mod session;
mod signal;
mod statement;
mod table;
mod template;
mod value;
mod vector;

pub use list::Held;
pub use outside::Handed;
pub use value::{Object, Value};

use super::tree::{Name, Stmt};
use crate::neuron::{Model, SectionId};
use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Source, SourceMap, Span};
use scope::Scope;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::{Rc, Weak};

/// Where files come from.
pub trait Files {
    /// The bytes of a file.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String>;
}

/// How far a script may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Statements and calls.
    pub steps: u64,
    /// How much of the stack calls inside calls may use (bytes); how deep that is depends on how this was compiled.
    pub stack: usize,
    /// Numbers in vectors, objects and variables.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 20_000_000, stack: 1_200_000, memory: 50_000_000 }
    }
}

/// Why following a file ended; in a box, because every result can be one.
#[derive(Debug)]
pub(crate) struct Stop(Box<Reason>);

/// See [`Stop`].
#[derive(Debug)]
pub(crate) struct Reason {
    code: Code,
    span: Option<Span>,
    message: String,
    help: Option<String>,
    /// Where what was executed was called from, inner ones first.
    trace: Vec<(Span, String)>,
    /// The file asked for the end: no fault.
    quiet: bool,
}

impl From<String> for Stop {
    fn from(message: String) -> Stop {
        Stop(Box::new(Reason { code: Code::ForeignMeaning, span: None, message, help: None, trace: Vec::new(), quiet: false }))
    }
}

impl std::ops::Deref for Stop {
    type Target = Reason;
    fn deref(&self) -> &Reason {
        &self.0
    }
}

impl std::ops::DerefMut for Stop {
    fn deref_mut(&mut self) -> &mut Reason {
        &mut self.0
    }
}

impl Stop {
    /// The file asks for the end.
    fn quiet(word: &str) -> Stop {
        let mut stop = Stop::from(word.to_owned());
        stop.quiet = true;
        stop
    }
}

pub(crate) type Done<T> = Result<T, Stop>;

/// What a statement asks of those around it.
enum Flow {
    On,
    Break,
    Continue,
    Return(Value),
}

/// A call that is being executed.
struct Frame {
    scope: Rc<Scope>,
    arguments: Vec<Value>,
    locals: Vec<(Name, Value)>,
    /// Of an iterator: whose statement it repeats.
    body: Option<(usize, Rc<Stmt>)>,
}

/// A template that was read.
struct Known {
    /// Where its name stands.
    span: Span,
    /// What every object has, without values.
    declared: Vec<(Name, scope::Slot)>,
    procedures: Rc<RefCell<HashMap<Name, Rc<super::tree::Procedure>>>>,
    objects: Vec<Weak<Object>>,
}

/// hoc at work.
pub struct Hoc<'w> {
    /// What was built so far.
    pub model: Model,
    /// What was printed.
    pub printed: String,
    files: &'w dyn Files,
    sources: &'w mut SourceMap,
    sink: &'w mut Diagnostics,
    limits: Limits,
    ignored: HashSet<Name>,
    top: Rc<Scope>,
    templates: HashMap<Name, Known>,
    /// Objects of classes that are built in.
    counted: HashMap<Name, Vec<Weak<Object>>>,
    frames: Vec<Frame>,
    current: usize,
    sections: Vec<SectionId>,
    /// Paths that `load_file` has read, and those that are being read.
    loaded: HashSet<String>,
    loading: Vec<String>,
    folders: Vec<String>,
    steps: u64,
    /// Where the stack began.
    bottom: usize,
    memory: usize,
    objects: u64,
    span: Span,
    /// Whether the file asked for a run, whose results are not there.
    ran: bool,
    point_constant: bool,
    /// Whose names were asked before those that `object_push` has given.
    pushed: Vec<Rc<Scope>>,
    /// Objects that `object_push` was given.
    windows: Vec<Rc<Object>>,
    /// What `ropen` has opened.
    opened: file::Open,
    /// What follows the statements of the files that are being executed.
    following: Vec<file::Following>,
    texts: usize,
    /// Where the script has gone by `chdir`.
    working: String,
    /// What `load_file` has not found.
    missing: Vec<String>,
    ran4: random::Shared,
    /// Whether values are only shown: those of a run may be missing then.
    showing: bool,
    equations: equations::Equations,
    /// FUNCTION_TABLEs that were filled.
    tables: Vec<table::Filled>,
}

/// How many texts may be executed, those of `execute` included.
const MOST_TEXTS: usize = 100_000;

/// How much is kept of what is printed (bytes).
const MOST_PRINTED: usize = 1 << 16;

impl<'w> Hoc<'w> {
    /// Begins with these mechanisms. Files are looked for beside `main` and in the folders above it.
    pub fn new(
        model: Model,
        main: &str,
        files: &'w dyn Files,
        sources: &'w mut SourceMap,
        sink: &'w mut Diagnostics,
        limits: Limits,
    ) -> Hoc<'w> {
        let top = Rc::new(Scope::top());
        let frame = Frame { scope: top.clone(), arguments: Vec::new(), locals: Vec::new(), body: None };
        let mut folders = vec![folder(main)];
        while let Some(last) = folders.last().filter(|last| !last.is_empty()) {
            let above = folder(last.trim_end_matches('/'));
            folders.push(above);
        }
        // A relative path may lie below the folder in which NEURON is meant to be started.
        let start = folders.first().cloned().unwrap_or_default();
        folders.push(format!("{start}../"));
        folders.push(format!("{start}../../"));
        // What NEURON's library declares for everybody.
        let list =
            || Some(Rc::new(Object { class: "List".into(), index: 0, id: 0, kind: value::Kind::List(RefCell::default()) }));
        let lists = scope::Slot::Objects((0..6).map(|_| list()).collect(), vec![6]);
        let idle = |class: &str| {
            let object = Object { class: class.into(), index: 0, id: 0, kind: value::Kind::Ignored };
            scope::Slot::Objects(vec![Some(Rc::new(object))], Vec::new())
        };
        let nothing = scope::Slot::Objects(vec![None], Vec::new());
        let graph = idle("Graph");
        for (name, slot) in [
            ("graphList", lists),
            ("flush_list", scope::Slot::Objects(vec![list()], Vec::new())),
            ("fast_flush_list", scope::Slot::Objects(vec![list()], Vec::new())),
            ("movie_flush_list", scope::Slot::Objects(vec![list()], Vec::new())),
            ("cvode", idle("CVode")),
            ("pwman_", idle("PWManager")),
            ("nrnmainmenu_box", idle("VBox")),
            ("graphItem", graph),
            ("tempobj", nothing.clone()),
            ("tempobj2", nothing.clone()),
            ("tobj", nothing.clone()),
            ("temp_object_", nothing),
            ("hoc_obj_", scope::Slot::Objects(vec![None; 2], vec![2])),
            ("tobj1", scope::Slot::Objects(vec![None], Vec::new())),
            ("clipboard_file", scope::Slot::Objects(vec![None; 2], vec![2])),
            ("tstr", scope::Slot::Text("".into())),
            ("temp_string_", scope::Slot::Text("".into())),
            ("temp_string2_", scope::Slot::Text("".into())),
        ] {
            top.names.borrow_mut().insert(name.into(), slot);
        }
        let texts = Object { class: "StringFunctions".into(), index: 0, id: 0, kind: value::Kind::TextFunctions };
        let library = scope::Slot::Objects(vec![Some(Rc::new(texts))], Vec::new());
        for name in ["hoc_sf_", "sf_"] {
            top.names.borrow_mut().insert(name.into(), library.clone());
        }
        Hoc {
            model,
            printed: String::new(),
            files,
            sources,
            sink,
            limits,
            ignored: HashSet::new(),
            top,
            templates: HashMap::new(),
            counted: HashMap::new(),
            frames: vec![frame],
            current: 0,
            sections: Vec::new(),
            loaded: HashSet::new(),
            loading: Vec::new(),
            folders,
            steps: 0,
            bottom: here(),
            memory: 0,
            objects: 0,
            span: Span::at(FileId(0), 0),
            ran: false,
            point_constant: false,
            pushed: Vec::new(),
            windows: Vec::new(),
            opened: file::Open::default(),
            following: Vec::new(),
            texts: 0,
            working: folder(main),
            missing: Vec::new(),
            ran4: random::Shared::default(),
            showing: false,
            equations: equations::Equations::default(),
            tables: Vec::new(),
        }
    }

    /// Calls of these names are passed over.
    pub fn ignore(&mut self, name: &str) {
        self.ignored.insert(name.into());
    }

    /// Executes a file. What goes wrong is reported; whether nothing did.
    pub fn file(&mut self, path: &str, bytes: &[u8]) -> bool {
        self.bottom = here();
        let done = self.execute_file(path, bytes).or_else(|stop| if stop.quiet { self.ended(stop) } else { Err(stop) });
        self.told(done).is_some()
    }

    /// A new object of a template, with its arguments. What goes wrong is reported.
    pub fn instance(&mut self, template: &str, arguments: Vec<Value>) -> Option<Rc<Object>> {
        self.bottom = here();
        let made = self.new_object(&template.into(), arguments).map_err(|mut stop| {
            // Nothing is there of a cell whose making ends itself.
            if stop.quiet {
                let printed = self.printed.trim_end().lines().last().map(|line| format!("it has printed: {line}"));
                (stop.quiet, stop.help) = (false, printed);
                stop.message = format!("`{template}` ends by `{}()` while it is made", stop.message);
            }
            stop
        });
        self.told(made)
    }

    /// What was built; what is there now stays, whoever held it.
    pub fn finish(&mut self) -> Model {
        self.settle();
        std::mem::take(&mut self.model)
    }

    /// What is there now stays, whoever held it, and what is not goes.
    pub fn settle(&mut self) {
        self.read_tables();
        self.model.settle();
    }

    /// Names of the templates that were read.
    #[must_use]
    pub fn templates(&self) -> Vec<String> {
        let mut all: Vec<String> = self.templates.keys().map(|name| name.to_string()).collect();
        all.sort_unstable();
        all
    }

    /// Where a template begins.
    #[must_use]
    pub fn place_of(&self, template: &str) -> Option<Span> {
        self.templates.get(template).map(|known| known.span)
    }

    /// What ends the file, where it has built nothing before it asked for the end.
    fn ended(&self, mut stop: Stop) -> Done<()> {
        if !self.model.all().is_empty() || !self.templates.is_empty() {
            return Ok(());
        }
        let printed = self.printed.trim_end().lines().last().map(|line| format!("it has printed: {line}"));
        (stop.quiet, stop.help) = (false, printed);
        stop.message = format!("the file ends by `{}()`, and has built nothing", stop.message);
        Err(stop)
    }

    fn told<T>(&mut self, done: Done<T>) -> Option<T> {
        let stop = match done {
            Ok(value) => return Some(value),
            Err(stop) => stop,
        };
        if !stop.quiet {
            let Reason { code, span, message, help, trace, .. } = *stop.0;
            let mut diagnostic = Diagnostic::new(code, span.unwrap_or(self.span), message);
            diagnostic.helps.extend(help);
            diagnostic.helps.extend(self.missing.drain(..).take(3));
            for (span, text) in trace.into_iter().take(8) {
                diagnostic = diagnostic.also(span, text);
            }
            self.sink.push(diagnostic);
        }
        None
    }

    /// Reads a text and executes it in the scope of the file.
    fn execute_file(&mut self, path: &str, bytes: &[u8]) -> Done<()> {
        if self.loading.iter().any(|one| one == path) || self.loading.len() > 60 {
            let before = self.loading.iter().position(|one| one == path).unwrap_or(0);
            let mut through: Vec<&str> = self.loading.iter().skip(before + 1).map(String::as_str).take(8).collect();
            through.retain(|one| *one != path);
            return Err(match through.as_slice() {
                [] => format!("{path} loads itself").into(),
                all => format!("{path} loads itself, through {}", all.join(", ")).into(),
            });
        }
        // Numbers in a file are looked for behind the line of the statement that reads them, however its lines end.
        let text = crate::nmodl::decode(bytes).replace("\r\n", "\n").replace('\r', "\n");
        self.loading.push(path.to_owned());
        let done = self.execute_text(path, text);
        self.loading.pop();
        done
    }

    fn execute_text(&mut self, name: &str, text: String) -> Done<()> {
        self.texts += 1;
        if self.texts > MOST_TEXTS {
            return Err(format!("more than {MOST_TEXTS} texts are executed").into());
        }
        let file = self.sources.add(Source::new(name, text.clone()));
        let mut text = text;
        // Numbers that a statement reads may follow it in the file: what is behind them is read again.
        while let Some(end) = self.execute_until_read(&text, file)? {
            let blank =
                text.char_indices().map(|(at, c)| if at < end && c != '\n' { " ".repeat(c.len_utf8()) } else { c.to_string() });
            text = blank.collect();
        }
        Ok(())
    }

    /// Executes statements up to one that reads numbers that follow it; to where it has read.
    fn execute_until_read(&mut self, text: &str, file: FileId) -> Done<Option<usize>> {
        let mut found = Diagnostics::new();
        let tree = super::parse(text, file, &mut found);
        let scope = self.scope();
        self.declare_assigned(&tree.assigned, &scope);
        let mut read = None;
        let lenient = self.loading.last().is_some_and(|path| session::is_session(path));
        let whole: Rc<str> = text.into();
        for stmt in &tree.body {
            self.step(stmt.span)?;
            let end = stmt.span.end as usize;
            let line = text.get(end..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| end + length + 1);
            self.following.push(file::Following { text: whole.clone(), at: line });
            let mut done = self.execute(stmt);
            if let (true, Err(stop)) = (lenient, &done)
                && !stop.quiet
            {
                // What one window of a session needs is no reason to leave out the others.
                self.model.note(format!("of the session {}: {}", self.loading.last().map_or("", |path| path), stop.message));
                done = Ok(Flow::On);
            }
            if done.is_err() {
                self.sink.extend(std::mem::take(&mut found));
            }
            let to = self.following.pop().map_or(line, |following| following.at);
            match done? {
                Flow::On if to > line => {
                    read = Some((end, to));
                    break;
                }
                Flow::On => {}
                Flow::Break | Flow::Continue | Flow::Return(_) => break,
            }
        }
        // What cannot be read of the numbers is none of the file's faults.
        let last = read.map_or(usize::MAX, |(end, _)| end);
        found.retain_mut(|one| (one.span.start as usize) < last);
        self.sink.extend(found);
        Ok(read.map(|(_, to)| to))
    }

    /// Counts, and ends what does not end.
    fn step(&mut self, span: Span) -> Done<()> {
        self.steps += 1;
        self.span = span;
        if self.steps > self.limits.steps {
            let mut stop = self.wrong(span, "this file does not come to an end");
            stop.help = Some(format!("it was stopped after {} steps", self.limits.steps));
            return Err(stop);
        }
        Ok(())
    }

    /// One level deeper, as far as that goes.
    fn deeper<T>(&mut self, span: Span, work: impl FnOnce(&mut Self) -> Done<T>) -> Done<T> {
        self.step(span)?;
        if self.bottom.abs_diff(here()) > self.limits.stack {
            return Err(self.wrong(span, "calls nest too deep"));
        }
        let done = work(self);
        done.map_err(|mut stop| {
            stop.span.get_or_insert(span);
            stop
        })
    }

    /// Room for so many numbers.
    fn room(&mut self, numbers: usize) -> Done<()> {
        self.memory = self.memory.saturating_add(numbers);
        if self.memory > self.limits.memory {
            return Err(format!("this file keeps more than {} numbers", self.limits.memory).into());
        }
        Ok(())
    }

    fn wrong(&self, span: Span, message: impl Into<String>) -> Stop {
        let mut stop = Stop::from(message.into());
        stop.span = Some(span);
        stop
    }

    /// A construct of hoc that is not there.
    fn unsupported(&self, message: impl Into<String>) -> Stop {
        let mut stop = Stop::from(message.into());
        stop.code = Code::ForeignUnsupported;
        stop
    }

    fn scope(&self) -> Rc<Scope> {
        self.frame().scope.clone()
    }

    fn frame(&self) -> &Frame {
        // There is always the file's own.
        &self.frames[self.current.min(self.frames.len() - 1)]
    }

    fn frame_mut(&mut self) -> &mut Frame {
        let at = self.current.min(self.frames.len() - 1);
        &mut self.frames[at]
    }

    /// The section that statements are about.
    fn accessed(&mut self) -> Done<SectionId> {
        while let Some(last) = self.sections.last() {
            if self.model.is_alive(*last) {
                return Ok(*last);
            }
            self.sections.pop();
        }
        // Where none was ever accessed NEURON takes the first that there is.
        match self.model.all().first() {
            Some(first) => {
                self.sections.push(*first);
                Ok(*first)
            }
            None => Err("no section is accessed here, and there is none".to_owned().into()),
        }
    }

    fn print(&mut self, text: &str) {
        let left = MOST_PRINTED.saturating_sub(self.printed.len());
        let end = text.char_indices().map(|(at, c)| at + c.len_utf8()).take_while(|end| *end <= left).last().unwrap_or(0);
        self.printed.push_str(&text[..end]);
    }
}

/// About how far the stack has come.
#[inline(never)]
fn here() -> usize {
    let mark = 0u8;
    std::ptr::from_ref(&mark).addr()
}

/// The folder of a path, with its stroke.
fn folder(path: &str) -> String {
    path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}
