//! Lists of sections that scripts keep.

use super::{Hold, Listed, Model, SectionId};
use std::rc::Rc;

impl Model {
    /// A new list, which lives as long as the hold.
    pub fn new_list(&mut self) -> (usize, Hold) {
        let hold = Rc::new(());
        self.lists.push(Listed { sections: Vec::new(), alive: Rc::downgrade(&hold) });
        (self.lists.len() - 1, hold)
    }

    /// Its sections that are still there.
    #[must_use]
    pub fn listed(&self, list: usize) -> Vec<SectionId> {
        let all = self.lists.get(list).map_or(&[][..], |one| &one.sections);
        all.iter().copied().filter(|id| self.is_alive(*id)).collect()
    }

    /// Changes a list.
    pub fn change_list(&mut self, list: usize, change: impl FnOnce(&mut Vec<SectionId>)) {
        if let Some(one) = self.lists.get_mut(list) {
            change(&mut one.sections);
        }
    }

    /// Whether something still holds a list.
    #[must_use]
    pub fn list_is_alive(&self, list: usize) -> bool {
        self.lists.get(list).is_some_and(|one| one.alive.strong_count() > 0)
    }
}
