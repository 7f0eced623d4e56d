//! A mechanism in one segment, whose expressions are evaluated.

use super::{FREEZING, Ions, Place, Translated, starts, states, which};
use crate::neuron::Wrong;
use crate::neuron::catalog::Mechanism;
use crate::neuron::section::{Inserted, Section};
use crate::nmodl::unit::Unit;
use bouton_model::ir::{Action, CurrentKind, Expr, Known, LocalId, Lookup, Var, VarId, VariableKind, WritePhase};
use bouton_model::value::{NoValue, Scope, Value, evaluate, number, truth};
use std::collections::HashMap;
use std::rc::Rc;

/// An ion, which of its values, and what that becomes.
type Written = (Rc<str>, usize, f64);

pub(super) struct Instance<'a> {
    place: &'a Place<'a>,
    translated: Rc<Translated>,
    known: &'a Mechanism,
    section: &'a Section,
    inserted: &'a Inserted,
    ions: &'a Ions,
    states: HashMap<VarId, f64>,
    /// Definitions that were evaluated since a state changed.
    kept: HashMap<VarId, Value>,
    locals: HashMap<LocalId, Value>,
    /// The argument of an entry of a table.
    entry: Option<f64>,
    /// What is being evaluated.
    busy: Vec<VarId>,
}

impl<'a> Instance<'a> {
    pub fn new(
        place: &'a Place<'a>,
        translated: Rc<Translated>,
        (section, inserted): (&'a Section, &'a Inserted),
        ions: &'a Ions,
        states: HashMap<VarId, f64>,
    ) -> Instance<'a> {
        let known = place.model.catalog.get(inserted.mechanism);
        let (kept, locals) = (HashMap::new(), HashMap::new());
        Instance { place, translated, known, section, inserted, ions, states, kept, locals, entry: None, busy: Vec::new() }
    }

    pub fn into_states(self) -> HashMap<VarId, f64> {
        self.states
    }

    /// Gives all states their initial values.
    pub fn initial(&mut self) -> Result<(), Wrong> {
        let translated = self.translated.clone();
        let mechanism = &translated.mechanism;
        if mechanism.steady && !super::rest::is_linear(&mechanism.kinetic) {
            return Err(format!("the steady state in which `{}` begins is known in a run only", self.known.name));
        }
        for id in states(&translated.mechanism) {
            let value = self.own(id).and_then(Value::number).map_err(|why| self.told(&why))?;
            self.states.insert(id, value);
        }
        self.kept.clear();
        if mechanism.steady {
            self.rest(mechanism).map_err(|why| self.told(&why))?;
        }
        starts(&translated.mechanism).try_for_each(|handler| self.follow(&handler.body)).map_err(|why| self.told(&why))
    }

    /// What a state is now.
    pub(super) fn state(&mut self, id: VarId) -> Result<f64, NoValue> {
        self.own(id).and_then(Value::number)
    }

    pub(super) fn set_state(&mut self, id: VarId, value: f64) {
        self.states.insert(id, value);
        self.kept.clear();
    }

    /// What is done whenever the currents are looked at.
    pub fn during(&mut self) -> Result<(), Wrong> {
        let translated = self.translated.clone();
        self.follow(&translated.mechanism.during).map_err(|why| self.told(&why))
    }

    fn follow(&mut self, actions: &[Action]) -> Result<(), NoValue> {
        for action in actions {
            match action {
                Action::Assign(state, value) => {
                    let value = number(value, self)?;
                    self.set_state(*state, value);
                }
                Action::Let(local, value) => {
                    let value = evaluate(value, self)?;
                    self.locals.insert(*local, value);
                }
                Action::If(condition, then, otherwise) => {
                    let chosen = if truth(condition, self)? { then } else { otherwise };
                    self.follow(chosen)?;
                }
                // Events are for a run.
                Action::Potential(_) | Action::Keep(..) | Action::EachConnection(_) | Action::Spike(_) | Action::Send { .. } => {}
            }
        }
        Ok(())
    }

    /// Currents that ions carry (mA/cm2).
    pub fn currents(&mut self) -> Result<Vec<(Rc<str>, f64)>, Wrong> {
        let translated = self.translated.clone();
        let mut all = Vec::new();
        for current in &translated.mechanism.currents {
            if let CurrentKind::Ion(ion) = &current.kind {
                all.push((Rc::from(&**ion), number(&current.value, self).map_err(|why| self.told(&why))?));
            }
        }
        Ok(all)
    }

    /// Values of ions that it writes.
    pub fn written(&mut self, phase: WritePhase) -> Result<Vec<Written>, Wrong> {
        let translated = self.translated.clone();
        let mut all = Vec::new();
        for write in translated.mechanism.writes.iter().filter(|one| one.phase == phase) {
            let value = self.own(write.variable).and_then(Value::number).map_err(|why| self.told(&why))?;
            all.push((Rc::from(&*write.ion), which(write.quantity), value));
        }
        Ok(all)
    }

    /// A value by its name, in its file's unit; nothing where the equations do not have it.
    pub fn named(&mut self, name: &str) -> Result<Option<f64>, Wrong> {
        let found = self.translated.mechanism.variables.iter().position(|one| *one.name == *name);
        let Some(id) = found.and_then(|at| u32::try_from(at).ok()).map(VarId) else { return Ok(None) };
        let unit = self.known.values.iter().find(|one| *one.name == *name).map_or(Unit::ONE, |one| one.unit);
        let value = self.own(id).and_then(Value::number).map_err(|why| self.told(&why))?;
        Ok(Some(if unit.is_temperature() { value - FREEZING } else { value * unit.reciprocal() }))
    }

    /// A value that the script gave, or could have given, in coherent units.
    fn given(&self, name: &str) -> Option<f64> {
        let coherent = |x: f64, unit: &Unit| if unit.is_temperature() { x + FREEZING } else { x * unit.factor() };
        if let Some(at) = self.known.values.iter().position(|one| *one.name == *name) {
            let value = &self.known.values[at];
            return self.inserted.values.get(at)?.get(self.place.segment * value.size).map(|x| coherent(*x, &value.unit));
        }
        let value = self.known.globals.iter().find(|one| *one.name == *name)?;
        let set = self.place.global(&format!("{name}_{}", self.known.name)).unwrap_or(value.default);
        Some(coherent(set, &value.unit))
    }

    fn own(&mut self, id: VarId) -> Result<Value, NoValue> {
        let state = self.states.get(&id).copied().map(Value::Number);
        if let Some(value) = state.or_else(|| self.kept.get(&id).copied()) {
            return Ok(value);
        }
        // A value of an ion that a mechanism keeps begins with what the ion has.
        if self.busy.contains(&id) {
            let mechanism = &self.translated.mechanism;
            let write = mechanism.writes.iter().find(|one| one.variable == id);
            let values = write.and_then(|one| Some(self.ions.get(&*one.ion)?[which(one.quantity)]));
            // Of what all instances have in common, as far as initial values need it, the first one tells.
            let first = mechanism.common.iter().filter_map(|one| one.before).find(|(before, _)| *before == id);
            let values = values.or(first.map(|(_, value)| value));
            return values.map(Value::Number).ok_or(NoValue::Variable(Var::Own(id)));
        }
        self.busy.push(id);
        let value = self.computed(id);
        self.busy.pop();
        // Of a table's entry nothing is kept: it is that of another argument.
        if let (Ok(value), None) = (&value, self.entry) {
            self.kept.insert(id, *value);
        }
        value
    }

    fn computed(&mut self, id: VarId) -> Result<Value, NoValue> {
        let translated = self.translated.clone();
        let mechanism = &translated.mechanism;
        let variable = mechanism.variables.get(id.index()).ok_or(NoValue::Variable(Var::Own(id)))?;
        match &variable.kind {
            VariableKind::Param { default } => match (self.given(&variable.name), default) {
                (Some(value), _) => Ok(Value::Number(value)),
                (None, Some(default)) => evaluate(default, self),
                (None, None) => Err(NoValue::Variable(Var::Own(id))),
            },
            VariableKind::Input { .. } | VariableKind::Table { .. } => Err(NoValue::Variable(Var::Own(id))),
            VariableKind::State { initial } => evaluate(initial, self),
            VariableKind::Let { value } => {
                let table = mechanism.lookups.iter().find_map(|one| Some((one, one.outputs.iter().find(|(of, _)| *of == id)?)));
                match table {
                    Some((lookup, (_, entry))) if self.given("usetable") != Some(0.0) => {
                        self.looked_up(lookup, entry).map(Value::Number)
                    }
                    // What a branch depends on is a definition, too.
                    _ => evaluate(value, self),
                }
            }
            VariableKind::Ion { ion, quantity } => {
                let values = self.ions.get(&**ion).ok_or(NoValue::Variable(Var::Own(id)))?;
                Ok(Value::Number(values[which(*quantity)]))
            }
            VariableKind::Current { current } => {
                let current = mechanism.currents.get(*current).ok_or(NoValue::Variable(Var::Own(id)))?;
                evaluate(&current.value, self)
            }
        }
    }

    /// Between two entries of a table, as NEURON does.
    fn looked_up(&mut self, lookup: &Lookup, entry: &Expr) -> Result<f64, NoValue> {
        let (lo, hi, count) = (lookup.range.lo, lookup.range.hi, lookup.range.intervals as f64);
        let step = (hi - lo) / count;
        let at = (1.0 / step) * (number(&lookup.argument, self)? - lo);
        let at = if at.is_nan() { at } else { at.clamp(0.0, count) };
        let below = at.floor().min(count - 1.0);
        let mut value = |k: f64| -> Result<f64, NoValue> {
            if let Some(samples) = &lookup.samples {
                return samples.get(k as usize).copied().ok_or(NoValue::Kind);
            }
            let kept = self.kept.clone();
            let before = self.entry.replace(lo + k * step);
            self.kept.clear();
            let value = number(entry, self);
            (self.entry, self.kept) = (before, kept);
            value
        };
        let (here, next) = (value(below)?, value(below + 1.0)?);
        Ok((at - below).mul_add(next - here, here))
    }

    fn told(&self, why: &NoValue) -> Wrong {
        let what = match why {
            NoValue::Variable(Var::Own(id)) => {
                let name = self.translated.mechanism.variables.get(id.index()).map_or("", |one| &*one.name);
                format!("`{name}` has no value before a run")
            }
            NoValue::Draw => "it draws random numbers".to_owned(),
            _ => "something in it has no value before a run".to_owned(),
        };
        format!("what `{}` begins with is not known: {what}", self.known.name)
    }
}

impl Scope for Instance<'_> {
    fn table(&mut self, table: VarId, arguments: &[f64]) -> Result<f64, NoValue> {
        let nothing = || NoValue::Variable(Var::Own(table));
        match self.translated.mechanism.variables.get(table.index()).map(|one| &one.kind) {
            Some(VariableKind::Table { curve: Some(curve), .. }) => {
                let x = *arguments.first().ok_or_else(nothing)?;
                Ok(curve.at(x, arguments.get(1).copied().unwrap_or(x)))
            }
            _ => Err(nothing()),
        }
    }

    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        let place = self.place;
        match var {
            Var::Own(id) => return self.own(id),
            Var::Local(id) => return self.locals.get(&id).copied().ok_or(NoValue::Variable(var)),
            _ => {}
        }
        Ok(Value::Number(match var {
            Var::Known(Known::V) => match self.entry {
                Some(entry) => entry,
                None => self.section.v.get(place.segment).copied().unwrap_or(-65.0),
            },
            Var::Known(Known::T) => 0.0,
            Var::Known(Known::Dt) => place.global("dt").unwrap_or(0.025),
            Var::Known(Known::Celsius) => place.global("celsius").unwrap_or(6.3) + FREEZING,
            Var::Known(Known::Area) => place.area,
            Var::Known(Known::Diam) => place.diam,
            other => return Err(NoValue::Variable(other)),
        }))
    }
}
