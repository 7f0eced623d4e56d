//! hoc as seen from another language: names, calls and objects as values that can be handed over.

use super::path::Place;
use super::scope::Slot;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::hoc::tree::Part;
use crate::neuron::place::Range;
use crate::neuron::{Hold, SectionId};
use std::rc::Rc;

/// What is handed over.
#[derive(Clone, Debug)]
pub enum Handed {
    /// Nothing.
    Nothing,
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// An object.
    Object(Rc<Object>),
    /// A section.
    Section(SectionId),
    /// A place on a section.
    Place(SectionId, f64),
    /// The address of a value of a segment.
    OfSegment(SectionId, f64, String),
    /// The address of a value of an object.
    OfObject(Rc<Object>, String),
    /// A value that a call may write into.
    Reference(Box<Handed>),
    /// Something to be called.
    Function,
    /// Several.
    List(Vec<Handed>),
}

impl Hoc<'_> {
    /// A name of the file, or of an object.
    ///
    /// # Errors
    /// A name that is not there.
    pub fn look(&mut self, of: Option<&Rc<Object>>, name: &str) -> Result<Handed, String> {
        let found = match of {
            None => self.look_at_top(name),
            Some(object) => self.look_at_object(object, name),
        };
        found.map_err(|stop| stop.message.clone())
    }

    fn look_at_top(&mut self, name: &str) -> Done<Handed> {
        let scope = self.top.clone();
        if let Some(home) = self.slot(name, &scope) {
            return self.hand_slot(&home, name);
        }
        if let Some(value) = self.model.global(name) {
            return Ok(Handed::Number(value));
        }
        let part = Part { name: name.into(), indices: Vec::new(), call: None };
        if self.procedure(name, &scope).is_none()
            && !self.is_class(name)
            && self.model.range(name).is_none()
            && let Ok(place) = self.first(&part)
        {
            let value = self.get(&place)?;
            return Ok(handed(value));
        }
        let known = self.procedure(name, &scope).is_some()
            || self.is_class(name)
            || self.model.range(name).is_some()
            || self.model.catalog.find(name).is_some()
            || self.model.catalog.is_procedure(name)
            || self.model.catalog.table(name).is_some()
            || self.ignored.contains(name)
            || super::function::is_known(name);
        if known { Ok(Handed::Function) } else { Err(format!("h has no `{name}`").into()) }
    }

    fn look_at_object(&mut self, object: &Rc<Object>, name: &str) -> Done<Handed> {
        if let Kind::Instance(scope) = &object.kind {
            let scope = scope.clone();
            if let Some(home) = self.slot(name, &scope) {
                return self.hand_slot(&home, name);
            }
            return match self.procedure(name, &scope) {
                Some(_) => Ok(Handed::Function),
                None => Err(format!("{} has no `{name}`", object.name()).into()),
            };
        }
        let part = Part { name: name.into(), indices: Vec::new(), call: None };
        Ok(match &object.kind {
            Kind::SectionRef(section) if name == "child" => {
                Handed::List(self.model.children(*section).into_iter().map(Handed::Section).collect())
            }
            Kind::SectionRef(_) if matches!(name, "nchild" | "has_parent" | "has_trueparent" | "is_cas" | "exists") => {
                Handed::Function
            }
            Kind::SectionRef(section) => match self.of_reference(*section, &part)? {
                Place::Section(section) => Handed::Section(section),
                place => handed(self.get(&place)?),
            },
            Kind::Point(id, _) => match (self.point_array(*id, name), self.point_value(object, *id, name, None)) {
                (Some(all), _) => Handed::List(all.into_iter().map(Handed::Number).collect()),
                (None, Ok(value)) => Handed::Number(value),
                (None, Err(_))
                    if super::point::METHODS.contains(&name)
                        || self.model.is_procedure_of(*id, name)
                        || self.table_of_point(*id, name).is_some() =>
                {
                    Handed::Function
                }
                (None, Err(stop)) => return Err(stop),
            },
            Kind::NetCon(id, _) if name == "weight" => {
                let weights = self.model.netcon(*id).map_or(Vec::new(), |one| one.weight.clone());
                Handed::List(weights.into_iter().map(Handed::Number).collect())
            }
            Kind::NetCon(id, _) if matches!(name, "delay" | "threshold") => {
                Handed::Number(self.connection_value(object, *id, name, None)?)
            }
            Kind::Vector(list) if name == "x" => Handed::List(list.borrow().iter().map(|x| Handed::Number(*x)).collect()),
            Kind::Morphology(_) => match self.shown_of_morphology(object, name)? {
                Some(shown) => Handed::Object(shown),
                None => Handed::Function,
            },
            Kind::Text(text) if name == "s" => Handed::Text(text.borrow().to_string()),
            _ => Handed::Function,
        })
    }

    fn hand_slot(&mut self, home: &Rc<super::scope::Scope>, name: &str) -> Done<Handed> {
        let slot = home.names.borrow().get(name).cloned();
        let list = |all: Vec<Handed>, single: bool| match (single, all.into_iter().next()) {
            (true, Some(one)) => one,
            (true, None) => Handed::Nothing,
            (false, _) => Handed::Nothing,
        };
        Ok(match slot {
            Some(Slot::Numbers(values, sizes)) if sizes.is_empty() => {
                list(values.into_iter().map(Handed::Number).collect(), true)
            }
            Some(Slot::Numbers(values, _)) => Handed::List(values.into_iter().map(Handed::Number).collect()),
            Some(Slot::Text(text)) => Handed::Text(text.to_string()),
            Some(Slot::Objects(values, sizes)) => {
                let all: Vec<Handed> = values.into_iter().map(|one| one.map_or(Handed::Nothing, Handed::Object)).collect();
                if sizes.is_empty() { list(all, true) } else { Handed::List(all) }
            }
            Some(Slot::Sections(ids, sizes)) => {
                let array = !sizes.is_empty();
                let all: Vec<Handed> = ids.into_iter().map(Handed::Section).collect();
                if array { Handed::List(all) } else { list(all, true) }
            }
            Some(Slot::Pointer(place)) => handed(self.get(&place)?),
            Some(Slot::External) | None => Handed::Nothing,
        })
    }

    /// Sets a pointer of a point process.
    ///
    /// # Errors
    /// What cannot be handed over.
    pub fn point_object_to(&mut self, object: &Rc<Object>, name: &str, to: Handed) -> Result<(), String> {
        let to = self.taken(to).map_err(|stop| self.located(&stop))?;
        self.point_pointer(object, name, &address(to));
        Ok(())
    }

    /// Sets a pointer of a mechanism of a segment, by its full name.
    ///
    /// # Errors
    /// What cannot be handed over, and what is no pointer.
    pub fn point_segment_to(&mut self, section: SectionId, x: f64, name: &str, to: Handed) -> Result<(), String> {
        let Some(which) = self.model.catalog.pointer(name) else { return Err(format!("`{name}` is no pointer")) };
        let to = self.taken(to).map_err(|stop| self.located(&stop))?;
        self.range_pointer((section, Some(x)), which, &address(to));
        Ok(())
    }

    /// Sets a name of the file, or of an object.
    ///
    /// # Errors
    /// What cannot be set.
    pub fn put_in(&mut self, of: Option<&Rc<Object>>, name: &str, index: Option<usize>, value: Handed) -> Result<(), String> {
        let done = self.put_value(of, name, index, value);
        done.map_err(|stop| self.located(&stop))
    }

    fn put_value(&mut self, of: Option<&Rc<Object>>, name: &str, index: Option<usize>, value: Handed) -> Done<()> {
        let value = self.taken(value)?;
        match of.map(|object| (&object.kind, object)) {
            None => {
                if let Value::Number(number) = value
                    && self.model.set_global(name, number)
                {
                    return Ok(());
                }
                let part = Part { name: name.into(), indices: Vec::new(), call: None };
                let scope = self.top.clone();
                if self.slot(name, &scope).is_none() && self.first(&part).is_err() {
                    let slot = match &value {
                        Value::Text(_) => Slot::Text("".into()),
                        Value::Object(_) => Slot::Objects(vec![None], Vec::new()),
                        _ => Slot::Numbers(vec![0.0], Vec::new()),
                    };
                    scope.names.borrow_mut().insert(name.into(), slot);
                }
                let place = match (index, self.slot(name, &scope)) {
                    (Some(index), Some(home)) => Place::Slot(home, name.into(), index),
                    _ => self.first(&part)?,
                };
                self.set(&place, value)
            }
            Some((Kind::Instance(scope), _)) => {
                let scope = scope.clone();
                match self.slot(name, &scope) {
                    Some(home) => self.set(&Place::Slot(home, name.into(), index.unwrap_or(0)), value),
                    None => Err(format!("there is no `{name}`").into()),
                }
            }
            Some((_, object)) => self.set_member(object, name, index, value),
        }
    }

    /// Whether a name is known without a declaration of the file.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.is_class(name)
            || self.is_built_in(name)
            || super::function::is_known(name)
            || self.model.catalog.is_procedure(name)
            || self.model.catalog.table(name).is_some()
    }

    /// Whether a name is that of a template, a class or a point process.
    fn is_class(&self, name: &str) -> bool {
        const CLASSES: &[&str] = &[
            "Import3d_SWC_read",
            "Import3d_Neurolucida3",
            "Import3d_GUI",
            "Vector",
            "Matrix",
            "List",
            "SectionList",
            "SectionRef",
            "String",
            "StringFunctions",
            "File",
            "Random",
            "NetCon",
            "KSChan",
            "MechanismType",
            "MechanismStandard",
        ];
        let placed =
            self.model.catalog.find(name).is_some_and(|at| self.model.catalog.get(at).kind != crate::neuron::Kind::Density);
        self.templates.contains_key(name) || CLASSES.contains(&name) || placed || super::class::is_ignored(name)
    }

    /// Calls a name of the file, or of an object, with a section accessed.
    ///
    /// # Errors
    /// What goes wrong.
    pub fn ask(
        &mut self,
        of: Option<&Rc<Object>>,
        name: &str,
        section: Option<SectionId>,
        given: Vec<Handed>,
    ) -> Result<(Handed, Vec<Handed>), String> {
        let depth = self.sections.len();
        // Without any section that is accessed it is the first one.
        if let (true, Some(first)) = (self.sections.is_empty(), self.model.all().first()) {
            self.sections.push(*first);
        }
        if let Some(section) = section {
            self.sections.push(section);
        }
        let references = given.iter().filter(|one| matches!(one, Handed::Reference(_))).count();
        let done = self.ask_now(of, name, given).map(|found| (found, self.references(references)));
        if !matches!(name, "push_section" | "pop_section") {
            self.sections.truncate(depth);
        }
        done.map_err(|stop| self.located(&stop))
    }

    fn ask_now(&mut self, of: Option<&Rc<Object>>, name: &str, given: Vec<Handed>) -> Done<Handed> {
        if let ("distance", [Handed::Place(a, x), Handed::Place(b, y)]) = (name, given.as_slice()) {
            return Ok(Handed::Number(self.model.between((*a, *x), (*b, *y))));
        }
        let mut values = Vec::new();
        for one in given {
            match one {
                Handed::Section(section) => self.sections.push(section),
                Handed::Place(section, x) => {
                    self.sections.push(section);
                    values.push(Value::Number(x));
                }
                other => values.push(self.taken(other)?),
            }
        }
        let value = match of {
            None => {
                let scope = self.top.clone();
                if let Some((procedure, home)) = self.procedure(name, &scope) {
                    self.call(&procedure, &home, values)?
                } else if self.is_class(name) {
                    Value::Object(Some(self.new_object(&name.into(), values)?))
                } else if let (Some(range), [Value::Number(x)]) = (self.model.range(name), values.as_slice()) {
                    let section = self.accessed()?;
                    self.get(&Place::Range(section, range, Some(*x)))?
                } else {
                    self.function(name, values)?
                }
            }
            Some(object) => match &object.kind {
                Kind::Instance(scope) => {
                    let scope = scope.clone();
                    let Some((procedure, home)) = self.procedure(name, &scope) else {
                        return Err(format!("{} has no procedure `{name}`", object.name()).into());
                    };
                    self.call(&procedure, &home, values)?
                }
                _ => {
                    let place = self.method(object, &name.into(), values)?;
                    if let Place::Section(section) = place {
                        return Ok(Handed::Section(section));
                    }
                    self.get(&place)?
                }
            },
        };
        Ok(handed(value))
    }

    pub(super) fn taken(&mut self, one: Handed) -> Done<Value> {
        Ok(match one {
            Handed::Number(value) => Value::Number(value),
            Handed::Text(text) => Value::Text(text.into()),
            Handed::Object(object) => Value::Object(Some(object)),
            Handed::Nothing => Value::NOTHING,
            Handed::OfSegment(section, x, name) => match self.model.range(&name) {
                Some(range) => Value::Address(Box::new(Place::Range(section, range, Some(x)))),
                None => Value::Address(Box::new(Place::Range(section, Range::OfRun("nothing"), Some(x)))),
            },
            Handed::Reference(value) => self.by_reference(*value)?,
            Handed::OfObject(object, name) => {
                // `_ref_x[3]`
                let element = name.strip_suffix(']').and_then(|name| name.split_once('['));
                let element = element.and_then(|(name, at)| Some((name, at.parse().ok()?)));
                Value::Address(Box::new(match element {
                    Some((name, at)) => Place::Member(object, name.into(), Some(at)),
                    None => Place::Member(object, name.as_str().into(), None),
                }))
            }
            other => return Err(format!("{other:?} cannot be handed over").into()),
        })
    }

    /// Executes a text at the top.
    ///
    /// # Errors
    /// What goes wrong.
    pub fn say(&mut self, text: &str) -> Result<(), String> {
        self.execute_in(text, None).map_err(|stop| self.located(&stop))
    }

    /// A section that the other language creates, with the name that it gives.
    ///
    /// # Errors
    /// Too many.
    pub fn new_section(&mut self, name: &str, hold: Option<&Hold>) -> Result<SectionId, String> {
        let (own, index) = match name.strip_suffix(']').and_then(|name| name.rsplit_once('[')) {
            Some((own, index)) => (own, index.parse().ok()),
            None => (name, None),
        };
        let own = if index.is_some() { (own.into(), index) } else { (name.into(), None) };
        self.model.create(own, "", 0, hold)
    }

    /// The section that statements are about; the first one where none was said.
    #[must_use]
    pub fn accessed_section(&self) -> Option<SectionId> {
        self.sections.last().copied().or_else(|| self.model.all().first().copied())
    }

    /// Makes a section the accessed one.
    pub fn push(&mut self, section: SectionId) {
        self.sections.push(section);
    }

    /// The sections of a list.
    #[must_use]
    pub fn sections_in(&self, object: &Object) -> Option<Vec<SectionId>> {
        match object.kind {
            Kind::Sections(id, _) => Some(self.model.listed(id)),
            _ => None,
        }
    }

    /// The point process that an object is.
    #[must_use]
    pub fn point_of(&self, object: &Object) -> Option<usize> {
        match object.kind {
            Kind::Point(id, _) => Some(id),
            _ => None,
        }
    }
}

fn handed(value: Value) -> Handed {
    match value {
        Value::Number(value) => Handed::Number(value),
        Value::Text(text) => Handed::Text(text.to_string()),
        Value::Object(Some(object)) => Handed::Object(object),
        Value::Object(None) | Value::Address(_) => Handed::Nothing,
    }
}

/// What an address is of; what is none is a value, and nothing points there.
fn address(value: Value) -> Place {
    match value {
        Value::Address(place) => *place,
        other => Place::Value(other),
    }
}
