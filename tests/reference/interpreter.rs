//! Runs a program of the kernel machine for one instance, one instruction after the other. What the operations mean is said in
//! `bouton_engine::vm::program`; here it is done in plain doubles.

use bouton_engine::random::{Stream, distribution};
use bouton_engine::vm::program::{Instr, NodeRow, Op, Operand, OperandId, Program, TableData, Uniform};
use bouton_model::curve::Axis;
use bouton_model::math;

/// Everything that a program can read or write of one instance.
pub struct Site<'a> {
    /// The instance's rows.
    pub rows: &'a mut [f64],
    /// V, Rhs and D of its node.
    pub node: &'a mut [f64; NodeRow::COUNT],
    /// The shared rows at its node.
    pub shared: &'a mut [f64],
    /// Time (ms).
    pub t: f64,
    /// Arguments of the event that is handled.
    pub arguments: &'a [f64],
    /// Its random stream.
    pub stream: &'a mut Stream,
    /// The tables of its mechanism.
    pub tables: &'a [TableData],
}

/// The mask of a truth value: all bits set, or zero.
pub fn mask(truth: bool) -> f64 {
    f64::from_bits(if truth { u64::MAX } else { 0 })
}

/// The truth value of a mask. Nothing but the two masks may stand where a mask is expected.
pub fn is_set(mask: f64) -> bool {
    match mask.to_bits() {
        0 => false,
        u64::MAX => true,
        bits => panic!("{bits:#018x} is no mask"),
    }
}

/// Runs a program; gives the values of its outputs.
pub fn run(program: &Program, site: &mut Site) -> Vec<f64> {
    let mut machine = Machine { program, site, slots: vec![f64::NAN; usize::from(program.slots)] };
    for instr in &program.code {
        machine.execute(instr);
    }
    program.outputs.iter().map(|&o| machine.read(o)).collect()
}

struct Machine<'a, 'b> {
    program: &'a Program,
    site: &'a mut Site<'b>,
    slots: Vec<f64>,
}

impl Machine<'_, '_> {
    fn read(&self, operand: OperandId) -> f64 {
        match self.program.operands[usize::from(operand)] {
            Operand::Slot(slot) => self.slots[usize::from(slot)],
            Operand::Row(row) => self.site.rows[usize::from(row)],
            Operand::Node(row) => self.site.node[row as usize],
            Operand::Shared(row) => self.site.shared[usize::from(row)],
            Operand::Constant(value) => value,
            Operand::Uniform(Uniform::T) => self.site.t,
            Operand::Uniform(Uniform::Argument(k)) => self.site.arguments[usize::from(k)],
        }
    }

    fn write(&mut self, operand: OperandId, value: f64) {
        match self.program.operands[usize::from(operand)] {
            Operand::Slot(slot) => self.slots[usize::from(slot)] = value,
            Operand::Row(row) => self.site.rows[usize::from(row)] = value,
            Operand::Node(row) => self.site.node[row as usize] = value,
            Operand::Shared(row) => self.site.shared[usize::from(row)] = value,
            Operand::Constant(_) | Operand::Uniform(_) => panic!("a constant is written"),
        }
    }

    fn execute(&mut self, instr: &Instr) {
        match instr.op {
            Op::Table => self.table(instr),
            Op::Curve => {
                let found = self.curve(usize::from(instr.c), [self.read(instr.a), self.read(instr.b)]);
                self.write(instr.dst, found);
            }
            Op::Draw => {
                let drawn = if is_set(self.read(instr.a)) { self.site.stream.uniform() } else { 0.0 };
                self.write(instr.dst, drawn);
            }
            Op::Poisson => {
                let [taken, mean, none] = [instr.a, instr.b, instr.c].map(|id| self.read(id));
                let number = if is_set(taken) { poisson(self.site.stream, mean, none) } else { 0.0 };
                self.write(instr.dst, number);
            }
            op => {
                let value = result(op, self.read(instr.a), self.read(instr.b), self.read(instr.c));
                self.write(instr.dst, value);
            }
        }
    }

    /// NEURON's FUNCTION_TABLE: lines between values, and the outermost ones outside of the range. Points ascend, so the last one that is not above is sought from
    /// the front.
    fn curve(&self, number: usize, arguments: [f64; 2]) -> f64 {
        let Some(curve) = &self.site.tables[number].curve else { panic!("a table that is not given") };
        let place = |axis: &Axis, x: f64| {
            let (count, point): (usize, &dyn Fn(usize) -> f64) = match axis {
                Axis::At(points) => (points.len(), &|k| points[k]),
                Axis::Even(count, low, high) => {
                    let last = count - 1;
                    return match x {
                        x if x >= *high && x > *low => (last, 0.0),
                        x if x > *low => {
                            let steps = (x - low) / ((high - low) / last as f64);
                            (steps.floor() as usize, steps - steps.floor())
                        }
                        _ => (0, 0.0),
                    };
                }
            };
            let below = (0..count).take_while(|k| point(*k) <= x).last();
            match below {
                None => (0, 0.0),
                Some(k) if k + 1 == count => (k, 0.0),
                Some(k) => (k, (x - point(k)) / (point(k + 1) - point(k))),
            }
        };
        let line = |part: f64, here: f64, next: f64| if part > 0.0 { (1.0 - part) * here + part * next } else { here };
        let value = |k: usize| curve.values().get(k).copied().unwrap_or_default();
        let along = |part: f64, k: usize| line(part, value(k), value(k + 1));
        match curve.axes() {
            [axis] => {
                let (k, part) = place(axis, arguments[0]);
                along(part, k)
            }
            [rows, columns] => {
                let ((row, down), (column, part)) = (place(rows, arguments[0]), place(columns, arguments[1]));
                let k = row * columns.len() + column;
                line(down, along(part, k), along(part, k + columns.len()))
            }
            _ => panic!("a table of one argument or two"),
        }
    }

    /// NEURON's TABLE, with one rounding in the interpolation: the outermost entries outside of the range, NaN for NaN.
    fn table(&mut self, instr: &Instr) {
        let used = &self.program.tables[usize::from(instr.b)];
        let table = &self.site.tables[usize::from(used.table)];
        let position = table.scale * (self.read(instr.a) - table.lo);
        let position = if position.is_nan() { position } else { position.clamp(0.0, table.n as f64) };
        let below = position.floor();
        let (here, next) = (table.rows[below as usize].0, table.rows[below as usize + 1].0);
        for (k, &output) in used.outputs.iter().enumerate() {
            self.write(output, (position - below).mul_add(next[k] - here[k], here[k]));
        }
    }
}

/// What an operation makes of its sources. Those that it does not use are whatever operand 0 is.
fn result(op: Op, a: f64, b: f64, c: f64) -> f64 {
    match op {
        Op::Copy | Op::Store => a,
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
        Op::Fma => a.mul_add(b, c),
        Op::Fnma => (-a).mul_add(b, c),
        Op::Fms => a.mul_add(b, -c),
        Op::MulFlush => flush(a * b),
        Op::Neg => -a,
        Op::Abs => a.abs(),
        Op::Min if b < a => b,
        Op::Max if b > a => b,
        Op::Min | Op::Max => a,
        Op::Sqrt => a.sqrt(),
        Op::Floor => a.floor(),
        Op::Ceil => a.ceil(),
        Op::Round => a.round_ties_even(),
        Op::Exp => math::exp(a),
        Op::Log => math::log(a),
        Op::Log10 => math::log10(a),
        Op::Pow => math::pow(a, b),
        Op::Sin => math::sin(a),
        Op::Cos => math::cos(a),
        Op::Tan => math::tan(a),
        Op::Atan => math::atan(a),
        Op::Sinh => math::sinh(a),
        Op::Cosh => math::cosh(a),
        Op::Tanh => math::tanh(a),
        Op::Lt => mask(a < b),
        Op::Le => mask(a <= b),
        Op::Eq => mask(a == b),
        Op::Ne => mask(a != b),
        Op::And => mask(is_set(a) & is_set(b)),
        Op::Or => mask(is_set(a) | is_set(b)),
        Op::Not => mask(!is_set(a)),
        Op::Select if is_set(a) => b,
        Op::Select => c,
        Op::Table | Op::Curve | Op::Draw | Op::Poisson => unreachable!("they need the site"),
    }
}

/// A Poisson number, `none` being e^-mean: up to a mean of 16 how many partial sums of the probabilities lie below a number with 53 random bits.
fn poisson(stream: &mut Stream, mean: f64, none: f64) -> f64 {
    if !(0.0..=16.0).contains(&mean) {
        return distribution::poisson_by_rejection(stream, mean);
    }
    let uniform = distribution::fine_uniform(stream);
    let (mut probability, mut sum) = (none, none);
    for number in 0..96 {
        if sum >= uniform {
            return f64::from(number);
        }
        probability = probability * mean * (1.0 / f64::from(number + 1));
        sum += probability;
    }
    96.0
}

fn flush(x: f64) -> f64 {
    if x.abs() < 1e-300 { 0.0 } else { x }
}
