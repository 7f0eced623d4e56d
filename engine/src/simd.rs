//! Vectors of doubles and the instruction sets that have them. What is computed with them is others' matter.
//!
//! Every instruction set gives the same bits; `Portable` is correct without hardware for fused multiply-add, and slow.

use crate::vm::program::TableRow;
use bouton_model::math::Real;
use std::fmt;

mod add;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod fetch;
mod finite;
mod map;
mod portable;
mod rows;
mod scalar;

pub use add::add_fused;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
pub use fetch::fetch;
pub use finite::are_finite;
pub use map::{Function, map};
pub(crate) use portable::Portable;
pub use rows::Rows;

/// The widest vector; rows are padded for it.
pub const WIDEST: usize = 8;

/// An instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Isa {
    /// Any machine: plain Rust in groups of four.
    Portable,
    /// Four doubles (AVX2 and FMA).
    Avx2,
    /// Eight doubles (AVX-512 F, DQ and VL).
    Avx512,
}

impl Isa {
    /// All, from the plainest on.
    pub const ALL: [Isa; 3] = [Isa::Portable, Isa::Avx2, Isa::Avx512];

    /// The best that this machine has.
    pub fn detect() -> Isa {
        Isa::ALL.into_iter().rev().find(|isa| isa.is_here()).unwrap_or(Isa::Portable)
    }

    /// All that this machine has.
    pub fn available() -> Vec<Isa> {
        Isa::ALL.into_iter().filter(|isa| isa.is_here()).collect()
    }

    /// By its name, as it is displayed.
    pub fn parse(name: &str) -> Option<Isa> {
        Isa::ALL.into_iter().find(|isa| isa.name() == name)
    }

    /// `portable`, `avx2` or `avx512`.
    pub fn name(self) -> &'static str {
        match self {
            Isa::Portable => "portable",
            Isa::Avx2 => "avx2",
            Isa::Avx512 => "avx512",
        }
    }

    /// Whether this machine has it.
    #[cfg(target_arch = "x86_64")]
    pub fn is_here(self) -> bool {
        let avx2 = || is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        let wide = || is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512dq");
        match self {
            Isa::Portable => true,
            Isa::Avx2 => avx2(),
            Isa::Avx512 => avx2() && wide() && is_x86_feature_detected!("avx512vl"),
        }
    }

    /// Whether this machine has it.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn is_here(self) -> bool {
        self == Isa::Portable
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Vectors in memory, and truth values as bits: all of an element's bits set, or none.
///
/// # Safety
/// Methods of a type may run only where its instruction set is, inlined into a function that enables it.
pub unsafe trait Lanes: Real {
    /// Elements of a vector.
    const WIDTH: usize;

    /// Reads a vector, at any alignment.
    ///
    /// # Safety
    /// `WIDTH` doubles at `from` can be read.
    unsafe fn load(from: *const f64) -> Self;

    /// Writes a vector, at any alignment.
    ///
    /// # Safety
    /// `WIDTH` doubles at `to` can be written.
    unsafe fn store(self, to: *mut f64);

    /// Writes the first `count` elements and touches nothing behind them.
    ///
    /// # Safety
    /// `count <= WIDTH`, and as many doubles at `to` can be written.
    unsafe fn store_first(self, to: *mut f64, count: usize);

    /// The mask as bits.
    fn from_mask(mask: Self::Mask) -> Self;
    /// Bitwise and.
    fn and_bits(self, b: Self) -> Self;
    /// Bitwise or.
    fn or_bits(self, b: Self) -> Self;
    /// Bitwise not.
    fn not_bits(self) -> Self;
    /// Bits of `yes` where the bits of self are set, else of `no`.
    fn select_bits(self, yes: Self, no: Self) -> Self;
    /// One bit for each element whose mask is set, the first element's lowest.
    fn bitmask(mask: Self::Mask) -> u32;

    /// Interpolates between entries: element `l` of output `k`, at `out[k] + offset`, becomes fma(theta, next - here, here) where `here` is value `k` of
    /// row `index[l]` and `next` of the row after it.
    ///
    /// # Safety
    /// `index` holds integers, and those and their successors are rows. `WIDTH` doubles at `out[k] + offset` can be written.
    unsafe fn interpolate(rows: *const TableRow, index: Self, theta: Self, out: &[*mut f64; 8], offset: usize);
}

/// A value at any address. Reading it through this is a plain load in development builds too, which check every call of a method on pointers.
#[derive(Clone, Copy)]
#[repr(C, packed)]
pub(crate) struct Unaligned<T>(pub T);
