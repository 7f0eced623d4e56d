//! Point processes and connections as objects.

use super::class::Given;
use super::path::Place;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::neuron::place::Range;
use crate::neuron::pointer::{End, To};
use crate::neuron::{SectionId, Source};
use std::rc::Rc;

/// Methods that every point process has, and those of stimuli.
pub(super) const METHODS: &[&str] =
    &["loc", "has_loc", "get_loc", "get_segment", "noiseFromRandom", "noiseFromRandom123", "seed", "play", "hname", "same"];

impl Hoc<'_> {
    /// Puts a point process in the middle of the segment of a place, or at an end.
    pub(super) fn place_point(&mut self, id: usize, section: SectionId, x: f64) -> Done<()> {
        if !(0.0..=1.0).contains(&x) {
            return Err(format!("{x} is not a place on a section").into());
        }
        let known = self.model.section(section);
        let x = if x == 0.0 || x == 1.0 { x } else { known.middle(known.segment(x)) };
        self.model.place_point(id, section, x);
        Ok(())
    }

    /// Methods of point processes.
    pub(super) fn of_point(&mut self, object: &Rc<Object>, id: usize, name: &str, given: &Given<'_>) -> Done<Value> {
        Ok(match name {
            "loc" => {
                let section = self.accessed()?;
                self.place_point(id, section, given.number(0)?)?;
                Value::Number(0.0)
            }
            "has_loc" => Value::Number(f64::from(u8::from(self.model.point(id).is_some_and(|one| one.place.is_some())))),
            "get_loc" | "get_segment" => {
                let Some((section, x)) = self.model.point(id).and_then(|one| one.place) else {
                    return Err(format!("{} is nowhere", object.name()).into());
                };
                self.sections.push(section);
                Value::Number(x)
            }
            "noiseFromRandom" | "noiseFromRandom123" | "seed" | "play" => {
                self.model.note(format!("`{}.{name}` was passed over", object.class));
                Value::Number(0.0)
            }
            _ if let Some((mechanism, table)) = self.table_of_point(id, name) => {
                self.fill_table(mechanism, &table, &given.values)?;
                Value::Number(0.0)
            }
            _ => {
                self.model.note(format!(
                    "`{}.{name}()` was passed over: procedures of mechanisms are not called while a file is imported",
                    object.class
                ));
                Value::Number(0.0)
            }
        })
    }

    /// The table that a method such as `table_tau` fills.
    pub(super) fn table_of_point(&self, id: usize, name: &str) -> Option<(usize, Rc<str>)> {
        let mechanism = self.model.point(id)?.mechanism;
        Some((mechanism, self.model.catalog.table_of(mechanism, name.strip_prefix("table_")?)?.0))
    }

    /// Which value of a point process a name, with the element of an array, stands for.
    fn value_of_point(&self, id: usize, name: &str, element: Option<usize>) -> Option<usize> {
        let point = self.model.point(id)?;
        let values = &self.model.catalog.get(point.mechanism).values;
        let named = |wanted: &str| values.iter().position(|value| &*value.name == wanted);
        let found = named(name).filter(|_| element.is_none_or(|at| at == 0));
        let found = found.or_else(|| named(&format!("{name}[{}]", element.unwrap_or(0))));
        // As `del` is a word of Python, NEURON takes `delay` for it.
        found.or_else(|| if name == "delay" { named("del") } else { None })
    }

    pub(super) fn point_value(&mut self, object: &Object, id: usize, name: &str, element: Option<usize>) -> Done<f64> {
        match self.value_of_point(id, name, element) {
            Some(at) => Ok(self.model.point(id).and_then(|one| one.values.get(at)).copied().unwrap_or(0.0)),
            None => Err(format!("{} has no `{name}`", object.name()).into()),
        }
    }

    /// The elements of an array of a point process; nothing where that is no array.
    pub(super) fn point_array(&self, id: usize, name: &str) -> Option<Vec<f64>> {
        let point = self.model.point(id)?;
        let values = self.model.catalog.get(point.mechanism).values.iter().zip(&point.values);
        let start = format!("{name}[");
        let all: Vec<f64> = values.filter(|(value, _)| value.name.starts_with(&start)).map(|(_, x)| *x).collect();
        (!all.is_empty()).then_some(all)
    }

    pub(super) fn set_point_value(
        &mut self,
        object: &Object,
        id: usize,
        name: &str,
        element: Option<usize>,
        new: f64,
    ) -> Done<()> {
        let Some(at) = self.value_of_point(id, name, element) else {
            return Err(format!("{} has no `{name}`", object.name()).into());
        };
        if new.is_nan() {
            return Err(format!("`{name}` of {} is set to no number", object.name()).into());
        }
        if let Some(point) = self.model.point_mut(id) {
            point.values[at] = new;
            point.set[at] = true;
        }
        Ok(())
    }

    /// `setpointer`
    pub(super) fn point_pointer(&mut self, object: &Rc<Object>, name: &str, to: &Place) {
        let Kind::Point(id, _) = &object.kind else { return };
        let Some(mechanism) = self.model.point(*id).map(|one| one.mechanism) else { return };
        let pointers = &self.model.catalog.get(mechanism).pointers;
        let Some(which) = pointers.iter().position(|(known, _)| **known == *name) else {
            self.model
                .note(format!("the pointer `{name}` of {} was left out: the mechanism has none of this name", object.name()));
            return;
        };
        self.model.point_to(End::Point(*id), which, pointed(to));
    }

    /// `setpointer im_xtra(x), i_membrane(x)`
    pub(super) fn range_pointer(
        &mut self,
        (section, x): (SectionId, Option<f64>),
        (mechanism, which): (usize, usize),
        to: &Place,
    ) {
        let known = self.model.section(section);
        let segments = match x {
            Some(x) => known.segment(x)..known.segment(x) + 1,
            None => 0..known.segments(),
        };
        for segment in segments {
            self.model.point_to(End::Segment(section, segment, mechanism), which, pointed(to));
        }
    }

    /// `new NetCon(source, target, threshold, delay, weight)`, `section new NetCon(&v(0.5), target)`
    pub(super) fn new_connection(&mut self, given: &Given<'_>) -> Done<Kind> {
        let source = match given.values.first() {
            Some(Value::Address(place)) => match &**place {
                Place::Range(section, Range::Potential, x) => Source::Place(*section, x.unwrap_or(0.5)),
                Place::Member(object, ..) => match &object.kind {
                    Kind::Point(id, _) => Source::Point(*id),
                    _ => Source::None,
                },
                _ => return Err(self.unsupported("a NetCon watches a membrane potential or a point process")),
            },
            Some(Value::Object(Some(object))) => match &object.kind {
                Kind::Point(id, _) => Source::Point(*id),
                _ => Source::None,
            },
            _ => Source::None,
        };
        let target = match given.values.get(1) {
            Some(Value::Object(Some(object))) => match &object.kind {
                Kind::Point(id, _) => Some(*id),
                _ => None,
            },
            _ => None,
        };
        let threshold = given.number_or(2, 10.0)?;
        let delay = given.number_or(3, 1.0)?;
        let weight = given.number_or(4, 0.0)?;
        let (id, hold) = self.model.new_netcon(source, target, threshold);
        if let Some(connection) = self.model.netcon_mut(id) {
            connection.delay = delay;
            connection.weight[0] = weight;
        }
        Ok(Kind::NetCon(id, hold))
    }

    /// Methods of NetCon.
    pub(super) fn of_connection(&mut self, object: &Object, id: usize, name: &str, _: &Given<'_>) -> Done<Value> {
        Ok(match name {
            "record" | "event" | "active" => {
                self.model.note(format!("`NetCon.{name}` was passed over"));
                Value::Number(0.0)
            }
            "valid" | "wcnt" => Value::Number(1.0),
            "syn" | "pre" | "precell" | "postcell" => {
                let (source, target) = self.model.netcon(id).map_or((Source::None, None), |one| (one.source.clone(), one.target));
                let place = |hoc: &Self, point: usize| hoc.model.point(point)?.place.map(|(section, _)| section);
                Value::Object(match (name, source) {
                    ("syn", _) => target.and_then(|target| self.point_object(target)),
                    ("postcell", _) => target.and_then(|target| place(self, target)).and_then(|section| self.owner_of(section)),
                    ("pre", Source::Point(point)) => self.point_object(point),
                    ("precell", Source::Place(section, _)) => self.owner_of(section),
                    _ => None,
                })
            }
            _ => return Err(self.no_method(object, name)),
        })
    }

    pub(super) fn connection_value(&mut self, object: &Object, id: usize, name: &str, at: Option<usize>) -> Done<f64> {
        let found = self.model.netcon(id).and_then(|one| match name {
            "weight" => one.weight.get(at.unwrap_or(0)).copied(),
            "delay" => Some(one.delay),
            "threshold" => Some(one.threshold),
            "x" => Some(0.0),
            _ => None,
        });
        found.ok_or_else(|| super::Stop::from(format!("{} has no `{name}`", object.name())))
    }

    pub(super) fn set_connection_value(
        &mut self,
        object: &Object,
        id: usize,
        name: &str,
        at: Option<usize>,
        new: f64,
    ) -> Done<()> {
        let Some(connection) = self.model.netcon_mut(id) else { return Ok(()) };
        let value = match name {
            "weight" => connection.weight.get_mut(at.unwrap_or(0)),
            "delay" => Some(&mut connection.delay),
            "threshold" => Some(&mut connection.threshold),
            _ => None,
        };
        match value {
            Some(value) => *value = new,
            None => return Err(format!("{} has no `{name}`", object.name()).into()),
        }
        Ok(())
    }
}

/// What a pointer can point to.
fn pointed(place: &Place) -> To {
    match place {
        Place::Range(section, range, x) => To::Place(*section, range.clone(), x.unwrap_or(0.5)),
        Place::Member(object, name, element) => match &object.kind {
            Kind::Point(id, _) => To::Point(*id, name.clone(), *element),
            _ => To::Elsewhere,
        },
        _ => To::Elsewhere,
    }
}
