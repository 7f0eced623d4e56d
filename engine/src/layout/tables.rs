//! Who is in which group, which links reach it, what is sampled in it.

use super::{LONGEST_WINDOW, Piece, SLACK, instances};
use crate::event::Target;
use crate::group::{LinkEntry, Links};
use crate::plan::{Link, Plan, Probe, ProbeValue};
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
    within_group: Vec<u16>,
    /// Block of each source, or nobody.
    block_of_source: Vec<u32>,
    /// For each class and pool: block and instance in the block of each of the class's instances.
    places: Vec<Vec<Vec<(u32, u32)>>>,
    /// For each class: block of each lane, and its first lane and number of lanes.
    lanes: Vec<Vec<(u32, usize, usize)>>,
}

impl Tables {
    /// Of a plan in these pieces.
    pub fn new(plan: &Plan, pieces: &[Piece]) -> Tables {
        let places = places(plan, pieces);
        let lanes = lanes(plan, pieces);
        let block_of_source = block_of_source(plan, &lanes, &places);
        let mut t = Tables { groups: 0, group_of_block: Vec::new(), within_group: Vec::new(), block_of_source, places, lanes };
        t.group(plan, pieces.len());
        t
    }

    /// Block, among all of them, of a value that is somewhere.
    fn block_of(&self, probe: &Probe) -> Option<u32> {
        let class = usize::from(probe.class);
        match probe.value {
            ProbeValue::Voltage { lane, .. } => Some(self.lanes.get(class)?.get(lane as usize)?.0),
            ProbeValue::Row { pool, instance, .. } => {
                Some(self.places.get(class)?.get(usize::from(pool))?.get(instance as usize)?.0)
            }
            ProbeValue::Fixed(_) => None,
        }
    }

    /// Group and block in it of an instance, and its number in its block's pool.
    pub fn instance(&self, class: u16, pool: u16, instance: u32) -> Option<(usize, usize, u32)> {
        let places = self.places.get(usize::from(class))?.get(usize::from(pool))?;
        let (block, instance) = *places.get(instance as usize)?;
        let (group, within) = (self.group_of_block.get(block as usize)?, self.within_group.get(block as usize)?);
        Some((*group, usize::from(*within), instance))
    }

    fn place(&self, link: &Link) -> Option<(u32, u32)> {
        self.places.get(usize::from(link.class))?.get(usize::from(link.pool))?.get(link.instance as usize).copied()
    }

    fn sender(&self, link: &Link) -> Option<u32> {
        self.block_of_source.get(link.source as usize).copied().filter(|b| *b != NOBODY)
    }

    /// Blocks with a link between them that is not longer than a step belong together, and blocks that are coupled.
    fn group(&mut self, plan: &Plan, blocks: usize) {
        let mut root: Vec<usize> = (0..blocks).collect();
        fn find(root: &mut [usize], mut b: usize) -> usize {
            while root[b] != b {
                root[b] = root[root[b]];
                b = root[b];
            }
            b
        }
        for link in plan.links.iter().filter(|l| l.delay <= plan.dt * (1.0 + SLACK)) {
            if let (Some(from), Some((to, _))) = (self.sender(link), self.place(link)) {
                let (a, b) = (find(&mut root, from as usize), find(&mut root, to as usize));
                root[a.max(b)] = a.min(b);
            }
        }
        for drive in &plan.drives {
            let to = self.places.get(usize::from(drive.class)).and_then(|c| c.get(usize::from(drive.pool)));
            let to = to.and_then(|places| places.get(drive.instance as usize));
            if let (Some(from), Some((to, _))) = (self.block_of(&drive.source), to) {
                let (a, b) = (find(&mut root, from as usize), find(&mut root, *to as usize));
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

    /// Steps that no spike of one group can shorten for another: the smallest delay between groups.
    pub fn window(&self, plan: &Plan) -> usize {
        let foreign = |link: &&Link| match (self.sender(link), self.place(link)) {
            (Some(from), Some((to, _))) => self.group_of_block[from as usize] != self.group_of_block[to as usize],
            _ => false,
        };
        let shortest = plan.links.iter().filter(foreign).map(|l| l.delay).fold(f64::INFINITY, f64::min);
        let steps = (shortest / plan.dt - SLACK).floor();
        if steps < LONGEST_WINDOW as f64 { (steps as usize).max(1) } else { LONGEST_WINDOW }
    }

    /// Group of each source.
    pub fn group_of_source(&self) -> Vec<u32> {
        let group = |b: &u32| self.group_of_block.get(*b as usize).map_or(NOBODY, |g| *g as u32);
        self.block_of_source.iter().map(group).collect()
    }

    /// For each group the links that reach it.
    pub fn links(&self, plan: &Plan) -> Vec<Links> {
        let sources = plan.sources as usize;
        let mut out: Vec<Links> = (0..self.groups).map(|_| Links { start: vec![0; sources + 1], entries: Vec::new() }).collect();
        let mut number = 0;
        for (i, link) in plan.links.iter().enumerate() {
            let follows = i > 0 && plan.links[i - 1].source == link.source;
            number = if follows { number + 1 } else { 0 };
            let Some((block, instance)) = self.place(link) else { continue };
            let target = Target { instance, block: self.within_group[block as usize], pool: link.pool, handler: link.handler };
            let links = &mut out[self.group_of_block[block as usize]];
            links.entries.push(LinkEntry { delay: link.delay, weight: link.weight, target, number });
            if let Some(end) = links.start.get_mut(link.source as usize + 1) {
                *end += 1;
            }
        }
        for links in &mut out {
            for s in 0..sources {
                links.start[s + 1] += links.start[s];
            }
        }
        out
    }

    /// For each group its probes, recorder by recorder.
    pub fn samplers(&self, plan: &Plan) -> Vec<Vec<Sampler>> {
        let mut out: Vec<Vec<Sampler>> = (0..self.groups).map(|_| Vec::new()).collect();
        for (r, recorder) in plan.recorders.iter().enumerate() {
            for (number, probe) in recorder.probes.iter().enumerate() {
                let Some((group, what)) = self.reading(probe) else { continue };
                let list = &mut out[group];
                if list.last().is_none_or(|s| s.recorder != r) {
                    list.push(Sampler::new(r, recorder.every));
                }
                if let Some(sampler) = list.last_mut() {
                    sampler.probes.push(SampledProbe { number, what, values: Vec::new() });
                }
            }
        }
        out
    }

    pub fn reading(&self, probe: &Probe) -> Option<(usize, Reading)> {
        let class = usize::from(probe.class);
        match probe.value {
            ProbeValue::Voltage { node, lane } => {
                let (block, first, lanes) = *self.lanes.get(class)?.get(lane as usize)?;
                let position = node as usize * lanes + lane as usize - first;
                Some((
                    self.group_of_block[block as usize],
                    Reading::Voltage(usize::from(self.within_group[block as usize]), position),
                ))
            }
            ProbeValue::Row { pool, row, instance } => {
                let (block, instance) = *self.places.get(class)?.get(usize::from(pool))?.get(instance as usize)?;
                let within = usize::from(self.within_group[block as usize]);
                Some((self.group_of_block[block as usize], Reading::Row(within, usize::from(pool), row, instance as usize)))
            }
            ProbeValue::Fixed(x) => (self.groups > 0).then_some((0, Reading::Fixed(x))),
        }
    }
}

fn places(plan: &Plan, pieces: &[Piece]) -> Vec<Vec<Vec<(u32, u32)>>> {
    let nowhere = |c: &crate::plan::Class| c.pools.iter().map(|p| vec![(0, 0); p.placement.count(c.lanes())]).collect();
    let mut out: Vec<Vec<Vec<(u32, u32)>>> = plan.classes.iter().map(nowhere).collect();
    for (b, piece) in pieces.iter().enumerate() {
        let class = &plan.classes[piece.class];
        for (pool, places) in class.pools.iter().zip(&mut out[piece.class]) {
            for (local, instance) in instances(&pool.placement, class.lanes(), *piece).into_iter().enumerate() {
                places[instance] = (b as u32, local as u32);
            }
        }
    }
    out
}

fn lanes(plan: &Plan, pieces: &[Piece]) -> Vec<Vec<(u32, usize, usize)>> {
    let mut out: Vec<Vec<(u32, usize, usize)>> = plan.classes.iter().map(|_| Vec::new()).collect();
    for (b, piece) in pieces.iter().enumerate() {
        out[piece.class].extend((0..piece.lanes).map(|_| (b as u32, piece.first, piece.lanes)));
    }
    out
}

fn block_of_source(plan: &Plan, lanes: &[Vec<(u32, usize, usize)>], places: &[Vec<Vec<(u32, u32)>>]) -> Vec<u32> {
    let mut out = vec![NOBODY; plan.sources as usize];
    let mut note = |source: u32, block: u32| {
        if let Some(b) = out.get_mut(source as usize) {
            *b = block;
        }
    };
    for ((class, lanes), places) in plan.classes.iter().zip(lanes).zip(places) {
        for d in &class.detectors {
            d.sources.iter().zip(lanes).for_each(|(s, (block, ..))| note(*s, *block));
        }
        for (pool, places) in class.pools.iter().zip(places) {
            pool.sources.iter().zip(places).for_each(|(s, (block, _))| note(*s, *block));
        }
    }
    out
}
