//! A whole script: checked once, run from its first statement to its last.

use super::{Console, Report, Stop};
use super::{Options, set};
use crate::build::{Knobs, Network, build};
use crate::script::Runner;
use bouton_engine::plan::Plan;
use bouton_lang::{Checked, SourceMap};
use bouton_model::ir::{Mechanism, Program, Span};

/// A script with everything that is needed to run it.
pub struct Script {
    checked: Checked,
    options: Options,
    network: Option<Network>,
}

impl Script {
    /// Of a script that was checked, with what [`super::check`] added to it.
    pub fn new(checked: Checked, options: Options) -> Script {
        Script { checked, options, network: None }
    }

    /// Runs the script from its first statement to its last.
    ///
    /// # Errors
    /// Why it stopped.
    pub fn run(&mut self, console: &mut dyn Console) -> Result<Report, Stop> {
        let mut runner = self.runner()?;
        runner.run(console)?;
        Ok(runner.report())
    }

    fn runner(&mut self) -> Result<Runner, Stop> {
        let (program, knobs) = self.turned()?;
        let name = self.checked.sources.iter().next().map_or_else(String::new, |(_, source)| source.name.clone());
        let settings = self.options.settings(knobs, &name, own_texts(&self.checked.sources));
        Runner::new(program, settings)
    }

    /// How its searches and sweeps would be run, one after the other; nothing is run.
    ///
    /// # Errors
    /// Parameters without a value.
    pub fn previews(&mut self) -> Result<String, Stop> {
        Ok(self.runner()?.previews())
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

    /// How the instances of each mechanism of a plan are advanced, a line each.
    pub fn mechanisms(&self, plan: &Plan) -> String {
        let sources = self.sources();
        let place = |span: &Span| match (sources.get(span.file), sources.position(*span)) {
            (Some(source), Some(at)) => format!("{}:{}", source.name, at.line),
            _ => String::new(),
        };
        let is_used = |m: &&Mechanism| plan.classes.iter().flat_map(|c| &c.pools).any(|p| p.code.name == *m.name);
        let mechanisms = self.checked.program.iter().flat_map(|program| program.mechanisms.iter());
        mechanisms.filter(is_used).map(|m| format!("{}: {}\n", m.name, m.runs(&place))).collect()
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
        let base = Knobs { params: Vec::new(), seed: self.options.seed, memory: self.options.memory, ..Knobs::default() };
        let mut program = self.program()?.clone();
        let set::Values { params, paths } = set::take(&mut program, &self.checked.sources, &base)?;
        paths.into_iter().for_each(|(knob, value)| program.turn(&knob, value));
        Ok((program, Knobs { params, ..base }))
    }
}

/// The script and the files that it uses; the library goes with the version of the program.
pub fn own_texts(sources: &SourceMap) -> Vec<String> {
    let own = sources.iter().filter(|(_, source)| !source.name.starts_with("library/") && source.name != set::NAME);
    own.map(|(_, source)| source.text.clone()).collect()
}
