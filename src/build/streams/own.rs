//! Bouton's own streams: each draw has a key of names and of the cell that it is drawn for, so that what is added to a network leaves the draws of the rest alone.
//!
//! A key is 64 bits of the MD5 of the seed and names, and the index of a cell. A rule draws for each receiving cell (with `divergence`, for each
//! sending one) and population on the other side from one stream, its weights and delays from others; cells are drawn in parallel.

use super::{
    Drawn, Identity, Kind, PairValue, Question, Sampler, Side, Spread, Streams, World, listed, probability, weight_and_delay,
};
use crate::build::cells::Cells;
use crate::build::range::{self, Told};
use crate::build::scope::Around;
use bouton_engine::plan::StreamKey;
use bouton_engine::random::Stream;
use bouton_engine::random::distribution::{below, failures};
use bouton_model::ir::{Attribute, Rule};
use md5::{Digest, Md5};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};

/// Cells that are drawn one after the other.
const CHUNK: usize = 64;

/// Makes keys from names.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    seed: u32,
}

/// The key of some names; with the index of a cell it is a stream's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key([u32; 2]);

impl Keys {
    /// Of a seed.
    pub fn new(seed: u32) -> Keys {
        Keys { seed }
    }

    /// Of these names, in this order.
    pub fn of(self, names: &[&str]) -> Key {
        let mut hash = Md5::new();
        hash.update(self.seed.to_le_bytes());
        for name in names {
            // With its length before it, no name runs into the next.
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name.as_bytes());
        }
        let bytes = hash.finalize();
        let word = |at: usize| bytes.iter().skip(at).take(4).rev().fold(0u32, |word, byte| word << 8 | u32::from(*byte));
        Key([word(0), word(4)])
    }
}

impl Key {
    /// The stream of a cell.
    pub fn stream(self, index: u32) -> Stream {
        Stream::new(self.with(index), 0)
    }

    /// Its key.
    pub fn with(self, index: u32) -> StreamKey {
        StreamKey([self.0[0], self.0[1], index])
    }
}

/// The implementation.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    keys: Keys,
}

impl Own {
    /// Of a seed.
    pub fn new(seed: u32) -> Own {
        Own { keys: Keys::new(seed) }
    }
}

impl Streams for Own {
    fn positions(&self, population: &str, _first: u32, count: u32) -> Vec<[f64; 3]> {
        let key = self.keys.of(&["position", population]);
        let place = |index| {
            let mut stream = key.stream(index);
            [stream.uniform(), stream.uniform(), stream.uniform()]
        };
        (0..count).map(place).collect()
    }

    fn connect(&self, world: World, q: &Question) -> Result<Drawn, Told> {
        let (weight, delay) = weight_and_delay(world, q)?;
        let drawing = Drawing { own: self, world, q, weight, delay, index_of: HashMap::new() };
        match q.rule {
            Rule::All => drawing.pairwise(&PairValue::Same(1.0)),
            Rule::Probability(p) => {
                let p = probability(p, world)?;
                drawing.pairwise(&p)
            }
            Rule::Convergence(n) => drawing.choose(Side::Post, n),
            Rule::Divergence(n) => drawing.choose(Side::Pre, n),
            Rule::OneToOne | Rule::Pairs(_) | Rule::Listed(..) => drawing.list(),
        }
    }

    fn spread(&self, world: World, spread: &Spread) -> Result<Vec<Vec<f64>>, Told> {
        let kind = match spread.kind {
            Kind::Stimulus(_) => "stimulus",
            Kind::Cell => "cell",
        };
        let mut keys = Memory::default();
        let mut column = |name: &str, attribute: &Attribute| -> Result<Vec<f64>, Told> {
            let value = |cell: &u32| {
                let key = keys.of(self, world.cells, kind, name, spread.identity, *cell);
                let mut sampler = Sampler::own(Stream::new(key, 0));
                Around { world, pre: None, post: Some(*cell), row: None, draws: Some(&mut sampler) }.number(attribute)
            };
            spread.cells.iter().map(value).collect()
        };
        spread.attributes.iter().map(|(name, attribute)| column(name, attribute)).collect()
    }

    fn of_cell(&self, cells: &Cells, name: &str, cell: u32) -> Sampler {
        Sampler::own(Stream::new(Memory::default().of(self, cells, "cell", name, &Identity::default(), cell), 0))
    }

    fn running(&self, cells: &Cells, kind: &str, identity: &Identity, cell: u32) -> StreamKey {
        Memory::default().of(self, cells, "running", kind, identity, cell)
    }

    fn one_synapse_a_connection(&self) -> bool {
        false
    }
}

/// Keys by population, so that not every cell is hashed anew.
#[derive(Default)]
struct Memory(HashMap<(String, usize), Key>);

impl Memory {
    fn of(&mut self, own: &Own, cells: &Cells, purpose: &str, what: &str, identity: &Identity, cell: u32) -> StreamKey {
        let (population, index) = cells.place(cell).unwrap_or((usize::MAX, cell));
        let key = self.0.entry((what.to_owned(), population)).or_insert_with(|| {
            let name = cells.populations.get(population).map_or("", |p| p.name.as_str());
            own.keys.of(&[purpose, what, &identity.name, &identity.ordinal.to_string(), name])
        });
        key.with(index)
    }
}

/// A rule while it is drawn.
struct Drawing<'a> {
    own: &'a Own,
    world: World<'a>,
    q: &'a Question<'a>,
    weight: PairValue<'a>,
    delay: PairValue<'a>,
    index_of: HashMap<u32, u32>,
}

/// Streams of one cell's connections.
struct Sources {
    /// Who.
    choice: Stream,
    /// Draws of a probability or of how many.
    rule: Sampler,
    weight: Sampler,
    delay: Sampler,
}

impl Drawing<'_> {
    fn sources(&self, other: &str, population: &str) -> impl Fn(u32) -> Sources + use<> {
        let Identity { name, ordinal } = self.q.identity;
        let ordinal = ordinal.to_string();
        let key = |purpose: &str| self.own.keys.of(&[purpose, name, &ordinal, other, population]);
        let (choice, rule, weight, delay) = (key("choice"), key("rule"), key("weight"), key("delay"));
        move |index| Sources {
            choice: choice.stream(index),
            rule: Sampler::own(rule.stream(index)),
            weight: Sampler::own(weight.stream(index)),
            delay: Sampler::own(delay.stream(index)),
        }
    }

    /// Room for connections of which one side comes cell by cell.
    fn room(&self, side: Side) -> Drawn {
        Drawn::new(side, self.weight.same(), self.delay.same())
    }

    fn pair(&self, pre: u32, post: u32, sources: &mut Sources, drawn: &mut Drawn) -> Result<(), Told> {
        let weight = self.weight.at(self.world, Some(pre), Some(post), &mut sources.weight)?;
        let delay = self.delay.at(self.world, Some(pre), Some(post), &mut sources.delay)?;
        drawn.push(if drawn.side() == Side::Post { pre } else { post }, weight, delay);
        Ok(())
    }

    /// Draws cell by cell, many at a time.
    fn cells(
        &self,
        side: Side,
        cells: &[u32],
        all: &mut Drawn,
        draw: impl Fn(u32, &mut Drawn) -> Result<(), Told> + Sync,
    ) -> Result<(), Told> {
        let chunk = |cells: &[u32]| {
            let mut drawn = self.room(side);
            for cell in cells {
                drawn.anchor(*cell);
                draw(*cell, &mut drawn)?;
            }
            Ok(drawn)
        };
        let chunks: Vec<Drawn> = cells.par_chunks(CHUNK).map(chunk).collect::<Result<_, Told>>()?;
        chunks.into_iter().for_each(|drawn| all.append(drawn));
        Ok(())
    }

    fn allowed(&self, pre: u32, post: u32) -> bool {
        self.q.autapses || pre != post
    }

    /// Cells of a list by population, in order of first appearance.
    fn grouped(&self, list: &[u32]) -> Vec<(String, Vec<u32>)> {
        let mut groups: Vec<(usize, Vec<u32>)> = Vec::new();
        let mut at: HashMap<usize, usize> = HashMap::new();
        for cell in list {
            let population = self.world.cells.place(*cell).map_or(usize::MAX, |(p, _)| p);
            let group = *at.entry(population).or_insert(groups.len());
            if group == groups.len() {
                groups.push((population, Vec::new()));
            }
            if let Some((_, members)) = groups.get_mut(group) {
                members.push(*cell);
            }
        }
        let name = |p: usize| self.world.cells.populations.get(p).map_or(String::new(), |m| m.name.clone());
        groups.into_iter().map(|(p, members)| (name(p), members)).collect()
    }

    fn index(&self, cell: u32) -> u32 {
        self.world.cells.place(cell).map_or(cell, |(_, index)| index)
    }

    /// Every pair by itself: for each receiving cell, for each population that sends.
    fn pairwise(&self, probability: &PairValue) -> Result<Drawn, Told> {
        let pre = self.grouped(self.q.pre);
        let mut all = self.room(Side::Post);
        for (post_name, posts) in self.grouped(self.q.post) {
            let makers: Vec<_> = pre.iter().map(|(pre_name, _)| self.sources(pre_name, &post_name)).collect();
            self.cells(Side::Post, &posts, &mut all, |post, drawn| {
                let mut senders = pre.iter().zip(&makers);
                senders.try_for_each(|((_, pres), maker)| self.onto(post, pres, probability, &mut maker(self.index(post)), drawn))
            })?;
        }
        Ok(all)
    }

    fn onto(&self, post: u32, pres: &[u32], p: &PairValue, sources: &mut Sources, drawn: &mut Drawn) -> Result<(), Told> {
        if let PairValue::Same(p) = p {
            let mut next = 0usize;
            // With a probability that is the same for all, only the connections are drawn: the gaps between them are geometric.
            while let Some(gap) = failures(&mut sources.choice, *p, (pres.len() - next) as u64) {
                let Some(pre) = pres.get(next + gap as usize) else { break };
                next += gap as usize + 1;
                if self.allowed(*pre, post) {
                    self.pair(*pre, post, sources, drawn)?;
                }
            }
            return Ok(());
        }
        for pre in pres {
            let p = p.at(self.world, Some(*pre), Some(post), &mut sources.rule)?;
            if sources.choice.uniform() < p && self.allowed(*pre, post) {
                self.pair(*pre, post, sources, drawn)?;
            }
        }
        Ok(())
    }

    /// For each cell on one side so many different ones on the other.
    fn choose(mut self, side: Side, count: &Attribute) -> Result<Drawn, Told> {
        let (anchors, others) = match side {
            Side::Pre => (self.q.pre, self.q.post),
            Side::Post => (self.q.post, self.q.pre),
        };
        self.index_of = others.iter().copied().zip(0..).collect();
        let this = &self;
        let other_names = self.grouped(others).into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(",");
        let count = PairValue::of(Some(count), 1.0, self.world, |x, _| Ok(x))?;
        let mut all = self.room(side);
        for (name, members) in self.grouped(anchors) {
            let maker = self.sources(&other_names, &name);
            self.cells(side, &members, &mut all, |anchor, drawn| {
                this.chosen(side, anchor, others, &count, &mut maker(this.index(anchor)), drawn)
            })?;
        }
        Ok(all)
    }

    fn chosen(
        &self,
        side: Side,
        anchor: u32,
        others: &[u32],
        count: &PairValue,
        sources: &mut Sources,
        drawn: &mut Drawn,
    ) -> Result<(), Told> {
        let itself = if self.q.autapses { None } else { self.index_of.get(&anchor).copied() };
        let available = others.len() as u32 - u32::from(itself.is_some());
        let most = if self.q.multapses && available > 0 { u32::MAX } else { available };
        let (pre, post) = if side == Side::Pre { (Some(anchor), None) } else { (None, Some(anchor)) };
        let wanted = count.at(self.world, pre, post, &mut sources.rule)?.round_ties_even();
        let wanted = self.in_reach(side, wanted, most)?;
        let past_itself = |k: u32| if itself.is_some_and(|own| k >= own) { k + 1 } else { k };
        let chosen = match self.q.multapses {
            true => repeated(&mut sources.choice, wanted, available),
            false => distinct(&mut sources.choice, wanted, available),
        };
        for k in chosen {
            let other = others.get(past_itself(k) as usize).copied().unwrap_or(anchor);
            let (pre, post) = if side == Side::Pre { (anchor, other) } else { (other, anchor) };
            self.pair(pre, post, sources, drawn)?;
        }
        Ok(())
    }

    fn in_reach(&self, side: Side, wanted: f64, available: u32) -> Result<u32, Told> {
        let quantity = if side == Side::Pre { range::DIVERGENCE } else { range::CONVERGENCE };
        let span = match self.q.rule {
            Rule::Convergence(a) | Rule::Divergence(a) => a.span,
            _ => self.q.span,
        };
        if wanted > f64::from(available) {
            return Err(quantity.outside(wanted, span, &format!("there are {available} cells to choose from")));
        }
        quantity.whole(wanted, 0, u32::MAX, span)
    }

    /// What is drawn for a pair comes from the streams of its populations and of the receiving cell, pair after pair.
    fn list(&self) -> Result<Drawn, Told> {
        let name = |cell: u32| self.world.cells.place(cell).map_or(usize::MAX, |(population, _)| population);
        let text = |population: usize| self.world.cells.populations.get(population).map_or("", |m| m.name.as_str());
        let mut makers = HashMap::new();
        let mut streams: HashMap<(usize, u32), Sources> = HashMap::new();
        let mut drawn = self.room(Side::Post);
        let pairs = listed::pairs(self.world, self.q)?;
        for pair in pairs.iter().filter(|pair| self.allowed(pair.pre, pair.post)) {
            let (from, to) = (name(pair.pre), name(pair.post));
            let sources = streams.entry((from, pair.post)).or_insert_with(|| {
                let maker = makers.entry((from, to)).or_insert_with(|| self.sources(text(from), text(to)));
                maker(self.index(pair.post))
            });
            let weight = self.weight.listed(self.world, pair, &mut sources.weight)?;
            let delay = self.delay.listed(self.world, pair, &mut sources.delay)?;
            drawn.anchor(pair.post);
            drawn.push(pair.pre, weight, delay);
        }
        Ok(drawn)
    }
}

/// `n` numbers below `of`, ascending; any of them may come again.
fn repeated(stream: &mut Stream, n: u32, of: u32) -> Vec<u32> {
    let mut chosen: Vec<u32> = (0..n).map(|_| below(stream, of)).collect();
    chosen.sort_unstable();
    chosen
}

/// `n` different numbers below `of`, ascending (Floyd's algorithm; Bentley and Floyd 1987).
fn distinct(stream: &mut Stream, n: u32, of: u32) -> Vec<u32> {
    let last = of.saturating_sub(n)..of;
    if u64::from(n) * 64 < u64::from(of) {
        let mut seen = HashSet::with_capacity(n as usize);
        for j in last {
            let t = below(stream, j + 1);
            if !seen.insert(t) {
                seen.insert(j);
            }
        }
        let mut chosen: Vec<u32> = seen.into_iter().collect();
        chosen.sort_unstable();
        return chosen;
    }
    // Where many are wanted of few, a bit each is faster than a set, and comes sorted.
    let mut bits = vec![0u64; of.div_ceil(64) as usize];
    let mut insert = |k: u32| {
        let (word, bit) = (&mut bits[(k / 64) as usize], 1u64 << (k % 64));
        let new = *word & bit == 0;
        *word |= bit;
        new
    };
    for j in last {
        let t = below(stream, j + 1);
        if !insert(t) {
            insert(j);
        }
    }
    let mut chosen = Vec::with_capacity(n as usize);
    for (word, base) in bits.into_iter().zip((0..).step_by(64)) {
        let mut left = word;
        while left != 0 {
            chosen.push(base + left.trailing_zeros());
            left &= left - 1;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ways choose the same.
    #[test]
    fn distinct_numbers() {
        let key = Keys::new(1).of(&["test"]);
        for (n, of) in [(0, 0), (0, 5), (5, 5), (1, 64), (2, 130), (3, 1000), (20, 1000)] {
            let chosen = distinct(&mut key.stream(n), n, of);
            assert_eq!(chosen.len(), n as usize);
            assert!(chosen.is_sorted_by(|a, b| a < b) && chosen.iter().all(|k| *k < of));
        }
    }
}
