//! Angles of sines, cosines, tangents and points, and signs.

use super::Real;
use super::real::horner;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// What pi/2 lacks as a double.
const PIO2_REST: f64 = 6.123233995736766e-17;
/// tan(pi/8) and tan(3 pi/8): between them the angle is told from pi/4, above from pi/2.
const LOW: f64 = 0.41421356237309503;
const HIGH: f64 = 2.414213562373095;

/// Arc tangent, from -pi/2 to pi/2.
#[inline(always)]
pub fn atan<R: Real>(x: R) -> R {
    let (one, t) = (R::splat(1.0), x.abs());
    let (beyond, large) = (R::splat(LOW).lt(t), R::splat(HIGH).lt(t));
    let above = R::select(large, R::splat(-1.0), R::select(beyond, t.sub(one), t));
    let below = R::select(large, t, R::select(beyond, t.add(one), one));
    let from = R::select(large, R::splat(FRAC_PI_2), R::select(beyond, R::splat(FRAC_PI_4), R::splat(0.0)));
    let rest = R::select(large, R::splat(PIO2_REST), R::select(beyond, R::splat(PIO2_REST / 2.0), R::splat(0.0)));
    let u = above.div(below);
    let z = u.mul(u);
    // Equal ripples of 2e-19 of the whole on the interval.
    let p = horner!(
        z,
        -0.3333333333333333,
        0.19999999999999804,
        -0.14285714285659828,
        0.11111111105155441,
        -0.09090908753500636,
        0.07692296375025154,
        -0.06666424885612743,
        0.058789289963916344,
        -0.05230454260021369,
        0.04551593172142479,
        -0.03457056073451242,
        0.0162857554733498
    );
    // u + u z p and what stands for the interval, the small parts first.
    from.add(u.add(u.mul(z).fma(p, rest))).copysign(x)
}

/// Arc sine, from -pi/2 to pi/2; not a number beyond -1 and 1.
#[inline(always)]
pub fn asin<R: Real>(x: R) -> R {
    let one = R::splat(1.0);
    atan(x.div(one.sub(x).mul(one.add(x)).sqrt()))
}

/// Arc cosine, from 0 to pi; not a number beyond -1 and 1.
#[inline(always)]
pub fn acos<R: Real>(x: R) -> R {
    let one = R::splat(1.0);
    R::splat(2.0).mul(atan(one.sub(x).div(one.add(x)).sqrt()))
}

/// The angle of the point (x, y), from -pi to pi; 0 for the origin. Half of it is seen from the far side of the circle through the point.
#[inline(always)]
pub fn atan2<R: Real>(y: R, x: R) -> R {
    let zero = R::splat(0.0);
    // Squares of what is far from 1 would leave the range of numbers.
    let size = x.abs().max(y.abs());
    let (a, b) = (x.div(size), y.div(size));
    let far = a.mul(a).add(b.mul(b)).sqrt().add(a.abs());
    let angle = R::splat(2.0).mul(atan(b.div(far)));
    let turn = R::select(y.lt(zero), R::splat(-PI), R::splat(PI));
    let angle = R::select(x.lt(zero), turn.sub(angle), angle);
    R::select(size.eq(zero), zero, angle)
}

/// -1, 0 or 1; 0 where it is no number.
#[inline(always)]
pub fn sign<R: Real>(x: R) -> R {
    let zero = R::splat(0.0);
    R::select(zero.lt(x), R::splat(1.0), R::select(x.lt(zero), R::splat(-1.0), zero))
}
