//! Writes programs: every instruction makes a new value, and slots are found at the end by when values are last used.

use bouton_engine::vm::program::{Instr, Op, Operand, OperandId, Program, TableUse};

/// A value of the program being written.
#[derive(Clone, Copy, PartialEq)]
pub enum Value {
    Made(usize),
    Given(Operand),
}

struct Line {
    op: Op,
    target: Vec<Value>,
    sources: [Value; 3],
}

/// A program being written.
#[derive(Default)]
pub struct Assembler {
    lines: Vec<Line>,
    made: usize,
}

const NOTHING: Value = Value::Given(Operand::Constant(0.0));

/// A constant.
pub fn c(x: f64) -> Value {
    Value::Given(Operand::Constant(x))
}

/// A row of the pool.
pub fn row(number: u16) -> Value {
    Value::Given(Operand::Row(number))
}

impl Assembler {
    /// An operation with up to three sources.
    pub fn op(&mut self, op: Op, sources: &[Value]) -> Value {
        let target = self.fresh();
        self.line(op, vec![target], sources);
        target
    }

    pub fn store(&mut self, row: Operand, value: Value) {
        self.line(Op::Store, vec![Value::Given(row)], &[value]);
    }

    /// The outputs of table 0.
    pub fn table(&mut self, x: Value, outputs: usize) -> Vec<Value> {
        let target: Vec<Value> = (0..outputs).map(|_| self.fresh()).collect();
        self.line(Op::Table, target.clone(), &[x]);
        target
    }

    fn fresh(&mut self) -> Value {
        self.made += 1;
        Value::Made(self.made - 1)
    }

    fn line(&mut self, op: Op, target: Vec<Value>, sources: &[Value]) {
        let at = |k: usize| sources.get(k).copied().unwrap_or(sources[0]);
        self.lines.push(Line { op, target, sources: [at(0), at(1), at(2)] });
    }

    /// Slots for values, freed at their last use.
    fn slots(&self) -> (Vec<u16>, u16) {
        let mut last = vec![0; self.made];
        for (k, line) in self.lines.iter().enumerate() {
            for value in line.sources.iter().chain(&line.target) {
                if let Value::Made(id) = value {
                    last[*id] = k;
                }
            }
        }
        let (mut slots, mut free, mut count) = (vec![0; self.made], Vec::new(), 0);
        for (k, line) in self.lines.iter().enumerate() {
            let mut ended: Vec<usize> = made(&line.sources).filter(|&id| last[id] == k).collect();
            ended.sort_unstable();
            ended.dedup();
            free.extend(ended.iter().map(|&id| slots[id]));
            for id in made(&line.target) {
                slots[id] = free.pop().unwrap_or_else(|| {
                    count += 1;
                    count - 1
                });
                if last[id] == k {
                    free.push(slots[id]);
                }
            }
        }
        (slots, count)
    }

    pub fn program(&self) -> Program {
        let (slots, count) = self.slots();
        let operand = |value: &Value| match *value {
            Value::Made(id) => Operand::Slot(slots[id]),
            Value::Given(operand) => operand,
        };
        let mut operands: Vec<Operand> = Vec::new();
        let all = self.lines.iter().flat_map(|line| line.target.iter().chain(&line.sources)).chain([&NOTHING]);
        for found in all.map(operand) {
            if !operands.contains(&found) {
                operands.push(found);
            }
        }
        operands.sort_by_key(|operand| matches!(operand, Operand::Constant(_) | Operand::Uniform(_)));
        let vectors =
            operands.iter().filter(|operand| !matches!(operand, Operand::Constant(_) | Operand::Uniform(_))).count() as u16;
        let id = |value: &Value| operands.iter().position(|have| *have == operand(value)).expect("listed") as OperandId;
        let mut program = Program { vectors, slots: count, ..Program::default() };
        for line in &self.lines {
            let [a, b, c] = [0, 1, 2].map(|k| id(&line.sources[k]));
            let mut instr = Instr { op: line.op, dst: id(&line.target[0]), a, b, c };
            if line.op == Op::Table {
                (instr.dst, instr.b) = (0, program.tables.len() as u16);
                program.tables.push(TableUse { table: 0, outputs: line.target.iter().map(id).collect() });
            }
            program.code.push(instr);
        }
        program.operands = operands;
        program
    }
}

fn made(values: &[Value]) -> impl Iterator<Item = usize> {
    values.iter().filter_map(|value| if let Value::Made(id) = value { Some(*id) } else { None })
}
