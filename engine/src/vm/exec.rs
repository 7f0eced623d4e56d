//! What the instructions do, for every instruction set. No checks: `machine` has made them.
//!
//! Each instruction works through all vectors of a block of instances before the next one starts, so that its decoding is paid once a block. Operands
//! that are the same for all instances have a whole line of copies and a step of zero, so no instruction asks of what kind its operands are.

use super::action::{Action, Step};
use super::code::Code;
use super::program::{Op, OperandId, TableData};
use crate::simd::{Isa, Lanes, Portable};
use bouton_model::math;

#[cfg(target_arch = "x86_64")]
use crate::simd::{Avx2, Avx512};

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
}

/// Runs all instances of the call.
///
/// # Safety
/// The instruction set is here; the pointers fit the code, and rows can be read to the next multiple of eight instances and written to `count`.
pub(super) unsafe fn blocks(isa: Isa, call: &mut Call<'_>) {
    // SAFETY: the caller's promises.
    unsafe {
        match isa {
            Isa::Portable => blocks_portable(call),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => blocks_avx2(call),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => blocks_avx512(call),
            #[cfg(not(target_arch = "x86_64"))]
            Isa::Avx2 | Isa::Avx512 => blocks_portable(call),
        }
    }
}

/// Runs one instance.
///
/// # Safety
/// As [`blocks`], with nothing to be read behind the instance.
pub(super) unsafe fn one<D: FnMut() -> f64>(isa: Isa, call: &mut Call<'_>, draw: &mut D) {
    // SAFETY: the caller's promises.
    unsafe {
        match isa {
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 | Isa::Avx512 => one_avx2(call, draw),
            _ => block::<f64, D>(call, 1, draw),
        }
    }
}

#[inline(never)]
unsafe fn blocks_portable(call: &mut Call<'_>) {
    // SAFETY: the caller's promises.
    unsafe { all_blocks::<Portable>(call) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn blocks_avx2(call: &mut Call<'_>) {
    // SAFETY: the caller's promises.
    unsafe { all_blocks::<Avx2>(call) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma,bmi1,bmi2")]
unsafe fn blocks_avx512(call: &mut Call<'_>) {
    // SAFETY: the caller's promises.
    unsafe { all_blocks::<Avx512>(call) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,bmi1,bmi2")]
unsafe fn one_avx2<D: FnMut() -> f64>(call: &mut Call<'_>, draw: &mut D) {
    // SAFETY: the caller's promises.
    unsafe { block::<f64, D>(call, 1, draw) }
}

#[inline(always)]
unsafe fn all_blocks<L: Lanes>(call: &mut Call<'_>) {
    let mut left = call.count;
    loop {
        let count = left.min(call.block);
        // SAFETY: the caller's promises.
        unsafe { block::<L, _>(call, count, &mut no_draw) };
        left -= count;
        if left == 0 {
            return;
        }
        for &id in &call.code.rows {
            let pointer = &mut call.pointers[usize::from(id)];
            *pointer = pointer.wrapping_add(call.block);
        }
    }
}

/// Programs that draw are not run in blocks.
#[inline(always)]
fn no_draw() -> f64 {
    0.0
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
            let moving = *call.code.moving.get_unchecked(usize::from(id));
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

/// The actions whose sources are of known kinds: those before the semicolon differ between instances, those after it are loaded once. Four vectors at a
/// time, so that constants inside a function are loaded once for all of them, then two and one.
macro_rules! actions {
    ($call:ident, $step:ident, $vectors:ident, $general:expr; $($name:ident($($v:ident)+; $($k:ident)*) = $value:expr;)*) => {
        match $step.action {
            $(Action::$name => {
                $(let $k: L = L::load($call.pointer($step.$k));)*
                $(let $v = $call.pointer($step.$v);)+
                let mut to = $call.pointer($step.dst);
                let mut at = 0;
                for _ in 0..$vectors / 4 {
                    let y0 = { $(let $v: L = L::load($v.wrapping_add(at));)+ $value };
                    let y1 = { $(let $v: L = L::load($v.wrapping_add(at + L::WIDTH));)+ $value };
                    let y2 = { $(let $v: L = L::load($v.wrapping_add(at + 2 * L::WIDTH));)+ $value };
                    let y3 = { $(let $v: L = L::load($v.wrapping_add(at + 3 * L::WIDTH));)+ $value };
                    y0.store(to);
                    y1.store(to.wrapping_add(L::WIDTH));
                    y2.store(to.wrapping_add(2 * L::WIDTH));
                    y3.store(to.wrapping_add(3 * L::WIDTH));
                    at += 4 * L::WIDTH;
                    to = to.wrapping_add(4 * L::WIDTH);
                }
                if $vectors & 2 != 0 {
                    let y0 = { $(let $v: L = L::load($v.wrapping_add(at));)+ $value };
                    let y1 = { $(let $v: L = L::load($v.wrapping_add(at + L::WIDTH));)+ $value };
                    y0.store(to);
                    y1.store(to.wrapping_add(L::WIDTH));
                    at += 2 * L::WIDTH;
                    to = to.wrapping_add(2 * L::WIDTH);
                }
                if $vectors & 1 != 0 {
                    let y = { $(let $v: L = L::load($v.wrapping_add(at));)+ $value };
                    y.store(to);
                }
            })*
            Action::General => $general,
        }
    };
}

/// Runs the code for the first `count` instances from where the pointers are.
#[inline(always)]
unsafe fn block<L: Lanes, D: FnMut() -> f64>(call: &Call<'_>, count: usize, draw: &mut D) {
    let vectors = count.div_ceil(L::WIDTH);
    // SAFETY: the caller's promises: operands are in range, and each has as many vectors.
    unsafe {
        for step in &call.code.steps {
            actions! { call, step, vectors, general::<L, D>(call, step, count, draw);
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
                LtVV(a b;) = lt(a, b);
                LtVK(a; b) = lt(a, b);
                LtKV(b; a) = lt(a, b);
                Abs(a;) = a.abs();
                Exp(a;) = math::exp(a);
                Log(a;) = math::log(a);
            }
        }
    }
}

/// Any operation on sources of any kind.
#[inline(always)]
unsafe fn general<L: Lanes, D: FnMut() -> f64>(call: &Call<'_>, step: &Step, count: usize, draw: &mut D) {
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
            Op::Pow => binary!(math::pow),
            Op::Sin => unary!(math::sin),
            Op::Cos => unary!(math::cos),
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
            Op::Draw => draw_one(call, step, draw),
        }
    }
}

#[inline(always)]
fn copy<L: Lanes>(a: L) -> L {
    a
}

/// The product, and 0 where its magnitude is below 1e-300.
#[inline(always)]
fn mul_flush<L: Lanes>(a: L, b: L) -> L {
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

/// Outputs are NaN for a NaN, entry 0 up to the table's beginning, the last entry from its end on.
#[inline(always)]
unsafe fn look_up<L: Lanes>(call: &Call<'_>, step: &Step, vectors: usize) {
    // SAFETY: the caller's promises; `index` is in 0..=n whatever the argument is, and there are n + 2 rows.
    unsafe {
        let lookup = call.code.lookups.get_unchecked(usize::from(step.b));
        let table = call.tables.get_unchecked(lookup.table);
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

#[inline(always)]
unsafe fn draw_one<D: FnMut() -> f64>(call: &Call<'_>, step: &Step, draw: &mut D) {
    // SAFETY: the caller's promises.
    unsafe {
        let mask = *call.pointer(step.a);
        let number = if mask.to_bits() != 0 { draw() } else { 0.0 };
        *call.pointer(step.dst) = number;
    }
}
