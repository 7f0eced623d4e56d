//! The pools of a class: instances in the order in which they act, their inputs, their code.

mod code;
mod inputs;

pub use code::Codes;

use super::column::Column;
use super::group::Group;
use super::ions::{Ions, Recorded, SectionIons};
use super::points::{In, Point};
use super::range::Told;
use super::shape::Shape;
use super::streams::{Identity, Streams, World};
use bouton_engine::kernel::{KernelError, MechanismCode, Setting, Solving};
use bouton_engine::plan::{Placement, Pool, StreamKey};
use bouton_model::ir::{Mechanism, MechanismId, Program, VarId};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use inputs::Inputs;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A density mechanism in a section.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    /// What it is.
    pub group: Group,
    /// Nodes of the section's segments, from x = 0.
    pub nodes: Vec<u32>,
    /// What was set and varies along the section: a column, by lane, for each segment.
    pub along: Vec<(VarId, Vec<Column>)>,
}

/// What there is in a class of cells.
pub struct Contents<'a> {
    /// The tree; nothing for cells without a body.
    pub shape: Option<&'a Shape>,
    /// What sections set of ions.
    pub ions: &'a [SectionIons],
    /// What records want.
    pub recorded: &'a Recorded,
    /// Density mechanisms, section by section.
    pub inserts: &'a [Insert],
    /// Point mechanisms in order of creation.
    pub points: &'a [Point],
    /// Mechanisms in the order in which they act, where that is not the order of their numbers.
    pub order: &'a [MechanismId],
    /// Inputs of mechanisms that something drives: they are rows whatever their bases.
    pub driven: &'a BTreeSet<(MechanismId, VarId)>,
    /// The equations of a cell without a body.
    pub own: Option<&'a Group>,
    /// What they draw by while they run: kind and identity instead of the groups' own.
    pub running: Option<(&'a str, &'a Identity)>,
    /// The cell that each lane is, or on which it acts.
    pub cells: &'a [u32],
    /// Spike source that each lane is.
    pub sources: &'a [u32],
    /// What is computed because it is recorded.
    pub observed: &'a [(MechanismId, VarId)],
    /// What others are driven by.
    pub shown: &'a BTreeSet<(MechanismId, VarId)>,
    /// How the cells' equations advance.
    pub solving: Solving,
}

impl Contents<'_> {
    /// Mechanisms of inserts and points, in no order.
    pub fn mechanisms(&self) -> impl Iterator<Item = MechanismId> {
        let points = self.points.iter().map(|p| p.group.mechanism);
        self.inserts.iter().map(|i| i.group.mechanism).chain(points)
    }
}

/// Where instances went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addresses {
    /// Of each insert: its pool, and the number of each segment's first lane.
    pub inserts: Vec<(u16, Vec<u32>)>,
    /// Of each point.
    pub points: Vec<Address>,
}

/// The pools of a class.
pub struct Made<'a> {
    /// In the order in which they act.
    pub pools: Vec<Pool>,
    /// Where everything went.
    pub addresses: Addresses,
    /// Values of ions.
    pub ions: Ions<'a>,
}

/// Where the instances of a point went.
#[derive(Clone, Debug, PartialEq)]
pub enum Address {
    /// Instance `first` + lane of this pool.
    Every {
        /// Which pool.
        pool: u16,
        /// The first lane's.
        first: u32,
    },
    /// Each for itself.
    Some {
        /// Which pool.
        pool: u16,
        /// By number.
        instances: Vec<u32>,
    },
}

impl Address {
    /// Pool and instance of a number (of those in every lane, the lane).
    pub fn of(&self, number: u32) -> Option<(u16, u32)> {
        match self {
            Address::Every { pool, first } => Some((*pool, first + number)),
            Address::Some { pool, instances } => Some((*pool, *instances.get(number as usize)?)),
        }
    }
}

/// One instance of a pool before it is numbered: where it is, of which group, its number there.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Site {
    node: u32,
    lane: u32,
    member: Member,
    number: u32,
}

/// Index into a class's inserts or points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Member {
    Insert(usize),
    Point(usize),
    Own,
}

/// Which pool, in the order in which they act: those that write a concentration come first, the last one of them foremost, as in NEURON. Those of a
/// mechanism with an instance in every lane come before those that are scattered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PoolKey {
    late: bool,
    rank: i64,
    mechanism: MechanismId,
    scattered: bool,
}

impl PoolKey {
    /// Those that have no place in the `order` come behind the others.
    fn of(id: MechanismId, mechanism: Option<&Mechanism>, order: &[MechanismId], scattered: bool) -> PoolKey {
        let early = mechanism.is_some_and(Mechanism::writes_concentration);
        let rank = order.iter().position(|one| *one == id).unwrap_or(order.len() + id.index()) as i64;
        PoolKey { late: !early, rank: if early { -rank } else { rank }, mechanism: id, scattered }
    }
}

/// What is made of the pools of a class.
#[derive(Default)]
struct Making {
    pools: Vec<Pool>,
    addresses: Addresses,
    errors: Vec<Told>,
}

impl Making {
    /// The pools of ions come first.
    fn of(pools: &Pools) -> Making {
        let addresses = pools.unassigned();
        match pools.ions.pools(&pools.setting) {
            Ok(pools) => Making { pools, addresses, errors: Vec::new() },
            Err(none) => Making { errors: vec![no_code(none)], addresses, pools: Vec::new() },
        }
    }
}

/// Equal code is kept once.
fn share(all: &mut [Making]) {
    for k in 1..all.len() {
        let (known, rest) = all.split_at_mut(k);
        for (p, pool) in rest[0].pools.iter_mut().enumerate() {
            let same = known.iter().filter_map(|other| other.pools.get(p)).find(|other| other.code == pool.code);
            same.iter().for_each(|other| pool.code = Arc::clone(&other.code));
        }
    }
}

/// Pools while they are made.
pub struct Pools<'a> {
    program: &'a Program,
    world: World<'a>,
    streams: &'a dyn Streams,
    contents: &'a Contents<'a>,
    setting: Setting,
    /// Values of ions.
    ions: Ions<'a>,
}

impl<'a> Pools<'a> {
    /// Of a class.
    pub fn of(program: &'a Program, world: World<'a>, streams: &'a dyn Streams, contents: &'a Contents<'a>) -> Pools<'a> {
        let c = world.constants;
        let setting = Setting {
            dt: c.dt,
            celsius: c.celsius,
            tables: c.tables,
            second_order: c.second_order,
            scattered: false,
            solving: contents.solving,
        };
        let ions = Ions::of(program, world.constants, contents);
        Pools { program, world, streams, contents, setting, ions }
    }

    /// All of them, in the order in which they act, and where everything went; of several copies of a class, whose programs are the same: what differs
    /// from copy to copy is no constant of theirs.
    ///
    /// # Errors
    /// For each copy: a value out of range, or equations that cannot be computed.
    pub fn make(copies: Vec<Pools<'a>>, codes: &Codes) -> Vec<Result<Made<'a>, Vec<Told>>> {
        let mut all: Vec<Making> = copies.iter().map(Making::of).collect();
        share(&mut all);
        let sites: Vec<BTreeMap<PoolKey, Vec<Site>>> = copies.iter().map(Pools::sites).collect();
        let keys: BTreeSet<PoolKey> = sites.iter().flat_map(BTreeMap::keys).copied().collect();
        for key in keys {
            let mut members = Vec::new();
            for (k, (pools, sites)) in copies.iter().zip(&sites).enumerate() {
                let Some(sites) = sites.get(&key) else { continue };
                let mut sites = sites.clone();
                pools.arrange(&mut sites, key);
                pools.note(&sites, all[k].pools.len() as u16, key.scattered, &mut all[k].addresses);
                members.push((k, sites));
            }
            let members: Vec<(usize, Inputs)> =
                members.iter().map(|(k, sites)| (*k, Inputs::of(&copies[*k], key.mechanism, sites, key.scattered))).collect();
            let inputs: Vec<&Inputs> = members.iter().map(|(_, inputs)| inputs).collect();
            for ((k, inputs), code) in members.iter().zip(code::of(&inputs, key.scattered, codes)) {
                match inputs.error().map_or(code, Err) {
                    Ok(code) => all[*k].pools.push(copies[*k].pool(inputs, code, key)),
                    Err(told) => all[*k].errors.push(told),
                }
            }
        }
        let done = copies.into_iter().zip(all).map(|(pools, made)| match made.errors.is_empty() {
            true => Ok(Made { pools: made.pools, addresses: made.addresses, ions: pools.ions }),
            false => Err(made.errors),
        });
        done.collect()
    }

    fn unassigned(&self) -> Addresses {
        let c = self.contents;
        let point = |p: &Point| match &p.lanes {
            In::Every => Address::Every { pool: 0, first: 0 },
            In::Some(lanes) => Address::Some { pool: 0, instances: vec![0; lanes.len()] },
        };
        Addresses {
            inserts: c.inserts.iter().map(|i| (0, vec![0; i.nodes.len()])).collect(),
            points: c.points.iter().map(point).collect(),
        }
    }

    /// Of what is in every lane, one site stands for all lanes.
    fn sites(&self) -> BTreeMap<PoolKey, Vec<Site>> {
        let mut pools: BTreeMap<PoolKey, Vec<Site>> = BTreeMap::new();
        let mut add = |id: MechanismId, scattered, sites: &mut dyn Iterator<Item = Site>| {
            let key = PoolKey::of(id, self.program.mechanisms.get(id.index()), self.contents.order, scattered);
            pools.entry(key).or_default().extend(sites);
        };
        for (k, insert) in self.contents.inserts.iter().enumerate() {
            let all = insert.nodes.iter().zip(0..);
            let mut sites = all.map(|(node, number)| Site { node: *node, lane: 0, member: Member::Insert(k), number });
            add(insert.group.mechanism, false, &mut sites);
        }
        for (k, point) in self.contents.points.iter().enumerate() {
            let (node, member, id) = (point.node, Member::Point(k), point.group.mechanism);
            match &point.lanes {
                In::Every => add(id, false, &mut std::iter::once(Site { node, lane: 0, member, number: 0 })),
                In::Some(lanes) if lanes.is_empty() => {}
                In::Some(lanes) => {
                    let all = lanes.iter().zip(0..);
                    add(id, true, &mut all.map(|(lane, number)| Site { node, lane: *lane, member, number }));
                }
            }
        }
        if let Some(own) = self.contents.own {
            let site = Site { node: 0, lane: 0, member: Member::Own, number: 0 };
            add(own.mechanism, false, &mut std::iter::once(site));
        }
        pools
    }

    /// Scattered ones by node, lane, creation. Those of every lane in rounds: the first of each node, then the second ones, so that neighbours in
    /// the pool are neighbours in the block. So are scattered ones that write values of ions: the second finds there what the first has left.
    /// Those of a cell that have variables in common stand in NEURON's order: by node as it counts them, then by creation.
    fn arrange(&self, sites: &mut [Site], key: PoolKey) {
        let mechanism = self.program.mechanisms.get(key.mechanism.index());
        if mechanism.is_some_and(|m| !m.common.is_empty()) {
            let order = self.contents.shape.map_or(&[][..], |shape| &shape.body.order);
            let rank: HashMap<u32, usize> = order.iter().rev().copied().zip(0..).collect();
            sites.sort_by_key(|s| (rank.get(&s.node).copied(), s.lane));
            return;
        }
        let writes = mechanism.is_some_and(Mechanism::acts_by_turns);
        let scattered = key.scattered;
        let mut seen: HashMap<(u32, u32), u32> = HashMap::new();
        let mut round = |site: &Site| {
            if scattered && !writes {
                return 0;
            }
            let count = seen.entry((site.node, site.lane)).or_default();
            *count += 1;
            *count
        };
        let mut keyed: Vec<(u32, Site)> = sites.iter().map(|s| (round(s), *s)).collect();
        keyed.sort_by_key(|(round, s)| (*round, s.node, s.lane));
        sites.iter_mut().zip(keyed).for_each(|(site, (_, sorted))| *site = sorted);
    }

    fn note(&self, sites: &[Site], number: u16, scattered: bool, addresses: &mut Addresses) {
        let lanes = self.contents.cells.len() as u32;
        for (site, k) in sites.iter().zip(0u32..) {
            let instance = if scattered { k } else { k * lanes };
            match site.member {
                Member::Insert(i) => {
                    if let Some((pool, firsts)) = addresses.inserts.get_mut(i) {
                        *pool = number;
                        firsts[site.number as usize] = instance;
                    }
                }
                Member::Point(p) => match addresses.points.get_mut(p) {
                    Some(Address::Every { pool, first }) => (*pool, *first) = (number, instance),
                    Some(Address::Some { pool, instances }) => {
                        *pool = number;
                        instances[site.number as usize] = instance;
                    }
                    None => {}
                },
                Member::Own => {}
            }
        }
    }

    fn group(&self, member: Member) -> Option<&'a Group> {
        match member {
            Member::Insert(k) => self.contents.inserts.get(k).map(|i| &i.group),
            Member::Point(k) => self.contents.points.get(k).map(|p| &p.group),
            Member::Own => self.contents.own,
        }
    }

    /// What varies along the section that an instance sits on.
    fn along(&self, member: Member) -> &'a [(VarId, Vec<Column>)] {
        match member {
            Member::Insert(k) => self.contents.inserts.get(k).map_or(&[], |i| &i.along),
            Member::Point(_) | Member::Own => &[],
        }
    }

    fn pool(&self, inputs: &Inputs, code: Arc<MechanismCode>, PoolKey { scattered, .. }: PoolKey) -> Pool {
        let sites = inputs.sites;
        let placement = match (self.contents.own, scattered) {
            (Some(_), _) => Placement::Free,
            (None, true) => Placement::Scattered(sites.iter().map(|s| (s.node, s.lane)).collect()),
            (None, false) => Placement::Nodes(sites.iter().map(|s| s.node).collect()),
        };
        Pool {
            inputs: inputs.rows(&code),
            streams: if code.draws { self.keys(sites, scattered) } else { Vec::new() },
            sources: if code.spikes { self.spread(sites, scattered, self.contents.sources) } else { Vec::new() },
            placement,
            code,
        }
    }

    /// A value of each lane, for each instance.
    fn spread(&self, sites: &[Site], scattered: bool, of_lane: &[u32]) -> Vec<u32> {
        if scattered {
            return sites.iter().filter_map(|s| of_lane.get(s.lane as usize)).copied().collect();
        }
        sites.iter().flat_map(|_| of_lane).copied().collect()
    }

    fn keys(&self, sites: &[Site], scattered: bool) -> Vec<StreamKey> {
        let mut keys = Vec::new();
        let mut seen: HashMap<(Member, u32), u32> = HashMap::new();
        for site in sites {
            let lanes = if scattered { site.lane..site.lane + 1 } else { 0..self.contents.cells.len() as u32 };
            // Segments of a section count along it, synapses of one statement on one cell in order of creation.
            let count = seen.entry((site.member, site.lane)).or_default();
            let ordinal = if scattered { *count } else { site.number };
            *count += 1;
            keys.extend(lanes.map(|lane| self.key(site, ordinal, lane)));
        }
        keys
    }

    fn key(&self, site: &Site, ordinal: u32, lane: u32) -> StreamKey {
        let cell = self.contents.cells.get(lane as usize).copied().unwrap_or(lane);
        if let Some((kind, identity)) = self.contents.running {
            return self.streams.running(self.world.cells, kind, identity, cell);
        }
        let group = self.group(site.member);
        let kind = group.and_then(|g| self.program.mechanisms.get(g.mechanism.index())).map_or("", |m| &m.name);
        let name = format!("{}@{}", group.map_or("", |g| &g.label), site.node);
        self.streams.running(self.world.cells, kind, &Identity { name, ordinal }, cell)
    }
}

fn no_code(error: KernelError) -> Told {
    Box::new(Diagnostic::new(Code::NoCode, error.span, error.message))
}
