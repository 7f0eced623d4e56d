//! Source text, diagnostics, tokens, syntax tree and parser of the Bouton language. No names, no units, no I/O.

pub mod ast;
pub mod diagnostic;
pub mod source;
pub mod span;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Fix, Severity, did_you_mean};
pub use source::{Position, Source, SourceMap};
pub use span::{FileId, Span};
