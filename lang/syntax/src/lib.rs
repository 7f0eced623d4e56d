//! Source text, diagnostics, tokens, syntax tree and parser of the Bouton language. No names, no units, no I/O.
pub mod span;
