//! Power spectra: Welch's method (Welch 1967), with Hann windows that overlap by half, the mean of each segment taken off, one-sided densities.

use bouton_model::math;

/// Frequencies (1/ms) and power densities (square of the samples' unit, times ms).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spectrum {
    /// From 0 to half the sampling rate.
    pub frequencies: Vec<f64>,
    /// As many.
    pub power: Vec<f64>,
}

/// Power densities of parts of a trace, one behind the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spectrogram {
    /// Middle of each segment, from the first sample on (ms).
    pub times: Vec<f64>,
    /// From 0 to half the sampling rate (1/ms).
    pub frequencies: Vec<f64>,
    /// Of each segment the densities, as in [`Spectrum::power`].
    pub power: Vec<Vec<f64>>,
}

/// Squares of the transforms of windowed segments.
struct Segments<'v> {
    values: &'v [f64],
    length: usize,
    stride: usize,
    window: Vec<f64>,
    fourier: Fourier,
    /// What makes a sum of squares a density.
    scale: f64,
    frequencies: Vec<f64>,
}

impl<'v> Segments<'v> {
    fn of(values: &'v [f64], step: f64, length: usize) -> Option<Segments<'v>> {
        if length < 2 || values.len() < length || !(step > 0.0 && step.is_finite()) {
            return None;
        }
        let n = length as f64;
        // Hann's window, periodic.
        let window: Vec<f64> = (0..length).map(|k| 0.5 - 0.5 * math::cos(2.0 * std::f64::consts::PI * k as f64 / n)).collect();
        let scale = step / window.iter().map(|w| w * w).sum::<f64>();
        let frequencies = (0..length / 2 + 1).map(|k| k as f64 / (n * step)).collect();
        Some(Segments { values, length, stride: length - length / 2, fourier: Fourier::new(length), window, scale, frequencies })
    }

    fn squares(&self) -> impl Iterator<Item = Vec<f64>> {
        self.values.windows(self.length).step_by(self.stride).map(|segment| {
            let mean = segment.iter().sum::<f64>() / self.length as f64;
            let tapered: Vec<f64> = segment.iter().zip(&self.window).map(|(x, w)| (x - mean) * w).collect();
            let bins = self.fourier.transform(&tapered).into_iter().take(self.frequencies.len());
            bins.map(|(re, im)| re * re + im * im).collect()
        })
    }

    /// Sums over so many segments become densities.
    fn density(&self, sums: &mut [f64], segments: f64) {
        let bins = sums.len();
        for (k, p) in sums.iter_mut().enumerate() {
            // All but the mean and, of even lengths, the highest frequency stand for two.
            let once = k == 0 || (self.length.is_multiple_of(2) && k == bins - 1);
            *p *= self.scale / segments * if once { 1.0 } else { 2.0 };
        }
    }
}

/// Of samples `step` ms apart, in segments of `length` samples; nothing where there are fewer, or fewer than two.
#[must_use]
pub fn welch(values: &[f64], step: f64, length: usize) -> Option<Spectrum> {
    let all = Segments::of(values, step, length)?;
    let (mut power, mut segments) = (vec![0.0; all.frequencies.len()], 0.0);
    for squares in all.squares() {
        power.iter_mut().zip(squares).for_each(|(sum, square)| *sum += square);
        segments += 1.0;
    }
    all.density(&mut power, segments);
    Some(Spectrum { frequencies: all.frequencies, power })
}

/// The same of each segment by itself.
#[must_use]
pub fn spectrogram(values: &[f64], step: f64, length: usize) -> Option<Spectrogram> {
    let all = Segments::of(values, step, length)?;
    let one = |mut squares: Vec<f64>| {
        all.density(&mut squares, 1.0);
        squares
    };
    let power: Vec<Vec<f64>> = all.squares().map(one).collect();
    let times = (0..power.len()).map(|k| (k * all.stride) as f64 * step + length as f64 * step / 2.0).collect();
    Some(Spectrogram { times, frequencies: all.frequencies.clone(), power })
}

/// A discrete Fourier transform of any length, as a convolution of powers of two (Bluestein 1970).
struct Fourier {
    length: usize,
    /// exp(-i pi k^2 / length)
    chirp: Vec<(f64, f64)>,
    /// Transform of the chirp's conjugate, around 0.
    kernel: Vec<(f64, f64)>,
}

impl Fourier {
    fn new(length: usize) -> Fourier {
        let chirp: Vec<(f64, f64)> = (0..length)
            .map(|k| {
                // The square is taken modulo twice the length, so that the angle stays small and exact.
                let square = (k as u128 * k as u128 % (2 * length as u128)) as f64;
                let angle = std::f64::consts::PI * square / length as f64;
                (math::cos(angle), -math::sin(angle))
            })
            .collect();
        let size = (2 * length - 1).next_power_of_two();
        let mut kernel = vec![(0.0, 0.0); size];
        for (k, (re, im)) in chirp.iter().enumerate() {
            kernel[k] = (*re, -im);
            kernel[(size - k) % size] = (*re, -im);
        }
        radix2(&mut kernel);
        Fourier { length, chirp, kernel }
    }

    /// The first half of the transform of real numbers.
    fn transform(&self, values: &[f64]) -> Vec<(f64, f64)> {
        let size = self.kernel.len();
        let mut work = vec![(0.0, 0.0); size];
        for ((slot, x), (re, im)) in work.iter_mut().zip(values).zip(&self.chirp) {
            *slot = (x * re, x * im);
        }
        radix2(&mut work);
        for (a, b) in work.iter_mut().zip(&self.kernel) {
            // Conjugated: the transform back is the same transform between two conjugations.
            let (re, im) = product(*a, *b);
            *a = (re, -im);
        }
        radix2(&mut work);
        let back = 1.0 / size as f64;
        let half = self.chirp.iter().zip(&work).take(self.length / 2 + 1);
        half.map(|(c, (re, im))| product(*c, (re * back, -im * back))).collect()
    }
}

fn product((a, b): (f64, f64), (c, d): (f64, f64)) -> (f64, f64) {
    (a * c - b * d, a * d + b * c)
}

/// The transform of a power of two in place (Cooley and Tukey 1965).
fn radix2(values: &mut [(f64, f64)]) {
    let n = values.len();
    if n < 2 {
        return;
    }
    let bits = n.trailing_zeros();
    for k in 0..n {
        let mirror = k.reverse_bits() >> (usize::BITS - bits);
        if k < mirror {
            values.swap(k, mirror);
        }
    }
    let turn = |k: usize| {
        let angle = -2.0 * std::f64::consts::PI * k as f64 / n as f64;
        (math::cos(angle), math::sin(angle))
    };
    let turns: Vec<(f64, f64)> = (0..n / 2).map(turn).collect();
    let mut half = 1;
    while half < n {
        for start in (0..n).step_by(2 * half) {
            for k in 0..half {
                let (a, b) = (values[start + k], product(values[start + k + half], turns[k * (n / (2 * half))]));
                values[start + k] = (a.0 + b.0, a.1 + b.1);
                values[start + k + half] = (a.0 - b.0, a.1 - b.1);
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::{spectrogram, welch};
    use bouton_model::math;
    use std::path::Path;

    /// Signal and densities of `scipy.signal.welch` for an even and an odd length (`tests/peers/records/analysis.py`).
    #[test]
    fn is_scipys() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/records");
        let columns = |name: &str| -> Vec<Vec<f64>> {
            let text = std::fs::read_to_string(folder.join(name)).expect("the peer's file");
            text.lines().skip(1).map(|line| line.split(',').map(|x| x.parse().expect("a number")).collect()).collect()
        };
        let signal: Vec<f64> = columns("signal.csv").iter().map(|row| row[0]).collect();
        for (name, length) in [("welch_256.csv", 256), ("welch_375.csv", 375)] {
            let spectrum = welch(&signal, 0.5, length).expect("long enough");
            let peer = columns(name);
            assert_eq!(peer.len(), spectrum.power.len());
            let largest = spectrum.power.iter().fold(0.0, |a: f64, b| a.max(*b));
            for (row, (f, p)) in peer.iter().zip(spectrum.frequencies.iter().zip(&spectrum.power)) {
                assert!((row[0] - f).abs() < 1e-12 && (row[1] - p).abs() < 1e-9 * largest, "{name}: {row:?} {f} {p}");
            }
        }
        assert_eq!(welch(&signal, 0.5, 1), None);
        assert_eq!(welch(&signal[..10], 0.5, 11), None);
    }

    /// The mean over the segments is Welch's spectrum, and each has the frequency of its own time.
    #[test]
    fn segments_by_themselves() {
        let tau = std::f64::consts::TAU;
        let values: Vec<f64> = (0..2000).map(|k| math::sin(tau * f64::from(k) * if k < 1000 { 0.01 } else { 0.04 })).collect();
        let (all, mean) = (spectrogram(&values, 1.0, 200).unwrap(), welch(&values, 1.0, 200).unwrap());
        assert_eq!((all.times.len(), all.times[0], all.times[1]), (19, 100.0, 200.0));
        for (k, expected) in mean.power.iter().enumerate() {
            let found = all.power.iter().map(|one| one[k]).sum::<f64>() / all.power.len() as f64;
            assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1e-9), "{k}: {found}, not {expected}");
        }
        let loudest = |one: &Vec<f64>| (0..one.len()).max_by(|a, b| one[*a].total_cmp(&one[*b])).map(|k| all.frequencies[k]);
        assert_eq!((loudest(&all.power[1]), loudest(&all.power[17])), (Some(0.01), Some(0.04)));
    }
}
