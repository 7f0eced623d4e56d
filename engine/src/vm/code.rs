//! A program made ready for the machine: checked once, its constants laid out. Not bound to any pool; all pools of a mechanism share it.

use super::action::Step;
use super::draft::Draft;
use super::fuse::{Four, fuse};
use super::merge::merge;
use super::order::order;
use super::program::{Instr, NodeRow, Op, Operand, OperandId, Program, Uniform};
use std::fmt;
use std::sync::Arc;

/// Doubles that fill a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Line {
    #[expect(dead_code, reason = "the machine reads it through pointers")]
    values: [f64; 8],
}

impl Line {
    /// Copies of one value.
    pub fn of(value: f64) -> Line {
        Line { values: [value; 8] }
    }
}

/// A checked program.
#[derive(Clone, Debug)]
pub struct Code {
    /// As they are in the program.
    pub(super) steps: Vec<Step>,
    /// With operations joined: for blocks.
    pub(super) fused: Vec<Step>,
    /// And values made where they are to be stored: for blocks without a rest.
    pub(super) merged: Vec<Step>,
    pub(super) lookups: Vec<Lookup>,
    /// How many operands there are, with those that are added here.
    pub(super) operands: usize,
    /// Operands counted from each base.
    pub(super) places: [Vec<Place>; Base::COUNT],
    /// All bits set for operands that differ between instances, none for the others.
    pub(super) moving: Vec<usize>,
    /// Operands in rows: those that move on from one block of instances to the next.
    pub(super) rows: Vec<OperandId>,
    pub(super) constants: Vec<Line>,
    /// Tells it from all others.
    pub(super) identity: Arc<()>,
    pub(super) uniforms: Vec<Uniform>,
    pub(super) outputs: Vec<OperandId>,
    pub(super) needs: Needs,
    /// It writes rows of its pool and nothing else, so that whole vectors may be written where a pool's rows have room for them.
    pub(super) pads: bool,
}

/// What a call has to bring.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Needs {
    /// Slots, with one more for the outputs of tables that nobody wants.
    pub slots: usize,
    /// Rows of the pool.
    pub rows: usize,
    /// Shared rows of the block of cells.
    pub shared: usize,
    /// Which node rows.
    pub nodes: [bool; NodeRow::COUNT],
    /// Those of them that are written.
    pub writes: [bool; NodeRow::COUNT],
    /// Arguments of an event.
    pub arguments: usize,
    /// Tables.
    pub tables: usize,
    /// Random numbers.
    pub draws: bool,
}

/// A `Table` instruction's table and where its outputs go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lookup {
    pub table: usize,
    pub outputs: [OperandId; 8],
}

/// An operand, `index` units of the base's own size behind it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub operand: OperandId,
    pub index: u16,
}

/// What operands are counted from.
#[derive(Clone, Copy, Debug)]
#[repr(u16)]
pub(super) enum Base {
    Scratch,
    Pool,
    Shared,
    V,
    Rhs,
    D,
    Constants,
    Uniforms,
}

impl Base {
    pub const COUNT: usize = 8;
}

/// Why a program is not one: an error of whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Number of the instruction, where it is one.
    pub instruction: Option<usize>,
    /// What is wrong.
    pub reason: &'static str,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.instruction {
            Some(k) => write!(f, "malformed program: instruction {k}: {}", self.reason),
            None => write!(f, "malformed program: {}", self.reason),
        }
    }
}

impl std::error::Error for Malformed {}

impl Code {
    /// Checks and lays out.
    pub fn new(program: &Program) -> Result<Code, Malformed> {
        check(program)?;
        let steps: Vec<Step> = program.code.iter().map(|instr| Step::of(program, instr)).collect();
        let mut draft = Draft::new(program, &steps);
        fuse(&mut draft);
        let fused = draft.steps.clone();
        merge(&mut draft);
        let next = draft.operands() as OperandId;
        let ordered = order(&draft, next, program.slots + 1);
        let (merged, slots) = ordered.map_or_else(|| (draft.steps.clone(), Vec::new()), |ordered| (ordered.steps, ordered.slots));
        let fours = std::mem::take(&mut draft.fours);
        let mut code = Code {
            steps,
            fused,
            merged,
            lookups: Vec::new(),
            operands: 0,
            places: Default::default(),
            moving: Vec::new(),
            rows: Vec::new(),
            constants: Vec::new(),
            identity: Arc::new(()),
            uniforms: Vec::new(),
            outputs: program.outputs.clone(),
            needs: Needs { slots: usize::from(program.slots) + 1 + slots.len(), ..Needs::default() },
            pads: false,
        };
        program.operands.iter().for_each(|operand| code.place_operand(operand));
        code.place_lookups(program);
        fours.iter().for_each(|four| code.place_four(four));
        slots.iter().for_each(|slot| code.place(Base::Scratch, *slot));
        let stores = program.code.iter().filter(|instr| instr.op == Op::Store);
        for target in stores.filter_map(|instr| program.operands.get(usize::from(instr.dst))) {
            if let Operand::Node(row) = target {
                code.needs.writes[*row as usize] = true;
            }
        }
        for curve in program.code.iter().filter(|instr| instr.op == Op::Curve) {
            code.needs.tables = code.needs.tables.max(usize::from(curve.c) + 1);
        }
        let own = |instr: &Instr| matches!(program.operands.get(usize::from(instr.dst)), Some(Operand::Row(_)));
        code.needs.draws = program.code.iter().any(|instr| matches!(instr.op, Op::Draw | Op::Poisson));
        code.pads = !code.needs.draws && program.code.iter().filter(|instr| instr.op == Op::Store).all(own);
        Ok(code)
    }

    /// How many values [`super::machine::Scratch::outputs`] has after a call for one instance.
    pub fn outputs(&self) -> usize {
        self.outputs.len()
    }

    /// Whether it reads or writes shared rows.
    pub fn shares(&self) -> bool {
        self.needs.shared > 0
    }

    /// Which node rows it reads or writes.
    pub fn uses(&self) -> [bool; NodeRow::COUNT] {
        self.needs.nodes
    }

    /// Which node rows it writes.
    pub fn writes(&self) -> [bool; NodeRow::COUNT] {
        self.needs.writes
    }

    fn place_operand(&mut self, operand: &Operand) {
        let id = self.operands as OperandId;
        let (base, index) = match *operand {
            Operand::Slot(slot) => (Base::Scratch, slot),
            Operand::Row(row) => {
                self.needs.rows = self.needs.rows.max(usize::from(row) + 1);
                self.rows.push(id);
                (Base::Pool, row)
            }
            Operand::Shared(row) => {
                self.needs.shared = self.needs.shared.max(usize::from(row) + 1);
                self.rows.push(id);
                (Base::Shared, row)
            }
            Operand::Node(row) => {
                self.needs.nodes[row as usize] = true;
                self.rows.push(id);
                (node_base(row), 0)
            }
            Operand::Constant(value) => {
                self.constants.push(Line::of(value));
                (Base::Constants, (self.constants.len() - 1) as u16)
            }
            Operand::Uniform(uniform) => {
                self.uniforms.push(uniform);
                if let Uniform::Argument(number) = uniform {
                    self.needs.arguments = self.needs.arguments.max(usize::from(number) + 1);
                }
                (Base::Uniforms, (self.uniforms.len() - 1) as u16)
            }
        };
        self.place(base, index);
    }

    /// Numbers the next operand.
    fn place(&mut self, base: Base, index: u16) {
        let same = matches!(base, Base::Constants | Base::Uniforms);
        self.moving.push(if same { 0 } else { usize::MAX });
        self.places[base as usize].push(Place { operand: self.operands as OperandId, index });
        self.operands += 1;
    }

    /// The constants of a fused exponential follow each other; the operand is the first.
    fn place_four(&mut self, four: &Four) {
        self.place(Base::Constants, self.constants.len() as u16);
        self.constants.extend(four.map(Line::of));
    }

    fn place_lookups(&mut self, program: &Program) {
        // The last slot takes what nobody wants.
        let unwanted = self.operands as OperandId;
        self.place(Base::Scratch, program.slots);
        for lookup in &program.tables {
            let mut outputs = [unwanted; 8];
            outputs[..lookup.outputs.len()].copy_from_slice(&lookup.outputs);
            self.needs.tables = self.needs.tables.max(usize::from(lookup.table) + 1);
            self.lookups.push(Lookup { table: usize::from(lookup.table), outputs });
        }
    }
}

fn node_base(row: NodeRow) -> Base {
    match row {
        NodeRow::V => Base::V,
        NodeRow::Rhs => Base::Rhs,
        NodeRow::D => Base::D,
    }
}

/// Whether what the machine relies on is so: every number in an instruction names something of the right kind.
fn check(program: &Program) -> Result<(), Malformed> {
    let fault = |instruction, reason| Err(Malformed { instruction, reason });
    // Each instruction may add an operand of four constants.
    if program.operands.len() + 4 * program.code.len() >= usize::from(OperandId::MAX) || program.slots == u16::MAX {
        return fault(None, "too many operands");
    }
    if program.operands.iter().any(|operand| matches!(operand, Operand::Slot(slot) if *slot >= program.slots)) {
        return fault(None, "a slot beyond `slots`");
    }
    if program.outputs.iter().any(|&id| program.operands.get(usize::from(id)).is_none()) {
        return fault(None, "an output that is no operand");
    }
    for lookup in &program.tables {
        if lookup.outputs.len() > 8 || lookup.outputs.iter().any(|&id| !is_slot(program, id)) {
            return fault(None, "a table whose outputs are not at most eight slots");
        }
    }
    for (k, instr) in program.code.iter().enumerate() {
        if let Some(reason) = fault_of(program, instr) {
            return fault(Some(k), reason);
        }
    }
    Ok(())
}

fn fault_of(program: &Program, instr: &Instr) -> Option<&'static str> {
    let operand = |id: OperandId| program.operands.get(usize::from(id));
    let table = instr.op == Op::Table;
    let target = match instr.op {
        Op::Store => matches!(operand(instr.dst), Some(Operand::Row(_) | Operand::Node(_) | Operand::Shared(_))),
        Op::Table => true,
        _ => is_slot(program, instr.dst),
    };
    if !target {
        Some("a target that cannot be written")
    } else if table && program.tables.get(usize::from(instr.b)).is_none() {
        Some("no such table")
    } else if [instr.a, if table { 0 } else { instr.b }, if instr.op == Op::Curve { 0 } else { instr.c }]
        .into_iter()
        .any(|id| operand(id).is_none())
    {
        Some("a source that is no operand")
    } else {
        None
    }
}

fn is_slot(program: &Program, id: OperandId) -> bool {
    matches!(program.operands.get(usize::from(id)), Some(Operand::Slot(_)))
}
