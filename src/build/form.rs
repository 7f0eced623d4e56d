//! One cell's sections in numbers.

use super::part::{Parts, Spot};
use super::range::{self, Told};
use bouton_model::geometry::{Attachment, Cable, Distances, Location, Points, Solid, lambda, segment_at};
use bouton_model::ir::{Attribute, Parent, PointList, Section, SectionAttribute, SectionId, Span, Tree};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;

/// What is given of the sections of a kind of cell, by its declaration and by a population.
pub struct Given<'p> {
    tree: &'p Tree,
    set: HashMap<(SectionId, SectionAttribute), &'p Attribute>,
    /// The root's middle, from which distances are measured: the soma's, where a section is called so.
    origin: usize,
}

/// The shape of one cell: sections, segments, sizes.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Numbers of segments, and what hangs where.
    pub cables: Vec<Cable>,
    /// Sizes.
    pub solids: Vec<Solid>,
    distances: Distances,
    indices: Vec<u32>,
}

/// A section before its segments are made.
struct Bone {
    points: Option<Points>,
    length: f64,
    axial_resistivity: f64,
}

/// 100 Hz in 1/ms.
const LAMBDA_AT: f64 = 0.1;

impl<'p> Given<'p> {
    /// Of a tree, with what a population sets otherwise.
    pub fn of(tree: &'p Tree, set: &'p [(SectionId, SectionAttribute, Attribute)]) -> Given<'p> {
        let soma = tree.sections.iter().position(|s| matches!(&*s.name, "soma" | "soma[0]"));
        let root = || tree.sections.iter().position(|s| s.parent.is_none());
        Given {
            tree,
            set: set.iter().map(|(section, attribute, value)| ((*section, *attribute), value)).collect(),
            origin: soma.or_else(root).unwrap_or(0),
        }
    }

    /// Whether cells of the population may differ in shape.
    pub fn differs(&self, parts: Parts) -> bool {
        let own = |s: &Section| {
            let attributes = [&s.length, &s.diam, &s.axial_resistivity, &s.capacitance, &s.segments];
            let points = s.points.as_ref().is_some_and(|p| p.list.iter().flatten().any(|e| parts.differs(e)));
            points || attributes.into_iter().flatten().any(|a| parts.differs(&a.value))
        };
        self.set.values().any(|a| parts.differs(&a.value)) || self.tree.sections.iter().any(own)
    }

    fn attribute(&self, at: usize, section: &'p Section, attribute: SectionAttribute) -> Option<&'p Attribute> {
        let own = match attribute {
            SectionAttribute::Length => &section.length,
            SectionAttribute::Diam => &section.diam,
            SectionAttribute::AxialResistivity => &section.axial_resistivity,
            SectionAttribute::Capacitance => &section.capacitance,
            SectionAttribute::Segments => &section.segments,
        };
        self.set.get(&(SectionId(at as u32), attribute)).copied().or(own.as_ref())
    }
}

impl Form {
    /// Of one cell of a population.
    ///
    /// # Errors
    /// A value out of range.
    pub fn of(given: &Given, parts: Parts, index: u32, room: &mut dyn FnMut(f64) -> Result<(), Told>) -> Result<Form, Vec<Told>> {
        let making = Making { given, parts, index };
        let sections = || given.tree.sections.iter().enumerate();
        let bones = all(sections().map(|(at, section)| making.bone(at, section)))?;
        let cables = all(sections().zip(&bones).map(|((at, section), bone)| making.cable(at, section, bone)))?;
        let nodes = 1.0 + cables.iter().map(|c| f64::from(c.segments) + 1.0).sum::<f64>();
        room(nodes).map_err(|told| vec![told])?;
        let lengths: Vec<f64> = bones.iter().map(|b| b.length).collect();
        let origin = Location { section: given.origin, x: 0.5 };
        let whole = given.tree.sections.first().map_or(Span::default(), |s| s.span);
        let distances = Distances::from(origin, &cables, &lengths).map_err(|error| {
            let span = |at: usize| given.tree.sections.get(at).map_or(whole, |s| s.span);
            vec![super::shape::broken(error, &span, whole)]
        })?;
        let solid = |(((at, section), bone), cable)| making.solid(at, section, bone, cable, &distances);
        let solids = all(sections().zip(&bones).zip(&cables).map(solid))?;
        let indices = given.tree.sections.iter().map(|s| s.index).collect();
        Ok(Form { cables, solids, distances, indices })
    }

    /// How many nodes there are at most.
    pub fn nodes(&self) -> u64 {
        1 + self.cables.iter().map(|c| u64::from(c.segments) + 1).sum::<u64>()
    }

    /// What is known of a place.
    pub fn spot(&self, place: Location) -> Spot {
        let solid = self.solids.get(place.section);
        let count = solid.map_or(1, |s| s.segments.len() as u32);
        let segment = solid.and_then(|s| s.segments.get(segment_at(place.x, count) as usize)).copied().unwrap_or_default();
        Spot {
            index: self.indices.get(place.section).copied().unwrap_or(0),
            length: solid.map_or(0.0, |s| s.length),
            x: place.x,
            distance: self.distances.to(place),
            diam: segment.diam,
            area: segment.area,
            lambda: 0.0,
        }
    }

    /// The middle of a segment.
    pub fn middle(&self, section: usize, segment: u32) -> Location {
        Location { section, x: middle(segment, self.cables.get(section).map_or(1, |c| c.segments)) }
    }
}

fn middle(segment: u32, segments: u32) -> f64 {
    (f64::from(segment) + 0.5) / f64::from(segments)
}

/// A form while it is made.
struct Making<'a> {
    given: &'a Given<'a>,
    parts: Parts<'a>,
    index: u32,
}

impl<'a> Making<'a> {
    /// An attribute at a place: given and in range, or the default.
    fn value(
        &self,
        (at, section): (usize, &'a Section),
        attribute: SectionAttribute,
        spot: &Spot,
        check: fn(f64, Span) -> Result<f64, Told>,
    ) -> Result<Option<f64>, Told> {
        let Some(given) = self.given.attribute(at, section, attribute) else { return Ok(None) };
        let name = match attribute {
            SectionAttribute::Length => "L",
            SectionAttribute::Diam => "diam",
            SectionAttribute::AxialResistivity => "Ra",
            SectionAttribute::Capacitance => "cm",
            SectionAttribute::Segments => "nseg",
        };
        let name = if self.parts.differs(&given.value) { format!("{}.{name}", section.name) } else { String::new() };
        let x = self.parts.number(given, &name, self.index, spot)?;
        check(x, given.span).map(Some)
    }

    fn bone(&self, at: usize, section: &'a Section) -> Result<Bone, Told> {
        let spot = Spot { index: section.index, ..Spot::default() };
        let of = (at, section);
        let length = self.value(of, SectionAttribute::Length, &spot, |x, s| range::LENGTH.positive(x, s))?;
        let points = match &section.points {
            Some(list) => {
                let points = self.points(section, list, &spot)?;
                Some(length.map_or_else(|| points.clone(), |length| points.stretched(length)))
            }
            None => None,
        };
        let length = points.as_ref().map(Points::length).or(length).unwrap_or(100e-4);
        let spot = Spot { length, ..spot };
        let ra = self.value(of, SectionAttribute::AxialResistivity, &spot, |x, s| range::RA.positive(x, s))?;
        // A diameter of its own takes the place of the points'.
        let points = points.filter(|_| self.given.attribute(at, section, SectionAttribute::Diam).is_none());
        Ok(Bone { points, length, axial_resistivity: ra.unwrap_or(35.4) })
    }

    fn points(&self, section: &Section, list: &PointList, spot: &Spot) -> Result<Points, Told> {
        let number = |(at, expr)| {
            let name = format!("{}.points {at}", section.name);
            let x = self.parts.value(expr, list.span, &name, self.index, spot)?;
            range::COORDINATE.finite(x, list.span)
        };
        let mut all = Vec::with_capacity(list.list.len());
        for (at, [x, y, z, diam]) in list.list.iter().enumerate() {
            let diam = range::DIAM.not_negative(number((at, diam))?, list.span)?;
            all.push([number((at, x))?, number((at, y))?, number((at, z))?, diam]);
        }
        let points = Points::new(&all);
        if points.length() > 0.0 {
            return Ok(points);
        }
        let message = format!("all points of `{}` lie at one place", section.name);
        Err(Box::new(Diagnostic::new(Code::ValueOutOfRange, list.span, message)))
    }

    fn diam(&self, of: (usize, &'a Section), spot: &Spot) -> Result<f64, Told> {
        Ok(self.value(of, SectionAttribute::Diam, spot, |x, s| range::DIAM.positive(x, s))?.unwrap_or(500e-4))
    }

    fn capacitance(&self, of: (usize, &'a Section), spot: &Spot) -> Result<f64, Told> {
        Ok(self.value(of, SectionAttribute::Capacitance, spot, |x, s| range::CM.not_negative(x, s))?.unwrap_or(1e-3))
    }

    fn cable(&self, at: usize, section: &'a Section, bone: &Bone) -> Result<Cable, Told> {
        let segments = match self.given.attribute(at, section, SectionAttribute::Segments) {
            None => 1.0,
            Some(_) => {
                let spot = Spot {
                    lambda: self.lambda(at, section, bone)?,
                    index: section.index,
                    length: bone.length,
                    ..Spot::default()
                };
                let check = |x, s| Ok(range::NSEG.whole(x, 1, u32::MAX, s)?.into());
                self.value((at, section), SectionAttribute::Segments, &spot, check)?.unwrap_or(1.0)
            }
        };
        let parent = section.parent.as_ref().map(|p| self.attachment(p)).transpose()?;
        Ok(Cable { segments: segments as u32, parent })
    }

    fn attachment(&self, parent: &Parent) -> Result<Attachment, Told> {
        let x = range::PLACE.fraction(self.parts.world.constants.number(&parent.at)?, parent.at.span)?;
        Ok(Attachment { section: parent.section.index(), x, by_end: parent.by_end })
    }

    /// At 100 Hz, with what the section has in its middle; infinite where a membrane has no capacitance. Asked for only where a value uses it.
    fn lambda(&self, at: usize, section: &'a Section, bone: &Bone) -> Result<f64, Told> {
        let segments = self.given.attribute(at, section, SectionAttribute::Segments);
        if !segments.is_some_and(|a| super::part::uses_lambda(&a.value)) {
            return Ok(0.0);
        }
        let of = (at, section);
        let spot = Spot { index: section.index, length: bone.length, x: 0.5, ..Spot::default() };
        let diam = match &bone.points {
            Some(points) => points.solid(bone.axial_resistivity, &[0.0]).segments.first().map_or(0.0, |s| s.diam),
            None => self.diam(of, &spot)?,
        };
        let capacitance = self.capacitance(of, &Spot { diam, ..spot })?;
        Ok(match &bone.points {
            Some(points) => points.lambda(bone.axial_resistivity, capacitance, LAMBDA_AT),
            None => lambda(diam, bone.axial_resistivity, capacitance, LAMBDA_AT),
        })
    }

    fn solid(&self, at: usize, section: &'a Section, bone: &Bone, cable: &Cable, distances: &Distances) -> Result<Solid, Told> {
        let of = (at, section);
        let spot = |segment: u32| {
            let x = middle(segment, cable.segments);
            let distance = distances.to(Location { section: at, x });
            Spot { index: section.index, length: bone.length, x, distance, ..Spot::default() }
        };
        let by_end = cable.parent.is_some_and(|p| p.by_end);
        let ra = bone.axial_resistivity;
        let diams: Vec<f64> = match &bone.points {
            Some(points) => {
                let solid = points.solid(ra, &vec![0.0; cable.segments as usize]);
                let solid = if by_end { solid.reversed() } else { solid };
                solid.segments.iter().map(|s| s.diam).collect()
            }
            None => (0..cable.segments).map(|k| self.diam(of, &spot(k))).collect::<Result<_, _>>()?,
        };
        let capacitances =
            (0..cable.segments).zip(&diams).map(|(k, diam)| self.capacitance(of, &Spot { diam: *diam, ..spot(k) }));
        let mut capacitances: Vec<f64> = capacitances.collect::<Result<_, _>>()?;
        Ok(match &bone.points {
            // Points are counted from the parent's side.
            Some(points) if by_end => {
                capacitances.reverse();
                points.solid(ra, &capacitances).reversed()
            }
            Some(points) => points.solid(ra, &capacitances),
            None => Solid::cylinders(bone.length, ra, &diams, &capacitances),
        })
    }
}

/// All results, or all errors.
fn all<T>(results: impl Iterator<Item = Result<T, Told>>) -> Result<Vec<T>, Vec<Told>> {
    let (mut good, mut errors) = (Vec::new(), Vec::<Told>::new());
    for result in results {
        match result {
            Ok(x) => good.push(x),
            // What is wrong in an array of sections is told once.
            Err(told) if errors.iter().any(|known| known.span == told.span) => {}
            Err(told) => errors.push(told),
        }
    }
    if errors.is_empty() { Ok(good) } else { Err(errors) }
}
