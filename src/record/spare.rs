//! Memory for samples that is used again: of a search each batch of candidates would otherwise ask the system for the same megabytes anew.

use std::sync::Mutex;

/// Memory that nobody uses at present. What is in it is nobody's business.
#[derive(Debug, Default)]
pub struct Spare(Mutex<Vec<Vec<f64>>>);

impl Spare {
    /// Makes room for so many more samples.
    pub fn reserve(&self, samples: &mut Vec<f64>, more: usize) {
        if samples.capacity() == 0
            && let Ok(mut all) = self.0.lock()
            && let Some(used) = all.pop()
        {
            *samples = used;
        }
        samples.reserve(more);
    }

    /// Nobody needs these samples any more.
    pub fn keep(&self, samples: &mut Vec<f64>) {
        let mut used = std::mem::take(samples);
        used.clear();
        if used.capacity() > 0
            && let Ok(mut all) = self.0.lock()
        {
            all.push(used);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_used_again() {
        let (spare, mut first, mut second) = (Spare::default(), Vec::new(), Vec::new());
        spare.reserve(&mut first, 100);
        first.push(1.0);
        let place = first.as_ptr();
        spare.keep(&mut first);
        spare.reserve(&mut second, 50);
        assert_eq!((second.as_ptr(), second.len(), first.capacity()), (place, 0, 0));
    }
}
