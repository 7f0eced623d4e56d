//! Lanes in which a value became none, where others go on beside them: what such a lane computes counts for nothing any more, but it must not be a fault again
//! and again, nor cause events without end.

use super::Block;
use std::collections::BTreeSet;

impl Block {
    /// Lanes with a value that is none.
    pub fn faulty_lanes(&self) -> Vec<usize> {
        let mut lanes: BTreeSet<usize> = self.nodes.faults().collect();
        lanes.extend(self.fault().map(|fault| fault.lane));
        for pool in &self.pools {
            let bad = (0..pool.count()).filter(|i| pool.is_lost(*i));
            lanes.extend(bad.map(|i| pool.rows().position(i) % self.lanes));
        }
        lanes.into_iter().collect()
    }

    /// Makes numbers of what is none in a lane.
    pub fn heal(&mut self, lane: usize, v_init: f64) {
        for position in (lane..self.nodes.count()).step_by(self.lanes) {
            self.nodes.restore(0, position, v_init);
            (1..self.nodes.kept()).for_each(|which| self.nodes.restore(which, position, 0.0));
            self.nodes.shared.heal(position);
        }
        for pool in &mut self.pools {
            for i in 0..pool.count() {
                if pool.rows().position(i) % self.lanes == lane {
                    pool.heal(i);
                }
            }
        }
    }
}
