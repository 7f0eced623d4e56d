//! Values of a graph become a program: order of operations, slots, operands. The order is that of the sinks, operands first;
//! all stores come last, so that a program reads every row as it was before.

use super::graph::{Graph, Node, NodeId, operands};
use crate::vm::program::{Instr, NodeRow, Op, Operand, OperandId, Program, TableUse};
use std::collections::HashMap;

/// Where a value goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sink {
    /// Written to a row of the pool.
    Row(u16),
    /// Subtracted from the node's right-hand side.
    Current,
    /// Added to the node's diagonal.
    Slope,
    /// Written to a shared row of the node.
    Shared(u16),
    /// Added to a shared row of the node.
    Sum(u16),
    /// Read by the caller.
    Output,
    /// Only computed: a draw must be taken though nobody uses it.
    Effect,
}

/// How many columns each table has.
pub type Columns<'a> = &'a dyn Fn(u16) -> usize;

/// A program that computes `roots` and sends each to its sink. `place` says where leaves and stored values are.
pub fn emit(graph: &Graph, roots: &[(Sink, NodeId)], place: &dyn Fn(NodeId) -> Option<Operand>, columns: Columns) -> Program {
    let mut e = Emitter { graph, place, columns, steps: Vec::new(), done: HashMap::new(), tables: Vec::new() };
    let values: Vec<(Sink, Source)> = roots.iter().map(|(sink, root)| e.sent(*sink, *root)).collect();
    let stores = e.sinks(&values);
    let outputs = values.iter().filter(|(s, _)| *s == Sink::Output).map(|(_, v)| *v).collect::<Vec<_>>();
    Allocation::of(&e.steps, &stores, &outputs).program(&e.steps, &stores, &outputs, &e.tables)
}

/// A value before operands are numbered.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    /// The result of a step.
    Step(usize),
    /// Something that is there.
    There(Operand),
    /// A column of the table that this step looks up.
    Column(usize, u8),
}

/// An operation before slots are given.
#[derive(Clone, Copy, Debug)]
struct Step {
    op: Op,
    sources: [Option<Source>; 3],
    /// Number of the look-up, for tables.
    table: Option<usize>,
    /// Number of the table, for curves.
    curve: Option<u16>,
}

struct Emitter<'a> {
    graph: &'a Graph,
    place: &'a dyn Fn(NodeId) -> Option<Operand>,
    columns: Columns<'a>,
    steps: Vec<Step>,
    done: HashMap<Key, Source>,
    /// Table and number of columns of each look-up.
    tables: Vec<(u16, usize)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Value(NodeId),
    Lookup(u16, NodeId),
}

impl Emitter<'_> {
    /// Depth first, without recursion: graphs of long expressions are deep.
    fn value(&mut self, root: NodeId) -> Source {
        let mut stack = vec![(root, false)];
        while let Some((id, ready)) = stack.pop() {
            if self.done.contains_key(&Key::Value(id)) {
                continue;
            }
            if let Some(operand) = (self.place)(id) {
                self.done.insert(Key::Value(id), Source::There(operand));
            } else if ready {
                let source = self.compute(id);
                self.done.insert(Key::Value(id), source);
            } else {
                stack.push((id, true));
                let mut below: Vec<NodeId> = operands(&self.graph.node(id)).collect();
                below.reverse();
                stack.extend(below.into_iter().map(|o| (o, false)));
            }
        }
        self.done[&Key::Value(root)]
    }

    fn compute(&mut self, id: NodeId) -> Source {
        match self.graph.node(id) {
            Node::Constant(bits) => Source::There(Operand::Constant(f64::from_bits(bits))),
            // `place` knows every leaf that programs may use.
            Node::Leaf(_) => Source::There(Operand::Constant(f64::NAN)),
            Node::Table { table, k, argument } => self.lookup(table, k, argument),
            Node::Curve { table, arguments } => {
                let [x, y] = arguments.map(|o| Some(self.done[&Key::Value(o)]));
                self.push(Step { op: Op::Curve, sources: [x, y, None], table: None, curve: Some(table) })
            }
            node @ (Node::Op(..) | Node::Draw { .. } | Node::Poisson { .. }) => {
                let mut sources = [None; 3];
                for (slot, o) in sources.iter_mut().zip(operands(&node)) {
                    *slot = Some(self.done[&Key::Value(o)]);
                }
                let op = match node {
                    Node::Op(op, _) => op,
                    Node::Poisson { .. } => Op::Poisson,
                    _ => Op::Draw,
                };
                self.push(Step { op, sources, table: None, curve: None })
            }
        }
    }

    fn lookup(&mut self, table: u16, k: u8, argument: NodeId) -> Source {
        let step = match self.done.get(&Key::Lookup(table, argument)) {
            Some(Source::Step(n)) => *n,
            _ => {
                self.tables.push((table, (self.columns)(table)));
                let sources = [Some(self.done[&Key::Value(argument)]), None, None];
                let step = Step { op: Op::Table, sources, table: Some(self.tables.len() - 1), curve: None };
                let source = self.push(step);
                self.done.insert(Key::Lookup(table, argument), source);
                self.steps.len() - 1
            }
        };
        Source::Column(step, k)
    }

    fn push(&mut self, step: Step) -> Source {
        self.steps.push(step);
        Source::Step(self.steps.len() - 1)
    }

    /// A row that a store or the caller reads after other rows were written would be read too late: it is copied.
    fn sent(&mut self, sink: Sink, root: NodeId) -> (Sink, Source) {
        let value = self.value(root);
        match (sink, value) {
            (Sink::Row(_) | Sink::Shared(_) | Sink::Output, Source::There(there)) if there.is_row() => {
                (sink, self.push(Step { op: Op::Copy, sources: [Some(value), None, None], table: None, curve: None }))
            }
            other => other,
        }
    }

    /// Appends what sinks need and gives the stores.
    fn sinks(&mut self, values: &[(Sink, Source)]) -> Vec<(Operand, Source)> {
        let mut stores = Vec::new();
        for (sink, value) in values {
            let zero = matches!(value, Source::There(Operand::Constant(x)) if *x == 0.0);
            match sink {
                Sink::Row(row) => stores.push((Operand::Row(*row), *value)),
                Sink::Shared(row) => stores.push((Operand::Shared(*row), *value)),
                Sink::Current if !zero => stores.push(self.accumulate(Operand::Node(NodeRow::Rhs), Op::Sub, *value)),
                Sink::Slope if !zero => stores.push(self.accumulate(Operand::Node(NodeRow::D), Op::Add, *value)),
                Sink::Sum(row) if !zero => stores.push(self.accumulate(Operand::Shared(*row), Op::Add, *value)),
                Sink::Current | Sink::Slope | Sink::Sum(_) | Sink::Output | Sink::Effect => {}
            }
        }
        stores
    }

    fn accumulate(&mut self, there: Operand, op: Op, value: Source) -> (Operand, Source) {
        let sum = self.push(Step { op, sources: [Some(Source::There(there)), Some(value), None], table: None, curve: None });
        (there, sum)
    }
}

/// Slots of the steps' results: a slot is free again after the last use of its value.
struct Allocation {
    /// First slot of each step's results.
    slot: Vec<Vec<u16>>,
    slots: u16,
}

impl Allocation {
    fn of(steps: &[Step], stores: &[(Operand, Source)], outputs: &[Source]) -> Allocation {
        let mut last: Vec<Vec<usize>> = steps.iter().map(|_| vec![0; 8]).collect();
        let mut note = |source: &Source, at: usize| match source {
            Source::Step(n) => last[*n][0] = at,
            Source::Column(n, k) => last[*n][usize::from(*k)] = at,
            Source::There(_) => {}
        };
        for (at, step) in steps.iter().enumerate() {
            step.sources.iter().flatten().for_each(|s| note(s, at));
        }
        stores.iter().for_each(|(_, s)| note(s, usize::MAX));
        outputs.iter().for_each(|s| note(s, usize::MAX));
        Allocation::scan(steps, &last)
    }

    fn scan(steps: &[Step], last: &[Vec<usize>]) -> Allocation {
        let mut slot: Vec<Vec<u16>> = Vec::with_capacity(steps.len());
        let mut free: Vec<u16> = Vec::new();
        let mut slots = 0;
        // (last use, slot) of values that are alive.
        let mut alive: Vec<(usize, u16)> = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            // The result may take the place of a source that ends here; a table reads its argument before it writes, but writes many.
            let until = if step.table.is_some() { at } else { at + 1 };
            alive.retain(|(end, s)| {
                if *end < until {
                    free.push(*s);
                }
                *end >= until
            });
            let results = if step.table.is_some() { 8 } else { 1 };
            let mut mine = Vec::with_capacity(results);
            for end in last[at].iter().take(results) {
                let s = free.pop().unwrap_or_else(|| {
                    slots += 1;
                    slots - 1
                });
                // What nobody uses is free again after the step itself.
                alive.push(((*end).max(at), s));
                mine.push(s);
            }
            slot.push(mine);
        }
        Allocation { slot, slots }
    }

    fn program(&self, steps: &[Step], stores: &[(Operand, Source)], outputs: &[Source], tables: &[(u16, usize)]) -> Program {
        let mut operands = Operands::default();
        let mut code = Vec::new();
        let mut uses: Vec<TableUse> = Vec::new();
        for (step, slots) in steps.iter().zip(&self.slot) {
            let mut ids = step.sources.iter().map(|s| s.map_or(0, |s| operands.id(self.operand(s))));
            let (a, b, c) = (ids.next().unwrap_or(0), ids.next().unwrap_or(0), ids.next().unwrap_or(0));
            match step.table.and_then(|t| tables.get(t)) {
                Some((table, columns)) => {
                    let outputs = slots.iter().take(*columns).map(|s| operands.id(Operand::Slot(*s))).collect();
                    uses.push(TableUse { table: *table, outputs });
                    code.push(Instr { op: Op::Table, dst: 0, a, b: (uses.len() - 1) as u16, c: 0 });
                }
                None => {
                    let c = step.curve.unwrap_or(c);
                    code.push(Instr { op: step.op, dst: operands.id(Operand::Slot(slots[0])), a, b, c });
                }
            }
        }
        for (row, source) in stores {
            let (dst, a) = (operands.id(*row), operands.id(self.operand(*source)));
            code.push(Instr { op: Op::Store, dst, a, b: 0, c: 0 });
        }
        let outputs = outputs.iter().map(|s| operands.id(self.operand(*s))).collect();
        operands.finish(Program { slots: self.slots, code, tables: uses, outputs, ..Program::default() })
    }

    fn operand(&self, source: Source) -> Operand {
        match source {
            Source::There(o) => o,
            Source::Step(n) => Operand::Slot(self.slot[n][0]),
            Source::Column(n, k) => Operand::Slot(self.slot[n][usize::from(k)]),
        }
    }
}

/// Numbers operands as they come; vectors move to the front at the end.
#[derive(Default)]
struct Operands {
    list: Vec<Operand>,
}

impl Operands {
    fn id(&mut self, operand: Operand) -> OperandId {
        let same = |o: &Operand| match (o, &operand) {
            (Operand::Constant(x), Operand::Constant(y)) => x.to_bits() == y.to_bits(),
            (x, y) => x == y,
        };
        let at = self.list.iter().position(same).unwrap_or_else(|| {
            self.list.push(operand);
            self.list.len() - 1
        });
        at as OperandId
    }

    fn finish(self, mut program: Program) -> Program {
        let is_vector = |o: &Operand| matches!(o, Operand::Slot(_)) || o.is_row();
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|i| !is_vector(&self.list[*i]));
        let mut renamed = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            renamed[*old] = new as OperandId;
        }
        program.vectors = self.list.iter().filter(|o| is_vector(o)).count() as u16;
        program.operands = order.iter().map(|i| self.list[*i]).collect();
        let rename = |id: &mut OperandId| *id = renamed.get(usize::from(*id)).copied().unwrap_or(0);
        for instr in &mut program.code {
            rename(&mut instr.a);
            if instr.op != Op::Table {
                [&mut instr.dst, &mut instr.b].into_iter().for_each(rename);
            }
            if !matches!(instr.op, Op::Table | Op::Curve) {
                rename(&mut instr.c);
            }
        }
        program.tables.iter_mut().flat_map(|t| &mut t.outputs).for_each(rename);
        program.outputs.iter_mut().for_each(rename);
        program
    }
}
