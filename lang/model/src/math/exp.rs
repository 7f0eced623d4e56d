//! The exponential function, and the same less one. Powers are in `pow`.
//!
//! x = n ln 2 + r with |r| <= ln 2 / 2; e^r = 1 + r (1 + r q(r)) with q of degree 9 in two interleaved halves (a shorter chain of dependent operations
//! than Horner's), then times 2^n. No table: the same few registers serve any number of lanes.

use super::Real;
use super::real::horner;

/// Adding it rounds a number below 2^51 to an integer, to nearest.
pub(super) const ROUNDER: f64 = 6755399441055744.0;
pub(super) const LOG2_E: f64 = std::f64::consts::LOG2_E;
/// The leading 41 bits of ln 2, so that its product with an exponent is exact.
pub(super) const LN2_HI: f64 = 0.693147180559663;
pub(super) const LN2_LO: f64 = 2.8235290563031577e-13;
/// Beyond these e^x is infinite or zero, and so is half of it.
const HIGHEST: f64 = 712.0;
const LOWEST: f64 = -746.0;

/// e^x. Overflows to infinity above 709.78, underflows gradually below -708.4 and to 0 below -745.13.
#[inline(always)]
pub fn exp<R: Real>(x: R) -> R {
    exp_times(x, 0.0)
}

/// e^x 2^k, where the power of two costs no accuracy and can save from overflow.
#[inline(always)]
pub(super) fn exp_times<R: Real>(x: R, k: f64) -> R {
    let (n, r) = reduce(x.max(R::splat(LOWEST)).min(R::splat(HIGHEST)));
    let one = R::splat(1.0);
    // Rounds closer than 1 + (r + r^2 q), for the same number of operations.
    let p = quotient(r).fma(r, one).fma(r, one);
    if k == 0.0 { p.scale(n) } else { p.scale(n.add(R::splat(k))) }
}

/// The integer n and r with x = n ln 2 + r.
#[inline(always)]
fn reduce<R: Real>(x: R) -> (R, R) {
    let n = x.fma(R::splat(LOG2_E), R::splat(ROUNDER)).sub(R::splat(ROUNDER));
    let r = n.fnma(R::splat(LN2_HI), x);
    (n, n.fnma(R::splat(LN2_LO), r))
}

/// (e^r - 1 - r) / r^2 with an error below 2^-56 of e^r. Minimax on |r| <= ln 2 / 2.
#[inline(always)]
pub(super) fn quotient<R: Real>(r: R) -> R {
    let z = r.mul(r);
    let even = horner!(
        z,
        0.5000000000000009,
        0.04166666666654066,
        0.0013888888941203407,
        2.4801495364523593e-05,
        2.7629508076626253e-07
    );
    let odd = horner!(
        z,
        0.16666666666666421,
        0.008333333333491717,
        0.00019841269506856666,
        2.755758977789199e-06,
        2.4998113011468783e-08
    );
    odd.fma(r, even)
}

/// e^x - 1, also where x is small.
#[inline(always)]
pub fn expm1<R: Real>(x: R) -> R {
    let a = x.max(R::splat(-50.0)).min(R::splat(710.0));
    let (n, r) = reduce(a);
    // What r lost by being rounded.
    let r_low = n.fnma(R::splat(LN2_LO), n.fnma(R::splat(LN2_HI), a).sub(r));
    let rest = quotient_to_r(r).fma(r.mul(r), r_low);
    // Half of the result, because 2^n itself can overflow: (s - 0.5) + s r + s rest, the first sum in two doubles.
    let s = R::splat(0.5).scale(n);
    let offset = s.sub(R::splat(0.5));
    let sum = s.fma(r, offset);
    let lost = s.fma(r, offset.sub(sum));
    let half = sum.add(s.fma(rest, lost));
    R::select(x.abs().lt(R::splat(5.551115123125783e-17)), x, half.add(half))
}

/// As [`quotient`], with an error below 2^-55 of e^r - 1.
#[inline(always)]
fn quotient_to_r<R: Real>(r: R) -> R {
    let z = r.mul(r);
    let even =
        horner!(z, 0.5000000000000004, 0.04166666666658206, 0.0013888888930171741, 2.4801506690416192e-05, 2.762554573209694e-07);
    let odd = horner!(
        z,
        0.16666666666666685,
        0.008333333333315644,
        0.00019841269900923789,
        2.7557229701148346e-06,
        2.5113956816289335e-08
    );
    odd.fma(r, even)
}
