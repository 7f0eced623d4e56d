//! Programs made at random, run on every instruction set and block size, against a plain interpreter: bit for bit, padding included.

#[path = "vm/interpreter.rs"]
mod interpreter;
#[path = "vm/random_program.rs"]
mod random_program;

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use bouton_engine::plan::StreamKey;
use bouton_engine::random::Stream;
use bouton_engine::random::distribution::poisson_given_none;
use bouton_engine::simd::Isa;
use bouton_engine::vm::code::Code;
use bouton_engine::vm::frame::Frame;
use bouton_engine::vm::machine::{Machine, Scratch};
use bouton_engine::vm::program::{Instr, Op, Operand, Program, TableData, Uniform};
use interpreter::interpret;
use random_program::{ROWS, Random, SHARED, curve, program, table};

const BLOCKS: [usize; 4] = [8, 16, 32, 64];

/// All that a call reads and writes.
#[derive(Clone, Debug)]
pub(crate) struct World {
    count: usize,
    stride: usize,
    first: usize,
    pool: Vec<f64>,
    nodes: [Vec<f64>; 3],
    shared: Vec<f64>,
    t: f64,
    arguments: Vec<f64>,
    tables: Vec<TableData>,
}

impl World {
    fn random(u: &mut Unstructured<'_>) -> Result<World> {
        let count = u.int_in_range(1..=150)?;
        let stride = count + u.int_in_range(0..=9)?;
        let first = u.int_in_range(0..=11)?;
        let mut random = Random(u.arbitrary()?);
        let mut fill = |length: usize| (0..length).map(|_| random.number()).collect::<Vec<f64>>();
        let pool = fill(ROWS * stride + 8);
        let nodes = [0; 3].map(|_| fill(first + count + 8));
        let shared = fill(SHARED * (first + count) + 8);
        let (t, arguments) = (random.number(), vec![random.number(), random.number()]);
        let tables = vec![table(&mut random), table(&mut random), curve(&mut random)];
        Ok(World { count, stride, first, pool, nodes, shared, t, arguments, tables })
    }

    fn frame(&mut self) -> Frame<'_> {
        Frame {
            pool: &mut self.pool,
            stride: self.stride,
            padded: false,
            nodes: self.nodes.each_mut().map(|row| row.as_mut_slice()),
            shared: &mut self.shared,
            shared_stride: self.first + self.count,
            first: self.first,
            t: self.t,
            arguments: &self.arguments,
            tables: &self.tables,
            streams: &mut [],
        }
    }

    /// Where a shared row has the value of an instance.
    fn shared_place(&self, row: u16, instance: usize) -> usize {
        usize::from(row) * (self.first + self.count) + self.first + instance
    }

    /// The values of another one, where they are.
    fn put_back(&mut self, other: &World) {
        self.pool.copy_from_slice(&other.pool);
        self.shared.copy_from_slice(&other.shared);
        self.nodes.iter_mut().zip(&other.nodes).for_each(|(row, other)| row.copy_from_slice(other));
    }

    /// Without what stands behind the last instance of each row of the pool, where that may be written.
    fn without_padding(mut self) -> World {
        let end = self.count.next_multiple_of(8);
        for row in 0..ROWS {
            self.pool[row * self.stride + self.count..row * self.stride + end].fill(0.0);
        }
        self
    }

    fn values(&self) -> impl Iterator<Item = f64> + '_ {
        self.pool.iter().chain(self.nodes.iter().flatten()).chain(&self.shared).copied()
    }

    /// The first value that has other bits; NaN is NaN.
    fn difference(&self, other: &World) -> Option<(usize, f64, f64)> {
        let same = |a: f64, b: f64| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan();
        self.values().zip(other.values()).enumerate().map(|(k, (a, b))| (k, a, b)).find(|&(_, a, b)| !same(a, b))
    }
}

fn machines() -> impl Iterator<Item = Machine> {
    Isa::available().into_iter().flat_map(|isa| BLOCKS.into_iter().filter_map(move |block| Machine::new(isa, block)))
}

#[test]
fn every_machine_agrees_with_the_interpreter() {
    arbtest(|u| {
        let program = program(u)?;
        let world = World::random(u)?;
        let code = Code::new(&program).expect("well formed");
        let mut expected = world.clone();
        (0..world.count).for_each(|i| interpret(&program, &mut expected, i));
        let mut scratch = Scratch::default();
        for machine in machines() {
            let mut got = world.clone();
            let count = got.count;
            machine.run(&code, &mut got.frame(), count, &mut scratch);
            assert_eq!(got.difference(&expected), None, "{machine:?} {count} {program:#?}");
            if got.count.next_multiple_of(8) <= got.stride {
                let mut got = world.clone();
                // Twice at one place, for the second call knows where the first one found everything.
                for _ in 0..2 {
                    got.put_back(&world);
                    machine.run(&code, &mut Frame { padded: true, ..got.frame() }, count, &mut scratch);
                }
                let (got, expected) = (got.without_padding(), expected.clone().without_padding());
                assert_eq!(got.difference(&expected), None, "{machine:?} {count} padded {program:#?}");
            }
        }
        for isa in Isa::available() {
            let (mut got, machine) = (world.clone(), Machine::new(isa, 8).expect("here"));
            (0..world.count).for_each(|i| machine.run_one(&code, &mut got.frame(), i, &mut scratch));
            assert_eq!(got.difference(&expected), None, "one by one: {isa} {program:#?}");
        }
        Ok(())
    })
    .budget_ms(8_000);
}

/// A product and a sum, rounded once or twice.
fn product_and_sum(fused: bool) -> Program {
    let operands = vec![Operand::Slot(0), Operand::Row(0), Operand::Row(1), Operand::Row(2)];
    let instr = |op, dst, a, b, c| Instr { op, dst, a, b, c };
    let code = match fused {
        true => vec![instr(Op::Fma, 0, 1, 2, 3), instr(Op::Store, 3, 0, 0, 0)],
        false => vec![instr(Op::Mul, 0, 1, 2, 0), instr(Op::Add, 0, 0, 3, 0), instr(Op::Store, 3, 0, 0, 0)],
    };
    Program { operands, vectors: 4, slots: 1, code, ..Program::default() }
}

/// The comparison would find an operation that is rounded twice instead of once.
#[test]
fn the_comparison_is_not_blind() {
    let pool = (0..328).map(|k| f64::from(k) * 0.1 + 0.7).collect();
    let nodes = [vec![], vec![], vec![]];
    let world =
        World { count: 100, stride: 101, first: 0, pool, nodes, shared: Vec::new(), t: 0.0, arguments: vec![], tables: vec![] };
    let code = Code::new(&product_and_sum(true)).expect("well formed");
    for machine in machines() {
        for fused in [true, false] {
            let (mut got, mut expected) = (world.clone(), world.clone());
            machine.run(&code, &mut got.frame(), 100, &mut Scratch::default());
            (0..100).for_each(|i| interpret(&product_and_sum(fused), &mut expected, i));
            assert_eq!(got.difference(&expected).is_none(), fused, "{machine:?}");
        }
    }
}

/// Numbers are drawn where the mask is set only, in order, and outputs can be read afterwards.
#[test]
fn draws_follow_the_mask() {
    let set = f64::from_bits(u64::MAX);
    let operands = vec![Operand::Slot(0), Operand::Slot(1), Operand::Slot(2), Operand::Constant(set), Operand::Constant(0.0)];
    let instr = |dst, a| Instr { op: Op::Draw, dst, a, b: 0, c: 0 };
    let code = vec![instr(0, 3), instr(1, 4), instr(2, 3)];
    let program = Program { operands, vectors: 3, slots: 3, code, outputs: vec![0, 1, 2], ..Program::default() };
    let code = Code::new(&program).expect("well formed");
    let mut alone = Stream::new(StreamKey([1, 2, 3]), 0);
    let expected = [alone.uniform(), 0.0, alone.uniform()];
    for isa in Isa::available() {
        let (mut scratch, mut streams) = (Scratch::default(), [Stream::new(StreamKey([1, 2, 3]), 0)]);
        let machine = Machine::new(isa, 8).expect("here");
        machine.run_one(&code, &mut Frame { streams: &mut streams, ..Frame::default() }, 0, &mut scratch);
        assert_eq!((scratch.outputs(), streams[0]), (&expected[..], alone));
    }
}

/// In blocks each instance draws from its own stream what it would draw alone, whatever the others do.
#[test]
fn draws_are_the_same_in_blocks() {
    let count = 61;
    let operands = vec![
        Operand::Slot(0),
        Operand::Slot(1),
        Operand::Row(0),
        Operand::Row(1),
        Operand::Row(2),
        Operand::Row(3),
        Operand::Constant(f64::from_bits(u64::MAX)),
    ];
    let instr = |op, dst, a, b, c| Instr { op, dst, a, b, c };
    let code = vec![
        instr(Op::Draw, 0, 3, 0, 0),
        instr(Op::Poisson, 1, 6, 2, 4),
        instr(Op::Store, 4, 0, 0, 0),
        instr(Op::Store, 5, 1, 0, 0),
    ];
    let program = Program { operands, vectors: 6, slots: 2, code, ..Program::default() };
    let code = Code::new(&program).expect("well formed");
    // Means from 0 to 24, so that some are drawn by rejection; masks that are set for whole eights, and others.
    let means = |i: usize| if i < 24 { i as f64 / 8.0 } else { i as f64 * 0.4 };
    let masks = |i: usize| f64::from_bits(if i < 16 || i.is_multiple_of(3) { u64::MAX } else { 0 });
    let rows: [&dyn Fn(usize) -> f64; 4] = [&means, &masks, &|i| bouton_model::math::exp(-means(i)), &|_| 0.0];
    let pool: Vec<f64> = rows.iter().flat_map(|row| (0..count).map(row)).chain([0.0; 8]).collect();
    let streams: Vec<Stream> = (0..count).map(|i| Stream::new(StreamKey([4, 5, i as u32]), 0)).collect();
    let mut expected = (pool.clone(), streams.clone());
    for i in 0..count {
        let stream = &mut expected.1[i];
        expected.0[2 * count + i] = if masks(i).to_bits() != 0 { stream.uniform() } else { 0.0 };
        expected.0[3 * count + i] = poisson_given_none(stream, means(i), bouton_model::math::exp(-means(i)));
    }
    for machine in machines() {
        let mut got = (pool.clone(), streams.clone());
        let mut frame = Frame { pool: &mut got.0, stride: count, streams: &mut got.1, ..Frame::default() };
        machine.run(&code, &mut frame, count, &mut Scratch::default());
        let bits = |pool: &[f64]| pool.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!((bits(&got.0), &got.1), (bits(&expected.0), &expected.1), "{machine:?}");
    }
}

#[test]
fn uniforms_are_outputs_too() {
    let operands = vec![Operand::Uniform(Uniform::T), Operand::Uniform(Uniform::Argument(1))];
    let program = Program { operands, outputs: vec![0, 1], ..Program::default() };
    let code = Code::new(&program).expect("well formed");
    let mut frame = Frame { t: 3.5, arguments: &[1.0, 2.0], ..Frame::default() };
    let mut scratch = Scratch::default();
    Machine::default().run_one(&code, &mut frame, 0, &mut scratch);
    assert_eq!(scratch.outputs(), [3.5, 2.0]);
}

#[test]
fn malformed_programs_are_refused() {
    let good = product_and_sum(true);
    let broken = |change: fn(&mut Program)| {
        let mut program = good.clone();
        change(&mut program);
        Code::new(&program).is_err()
    };
    assert!(broken(|program| program.code[0].a = 9));
    assert!(broken(|program| program.code[0].dst = 1));
    assert!(broken(|program| program.code[1].dst = 0));
    assert!(broken(|program| program.slots = 0));
    assert!(broken(|program| program.outputs.push(9)));
    assert!(broken(|program| program.code[0].op = Op::Table));
}

#[test]
#[should_panic(expected = "the pool is too short")]
fn short_pools_are_refused() {
    let code = Code::new(&product_and_sum(true)).expect("well formed");
    let mut pool = vec![0.0; 30];
    let mut frame = Frame { pool: &mut pool, stride: 10, ..Frame::default() };
    Machine::default().run(&code, &mut frame, 10, &mut Scratch::default());
}
