//! Where the time of a run goes: phases of the step, and kernels.

use std::collections::BTreeMap;
use std::time::Duration;

/// Part of a step.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Thresholds and conditions.
    Look,
    /// Delivery of events and sampling in between.
    Events,
    /// Currents of a mechanism.
    Current(String),
    /// The cable equation.
    Solve,
    /// States of a mechanism.
    Advance(String),
    /// What a mechanism does at the end of each step.
    Step(String),
}

/// Time and count of each phase.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Total time, and over how many instances and steps it went.
    pub phases: BTreeMap<Phase, (Duration, u64)>,
}

impl Profile {
    /// Adds time for so many instances.
    pub fn add(&mut self, phase: Phase, time: Duration, instances: u64) {
        let entry = self.phases.entry(phase).or_default();
        entry.0 += time;
        entry.1 += instances;
    }

    /// What has come since another one.
    #[must_use]
    pub fn since(&self, before: &Profile) -> Profile {
        let known = |phase: &Phase| before.phases.get(phase).copied().unwrap_or_default();
        let each = self.phases.iter().map(|(phase, (time, n))| {
            let (earlier, m) = known(phase);
            (phase.clone(), (time.saturating_sub(earlier), n - m))
        });
        Profile { phases: each.collect() }
    }

    /// Adds what another group spent.
    pub fn join(&mut self, other: &Profile) {
        for (phase, (time, n)) in &other.phases {
            self.add(phase.clone(), *time, *n);
        }
    }
}
