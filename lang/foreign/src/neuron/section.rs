//! A section: its size, what is inserted, and the values of its segments.

use super::{Hold, MOST_SECTIONS, MOST_SEGMENTS, Model, Wrong};
use std::rc::{Rc, Weak};

/// Index into a model's sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SectionId(pub u32);

impl SectionId {
    /// As an index.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A 3-D point in um, of single precision as NEURON keeps it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point3 {
    /// Coordinates.
    pub at: [f32; 3],
    /// Diameter.
    pub diam: f32,
}

/// Where a section hangs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// On this section,
    pub section: SectionId,
    /// at this place,
    pub x: f64,
    /// by its 1 end.
    pub by_end: bool,
}

/// A mechanism in a section.
#[derive(Clone, Debug)]
pub struct Inserted {
    /// Which of the catalog.
    pub mechanism: usize,
    /// For each of its values: those of the segments, one after the other.
    pub values: Vec<Vec<f64>>,
    /// Which were set.
    pub set: Vec<bool>,
}

/// An ion in a section.
#[derive(Clone, Debug)]
pub struct Ion {
    /// Its name.
    pub name: Rc<str>,
    /// Reversal potential (mV), concentration inside and outside (mM), of each segment.
    pub values: [Vec<f64>; 3],
    /// Which were set.
    pub set: [bool; 3],
    /// Whether the reversal potential stays what it is, whatever the concentrations.
    pub fixed: bool,
}

impl Ion {
    /// What NEURON begins with.
    #[must_use]
    pub fn usual(name: &str) -> [f64; 3] {
        match name {
            "na" => [50.0, 10.0, 140.0],
            "k" => [-77.0, 54.4, 2.5],
            "ca" => [132.457_934_163_700_9, 5e-5, 2.0],
            _ => [0.0, 1.0, 1.0],
        }
    }
}

/// An unbranched piece of cable.
#[derive(Clone, Debug)]
pub struct Section {
    /// As NEURON prints it: `E21[0].dendrite[3]`.
    pub name: String,
    /// Without what it belongs to: the name, and its index in an array.
    pub own: (Rc<str>, Option<usize>),
    /// The object that it belongs to; 0 for none.
    pub owner: u64,
    /// ohm cm
    pub resistivity: f64,
    /// `rallbranch`
    pub rall: f64,
    /// um
    pub(super) length: f64,
    /// Segments' diameters (um), where there are no points.
    pub(super) diam: Vec<f64>,
    /// uF/cm2
    pub capacitance: Vec<f64>,
    /// 3-D points as they were given, and what they are stretched to, if anything.
    pub(super) points: Vec<Point3>,
    pub(super) stretched: Option<f64>,
    /// By how much `define_shape` moved the points (um).
    pub(super) moved: [f32; 3],
    /// Where it hangs.
    pub parent: Option<Link>,
    /// Where it hung before it was taken off.
    pub(super) left: Option<Link>,
    /// What hangs on it, in NEURON's order.
    pub(super) children: Vec<SectionId>,
    /// In order of insertion.
    pub mechanisms: Vec<Inserted>,
    /// In order of insertion.
    pub ions: Vec<Ion>,
    /// mV, what a script made of v.
    pub v: Vec<f64>,
    pub(super) alive: bool,
    pub(super) held: Option<Weak<()>>,
}

impl Section {
    /// Where it hangs, or hung: NEURON keeps place and end of a section that is taken off.
    #[must_use]
    pub fn joint(&self) -> Option<Link> {
        self.parent.or(self.left)
    }

    /// Whether its 1 end is the one towards the root.
    #[must_use]
    pub fn by_end(&self) -> bool {
        self.joint().is_some_and(|link| link.by_end)
    }

    /// Number of segments.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.capacitance.len()
    }

    /// The segment of a place; those at the ends for the ends.
    #[must_use]
    pub fn segment(&self, x: f64) -> usize {
        bouton_model::geometry::segment_at(x, u32::try_from(self.segments()).unwrap_or(u32::MAX)) as usize
    }

    /// Middle of a segment.
    #[must_use]
    pub fn middle(&self, segment: usize) -> f64 {
        (segment as f64 + 0.5) / self.segments() as f64
    }

    /// The 3-D points, as they were given.
    #[must_use]
    pub fn points(&self) -> &[Point3] {
        &self.points
    }

    /// What the points are stretched to (um).
    #[must_use]
    pub fn stretched(&self) -> Option<f64> {
        self.stretched
    }
}

impl Model {
    /// A new section. With a hold it lives as long as that, otherwise until it is deleted.
    ///
    /// # Errors
    /// Too many.
    pub fn create(
        &mut self,
        own: (Rc<str>, Option<usize>),
        prefix: &str,
        owner: u64,
        hold: Option<&Hold>,
    ) -> Result<SectionId, Wrong> {
        if self.sections.len() >= MOST_SECTIONS {
            return Err(format!("more than {MOST_SECTIONS} sections"));
        }
        let index = own.1.map_or(String::new(), |k| format!("[{k}]"));
        let name = if prefix.is_empty() { format!("{}{index}", own.0) } else { format!("{prefix}.{}{index}", own.0) };
        self.sections.push(Section {
            name,
            own,
            owner,
            resistivity: 35.4,
            rall: 1.0,
            length: 100.0,
            diam: vec![500.0],
            capacitance: vec![1.0],
            points: Vec::new(),
            stretched: None,
            moved: [0.0; 3],
            parent: None,
            left: None,
            children: Vec::new(),
            mechanisms: Vec::new(),
            ions: Vec::new(),
            v: vec![-65.0],
            alive: true,
            held: hold.map(Rc::downgrade),
        });
        self.segments += 1;
        self.changed();
        Ok(SectionId(u32::try_from(self.sections.len() - 1).unwrap_or(u32::MAX)))
    }

    /// Takes a section out, and off what it hangs on; what hangs on it becomes a root.
    pub fn delete(&mut self, id: SectionId) {
        self.disconnect(id);
        for child in std::mem::take(&mut self.sections[id.index()].children) {
            self.sections[child.index()].parent = None;
        }
        self.sections[id.index()].alive = false;
        self.changed();
    }

    /// Whether a section is still there.
    #[must_use]
    pub fn is_alive(&self, id: SectionId) -> bool {
        self.sections.get(id.index()).is_some_and(|one| one.alive && one.held.as_ref().is_none_or(|hold| hold.strong_count() > 0))
    }

    /// A section.
    ///
    /// # Panics
    /// For an id of another model.
    #[must_use]
    pub fn section(&self, id: SectionId) -> &Section {
        &self.sections[id.index()]
    }

    /// A section, to be changed in what is no geometry.
    ///
    /// # Panics
    /// For an id of another model.
    pub fn section_mut(&mut self, id: SectionId) -> &mut Section {
        &mut self.sections[id.index()]
    }

    /// All that are there, in order of creation.
    #[must_use]
    pub fn all(&self) -> Vec<SectionId> {
        (0..self.sections.len() as u32).map(SectionId).filter(|id| self.is_alive(*id)).collect()
    }

    /// Tells that geometry or topology changed.
    pub(super) fn changed(&mut self) {
        self.version += 1;
    }

    /// Sets the number of segments; values go over by place.
    ///
    /// # Errors
    /// No number of segments.
    pub fn set_segments(&mut self, id: SectionId, wanted: f64) -> Result<(), Wrong> {
        let count = (wanted + 1e-11) as usize;
        if !(1..=32_767).contains(&count) {
            return Err(format!("a section cannot have {wanted} segments"));
        }
        let diams = self.diams(id);
        let section = self.section_mut(id);
        let before = section.segments();
        if count == before {
            return Ok(());
        }
        let from: Vec<usize> =
            (0..count).map(|k| ((before as f64 * (k as f64 + 0.5) / count as f64) as usize).min(before - 1)).collect();
        let over = |list: &mut Vec<f64>| {
            let size = list.len() / before;
            *list = from.iter().flat_map(|k| list[k * size..(k + 1) * size].to_vec()).collect();
        };
        section.diam = diams;
        over(&mut section.diam);
        over(&mut section.capacitance);
        over(&mut section.v);
        section.mechanisms.iter_mut().flat_map(|one| &mut one.values).for_each(over);
        section.ions.iter_mut().flat_map(|one| &mut one.values).for_each(over);
        self.segments = self.segments + count - before;
        self.changed();
        if self.segments > MOST_SEGMENTS {
            return Err(format!("more than {MOST_SEGMENTS} segments"));
        }
        Ok(())
    }

    /// Inserts a mechanism with the ions that it uses; nothing happens where it is already there.
    ///
    /// # Errors
    /// A name that is no density mechanism.
    pub fn insert(&mut self, id: SectionId, name: &str) -> Result<(), Wrong> {
        if let Some(ion) = name.strip_suffix("_ion") {
            if !self.catalog.has_ion(ion) {
                return Err(self.catalog.missing(name));
            }
            self.insert_ion(id, &Rc::from(ion));
            return Ok(());
        }
        let Some(mechanism) = self.catalog.find(name) else { return Err(self.catalog.missing(name)) };
        let known = self.catalog.get(mechanism);
        if known.kind != super::Kind::Density {
            return Err(format!("`{name}` is a point process, and cannot be inserted"));
        }
        if self.section(id).mechanisms.iter().any(|one| one.mechanism == mechanism) {
            return Ok(());
        }
        let count = self.section(id).segments();
        let values: Vec<Vec<f64>> = known.values.iter().map(|value| vec![value.default; count * value.size]).collect();
        let ions: Vec<Rc<str>> = known.ions.iter().map(|(ion, _)| ion.clone()).collect();
        let set = vec![false; values.len()];
        for ion in &ions {
            self.insert_ion(id, ion);
            // Each mechanism that is inserted makes the style of its ions anew.
            self.fix_reversal(id, ion, false);
        }
        self.section_mut(id).mechanisms.push(Inserted { mechanism, values, set });
        Ok(())
    }

    pub(super) fn insert_ion(&mut self, id: SectionId, name: &Rc<str>) {
        let section = self.section_mut(id);
        if section.ions.iter().any(|ion| ion.name == *name) {
            return;
        }
        let count = section.segments();
        let values = Ion::usual(name).map(|value| vec![value; count]);
        section.ions.push(Ion { name: name.clone(), values, set: [false; 3], fixed: false });
    }

    /// Says whether the reversal potential of an ion of a section follows the concentrations. False where the library has no mechanism that keeps it.
    pub fn fix_reversal(&mut self, id: SectionId, name: &str, fixed: bool) -> bool {
        let kept = ["na", "k", "ca"].contains(&name);
        self.section_mut(id).ions.iter_mut().filter(|ion| *ion.name == *name).for_each(|ion| ion.fixed = fixed && kept);
        kept
    }

    /// Takes a mechanism out.
    pub fn uninsert(&mut self, id: SectionId, name: &str) {
        let mechanism = self.catalog.find(name);
        self.section_mut(id).mechanisms.retain(|one| Some(one.mechanism) != mechanism);
    }

    /// Whether a mechanism, or an ion, is in a section.
    #[must_use]
    pub fn has(&self, id: SectionId, name: &str) -> bool {
        let section = self.section(id);
        match name.strip_suffix("_ion") {
            Some(ion) => section.ions.iter().any(|one| &*one.name == ion),
            None => self.catalog.find(name).is_some_and(|at| section.mechanisms.iter().any(|one| one.mechanism == at)),
        }
    }
}
