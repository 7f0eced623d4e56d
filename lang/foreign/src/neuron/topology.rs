//! What hangs where: connecting, walking, and distances along the tree.

use super::section::{Link, SectionId};
use super::{Model, Wrong};
use bouton_model::geometry::{Attachment, Cable, Distances, Location};
use std::collections::HashMap;

/// Distances from the origin, as long as nothing changes.
#[derive(Debug)]
pub(super) struct Cached {
    version: u64,
    origin: (SectionId, f64),
    numbers: HashMap<SectionId, usize>,
    distances: Distances,
}

impl Model {
    /// Hangs a section on another, off what it hung on.
    ///
    /// # Errors
    /// A place that is none, and circles.
    pub fn connect(&mut self, child: SectionId, end: f64, parent: SectionId, x: f64) -> Result<(), Wrong> {
        if end != 0.0 && end != 1.0 {
            return Err(format!("a section is joined by its 0 end or its 1 end, not at {end}"));
        }
        if !(0.0..=1.0).contains(&x) {
            return Err(format!("{x} is not a place on a section"));
        }
        let mut above = Some(parent);
        while let Some(at) = above {
            if at == child {
                return Err(format!("{} would be its own ancestor", self.section(child).name));
            }
            above = self.section(at).parent.map(|link| link.section);
        }
        self.disconnect(child);
        // NEURON turns the list of what hangs on a section round where the section is joined by its other end.
        if self.section(child).by_end() != (end == 1.0) {
            self.section_mut(child).children.reverse();
        }
        let at = self.place_of(parent, x);
        let before = |other: &SectionId| self.section(*other).parent.is_some_and(|link| self.place_of(parent, link.x) >= at);
        let position = self.section(parent).children.iter().position(before);
        let children = &mut self.section_mut(parent).children;
        children.insert(position.unwrap_or(children.len()), child);
        self.section_mut(child).parent = Some(Link { section: parent, x, by_end: end == 1.0 });
        self.changed();
        Ok(())
    }

    /// A place as seen from the end by which the section hangs.
    fn place_of(&self, section: SectionId, x: f64) -> f64 {
        if self.section(section).by_end() { 1.0 - x } else { x }
    }

    /// Takes a section off what it hangs on.
    pub fn disconnect(&mut self, id: SectionId) {
        if let Some(link) = self.section_mut(id).parent.take() {
            self.section_mut(id).left = Some(link);
            self.section_mut(link.section).children.retain(|other| *other != id);
            self.changed();
        }
    }

    /// What hangs on a section, in NEURON's order.
    #[must_use]
    pub fn children(&self, id: SectionId) -> Vec<SectionId> {
        self.section(id).children.iter().copied().filter(|child| self.is_alive(*child)).collect()
    }

    /// The root of a section's tree.
    #[must_use]
    pub fn root(&self, id: SectionId) -> SectionId {
        let mut at = id;
        while let Some(link) = self.section(at).parent {
            at = link.section;
        }
        at
    }

    /// A section and all behind it: each before what hangs on it, and a branch before the next.
    #[must_use]
    pub fn subtree(&self, id: SectionId) -> Vec<SectionId> {
        let mut all = Vec::new();
        let mut waiting = vec![id];
        while let Some(at) = waiting.pop() {
            all.push(at);
            // The stack gives the last one first.
            waiting.extend(self.children(at).into_iter().rev());
        }
        all
    }

    /// The same in the order of `SectionList`: what is nearer to the section (in sections) comes first.
    #[must_use]
    pub fn subtree_by_level(&self, id: SectionId) -> Vec<SectionId> {
        let (mut all, mut at) = (vec![id], 0);
        while let Some(one) = all.get(at) {
            all.extend(self.children(*one));
            at += 1;
        }
        all
    }

    /// Sets where `distance` is measured from.
    pub fn set_origin(&mut self, id: SectionId, x: f64) {
        self.origin = Some((id, x));
    }

    /// From the origin to a place (um); 1e20 in another tree.
    #[must_use]
    pub fn distance(&self, to: SectionId, x: f64) -> f64 {
        let origin = self.origin.unwrap_or((self.root(to), 0.0));
        self.between(origin, (to, x))
    }

    /// From one place to another along the tree (um).
    #[must_use]
    pub fn between(&self, origin: (SectionId, f64), to: (SectionId, f64)) -> f64 {
        const ELSEWHERE: f64 = 1e20;
        if !self.is_alive(origin.0) || self.root(origin.0) != self.root(to.0) {
            return ELSEWHERE;
        }
        let known = self.distances.borrow().as_ref().is_some_and(|one| one.version == self.version && one.origin == origin);
        if !known {
            let Some(new) = self.measured(origin) else { return ELSEWHERE };
            self.distances.replace(Some(new));
        }
        let cached = self.distances.borrow();
        let Some(cached) = cached.as_ref() else { return ELSEWHERE };
        let number = cached.numbers.get(&to.0);
        number.map_or(ELSEWHERE, |section| cached.distances.to(Location { section: *section, x: to.1 }) * 1e4)
    }

    fn measured(&self, origin: (SectionId, f64)) -> Option<Cached> {
        let tree = self.subtree(self.root(origin.0));
        let numbers: HashMap<SectionId, usize> = tree.iter().enumerate().map(|(k, id)| (*id, k)).collect();
        let cable = |id: &SectionId| {
            let section = self.section(*id);
            let parent = section
                .parent
                .and_then(|link| Some(Attachment { section: *numbers.get(&link.section)?, x: link.x, by_end: link.by_end }));
            Cable { segments: u32::try_from(section.segments()).unwrap_or(u32::MAX), parent }
        };
        let cables: Vec<Cable> = tree.iter().map(cable).collect();
        let lengths: Vec<f64> = tree.iter().map(|id| self.length(*id) * 1e-4).collect();
        let from = Location { section: *numbers.get(&origin.0)?, x: origin.1 };
        let distances = Distances::from(from, &cables, &lengths).ok()?;
        Some(Cached { version: self.version, origin, numbers, distances })
    }
}
