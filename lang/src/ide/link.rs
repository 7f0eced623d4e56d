//! Files that a text names: what an editor opens from there.

use super::Document;
use bouton_syntax::Span;
use bouton_syntax::ast::{ItemKind, UseWhat};

/// A file that is named at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As it is written: relative to the text, of mechanisms a pattern perhaps.
    pub path: String,
    /// The template, class or function in it that is meant.
    pub name: Option<String>,
}

impl Document {
    /// The file that is named at a place, or the file of the template or class there.
    #[must_use]
    pub fn link(&self, offset: u32) -> Option<Link> {
        self.parsed.tree.items.iter().filter(|item| item.span.touches(offset)).find_map(|item| {
            let (files, name): (Vec<_>, Option<_>) = match &item.kind {
                ItemKind::Use(used) => match &used.what {
                    UseWhat::File(file) => (vec![file], None),
                    UseWhat::Library(_) => return None,
                },
                ItemKind::ImportMechanisms(import) => (import.files.iter().collect(), None),
                ItemKind::ImportCells(import) => (vec![&import.file], None),
                ItemKind::Cell(cell) => {
                    let import = cell.import.as_ref()?;
                    (vec![&import.file], import.which.as_ref().map(|which| which.name()))
                }
                _ => return None,
            };
            let at = |span: Span| span.touches(offset);
            let file = files
                .iter()
                .find(|file| at(file.span))
                .or_else(|| files.first().filter(|_| name.is_some_and(|name| at(name.span))))?;
            let name = name.filter(|name| at(name.span)).map(|name| name.text.to_string());
            Some(Link { path: file.text.clone(), name })
        })
    }
}

impl Link {
    /// The line (from 0) of a file that declares what is meant, as hoc or Python declares it; its first line where nothing does.
    #[must_use]
    pub fn line(&self, text: &str) -> usize {
        let Some(name) = &self.name else { return 0 };
        let declares = |line: &str| {
            let mut words = line.trim_start().splitn(2, char::is_whitespace);
            let declares = matches!(words.next(), Some("begintemplate" | "class" | "def"));
            let rest = words.next().unwrap_or("").trim_start();
            let behind = rest.strip_prefix(name.as_str()).map(|rest| rest.chars().next());
            declares && behind.is_some_and(|next| !next.is_some_and(|letter| letter.is_alphanumeric() || letter == '_'))
        };
        text.lines().position(declares).unwrap_or(0)
    }
}
