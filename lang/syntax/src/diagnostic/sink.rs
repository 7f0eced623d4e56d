//! Where diagnostics collect. Decides nothing about them but their order.

use super::{Diagnostic, Severity};

/// So many errors, and as many warnings, are kept; a text with more is no script, and of the rest only the number is told.
const MOST_KEPT: usize = 1000;

/// All findings of one run through the stages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    dropped: usize,
}

impl Diagnostics {
    /// None yet.
    #[must_use]
    pub fn new() -> Diagnostics {
        Diagnostics::default()
    }

    /// Adds one; an exact repetition is dropped, because a rule may meet the same node on two ways.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.list.iter().rev().take(64).any(|known| *known == diagnostic) {
            self.keep(diagnostic);
        }
    }

    fn keep(&mut self, diagnostic: Diagnostic) {
        let error = diagnostic.severity == Severity::Error;
        let alike = if error { self.errors } else { self.list.len() - self.errors };
        if alike >= MOST_KEPT {
            self.dropped += 1;
            return;
        }
        self.errors += usize::from(error);
        self.list.push(diagnostic);
    }

    /// Adds one unless another already begins at the same place: a broken text is told once.
    pub fn push_first(&mut self, diagnostic: Diagnostic) {
        let place = (diagnostic.span.file, diagnostic.span.start);
        if !self.list.iter().any(|known| (known.span.file, known.span.start) == place) {
            self.keep(diagnostic);
        }
    }

    /// Adds all of another stage.
    pub fn extend(&mut self, other: Diagnostics) {
        self.dropped += other.dropped;
        other.list.into_iter().for_each(|one| self.keep(one));
    }

    /// Whether anything forbids to go on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many errors are kept.
    #[must_use]
    pub fn error_count(&self) -> usize {
        self.errors
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// How many were found.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// How many more were found than are kept.
    #[must_use]
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    /// All, in the order of the text: by file, then by place.
    #[must_use]
    pub fn sorted(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.list.iter().collect();
        all.sort_by_key(|one| (one.span, one.severity, one.code));
        all
    }

    /// All, in the order of the text.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.sorted().into_iter()
    }

    /// Keeps those that `keep` accepts, and as it leaves them.
    pub fn retain_mut(&mut self, keep: impl FnMut(&mut Diagnostic) -> bool) {
        self.list.retain_mut(keep);
        self.errors = self.list.iter().filter(|one| one.severity == Severity::Error).count();
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(list: Vec<Diagnostic>) -> Diagnostics {
        let mut found = Diagnostics::new();
        list.into_iter().for_each(|one| found.keep(one));
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;
    use crate::span::{FileId, Span};

    #[test]
    fn a_flood_is_counted_and_hides_no_error() {
        let mut found = Diagnostics::new();
        let at = |place| Span::at(FileId(0), place);
        (0..3000).for_each(|place| found.push(Diagnostic::new(Code::UnusedParameter, at(place), "unused")));
        assert!(!found.has_errors());
        (0..3000).for_each(|place| found.push(Diagnostic::new(Code::UnknownCharacter, at(place), "strange")));
        assert_eq!((found.len(), found.dropped(), found.has_errors()), (2 * MOST_KEPT, 4000, true));
    }
}
