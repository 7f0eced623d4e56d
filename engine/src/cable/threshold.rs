//! Finds the lanes whose potential has risen above a threshold since the last look.

#[cfg(target_arch = "x86_64")]
use super::row::{Avx2Widths, Avx512Widths};
use super::row::{PortableWidths, Row, S1, Widths};
use crate::simd::Isa;

/// Sets in `crossed` the bits of the lanes of `v` that are above the threshold and whose bits in `above` were not set, and makes `above` what is so now.
/// Lane l is bit l % 64 of word l / 64. Whether there is such a lane.
///
/// # Panics
/// Where there are fewer bits than lanes.
pub fn crossings(isa: Isa, v: &[f64], threshold: f64, above: &mut [u64], crossed: &mut [u64]) -> bool {
    let words = v.len().div_ceil(64);
    assert!(words <= above.len() && words <= crossed.len(), "more lanes than bits");
    let mut any = 0;
    for ((lanes, above), crossed) in v.chunks(64).zip(above).zip(crossed) {
        let now = bits(isa, lanes, threshold);
        *crossed = now & !*above;
        *above = now;
        any |= *crossed;
    }
    any != 0
}

/// The same with a threshold for each lane.
///
/// # Panics
/// Where there are fewer bits or thresholds than lanes.
pub fn crossings_each(v: &[f64], thresholds: &[f64], above: &mut [u64], crossed: &mut [u64]) -> bool {
    assert!(v.len() <= thresholds.len() && v.len().div_ceil(64) <= above.len().min(crossed.len()), "more lanes than bits");
    let mut any = 0;
    for (((lanes, thresholds), above), crossed) in v.chunks(64).zip(thresholds.chunks(64)).zip(above).zip(crossed) {
        let bit = |(lane, (v, threshold)): (usize, (&f64, &f64))| u64::from(v > threshold) << lane;
        let now = lanes.iter().zip(thresholds).enumerate().map(bit).fold(0, |all, bit| all | bit);
        *crossed = now & !*above;
        *above = now;
        any |= *crossed;
    }
    any != 0
}

/// A bit for each of up to 64 values that is above.
fn bits(isa: Isa, values: &[f64], threshold: f64) -> u64 {
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx512 if isa.is_here() => unsafe { bits_avx512(values, threshold) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx2 if isa.is_here() => unsafe { bits_avx2(values, threshold) },
        _ => bits_of::<PortableWidths>(values, threshold),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")]
unsafe fn bits_avx512(values: &[f64], threshold: f64) -> u64 {
    bits_of::<Avx512Widths>(values, threshold)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn bits_avx2(values: &[f64], threshold: f64) -> u64 {
    bits_of::<Avx2Widths>(values, threshold)
}

#[inline(always)]
fn bits_of<W: Widths>(values: &[f64], threshold: f64) -> u64 {
    let (mut bits, mut lane) = (0, 0);
    let mut groups = values.chunks_exact(W::W8::WIDTH);
    for group in groups.by_ref() {
        // SAFETY: the group is as wide as the row.
        bits |= unsafe { above::<W::W8>(group, threshold) } << lane;
        lane += W::W8::WIDTH;
    }
    for single in groups.remainder().chunks_exact(1) {
        // SAFETY: one lane is as wide as one lane.
        bits |= unsafe { above::<S1>(single, threshold) } << lane;
        lane += 1;
    }
    bits
}

#[inline(always)]
unsafe fn above<R: Row>(values: &[f64], threshold: f64) -> u64 {
    // SAFETY: the caller's promise.
    unsafe { R::bits(R::load(values.as_ptr()).above(threshold)) }
}
