//! What the user is told: one value for terminal, editor and file, and the sink that collects them. Renders nothing.

mod code;
mod near;
mod sink;

pub use code::Code;
pub use near::did_you_mean;
pub use sink::Diagnostics;

use crate::span::Span;

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing runs before this is mended.
    Error,
    /// It runs, but probably not as meant.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A change of the text that mends what the diagnostic is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// The text to replace; empty to insert.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
    /// What the change does, in the imperative: "write `probability`".
    pub message: String,
}

/// One finding about the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which kind of finding; it has a page.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One sentence in the user's words, no full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What stands at `span`, a few words; empty when the message says all.
    pub label: String,
    /// Other places that belong to it: the opener of a missing closer, the first of two declarations.
    pub labels: Vec<(Span, String)>,
    /// What to do, one sentence each.
    pub helps: Vec<String>,
    /// The change that mends it, where it is certain enough to offer.
    pub fix: Option<Fix>,
    /// All names that could stand there, where a name is what is wrong: for completion, not shown.
    pub candidates: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic with the severity that its code has.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: clipped(message.into()),
            span,
            label: String::new(),
            labels: Vec::new(),
            helps: Vec::new(),
            fix: None,
            candidates: Vec::new(),
        }
    }

    /// With a few words at the place itself.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Diagnostic {
        self.label = clipped(label.into());
        self
    }

    /// With another place.
    #[must_use]
    pub fn also(mut self, span: Span, label: impl Into<String>) -> Diagnostic {
        self.labels.push((span, clipped(label.into())));
        self
    }

    /// With advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.helps.push(clipped(help.into()));
        self
    }

    /// With a change to offer.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>, message: impl Into<String>) -> Diagnostic {
        self.fix = Some(Fix { span, replacement: replacement.into(), message: message.into() });
        self
    }

    /// With the names that could stand there.
    #[must_use]
    pub fn candidates(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Diagnostic {
        self.candidates = names.into_iter().map(Into::into).collect();
        self
    }
}

/// Cut where a name of thousands of letters would fill the screen.
fn clipped(mut text: String) -> String {
    const LONGEST: usize = 1000;
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push_str("...");
    }
    text
}
