//! Hyperbolic functions, composed from `exp` and `expm1`.

use super::Real;
use super::exp::{exp_times, expm1};

/// Hyperbolic tangent.
#[inline(always)]
pub fn tanh<R: Real>(x: R) -> R {
    // From 20 on it is 1 to the last bit.
    let t = expm1(x.abs().min(R::splat(20.0)).mul(R::splat(2.0)));
    t.div(t.add(R::splat(2.0))).copysign(x)
}

/// Hyperbolic sine.
#[inline(always)]
pub fn sinh<R: Real>(x: R) -> R {
    let a = x.abs();
    let t = expm1(a);
    let small = t.add(t.div(t.add(R::splat(1.0)))).mul(R::splat(0.5));
    let h = exp_times(a, -1.0);
    let large = h.sub(R::splat(0.25).div(h));
    R::select(a.lt(R::splat(1.0)), small, large).copysign(x)
}

/// Hyperbolic cosine.
#[inline(always)]
pub fn cosh<R: Real>(x: R) -> R {
    let h = exp_times(x.abs(), -1.0);
    h.add(R::splat(0.25).div(h))
}
