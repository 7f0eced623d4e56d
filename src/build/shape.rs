//! The tree of a kind of cell: its sections' attributes as numbers, its nodes in storage order.

use super::constants::Constants;
use super::range::{self, Told};
use bouton_engine::plan::Body;
use bouton_model::geometry::{self, Arranged, Attachment, Cable, Layout, Location, NodeKind, TreeError};
use bouton_model::ir::{Attribute, MechanismId, Place, Section, Span, Tree};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::BTreeSet;

/// Conventional area of a node without one (cm2), as NEURON has it: what mechanisms on it read as `area`.
const END_AREA: f64 = 1e-6;

/// Sections in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Sections {
    /// Their cables.
    pub cables: Vec<Cable>,
    names: Vec<String>,
    /// Which mechanisms are in each.
    mechanisms: Vec<BTreeSet<MechanismId>>,
    spans: Vec<Span>,
}

/// Nodes of a kind of cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// As the engine takes it.
    pub body: Body,
    /// Ends that were left out.
    pub dropped: usize,
    layout: Layout,
    arranged: Arranged,
    sections: Sections,
}

impl Sections {
    /// The attributes of a tree's sections.
    ///
    /// # Errors
    /// A value out of range.
    pub fn of(tree: &Tree, constants: &Constants) -> Result<Sections, Vec<Told>> {
        let cables: Vec<Result<Cable, Told>> = tree.sections.iter().map(|s| cable(s, constants)).collect();
        let errors: Vec<Told> = cables.iter().filter_map(|c| c.as_ref().err().cloned()).collect();
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Sections {
            cables: cables.into_iter().flatten().collect(),
            names: tree.sections.iter().map(|s| s.name.to_string()).collect(),
            mechanisms: tree.sections.iter().map(|s| s.inserts.iter().map(|i| i.mechanism).collect()).collect(),
            spans: tree.sections.iter().map(|s| s.span).collect(),
        })
    }

    /// How many nodes there are at most.
    pub fn nodes(&self) -> u64 {
        1 + self.cables.iter().map(|c| u64::from(c.segments) + 1).sum::<u64>()
    }

    /// How many segments have this mechanism.
    pub fn segments_with(&self, mechanism: MechanismId) -> u64 {
        let all = self.cables.iter().zip(&self.mechanisms);
        all.filter(|(_, set)| set.contains(&mechanism)).map(|(c, _)| u64::from(c.segments)).sum()
    }
}

fn cable(section: &Section, constants: &Constants) -> Result<Cable, Told> {
    let value = |given: &Option<Attribute>, default: f64, check: fn(f64, Span) -> Result<f64, Told>| match given {
        None => Ok(default),
        Some(a) => check(constants.number(a)?, a.span),
    };
    Ok(Cable {
        length: value(&section.length, 100e-4, |x, s| range::LENGTH.positive(x, s))?,
        diam: value(&section.diam, 500e-4, |x, s| range::DIAM.positive(x, s))?,
        axial_resistivity: value(&section.axial_resistivity, 35.4, |x, s| range::RA.positive(x, s))?,
        capacitance: value(&section.capacitance, 1e-3, |x, s| range::CM.not_negative(x, s))?,
        segments: value(&section.segments, 1.0, |x, s| Ok(range::NSEG.whole(x, 1, u32::MAX, s)?.into()))? as u32,
        parent: match &section.parent {
            None => None,
            Some(p) => {
                let x = range::PLACE.fraction(constants.number(&p.at)?, p.at.span)?;
                Some(Attachment { section: p.section.index(), x, by_end: p.by_end })
            }
        },
    })
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
    /// Lays the sections out; what is `occupied` keeps a node of its own.
    ///
    /// # Errors
    /// Sections that do not form one tree.
    pub fn of(sections: Sections, occupied: &[Location], whole: Span) -> Result<Shape, Told> {
        let layout = geometry::layout(&sections.cables, occupied).map_err(|e| broken(e, &sections, whole))?;
        let ranks = ranks(&sections.mechanisms);
        let rank = |node: u32| match layout.kinds.get(node as usize) {
            Some(NodeKind::Segment { section, .. }) => ranks.get(*section).copied().unwrap_or(0),
            _ => 0,
        };
        let arranged = layout.arranged(&rank);
        let by_node = |values: &[f64]| arranged.stored.iter().filter_map(|n| values.get(*n as usize)).copied().collect();
        let body = Body {
            names: arranged.stored.iter().map(|n| sections.node_name(&layout, *n)).collect(),
            parent: arranged.parent.iter().map(|p| p.unwrap_or(u32::MAX)).collect(),
            order: arranged.order.clone(),
            a: arranged.a.clone(),
            b: arranged.b.clone(),
            capacitance: by_node(&layout.capacitance),
            area: by_node(&layout.area),
        };
        Ok(Shape { body, dropped: layout.dropped, layout, arranged, sections })
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

    /// Area of a node as mechanisms read it (cm2).
    pub fn area(&self, node: u32) -> f64 {
        match self.body.area.get(node as usize) {
            Some(area) if *area > 0.0 => *area,
            _ => END_AREA,
        }
    }

    /// What turns a current on a node (mA) into the unit of its row.
    pub fn factor(&self, node: u32) -> f64 {
        match self.body.area.get(node as usize) {
            Some(area) if *area > 0.0 => 1.0 / area,
            _ => 1.0,
        }
    }

    /// Diameter of a node (cm): its section's.
    pub fn diam(&self, node: u32) -> f64 {
        let kind = self.arranged.stored.get(node as usize).and_then(|n| self.layout.kinds.get(*n as usize));
        let section = match kind {
            Some(NodeKind::Segment { section, .. } | NodeKind::End { section }) => *section,
            Some(NodeKind::Root) | None => self.sections.cables.iter().position(|c| c.parent.is_none()).unwrap_or(0),
        };
        self.sections.cables.get(section).map_or(0.0, |c| c.diam)
    }
}

impl Sections {
    fn node_name(&self, layout: &Layout, node: u32) -> String {
        let name = |section: usize| self.names.get(section).map_or("", String::as_str);
        let cable = |section: usize| self.cables.get(section);
        match layout.kinds.get(node as usize) {
            Some(NodeKind::Segment { section, segment }) => {
                let x = (f64::from(*segment) + 0.5) / cable(*section).map_or(1.0, |c| f64::from(c.segments));
                format!("{}({})", name(*section), (x * 1e4).round() / 1e4)
            }
            Some(NodeKind::End { section }) => {
                let by_end = cable(*section).and_then(|c| c.parent).is_some_and(|p| p.by_end);
                format!("{}({})", name(*section), if by_end { 0 } else { 1 })
            }
            Some(NodeKind::Root) => format!("{}(0)", name(self.cables.iter().position(|c| c.parent.is_none()).unwrap_or(0))),
            None => String::new(),
        }
    }
}

fn broken(error: TreeError, sections: &Sections, whole: Span) -> Told {
    let at = |section: usize| sections.spans.get(section).copied().unwrap_or(whole);
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
