//! Random numbers: Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3") and streams of it
//! as NEURON's Random123 has them. Distributions are in `random/distribution.rs`.

pub mod distribution;
pub mod lanes;

use crate::plan::StreamKey;
use rand::TryRng;
use std::convert::Infallible;

/// What the first and the third counter word are multiplied by.
const MULTIPLIER: [u64; 2] = [0xD251_1F53, 0xCD9E_8D57];

/// What is added to the key between rounds.
const KEY_STEP: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Ten rounds of Philox4x32: four random words of a counter and a key.
pub fn philox4x32(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    let (mut c, mut k) = (counter, key);
    for _ in 0..10 {
        let p0 = u64::from(c[0]) * MULTIPLIER[0];
        let p1 = u64::from(c[2]) * MULTIPLIER[1];
        c = [(p1 >> 32) as u32 ^ c[1] ^ k[0], p1 as u32, (p0 >> 32) as u32 ^ c[3] ^ k[1], p0 as u32];
        k = [k[0].wrapping_add(KEY_STEP[0]), k[1].wrapping_add(KEY_STEP[1])];
    }
    c
}

/// A stream of words: identifiers (id1, id2, id3), and how many words were drawn.
/// Word `n` of a stream is word `n % 4` of the block with counter (n / 4, id3, id1, id2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: StreamKey,
    global: u32,
    drawn: u64,
    words: [u32; 4],
}

impl Stream {
    /// The stream of these identifiers, from its beginning. `global` is NEURON's global index, the seed of everything.
    pub fn new(key: StreamKey, global: u32) -> Stream {
        Stream { key, global, drawn: 0, words: [0; 4] }
    }

    /// Goes to where so many words were drawn.
    pub fn go_to(&mut self, drawn: u64) {
        self.drawn = drawn;
        if !drawn.is_multiple_of(4) {
            self.fill();
        }
    }

    /// The block of words at the present place.
    fn fill(&mut self) {
        self.words = philox4x32(self.counter(), [self.global, 0]);
    }

    /// The next word.
    pub fn word(&mut self) -> u32 {
        let within = (self.drawn % 4) as usize;
        if within == 0 {
            self.fill();
        }
        self.drawn += 1;
        self.words[within]
    }

    /// Of the block of words in which the next one is.
    #[inline]
    fn counter(&self) -> [u32; 4] {
        let sequence = self.drawn / 4;
        let [id1, id2, id3] = self.key.0;
        // A carry past 2^32 blocks goes into the next counter word, as in Random123.
        let third = id3.wrapping_add((sequence >> 32) as u32);
        [sequence as u32, third, id1, id2]
    }

    /// A number in the open interval (0, 1): (word + 1) / (2^32 + 1).
    pub fn uniform(&mut self) -> f64 {
        (f64::from(self.word()) + 1.0) * (1.0 / 4_294_967_297.0)
    }

    /// How many words were drawn.
    pub fn drawn(&self) -> u64 {
        self.drawn
    }
}

impl TryRng for Stream {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(self.word())
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let low = u64::from(self.word());
        Ok(u64::from(self.word()) << 32 | low)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(4) {
            chunk.copy_from_slice(&self.word().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn philox_of_zero() {
        assert_eq!(philox4x32([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
    }

    /// Values of `Random123(1, 2, 3)` in NEURON 9.0.2.
    #[test]
    fn stream_is_neurons() {
        let mut s = Stream::new(StreamKey([1, 2, 3]), 0);
        let expected = [0.980861897351951, 0.22910290974446038, 0.12487032890206429, 0.12655526885610183, 0.7785446087879724];
        for e in expected {
            assert_eq!(s.uniform(), e);
        }
    }
}
