//! Additions to single elements, one after the other.

use super::Isa;

/// values[i] = fma(factor(i), x, values[i]) for each (i, x), in order.
pub fn add_fused(isa: Isa, values: &mut [f64], factor: impl Fn(usize) -> f64, additions: impl Iterator<Item = (u32, f64)>) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx512 | Isa::Avx2 if isa.is_here() => unsafe { with_fma(values, factor, additions) },
        _ => each(values, factor, additions),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
unsafe fn with_fma(values: &mut [f64], factor: impl Fn(usize) -> f64, additions: impl Iterator<Item = (u32, f64)>) {
    each(values, factor, additions);
}

#[inline(always)]
fn each(values: &mut [f64], factor: impl Fn(usize) -> f64, additions: impl Iterator<Item = (u32, f64)>) {
    for (i, x) in additions {
        let i = i as usize;
        values[i] = factor(i).mul_add(x, values[i]);
    }
}
