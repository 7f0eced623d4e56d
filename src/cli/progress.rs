//! A progress bar for runs of more than a second, on a terminal only.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// When the bar appears.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar that may not be there yet.
pub struct Progress {
    allowed: bool,
    begun: Instant,
    bar: Option<ProgressBar>,
    /// What a search has come to.
    searched: String,
}

impl Progress {
    /// No bar yet, and never one if quiet or without a terminal.
    pub fn new(quiet: bool) -> Progress {
        Progress { allowed: !quiet && std::io::stderr().is_terminal(), begun: Instant::now(), bar: None, searched: String::new() }
    }

    /// The run has come to this time of so many ms.
    pub fn at(&mut self, time: f64, end: f64) {
        if !self.allowed || self.begun.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(end.max(0.0) as u64), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} ms, {eta} left");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar
        });
        bar.set_length(end.max(0.0) as u64);
        bar.set_position(time.max(0.0) as u64);
    }

    /// So many candidates of a search have been run.
    pub fn candidates(&mut self, search: &str, done: usize, of: usize) {
        if !self.allowed || self.begun.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg}\n{wide_bar} {pos}/{len}, {per_sec}, {eta} left") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_message(if self.searched.is_empty() { search.to_owned() } else { self.searched.clone() });
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    }

    /// What a search has come to.
    pub fn searched(&mut self, line: &str) {
        line.clone_into(&mut self.searched);
    }

    /// Takes the bar away, so that something can be printed.
    pub fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        self.begun = Instant::now();
    }
}
