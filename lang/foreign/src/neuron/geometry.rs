//! How large sections are. Areas and resistances are those of `bouton_model::geometry`; here its inputs are kept, in um.

use super::section::{Point3, SectionId};
use super::{Model, Wrong};
use bouton_model::geometry::{Points, ROUNDING, Solid};
use std::f64::consts::PI;

/// cm in a um.
const CM: f64 = 1e-4;

/// What a section's length never falls below (um).
const SHORTEST: f64 = 1e-9;

impl Model {
    /// The shape of the points (um in, cm inside), where there are at least two.
    fn shape(&self, id: SectionId) -> Option<Points> {
        let section = self.section(id);
        if section.points.len() < 2 {
            return None;
        }
        let cm = |x: f32| f64::from(x) * CM;
        let list: Vec<[f64; 4]> = section.points.iter().map(|p| [cm(p.at[0]), cm(p.at[1]), cm(p.at[2]), cm(p.diam)]).collect();
        let points = Points::new(&list);
        Some(match section.stretched {
            Some(length) if points.length() > 0.0 => points.stretched(length * CM),
            _ => points,
        })
    }

    /// Length (um).
    #[must_use]
    pub fn length(&self, id: SectionId) -> f64 {
        self.shape(id).map_or(self.section(id).length, |points| (points.length() / CM).max(SHORTEST))
    }

    /// Sets the length (um); points are stretched. As in NEURON there is a shortest one, which stands for 0 and for what lies below.
    ///
    /// # Errors
    /// No number.
    pub fn set_length(&mut self, id: SectionId, length: f64) -> Result<(), Wrong> {
        if !length.is_finite() {
            return Err(format!("a section cannot be {length} um long"));
        }
        let shaped = self.section(id).points.len() > 1;
        let section = self.section_mut(id);
        section.length = length.max(SHORTEST);
        section.stretched = shaped.then_some(section.length);
        self.changed();
        Ok(())
    }

    /// Areas and resistances of the segments, from x = 0 on.
    #[must_use]
    pub fn solid(&self, id: SectionId) -> Solid {
        let section = self.section(id);
        // uF/cm2 is 0.001 mA ms/mV/cm2.
        let capacitances: Vec<f64> = section.capacitance.iter().map(|c| c * 1e-3).collect();
        match self.shape(id) {
            Some(points) => {
                let solid = points.solid(section.resistivity, &capacitances);
                // The first point lies where the section hangs.
                if section.by_end() { solid.reversed() } else { solid }
            }
            None => {
                let diams: Vec<f64> = section.diam.iter().map(|d| d * CM).collect();
                Solid::cylinders(section.length.max(SHORTEST) * CM, section.resistivity, &diams, &capacitances)
            }
        }
    }

    /// Diameters of the segments (um).
    #[must_use]
    pub fn diams(&self, id: SectionId) -> Vec<f64> {
        match self.section(id).points.len() > 1 {
            // As in NEURON, one that was set stays as it was where the points give it within 1e-9 um.
            true => {
                let set = &self.section(id).diam;
                let near = |k: usize, diam: f64| set.get(k).copied().filter(|set| (set - diam).abs() <= 1e-9).unwrap_or(diam);
                self.solid(id).segments.iter().enumerate().map(|(k, segment)| near(k, segment.diam / CM)).collect()
            }
            false => self.section(id).diam.clone(),
        }
    }

    /// Sets the diameters of some segments (um). Points get the diameter of the segment that they lie in.
    ///
    /// # Errors
    /// No diameter.
    pub fn set_diam(&mut self, id: SectionId, values: &[(usize, f64)]) -> Result<(), Wrong> {
        if let Some((_, value)) = values.iter().find(|(_, value)| !value.is_finite() || *value <= 0.0) {
            return Err(format!("a section cannot have the diameter {value} um"));
        }
        let mut diams = self.diams(id);
        for (k, value) in values {
            if let Some(diam) = diams.get_mut(*k) {
                *diam = *value;
            }
        }
        if let Some(points) = self.shape(id) {
            let (length, by_end) = (points.length(), self.section(id).by_end());
            let arcs = self.arcs(id);
            let section = self.section(id);
            let count = section.segments();
            let of = |arc: &f64| {
                let x = (arc * CM / length).min(1.0);
                let k = section.segment(x);
                diams[if by_end { count - 1 - k } else { k }] as f32
            };
            let new: Vec<f32> = arcs.iter().map(of).collect();
            let section = self.section_mut(id);
            section.points.iter_mut().zip(new).for_each(|(point, diam)| point.diam = diam);
        }
        self.section_mut(id).diam = diams;
        self.changed();
        Ok(())
    }

    /// Membrane area of a place (um2); 0 at the ends.
    #[must_use]
    pub fn area(&self, id: SectionId, x: f64) -> f64 {
        if x <= 0.0 || x >= 1.0 {
            return 0.0;
        }
        self.solid(id).segments.get(self.section(id).segment(x)).map_or(0.0, |one| one.area / (CM * CM))
    }

    /// Axial resistance between the node of a place and its parent's (Mohm); 1e30 where there is none.
    #[must_use]
    pub fn resistance(&self, id: SectionId, x: f64) -> f64 {
        const NONE: f64 = 1e30;
        let section = self.section(id);
        let by_end = section.by_end();
        let segments = self.solid(id).segments;
        let count = segments.len();
        let outward = |k: usize| if by_end { count - 1 - k } else { k };
        // ohm
        let before = |k: usize| if by_end { segments[outward(k)].right } else { segments[outward(k)].left };
        let behind = |k: usize| if by_end { segments[outward(k)].left } else { segments[outward(k)].right };
        let (origin, far) = if by_end { (1.0, 0.0) } else { (0.0, 1.0) };
        if x == origin {
            return section.parent.map_or(NONE, |link| self.resistance(link.section, link.x));
        }
        if x == far {
            return behind(count - 1) * 1e-6;
        }
        match outward(section.segment(x)) {
            0 => before(0) * 1e-6,
            k => (before(k) + behind(k - 1)) * 1e-6,
        }
    }

    /// Adds a point.
    ///
    /// # Errors
    /// Too many.
    pub fn add_point(&mut self, id: SectionId, point: Point3) -> Result<(), Wrong> {
        let section = self.section_mut(id);
        if section.points.len() >= 1_000_000 {
            return Err("more than a million points in a section".into());
        }
        self.keep_places(id);
        self.section_mut(id).points.push(point);
        self.changed();
        Ok(())
    }

    /// What was stretched or moved has the coordinates now at which it is told.
    pub(super) fn keep_places(&mut self, id: SectionId) {
        let section = self.section(id);
        if section.stretched.is_some() || section.moved != [0.0; 3] {
            let places = self.places(id);
            let section = self.section_mut(id);
            section.points.iter_mut().zip(places).for_each(|(point, at)| point.at = at);
            (section.stretched, section.moved) = (None, [0.0; 3]);
        }
    }

    /// Takes all points away; length and diameter stay.
    pub fn clear_points(&mut self, id: SectionId) {
        let (length, diam) = (self.length(id), self.diams(id));
        let section = self.section_mut(id);
        (section.length, section.diam, section.stretched) = (length.max(SHORTEST), diam, None);
        section.moved = [0.0; 3];
        section.points.clear();
        self.changed();
    }

    /// Changes a point.
    pub fn change_point(&mut self, id: SectionId, at: usize, point: Point3) {
        self.keep_places(id);
        if let Some(known) = self.section_mut(id).points.get_mut(at) {
            *known = point;
        }
        self.changed();
    }

    /// Where the points are (um), as far as they were stretched and moved.
    #[must_use]
    pub fn places(&self, id: SectionId) -> Vec<[f32; 3]> {
        let section = self.section(id);
        let own = |p: &Point3| [0, 1, 2].map(|k| p.at[k] + section.moved[k]);
        let (Some(length), Some(first)) = (section.stretched, section.points.first()) else {
            return section.points.iter().map(own).collect();
        };
        let whole = self.unstretched(id);
        let factor = if whole > 0.0 { length / whole } else { 1.0 };
        let moved = |p: &Point3| {
            [0, 1, 2].map(|k| {
                (f64::from(first.at[k]) + (f64::from(p.at[k]) - f64::from(first.at[k])) * factor) as f32 + section.moved[k]
            })
        };
        section.points.iter().map(moved).collect()
    }

    fn unstretched(&self, id: SectionId) -> f64 {
        arcs(&self.section(id).points).last().copied().unwrap_or(0.0)
    }

    /// Distance of each point from the first along the section (um).
    #[must_use]
    pub fn arcs(&self, id: SectionId) -> Vec<f64> {
        let section = self.section(id);
        let own = arcs(&section.points);
        match (section.stretched, own.last().copied()) {
            (Some(length), Some(whole)) if whole > 0.0 && (length / whole - 1.0).abs() < ROUNDING => {
                own.iter().enumerate().map(|(k, arc)| if k + 1 == own.len() { length } else { *arc }).collect()
            }
            (Some(length), Some(whole)) if whole > 0.0 => own.iter().map(|arc| arc * length / whole).collect(),
            _ => own,
        }
    }

    /// `lambda_f`: the length at which a signal falls to 1/e (um), as NEURON's library computes it.
    #[must_use]
    pub fn lambda(&self, id: SectionId, frequency: f64) -> f64 {
        let section = self.section(id);
        let middle = section.segment(0.5);
        let capacitance = section.capacitance[middle];
        if capacitance == 0.0 {
            return 1e10;
        }
        let scale = (4.0 * PI * frequency * section.resistivity * capacitance).sqrt();
        if section.points.len() < 2 {
            return 1e5 * (self.diams(id)[middle] / (4.0 * PI * frequency * section.resistivity * capacitance)).sqrt();
        }
        let arcs = self.arcs(id);
        let pieces = arcs.windows(2).zip(section.points.windows(2));
        let sum: f64 = pieces.map(|(arc, p)| (arc[1] - arc[0]) / (f64::from(p[0].diam) + f64::from(p[1].diam)).sqrt()).sum();
        let lambda = sum * std::f64::consts::SQRT_2 * 1e-5 * scale;
        self.length(id) / lambda
    }
}

fn arcs(points: &[Point3]) -> Vec<f64> {
    let mut arc = 0.0;
    let mut all: Vec<f64> = points.first().map(|_| 0.0).into_iter().collect();
    for pair in points.windows(2) {
        let [dx, dy, dz] = [0, 1, 2].map(|k| f64::from(pair[1].at[k] - pair[0].at[k]));
        arc += (dx * dx + dy * dy + dz * dz).sqrt();
        all.push(arc);
    }
    all
}
