//! The state of a simulation between two steps: everything that a run changes, told in numbers of the plan, so that it fits any layout of it. What else a
//! simulation holds follows from the plan.

use crate::block::{Block, Pool};
use crate::cable::Outside;
pub use crate::event::{Cause, Key};
use crate::event::{Event, Target, To};
use crate::flow::Outlet;
pub use crate::group::Volley;
use crate::group::{Group, Place};
use crate::kernel::method::adaptive::StateRows;
use crate::kernel::{Advance, MechanismCode, Place as CodePlace};
use crate::layout::{Piece, instances};
use crate::plan::{Class, Drive, Plan, ProbeValue, Projection};
use crate::probe::Sampler;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// All of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// ms
    pub time: f64,
    /// By class of the plan.
    pub classes: Vec<ClassState>,
    /// Spikes some of whose events are on their way.
    pub spikes: Vec<Volley>,
    /// Events that instances have sent to themselves, in their order.
    pub events: Vec<EventState>,
    /// By projection: what each connection keeps, column by column of those that are kept.
    pub kept: Vec<Vec<f64>>,
    /// Interval of each recorder that has one, and when it samples next (ms).
    pub samples: Vec<(f64, f64)>,
    /// What values were that connections take with a delay.
    pub past: Vec<PastState>,
}

/// What a value was: its class, pool and instance, and what it is called there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PastState {
    /// Its class.
    pub class: u16,
    /// Its pool in that class.
    pub pool: u16,
    /// Its instance in that pool.
    pub instance: u32,
    /// Its variable.
    pub name: String,
    /// The step in which it was kept (ms), or 0; the value before the start; then what its method keeps.
    pub values: Vec<f64>,
}

/// Of a class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClassState {
    /// Potential of node n in lane l, at n * lanes + l (mV); with extracellular space the same of its layers 0 and 1 and of the membrane current follow.
    pub v: Vec<f64>,
    /// Name of each shared row, and its value at node n in lane l, at n * lanes + l.
    pub shared: Vec<(String, Vec<f64>)>,
    /// Whether lane l of detector d was above its threshold, at d * lanes + l.
    pub above: Vec<bool>,
    /// By pool.
    pub pools: Vec<PoolState>,
}

/// Of a pool.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PoolState {
    /// Name of its mechanism.
    pub name: String,
    /// Name of each row that a run changes, and its value for each instance.
    pub rows: Vec<(String, Vec<f64>)>,
    /// How many events each instance has sent to itself.
    pub sent: Vec<u64>,
    /// How many random words each instance has drawn; empty where none draws.
    pub drawn: Vec<u64>,
}

/// An event on its way from an instance to itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventState {
    /// Its place in the order: its number is that of the instance among all, its count how many that had sent before.
    pub key: Key,
    /// Its class.
    pub class: u16,
    /// Its pool in that class.
    pub pool: u16,
    /// Its instance in that pool.
    pub instance: u32,
    /// Index into the code's handlers.
    pub handler: u16,
    /// Projection and number there of the connection whose event the instance handled when it sent this one.
    pub connection: Option<(u32, u32)>,
    /// The number that goes with it, or 0.
    pub flag: f64,
}

/// What a state does not fit to.
const OTHER: &str = "it is of a network of another shape";

/// Spikes that are on their way, in order. Every group that one reaches tells of it, as often as it happened.
fn spikes(groups: &[Group]) -> Vec<Volley> {
    let mut told: Vec<(Volley, usize)> = groups.iter().flat_map(Group::volleys).collect();
    told.sort_by(|(a, m), (b, n)| a.order(b).then(m.cmp(n)));
    let alike = told.chunk_by(|(a, _), (b, _)| a.order(b).is_eq());
    alike.filter_map(|list| list.last()).flat_map(|&(volley, count)| std::iter::repeat_n(volley, count)).collect()
}

impl State {
    /// Of the groups of a plan, between two steps.
    pub fn of(plan: &Plan, groups: &[Group], time: f64) -> State {
        let keeper = Keeper::new(plan);
        let empty = |class: &Class| {
            let lanes = class.lanes();
            let pool = |p: &crate::plan::Pool| {
                let count = p.placement.count(lanes);
                let rows = keeper.rows(&p.code).into_iter().map(|(name, _)| (name, vec![0.0; count])).collect();
                let drawn = if p.streams.is_empty() { Vec::new() } else { vec![0; count] };
                PoolState { name: p.code.name.clone(), rows, sent: vec![0; count], drawn }
            };
            ClassState {
                v: vec![0.0; potentials(class)],
                shared: class.shared.iter().map(|row| (row.name.clone(), vec![0.0; nodes_of(class)])).collect(),
                above: vec![false; class.detectors.len() * lanes],
                pools: class.pools.iter().map(pool).collect(),
            }
        };
        let mut state = State { time, classes: plan.classes.iter().map(empty).collect(), ..State::default() };
        for group in groups {
            group.blocks.iter().for_each(|block| state.save(plan, &keeper, block));
            state.events.extend(own_events(plan, group));
            state.past.extend(past(plan, group));
        }
        state.past.sort_by(|a, b| a.key().cmp(&b.key()));
        state.keep(plan, groups);
        state.spikes = spikes(groups);
        state.events.sort_by(|a, b| a.key.order(&b.key).then((a.class, a.pool, a.instance).cmp(&(b.class, b.pool, b.instance))));
        let mut samples: Vec<(f64, f64)> = groups.iter().flat_map(|g| &g.samplers).filter_map(Sampler::interval).collect();
        samples.sort_by(|a, b| a.0.total_cmp(&b.0));
        samples.dedup();
        state.samples = samples;
        state
    }

    /// What connections keep.
    fn keep(&mut self, plan: &Plan, groups: &[Group]) {
        let columns: Vec<&[u8]> = plan.projections.iter().map(|p| kept_columns(plan, p)).collect();
        self.kept = plan.projections.iter().zip(&columns).map(|(p, kept)| vec![0.0; p.len() * kept.len()]).collect();
        for group in groups {
            for (projection, places) in group.connections(plan).into_iter().enumerate() {
                for (connection, (block, pool, number)) in places {
                    let Some(lines) = group.blocks[usize::from(block)].pools[usize::from(pool)].connections() else { continue };
                    for (k, column) in columns[projection].iter().enumerate() {
                        let at = connection as usize * columns[projection].len() + k;
                        self.kept[projection][at] = lines.line(number)[usize::from(*column)];
                    }
                }
            }
        }
    }

    /// Puts back what connections keep.
    fn put_kept(&self, plan: &Plan, group: &mut Group) {
        for (projection, places) in group.connections(plan).into_iter().enumerate() {
            let columns = kept_columns(plan, &plan.projections[projection]);
            for (connection, (block, pool, number)) in places {
                let pool = &mut group.blocks[usize::from(block)].pools[usize::from(pool)];
                let Some(lines) = pool.connections_mut() else { continue };
                for (k, column) in columns.iter().enumerate() {
                    lines.set(number, *column, self.kept[projection][connection as usize * columns.len() + k]);
                }
            }
        }
    }

    fn save(&mut self, plan: &Plan, keeper: &Keeper, block: &Block) {
        let (class, home) = (&plan.classes[block.class], Home::new(plan, block));
        let (state, lanes) = (&mut self.classes[block.class], class.lanes());
        for (position, lane) in home.positions(block) {
            let nodes = &block.nodes;
            (0..nodes.kept()).for_each(|k| state.v[k * nodes_of(class) + lane] = nodes.keep(k, position));
            for ((_, values), row) in state.shared.iter_mut().zip(0..) {
                values[lane] = nodes.shared.get(row, position);
            }
        }
        for (d, detector) in block.detectors.iter().enumerate() {
            (0..block.lanes).for_each(|l| state.above[d * lanes + block.first_lane + l] = detector.is_above(l));
        }
        for ((pool, saved), here) in block.pools.iter().zip(&mut state.pools).zip(&home.instances) {
            for ((_, row), (_, values)) in keeper.rows(pool.code()).into_iter().zip(&mut saved.rows) {
                here.iter().enumerate().for_each(|(k, i)| values[*i] = pool.rows().get(row, k));
            }
            for (k, i) in here.iter().enumerate() {
                let (sent, drawn) = pool.counts(k);
                saved.sent[*i] = sent;
                if let (Some(slot), Some(drawn)) = (saved.drawn.get_mut(*i), drawn) {
                    *slot = drawn;
                }
            }
        }
    }

    /// Whether it can be taken up by a simulation of a plan.
    ///
    /// # Errors
    /// It has other classes, pools, cells or instances.
    pub fn fits(&self, plan: &Plan) -> Result<(), String> {
        let keeper = Keeper::new(plan);
        let alike = self.classes.len() == plan.classes.len()
            && self.classes.iter().zip(&plan.classes).all(|(state, class)| class_fits(&keeper, state, class))
            && self.events.iter().all(|e| event_fits(plan, e))
            && self.kept.len() == plan.projections.len()
            && self.kept.iter().zip(&plan.projections).all(|(k, p)| k.len() == p.len() * kept_columns(plan, p).len())
            && self.spikes.iter().all(|v| v.time.is_finite() && v.source < plan.sources)
            && plan.links.iter().all(|link| self.has_past(plan, link))
            && self.time.is_finite();
        if alike { Ok(()) } else { Err(OTHER.into()) }
    }

    /// Whether it has what a link takes with a delay, kept in the same steps.
    fn has_past(&self, plan: &Plan, link: &Drive) -> bool {
        let ProbeValue::Row { pool, row, instance } = link.source.value else { return true };
        if link.delay == 0.0 || link.weight == 0.0 {
            return true;
        }
        let class = link.source.class;
        let Some(code) = plan.classes.get(usize::from(class)).and_then(|c| Some(&c.pools.get(usize::from(pool))?.code)) else {
            return false;
        };
        let step = if matches!(code.advance, Advance::Adaptive(_)) { 0.0 } else { plan.dt };
        let name = name_of(code, row);
        self.past.iter().any(|p| p.key() == (class, pool, instance, &name) && p.values.first() == Some(&step))
    }

    /// Puts it into groups that have just been started; it fits their plan.
    pub fn put(&self, plan: &Plan, groups: &mut [Group]) {
        let keeper = Keeper::new(plan);
        let mut places = Places::new(plan);
        for (g, group) in groups.iter_mut().enumerate() {
            for b in 0..group.blocks.len() {
                let block = &mut group.blocks[b];
                let home = Home::new(plan, block);
                self.restore(&keeper, block, &home);
                places.note((g, b), block.class, &home);
            }
            // What is recorded of currents is in the state only if it was recorded before, too.
            group.observe_again(self.time);
            for block in &mut group.blocks {
                let home = Home::new(plan, block);
                self.restore_rows(&keeper, block, &home);
            }
            group.resume(self.time, plan.dt);
            self.put_kept(plan, group);
            self.put_past(plan, group);
            group.samplers.iter_mut().for_each(|sampler| sampler.resume(&self.samples, self.time));
            group.count_samples();
        }
        for group in &mut *groups {
            self.spikes.iter().for_each(|volley| group.receive_rest(*volley, self.time));
        }
        let numbers = self.events.iter().any(|e| e.connection.is_some()).then(|| numbers(plan, groups));
        for event in &self.events {
            let Some((g, block, instance)) = places.of(event) else { continue };
            let target = Target { instance, block, pool: event.pool, handler: event.handler };
            let number = event.connection.and_then(|at| numbers.as_ref()?.get(&(g, at)).copied());
            let to = match number {
                Some(instance) => To::Connection(Target { instance, ..target }),
                None => To::Itself(target),
            };
            groups[g].flag(target, event.key.count, event.flag);
            groups[g].enqueue(event.key, to);
        }
    }

    /// Puts back what values were.
    fn put_past(&self, plan: &Plan, group: &mut Group) {
        for (outlet, place, _) in places_of_past(plan, group) {
            let told = self.past.iter().find(|p| p.key() == (place.class, place.pool, place.instance, &place.name));
            told.iter().for_each(|told| group.take_up(outlet, &told.values));
        }
    }

    fn restore(&self, keeper: &Keeper, block: &mut Block, home: &Home) {
        let state = &self.classes[block.class];
        for (position, lane) in home.positions(block) {
            let all = state.v.len() / block.nodes.kept();
            (0..block.nodes.kept()).for_each(|k| block.nodes.restore(k, position, state.v[k * all + lane]));
        }
        let first = block.first_lane;
        for (d, detector) in block.detectors.iter_mut().enumerate() {
            (0..block.lanes).for_each(|l| detector.set_above(l, state.above[d * home.lanes + first + l]));
        }
        for ((pool, saved), here) in block.pools.iter_mut().zip(&state.pools).zip(&home.instances) {
            for (k, i) in here.iter().enumerate() {
                pool.set_counts(k, saved.sent[*i], saved.drawn.get(*i).copied());
            }
        }
        self.restore_rows(keeper, block, home);
    }

    fn restore_rows(&self, keeper: &Keeper, block: &mut Block, home: &Home) {
        for (position, lane) in home.positions(block) {
            for ((_, values), row) in self.classes[block.class].shared.iter().zip(0..) {
                *block.nodes.shared.at(row, position) = values[lane];
            }
        }
        for ((pool, saved), here) in block.pools.iter_mut().zip(&self.classes[block.class].pools).zip(&home.instances) {
            for (name, row) in keeper.rows(pool.code()) {
                let Some((_, values)) = saved.rows.iter().find(|(known, _)| *known == name) else { continue };
                here.iter().enumerate().for_each(|(k, i)| pool.rows_mut().set(row, k, values[*i]));
            }
        }
    }
}

/// Group, block in it and instance in that of each instance of a plan, by class and pool.
struct Places(Vec<Vec<Vec<(u32, u16, u32)>>>);

impl Places {
    fn new(plan: &Plan) -> Places {
        let pools = |class: &Class| class.pools.iter().map(|p| vec![(0, 0, 0); p.placement.count(class.lanes())]).collect();
        Places(plan.classes.iter().map(pools).collect())
    }

    fn note(&mut self, (group, block): (usize, usize), class: usize, home: &Home) {
        for (places, here) in self.0[class].iter_mut().zip(&home.instances) {
            here.iter().enumerate().for_each(|(k, i)| places[*i] = (group as u32, block as u16, k as u32));
        }
    }

    fn of(&self, e: &EventState) -> Option<(usize, u16, u32)> {
        let (group, block, instance) = *self.0.get(usize::from(e.class))?.get(usize::from(e.pool))?.get(e.instance as usize)?;
        Some((group as usize, block, instance))
    }
}

impl PastState {
    fn key(&self) -> (u16, u16, u32, &str) {
        (self.class, self.pool, self.instance, &self.name)
    }
}

/// What is kept in a group of the past of values.
fn past(plan: &Plan, group: &Group) -> Vec<PastState> {
    let told = places_of_past(plan, group).into_iter().filter(|(.., values)| !values.is_empty());
    told.map(|(_, place, values)| PastState { values, ..place }).collect()
}

/// Where these values are, in the group and in the plan.
fn places_of_past(plan: &Plan, group: &Group) -> Vec<(Outlet, PastState, Vec<f64>)> {
    let homes: Vec<Home> = group.blocks.iter().map(|block| Home::new(plan, block)).collect();
    let one = |(outlet, values): (Outlet, Vec<f64>)| {
        let (b, pool, row, instance) = outlet;
        let instance = *homes.get(b)?.instances.get(pool)?.get(instance as usize)? as u32;
        let block = &group.blocks[b];
        let name = name_of(block.pools[pool].code(), row);
        Some((outlet, PastState { class: block.class as u16, pool: pool as u16, instance, name, values: Vec::new() }, values))
    };
    group.past().into_iter().filter_map(one).collect()
}

/// What is in a row, by names that do not depend on how inputs are given.
fn name_of(code: &MechanismCode, row: u16) -> String {
    let variable = code.values.iter().find(|(_, place)| *place == CodePlace::Row(row)).map(|(id, _)| id.0.to_string());
    let input = || code.inputs.iter().find(|(_, known)| *known == row).map(|(input, _)| format!("{input:?}"));
    variable.or_else(input).unwrap_or_default()
}

/// The number of each connection among those to its pool, by group, projection and number there.
fn numbers(plan: &Plan, groups: &[Group]) -> HashMap<(usize, (u32, u32)), u32> {
    let mut all = HashMap::new();
    for (g, group) in groups.iter().enumerate() {
        for (projection, places) in (0u32..).zip(group.connections(plan)) {
            all.extend(places.into_iter().map(|(connection, (_, _, number))| ((g, (projection, connection)), number)));
        }
    }
    all
}

/// Events of instances to themselves that are on their way in a group.
fn own_events(plan: &Plan, group: &Group) -> Vec<EventState> {
    let homes: Vec<Home> = group.blocks.iter().map(|block| Home::new(plan, block)).collect();
    let any = group.events().any(|e| matches!(e.to, To::Connection(_)));
    let mut connections: HashMap<Place, (u32, u32)> = HashMap::new();
    for (projection, places) in (0u32..).zip(if any { group.connections(plan) } else { Vec::new() }) {
        connections.extend(places.into_iter().map(|(connection, place)| (place, (projection, connection))));
    }
    let one = |e: &Event| {
        let (Target { instance, block, pool, handler }, connection) = match e.to {
            To::Itself(target) => (target, None),
            To::Connection(target) => {
                let lines = group.blocks.get(usize::from(target.block))?.pools.get(usize::from(target.pool))?.connections()?;
                let connection = connections.get(&(target.block, target.pool, target.instance)).copied();
                (Target { instance: lines.instance(target.instance), ..target }, connection)
            }
            To::Row(_) | To::Salvo { .. } => return None,
        };
        let at = *homes.get(usize::from(block))?.instances.get(usize::from(pool))?.get(instance as usize)?;
        let class = group.blocks.get(usize::from(block))?.class as u16;
        // What an instance has moved since is dropped at its turn; here it is dropped at once, so that no stamp needs to be kept.
        let of = group.blocks.get(usize::from(block))?.pools.get(usize::from(pool))?;
        if of.is_stale(handler, instance as usize, (e.key.number, e.key.count)) {
            return None;
        }
        let flag = of.flag_of(instance as usize, (e.key.number, e.key.count));
        Some(EventState { key: e.key, class, pool, instance: at as u32, handler, connection, flag })
    };
    group.events().filter_map(one).collect()
}

/// Which columns the connections of a projection keep.
fn kept_columns<'p>(plan: &'p Plan, projection: &Projection) -> &'p [u8] {
    let pool = plan.classes.get(usize::from(projection.class)).and_then(|c| c.pools.get(usize::from(projection.pool)));
    pool.and_then(|p| p.code.connections.as_ref()).map_or(&[], |connections| &connections.kept)
}

/// What of the rows of pools a state keeps.
struct Keeper {
    /// Inputs that are driven, by the address of their code.
    driven: HashSet<(*const MechanismCode, usize)>,
}

impl Keeper {
    fn new(plan: &Plan) -> Keeper {
        let of = |d: &crate::plan::Drive| {
            let pool = plan.classes.get(usize::from(d.class))?.pools.get(usize::from(d.pool))?;
            Some((Arc::as_ptr(&pool.code), usize::from(d.input)))
        };
        Keeper { driven: plan.drives.iter().chain(&plan.links).chain(&plan.pointers).filter_map(of).collect() }
    }

    /// The rows that a run changes and that the next step reads, by names that do not depend on how inputs are given.
    fn rows(&self, code: &MechanismCode) -> Vec<(String, u16)> {
        let states = code.states.iter().cloned();
        let conditions = code.conditions.iter().enumerate().map(|(n, c)| (format!("condition {n}"), c.before));
        let driven = code.inputs.iter().enumerate().filter(|(n, _)| self.driven.contains(&(std::ptr::from_ref(code), *n)));
        let driven = driven.map(|(_, (input, row))| (format!("{input:?}"), *row));
        let late = &code.observed.lagging_rows;
        let observed = code.values.iter().filter_map(|(id, place)| match place {
            CodePlace::Row(row) if late.contains(row) => Some((format!("{RECORDED}{}", id.0), *row)),
            _ => None,
        });
        // What is shown is read by samples before it is computed again.
        let is_shown = |row: &u16| code.shown.rows.iter().any(|(shown, _)| shown == row);
        let shown = code.values.iter().filter_map(|(id, place)| match place {
            CodePlace::Row(row) if is_shown(row) => Some((format!("shown {}", id.0), *row)),
            _ => None,
        });
        let adaptive = adaptive_rows(code);
        states.chain(adaptive).chain(conditions).chain(driven).chain(observed).chain(shown).collect()
    }
}

/// What a method with steps of its own needs to go on, and to know where it was before.
fn adaptive_rows(code: &MechanismCode) -> Vec<(String, u16)> {
    let Advance::Adaptive(adaptive) = &code.advance else { return Vec::new() };
    let steps = &adaptive.rows;
    let all = [("begin", steps.begin), ("next", steps.next), ("last begin", steps.last_begin), ("last step", steps.last_step)];
    let named = all.into_iter().map(|(name, row)| (name.to_owned(), row));
    let of_state = |(n, state): (usize, &StateRows)| {
        let bends = state.bends.iter().enumerate().map(move |(k, row)| (format!("bend {k} of {n}"), *row));
        let rows = [("old", state.old), ("slope", state.slope), ("last", state.last)];
        rows.into_iter().map(move |(name, row)| (format!("{name} of {n}"), row)).chain(bends).collect::<Vec<_>>()
    };
    named.chain(adaptive.states.iter().enumerate().flat_map(of_state)).collect()
}

/// Begins the names of rows that are there for records only.
const RECORDED: &str = "recorded ";

/// Nodes of all lanes.
fn nodes_of(class: &Class) -> usize {
    class.body.as_ref().map_or(0, |b| b.parent.len()) * class.lanes()
}

/// Values of nodes that a run changes.
fn potentials(class: &Class) -> usize {
    nodes_of(class) * (1 + class.extracellular.as_ref().map_or(0, |_| Outside::KEPT))
}

fn class_fits(keeper: &Keeper, state: &ClassState, class: &Class) -> bool {
    let lanes = class.lanes();
    let pool = |(state, pool): (&PoolState, &crate::plan::Pool)| {
        let count = pool.placement.count(lanes);
        let streams = if pool.streams.is_empty() { 0 } else { count };
        // What was recorded of currents is not needed: it is computed anew.
        let mut needed = keeper.rows(&pool.code).into_iter().filter(|(name, _)| !name.starts_with(RECORDED));
        state.name == pool.code.name
            && state.rows.iter().all(|(_, values)| values.len() == count)
            && needed.all(|(name, _)| state.rows.iter().any(|(known, _)| *known == name))
            && (state.sent.len(), state.drawn.len()) == (count, streams)
    };
    state.v.len() == potentials(class)
        && state.shared.len() == class.shared.len()
        && state
            .shared
            .iter()
            .zip(&class.shared)
            .all(|((name, values), row)| *name == row.name && values.len() == nodes_of(class))
        && state.above.len() == class.detectors.len() * lanes
        && state.pools.len() == class.pools.len()
        && state.pools.iter().zip(&class.pools).all(pool)
}

fn event_fits(plan: &Plan, e: &EventState) -> bool {
    let Some(class) = plan.classes.get(usize::from(e.class)) else { return false };
    let Some(pool) = class.pools.get(usize::from(e.pool)) else { return false };
    let exists = (e.instance as usize) < pool.placement.count(class.lanes());
    let known = |(projection, connection): (u32, u32)| {
        plan.projections.get(projection as usize).is_some_and(|p| (connection as usize) < p.len())
    };
    exists
        && e.connection.is_none_or(known)
        && usize::from(e.handler) < pool.code.handlers.len()
        && ![e.key.time, e.key.sent, e.key.cause.sent, e.key.cause.since].iter().any(|t| t.is_nan())
}

/// Where what is in a block is in its class.
struct Home {
    /// For each pool the instances of the class's pool that are here, in order.
    instances: Vec<Vec<usize>>,
    lanes: usize,
}

impl Home {
    fn new(plan: &Plan, block: &Block) -> Home {
        let class = &plan.classes[block.class];
        let piece = Piece { class: block.class, first: block.first_lane, lanes: block.lanes };
        let here = |p: &crate::plan::Pool| instances(p, class.lanes(), piece);
        Home { instances: class.pools.iter().map(here).collect(), lanes: class.lanes() }
    }

    /// Positions of the block's nodes, and where they are in the class.
    fn positions(&self, block: &Block) -> impl Iterator<Item = (usize, usize)> + use<> {
        let (lanes, here, first) = (self.lanes, block.lanes, block.first_lane);
        (0..block.nodes.count()).map(move |p| (p, p / here * lanes + first + p % here))
    }
}

impl Pool {
    /// How many events an instance has sent to itself, and how many random words it has drawn.
    fn counts(&self, instance: usize) -> (u64, Option<u64>) {
        (self.sent(instance), self.stream(instance).map(|s| s.drawn()))
    }
}
