//! Source text, diagnostics, tokens, syntax tree and parser of the Bouton language. No names, no units, no I/O.

pub mod ast;
pub mod diagnostic;
pub mod lexer;
mod parser;
pub mod render;
pub mod source;
pub mod span;
pub mod token;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Fix, Severity, did_you_mean};
pub use parser::{Parsed, is_unfinished, parse, parse_expression};
pub use source::{Position, Source, SourceMap};
pub use span::{FileId, Span};
