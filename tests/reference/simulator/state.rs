//! The variables of a simulation: cells with their nodes, instances with their rows. Made as they are at t = 0 before any program runs.

use crate::reference::interpreter::{self, Site};
use bouton_engine::kernel::MechanismCode;
use bouton_engine::plan::{Class, Placement, Plan, Pool, StreamKey};
use bouton_engine::random::Stream;
use bouton_engine::vm::program::{NodeRow, Program};

/// A node's V, Rhs and D, by `NodeRow as usize`.
pub type Node = [f64; NodeRow::COUNT];

/// All cells of a class, and all instances on them.
pub struct ClassState {
    pub cells: Vec<CellState>,
    pub pools: Vec<PoolState>,
    /// For each detector and lane whether the potential was above the threshold.
    pub above: Vec<Vec<bool>>,
}

/// One cell.
pub struct CellState {
    pub nodes: Vec<Node>,
}

/// The instances of a pool.
pub struct PoolState {
    pub instances: Vec<Instance>,
}

/// One instance of a mechanism.
pub struct Instance {
    /// Its variables.
    pub rows: Vec<f64>,
    /// Lane of its cell.
    pub lane: usize,
    /// Its node, where it has one.
    pub node: Option<usize>,
    pub stream: Stream,
    /// Spike source that it is.
    pub source: Option<u32>,
    /// Settles the order of simultaneous events: `plan.sources` + running index.
    pub entity: u32,
    /// How many events it has sent to itself.
    pub sent: u64,
}

/// Everything as it is before the first program runs: v = v_init, input rows filled, streams at their beginning.
pub fn classes(plan: &Plan) -> Vec<ClassState> {
    let mut entity = plan.sources;
    plan.classes
        .iter()
        .map(|class| ClassState {
            cells: class.cells.iter().map(|_| cell(plan, class)).collect(),
            pools: class.pools.iter().map(|p| pool(p, class.lanes(), &mut entity)).collect(),
            above: class.detectors.iter().map(|_| vec![false; class.lanes()]).collect(),
        })
        .collect()
}

fn cell(plan: &Plan, class: &Class) -> CellState {
    let count = class.body.as_ref().map_or(0, |body| body.parent.len());
    CellState { nodes: vec![[plan.v_init, 0.0, 0.0]; count] }
}

fn pool(pool: &Pool, lanes: usize, entity: &mut u32) -> PoolState {
    let instances = (0..pool.placement.count(lanes)).map(|i| {
        let (node, lane) = place(&pool.placement, lanes, i);
        let mut rows = vec![0.0; usize::from(pool.code.rows)];
        for ((_, row), values) in pool.code.inputs.iter().zip(&pool.inputs) {
            rows[usize::from(*row)] = values[i];
        }
        let key = pool.streams.get(i).copied().unwrap_or(StreamKey::default());
        let number = *entity;
        *entity += 1;
        Instance { rows, lane, node, stream: Stream::new(key, 0), source: pool.sources.get(i).copied(), entity: number, sent: 0 }
    });
    PoolState { instances: instances.collect() }
}

/// Node and lane of an instance.
fn place(placement: &Placement, lanes: usize, i: usize) -> (Option<usize>, usize) {
    match placement {
        Placement::Nodes(nodes) => (Some(nodes[i / lanes] as usize), i % lanes),
        Placement::Scattered(places) => (Some(places[i].0 as usize), places[i].1 as usize),
        Placement::Free => (None, i),
    }
}

impl Instance {
    /// Runs a program at time t; gives its outputs.
    pub fn run(
        &mut self,
        code: &MechanismCode,
        program: &Program,
        t: f64,
        arguments: &[f64],
        cells: &mut [CellState],
    ) -> Vec<f64> {
        let mut nowhere = [f64::NAN; NodeRow::COUNT];
        let node = match self.node {
            Some(node) => &mut cells[self.lane].nodes[node],
            None => &mut nowhere,
        };
        let (rows, stream, tables) = (&mut self.rows, &mut self.stream, &code.tables);
        interpreter::run(program, &mut Site { rows, node, t, arguments, stream, tables })
    }

    /// In scattered pools: the potential of the node to the row in which the programs look for it.
    pub fn copy_potential(&mut self, code: &MechanismCode, cells: &[CellState]) {
        if let (Some(scattered), Some(node)) = (code.scattered, self.node) {
            self.rows[usize::from(scattered.v)] = cells[self.lane].nodes[node][NodeRow::V as usize];
        }
    }
}

impl PoolState {
    /// Runs a program for all instances in order.
    pub fn run_all(&mut self, code: &MechanismCode, program: &Program, t: f64, cells: &mut [CellState]) {
        for instance in &mut self.instances {
            instance.run(code, program, t, &[], cells);
        }
    }

    /// [`Instance::copy_potential`] of all.
    pub fn copy_potential(&mut self, code: &MechanismCode, cells: &[CellState]) {
        for instance in &mut self.instances {
            instance.copy_potential(code, cells);
        }
    }

    /// At the start no condition was true before.
    pub fn clear_conditions(&mut self, code: &MechanismCode) {
        for instance in &mut self.instances {
            for condition in &code.conditions {
                instance.rows[usize::from(condition.before)] = 0.0;
            }
        }
    }
}
