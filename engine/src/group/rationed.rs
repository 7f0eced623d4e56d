//! Who has had too many events, and what comes of it.

use super::Group;
use crate::event::{Event, To};
use crate::inbound::{Arguments, Fan};
use crate::ration::{Fate, Ration};
use crate::salvo::Singles;

impl Group {
    /// From now on copies hear of so many events at most, and of none once that is too many; `owner` tells whose a lane of a class is.
    pub fn ration(&mut self, copies: usize, left: Option<&[u64]>, owner: impl Fn(usize, usize) -> Option<usize>) {
        self.ration = Some(Ration::new(&self.blocks, copies, left, owner));
    }

    /// What it keeps of the events of copies.
    pub fn rationed(&mut self) -> Option<&mut Ration> {
        self.ration.as_mut()
    }

    /// Whether events for itself were too many.
    pub fn is_spent(&self) -> bool {
        self.spent
    }

    /// A copy has had too many events.
    pub fn spend(&mut self, copy: usize) {
        if let Some((block, lane)) = self.ration.as_ref().and_then(|ration| ration.lane_of(copy)) {
            self.cut(block, lane);
        }
    }

    /// Whoever has this lane hears of nothing any more; where nobody else is, all ends.
    pub(super) fn cut(&mut self, block: usize, lane: usize) {
        let owner = self.ration.as_ref().and_then(|ration| ration.owner(block, lane));
        match (&mut self.lost, &mut self.ration, owner) {
            (Some(lost), Some(ration), Some(copy)) => {
                let of = &self.blocks[block];
                lost.insert((of.class, of.first_lane + lane));
                ration.cut(copy);
            }
            _ => self.spent = true,
        }
    }

    /// One of events that cause each other without end: of a copy among others they come to an end here.
    pub(super) fn end_endless(&mut self, e: &Event) {
        let Some(target) = self.whom(e) else { return };
        let block = usize::from(target.block);
        let of = &self.blocks[block];
        let lane = of.pools[usize::from(target.pool)].rows().position(target.instance as usize) % of.lanes.max(1);
        match self.ration.as_ref().and_then(|ration| ration.owner(block, lane)) {
            Some(_) if self.lost.is_some() => self.cut(block, lane),
            _ => self.endless = Some(target),
        }
    }

    /// Whether anybody is to hear of an event.
    pub(super) fn is_due(&mut self, e: &Event) -> bool {
        let Some(ration) = self.ration.as_mut().filter(|ration| ration.is_kept()) else { return true };
        let blocks = &self.blocks;
        let fate = match e.to {
            To::Itself(target) => {
                let pool = &blocks[usize::from(target.block)].pools[usize::from(target.pool)];
                if pool.is_stale(target.handler, target.instance as usize, (e.key.number, e.key.count)) {
                    return true;
                }
                ration.one(blocks, (target.block, target.pool, target.instance), 1)
            }
            To::Connection(to) => {
                let pool = &blocks[usize::from(to.block)].pools[usize::from(to.pool)];
                let Some(connections) = pool.connections() else { return true };
                let instance = connections.instance(to.instance);
                if pool.is_stale(to.handler, instance as usize, (e.key.number, e.key.count)) {
                    return true;
                }
                ration.one(blocks, (to.block, to.pool, instance), 1)
            }
            To::Row(row) => {
                let range = self.inbound.alike(row, e.key.count as u32).0;
                ration.fan(blocks, &self.inbound.fan(row, range, e.times))
            }
            To::Salvo { singles, list } => {
                let Singles { part, at, .. } = &self.singles[singles as usize].1;
                let (block, pool, handler) = self.inbound.reached(*part);
                let mut all = Fate::default();
                for (k, times) in self.salvos.get(list) {
                    let target = self.inbound.target(*part, at[*k as usize]);
                    let fan = Fan { block, pool, handler, targets: &[target], weight: Arguments::Same(1.0), times: *times };
                    all.too_many = ration.fan(blocks, &fan).too_many.or(all.too_many);
                }
                // Its list is given back where it is delivered.
                Fate { is_due: true, ..all }
            }
        };
        if let Some((block, lane)) = fate.too_many {
            self.cut(block, lane);
        }
        fate.is_due
    }
}
