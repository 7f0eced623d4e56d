//! Which lanes are the same in all copies: their numbers are, and so is everything that they hear of.

use crate::kernel::Advance;
use crate::plan::{Body, Class, Drive, Placement, Plan, Pool, Probe, ProbeValue, Projection};
use std::collections::HashMap;
use std::sync::Arc;

/// The lanes of each class that are there once.
pub struct Common {
    /// By class and lane.
    lanes: Vec<Vec<bool>>,
    /// Class and lane of each source, as far as one spikes.
    homes: Vec<Option<(usize, usize)>>,
}

impl Common {
    /// Of plans that are alike.
    pub fn of(plans: &[Arc<Plan>]) -> Common {
        let mut lanes: Vec<Vec<bool>> = plans[0].classes.iter().map(|class| vec![true; class.lanes()]).collect();
        let first = &plans[0];
        for other in &plans[1..] {
            for ((a, b), common) in first.classes.iter().zip(&other.classes).zip(&mut lanes) {
                classes(a, b, common);
            }
            for (a, b) in first.projections.iter().zip(&other.projections) {
                projections((first, a), (other, b), &mut lanes[usize::from(a.class)]);
            }
            for (here, there) in
                [(&first.drives, &other.drives), (&first.links, &other.links), (&first.pointers, &other.pointers)]
            {
                if here == there {
                    continue;
                }
                here.iter().map(|d| (first, d)).chain(there.iter().map(|d| (other, d))).for_each(|(plan, drive)| {
                    let (class, lane) = driven(plan, drive);
                    lanes[class][lane] = false;
                });
            }
        }
        let mut common = Common { lanes, homes: homes(first) };
        while common.spread(first) {}
        common
    }

    /// Whether a lane is.
    pub fn lane(&self, class: usize, lane: usize) -> bool {
        self.lanes[class][lane]
    }

    /// Whether a source is: its lane, or nobody.
    pub fn source(&self, source: u32) -> bool {
        self.homes[source as usize].is_none_or(|(class, lane)| self.lane(class, lane))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.lanes.iter().flatten().filter(|common| **common).count()
    }

    /// Who hears of one that is not common is not common; whether that was news.
    fn spread(&mut self, plan: &Plan) -> bool {
        let mut news = false;
        for projection in &plan.projections {
            let class = usize::from(projection.class);
            for (source, row) in projection.rows() {
                if row.is_empty() || self.source(source) {
                    continue;
                }
                for target in &projection.targets[row] {
                    let lane = lane_of(&plan.classes[class], projection.pool, *target);
                    news |= std::mem::replace(&mut self.lanes[class][lane], false);
                }
            }
        }
        for drive in plan.drives.iter().chain(&plan.links) {
            let source = probed(plan, &drive.source);
            if source.is_some_and(|(class, lane)| !self.lane(class, lane)) {
                let (class, lane) = driven(plan, drive);
                news |= std::mem::replace(&mut self.lanes[class][lane], false);
            }
        }
        for link in plan.links.iter().filter(|link| has_own_steps(plan, link)) {
            let (class, lane) = driven(plan, link);
            if let Some((from, other)) = probed(plan, &link.source).filter(|_| !self.lane(class, lane)) {
                news |= std::mem::replace(&mut self.lanes[from][other], false);
            }
        }
        news
    }
}

/// Whether cells that are driven choose steps for all that they are connected with: then whom they hear of cannot be shared by systems that differ.
fn has_own_steps(plan: &Plan, link: &Drive) -> bool {
    let pool = &plan.classes[usize::from(link.class)].pools[usize::from(link.pool)];
    matches!(pool.code.advance, Advance::Adaptive(_))
}

/// Class and lane of each source.
fn homes(plan: &Plan) -> Vec<Option<(usize, usize)>> {
    let mut homes = vec![None; plan.sources as usize];
    for (number, class) in plan.classes.iter().enumerate() {
        for detector in &class.detectors {
            detector.sources.iter().enumerate().for_each(|(lane, source)| homes[*source as usize] = Some((number, lane)));
        }
        for (p, pool) in class.pools.iter().enumerate() {
            for (instance, source) in pool.sources.iter().enumerate() {
                homes[*source as usize] = Some((number, lane_of(class, p as u16, instance as u32)));
            }
        }
    }
    homes
}

/// The lane of an instance.
pub fn lane_of(class: &Class, pool: u16, instance: u32) -> usize {
    match &class.pools[usize::from(pool)].placement {
        Placement::Nodes(_) => instance as usize % class.lanes().max(1),
        Placement::Scattered(places) => places[instance as usize].1 as usize,
        Placement::Free => instance as usize,
    }
}

fn driven(plan: &Plan, drive: &Drive) -> (usize, usize) {
    let class = usize::from(drive.class);
    (class, lane_of(&plan.classes[class], drive.pool, drive.instance))
}

/// Class and lane of what a probe reads; of a connection the receiver's.
fn probed(plan: &Plan, probe: &Probe) -> Option<(usize, usize)> {
    let class = usize::from(probe.class);
    let of = &plan.classes[class];
    let lane = match probe.value {
        ProbeValue::Voltage { lane, .. }
        | ProbeValue::Outside { lane, .. }
        | ProbeValue::Membrane { lane, .. }
        | ProbeValue::Shared { lane, .. } => lane as usize,
        ProbeValue::Row { pool, instance, .. } => lane_of(of, pool, instance),
        ProbeValue::Connection { projection, connection, .. } => {
            let p = &plan.projections[projection as usize];
            lane_of(of, p.pool, p.targets[connection as usize])
        }
        ProbeValue::Fixed(_) => return None,
    };
    Some((class, lane))
}

fn same(a: f64, b: f64) -> bool {
    a.to_bits() == b.to_bits()
}

/// Lanes in which two classes differ are not common.
fn classes(a: &Class, b: &Class, common: &mut [bool]) {
    if let (Some(a), Some(b)) = (&a.body, &b.body)
        && a != b
    {
        bodies(a, b, common);
    }
    let (lanes, nodes) = (a.lanes(), a.body.as_ref().map_or(0, |body| body.parent.len()));
    for (a, b) in a.detectors.iter().zip(&b.detectors) {
        common.iter_mut().enumerate().for_each(|(lane, common)| *common &= same(a.threshold.at(lane), b.threshold.at(lane)));
    }
    for (a, b) in a.shared.iter().zip(&b.shared) {
        for (lane, common) in common.iter_mut().enumerate() {
            *common &= (0..nodes).all(|node| same(a.at(nodes, node, lane), b.at(nodes, node, lane)));
        }
    }
    for (a, b) in a.pools.iter().zip(&b.pools) {
        pools(a, b, lanes, common);
    }
}

fn bodies(a: &Body, b: &Body, common: &mut [bool]) {
    let rows = |body: &Body, lane: usize| {
        let of = |values: &Vec<f64>| (0..body.parent.len()).map(|node| body.of(values, node, lane).to_bits()).collect::<Vec<_>>();
        [&body.a, &body.b, &body.capacitance, &body.area].map(of)
    };
    for (lane, common) in common.iter_mut().enumerate() {
        *common &= rows(a, lane) == rows(b, lane);
    }
}

fn pools(a: &Pool, b: &Pool, lanes: usize, common: &mut [bool]) {
    let (here, there) = (by_lane(&a.placement, lanes), by_lane(&b.placement, lanes));
    for (lane, common) in common.iter_mut().enumerate().filter(|(_, common)| **common) {
        let pair = |(i, j): (&u32, &u32)| {
            let (i, j) = (*i as usize, *j as usize);
            node(a, i) == node(b, j)
                && (0..a.inputs.len()).all(|row| same(a.input(row, i, lanes), b.input(row, j, lanes)))
                && a.streams.get(i) == b.streams.get(j)
                && a.sources.get(i) == b.sources.get(j)
        };
        *common = here[lane].len() == there[lane].len() && here[lane].iter().zip(&there[lane]).all(pair);
    }
}

fn node(pool: &Pool, instance: usize) -> Option<u32> {
    match &pool.placement {
        Placement::Scattered(places) => Some(places[instance].0),
        Placement::Nodes(_) | Placement::Free => None,
    }
}

/// Instances of each lane, in order.
fn by_lane(placement: &Placement, lanes: usize) -> Vec<Vec<u32>> {
    let mut all = vec![Vec::new(); lanes];
    for instance in 0..placement.count(lanes) {
        let lane = match placement {
            Placement::Nodes(_) => instance % lanes,
            Placement::Scattered(places) => places[instance].1 as usize,
            Placement::Free => instance,
        };
        all[lane].push(instance as u32);
    }
    all
}

/// Lanes that other connections reach in the second plan are not common.
fn projections((plan, a): (&Plan, &Projection), (other, b): (&Plan, &Projection), common: &mut [bool]) {
    let (class, there) = (&plan.classes[usize::from(a.class)], &other.classes[usize::from(b.class)]);
    let places = |c: &Class| c.pools[usize::from(a.pool)].placement == there.pools[usize::from(a.pool)].placement;
    if a == b && places(class) {
        return;
    }
    let (mine, theirs) = (received(class, a), received(there, b));
    for (lane, common) in common.iter_mut().enumerate() {
        *common &= mine.get(&lane) == theirs.get(&lane);
    }
}

/// What reaches each lane: who sends, which of the lane's instances it reaches, delay and arguments.
fn received(class: &Class, p: &Projection) -> HashMap<usize, Vec<(u32, u32, Vec<u64>)>> {
    let placement = &class.pools[usize::from(p.pool)].placement;
    let mut ordinal = vec![0; placement.count(class.lanes())];
    for list in by_lane(placement, class.lanes()) {
        list.iter().zip(0..).for_each(|(instance, k)| ordinal[*instance as usize] = k);
    }
    let mut all: HashMap<usize, Vec<(u32, u32, Vec<u64>)>> = HashMap::new();
    for (source, row) in p.rows() {
        for c in row {
            let target = p.targets[c];
            let numbers = std::iter::once(&p.delay).chain(&p.arguments).map(|values| values.at(c).to_bits()).collect();
            all.entry(lane_of(class, p.pool, target)).or_default().push((source, ordinal[target as usize], numbers));
        }
    }
    all
}
