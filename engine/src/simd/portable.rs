//! Four doubles in plain Rust, for any machine. The compiler may make vectors of them; the bits are those of `scalar` in any case.

use super::{Lanes, Unaligned};
use crate::vm::program::TableRow;
use bouton_model::math::Real;

const WIDTH: usize = 4;

/// Four doubles.
#[derive(Clone, Copy)]
pub(crate) struct Portable([f64; WIDTH]);

/// Methods that apply the scalar's to each element.
macro_rules! elementwise {
    ($trait:ident: $($name:ident($($b:ident),*);)*) => {
        $(
            #[inline(always)]
            fn $name(self, $($b: Self),*) -> Self {
                Portable(std::array::from_fn(|l| $trait::$name(self.0[l], $($b.0[l]),*)))
            }
        )*
    };
}

/// Comparisons.
macro_rules! comparisons {
    ($($name:ident)*) => {
        $(
            #[inline(always)]
            fn $name(self, b: Self) -> [bool; WIDTH] {
                std::array::from_fn(|l| Real::$name(self.0[l], b.0[l]))
            }
        )*
    };
}

impl Real for Portable {
    type Mask = [bool; WIDTH];

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Portable([x; WIDTH])
    }

    elementwise! {
        Real:
        add(b);
        sub(b);
        mul(b);
        div(b);
        fma(b, c);
        fnma(b, c);
        fms(b, c);
        neg();
        abs();
        copysign(sign);
        min(b);
        max(b);
        sqrt();
        floor();
        ceil();
        round();
        scale(n);
        exponent();
        mantissa();
    }

    comparisons! { lt le eq ne }

    #[inline(always)]
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        std::array::from_fn(|l| a[l] & b[l])
    }

    #[inline(always)]
    fn either(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        std::array::from_fn(|l| a[l] | b[l])
    }

    #[inline(always)]
    fn not(a: Self::Mask) -> Self::Mask {
        a.map(|set| !set)
    }

    #[inline(always)]
    fn any(a: Self::Mask) -> bool {
        a[0] | a[1] | a[2] | a[3]
    }

    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Portable(std::array::from_fn(|l| if mask[l] { yes.0[l] } else { no.0[l] }))
    }

    #[inline(always)]
    fn each(self, f: fn(f64) -> f64) -> Self {
        Portable(self.0.map(f))
    }
}

// SAFETY: needs no instruction set.
unsafe impl Lanes for Portable {
    const WIDTH: usize = WIDTH;

    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Portable((*from.cast::<Unaligned<[f64; WIDTH]>>()).0) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's promise.
        unsafe { *to.cast() = Unaligned(self.0) }
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        for l in 0..count {
            // SAFETY: the caller's promise.
            unsafe { *to.wrapping_add(l) = self.0[l] }
        }
    }

    #[inline(always)]
    fn from_mask(mask: Self::Mask) -> Self {
        Portable(mask.map(f64::from_mask))
    }

    elementwise! {
        Lanes:
        and_bits(b);
        or_bits(b);
        not_bits();
        select_bits(yes, no);
    }

    #[inline(always)]
    fn bitmask(mask: Self::Mask) -> u32 {
        (0..WIDTH).map(|l| u32::from(mask[l]) << l).sum()
    }

    #[inline(always)]
    unsafe fn interpolate(rows: *const TableRow, index: Self, theta: Self, out: &[*mut f64; 8], offset: usize) {
        for l in 0..WIDTH {
            // SAFETY: the caller's promise, one element after another.
            unsafe { f64::interpolate(rows, index.0[l], theta.0[l], out, offset + l) };
        }
    }
}
