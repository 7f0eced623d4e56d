//! The one stateful façade and the embedding API: a checked script, options from outside, results on a console and in files.
//!
//! ```
//! use bouton::session::{Console, Options, Session};
//! # use std::path::Path;
//! struct Lines(Vec<String>);
//! impl Console for Lines {
//!     fn print(&mut self, line: &str) {
//!         self.0.push(line.to_owned());
//!     }
//!     fn wrote(&mut self, _: &Path) {}
//!     fn progress(&mut self, _: f64, _: f64) -> bool {
//!         true
//!     }
//! }
//! let checked = bouton_lang::check("sum.net", "param a = 2 mV\nprint \"{a + 1 mV}\"", &bouton_lang::NoFiles);
//! let options = Options { set: vec![("a".into(), "3 mV".into())], ..Options::default() };
//! let mut lines = Lines(Vec::new());
//! assert!(Session::new(checked, options).run(&mut lines).is_ok());
//! assert_eq!(lines.0, ["4 mV"]);
//! ```
#![expect(clippy::result_large_err, reason = "a script stops once, and who asks wants the diagnostic itself")]

mod set;

pub use crate::script::{Console, Report, Stop};

use crate::build::{Knobs, Network, build};
use crate::record::OutputDirectory;
use crate::script::{Runner, Settings};
use bouton_engine::run;
use bouton_lang::{Checked, SourceMap};
use bouton_model::ir::Program;
use std::path::{Path, PathBuf};

/// What is chosen from outside. Only `seed` and `set` change results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Everything is written below this directory.
    pub out: PathBuf,
    /// Instead of the simulation's seed.
    pub seed: Option<u32>,
    /// Parameters with other values: name, and text of the value with its unit.
    pub set: Vec<(String, String)>,
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
}

impl Default for Options {
    fn default() -> Options {
        Options {
            out: PathBuf::from("."),
            seed: None,
            set: Vec::new(),
            threads: None,
            isa: None,
            block: None,
            profile: false,
            memory: None,
        }
    }
}

/// A script with everything that is needed to run it.
pub struct Session {
    checked: Checked,
    options: Options,
    network: Option<Network>,
}

impl Session {
    /// Of a script that was checked.
    pub fn new(checked: Checked, options: Options) -> Session {
        Session { checked, options, network: None }
    }

    /// Runs the script from its first statement to its last.
    ///
    /// # Errors
    /// Why it stopped.
    pub fn run(&mut self, console: &mut dyn Console) -> Result<Report, Stop> {
        let (program, knobs) = self.turned()?;
        let settings = self.settings(knobs);
        Runner::new(&program, &settings)?.run(console)
    }

    /// The network as it is before the first statement. It is built once and not run.
    ///
    /// # Errors
    /// It cannot be built with these values.
    pub fn network(&mut self) -> Result<&Network, Stop> {
        let network = match self.network.take() {
            Some(network) => network,
            None => {
                let (program, knobs) = self.turned()?;
                build(&program, &knobs)?
            }
        };
        Ok(self.network.insert(network))
    }

    /// The texts that places in diagnostics count in.
    pub fn sources(&self) -> &SourceMap {
        &self.checked.sources
    }

    /// A script with errors is refused with them.
    fn program(&self) -> Result<&Program, Stop> {
        let errors = || Stop::Refused(self.checked.diagnostics.iter().cloned().collect());
        self.checked.program.as_ref().ok_or_else(errors)
    }

    /// The program and its parameters with what was set from outside.
    fn turned(&mut self) -> Result<(Program, Knobs), Stop> {
        self.program()?;
        let base = Knobs { params: Vec::new(), seed: self.options.seed, memory: self.options.memory };
        let set::Values { params, paths } = set::values(&mut self.checked, &base, &self.options.set)?;
        let mut program = self.program()?.clone();
        paths.into_iter().for_each(|(knob, value)| program.turn(&knob, value));
        Ok((program, Knobs { params, ..base }))
    }

    fn settings(&self, knobs: Knobs) -> Settings {
        let block = self.options.block.unwrap_or(run::Options::default().block);
        let engine =
            run::Options { isa: self.options.isa.clone(), block, profile: self.options.profile, ..run::Options::default() };
        let texts = own_texts(&self.checked.sources);
        let script = self.checked.sources.iter().next().map_or_else(String::new, |(_, source)| source.name.clone());
        Settings {
            out: OutputDirectory::new(&self.options.out),
            knobs,
            engine,
            threads: self.options.threads,
            texts,
            folder: Path::new(&script).parent().map(Path::to_path_buf).unwrap_or_default(),
            script,
        }
    }
}

/// The script and the files that it uses; the library goes with the version of the program.
fn own_texts(sources: &SourceMap) -> Vec<String> {
    let own = sources.iter().filter(|(_, source)| !source.name.starts_with("library/") && source.name != set::NAME);
    own.map(|(_, source)| source.text.clone()).collect()
}
