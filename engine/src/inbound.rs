//! The connections that reach a group: rows by source. An event in a group's queue stands for all connections of a row that have one delay.
//!
//! A row holds the connections of one source in one projection that reach one block, by delay and then in order of creation. What differs from
//! connection to connection stays in the plan; here is only which connection it is.

use crate::plan::{Plan, Projection, Values};
use crate::simd::fetch;
use std::ops::Range;
use std::sync::Arc;

/// Rows by source.
pub struct Inbound {
    plan: Arc<Plan>,
    /// Which sources have rows.
    sources: Ranks,
    /// Rows of the source of rank `k` are `first[k]..first[k + 1]`.
    first: Vec<u32>,
    rows: Vec<Row>,
    parts: Vec<Part>,
}

/// Connections of one source in a part.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    part: u32,
    begin: u32,
    end: u32,
}

/// Connections of a projection that reach one block.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// Of the plan.
    pub projection: usize,
    /// Block of the group.
    pub block: u16,
    /// Instance in the block's pool of each connection.
    pub targets: Vec<u32>,
    /// Number of each in the projection; empty where all are alike.
    pub connections: Vec<u32>,
    /// Number, among the connections to the pool, of the first, where they have something for themselves.
    pub first: u32,
}

/// An argument of the events of some connections.
#[derive(Clone, Copy, Debug)]
pub enum Arguments<'a> {
    /// The same for all.
    Same(f64),
    /// One each, times the number of events.
    Listed(&'a [f64]),
    /// That of connection `connections[k]` is `values[connections[k]]`.
    Each {
        /// By connection of the projection.
        values: &'a [f64],
        /// Which ones.
        connections: &'a [u32],
    },
}

/// Some connections of a row, and which handler of which pool they reach.
#[derive(Clone, Copy, Debug)]
pub struct Fan<'a> {
    /// Of the group.
    pub block: u16,
    /// Of the block.
    pub pool: u16,
    /// Of the pool's code.
    pub handler: u16,
    /// Instances of the pool.
    pub targets: &'a [u32],
    /// The weight.
    pub weight: Arguments<'a>,
    /// How many events at once.
    pub times: u32,
}

impl Inbound {
    /// These parts, and rows with their sources in order of projections.
    pub fn new(plan: Arc<Plan>, parts: Vec<Part>, rows: &[(u32, Row)]) -> Inbound {
        let sources = Ranks::of(rows.iter().map(|(source, _)| *source));
        let mut first = vec![0u32; sources.len() + 1];
        let rank = |source: &u32| sources.rank(*source).unwrap_or(0);
        rows.iter().for_each(|(source, _)| first[rank(source) + 1] += 1);
        (0..sources.len()).for_each(|k| first[k + 1] += first[k]);
        let mut next = first.clone();
        let mut sorted = vec![Row { part: 0, begin: 0, end: 0 }; rows.len()];
        for (source, row) in rows {
            let place = &mut next[rank(source)];
            sorted[*place as usize] = *row;
            *place += 1;
        }
        Inbound { plan, sources, first, rows: sorted, parts }
    }

    /// Connections by projection and block.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The rows of a source: number of each, its first connection, and that one's delay (ms).
    pub fn rows(&self, source: u32) -> impl Iterator<Item = (u32, u32, f64)> + '_ {
        let range = self.sources.rank(source).map_or(0..0, |k| self.first[k]..self.first[k + 1]);
        range.map(|number| {
            let row = self.rows[number as usize];
            (number, row.begin, self.delay(row.part, row.begin))
        })
    }

    /// The connection of a source that has only one: part, number in the part, delay (ms).
    pub fn only(&self, source: u32) -> Option<(u32, u32, f64)> {
        let k = self.sources.rank(source)?;
        let [row] = self.rows[self.first[k] as usize..self.first[k + 1] as usize] else { return None };
        (row.begin + 1 == row.end).then(|| (row.part, row.begin, self.delay(row.part, row.begin)))
    }

    /// Which handler of which pool of which block connections of a part reach.
    pub fn reached(&self, part: u32) -> (u16, u16, u16) {
        let part = &self.parts[part as usize];
        let Projection { pool, handler, .. } = *self.projection(part);
        (part.block, pool, handler)
    }

    /// Targets, and weights times how often, of connections of a part.
    pub fn listed(&self, part: u32, connections: impl Iterator<Item = (u32, u32)> + Clone, out: &mut (Vec<u32>, Vec<f64>)) {
        let part = &self.parts[part as usize];
        let (targets, weights) = out;
        targets.clear();
        weights.clear();
        targets.extend(connections.clone().map(|(at, _)| part.targets[at as usize]));
        let times = |times: u32, weight: f64| f64::from(times) * weight;
        match self.projection(part).arguments.first() {
            Some(Values::Each(values)) => {
                weights.extend(connections.map(|(at, n)| times(n, values[part.connections[at as usize] as usize])));
            }
            Some(Values::Same(x)) => weights.extend(connections.map(|(_, n)| times(n, *x))),
            None => weights.extend(connections.map(|(_, n)| f64::from(n))),
        }
    }

    /// The connections of a row from this one on are needed soon.
    pub fn fetch(&self, row: u32, begin: u32) {
        let Row { part, end, .. } = self.rows[row as usize];
        fetch(&self.parts[part as usize].targets[begin as usize..end as usize]);
    }

    /// Instance that a connection of a part reaches.
    pub fn target(&self, part: u32, at: u32) -> u32 {
        self.parts[part as usize].targets[at as usize]
    }

    fn delay(&self, part: u32, at: u32) -> f64 {
        let part = &self.parts[part as usize];
        match &self.projection(part).delay {
            Values::Same(delay) => *delay,
            Values::Each(delays) => delays[part.connections[at as usize] as usize],
        }
    }

    fn projection(&self, part: &Part) -> &Projection {
        &self.plan.projections[part.projection]
    }

    /// From this connection of a row on those that have its delay; and the first of the others with its delay, if there are any.
    pub fn alike(&self, row: u32, begin: u32) -> (Range<u32>, Option<(u32, f64)>) {
        let Row { part: number, end, .. } = self.rows[row as usize];
        let part = &self.parts[number as usize];
        let Values::Each(delays) = &self.projection(part).delay else { return (begin..end, None) };
        let delay = |at: u32| delays[part.connections[at as usize] as usize];
        let first = delay(begin);
        let next = (begin + 1..end).find(|at| delay(*at) != first);
        (begin..next.unwrap_or(end), next.map(|at| (at, delay(at))))
    }

    /// What so many events at once of these connections of a row reach.
    pub fn fan(&self, row: u32, range: Range<u32>, times: u32) -> Fan<'_> {
        let part = &self.parts[self.rows[row as usize].part as usize];
        let range = range.start as usize..range.end as usize;
        let projection = self.projection(part);
        let weight = match projection.arguments.first() {
            Some(Values::Each(values)) => Arguments::Each { values, connections: &part.connections[range.clone()] },
            Some(Values::Same(x)) => Arguments::Same(*x),
            None => Arguments::Same(1.0),
        };
        let Projection { pool, handler, .. } = *projection;
        Fan { block: part.block, pool, handler, targets: &part.targets[range], weight, times }
    }

    /// The part of a row.
    pub fn part(&self, row: u32) -> u32 {
        self.rows[row as usize].part
    }

    /// Target of a connection of a part, and its number among the connections to the pool.
    pub fn kept(&self, part: u32, at: u32) -> (u32, u32) {
        let part = &self.parts[part as usize];
        (part.targets[at as usize], part.first + at)
    }

    /// Target of a connection of a part, and the arguments of its event.
    pub fn one(&self, part: u32, at: u32, arguments: &mut Vec<f64>) -> u32 {
        let part = &self.parts[part as usize];
        let connection = part.connections.get(at as usize).map_or(0, |c| *c as usize);
        arguments.clear();
        arguments.extend(self.projection(part).arguments.iter().map(|values| values.at(connection)));
        part.targets[at as usize]
    }
}

impl Row {
    /// These connections of a part.
    pub fn new(part: u32, range: Range<usize>) -> Row {
        Row { part, begin: range.start as u32, end: range.end as u32 }
    }
}

/// A set of numbers, each with its rank: a bit each, so that most questions after sources that send nothing here cost next to nothing.
#[derive(Clone, Debug, Default)]
struct Ranks {
    bits: Vec<u64>,
    /// How many numbers lie before each word.
    before: Vec<u32>,
    count: u32,
}

impl Ranks {
    fn of(numbers: impl Iterator<Item = u32>) -> Ranks {
        let mut ranks = Ranks::default();
        for number in numbers {
            let word = number as usize / 64;
            if word >= ranks.bits.len() {
                ranks.bits.resize(word + 1, 0);
            }
            ranks.bits[word] |= 1 << (number % 64);
        }
        for word in &ranks.bits {
            ranks.before.push(ranks.count);
            ranks.count += word.count_ones();
        }
        ranks
    }

    fn len(&self) -> usize {
        self.count as usize
    }

    fn rank(&self, number: u32) -> Option<usize> {
        let word = number as usize / 64;
        let (bits, bit) = (*self.bits.get(word)?, 1u64 << (number % 64));
        (bits & bit != 0).then(|| self.before[word] as usize + (bits & (bit - 1)).count_ones() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_of_a_set() {
        let set = [3, 64, 65, 200];
        let ranks = Ranks::of([65, 3, 200, 64, 3].into_iter());
        assert_eq!(ranks.len(), set.len());
        for number in 0..300 {
            assert_eq!(ranks.rank(number), set.iter().position(|n| *n == number));
        }
    }
}
