//! NetPyNE's streams, hashes and drawing order, so that a network can be compared with NetPyNE spike for spike. Its names are not kept apart from
//! numbers here: a stream's identifiers are hashes of lists of cell numbers, and adding a cell changes them.

use super::{
    Drawn, Draws, Identity, Kind, Pair, PairValue, Question, Sampler, Side, Spread, Streams, World, listed, weight_and_delay,
};
use crate::build::cells::Cells;
use crate::build::range::{self, Told};
use crate::build::scope::Around;
use crate::value::NoValue;
use bouton_engine::plan::StreamKey;
use bouton_engine::random::Stream;
use bouton_model::ir::{Attribute, Draw, Rule};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use md5::{Digest, Md5};

/// The first 32 bits of the MD5 of a text.
pub fn hash_text(text: &str) -> u32 {
    first_word(Md5::new_with_prefix(text))
}

/// The same of a list of numbers, each as eight bytes, the lowest first.
pub fn hash_list(list: impl IntoIterator<Item = u32>) -> u32 {
    let mut hash = Md5::new();
    list.into_iter().for_each(|x| hash.update(u64::from(x).to_le_bytes()));
    first_word(hash)
}

fn first_word(hash: Md5) -> u32 {
    hash.finalize().iter().take(4).fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn stream(id1: u32, id2: u32, id3: u32) -> Stream {
    Stream::new(StreamKey([id1, id2, id3]), 0)
}

/// The implementation. One seed stands for NetPyNE's four.
#[derive(Clone, Copy, Debug)]
pub struct Netpyne {
    seed: u32,
}

impl Netpyne {
    /// Of a seed.
    pub fn new(seed: u32) -> Netpyne {
        Netpyne { seed }
    }
}

impl Streams for Netpyne {
    fn positions(&self, _population: &str, first: u32, count: u32) -> Vec<[f64; 3]> {
        let mut s = stream(count, first, self.seed);
        // Naming the distribution draws once.
        s.word();
        (0..count).map(|_| [s.uniform(), s.uniform(), s.uniform()]).collect()
    }

    fn connect(&self, world: World, q: &Question) -> Result<Drawn, Told> {
        let (mut pre, mut post) = (q.pre.to_vec(), q.post.to_vec());
        pre.sort_unstable();
        post.sort_unstable();
        let function = match q.rule {
            Rule::All => "conn_fullConn",
            Rule::Probability(_) => "conn_probConn",
            Rule::Convergence(_) => "conn_convConn",
            Rule::Divergence(_) => "conn_divConn",
            Rule::OneToOne | Rule::Pairs(_) | Rule::Listed(..) => "conn_fromListConn",
        };
        let ids = (hash_text(function), hash_list(pre.iter().chain(&post).copied()));
        if q.multapses {
            let message = "NetPyNE connects two cells at most once by one rule";
            return Err(Box::new(Diagnostic::new(Code::ValueOutOfRange, q.span, message).help("leave `multapses` out")));
        }
        let (weight, delay) = weight_and_delay(world, q)?;
        let rule = Sampler::neuron(stream(ids.0, ids.1, self.seed));
        let mut drawing = Drawing { seed: self.seed, world, q, pre, post, weight, delay, rule };
        let pairs = match q.rule {
            Rule::All => drawing.full(),
            Rule::Probability(p) => drawing.probability(p),
            Rule::Convergence(n) => drawing.convergence(n),
            Rule::Divergence(n) => drawing.divergence(n),
            Rule::OneToOne | Rule::Pairs(_) | Rule::Listed(..) => drawing.list(),
        }?;
        let mut drawn = Drawn::new(Side::Post, drawing.weight.same(), drawing.delay.same());
        for pair in pairs {
            drawn.anchor(pair.post);
            drawn.push(pair.pre, pair.weight, pair.delay);
        }
        Ok(drawn)
    }

    /// A stimulus draws attribute by attribute over its targets in order of their numbers; a cell keeps one stream for all of its attributes.
    fn spread(&self, world: World, spread: &Spread) -> Result<Vec<Vec<f64>>, Told> {
        let value = |attribute: &Attribute, cell: u32, sampler: &mut Sampler| {
            Around { world, pre: None, post: Some(cell), row: None, draws: Some(sampler) }.number(attribute)
        };
        let count = spread.cells.len();
        let mut columns = vec![vec![0.0; count]; spread.attributes.len()];
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|k| spread.cells.get(*k));
        match spread.kind {
            Kind::Stimulus(name) => {
                let sorted = order.iter().filter_map(|k| spread.cells.get(*k)).copied();
                let ids = (hash_text(&format!("stim_{name}")), hash_list(sorted));
                let mut sampler = Sampler::neuron(stream(ids.0, ids.1, self.seed));
                for ((_, attribute), column) in spread.attributes.iter().zip(&mut columns) {
                    for k in &order {
                        column[*k] = value(attribute, spread.cells[*k], &mut sampler)?;
                    }
                }
            }
            Kind::Cell => {
                let id = hash_text(if spread.identity.name.is_empty() { "cellParams" } else { &spread.identity.name });
                for (k, cell) in spread.cells.iter().enumerate() {
                    let mut sampler = Sampler::neuron(stream(id, *cell, self.seed));
                    for ((_, attribute), column) in spread.attributes.iter().zip(&mut columns) {
                        column[k] = value(attribute, *cell, &mut sampler)?;
                    }
                }
            }
        }
        Ok(columns)
    }

    /// NetPyNE knows no draws of this kind; they are keyed as its others, with a name.
    fn of_cell(&self, _cells: &Cells, name: &str, cell: u32) -> Sampler {
        Sampler::neuron(stream(hash_text(&format!("cellParams {name}")), cell, self.seed))
    }

    /// All copies on one cell share one stream, each from its beginning.
    fn running(&self, _cells: &Cells, kind: &str, _identity: &Identity, cell: u32) -> StreamKey {
        StreamKey([hash_text(kind), cell, self.seed])
    }

    fn one_synapse_a_connection(&self) -> bool {
        true
    }
}

/// A rule while it is drawn.
struct Drawing<'a> {
    seed: u32,
    world: World<'a>,
    q: &'a Question<'a>,
    /// Sorted, as are the receiving cells.
    pre: Vec<u32>,
    post: Vec<u32>,
    weight: PairValue<'a>,
    delay: PairValue<'a>,
    /// The rule's own stream.
    rule: Sampler,
}

/// There are no draws.
struct NoDraws;

impl Draws for NoDraws {
    fn draw(&mut self, _: Draw, _: &[f64]) -> Result<f64, NoValue> {
        Err(NoValue::Draw)
    }
}

impl Drawing<'_> {
    /// Everyone with everyone: what is drawn, is drawn for all pairs before, parameter by parameter.
    fn full(&mut self) -> Result<Vec<Pair>, Told> {
        let (pre, post) = (self.pre.clone(), self.post.clone());
        let table = |value: &PairValue, rule: &mut Sampler| -> Result<Option<Vec<f64>>, Told> {
            if !value.draws() {
                return Ok(None);
            }
            let pairs = pre.iter().flat_map(|a| post.iter().map(move |b| (*a, *b)));
            pairs.map(|(a, b)| value.at(self.world, Some(a), Some(b), rule)).collect::<Result<_, _>>().map(Some)
        };
        let weights = table(&self.weight, &mut self.rule)?;
        let delays = table(&self.delay, &mut self.rule)?;
        let pick = |table: &Option<Vec<f64>>, value: &PairValue, at: usize, pre: u32, post: u32| match table {
            Some(table) => Ok(table[at]),
            None => value.at(self.world, Some(pre), Some(post), &mut NoDraws),
        };
        let mut pairs = Vec::with_capacity(pre.len() * post.len());
        for (j, post_cell) in post.iter().enumerate() {
            for (i, pre_cell) in pre.iter().enumerate() {
                if self.q.autapses || pre_cell != post_cell {
                    let at = i * post.len() + j;
                    let weight = pick(&weights, &self.weight, at, *pre_cell, *post_cell)?;
                    let delay = pick(&delays, &self.delay, at, *pre_cell, *post_cell)?;
                    pairs.push(Pair { pre: *pre_cell, post: *post_cell, weight, delay });
                }
            }
        }
        Ok(pairs)
    }

    /// A connection of the other rules: where something is drawn, from a stream of its own, weight before delay.
    fn pair(&self, pre: u32, post: u32) -> Result<Pair, Told> {
        let mut own = Sampler::neuron(stream(pre, post, self.seed));
        let weight = self.weight.at(self.world, Some(pre), Some(post), &mut own)?;
        let delay = self.delay.at(self.world, Some(pre), Some(post), &mut own)?;
        Ok(Pair { pre, post, weight, delay })
    }

    /// One number a pair, sending cell by sending cell; connected receiving cell by receiving cell.
    fn probability(&mut self, p: &Attribute) -> Result<Vec<Pair>, Told> {
        let p = super::probability(p, self.world)?;
        let mut matrix = stream(hash_list(self.pre.iter().copied()), hash_list(self.post.iter().copied()), self.seed);
        matrix.word();
        let mut found = Vec::new();
        for (i, pre) in self.pre.iter().enumerate() {
            for (j, post) in self.post.iter().enumerate() {
                let p = p.at(self.world, Some(*pre), Some(*post), &mut self.rule)?;
                if p >= matrix.uniform() && (self.q.autapses || pre != post) {
                    found.push((j, i));
                }
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(j, i)| self.pair(self.pre[i], self.post[j])).collect()
    }

    fn convergence(&mut self, count: &Attribute) -> Result<Vec<Pair>, Told> {
        let others = hash_list(self.pre.iter().copied());
        let counts = self.counts(count, &self.post.clone(), false, self.pre.len())?;
        let mut pairs = Vec::new();
        for (post, n) in self.post.iter().zip(counts) {
            let mut chosen = chosen(stream(others, *post, self.seed), &self.pre, n, *post);
            chosen.sort_unstable();
            for pre in chosen {
                pairs.push(self.pair(pre, *post)?);
            }
        }
        Ok(pairs)
    }

    fn divergence(&mut self, count: &Attribute) -> Result<Vec<Pair>, Told> {
        let others = hash_list(self.post.iter().copied());
        let counts = self.counts(count, &self.pre.clone(), true, self.post.len())?;
        let mut pairs = Vec::new();
        for (pre, n) in self.pre.iter().zip(counts) {
            for post in chosen(stream(others, *pre, self.seed), &self.post, n, *pre) {
                pairs.push(self.pair(*pre, post)?);
            }
        }
        Ok(pairs)
    }

    /// How many for each cell: rounded to even, at most one fewer than there are.
    fn counts(&mut self, count: &Attribute, anchors: &[u32], sending: bool, of: usize) -> Result<Vec<usize>, Told> {
        let quantity = if sending { range::DIVERGENCE } else { range::CONVERGENCE };
        let value = PairValue::of(Some(count), 1.0, self.world, |x, _| Ok(x))?;
        let one = |cell: &u32| {
            let (pre, post) = if sending { (Some(*cell), None) } else { (None, Some(*cell)) };
            let n = quantity.finite(value.at(self.world, pre, post, &mut self.rule)?, count.span)?;
            Ok((n.round_ties_even().max(0.0) as usize).min(of.saturating_sub(1)))
        };
        anchors.iter().map(one).collect()
    }

    /// What is drawn, is drawn for the whole list, parameter by parameter.
    fn list(&mut self) -> Result<Vec<Pair>, Told> {
        let list = listed::pairs(self.world, self.q)?;
        let column = |value: &PairValue, rule: &mut Sampler| -> Result<Vec<f64>, Told> {
            list.iter().map(|pair| value.listed(self.world, pair, rule)).collect()
        };
        let weights = column(&self.weight, &mut self.rule)?;
        let delays = column(&self.delay, &mut self.rule)?;
        let all = list.iter().zip(weights.iter().zip(delays));
        let pairs = all.map(|(pair, (weight, delay))| Pair { pre: pair.pre, post: pair.post, weight: *weight, delay });
        Ok(pairs.filter(|p| self.q.autapses || p.pre != p.post).collect())
    }
}

/// `n` of these cells in the order drawn: n + 1 different ones are drawn, and the last stands in for the cell itself. `n` is below their number.
fn chosen(mut s: Stream, cells: &[u32], n: usize, itself: u32) -> Vec<u32> {
    // Naming the distribution draws once.
    s.word();
    let mut picked: Vec<u32> = Vec::with_capacity(n + 1);
    let mut taken = vec![false; cells.len()];
    while picked.len() <= n && picked.len() < cells.len() {
        let k = (cells.len() as f64 * s.uniform()) as usize;
        if !std::mem::replace(&mut taken[k], true) {
            picked.push(cells[k]);
        }
    }
    let spare = if picked.len() > n { picked.pop() } else { None };
    picked.iter().map(|cell| if *cell == itself { spare.unwrap_or(*cell) } else { *cell }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NetPyNE 1.1.1.
    #[test]
    fn hashes_are_netpynes() {
        let texts = [
            ("NetStim", 1428063344),
            ("conn_divConn", 2288175070),
            ("conn_probConn", 1077798916),
            ("stim_NetStim", 3435125483),
            ("vecstim_spkt", 766627038),
        ];
        for (text, hash) in texts {
            assert_eq!(hash_text(text), hash, "{text}");
        }
        assert_eq!([hash_list(0..20), hash_list(20..40), hash_list(0..40)], [2980124830, 1003446879, 2023176133]);
    }
}
