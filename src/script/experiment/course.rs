//! How a model is run: by itself, or as a copy among others, of which what was recorded is at hand.

use super::allowance::ration;
use crate::build::Network;
use crate::record::Spare;
use bouton_engine::batch::Batch;
use bouton_engine::plan::Plan;
use bouton_engine::profile::Profile;
use bouton_engine::run::{Options, Recording, Simulation, Spike, Trace};
use bouton_model::ir::Program;
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
    /// What results are read from: of records that compute, only the times.
    pub recording: Recording,
    /// For each recorder, which of its probes results are read from.
    read: Vec<Vec<bool>>,
    /// The last values of each recorder.
    now: Vec<Vec<f64>>,
    /// In which parts it was run (ms), and how many events it has had.
    parts: Vec<f64>,
    events: u64,
}

impl Copied {
    /// At 0.
    pub fn new(network: &Network, program: &Program, options: Options, joint: Arc<Mutex<Joint>>, copy: usize) -> Copied {
        let plan = Arc::clone(&network.plan);
        let mut read: Vec<Vec<bool>> = plan.recorders.iter().map(|recorder| vec![false; recorder.probes.len()]).collect();
        for (_, found) in program.records.iter().zip(&network.records).filter(|(record, _)| record.value.is_none()) {
            let probes = found.terms.iter().flat_map(|(first, count)| *first..first + count);
            let read = &mut read[found.recorder];
            probes.for_each(|probe| read[probe] = true);
        }
        let trace = |read: &Vec<bool>| Trace { times: Arc::default(), values: vec![Vec::new(); read.len()] };
        let recording = Recording { spikes: Vec::new(), traces: read.iter().map(trace).collect() };
        Copied { plan, options, joint, copy, time: 0.0, recording, read, now: Vec::new(), parts: Vec::new(), events: 0 }
    }

    /// So many more samples of recorders are to come.
    pub fn reserve(&mut self, spare: &Spare, more: impl Fn(usize) -> usize) {
        for ((number, trace), read) in self.recording.traces.iter_mut().enumerate().zip(&self.read) {
            let wanted = trace.values.iter_mut().zip(read).filter(|(_, read)| **read);
            wanted.for_each(|(values, _)| spare.reserve(values, more(number)));
        }
    }

    /// Nobody reads the samples any more.
    pub fn give_back(&mut self, spare: &Spare) {
        self.recording.traces.iter_mut().flat_map(|trace| &mut trace.values).for_each(|values| spare.keep(values));
    }

    /// More samples of all copies.
    pub fn take(&mut self, batch: &Batch, whole: &Recording) {
        for ((number, trace), read) in self.recording.traces.iter_mut().enumerate().zip(&self.read) {
            let columns = batch.columns(self.copy, number, whole).unwrap_or_default();
            let wanted = trace.values.iter_mut().zip(columns).zip(read).filter(|(_, read)| **read);
            wanted.for_each(|((values, more), _)| values.extend_from_slice(more));
        }
    }

    /// It has come to a time (ms) with another part of so many ms.
    pub fn go_on(&mut self, spikes: Vec<Spike>, times: &[Trace], now: Vec<Vec<f64>>, (length, time): (f64, f64), events: u64) {
        self.recording.fire(spikes.into_iter());
        for (trace, more) in self.recording.traces.iter_mut().zip(times) {
            match trace.times.is_empty() {
                true => trace.times = Arc::clone(&more.times),
                false => Arc::make_mut(&mut trace.times).extend(more.times.iter()),
            }
        }
        self.parts.push(length);
        self.events += events;
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

    /// The simulation, to go on from where it is: a copy is run again by itself. From there it may have so many more events.
    ///
    /// # Errors
    /// What this machine does not have.
    pub fn simulation(&mut self, left: Option<u64>) -> Result<&mut Simulation, String> {
        if let Course::Copy(copied) = self {
            let mut simulation = Simulation::new(Arc::clone(&copied.plan), &copied.options)?;
            ration(&mut simulation, left.map(|left| left + copied.events));
            simulation.start();
            for part in &copied.parts {
                // It has come there before.
                simulation.advance(*part, &mut |_| true).map_err(|fault| format!("{fault:?}"))?;
            }
            if !copied.parts.is_empty() {
                // They are those that it had before.
                simulation.take_delivered();
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
