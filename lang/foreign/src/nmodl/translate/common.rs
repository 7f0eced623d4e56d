//! Variables that NEURON has once for all segments: GLOBAL variables and parameters that the file sets, and LOCAL ones outside of blocks. What one segment
//! leaves there the next one finds, in each block; so does the first segment, in the next block, with what the last one has left.

use super::assemble::Parts;
use super::receive::Received;
use super::{Env, Slot, Translator, number};
use crate::nmodl::tree::Place;
use bouton_model::algebra;
use bouton_model::ir::{self, Expr, Known, Mechanism, Var, VarId, VariableKind};
use bouton_model::unit::Dimension;
use std::collections::{BTreeSet, HashSet};
use std::rc::Rc;

impl Translator<'_> {
    /// Finds them. A cell without a body is its only instance.
    pub(super) fn find_common(&mut self) {
        let file = self.file;
        if matches!(file.neuron.name, Some((Place::Artificial, _)) | None) {
            return;
        }
        let neuron = &file.neuron;
        let named = |list: &[crate::nmodl::tree::Name], name: &str| list.iter().any(|one| &*one.text == name);
        let of_ion = |name: &str| neuron.ions.iter().any(|ion| named(&ion.reads, name) || named(&ion.writes, name));
        let each = |name: &str| {
            named(&neuron.range, name)
                || [&neuron.nonspecific, &neuron.electrode, &neuron.pointer].into_iter().any(|list| named(list, name))
                || of_ion(name)
                || file.states.iter().any(|one| &*one.name.text == name)
                || matches!(name, "v" | "t" | "dt" | "celsius" | "area" | "diam")
        };
        let once = |name: &str| {
            named(&neuron.global, name)
                || file.parameters.iter().any(|one| &*one.name.text == name)
                || file.locals.iter().any(|(one, _)| &*one.text == name)
        };
        let is_common = |name: &str| once(name) && !each(name);
        let slots = self.slots.iter().enumerate().filter(|(_, slot)| slot.variable.is_some());
        let found = slots.filter(|(_, slot)| is_common(slot.name.split('[').next().unwrap_or_default()));
        self.common = found.map(|(at, _)| (at, None)).collect();
    }

    /// What `INITIAL` finds in them; of those that begin as a parameter, that.
    pub(super) fn enter_common(&mut self) {
        for slot in self.common.keys().copied().collect::<Vec<_>>() {
            let Some(cell) = self.slots.get(slot) else { continue };
            let (Some(first), name) = (number(&cell.initial), cell.name.clone()) else { continue };
            let span = self.file.span;
            let before =
                self.variable(&format!("{name}'before"), span, Dimension::NONE, VariableKind::Let { value: Expr::Number(first) });
            if let Some(v) = self.variables.get_mut(before.index()) {
                v.kind = VariableKind::State { initial: Expr::Var(Var::Own(before)) };
            }
            self.common.insert(slot, Some((before, first)));
            self.env.insert(slot, Expr::Var(Var::Own(before)));
        }
    }

    /// Where `INITIAL` leaves them as they are, or does not read them before it sets them, nothing is found there.
    pub(super) fn settle_common(&mut self, initial: &mut Env, start: &[ir::Action]) {
        let mut read: HashSet<Var> = HashSet::new();
        for e in initial.values() {
            read.extend(self.reach(e));
        }
        let mut all = Vec::new();
        algebra::visit_actions(start, &mut |e| all.push(e.clone()));
        all.iter().for_each(|e| read.extend(self.reach(e)));
        for (slot, found) in self.common.clone() {
            let Some((before, first)) = found else { continue };
            let own = Expr::Var(Var::Own(before));
            let is_left = initial.get(&slot) == Some(&own);
            if is_left {
                initial.insert(slot, Expr::Number(first));
            }
            if is_left || !read.contains(&Var::Own(before)) {
                self.found_nowhere(slot, before, first);
            }
        }
    }

    fn found_nowhere(&mut self, slot: Slot, before: VarId, first: f64) {
        if let Some(v) = self.variables.get_mut(before.index()) {
            v.kind = VariableKind::Let { value: Expr::Number(first) };
        }
        self.common.insert(slot, None);
    }

    /// Those that initial values of other slots are made of: they last.
    pub(super) fn common_at_start(&self, initial: &Env) -> Vec<Expr> {
        let kept = self.common.iter().filter_map(|(slot, found)| Some((*slot, (*found)?.0)));
        let others = |slot: Slot| initial.iter().filter(move |(other, _)| **other != slot).map(|(_, e)| e);
        let read = kept.filter(|(slot, before)| others(*slot).any(|e| self.reach(e).contains(&Var::Own(*before))));
        read.filter_map(|(slot, _)| Some(Expr::Var(Var::Own(self.slots.get(slot)?.variable?)))).collect()
    }

    /// Whether a value is the same for all segments, and through a run.
    fn is_uniform(&self, e: &Expr) -> bool {
        let range = |name: &Rc<str>| self.file.neuron.range.iter().any(|one| one.text == *name);
        self.reach(e).into_iter().all(|var| match var {
            Var::Own(id) => match self.variables.get(id.index()).map(|v| (&v.kind, &v.name)) {
                Some((VariableKind::Let { .. }, _)) => true,
                Some((VariableKind::Param { .. }, name)) => !range(&(&**name).into()),
                _ => false,
            },
            Var::Known(known) => matches!(known, Known::Dt | Known::Celsius),
            _ => false,
        })
    }

    /// Whether a slot that lasts is one that NEURON has once for all segments, and differs.
    pub(super) fn is_common(&self, slot: Slot, parts: &Parts) -> bool {
        let Some(found) = self.common.get(&slot) else { return false };
        let received = parts.received.iter().flat_map(Received::parts).map(|r| &r.env);
        let mut values =
            [&parts.initial, &parts.current, &parts.advance].into_iter().chain(received).filter_map(|env| env.get(&slot));
        found.is_some() || values.any(|e| !self.is_uniform(e))
    }

    /// The mechanism has them; what does not last needs nothing that was found before.
    pub(super) fn finish_common(&mut self, mechanism: &mut Mechanism, parts: &Parts, live: &BTreeSet<Slot>) {
        for (slot, found) in self.common.clone() {
            let state =
                |s: &Self, id: VarId| matches!(s.variables.get(id.index()).map(|v| &v.kind), Some(VariableKind::State { .. }));
            let variable = self.slots.get(slot).and_then(|s| s.variable).filter(|id| live.contains(&slot) && state(self, *id));
            match variable.filter(|_| self.is_common(slot, parts)) {
                Some(variable) => mechanism.common.push(ir::Common { variable, before: found }),
                None => {
                    if let Some((before, first)) = found {
                        self.found_nowhere(slot, before, first);
                    }
                }
            }
        }
    }
}
