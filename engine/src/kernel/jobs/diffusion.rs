//! What diffusion along the cell needs of each state, and what it leaves.

use super::{Goal, Kind, Maker};
use crate::kernel::graph::Leaf;
use crate::kernel::{Input, KernelError};
use bouton_model::ir::Diffusing;

impl Maker<'_> {
    /// Rows before diffusion, and states after it.
    pub(super) fn diffusion(&mut self) -> Result<(), KernelError> {
        let mechanism = self.mechanism;
        let kinetic = &mechanism.kinetic;
        if kinetic.diffusing.is_empty() {
            return Ok(());
        }
        let mut l = Self::lowering(mechanism, &mut self.graph, &self.tables);
        let mut values = Vec::new();
        for Diffusing { state, volume, constant, span } in &kinetic.diffusing {
            let x = l.state(*state);
            let (constant, volume) = (l.expr_at(constant, *span)?, l.expr_at(volume, *span)?);
            let (toward, back) = (l.graph.leaf(Leaf::Input(Input::Toward)), l.graph.leaf(Leaf::Input(Input::Back)));
            let rows = [x, constant, volume, toward, back];
            values.extend((0..).zip(rows).map(|(k, node)| (Goal::Diffusion(*state, k), node)));
        }
        self.job(Kind::Diffusion, "diffusion", values, Vec::new());
        let diffused = kinetic.diffusing.iter().map(|one| one.state);
        let values = diffused.map(|state| (Goal::State(state), self.graph.leaf(Leaf::Diffused(state)))).collect();
        self.job(Kind::Diffused, "diffusion", values, Vec::new());
        Ok(())
    }
}
