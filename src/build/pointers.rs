//! Inputs of mechanisms that stand for other values of their cell.

use super::classes::Classes;
use super::range::{Told, not_a_number};
use super::records::Found;
use bouton_engine::kernel::Input;
use bouton_engine::plan::{Drive, Probe};
use bouton_model::ir::{self, CellBody, CellId, MechanismId, Pointer, Program, Tree, VarId};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::BTreeMap;

/// Those of a kind of cell.
pub fn of(program: &Program, cell: CellId) -> &[Pointer] {
    match program.cells.get(cell.index()).map(|cell| &cell.body) {
        Some(CellBody::Tree(tree)) => &tree.pointers,
        _ => &[],
    }
}

/// The mechanism and the variable of a value, where it is one of a mechanism of the cell.
pub fn variable(tree: &Tree, probe: &ir::Probe) -> Option<(MechanismId, VarId)> {
    match probe {
        ir::Probe::Insert(place, k, id) => Some((tree.sections.get(place.section.index())?.inserts.get(*k)?.mechanism, *id)),
        ir::Probe::Synapse(k, id) => Some((tree.synapses.get(*k)?.mechanism, *id)),
        _ => None,
    }
}

impl Found<'_> {
    /// All of them; where an input is said to stand for several values it stands for the last one.
    ///
    /// # Errors
    /// A value that is none, or that is not there.
    pub fn pointers(&self, program: &Program, classes: &Classes) -> Result<Vec<Drive>, Vec<Told>> {
        let mut all = BTreeMap::new();
        for (class, lanes) in classes.list.iter().enumerate() {
            for pointer in of(program, lanes.cell) {
                self.pointer(pointer, class, &mut all).map_err(|told| vec![told])?;
            }
        }
        Ok(all.into_values().collect())
    }

    fn pointer(&self, pointer: &Pointer, class: usize, all: &mut BTreeMap<(u16, u16, u16, u32), Drive>) -> Result<(), Told> {
        let (Some(draft), Some(made)) = (self.drafts.get(class), self.made.get(class)) else { return Ok(()) };
        let weight = self.world.constants.number(&pointer.weight)?;
        if weight.is_nan() {
            return Err(not_a_number("value", weight, pointer.weight.span));
        }
        let (ir::Probe::Insert(_, _, id) | ir::Probe::Synapse(_, id)) = &pointer.input else { return Ok(()) };
        for lane in 0..draft.lanes() {
            let Some((pool, instance)) = self.instance(class, lane, &pointer.input)? else { continue };
            let inputs = made.pools.get(usize::from(pool)).map(|pool| &pool.code.inputs);
            // What no equation uses has no row.
            let input = inputs.and_then(|all| all.iter().position(|(input, _)| *input == Input::Driven(*id)));
            let Some(input) = input else { continue };
            let Some(value) = self.value(class, lane, &pointer.source)? else {
                let message = "this value of the cell is not computed, so that nothing can stand for it";
                return Err(Box::new(Diagnostic::new(Code::NoValue, pointer.span, message)));
            };
            let (class, input) = (class as u16, input as u16);
            let drive = Drive { source: Probe { class, value }, class, pool, input, instance, weight, delay: 0.0 };
            all.insert((class, pool, input, instance), drive);
        }
        Ok(())
    }
}
