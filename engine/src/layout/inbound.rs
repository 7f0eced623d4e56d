//! Which connections reach which group, laid out by source. Connections are gone through twice: counted, then put in their places.

use super::tables::Tables;
use crate::block::Block;
use crate::inbound::{Inbound, Part, Row};
use crate::plan::{Plan, Projection, Values};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::ops::Range;
use std::sync::Arc;

/// For each group the connections that reach it.
pub fn inbound(plan: &Arc<Plan>, tables: &Tables, blocks: &mut [Vec<Block>]) -> Vec<Inbound> {
    let mut groups: Vec<OfGroup> = (0..tables.groups).map(|_| OfGroup::default()).collect();
    for number in 0..plan.projections.len() {
        for (block, (part, rows)) in by_block(plan, number, tables) {
            let (parts, all) = &mut groups[tables.group_of_block[block]];
            all.extend(rows.into_iter().map(|(source, range)| (source, Row::new(parts.len() as u32, range))));
            parts.push(part);
        }
    }
    for ((parts, _), blocks) in groups.iter_mut().zip(blocks) {
        keep(plan, parts, blocks);
    }
    groups.into_iter().map(|(parts, rows)| Inbound::new(Arc::clone(plan), parts, &rows)).collect()
}

/// Connections that have something for themselves get their lines in the pools that they reach, and are sorted by instance where somebody goes over
/// them: by statement, then by sender, then as created.
fn keep(plan: &Plan, parts: &mut [Part], blocks: &mut [Block]) {
    let mut reached: BTreeMap<(u16, u16), Vec<(usize, u32)>> = BTreeMap::new();
    for part in parts {
        let projection = &plan.projections[part.projection];
        let pool = &mut blocks[usize::from(part.block)].pools[usize::from(projection.pool)];
        let Some(connections) = pool.connections_mut() else { continue };
        part.first = connections.len() as u32;
        let order = reached.entry((part.block, projection.pool)).or_default();
        for (target, connection) in part.targets.iter().zip(&part.connections) {
            let line = projection.arguments.iter().map(|values| values.at(*connection as usize));
            connections.push(*target, line);
            order.push((part.projection, *connection));
        }
    }
    for ((block, pool), order) in reached {
        let pool = &mut blocks[usize::from(block)].pools[usize::from(pool)];
        let (count, visited) = (pool.count(), pool.code().connections.as_ref().is_some_and(|c| c.visited));
        if let (true, Some(connections)) = (visited, pool.connections_mut()) {
            connections.index(count, |number| order[number as usize]);
        }
    }
}

/// What a group has: parts, and rows with their sources.
type OfGroup = (Vec<Part>, Vec<(u32, Row)>);

/// Whether connections must be told apart: by their own delays or weights, or by what they keep.
fn needs_numbers(plan: &Plan, projection: &Projection) -> bool {
    let class = plan.classes.get(usize::from(projection.class));
    let pool = class.and_then(|class| class.pools.get(usize::from(projection.pool)));
    projection.differs() || pool.is_some_and(|pool| pool.code.connections.is_some())
}

/// Bytes that each connection of a projection takes besides those of the plan, apart from what there is for each source.
pub fn connection_bytes(projection: &Projection) -> usize {
    size_of::<u32>() * if projection.differs() { 2 } else { 1 }
}

/// What a block has of a projection: the part, and the sources with their connections in it.
type OfBlock = (Part, Vec<(u32, Range<usize>)>);

/// A projection by block; threads go through its sources side by side.
fn by_block(plan: &Plan, number: usize, tables: &Tables) -> BTreeMap<usize, OfBlock> {
    let projection = &plan.projections[number];
    let sources = projection.start.len().saturating_sub(1);
    let threads = rayon::current_num_threads();
    let end = |k: usize| match k == threads {
        true => sources,
        false => projection.start.partition_point(|place| (*place as usize) * threads < projection.len() * k).min(sources),
    };
    let share = |k: usize| Split::of(plan, number, tables, end(k)..end(k + 1)).by_block();
    let shares: Vec<BTreeMap<usize, OfBlock>> = (0..threads).into_par_iter().map(share).collect();
    shares.into_iter().reduce(joined).unwrap_or_default()
}

/// Those of later sources come behind.
fn joined(mut before: BTreeMap<usize, OfBlock>, after: BTreeMap<usize, OfBlock>) -> BTreeMap<usize, OfBlock> {
    for (block, (mut more, sources)) in after {
        match before.entry(block) {
            Entry::Vacant(place) => {
                place.insert((more, sources));
            }
            Entry::Occupied(place) => {
                let (part, rows) = place.into_mut();
                let first = part.targets.len();
                part.targets.append(&mut more.targets);
                part.connections.append(&mut more.connections);
                rows.extend(sources.into_iter().map(|(source, range)| (source, range.start + first..range.end + first)));
            }
        }
    }
    before
}

/// Some sources of a projection while they are split by block.
struct Split<'a> {
    projection: &'a Projection,
    places: &'a [(u32, u32)],
    sources: Range<usize>,
    /// Which of the parts is a block's; `usize::MAX`: none.
    part_of_block: Vec<usize>,
    parts: Vec<(usize, OfBlock)>,
    /// Whether something differs from connection to connection.
    differs: bool,
}

impl<'a> Split<'a> {
    fn of(plan: &'a Plan, number: usize, tables: &'a Tables, sources: Range<usize>) -> Split<'a> {
        let projection = &plan.projections[number];
        let places = tables.places(projection);
        let mut counts = vec![0usize; tables.group_of_block.len()];
        let ends = projection.start.get(sources.start).zip(projection.start.get(sources.end));
        for target in ends.map_or(&[][..], |(begin, end)| &projection.targets[*begin as usize..*end as usize]) {
            if let Some((block, _)) = places.get(*target as usize) {
                counts[*block as usize] += 1;
            }
        }
        let differs = needs_numbers(plan, projection);
        let mut part_of_block = vec![usize::MAX; counts.len()];
        let mut parts = Vec::new();
        for (block, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            part_of_block[block] = parts.len();
            let (targets, connections) = (Vec::with_capacity(*count), Vec::with_capacity(if differs { *count } else { 0 }));
            let part = Part { projection: number, block: tables.within_group[block], targets, connections, first: 0 };
            parts.push((block, (part, Vec::new())));
        }
        Split { projection, places, sources, part_of_block, parts, differs }
    }

    fn by_block(mut self) -> BTreeMap<usize, OfBlock> {
        let (projection, mut sorted) = (self.projection, Vec::new());
        for (source, row) in projection.rows().skip(self.sources.start).take(self.sources.len()) {
            match &projection.delay {
                Values::Same(_) => self.row(source, row),
                Values::Each(delays) => {
                    sorted.clear();
                    sorted.extend(row);
                    sorted.sort_by(|a, b| delays[*a].total_cmp(&delays[*b]));
                    self.row(source, sorted.iter().copied());
                }
            }
        }
        self.parts.into_iter().collect()
    }

    /// The connections of a source, by delay.
    fn row(&mut self, source: u32, connections: impl Iterator<Item = usize>) {
        for connection in connections {
            let Some((block, instance)) = self.places.get(self.projection.targets[connection] as usize) else { continue };
            let (_, (part, rows)) = &mut self.parts[self.part_of_block[*block as usize]];
            let at = part.targets.len();
            part.targets.push(*instance);
            if self.differs {
                part.connections.push(connection as u32);
            }
            match rows.last_mut() {
                Some((last, range)) if *last == source => range.end = at + 1,
                _ => rows.push((source, at..at + 1)),
            }
        }
    }
}
