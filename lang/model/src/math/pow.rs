//! Powers. The logarithm is carried in two doubles, because an error in it is multiplied by up to 745.

use super::Real;
use super::exp::{LN2_HI, LN2_LO, LOG2_E, ROUNDER, quotient};
use super::log::split;
use super::real::horner;

const INFINITY: f64 = f64::INFINITY;

/// x^y as IEEE 754's `pow`: 1 for y = 0 or x = 1 whatever the other is, negative x with integer y only.
#[inline(always)]
pub fn pow<R: Real>(x: R, y: R) -> R {
    let a = x.abs();
    let (h, l) = log_of_magnitude(a);
    let p = y.mul(h);
    let tail = y.fma(h, p.neg()).add(y.mul(l));
    // An infinite product has no tail, and needs none.
    let tail = R::select(p.abs().lt(R::splat(800.0)), tail, R::splat(0.0));
    special(x, y, exp_of_two(p, tail))
}

/// log a in two doubles, for a >= 0; -infinity and infinity for 0 and infinity. NaN gives some number.
#[inline(always)]
fn log_of_magnitude<R: Real>(a: R) -> (R, R) {
    let (e, f) = split(a);
    let (h, l) = log1p_twofold(f);
    let scaled = e.mul(R::splat(LN2_HI));
    let sum = scaled.add(h);
    let lost = scaled.sub(sum).add(h);
    let tail = lost.add(e.fma(R::splat(LN2_LO), l));
    let sum = R::select(a.lt(R::splat(INFINITY)), sum, R::splat(INFINITY));
    (R::select(a.eq(R::splat(0.0)), R::splat(-INFINITY), sum), tail)
}

/// log(1 + f) = s (2 + z (2/3 + z (2/5 + ...))) with s = f / (2 + f) and z = s^2. What is above 2^-12 of the sum is carried in two doubles.
#[inline(always)]
fn log1p_twofold<R: Real>(f: R) -> (R, R) {
    let two = R::splat(2.0);
    let u = f.add(two);
    let u_low = f.sub(u.sub(two));
    let inverse = R::splat(1.0).div(u);
    let s = f.mul(inverse);
    let s_low = s.fnma(u, f).sub(s.mul(u_low)).mul(inverse);
    let z = s.mul(s);
    let z_low = s.fms(s, z).add(s.add(s).mul(s_low));
    let (c, c_low) = third(z);
    let (w, w_low) = product(z, z_low, c, c_low);
    let g = two.add(w);
    let g_low = two.sub(g).add(w).add(w_low);
    product(s, s_low, g, g_low)
}

/// 2/3 + z (2/5 + z (2/7 + ...)) in two doubles, for z <= 0.03.
#[inline(always)]
fn third<R: Real>(z: R) -> (R, R) {
    let p = horner!(
        z,
        0.39999999999999997,
        0.28571428571432506,
        0.2222222222037713,
        0.1818181854752415,
        0.15384577311861672,
        0.13335584974990136,
        0.11688717373230012,
        0.1188041120070983
    );
    let tail = z.mul(p);
    let sum = R::splat(0.6666666666666666).add(tail);
    let lost = R::splat(0.6666666666666666).sub(sum).add(tail);
    (sum, lost.add(R::splat(3.700743415417188e-17)))
}

/// (a + a_low) (b + b_low) in two doubles.
#[inline(always)]
fn product<R: Real>(a: R, a_low: R, b: R, b_low: R) -> (R, R) {
    let p = a.mul(b);
    let low = a.fms(b, p).add(a.fma(b_low, a_low.mul(b)));
    (p, low)
}

/// e^(p + tail), rounded nearly once, so that powers which are exact come out exact.
#[inline(always)]
fn exp_of_two<R: Real>(p: R, tail: R) -> R {
    let one = R::splat(1.0);
    let p = p.max(R::splat(-746.0)).min(R::splat(710.0));
    let n = p.fma(R::splat(LOG2_E), R::splat(ROUNDER)).sub(R::splat(ROUNDER));
    let head = n.fnma(R::splat(LN2_HI), p);
    let tail = n.fnma(R::splat(LN2_LO), tail);
    let r = head.add(tail);
    let r_low = head.sub(r).add(tail);
    let rest = quotient(r).fma(r.mul(r), r_low.fma(r, r_low));
    let sum = one.add(r);
    let lost = one.sub(sum).add(r);
    sum.add(lost.add(rest)).scale(n)
}

/// Signs and the cases that the formula does not cover, where m is |x|^y.
#[inline(always)]
fn special<R: Real>(x: R, y: R, m: R) -> R {
    let (zero, one, nan) = (R::splat(0.0), R::splat(1.0), R::splat(f64::NAN));
    let integer = y.eq(y.floor());
    let half = y.mul(R::splat(0.5));
    let odd = R::both(integer, half.ne(half.floor()));
    let r = R::select(odd, m.copysign(x), m);
    let negative = R::both(x.lt(zero), R::splat(-INFINITY).lt(x));
    let r = R::select(R::both(negative, R::not(integer)), nan, r);
    let r = R::select(R::either(x.ne(x), y.ne(y)), nan, r);
    // (-1)^(+-infinity) is 1.
    let unit = R::both(x.eq(R::splat(-1.0)), y.abs().eq(R::splat(INFINITY)));
    let unit = R::either(unit, R::either(y.eq(zero), x.eq(one)));
    R::select(unit, one, r)
}
