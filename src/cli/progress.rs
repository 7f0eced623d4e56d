//! A progress bar for runs of more than a second, on a terminal only.

use crate::script::Generation;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// When the bar appears.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many generations are shown.
const ROWS: usize = 8;

/// A bar that may not be there yet.
pub struct Progress {
    allowed: bool,
    begun: Instant,
    bar: Option<ProgressBar>,
    /// The last generations of a search, and when it was heard of first.
    generations: Vec<Generation>,
    since: Instant,
}

impl Progress {
    /// No bar yet, and never one if quiet or without a terminal.
    pub fn new(quiet: bool) -> Progress {
        let (allowed, now) = (!quiet && std::io::stderr().is_terminal(), Instant::now());
        Progress { allowed, begun: now, bar: None, generations: Vec::new(), since: now }
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
        if self.generations.last().is_some_and(|last| last.search != search) {
            self.generations.clear();
        }
        if self.generations.is_empty() && done == 0 {
            self.since = Instant::now();
        }
        if !self.allowed || self.begun.elapsed() < PATIENCE {
            return;
        }
        let message = table(&self.generations, self.since.elapsed());
        let bar = self.bar.get_or_insert_with(|| {
            let bar = ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{msg}\n{wide_bar} {pos}/{len}, {per_sec}, {eta} left") {
                bar.set_style(style);
            }
            bar
        });
        bar.set_message(message.unwrap_or_else(|| search.to_owned()));
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    }

    /// A generation of a search has ended.
    pub fn searched(&mut self, generation: &Generation) {
        self.generations.push(generation.clone());
        let before = self.generations.len().saturating_sub(ROWS);
        self.generations.drain(..before);
    }

    /// Takes the bar away, so that something can be printed.
    pub fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
        self.begun = Instant::now();
    }
}

/// The last generations, one a line, and how fast it goes; nothing before the first one.
fn table(generations: &[Generation], elapsed: Duration) -> Option<String> {
    let last = generations.last()?;
    let fresh = last.evaluations.saturating_sub(last.known) as f64;
    let rate = fresh / elapsed.as_secs_f64().max(1e-3);
    let left = last.most.filter(|_| rate > 0.0).map(|most| most.saturating_sub(last.evaluations) as f64 / rate);
    let left =
        left.map_or_else(|| "?".to_owned(), |seconds| format!("{}", HumanDuration(Duration::from_secs_f64(seconds.min(1e9)))));
    let head = ["generation", "evaluations", "best", "mean", "failed"].map(str::to_owned);
    let row = |one: &Generation| {
        let (number, evaluations, failed) = (one.number.to_string(), one.evaluations.to_string(), one.failed.to_string());
        [number, evaluations, one.best.clone(), one.mean.clone(), failed]
    };
    let rows: Vec<[String; 5]> = std::iter::once(head).chain(generations.iter().map(row)).collect();
    let width = |k: usize| rows.iter().map(|row| row[k].chars().count()).max().unwrap_or(0);
    let widths = [0, 1, 2, 3, 4].map(width);
    let line = |row: &[String; 5]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:>width$}"));
        cells.collect::<Vec<_>>().join("  ")
    };
    let lines: Vec<String> = rows.iter().map(line).collect();
    Some(format!("{}\n{}\n{rate:.1} evaluations per second, {left} left", last.search, lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generation(number: u64, known: u64, most: Option<u64>) -> Generation {
        let (search, best, mean) = ("fit".to_owned(), format!("{}.5 Hz", 9 - number), "12.25 Hz".to_owned());
        Generation { search, number, evaluations: 10 * (number + 1), known, most, best, mean, failed: number }
    }

    #[test]
    fn a_search_is_shown_as_a_table() {
        let shown = table(&[generation(0, 0, Some(50)), generation(1, 0, Some(50))], Duration::from_secs(2)).unwrap();
        let wanted = [
            "fit",
            "generation  evaluations    best      mean  failed",
            "         0           10  9.5 Hz  12.25 Hz       0",
            "         1           20  8.5 Hz  12.25 Hz       1",
            "10.0 evaluations per second, 3 seconds left",
        ];
        assert_eq!(shown.lines().collect::<Vec<_>>(), wanted);
        assert_eq!(table(&[], Duration::from_secs(2)), None);
    }

    /// What was known from a journal took no time; where nothing says when the search ends, nothing is said of it.
    #[test]
    fn rates_are_those_of_new_candidates() {
        let of = |known, most| table(&[generation(2, known, most)], Duration::from_secs(5)).unwrap();
        assert!(of(20, Some(40)).ends_with("2.0 evaluations per second, 5 seconds left"));
        assert!(of(0, None).ends_with("6.0 evaluations per second, ? left"));
    }
}
