//! The command line: what can be asked for, how diagnostics are shown, exit codes. One subcommand a file.

mod check;
mod doc;
mod explain;
mod files;
mod fmt;
mod import;
mod interrupt;
mod lsp;
mod mods;
mod new;
mod plan;
mod profile;
mod progress;
mod repl;
mod run;
mod say;
mod shell;

use anstream::{AutoStream, ColorChoice};
use bouton_engine::simd::Isa;
use bouton_lang::{Checked, Diagnostics, SourceMap};
use bouton_syntax::render::{Style, render};
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use files::Leave;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::OnceLock;

/// How a command ended. The numbers are documented in the manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All was done.
    Done = 0,
    /// The script was refused: there are diagnostics.
    Refused = 1,
    /// The command line was wrong. (clap's own number.)
    Usage = 2,
    /// An `assert` of the script failed.
    Assertion = 3,
    /// A value became none during a run.
    Fault = 4,
    /// Files, memory, an interrupt.
    Outside = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Models of neurons and networks as scripts.
#[derive(Debug, Parser)]
#[command(name = "bouton", version, long_version = features(), about, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// How diagnostics are shown
    #[arg(long, global = true, value_enum, default_value_t = Format::Pretty)]
    format: Format,
    /// Refuse scripts that have any of these
    #[arg(long, global = true, value_enum, value_name = "WHAT")]
    deny: Option<Deny>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Allow {
    /// Start Python
    Python,
}

impl Allow {
    /// Whether Python may be started: by an option, or by the environment.
    fn python(option: Option<Allow>) -> bool {
        option == Some(Allow::Python) || files::allowed()
    }

    /// The same for a script that is to run.
    fn to_run(option: Option<Allow>) -> Leave {
        if Allow::python(option) { Leave::Start } else { Leave::Refuse }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings
    Warnings,
}

const EXIT_CODES: &str = "Exit status: 0 done, 1 the script was refused, 2 wrong usage, 3 an assertion failed, 4 a fault during a run, \
                          5 files or memory.";

/// What `--version` says beside the number: what this program was built for, and what it uses on this machine.
fn features() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let vectors: Vec<&str> = Isa::available().into_iter().map(Isa::name).collect();
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let formats = "net, mod, hoc, py (with --allow python), swc, asc, nml";
        format!(
            "{}\nmachine: {}-{}, {threads} threads\nvectors: {}; {} is used unless --isa says otherwise\nreads:   {formats}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::ARCH,
            std::env::consts::OS,
            vectors.join(", "),
            Isa::detect().name(),
        )
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the lines of the script
    Pretty,
    /// One line each
    Short,
    /// One JSON object a line
    Json,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a script
    Run(run::Args),
    /// Declarations and statements as they are typed
    Repl(repl::Args),
    /// Check scripts without running them
    Check(check::Args),
    /// Lay scripts out
    Fmt(fmt::Args),
    /// Show how a script would be run: classes, kernels, blocks, memory
    Plan(plan::Args),
    /// Show what NMODL files declare, and what of them is not supported
    Mod(mods::Args),
    /// Show what a cell of a foreign file is made of
    Import(import::Args),
    /// Answer an editor, over the Language Server Protocol
    Lsp(lsp::Args),
    /// Write a small script that runs, to begin with
    New(new::Args),
    /// Tell what a function, unit, attribute, model of the library or code is
    Doc(doc::Args),
    /// Write the completions of a shell
    Completions(shell::Completions),
    /// Write the page of the manual that `man` shows
    Man,
    /// Explain an error code, or list what is not supported yet
    Explain(explain::Args),
}

/// What several commands take.
#[derive(Clone, Debug, clap::Args)]
struct Knobs {
    /// The script
    file: PathBuf,
    /// Give a parameter another value: `--set w=0.02uS`
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Seed of all random draws, instead of the script's
    #[arg(long)]
    seed: Option<u32>,
    /// Number of threads (results do not depend on it)
    #[arg(long, value_parser = number(1, 65_536, 1))]
    threads: Option<usize>,
    /// Instruction set: avx512, avx2 or portable (results do not depend on it)
    #[arg(long, value_parser = ["avx512", "avx2", "portable"])]
    isa: Option<String>,
    /// Instances in a block of the kernel machine, 8 to 64 (results do not depend on it)
    #[arg(long, value_parser = number(8, 64, 8))]
    block: Option<usize>,
    /// What a script may do beyond reading files: start Python, for cells that are classes of Python
    #[arg(long, value_enum, value_name = "WHAT")]
    allow: Option<Allow>,
    /// Directory below which everything is written
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

/// Reads a whole number from `least` to `most` that is a multiple of `step`.
fn number(least: usize, most: usize, step: usize) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| {
        let fits = |value: &usize| (least..=most).contains(value) && value.is_multiple_of(step);
        let multiple = if step > 1 { format!(", a multiple of {step}") } else { String::new() };
        text.parse().ok().filter(fits).ok_or(format!("expected a whole number from {least} to {most}{multiple}"))
    }
}

/// The command.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let shower = Shower::new(cli.format, cli.deny);
    let exit = match &cli.command {
        Command::Run(args) => run::run(args, &shower),
        Command::Repl(args) => repl::repl(args, &shower),
        Command::Check(args) => check::check(args, &shower),
        Command::Fmt(args) => fmt::fmt(args, &shower),
        Command::Plan(args) => plan::plan(args, &shower),
        Command::Mod(args) => mods::mods(args),
        Command::Import(args) => import::import(args, &shower),
        Command::Lsp(args) => lsp::lsp(args),
        Command::New(args) => new::new(args),
        Command::Doc(args) => doc::doc(args),
        Command::Completions(args) => shell::completions(args, Cli::command()),
        Command::Man => shell::man(Cli::command()),
        Command::Explain(args) => explain::explain(args),
    };
    exit.into()
}

/// Shows diagnostics in the style that was asked for.
struct Shower {
    style: Style,
    deny: Option<Deny>,
}

impl Shower {
    fn new(format: Format, deny: Option<Deny>) -> Shower {
        let colour = AutoStream::choice(&std::io::stderr()) != ColorChoice::Never;
        let style = match format {
            Format::Pretty => Style::Pretty { colour },
            Format::Short => Style::Lines,
            Format::Json => Style::Json,
        };
        Shower { style, deny }
    }

    fn show(&self, found: &Diagnostics, sources: &SourceMap) {
        if !found.is_empty() {
            anstream::eprint!("{}", render(found, sources, self.style));
        }
    }
}

/// Reads and checks a script and shows what was found; nothing if it was refused.
fn load(file: &Path, set: &[(String, String)], python: Leave, shower: &Shower) -> Result<Checked, Exit> {
    let checked = files::check(file, set, python).map_err(|message| {
        anstream::eprintln!("error[E0601]: {message}");
        Exit::Outside
    })?;
    shower.show(&checked.diagnostics, &checked.sources);
    if checked.program.is_none() || shower.deny == Some(Deny::Warnings) && !checked.diagnostics.is_empty() {
        return Err(Exit::Refused);
    }
    Ok(checked)
}
