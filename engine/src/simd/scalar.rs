//! One number as a vector of width 1. Its arithmetic is the model's.

use super::Lanes;
use crate::vm::program::TableRow;
use bouton_model::math::Real;

// SAFETY: needs no instruction set.
unsafe impl Lanes for f64 {
    const WIDTH: usize = 1;

    #[inline(always)]
    unsafe fn load(from: *const f64) -> f64 {
        // SAFETY: the caller's promise.
        unsafe { *from }
    }

    #[inline(always)]
    unsafe fn store(self, to: *mut f64) {
        // SAFETY: the caller's promise.
        unsafe { *to = self }
    }

    #[inline(always)]
    unsafe fn store_first(self, to: *mut f64, count: usize) {
        if count > 0 {
            // SAFETY: the caller's promise.
            unsafe { *to = self }
        }
    }

    #[inline(always)]
    fn from_mask(mask: bool) -> f64 {
        f64::from_bits(if mask { u64::MAX } else { 0 })
    }

    #[inline(always)]
    fn and_bits(self, b: f64) -> f64 {
        f64::from_bits(self.to_bits() & b.to_bits())
    }

    #[inline(always)]
    fn or_bits(self, b: f64) -> f64 {
        f64::from_bits(self.to_bits() | b.to_bits())
    }

    #[inline(always)]
    fn not_bits(self) -> f64 {
        f64::from_bits(!self.to_bits())
    }

    #[inline(always)]
    fn select_bits(self, yes: f64, no: f64) -> f64 {
        let mask = self.to_bits();
        f64::from_bits((mask & yes.to_bits()) | (!mask & no.to_bits()))
    }

    #[inline(always)]
    fn bitmask(mask: bool) -> u32 {
        u32::from(mask)
    }

    #[inline(always)]
    unsafe fn interpolate(rows: *const TableRow, index: f64, theta: f64, out: &[*mut f64; 8], offset: usize) {
        // SAFETY: the caller's promises on `index` and `out`.
        unsafe {
            let (here, next) = (&*rows.wrapping_add(index as usize), &*rows.wrapping_add(index as usize + 1));
            for (to, (&next, &here)) in out.iter().zip(next.0.iter().zip(&here.0)) {
                *to.wrapping_add(offset) = theta.fma(next - here, here);
            }
        }
    }
}
