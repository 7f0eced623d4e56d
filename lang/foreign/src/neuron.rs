//! NEURON's model of cells, as scripts build it: sections with segments, mechanisms and points, what sits on them, and what is known of each.
//! Numbers are in NEURON's units (um, ohm cm, uF/cm2, mV, mM). Knows no script language; nothing here simulates.

mod begin;
mod builtin;
pub mod catalog;
mod cell;
mod geometry;
mod list;
mod outline;
pub mod place;
pub mod pointer;
mod report;
pub mod section;
mod shape;
mod table;
mod text;
mod topology;

pub use catalog::{Catalog, Kind, Mechanism};
pub use cell::Cell;
pub(crate) use cell::usable;
pub use section::{Point3, Section, SectionId};
pub use shape::Drawn;

use std::collections::HashMap;
use std::rc::{Rc, Weak};

/// How many segments all sections together may have.
const MOST_SEGMENTS: usize = 2_000_000;

/// How many sections there may be.
const MOST_SECTIONS: usize = 200_000;

/// What went wrong, in a sentence's words.
pub type Wrong = String;

/// Whoever holds one of these keeps what it stands for alive.
pub type Hold = Rc<()>;

/// A point process that sits, or once sat, somewhere.
#[derive(Clone, Debug)]
pub struct PointProcess {
    /// Which mechanism of the catalog.
    pub mechanism: usize,
    /// Which of its kind, counted as NEURON counts.
    pub index: usize,
    /// Where; nothing before it is placed.
    pub place: Option<(SectionId, f64)>,
    /// Values, in the order of the mechanism's.
    pub values: Vec<f64>,
    /// Values that were set.
    pub set: Vec<bool>,
    alive: Weak<()>,
}

/// Where a connection's events come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A membrane potential.
    Place(SectionId, f64),
    /// A point process or artificial cell.
    Point(usize),
    /// Nothing.
    None,
}

/// A NetCon.
#[derive(Clone, Debug)]
pub struct NetCon {
    /// From
    pub source: Source,
    /// to a point process.
    pub target: Option<usize>,
    /// mV
    pub threshold: f64,
    /// ms
    pub delay: f64,
    /// The weight and what else the target takes.
    pub weight: Vec<f64>,
    alive: Weak<()>,
}

/// A list of sections that a script keeps.
#[derive(Clone, Debug)]
struct Listed {
    sections: Vec<SectionId>,
    alive: Weak<()>,
}

/// All that a script has built.
#[derive(Debug, Default)]
pub struct Model {
    /// What can be inserted.
    pub catalog: Catalog,
    sections: Vec<Section>,
    /// The order of sections: of creation.
    points: Vec<PointProcess>,
    netcons: Vec<NetCon>,
    lists: Vec<Listed>,
    /// Pointers of mechanisms that were set.
    pointers: Vec<pointer::Pointer>,
    /// `celsius`, `gmax_m`, ...: values that all share, where they were set.
    pub globals: HashMap<String, f64>,
    /// Where `distance` is measured from.
    origin: Option<(SectionId, f64)>,
    segments: usize,
    /// Grows with every change of what hangs where or how large it is.
    version: u64,
    distances: std::cell::RefCell<Option<topology::Cached>>,
    /// What `finitialize` found.
    begun: Option<begin::Begun>,
    /// What was left out, and what is worth knowing; each once.
    pub notes: Vec<String>,
}

impl Model {
    /// An empty one with these mechanisms.
    #[must_use]
    pub fn new(catalog: Catalog) -> Model {
        Model { catalog, ..Model::default() }
    }

    /// Says something once.
    pub fn note(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// What is there now stays, whoever held it, and what is not goes.
    pub fn settle(&mut self) {
        for id in (0..self.sections.len() as u32).map(SectionId) {
            if self.is_alive(id) {
                self.section_mut(id).held = None;
            } else if self.section(id).alive {
                self.delete(id);
            }
        }
    }

    /// A value that all share.
    #[must_use]
    pub fn global(&self, name: &str) -> Option<f64> {
        if let Some(value) = self.globals.get(name) {
            return Some(*value);
        }
        match name {
            "celsius" => Some(6.3),
            "dt" => Some(0.025),
            "t" => Some(0.0),
            "secondorder" | "nrn_shape_changed_" => Some(0.0),
            "clamp_resist" => Some(0.001),
            "nrn_sparse_partrans" | "hoc_ac_" => Some(0.0),
            _ => self.catalog.global(name),
        }
    }

    /// Sets a value that all share; whether there is one of this name.
    pub fn set_global(&mut self, name: &str, value: f64) -> bool {
        let known = self.global(name).is_some();
        if known {
            self.globals.insert(name.to_owned(), value);
        }
        known
    }

    /// A new point process of a mechanism, which lives as long as the hold.
    ///
    /// # Errors
    /// A name that the catalog does not have.
    pub fn new_point(&mut self, name: &str) -> Result<(usize, Hold), Wrong> {
        let mechanism = self.catalog.find(name).ok_or_else(|| self.catalog.missing(name))?;
        let known = self.catalog.get(mechanism);
        let values: Vec<f64> = known.values.iter().map(|value| value.default).collect();
        let hold = Rc::new(());
        let index = self.points.iter().filter(|one| one.mechanism == mechanism && one.alive.strong_count() > 0).count();
        let set = vec![false; values.len()];
        self.points.push(PointProcess { mechanism, index, place: None, values, set, alive: Rc::downgrade(&hold) });
        Ok((self.points.len() - 1, hold))
    }

    /// Puts a point process somewhere, with the ions that it uses.
    pub fn place_point(&mut self, id: usize, section: SectionId, x: f64) {
        let Some(point) = self.points.get_mut(id) else { return };
        point.place = Some((section, x));
        let ions: Vec<Rc<str>> = self.catalog.get(point.mechanism).ions.iter().map(|(ion, _)| ion.clone()).collect();
        ions.iter().for_each(|ion| self.insert_ion(section, ion));
    }

    /// A point process.
    #[must_use]
    pub fn point(&self, id: usize) -> Option<&PointProcess> {
        self.points.get(id)
    }

    /// Whether the mechanism of a point process has a procedure of this name.
    #[must_use]
    pub fn is_procedure_of(&self, id: usize, name: &str) -> bool {
        let of = self.points.get(id).map(|point| self.catalog.get(point.mechanism));
        of.is_some_and(|of| of.procedures.iter().any(|one| &**one == name))
    }

    /// A point process, to be changed.
    pub fn point_mut(&mut self, id: usize) -> Option<&mut PointProcess> {
        self.points.get_mut(id)
    }

    /// Point processes that are still held, with their numbers.
    pub fn living_points(&self) -> impl Iterator<Item = (usize, &PointProcess)> {
        self.points.iter().enumerate().filter(|(_, one)| one.alive.strong_count() > 0)
    }

    /// A new connection.
    pub fn new_netcon(&mut self, source: Source, target: Option<usize>, threshold: f64) -> (usize, Hold) {
        let hold = Rc::new(());
        let columns = target.and_then(|id| self.points.get(id)).map_or(1, |one| self.catalog.get(one.mechanism).weights.max(1));
        let netcon = NetCon { source, target, threshold, delay: 1.0, weight: vec![0.0; columns], alive: Rc::downgrade(&hold) };
        self.netcons.push(netcon);
        (self.netcons.len() - 1, hold)
    }

    /// A connection, to be changed.
    pub fn netcon_mut(&mut self, id: usize) -> Option<&mut NetCon> {
        self.netcons.get_mut(id)
    }

    /// A connection.
    #[must_use]
    pub fn netcon(&self, id: usize) -> Option<&NetCon> {
        self.netcons.get(id)
    }

    /// Connections that are still held.
    pub fn living_netcons(&self) -> impl Iterator<Item = &NetCon> {
        self.netcons.iter().filter(|one| one.alive.strong_count() > 0)
    }
}

impl PointProcess {
    /// Whether something still holds it.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.alive.strong_count() > 0
    }
}
