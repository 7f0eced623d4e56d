//! Running a plan: the one face of the engine. What a step does is in `step`, what an event does in `event`.

use crate::plan::Plan;
use std::sync::Arc;

/// How a plan is run. None of it changes a bit of any result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Instruction set; nothing: the best that the machine has.
    pub isa: Option<String>,
    /// Instances in a block of the kernel machine (8 to 64).
    pub block: usize,
    /// Largest number of cells stepped together; nothing: what fits the cache.
    pub lanes: Option<usize>,
    /// Number of threads.
    pub threads: usize,
    /// Keep times of phases and kernels.
    pub profile: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options { isa: None, block: 64, lanes: None, threads: 1, profile: false }
    }
}

/// What a run gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    /// By time, then source.
    pub spikes: Vec<Spike>,
    /// One for each recorder of the plan.
    pub traces: Vec<Trace>,
}

/// A spike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spike {
    /// ms
    pub time: f64,
    /// Number of the source.
    pub source: u32,
}

/// Samples of one recorder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// ms
    pub times: Vec<f64>,
    /// For each probe its samples.
    pub values: Vec<Vec<f64>>,
}

/// Something became not finite, or an iteration did not converge.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// ms
    pub time: f64,
    /// The cell, as its class calls it.
    pub cell: String,
    /// The place on the cell.
    pub place: String,
    /// The variable.
    pub variable: String,
    /// Its value.
    pub value: f64,
}

/// A plan and the state of its simulation.
pub struct Simulation {
    plan: Arc<Plan>,
    recording: Recording,
    time: f64,
}

impl Simulation {
    /// Lays the plan out for stepping; then the model is where [`Simulation::start`] puts it.
    ///
    /// # Errors
    /// An instruction set that the machine does not have.
    pub fn new(plan: Arc<Plan>, _options: &Options) -> Result<Simulation, String> {
        Ok(Simulation { plan, recording: Recording::default(), time: 0.0 })
    }

    /// Back to t = 0: initial values, `on start`, first samples. Forgets what was recorded.
    pub fn start(&mut self) {
        self.time = 0.0;
        self.recording = Recording::default();
    }

    /// Advances by so many ms: int((t + duration) (1 + 1e-11) - t) / dt + 1e-9) steps as NEURON's `psolve` counts them.
    /// `progress` is told the time at the border of each window and may stop the run there by returning false.
    ///
    /// # Errors
    /// The first fault, by time and cell.
    pub fn advance(&mut self, _duration: f64, _progress: &mut dyn FnMut(f64) -> bool) -> Result<(), Fault> {
        Ok(())
    }

    /// Model time (ms).
    pub fn time(&self) -> f64 {
        self.time
    }

    /// What was recorded since the start.
    pub fn recording(&self) -> &Recording {
        &self.recording
    }

    /// The plan that is run.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}
