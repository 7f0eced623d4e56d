//! Memory that is read soon.

/// Bytes of a cache line.
const LINE: usize = 64;

/// More lines than this are left to the processor, which sees by then where it goes.
const MOST: usize = 64;

/// Asks for the beginning of a slice, which is read a little later. It changes nothing else.
#[inline(always)]
pub fn fetch<T>(slice: &[T]) {
    #[cfg(target_arch = "x86_64")]
    for line in (0..size_of_val(slice)).step_by(LINE).take(MOST) {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        // SAFETY: no address is wrong for this instruction, and this one lies in the slice; every such processor has it.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(slice.as_ptr().cast::<i8>().wrapping_add(line)) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (slice, LINE, MOST);
}
