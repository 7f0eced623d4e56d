//! The frequent actions, for a number of vectors that is known when this is compiled. All others go to `general`.

use super::super::action::{Action, Step};
use super::{Call, general};
use crate::simd::Lanes;
use bouton_model::math;

/// The function that does all other actions, compiled for the same instruction set.
pub(super) trait Rare {
    /// # Safety
    /// As [`super::general::step`].
    unsafe fn step(call: &Call<'_>, step: &Step, count: usize);
}

/// One arm for each action: sources before the semicolon differ between instances, those behind it are loaded once.
macro_rules! actions {
    ($call:ident, $step:ident, { $($other:tt)* } $($name:ident($($v:ident)+; $($k:ident)*) = $value:expr;)*) => {
        match $step.action {
            $(Action::$name => {
                $(let $k: L = L::load($call.pointer($step.$k));)*
                $(let $v = $call.pointer($step.$v);)+
                let to = $call.pointer($step.dst);
                for k in 0..N {
                    $(let $v: L = L::load($v.wrapping_add(k * L::WIDTH));)+
                    $value.store(to.wrapping_add(k * L::WIDTH));
                }
            })*
            $($other)*
        }
    };
}

/// Runs the code for the first `count` instances from where the pointers are; `N` vectors hold them.
///
/// # Safety
/// As [`super::blocks`], for `count` instances; slots have room for `N` vectors.
#[inline(always)]
pub(super) unsafe fn block<L: Lanes, R: Rare, const N: usize>(call: &Call<'_>, count: usize) {
    let whole = count == N * L::WIDTH;
    let steps = if whole { &call.code.merged } else { &call.code.fused };
    // SAFETY: the caller's promises: operands are in range, and each has as many vectors.
    unsafe {
        for step in steps {
            actions! { call, step, {
                    Action::Exp => exp::<L, N>(call.pointer(step.a), call.pointer(step.dst)),
                    Action::AddMulExpFma => affine_exp::<L, N>(call.pointer(step.a), call.pointer(step.b), call.pointer(step.dst)),
                    Action::Store if whole => copy::<L, N>(call.pointer(step.a), call.pointer(step.dst)),
                    Action::Store | Action::General => R::step(call, step, count),
                }
                AddVV(a b;) = a.add(b);
                AddVK(a; b) = a.add(b);
                SubVV(a b;) = a.sub(b);
                SubVK(a; b) = a.sub(b);
                SubKV(b; a) = a.sub(b);
                MulVV(a b;) = a.mul(b);
                MulVK(a; b) = a.mul(b);
                DivVV(a b;) = a.div(b);
                DivVK(a; b) = a.div(b);
                DivKV(b; a) = a.div(b);
                FmaVVV(a b c;) = a.fma(b, c);
                FmaVVK(a b; c) = a.fma(b, c);
                FmaVKV(a c; b) = a.fma(b, c);
                FmaVKK(a; b c) = a.fma(b, c);
                FnmaVVV(a b c;) = a.fnma(b, c);
                FnmaVVK(a b; c) = a.fnma(b, c);
                FnmaVKV(a c; b) = a.fnma(b, c);
                FnmaVKK(a; b c) = a.fnma(b, c);
                FmsVVV(a b c;) = a.fms(b, c);
                FmsVVK(a b; c) = a.fms(b, c);
                FmsVKV(a c; b) = a.fms(b, c);
                FmsVKK(a; b c) = a.fms(b, c);
                SelectVVV(a b c;) = a.select_bits(b, c);
                SelectVVK(a b; c) = a.select_bits(b, c);
                SelectVKV(a c; b) = a.select_bits(b, c);
                SelectVKK(a; b c) = a.select_bits(b, c);
                LtVV(a b;) = L::from_mask(a.lt(b));
                LtVK(a; b) = L::from_mask(a.lt(b));
                LtKV(b; a) = L::from_mask(a.lt(b));
                LeVV(a b;) = L::from_mask(a.le(b));
                LeVK(a; b) = L::from_mask(a.le(b));
                LeKV(b; a) = L::from_mask(a.le(b));
                MinVV(a b;) = a.min(b);
                MinVK(a; b) = a.min(b);
                MaxVV(a b;) = a.max(b);
                MaxVK(a; b) = a.max(b);
                MulFlushVV(a b;) = general::mul_flush(a, b);
                MulFlushVK(a; b) = general::mul_flush(a, b);
                AndVV(a b;) = a.and_bits(b);
                OrVV(a b;) = a.or_bits(b);
                Not(a;) = a.not_bits();
                Neg(a;) = a.neg();
                Abs(a;) = a.abs();
                SubFma(a b c;) = b.sub(c).fma(a, c);
                AddAdd(a b c;) = a.add(b).add(c);
                MulMul(a b c;) = a.mul(b).mul(c);
                MulMulVVK(a b; c) = a.mul(b).mul(c);
                SubMulVVK(a b; c) = a.sub(c).mul(b);
                FmaFmaVKVKV(a c e; b d) = a.fma(b, c.fma(d, e));
                FnmaFmaVKVKV(a c e; b d) = a.fnma(b, c.fma(d, e));
                FmaFnmaVKVKV(a c e; b d) = a.fma(b, c.fnma(d, e));
                FnmaFnmaVKVKV(a c e; b d) = a.fnma(b, c.fnma(d, e));
                FmaMulVKVK(a c; b d) = a.fma(b, c.mul(d));
                FnmaMulVKVK(a c; b d) = a.fnma(b, c.mul(d));
                FmaMulVKVV(a c d; b) = a.fma(b, c.mul(d));
                FnmaMulVKVV(a c d; b) = a.fnma(b, c.mul(d));
                AbsLtSelect(a b c; d) = L::select(a.abs().lt(d), b, c);
            }
        }
    }
}

/// Evaluates a function of one variable, four vectors at a time, which share the constants in registers.
macro_rules! four_at_a_time {
    ($from:ident, $to:ident, |$x:ident| $value:expr) => {
        for k in 0..N / 4 {
            let (from, to) = ($from.wrapping_add(4 * k * L::WIDTH), $to.wrapping_add(4 * k * L::WIDTH));
            let (a, b) = (L::load(from), L::load(from.wrapping_add(L::WIDTH)));
            let (c, d) = (L::load(from.wrapping_add(2 * L::WIDTH)), L::load(from.wrapping_add(3 * L::WIDTH)));
            let a = {
                let $x = a;
                $value
            };
            let b = {
                let $x = b;
                $value
            };
            let c = {
                let $x = c;
                $value
            };
            let d = {
                let $x = d;
                $value
            };
            a.store(to);
            b.store(to.wrapping_add(L::WIDTH));
            c.store(to.wrapping_add(2 * L::WIDTH));
            d.store(to.wrapping_add(3 * L::WIDTH));
        }
        for k in N / 4 * 4..N {
            let $x = L::load($from.wrapping_add(k * L::WIDTH));
            $value.store($to.wrapping_add(k * L::WIDTH));
        }
    };
}

#[inline(always)]
unsafe fn copy<L: Lanes, const N: usize>(from: *const f64, to: *mut f64) {
    // SAFETY: the caller's promises.
    unsafe {
        for k in 0..N {
            L::load(from.wrapping_add(k * L::WIDTH)).store(to.wrapping_add(k * L::WIDTH));
        }
    }
}

#[inline(always)]
unsafe fn exp<L: Lanes, const N: usize>(from: *const f64, to: *mut f64) {
    // SAFETY: the caller's promises.
    unsafe {
        four_at_a_time! { from, to, |x| math::exp(x) }
    }
}

/// k3 e^((x + k1) k2) + k4
#[inline(always)]
unsafe fn affine_exp<L: Lanes, const N: usize>(from: *const f64, constants: *const f64, to: *mut f64) {
    // SAFETY: the caller's promises; the constants are four lines of copies.
    unsafe {
        let (k1, k2) = (L::load(constants), L::load(constants.wrapping_add(8)));
        let (k3, k4) = (L::load(constants.wrapping_add(16)), L::load(constants.wrapping_add(24)));
        four_at_a_time! { from, to, |x| math::exp(x.add(k1).mul(k2)).fma(k3, k4) }
    }
}
