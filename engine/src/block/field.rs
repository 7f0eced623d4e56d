//! Slopes and derivatives of the cells of a pool.

use super::pool::Pool;
use super::{Nodes, Worker};

impl Pool {
    /// Writes slopes and their derivatives to their rows, as states and inputs are now, at a time (ms).
    pub fn field(&mut self, w: &mut Worker, nodes: &mut Nodes, t: f64) {
        let Pool { programs, rows, .. } = self;
        if let Some(program) = &programs.field {
            program.run(rows, w, nodes, &programs.mechanism.tables, t);
        }
    }
}
