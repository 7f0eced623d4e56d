//! What all runs of a candidate may take together, counted in steps and events: what it gives depends on no clock.

use super::{Experiment, Stop};
use crate::script::show::number;
use bouton_engine::run::Simulation;
use bouton_model::ir::Span;
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Numbers of steps and of delivered events; nothing: any number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// Steps.
    pub steps: Option<u64>,
    /// Events that reach a handler: one for each connection, or for an instance that has sent it to itself.
    pub events: Option<u64>,
}

impl Experiment {
    /// From now on its runs may take so much.
    pub fn allow(&mut self, most: Allowance) {
        (self.most, self.left) = (most, most);
    }

    /// Whether a run of so many ms may be made.
    ///
    /// # Errors
    /// It has too many steps.
    pub(super) fn affords(&self, length: f64, span: Span) -> Result<(), Stop> {
        match (self.most.steps, self.left.steps) {
            (Some(most), Some(left)) if self.steps_of(length) > left as f64 => Err(too_many(most, "steps would be made", span)),
            _ => Ok(()),
        }
    }

    fn steps_of(&self, length: f64) -> f64 {
        (length / self.constants.dt).round()
    }

    /// A run of so many ms was made, with so many events.
    pub(super) fn has_taken(&mut self, length: f64, events: Option<u64>) {
        let steps = self.steps_of(length) as u64;
        self.left.steps = self.left.steps.map(|left| left.saturating_sub(steps));
        self.left.events = self.left.events.map(|left| left.saturating_sub(events.unwrap_or(0)));
    }

    /// How many events it may still have.
    pub(super) fn events_left(&self) -> Option<u64> {
        self.left.events
    }

    /// What is told where it had too many events.
    pub(super) fn spent_all(&self, span: Span) -> Stop {
        too_many(self.most.events.unwrap_or(0), "events were delivered", span)
    }
}

/// A simulation by itself gets what is left.
pub(super) fn ration(simulation: &mut Simulation, left: Option<u64>) {
    if let Some(left) = left {
        simulation.ration(1, Some(vec![left]), |_, _| Some(0));
    }
}

fn too_many(most: u64, what: &str, span: Span) -> Stop {
    Stop::Fault(Box::new(Diagnostic::new(Code::Fault, span, format!("more than {} {what}", number(most as f64)))))
}
