//! Sine, cosine and tangent of moderate arguments in lanes. Arguments beyond 2^45 are reduced one by one in `trig_huge`.
//!
//! x = n pi/2 + r with |r| <= pi/4, r in two doubles; pi/2 is taken in three.

use super::Real;
use super::exp::ROUNDER;
use super::real::horner;
use super::trig_huge::{huge_quadrant, huge_remainder, huge_tail};

const PIO2_1: f64 = std::f64::consts::FRAC_PI_2;
const PIO2_2: f64 = 6.123233995736766e-17;
const PIO2_3: f64 = -1.4973849048591698e-33;
/// From here on the quadrant by multiplication would not be certain.
pub(super) const HUGE: f64 = 35184372088832.0;

/// Sine.
#[inline(always)]
pub fn sin<R: Real>(x: R) -> R {
    let (n, r, low) = reduce(x);
    turned(n, r, low)
}

/// Cosine.
#[inline(always)]
pub fn cos<R: Real>(x: R) -> R {
    let (n, r, low) = reduce(x);
    turned(n.add(R::splat(1.0)), r, low)
}

/// Tangent.
#[inline(always)]
pub fn tan<R: Real>(x: R) -> R {
    let (n, r, low) = reduce(x);
    let (s, c) = (sin_near_zero(r, low), cos_near_zero(r, low));
    let odd = is_odd(n);
    R::select(odd, c.neg(), s).div(R::select(odd, s, c))
}

/// sin(n pi/2 + r + low)
#[inline(always)]
fn turned<R: Real>(n: R, r: R, low: R) -> R {
    let y = R::select(is_odd(n), cos_near_zero(r, low), sin_near_zero(r, low));
    R::select(is_odd(n.mul(R::splat(0.5)).floor()), y.neg(), y)
}

#[inline(always)]
fn is_odd<R: Real>(n: R) -> R::Mask {
    let half = n.mul(R::splat(0.5));
    half.ne(half.floor())
}

/// The quadrant and the remainder in two doubles.
#[inline(always)]
fn reduce<R: Real>(x: R) -> (R, R, R) {
    let (n, r, low) = reduce_moderate(x);
    let huge = R::splat(HUGE).lt(x.abs());
    if !R::any(huge) {
        return (n, r, low);
    }
    let n = R::select(huge, x.each(huge_quadrant), n);
    (n, R::select(huge, x.each(huge_remainder), r), R::select(huge, x.each(huge_tail), low))
}

#[inline(always)]
fn reduce_moderate<R: Real>(x: R) -> (R, R, R) {
    let n = x.fma(R::splat(std::f64::consts::FRAC_2_PI), R::splat(ROUNDER)).sub(R::splat(ROUNDER));
    // Exact: both are multiples of 2^-52 (or Sterbenz), and the difference is below 1.
    let first = n.fnma(R::splat(PIO2_1), x);
    let p = n.mul(R::splat(PIO2_2));
    let p_low = n.fms(R::splat(PIO2_2), p);
    let r = first.sub(p);
    // Knuth's sum: either may be the larger.
    let back = r.sub(first);
    let lost = first.sub(r.sub(back)).sub(p.add(back));
    (n, r, n.fnma(R::splat(PIO2_3), lost.sub(p_low)))
}

/// sin(r + low) for |r| <= pi/4.
#[inline(always)]
fn sin_near_zero<R: Real>(r: R, low: R) -> R {
    let z = r.mul(r);
    let p = horner!(
        z,
        0.008333333333322758,
        -0.00019841269829821672,
        2.755731363404886e-06,
        -2.5050741733919175e-08,
        1.5895512831203488e-10
    );
    // r^3 (S + z p) + low (1 - z/2) + r
    let cubic = z.mul(r).mul(z.fma(p, R::splat(-0.16666666666666635)));
    let y = r.add(cubic.add(z.mul(R::splat(0.5)).fnma(low, low)));
    // The sum would lose the sign of zero.
    R::select(r.eq(R::splat(0.0)), r, y)
}

/// cos(r + low) for |r| <= pi/4.
#[inline(always)]
fn cos_near_zero<R: Real>(r: R, low: R) -> R {
    let one = R::splat(1.0);
    let z = r.mul(r);
    let p = horner!(
        z,
        0.041666666666666644,
        -0.0013888888888880528,
        2.4801587292864424e-05,
        -2.7557315188780543e-07,
        2.087582140195535e-09,
        -1.1364055939500198e-11
    );
    let half = z.mul(R::splat(0.5));
    let head = one.sub(half);
    let lost = one.sub(head).sub(half);
    head.add(lost.add(z.mul(z).fma(p, r.mul(low).neg())))
}
