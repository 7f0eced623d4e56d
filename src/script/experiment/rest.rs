//! Models that are looked at instead of being run, and models that begin elsewhere than at their initial values.

use super::{Experiment, Stop, refused};
use crate::build::{Codes, Knobs, Network, build, build_with};
use crate::script::Console;
use bouton_engine::field::Initial;
use bouton_engine::run::{Options, Simulation};
use bouton_engine::state::State;
use bouton_model::ir::{Program, Span};
use bouton_syntax::diagnostic::Diagnostic;
use std::sync::Arc;

impl Experiment {
    /// Where the model is; nothing where it has not begun.
    pub fn present(&mut self) -> Option<State> {
        let model = self.model.as_mut().filter(|_| self.going)?;
        Some(model.course.simulation(self.left.events).ok()?.state())
    }

    /// The model begins with these values of its states; what was recorded before is forgotten.
    ///
    /// # Errors
    /// The network cannot be built.
    pub fn begin_at(&mut self, initial: &Initial, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        self.finish(console)?;
        self.begin(Some(initial), span)?;
        self.advance(0.0, span, console)
    }

    /// Models that are built from now on share their programs: only values change.
    pub fn keep_programs(&mut self) {
        self.codes = Some(Arc::new(Codes::widening()));
    }

    /// A model with the present parameters at its initial values, with slopes and their derivatives, and the names of its cells by class.
    ///
    /// # Errors
    /// The network cannot be built, or has equations that cannot be looked at.
    pub fn looked_at(&self, span: Span) -> Result<Simulation, Stop> {
        let knobs = Knobs { field: true, ..self.knobs.clone() };
        let network = network(&self.program, &knobs, self.codes.as_deref())?;
        let options = Options { threads: 1, ..self.settings.engine.clone() };
        let mut simulation = Simulation::new(Arc::clone(&network.plan), &options).map_err(|why| refused(why, span))?;
        simulation.start();
        Ok(simulation)
    }
}

/// The network, of code that is kept, where any is.
pub(super) fn network(program: &Program, knobs: &Knobs, codes: Option<&Codes>) -> Result<Network, Vec<Diagnostic>> {
    codes.map_or_else(|| build(program, knobs), |codes| build_with(program, knobs, codes))
}
