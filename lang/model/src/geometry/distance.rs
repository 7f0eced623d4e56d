//! Path distances along a tree, between middles of segments and ends of sections, as NEURON's `distance()` has them.

use super::{Cable, Location, TreeError, segment_at, tree};

/// Distances from one place.
#[derive(Clone, Debug, PartialEq)]
pub struct Distances(Vec<Along>);

/// A section as seen from the origin.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Along {
    /// cm
    length: f64,
    segments: u32,
    by_end: bool,
    /// Distance of the point at which the way from the origin enters the section (cm),
    distance: f64,
    /// and how far that is from the end by which the section hangs (cm).
    enters: f64,
}

impl Along {
    /// How far the node of a place is from the end by which the section hangs (cm).
    fn position(&self, x: f64) -> f64 {
        let from_start = if x <= 0.0 || x >= 1.0 {
            x * self.length
        } else {
            (f64::from(segment_at(x, self.segments)) + 0.5) / f64::from(self.segments) * self.length
        };
        if self.by_end { self.length - from_start } else { from_start }
    }

    fn distance(&self, position: f64) -> f64 {
        self.distance + (position - self.enters).abs()
    }
}

impl Distances {
    /// Along sections of these lengths (cm) from a place.
    ///
    /// # Errors
    /// Sections that do not form one tree.
    pub fn from(origin: Location, cables: &[Cable], lengths: &[f64]) -> Result<Distances, TreeError> {
        let order = tree::breadth_first(cables)?;
        let mut all: Vec<Along> = cables
            .iter()
            .zip(lengths)
            .map(|(cable, length)| Along {
                length: *length,
                segments: cable.segments,
                by_end: cable.parent.is_some_and(|p| p.by_end),
                ..Along::default()
            })
            .collect();
        let mut known = vec![false; cables.len()];
        // From the origin to the root.
        let (mut section, mut place, mut distance) = (origin.section, origin.x, 0.0);
        loop {
            let Some(along) = all.get_mut(section) else { return Err(TreeError::Detached(section)) };
            along.enters = along.position(place);
            along.distance = distance;
            known[section] = true;
            let Some(parent) = cables[section].parent else { break };
            distance += along.enters;
            (section, place) = (parent.section, parent.x);
        }
        for section in order {
            if let Some(parent) = cables[section].parent.filter(|_| !known[section]) {
                let of = all[parent.section];
                all[section].distance = of.distance(of.position(parent.x));
            }
        }
        Ok(Distances(all))
    }

    /// To the node of a place (cm).
    pub fn to(&self, place: Location) -> f64 {
        self.0.get(place.section).map_or(0.0, |along| along.distance(along.position(place.x)))
    }
}
