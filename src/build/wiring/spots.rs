//! The synapses that connections make: one or several for each, at one place or along sections, by length.

use super::values::Set;
use super::{Wiring, no_port};
use crate::build::draft::Draft;
use crate::build::range::{self, Told};
use crate::build::statement::Statement;
use crate::build::streams::Drawn;
use crate::build::streams::own::Keys;
use bouton_engine::plan::Values;
use bouton_engine::random::Stream;
use bouton_model::geometry::segment_at;
use bouton_model::ir::{Connection, Port, SectionId};
use std::collections::{BTreeMap, HashMap};

/// A segment on which a synapse may sit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Its section.
    pub section: SectionId,
    /// From 0.
    segment: u32,
}

impl Spot {
    /// Its node in a class; nothing where the section has fewer segments there.
    pub fn node(self, draft: &Draft) -> Option<u32> {
        draft.shape.as_ref()?.segments(self.section.index()).get(self.segment as usize).copied()
    }

    /// All segments of some sections, each with its section.
    pub fn nodes(along: &[SectionId], draft: &Draft) -> Vec<(SectionId, u32)> {
        let of = |section: &SectionId| draft.shape.as_ref().map_or_else(Vec::new, |shape| shape.segments(section.index()));
        along.iter().flat_map(|section| of(section).into_iter().map(|node| (*section, node))).collect()
    }
}

impl Wiring<'_> {
    /// What was drawn acts: each connection by as many synapses as the statement says, all with the values of the connection.
    pub(super) fn synapses(&mut self, statement: &Statement, c: &Connection, drawn: Drawn, set: &[Set]) -> Result<(), Told> {
        let count = match &c.synapses {
            Some(n) => range::SYNAPSES.whole(self.making.world.number(n)?, 1, u32::MAX, n.span)? as usize,
            None => 1,
        };
        let along = c.ports.iter().any(|(_, port)| matches!(port, Port::Synapse { along, .. } if !along.is_empty()));
        if count == 1 && !along {
            let reached = self.ports(statement, c, None)?;
            return self.bundle(&drawn, reached, c, set);
        }
        let mut by_spot: BTreeMap<Option<Spot>, Vec<usize>> = BTreeMap::new();
        for (number, spot) in self.spots(statement, c, &drawn, count)? {
            by_spot.entry(spot).or_default().push(number);
        }
        for (spot, numbers) in by_spot {
            let part: Vec<Set> = set.iter().map(|(setting, values)| (*setting, only(values, &numbers))).collect();
            let reached = self.ports(statement, c, spot)?;
            self.bundle(&drawn.only(&numbers), reached, c, &part)?;
        }
        Ok(())
    }

    /// The connection and the spot of each synapse, in order of creation. Each place is drawn by length from a stream for each receiving cell and sending population.
    fn spots(
        &self,
        statement: &Statement,
        c: &Connection,
        drawn: &Drawn,
        count: usize,
    ) -> Result<Vec<(usize, Option<Spot>)>, Told> {
        let (world, identity) = (self.making.world, &statement.identity);
        let (keys, ordinal) = (Keys::new(world.constants.seed), identity.ordinal.to_string());
        let name = |population: usize| world.cells.populations.get(population).map_or("", |p| p.name.as_str());
        let mut streams: HashMap<(usize, u32), Stream> = HashMap::new();
        let (mut spots, mut number, mut missing) = (Vec::with_capacity(drawn.len() * count), 0, false);
        drawn.each_end(|pre, post| {
            let from = world.cells.place(pre).map_or(usize::MAX, |(population, _)| population);
            let stream = streams.entry((from, post)).or_insert_with(|| {
                let (to, index) = world.cells.place(post).unwrap_or((usize::MAX, post));
                keys.of(&["place", &identity.name, &ordinal, name(from), name(to)]).stream(index)
            });
            for _ in 0..count {
                match self.spot(c, post, stream) {
                    Some(spot) => spots.push((number, spot)),
                    None => missing = true,
                }
            }
            number += 1;
        });
        if missing { Err(no_port(statement)) } else { Ok(spots) }
    }

    /// Where the next synapse on a cell sits: `Some(None)` where its port is one place.
    fn spot(&self, c: &Connection, post: u32, stream: &mut Stream) -> Option<Option<Spot>> {
        let (class, lane) = self.classes.lane(self.making.world.cells, post)?;
        let kind = self.classes.list.get(class)?.cell;
        let (_, port) = c.ports.iter().find(|(cell, _)| *cell == kind)?;
        let along = match port {
            Port::Synapse { along, .. } if !along.is_empty() => along,
            _ => return Some(None),
        };
        let shape = self.drafts.get(class)?.shape.as_ref()?;
        let length = |section: &SectionId| shape.length(section.index(), lane);
        let mut left = stream.uniform() * along.iter().map(length).sum::<f64>();
        let mut chosen = (*along.last()?, 1.0);
        for section in along {
            if left < length(section) {
                chosen = (*section, left / length(section));
                break;
            }
            left -= length(section);
        }
        let (section, x) = chosen;
        let segments = shape.segments(section.index()).len() as u32;
        Some(Some(Spot { section, segment: segment_at(x, segments) }))
    }
}

/// Of these connections.
fn only(values: &Values, numbers: &[usize]) -> Values {
    match values {
        Values::Same(x) => Values::Same(*x),
        Values::Each(_) => Values::Each(numbers.iter().map(|k| values.at(*k)).collect()),
    }
}
