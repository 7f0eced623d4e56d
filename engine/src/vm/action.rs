//! Which piece of the machine's code does an instruction: chosen by the operation and by which of its sources are the same for all instances.

use super::program::{Instr, Op, Operand, OperandId, Program};

/// An instruction with its action.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub action: Action,
    pub op: Op,
    /// How many of the fields from `a` on are sources.
    pub sources: u8,
    pub dst: OperandId,
    pub a: OperandId,
    pub b: OperandId,
    pub c: OperandId,
    pub d: OperandId,
    pub e: OperandId,
}

/// Frequent operations have an action for each kind of sources: in the names, `K` is a source that is the same for all instances and stays in a register,
/// `V` one that differs. The last ones do several operations in the order of their names; only `fuse` makes them. `General` is everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Action {
    General,
    AddVV,
    AddVK,
    SubVV,
    SubVK,
    SubKV,
    MulVV,
    MulVK,
    DivVV,
    DivVK,
    DivKV,
    FmaVVV,
    FmaVVK,
    FmaVKV,
    FmaVKK,
    FnmaVVV,
    FnmaVVK,
    FnmaVKV,
    FnmaVKK,
    FmsVVV,
    FmsVVK,
    FmsVKV,
    FmsVKK,
    SelectVVV,
    SelectVVK,
    SelectVKV,
    SelectVKK,
    LtVV,
    LtVK,
    LtKV,
    LeVV,
    LeVK,
    LeKV,
    MinVV,
    MinVK,
    MaxVV,
    MaxVK,
    MulFlushVV,
    MulFlushVK,
    AndVV,
    OrVV,
    Not,
    Store,
    Neg,
    Abs,
    Exp,
    /// k3 e^((a + k1) k2) + k4, the last product and sum rounded once; b is the first of the four constants.
    AddMulExpFma,
    /// (b - c) a + c, the product and sum rounded once
    SubFma,
    /// (a + b) + c
    AddAdd,
    /// (a b) c
    MulMul,
    /// (a b) c where c is the same for all
    MulMulVVK,
    /// (a - c) b where c is the same for all
    SubMulVVK,
    /// b where |a| < d, else c
    AbsLtSelect,
    /// (e + c d) + a b, each product and sum rounded once, where b and d are the same for all
    FmaFmaVKVKV,
    /// (e + c d) - a b, likewise
    FnmaFmaVKVKV,
    /// (e - c d) + a b, likewise
    FmaFnmaVKVKV,
    /// (e - c d) - a b, likewise
    FnmaFnmaVKVKV,
    /// c d + a b, the last product and the sum rounded once, where b and d are the same for all
    FmaMulVKVK,
    /// c d - a b, likewise
    FnmaMulVKVK,
    /// c d + a b where b is the same for all
    FmaMulVKVV,
    /// c d - a b, likewise
    FnmaMulVKVV,
}

impl Step {
    /// The instruction, its commuting sources ordered so that the one that differs comes first.
    pub fn of(program: &Program, instr: &Instr) -> Step {
        let &Instr { op, dst, mut a, mut b, c } = instr;
        let commutes = matches!(op, Op::Add | Op::Mul | Op::MulFlush | Op::Fma | Op::Fnma | Op::Fms);
        if commutes && same(program, a) && !same(program, b) {
            (a, b) = (b, a);
        }
        Step { action: action(program, op, a, b, c), op, sources: op.sources(), dst, a, b, c, d: 0, e: 0 }
    }

    /// The operands that it reads.
    pub fn sources(&self) -> impl Iterator<Item = OperandId> + use<> {
        [self.a, self.b, self.c, self.d, self.e].into_iter().take(self.sources.into())
    }

    /// Reads another operand instead of one.
    pub fn redirect(&mut self, from: OperandId, to: OperandId) {
        let sources = usize::from(self.sources);
        for id in [&mut self.a, &mut self.b, &mut self.c, &mut self.d, &mut self.e].into_iter().take(sources) {
            if *id == from {
                *id = to;
            }
        }
    }
}

/// Whether the operand has one value for all instances.
fn same(program: &Program, id: OperandId) -> bool {
    matches!(program.operands.get(usize::from(id)), Some(Operand::Constant(_) | Operand::Uniform(_)))
}

fn action(program: &Program, op: Op, a: OperandId, b: OperandId, c: OperandId) -> Action {
    use Action as A;
    let [a, b, c] = [a, b, c].map(|id| same(program, id));
    let ternary = |four: [Action; 4]| match (a, b, c) {
        (false, false, false) => four[0],
        (false, false, true) => four[1],
        (false, true, false) => four[2],
        (false, true, true) => four[3],
        _ => A::General,
    };
    let binary = |three: [Action; 3]| match (a, b) {
        (false, false) => three[0],
        (false, true) => three[1],
        (true, false) => three[2],
        (true, true) => A::General,
    };
    let unary = |one: Action| if a { A::General } else { one };
    match op {
        Op::Add => binary([A::AddVV, A::AddVK, A::General]),
        Op::Sub => binary([A::SubVV, A::SubVK, A::SubKV]),
        Op::Mul => binary([A::MulVV, A::MulVK, A::General]),
        Op::Div => binary([A::DivVV, A::DivVK, A::DivKV]),
        Op::Lt => binary([A::LtVV, A::LtVK, A::LtKV]),
        Op::Le => binary([A::LeVV, A::LeVK, A::LeKV]),
        Op::Min => binary([A::MinVV, A::MinVK, A::General]),
        Op::Max => binary([A::MaxVV, A::MaxVK, A::General]),
        Op::MulFlush => binary([A::MulFlushVV, A::MulFlushVK, A::General]),
        Op::And => binary([A::AndVV, A::General, A::General]),
        Op::Or => binary([A::OrVV, A::General, A::General]),
        Op::Not => unary(A::Not),
        Op::Store => unary(A::Store),
        Op::Fma => ternary([A::FmaVVV, A::FmaVVK, A::FmaVKV, A::FmaVKK]),
        Op::Fnma => ternary([A::FnmaVVV, A::FnmaVVK, A::FnmaVKV, A::FnmaVKK]),
        Op::Fms => ternary([A::FmsVVV, A::FmsVVK, A::FmsVKV, A::FmsVKK]),
        Op::Select => ternary([A::SelectVVV, A::SelectVVK, A::SelectVKV, A::SelectVKK]),
        Op::Neg => unary(A::Neg),
        Op::Abs => unary(A::Abs),
        Op::Exp => unary(A::Exp),
        _ => A::General,
    }
}

impl Op {
    /// How many of an instruction's sources are operands.
    pub(super) fn sources(self) -> u8 {
        match self {
            Op::Fma | Op::Fnma | Op::Fms | Op::Select | Op::Poisson => 3,
            Op::Add | Op::Sub | Op::Mul | Op::Div | Op::MulFlush | Op::Min | Op::Max | Op::Pow | Op::Curve => 2,
            Op::Lt | Op::Le | Op::Eq | Op::Ne | Op::And | Op::Or => 2,
            Op::Copy | Op::Store | Op::Neg | Op::Abs | Op::Sqrt | Op::Floor | Op::Ceil | Op::Round | Op::Not => 1,
            Op::Exp | Op::Log | Op::Log10 | Op::Sin | Op::Cos | Op::Tan | Op::Atan | Op::Sinh | Op::Cosh | Op::Tanh => 1,
            Op::Table | Op::Draw => 1,
        }
    }
}
