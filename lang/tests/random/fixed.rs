//! Random inputs that are the same in every run, so that a failure is the change's that is being tested.

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;

/// Tries a property on so many inputs, or on as many as `INPUTS` says.
pub fn fixed(count: u64, mut property: impl FnMut(&mut Unstructured<'_>) -> Result<()>) {
    let wanted = std::env::var("INPUTS").ok().and_then(|count| count.parse().ok()).unwrap_or(count);
    for number in 1..=wanted {
        // arbtest's seed has the length of the input in its lower half.
        let length = 64 * (1 + number % 64);
        arbtest(&mut property).seed(number.wrapping_mul(0x9e37_79b9) << 32 | length).run();
    }
}
