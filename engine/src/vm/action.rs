//! Which piece of the machine's code does an instruction: chosen by the operation and by which of its sources are the same for all instances.

use super::program::{Instr, Op, Operand, OperandId, Program};

/// An instruction with its action.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub action: Action,
    pub op: Op,
    pub dst: OperandId,
    pub a: OperandId,
    pub b: OperandId,
    pub c: OperandId,
}

/// Frequent operations have an action for each kind of sources: in the names, `K` is a source that is the same for all instances and stays in a register,
/// `V` one that differs. All others are done by the one that steps through each source as it comes.
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
    Abs,
    Exp,
    Log,
}

impl Step {
    /// The instruction, its commuting sources ordered so that the one that differs comes first.
    pub fn of(program: &Program, instr: &Instr) -> Step {
        let &Instr { op, dst, mut a, mut b, c } = instr;
        let commutes = matches!(op, Op::Add | Op::Mul | Op::Fma | Op::Fnma | Op::Fms);
        if commutes && same(program, a) && !same(program, b) {
            (a, b) = (b, a);
        }
        Step { action: action(program, op, a, b, c), op, dst, a, b, c }
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
        Op::Fma => ternary([A::FmaVVV, A::FmaVVK, A::FmaVKV, A::FmaVKK]),
        Op::Fnma => ternary([A::FnmaVVV, A::FnmaVVK, A::FnmaVKV, A::FnmaVKK]),
        Op::Fms => ternary([A::FmsVVV, A::FmsVVK, A::FmsVKV, A::FmsVKK]),
        Op::Select => ternary([A::SelectVVV, A::SelectVVK, A::SelectVKV, A::SelectVKK]),
        Op::Abs => unary(A::Abs),
        Op::Exp => unary(A::Exp),
        Op::Log => unary(A::Log),
        _ => A::General,
    }
}
