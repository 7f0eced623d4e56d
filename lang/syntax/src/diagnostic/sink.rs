//! Where diagnostics collect. Decides nothing about them but their order.

use super::{Diagnostic, Severity};

/// All findings of one run through the stages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
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
            self.list.push(diagnostic);
        }
    }

    /// Adds one unless another already begins at the same place: a broken text is told once.
    pub fn push_first(&mut self, diagnostic: Diagnostic) {
        let place = (diagnostic.span.file, diagnostic.span.start);
        if !self.list.iter().any(|known| (known.span.file, known.span.start) == place) {
            self.list.push(diagnostic);
        }
    }

    /// Adds all of another stage.
    pub fn extend(&mut self, other: Diagnostics) {
        self.list.extend(other.list);
    }

    /// Whether anything forbids to go on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|one| one.severity == Severity::Error)
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

    /// Keeps those that `keep` accepts, for warnings that are silenced.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }
}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(list: Vec<Diagnostic>) -> Diagnostics {
        Diagnostics { list }
    }
}
