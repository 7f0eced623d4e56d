//! Four doubles with AVX2 and FMA. Nothing here chooses when it may be used.

use super::{Lanes, Unaligned};
use crate::vm::program::TableRow;
use bouton_model::math::Real;
use std::arch::x86_64::*;

/// Four doubles.
#[derive(Clone, Copy)]
pub(crate) struct Avx2(__m256d);

/// Methods that are one instruction.
macro_rules! instructions {
    ($($name:ident($($b:ident),*) = $instruction:path;)*) => {
        $(
            #[inline(always)]
            fn $name(self, $($b: Self),*) -> Self {
                // SAFETY: such vectors are made only in functions that enable the instruction set.
                unsafe { Self($instruction(self.0, $($b.0),*)) }
            }
        )*
    };
}

/// Comparisons with a predicate.
macro_rules! comparisons {
    ($($name:ident = $predicate:ident;)*) => {
        $(
            #[inline(always)]
            fn $name(self, b: Self) -> Self::Mask {
                // SAFETY: such vectors are made only in functions that enable the instruction set.
                unsafe { _mm256_cmp_pd::<$predicate>(self.0, b.0) }
            }
        )*
    };
}

/// To the nearest, downwards and upwards, without exceptions.
const NEAREST: i32 = 0x08;
const DOWN: i32 = 0x09;
const UP: i32 = 0x0a;
/// Adding it leaves an integer in the low bits of a double.
const INTEGER: f64 = 6755399441055744.0;
/// The bits of 2^52, under which an unsigned integer becomes a double, and 2^52 plus the bias of exponents.
const UNSIGNED: i64 = 0x4330_0000_0000_0000;
const UNSIGNED_BIASED: f64 = 4503599627371519.0;

impl Real for Avx2 {
    type Mask = __m256d;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        // SAFETY: called only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_set1_pd(x)) }
    }

    instructions! {
        add(b) = _mm256_add_pd;
        sub(b) = _mm256_sub_pd;
        mul(b) = _mm256_mul_pd;
        div(b) = _mm256_div_pd;
        fma(b, c) = _mm256_fmadd_pd;
        fnma(b, c) = _mm256_fnmadd_pd;
        fms(b, c) = _mm256_fmsub_pd;
        sqrt() = _mm256_sqrt_pd;
        floor() = _mm256_round_pd::<DOWN>;
        ceil() = _mm256_round_pd::<UP>;
        round() = _mm256_round_pd::<NEAREST>;
    }

    #[inline(always)]
    fn neg(self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_xor_pd(self.0, _mm256_set1_pd(-0.0))) }
    }

    #[inline(always)]
    fn abs(self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0)) }
    }

    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self::splat(-0.0).select_bits(sign, self)
    }

    /// The instruction gives its second operand where either is not a number.
    #[inline(always)]
    fn min(self, b: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_min_pd(b.0, self.0)) }
    }

    #[inline(always)]
    fn max(self, b: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_max_pd(b.0, self.0)) }
    }

    comparisons! {
        lt = _CMP_LT_OQ;
        le = _CMP_LE_OQ;
        eq = _CMP_EQ_OQ;
        ne = _CMP_NEQ_UQ;
    }

    #[inline(always)]
    fn both(a: __m256d, b: __m256d) -> __m256d {
        Avx2(a).and_bits(Avx2(b)).0
    }

    #[inline(always)]
    fn either(a: __m256d, b: __m256d) -> __m256d {
        Avx2(a).or_bits(Avx2(b)).0
    }

    #[inline(always)]
    fn not(a: __m256d) -> __m256d {
        Avx2(a).not_bits().0
    }

    #[inline(always)]
    fn any(a: __m256d) -> bool {
        Self::bitmask(a) != 0
    }

    #[inline(always)]
    fn select(mask: __m256d, yes: Self, no: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_blendv_pd(no.0, yes.0, mask)) }
    }

    /// In two factors: the first product is exact, so only the second rounds, also into the subnormal range.
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe {
            let n = _mm256_castpd_si256(_mm256_add_pd(n.0, _mm256_set1_pd(INTEGER)));
            let half = _mm256_srai_epi32::<1>(n);
            let rest = _mm256_sub_epi32(n, half);
            Avx2(_mm256_mul_pd(_mm256_mul_pd(self.0, power_of_two(half)), power_of_two(rest)))
        }
    }

    #[inline(always)]
    fn exponent(self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe {
            let biased = _mm256_srli_epi64::<52>(_mm256_castpd_si256(self.0));
            let shifted = _mm256_castsi256_pd(_mm256_or_si256(biased, _mm256_set1_epi64x(UNSIGNED)));
            Avx2(_mm256_sub_pd(shifted, _mm256_set1_pd(UNSIGNED_BIASED)))
        }
    }

    #[inline(always)]
    fn mantissa(self) -> Self {
        let exponent = Self::splat(f64::from_bits(0x7ff0_0000_0000_0000));
        exponent.select_bits(Self::splat(1.0), self)
    }

    #[inline(always)]
    fn each(self, f: fn(f64) -> f64) -> Self {
        let mut elements = [0.0; 4];
        // SAFETY: four elements have room for the vector.
        unsafe {
            self.store(elements.as_mut_ptr());
            for element in &mut elements {
                *element = f(*element);
            }
            Self::load(elements.as_ptr())
        }
    }
}

/// 2^n for integers in the low halves of the elements, where it is normal.
#[inline(always)]
fn power_of_two(n: __m256i) -> __m256d {
    // SAFETY: such vectors are made only in functions that enable the instruction set.
    unsafe {
        let biased = _mm256_add_epi32(n, _mm256_set1_epi32(1023));
        _mm256_castsi256_pd(_mm256_slli_epi64::<52>(biased))
    }
}

// SAFETY: used only where `Isa::Avx2.is_here()`, inside functions that enable it.
unsafe impl Lanes for Avx2 {
    const WIDTH: usize = 4;

    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Avx2((*from.cast::<Unaligned<__m256d>>()).0) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's promise.
        unsafe { *to.cast() = Unaligned(self.0) }
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        // SAFETY: the caller's promise; masked elements are not touched.
        unsafe {
            let lane = _mm256_setr_epi64x(0, 1, 2, 3);
            let mask = _mm256_cmpgt_epi64(_mm256_set1_epi64x(count as i64), lane);
            _mm256_maskstore_pd(to, mask, self.0);
        }
    }

    #[inline(always)]
    fn from_mask(mask: __m256d) -> Self {
        Avx2(mask)
    }

    instructions! {
        and_bits(b) = _mm256_and_pd;
        or_bits(b) = _mm256_or_pd;
    }

    #[inline(always)]
    fn not_bits(self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_xor_pd(self.0, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)))) }
    }

    #[inline(always)]
    fn select_bits(self, yes: Self, no: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx2(_mm256_or_pd(_mm256_and_pd(self.0, yes.0), _mm256_andnot_pd(self.0, no.0))) }
    }

    #[inline(always)]
    fn bitmask(mask: __m256d) -> u32 {
        // SAFETY: masks are made only in functions that enable the instruction set.
        unsafe { _mm256_movemask_pd(mask) as u32 }
    }

    /// Whole entries are read, one cache line each, and transposed: cheaper than gathers, which read a line for every element.
    #[inline(always)]
    unsafe fn interpolate(rows: *const TableRow, index: Self, theta: Self, out: &[*mut f64; 8], offset: usize) {
        // SAFETY: the caller's promises on `index` and `out`.
        unsafe {
            let mut at = [0i32; 4];
            _mm_storeu_si128(at.as_mut_ptr().cast(), _mm256_cvttpd_epi32(index.0));
            let mut part = [0.0; 4];
            theta.store(part.as_mut_ptr());
            for half in 0..2 {
                let mut entry = [index.0; 4];
                for l in 0..4 {
                    let row = rows.wrapping_add(at[l] as usize).cast::<f64>().wrapping_add(4 * half);
                    let (here, next) = (Self::load(row), Self::load(row.wrapping_add(8)));
                    entry[l] = Self::splat(part[l]).fma(next.sub(here), here).0;
                }
                let values = transpose(entry);
                for k in 0..4 {
                    Avx2(values[k]).store(out[4 * half + k].wrapping_add(offset));
                }
            }
        }
    }
}

/// Rows become columns.
#[inline(always)]
fn transpose(r: [__m256d; 4]) -> [__m256d; 4] {
    // SAFETY: such vectors are made only in functions that enable the instruction set.
    unsafe {
        let (a0, a1) = (_mm256_unpacklo_pd(r[0], r[1]), _mm256_unpackhi_pd(r[0], r[1]));
        let (a2, a3) = (_mm256_unpacklo_pd(r[2], r[3]), _mm256_unpackhi_pd(r[2], r[3]));
        [
            _mm256_permute2f128_pd::<0x20>(a0, a2),
            _mm256_permute2f128_pd::<0x20>(a1, a3),
            _mm256_permute2f128_pd::<0x31>(a0, a2),
            _mm256_permute2f128_pd::<0x31>(a1, a3),
        ]
    }
}
