//! Writes programs instruction by instruction, every result in a slot of its own.

use bouton_engine::vm::program::{Instr, NodeRow, Op, Operand, OperandId, Program, Uniform};

/// A program that is being written. Operands are numbered when it is finished.
#[derive(Default)]
pub struct Assembler {
    slots: u16,
    code: Vec<(Op, Operand, Vec<Operand>)>,
}

impl Assembler {
    /// The result of an operation.
    pub fn op(&mut self, op: Op, sources: &[Operand]) -> Operand {
        let result = Operand::Slot(self.slots);
        self.slots += 1;
        self.code.push((op, result, sources.to_vec()));
        result
    }

    /// Writes a value to a row or a node row.
    pub fn store(&mut self, to: Operand, value: Operand) {
        self.code.push((Op::Store, to, vec![value]));
    }

    /// rhs = rhs - current; d = d + slope
    pub fn inject(&mut self, current: Operand, slope: Operand) {
        let (rhs, d) = (Operand::Node(NodeRow::Rhs), Operand::Node(NodeRow::D));
        let sum = self.op(Op::Sub, &[rhs, current]);
        self.store(rhs, sum);
        let sum = self.op(Op::Add, &[d, slope]);
        self.store(d, sum);
    }

    /// The program, with these outputs.
    pub fn finish(self, outputs: &[Operand]) -> Program {
        let mut used: Vec<Operand> = Vec::new();
        let mentioned = self.code.iter().flat_map(|(_, to, from)| std::iter::once(to).chain(from)).chain(outputs);
        for &operand in mentioned {
            if !used.iter().any(|u| same(u, &operand)) {
                used.push(operand);
            }
        }
        used.sort_by_key(|o| !is_vector(o));
        let id = |o: &Operand| used.iter().position(|u| same(u, o)).unwrap_or(0) as OperandId;
        let source = |from: &[Operand], k: usize| from.get(k).map_or(0, id);
        let instr = |(op, to, from): &(Op, Operand, Vec<Operand>)| Instr {
            op: *op,
            dst: id(to),
            a: source(from, 0),
            b: source(from, 1),
            c: source(from, 2),
        };
        let code = self.code.iter().map(instr).collect();
        let (vectors, outputs) = (used.iter().filter(|o| is_vector(o)).count() as u16, outputs.iter().map(id).collect());
        Program { vectors, slots: self.slots, code, tables: Vec::new(), outputs, operands: used }
    }
}

fn is_vector(operand: &Operand) -> bool {
    matches!(operand, Operand::Slot(_) | Operand::Row(_) | Operand::Node(_))
}

/// Constants by their bits: the mask that is set is not a number, and so not equal to itself.
fn same(x: &Operand, y: &Operand) -> bool {
    match (x, y) {
        (Operand::Constant(x), Operand::Constant(y)) => x.to_bits() == y.to_bits(),
        _ => x == y,
    }
}

/// Membrane potential.
pub const V: Operand = Operand::Node(NodeRow::V);
/// Time.
pub const T: Operand = Operand::Uniform(Uniform::T);
/// Weight of the event.
pub const WEIGHT: Operand = Operand::Uniform(Uniform::Argument(0));

/// A number.
pub fn number(value: f64) -> Operand {
    Operand::Constant(value)
}

/// The mask that is set.
pub fn always() -> Operand {
    number(f64::from_bits(u64::MAX))
}
