//! How many events may be delivered: to a network by itself, or to each copy among others. Events are counted, not time, so that a run ends at the same event
//! on any machine.

use crate::block::Block;
use crate::inbound::Fan;

/// Lanes that all copies share.
const ALL: usize = usize::MAX;

/// What a group has for its blocks. Copies that have had more hear of nothing any more.
#[derive(Clone, Debug, Default)]
pub struct Ration {
    /// For each block and lane, whose it is.
    owners: Vec<Vec<usize>>,
    /// How many events each copy may still have; nothing: any number, and they are not counted.
    left: Option<Vec<u64>>,
    /// How many each has had since that was said.
    had: Vec<u64>,
    /// How many went to lanes that all share.
    shared: u64,
    /// Which copies hear of nothing.
    over: Vec<bool>,
}

/// What becomes of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// Somebody hears of it.
    pub is_due: bool,
    /// Block and lane of one who has had too many now.
    pub too_many: Option<(usize, usize)>,
}

impl Ration {
    /// For so many copies; `owner` tells whose a lane of a class is, if not everybody's.
    pub fn new(blocks: &[Block], copies: usize, left: Option<&[u64]>, owner: impl Fn(usize, usize) -> Option<usize>) -> Ration {
        let of = |block: &Block| {
            let lanes = block.first_lane..block.first_lane + block.lanes;
            lanes.map(|lane| owner(block.class, lane).filter(|copy| *copy < copies).unwrap_or(ALL)).collect()
        };
        let (had, over) = (vec![0; copies], vec![false; copies]);
        Ration { owners: blocks.iter().map(of).collect(), left: left.map(<[u64]>::to_vec), had, shared: 0, over }
    }

    /// Whether events are to be shown to it.
    pub fn is_kept(&self) -> bool {
        self.left.is_some() || self.over.contains(&true)
    }

    /// So many events for an instance of a pool.
    pub fn one(&mut self, blocks: &[Block], (block, pool, instance): (u16, u16, u32), times: u32) -> Fate {
        let of = &blocks[usize::from(block)];
        let lane = of.pools[usize::from(pool)].rows().position(instance as usize) % of.lanes.max(1);
        self.lane(usize::from(block), lane, times)
    }

    /// What connections bring at once.
    pub fn fan(&mut self, blocks: &[Block], fan: &Fan) -> Fate {
        let one = |all: Fate, target: &u32| {
            let one = self.one(blocks, (fan.block, fan.pool, *target), fan.times);
            // Of several the last is told; the others are found at the border.
            Fate { is_due: all.is_due || one.is_due, too_many: one.too_many.or(all.too_many) }
        };
        fan.targets.iter().fold(Fate::default(), one)
    }

    fn lane(&mut self, block: usize, lane: usize, times: u32) -> Fate {
        let owner = self.owners[block][lane];
        if self.over.get(owner).is_some_and(|over| *over) {
            return Fate::default();
        }
        let Some(left) = &self.left else { return Fate { is_due: true, too_many: None } };
        let (had, most) = match self.had.get_mut(owner) {
            Some(had) => {
                *had += u64::from(times);
                (*had + self.shared, left[owner])
            }
            None => {
                self.shared += u64::from(times);
                (self.shared, left.iter().copied().max().unwrap_or(0))
            }
        };
        Fate { is_due: had <= most, too_many: (had > most).then_some((block, lane)) }
    }

    /// Whose a lane of a block is; nothing: everybody's.
    pub fn owner(&self, block: usize, lane: usize) -> Option<usize> {
        self.owners.get(block)?.get(lane).copied().filter(|owner| *owner != ALL)
    }

    /// A copy hears of nothing any more.
    pub fn cut(&mut self, copy: usize) {
        if let Some(over) = self.over.get_mut(copy) {
            *over = true;
        }
    }

    /// A lane of a copy here: its block, and number in that.
    pub fn lane_of(&self, copy: usize) -> Option<(usize, usize)> {
        let in_block = |(b, lanes): (usize, &Vec<usize>)| Some((b, lanes.iter().position(|owner| *owner == copy)?));
        self.owners.iter().enumerate().find_map(in_block)
    }

    /// Everybody hears again.
    pub fn forgive(&mut self) {
        self.over.fill(false);
    }

    /// How many events each copy has had since this was asked last, and is allowed fewer now.
    pub fn had(&self) -> impl Iterator<Item = u64> + '_ {
        self.had.iter().map(|had| had + self.shared)
    }

    /// Events of all groups have been added: so many may still come.
    pub fn settle(&mut self, left: &[u64]) {
        if let Some(mine) = &mut self.left {
            mine.copy_from_slice(left);
        }
        self.had.fill(0);
        self.shared = 0;
    }
}
