//! CPU time of all threads, for the report of a run.

use std::time::Instant;

/// A sum of times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clock {
    /// So far.
    pub seconds: f64,
}

/// A moment.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    cpu: Option<f64>,
    wall: Instant,
}

impl Clock {
    /// This moment.
    pub fn now() -> Moment {
        Moment { cpu: cpu(), wall: Instant::now() }
    }

    /// Adds what has passed since a moment: CPU time where the system tells it, else time.
    pub fn add_since(&mut self, begun: Moment) {
        self.seconds += match (begun.cpu, cpu()) {
            (Some(begun), Some(now)) => now - begun,
            _ => begun.wall.elapsed().as_secs_f64(),
        };
    }
}

impl Moment {
    /// Seconds since then.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.wall.elapsed().as_secs_f64()
    }
}

/// Seconds of all threads of this process on a processor.
#[cfg(unix)]
fn cpu() -> Option<f64> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9)
}

/// Not told here.
#[cfg(not(unix))]
fn cpu() -> Option<f64> {
    None
}
