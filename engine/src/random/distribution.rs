//! Numbers of a distribution from a stream's words. Which number is drawn for what is not decided here.
//!
//! Every sampler is a fixed sequence of draws and own arithmetic, so the same stream gives the same bits on any machine. A parameter that makes no
//! sense (a negative mean, NaN) gives NaN rather than a loop without end.

use super::Stream;
use bouton_model::math;

/// Above this mean Poisson numbers are drawn by rejection.
const POISSON_BY_PRODUCT: f64 = 30.0;

/// low + (high - low) U; one word.
pub fn uniform(stream: &mut Stream, low: f64, high: f64) -> f64 {
    low + (high - low) * stream.uniform()
}

/// -mean ln U; one word.
pub fn exponential(stream: &mut Stream, mean: f64) -> f64 {
    -mean * math::log(stream.uniform())
}

/// By Marsaglia's polar method (Marsaglia and Bray 1964), the first of each pair: two words an attempt.
pub fn normal(stream: &mut Stream, mean: f64, sd: f64) -> f64 {
    polar_pair(stream).0 * sd + mean
}

/// Two independent standard normal numbers by the polar method.
pub fn polar_pair(stream: &mut Stream) -> (f64, f64) {
    loop {
        let u = 2.0 * stream.uniform() - 1.0;
        let w = 2.0 * stream.uniform() - 1.0;
        let square = u * u + w * w;
        if square <= 1.0 {
            let y = (-2.0 * math::log(square) / square).sqrt();
            return (u * y, w * y);
        }
    }
}

/// With this mean and standard deviation of the values themselves: e to the power of a [`normal`] number.
pub fn lognormal(stream: &mut Stream, mean: f64, sd: f64) -> f64 {
    let (square, variance) = (mean * mean, sd * sd);
    let log_mean = math::log(square / (variance + square).sqrt());
    let log_sd = math::log((variance + square) / square).sqrt();
    math::exp(normal(stream, log_mean, log_sd))
}

/// By products of uniform numbers up to a mean of 30, above by transformed rejection.
pub fn poisson(stream: &mut Stream, mean: f64) -> f64 {
    if mean <= POISSON_BY_PRODUCT { poisson_by_product(stream, mean) } else { poisson_by_rejection(stream, mean) }
}

/// How many uniform numbers can be multiplied before the product falls below e^-mean; about `mean` words, and none for means above 700.
pub fn poisson_by_product(stream: &mut Stream, mean: f64) -> f64 {
    if !(0.0..=700.0).contains(&mean) {
        return f64::NAN;
    }
    let bound = math::exp(-mean);
    let mut product = 1.0;
    let mut count = 0;
    loop {
        product *= stream.uniform();
        if product < bound {
            return f64::from(count);
        }
        count += 1;
    }
}

/// Largest mean for which [`poisson_given_none`] inverts the distribution.
pub const POISSON_BY_INVERSION: f64 = 16.0;

/// More is not looked at: of a mean of 16 the chance is 1e-28.
pub(super) const POISSON_MOST: usize = 96;

/// 1 / 1, 1 / 2, ...
pub(super) const RECIPROCALS: [f64; POISSON_MOST] = {
    let mut list = [0.0; POISSON_MOST];
    let mut k = 0;
    while k < POISSON_MOST {
        list[k] = 1.0 / (k + 1) as f64;
        k += 1;
    }
    list
};

/// As mechanisms draw; `none` is e^-mean. Up to a mean of 16 the distribution is inverted with 53 random bits (two words), above numbers are drawn by transformed
/// rejection. NaN where the mean is negative or none.
pub fn poisson_given_none(stream: &mut Stream, mean: f64, none: f64) -> f64 {
    if !(0.0..=POISSON_BY_INVERSION).contains(&mean) {
        return poisson_by_rejection(stream, mean);
    }
    let uniform = fine_uniform(stream);
    let (mut term, mut sum, mut number) = (none, none, 0);
    while sum < uniform && number < POISSON_MOST {
        term = term * mean * RECIPROCALS[number];
        sum += term;
        number += 1;
    }
    number as f64
}

/// Algorithm PTRS of Hormann 1993, "The transformed rejection method for generating Poisson random variables".
pub fn poisson_by_rejection(stream: &mut Stream, mean: f64) -> f64 {
    // Above 2^53 neighbouring integers cannot be told apart.
    if !(0.0..=9e15).contains(&mean) {
        return f64::NAN;
    }
    let log_mean = math::log(mean);
    let b = 0.931 + 2.53 * mean.sqrt();
    let a = -0.059 + 0.02483 * b;
    let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
    let accept = 0.9277 - 3.6224 / (b - 2.0);
    loop {
        let u = fine_uniform(stream) - 0.5;
        let w = fine_uniform(stream);
        let edge = 0.5 - u.abs();
        let k = ((2.0 * a / edge + b) * u + mean + 0.43).floor();
        if edge >= 0.07 && w <= accept {
            return k;
        }
        if k < 0.0 || (edge < 0.013 && w > edge) {
            continue;
        }
        let left = math::log(w) + math::log(inverse_alpha) - math::log(a / (edge * edge) + b);
        if left <= k * log_mean - mean - log_factorial(k) {
            return k;
        }
    }
}

/// ln k!, by Stirling's series from 16 on (error below 1e-11).
fn log_factorial(k: f64) -> f64 {
    const HALF_LOG_TAU: f64 = 0.918_938_533_204_672_8;
    if k < 16.0 {
        return math::log((2..=k as u32).fold(1.0, |product, j| product * f64::from(j)));
    }
    let z = k + 1.0;
    let (r, rr) = (1.0 / z, 1.0 / (z * z));
    (z - 0.5) * math::log(z) - z + HALF_LOG_TAU + r * (1.0 / 12.0 - rr * (1.0 / 360.0 - rr / 1260.0))
}

/// A number in (0, 1) with 53 random bits; two words. For small probabilities, where 32 bits are coarse.
pub fn fine_uniform(stream: &mut Stream) -> f64 {
    let (high, low) = (stream.word(), stream.word());
    fine(high, low)
}

/// Of two words.
#[inline(always)]
pub(super) fn fine(high: u32, low: u32) -> f64 {
    (f64::from(high >> 5) * 67_108_864.0 + f64::from(low >> 6) + 0.5) * (1.0 / 9_007_199_254_740_992.0)
}

/// An integer from 0 to `n` - 1, each equally likely (Lemire 2019); 0 where `n` is 0.
pub fn below(stream: &mut Stream, n: u32) -> u32 {
    let n = u64::from(n.max(1));
    let reject = (1u64 << 32) % n;
    loop {
        let product = u64::from(stream.word()) * n;
        if product & 0xFFFF_FFFF >= reject {
            return (product >> 32) as u32;
        }
    }
}

/// How many trials of this probability fail before the next success; nothing where that is more than `most`.
pub fn failures(stream: &mut Stream, probability: f64, most: u64) -> Option<u64> {
    if probability >= 1.0 {
        return Some(0);
    }
    if probability.is_nan() || probability <= 0.0 {
        return None;
    }
    // 1 - p loses the digits of a small p.
    let log_failure = if probability < 1e-5 { -probability * (1.0 + probability * 0.5) } else { math::log(1.0 - probability) };
    let skipped = (math::log(fine_uniform(stream)) / log_failure).floor();
    if skipped <= most as f64 { Some(skipped as u64) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::StreamKey;

    fn stream(n: u32) -> Stream {
        Stream::new(StreamKey([1, 2, n]), 0)
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() <= 4e-16 * b.abs(), "{a} is not {b}");
    }

    /// `Random123(1, 2, 3)` of NEURON 9.0.2: `normal(0, 1)`, then `repick`, which gives the second of the pair.
    #[test]
    fn normal_is_neurons() {
        let mut s = stream(3);
        let (first, second) = polar_pair(&mut s);
        close(first, 1.1697705780078251);
        close(second, 0.6540212446585365);
        let (third, fourth) = polar_pair(&mut s);
        close(third, 0.19973964345080109);
        close(fourth, 0.17046504008381566);
    }

    /// The same stream: `negexp(2)`, then `repick`.
    #[test]
    fn exponential_is_neurons() {
        let mut s = stream(3);
        close(exponential(&mut s, 2.0), 0.038647213491710304);
        close(exponential(&mut s, 2.0), 2.947167977683676);
    }

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let count = 40_000;
        let all: Vec<f64> = (0..count).map(|_| draw()).collect();
        let mean = all.iter().sum::<f64>() / f64::from(count);
        let square = all.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(count);
        (mean, square)
    }

    /// Mean and variance within five standard errors.
    fn expect((mean, variance): (f64, f64), expected: (f64, f64)) {
        let error = (expected.1 / 40_000.0).sqrt();
        assert!((mean - expected.0).abs() < 5.0 * error, "mean {mean}, expected {}", expected.0);
        assert!((variance / expected.1 - 1.0).abs() < 0.1, "variance {variance}, expected {}", expected.1);
    }

    #[test]
    fn moments_are_right() {
        let s = &mut stream(4);
        expect(moments(|| uniform(s, -1.0, 3.0)), (1.0, 16.0 / 12.0));
        expect(moments(|| exponential(s, 2.5)), (2.5, 6.25));
        expect(moments(|| normal(s, 3.0, 2.0)), (3.0, 4.0));
        expect(moments(|| lognormal(s, 3.0, 0.5)), (3.0, 0.25));
        for mean in [0.3, 4.0, 29.0, 31.0, 100.0, 1e4, 1e9] {
            expect(moments(|| poisson(s, mean)), (mean, mean));
        }
        expect(moments(|| f64::from(below(s, 7))), (3.0, 4.0));
        expect(moments(|| failures(s, 0.2, u64::MAX).unwrap_or(0) as f64), (4.0, 20.0));
    }

    /// Numbers of a second implementation, written in Python from the papers.
    #[test]
    fn bits_stay() {
        let s = &mut stream(5);
        let drawn = [
            uniform(s, 1.0, 2.0),
            normal(s, 0.0, 1.0),
            lognormal(s, 1.0, 1.0),
            poisson(s, 3.0),
            poisson(s, 1e3),
            fine_uniform(s),
        ];
        assert_eq!(drawn, [1.4996067878092623, 0.5593655233302988, 0.5423619679457936, 1.0, 985.0, 0.6990267256690579]);
        assert_eq!([below(s, 10), below(s, 1000), below(s, u32::MAX)], [4, 511, 3_829_119_607]);
        assert_eq!([failures(s, 0.1, 1000), failures(s, 1e-6, 1 << 40)], [Some(8), Some(62_941)]);
    }

    #[test]
    fn log_factorials() {
        close(log_factorial(0.0), 0.0);
        close(log_factorial(5.0), 120f64.ln());
        assert!((log_factorial(16.0) - 20_922_789_888_000f64.ln()).abs() < 1e-10);
        assert!((log_factorial(100.0) - 363.739_375_555_563_5).abs() < 1e-10);
    }

    #[test]
    fn senseless_parameters_give_nan() {
        let s = &mut stream(6);
        for mean in [f64::NAN, -1.0, f64::INFINITY] {
            assert!(poisson(s, mean).is_nan());
        }
        assert_eq!(poisson(s, 0.0), 0.0);
        assert_eq!(failures(s, f64::NAN, 10), None);
        assert_eq!(failures(s, 0.0, 10), None);
        assert_eq!(failures(s, 1e-300, 10), None);
        assert_eq!(failures(s, 1.0, 10), Some(0));
        assert_eq!(below(s, 0), 0);
    }

    /// Chi square of 100,000 Poisson numbers of mechanisms with SciPy's probabilities, by inversion and by rejection.
    #[test]
    fn poisson_numbers_have_their_distribution() {
        let rows: Vec<[f64; 4]> = include_str!("../../../tests/peers/poisson/pmf.csv")
            .lines()
            .skip(1)
            .map(|line| {
                let mut numbers = line.split(',').map(|x| x.parse().expect("a number"));
                std::array::from_fn(|_| numbers.next().expect("four numbers"))
            })
            .collect();
        let draws = 100_000;
        for list in rows.chunk_by(|a, b| a[0] == b[0]) {
            let (mean, critical) = (list[0][0], list[0][3]);
            let s = &mut stream(mean.to_bits() as u32 ^ 77);
            let mut counts = vec![0u32; 400];
            (0..draws).for_each(|_| counts[poisson_given_none(s, mean, math::exp(-mean)) as usize] += 1);
            let listed: f64 = list.iter().map(|row| row[2]).sum();
            let found: u32 = list.iter().map(|row| counts[row[1] as usize]).sum();
            let part = |count: u32, probability: f64| {
                let expected = probability * f64::from(draws);
                (f64::from(count) - expected) * (f64::from(count) - expected) / expected
            };
            let others = if listed < 1.0 - 1e-9 { part(draws as u32 - found, 1.0 - listed) } else { 0.0 };
            let square: f64 = list.iter().map(|row| part(counts[row[1] as usize], row[2])).sum::<f64>() + others;
            assert!(square < critical, "mean {mean}: chi square {square}, not below {critical}");
        }
    }
}
