//! Eight doubles with AVX-512. Nothing here chooses when it may be used.

use super::{Lanes, Unaligned};
use crate::vm::program::TableRow;
use bouton_model::math::Real;
use std::arch::x86_64::*;

/// Eight doubles.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(__m512d);

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
                unsafe { _mm512_cmp_pd_mask::<$predicate>(self.0, b.0) }
            }
        )*
    };
}

/// To the nearest, downwards and upwards, without exceptions.
const NEAREST: i32 = 0x08;
const DOWN: i32 = 0x09;
const UP: i32 = 0x0a;
/// Truth table of "second where first, else third".
const CHOOSE: i32 = 0xca;

impl Real for Avx512 {
    type Mask = __mmask8;

    #[inline(always)]
    fn splat(x: f64) -> Self {
        // SAFETY: called only in functions that enable the instruction set.
        unsafe { Avx512(_mm512_set1_pd(x)) }
    }

    instructions! {
        add(b) = _mm512_add_pd;
        sub(b) = _mm512_sub_pd;
        mul(b) = _mm512_mul_pd;
        div(b) = _mm512_div_pd;
        fma(b, c) = _mm512_fmadd_pd;
        fnma(b, c) = _mm512_fnmadd_pd;
        fms(b, c) = _mm512_fmsub_pd;
        abs() = _mm512_abs_pd;
        sqrt() = _mm512_sqrt_pd;
        floor() = _mm512_roundscale_pd::<DOWN>;
        ceil() = _mm512_roundscale_pd::<UP>;
        round() = _mm512_roundscale_pd::<NEAREST>;
        scale(n) = _mm512_scalef_pd;
        exponent() = _mm512_getexp_pd;
        mantissa() = _mm512_getmant_pd::<_MM_MANT_NORM_1_2, _MM_MANT_SIGN_SRC>;
    }

    #[inline(always)]
    fn neg(self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx512(_mm512_xor_pd(self.0, _mm512_set1_pd(-0.0))) }
    }

    #[inline(always)]
    fn copysign(self, sign: Self) -> Self {
        Self::splat(-0.0).select_bits(sign, self)
    }

    /// The instruction gives its second operand where either is not a number.
    #[inline(always)]
    fn min(self, b: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx512(_mm512_min_pd(b.0, self.0)) }
    }

    #[inline(always)]
    fn max(self, b: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx512(_mm512_max_pd(b.0, self.0)) }
    }

    comparisons! {
        lt = _CMP_LT_OQ;
        le = _CMP_LE_OQ;
        eq = _CMP_EQ_OQ;
        ne = _CMP_NEQ_UQ;
    }

    #[inline(always)]
    fn both(a: __mmask8, b: __mmask8) -> __mmask8 {
        a & b
    }

    #[inline(always)]
    fn either(a: __mmask8, b: __mmask8) -> __mmask8 {
        a | b
    }

    #[inline(always)]
    fn not(a: __mmask8) -> __mmask8 {
        !a
    }

    #[inline(always)]
    fn any(a: __mmask8) -> bool {
        a != 0
    }

    #[inline(always)]
    fn select(mask: __mmask8, yes: Self, no: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx512(_mm512_mask_blend_pd(mask, no.0, yes.0)) }
    }

    #[inline(always)]
    fn each(self, f: fn(f64) -> f64) -> Self {
        let mut elements = [0.0; 8];
        // SAFETY: eight elements have room for the vector.
        unsafe {
            self.store(elements.as_mut_ptr());
            for element in &mut elements {
                *element = f(*element);
            }
            Self::load(elements.as_ptr())
        }
    }
}

// SAFETY: used only where `Isa::Avx512.is_here()`, inside functions that enable it.
unsafe impl Lanes for Avx512 {
    const WIDTH: usize = 8;

    #[inline(always)]
    unsafe fn load(from: *const f64) -> Self {
        // SAFETY: the caller's promise.
        unsafe { Avx512((*from.cast::<Unaligned<__m512d>>()).0) }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's promise.
        unsafe { *to.cast() = Unaligned(self.0) }
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        let mask = ((1u32 << count) - 1) as __mmask8;
        // SAFETY: the caller's promise; masked elements are not touched.
        unsafe { _mm512_mask_storeu_pd(to, mask, self.0) }
    }

    #[inline(always)]
    fn from_mask(mask: __mmask8) -> Self {
        // SAFETY: masks are made only in functions that enable the instruction set.
        unsafe { Avx512(_mm512_castsi512_pd(_mm512_movm_epi64(mask))) }
    }

    instructions! {
        and_bits(b) = _mm512_and_pd;
        or_bits(b) = _mm512_or_pd;
    }

    #[inline(always)]
    fn not_bits(self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe { Avx512(_mm512_xor_pd(self.0, _mm512_castsi512_pd(_mm512_set1_epi64(-1)))) }
    }

    #[inline(always)]
    fn select_bits(self, yes: Self, no: Self) -> Self {
        // SAFETY: such vectors are made only in functions that enable the instruction set.
        unsafe {
            let (m, y, n) = (_mm512_castpd_si512(self.0), _mm512_castpd_si512(yes.0), _mm512_castpd_si512(no.0));
            Avx512(_mm512_castsi512_pd(_mm512_ternarylogic_epi64::<CHOOSE>(m, y, n)))
        }
    }

    #[inline(always)]
    fn bitmask(mask: __mmask8) -> u32 {
        u32::from(mask)
    }

    /// Whole entries are read, one cache line each, and transposed: cheaper than gathers, which read a line for every element.
    #[inline(always)]
    unsafe fn interpolate(rows: *const TableRow, index: Self, theta: Self, out: &[*mut f64; 8], offset: usize) {
        // SAFETY: the caller's promises on `index` and `out`.
        unsafe {
            let mut at = [0i32; 8];
            _mm256_storeu_si256(at.as_mut_ptr().cast(), _mm512_cvttpd_epi32(index.0));
            let mut part = [0.0; 8];
            theta.store(part.as_mut_ptr());
            let mut entry = [index.0; 8];
            for l in 0..8 {
                let row = rows.wrapping_add(at[l] as usize).cast::<f64>();
                let (here, next) = (Self::load(row), Self::load(row.wrapping_add(8)));
                entry[l] = Self::splat(part[l]).fma(next.sub(here), here).0;
            }
            let values = transpose(entry);
            for k in 0..8 {
                Avx512(values[k]).store(out[k].wrapping_add(offset));
            }
        }
    }
}

/// Rows become columns.
#[inline(always)]
fn transpose(r: [__m512d; 8]) -> [__m512d; 8] {
    // SAFETY: such vectors are made only in functions that enable the instruction set.
    unsafe {
        // Pairs of rows interleaved: element 2i of one beside element 2i of the next; then the odd ones.
        let (a0, a1) = (_mm512_unpacklo_pd(r[0], r[1]), _mm512_unpackhi_pd(r[0], r[1]));
        let (a2, a3) = (_mm512_unpacklo_pd(r[2], r[3]), _mm512_unpackhi_pd(r[2], r[3]));
        let (a4, a5) = (_mm512_unpacklo_pd(r[4], r[5]), _mm512_unpackhi_pd(r[4], r[5]));
        let (a6, a7) = (_mm512_unpacklo_pd(r[6], r[7]), _mm512_unpackhi_pd(r[6], r[7]));
        // 128-bit quarters 0 and 2 (or 1 and 3) of two vectors.
        let (b0, b2) = (_mm512_shuffle_f64x2::<0x88>(a0, a2), _mm512_shuffle_f64x2::<0xdd>(a0, a2));
        let (b1, b3) = (_mm512_shuffle_f64x2::<0x88>(a1, a3), _mm512_shuffle_f64x2::<0xdd>(a1, a3));
        let (b4, b6) = (_mm512_shuffle_f64x2::<0x88>(a4, a6), _mm512_shuffle_f64x2::<0xdd>(a4, a6));
        let (b5, b7) = (_mm512_shuffle_f64x2::<0x88>(a5, a7), _mm512_shuffle_f64x2::<0xdd>(a5, a7));
        [
            _mm512_shuffle_f64x2::<0x88>(b0, b4),
            _mm512_shuffle_f64x2::<0x88>(b1, b5),
            _mm512_shuffle_f64x2::<0x88>(b2, b6),
            _mm512_shuffle_f64x2::<0x88>(b3, b7),
            _mm512_shuffle_f64x2::<0xdd>(b0, b4),
            _mm512_shuffle_f64x2::<0xdd>(b1, b5),
            _mm512_shuffle_f64x2::<0xdd>(b2, b6),
            _mm512_shuffle_f64x2::<0xdd>(b3, b7),
        ]
    }
}
