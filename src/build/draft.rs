//! A class before its pools are made: shape, what is inserted, what sits at places.

use super::bodies::Bodies;
use super::classes::Lanes;
use super::constants::Constants;
use super::group::Group;
use super::ions::{Recorded, SectionIons};
use super::pointers;
use super::points::{In, Point};
use super::pools::{Addresses, Codes, Contents, Insert, Made, Pools};
use super::range::{self, Told};
use super::records::observed;
use super::settings::{CellSettings, label};
use super::shape::{Forms, Shape, location};
use super::streams::{Identity, Streams, World};
use bouton_engine::kernel::Solving;
use bouton_engine::plan::{Class, Detector, Extracellular, Names, Values};
use bouton_model::geometry::Location;
use bouton_model::ir::{CellBody, CurrentKind, MechanismId, Place, Program, SectionId, SettingPlace, Span, Tree, VarId};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

/// A class in the making.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Of the cell's declaration.
    pub name: String,
    /// What each lane is called.
    pub names: Names,
    /// The tree.
    pub shape: Option<Shape>,
    /// Point mechanisms in order of creation.
    pub points: Vec<Point>,
    /// The cell that each lane is, or on which it acts.
    pub cells: Vec<u32>,
    /// Spike source that each lane is.
    pub sources: Vec<u32>,
    /// The equations of a cell without a body.
    pub own: Option<Group>,
    /// By what cells without a body draw while they run.
    pub running: Option<(String, Identity)>,
    /// What is computed because it is recorded.
    observed: Vec<(MechanismId, VarId)>,
    ions: Vec<SectionIons>,
    recorded: Recorded,
    inserts: Vec<Insert>,
    insert_at: HashMap<(SectionId, usize), usize>,
    /// Where spikes leave: where the cell says, and where connections say `from`.
    pub detectors: Vec<Detector>,
    extracellular: Option<Extracellular>,
    /// Mechanisms in the order in which they act, where that is not the order of their numbers.
    order: Vec<MechanismId>,
    /// Inputs of mechanisms that something drives.
    pub driven: BTreeSet<(MechanismId, VarId)>,
    /// Definitions by which others are driven.
    pub shown: BTreeSet<(MechanismId, VarId)>,
    /// How the equations of a cell without a body advance.
    pub solving: Solving,
}

/// What all drafts are made from.
#[derive(Clone, Copy)]
pub struct Making<'a> {
    /// The program.
    pub program: &'a Program,
    /// Parameters and cells.
    pub world: World<'a>,
    /// Random streams.
    pub streams: &'a dyn Streams,
}

impl<'a> Making<'a> {
    /// The class of some lanes; `places` are those at which the network puts something.
    ///
    /// # Errors
    /// Values out of range.
    pub fn class(&self, lanes: &Lanes, bodies: &Bodies, places: &[Location]) -> Result<Draft, Vec<Told>> {
        let cells: Vec<u32> = lanes.cells().collect();
        let declaration = lanes.declaration(self.program);
        let mut draft = Draft {
            name: declaration.map_or(String::new(), |c| c.name.to_string()),
            names: cells.iter().map(|cell| self.world.cells.name(*cell)).collect(),
            // The number of a cell is its source's.
            sources: cells.clone(),
            cells,
            observed: observed(self.program, lanes.cell),
            solving: self.world.constants.stepping.alone(),
            recorded: Recorded::of(self.program, lanes.cell),
            ..Draft::default()
        };
        let settings = CellSettings::of(self, bodies, lanes).map_err(|told| vec![told])?;
        let one = |told| vec![told];
        match declaration.map(|c| &c.body) {
            Some(CellBody::Tree(tree)) => {
                let whole = declaration.map_or(Span::default(), |c| c.span);
                let places = self.occupied(tree, places).map_err(one)?;
                let forms = Forms::of(draft.cells.iter().filter_map(|cell| bodies.form(self.world.cells, *cell)));
                let shape = Shape::of(tree, forms, &places, whole).map_err(one)?;
                self.tree(&mut draft, lanes, tree, &settings, shape)?;
            }
            Some(CellBody::Free(mechanism)) => {
                let span = declaration.map_or(Span::default(), |c| c.span);
                let settings = settings.at(SettingPlace::Own);
                draft.own = Some(Group { mechanism: *mechanism, label: String::new(), settings, section: 0, span });
                draft.running = Some((draft.name.clone(), Identity { name: "population".into(), ordinal: 0 }));
            }
            None => {}
        }
        Ok(draft)
    }

    fn occupied(&self, tree: &Tree, places: &[Location]) -> Result<Vec<Location>, Told> {
        let own = tree.synapses.iter().map(|s| location(&s.place, self.world.constants));
        own.chain(places.iter().map(|p| Ok(*p))).collect()
    }

    fn tree(
        &self,
        draft: &mut Draft,
        lanes: &Lanes,
        tree: &Tree,
        settings: &CellSettings,
        shape: Shape,
    ) -> Result<(), Vec<Told>> {
        let mut errors = Vec::new();
        let constants = self.world.constants;
        for (id, section) in (0..).map(SectionId).zip(&tree.sections) {
            draft.ions.push(SectionIons::of(section, constants).unwrap_or_else(|told| {
                errors.push(told);
                SectionIons::default()
            }));
            for (k, insert) in section.inserts.iter().enumerate() {
                let place = SettingPlace::Insert(id, k);
                let group = Group {
                    mechanism: insert.mechanism,
                    label: label(self.program, lanes, place),
                    settings: settings.at(place),
                    section: id.index(),
                    span: insert.span,
                };
                draft.insert_at.insert((id, k), draft.inserts.len());
                draft.inserts.push(Insert { group, nodes: shape.segments(id.index()), along: settings.along(place) });
            }
        }
        for (k, synapse) in tree.synapses.iter().enumerate() {
            let place = SettingPlace::Synapse(k);
            let group = Group {
                mechanism: synapse.mechanism,
                label: label(self.program, lanes, place),
                settings: settings.at(place),
                section: synapse.place.section.index(),
                span: synapse.span,
            };
            match location(&synapse.place, constants) {
                Ok(at) => draft.points.push(Point { group, node: shape.node(at), lanes: In::Every }),
                Err(told) => errors.push(told),
            }
        }
        draft.order.clone_from(&tree.order);
        draft.driven.extend(tree.pointers.iter().filter_map(|pointer| pointers::variable(tree, &pointer.input)));
        match self.detector(tree, &shape, &draft.sources) {
            Ok(detector) => draft.detectors = detector.into_iter().collect(),
            Err(told) => errors.push(told),
        }
        match shape.extracellular(tree, constants) {
            Ok(space) => draft.extracellular = space,
            Err(told) => errors.push(told),
        }
        draft.shape = Some(shape);
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    fn detector(&self, tree: &Tree, shape: &Shape, sources: &[u32]) -> Result<Option<Detector>, Told> {
        let Some(spike) = &tree.spike else { return Ok(None) };
        let constants = self.world.constants;
        let node = shape.node(location(&spike.place, constants)?);
        let threshold = range::THRESHOLD.finite(constants.number(&spike.threshold)?, spike.threshold.span)?;
        Ok(Some(Detector { node, threshold: Values::Same(threshold), sources: sources.to_vec() }))
    }

    /// The point mechanisms; electrodes in extracellular space are instances of their own, also where there is one in every lane: they see another potential
    /// than the membrane does.
    fn points<'d>(&self, draft: &'d Draft) -> Cow<'d, [Point]> {
        if draft.extracellular.is_none() {
            return Cow::Borrowed(&draft.points);
        }
        let is_electrode = |group: &Group| {
            let mechanism = self.program.mechanisms.get(group.mechanism.index());
            mechanism.is_some_and(|one| one.currents.iter().any(|current| current.kind == CurrentKind::Electrode))
        };
        let each = |point: &Point| match (&point.lanes, is_electrode(&point.group)) {
            (In::Every, true) => Point { lanes: In::Some((0..draft.lanes()).collect()), ..point.clone() },
            _ => point.clone(),
        };
        draft.points.iter().map(each).collect()
    }

    /// The class itself, and where everything in it went; for each of several copies of it.
    ///
    /// # Errors
    /// Values out of range, or equations that cannot be computed.
    pub fn finish(copies: &[(Making, &Draft)], codes: &Codes) -> Vec<Result<(Class, Addresses), Vec<Told>>> {
        let points: Vec<Cow<[Point]>> = copies.iter().map(|(making, draft)| making.points(draft)).collect();
        let contents: Vec<Contents> = copies.iter().zip(&points).map(|((_, draft), points)| draft.contents(points)).collect();
        let pools = copies.iter().zip(&contents);
        let pools = pools.map(|((making, _), contents)| Pools::of(making.program, making.world, making.streams, contents));
        let class = |((_, draft), made): (&(Making, &Draft), Result<Made, Vec<Told>>)| {
            let Made { pools, addresses, mut ions } = made?;
            let class = Class {
                shared: std::mem::take(&mut ions.rows),
                name: draft.name.clone(),
                cells: draft.names.clone(),
                body: draft.shape.as_ref().map(|s| s.body.clone()),
                extracellular: draft.extracellular.clone(),
                pools,
                detectors: draft.detectors.clone(),
            };
            Ok((class, addresses))
        };
        copies.iter().zip(Pools::make(pools.collect(), codes)).map(class).collect()
    }
}

impl Draft {
    fn contents<'d>(&'d self, points: &'d [Point]) -> Contents<'d> {
        Contents {
            shape: self.shape.as_ref(),
            ions: &self.ions,
            recorded: &self.recorded,
            inserts: &self.inserts,
            points,
            order: &self.order,
            driven: &self.driven,
            own: self.own.as_ref(),
            running: self.running.as_ref().map(|(kind, identity)| (kind.as_str(), identity)),
            cells: &self.cells,
            sources: &self.sources,
            observed: &self.observed,
            shown: &self.shown,
            solving: self.solving,
        }
    }

    /// Cells without a body that draw as `running` says.
    pub fn free(name: &str, names: Names, cells: Vec<u32>, sources: Vec<u32>, own: Group, running: (String, Identity)) -> Draft {
        let (own, running) = (Some(own), Some(running));
        Draft { name: name.to_owned(), names, cells, sources, own, running, ..Draft::default() }
    }

    /// How many lanes it has.
    pub fn lanes(&self) -> u32 {
        self.cells.len() as u32
    }

    /// The node of a place.
    ///
    /// # Errors
    /// A place that is not from 0 to 1.
    pub fn node(&self, place: &Place, constants: &Constants) -> Result<u32, Told> {
        let at = location(place, constants)?;
        Ok(self.shape.as_ref().map_or(0, |s| s.node(at)))
    }

    /// The node at which a value of an ion is looked up: where a point mechanism sits its own, else that of the segment.
    ///
    /// # Errors
    /// A place that is not from 0 to 1.
    pub fn ion_node(&self, place: &Place, constants: &Constants) -> Result<u32, Told> {
        let node = self.node(place, constants)?;
        let at = location(place, constants)?;
        let segment = self.shape.as_ref().map_or(node, |shape| shape.segment(at));
        Ok(if self.points.iter().any(|point| point.node == node) { node } else { segment })
    }

    /// Which of its inserts a section's is, and which of the section's segments a place lies in.
    ///
    /// # Errors
    /// A place that is not from 0 to 1.
    pub fn insert(&self, place: &Place, k: usize, constants: &Constants) -> Result<Option<(usize, usize)>, Told> {
        let at = location(place, constants)?;
        let found = self.insert_at.get(&(place.section, k)).and_then(|i| {
            let node = self.shape.as_ref()?.segment(at);
            let segment = self.inserts.get(*i)?.nodes.iter().position(|n| *n == node)?;
            Some((*i, segment))
        });
        Ok(found)
    }
}
