//! Runs programs: over all instances of a pool, or over one. What an instruction does is in `exec`.

use super::code::{Base, Code, Line};
use super::exec::{self, Call};
use super::frame::Frame;
use super::program::{NodeRow, Uniform};
use crate::simd::{Isa, WIDEST};
use std::sync::Arc;

/// How programs are run: with which instructions, and how many instances at a time. No result depends on either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Machine {
    isa: Isa,
    block: usize,
}

/// Instances at a time where nobody asks for another number.
const BLOCK: usize = 64;

impl Default for Machine {
    /// The best that this computer has.
    fn default() -> Machine {
        Machine { isa: Isa::detect(), block: BLOCK }
    }
}

impl Machine {
    /// `block` is 8, 16, ... or 64. Nothing if this computer lacks the instruction set or the block is another.
    pub fn new(isa: Isa, block: usize) -> Option<Machine> {
        let fits = block.is_multiple_of(WIDEST) && (WIDEST..=64).contains(&block);
        (isa.is_here() && fits).then_some(Machine { isa, block })
    }

    /// The instruction set.
    pub fn isa(self) -> Isa {
        self.isa
    }

    /// Instances at a time.
    pub fn block(self) -> usize {
        self.block
    }

    /// Runs the program for instances 0 to `count` of the frame.
    ///
    /// # Panics
    /// Where the frame lacks what the program reads or writes.
    pub fn run(self, code: &Code, frame: &mut Frame<'_>, count: usize, scratch: &mut Scratch) {
        if count == 0 {
            return;
        }
        let count = if frame.padded && code.pads { count.next_multiple_of(WIDEST) } else { count };
        assert!(code.needs.rows <= 1 || count <= frame.stride, "rows of the pool overlap");
        check(code, frame, 0, count.next_multiple_of(WIDEST));
        assert!(!code.needs.draws || count <= frame.streams.len(), "a random stream is missing");
        let place = scratch.bind(code, frame, self.block);
        let mut call = scratch.call(code, frame, place, self.block, count);
        // SAFETY: `check` has seen that the rows are long enough, `Code::new` that all numbers in instructions are in range, and `Machine::new` that
        // the instruction set is here.
        unsafe { exec::blocks(self.isa, &mut call) }
    }

    /// Runs the program for one instance of the frame, with the same bits. Afterwards the program's outputs are in [`Scratch::outputs`].
    ///
    /// # Panics
    /// Where the frame lacks what the program reads or writes.
    pub fn run_one(self, code: &Code, frame: &mut Frame<'_>, instance: usize, scratch: &mut Scratch) {
        check(code, frame, instance, 1);
        assert!(!code.needs.draws || instance < frame.streams.len(), "a random stream is missing");
        let bases = scratch.bases(code, frame, instance, WIDEST);
        find(code, &bases, &mut scratch.single);
        let streams = frame.streams.as_mut_ptr().wrapping_add(instance);
        let call = Call { code, pointers: &mut scratch.single, tables: frame.tables, streams, block: WIDEST, count: 1 };
        // SAFETY: as in `run`.
        unsafe { exec::one(self.isa, &call) };
        scratch.keep_outputs(code);
    }
}

/// Whether the frame has all that the program reads and writes, for `length` instances from `instance` on.
fn check(code: &Code, frame: &Frame<'_>, instance: usize, length: usize) {
    let needs = &code.needs;
    let reach = instance.saturating_add(length);
    let last_row = needs.rows.saturating_sub(1).saturating_mul(frame.stride);
    assert!(needs.rows == 0 || last_row.saturating_add(reach) <= frame.pool.len(), "the pool is too short");
    let last_shared = needs.shared.saturating_sub(1).saturating_mul(frame.shared_stride);
    let shared_end = last_shared.saturating_add(frame.first.saturating_add(reach));
    assert!(needs.shared == 0 || shared_end <= frame.shared.len(), "the shared rows are too short");
    for (row, needed) in frame.nodes.iter().zip(needs.nodes) {
        assert!(!needed || frame.first.saturating_add(reach) <= row.len(), "a node row is too short");
    }
    assert!(needs.arguments <= frame.arguments.len(), "an argument is missing");
    assert!(needs.tables <= frame.tables.len(), "a table is missing");
    for lookup in &code.lookups {
        let table = &frame.tables[lookup.table];
        assert!(table.rows.len() >= table.n + 2 && table.n < i32::MAX as usize, "a table is too short");
    }
}

/// Memory of a running machine: one for each thread.
#[derive(Debug, Default)]
pub struct Scratch {
    slots: Vec<Line>,
    uniforms: Vec<Line>,
    /// Where the operands of the last calls were, for calls that are made again and again.
    bound: Vec<Bound>,
    /// Of a call for one instance.
    single: Vec<*mut f64>,
    outputs: Vec<f64>,
}

/// Where operands of each kind begin, and their size.
type Bases = [(*mut f64, usize); Base::COUNT];

/// Where the operands of a program are.
#[derive(Debug, Default)]
struct Bound {
    /// The program's: while it is kept here it is nobody else's.
    identity: Option<Arc<()>>,
    bases: Option<Bases>,
    pointers: Vec<*mut f64>,
}

/// How many calls are remembered.
const REMEMBERED: usize = 32;

// SAFETY: the pointers are used in calls only, each of which sees first that they are those of its frame.
unsafe impl Send for Scratch {}

impl Scratch {
    /// The outputs of the last call for one instance.
    pub fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    /// Where operands of the frame's instances from `first` on begin.
    fn bases(&mut self, code: &Code, frame: &mut Frame<'_>, first: usize, block: usize) -> Bases {
        let lines = code.needs.slots * block / WIDEST;
        if self.slots.len() < lines {
            self.slots.resize(lines, Line::of(0.0));
        }
        self.uniforms.clear();
        self.uniforms.extend(code.uniforms.iter().map(|&uniform| Line::of(value(uniform, frame))));
        let position = frame.first + first;
        let node = |row: &mut [f64]| row.as_mut_ptr().wrapping_add(position);
        let [v, rhs, d] = &mut frame.nodes;
        let mut bases: Bases = [(std::ptr::null_mut(), 0); Base::COUNT];
        bases[Base::Scratch as usize] = (self.slots.as_mut_ptr().cast(), block);
        bases[Base::Pool as usize] = (frame.pool.as_mut_ptr().wrapping_add(first), frame.stride);
        bases[Base::Shared as usize] = (node(frame.shared), frame.shared_stride);
        bases[Base::V as usize] = (node(v), 0);
        bases[Base::Rhs as usize] = (node(rhs), 0);
        bases[Base::D as usize] = (node(d), 0);
        bases[Base::Constants as usize] = (code.constants.as_ptr().cast_mut().cast(), WIDEST);
        bases[Base::Uniforms as usize] = (self.uniforms.as_mut_ptr().cast(), WIDEST);
        bases
    }

    /// Finds out where every operand of the frame is, where that is not known from an earlier call. The number of what is remembered.
    fn bind(&mut self, code: &Code, frame: &mut Frame<'_>, block: usize) -> usize {
        let bases = self.bases(code, frame, 0, block);
        self.bound.resize_with(REMEMBERED, Bound::default);
        // Neighbours in memory are told apart.
        let place = (Arc::as_ptr(&code.identity).addr() / 16 + bases[Base::Pool as usize].0.addr() / 64) % REMEMBERED;
        let bound = &mut self.bound[place];
        let is_so = bound.identity.as_ref().is_some_and(|known| Arc::ptr_eq(known, &code.identity)) && bound.bases == Some(bases);
        if !is_so {
            (bound.identity, bound.bases) = (Some(Arc::clone(&code.identity)), Some(bases));
            find(code, &bases, &mut bound.pointers);
        }
        place
    }

    fn call<'a>(&'a mut self, code: &'a Code, frame: &'a mut Frame<'_>, place: usize, block: usize, count: usize) -> Call<'a> {
        let (pointers, streams) = (&mut self.bound[place].pointers, frame.streams.as_mut_ptr());
        Call { code, pointers, tables: frame.tables, streams, block, count }
    }

    fn keep_outputs(&mut self, code: &Code) {
        self.outputs.clear();
        // SAFETY: `find` has set a pointer for every operand, and outputs are operands.
        self.outputs.extend(code.outputs.iter().map(|&id| unsafe { *self.single[usize::from(id)] }));
    }
}

/// Finds out where every operand is.
fn find(code: &Code, bases: &Bases, pointers: &mut Vec<*mut f64>) {
    pointers.resize(code.operands, std::ptr::null_mut());
    for ((base, unit), places) in bases.iter().zip(&code.places) {
        for place in places {
            pointers[usize::from(place.operand)] = base.wrapping_add(usize::from(place.index) * unit);
        }
    }
}

fn value(uniform: Uniform, frame: &Frame<'_>) -> f64 {
    match uniform {
        Uniform::T => frame.t,
        Uniform::Argument(number) => frame.arguments[usize::from(number)],
    }
}

const _: () = assert!(NodeRow::COUNT == 3);
