//! Seven copies of a model in the lanes of its classes: the third one gives the bits of the model alone.

use super::difference::difference;
use super::{Outcome, by_engine, by_reference, ways_of};
use crate::reference::models::{self, Choices, Model};
use bouton_engine::plan::{
    Body, Class, Detector, Drive, Extracellular, Placement, Plan, Pool, Probe, ProbeValue, Projection, Recorder, SharedRow,
    Values,
};
use bouton_engine::run::Options;

const COPIES: usize = 7;
const THIRD: usize = 2;

/// What a model gives as the third of its copies, in these ways; nothing where it agrees with the model alone.
pub fn disagreement_of_third(model: &Model, alone: &Outcome, options: &Options) -> Option<String> {
    let many = Model { plan: copies(&model.plan), parts: model.parts.clone() };
    let sources = model.plan.sources;
    match (by_engine(&many, options), alone) {
        (Ok((mut recording, None)), Ok((alone, None))) => {
            recording.spikes.retain(|spike| spike.source / sources.max(1) == THIRD as u32);
            recording.spikes.iter_mut().for_each(|spike| spike.source -= THIRD as u32 * sources);
            recording.spikes.retain(|spike| model.plan.records(spike.source));
            difference(&recording, alone)
        }
        (Ok((_, Some(many))), Ok((_, Some(one)))) if many.time == one.time => None,
        (many, one) => Some(format!("{:?} and {:?}", many.map(|(_, fault)| fault), one.as_ref().map(|(_, fault)| fault))),
    }
}

#[test]
fn the_third_of_seven_copies() {
    for seed in 0..super::MODELS {
        let model = models::random(seed, Choices::ALL);
        let alone = by_reference(&model);
        for options in ways_of(seed).iter().take(2) {
            assert_eq!(disagreement_of_third(&model, &alone, options), None, "model {seed} with {options:?}");
        }
    }
}

/// The copies stand side by side in the lanes, one after the other in numbers of sources and connections; the third one is recorded.
fn copies(plan: &Plan) -> Plan {
    let map = Map { plan };
    Plan {
        classes: plan.classes.iter().map(|class| map.class(class)).collect(),
        sources: plan.sources * COPIES as u32,
        unrecorded: 0,
        projections: plan.projections.iter().map(|p| map.projection(p)).collect(),
        drives: (0..COPIES).flat_map(|copy| plan.drives.iter().map(move |drive| map.drive(copy, drive))).collect(),
        links: (0..COPIES).flat_map(|copy| plan.links.iter().map(move |link| map.drive(copy, link))).collect(),
        pointers: (0..COPIES).flat_map(|copy| plan.pointers.iter().map(move |pointer| map.drive(copy, pointer))).collect(),
        recorders: plan.recorders.iter().map(|recorder| map.recorder(recorder)).collect(),
        ..plan.clone()
    }
}

#[derive(Clone, Copy)]
struct Map<'a> {
    plan: &'a Plan,
}

impl Map<'_> {
    fn class(self, class: &Class) -> Class {
        let lanes = class.lanes();
        let wide = |values: &[f64], nodes: usize| if values.len() > nodes { by_node(values, lanes) } else { values.to_vec() };
        let body = class.body.as_ref().map(|body| {
            let wide = |values: &[f64]| if body.differs() { by_node(values, lanes) } else { values.to_vec() };
            let (a, b) = (wide(&body.a), wide(&body.b));
            Body { a, b, capacitance: wide(&body.capacitance), area: wide(&body.area), ..body.clone() }
        });
        let space = class.extracellular.as_ref().map(|space| {
            let both = |values: &[Vec<f64>; 2]| [0, 1].map(|k| wide(&values[k], space.nodes));
            let e = wide(&space.e, space.nodes);
            Extracellular { a: both(&space.a), b: both(&space.b), g: both(&space.g), c: both(&space.c), e, ..space.clone() }
        });
        let nodes = class.body.as_ref().map_or(0, |body| body.parent.len());
        let shared = class.shared.iter().map(|row| SharedRow { initial: wide(&row.initial, nodes), ..row.clone() });
        Class {
            name: class.name.clone(),
            cells: (0..COPIES).flat_map(|_| class.cells.iter()).collect(),
            body,
            shared: shared.collect(),
            extracellular: space,
            pools: class.pools.iter().map(|pool| self.pool(pool, lanes)).collect(),
            detectors: class
                .detectors
                .iter()
                .map(|one| Detector {
                    threshold: Values::of((0..COPIES * lanes).map(|lane| one.threshold.at(lane % lanes)).collect()),
                    sources: self.sources(&one.sources),
                    ..one.clone()
                })
                .collect(),
        }
    }

    /// Numbers of sources, copy after copy.
    fn sources(self, sources: &[u32]) -> Vec<u32> {
        (0..COPIES as u32).flat_map(|copy| sources.iter().map(move |source| source + copy * self.plan.sources)).collect()
    }

    fn pool(self, pool: &Pool, lanes: usize) -> Pool {
        let count = pool.placement.count(lanes);
        // Copy and number of each instance, in the order of the new numbers.
        let mut order = vec![(0, 0); count * COPIES];
        for copy in 0..COPIES {
            (0..count).for_each(|k| order[instance(&pool.placement, lanes, copy, k)] = (copy, k));
        }
        let placement = match &pool.placement {
            Placement::Scattered(places) => {
                Placement::Scattered(order.iter().map(|(copy, k)| (places[*k].0, (copy * lanes) as u32 + places[*k].1)).collect())
            }
            other => other.clone(),
        };
        let source = |(copy, k): &(usize, usize)| pool.sources[*k] + *copy as u32 * self.plan.sources;
        Pool {
            code: pool.code.clone(),
            placement,
            inputs: (0..pool.inputs.len()).map(|row| order.iter().map(|(_, k)| pool.input(row, *k, lanes)).collect()).collect(),
            streams: if pool.streams.is_empty() { Vec::new() } else { order.iter().map(|(_, k)| pool.streams[*k]).collect() },
            sources: if pool.sources.is_empty() { Vec::new() } else { order.iter().map(source).collect() },
        }
    }

    fn instance(self, class: u16, pool: u16, copy: usize, number: u32) -> u32 {
        let class = &self.plan.classes[usize::from(class)];
        instance(&class.pools[usize::from(pool)].placement, class.lanes(), copy, number as usize) as u32
    }

    fn projection(self, p: &Projection) -> Projection {
        let each = |values: &Values| match values {
            Values::Same(x) => Values::Same(*x),
            Values::Each(values) => Values::Each(values.repeat(COPIES)),
        };
        let mut start = vec![0];
        for copy in 0..COPIES {
            let end = start[start.len() - 1];
            if copy > 0 {
                // Sources between the last of one copy and the first of the next send nothing.
                let between = self.plan.sources as usize + 1 - p.start.len().max(1);
                start.extend(std::iter::repeat_n(end, between));
            }
            start.extend(p.start.iter().skip(1).map(|k| k + end));
        }
        let targets = (0..COPIES).flat_map(|copy| p.targets.iter().map(move |k| self.instance(p.class, p.pool, copy, *k)));
        let targets = targets.collect();
        Projection { start, targets, delay: each(&p.delay), arguments: p.arguments.iter().map(each).collect(), ..p.clone() }
    }

    fn drive(self, copy: usize, drive: &Drive) -> Drive {
        let instance = self.instance(drive.class, drive.pool, copy, drive.instance);
        Drive { source: self.probe(copy, drive.source), instance, ..*drive }
    }

    fn recorder(self, recorder: &Recorder) -> Recorder {
        Recorder { probes: recorder.probes.iter().map(|probe| self.probe(THIRD, *probe)).collect(), ..recorder.clone() }
    }

    fn probe(self, copy: usize, mut probe: Probe) -> Probe {
        let lanes = self.plan.classes[usize::from(probe.class)].lanes();
        match &mut probe.value {
            ProbeValue::Voltage { lane, .. }
            | ProbeValue::Outside { lane, .. }
            | ProbeValue::Membrane { lane, .. }
            | ProbeValue::Shared { lane, .. } => *lane += (copy * lanes) as u32,
            ProbeValue::Row { pool, instance, .. } => *instance = self.instance(probe.class, *pool, copy, *instance),
            ProbeValue::Connection { projection, connection, .. } => {
                *connection += (copy * self.plan.projections[*projection as usize].len()) as u32;
            }
            ProbeValue::Fixed(_) => {}
        }
        probe
    }
}

/// Rows of nodes, each as wide as all copies.
fn by_node(values: &[f64], lanes: usize) -> Vec<f64> {
    values.chunks_exact(lanes).flat_map(|row| row.repeat(COPIES)).collect()
}

/// The number of a copy's instance among those of all copies.
fn instance(placement: &Placement, lanes: usize, copy: usize, number: usize) -> usize {
    match placement {
        Placement::Nodes(_) => number / lanes * lanes * COPIES + copy * lanes + number % lanes,
        Placement::Free => copy * lanes + number,
        // Sorted by node, then lane, then creation: at one node stand those of copy after copy.
        Placement::Scattered(places) => {
            let node = places[number].0;
            let (before, here) = (places.partition_point(|p| p.0 < node), places.partition_point(|p| p.0 <= node));
            before * COPIES + copy * (here - before) + number - before
        }
    }
}
