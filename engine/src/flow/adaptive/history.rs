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
            let count = if is_last { rest.len() } else { count_up_to(rest, begin + length) };
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

/// How many of the times (ms), which rise, are not beyond an end. They come at equal distances mostly, so it is guessed first.
fn count_up_to(times: &[f64], end: f64) -> usize {
    let (Some(first), Some(last)) = (times.first(), times.last()) else { return 0 };
    let guess = (end - first) / (last - first).max(f64::MIN_POSITIVE) * (times.len() - 1) as f64;
    let mut count = (guess.max(0.0) as usize).min(times.len());
    while count > 0 && times[count - 1] > end {
        count -= 1;
    }
    while count < times.len() && times[count] <= end {
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::count_up_to;

    #[test]
    fn times_are_counted_wherever_they_are() {
        let times = [0.0, 1.0, 1.0, 2.5, 100.0];
        for end in [-1.0, 0.0, 0.5, 1.0, 2.4, 2.5, 99.0, 100.0, 1e300] {
            assert_eq!(count_up_to(&times, end), times.iter().filter(|t| **t <= end).count(), "{end}");
        }
        assert_eq!((count_up_to(&[], 1.0), count_up_to(&[2.0], 1.0), count_up_to(&[2.0, 2.0], 2.0)), (0, 0, 2));
    }
}
