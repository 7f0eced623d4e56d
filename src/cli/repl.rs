//! `bouton repl`: the language a piece at a time, from a keyboard or from a pipe.

mod command;
mod line;

use super::files::Disk;
use super::interrupt::Interrupt;
use super::progress::Progress;
use super::run::{self, Terminal};
use super::{Exit, Shower};
use crate::cli::say::say;
use crate::session::{Options, Session, Taken};
use anstream::{AutoStream, ColorChoice};
use bouton_syntax::is_unfinished;
use line::Line;
use rustyline::Editor;
use rustyline::error::ReadlineError;
use rustyline::history::MemHistory;
use std::io::{BufRead, IsTerminal, StdinLock, stdin};
use std::path::{Path, PathBuf};

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A script to begin with
    file: Option<PathBuf>,
    /// Directory below which everything is written
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// Number of threads (results do not depend on it)
    #[arg(long, value_parser = super::number(1, 65_536, 1))]
    threads: Option<usize>,
    /// Show the lines of a pipe with what they give, as on a terminal
    #[arg(long)]
    echo: bool,
}

/// Reads until the input ends; the first piece that failed decides how it ended, where nobody sits at a terminal.
pub(super) fn repl(args: &Args, shower: &Shower) -> Exit {
    let mut prompt = Prompt::new(args, shower);
    if stdin().is_terminal() {
        return keyboard(&mut prompt, args.file.as_deref());
    }
    if let Some(file) = &args.file {
        prompt.load(file);
    }
    pipe(&mut prompt, stdin().lock(), args.echo)
}

fn keyboard(prompt: &mut Prompt<'_>, file: Option<&Path>) -> Exit {
    let config = rustyline::Config::builder().completion_type(rustyline::CompletionType::List).build();
    let mut editor = match Editor::<Line, MemHistory>::with_history(config, MemHistory::new()) {
        Ok(editor) => editor,
        Err(error) => return cannot_read(&error),
    };
    editor.set_helper(Some(prompt.line.clone()));
    let columns = editor.dimensions().map_or(80, |(columns, _)| usize::from(columns));
    prompt.terminal.sketches = Some(columns.clamp(40, 160));
    if let Some(file) = file {
        prompt.load(file);
    }
    say!("Bouton {}; :help says what can be typed", env!("CARGO_PKG_VERSION"));
    loop {
        match editor.readline(prompt.sign()) {
            Ok(line) => {
                if !prompt.line(&line) {
                    return Exit::Done;
                }
                if let Some(whole) = prompt.whole.take() {
                    // A history that is full or refuses doubles is no reason to stop.
                    let _ = editor.add_history_entry(whole);
                }
            }
            Err(ReadlineError::Interrupted) => {
                prompt.begun.clear();
                prompt.tell();
            }
            Err(ReadlineError::Eof) => return Exit::Done,
            Err(error) => return cannot_read(&error),
        }
    }
}

fn pipe(prompt: &mut Prompt<'_>, input: StdinLock<'_>, echo: bool) -> Exit {
    for line in input.lines() {
        let line = match line {
            Ok(line) => line,
            Err(error) => return cannot_read(&error),
        };
        if echo {
            say!("{}", format!("{}{line}", prompt.sign()).trim_end());
        }
        if !prompt.line(&line) {
            return prompt.exit;
        }
    }
    if !prompt.begun.is_empty() {
        // Whatever is missing is told.
        let rest = std::mem::take(&mut prompt.begun);
        prompt.piece(&rest);
    }
    prompt.exit
}

fn cannot_read(error: &dyn std::error::Error) -> Exit {
    anstream::eprintln!("error[E0601]: cannot read the input: {error}");
    Exit::Outside
}

/// A session with what was typed of its next piece.
struct Prompt<'s> {
    session: Session,
    options: Options,
    folder: Disk,
    terminal: Terminal<'s>,
    shower: &'s Shower,
    /// What the keyboard's line knows.
    line: Line,
    /// Lines of a piece that is not whole.
    begun: String,
    /// The last piece, for the history.
    whole: Option<String>,
    count: usize,
    exit: Exit,
}

impl<'s> Prompt<'s> {
    fn new(args: &Args, shower: &'s Shower) -> Prompt<'s> {
        let options =
            Options { out: args.out.clone(), threads: args.threads, memory: super::plan::memory(), ..Options::default() };
        let folder = Disk::default();
        Prompt {
            session: Session::with(options.clone(), Box::new(folder.clone())),
            options,
            folder: folder.clone(),
            terminal: Terminal {
                shower,
                sources: None,
                quiet: false,
                sketches: None,
                progress: Progress::new(false),
                interrupt: Interrupt::watch_keys(),
                unheard: None,
            },
            shower,
            line: Line::new(folder, AutoStream::choice(&std::io::stdout()) != ColorChoice::Never),
            begun: String::new(),
            whole: None,
            count: 0,
            exit: Exit::Done,
        }
    }

    /// What stands before the next line.
    fn sign(&self) -> &'static str {
        if self.begun.is_empty() { "> " } else { ". " }
    }

    /// Takes a line; false where it ends the session.
    fn line(&mut self, line: &str) -> bool {
        if self.begun.is_empty()
            && let Some(command) = line.trim().strip_prefix(':')
        {
            self.whole = Some(line.to_owned());
            return self.command(command);
        }
        self.begun.push_str(line);
        // Documentation waits for what it is about.
        let documents = line.trim_start().starts_with("///");
        if documents || is_unfinished(&self.begun) {
            self.begun.push('\n');
            self.tell();
            return true;
        }
        let text = std::mem::take(&mut self.begun);
        if !text.trim().is_empty() {
            self.piece(&text);
            self.whole = Some(text);
        }
        true
    }

    /// What the line knows of the session, which may have changed.
    fn tell(&self) {
        self.line.hear(format!("{}{}", self.session.script(), self.begun));
    }

    fn known(&self) -> &Line {
        self.tell();
        &self.line
    }

    fn reset(&mut self) {
        self.session = Session::with(self.options.clone(), Box::new(self.folder.clone()));
        self.tell();
    }

    fn piece(&mut self, text: &str) {
        self.count += 1;
        self.take(&format!("[{}]", self.count), text);
    }

    fn take(&mut self, name: &str, text: &str) {
        self.terminal.interrupt.forget();
        let taken = self.session.take(name, text, &mut self.terminal);
        self.terminal.progress.clear();
        match taken {
            Ok(Taken { warnings, replaced, restarted, unset }) => {
                self.shower.show(&warnings, self.session.sources());
                if !replaced.is_empty() {
                    anstream::eprintln!("replaced {}", replaced.join(", "));
                }
                if restarted {
                    anstream::eprintln!("the model is another one: it begins at 0, and the results of the last run are gone");
                }
                if unset > 0 {
                    anstream::eprintln!("what `set` gave to paths is forgotten: set it again");
                }
            }
            Err(stop) => {
                let exit = run::show(stop, self.shower, self.session.sources());
                if self.exit == Exit::Done {
                    self.exit = exit;
                }
            }
        }
        self.tell();
    }
}
