//! The nodes of a kind of cell in storage order, and their coefficients: for all its cells, or where they differ in size for each.

mod extracellular;

use super::constants::Constants;
use super::form::Form;
use super::range::{self, Told};
use bouton_engine::plan::Body;
use bouton_model::geometry::{self, Arranged, Cable, Coefficients, Layout, Location, NodeKind, TreeError};
use bouton_model::ir::{MechanismId, Place, Span, Tree};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Conventional area of a node without one (cm2), as NEURON has it: what mechanisms on it read as `area`.
const END_AREA: f64 = 1e-6;

/// Nodes of a kind of cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// As the engine takes it.
    pub body: Body,
    /// Ends that were left out.
    pub dropped: usize,
    layout: Layout,
    arranged: Arranged,
    /// The distinct forms of its cells, and for each lane which.
    forms: Vec<Arc<Form>>,
    of_lane: Vec<u32>,
}

/// A place in numbers.
///
/// # Errors
/// It is not from 0 to 1.
pub fn location(place: &Place, constants: &Constants) -> Result<Location, Told> {
    let x = range::PLACE.fraction(constants.number(&place.x)?, place.x.span)?;
    Ok(Location { section: place.section.index(), x })
}

impl Shape {
    /// Lays the sections out; what is `occupied` keeps a node of its own. All forms have the same cables.
    ///
    /// # Errors
    /// Sections that do not form one tree.
    pub fn of(tree: &Tree, forms: Forms, occupied: &[Location], whole: Span) -> Result<Shape, Told> {
        let Forms { distinct: forms, of_lane } = forms;
        let cables = forms.first().map_or(&[][..], |form| &form.cables);
        let span = |section: usize| tree.sections.get(section).map_or(whole, |s| s.span);
        let layout = geometry::layout(cables, occupied).map_err(|e| broken(e, &span, whole))?;
        let mechanisms: Vec<BTreeSet<MechanismId>> =
            tree.sections.iter().map(|s| s.inserts.iter().map(|i| i.mechanism).collect()).collect();
        let ranks = ranks(&mechanisms);
        let rank = |node: u32| match layout.kinds.get(node as usize) {
            Some(NodeKind::Segment { section, .. }) => ranks.get(*section).copied().unwrap_or(0),
            _ => 0,
        };
        let arranged = layout.arranged(&rank);
        let of: Vec<Coefficients> = forms.iter().map(|form| arranged.coefficients(&layout, &form.solids)).collect();
        let values = |pick: fn(&Coefficients) -> &Vec<f64>| by_lane(&of, &of_lane, pick);
        let body = Body {
            names: arranged.stored.iter().map(|n| node_name(tree, cables, &layout, *n)).collect(),
            parent: arranged.parent.iter().map(|p| p.unwrap_or(u32::MAX)).collect(),
            order: arranged.order.clone(),
            a: values(|c| &c.a),
            b: values(|c| &c.b),
            capacitance: values(|c| &c.capacitance),
            area: values(|c| &c.area),
        };
        Ok(Shape { body, dropped: layout.dropped, layout, arranged, forms, of_lane })
    }

    fn by_lane(&self, of: &[Coefficients], pick: fn(&Coefficients) -> &Vec<f64>) -> Vec<f64> {
        by_lane(of, &self.of_lane, pick)
    }

    /// The node of a place.
    pub fn node(&self, place: Location) -> u32 {
        self.arranged.node(&self.layout, place).unwrap_or(0)
    }

    /// The nodes of a section's segments, from x = 0.
    pub fn segments(&self, section: usize) -> Vec<u32> {
        let stored = |n: &u32| self.arranged.position.get(*n as usize).copied();
        self.layout.segments(section).iter().filter_map(stored).collect()
    }

    /// The node of the segment that a place lies in, also at an end.
    pub fn segment(&self, place: Location) -> u32 {
        let nodes = self.segments(place.section);
        let segment = geometry::segment_at(place.x, nodes.len() as u32);
        nodes.get(segment as usize).copied().unwrap_or(0)
    }

    /// Length of a section of a lane's cell (cm).
    pub fn length(&self, section: usize, lane: u32) -> f64 {
        self.form(lane).and_then(|form| form.solids.get(section)).map_or(0.0, |solid| solid.length)
    }

    /// Whether cells differ in size.
    pub fn differs(&self) -> bool {
        self.forms.len() > 1
    }

    /// The form of a lane.
    fn form(&self, lane: u32) -> Option<&Form> {
        let which = self.of_lane.get(lane as usize).copied().unwrap_or(0);
        self.forms.get(which as usize).map(|form| &**form)
    }

    fn layout_node(&self, node: u32) -> Option<u32> {
        self.arranged.stored.get(node as usize).copied()
    }

    /// Area of a node as mechanisms read it (cm2).
    pub fn area(&self, node: u32, lane: u32) -> f64 {
        self.own_area(node, lane).unwrap_or(END_AREA)
    }

    /// What turns a current on a node (mA) into the unit of its row.
    pub fn factor(&self, node: u32, lane: u32) -> f64 {
        self.own_area(node, lane).map_or(1.0, |area| 1.0 / area)
    }

    fn own_area(&self, node: u32, lane: u32) -> Option<f64> {
        Some(self.layout.segment(&self.form(lane)?.solids, self.layout_node(node)?)?.area)
    }

    /// By what diffusion between a segment and the nearest one toward the root that is among `nodes` counts in that one, or in itself (1/cm2).
    pub fn exchange(&self, node: u32, lane: u32, nodes: &BTreeSet<u32>, toward: bool) -> Option<f64> {
        let mut parent = self.body.parent.get(node as usize).copied()?;
        while parent != u32::MAX && !nodes.contains(&parent) {
            parent = self.body.parent.get(parent as usize).copied()?;
        }
        let (own, other) = (self.extent(node, lane)?, self.extent(parent, lane)?);
        Some(2.0 / if toward { other } else { own } / (own + other))
    }

    /// Length of a segment (cm).
    fn extent(&self, node: u32, lane: u32) -> Option<f64> {
        let NodeKind::Segment { section, .. } = *self.layout.kinds.get(self.layout_node(node)? as usize)? else { return None };
        Some(self.length(section, lane) / f64::from(self.form(lane)?.cables.get(section)?.segments))
    }

    /// Diameter of a node (cm); at an end, of the segment beside it.
    pub fn diam(&self, node: u32, lane: u32) -> f64 {
        let of = |node: u32, lane: u32| {
            let form = self.form(lane)?;
            let (section, segment) = match *self.layout.kinds.get(self.layout_node(node)? as usize)? {
                NodeKind::Segment { section, segment } => (section, segment as usize),
                NodeKind::Root => (form.cables.iter().position(|c| c.parent.is_none())?, 0),
                NodeKind::End { section } => {
                    let cable = form.cables.get(section)?;
                    let by_end = cable.parent.is_some_and(|p| p.by_end);
                    (section, if by_end { 0 } else { cable.segments as usize - 1 })
                }
            };
            Some(form.solids.get(section)?.segments.get(segment)?.diam)
        };
        of(node, lane).unwrap_or(0.0)
    }
}

/// Numbers of the nodes: once, or where there are several forms by node and lane.
fn by_lane(of: &[Coefficients], of_lane: &[u32], pick: fn(&Coefficients) -> &Vec<f64>) -> Vec<f64> {
    match of {
        [one] => pick(one).clone(),
        several => {
            let nodes = 0..several.first().map_or(0, |c| pick(c).len());
            let value = |node: usize, lane: &u32| several.get(*lane as usize).map_or(0.0, |c| pick(c)[node]);
            nodes.flat_map(|node| of_lane.iter().map(move |lane| value(node, lane))).collect()
        }
    }
}

/// The forms of the cells of a class: the distinct ones, and for each lane which.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    distinct: Vec<Arc<Form>>,
    of_lane: Vec<u32>,
}

impl Forms {
    /// Of the lanes in their order; where all have one form, that is kept once.
    pub fn of<'f>(lanes: impl Iterator<Item = &'f Arc<Form>>) -> Forms {
        let mut forms = Forms::default();
        for form in lanes {
            // Lanes of a population without differences share their form, and lie side by side.
            let same = |known: &Arc<Form>| Arc::ptr_eq(known, form) || known == form;
            let candidates = [forms.of_lane.last().copied(), Some(0)];
            let known = candidates.into_iter().flatten().find(|at| forms.distinct.get(*at as usize).is_some_and(same));
            let at = known.unwrap_or_else(|| {
                forms.distinct.push(form.clone());
                forms.distinct.len() as u32 - 1
            });
            forms.of_lane.push(at);
        }
        forms
    }
}

fn node_name(tree: &Tree, cables: &[Cable], layout: &Layout, node: u32) -> String {
    let name = |section: usize| tree.sections.get(section).map_or("", |s| &*s.name);
    let cable = |section: usize| cables.get(section);
    match layout.kinds.get(node as usize) {
        Some(NodeKind::Segment { section, segment }) => {
            let x = (f64::from(*segment) + 0.5) / cable(*section).map_or(1.0, |c| f64::from(c.segments));
            format!("{}({})", name(*section), (x * 1e4).round() / 1e4)
        }
        Some(NodeKind::End { section }) => {
            let by_end = cable(*section).and_then(|c| c.parent).is_some_and(|p| p.by_end);
            format!("{}({})", name(*section), if by_end { 0 } else { 1 })
        }
        Some(NodeKind::Root) => format!("{}(0)", name(cables.iter().position(|c| c.parent.is_none()).unwrap_or(0))),
        None => String::new(),
    }
}

/// Sections that form no tree.
pub fn broken(error: TreeError, at: &dyn Fn(usize) -> Span, whole: Span) -> Told {
    let (span, message) = match error {
        TreeError::Empty => (whole, "the cell has no sections"),
        TreeError::TwoRoots(section) => (at(section), "a second section is not connected to any other"),
        TreeError::Detached(section) => (at(section), "the section hangs on nothing that is connected to the root"),
        TreeError::TooMany => (whole, "the cell has more segments than can be numbered"),
    };
    Box::new(Diagnostic::new(Code::BrokenTree, span, message))
}

/// For each section the rank of its mechanism set, chosen so that the nodes of each mechanism come in few runs: a chain in which each set shares as
/// much as possible with the one before, from the start that gives the fewest runs.
fn ranks(mechanisms: &[BTreeSet<MechanismId>]) -> Vec<usize> {
    let distinct: Vec<&BTreeSet<MechanismId>> = mechanisms.iter().collect::<BTreeSet<_>>().into_iter().collect();
    let chains = (0..distinct.len()).map(|start| chain(&distinct, start));
    let best = chains.min_by_key(|chain| runs(&distinct, chain)).unwrap_or_default();
    let rank = |set: &BTreeSet<MechanismId>| best.iter().position(|k| distinct[*k] == set).unwrap_or(0);
    mechanisms.iter().map(rank).collect()
}

fn chain(sets: &[&BTreeSet<MechanismId>], start: usize) -> Vec<usize> {
    let mut chain = vec![start];
    let mut left: Vec<usize> = (0..sets.len()).filter(|k| *k != start).collect();
    let mut last = start;
    while !left.is_empty() {
        let apart = |k: usize| sets[last].symmetric_difference(sets[k]).count();
        let nearest = (0..left.len()).min_by_key(|i| apart(left[*i])).unwrap_or(0);
        last = left.remove(nearest);
        chain.push(last);
    }
    chain
}

fn runs(sets: &[&BTreeSet<MechanismId>], chain: &[usize]) -> usize {
    let begins = chain.windows(2).map(|pair| sets[pair[1]].difference(sets[pair[0]]).count()).sum::<usize>();
    begins + chain.first().map_or(0, |k| sets[*k].len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One run for each mechanism where that is possible.
    #[test]
    fn mechanisms_are_neighbours() {
        let set = |ids: &[u32]| ids.iter().map(|i| MechanismId(*i)).collect::<BTreeSet<_>>();
        let mechanisms = [set(&[1]), set(&[1, 2]), set(&[2]), set(&[1]), set(&[])];
        let ranks = ranks(&mechanisms);
        assert_eq!(ranks[0], ranks[3]);
        assert_eq!(ranks[1].abs_diff(ranks[0]), 1);
        assert_eq!(ranks[1].abs_diff(ranks[2]), 1);
        assert!(self::ranks(&[]).is_empty());
    }
}
