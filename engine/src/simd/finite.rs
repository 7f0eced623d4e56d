//! Whether values are numbers.

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{Isa, Lanes, Portable};

/// Whether all values are finite.
pub fn are_finite(isa: Isa, values: &[f64]) -> bool {
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx512 if isa.is_here() => unsafe { wide(values) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx2 if isa.is_here() => unsafe { narrow(values) },
        _ => all::<Portable>(values),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")]
unsafe fn wide(values: &[f64]) -> bool {
    all::<Avx512>(values)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn narrow(values: &[f64]) -> bool {
    all::<Avx2>(values)
}

/// What is not finite is no number times zero, and spoils every sum.
#[inline(always)]
fn all<L: Lanes>(values: &[f64]) -> bool {
    let (zero, mut sum) = (L::splat(0.0), L::splat(0.0));
    let mut vectors = values.chunks_exact(L::WIDTH);
    for vector in vectors.by_ref() {
        // SAFETY: it is as wide as a vector.
        sum = sum.add(unsafe { L::load(vector.as_ptr()) }.mul(zero));
    }
    let rest = vectors.remainder().iter().fold(0.0, |sum, x| sum + x * 0.0);
    !L::any(sum.ne(zero)) && rest == 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_is_none_is_found() {
        for isa in Isa::available() {
            for count in 0..20 {
                let mut values = vec![-1e308; count];
                assert!(are_finite(isa, &values), "{isa}: {count}");
                for at in 0..count {
                    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                        values[at] = bad;
                        assert!(!are_finite(isa, &values), "{isa}: {bad} at {at} of {count}");
                    }
                    values[at] = 1.0;
                }
            }
        }
    }
}
