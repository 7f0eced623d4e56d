//! Joins steps whose values nobody else reads, so that they are not written and read back. Every operation keeps its operands and its rounding.

use super::action::{Action, Step};
use super::draft::Draft;
use super::program::OperandId;

/// The constants of a fused exponential, k3 e^((x + k1) k2) + k4.
pub(super) type Four = [f64; 4];

/// Joins what can be joined.
pub(super) fn fuse(draft: &mut Draft<'_>) {
    let mut k = 0;
    while k < draft.steps.len() {
        let joined = exponential(draft, k).or_else(|| terms(draft, k)).or_else(|| pair(draft, k)).or_else(|| choice(draft, k));
        match joined {
            Some((step, mut gone)) => {
                draft.steps[k] = step;
                gone.sort_unstable();
                for &maker in gone.iter().rev() {
                    draft.steps.remove(maker);
                }
                k -= gone.len();
            }
            None => k += 1,
        }
    }
}

/// A step that does all, in place of the last, and the steps that are not needed any more.
type Joined = Option<(Step, Vec<usize>)>;

/// Two terms of a weighted sum.
fn terms(draft: &Draft<'_>, k: usize) -> Joined {
    use Action as A;
    let step = draft.steps[k];
    if !matches!(step.action, A::FmaVKV | A::FnmaVKV) {
        return None;
    }
    let at = draft.sole_maker(k, step.c)?;
    let first = draft.steps[at];
    let (action, sources) = match (step.action, first.action) {
        (A::FmaVKV, A::FmaVKV) => (A::FmaFmaVKVKV, 5),
        (A::FnmaVKV, A::FmaVKV) => (A::FnmaFmaVKVKV, 5),
        (A::FmaVKV, A::FnmaVKV) => (A::FmaFnmaVKVKV, 5),
        (A::FnmaVKV, A::FnmaVKV) => (A::FnmaFnmaVKVKV, 5),
        (A::FmaVKV, A::MulVK) => (A::FmaMulVKVK, 4),
        (A::FnmaVKV, A::MulVK) => (A::FnmaMulVKVK, 4),
        (A::FmaVKV, A::MulVV) => (A::FmaMulVKVV, 4),
        (A::FnmaVKV, A::MulVV) => (A::FnmaMulVKVV, 4),
        _ => return None,
    };
    let e = if sources == 5 { first.c } else { 0 };
    Some((Step { action, sources, c: first.a, d: first.b, e, ..step }, vec![at]))
}

/// Two operations that often follow each other.
fn pair(draft: &Draft<'_>, k: usize) -> Joined {
    let step = draft.steps[k];
    let made = |id: OperandId, action: Action| {
        let maker = draft.sole_maker(k, id)?;
        (draft.steps[maker].action == action).then(|| (draft.steps[maker], maker))
    };
    let join = |action, [a, b, c]: [OperandId; 3], maker| Some((Step { action, sources: 3, a, b, c, ..step }, vec![maker]));
    // Sums and products commute: either source may be the one that was made.
    for (id, other) in [(step.a, step.b), (step.b, step.a)] {
        let joined = match step.action {
            Action::AddVV => made(id, Action::AddVV).and_then(|(first, at)| join(Action::AddAdd, [first.a, first.b, other], at)),
            Action::MulVV => {
                made(id, Action::MulVV).and_then(|(first, at)| join(Action::MulMul, [first.a, first.b, other], at)).or_else(
                    || made(id, Action::SubVK).and_then(|(first, at)| join(Action::SubMulVVK, [first.a, other, first.b], at)),
                )
            }
            Action::FmaVVV => made(id, Action::SubVV)
                .filter(|(first, _)| first.b == step.c)
                .and_then(|(first, at)| join(Action::SubFma, [other, first.a, step.c], at)),
            Action::MulVK if id == step.a => {
                made(id, Action::MulVV).and_then(|(first, at)| join(Action::MulMulVVK, [first.a, first.b, other], at))
            }
            _ => None,
        };
        if joined.is_some() {
            return joined;
        }
    }
    None
}

/// A choice by magnitude: Abs, Lt, Select.
fn choice(draft: &Draft<'_>, k: usize) -> Joined {
    let step = draft.steps[k];
    let compare = draft.sole_maker(k, step.a).filter(|_| step.action == Action::SelectVVV)?;
    let Step { a: size, b: limit, .. } = draft.steps[compare];
    let magnitude = draft.sole_maker(compare, size).filter(|_| draft.steps[compare].action == Action::LtVK)?;
    let of = draft.steps[magnitude].a;
    let steady = draft.steps[magnitude].action == Action::Abs && !(magnitude..k).any(|j| draft.writes(j, of));
    let joined = Step { action: Action::AbsLtSelect, sources: 4, a: of, d: limit, ..step };
    steady.then(|| (joined, vec![magnitude, compare]))
}

/// An exponential takes in how its argument is shifted and scaled, or how it is scaled and shifted itself.
fn exponential(draft: &mut Draft<'_>, k: usize) -> Joined {
    let step = draft.steps[k];
    let (x, four, gone) = match step.action {
        Action::Exp => argument(draft, k)?,
        _ => result(draft, k)?,
    };
    let b = draft.number(four);
    Some((Step { action: Action::AddMulExpFma, sources: 2, a: x, b, ..step }, gone))
}

/// Of an exponential: what is shifted and scaled, and by which constants. Adding 0 or multiplying by 1 changes no bit of an exponential, not even where it
/// makes a zero positive.
fn argument(draft: &Draft<'_>, k: usize) -> Option<(OperandId, Four, Vec<usize>)> {
    let mut gone = vec![draft.sole_maker(k, draft.steps[k].a)?];
    let (mut step, mut scale) = (draft.steps[gone[0]], 1.0);
    if step.action == Action::MulVK {
        scale = draft.constant(step.b)?;
        if let Some(shift) = draft.sole_maker(gone[0], step.a).filter(|&at| shift_of(draft, &draft.steps[at]).is_some()) {
            gone.push(shift);
            step = draft.steps[shift];
        }
    }
    let (x, shift, sign) = shift_of(draft, &step).or((step.action == Action::MulVK).then_some((step.a, 0.0, 1.0)))?;
    let first = *gone.iter().min()?;
    let steady = !(first + 1..k).any(|j| draft.writes(j, x));
    steady.then_some((x, [shift, sign * scale, 1.0, -0.0], gone))
}

/// x, shift and sign where the step computes sign (x + shift).
fn shift_of(draft: &Draft<'_>, step: &Step) -> Option<(OperandId, f64, f64)> {
    match step.action {
        Action::AddVK => Some((step.a, draft.constant(step.b)?, 1.0)),
        Action::SubVK => Some((step.a, -draft.constant(step.b)?, 1.0)),
        Action::SubKV => Some((step.b, -draft.constant(step.a)?, -1.0)),
        Action::Neg => Some((step.a, 0.0, -1.0)),
        _ => None,
    }
}

/// Of a step that scales or shifts an exponential: the argument of that, and the constants of both. A product plus -0 is the product.
fn result(draft: &Draft<'_>, k: usize) -> Option<(OperandId, Four, Vec<usize>)> {
    let Step { action, a, b, c, .. } = draft.steps[k];
    let (of, last) = match action {
        Action::MulVK => (a, [draft.constant(b)?, -0.0]),
        Action::AddVK => (a, [1.0, draft.constant(b)?]),
        Action::SubVK => (a, [1.0, -draft.constant(b)?]),
        Action::SubKV => (b, [-1.0, draft.constant(a)?]),
        Action::FmaVKK => (a, [draft.constant(b)?, draft.constant(c)?]),
        _ => return None,
    };
    let at = draft.sole_maker(k, of)?;
    let maker = draft.steps[at];
    let first = match maker.action {
        Action::Exp => [0.0, 1.0],
        Action::AddMulExpFma => match draft.four(maker.b)? {
            [k1, k2, 1.0, k4] if k4.to_bits() == (-0.0f64).to_bits() => [k1, k2],
            _ => return None,
        },
        _ => return None,
    };
    Some((maker.a, [first[0], first[1], last[0], last[1]], vec![at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vm::program::{Instr, Op, Operand, Program};

    /// Slots 0 and 1 are operands 0 and 1, rows 0 to 2 are operands 2 to 4, constants 5 to 8.
    fn joined(code: &[(Op, [OperandId; 4])]) -> Vec<(Action, OperandId)> {
        let mut operands = vec![Operand::Slot(0), Operand::Slot(1), Operand::Row(0), Operand::Row(1), Operand::Row(2)];
        operands.extend([2.0, 3.0, 5.0, 7.0].map(Operand::Constant));
        let code = code.iter().map(|&(op, [dst, a, b, c])| Instr { op, dst, a, b, c }).collect();
        let program = Program { operands, vectors: 5, slots: 2, code, ..Program::default() };
        let steps: Vec<Step> = program.code.iter().map(|instr| Step::of(&program, instr)).collect();
        let mut draft = Draft::new(&program, &steps);
        fuse(&mut draft);
        draft.steps.iter().map(|step| (step.action, step.a)).collect()
    }

    #[test]
    fn an_exponential_takes_in_its_surroundings() {
        let code = [
            (Op::Add, [0, 2, 5, 0]),
            (Op::Mul, [0, 0, 6, 0]),
            (Op::Exp, [1, 0, 0, 0]),
            (Op::Sub, [0, 7, 1, 0]),
            (Op::Store, [3, 0, 0, 0]),
        ];
        assert_eq!(joined(&code), [(Action::AddMulExpFma, 2), (Action::Store, 0)]);
    }

    #[test]
    fn what_somebody_else_reads_stays() {
        let code = [(Op::Mul, [0, 2, 5, 0]), (Op::Exp, [1, 0, 0, 0]), (Op::Add, [0, 0, 1, 0]), (Op::Store, [3, 0, 0, 0])];
        let actions: Vec<Action> = joined(&code).into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, [Action::MulVK, Action::Exp, Action::AddVV, Action::Store]);
    }

    #[test]
    fn a_choice_by_magnitude_is_one_step() {
        let code = [(Op::Abs, [0, 2, 0, 0]), (Op::Lt, [0, 0, 5, 0]), (Op::Select, [0, 0, 3, 4]), (Op::Store, [3, 0, 0, 0])];
        assert_eq!(joined(&code), [(Action::AbsLtSelect, 2), (Action::Store, 0)]);
    }

    #[test]
    fn terms_of_a_sum_are_joined_by_two() {
        let code = [
            (Op::Mul, [0, 2, 5, 0]),
            (Op::Fma, [0, 3, 6, 0]),
            (Op::Fma, [0, 4, 7, 0]),
            (Op::Fma, [0, 2, 8, 0]),
            (Op::Store, [3, 0, 0, 0]),
        ];
        assert_eq!(joined(&code), [(Action::FmaMulVKVK, 3), (Action::FmaFmaVKVKV, 2), (Action::Store, 0)]);
    }

    #[test]
    fn a_state_moves_towards_its_end_in_one_step() {
        let code = [(Op::Sub, [0, 2, 3, 0]), (Op::Fma, [1, 4, 0, 3]), (Op::Store, [3, 1, 0, 0])];
        assert_eq!(joined(&code), [(Action::SubFma, 4), (Action::Store, 1)]);
    }
}
