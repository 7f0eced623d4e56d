//! Random numbers of the instances' own streams. The same numbers come one instance at a time and eight at a time.

use super::super::super::action::Step;
use super::super::super::program::OperandId;
use super::super::Call;
use crate::random::{distribution, lanes};

/// Instances at a time.
const EIGHT: usize = 8;

/// The value of an operand for instance `i` of the block.
///
/// # Safety
/// `id` is an operand of the call and has a value for the instance.
#[inline(always)]
unsafe fn value(call: &Call<'_>, id: OperandId, i: usize) -> f64 {
    // SAFETY: the caller's promise; both tables have an entry for each operand, and operands that do not move have a whole line of copies.
    unsafe {
        let moving = *call.code.moving.as_ptr().wrapping_add(usize::from(id));
        *call.pointer(id).wrapping_add(i & moving)
    }
}

/// Uniform numbers where the mask is set.
///
/// # Safety
/// As [`super::step`]; there are streams for `count` instances.
#[inline(always)]
pub(super) unsafe fn uniform(call: &Call<'_>, step: &Step, count: usize) {
    // SAFETY: the caller's promises.
    unsafe {
        let to = call.pointer(step.dst);
        let mut i = 0;
        while i < count {
            let set = |l: usize| value(call, step.a, i + l).to_bits() != 0;
            if i + EIGHT <= count && (0..EIGHT).all(set) {
                let streams = &mut *call.streams.wrapping_add(i).cast::<[_; EIGHT]>();
                if let Some(numbers) = lanes::uniform(streams) {
                    to.wrapping_add(i).cast::<[f64; EIGHT]>().write_unaligned(numbers);
                    i += EIGHT;
                    continue;
                }
            }
            let number = if set(0) { (*call.streams.wrapping_add(i)).uniform() } else { 0.0 };
            to.wrapping_add(i).write_unaligned(number);
            i += 1;
        }
    }
}

/// Poisson numbers where the mask is set.
///
/// # Safety
/// As [`uniform`].
#[inline(always)]
pub(super) unsafe fn poisson(call: &Call<'_>, step: &Step, count: usize) {
    // SAFETY: the caller's promises.
    unsafe {
        let to = call.pointer(step.dst);
        let mut i = 0;
        while i < count {
            let set = |l: usize| value(call, step.a, i + l).to_bits() != 0;
            if i + EIGHT <= count && (0..EIGHT).all(set) {
                let streams = &mut *call.streams.wrapping_add(i).cast::<[_; EIGHT]>();
                let (mut mean, mut none) = ([0.0; EIGHT], [0.0; EIGHT]);
                for l in 0..EIGHT {
                    (mean[l], none[l]) = (value(call, step.b, i + l), value(call, step.c, i + l));
                }
                if let Some(numbers) = lanes::poisson(streams, &mean, &none) {
                    to.wrapping_add(i).cast::<[f64; EIGHT]>().write_unaligned(numbers);
                    i += EIGHT;
                    continue;
                }
            }
            let number = if set(0) {
                let stream = &mut *call.streams.wrapping_add(i);
                distribution::poisson_given_none(stream, value(call, step.b, i), value(call, step.c, i))
            } else {
                0.0
            };
            to.wrapping_add(i).write_unaligned(number);
            i += 1;
        }
    }
}
