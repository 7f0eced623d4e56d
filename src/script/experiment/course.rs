//! How a model is run: by itself, or as a copy among others, of which what was recorded is at hand.

use bouton_engine::batch::Batch;
use bouton_engine::plan::Plan;
use bouton_engine::profile::Profile;
use bouton_engine::run::{Options, Recording, Simulation};
use std::sync::{Arc, Mutex};

/// The run of a model.
pub(super) enum Course {
    /// By itself.
    Own(Box<Simulation>),
    /// Beside others, from 0 to its end.
    Copy(Box<Copied>),
}

/// Several runs as one.
pub(super) struct Joint {
    pub batch: Batch,
    pub whole: Simulation,
}

/// What a copy has of a run.
pub(super) struct Copied {
    plan: Arc<Plan>,
    options: Options,
    /// The run, which copy it is there, and when it was there last (ms).
    pub joint: Arc<Mutex<Joint>>,
    pub copy: usize,
    pub time: f64,
    pub recording: Recording,
    /// The last values of each recorder.
    now: Vec<Vec<f64>>,
    /// In which parts it was run (ms).
    parts: Vec<f64>,
}

impl Copied {
    /// At 0.
    pub fn new(plan: Arc<Plan>, options: Options, joint: Arc<Mutex<Joint>>, copy: usize) -> Copied {
        Copied { plan, options, joint, copy, time: 0.0, recording: Recording::default(), now: Vec::new(), parts: Vec::new() }
    }

    /// What was recorded in another part of the run, of so many ms to this time.
    pub fn go_on(&mut self, more: Recording, now: Vec<Vec<f64>>, length: f64, time: f64) {
        self.recording.append(more);
        self.parts.push(length);
        (self.now, self.time) = (now, time);
    }
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
            for part in &copied.parts {
                // It has come there before.
                simulation.advance(*part, &mut |_| true).map_err(|fault| format!("{fault:?}"))?;
            }
            if !copied.parts.is_empty() {
                simulation.remember(std::mem::take(&mut copied.recording));
            }
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
