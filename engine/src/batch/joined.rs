//! The plan of several: lanes, instances, sources and connections get their numbers in the whole.

use super::Batch;
use super::common::{Common, lane_of};
use crate::plan::{
    Body, Class, Detector, Drive, Placement, Plan, Pool, Probe, ProbeValue, Projection, Recorder, SharedRow, Values,
};
use std::ops::Range;
use std::sync::Arc;

/// Numbers of each copy's in the whole.
pub struct Joining<'a> {
    plans: &'a [Arc<Plan>],
    common: &'a Common,
    /// The first copy's number of each source; those of the others follow.
    sources: Vec<u32>,
    /// The same of each class's lanes, and how many there are of all.
    lanes: Vec<(Vec<u32>, usize)>,
    /// By copy, class and pool: of each instance.
    instances: Vec<Vec<Vec<Vec<u32>>>>,
}

/// Of copies that follow one another, but for those that are there once, the first one's numbers; and how many there are of all.
fn numbers(copies: usize, is_common: impl Iterator<Item = bool>) -> (Vec<u32>, usize) {
    let (mut firsts, mut next) = (Vec::new(), 0);
    for common in is_common {
        firsts.push(next);
        next += if common { 1 } else { copies as u32 };
    }
    (firsts, next as usize)
}

/// Whether no bit differs.
fn same(a: &[f64], b: &[f64]) -> bool {
    a.iter().map(|x| x.to_bits()).eq(b.iter().map(|x| x.to_bits()))
}

impl<'a> Joining<'a> {
    pub fn new(plans: &'a [Arc<Plan>], common: &'a Common) -> Joining<'a> {
        let (first, copies) = (&plans[0], plans.len());
        let (sources, _) = numbers(copies, (0..first.sources).map(|s| common.source(s)));
        let lanes = |(c, class): (usize, &Class)| numbers(copies, (0..class.lanes()).map(|l| common.lane(c, l)));
        let lanes = first.classes.iter().enumerate().map(lanes).collect();
        let mut joining = Joining { plans, common, sources, lanes, instances: vec![Vec::new(); copies] };
        for c in 0..first.classes.len() {
            let pools = (0..first.classes[c].pools.len()).map(|p| joining.numbered(c, p)).collect::<Vec<_>>();
            for (k, of_copy) in joining.instances.iter_mut().enumerate() {
                of_copy.push(pools.iter().map(|pool| pool[k].clone()).collect());
            }
        }
        joining
    }

    /// All of it.
    pub fn joined(&self, once: (usize, usize)) -> Batch {
        let (first, copies) = (&self.plans[0], self.plans.len());
        let all = |s: u32| if self.common.source(s) { 1 } else { copies };
        let owned = |s: u32| (0..all(s)).map(move |k| (s, (all(s) > 1).then_some(k)));
        let sources: Vec<(u32, Option<usize>)> = (0..first.sources).flat_map(owned).collect();
        let recorded = first.sources - first.unrecorded;
        let unrecorded = sources.iter().filter(|(s, _)| *s >= recorded).count() as u32;
        let lanes = |c: usize| {
            let of = |l: usize| if self.common.lane(c, l) { vec![None] } else { (0..copies).map(Some).collect() };
            (0..first.classes[c].lanes()).flat_map(of).collect()
        };
        let joined: Vec<(Projection, Vec<Vec<u32>>)> = (0..first.projections.len()).map(|p| self.projection(p)).collect();
        let (projections, connections): (Vec<_>, Vec<_>) = joined.into_iter().unzip();
        let recorded: Vec<(Recorder, Vec<Vec<usize>>)> =
            (0..first.recorders.len()).map(|r| self.recorder(r, &connections)).collect();
        let (recorders, whose): (Vec<_>, Vec<_>) = recorded.into_iter().unzip();
        let probes = (0..copies).map(|k| whose.iter().map(|recorder| recorder[k].clone()).collect()).collect();
        let plan = Plan {
            classes: (0..first.classes.len()).map(|c| self.class(c)).collect(),
            sources: sources.len() as u32,
            unrecorded,
            drives: self.drives(|plan| &plan.drives, &connections),
            links: self.drives(|plan| &plan.links, &connections),
            pointers: self.drives(|plan| &plan.pointers, &connections),
            projections,
            recorders,
            ..Plan { dt: first.dt, second_order: first.second_order, v_init: first.v_init, ..Plan::default() }
        };
        Batch { plan: Arc::new(plan), sources, probes, lanes: (0..first.classes.len()).map(lanes).collect(), once }
    }

    /// A recorder of all, and for each copy which of its probes are its own. Copies of a probe follow one another, as lanes do.
    fn recorder(&self, number: usize, connections: &[Vec<Vec<u32>>]) -> (Recorder, Vec<Vec<usize>>) {
        let of = |k: usize| &self.plans[k].recorders[number].probes;
        let (mut probes, mut whose) = (Vec::new(), vec![Vec::new(); self.plans.len()]);
        for p in 0..(0..self.plans.len()).map(|k| of(k).len()).max().unwrap_or(0) {
            let begin = probes.len();
            for (k, own) in whose.iter_mut().enumerate() {
                let Some(probe) = of(k).get(p).map(|probe| self.probe(k, *probe, connections)) else { continue };
                let is_known = probes.get(begin) == Some(&probe) && !matches!(probe.value, ProbeValue::Fixed(_));
                if !is_known {
                    probes.push(probe);
                }
                own.push(if is_known { begin } else { probes.len() - 1 });
            }
        }
        (Recorder { every: self.plans[0].recorders[number].every, probes }, whose)
    }

    fn lane(&self, copy: usize, class: usize, lane: usize) -> u32 {
        self.lanes[class].0[lane] + if self.common.lane(class, lane) { 0 } else { copy as u32 }
    }

    /// Copies that have a lane of their own.
    fn copies(&self, class: usize, lane: usize) -> Range<usize> {
        0..if self.common.lane(class, lane) { 1 } else { self.plans.len() }
    }

    /// Copy and lane of all lanes of the whole, in order.
    fn all_lanes(&self, class: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let lanes = self.plans[0].classes[class].lanes();
        (0..lanes).flat_map(move |lane| self.copies(class, lane).map(move |copy| (copy, lane)))
    }

    /// Values at the start of a shared row, once for each node where all copies have them so and alike.
    fn initial(&self, class: usize, row: usize) -> Vec<f64> {
        let of = |k: usize| &self.plans[k].classes[class].shared[row];
        let nodes = self.plans[0].classes[class].body.as_ref().map_or(0, |body| body.parent.len());
        if (0..self.plans.len()).all(|k| of(k).initial.len() == nodes && same(&of(k).initial, &of(0).initial)) {
            return of(0).initial.clone();
        }
        let places = (0..nodes).flat_map(|node| self.all_lanes(class).map(move |(k, l)| (k, node, l)));
        places.map(|(k, node, l)| of(k).at(nodes, node, l)).collect()
    }

    /// An input of all instances, in their order in the whole; once for all lanes where all copies have it so and alike.
    fn input(&self, (class, pool): (usize, usize), row: usize, order: &[(usize, usize)]) -> Vec<f64> {
        let of = |k: usize| (&self.plans[k].classes[class].pools[pool], self.plans[k].classes[class].lanes());
        let once = |k: usize| of(k).0.inputs[row].len() < of(k).0.placement.count(of(k).1);
        if (0..self.plans.len()).all(|k| once(k) && same(&of(k).0.inputs[row], &of(0).0.inputs[row])) {
            return of(0).0.inputs[row].clone();
        }
        order.iter().map(|(k, i)| of(*k).0.input(row, *i, of(*k).1)).collect()
    }

    fn class(&self, c: usize) -> Class {
        let first = &self.plans[0].classes[c];
        let of = |k: usize| &self.plans[k].classes[c];
        let shared = first.shared.iter().enumerate();
        let shared = shared.map(|(r, row)| SharedRow { initial: self.initial(c, r), ..row.clone() });
        let detector = |d: usize, one: &Detector| Detector {
            threshold: Values::of(self.all_lanes(c).map(|(k, l)| of(k).detectors[d].threshold.at(l)).collect()),
            sources: self.all_lanes(c).map(|(k, l)| self.source(k, one.sources[l])).collect(),
            ..of(0).detectors[d].clone()
        };
        Class {
            name: first.name.clone(),
            cells: self.all_lanes(c).filter_map(|(k, l)| of(k).cells.get(l)).collect(),
            body: first.body.as_ref().map(|body| self.body(c, body)),
            shared: shared.collect(),
            extracellular: first.extracellular.as_ref().map(|space| {
                let lanes = first.lanes();
                let wide = |values: &Vec<f64>| match values.len() > space.nodes {
                    true => values.chunks_exact(lanes).flat_map(|row| self.all_lanes(c).map(|(_, l)| row[l])).collect(),
                    false => values.clone(),
                };
                let both = |values: &[Vec<f64>; 2]| [0, 1].map(|k| wide(&values[k]));
                let (a, b, g, c) = (both(&space.a), both(&space.b), both(&space.g), both(&space.c));
                crate::plan::Extracellular { a, b, g, c, e: wide(&space.e), nodes: space.nodes }
            }),
            pools: (0..first.pools.len()).map(|p| self.pool(c, p)).collect(),
            detectors: first.detectors.iter().enumerate().map(|(d, one)| detector(d, one)).collect(),
        }
    }

    /// Once for all lanes where all copies have the same numbers.
    fn body(&self, c: usize, first: &Body) -> Body {
        let bodies: Vec<&Body> = self.plans.iter().filter_map(|plan| plan.classes[c].body.as_ref()).collect();
        if !first.differs() && bodies.iter().all(|body| *body == first) {
            return first.clone();
        }
        let nodes = first.parent.len();
        let wide = |of: fn(&Body) -> &Vec<f64>| {
            let places = (0..nodes).flat_map(|node| self.all_lanes(c).map(move |(k, l)| (k, node, l)));
            places.map(|(k, node, l)| bodies[k].of(of(bodies[k]), node, l)).collect()
        };
        Body {
            a: wide(|b| &b.a),
            b: wide(|b| &b.b),
            capacitance: wide(|b| &b.capacitance),
            area: wide(|b| &b.area),
            names: first.names.clone(),
            parent: first.parent.clone(),
            order: first.order.clone(),
        }
    }

    fn source(&self, copy: usize, source: u32) -> u32 {
        self.sources[source as usize] + if self.common.source(source) { 0 } else { copy as u32 }
    }

    /// The instances of a pool in their order in the whole: copy, and number there.
    fn order(&self, c: usize, p: usize) -> Vec<(usize, usize)> {
        let lanes = self.plans[0].classes[c].lanes();
        match &self.plans[0].classes[c].pools[p].placement {
            Placement::Nodes(nodes) => {
                (0..nodes.len()).flat_map(|n| self.all_lanes(c).map(move |(k, l)| (k, n * lanes + l))).collect()
            }
            Placement::Free => self.all_lanes(c).collect(),
            Placement::Scattered(_) => {
                let mut all: Vec<((u32, u32), (usize, usize))> = Vec::new();
                for (k, plan) in self.plans.iter().enumerate() {
                    let Placement::Scattered(places) = &plan.classes[c].pools[p].placement else { continue };
                    for (i, (node, lane)) in places.iter().enumerate() {
                        if self.copies(c, *lane as usize).contains(&k) {
                            all.push(((*node, self.lane(k, c, *lane as usize)), (k, i)));
                        }
                    }
                }
                // Those at one place of one lane are of one copy, and stay in their order.
                all.sort_by_key(|(place, _)| *place);
                all.into_iter().map(|(_, one)| one).collect()
            }
        }
    }

    /// For each copy the number in the whole of each instance of a pool.
    fn numbered(&self, c: usize, p: usize) -> Vec<Vec<u32>> {
        let count = |plan: &Arc<Plan>| plan.classes[c].pools[p].placement.count(plan.classes[c].lanes());
        let mut all: Vec<Vec<u32>> = self.plans.iter().map(|plan| vec![u32::MAX; count(plan)]).collect();
        for ((k, i), number) in self.order(c, p).into_iter().zip(0..) {
            all[k][i] = number;
        }
        // Of lanes that are there once all copies have the first one's, in the order of their own.
        let of_lane = |k: usize| {
            let class = &self.plans[k].classes[c];
            let lane = |i: &usize| self.common.lane(c, lane_of(class, p as u16, *i as u32));
            let mut list: Vec<usize> = (0..count(&self.plans[k])).filter(lane).collect();
            list.sort_by_key(|i| (lane_of(class, p as u16, *i as u32), *i));
            list
        };
        let once = of_lane(0);
        for k in 1..self.plans.len() {
            let list = of_lane(k);
            for (mine, theirs) in list.into_iter().zip(&once) {
                all[k][mine] = all[0][*theirs];
            }
        }
        all
    }

    fn pool(&self, c: usize, p: usize) -> Pool {
        let of = |k: usize| &self.plans[k].classes[c].pools[p];
        let (first, order) = (of(0), self.order(c, p));
        let placement = match &first.placement {
            Placement::Scattered(_) => {
                let place = |(k, i): &(usize, usize)| {
                    let Placement::Scattered(places) = &of(*k).placement else { return (0, 0) };
                    (places[*i].0, self.lane(*k, c, places[*i].1 as usize))
                };
                Placement::Scattered(order.iter().map(place).collect())
            }
            other => other.clone(),
        };
        let sources = order.iter().filter_map(|(k, i)| Some(self.source(*k, *of(*k).sources.get(*i)?)));
        Pool {
            code: Arc::clone(&first.code),
            placement,
            inputs: (0..first.inputs.len()).map(|row| self.input((c, p), row, &order)).collect(),
            streams: order.iter().filter_map(|(k, i)| of(*k).streams.get(*i).copied()).collect(),
            sources: sources.collect(),
        }
    }

    fn instance(&self, copy: usize, class: u16, pool: u16, number: u32) -> u32 {
        self.instances[copy][usize::from(class)][usize::from(pool)][number as usize]
    }

    /// The connections of all copies, and for each copy the number of each of its own.
    fn projection(&self, number: usize) -> (Projection, Vec<Vec<u32>>) {
        let of = |k: usize| &self.plans[k].projections[number];
        let (first, copies) = (of(0), self.plans.len());
        let class = usize::from(first.class);
        let mut numbers: Vec<Vec<u32>> = (0..copies).map(|k| vec![u32::MAX; of(k).len()]).collect();
        let (mut start, mut order) = (vec![0], Vec::new());
        for source in 0..self.plans[0].sources {
            let once = self.common.source(source);
            for slot in 0..if once { 1 } else { copies } {
                for k in if once { 0..copies } else { slot..slot + 1 } {
                    for c in of(k).row(source) {
                        let lane = lane_of(&self.plans[k].classes[class], first.pool, of(k).targets[c]);
                        if self.copies(class, lane).contains(&k) {
                            numbers[k][c] = order.len() as u32;
                            order.push((k, c));
                        }
                    }
                }
                start.push(order.len() as u32);
            }
        }
        self.number_common(number, &mut numbers);
        let each = |values: &dyn Fn(usize) -> &'a Values| {
            let all: Vec<f64> = order.iter().map(|(k, c)| values(*k).at(*c)).collect();
            match (values(0), all.first()) {
                (Values::Same(_), Some(x)) if all.iter().all(|y| y.to_bits() == x.to_bits()) => Values::Same(*x),
                (same @ Values::Same(_), None) => same.clone(),
                _ => Values::Each(all),
            }
        };
        let projection = Projection {
            first: 0,
            start,
            targets: order.iter().map(|(k, c)| self.instance(*k, first.class, first.pool, of(*k).targets[*c])).collect(),
            delay: each(&|k| &self.plans[k].projections[number].delay),
            arguments: (0..first.arguments.len()).map(|a| each(&|k| &self.plans[k].projections[number].arguments[a])).collect(),
            ..*first
        };
        (projection, numbers)
    }

    /// Connections to lanes that are there once have the first copy's numbers, one after the other.
    fn number_common(&self, number: usize, numbers: &mut [Vec<u32>]) {
        let of_lanes = |k: usize, numbers: &[Vec<u32>]| -> Vec<usize> {
            let (plan, p) = (&self.plans[k], &self.plans[k].projections[number]);
            let class = usize::from(p.class);
            let once = |c: &usize| self.common.lane(class, lane_of(&plan.classes[class], p.pool, p.targets[*c]));
            (0..numbers[k].len()).filter(once).collect()
        };
        let first = of_lanes(0, numbers);
        for k in 1..self.plans.len() {
            for (mine, theirs) in of_lanes(k, numbers).into_iter().zip(&first) {
                numbers[k][mine] = numbers[0][*theirs];
            }
        }
    }

    /// What drives a lane that is there once does so once.
    fn drives(&self, of: fn(&Plan) -> &Vec<Drive>, connections: &[Vec<Vec<u32>>]) -> Vec<Drive> {
        let all = self.plans.iter().enumerate().flat_map(|(k, plan)| of(plan).iter().map(move |drive| (k, drive)));
        let own = |(k, drive): &(usize, &Drive)| {
            let class = usize::from(drive.class);
            let lane = lane_of(&self.plans[*k].classes[class], drive.pool, drive.instance);
            self.copies(class, lane).contains(k)
        };
        let moved = |(k, drive): (usize, &Drive)| Drive {
            source: self.probe(k, drive.source, connections),
            instance: self.instance(k, drive.class, drive.pool, drive.instance),
            ..*drive
        };
        all.filter(own).map(moved).collect()
    }

    fn probe(&self, copy: usize, mut probe: Probe, connections: &[Vec<Vec<u32>>]) -> Probe {
        let class = usize::from(probe.class);
        match &mut probe.value {
            ProbeValue::Voltage { lane, .. }
            | ProbeValue::Outside { lane, .. }
            | ProbeValue::Membrane { lane, .. }
            | ProbeValue::Shared { lane, .. } => *lane = self.lane(copy, class, *lane as usize),
            ProbeValue::Row { pool, instance, .. } => *instance = self.instance(copy, probe.class, *pool, *instance),
            ProbeValue::Connection { projection, connection, .. } => {
                *connection = connections[*projection as usize][copy][*connection as usize];
            }
            ProbeValue::Fixed(_) => {}
        }
        probe
    }
}
