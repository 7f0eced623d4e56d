//! Random numbers of the tests: the same in every run, so that what fails once fails again.

/// A stream of numbers (splitmix64; Steele, Lea & Flood 2014).
pub struct Dice(pub u64);

impl Dice {
    /// A number below `count`; 0 if that is 0.
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(count.max(1)).unwrap_or(1)).unwrap_or(0)
    }
}
