//! Steps that are being rearranged: who makes a value, who reads it, what may be moved. Nothing here changes an operation.

use super::action::Step;
use super::fuse::Four;
use super::program::{Op, Operand, OperandId, Program};

/// Steps and what is known of their operands.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    program: &'a Program,
    pub steps: Vec<Step>,
    /// Constants of fused exponentials, numbered behind the program's operands and the one for outputs that nobody wants.
    pub fours: Vec<Four>,
}

impl<'a> Draft<'a> {
    /// The program's steps, with one number for each operand although the program may have several.
    pub fn new(program: &'a Program, steps: &[Step]) -> Draft<'a> {
        let first = |id: OperandId| {
            let operand = &program.operands[usize::from(id)];
            program.operands.iter().position(|other| same_bits(other, operand)).unwrap_or(usize::from(id)) as OperandId
        };
        let mut steps = steps.to_vec();
        for step in &mut steps {
            if step.op != Op::Table {
                step.dst = first(step.dst);
            }
            for id in [&mut step.a, &mut step.b, &mut step.c].into_iter().take(step.sources.into()) {
                *id = first(*id);
            }
        }
        Draft { program, steps, fours: Vec::new() }
    }

    /// How many operands there are, with those that are added here.
    pub fn operands(&self) -> usize {
        self.program.operands.len() + self.fours.len() + 1
    }

    /// Whether this operand is a slot.
    pub fn is_slot(&self, id: OperandId) -> bool {
        matches!(self.program.operands.get(usize::from(id)), Some(Operand::Slot(_)))
    }

    /// Whether it lies in memory that others see.
    pub fn is_row(&self, id: OperandId) -> bool {
        self.program.operands.get(usize::from(id)).is_some_and(|operand| operand.is_row())
    }

    /// The operands that are slots, each slot once.
    pub fn slots(&self) -> Vec<OperandId> {
        let (mut seen, mut all) = (vec![false; usize::from(self.program.slots)], Vec::new());
        for (operand, id) in self.program.operands.iter().zip(0..) {
            if let Operand::Slot(slot) = operand
                && !std::mem::replace(&mut seen[usize::from(*slot)], true)
            {
                all.push(id);
            }
        }
        all
    }

    /// Whether a value in this operand is seen by nobody but the steps.
    pub fn is_private(&self, id: OperandId) -> bool {
        let operand = self.program.operands.get(usize::from(id));
        let shown = |&output: &OperandId| self.program.operands.get(usize::from(output)) == operand;
        matches!(operand, Some(Operand::Slot(_))) && !self.program.outputs.iter().any(shown)
    }

    /// The value of a constant.
    pub fn constant(&self, id: OperandId) -> Option<f64> {
        match self.program.operands.get(usize::from(id)) {
            Some(Operand::Constant(value)) => Some(*value),
            _ => None,
        }
    }

    /// An operand of four constants.
    pub fn number(&mut self, four: Four) -> OperandId {
        self.fours.push(four);
        (self.program.operands.len() + self.fours.len()) as OperandId
    }

    /// The constants of such an operand.
    pub fn four(&self, id: OperandId) -> Option<Four> {
        let behind = usize::from(id).checked_sub(self.program.operands.len() + 1)?;
        self.fours.get(behind).copied()
    }

    /// Whether the step writes the operand.
    pub fn writes(&self, k: usize, id: OperandId) -> bool {
        let step = &self.steps[k];
        if step.op != Op::Table {
            return step.dst == id;
        }
        let operand = self.program.operands.get(usize::from(id));
        let outputs = &self.program.tables[usize::from(step.b)].outputs;
        outputs.iter().any(|&output| self.program.operands.get(usize::from(output)) == operand)
    }

    /// Whether the step reads the operand.
    pub fn reads(&self, k: usize, id: OperandId) -> bool {
        self.steps[k].sources().any(|source| source == id)
    }

    /// The step that made the value which step `reader` finds in a slot.
    pub fn maker(&self, reader: usize, id: OperandId) -> Option<usize> {
        (0..reader).rev().find(|&k| self.writes(k, id))
    }

    /// The last step that reads the value which step `maker` made; it may overwrite it.
    pub fn last_reader(&self, maker: usize, id: OperandId) -> Option<usize> {
        let end = (maker + 1..self.steps.len()).find(|&k| self.writes(k, id)).map_or(self.steps.len(), |k| k + 1);
        (maker + 1..end).rev().find(|&k| self.reads(k, id))
    }

    /// The maker of a private value that step `reader` reads as one source and nobody else reads, if it might as well be made at the reader.
    pub fn sole_maker(&self, reader: usize, id: OperandId) -> Option<usize> {
        let maker = self.maker(reader, id).filter(|_| self.is_private(id))?;
        let between = maker + 1..reader;
        let once = self.steps[reader].sources().filter(|&source| source == id).count() == 1;
        let alone = once && self.last_reader(maker, id) == Some(reader) && !between.clone().any(|k| self.reads(k, id));
        let movable = self.steps[maker].sources().all(|source| !between.clone().any(|k| self.writes(k, source)));
        (alone && movable && self.steps[maker].op != Op::Table).then_some(maker)
    }
}

/// Equality that tells zeros apart.
fn same_bits(a: &Operand, b: &Operand) -> bool {
    match (a, b) {
        (Operand::Constant(a), Operand::Constant(b)) => a.to_bits() == b.to_bits(),
        _ => a == b,
    }
}
