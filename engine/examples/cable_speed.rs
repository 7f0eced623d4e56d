//! Nanoseconds per node and lane of the cable solve, for every instruction set of this computer. Not a test: it asserts nothing.
//!
//! `cargo run --release -p bouton-engine --example cable_speed`

use bouton_engine::cable::{Cable, CableRows};
use bouton_engine::simd::{Isa, Rows};
use std::time::Instant;

const ROOT: u32 = u32::MAX;

fn main() {
    println!("ns per node and step, and per node and lane");
    for isa in Isa::available() {
        for (name, parent) in
            [("point", vec![ROOT]), ("chain of 60", chain(60)), ("tree of 63", tree(63)), ("chain of 1000", chain(1000))]
        {
            for lanes in [1, 2, 3, 4, 5, 7, 8, 16, 32, 40, 64] {
                let time = measure(isa, &parent, lanes);
                println!("{isa:8} {name:13} lanes {lanes:2}: {:7.2} {:6.2}", time, time / lanes as f64);
            }
        }
    }
}

fn chain(nodes: u32) -> Vec<u32> {
    (0..nodes).map(|n| n.checked_sub(1).unwrap_or(ROOT)).collect()
}

fn tree(nodes: u32) -> Vec<u32> {
    (0..nodes).map(|n| if n == 0 { ROOT } else { (n - 1) / 2 }).collect()
}

/// The least time of a step, divided by the nodes.
fn measure(isa: Isa, parent: &[u32], lanes: usize) -> f64 {
    let nodes = parent.len();
    let order: Vec<u32> = (0..nodes as u32).rev().collect();
    let cable = Cable::new(parent, &order, &vec![-0.1; nodes], &vec![-0.2; nodes]).expect("a tree");
    let diagonal = vec![0.7; nodes];
    let mut v: Rows = (0..nodes * lanes).map(|k| -65.0 + (k % 7) as f64).collect();
    let (mut rhs, mut d) = (Rows::new(0.0, nodes * lanes), Rows::new(0.0, nodes * lanes));
    let mut best = f64::INFINITY;
    let steps = 200_000 / (nodes * lanes.max(8)) + 1;
    for _ in 0..15 {
        let start = Instant::now();
        for _ in 0..steps {
            let mut rows = CableRows { v: &mut v, rhs: &mut rhs, d: &mut d };
            cable.begin(isa, lanes, &diagonal, &mut rows);
            cable.step(isa, lanes, 1.0, &mut rows, &mut [0]);
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / (steps * nodes) as f64);
    }
    best
}
