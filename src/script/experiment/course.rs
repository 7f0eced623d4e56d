//! How a model is run: by itself, or as a copy among others, of which what was recorded is at hand.

use bouton_engine::plan::Plan;
use bouton_engine::profile::Profile;
use bouton_engine::run::{Options, Recording, Simulation};
use std::sync::Arc;

/// The run of a model.
pub(super) enum Course {
    /// By itself.
    Own(Box<Simulation>),
    /// Beside others, from 0 to its end.
    Copy(Box<Copied>),
}

/// What a copy has of a run.
pub(super) struct Copied {
    pub plan: Arc<Plan>,
    pub options: Options,
    pub recording: Recording,
    /// The last values of each recorder.
    pub now: Vec<Vec<f64>>,
    /// How long it was run, and to which time (ms).
    pub length: f64,
    pub time: f64,
}

impl Course {
    pub fn own(simulation: Simulation) -> Course {
        Course::Own(Box::new(simulation))
    }

    /// What was recorded.
    pub fn recording(&self) -> &Recording {
        match self {
            Course::Own(simulation) => simulation.recording(),
            Course::Copy(copied) => &copied.recording,
        }
    }

    /// Model time (ms).
    pub fn time(&self) -> f64 {
        match self {
            Course::Own(simulation) => simulation.time(),
            Course::Copy(copied) => copied.time,
        }
    }

    /// The present values of a recorder's probes.
    pub fn now(&self, recorder: usize) -> Vec<f64> {
        match self {
            Course::Own(simulation) => simulation.now(recorder),
            Course::Copy(copied) => copied.now.get(recorder).cloned().unwrap_or_default(),
        }
    }

    /// Time spent, of a model that is run by itself.
    pub fn profile(&self) -> Option<Profile> {
        match self {
            Course::Own(simulation) => simulation.profile(),
            Course::Copy(_) => None,
        }
    }

    /// The simulation, to go on from where it is: a copy is run again by itself.
    ///
    /// # Errors
    /// What this machine does not have.
    pub fn simulation(&mut self) -> Result<&mut Simulation, String> {
        if let Course::Copy(copied) = self {
            let mut simulation = Simulation::new(Arc::clone(&copied.plan), &copied.options)?;
            simulation.start();
            // It has come there before.
            simulation.advance(copied.length, &mut |_| true).map_err(|fault| format!("{fault:?}"))?;
            simulation.remember(std::mem::take(&mut copied.recording));
            *self = Course::own(simulation);
        }
        self.at_hand()
    }

    /// The simulation, to begin anew.
    ///
    /// # Errors
    /// What this machine does not have.
    pub fn anew(&mut self) -> Result<&mut Simulation, String> {
        if let Course::Copy(copied) = self {
            *self = Course::own(Simulation::new(Arc::clone(&copied.plan), &copied.options)?);
        }
        self.at_hand()
    }

    fn at_hand(&mut self) -> Result<&mut Simulation, String> {
        match self {
            Course::Own(simulation) => Ok(simulation),
            Course::Copy(_) => Err("a copy among others".to_owned()),
        }
    }
}
