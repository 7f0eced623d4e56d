//! A plan laid out for stepping: classes become blocks, blocks groups, projections rows of connections. Nothing of it changes a result.

mod connections;
mod coupling;
mod fixed;
mod flow;
mod inbound;
mod pieces;
mod pointers;
mod tables;
mod trees;

pub use inbound::connection_bytes;

use crate::block::{Block, BlockDetector, Buffers, Nodes, Parts, Pointers, Pool, Programs, Run, Shared, Worker};
use crate::crew::Crew;
use crate::group::{Group, Members};
use crate::inbound::Inbound;
use crate::kernel::MechanismCode;
use crate::plan::{self, Class, Placement, Plan};
use crate::vm::machine::{Machine, Scratch};
use fixed::fixed_nodes;
pub use pieces::Piece;
use pieces::pieces;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tables::Tables;
use trees::Trees;

/// Most phases (halves of steps) between two exchanges: interrupts are seen there.
const LONGEST_WINDOW: usize = 2000;

/// A delay may be longer than half a step by this part of it and still count as half a step: accumulated times are not exact.
const SLACK: f64 = 1e-6;

/// Groups, and how they exchange spikes.
pub struct Layout {
    /// In the order of their first blocks.
    pub groups: Vec<Group>,
    /// Phases, halves of steps, between two exchanges.
    pub window: usize,
    /// Group of each source; `u32::MAX` for those that never spike.
    pub group_of_source: Vec<u32>,
}

impl Layout {
    /// Of a plan, in blocks of at most so many lanes, to be run by so many threads.
    ///
    /// # Errors
    /// A program that is not one; none of the compiler's is.
    pub fn new(
        plan: &Arc<Plan>,
        lanes: Option<usize>,
        threads: usize,
        machine: Machine,
        ready: &Prepared,
    ) -> Result<Layout, String> {
        let (pieces, pairs) = pieces(plan, lanes, threads);
        let tables = Tables::new(plan, &pieces, &pairs);
        let mut trees = Trees::default();
        let mut blocks: Vec<Vec<Block>> = (0..tables.groups).map(|_| Vec::new()).collect();
        let mut numbers = Numbers::new(plan);
        for (piece, group) in pieces.iter().zip(&tables.group_of_block) {
            let block = block(plan, *piece, (ready, &mut trees), &mut numbers)?;
            blocks[*group].push(block);
        }
        coupling::couple(plan, &tables, &mut blocks);
        pointers::point(plan, &tables, &mut blocks);
        let window = tables.window(plan);
        let group_of_source = tables.group_of_source();
        let inbound = inbound::inbound(plan, &tables, &mut blocks);
        let samplers = tables.samplers(plan, &inbound);
        let crews = crews(&blocks, threads, machine);
        let shown = shown(plan, &group_of_source, &inbound);
        let flows = flow::flows(plan, &tables, &blocks)?;
        let parts = blocks.into_iter().zip(crews).zip(inbound).zip(samplers).zip(flows);
        let groups = parts
            .map(|((((blocks, crew), inbound), samplers), flow)| {
                let shown = Arc::clone(&shown);
                Group::new(Members { blocks, inbound, samplers, shown, flow }, worker(machine), crew, plan.dt)
            })
            .collect();
        Ok(Layout { groups, window, group_of_source })
    }
}

/// Whether anybody outside of its group hears of each source: other groups, or the recording.
fn shown(plan: &Plan, group_of_source: &[u32], inbound: &[Inbound]) -> Arc<[bool]> {
    let abroad = |source: u32, home: u32| {
        let others = inbound.iter().zip(0u32..).filter(|(_, group)| *group != home);
        others.into_iter().any(|(inbound, _)| inbound.rows(source).next().is_some())
    };
    let home = |source: u32| group_of_source.get(source as usize).copied().unwrap_or(u32::MAX);
    (0..plan.sources).map(|s| plan.records(s) || abroad(s, home(s))).collect()
}

fn worker(machine: Machine) -> Worker {
    Worker { machine, scratch: Scratch::default(), buffers: Buffers::default() }
}

/// Who works on each group, where its blocks are coupled or it is more than one thread's part of the whole.
fn crews(blocks: &[Vec<Block>], threads: usize, machine: Machine) -> Vec<Option<Crew>> {
    let sizes: Vec<usize> = blocks.iter().map(|group| group.iter().map(Block::size).sum()).collect();
    let total = sizes.iter().sum::<usize>().max(1);
    let crew = |(group, size): (&Vec<Block>, usize)| {
        let coupled = group.iter().any(|b| !b.taps.is_empty());
        if !coupled && group.iter().all(Block::is_passive) {
            return None;
        }
        let part = (threads as f64 * size as f64 / total as f64).round() as usize;
        let crew = Crew::new(group, part, || worker(machine));
        (coupled || crew.hands() > 1).then_some(crew)
    };
    blocks.iter().zip(sizes).map(crew).collect()
}

/// Memory that a lane of the class takes in its block's rows.
pub fn bytes_per_lane(class: &Class) -> usize {
    let lanes = class.lanes().max(1);
    let nodes = class.body.as_ref().map_or(0, |b| b.parent.len()) * (4 + class.shared.len());
    let pools: usize = class.pools.iter().map(|p| usize::from(p.code.rows) * p.placement.count(lanes)).sum();
    8 * (nodes + pools.div_ceil(lanes))
}

/// Numbers of instances in the order of simultaneous events: all sources come first, then pool by pool.
struct Numbers {
    /// First number of each class's pools.
    first: Vec<Vec<u32>>,
}

impl Numbers {
    fn new(plan: &Plan) -> Numbers {
        let mut next = plan.sources;
        let mut pool = |lanes: usize, p: &plan::Pool| {
            let first = next;
            next += p.placement.count(lanes) as u32;
            first
        };
        Numbers { first: plan.classes.iter().map(|c| c.pools.iter().map(|p| pool(c.lanes(), p)).collect()).collect() }
    }
}

/// Programs that were made ready, for all plans that share their code.
#[derive(Default)]
pub struct Prepared(Mutex<HashMap<usize, Arc<Programs>>>);

/// More of them are not kept.
const MOST_PREPARED: usize = 64;

impl Prepared {
    /// Of a mechanism's code: it is kept with them, so its address is nobody else's.
    fn of(&self, code: &Arc<MechanismCode>) -> Result<Arc<Programs>, String> {
        let mut known = self.0.lock().map_err(|poisoned| poisoned.to_string())?;
        let address = Arc::as_ptr(code).addr();
        if let Some(programs) = known.get(&address) {
            return Ok(Arc::clone(programs));
        }
        let programs = Arc::new(Programs::new(code)?);
        if known.len() >= MOST_PREPARED {
            known.clear();
        }
        known.insert(address, Arc::clone(&programs));
        Ok(programs)
    }
}

fn block(plan: &Plan, piece: Piece, (ready, trees): (&Prepared, &mut Trees), numbers: &mut Numbers) -> Result<Block, String> {
    let class = &plan.classes[piece.class];
    let fixed = fixed_nodes(class, piece.lanes).unwrap_or_else(|| vec![false; class.body.as_ref().map_or(0, |b| b.parent.len())]);
    let nodes = class.body.as_ref().map(|body| {
        let shared = Shared::new(&class.shared, body.parent.len(), piece.first, piece.lanes);
        let (body, cable) = trees.of(body, piece, &fixed)?;
        Ok::<_, String>(Nodes::new(&body, cable, piece.lanes, plan.dt, plan.second_order, shared))
    });
    let mut nodes = nodes.transpose()?.unwrap_or_default();
    if let (Some(body), Some(space)) = (&class.body, &class.extracellular) {
        nodes.surround(body, space, piece.first, plan.dt);
    }
    let mut pools = Vec::with_capacity(class.pools.len());
    for (p, first) in class.pools.iter().zip(&numbers.first[piece.class]) {
        let mut pool = Pool::new(parts(class, p, piece, ready.of(&p.code)?, *first));
        pool.fix(piece.lanes, &fixed);
        if let Some(body) = &class.body {
            pool.join(piece.lanes, &body.parent, &body.order);
        }
        pools.push(pool);
    }
    let detectors = class.detectors.iter().map(|d| BlockDetector::new(d, piece.first, piece.lanes)).collect();
    let watches = class.pools.iter().any(|p| !p.code.conditions.is_empty());
    Ok(Block {
        class: piece.class,
        first_lane: piece.first,
        lanes: piece.lanes,
        nodes,
        pools,
        detectors,
        watches,
        observes: false,
        taps: Vec::new(),
        intakes: Vec::new(),
        pointers: Pointers::default(),
    })
}

fn parts(class: &Class, pool: &plan::Pool, piece: Piece, programs: Arc<Programs>, first_number: u32) -> Parts {
    let here = instances(pool, class.lanes(), piece);
    let pick = |row: usize| here.iter().map(|i| pool.input(row, *i, class.lanes())).collect();
    let numbers = here.iter().map(|i| first_number + *i as u32);
    let (runs, positions) = match &pool.placement {
        Placement::Nodes(nodes) => (runs(nodes, piece.lanes), Vec::new()),
        Placement::Scattered(places) => {
            let position = |i: &usize| places[*i].0 * piece.lanes as u32 + places[*i].1 - piece.first as u32;
            let positions: Vec<u32> = here.iter().map(position).collect();
            let runs = if pool.code.turns { rounds(&positions) } else { Vec::new() };
            (runs, positions)
        }
        Placement::Free => (Vec::new(), Vec::new()),
    };
    Parts {
        programs,
        count: here.len(),
        runs,
        positions,
        lanes: piece.lanes,
        inputs: (0..pool.inputs.len()).map(pick).collect(),
        keys: here.iter().filter_map(|i| pool.streams.get(*i).copied()).collect(),
        sources: here.iter().filter_map(|i| pool.sources.get(*i).copied()).collect(),
        numbers: if pool.code.sends() { numbers.collect() } else { Vec::new() },
    }
}

/// The instances of a class's pool that are in a piece, in order.
pub fn instances(pool: &plan::Pool, lanes: usize, piece: Piece) -> Vec<usize> {
    let within = piece.first..piece.first + piece.lanes;
    match &pool.placement {
        Placement::Nodes(nodes) => (0..nodes.len()).flat_map(|k| within.clone().map(move |l| k * lanes + l)).collect(),
        // Those that act one after the other stand in another order.
        Placement::Scattered(places) if pool.code.has_order() => {
            (0..places.len()).filter(|i| within.contains(&(places[*i].1 as usize))).collect()
        }
        Placement::Scattered(places) => {
            // Sorted by node, and there by lane: found without a look at each of them.
            let (mut here, mut first) = (Vec::new(), 0);
            while let Some((node, _)) = places.get(first) {
                let rest = &places[first..];
                let before = |lane: usize| first + rest.partition_point(|(n, l)| (*n, *l as usize) < (*node, lane));
                here.extend(before(within.start)..before(within.end));
                first = before(usize::MAX);
            }
            here
        }
        Placement::Free => within.collect(),
    }
}

/// Scattered instances that write values of ions: at most one of a place in each run, so that the next one finds what it has left.
fn rounds(positions: &[u32]) -> Vec<Run> {
    let mut first = 0;
    let chunks = positions.chunk_by(|a, b| a < b);
    let run = |chunk: &[u32]| {
        first += chunk.len();
        Run { first: first - chunk.len(), position: 0, count: chunk.len() }
    };
    chunks.map(run).collect()
}

/// Nodes that follow one another make one run.
fn runs(nodes: &[u32], lanes: usize) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::new();
    for (k, node) in nodes.iter().enumerate() {
        let position = *node as usize * lanes;
        match out.last_mut() {
            Some(run) if run.position + run.count == position => run.count += lanes,
            _ => out.push(Run { first: k * lanes, position, count: lanes }),
        }
    }
    out
}
