//! Random connections and recorders.

use super::dice::Dice;
use super::expr::Specimen;
use crate::reference::links::Link;
use crate::reference::projections;
use bouton_engine::kernel::{Advance, Input, Place};
use bouton_engine::plan::{Class, Drive, Placement, Plan, Pool, Probe, ProbeValue, Projection, Recorder, Values};

/// The mechanism of each pool of each class.
pub type Kinds = Vec<Vec<Specimen>>;

/// How many statements make connections.
const STATEMENTS: usize = 3;

/// At most so many connections from any source to any instance that takes events. Those of some statements have one delay.
pub fn projections(dice: &mut Dice, values: &mut Dice, plan: &Plan, kinds: &Kinds, most: usize) -> Vec<Projection> {
    let targets: Vec<(usize, usize)> = (0..kinds.len())
        .flat_map(|c| (0..kinds[c].len()).map(move |p| (c, p)))
        .filter(|&(c, p)| kinds[c][p].weight.is_some())
        .collect();
    if targets.is_empty() || plan.sources == 0 {
        return Vec::new();
    }
    let delays = delays(dice, values, plan.dt);
    let count = dice.within(0, most);
    let common: Vec<Option<f64>> = (0..STATEMENTS).map(|_| dice.percent(50).then(|| dice.pick(&delays))).collect();
    let mut made: Vec<Vec<Link>> = vec![Vec::new(); STATEMENTS];
    let (mut senders, mut stimuli): (Vec<u32>, Vec<Vec<u32>>) = ((0..plan.sources).collect(), Vec::new());
    for (class, kinds) in plan.classes.iter().zip(kinds) {
        if let ([pool], [specimen], None) = (&class.pools[..], &kinds[..], &class.body)
            && specimen.weight.is_none()
            && dice.percent(50)
        {
            senders.retain(|source| !pool.sources.contains(source));
            stimuli.push(pool.sources.clone());
        }
    }
    for _ in 0..if senders.is_empty() { 0 } else { count } {
        let link = link(dice, values, plan, kinds, (&senders, &targets), &delays);
        let statement = dice.below(STATEMENTS);
        made[statement].push(Link { delay: common[statement].unwrap_or(link.delay), ..link });
    }
    made.extend(
        stimuli.iter().filter(|s| !s.is_empty()).map(|sources| stimulus(dice, values, plan, kinds, (sources, &targets), &delays)),
    );
    let mut all: Vec<Projection> = made.iter().flat_map(|links| projections::projections(links)).collect();
    all.iter_mut().for_each(|projection| columns(dice, values, plan, projection));
    all
}

/// What connections bring and keep, where that is more than a weight: given once, given for each, or left to the mechanism.
fn columns(dice: &mut Dice, values: &mut Dice, plan: &Plan, projection: &mut Projection) {
    let code = &plan.classes[usize::from(projection.class)].pools[usize::from(projection.pool)].code;
    let Some(connections) = &code.connections else { return };
    for column in 1..connections.columns.len() {
        let kept = connections.kept.contains(&(column as u8));
        let count = projection.len();
        projection.arguments.push(match dice.below(3) {
            0 if kept => Values::Same(f64::NAN),
            1 => Values::Each((0..count).map(|_| values.between(0.0, 1.0)).collect()),
            _ => Values::Same(values.between(0.0, 1.0)),
        });
    }
}

/// Links without delay from the first source of each cell to what on it answers its spikes.
pub fn listeners(plan: &Plan) -> Vec<Link> {
    let mut list = Vec::new();
    for (number, class) in plan.classes.iter().enumerate() {
        for (pool, placed) in class.pools.iter().enumerate() {
            let Some(handler) = placed.code.hears else { continue };
            for instance in 0..placed.placement.count(class.lanes()) {
                let lane = match &placed.placement {
                    Placement::Nodes(_) => instance % class.lanes(),
                    Placement::Scattered(places) => places[instance].1 as usize,
                    Placement::Free => instance,
                };
                let source = class.detectors.first().map(|detector| detector.sources[lane]);
                let (class, pool, instance) = (number as u16, pool as u16, instance as u32);
                list.extend(source.map(|source| Link { source, class, pool, instance, handler, delay: 0.0, weight: 1.0 }));
            }
        }
    }
    list
}

/// Delays of a network: none, less than a step, a step, and longer, but none shorter than one that the network has. Many are equal.
fn delays(dice: &mut Dice, values: &mut Dice, dt: f64) -> Vec<f64> {
    let common = values.between(0.0, 2.0);
    let shortest = dice.pick(&[0.0, dt, 2.0 * dt, 7.0 * dt, common, 1.5 * dt]);
    let random = [values.between(0.0, 1.0), values.between(0.0, 5.0)];
    // Sums of quarters are exact: events of different sources, sent at different times, meet.
    let exact = [1.0, 0.25, 0.5, 0.75];
    let steps = [1.0, 0.5, 0.3, 40.0, 1030.0].map(|n| n * dt);
    let all = [[0.0, common].as_slice(), &exact, &steps, &random].concat();
    all.into_iter().map(|delay: f64| delay.max(shortest)).collect()
}

/// Who may send, and the pools that may be reached.
type Ends<'a> = (&'a [u32], &'a [(usize, usize)]);

/// From each of these sources one connection to a pool; neighbours mostly reach neighbours.
fn stimulus(dice: &mut Dice, values: &mut Dice, plan: &Plan, kinds: &Kinds, ends: Ends, delays: &[f64]) -> Vec<Link> {
    let first = link(dice, values, plan, kinds, ends, delays);
    let (class, pool) = (usize::from(first.class), usize::from(first.pool));
    let count = plan.classes[class].pools[pool].placement.count(plan.classes[class].lanes()) as u32;
    let stride = if dice.percent(70) { 1 } else { 3 };
    ends.0
        .iter()
        .zip(0..)
        .map(|(source, k)| Link { source: *source, instance: (first.instance + stride * k) % count, ..first })
        .collect()
}

fn link(dice: &mut Dice, values: &mut Dice, plan: &Plan, kinds: &Kinds, (senders, targets): Ends, delays: &[f64]) -> Link {
    let (class, pool) = dice.pick(targets);
    let specimen = &kinds[class][pool];
    let placed = &plan.classes[class].pools[pool];
    let handlers = placed.code.handlers.len() - specimen.mechanism.conditions.len();
    let typical = specimen.weight.unwrap_or(0.0);
    Link {
        source: dice.pick(senders),
        class: class as u16,
        pool: pool as u16,
        instance: dice.below(placed.placement.count(plan.classes[class].lanes())) as u32,
        handler: if dice.percent(30) { dice.below(handlers) as u16 } else { 0 },
        delay: dice.pick(delays),
        weight: if dice.percent(60) { typical * values.between(0.2, 2.0) } else { typical },
    }
}

/// At most so many drives from any potential, or any state that has an equation, to any input that can be driven.
pub fn drives(dice: &mut Dice, values: &mut Dice, plan: &Plan, kinds: &Kinds, most: usize) -> Vec<Drive> {
    let mut targets = Vec::new();
    for (c, class) in plan.classes.iter().enumerate() {
        for (p, pool) in class.pools.iter().enumerate() {
            if own_steps(pool) {
                continue;
            }
            let input = pool.code.inputs.iter().position(|(input, _)| matches!(input, Input::Driven(_)));
            targets.extend(input.map(|input| (c, p, input)));
        }
    }
    if targets.is_empty() {
        return Vec::new();
    }
    let count = dice.within(0, most);
    (0..count).filter_map(|_| drive(dice, values, plan, kinds, &targets)).collect()
}

/// At most so many inputs of mechanisms on cells with bodies, which nothing drives, that stand for some other value of their cell.
pub fn pointers(dice: &mut Dice, values: &mut Dice, plan: &Plan, kinds: &Kinds, most: usize) -> Vec<Drive> {
    let mut all: Vec<Drive> = Vec::new();
    let targets: Vec<(usize, usize, usize)> = plan
        .classes
        .iter()
        .enumerate()
        .filter(|(_, class)| class.body.is_some())
        .flat_map(|(c, class)| {
            let input = |pool: &Pool| pool.code.inputs.iter().position(|(input, _)| matches!(input, Input::Driven(_)));
            class.pools.iter().enumerate().filter_map(move |(p, pool)| Some((c, p, input(pool)?)))
        })
        .collect();
    if targets.is_empty() {
        return all;
    }
    for _ in 0..dice.within(0, most) {
        let (class, pool, input) = dice.pick(&targets);
        let (of, lanes) = (&plan.classes[class], plan.classes[class].lanes());
        let instance = dice.below(of.pools[pool].placement.count(lanes)) as u32;
        let known = |d: &Drive| {
            (usize::from(d.class), usize::from(d.pool), usize::from(d.input), d.instance) == (class, pool, input, instance)
        };
        let Some((_, lane)) = of.pools[pool].placement.place(instance, lanes) else { continue };
        if plan.drives.iter().chain(&all).any(known) {
            continue;
        }
        let Some(source) = value(dice, of).and_then(|value| in_lane(dice, of, value, lane)) else { continue };
        let weight = match source {
            ProbeValue::Voltage { .. } => kinds[class][pool].drive.unwrap_or(1.0),
            _ => 0.3,
        };
        all.push(Drive {
            source: Probe { class: class as u16, value: source },
            class: class as u16,
            pool: pool as u16,
            input: input as u16,
            instance,
            weight: if dice.percent(50) { weight } else { weight * values.between(0.5, 1.2) },
            delay: 0.0,
        });
    }
    all
}

/// The value of another lane, there where this one has it.
fn in_lane(dice: &mut Dice, class: &Class, mut value: ProbeValue, here: u32) -> Option<ProbeValue> {
    match &mut value {
        ProbeValue::Voltage { lane, .. }
        | ProbeValue::Shared { lane, .. }
        | ProbeValue::Outside { lane, .. }
        | ProbeValue::Membrane { lane, .. } => *lane = here,
        ProbeValue::Row { pool, row, instance } => {
            let placement = &class.pools[usize::from(*pool)].placement;
            let own = |i: &u32| placement.place(*i, class.lanes()).is_some_and(|(_, lane)| lane == here);
            let inputs = &class.pools[usize::from(*pool)].code.inputs;
            if inputs.iter().any(|(input, at)| at == row && matches!(input, Input::Driven(_))) {
                return None;
            }
            let all: Vec<u32> = (0..placement.count(class.lanes()) as u32).filter(own).collect();
            *instance = (!all.is_empty()).then(|| dice.pick(&all))?;
        }
        ProbeValue::Connection { .. } | ProbeValue::Fixed(_) => {}
    }
    Some(value)
}

fn drive(dice: &mut Dice, values: &mut Dice, plan: &Plan, kinds: &Kinds, targets: &[(usize, usize, usize)]) -> Option<Drive> {
    let (class, pool, input) = dice.pick(targets);
    let specimen = &kinds[class][pool];
    let from = dice.below(plan.classes.len());
    let source = source(dice, &plan.classes[from])?;
    let weight = match source {
        ProbeValue::Voltage { .. } => specimen.drive.unwrap_or(1.0),
        _ => 0.3,
    };
    Some(Drive {
        source: Probe { class: from as u16, value: source },
        class: class as u16,
        pool: pool as u16,
        input: input as u16,
        instance: dice.below(plan.classes[class].pools[pool].placement.count(plan.classes[class].lanes())) as u32,
        weight: if dice.percent(50) { weight } else { weight * values.between(0.5, 1.2) },
        delay: 0.0,
    })
}

/// A potential, or a state with an equation; now and then a number.
fn source(dice: &mut Dice, class: &Class) -> Option<ProbeValue> {
    let lane = dice.below(class.lanes()) as u32;
    let nodes = class.body.as_ref().map_or(0, |body| body.parent.len());
    if nodes > 0 && !dice.percent(40) {
        return Some(ProbeValue::Voltage { node: dice.below(nodes) as u32, lane });
    }
    if dice.percent(5) {
        return Some(ProbeValue::Fixed(0.5));
    }
    let pool = dice.below(class.pools.len());
    let placed = class.pools.get(pool).filter(|pool| pool.code.advance != Advance::None)?;
    let states: Vec<u16> = placed.code.states.iter().map(|(_, row)| *row).collect();
    let instance = dice.below(placed.placement.count(class.lanes())) as u32;
    let row = (!states.is_empty()).then(|| dice.pick(&states))?;
    Some(ProbeValue::Row { pool: pool as u16, row, instance })
}

/// One recorder at every step and some with intervals, of any values.
pub fn recorders(dice: &mut Dice, plan: &Plan) -> Vec<Recorder> {
    let mut list = vec![recorder(dice, plan, None)];
    for every in [0.1, 0.025, 0.07] {
        if dice.percent(40) {
            list.push(recorder(dice, plan, Some(every)));
        }
    }
    list
}

fn recorder(dice: &mut Dice, plan: &Plan, every: Option<f64>) -> Recorder {
    let mut probes: Vec<Probe> = (0..dice.within(1, 12)).filter_map(|_| probe(dice, plan)).collect();
    if probes.is_empty() || dice.percent(10) {
        probes.push(Probe { class: 0, value: ProbeValue::Fixed(0.25) });
    }
    Recorder { every, probes }
}

fn probe(dice: &mut Dice, plan: &Plan) -> Option<Probe> {
    let class = dice.below(plan.classes.len());
    if dice.percent(20)
        && let Some(probe) = of_connection(dice, plan)
    {
        return Some(probe);
    }
    let value = value(dice, &plan.classes[class])?;
    Some(Probe { class: class as u16, value })
}

/// A weight, or something else that a connection has.
fn of_connection(dice: &mut Dice, plan: &Plan) -> Option<Probe> {
    let some: Vec<usize> = (0..plan.projections.len()).filter(|p| !plan.projections[*p].is_empty()).collect();
    let number = (!some.is_empty()).then(|| dice.pick(&some))?;
    let projection = &plan.projections[number];
    let (connection, column) = (dice.below(projection.len()) as u32, dice.below(projection.arguments.len()) as u8);
    let value = ProbeValue::Connection { projection: number as u32, connection, column };
    Some(Probe { class: projection.class, value })
}

fn value(dice: &mut Dice, class: &Class) -> Option<ProbeValue> {
    let lane = dice.below(class.lanes()) as u32;
    let nodes = class.body.as_ref().map_or(0, |body| body.parent.len());
    if nodes > 0 && !dice.percent(60) {
        let node = dice.below(nodes) as u32;
        if !class.shared.is_empty() && dice.percent(50) {
            return Some(ProbeValue::Shared { row: dice.below(class.shared.len()) as u16, node, lane });
        }
        return Some(match (&class.extracellular, dice.below(4)) {
            (Some(_), 1) => ProbeValue::Membrane { node, lane },
            (Some(_), k @ 2..) => ProbeValue::Outside { layer: k as u8 - 2, node, lane },
            _ => ProbeValue::Voltage { node, lane },
        });
    }
    let pool = dice.below(class.pools.len());
    let placed = class.pools.get(pool)?;
    let rows: Vec<u16> =
        placed.code.values.iter().filter_map(|(_, place)| if let Place::Row(row) = place { Some(*row) } else { None }).collect();
    let row = (!rows.is_empty()).then(|| dice.pick(&rows))?;
    let instance = dice.below(placed.placement.count(class.lanes())) as u32;
    Some(ProbeValue::Row { pool: pool as u16, row, instance })
}

/// Whether cells have steps of their own.
fn own_steps(pool: &Pool) -> bool {
    matches!(pool.code.advance, Advance::Adaptive(_))
}

/// At most so many links from any state of a cell without a body, or from a definition, to any input of such a cell that nothing else drives.
/// Definitions reach cells of higher numbers alone, so that none depends on itself.
pub fn flowing(dice: &mut Dice, values: &mut Dice, plan: &Plan, most: usize) -> Vec<Drive> {
    let free = |class: &bouton_engine::plan::Class| class.body.is_none();
    // What has steps of its own hears of nobody else.
    let any = plan.classes.iter().flat_map(|class| &class.pools).any(own_steps);
    let mut inputs = Vec::new();
    let mut sources = Vec::new();
    for (c, class) in plan.classes.iter().enumerate() {
        for (p, pool) in class.pools.iter().enumerate().filter(|(_, pool)| free(class) && (!any || own_steps(pool))) {
            let driven = pool.code.inputs.iter().enumerate().filter(|(_, (input, _))| matches!(input, Input::Driven(_)));
            inputs.extend(driven.map(|(input, _)| (c, p, input)));
            sources.extend(pool.code.states.iter().map(|(_, row)| (c, p, *row, false)));
            sources.extend(pool.code.shown.rows.iter().map(|(row, _)| (c, p, *row, true)));
        }
    }
    if inputs.is_empty() {
        return Vec::new();
    }
    let count = dice.within(0, most);
    let mut extra = Dice::new(count as u32, 5, usize::MAX);
    let one = |_| {
        let (class, pool, input) = dice.pick(&inputs);
        let (from, source, row, defined) = dice.pick(&sources);
        let lane = dice.below(plan.classes[class].lanes()) as u32;
        let instance = dice.below(plan.classes[from].lanes()) as u32;
        let weight = values.between(-0.2, 0.2);
        let driven = |d: &Drive| {
            (usize::from(d.class), usize::from(d.pool), usize::from(d.input), d.instance) == (class, pool, input, lane)
        };
        if plan.drives.iter().any(driven) || (defined && (from, source, instance) >= (class, pool, lane)) {
            return None;
        }
        let value = ProbeValue::Row { pool: source as u16, row, instance };
        let source = Probe { class: from as u16, value };
        let (class, pool, input) = (class as u16, pool as u16, input as u16);
        // A draw of its own, so that the others are those that they were before: no weight, or a delay of whole steps or of others.
        let (weight, delay) = match extra.below(8) {
            0 => (0.0, 0.3 * plan.dt),
            1 => (weight, 3.0 * plan.dt),
            2 => (weight, plan.dt * (1.0 + extra.below(900) as f64 / 100.0)),
            _ => (weight, 0.0),
        };
        Some(Drive { source, class, pool, input, instance: lane, weight, delay })
    };
    (0..count).filter_map(one).collect()
}
