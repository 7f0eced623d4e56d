//! Programs of the kernel machine: what is computed. How it is run is `exec`'s matter, where it comes from `kernel`'s.
//!
//! Every operation is IEEE double arithmetic in exactly the written order; a fused multiply-add is an operation of its own.
//! Truth values are bit masks: all bits set, or zero.

use bouton_model::curve::Curve;
use std::sync::Arc;

/// Index into [`Program::operands`].
pub type OperandId = u16;

/// Where a value lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand {
    /// Scratch of the machine, one block of values. The only thing an operation other than `Store` writes.
    Slot(u16),
    /// Row of the pool: the value of instance `i` is at `row * stride + i`.
    Row(u16),
    /// Row of the block of cells: the value of instance `i` is at the instance's position.
    Node(NodeRow),
    /// Further row of the block of cells, by its number in the class: what mechanisms of one place share, values of ions.
    Shared(u16),
    /// The same for all instances and steps.
    Constant(f64),
    /// The same for all instances of one call.
    Uniform(Uniform),
}

impl Operand {
    /// Whether it lies in memory, with a value for each instance.
    pub fn is_row(self) -> bool {
        matches!(self, Operand::Row(_) | Operand::Node(_) | Operand::Shared(_))
    }
}

/// Rows that a block of cells keeps for its nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum NodeRow {
    /// Membrane potential (mV).
    V,
    /// Right-hand side of the cable equation (mA/cm2).
    Rhs,
    /// Its diagonal (S/cm2).
    D,
}

impl NodeRow {
    /// How many there are.
    pub const COUNT: usize = 3;
}

/// Values given at each call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Uniform {
    /// Time (ms).
    T,
    /// Argument of the event that is handled; the first is the connection's weight.
    Argument(u8),
}

/// One operation. Fields that `op` does not use are 0. `dst` is a slot, except for `Store`, where it is a `Row`, a `Node` or `Shared`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instr {
    /// What is done.
    pub op: Op,
    /// Where the result goes.
    pub dst: OperandId,
    /// First source (for `Table` the table's argument, for draws the mask).
    pub a: OperandId,
    /// Second source (for `Table` the number of the table in [`Program::tables`]).
    pub b: OperandId,
    /// Third source (for `Curve` the number of the table that is bound at the call).
    pub c: OperandId,
}

/// The operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Op {
    /// a
    Copy,
    /// Writes a to the row or node row `dst`.
    Store,
    /// a + b
    Add,
    /// a - b
    Sub,
    /// a * b
    Mul,
    /// a / b
    Div,
    /// a * b + c, rounded once
    Fma,
    /// c - a * b, rounded once
    Fnma,
    /// a * b - c, rounded once
    Fms,
    /// a * b, and 0 where its magnitude is below 1e-300: decaying states never become subnormal
    MulFlush,
    /// -a
    Neg,
    /// |a|
    Abs,
    /// b < a ? b : a (so a where either is not a number)
    Min,
    /// b > a ? b : a (so a where either is not a number)
    Max,
    /// Square root
    Sqrt,
    /// Largest integer not above a
    Floor,
    /// Smallest integer not below a
    Ceil,
    /// Nearest integer, ties to even
    Round,
    /// e^a, as [`bouton_model::math::exp`]
    Exp,
    /// Natural logarithm
    Log,
    /// Logarithm to base 10
    Log10,
    /// a^b
    Pow,
    /// Sine
    Sin,
    /// Cosine
    Cos,
    /// Tangent
    Tan,
    /// Arc tangent
    Atan,
    /// Hyperbolic sine
    Sinh,
    /// Hyperbolic cosine
    Cosh,
    /// Hyperbolic tangent
    Tanh,
    /// a < b
    Lt,
    /// a <= b
    Le,
    /// a == b
    Eq,
    /// a != b
    Ne,
    /// a and b, of masks
    And,
    /// a or b, of masks
    Or,
    /// not a, of a mask
    Not,
    /// b where the mask a is set, else c
    Select,
    /// Looks a up in table b; writes each of the table's outputs
    Table,
    /// What the curve of table c holds at a and b; of a curve of one argument b is a
    Curve,
    /// The next uniform number in (0, 1) of the instance's stream where the mask a is set, else 0
    Draw,
    /// The next Poisson number of mean b of the instance's stream where the mask a is set, else 0; c is e^-b
    Poisson,
}

/// What a `Table` instruction writes: output `k` of the table goes to the slot operand `outputs[k]`. At most eight.
#[derive(Clone, Debug, PartialEq)]
pub struct TableUse {
    /// Which of the tables that are bound at the call.
    pub table: u16,
    /// Slot operands.
    pub outputs: Vec<OperandId>,
}

/// Straight-line code over operands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Program {
    /// Vector operands (`Slot`, `Row`, `Node`, `Shared`) first, then those that are the same for all instances.
    pub operands: Vec<Operand>,
    /// How many operands are vectors.
    pub vectors: u16,
    /// How many slots are used.
    pub slots: u16,
    /// In order.
    pub code: Vec<Instr>,
    /// Table look-ups.
    pub tables: Vec<TableUse>,
    /// Operands whose values the caller reads after a call for one instance.
    pub outputs: Vec<OperandId>,
}

impl Program {
    /// Whether it reads a row of the pool.
    pub fn reads(&self, row: u16) -> bool {
        let is_row = |id: &OperandId| self.operands.get(usize::from(*id)) == Some(&Operand::Row(row));
        let sources = |i: &Instr| [i.a, i.b, i.c].iter().take(i.op.sources().into()).any(is_row);
        self.code.iter().any(sources) || self.outputs.iter().any(is_row)
    }

    /// Whether it writes a row of the pool.
    pub fn writes(&self, row: u16) -> bool {
        let is_row = |id: OperandId| self.operands.get(usize::from(id)) == Some(&Operand::Row(row));
        self.code.iter().any(|i| i.op == Op::Store && is_row(i.dst))
    }
}

/// A table of up to eight functions of one variable, interpolated linearly (NMODL's TABLE), or a curve (its FUNCTION_TABLE).
#[derive(Clone, Debug, PartialEq)]
pub struct TableData {
    /// Argument of entry 0.
    pub lo: f64,
    /// Entries per unit of the argument.
    pub scale: f64,
    /// Number of intervals; `rows` has two more entries, the last repeating entry `n` so that index `n` needs no exception.
    pub n: usize,
    /// Values, one cache line an entry.
    pub rows: Vec<TableRow>,
    /// Of a table that `Curve` reads: what it holds; it has no entries.
    pub curve: Option<Arc<Curve>>,
}

/// The values of one entry.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub struct TableRow(pub [f64; 8]);
