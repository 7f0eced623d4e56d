//! `state_discontinuity` in BREAKPOINT: currents are looked at twice a step, for their slope and for themselves, and it acts at the first look alone;
//! before the first step at none.

use super::symbols::ir_binary;
use super::value::choose;
use super::{Phase, Slot, Translator};
use crate::nmodl::tree::{BlockKind, Stmt, StmtKind};
use bouton_model::ir::{Binary, Expr};
use bouton_model::unit::Dimension;

/// What is counted before the first step: two looks to come that belong to no step.
const BEFORE: f64 = -2.0;

impl Translator<'_> {
    /// A state that is 0 where the first look of a step begins and 1 at the second, of files that need it.
    pub(super) fn look_counter(&mut self) {
        let apart = |kind: BlockKind| matches!(kind, BlockKind::NetReceive | BlockKind::Initial);
        if self.file.blocks.iter().any(|block| !apart(block.kind) && block.body.iter().any(breaks)) {
            self.looks = Some(self.cell("look'", self.file.span, Dimension::NONE, Expr::Number(BEFORE)));
        }
    }

    /// What `state_discontinuity` leaves in a slot.
    pub(super) fn at_first_look(&self, value: Expr, slot: Slot) -> Expr {
        match self.looks.filter(|_| self.phase == Phase::Current) {
            Some(looks) => choose(ir_binary(Binary::Eq, self.read(looks), Expr::Number(0.0)), value, self.read(slot)),
            None => value,
        }
    }

    /// After a look.
    pub(super) fn count_looks(&mut self) {
        if let Some(looks) = self.looks {
            let now = self.read(looks);
            let second = ir_binary(Binary::Eq, now.clone(), Expr::Number(1.0));
            let next = choose(second, Expr::Number(0.0), ir_binary(Binary::Add, now, Expr::Number(1.0)));
            self.write(looks, next, self.file.span);
        }
    }
}

fn breaks(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Call(name, _) => &*name.text == "state_discontinuity",
        StmtKind::If(_, a, b) => a.iter().chain(b).any(breaks),
        StmtKind::While(_, a) | StmtKind::From(.., a) | StmtKind::ForNetcons(_, a) => a.iter().any(breaks),
        _ => false,
    }
}
