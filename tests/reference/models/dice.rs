//! Random choices that can be made fewer: what was asked for too late comes out as the simplest answer. So a model that shows a
//! difference is made smaller by letting it choose less.

use bouton_engine::plan::StreamKey;
use bouton_engine::random::Stream;

/// A seeded source of choices.
pub struct Dice {
    stream: Stream,
    left: usize,
}

impl Dice {
    /// A source that makes at most so many choices.
    pub fn new(seed: u32, kind: u32, choices: usize) -> Dice {
        Dice { stream: Stream::new(StreamKey([seed, kind, 0]), 0), left: choices }
    }

    fn word(&mut self) -> u32 {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.stream.word()
            }
            None => 0,
        }
    }

    /// A whole number below `n`, 0 being the simplest.
    pub fn below(&mut self, n: usize) -> usize {
        ((u64::from(self.word()) * n as u64) >> 32) as usize
    }

    /// A whole number from `lo` to `hi`, `lo` being the simplest.
    pub fn within(&mut self, lo: usize, hi: usize) -> usize {
        lo + self.below(hi - lo + 1)
    }

    /// A number in [lo, hi).
    pub fn between(&mut self, lo: f64, hi: f64) -> f64 {
        lo + (hi - lo) * f64::from(self.word()) / 4_294_967_296.0
    }

    /// A number in [lo, hi), evenly by its logarithm.
    pub fn scale(&mut self, lo: f64, hi: f64) -> f64 {
        self.between(lo.ln(), hi.ln()).exp()
    }

    /// True with this probability in percent, false being simpler.
    pub fn percent(&mut self, p: usize) -> bool {
        self.below(100) >= 100 - p
    }

    /// One of these, the first being the simplest.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// The same things in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            let j = self.below(i + 1);
            list.swap(i, j);
        }
    }
}
