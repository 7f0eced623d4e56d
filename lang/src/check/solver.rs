//! Whether a solver with steps of its own fits the cells: what events change, or what draws, has no slope that could be followed.

use super::Checker;
use super::attributes::Attributes;
use bouton_model::ir::{CellBody, CellId, Mechanism, MechanismId, MechanismKind, Port, Solver, Source};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::collections::BTreeSet;

impl Checker<'_> {
    /// Looks at all cells of equations and at what drives them.
    pub fn solver_fits(&mut self) {
        let solver = match self.program.simulation.solver {
            Some(Solver::Dopri5) => "dopri5",
            Some(Solver::Rosenbrock) => "rosenbrock",
            _ => return,
        };
        let asked = self.asked();
        let (mut told, mut driving) = (BTreeSet::new(), BTreeSet::new());
        for population in &self.program.populations {
            told.extend(self.equations(population.cell));
        }
        for connection in &self.program.connections {
            if !connection.ports.iter().any(|(_, port)| matches!(port, Port::Input { .. })) {
                continue;
            }
            match &connection.source {
                Source::Generator { cell, .. } => driving.extend(self.equations(*cell)),
                Source::Cells(_) => driving.extend(connection.outputs.iter().filter_map(|(cell, _)| self.equations(*cell))),
            }
            driving.extend(connection.ports.iter().filter_map(|(cell, _)| self.equations(*cell)));
            driving.extend(connection.edges.iter().map(|edge| edge.mechanism));
        }
        for id in told.union(&driving) {
            let Some(mechanism) = self.program.mechanisms.get(id.index()) else { continue };
            let drives = driving.contains(id);
            if let Some(reason) = why_not(mechanism, drives) {
                let message = format!("`{solver}` does not fit: `{}` {reason}", mechanism.name);
                let refused = Diagnostic::new(Code::MethodDoesNotFit, asked.unwrap_or(mechanism.span), message);
                let help = "its steps are chosen by the errors of smooth equations: take `heun` or `rk4`";
                self.diagnostics.push(refused.also(mechanism.span, "declared here").help(help));
            }
        }
    }

    /// Where the solver is asked for.
    fn asked(&self) -> Option<Span> {
        let mut unheard = Diagnostics::default();
        let blocks = self.declared.simulations.iter();
        let mut found = blocks.filter_map(|(block, _)| Attributes::new(Some(block)).value("solver", &mut unheard));
        found.next().map(|attr| attr.value.span)
    }

    fn equations(&self, cell: CellId) -> Option<MechanismId> {
        match self.program.cells.get(cell.index())?.body {
            CellBody::Free(mechanism) => Some(mechanism),
            CellBody::Tree(_) => None,
        }
    }
}

/// Why a cell cannot be followed in steps of its own; of cells that drive nobody and hear of nobody only if they have equations.
fn why_not(mechanism: &Mechanism, drives: bool) -> Option<&'static str> {
    if mechanism.kind != MechanismKind::Free || (mechanism.equations.is_empty() && !drives) {
        return None;
    }
    match () {
        () if mechanism.method.is_some() => drives.then_some("has a method of its own, and drives others or is driven"),
        () if mechanism.noisy => Some("draws noise at each step"),
        () if !mechanism.handlers.is_empty() => Some("does something at events or at the end of each step"),
        () if !mechanism.conditions.is_empty() => Some("waits for a condition"),
        () if !mechanism.kinetic.reactions.is_empty() => Some("has a kinetic scheme"),
        () => None,
    }
}
