//! The library: mechanisms and cells in the language itself, known without `use`.

/// Name and text of each file.
pub(crate) const FILES: &[(&str, &str)] = &[];
