//! Sections become nodes: areas, resistances, where children hang, and the order of elimination, as NEURON has them.
//! Lengths in cm, resistivities in ohm cm, conductances in S. What sits on the nodes is not known here.
//!
//! Which nodes there are ([`Layout`]) follows from [`Cable`]s alone: numbers of segments, and what hangs where. How large they are ([`Coefficients`])
//! follows from [`Solid`]s; so cells of one layout may differ in size.

mod arrangement;
mod distance;
mod points;
mod solid;
mod tree;

pub use arrangement::{Arranged, Coefficients};
pub use distance::Distances;
pub use points::{Points, ROUNDING};
pub use solid::{Segment, Solid, lambda};

/// An unbranched piece of cable, without its size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cable {
    /// Number of segments, at least 1.
    pub segments: u32,
    /// Where it hangs; nothing for the root.
    pub parent: Option<Attachment>,
}

/// Where a section hangs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attachment {
    /// On this section,
    pub section: usize,
    /// at this place (0 to 1),
    pub x: f64,
    /// by its 1 end rather than its 0 end.
    pub by_end: bool,
}

/// A place on a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Location {
    /// Which section.
    pub section: usize,
    /// From 0 to 1.
    pub x: f64,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeKind {
    /// The origin end of the root section.
    Root,
    /// The middle of a segment, counted from x = 0.
    Segment {
        /// Whose.
        section: usize,
        /// Which.
        segment: u32,
    },
    /// The end of a section that is away from the root.
    End {
        /// Whose.
        section: usize,
    },
}

/// Why sections make no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeError {
    /// There are no sections.
    Empty,
    /// A second section without a parent.
    TwoRoots(usize),
    /// A section that hangs on itself, directly or not, or on one that does not exist.
    Detached(usize),
    /// More nodes than can be numbered.
    TooMany,
}

/// A tree of nodes in NEURON's order: parents before children, the nodes of a section together, sections breadth-first.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// What each node is.
    pub kinds: Vec<NodeKind>,
    /// Parent of each node; nothing for the first.
    pub parent: Vec<Option<u32>>,
    /// Ends that were left out because nothing is on them.
    pub dropped: usize,
    ends: Vec<SectionNodes>,
}

/// Where the nodes of a section are.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct SectionNodes {
    /// The node at its end toward the root, which may be another section's.
    origin: u32,
    /// Its first segment's, counted from the root.
    first: u32,
    segments: u32,
    /// The node at its far end; the last segment's where the end was dropped.
    far: u32,
    by_end: bool,
}

/// The segment that a place lies in: int(n x), the last one for x = 1.
pub fn segment_at(x: f64, segments: u32) -> u32 {
    ((f64::from(segments) * x) as u32).min(segments.saturating_sub(1))
}

/// Lays sections out as nodes. `occupied` are places where something sits that needs a node of its own, even at an end.
///
/// # Errors
/// Sections that do not form one tree.
pub fn layout(cables: &[Cable], occupied: &[Location]) -> Result<Layout, TreeError> {
    let order = tree::breadth_first(cables)?;
    let full = tree::nodes(cables, &order)?;
    Ok(tree::without_idle_ends(full, occupied))
}

impl Layout {
    /// The node of a place; at an end without a node of its own, its neighbour.
    pub fn node(&self, place: Location) -> Option<u32> {
        let section = self.ends.get(place.section)?;
        Some(section.node(place.x))
    }

    /// The nodes of a section's segments, from x = 0 to x = 1.
    pub fn segments(&self, section: usize) -> Vec<u32> {
        let Some(nodes) = self.ends.get(section) else { return Vec::new() };
        (0..nodes.segments).map(|k| nodes.segment(k)).collect()
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}

impl SectionNodes {
    fn segment(&self, k: u32) -> u32 {
        let k = k.min(self.segments.saturating_sub(1));
        if self.by_end { self.first + (self.segments - 1 - k) } else { self.first + k }
    }

    fn node(&self, x: f64) -> u32 {
        let (start, end) = if self.by_end { (self.far, self.origin) } else { (self.origin, self.far) };
        if x <= 0.0 {
            start
        } else if x >= 1.0 {
            end
        } else {
            self.segment(segment_at(x, self.segments))
        }
    }
}

#[cfg(test)]
mod tests;
