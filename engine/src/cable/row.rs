//! Lanes of exactly the width of a row: vectors, single doubles, and combinations of them. What is outside a row is neither read nor written.

use crate::simd::Lanes;
#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};

/// Some lanes of a node, and the arithmetic that the cable equation needs.
pub(super) trait Row: Copy {
    /// A truth value for each lane.
    type Mask: Copy;
    /// Lanes.
    const WIDTH: usize;

    /// # Safety
    /// `WIDTH` doubles can be read there.
    unsafe fn load(from: *const f64) -> Self;
    /// # Safety
    /// `WIDTH` doubles can be written there.
    unsafe fn store(self, to: *mut f64);
    fn splat(x: f64) -> Self;
    fn add(self, b: Self) -> Self;
    fn sub(self, b: Self) -> Self;
    fn mul(self, b: Self) -> Self;
    fn div(self, b: Self) -> Self;
    /// self * b + c
    fn fma(self, b: Self, c: Self) -> Self;
    /// c - self * b
    fn fnma(self, b: Self, c: Self) -> Self;
    /// |self| < limit; false for NaN.
    fn within(self, limit: f64) -> Self::Mask;
    /// self > limit; false for NaN.
    fn above(self, limit: f64) -> Self::Mask;
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// A bit for each lane.
    fn bits(mask: Self::Mask) -> u64;
}

/// A vector as a row of its width.
#[derive(Clone, Copy)]
pub(super) struct One<L>(L);

impl<L: Lanes> Row for One<L> {
    type Mask = L::Mask;
    const WIDTH: usize = L::WIDTH;

    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's promise.
        unsafe { One(L::load(from)) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's promise.
        unsafe { self.0.store(to) }
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        One(L::splat(x))
    }

    #[inline(always)]
    fn add(self, b: Self) -> Self {
        One(self.0.add(b.0))
    }

    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        One(self.0.sub(b.0))
    }

    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        One(self.0.mul(b.0))
    }

    #[inline(always)]
    fn div(self, b: Self) -> Self {
        One(self.0.div(b.0))
    }

    #[inline(always)]
    fn fma(self, b: Self, c: Self) -> Self {
        One(self.0.fma(b.0, c.0))
    }

    #[inline(always)]
    fn fnma(self, b: Self, c: Self) -> Self {
        One(self.0.fnma(b.0, c.0))
    }

    #[inline(always)]
    fn within(self, limit: f64) -> L::Mask {
        self.0.abs().lt(L::splat(limit))
    }

    #[inline(always)]
    fn above(self, limit: f64) -> L::Mask {
        L::splat(limit).lt(self.0)
    }

    #[inline(always)]
    fn both(a: L::Mask, b: L::Mask) -> L::Mask {
        L::both(a, b)
    }

    #[inline(always)]
    fn bits(mask: L::Mask) -> u64 {
        u64::from(L::bitmask(mask))
    }
}

/// Two rows side by side.
#[derive(Clone, Copy)]
pub(super) struct Pair<A, B>(A, B);

/// Methods of both halves.
macro_rules! halves {
    ($($name:ident($($b:ident),*);)*) => {
        $(
            #[inline(always)]
            fn $name(self, $($b: Self),*) -> Self {
                Pair(self.0.$name($($b.0),*), self.1.$name($($b.1),*))
            }
        )*
    };
}

impl<A: Row, B: Row> Row for Pair<A, B> {
    type Mask = (A::Mask, B::Mask);
    const WIDTH: usize = A::WIDTH + B::WIDTH;

    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's promise, for both halves.
        unsafe { Pair(A::load(from), B::load(from.wrapping_add(A::WIDTH))) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's promise, for both halves.
        unsafe {
            self.0.store(to);
            self.1.store(to.wrapping_add(A::WIDTH));
        }
    }

    #[inline(always)]
    fn splat(x: f64) -> Self {
        Pair(A::splat(x), B::splat(x))
    }

    halves! {
        add(b);
        sub(b);
        mul(b);
        div(b);
        fma(b, c);
        fnma(b, c);
    }

    #[inline(always)]
    fn within(self, limit: f64) -> Self::Mask {
        (self.0.within(limit), self.1.within(limit))
    }

    #[inline(always)]
    fn above(self, limit: f64) -> Self::Mask {
        (self.0.above(limit), self.1.above(limit))
    }

    #[inline(always)]
    fn both(a: Self::Mask, b: Self::Mask) -> Self::Mask {
        (A::both(a.0, b.0), B::both(a.1, b.1))
    }

    #[inline(always)]
    fn bits(mask: Self::Mask) -> u64 {
        A::bits(mask.0) | (B::bits(mask.1) << A::WIDTH)
    }
}

type Twice<A> = Pair<A, A>;
pub(super) type S1 = One<f64>;
pub(super) type S2 = Twice<S1>;
pub(super) type S3 = Pair<S2, S1>;
pub(super) type S4 = Twice<S2>;

/// The rows of an instruction set: the widest for which registers suffice, and others.
pub(super) trait Widths {
    type Widest: Row;
    type W16: Row;
    type W8: Row;
    type W4: Row;
}

/// Plain Rust.
pub(super) struct PortableWidths;

impl Widths for PortableWidths {
    type Widest = Self::W8;
    type W16 = Twice<Self::W8>;
    type W8 = Twice<S4>;
    type W4 = S4;
}

/// AVX2 and FMA.
#[cfg(target_arch = "x86_64")]
pub(super) struct Avx2Widths;

#[cfg(target_arch = "x86_64")]
impl Widths for Avx2Widths {
    type Widest = Self::W16;
    type W16 = Twice<Self::W8>;
    type W8 = Twice<One<Avx2>>;
    type W4 = One<Avx2>;
}

/// AVX-512.
#[cfg(target_arch = "x86_64")]
pub(super) struct Avx512Widths;

#[cfg(target_arch = "x86_64")]
impl Widths for Avx512Widths {
    type Widest = Twice<Self::W16>;
    type W16 = Twice<One<Avx512>>;
    type W8 = One<Avx512>;
    type W4 = One<Avx2>;
}
