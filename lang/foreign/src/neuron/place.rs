//! Values of segments by the names that scripts use: `diam`, `cm`, `gnabar_hh`, `ena`, `v`.

use super::{Model, SectionId, Wrong};
use std::rc::Rc;

/// What a name of a value along a section stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Range {
    /// Of a mechanism: which, which value, which element.
    Mechanism(usize, usize, usize),
    /// Of an ion: 0 reversal potential, 1 inside, 2 outside.
    Ion(Rc<str>, usize),
    /// `diam`
    Diam,
    /// `cm`
    Capacitance,
    /// `v`
    Potential,
    /// The current of an ion: `ina`
    Current(Rc<str>),
    /// What a pointer of a mechanism points to: which mechanism, which of its pointers
    Pointer(usize, usize),
    /// Something else that only a run has: `i_cap`
    OfRun(&'static str),
}

/// Of a section as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whole {
    /// `L`
    Length,
    /// `Ra`
    Resistivity,
    /// `nseg`
    Segments,
    /// `rallbranch`
    Rall,
}

impl Whole {
    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<Whole> {
        Some(match name {
            "L" => Whole::Length,
            "Ra" => Whole::Resistivity,
            "nseg" => Whole::Segments,
            "rallbranch" => Whole::Rall,
            _ => return None,
        })
    }
}

impl Model {
    /// What a name stands for along sections.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<Range> {
        match name {
            "diam" => return Some(Range::Diam),
            "cm" => return Some(Range::Capacitance),
            "v" => return Some(Range::Potential),
            "i_cap" => return Some(Range::OfRun("i_cap")),
            "i_membrane" => return Some(Range::OfRun("i_membrane")),
            "i_membrane_" => return Some(Range::OfRun("i_membrane_")),
            _ => {}
        }
        if let Some((mechanism, pointer)) = self.catalog.pointer(name) {
            return Some(Range::Pointer(mechanism, pointer));
        }
        if let Some((mechanism, value)) = self.catalog.range(name) {
            return Some(Range::Mechanism(mechanism, value, 0));
        }
        if let Some((ion, which)) = self.catalog.ion(name) {
            return Some(Range::Ion(ion, which));
        }
        let ion = name.strip_prefix('i').filter(|ion| self.catalog.has_ion(ion))?;
        Some(Range::Current(ion.into()))
    }

    /// A value at a place.
    ///
    /// # Errors
    /// What is not in the section.
    pub fn get(&self, id: SectionId, range: &Range, x: f64) -> Result<f64, Wrong> {
        let section = self.section(id);
        let k = section.segment(x);
        match range {
            Range::Diam => Ok(self.diams(id)[k]),
            Range::Capacitance => Ok(section.capacitance[k]),
            Range::Potential => Ok(section.v[k]),
            Range::OfRun(_) => Err("this is known in a run only".into()),
            Range::Pointer(..) => Err("what a pointer points to is not read while a file is imported".into()),
            Range::Current(ion) => self.current_after_initialization(id, k, ion),
            Range::Mechanism(mechanism, value, element) => {
                if let Some(found) = self.after_initialization(id, k, (*mechanism, *value)) {
                    return found;
                }
                let found = section.mechanisms.iter().find(|one| one.mechanism == *mechanism);
                let Some(found) = found else { return Err(self.absent(id, *mechanism)) };
                let size = self.catalog.get(*mechanism).values.get(*value).map_or(1, |one| one.size);
                Ok(found.values.get(*value).and_then(|list| list.get(k * size + element)).copied().unwrap_or(0.0))
            }
            Range::Ion(ion, which) => match section.ions.iter().find(|one| one.name == *ion) {
                Some(found) => {
                    let now = found.values[*which][k];
                    self.ion_after_initialization(id, k, (ion, *which), now).unwrap_or(Ok(now))
                }
                None => Err(format!("{} has no mechanism that uses the ion {ion}", section.name)),
            },
        }
    }

    fn absent(&self, id: SectionId, mechanism: usize) -> Wrong {
        format!("`{}` is not inserted in {}", self.catalog.get(mechanism).name, self.section(id).name)
    }

    /// Sets a value of some segments.
    ///
    /// # Errors
    /// What is not in the section, and what no cable can have.
    pub fn set(&mut self, id: SectionId, range: &Range, segments: &[usize], new: f64) -> Result<(), Wrong> {
        if !new.is_finite() {
            return Err(format!("{new} is no value that a simulation can have"));
        }
        match range {
            Range::Diam => {
                let all: Vec<(usize, f64)> = segments.iter().map(|k| (*k, new)).collect();
                return self.set_diam(id, &all);
            }
            Range::Capacitance => {
                let section = self.section_mut(id);
                segments.iter().for_each(|k| section.capacitance[*k] = new);
                self.changed();
            }
            Range::Potential => segments.iter().for_each(|k| self.sections[id.index()].v[*k] = new),
            Range::OfRun(_) | Range::Current(_) => return Err("this is known in a run only".into()),
            Range::Pointer(..) => return Err("what a pointer points to is set by its own name".into()),
            Range::Mechanism(mechanism, value, element) => {
                let size = self.catalog.get(*mechanism).values.get(*value).map_or(1, |one| one.size);
                let found = self.sections[id.index()].mechanisms.iter_mut().find(|one| one.mechanism == *mechanism);
                let Some(found) = found else { return Err(self.absent(id, *mechanism)) };
                let Some(list) = found.values.get_mut(*value) else { return Ok(()) };
                segments.iter().filter_map(|k| k.checked_mul(size)).for_each(|k| {
                    if let Some(one) = list.get_mut(k + element) {
                        *one = new;
                    }
                });
                found.set[*value] = true;
            }
            Range::Ion(ion, which) => {
                let section = self.section_mut(id);
                let Some(found) = section.ions.iter_mut().find(|one| one.name == *ion) else {
                    return Err(format!("{} has no mechanism that uses the ion {ion}", section.name));
                };
                segments.iter().for_each(|k| found.values[*which][*k] = new);
                found.set[*which] = true;
            }
        }
        Ok(())
    }

    /// A value of a section as a whole.
    #[must_use]
    pub fn whole(&self, id: SectionId, which: Whole) -> f64 {
        match which {
            Whole::Length => self.length(id),
            Whole::Resistivity => self.section(id).resistivity,
            Whole::Segments => self.section(id).segments() as f64,
            Whole::Rall => self.section(id).rall,
        }
    }

    /// Sets a value of a section as a whole.
    ///
    /// # Errors
    /// What no cable can have.
    pub fn set_whole(&mut self, id: SectionId, which: Whole, value: f64) -> Result<(), Wrong> {
        match which {
            Whole::Length => return self.set_length(id, value),
            Whole::Segments => return self.set_segments(id, value),
            Whole::Resistivity if !value.is_finite() || value <= 0.0 => {
                return Err(format!("axial resistivity cannot be {value} ohm cm"));
            }
            Whole::Resistivity => self.section_mut(id).resistivity = value,
            Whole::Rall => self.section_mut(id).rall = value,
        }
        self.changed();
        Ok(())
    }
}
