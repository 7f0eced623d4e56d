//! Node rows of a block and the cable equation on them. The value of node n in lane l is at n * lanes + l.

use crate::plan::Body;
use crate::simd::Rows;
use crate::simd::{Isa, WIDEST};
use crate::vm::program::NodeRow;

/// Potentials, right-hand sides and diagonals of all nodes and lanes.
#[derive(Default)]
pub struct Nodes {
    lanes: usize,
    count: usize,
    v: Rows,
    rhs: Rows,
    d: Rows,
    /// The diagonal without conductances.
    rest: Rows,
    body: Body,
    second_order: bool,
}

impl Nodes {
    /// The rows of so many lanes.
    pub fn new(body: &Body, lanes: usize, dt: f64, second_order: bool) -> Nodes {
        let nodes = body.parent.len();
        let count = nodes * lanes;
        let rows = || Rows::new(0.0, count + WIDEST);
        let mut rest = rows();
        for (n, x) in diagonal(body, dt, second_order).into_iter().enumerate() {
            rest[n * lanes..(n + 1) * lanes].fill(x);
        }
        Nodes { lanes, count, v: rows(), rhs: rows(), d: rows(), rest, body: body.clone(), second_order }
    }

    /// How many values a row has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Potential at a position (mV).
    pub fn v(&self, position: usize) -> f64 {
        self.v[position]
    }

    /// Potentials from a position on.
    pub fn potentials(&self, position: usize, length: usize) -> &[f64] {
        &self.v[position..position + length]
    }

    /// All node rows, as programs number them.
    pub fn rows(&mut self) -> [&mut [f64]; NodeRow::COUNT] {
        [&mut self.v, &mut self.rhs, &mut self.d]
    }

    /// Subtracts a current and adds its slope at one position.
    pub fn add_current(&mut self, position: usize, current: f64, slope: f64) {
        self.rhs[position] -= current;
        self.d[position] += slope;
    }

    /// The potential at the start.
    pub fn init(&mut self, v: f64) {
        self.v.fill(v);
    }

    /// Before the currents of a step.
    pub fn begin(&mut self) {
        self.rhs.fill(0.0);
        self.d.copy_from_slice(&self.rest);
    }

    /// Adds axial currents, solves, and moves the potentials. Whether one of them is not a number any more, or beyond 1e6 mV.
    pub fn solve(&mut self, _isa: Isa) -> bool {
        let l = self.lanes;
        let body = &self.body;
        let (v, rhs, d) = (&mut self.v, &mut self.rhs, &mut self.d);
        for &i in body.order.iter().rev() {
            let (i, p) = (i as usize, body.parent[i as usize]);
            if p != u32::MAX {
                for k in 0..l {
                    let (at, up) = (i * l + k, p as usize * l + k);
                    let dv = v[up] - v[at];
                    rhs[at] = (-body.b[i]).mul_add(dv, rhs[at]);
                    rhs[up] = body.a[i].mul_add(dv, rhs[up]);
                }
            }
        }
        for &i in &body.order {
            let (i, p) = (i as usize, body.parent[i as usize]);
            for k in 0..l {
                let at = i * l + k;
                let inverse = 1.0 / d[at];
                if p == u32::MAX {
                    rhs[at] *= inverse;
                } else {
                    let up = p as usize * l + k;
                    let r = body.a[i] * inverse;
                    d[up] = (-r).mul_add(body.b[i], d[up]);
                    rhs[up] = (-r).mul_add(rhs[at], rhs[up]);
                }
                d[at] = inverse;
            }
        }
        for &i in body.order.iter().rev() {
            let (i, p) = (i as usize, body.parent[i as usize]);
            if p != u32::MAX {
                for k in 0..l {
                    let (at, up) = (i * l + k, p as usize * l + k);
                    rhs[at] = (-body.b[i]).mul_add(rhs[up], rhs[at]) * d[at];
                }
            }
        }
        let mut faulty = false;
        let factor = if self.second_order { 2.0 } else { 1.0 };
        for (v, change) in v[..self.count].iter_mut().zip(rhs.iter()) {
            *v += factor * change;
            faulty |= is_fault(*v);
        }
        faulty
    }

    /// The first lane with a potential that is not a number, and its node.
    pub fn fault(&self) -> Option<(usize, usize, f64)> {
        let at = self.v[..self.count].iter().position(|v| is_fault(*v))?;
        Some((at % self.lanes, at / self.lanes, self.v[at]))
    }
}

/// Not a number, or beyond anything that a membrane can have (mV).
fn is_fault(v: f64) -> bool {
    v.is_nan() || v.abs() >= 1e6
}

/// Capacitance over the step, and the coefficients of the neighbours.
fn diagonal(body: &Body, dt: f64, second_order: bool) -> Vec<f64> {
    let rate = if second_order { 2.0 / dt } else { 1.0 / dt };
    let mut d: Vec<f64> = body.capacitance.iter().map(|c| c * rate).collect();
    for &i in body.order.iter().rev() {
        let (i, p) = (i as usize, body.parent[i as usize]);
        if p != u32::MAX {
            d[i] -= body.b[i];
            d[p as usize] -= body.a[i];
        }
    }
    d
}
