//! `bouton run`.

use super::interrupt::Interrupt;
use super::progress::Progress;
use super::{Exit, Knobs, Shower, load, profile};
use crate::script::Generation;
use crate::script::clock::Clock;
use crate::session::{Console, Options, Script, Stop};
use bouton_lang::{Code, Diagnostic, Diagnostics, SourceMap};
use std::io::{self, Write};
use std::path::Path;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    knobs: Knobs,
    /// Print nothing but what the script prints
    #[arg(long)]
    quiet: bool,
    /// Show where the time goes, by phase and kernel
    #[arg(long)]
    profile: bool,
    /// Go on with searches and sweeps from the journals of an interrupted run
    #[arg(long)]
    resume: bool,
    /// How many candidates of a search, or points of a sweep, are run side by side at most (results do not depend on it)
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Show the CPU time of checking, building, running and writing; unlike --profile it slows nothing
    #[arg(long)]
    times: bool,
}

/// Runs a script.
pub(super) fn run(args: &Args, shower: &Shower) -> Exit {
    let begun = Clock::now();
    let mut check = Clock::default();
    let checked = match load(&args.knobs.file, &args.knobs.set, super::Allow::to_run(args.knobs.allow), shower) {
        Ok(checked) => checked,
        Err(exit) => return exit,
    };
    check.add_since(begun);
    let mut session =
        Script::new(checked, Options { resume: args.resume, batch: args.batch, ..args.knobs.options(args.profile) });
    let sources = Some(session.sources().clone());
    let (progress, interrupt) = (Progress::new(args.quiet), Interrupt::watch());
    let mut terminal = Terminal { shower, sources, quiet: args.quiet, sketches: None, progress, interrupt, unheard: None };
    let result = session.run(&mut terminal);
    terminal.progress.clear();
    if let Some(error) = terminal.unheard {
        // Whoever has read enough wants to hear nothing more.
        if error.kind() != io::ErrorKind::BrokenPipe {
            anstream::eprintln!("error[{}]: what the script prints cannot be written: {error}", Code::CannotWrite.text());
        }
        return Exit::Outside;
    }
    match result {
        Ok(report) => {
            if args.profile || args.times {
                profile::show(&report, check.seconds);
            }
            Exit::Done
        }
        Err(stop) => show(stop, shower, session.sources()),
    }
}

impl Knobs {
    /// What a session needs of them.
    pub(super) fn options(&self, profile: bool) -> Options {
        Options {
            out: self.out.clone(),
            seed: self.seed,
            threads: self.threads,
            isa: self.isa.clone(),
            block: self.block,
            profile,
            memory: super::plan::memory(),
            resume: false,
            batch: None,
        }
    }
}

/// Shows why a session stopped.
pub(super) fn show(stop: Stop, shower: &Shower, sources: &SourceMap) -> Exit {
    let (list, exit): (Vec<Diagnostic>, Exit) = match stop {
        Stop::Refused(list) => (list, Exit::Refused),
        Stop::Assertion(d) => (vec![*d], Exit::Assertion),
        Stop::Fault(d) => (vec![*d], Exit::Fault),
        Stop::Outside(d) => (vec![*d], Exit::Outside),
    };
    let mut found = Diagnostics::new();
    list.into_iter().for_each(|d| found.push(d));
    shower.show(&found, sources);
    exit
}

/// What a script says goes to the terminal.
pub(super) struct Terminal<'s> {
    pub shower: &'s Shower,
    /// Where the places of warnings are, if that is known.
    pub sources: Option<SourceMap>,
    pub quiet: bool,
    /// Letters of a line, where pictures are shown as text too.
    pub sketches: Option<usize>,
    pub progress: Progress,
    pub interrupt: Interrupt,
    /// Why nobody hears what is printed: the disk is full, or whoever read has gone.
    pub unheard: Option<io::Error>,
}

impl Console for Terminal<'_> {
    fn warn(&mut self, told: &Diagnostic) {
        self.progress.clear();
        match &self.sources {
            Some(sources) => self.shower.show(&Diagnostics::from(vec![told.clone()]), sources),
            None => {
                anstream::eprintln!("warning[{}]: {}", told.code.text(), told.message);
                told.helps.iter().for_each(|help| anstream::eprintln!("  {help}"));
            }
        }
    }

    fn print(&mut self, line: &str) {
        self.progress.clear();
        if self.unheard.is_none() {
            self.unheard = writeln!(anstream::stdout(), "{line}").err();
        }
    }

    fn wrote(&mut self, path: &Path) {
        if !self.quiet {
            self.progress.clear();
            anstream::eprintln!("wrote {}", path.display());
        }
    }

    fn sketches(&self) -> Option<usize> {
        self.sketches
    }

    fn note(&mut self, line: &str) {
        if !self.quiet {
            self.progress.clear();
            anstream::eprintln!("{line}");
        }
    }

    fn candidates(&mut self, search: &str, done: usize, of: usize) -> bool {
        self.progress.candidates(search, done, of);
        !self.interrupt.is_wanted() && self.unheard.is_none()
    }

    fn searched(&mut self, generation: &Generation) {
        self.progress.searched(generation);
    }

    fn progress(&mut self, time_ms: f64, end_ms: f64) -> bool {
        self.progress.at(time_ms, end_ms);
        !self.interrupt.is_wanted() && self.unheard.is_none()
    }
}
