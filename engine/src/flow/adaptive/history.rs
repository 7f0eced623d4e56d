//! Steps that a system has made, as far back as somebody may still ask for them.

use std::ops::Range;

/// Steps, in order.
#[derive(Default)]
pub struct History {
    /// Where each begins, and its length (ms).
    steps: Vec<(f64, f64)>,
    /// What was kept of each, one after the other.
    values: Vec<f64>,
    /// The step that was asked for last: times rise mostly.
    last: usize,
}

impl History {
    /// Forgets all.
    pub fn clear(&mut self) {
        self.steps.clear();
        self.values.clear();
        self.last = 0;
    }

    /// Forgets all steps but the last.
    pub fn forget(&mut self, _time: f64) {
        let (count, size) = (self.steps.len(), self.size());
        if count > 1 {
            self.steps.drain(..count - 1);
            self.values.drain(..(count - 1) * size);
        }
        self.last = 0;
    }

    /// Where the first step that is known begins (ms).
    pub fn begin(&self) -> f64 {
        self.steps.first().map_or(0.0, |step| step.0)
    }

    /// Beginning and length of the step made last (ms).
    pub fn last(&self) -> (f64, f64) {
        self.steps.last().copied().unwrap_or_default()
    }

    fn size(&self) -> usize {
        self.values.len() / self.steps.len().max(1)
    }

    /// One more step; what is kept of it is added to the end.
    pub fn step(&mut self, begin: f64, length: f64) -> &mut Vec<f64> {
        self.steps.push((begin, length));
        &mut self.values
    }

    /// For each step in which some of the times (ms) lie, which rise: its number, and which of them.
    pub fn ranges(&self, times: &[f64], out: &mut Vec<(usize, Range<usize>)>) {
        out.clear();
        let mut from = 0;
        for (number, (begin, length)) in self.steps.iter().enumerate() {
            let is_last = number + 1 == self.steps.len();
            let rest = &times[from..];
            let count = if is_last { rest.len() } else { rest.partition_point(|t| *t <= begin + length) };
            if count > 0 {
                out.push((number, from..from + count));
                from += count;
            }
        }
    }

    /// A step by its number: its beginning, its length, and what was kept of it.
    pub fn step_at(&self, number: usize) -> (f64, f64, &[f64]) {
        let (size, (begin, length)) = (self.size(), self.steps[number]);
        (begin, length, &self.values[number * size..(number + 1) * size])
    }

    /// The step in which a time (ms) lies: its beginning, its length, and what was kept of it.
    pub fn at(&mut self, t: f64) -> Option<(f64, f64, &[f64])> {
        let within = |step: &(f64, f64)| t <= step.0 + step.1;
        if self.steps.get(self.last).is_none_or(|step| t < step.0) {
            self.last = 0;
        }
        while self.last + 1 < self.steps.len() && !within(&self.steps[self.last]) {
            self.last += 1;
        }
        (!self.steps.is_empty()).then(|| self.step_at(self.last))
    }
}
