//! Pointers of mechanisms: what `setpointer` says, and how a cell's text says it.

use super::catalog::{Kind, Mechanism, Role};
use super::place::Range;
use super::text::{library_name, literal};
use super::{Cell, Model, SectionId};
use crate::nmodl::unit::{Unit, Units};
use std::rc::Rc;

/// Who has a pointer.
#[derive(Clone, Debug, PartialEq)]
pub enum End {
    /// A point process.
    Point(usize),
    /// A mechanism of a segment.
    Segment(SectionId, usize, usize),
}

/// Where a pointer points.
#[derive(Clone, Debug)]
pub enum To {
    /// To a value at a place of a section.
    Place(SectionId, Range, f64),
    /// To a value of a point process, by name, with the element.
    Point(usize, Rc<str>, Option<usize>),
    /// To something that is no part of a cell.
    Elsewhere,
}

/// A pointer that was set.
#[derive(Clone, Debug)]
pub struct Pointer {
    from: End,
    which: usize,
    to: To,
}

impl Model {
    /// Sets a pointer, by its number among those of the mechanism.
    pub fn point_to(&mut self, from: End, which: usize, to: To) {
        self.pointers.retain(|one| one.from != from || one.which != which);
        self.pointers.push(Pointer { from, which, to });
    }

    /// The lines that say where the pointers of a cell point; what cannot be said goes to what is left out.
    pub(super) fn pointer_lines(&self, cell: &Cell, left: &mut Vec<String>) -> Vec<String> {
        let mut lines = Vec::new();
        for pointer in &self.pointers {
            let Some((mechanism, from)) = self.pointing(cell, &pointer.from) else { continue };
            let Some((name, read)) = mechanism.pointers.get(pointer.which) else { continue };
            let whose = format!("the pointer `{name}` of {}", mechanism.name);
            if !read {
                left.push(format!("{whose}: its file sets it, or does not read it"));
                continue;
            }
            if self.changes_beside(mechanism, &pointer.to) {
                left.push(format!(
                    "{whose} reads another instance of {}: as all of them were before they act; NEURON reads it as it is by then if that one acts first",
                    mechanism.name
                ));
            }
            match self.pointed(cell, &pointer.to) {
                Ok((path, unit)) => lines.push(match unit.as_str() {
                    "" | "1.0" => format!("{from}.{name} = {path}"),
                    unit => format!("{from}.{name} = {path} / ({unit})"),
                }),
                Err(why) => left.push(format!("{whose}: {why}")),
            }
        }
        lines
    }

    /// The mechanism that has a pointer, and how it is written; nothing where it is not of the cell, or is no more.
    fn pointing(&self, cell: &Cell, from: &End) -> Option<(&Mechanism, String)> {
        match from {
            End::Point(id) => {
                let point = self.point(*id).filter(|_| cell.points.contains(id))?;
                let mechanism = self.catalog.get(point.mechanism);
                (mechanism.kind == Kind::Point).then(|| (mechanism, cell.point_name(self, *id)))
            }
            End::Segment(id, segment, mechanism) => {
                let section = cell.sections.contains(id).then(|| self.section(*id))?;
                let inserted = section.mechanisms.iter().any(|one| one.mechanism == *mechanism);
                let known = self.catalog.get(*mechanism);
                let x = section.middle(*segment);
                (inserted && *segment < section.segments()).then(|| (known, format!("{}({x:?}).{}", cell.name(*id), known.name)))
            }
        }
    }

    /// Whether a pointer of a mechanism leads to what another instance of it computes: all instances act at once.
    fn changes_beside(&self, mechanism: &Mechanism, to: &To) -> bool {
        let value = match to {
            To::Place(_, Range::Mechanism(which, value, _), _) => Some((*which, self.catalog.get(*which).values.get(*value))),
            To::Point(id, name, _) => self.point(*id).map(|point| {
                let known = self.catalog.get(point.mechanism);
                (point.mechanism, known.values.iter().find(|value| *value.name == **name))
            }),
            _ => None,
        };
        value.is_some_and(|(which, value)| {
            self.catalog.get(which).name == mechanism.name && value.is_some_and(|one| one.role != Role::Parameter)
        })
    }

    /// How a value is written, and the unit in which NEURON counts it.
    fn pointed(&self, cell: &Cell, to: &To) -> Result<(String, String), String> {
        let elsewhere = || Err("what it points to is no part of the cell".to_owned());
        match to {
            To::Place(id, range, x) => {
                if !cell.sections.contains(id) {
                    return elsewhere();
                }
                let at = format!("{}({x:?})", cell.name(*id));
                Ok(match range {
                    Range::Potential => (format!("{at}.v"), "1.0 mV".to_owned()),
                    Range::Ion(ion, 0) => (format!("{at}.e{ion}"), "1.0 mV".to_owned()),
                    Range::Ion(ion, 1) => (format!("{at}.{ion}i"), "1.0 mM".to_owned()),
                    Range::Ion(ion, _) => (format!("{at}.{ion}o"), "1.0 mM".to_owned()),
                    Range::Current(ion) => (format!("{at}.i{ion}"), "1.0 mA/cm2".to_owned()),
                    Range::OfRun("i_membrane") if self.has(*id, "extracellular") => {
                        (format!("{at}.i_membrane"), "1.0 mA/cm2".to_owned())
                    }
                    Range::Mechanism(which, value, _) => {
                        let known = self.catalog.get(*which);
                        if !self.has(*id, &known.name) || &*known.name == "extracellular" {
                            return elsewhere();
                        }
                        let (name, unit) = value_of(known, *value)?;
                        (format!("{at}.{}.{name}", known.name), unit)
                    }
                    _ => return Err("nothing can point there yet".to_owned()),
                })
            }
            To::Point(id, name, element) => {
                let Some(point) = self.point(*id).filter(|_| cell.points.contains(id)) else {
                    return elsewhere();
                };
                let known = self.catalog.get(point.mechanism);
                let position = known.values.iter().position(|value| *value.name == **name);
                let (Some(at), None | Some(0)) = (position, element) else {
                    return Err(format!("`{name}` of {} cannot be pointed to", known.name));
                };
                let (name, unit) = value_of(known, at)?;
                Ok((format!("{}.{name}", cell.point_name(self, *id)), unit))
            }
            To::Elsewhere => elsewhere(),
        }
    }
}

/// How a value of a mechanism is called, and the unit in which its file counts it where the language has it in another.
fn value_of(known: &Mechanism, at: usize) -> Result<(String, String), String> {
    let value = known.values.get(at).filter(|one| one.size == 1).ok_or("it points into an array")?;
    let name = library_name(value, 0);
    let Some(file) = known.equations.0.as_ref().filter(|_| !known.library) else {
        return Ok((name, literal(1.0, &value.unit)));
    };
    let is_current = file.neuron.nonspecific.iter().chain(&file.neuron.electrode).any(|one| one.text == value.name);
    let unit = match () {
        () if is_current => {
            let unit = Units::of(file).read(if known.kind == Kind::Density { "mA/cm2" } else { "nA" }).unwrap_or(Unit::ONE);
            literal(1.0, &unit)
        }
        () if value.role == Role::Parameter => literal(1.0, &value.unit),
        // Others are plain numbers unless their unit is one of those that belong together.
        () if value.unit.factor() == 1.0 && !value.unit.is_temperature() => literal(1.0, &value.unit),
        () => String::new(),
    };
    Ok((name, unit))
}
