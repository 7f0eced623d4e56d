//! Node rows of a block: potentials, right-hand sides, diagonals. The value of node n in lane l is at n * lanes + l.

use super::shared::Shared;
use crate::cable::{Cable, CableRows, Outside};
use crate::plan::{Body, Extracellular};
use crate::simd::{Isa, Rows, WIDEST};
use crate::vm::program::NodeRow;
use std::sync::Arc;

/// The rows of all nodes and lanes.
#[derive(Default)]
pub struct Nodes {
    lanes: usize,
    count: usize,
    v: Rows,
    rhs: Rows,
    d: Rows,
    /// Blocks of one class mostly share it.
    cable: Arc<Cable>,
    /// Of each node, or of each node and lane, the diagonal without conductances.
    diagonal: Vec<f64>,
    /// The solution of a step of second order is that of half a step.
    factor: f64,
    faults: Vec<u64>,
    /// Values of ions.
    pub shared: Shared,
    /// Extracellular space; the cable equation is its matter then.
    outside: Option<Box<Outside>>,
}

impl Nodes {
    /// The rows of so many lanes that have this body, whose cable is ready.
    pub fn new(body: &Body, cable: Arc<Cable>, lanes: usize, dt: f64, second_order: bool, shared: Shared) -> Nodes {
        let count = body.parent.len() * lanes;
        let rows = || Rows::new(0.0, count + WIDEST);
        let diagonal = diagonal(body, dt, second_order);
        let factor = if second_order { 2.0 } else { 1.0 };
        Nodes {
            lanes,
            count,
            v: rows(),
            rhs: rows(),
            d: rows(),
            cable,
            diagonal,
            factor,
            faults: vec![0; lanes.div_ceil(64)],
            shared,
            outside: None,
        }
    }

    /// Puts extracellular space around nodes that were just made, of the class's lanes from `first` on.
    pub fn surround(&mut self, body: &Body, space: &Extracellular, first: usize, dt: f64) {
        let rate = self.factor / dt;
        self.outside = Some(Box::new(Outside::new(body, space, first, self.lanes, rate)));
        // What the neighbours contribute is not the membrane's.
        self.diagonal = body.part(first, self.lanes).capacitance.iter().map(|c| c * rate).collect();
    }

    /// How many values a node has between two steps: its potential, and with extracellular space those of both layers and the membrane's current.
    pub fn kept(&self) -> usize {
        1 + self.outside.as_ref().map_or(0, |_| Outside::KEPT)
    }

    /// One of the values that a node has between two steps.
    pub fn keep(&self, which: usize, position: usize) -> f64 {
        match (&self.outside, which) {
            (Some(outside), 1..) => outside.keep(which - 1, position),
            _ => self.v[position],
        }
    }

    /// Sets it.
    pub fn restore(&mut self, which: usize, position: usize, value: f64) {
        match (&mut self.outside, which) {
            (Some(outside), 1..) => outside.restore(which - 1, position, value),
            _ => self.v[position] = value,
        }
    }

    /// Potential of a layer of extracellular space (mV).
    pub fn around(&self, layer: u8, position: usize) -> f64 {
        self.outside.as_ref().map_or(0.0, |outside| outside.v(usize::from(layer), position))
    }

    /// Current through the membrane in the last step, where there is extracellular space.
    pub fn membrane(&self, position: usize) -> f64 {
        self.outside.as_ref().map_or(0.0, |outside| outside.membrane(position))
    }

    /// Potential of the inside against ground (mV): what electrodes see.
    pub fn inside(&self, position: usize) -> f64 {
        match &self.outside {
            Some(outside) => self.v[position] + outside.v(0, position),
            None => self.v[position],
        }
    }

    /// Subtracts a current of an electrode and adds its slope at one position.
    pub fn inject(&mut self, position: usize, current: f64, slope: f64) {
        match &mut self.outside {
            Some(outside) => outside.inject(position, current, slope),
            None => self.add_currents(&[position as u32], &[current], &[slope]),
        }
    }

    /// How many values a row has.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Potential at a position (mV).
    pub fn v(&self, position: usize) -> f64 {
        self.v[position]
    }

    /// Sets the potential at a position (mV).
    pub fn set_v(&mut self, position: usize, v: f64) {
        self.v[position] = v;
    }

    /// Potentials from a position on.
    pub fn potentials(&self, position: usize, length: usize) -> &[f64] {
        &self.v[position..position + length]
    }

    /// All node rows, as programs number them; the shared ones, and the distance from one of those to the next.
    pub fn rows(&mut self) -> ([&mut [f64]; NodeRow::COUNT], &mut [f64], usize) {
        let (shared, stride) = self.shared.rows();
        ([&mut self.v, &mut self.rhs, &mut self.d], shared, stride)
    }

    /// Subtracts currents and adds their slopes, each at its position, in order. Neighbours at the same position are summed in registers.
    pub fn add_currents(&mut self, positions: &[u32], currents: &[f64], slopes: &[f64]) {
        let Some(&first) = positions.first() else { return };
        let mut at = first as usize;
        let (mut rhs, mut d) = (self.rhs[at], self.d[at]);
        for ((position, current), slope) in positions.iter().zip(currents).zip(slopes) {
            let here = *position as usize;
            if here != at {
                (self.rhs[at], self.d[at]) = (rhs, d);
                (rhs, d) = (self.rhs[here], self.d[here]);
                at = here;
            }
            rhs -= current;
            d += slope;
        }
        (self.rhs[at], self.d[at]) = (rhs, d);
    }

    /// The potential at the start.
    pub fn init(&mut self, v: f64) {
        self.v.fill(v);
        self.shared.init();
        self.faults.fill(0);
        self.outside.iter_mut().for_each(|outside| outside.init());
    }

    /// The diagonals of all nodes, also of fixed ones, without conductances.
    pub fn reset(&mut self) {
        let lanes = if self.diagonal.len() == self.count { 1 } else { self.lanes };
        for (row, &x) in self.d.chunks_exact_mut(lanes.max(1)).zip(&self.diagonal) {
            row.fill(x);
        }
    }

    /// Once the conductances of fixed nodes are in their diagonals.
    pub fn settle(&mut self) {
        let mut rows = CableRows { v: &mut self.v, rhs: &mut self.rhs, d: &mut self.d };
        self.cable.settle(self.lanes, &mut rows);
    }

    /// Before the currents of a step.
    pub fn begin(&mut self, isa: Isa) {
        self.shared.begin();
        let mut rows = CableRows { v: &mut self.v, rhs: &mut self.rhs, d: &mut self.d };
        self.outside.iter_mut().for_each(|outside| outside.begin());
        self.cable.begin(isa, self.lanes, &self.diagonal, &mut rows);
    }

    /// Adds axial currents, solves, and moves the potentials. Whether one of them is not a number any more, or beyond 1e6 mV.
    pub fn solve(&mut self, isa: Isa) -> bool {
        let mut rows = CableRows { v: &mut self.v, rhs: &mut self.rhs, d: &mut self.d };
        let faulty = match &mut self.outside {
            Some(outside) => outside.step(&mut rows, self.factor, LIMIT),
            None => self.cable.step(isa, self.lanes, self.factor, &mut rows, &mut self.faults),
        };
        self.shared.extrapolate(&self.rhs[..self.count]);
        faulty
    }

    /// Lanes with a potential that is none, some of them several times.
    pub fn faults(&self) -> impl Iterator<Item = usize> {
        let positions = self.v[..self.count].iter().enumerate().filter(|(_, v)| is_fault(**v));
        positions.map(|(at, _)| at % self.lanes)
    }

    /// The first lane with a potential that is none, its node, and the potential.
    pub fn fault(&self) -> Option<(usize, usize, f64)> {
        let at = self.v[..self.count].iter().position(|v| is_fault(*v))?;
        Some((at % self.lanes, at / self.lanes, self.v[at]))
    }
}

/// Potentials beyond are faults (mV).
const LIMIT: f64 = 1e6;

/// Not a number, or beyond anything that a membrane can have (mV).
fn is_fault(v: f64) -> bool {
    v.is_nan() || v.abs() >= LIMIT
}

/// Capacitance over the step, and the coefficients of the neighbours.
fn diagonal(body: &Body, dt: f64, second_order: bool) -> Vec<f64> {
    let rate = if second_order { 2.0 / dt } else { 1.0 / dt };
    let mut d: Vec<f64> = body.capacitance.iter().map(|c| c * rate).collect();
    let lanes = d.len() / body.parent.len().max(1);
    for &i in body.order.iter().rev() {
        let (i, p) = (i as usize, body.parent[i as usize]);
        if p != u32::MAX {
            for lane in 0..lanes {
                let own = i * lanes + lane;
                d[own] -= body.b[own];
                d[p as usize * lanes + lane] -= body.a[own];
            }
        }
    }
    d
}
