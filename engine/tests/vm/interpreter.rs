//! The oracle: programs run one instance and one instruction at a time, with the model's arithmetic. No lanes, no pointers.

use crate::World;
use bouton_engine::vm::program::{Instr, Op, Operand, OperandId, Program, TableData, Uniform};
use bouton_model::math;

/// Runs one instance.
pub(crate) fn interpret(program: &Program, world: &mut World, instance: usize) {
    let mut run = Run { program, world, instance, slots: vec![f64::NAN; program.slots.into()] };
    for instr in &program.code {
        match instr.op {
            Op::Table => run.look_up(instr),
            Op::Curve => {
                let curve = run.world.tables[usize::from(instr.c)].curve.clone().expect("a curve");
                run.set(instr.dst, curve.at(run.get(instr.a), run.get(instr.b)));
            }
            _ => run.set(instr.dst, result(instr.op, [instr.a, instr.b, instr.c].map(|id| run.get(id)))),
        }
    }
}

struct Run<'a> {
    program: &'a Program,
    world: &'a mut World,
    instance: usize,
    slots: Vec<f64>,
}

impl Run<'_> {
    fn get(&self, id: OperandId) -> f64 {
        match self.program.operands[usize::from(id)] {
            Operand::Slot(slot) => self.slots[usize::from(slot)],
            Operand::Row(row) => self.world.pool[usize::from(row) * self.world.stride + self.instance],
            Operand::Node(row) => self.world.nodes[row as usize][self.world.first + self.instance],
            Operand::Shared(row) => self.world.shared[self.world.shared_place(row, self.instance)],
            Operand::Constant(value) => value,
            Operand::Uniform(Uniform::T) => self.world.t,
            Operand::Uniform(Uniform::Argument(number)) => self.world.arguments[usize::from(number)],
        }
    }

    fn set(&mut self, id: OperandId, value: f64) {
        let place = match self.program.operands[usize::from(id)] {
            Operand::Slot(slot) => &mut self.slots[usize::from(slot)],
            Operand::Row(row) => &mut self.world.pool[usize::from(row) * self.world.stride + self.instance],
            Operand::Node(row) => &mut self.world.nodes[row as usize][self.world.first + self.instance],
            Operand::Shared(row) => {
                let place = self.world.shared_place(row, self.instance);
                &mut self.world.shared[place]
            }
            Operand::Constant(_) | Operand::Uniform(_) => panic!("not to be written"),
        };
        *place = value;
    }

    fn look_up(&mut self, instr: &Instr) {
        let lookup = &self.program.tables[usize::from(instr.b)];
        let values = entry(&self.world.tables[usize::from(lookup.table)], self.get(instr.a));
        for (k, &id) in lookup.outputs.iter().enumerate() {
            self.set(id, values[k]);
        }
    }
}

/// The interpolated entry of a table.
fn entry(table: &TableData, argument: f64) -> [f64; 8] {
    let x = table.scale * (argument - table.lo);
    if x.is_nan() {
        return [f64::NAN; 8];
    }
    let last = table.n as f64;
    let x = if x <= 0.0 {
        0.0
    } else if x >= last {
        last
    } else {
        x
    };
    let (here, next) = (table.rows[x as usize].0, table.rows[x as usize + 1].0);
    std::array::from_fn(|k| (x - x.trunc()).mul_add(next[k] - here[k], here[k]))
}

fn result(op: Op, [a, b, c]: [f64; 3]) -> f64 {
    let mask = |set: bool| f64::from_bits(if set { u64::MAX } else { 0 });
    match op {
        Op::Copy | Op::Store => a,
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
        Op::Fma => a.mul_add(b, c),
        Op::Fnma => (-a).mul_add(b, c),
        Op::Fms => a.mul_add(b, -c),
        Op::MulFlush if (a * b).abs() < 1e-300 => 0.0,
        Op::MulFlush => a * b,
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
        Op::And => f64::from_bits(a.to_bits() & b.to_bits()),
        Op::Or => f64::from_bits(a.to_bits() | b.to_bits()),
        Op::Not => f64::from_bits(!a.to_bits()),
        Op::Select if a.to_bits() != 0 => b,
        Op::Select => c,
        Op::Table | Op::Curve | Op::Draw | Op::Poisson => unreachable!("not of the programs made at random"),
    }
}
