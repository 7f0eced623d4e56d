//! Who is in which group, and what is sampled in it.

use super::connections::Connections;
use super::pieces::Piece;
use super::{LONGEST_WINDOW, SLACK, instances};
use crate::inbound::Inbound;
use crate::plan::{Class, Placement, Plan, Pool, Probe, ProbeValue, Projection, Values};
use crate::probe::{Reading, SampledProbe, Sampler};

/// No block.
const NOBODY: u32 = u32::MAX;

/// Where everything of a plan is.
pub struct Tables {
    /// How many groups there are.
    pub groups: usize,
    /// Group of each block.
    pub group_of_block: Vec<usize>,
    /// Number of each block within its group.
    pub within_group: Vec<u16>,
    /// Block of each source, or nobody.
    block_of_source: Vec<u32>,
    /// For each class and pool: where the class's instances are.
    places: Vec<Vec<Places>>,
    /// For each class: block of each lane.
    lanes: Vec<Vec<u32>>,
    /// Which lanes each block has.
    pieces: Vec<Piece>,
}

/// Where the instances of a pool are.
enum Places {
    /// Block of each, and instance in the block.
    Listed(Vec<(u32, u32)>),
    /// One in every lane, so many times: it follows from where the lanes are. So it is with most instances, which nothing reaches.
    Lanes(usize),
}

impl Tables {
    /// Of a plan in these pieces, of which these pairs belong together.
    pub fn new(plan: &Plan, pieces: &[Piece], pairs: &[(usize, usize)]) -> Tables {
        let (places, lanes) = (places(plan, pieces), lanes(plan, pieces));
        let (group_of_block, within_group, block_of_source) = (Vec::new(), Vec::new(), vec![NOBODY; plan.sources as usize]);
        let mut t = Tables { groups: 0, group_of_block, within_group, block_of_source, places, lanes, pieces: pieces.to_vec() };
        t.find_sources(plan);
        t.group(plan, pieces.len(), pairs);
        t
    }

    /// Block, among all of them, of a value that is somewhere.
    fn block_of(&self, probe: &Probe) -> Option<u32> {
        let class = usize::from(probe.class);
        match probe.value {
            ProbeValue::Voltage { lane, .. }
            | ProbeValue::Shared { lane, .. }
            | ProbeValue::Outside { lane, .. }
            | ProbeValue::Membrane { lane, .. } => Some(*self.lanes.get(class)?.get(lane as usize)?),
            ProbeValue::Row { pool, instance, .. } => Some(self.place(probe.class, pool, instance)?.0),
            ProbeValue::Fixed(_) | ProbeValue::Connection { .. } => None,
        }
    }

    /// Block, among all of them, of an instance, and its number in its block's pool.
    fn place(&self, class: u16, pool: u16, instance: u32) -> Option<(u32, u32)> {
        match self.places.get(usize::from(class))?.get(usize::from(pool))? {
            Places::Listed(places) => places.get(instance as usize).copied(),
            Places::Lanes(times) => {
                let all = self.lanes.get(usize::from(class))?;
                let (k, lane) = (instance as usize / all.len().max(1), instance as usize % all.len().max(1));
                let block = *all.get(lane).filter(|_| k < *times)?;
                let Piece { first, lanes, .. } = *self.pieces.get(block as usize)?;
                Some((block, (k * lanes + lane - first) as u32))
            }
        }
    }

    /// Group and block in it of an instance, and its number in its block's pool.
    pub fn instance(&self, class: u16, pool: u16, instance: u32) -> Option<(usize, usize, u32)> {
        let (block, instance) = self.place(class, pool, instance)?;
        let (group, within) = (self.group_of_block.get(block as usize)?, self.within_group.get(block as usize)?);
        Some((*group, usize::from(*within), instance))
    }

    /// Block and instance in it of each instance that a projection may reach.
    pub fn places(&self, projection: &Projection) -> &[(u32, u32)] {
        let class = self.places.get(usize::from(projection.class));
        match class.and_then(|pools| pools.get(usize::from(projection.pool))) {
            Some(Places::Listed(places)) => places,
            Some(Places::Lanes(_)) | None => &[],
        }
    }

    /// Block of each source.
    fn find_sources(&mut self, plan: &Plan) {
        let mut found = Vec::new();
        for (number, (class, lanes)) in (0u16..).zip(plan.classes.iter().zip(&self.lanes)) {
            for d in &class.detectors {
                found.extend(d.sources.iter().copied().zip(lanes.iter().copied()));
            }
            for (p, pool) in (0u16..).zip(&class.pools) {
                let place = |(source, instance)| Some((source, self.place(number, p, instance)?.0));
                found.extend(pool.sources.iter().copied().zip(0u32..).filter_map(place));
            }
            for (source, block) in found.drain(..) {
                if let Some(slot) = self.block_of_source.get_mut(source as usize) {
                    *slot = block;
                }
            }
        }
    }

    /// Sending and receiving block of each connection of a projection with a sender, and its delay (ms).
    fn edges<'a>(&'a self, projection: &'a Projection) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
        let places = self.places(projection);
        projection.rows().flat_map(move |(source, row)| {
            let from = self.block_of_source.get(source as usize).copied().filter(|b| *b != NOBODY);
            from.into_iter().flat_map(move |from| {
                row.clone().filter_map(move |c| {
                    let (to, _) = places.get(projection.targets[c] as usize)?;
                    Some((from as usize, *to as usize, projection.delay.at(c)))
                })
            })
        })
    }

    /// Blocks with a connection between them that is not longer than half a step belong together, blocks that are coupled, and these pairs.
    fn group(&mut self, plan: &Plan, blocks: usize, pairs: &[(usize, usize)]) {
        let mut root: Vec<usize> = (0..blocks).collect();
        fn find(root: &mut [usize], mut b: usize) -> usize {
            while root[b] != b {
                root[b] = root[root[b]];
                b = root[b];
            }
            b
        }
        for (a, b) in pairs {
            let (a, b) = (find(&mut root, *a), find(&mut root, *b));
            root[a.max(b)] = a.min(b);
        }
        let tie = 0.5 * plan.dt * (1.0 + SLACK);
        for projection in plan.projections.iter().filter(|p| shortest(p) <= tie) {
            for (from, to, _) in self.edges(projection).filter(|(.., delay)| *delay <= tie) {
                let (a, b) = (find(&mut root, from), find(&mut root, to));
                root[a.max(b)] = a.min(b);
            }
        }
        for drive in plan.drives.iter().chain(&plan.links) {
            let to = self.place(drive.class, drive.pool, drive.instance);
            if let (Some(from), Some((to, _))) = (self.block_of(&drive.source), to) {
                let (a, b) = (find(&mut root, from as usize), find(&mut root, to as usize));
                root[a.max(b)] = a.min(b);
            }
        }
        let mut number = vec![None; blocks];
        let mut sizes: Vec<u16> = Vec::new();
        for b in 0..blocks {
            let r = find(&mut root, b);
            let group = *number[r].get_or_insert_with(|| {
                sizes.push(0);
                sizes.len() - 1
            });
            self.group_of_block.push(group);
            self.within_group.push(sizes[group]);
            sizes[group] += 1;
        }
        self.groups = sizes.len();
    }

    /// Phases (halves of steps) that no spike of one group can shorten for another: the smallest delay between groups.
    pub fn window(&self, plan: &Plan) -> usize {
        let group = &self.group_of_block;
        let mut least = f64::INFINITY;
        for projection in plan.projections.iter() {
            let foreign = self.edges(projection).filter(|(from, to, _)| group[*from] != group[*to]).map(|(.., delay)| delay);
            least = match projection.delay {
                Values::Same(delay) if delay >= least => least,
                // One is like all the others.
                Values::Same(_) => foreign.take(1).fold(least, f64::min),
                Values::Each(_) => foreign.fold(least, f64::min),
            };
        }
        let phases = (least / (0.5 * plan.dt) - SLACK).floor();
        if phases < LONGEST_WINDOW as f64 { (phases as usize).max(1) } else { LONGEST_WINDOW }
    }

    /// Group of each source.
    pub fn group_of_source(&self) -> Vec<u32> {
        let group = |b: &u32| self.group_of_block.get(*b as usize).map_or(NOBODY, |g| *g as u32);
        self.block_of_source.iter().map(group).collect()
    }

    /// For each group its probes, recorder by recorder.
    pub fn samplers(&self, plan: &Plan, inbound: &[Inbound]) -> Vec<Vec<Sampler>> {
        let mut connections = Connections::new(plan, inbound);
        let mut out: Vec<Vec<Sampler>> = (0..self.groups).map(|_| Vec::new()).collect();
        for (r, recorder) in plan.recorders.iter().enumerate() {
            for (number, probe) in recorder.probes.iter().enumerate() {
                let found = connections.reading(probe).or_else(|| self.reading(probe));
                let Some((group, what)) = found else { continue };
                let list = &mut out[group];
                if list.last().is_none_or(|s| s.recorder != r) {
                    list.push(Sampler::new(r, recorder.every));
                }
                if let Some(sampler) = list.last_mut() {
                    sampler.probes.push(SampledProbe { number, what });
                }
            }
        }
        out
    }

    /// Group of a probe, and what it reads there.
    pub fn reading(&self, probe: &Probe) -> Option<(usize, Reading)> {
        let class = usize::from(probe.class);
        match probe.value {
            ProbeValue::Voltage { node, lane } => {
                let (group, block, position) = self.position(class, node, lane)?;
                Some((group, Reading::Voltage(block, position)))
            }
            ProbeValue::Shared { row, node, lane } => {
                let (group, block, position) = self.position(class, node, lane)?;
                Some((group, Reading::Shared(block, row, position)))
            }
            ProbeValue::Outside { layer, node, lane } => {
                let (group, block, position) = self.position(class, node, lane)?;
                Some((group, Reading::Outside(block, layer, position)))
            }
            ProbeValue::Membrane { node, lane } => {
                let (group, block, position) = self.position(class, node, lane)?;
                Some((group, Reading::Membrane(block, position)))
            }
            ProbeValue::Row { pool, row, instance } => {
                let (block, instance) = self.place(probe.class, pool, instance)?;
                let within = usize::from(self.within_group[block as usize]);
                Some((self.group_of_block[block as usize], Reading::Row(within, usize::from(pool), row, instance as usize)))
            }
            ProbeValue::Fixed(x) => (self.groups > 0).then_some((0, Reading::Fixed(x))),
            // Known only when connections have their places: see `Connections`.
            ProbeValue::Connection { .. } => None,
        }
    }

    /// Group, block in it, and position in the block's node rows, of a node in a lane.
    fn position(&self, class: usize, node: u32, lane: u32) -> Option<(usize, usize, usize)> {
        let block = *self.lanes.get(class)?.get(lane as usize)?;
        let Piece { first, lanes, .. } = *self.pieces.get(block as usize)?;
        let position = node as usize * lanes + lane as usize - first;
        Some((self.group_of_block[block as usize], usize::from(self.within_group[block as usize]), position))
    }
}

/// The shortest delay of a projection (ms).
fn shortest(projection: &Projection) -> f64 {
    match &projection.delay {
        Values::Same(delay) => *delay,
        Values::Each(delays) => delays.iter().copied().fold(f64::INFINITY, f64::min),
    }
}

fn places(plan: &Plan, pieces: &[Piece]) -> Vec<Vec<Places>> {
    let mut reached: Vec<Vec<bool>> = plan.classes.iter().map(|c| vec![false; c.pools.len()]).collect();
    for p in &plan.projections {
        if let Some(pool) = reached.get_mut(usize::from(p.class)).and_then(|pools| pools.get_mut(usize::from(p.pool))) {
            *pool = true;
        }
    }
    let of_pool = |c: &Class, pool: &Pool, reached: bool| match &pool.placement {
        Placement::Nodes(nodes) if !reached => Places::Lanes(nodes.len()),
        Placement::Free if !reached => Places::Lanes(1),
        placement => Places::Listed(vec![(0, 0); placement.count(c.lanes())]),
    };
    let of_class = |(c, reached): (&Class, &Vec<bool>)| c.pools.iter().zip(reached).map(|(p, r)| of_pool(c, p, *r)).collect();
    let mut out: Vec<Vec<Places>> = plan.classes.iter().zip(&reached).map(of_class).collect();
    for (b, piece) in pieces.iter().enumerate() {
        let class = &plan.classes[piece.class];
        for (pool, places) in class.pools.iter().zip(&mut out[piece.class]) {
            let Places::Listed(places) = places else { continue };
            for (local, instance) in instances(pool, class.lanes(), *piece).into_iter().enumerate() {
                places[instance] = (b as u32, local as u32);
            }
        }
    }
    out
}

fn lanes(plan: &Plan, pieces: &[Piece]) -> Vec<Vec<u32>> {
    let mut out: Vec<Vec<u32>> = plan.classes.iter().map(|class| Vec::with_capacity(class.lanes())).collect();
    for (block, piece) in (0..).zip(pieces) {
        out[piece.class].extend(std::iter::repeat_n(block, piece.lanes));
    }
    out
}
