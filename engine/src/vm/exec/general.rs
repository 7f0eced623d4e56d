//! Any operation on operands of any kind. It is not fast where `swift` is; it is complete.
//!
//! Operands that are the same for all instances have a whole line of copies and a step of zero, so no instruction asks of what kind its operands are.

mod draw;

use super::super::action::Step;
use super::super::program::{Op, OperandId};
use super::Call;
use crate::simd::Lanes;
use bouton_model::math;

/// Runs the code for one instance.
///
/// # Safety
/// As [`super::one`].
#[inline(always)]
pub(super) unsafe fn one(call: &Call<'_>) {
    for instr in &call.code.steps {
        // SAFETY: the caller's promises.
        unsafe { step::<f64>(call, instr, 1) }
    }
}

/// An operand on its way through the vectors of a block.
#[derive(Clone, Copy)]
struct Cursor {
    at: *mut f64,
    step: usize,
}

impl Cursor {
    /// # Safety
    /// `id` is an operand of the call.
    #[inline(always)]
    unsafe fn new<L: Lanes>(call: &Call<'_>, id: OperandId) -> Cursor {
        // SAFETY: the caller's promise; both tables have an entry for each operand.
        unsafe {
            let moving = *call.code.moving.as_ptr().wrapping_add(usize::from(id));
            Cursor { at: call.pointer(id), step: moving & L::WIDTH }
        }
    }

    /// # Safety
    /// The operand has a vector at the current place.
    #[inline(always)]
    unsafe fn load<L: Lanes>(self) -> L {
        // SAFETY: the caller's promise.
        unsafe { L::load(self.at) }
    }

    #[inline(always)]
    fn next(&mut self) {
        self.at = self.at.wrapping_add(self.step);
    }
}

/// Applies a function to sources of any kind, vector by vector.
macro_rules! apply {
    ($function:expr, $call:ident, $step:ident, $vectors:ident, $($source:ident)+) => {{
        $(let mut $source = Cursor::new::<L>($call, $step.$source);)+
        let mut to = $call.pointer($step.dst);
        for _ in 0..$vectors {
            $function($($source.load::<L>()),+).store(to);
            to = to.wrapping_add(L::WIDTH);
            $($source.next();)+
        }
    }};
}

/// Does one instruction for `count` instances.
///
/// # Safety
/// As [`super::blocks`], for `count` instances from where the pointers are.
#[inline(always)]
pub(super) unsafe fn step<L: Lanes>(call: &Call<'_>, step: &Step, count: usize) {
    let vectors = count.div_ceil(L::WIDTH);
    macro_rules! unary {
        ($function:expr) => {
            apply!($function, call, step, vectors, a)
        };
    }
    macro_rules! binary {
        ($function:expr) => {
            apply!($function, call, step, vectors, a b)
        };
    }
    macro_rules! ternary {
        ($function:expr) => {
            apply!($function, call, step, vectors, a b c)
        };
    }
    // SAFETY: the caller's promises.
    unsafe {
        match step.op {
            Op::Copy => unary!(copy),
            Op::Store => store::<L>(call, step, count),
            Op::Add => binary!(L::add),
            Op::Sub => binary!(L::sub),
            Op::Mul => binary!(L::mul),
            Op::Div => binary!(L::div),
            Op::Fma => ternary!(L::fma),
            Op::Fnma => ternary!(L::fnma),
            Op::Fms => ternary!(L::fms),
            Op::MulFlush => binary!(mul_flush),
            Op::Neg => unary!(L::neg),
            Op::Abs => unary!(L::abs),
            Op::Min => binary!(L::min),
            Op::Max => binary!(L::max),
            Op::Sqrt => unary!(L::sqrt),
            Op::Floor => unary!(L::floor),
            Op::Ceil => unary!(L::ceil),
            Op::Round => unary!(L::round),
            Op::Exp => unary!(math::exp),
            Op::Log => unary!(math::log),
            Op::Log10 => unary!(math::log10),
            Op::Pow => binary!(math::pow),
            Op::Sin => unary!(math::sin),
            Op::Cos => unary!(math::cos),
            Op::Tan => unary!(math::tan),
            Op::Atan => unary!(math::atan),
            Op::Sinh => unary!(math::sinh),
            Op::Cosh => unary!(math::cosh),
            Op::Tanh => unary!(math::tanh),
            Op::Lt => binary!(lt),
            Op::Le => binary!(le),
            Op::Eq => binary!(eq),
            Op::Ne => binary!(ne),
            Op::And => binary!(L::and_bits),
            Op::Or => binary!(L::or_bits),
            Op::Not => unary!(L::not_bits),
            Op::Select => ternary!(L::select_bits),
            Op::Table => look_up::<L>(call, step, vectors),
            Op::Curve => curve::<L>(call, step, vectors),
            Op::Draw => draw::uniform(call, step, count),
            Op::Poisson => draw::poisson(call, step, count),
        }
    }
}

#[inline(always)]
fn copy<L: Lanes>(a: L) -> L {
    a
}

/// The product, and 0 where its magnitude is below 1e-300.
#[inline(always)]
pub(super) fn mul_flush<L: Lanes>(a: L, b: L) -> L {
    let product = a.mul(b);
    L::select(product.abs().lt(L::splat(1e-300)), L::splat(0.0), product)
}

#[inline(always)]
fn lt<L: Lanes>(a: L, b: L) -> L {
    L::from_mask(a.lt(b))
}

#[inline(always)]
fn le<L: Lanes>(a: L, b: L) -> L {
    L::from_mask(a.le(b))
}

#[inline(always)]
fn eq<L: Lanes>(a: L, b: L) -> L {
    L::from_mask(a.eq(b))
}

#[inline(always)]
fn ne<L: Lanes>(a: L, b: L) -> L {
    L::from_mask(a.ne(b))
}

/// Writes a row, and nothing behind the last instance.
#[inline(always)]
unsafe fn store<L: Lanes>(call: &Call<'_>, step: &Step, count: usize) {
    // SAFETY: the caller's promises.
    unsafe {
        let mut from = Cursor::new::<L>(call, step.a);
        let mut to = call.pointer(step.dst);
        let mut left = count;
        while left >= L::WIDTH {
            from.load::<L>().store(to);
            to = to.wrapping_add(L::WIDTH);
            from.next();
            left -= L::WIDTH;
        }
        if left > 0 {
            from.load::<L>().store_first(to, left);
        }
    }
}

/// One instance after the other: where each value lies among the points is sought.
#[inline(always)]
unsafe fn curve<L: Lanes>(call: &Call<'_>, step: &Step, vectors: usize) {
    // SAFETY: the caller's promises: the table is bound, and each operand that moves has as many values.
    unsafe {
        let table = &*call.tables.as_ptr().wrapping_add(usize::from(step.c));
        let (x, y) = (Cursor::new::<f64>(call, step.a), Cursor::new::<f64>(call, step.b));
        let to = call.pointer(step.dst);
        let curve = table.curve.as_deref();
        for k in 0..vectors * L::WIDTH {
            *to.wrapping_add(k) = match curve {
                Some(curve) => curve.at(*x.at.wrapping_add(k * x.step), *y.at.wrapping_add(k * y.step)),
                None => f64::NAN,
            };
        }
    }
}

/// Outputs are NaN for a NaN, entry 0 up to the table's beginning, the last entry from its end on.
#[inline(always)]
unsafe fn look_up<L: Lanes>(call: &Call<'_>, step: &Step, vectors: usize) {
    // SAFETY: the caller's promises; `index` is in 0..=n whatever the argument is, and there are n + 2 rows.
    unsafe {
        let lookup = &*call.code.lookups.as_ptr().wrapping_add(usize::from(step.b));
        let table = &*call.tables.as_ptr().wrapping_add(lookup.table);
        let (lo, scale, n) = (L::splat(table.lo), L::splat(table.scale), L::splat(table.n as f64));
        let zero = L::splat(0.0);
        let mut from = Cursor::new::<L>(call, step.a);
        let mut out = [std::ptr::null_mut(); 8];
        for (to, &id) in out.iter_mut().zip(&lookup.outputs) {
            *to = call.pointer(id);
        }
        for k in 0..vectors {
            let x = scale.mul(from.load::<L>().sub(lo)).max(zero).min(n);
            let floor = x.floor();
            // `max` gives its first operand where the other is not a number.
            L::interpolate(table.rows.as_ptr(), zero.max(floor), x.sub(floor), &out, k * L::WIDTH);
            from.next();
        }
    }
}
