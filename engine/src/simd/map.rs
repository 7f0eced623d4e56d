//! A function of one value, of many values.

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{Isa, Lanes, Portable};
use bouton_model::math::Real;

/// A function of one value, for any number of lanes.
pub trait Function {
    /// Its value.
    fn of<R: Real>(&self, x: R) -> R;
}

/// to[k] = f(from[k]), as far as there are both.
pub fn map(isa: Isa, from: &[f64], to: &mut [f64], f: &impl Function) {
    match isa {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx512 if isa.is_here() => unsafe { wide(from, to, f) },
        #[cfg(target_arch = "x86_64")]
        // SAFETY: the instruction set is asked for.
        Isa::Avx2 if isa.is_here() => unsafe { narrow(from, to, f) },
        _ => each::<Portable>(from, to, f),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")]
unsafe fn wide(from: &[f64], to: &mut [f64], f: &impl Function) {
    each::<Avx512>(from, to, f);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn narrow(from: &[f64], to: &mut [f64], f: &impl Function) {
    each::<Avx2>(from, to, f);
}

#[inline(always)]
fn each<L: Lanes>(from: &[f64], to: &mut [f64], f: &impl Function) {
    let whole = from.len().min(to.len()) / L::WIDTH * L::WIDTH;
    let (vectors, rest) = from.split_at(whole);
    let (out, out_rest) = to.split_at_mut(whole);
    for (from, to) in vectors.chunks_exact(L::WIDTH).zip(out.chunks_exact_mut(L::WIDTH)) {
        // SAFETY: both are as wide as a vector.
        unsafe { f.of(L::load(from.as_ptr())).store(to.as_mut_ptr()) };
    }
    rest.iter().zip(out_rest).for_each(|(from, to)| *to = f.of(*from));
}
