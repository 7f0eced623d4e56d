//! Several hands for the blocks of one group: they work at the same time, each on blocks of its own, and meet where values are exchanged.
//! What is computed does not depend on how many there are.

use crate::block::{Block, Worker};
use crate::profile::Profile;

/// Values of a step (nodes and rows of instances) below which a group is not worth a second hand: they take as long as waiting for one another.
const WORTH: usize = 4000;

/// Who works on the blocks of a group, and the values that the blocks exchange.
pub struct Crew {
    hands: Vec<Hand>,
    /// What the blocks show to each other, block by block.
    values: Vec<f64>,
}

/// One of them, and how many blocks are its own.
struct Hand {
    worker: Worker,
    blocks: usize,
    /// How many values these blocks show.
    taps: usize,
    profile: Option<Box<Profile>>,
}

/// Blocks of some hands.
struct Share<'a> {
    hands: &'a mut [Hand],
    blocks: &'a mut [Block],
    values: &'a mut [f64],
}

impl Crew {
    /// For blocks whose taps are complete; at most as many hands as there are threads.
    pub fn new(blocks: &[Block], threads: usize, worker: impl Fn() -> Worker) -> Crew {
        let total: usize = blocks.iter().map(Block::size).sum();
        let count = if total < WORTH { 1 } else { threads.clamp(1, blocks.len().max(1)) };
        let mut hands = Vec::with_capacity(count);
        let (mut next, mut done) = (0, 0);
        for k in 1..=count {
            let first = next;
            // Each takes its part of the work; the last one what is left.
            while next < blocks.len() && (k == count || done + blocks[next].size() / 2 < total * k / count) {
                done += blocks[next].size();
                next += 1;
            }
            let taps = blocks[first..next].iter().map(|b| b.taps.len()).sum();
            hands.push(Hand { worker: worker(), blocks: next - first, taps, profile: None });
        }
        Crew { values: vec![0.0; hands.iter().map(|h| h.taps).sum()], hands }
    }

    /// How many work at the same time.
    pub fn hands(&self) -> usize {
        self.hands.len()
    }

    /// Begins to keep times.
    pub fn keep_times(&mut self) {
        self.hands.iter_mut().for_each(|h| h.profile = Some(Box::default()));
    }

    /// Times that were kept.
    pub fn profiles(&self) -> impl Iterator<Item = &Profile> {
        self.hands.iter().filter_map(|h| h.profile.as_deref())
    }

    /// Inputs become what drives them now.
    pub fn exchange(&mut self, blocks: &mut [Block]) {
        self.all(blocks, |block, _, taps| {
            block.show(taps);
            false
        });
        let values = &self.values;
        blocks.iter_mut().for_each(|block| block.take(values));
    }

    /// From the currents at `half` to the states at `end` (ms). Whether some value is none any more.
    pub fn step(&mut self, blocks: &mut [Block], half: f64, end: f64) -> bool {
        if self.values.is_empty() {
            return self.all(blocks, |block, hand, _| block.step(&mut hand.worker, half, end, hand.profile.as_deref_mut()));
        }
        let faulty = self.all(blocks, |block, hand, taps| {
            let faulty = block.potentials(&mut hand.worker, half, hand.profile.as_deref_mut());
            block.show(taps);
            faulty
        });
        // The values are read by all from here on.
        let Crew { hands, values } = self;
        let share = Share { hands, blocks, values: &mut [] };
        faulty
            | share.work(&|block, hand, _| {
                block.take(values);
                block.states(&mut hand.worker, end, hand.profile.as_deref_mut())
            })
    }

    fn all(&mut self, blocks: &mut [Block], act: impl Fn(&mut Block, &mut Hand, &mut [f64]) -> bool + Sync) -> bool {
        Share { hands: &mut self.hands, blocks, values: &mut self.values }.work(&act)
    }
}

impl Share<'_> {
    /// Acts on all blocks, each with its part of the values. Whether one of the acts says so.
    fn work(self, act: &(impl Fn(&mut Block, &mut Hand, &mut [f64]) -> bool + Sync)) -> bool {
        let Share { hands, blocks, mut values } = self;
        if let [hand] = hands {
            let mut any = false;
            for block in blocks {
                let taps = block.taps.len().min(values.len());
                let (own, rest) = values.split_at_mut(taps);
                any |= act(block, hand, own);
                values = rest;
            }
            return any;
        }
        let (first, second) = hands.split_at_mut(hands.len() / 2);
        let (mine, others) = blocks.split_at_mut(first.iter().map(|h| h.blocks).sum());
        let (shown, to_come) = values.split_at_mut(first.iter().map(|h| h.taps).sum::<usize>().min(values.len()));
        let first = Share { hands: first, blocks: mine, values: shown };
        let second = Share { hands: second, blocks: others, values: to_come };
        let (a, b) = rayon::join(|| first.work(act), || second.work(act));
        a | b
    }
}
