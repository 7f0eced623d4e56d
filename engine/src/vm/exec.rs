//! Runs a checked call with the instructions of a machine. What each instruction does is in `swift`, for the frequent ones, and in `general`.
//!
//! Each instruction works through all vectors of a block of instances before the next one starts, so that its decoding is paid once a block. No checks
//! are made here: `machine` has made them.

mod general;
mod swift;

use super::code::Code;
use super::program::{OperandId, TableData};
use crate::random::Stream;
use crate::simd::Isa;

/// A program with the places of its operands.
pub(super) struct Call<'a> {
    pub code: &'a Code,
    /// Of each operand's first instance; moved on with the blocks.
    pub pointers: &'a mut [*mut f64],
    pub tables: &'a [TableData],
    /// Of the first instance, where the program draws; moved on with the blocks.
    pub streams: *mut Stream,
    pub block: usize,
    pub count: usize,
}

impl Call<'_> {
    /// # Safety
    /// `id` is an operand of the call.
    #[inline(always)]
    unsafe fn pointer(&self, id: OperandId) -> *mut f64 {
        // SAFETY: the caller's promise; there is a pointer for each operand.
        unsafe { *self.pointers.as_ptr().wrapping_add(usize::from(id)) }
    }

    /// Moves on to the next block of instances.
    fn advance(&mut self, block: usize) {
        self.shift(block as isize);
        self.streams = self.streams.wrapping_add(block);
    }

    fn shift(&mut self, by: isize) {
        for &id in &self.code.rows {
            let pointer = &mut self.pointers[usize::from(id)];
            *pointer = pointer.wrapping_offset(by);
        }
    }
}

/// Runs all instances of the call.
///
/// # Safety
/// The instruction set is here; the pointers fit the code, and rows can be read to the next multiple of eight instances and written to `count`.
pub(super) unsafe fn blocks(isa: Isa, call: &mut Call<'_>) {
    // For the portable code there is one function only: few machines need it, and it would take longest to compile.
    let block = if isa == Isa::Portable { 8 } else { call.block };
    let (mut left, mut moved) = (call.count, 0);
    loop {
        let count = left.min(block);
        // SAFETY: the caller's promises.
        unsafe {
            match isa {
                Isa::Portable => portable::block(call, count),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx2 => avx2::block(call, count),
                #[cfg(target_arch = "x86_64")]
                Isa::Avx512 => avx512::block(call, count),
                #[cfg(not(target_arch = "x86_64"))]
                Isa::Avx2 | Isa::Avx512 => unreachable!("machines are made with instruction sets that are here"),
            }
        }
        left -= count;
        if left == 0 {
            break;
        }
        call.advance(block);
        moved += block as isize;
    }
    // They are remembered for the next call.
    if moved > 0 {
        call.shift(-moved);
    }
}

/// Runs one instance.
///
/// # Safety
/// As [`blocks`], with nothing to be read behind the instance.
pub(super) unsafe fn one(isa: Isa, call: &Call<'_>) {
    // SAFETY: the caller's promises.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::Avx512 => one_with_fma(call),
            _ => general::one(call),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn one_with_fma(call: &Call<'_>) {
    // SAFETY: the caller's promises.
    unsafe { general::one(call) }
}

/// A module with the functions that enable an instruction set: whatever is inlined into them uses it, nothing else may. There is one for each number of
/// vectors in a block, so that no loop over vectors has to be counted.
macro_rules! target {
    ($(#[$condition:meta])* $name:ident, $lanes:ident, [$($groups:literal)*] $(#[$features:meta])*) => {
        $(#[$condition])*
        mod $name {
            use super::super::action::Step;
            use super::{Call, general, swift};
            use crate::simd::{Lanes, $lanes};

            /// Vectors in a group of eight instances.
            const GROUP: usize = 8 / $lanes::WIDTH;

            /// Runs some instances, as many groups as there is a function for, from where the pointers are.
            ///
            /// # Safety
            /// As [`super::blocks`].
            pub unsafe fn block(call: &Call<'_>, count: usize) {
                // SAFETY: the caller's promises.
                unsafe {
                    match count.div_ceil(8) {
                        $($groups => vectors::<{ $groups * GROUP }>(call, count),)*
                        _ => unreachable!("blocks are cut to the functions there are"),
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
                unsafe { general::step::<$lanes>(call, step, count) }
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

target! { portable, Portable, [1] }
target! { #[cfg(target_arch = "x86_64")] avx2, Avx2, [1 2 3 4 5 6 7 8] #[target_feature(enable = "avx2,fma,bmi1,bmi2")] }
target! { #[cfg(target_arch = "x86_64")] avx512, Avx512, [1 2 3 4 5 6 7 8] #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")] }
