//! Where searches take their random numbers from: the Mersenne Twister (Matsumoto and Nishimura 1998), drawn from as Python's `random` module does
//! ([`Python`]), or as NumPy's `RandomState` ([`Numpy`]). So a search can be compared with one of inspyred or SciPy individual by individual; and every
//! method has one of the two, whether it is compared or not.

use bouton_model::math;
use rand_mt::Mt;

/// 53 random bits in [0, 1), of two words.
fn unit(words: &mut Mt) -> f64 {
    let (high, low) = (words.next_u32() >> 5, words.next_u32() >> 6);
    (f64::from(high) * 67_108_864.0 + f64::from(low)) * (1.0 / 9_007_199_254_740_992.0)
}

/// As `random.Random(seed)` of Python 3.
#[derive(Clone, Debug)]
pub(crate) struct Python {
    words: Mt,
    /// The second of a pair of normal numbers.
    kept: Option<f64>,
}

impl Python {
    pub(crate) fn new(seed: u64) -> Python {
        let (low, high) = (seed as u32, (seed >> 32) as u32);
        let words = if high == 0 { Mt::new_with_key([low]) } else { Mt::new_with_key([low, high]) };
        Python { words, kept: None }
    }

    /// In [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        unit(&mut self.words)
    }

    pub(crate) fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// From 0 to `n` - 1; 0 where `n` is 0. `n` is below 2^32.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let Some(bits) = n.checked_ilog2().map(|log| log + 1) else { return 0 };
        loop {
            let drawn = (self.words.next_u32() >> 32_u32.saturating_sub(bits)) as usize;
            if drawn < n {
                return drawn;
            }
        }
    }

    /// `k` different numbers below `n`, in the order in which they were drawn.
    pub(crate) fn sample(&mut self, n: usize, k: usize) -> Vec<usize> {
        let k = k.min(n);
        let mut small = 21;
        if k > 5 {
            // 4 ^ ceil(log4(3 k)), what a set of k would take.
            let mut power = 1;
            while power < 3 * k {
                power *= 4;
            }
            small += power;
        }
        if n <= small {
            let mut pool: Vec<usize> = (0..n).collect();
            (0..k)
                .map(|taken| {
                    let at = self.below(n - taken);
                    let drawn = pool[at];
                    pool[at] = pool[n - taken - 1];
                    drawn
                })
                .collect()
        } else {
            let mut drawn: Vec<usize> = Vec::with_capacity(k);
            while drawn.len() < k {
                let at = self.below(n);
                if !drawn.contains(&at) {
                    drawn.push(at);
                }
            }
            drawn
        }
    }

    /// Normal numbers in pairs by the formula of Box and Muller (1958).
    pub(crate) fn normal(&mut self, mean: f64, sd: f64) -> f64 {
        let z = self.kept.take().unwrap_or_else(|| {
            let angle = self.unit() * std::f64::consts::TAU;
            let radius = (-2.0 * math::log(1.0 - self.unit())).sqrt();
            self.kept = Some(math::sin(angle) * radius);
            math::cos(angle) * radius
        });
        mean + z * sd
    }
}

/// As `numpy.random.RandomState(seed)`.
#[derive(Clone, Debug)]
pub(crate) struct Numpy {
    words: Mt,
}

impl Numpy {
    /// NumPy takes seeds below 2^32; of others the two halves make one.
    pub(crate) fn new(seed: u64) -> Numpy {
        Numpy { words: Mt::new(seed as u32 ^ (seed >> 32) as u32) }
    }

    /// In [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        unit(&mut self.words)
    }

    pub(crate) fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// From 0 to `n` - 1, by rejection of masked words; no word is drawn where there is no choice.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        let most = n.saturating_sub(1) as u32;
        let mask = most.checked_ilog2().map_or(0, |log| u32::MAX >> (31 - log));
        if mask == 0 {
            return 0;
        }
        loop {
            let drawn = self.words.next_u32() & mask;
            if drawn <= most {
                return drawn as usize;
            }
        }
    }

    /// Fisher and Yates' shuffle, from the end.
    pub(crate) fn shuffle(&mut self, list: &mut [usize]) {
        for last in (1..list.len()).rev() {
            let at = self.below(last + 1);
            list.swap(at, last);
        }
    }

    pub(crate) fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut list: Vec<usize> = (0..n).collect();
        self.shuffle(&mut list);
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python 3.12: `r = random.Random(1)`, then as written.
    #[test]
    fn pythons_numbers() {
        let mut r = Python::new(1);
        assert_eq!(r.unit(), 0.134_364_244_112_401_22);
        assert_eq!((0..5).map(|_| r.below(10)).collect::<Vec<_>>(), [1, 4, 1, 7, 7]);
        assert_eq!(r.sample(10, 4), [7, 6, 3, 0]);
        assert_eq!(r.sample(1000, 4), [499, 29, 914, 855]);
        let drawn = [r.normal(0.0, 1.0), r.normal(1.0, 2.0)];
        assert!(drawn.iter().zip([-1.052647335280873, 2.7459154086062973]).all(|(a, b)| (a - b).abs() < 1e-15), "{drawn:?}");
        assert_eq!(Python::new(1 << 40).unit(), 0.1036394562812375);
    }

    /// NumPy 2: `r = numpy.random.RandomState(1)`.
    #[test]
    fn numpys_numbers() {
        let mut r = Numpy::new(1);
        assert_eq!(r.unit(), 0.417_022_004_702_574);
        assert_eq!((0..5).map(|_| r.below(10)).collect::<Vec<_>>(), [8, 9, 5, 0, 0]);
        assert_eq!(r.permutation(8), [3, 0, 7, 2, 6, 5, 4, 1]);
    }
}
