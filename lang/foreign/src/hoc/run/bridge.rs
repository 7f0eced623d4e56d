//! What Python asks of hoc beside names and calls: where it stands, what sits where, and values that calls write into.

use super::scope::Slot;
use super::value::{Kind, Object, Value};
use super::{Done, Handed, Hoc, Stop};
use crate::hoc::run::path::Place;
use crate::neuron::{SectionId, Source};
use std::rc::Rc;

/// Names of values that a call may write into; no file can write such a name.
fn name_of(reference: usize) -> String {
    format!("&{reference}")
}

impl Hoc<'_> {
    /// Looks for files in this folder first.
    pub fn stand_in(&mut self, folder: &str) {
        self.folders.retain(|one| !one.starts_with('/') || one.trim_end_matches('/') == folder);
        self.folders.insert(0, format!("{}/", folder.trim_end_matches('/')));
    }

    /// What stopped a call, with its place in a file of hoc, and where that was called from.
    pub(super) fn located(&self, stop: &Stop) -> String {
        let mut told = stop.message.clone();
        let places = stop.span.iter().chain(stop.trace.iter().map(|(span, _)| span));
        let mut said = Vec::new();
        for span in places {
            let (Some(source), Some(position)) = (self.sources.get(span.file), self.sources.position(*span)) else { continue };
            let place = format!("{}, line {}", source.name, position.line);
            if source.name != "execute" && !said.contains(&place) {
                said.push(place);
            }
        }
        if !said.is_empty() {
            told += &format!(" ({})", said.join("; called in "));
        }
        told
    }

    /// Puts numbers in place of those of a Vector.
    ///
    /// # Errors
    /// What is no Vector, and too many.
    pub fn fill(&mut self, object: &Object, numbers: Vec<f64>) -> Result<(), String> {
        let Kind::Vector(list) = &object.kind else { return Err(format!("{} is no Vector", object.name())) };
        self.room(numbers.len()).map_err(|stop| stop.message.clone())?;
        list.replace(numbers);
        Ok(())
    }

    /// The object of a template that a section belongs to.
    #[must_use]
    pub fn owner_of(&self, section: SectionId) -> Option<Rc<Object>> {
        let owner = self.model.section(section).owner;
        let mut all = self.templates.values().flat_map(|known| &known.objects).filter_map(std::rc::Weak::upgrade);
        all.find(|object| object.id == owner)
    }

    /// Where the potential is that a connection watches.
    #[must_use]
    pub fn source_of(&self, object: &Object) -> Option<(SectionId, f64)> {
        let Kind::NetCon(id, _) = object.kind else { return None };
        match self.model.netcon(id)?.source {
            Source::Place(section, x) => Some((section, x)),
            Source::Point(_) | Source::None => None,
        }
    }

    /// The object of a point process.
    pub(super) fn point_object(&self, wanted: usize) -> Option<Rc<Object>> {
        let mut all = self.counted.values().flatten().filter_map(std::rc::Weak::upgrade);
        all.find(|object| matches!(object.kind, Kind::Point(id, _) if id == wanted))
    }

    /// Point processes in the segment of a place.
    #[must_use]
    pub fn points_at(&self, section: SectionId, x: f64) -> Vec<Rc<Object>> {
        let end = |x: f64| x <= 0.0 || x >= 1.0;
        let here = self.model.section(section);
        let same = |y: f64| if end(x) || end(y) { x == y } else { here.segment(x) == here.segment(y) };
        let all = self.counted.values().flatten().filter_map(std::rc::Weak::upgrade);
        let mut found: Vec<Rc<Object>> = all
            .filter(|object| match object.kind {
                Kind::Point(id, _) => {
                    self.model.point(id).and_then(|one| one.place).is_some_and(|(at, y)| at == section && same(y))
                }
                _ => false,
            })
            .collect();
        found.sort_by_key(|object| object.id);
        found
    }

    /// Keeps a value where a call can write into it.
    pub(super) fn by_reference(&mut self, value: Handed) -> Done<Value> {
        let slot = match self.taken(value)? {
            Value::Number(value) => Slot::Numbers(vec![value], Vec::new()),
            Value::Text(text) => Slot::Text(text),
            Value::Object(object) => Slot::Objects(vec![object], Vec::new()),
            Value::Address(_) => return Err("an address is no value that could be written into".to_owned().into()),
        };
        let top = self.top.clone();
        let reference = (0..).find(|one| !top.names.borrow().contains_key(name_of(*one).as_str())).unwrap_or(0);
        let name: crate::hoc::tree::Name = name_of(reference).as_str().into();
        top.names.borrow_mut().insert(name.clone(), slot);
        Ok(Value::Address(Box::new(Place::Slot(top, name, 0))))
    }

    /// Values that a call has written into, which end here.
    pub(super) fn references(&mut self, count: usize) -> Vec<Handed> {
        let mut names = self.top.names.borrow_mut();
        let slots = (0..count).map(|reference| names.remove(name_of(reference).as_str()));
        let values = slots.map(|slot| match slot {
            Some(Slot::Numbers(values, _)) => values.first().map_or(Handed::Nothing, |value| Handed::Number(*value)),
            Some(Slot::Text(text)) => Handed::Text(text.to_string()),
            Some(Slot::Objects(all, _)) => all.into_iter().next().flatten().map_or(Handed::Nothing, Handed::Object),
            _ => Handed::Nothing,
        });
        values.collect()
    }
}
