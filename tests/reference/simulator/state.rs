//! The variables of a simulation: cells with their nodes, instances with their rows. Made as they are at t = 0 before any program runs.

use super::outside::Around;
use crate::reference::interpreter::{self, Site};
use bouton_engine::kernel::MechanismCode;
use bouton_engine::plan::{Class, Placement, Plan, Pool, StreamKey};
use bouton_engine::random::Stream;
use bouton_engine::vm::program::{NodeRow, Op, Operand, Program};
use std::collections::HashMap;

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
    /// Of each node its shared rows.
    pub shared: Vec<Vec<f64>>,
    /// What is around each node; empty without extracellular space.
    pub around: Vec<Around>,
    /// What the instances of a pool have in common, by pool and row.
    pub common: HashMap<(usize, u16), f64>,
}

/// The instances of a pool.
pub struct PoolState {
    pub instances: Vec<Instance>,
}

/// One instance of a mechanism.
pub struct Instance {
    /// Its variables.
    pub rows: Vec<f64>,
    /// Its pool's number in the class.
    pub pool: usize,
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
    /// For each handler to which it has moved an event, how many it had sent before.
    pub moved: HashMap<usize, u64>,
}

/// Everything as it is before the first program runs: v = v_init, input rows filled, streams at their beginning.
pub fn classes(plan: &Plan) -> Vec<ClassState> {
    let mut entity = plan.sources;
    plan.classes
        .iter()
        .map(|class| ClassState {
            cells: (0..class.lanes()).map(|lane| cell(plan, class, lane)).collect(),
            pools: (0..).zip(&class.pools).map(|(k, p)| pool(p, k, class.lanes(), &mut entity)).collect(),
            above: class.detectors.iter().map(|_| vec![false; class.lanes()]).collect(),
        })
        .collect()
}

fn cell(plan: &Plan, class: &Class, lane: usize) -> CellState {
    let count = class.body.as_ref().map_or(0, |body| body.parent.len());
    let shared = |node: usize| class.shared.iter().map(|row| row.at(count, node, lane)).collect();
    let around = if class.extracellular.is_some() { vec![Around::default(); count] } else { Vec::new() };
    let common = HashMap::new();
    CellState { nodes: vec![[plan.v_init, 0.0, 0.0]; count], shared: (0..count).map(shared).collect(), around, common }
}

fn pool(pool: &Pool, k: usize, lanes: usize, entity: &mut u32) -> PoolState {
    let instances = (0..pool.placement.count(lanes)).map(|i| {
        let (node, lane) = place(&pool.placement, lanes, i);
        let mut rows = vec![0.0; usize::from(pool.code.rows)];
        for (input, (_, row)) in pool.code.inputs.iter().enumerate() {
            rows[usize::from(*row)] = pool.input(input, i, lanes);
        }
        let key = pool.streams.get(i).copied().unwrap_or(StreamKey::default());
        let number = *entity;
        *entity += 1;
        let (stream, source) = (Stream::new(key, 0), pool.sources.get(i).copied());
        Instance { rows, pool: k, lane, node, stream, source, entity: number, sent: 0, moved: HashMap::new() }
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
    /// Runs a program at time t, on copies of what it takes from its node where it has such, which then go back; gives its outputs.
    pub fn act(
        &mut self,
        code: &MechanismCode,
        program: &Program,
        t: f64,
        arguments: &[f64],
        cells: &mut [CellState],
    ) -> Vec<f64> {
        self.find(code, program, cells);
        self.copy_in(code, cells);
        let outputs = self.run(code, program, t, arguments, cells);
        self.leave(code, cells);
        let stored = |row: u16| {
            let is_row = |id: u16| program.operands[usize::from(id)] == Operand::Row(row);
            program.code.iter().any(|instr| instr.op == Op::Store && is_row(instr.dst))
        };
        self.copy_out(code, cells, &stored);
        outputs
    }

    /// What the instance that acted before has left of what those of a cell have in common.
    pub fn find(&mut self, code: &MechanismCode, program: &Program, cells: &[CellState]) {
        for common in &code.common {
            let found = cells[self.lane].common.get(&(self.pool, common.row)).copied().unwrap_or(0.0);
            self.rows[usize::from(common.row)] = found;
            if let Some((before, _)) = common.before.filter(|(before, _)| program.reads(*before)) {
                self.rows[usize::from(before)] = found;
            }
        }
    }

    /// For the next one.
    pub fn leave(&self, code: &MechanismCode, cells: &mut [CellState]) {
        for common in &code.common {
            cells[self.lane].common.insert((self.pool, common.row), self.rows[usize::from(common.row)]);
        }
    }

    /// Runs a program at time t on the rows as they are; gives its outputs.
    pub fn run(
        &mut self,
        code: &MechanismCode,
        program: &Program,
        t: f64,
        arguments: &[f64],
        cells: &mut [CellState],
    ) -> Vec<f64> {
        let mut nowhere = ([f64::NAN; NodeRow::COUNT], Vec::new());
        let (node, shared) = match self.node {
            Some(node) => (&mut cells[self.lane].nodes[node], &mut cells[self.lane].shared[node]),
            None => (&mut nowhere.0, &mut nowhere.1),
        };
        let (rows, stream, tables) = (&mut self.rows, &mut self.stream, &code.tables);
        interpreter::run(program, &mut Site { rows, node, shared, t, arguments, stream, tables })
    }

    /// In scattered pools the potential of the node, and shared values, to the rows in which programs look for them.
    pub fn copy_in(&mut self, code: &MechanismCode, cells: &[CellState]) {
        let Some(node) = self.node else { return };
        if let Some(scattered) = code.scattered {
            let cell = &cells[self.lane];
            let v = cell.nodes[node][NodeRow::V as usize];
            self.rows[usize::from(scattered.v)] = match cell.around.get(node) {
                Some(around) if code.electrode => v + around.v[0],
                _ => v,
            };
        }
        for mirror in code.mirrors.iter().filter(|mirror| !mirror.adds) {
            self.rows[usize::from(mirror.row)] = cells[self.lane].shared[node][usize::from(mirror.shared)];
        }
    }

    /// Rows that stand for shared ones go back, those that were stored.
    pub fn copy_out(&mut self, code: &MechanismCode, cells: &mut [CellState], stored: &dyn Fn(u16) -> bool) {
        let Some(node) = self.node else { return };
        for mirror in code.mirrors.iter().filter(|mirror| stored(mirror.row)) {
            let shared = &mut cells[self.lane].shared[node][usize::from(mirror.shared)];
            let value = self.rows[usize::from(mirror.row)];
            *shared = if mirror.adds { *shared + value } else { value };
        }
    }
}

impl PoolState {
    /// Runs a program for all instances in order.
    pub fn run_all(&mut self, code: &MechanismCode, program: &Program, t: f64, cells: &mut [CellState]) {
        for instance in &mut self.instances {
            instance.act(code, program, t, &[], cells);
        }
    }

    /// Before initial values: what the first instance of each cell finds.
    pub fn begin(&mut self, code: &MechanismCode, cells: &mut [CellState]) {
        for (row, before, first) in code.common.iter().filter_map(|c| c.before.map(|(before, first)| (c.row, before, first))) {
            for instance in &mut self.instances {
                instance.rows[usize::from(before)] = first;
                cells[instance.lane].common.insert((instance.pool, row), first);
            }
        }
    }

    /// Definitions that go to ions.
    pub fn publish(&mut self, code: &MechanismCode, t: f64, cells: &mut [CellState]) {
        if let Some(program) = &code.publish {
            self.run_all(code, program, t, cells);
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
