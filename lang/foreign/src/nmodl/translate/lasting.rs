//! What lasts: which slots some part of a simulation reads before it sets them, and what values depend on.

use super::assemble::Parts;
use super::receive::Received;
use super::{Slot, Symbol, Translator};
use crate::nmodl::tree::Name;
use bouton_model::algebra;
use bouton_model::ir::{CurrentKind, Expr, Known, Mechanism, Var, VarId, VariableKind};
use std::collections::{BTreeSet, HashMap, HashSet};

impl Translator<'_> {
    /// Slots that some part reads before it sets them.
    pub(super) fn live(&self, mechanism: &Mechanism, parts: &Parts, currents: &[(Name, CurrentKind)]) -> BTreeSet<Slot> {
        let mut waiting: Vec<Expr> = Vec::new();
        for equation in &mechanism.equations {
            waiting.push(Expr::Var(Var::Own(equation.state)));
            waiting.push(equation.rate.clone());
        }
        let kinetic = &mechanism.kinetic;
        waiting.extend(kinetic.volumes.iter().map(|(_, e)| e.clone()));
        for one in &kinetic.diffusing {
            waiting.extend([one.volume.clone(), one.constant.clone(), Expr::Var(Var::Own(one.state))]);
        }
        waiting.extend(kinetic.conserved.iter().map(|c| c.total.clone()));
        for s in kinetic.conserved.iter().flat_map(|c| &c.sum) {
            waiting.push(Expr::Var(Var::Own(s.state)));
        }
        waiting.extend(mechanism.writes.iter().map(|w| Expr::Var(Var::Own(w.variable))));
        for (name, _) in currents {
            if let Some(Symbol::Slot(slot)) = self.names.get(&name.text) {
                waiting.push(self.current_value(*slot, parts));
            }
        }
        // What is set through a POINTER others take.
        for name in &self.file.neuron.pointer {
            if let Some(Symbol::Slot(slot)) = self.names.get(&name.text) {
                waiting.extend(self.slots.get(*slot).map(|s| s.entry.clone()));
            }
        }
        waiting.extend(self.common_at_start(&parts.initial));
        for watched in &self.watches {
            waiting.extend([watched.when.clone(), Expr::Var(Var::Own(watched.armed))]);
        }
        let mut note = |e: &Expr| waiting.push(e.clone());
        algebra::visit_actions(&parts.start, &mut note);
        for received in parts.received.iter().flat_map(Received::parts) {
            algebra::visit_actions(&received.drawn, &mut note);
            algebra::visit_actions(&received.caused, &mut note);
            for (slot, value) in &received.env {
                let argument = received.arguments.iter().any(|(one, _)| one == slot);
                if argument || self.slots.get(*slot).is_some_and(|s| s.entry == Expr::Var(Var::Known(Known::V))) {
                    note(value);
                }
            }
        }
        for lookup in &mechanism.lookups {
            waiting.extend(lookup.outputs.iter().map(|(_, content)| content.clone()));
        }
        let mut live = self.needed(waiting, parts);
        live.extend(self.witnesses(parts, &live));
        let counters = self.counters(parts, &live).into_iter();
        live.extend(self.needed(counters.map(|id| Expr::Var(Var::Own(id))).collect(), parts));
        live
    }

    /// Slots that values are made of, and those of which blocks make these.
    fn needed(&self, mut waiting: Vec<Expr>, parts: &Parts) -> BTreeSet<Slot> {
        let slot_of: HashMap<VarId, Slot> = self.slots.iter().enumerate().filter_map(|(at, s)| Some((s.variable?, at))).collect();
        let mut live = BTreeSet::new();
        let mut seen = HashSet::new();
        while let Some(e) = waiting.pop() {
            let mut met = Vec::new();
            algebra::visit(&e, &mut |part| {
                if let Expr::Var(Var::Own(id)) = part {
                    met.push(*id);
                }
            });
            for id in met {
                if !seen.insert(id) {
                    continue;
                }
                match (slot_of.get(&id), self.variables.get(id.index()).map(|v| &v.kind)) {
                    (Some(slot), _) => {
                        live.insert(*slot);
                        let received = parts.received.iter().flat_map(Received::parts).map(|r| &r.env);
                        let all = [&parts.current, &parts.advance].into_iter().chain(received);
                        waiting.extend(all.filter_map(|env| env.get(slot).cloned()));
                    }
                    (None, Some(VariableKind::Let { value })) => waiting.push(value.clone()),
                    _ => {}
                }
            }
        }
        live
    }

    /// States and RANGE variables that nothing else reads and that only what lasts can show: they go on from their own values, or events set them.
    fn counters(&self, parts: &Parts, live: &BTreeSet<Slot>) -> Vec<VarId> {
        let file = self.file;
        let names: HashSet<&str> =
            file.neuron.range.iter().chain(file.states.iter().map(|one| &one.name)).map(|name| &*name.text).collect();
        let gone: HashSet<VarId> =
            self.slots.iter().enumerate().filter(|(at, _)| !live.contains(at)).filter_map(|(_, s)| s.variable).collect();
        let goes_on = |value: &Expr| self.reach(value).iter().any(|var| matches!(var, Var::Own(id) if gone.contains(id)));
        let events = || parts.received.iter().flat_map(Received::parts);
        let lasts = |at: Slot| match parts.current.get(&at).or(parts.advance.get(&at)) {
            Some(value) => goes_on(value),
            None => events().any(|received| received.env.contains_key(&at)),
        };
        let shown = self.slots.iter().enumerate().filter(|(at, s)| {
            let name = s.name.split('[').next().unwrap_or_default();
            !live.contains(at) && names.contains(name) && lasts(*at)
        });
        shown.filter_map(|(_, s)| s.variable).collect()
    }

    /// RANGE variables that a block makes of what it then sets anew: looked at afterwards they would be made of something else.
    fn witnesses(&self, parts: &Parts, live: &BTreeSet<Slot>) -> Vec<Slot> {
        let range =
            |name: &str| self.file.neuron.range.iter().any(|one| *one.text == *name.split('[').next().unwrap_or_default());
        let shown =
            |slot: &Slot| !live.contains(slot) && self.slots.get(*slot).is_some_and(|s| s.variable.is_some() && range(&s.name));
        let made = |env: &super::Env, value: &Expr| {
            let set: HashSet<VarId> =
                env.keys().filter(|s| live.contains(s)).filter_map(|s| self.slots.get(*s)?.variable).collect();
            !set.is_empty() && self.reach(value).iter().any(|var| matches!(var, Var::Own(id) if set.contains(id)))
        };
        let of = |env: &super::Env| -> Vec<Slot> {
            env.iter().filter(|(slot, value)| shown(slot) && made(env, value)).map(|(slot, _)| *slot).collect()
        };
        [of(&parts.current), of(&parts.advance)].concat()
    }

    /// Everything that a value reads, also behind definitions.
    pub(super) fn reach(&self, e: &Expr) -> HashSet<Var> {
        let mut found = HashSet::new();
        let mut waiting = vec![e.clone()];
        while let Some(e) = waiting.pop() {
            let mut met = Vec::new();
            algebra::visit(&e, &mut |part| {
                if let Expr::Var(var) = part {
                    met.push(*var);
                }
            });
            for var in met {
                if found.insert(var)
                    && let Var::Own(id) = var
                    && let Some(VariableKind::Let { value }) = self.variables.get(id.index()).map(|v| &v.kind)
                {
                    waiting.push(value.clone());
                }
            }
        }
        found
    }

    /// Whether a value is the same through a whole run.
    pub(super) fn is_constant(&self, e: &Expr) -> bool {
        self.reach(e).into_iter().all(|var| match var {
            Var::Own(id) => matches!(
                self.variables.get(id.index()).map(|v| &v.kind),
                Some(VariableKind::Param { .. } | VariableKind::Let { .. })
            ),
            Var::Known(known) => !matches!(known, Known::V | Known::T),
            _ => false,
        })
    }

    /// A current as BREAKPOINT sets it; where it does not, as another block has left it.
    pub(super) fn current_value(&self, slot: Slot, parts: &Parts) -> Expr {
        let left = || self.slots.get(slot).map(|s| s.entry.clone());
        parts.current.get(&slot).cloned().or_else(left).unwrap_or(Expr::Number(0.0))
    }
}
