//! CPU time of all threads, for the report of a run.

use std::time::Instant;

/// A sum of times.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Clock {
    /// So far.
    pub seconds: f64,
}

/// Shorter spans (s) are lost between two ticks of the system's own account.
const TICKS: f64 = 0.1;

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

    /// Adds what has passed since a moment: CPU time where the system tells it and the span is longer than its ticks, else time.
    pub fn add_since(&mut self, begun: Moment) {
        let wall = begun.wall.elapsed().as_secs_f64();
        self.seconds += match (begun.cpu, cpu()) {
            (Some(begun), Some(now)) if wall > TICKS => now - begun,
            _ => wall,
        };
    }
}

/// Seconds of all threads of this process on a processor, where Linux tells them.
pub fn cpu() -> Option<f64> {
    let of = |task: std::fs::DirEntry| -> Option<f64> {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse().ok()
    };
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    Some(tasks.flatten().filter_map(of).sum::<f64>() * 1e-9)
}
