//! Runs a checked call with the instructions of a machine. What each instruction does is in `swift`, for the frequent ones, and in `general`.
//!
//! Each instruction works through all vectors of a block of instances before the next one starts, so that its decoding is paid once a block. No checks
//! are made here: `machine` has made them.

mod general;
mod swift;

use super::code::Code;
use super::program::{OperandId, TableData};
use crate::simd::Isa;

/// A program with the places of its operands.
pub(super) struct Call<'a> {
    pub code: &'a Code,
    /// Of each operand's first instance; moved on with the blocks.
    pub pointers: &'a mut [*mut f64],
    pub tables: &'a [TableData],
    pub block: usize,
    pub count: usize,
}

impl Call<'_> {
    /// # Safety
    /// `id` is an operand of the call.
    #[inline(always)]
    unsafe fn pointer(&self, id: OperandId) -> *mut f64 {
        // SAFETY: the caller's promise; there is a pointer for each operand.
        unsafe { *self.pointers.get_unchecked(usize::from(id)) }
    }

    /// Moves on to the next block of instances.
    fn advance(&mut self) {
        for &id in &self.code.rows {
            let pointer = &mut self.pointers[usize::from(id)];
            *pointer = pointer.wrapping_add(self.block);
        }
    }
}

/// Runs all instances of the call.
///
/// # Safety
/// The instruction set is here; the pointers fit the code, and rows can be read to the next multiple of eight instances and written to `count`.
pub(super) unsafe fn blocks(isa: Isa, call: &mut Call<'_>) {
    let mut left = call.count;
    loop {
        let count = left.min(call.block);
        // SAFETY: the caller's promises.
        unsafe {
            match isa {
                Isa::Portable => portable::block(call, count),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => avx2::block(call, count),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 => avx512::block(call, count),
                #[cfg(not(target_arch = "x86_64"))]
                Isa::Avx2 | Isa::Avx512 => portable::block(call, count),
            }
        }
        left -= count;
        if left == 0 {
            return;
        }
        call.advance();
    }
}

/// Runs one instance.
///
/// # Safety
/// As [`blocks`], with nothing to be read behind the instance.
pub(super) unsafe fn one<D: FnMut() -> f64>(isa: Isa, call: &Call<'_>, draw: &mut D) {
    // SAFETY: the caller's promises.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::Avx512 => one_with_fma(call, draw),
            _ => general::one(call, draw),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn one_with_fma<D: FnMut() -> f64>(call: &Call<'_>, draw: &mut D) {
    // SAFETY: the caller's promises.
    unsafe { general::one(call, draw) }
}

/// A module with the functions that enable an instruction set: whatever is inlined into them uses it, nothing else may. There is one for each number of
/// vectors in a block, so that no loop over vectors has to be counted.
macro_rules! target {
    ($(#[$condition:meta])* $name:ident, $lanes:ident, $(#[$features:meta])*) => {
        $(#[$condition])*
        mod $name {
            use super::super::action::Step;
            use super::{Call, general, swift};
            use crate::simd::{Lanes, $lanes};

            /// Vectors in a group of eight instances.
            const GROUP: usize = 8 / $lanes::WIDTH;

            /// Runs up to 64 instances from where the pointers are.
            ///
            /// # Safety
            /// As [`super::blocks`].
            pub unsafe fn block(call: &Call<'_>, count: usize) {
                // SAFETY: the caller's promises.
                unsafe {
                    match count.div_ceil(8) {
                        1 => vectors::<{ GROUP }>(call, count),
                        2 => vectors::<{ 2 * GROUP }>(call, count),
                        3 => vectors::<{ 3 * GROUP }>(call, count),
                        4 => vectors::<{ 4 * GROUP }>(call, count),
                        5 => vectors::<{ 5 * GROUP }>(call, count),
                        6 => vectors::<{ 6 * GROUP }>(call, count),
                        7 => vectors::<{ 7 * GROUP }>(call, count),
                        _ => vectors::<{ 8 * GROUP }>(call, count),
                    }
                }
            }

            $(#[$features])*
            #[inline(never)]
            unsafe fn vectors<const N: usize>(call: &Call<'_>, count: usize) {
                // SAFETY: the caller's promises.
                unsafe { swift::block::<$lanes, Rare, N>(call, count) }
            }

            $(#[$features])*
            #[inline(never)]
            unsafe fn any_step(call: &Call<'_>, step: &Step, count: usize) {
                // SAFETY: the caller's promises.
                unsafe { general::step::<$lanes, _>(call, step, count, &mut general::no_draw) }
            }

            /// What `swift` does not do itself.
            struct Rare;

            impl swift::Rare for Rare {
                #[inline(always)]
                unsafe fn step(call: &Call<'_>, step: &Step, count: usize) {
                    // SAFETY: the caller's promises.
                    unsafe { any_step(call, step, count) }
                }
            }
        }
    };
}

target! { portable, Portable, }
target! { #[cfg(target_arch = "x86_64")] avx2, Avx2, #[target_feature(enable = "avx2,fma,bmi1,bmi2")] }
target! { #[cfg(target_arch = "x86_64")] avx512, Avx512, #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")] }
