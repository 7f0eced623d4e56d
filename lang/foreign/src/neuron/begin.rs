//! What `finitialize` leaves behind: initial values of mechanisms, and the currents that follow from them, each evaluated where a script reads it. Nothing is
//! advanced: a script that goes on in time has left what can be known here.

mod instance;
mod rest;

use super::section::Section;
use super::{Model, SectionId, Wrong};
use crate::neuron::catalog::Role;
use crate::nmodl::translate;
use bouton_model::ir::{self, HandlerKind, IonQuantity, VariableKind, WritePhase};
use bouton_model::value::nernst;
use bouton_syntax::Diagnostics;
use instance::Instance;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// 0 degrees centigrade (K).
const FREEZING: f64 = 273.15;

/// A section, and the number of its segment.
type Segment = (SectionId, usize);

/// Sections and shared values as they were.
#[derive(Debug)]
pub(super) struct Begun {
    sections: Vec<Section>,
    /// When currents were last asked for by `fcurrent`, where that was later.
    later: Option<Vec<Section>>,
    globals: HashMap<String, f64>,
    translated: RefCell<HashMap<usize, Result<Rc<Translated>, Wrong>>>,
    /// The place that was looked at last.
    last: RefCell<Option<(Segment, Rc<Settled>)>>,
}

/// A mechanism as equations.
#[derive(Debug)]
struct Translated {
    mechanism: ir::Mechanism,
    valences: Vec<(ir::Name, f64)>,
}

/// Reversal potential, concentration inside and outside, and the sum of the currents so far.
type Ions = HashMap<Rc<str>, [f64; 4]>;

/// What holds at a place.
#[derive(Debug, Default)]
struct Settled {
    ions: Ions,
    /// By number of the mechanism: its states.
    states: HashMap<usize, HashMap<ir::VarId, f64>>,
    /// Mechanisms of which nothing can be said, and why.
    unknown: HashMap<usize, Wrong>,
    /// Values of ions that follow from these.
    unsettled: HashMap<(Rc<str>, usize), Wrong>,
}

impl Settled {
    /// A value of an ion: reversal potential, inside, outside, current.
    fn ion(&self, ion: &str, which: usize) -> Result<Option<f64>, Wrong> {
        let from: &[usize] = if which == 0 { &[0, 1, 2] } else { &[which] };
        match from.iter().find_map(|which| self.unsettled.get(&(ion.into(), *which))) {
            Some(why) => Err(why.clone()),
            None => Ok(self.ions.get(ion).map(|values| values[which])),
        }
    }
}

/// The value of an ion that a name says: `cai` is (ca, 1).
fn value_of(ion: &str, name: &str) -> Option<usize> {
    match name.strip_prefix(ion) {
        Some("i") => Some(1),
        Some("o") => Some(2),
        _ if name.strip_prefix('e') == Some(ion) => Some(0),
        _ if name.strip_prefix('i') == Some(ion) => Some(3),
        _ => None,
    }
}

impl Model {
    /// `finitialize(v)`: from now on there are initial values to be read.
    pub fn initialize(&mut self, v: Option<f64>) {
        if let Some(v) = v {
            self.sections.iter_mut().for_each(|section| section.v.fill(v));
        }
        self.begun = Some(Begun {
            sections: self.sections.clone(),
            later: None,
            globals: self.globals.clone(),
            translated: RefCell::default(),
            last: RefCell::default(),
        });
    }

    /// `fcurrent()`: currents are those of the potentials and parameters of now, and of the initial states.
    pub fn look_at_currents(&mut self) {
        let now = self.sections.clone();
        if let Some(begun) = &mut self.begun {
            (begun.later, begun.last) = (Some(now), RefCell::default());
        }
    }

    /// The current of an ion through the membrane of a segment (mA/cm2); none before there are initial values.
    pub(super) fn current_after_initialization(&self, id: SectionId, segment: usize, ion: &str) -> Result<f64, Wrong> {
        let Some(begun) = &self.begun else { return Ok(0.0) };
        let settled = begun.settled(self, id, segment)?;
        Ok(settled.ion(ion, 3)?.unwrap_or(0.0))
    }

    /// A reversal potential or concentration that mechanisms leave at its initial value; nothing where none has to do with the ion's concentrations, where a
    /// script has set it since, or before there are initial values.
    pub(super) fn ion_after_initialization(
        &self,
        id: SectionId,
        segment: usize,
        (ion, which): (&str, usize),
        now: f64,
    ) -> Option<Result<f64, Wrong>> {
        let begun = self.begun.as_ref()?;
        let was = begun.sections.get(id.index())?.ions.iter().find(|one| &*one.name == ion)?;
        if was.values[which].get(segment).is_none_or(|was| *was != now) || !self.is_concerned(id, ion) {
            return None;
        }
        let found = begun.settled(self, id, segment);
        Some(found.and_then(|settled| Ok(settled.ion(ion, which)?.unwrap_or(now))))
    }

    /// Whether a mechanism of a section reads or writes an ion's concentrations.
    fn is_concerned(&self, id: SectionId, ion: &str) -> bool {
        self.section(id).mechanisms.iter().any(|inserted| {
            let file = self.catalog.get(inserted.mechanism).equations.0.as_ref();
            let ions = file.iter().flat_map(|file| &file.neuron.ions).filter(|known| &*known.name.text == ion);
            ions.flat_map(|known| known.reads.iter().chain(&known.writes))
                .any(|one| matches!(value_of(ion, &one.text), Some(1 | 2)))
        })
    }

    /// A value that a mechanism computes; nothing where a script sets it, or before there are initial values.
    pub(super) fn after_initialization(
        &self,
        id: SectionId,
        segment: usize,
        (mechanism, value): (usize, usize),
    ) -> Option<Result<f64, Wrong>> {
        let begun = self.begun.as_ref()?;
        let known = self.catalog.get(mechanism).values.get(value)?;
        let inserted = |list: &[Section]| {
            let found = list.get(id.index())?.mechanisms.iter().find(|one| one.mechanism == mechanism)?;
            Some(found.set.get(value).copied().unwrap_or(false))
        };
        // What was inserted later, or set, is as it was left.
        if known.role == Role::Parameter || inserted(&begun.sections)? || inserted(&self.sections)? {
            return None;
        }
        Some(begun.settled(self, id, segment).and_then(|settled| {
            if let Some(why) = settled.unknown.get(&mechanism) {
                return Err(why.clone());
            }
            let place = begun.place(self, id, segment)?;
            let (mut instance, at) = (place.instance(mechanism, &settled, place.later)?, &known.name);
            instance.named(at)?.ok_or_else(|| format!("`{at}` of {} is known in a run only", self.catalog.get(mechanism).name))
        }))
    }
}

/// A segment as it was.
struct Place<'a> {
    model: &'a Model,
    begun: &'a Begun,
    section: &'a Section,
    /// The same when the currents were asked for.
    later: &'a Section,
    segment: usize,
    /// cm2, cm
    area: f64,
    diam: f64,
}

impl Begun {
    fn place<'a>(&'a self, model: &'a Model, id: SectionId, segment: usize) -> Result<Place<'a>, Wrong> {
        let of = |list: &'a [Section]| list.get(id.index()).filter(|section| segment < section.segments());
        let changed = || format!("{} has changed since `finitialize()`", model.section(id).name);
        let section = of(&self.sections).ok_or_else(changed)?;
        let later = self.later.as_ref().map_or(Ok(section), |later| of(later).ok_or_else(changed))?;
        let solid = model.solid(id);
        let (area, diam) = solid.segments.get(segment).map_or((0.0, 0.0), |one| (one.area, one.diam));
        Ok(Place { model, begun: self, section, later, segment, area, diam })
    }

    fn settled(&self, model: &Model, id: SectionId, segment: usize) -> Result<Rc<Settled>, Wrong> {
        if let Some((at, settled)) = &*self.last.borrow()
            && *at == (id, segment)
        {
            return Ok(settled.clone());
        }
        let settled = Rc::new(self.place(model, id, segment)?.settle()?);
        self.last.replace(Some(((id, segment), settled.clone())));
        Ok(settled)
    }

    /// The equations of a mechanism; nothing for those that have none.
    fn equations(&self, model: &Model, mechanism: usize) -> Result<Option<Rc<Translated>>, Wrong> {
        let known = model.catalog.get(mechanism);
        let Some(file) = &known.equations.0 else { return Ok(None) };
        let mut all = self.translated.borrow_mut();
        let translated = all.entry(mechanism).or_insert_with(|| {
            let mut found = Diagnostics::new();
            let translated = translate(file, &mut found);
            let why = || found.iter().next().map_or(String::new(), |one| format!(": {}", one.message));
            let valences = translated.valences.into_iter().map(|(ion, valence, _)| (ion, valence)).collect();
            let mechanism =
                translated.mechanism.ok_or_else(|| format!("what `{}` computes is not known{}", known.name, why()))?;
            Ok(Rc::new(Translated { mechanism, valences }))
        });
        translated.clone().map(Some)
    }
}

impl Place<'_> {
    fn instance<'b>(&'b self, mechanism: usize, settled: &'b Settled, section: &'b Section) -> Result<Instance<'b>, Wrong> {
        let translated = self.begun.equations(self.model, mechanism)?;
        let inserted = section.mechanisms.iter().find(|one| one.mechanism == mechanism);
        match (translated, inserted) {
            (Some(translated), Some(inserted)) => {
                let states = settled.states.get(&mechanism).cloned().unwrap_or_default();
                Ok(Instance::new(self, translated, (section, inserted), &settled.ions, states))
            }
            _ => Err(format!("what `{}` computes is known in a run only", self.model.catalog.get(mechanism).name)),
        }
    }

    /// As at the time of `finitialize`.
    fn global(&self, name: &str) -> Option<f64> {
        self.begun.globals.get(name).copied().or_else(|| self.model.global(name))
    }

    /// Everything at its initial value, and the currents at those.
    fn settle(&self) -> Result<Settled, Wrong> {
        let (mut used, mut settled) = (Vec::new(), Settled::default());
        for inserted in &self.section.mechanisms {
            match self.begun.equations(self.model, inserted.mechanism) {
                Ok(Some(translated)) => used.push((inserted.mechanism, translated)),
                Ok(None) => {}
                Err(why) => self.give_up(inserted.mechanism, why, &mut settled),
            }
        }
        // What writes a concentration comes first.
        used.sort_by_key(|(_, one)| !one.mechanism.writes_concentration());
        for ion in &self.section.ions {
            let value = |which: usize| ion.values[which].get(self.segment).copied().unwrap_or(0.0);
            let mut values = [value(0), value(1), value(2), 0.0];
            for (side, quantity) in [(1, IonQuantity::Inside), (2, IonQuantity::Outside)] {
                if used.iter().any(|(_, one)| one.mechanism.writes_ion(&ion.name, quantity)) {
                    let name = format!("{}0_{}_ion", quantity.name(&ion.name), ion.name);
                    values[side] = self.global(&name).unwrap_or(values[side]);
                }
            }
            settled.ions.insert(ion.name.clone(), values);
        }
        self.reverse(&used, &mut settled, true);
        for (mechanism, _) in &used {
            let done = self.followed(*mechanism, &settled).and_then(|()| self.begin(*mechanism, &mut settled));
            done.unwrap_or_else(|why| self.give_up(*mechanism, why, &mut settled));
        }
        // What a script has set since then holds where currents were asked for.
        for (was, now) in self.section.ions.iter().zip(&self.later.ions) {
            let Some(values) = settled.ions.get_mut(&was.name) else { continue };
            for side in [1, 2] {
                let (was, now) = (was.values[side].get(self.segment), now.values[side].get(self.segment));
                if let (true, Some(now)) = (was != now, now) {
                    values[side] = *now;
                }
            }
        }
        self.reverse(&used, &mut settled, false);
        for (mechanism, _) in &used {
            let done = self.followed(*mechanism, &settled).and_then(|()| self.flow(*mechanism, &mut settled));
            done.unwrap_or_else(|why| self.give_up(*mechanism, why, &mut settled));
        }
        Ok(settled)
    }

    /// Nothing can be said of a mechanism, and of what it writes.
    fn give_up(&self, mechanism: usize, why: Wrong, settled: &mut Settled) {
        let file = self.model.catalog.get(mechanism).equations.0.as_ref();
        for ion in file.iter().flat_map(|file| &file.neuron.ions) {
            for which in ion.writes.iter().filter_map(|one| value_of(&ion.name.text, &one.text)) {
                settled.unsettled.entry((ion.name.text.as_ref().into(), which)).or_insert_with(|| why.clone());
            }
        }
        settled.unknown.entry(mechanism).or_insert(why);
    }

    /// Whether everything is known that a mechanism starts from; why not.
    fn followed(&self, mechanism: usize, settled: &Settled) -> Result<(), Wrong> {
        if let Some(why) = settled.unknown.get(&mechanism) {
            return Err(why.clone());
        }
        let file = self.model.catalog.get(mechanism).equations.0.as_ref();
        for ion in file.iter().flat_map(|file| &file.neuron.ions) {
            for which in ion.reads.iter().filter_map(|one| value_of(&ion.name.text, &one.text)) {
                settled.ion(&ion.name.text, which)?;
            }
        }
        Ok(())
    }

    /// The currents of a mechanism at its initial values.
    fn flow(&self, mechanism: usize, settled: &mut Settled) -> Result<(), Wrong> {
        let mut instance = self.instance(mechanism, settled, self.later)?;
        instance.during()?;
        let (currents, written, states) = (instance.currents()?, instance.written(WritePhase::Currents)?, instance.into_states());
        settled.states.insert(mechanism, states);
        let currents = currents.into_iter().map(|(ion, value)| (ion, 3, value));
        for (ion, which, value) in written.into_iter().chain(currents) {
            let Some(values) = settled.ions.get_mut(&*ion) else { continue };
            values[which] = if which == 3 { values[3] + value } else { value };
        }
        Ok(())
    }

    /// Initial values of a mechanism.
    fn begin(&self, mechanism: usize, settled: &mut Settled) -> Result<(), Wrong> {
        let mut instance = self.instance(mechanism, settled, self.section)?;
        instance.initial()?;
        let (written, states) = (instance.written(WritePhase::States)?, instance.into_states());
        settled.states.insert(mechanism, states);
        for (ion, which, value) in written {
            if let Some(values) = settled.ions.get_mut(&*ion) {
                values[which] = value;
            }
        }
        Ok(())
    }

    /// Reversal potentials of ions whose concentrations somebody reads or, at the currents, writes.
    fn reverse(&self, used: &[(usize, Rc<Translated>)], settled: &mut Settled, at_first: bool) {
        let celsius = self.global("celsius").unwrap_or(6.3) + FREEZING;
        for (ion, values) in &mut settled.ions {
            let sides = [IonQuantity::Inside, IonQuantity::Outside];
            let written = used.iter().any(|(_, one)| sides.iter().any(|side| one.mechanism.writes_ion(ion, *side)));
            let read = used.iter().any(|(_, one)| sides.iter().any(|side| one.mechanism.reads_ion(ion, *side)));
            let fixed = self.section.ions.iter().any(|one| one.name == *ion && one.fixed);
            if !fixed && (written || read && at_first) {
                let given = used.iter().flat_map(|(_, one)| &one.valences).find(|(name, _)| **name == **ion);
                let valence = given.map_or(if &**ion == "ca" { 2.0 } else { 1.0 }, |(_, valence)| *valence);
                values[0] = nernst(values[1], values[2], valence, celsius);
            }
        }
    }
}

/// What a mechanism does when all has its initial value.
fn starts(mechanism: &ir::Mechanism) -> impl Iterator<Item = &ir::Handler> {
    mechanism.handlers.iter().filter(|one| one.kind == HandlerKind::Start)
}

/// Its states, in their order.
fn states(mechanism: &ir::Mechanism) -> impl Iterator<Item = ir::VarId> {
    let ids = (0..).map(ir::VarId).zip(&mechanism.variables);
    ids.filter(|(_, one)| matches!(one.kind, VariableKind::State { .. })).map(|(id, _)| id)
}

/// Where a value of an ion stands.
fn which(quantity: IonQuantity) -> usize {
    match quantity {
        IonQuantity::Reversal => 0,
        IonQuantity::Inside => 1,
        IonQuantity::Outside => 2,
        IonQuantity::Current => 3,
    }
}
