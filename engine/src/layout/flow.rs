//! Which pools of a group advance together, and in what order values reach inputs: links become rounds of an exchange.

use super::tables::Tables;
use crate::block::{Block, Tap};
use crate::flow::adaptive::{Adaptive, Member};
use crate::flow::past::{Kept, Past, Slot};
use crate::flow::{Exchange, Flow, Gather, Method, Outlet, Round, Sums};
use crate::kernel::Advance;
use crate::plan::Plan;
use crate::probe::Reading;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// An input.
type Inlet = Outlet;

/// What reaches an input.
#[derive(Clone, Copy)]
struct Term {
    outlet: usize,
    weight: f64,
    /// ms
    delay: f64,
}

/// Values and inputs of a group, and through which terms the ones reach the others.
#[derive(Default)]
struct Network {
    outlets: Vec<(usize, Tap)>,
    known: HashMap<(usize, u8, u64, u64), usize>,
    inlets: BTreeMap<Inlet, Vec<Term>>,
}

/// The flow of each group that has one.
///
/// # Errors
/// A value that depends on itself without a state between.
pub fn flows(plan: &Plan, tables: &Tables, blocks: &[Vec<Block>]) -> Result<Vec<Option<Flow>>, String> {
    let mut networks: Vec<Network> = blocks.iter().map(|_| Network::default()).collect();
    // What has no weight has no effect: neither on steps nor on who is connected with whom.
    for link in plan.links.iter().filter(|link| link.weight != 0.0) {
        let Some((group, block, instance)) = tables.instance(link.class, link.pool, link.instance) else { continue };
        let Some((from, tap)) = tables.reading(&link.source).and_then(|(_, reading)| tap(reading, block)) else { continue };
        let pool = usize::from(link.pool);
        let Some(code) = blocks[group][block].pools.get(pool).map(|pool| pool.code()) else { continue };
        let Some((_, row)) = code.inputs.get(usize::from(link.input)).copied() else { continue };
        let outlet = networks[group].outlet(from, tap);
        // What never changes was always so.
        let delay = if matches!(tap, Tap::Fixed(_)) { 0.0 } else { link.delay };
        networks[group].inlets.entry((block, pool, row, instance)).or_default().push(Term { outlet, weight: link.weight, delay });
    }
    networks.into_iter().zip(blocks).map(|(network, blocks)| flow(network, blocks, plan.dt)).collect()
}

fn flow(network: Network, blocks: &[Block], dt: f64) -> Result<Option<Flow>, String> {
    let all = blocks.iter().enumerate().flat_map(|(b, block)| (0..block.pools.len()).map(move |p| (b, p)));
    let pools: Vec<(usize, usize)> = all.filter(|(b, p)| blocks[*b].pools[*p].flows()).collect();
    let mut of_member = None;
    let method = pools.iter().find_map(|(b, p)| match &blocks[*b].pools[*p].code().advance {
        Advance::Stages(method, _) => Some(Method::Fixed(*method)),
        Advance::Adaptive(_) => {
            let connected = network.systems(blocks, &pools);
            of_member = Some(of_members(&connected));
            Some(Method::Adaptive(Box::new(Adaptive::new(blocks, &pools, connected, dt))))
        }
        _ => None,
    });
    let timing = Timing { dt, pools: &pools, of_member };
    let (exchange, kept) = network.exchange(blocks, &timing)?;
    Ok(match method {
        Some(method) => Some(Flow::new(pools, method, exchange, kept)),
        None if exchange.rounds.is_empty() => None,
        None => Some(Flow::new(pools, Method::Fixed(crate::kernel::method::explicit::Explicit::Euler), exchange, kept)),
    })
}

/// When values are looked at.
struct Timing<'a> {
    /// Step of the group (ms).
    dt: f64,
    pools: &'a [(usize, usize)],
    /// Where systems have steps of their own: how many there are, and whose each instance is.
    of_member: Option<(usize, Systems)>,
}

/// The system of each instance, by number of the pool and in it.
type Systems = HashMap<(usize, usize), usize>;

fn of_members(systems: &[Vec<Member>]) -> (usize, Systems) {
    let members = systems.iter().enumerate().flat_map(|(number, members)| members.iter().map(move |m| (number, m)));
    (systems.len(), members.map(|(number, m)| ((m.pool, m.instance), number)).collect())
}

impl Timing<'_> {
    /// The system of a value: nothing where steps are those of the group.
    fn system(&self, block: usize, tap: Tap) -> Option<usize> {
        let Tap::Row(pool, _, instance) = tap else { return None };
        let pool = self.pools.iter().position(|place| *place == (block, usize::from(pool)))?;
        self.of_member.as_ref()?.1.get(&(pool, instance as usize)).copied()
    }

    /// What is kept so that values can be taken with a delay.
    fn past(&self, kept: Vec<Kept>, slots: Vec<Slot>, first: usize) -> Result<Past, String> {
        match &self.of_member {
            _ if slots.is_empty() => Ok(Past::default()),
            Some((count, _)) => Ok(Past::of_systems(kept, slots, first, *count)),
            None => match slots.iter().find(|slot| slot.delay < self.dt * (1.0 - 1e-9)) {
                Some(slot) => Err(format!("a delay of {} ms is shorter than the step", slot.delay)),
                None => Ok(Past::of_steps(kept, slots, first, self.dt)),
            },
        }
    }
}

fn tap(reading: Reading, target: usize) -> Option<(usize, Tap)> {
    Some(match reading {
        Reading::Voltage(block, position) => (block, Tap::Voltage(position as u32)),
        Reading::Shared(block, row, position) => (block, Tap::Shared(row, position as u32)),
        Reading::Outside(block, layer, position) => (block, Tap::Outside(layer, position as u32)),
        Reading::Membrane(block, position) => (block, Tap::Membrane(position as u32)),
        Reading::Row(block, pool, row, instance) => (block, Tap::Row(pool as u16, row, instance as u32)),
        Reading::Fixed(x) => (target, Tap::Fixed(x)),
        Reading::Connection(..) => return None,
    })
}

impl Network {
    fn outlet(&mut self, block: usize, tap: Tap) -> usize {
        let (kind, a, b) = super::coupling::key(tap);
        *self.known.entry((block, kind, a, b)).or_insert_with(|| {
            self.outlets.push((block, tap));
            self.outlets.len() - 1
        })
    }

    /// The rows of inputs on which a value depends through definitions; nothing of a value that is there by itself.
    fn shown(blocks: &[Block], block: usize, tap: Tap) -> Option<&[u16]> {
        let Tap::Row(pool, row, _) = tap else { return None };
        let shown = &blocks[block].pools[usize::from(pool)].code().shown;
        shown.rows.iter().find(|(known, _)| *known == row).map(|(_, inputs)| inputs.as_slice())
    }

    /// The round in which each value is known, and each input.
    fn rounds(&self, blocks: &[Block]) -> Result<(Vec<usize>, BTreeMap<Inlet, usize>), String> {
        let mut of_outlet = vec![0; self.outlets.len()];
        let mut of_inlet: BTreeMap<Inlet, usize> = self.inlets.keys().map(|inlet| (*inlet, 0)).collect();
        loop {
            let mut changed = false;
            for (known, (block, tap)) in of_outlet.iter_mut().zip(&self.outlets) {
                let (Some(inputs), Tap::Row(pool, _, instance)) = (Network::shown(blocks, *block, *tap), *tap) else { continue };
                let rounds = inputs.iter().filter_map(|row| of_inlet.get(&(*block, usize::from(pool), *row, instance)));
                let round = rounds.max().map_or(0, |round| round + 1);
                changed |= std::mem::replace(known, round) != round;
            }
            for (known, terms) in of_inlet.values_mut().zip(self.inlets.values()) {
                let at_once = terms.iter().filter(|term| term.delay == 0.0);
                let round = at_once.map(|term| of_outlet[term.outlet]).max().unwrap_or(0);
                changed |= std::mem::replace(known, round) != round;
            }
            if !changed {
                return Ok((of_outlet, of_inlet));
            }
            if of_inlet.values().any(|round| *round > self.inlets.len()) {
                return Err("values drive each other in a circle, without a state between".into());
            }
        }
    }

    /// Instances of pools that are connected, each in order.
    fn systems(&self, blocks: &[Block], pools: &[(usize, usize)]) -> Vec<Vec<Member>> {
        let first: Vec<usize> =
            pools.iter().scan(0, |next, (b, p)| Some(std::mem::replace(next, *next + blocks[*b].pools[*p].count()))).collect();
        let count = pools.last().zip(first.last()).map_or(0, |((b, p), first)| first + blocks[*b].pools[*p].count());
        let number = |block: usize, pool: usize, instance: u32| {
            let at = pools.iter().position(|place| *place == (block, pool))?;
            Some(first[at] + instance as usize)
        };
        let mut root: Vec<usize> = (0..count).collect();
        let find = |root: &mut Vec<usize>, mut k: usize| {
            while root[k] != k {
                root[k] = root[root[k]];
                k = root[k];
            }
            k
        };
        for ((block, pool, _, instance), terms) in &self.inlets {
            let Some(to) = number(*block, *pool, *instance) else { continue };
            for term in terms {
                let (from, Tap::Row(pool, _, instance)) = self.outlets[term.outlet] else { continue };
                let Some(from) = number(from, usize::from(pool), instance) else { continue };
                let (a, b) = (find(&mut root, from), find(&mut root, to));
                root[a.max(b)] = a.min(b);
            }
        }
        let mut systems: BTreeMap<usize, Vec<Member>> = BTreeMap::new();
        for (pool, (first, (b, p))) in first.iter().zip(pools).enumerate() {
            for instance in 0..blocks[*b].pools[*p].count() {
                systems.entry(find(&mut root, first + instance)).or_default().push(Member { pool, instance });
            }
        }
        systems.into_values().collect()
    }

    fn exchange(self, blocks: &[Block], timing: &Timing) -> Result<(Exchange, Vec<Outlet>), String> {
        let (of_outlet, of_inlet) = self.rounds(blocks)?;
        let count = of_inlet.values().chain(&of_outlet).max().map_or(0, |last| last + 1);
        let mut rounds: Vec<Round> = (0..count).map(|_| Round::default()).collect();
        let mut order: Vec<usize> = (0..self.outlets.len()).collect();
        order.sort_by_key(|k| (of_outlet[*k], self.outlets[*k].0, super::coupling::key(self.outlets[*k].1)));
        let mut place = vec![0; order.len()];
        for (at, k) in order.iter().enumerate() {
            let (block, tap) = self.outlets[*k];
            place[*k] = at as u32;
            let round = &mut rounds[of_outlet[*k]];
            if let (Some(_), Tap::Row(pool, ..)) = (Network::shown(blocks, block, tap), tap) {
                let pool = (block, usize::from(pool));
                if !round.shows.contains(&pool) {
                    round.shows.push(pool);
                }
            }
            match round.gathers.last_mut() {
                Some(last) if last.block == block && follows(last, tap) => last.count += 1,
                _ => round.gathers.push(Gather { block, first: tap, count: 1, at }),
            }
        }
        for (place, shown) in pools_shown(blocks) {
            // Who is not heard is still recorded.
            let known = |(row, instance): (&u16, u32)| of_inlet.get(&(place.0, place.1, *row, instance)).map_or(0, |r| r + 1);
            let pool = &blocks[place.0].pools[place.1];
            let all = (0..pool.count() as u32).map(|k| shown.iter().map(|row| known((row, k))).max().unwrap_or(0));
            for round in all.collect::<BTreeSet<usize>>() {
                rounds.resize_with(rounds.len().max(round + 1), Round::default);
                if !rounds[round].shows.contains(&place) {
                    rounds[round].shows.push(place);
                }
            }
        }
        let mut delays = Delays::default();
        for ((block, pool, row, instance), terms) in &self.inlets {
            let round = &mut rounds[of_inlet[&(*block, *pool, *row, *instance)]];
            if round.sums.last().is_none_or(|s| (s.block, s.pool, s.row) != (*block, *pool, *row)) {
                round.sums.push(Sums::new(*block, *pool, *row, blocks[*block].pools[*pool].is_inner()));
            }
            let base = blocks[*block].pools[*pool].rows().get(*row, *instance as usize);
            let number = |term: &Term| match term.delay {
                0.0 => place[term.outlet],
                delay => (order.len() + delays.slot(term.outlet, delay)) as u32,
            };
            let terms: Vec<(u32, f64)> = terms.iter().map(number).zip(terms.iter().map(|term| term.weight)).collect();
            round.sums.last_mut().into_iter().for_each(|sums| sums.drive(*instance, base, terms.iter().copied()));
        }
        let mut kept = Vec::with_capacity(delays.kept.len());
        let mut outlets = Vec::with_capacity(delays.kept.len());
        for outlet in &delays.kept {
            let (block, tap) = self.outlets[*outlet];
            let Tap::Row(pool, row, instance) = tap else { return Err("only values of cells of equations are delayed".into()) };
            let system = match timing.of_member {
                None => 0,
                Some(_) => timing.system(block, tap).ok_or("a delayed value has no steps of its own")?,
            };
            kept.push(Kept { value: place[*outlet] as usize, system });
            outlets.push((block, usize::from(pool), row, instance));
        }
        let values = vec![0.0; order.len() + delays.slots.len()];
        let past = timing.past(kept, delays.slots, order.len())?;
        Ok((Exchange { rounds, values, past }, outlets))
    }
}

/// Values that are taken with a delay.
#[derive(Default)]
struct Delays {
    /// Numbers of the outlets.
    kept: Vec<usize>,
    /// Where each of them is among these.
    numbers: HashMap<usize, usize>,
    slots: Vec<Slot>,
    known: HashMap<(usize, u64), usize>,
}

impl Delays {
    /// The number of an outlet's value so long ago (ms).
    fn slot(&mut self, outlet: usize, delay: f64) -> usize {
        let Delays { kept, numbers, slots, known } = self;
        *known.entry((outlet, delay.to_bits())).or_insert_with(|| {
            let number = *numbers.entry(outlet).or_insert_with(|| {
                kept.push(outlet);
                kept.len() - 1
            });
            slots.push(Slot { kept: number, delay });
            slots.len() - 1
        })
    }
}

/// Block and pool of what shows definitions, and the inputs on which these depend.
fn pools_shown(blocks: &[Block]) -> Vec<((usize, usize), BTreeSet<u16>)> {
    let mut all = Vec::new();
    for (b, block) in blocks.iter().enumerate() {
        for (p, pool) in block.pools.iter().enumerate() {
            let shown = &pool.code().shown;
            if shown.program.is_some() {
                all.push(((b, p), shown.rows.iter().flat_map(|(_, inputs)| inputs).copied().collect()));
            }
        }
    }
    all
}

/// Whether a value comes next in the row.
fn follows(last: &Gather, tap: Tap) -> bool {
    match (last.first, tap) {
        (Tap::Row(pool, row, first), Tap::Row(p, r, instance)) => (pool, row, first + last.count as u32) == (p, r, instance),
        _ => false,
    }
}
