//! The arithmetic of one number. Vectors are the engine's.

use super::Real;

impl Real for f64 {
    type Mask = bool;

    #[inline(always)]
    fn splat(x: f64) -> f64 {
        x
    }

    #[inline(always)]
    fn add(self, b: f64) -> f64 {
        self + b
    }

    #[inline(always)]
    fn sub(self, b: f64) -> f64 {
        self - b
    }

    #[inline(always)]
    fn mul(self, b: f64) -> f64 {
        self * b
    }

    #[inline(always)]
    fn div(self, b: f64) -> f64 {
        self / b
    }

    #[inline(always)]
    fn fma(self, b: f64, c: f64) -> f64 {
        f64::mul_add(self, b, c)
    }

    #[inline(always)]
    fn fnma(self, b: f64, c: f64) -> f64 {
        f64::mul_add(-self, b, c)
    }

    #[inline(always)]
    fn fms(self, b: f64, c: f64) -> f64 {
        f64::mul_add(self, b, -c)
    }

    #[inline(always)]
    fn neg(self) -> f64 {
        -self
    }

    #[inline(always)]
    fn abs(self) -> f64 {
        f64::abs(self)
    }

    #[inline(always)]
    fn copysign(self, sign: f64) -> f64 {
        f64::copysign(self, sign)
    }

    #[inline(always)]
    fn min(self, b: f64) -> f64 {
        if b < self { b } else { self }
    }

    #[inline(always)]
    fn max(self, b: f64) -> f64 {
        if b > self { b } else { self }
    }

    #[inline(always)]
    fn sqrt(self) -> f64 {
        f64::sqrt(self)
    }

    #[inline(always)]
    fn floor(self) -> f64 {
        f64::floor(self)
    }

    #[inline(always)]
    fn ceil(self) -> f64 {
        f64::ceil(self)
    }

    #[inline(always)]
    fn round(self) -> f64 {
        f64::round_ties_even(self)
    }

    #[inline(always)]
    fn lt(self, b: f64) -> bool {
        self < b
    }

    #[inline(always)]
    fn le(self, b: f64) -> bool {
        self <= b
    }

    #[inline(always)]
    fn eq(self, b: f64) -> bool {
        self == b
    }

    #[inline(always)]
    fn ne(self, b: f64) -> bool {
        self != b
    }

    #[inline(always)]
    fn both(a: bool, b: bool) -> bool {
        a & b
    }

    #[inline(always)]
    fn either(a: bool, b: bool) -> bool {
        a | b
    }

    #[inline(always)]
    fn not(a: bool) -> bool {
        !a
    }

    #[inline(always)]
    fn any(a: bool) -> bool {
        a
    }

    #[inline(always)]
    fn select(mask: bool, yes: f64, no: f64) -> f64 {
        if mask { yes } else { no }
    }

    /// In two factors: the first product is exact, so only the second rounds, also into the subnormal range.
    #[inline(always)]
    fn scale(self, n: f64) -> f64 {
        let n = n as i32;
        let half = n >> 1;
        self * power_of_two(half) * power_of_two(n - half)
    }

    #[inline(always)]
    fn exponent(self) -> f64 {
        ((self.to_bits() >> 52) as i32 - 1023) as f64
    }

    #[inline(always)]
    fn mantissa(self) -> f64 {
        f64::from_bits((self.to_bits() & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000)
    }

    #[inline(always)]
    fn each(self, f: fn(f64) -> f64) -> f64 {
        f(self)
    }
}

/// 2^n for a normal result.
#[inline(always)]
fn power_of_two(n: i32) -> f64 {
    f64::from_bits(((n + 1023) as u64) << 52)
}
