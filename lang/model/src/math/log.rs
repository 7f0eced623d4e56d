//! Logarithms. The one with twice the digits is in `pow`.
//!
//! x = 2^e m with m within a factor sqrt 2 of 1; with f = m - 1 and s = f / (2 + f), log m = f - (f^2/2 - s (f^2/2 + R(s^2))), the arrangement of
//! FreeBSD's e_log.c, which loses nothing near 1.

use super::Real;
use super::exp::{LN2_HI, LN2_LO};
use super::real::horner;

/// The smallest normal number.
const TINY: f64 = f64::MIN_POSITIVE;
const SQRT_2: f64 = std::f64::consts::SQRT_2;

/// Natural logarithm. -infinity at 0 (of either sign), NaN below.
#[inline(always)]
pub fn log<R: Real>(x: R) -> R {
    let (e, f) = split(x);
    let s = f.div(f.add(R::splat(2.0)));
    let z = s.mul(s);
    let r = z.mul(horner!(
        z,
        0.6666666666666712,
        0.39999999999540486,
        0.2857142871808629,
        0.2222220080862906,
        0.18183458050086526,
        0.15316573020698346,
        0.14772292993467276
    ));
    let half = f.mul(f).mul(R::splat(0.5));
    let correction = s.fma(half.add(r), e.mul(R::splat(LN2_LO)));
    let y = e.fma(R::splat(LN2_HI), f.sub(half.sub(correction)));
    special(x, y)
}

/// Logarithm to base 10.
#[inline(always)]
pub fn log10<R: Real>(x: R) -> R {
    let y = log(x);
    let tail = y.mul(R::splat(1.098319650216765e-17));
    y.fma(R::splat(std::f64::consts::LOG10_E), tail)
}

/// The integer e and f = m - 1 with x = 2^e m and sqrt(1/2) <= m <= sqrt(2); for a positive finite number.
#[inline(always)]
pub(super) fn split<R: Real>(x: R) -> (R, R) {
    let subnormal = x.lt(R::splat(TINY));
    let x = R::select(subnormal, x.mul(R::splat(18014398509481984.0)), x);
    let shift = R::select(subnormal, R::splat(-54.0), R::splat(0.0));
    let (e, m) = (x.exponent().add(shift), x.mantissa());
    let upper = R::splat(SQRT_2).lt(m);
    let e = R::select(upper, e.add(R::splat(1.0)), e);
    (e, R::select(upper, m.mul(R::splat(0.5)), m).sub(R::splat(1.0)))
}

/// Replaces the value y of the formula where x is not a positive finite number.
#[inline(always)]
fn special<R: Real>(x: R, y: R) -> R {
    let y = R::select(x.lt(R::splat(f64::INFINITY)), y, x);
    let y = R::select(x.eq(R::splat(0.0)), R::splat(f64::NEG_INFINITY), y);
    R::select(x.lt(R::splat(0.0)), R::splat(f64::NAN), y)
}
