//! The next numbers of eight streams at once: the very numbers that each would give by itself. Plain loops over eight, for the compiler to turn into
//! vector instructions where it is inlined into a function that has them.

use super::distribution::{POISSON_BY_INVERSION, POISSON_MOST, RECIPROCALS};
use super::{KEY_STEP, MULTIPLIER, Stream};

const EIGHT: usize = 8;

/// Uniform numbers as [`Stream::uniform`]; nothing, and nothing drawn, where the streams are not equally far within their blocks of words.
#[inline(always)]
pub fn uniform(streams: &mut [Stream; EIGHT]) -> Option<[f64; EIGHT]> {
    let (words, mut numbers) = (words(streams)?, [0.0; EIGHT]);
    for l in 0..EIGHT {
        numbers[l] = (f64::from(words[l]) + 1.0) * (1.0 / 4_294_967_297.0);
    }
    Some(numbers)
}

/// Poisson numbers as [`super::distribution::poisson_given_none`]; nothing, and nothing drawn, where some mean is too large for inversion or the streams
/// are not equally far.
#[inline(always)]
pub fn poisson(streams: &mut [Stream; EIGHT], mean: &[f64; EIGHT], none: &[f64; EIGHT]) -> Option<[f64; EIGHT]> {
    let mut small = true;
    for m in mean {
        small &= (0.0..=POISSON_BY_INVERSION).contains(m);
    }
    if !small {
        return None;
    }
    let uniform = fine_uniform(streams)?;
    let (mut term, mut sum, mut number) = (*none, *none, [0.0; EIGHT]);
    for reciprocal in &RECIPROCALS[..POISSON_MOST] {
        let mut below = false;
        for l in 0..EIGHT {
            below |= sum[l] < uniform[l];
        }
        if !below {
            break;
        }
        for l in 0..EIGHT {
            number[l] += if sum[l] < uniform[l] { 1.0 } else { 0.0 };
            term[l] = term[l] * mean[l] * reciprocal;
            sum[l] += term[l];
        }
    }
    Some(number)
}

/// As [`super::distribution::fine_uniform`].
#[inline(always)]
fn fine_uniform(streams: &mut [Stream; EIGHT]) -> Option<[f64; EIGHT]> {
    let (high, low) = (words(streams)?, words(streams)?);
    let mut numbers = [0.0; EIGHT];
    for l in 0..EIGHT {
        numbers[l] = super::distribution::fine(high[l], low[l]);
    }
    Some(numbers)
}

/// The next word of each.
#[inline(always)]
fn words(streams: &mut [Stream; EIGHT]) -> Option<[u32; EIGHT]> {
    let within = streams[0].drawn % 4;
    if streams.iter().any(|s| s.drawn % 4 != within) {
        return None;
    }
    if within == 0 {
        refill(streams);
    }
    let mut words = [0; EIGHT];
    for (word, stream) in words.iter_mut().zip(streams) {
        *word = stream.words[within as usize];
        stream.drawn += 1;
    }
    Some(words)
}

/// The block of words that each is about to begin.
#[inline(always)]
fn refill(streams: &mut [Stream; EIGHT]) {
    let (mut c, mut k) = ([[0u32; EIGHT]; 4], [[0u32; EIGHT]; 2]);
    for (l, stream) in streams.iter().enumerate() {
        let counter = stream.counter();
        for (row, word) in c.iter_mut().zip(counter) {
            row[l] = word;
        }
        k[0][l] = stream.global;
    }
    for _ in 0..10 {
        let mut next = [[0u32; EIGHT]; 4];
        for l in 0..EIGHT {
            let p0 = u64::from(c[0][l]) * MULTIPLIER[0];
            let p1 = u64::from(c[2][l]) * MULTIPLIER[1];
            next[0][l] = (p1 >> 32) as u32 ^ c[1][l] ^ k[0][l];
            next[1][l] = p1 as u32;
            next[2][l] = (p0 >> 32) as u32 ^ c[3][l] ^ k[1][l];
            next[3][l] = p0 as u32;
        }
        c = next;
        for (word, step) in k.iter_mut().zip(KEY_STEP) {
            *word = word.map(|word| word.wrapping_add(step));
        }
    }
    for (l, stream) in streams.iter_mut().enumerate() {
        stream.words = [c[0][l], c[1][l], c[2][l], c[3][l]];
    }
}

#[cfg(test)]
mod tests {
    use super::super::distribution::poisson_given_none;
    use super::*;
    use crate::plan::StreamKey;
    use bouton_model::math;

    fn streams() -> [Stream; EIGHT] {
        std::array::from_fn(|l| Stream::new(StreamKey([7, 1 << 31, l as u32]), 3))
    }

    #[test]
    fn eight_at_a_time_are_the_same_numbers() {
        let (mut one, mut eight) = (streams(), streams());
        let mut random = Stream::new(StreamKey([1, 1, 1]), 0);
        for _ in 0..2_000 {
            let mean: [f64; EIGHT] = std::array::from_fn(|_| 16.0 * random.uniform());
            let none = mean.map(|m| math::exp(-m));
            let numbers = poisson(&mut eight, &mean, &none).expect("equally far");
            let expected: [f64; EIGHT] = std::array::from_fn(|l| poisson_given_none(&mut one[l], mean[l], none[l]));
            assert_eq!(numbers, expected);
            if random.uniform() < 0.3 {
                assert_eq!(uniform(&mut eight), Some(std::array::from_fn(|l| one[l].uniform())));
            }
        }
        assert_eq!(one, eight);
    }

    #[test]
    fn streams_that_differ_are_left_alone() {
        let mut some = streams();
        some[3].word();
        let before = some;
        assert_eq!((uniform(&mut some), poisson(&mut some, &[1.0; 8], &[0.4; 8])), (None, None));
        let mut large = streams();
        assert_eq!(poisson(&mut large, &[1.0, 1.0, 17.0, 1.0, 1.0, 1.0, 1.0, 1.0], &[0.4; 8]), None);
        assert_eq!((some, large), (before, streams()));
    }
}
