//! Well-formed programs and numbers at random: numbers go where numbers are read, truth values where truth values are.

use arbtest::arbitrary::{Result, Unstructured};
use bouton_engine::vm::program::{Instr, NodeRow, Op, Operand, OperandId, Program, TableData, TableRow, TableUse, Uniform};
use bouton_model::curve::{Axis, Curve};
use std::sync::Arc;

/// Rows of the pool.
pub(crate) const ROWS: usize = 5;
/// Shared rows of the block.
pub(crate) const SHARED: usize = 2;
/// The first slots hold numbers, the others truth values.
const NUMBERS: u16 = 6;
const TRUTHS: u16 = 3;
const CONSTANTS: u16 = 6;

const UNARY: [Op; 19] = [
    Op::Copy,
    Op::Neg,
    Op::Abs,
    Op::Sqrt,
    Op::Floor,
    Op::Ceil,
    Op::Round,
    Op::Exp,
    Op::Log,
    Op::Log10,
    Op::Sin,
    Op::Cos,
    Op::Tan,
    Op::Atan,
    Op::Sinh,
    Op::Cosh,
    Op::Tanh,
    Op::Exp,
    Op::Copy,
];
const BINARY: [Op; 8] = [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::MulFlush, Op::Min, Op::Max, Op::Pow];
const TERNARY: [Op; 3] = [Op::Fma, Op::Fnma, Op::Fms];
const COMPARISONS: [Op; 4] = [Op::Lt, Op::Le, Op::Eq, Op::Ne];
const LOGIC: [Op; 3] = [Op::And, Op::Or, Op::Not];

/// Numbers in quantity, from one word (splitmix64).
pub(crate) struct Random(pub u64);

impl Random {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// In (-1, 1).
    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / f64::powi(2.0, 52) - 1.0
    }

    /// Mostly ordinary, sometimes special.
    pub(crate) fn number(&mut self) -> f64 {
        match self.bits() % 32 {
            0 => f64::from_bits(self.bits()),
            1 | 2 => SPECIAL[(self.bits() % SPECIAL.len() as u64) as usize],
            3..8 => (self.unit() * 40.0).round(),
            8..20 => self.unit() * 3.0,
            _ => self.unit() * 100.0,
        }
    }
}

const SPECIAL: [f64; 14] =
    [0.0, -0.0, 1.0, -1.0, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 5e-324, 2.5e-308, 1e300, -1e-200, 1e22, 710.0, -745.1];

pub(crate) fn table(random: &mut Random) -> TableData {
    let n = 1 + (random.bits() % 12) as usize;
    let row = |random: &mut Random| TableRow([0; 8].map(|_| random.unit()));
    let mut rows: Vec<TableRow> = (0..=n).map(|_| row(random)).collect();
    rows.push(rows[n]);
    TableData { lo: random.unit() * 50.0, scale: 0.1 + random.unit().abs(), n, rows, curve: None }
}

/// A curve of two arguments, with points at any and at even distances.
pub(crate) fn curve(random: &mut Random) -> TableData {
    let mut points: Vec<f64> = (0..5).map(|_| random.unit() * 50.0).collect();
    points.sort_by(f64::total_cmp);
    let axes = vec![Axis::At(points), Axis::Even(4, -1.0, 30.0)];
    let curve = Curve::new(axes, (0..20).map(|_| random.unit()).collect()).expect("a value for each point");
    TableData { lo: 0.0, scale: 0.0, n: 0, rows: Vec::new(), curve: Some(Arc::new(curve)) }
}

struct Maker<'u, 'd> {
    u: &'u mut Unstructured<'d>,
    sources: Vec<OperandId>,
    program: Program,
}

pub(crate) fn program(u: &mut Unstructured<'_>) -> Result<Program> {
    let mut operands: Vec<Operand> = (0..NUMBERS + TRUTHS).map(Operand::Slot).collect();
    operands.extend((0..ROWS as u16).map(Operand::Row));
    operands.extend([NodeRow::V, NodeRow::Rhs, NodeRow::D].map(Operand::Node));
    operands.extend((0..SHARED as u16).map(Operand::Shared));
    let vectors = operands.len() as u16;
    let mut random = Random(u.arbitrary()?);
    operands.extend((0..CONSTANTS).map(|_| Operand::Constant(random.number())));
    operands.extend([
        Operand::Uniform(Uniform::T),
        Operand::Uniform(Uniform::Argument(0)),
        Operand::Uniform(Uniform::Argument(1)),
    ]);
    let sources = (0..operands.len() as OperandId).filter(|id| !(NUMBERS..NUMBERS + TRUTHS).contains(id)).collect();
    let program = Program { operands, vectors, slots: NUMBERS + TRUTHS, ..Program::default() };
    let mut maker = Maker { u, sources, program };
    maker.fill_slots();
    for _ in 0..maker.u.int_in_range(1..=40)? {
        maker.instruction()?;
    }
    for slot in 0..3 {
        maker.push(Op::Store, NUMBERS + TRUTHS + slot, [slot, 0, 0]);
    }
    Ok(maker.program)
}

impl Maker<'_, '_> {
    /// No slot is read before it is written.
    fn fill_slots(&mut self) {
        let first_row = NUMBERS + TRUTHS;
        for slot in 0..NUMBERS {
            self.push(Op::Copy, slot, [first_row + slot % ROWS as u16, 0, 0]);
        }
        for truth in NUMBERS..NUMBERS + TRUTHS {
            self.push(Op::Lt, truth, [first_row, first_row + truth - NUMBERS + 1, 0]);
        }
    }

    fn instruction(&mut self) -> Result<()> {
        let (number, truth) = (self.u.int_in_range(0..=NUMBERS - 1)?, self.truth()?);
        let sources = [self.source()?, self.source()?, self.source()?];
        match self.u.int_in_range(0..=15)? {
            0 | 1 => self.op(&UNARY, number, sources),
            2 | 3 => self.op(&BINARY, number, sources),
            4 | 5 => self.op(&TERNARY, number, sources),
            6 => self.op(&COMPARISONS, truth, sources),
            7 => {
                let truths = [self.truth()?, self.truth()?, self.truth()?];
                self.op(&LOGIC, truth, truths)
            }
            8 => self.op(&[Op::Select], number, [truth, sources[1], sources[2]]),
            10..=15 => self.idiom(),
            _ if self.u.ratio(1, 2)? => {
                let row = self.u.int_in_range(NUMBERS + TRUTHS..=self.program.vectors - 1)?;
                self.op(&[Op::Store], row, sources)
            }
            _ if self.u.ratio(1, 2)? => {
                self.push(Op::Curve, number, [sources[0], sources[1], 2]);
                Ok(())
            }
            _ => self.table(sources[0]),
        }
    }

    /// Operations that the machine joins where nobody else reads what is between them; here sometimes somebody does.
    fn idiom(&mut self) -> Result<()> {
        let [x, y, z] = [self.source()?, self.source()?, self.source()?];
        let (t, end, truth) = (self.slot()?, self.slot()?, self.truth()?);
        let [k, l] = [self.constant()?, self.constant()?];
        match self.u.int_in_range(0..=6)? {
            0 | 1 => self.exponential(x, t, end),
            2 => self.both((Op::Sub, t, [x, y, 0]), (Op::Fma, end, [z, t, y])),
            3 => self.both((Op::Mul, t, [x, y, 0]), (Op::Mul, end, [t, if k > l { z } else { k }, 0])),
            4 => self.both((Op::Add, t, [x, y, 0]), (Op::Add, end, [z, t, 0])),
            5 => self.both((Op::Sub, t, [x, k, 0]), (Op::Mul, end, [y, t, 0])),
            _ => {
                self.both((Op::Abs, t, [x, 0, 0]), (Op::Lt, truth, [t, k, 0]))?;
                let store = self.u.ratio(1, 8)?;
                if store {
                    self.instruction()?;
                }
                self.push(Op::Select, end, [truth, y, z]);
                Ok(())
            }
        }?;
        let row = self.u.int_in_range(NUMBERS + TRUTHS..=self.program.vectors - 1)?;
        if self.u.ratio(1, 3)? {
            self.push(Op::Store, row, [end, 0, 0]);
        }
        Ok(())
    }

    fn both(&mut self, first: (Op, OperandId, [OperandId; 3]), second: (Op, OperandId, [OperandId; 3])) -> Result<()> {
        self.push(first.0, first.1, first.2);
        if self.u.ratio(1, 8)? {
            self.instruction()?;
        }
        self.push(second.0, second.1, second.2);
        Ok(())
    }

    /// Shifted, scaled, raised, and scaled or shifted again; each but the raising may be left out.
    fn exponential(&mut self, x: OperandId, t: OperandId, end: OperandId) -> Result<()> {
        let mut x = x;
        for among in [&[Op::Add, Op::Sub, Op::Neg][..], &[Op::Mul], &[Op::Exp], &[Op::Mul, Op::Add, Op::Sub, Op::Fma]] {
            if among[0] == Op::Exp || self.u.ratio(2, 3)? {
                let [k, l] = [self.constant()?, self.constant()?];
                let sources = if self.u.ratio(1, 3)? { [k, x, l] } else { [x, k, l] };
                let sources = if among.len() == 1 || among[0] == Op::Exp { [x, k, l] } else { sources };
                self.op(among, t, sources)?;
                x = t;
            }
            if self.u.ratio(1, 16)? {
                self.instruction()?;
            }
        }
        self.push(Op::Copy, end, [x, 0, 0]);
        Ok(())
    }

    fn slot(&mut self) -> Result<OperandId> {
        self.u.int_in_range(0..=NUMBERS - 1)
    }

    fn constant(&mut self) -> Result<OperandId> {
        let first = self.program.vectors;
        self.u.int_in_range(first..=first + CONSTANTS)
    }

    fn op(&mut self, among: &[Op], dst: OperandId, sources: [OperandId; 3]) -> Result<()> {
        let op = *self.u.choose(among)?;
        self.push(op, dst, sources);
        Ok(())
    }

    fn table(&mut self, argument: OperandId) -> Result<()> {
        let mut outputs = Vec::new();
        for _ in 0..self.u.int_in_range(1..=8)? {
            outputs.push(self.u.int_in_range(0..=NUMBERS - 1)?);
        }
        let number = self.program.tables.len() as u16;
        self.program.tables.push(TableUse { table: self.u.int_in_range(0..=1)?, outputs });
        self.push(Op::Table, 0, [argument, number, 0]);
        Ok(())
    }

    fn push(&mut self, op: Op, dst: OperandId, [a, b, c]: [OperandId; 3]) {
        self.program.code.push(Instr { op, dst, a, b, c });
    }

    fn truth(&mut self) -> Result<OperandId> {
        self.u.int_in_range(NUMBERS..=NUMBERS + TRUTHS - 1)
    }

    fn source(&mut self) -> Result<OperandId> {
        self.u.choose(&self.sources).copied()
    }
}
