//! Nanoseconds per instance of a Hodgkin-Huxley membrane on the kernel machine, for every instruction set of this computer. Not a test: it asserts nothing.
//!
//! `cargo run --release -p bouton-engine --example kernel_speed [block]`

mod assembler;
mod hodgkin_huxley;

use bouton_engine::simd::{Isa, Rows};
use bouton_engine::vm::code::Code;
use bouton_engine::vm::frame::Frame;
use bouton_engine::vm::machine::{Machine, Scratch};
use bouton_engine::vm::program::TableData;
use hodgkin_huxley::{ROWS, currents, states_exact, states_with_table, table};
use std::time::Instant;

fn main() {
    let blocks: Vec<usize> = match std::env::args().nth(1) {
        Some(block) => vec![block.parse().expect("a number")],
        None => vec![16, 32, 64],
    };
    let tables = [table()];
    println!("ns per instance and step: currents + states = total");
    for isa in Isa::available() {
        for machine in blocks.iter().filter_map(|&block| Machine::new(isa, block)) {
            for count in [8, 40, 64, 1000] {
                report(machine, count, "exact", &states_exact(), &tables);
                report(machine, count, "table", &states_with_table(), &tables);
            }
        }
    }
}

fn report(machine: Machine, count: usize, name: &str, states: &bouton_engine::vm::program::Program, tables: &[TableData]) {
    let currents = Code::new(&currents()).expect("well formed");
    let states = Code::new(states).expect("well formed");
    let mut cells = Cells::new(count);
    let mut scratch = Scratch::default();
    let current = cells.time(machine, &currents, &mut scratch, tables);
    let state = cells.time(machine, &states, &mut scratch, tables);
    let total = current + state;
    let isa = machine.isa();
    println!("{isa:8} block {:2} {name} n {count:4}: {current:6.2} + {state:6.2} = {total:6.2}", machine.block());
}

/// A pool and the node rows under it.
struct Cells {
    count: usize,
    stride: usize,
    pool: Rows,
    v: Rows,
    rhs: Rows,
    d: Rows,
}

impl Cells {
    fn new(count: usize) -> Cells {
        let stride = count.next_multiple_of(8);
        let mut pool = Rows::new(0.0, ROWS * stride);
        for (k, x) in pool.iter_mut().enumerate() {
            *x = 0.05 + 0.9 * ((k * 37 % 101) as f64 / 101.0);
        }
        let v = (0..stride).map(|k| -75.0 + 100.0 * ((k * 29 % 97) as f64 / 97.0)).collect();
        Cells { count, stride, pool, v, rhs: Rows::new(0.0, stride), d: Rows::new(0.0, stride) }
    }

    /// The least time of many calls, in ns per instance.
    fn time(&mut self, machine: Machine, code: &Code, scratch: &mut Scratch, tables: &[TableData]) -> f64 {
        let calls = 200_000 / self.count.max(64);
        let mut best = f64::INFINITY;
        for _ in 0..25 {
            let start = Instant::now();
            for _ in 0..calls {
                let mut frame = Frame {
                    pool: &mut self.pool,
                    stride: self.stride,
                    nodes: [&mut self.v, &mut self.rhs, &mut self.d],
                    tables,
                    ..Frame::default()
                };
                machine.run(code, &mut frame, self.count, scratch);
            }
            best = best.min(start.elapsed().as_secs_f64() * 1e9 / (calls * self.count) as f64);
            self.rhs.fill(0.0);
            self.d.fill(0.0);
        }
        best
    }
}
