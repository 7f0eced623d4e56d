//! What arithmetic a function may use: IEEE double operations on one number or on several at once. No loads and stores; those are the engine's.

/// A double, or several side by side. Every operation rounds once, to nearest, and acts on each element alone.
pub trait Real: Copy {
    /// A truth value for each element.
    type Mask: Copy;

    /// The same number in every element.
    fn splat(x: f64) -> Self;

    /// self + b
    fn add(self, b: Self) -> Self;
    /// self - b
    fn sub(self, b: Self) -> Self;
    /// self * b
    fn mul(self, b: Self) -> Self;
    /// self / b
    fn div(self, b: Self) -> Self;
    /// self * b + c, rounded once.
    fn fma(self, b: Self, c: Self) -> Self;
    /// c - self * b, rounded once.
    fn fnma(self, b: Self, c: Self) -> Self;
    /// self * b - c, rounded once.
    fn fms(self, b: Self, c: Self) -> Self;
    /// The other sign.
    fn neg(self) -> Self;
    /// Without the sign.
    fn abs(self) -> Self;
    /// The magnitude of self with the sign of `sign`.
    fn copysign(self, sign: Self) -> Self;
    /// `b` where b < self, else self: so self where either is not a number.
    fn min(self, b: Self) -> Self;
    /// `b` where b > self, else self: so self where either is not a number.
    fn max(self, b: Self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// Largest integer not above.
    fn floor(self) -> Self;
    /// Smallest integer not below.
    fn ceil(self) -> Self;
    /// Nearest integer, ties to even.
    fn round(self) -> Self;

    /// self < b; false for NaN.
    fn lt(self, b: Self) -> Self::Mask;
    /// self <= b; false for NaN.
    fn le(self, b: Self) -> Self::Mask;
    /// self == b; false for NaN.
    fn eq(self, b: Self) -> Self::Mask;
    /// self != b; true for NaN.
    fn ne(self, b: Self) -> Self::Mask;
    /// Both.
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Either.
    fn either(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// Neither more nor less than the opposite.
    fn not(a: Self::Mask) -> Self::Mask;
    /// Whether an element's mask is set.
    fn any(a: Self::Mask) -> bool;
    /// `yes` where the mask is set, else `no`.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// self * 2^n, rounded once, for integer n. Needs 0.5 <= |self| < 2 and |n| <= 2000; NaN stays NaN.
    fn scale(self, n: Self) -> Self;
    /// The integer e with 2^e <= self < 2^(e + 1). Needs a positive, normal, finite number; anything else gives some number.
    fn exponent(self) -> Self;
    /// self / 2^exponent, in [1, 2), with the same need.
    fn mantissa(self) -> Self;
    /// A scalar function on every element: for rare arguments only.
    fn each(self, f: fn(f64) -> f64) -> Self;
}

/// Evaluates `c[0] + c[1] x + ...`, the highest power first (Horner).
macro_rules! horner {
    ($x:expr, $last:expr) => { $crate::math::real::beside($x, $last) };
    ($x:expr, $first:expr, $($rest:expr),+) => { horner!($x, $($rest),+).fma($x, $crate::math::real::beside($x, $first)) };
}
pub(super) use horner;

/// A constant of the same type as x.
#[inline(always)]
pub(super) fn beside<R: Real>(_x: R, c: f64) -> R {
    R::splat(c)
}
