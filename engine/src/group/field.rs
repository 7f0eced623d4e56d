//! What a group gives to those who look at its equations instead of stepping them: initial values that are others, and the vector field.

use super::Group;
use crate::field::Initial;
use crate::flow::Flow;

impl Group {
    /// Slopes and their derivatives in the rows of all pools that have a field, as states are now, at a time (ms).
    pub fn field(&mut self, t: f64) {
        self.flow_now(t);
        for block in &mut self.blocks {
            for pool in &mut block.pools {
                pool.field(&mut self.worker, &mut block.nodes, t);
            }
        }
    }

    /// States that begin elsewhere than where their mechanism says.
    pub(super) fn begin_at(&mut self, initial: &Initial) {
        for block in &mut self.blocks {
            let given = initial.classes.get(block.class).into_iter().flatten();
            for (pool, states) in block.pools.iter_mut().zip(given) {
                for (name, values) in states {
                    let row = pool.code().states.iter().find(|(known, _)| known == name).map(|(_, row)| *row);
                    let here = values.get(block.first_lane..block.first_lane + pool.count());
                    if let (Some(row), Some(here)) = (row, here) {
                        pool.rows_mut().row_mut(row).copy_from_slice(here);
                    }
                }
            }
        }
        self.flow.iter_mut().for_each(Flow::disturb);
    }
}
