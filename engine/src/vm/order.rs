//! Orders steps so that none waits for the one before it: what a step has stored can be loaded only a while later, and meanwhile others can be done. No
//! operation is changed; slots are given anew.

use super::action::{Action, Step};
use super::draft::Draft;
use super::program::{Op, OperandId};

/// A step begins so many cycles after the one before it, where it waits for nothing.
const APART: u32 = 4;

/// How many steps ahead one is looked for that need not wait: values that are made early stay in memory for long.
const AHEAD: usize = 32;

/// Cycles after which others can read what a step has made: its operations, then from a store to a load.
fn latency(step: &Step) -> u32 {
    match (step.action, step.op) {
        (Action::Exp | Action::AddMulExpFma, _) => 72,
        (_, Op::Div | Op::Sqrt) => 24,
        (_, Op::Curve | Op::Log | Op::Log10 | Op::Pow | Op::Sin | Op::Cos | Op::Tan | Op::Sinh | Op::Cosh | Op::Tanh) => 100,
        _ => 14,
    }
}

/// Steps in their new order, and slots that they use beside the program's.
pub(super) struct Ordered {
    /// In order.
    pub steps: Vec<Step>,
    /// Numbers of further slots; the first operand of one is `next` of [`order`], and so on.
    pub slots: Vec<u16>,
}

/// Orders the steps. Operands from `next` on are free for further slots, which are numbered from `first` on. Nothing where there are tables, which write many
/// values at once.
pub(super) fn order(draft: &Draft<'_>, next: OperandId, first: u16) -> Option<Ordered> {
    let steps = &draft.steps;
    if steps.iter().any(|step| step.op == Op::Table) {
        return None;
    }
    let makers: Vec<[Option<usize>; 5]> = makers(draft)?;
    let order = arranged(steps, &dependences(draft, &makers));
    let (numbers, count) = numbered(draft, &order, &makers);
    let known: Vec<OperandId> = draft.slots();
    let (known_count, mut slots) = (known.len(), Vec::new());
    let operand = |number: usize| match known.get(number) {
        Some(id) => *id,
        None => next + (number - known_count) as OperandId,
    };
    slots.extend((known_count..count).map(|number| first + (number - known_count) as u16));
    let renamed = order.iter().map(|&k| {
        let mut step = steps[k];
        for (id, maker) in [&mut step.a, &mut step.b, &mut step.c, &mut step.d, &mut step.e].into_iter().zip(makers[k]) {
            if let Some(maker) = maker {
                *id = operand(numbers[maker]);
            }
        }
        if draft.is_slot(step.dst) {
            step.dst = operand(numbers[k]);
        }
        step
    });
    Some(Ordered { steps: renamed.collect(), slots })
}

/// For each source of each step that is a slot the step that has made it; nothing where nobody has.
fn makers(draft: &Draft<'_>) -> Option<Vec<[Option<usize>; 5]>> {
    let mut last: Vec<Option<usize>> = vec![None; draft.operands()];
    let mut all = Vec::with_capacity(draft.steps.len());
    for (k, step) in draft.steps.iter().enumerate() {
        let mut mine = [None; 5];
        for (slot, id) in mine.iter_mut().zip(step.sources()) {
            if draft.is_slot(id) {
                *slot = Some(last[usize::from(id)]?);
            }
        }
        all.push(mine);
        if draft.is_slot(step.dst) {
            last[usize::from(step.dst)] = Some(k);
        }
    }
    Some(all)
}

/// For each step those that wait for it, and whether for its value: else they only come later.
fn dependences(draft: &Draft<'_>, makers: &[[Option<usize>; 5]]) -> Vec<Vec<(usize, bool)>> {
    let mut after: Vec<Vec<(usize, bool)>> = vec![Vec::new(); draft.steps.len()];
    let mut written: Vec<Option<usize>> = vec![None; draft.operands()];
    let mut read: Vec<Vec<usize>> = vec![Vec::new(); draft.operands()];
    let mut drawn: Option<usize> = None;
    for (k, step) in draft.steps.iter().enumerate() {
        makers[k].iter().flatten().for_each(|maker| after[*maker].push((k, true)));
        for id in step.sources().filter(|id| draft.is_row(*id)).map(usize::from) {
            if let Some(writer) = written[id] {
                after[writer].push((k, true));
            }
            read[id].push(k);
        }
        if draft.is_row(step.dst) {
            let id = usize::from(step.dst);
            for before in read[id].drain(..).chain(written[id]).filter(|before| *before != k) {
                after[before].push((k, false));
            }
            written[id] = Some(k);
        }
        // Numbers are drawn in their order.
        if matches!(step.op, Op::Draw | Op::Poisson) {
            if let Some(before) = drawn {
                after[before].push((k, false));
            }
            drawn = Some(k);
        }
    }
    after
}

/// One after the other the first that need not wait, of those that come next; where all have to, the one that waits least.
fn arranged(steps: &[Step], after: &[Vec<(usize, bool)>]) -> Vec<usize> {
    let mut missing = vec![0; steps.len()];
    after.iter().flatten().for_each(|(k, _)| missing[*k] += 1);
    let (mut ready, mut left): (Vec<u32>, Vec<usize>) = (vec![0; steps.len()], (0..steps.len()).collect());
    let (mut order, mut time) = (Vec::with_capacity(steps.len()), 0);
    // Those that are left, in a window that begins with the first of them.
    let mut window: Vec<usize> = Vec::with_capacity(AHEAD);
    left.reverse();
    loop {
        while window.len() < AHEAD
            && let Some(k) = left.pop()
        {
            window.push(k);
        }
        let able = window.iter().enumerate().filter(|(_, k)| missing[**k] == 0);
        let Some((at, begin)) = able.map(|(at, k)| (at, ready[*k].max(time))).min_by_key(|(_, begin)| *begin) else {
            return order;
        };
        let k = window.remove(at);
        for (other, waits) in &after[k] {
            missing[*other] -= 1;
            let free = if *waits { begin + latency(&steps[k]) } else { 0 };
            ready[*other] = ready[*other].max(free);
        }
        order.push(k);
        time = begin + APART;
    }
}

/// The slot of each step's value, and how many there are: one is free again after the last use of its value, also for what is made of it.
fn numbered(draft: &Draft<'_>, order: &[usize], makers: &[[Option<usize>; 5]]) -> (Vec<usize>, usize) {
    let mut last = vec![0; order.len()];
    for (at, k) in order.iter().enumerate() {
        makers[*k].iter().flatten().for_each(|maker| last[*maker] = at);
    }
    let (mut numbers, mut free, mut count) = (vec![0; order.len()], Vec::new(), 0);
    for (at, &k) in order.iter().enumerate() {
        for (i, maker) in makers[k].iter().enumerate() {
            if let Some(maker) = maker
                && last[*maker] == at
                && !makers[k][..i].contains(&Some(*maker))
            {
                free.push(numbers[*maker]);
            }
        }
        if draft.is_slot(draft.steps[k].dst) {
            numbers[k] = free.pop().unwrap_or_else(|| {
                count += 1;
                count - 1
            });
            // What nobody uses.
            if last[k] <= at {
                free.push(numbers[k]);
            }
        }
    }
    (numbers, count)
}

#[cfg(test)]
mod tests {
    use super::super::program::{Instr, Operand, Program};
    use super::*;

    /// Two chains of four products each, from rows 0 and 1 to rows 2 and 3, with one slot for each.
    fn chains() -> Program {
        let rows = (0..4).map(Operand::Row);
        let operands = [Operand::Slot(0), Operand::Slot(1)].into_iter().chain(rows).collect();
        let product = |dst, a| Instr { op: Op::Mul, dst, a, b: a, c: 0 };
        let store = |dst, a| Instr { op: Op::Store, dst, a, b: 0, c: 0 };
        let chain = |slot, from| [product(slot, from), product(slot, slot), product(slot, slot), product(slot, slot)];
        let code = [chain(0, 2), chain(1, 3)].concat().into_iter().chain([store(4, 0), store(5, 1)]).collect();
        Program { operands, vectors: 6, slots: 2, code, ..Program::default() }
    }

    #[test]
    fn chains_take_turns() {
        let program = chains();
        let steps: Vec<Step> = program.code.iter().map(|instr| Step::of(&program, instr)).collect();
        let ordered = order(&Draft::new(&program, &steps), 6, 2).expect("no tables");
        let slots: Vec<OperandId> = ordered.steps.iter().map(|step| step.dst).collect();
        assert_eq!(slots, [0, 1, 0, 1, 0, 1, 0, 1, 4, 5]);
        assert!(ordered.slots.is_empty());
    }

    /// A row is read before it is written, whatever else waits.
    #[test]
    fn rows_keep_their_order() {
        let operands = vec![Operand::Slot(0), Operand::Slot(1), Operand::Row(0), Operand::Row(1)];
        let code = vec![
            Instr { op: Op::Exp, dst: 0, a: 2, b: 0, c: 0 },
            Instr { op: Op::Add, dst: 1, a: 0, b: 2, c: 0 },
            Instr { op: Op::Store, dst: 2, a: 3, b: 0, c: 0 },
            Instr { op: Op::Store, dst: 3, a: 1, b: 0, c: 0 },
        ];
        let program = Program { operands, vectors: 4, slots: 2, code, ..Program::default() };
        let steps: Vec<Step> = program.code.iter().map(|instr| Step::of(&program, instr)).collect();
        let ordered = order(&Draft::new(&program, &steps), 4, 2).expect("no tables");
        let ops: Vec<Op> = ordered.steps.iter().map(|step| step.op).collect();
        assert_eq!(ops, [Op::Exp, Op::Add, Op::Store, Op::Store]);
        assert_eq!(ordered.steps[2].dst, 2);
    }
}
