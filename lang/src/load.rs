//! Reads and parses the script, the library and every file that is `use`d. Checks nothing.

use crate::World;
use crate::check::unsupported::{Construct, refuse};
use crate::library;
use bouton_syntax::ast::{self, ItemKind, UseWhat};
use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Source, SourceMap, Span};
use std::collections::HashMap;

/// How many files a script may use, directly or not.
const MOST_FILES: usize = 1000;

/// The parsed files of a script.
pub(crate) struct Files<'w> {
    /// Where other files come from.
    pub world: &'w dyn World,
    /// Paths of the files that are used, by their numbers among the sources.
    pub paths: HashMap<FileId, String>,
    /// The script itself.
    pub script: ast::File,
    /// Files that it uses, in the order in which they were met.
    pub used: Vec<ast::File>,
    /// The library.
    pub library: Vec<ast::File>,
    /// Whether something that would declare names was refused or could not be read, so that no name can be called unknown.
    pub incomplete: bool,
}

/// Parses everything. A file that cannot be read is reported and left out.
pub(crate) fn load<'w>(
    name: &str,
    text: &str,
    world: &'w dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Files<'w> {
    let (_, script) = parse(name, text, sources, diagnostics);
    let library = library::FILES.iter().map(|(name, text)| parse(name, text, sources, diagnostics).1).collect();
    let mut used = Vec::new();
    let mut paths = HashMap::new();
    let mut seen = Vec::new();
    let mut missing = 0;
    let mut waiting = used_files(&script, &mut missing, diagnostics);
    while !waiting.is_empty() && seen.len() < MOST_FILES {
        let file = waiting.remove(0);
        if seen.contains(&file.text) {
            continue;
        }
        seen.push(file.text.clone());
        match world.read(&file.text) {
            Ok(text) => {
                let (id, tree) = parse(&file.text, &text, sources, diagnostics);
                paths.insert(id, file.text.to_string());
                let more = used_files(&tree, &mut missing, diagnostics).into_iter();
                waiting.extend(more.map(|used| ast::Quoted { text: beside(&file.text, &used.text), ..used }));
                used.push(tree);
            }
            Err(why) => {
                missing += 1;
                diagnostics.push(cannot_read(&file.text, file.span, &why));
            }
        }
    }
    let incomplete = missing > 0;
    Files { world, paths, script, used, library, incomplete }
}

fn parse(name: &str, text: &str, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> (FileId, ast::File) {
    let id = sources.add(Source::new(name, text));
    let Some(source) = sources.get(id) else { return (id, ast::File::default()) };
    let (tree, found) = bouton_syntax::parse(source, id);
    diagnostics.extend(found);
    (id, tree)
}

impl Files<'_> {
    /// The path of a file that is named at a place.
    pub fn path(&self, named: &str, at: Span) -> String {
        self.paths.get(&at.file).map_or_else(|| named.to_owned(), |user| beside(user, named))
    }
}

/// The path of a file that another one names: relative to that one's folder.
fn beside(user: &str, path: &str) -> String {
    match user.rsplit_once('/') {
        Some((folder, _)) if !path.starts_with('/') => format!("{folder}/{path}"),
        _ => path.to_owned(),
    }
}

pub(crate) fn cannot_read(path: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::CannotRead, span, format!("cannot read {path}: {why}"))
}

/// The files that `use` names; parts of the library, `as` and imported mechanisms are refused, and counted in `missing`.
fn used_files(file: &ast::File, missing: &mut usize, diagnostics: &mut Diagnostics) -> Vec<ast::Quoted> {
    let mut files = Vec::new();
    for item in &file.items {
        let refused = match &item.kind {
            ItemKind::ImportMechanisms(_) => Construct::ImportedMechanisms,
            ItemKind::Use(used) => match &used.what {
                UseWhat::Library(_) => Construct::LibraryParts,
                UseWhat::File(_) if used.alias.is_some() => Construct::UseAs,
                UseWhat::File(quoted) => {
                    files.push(quoted.clone());
                    continue;
                }
            },
            _ => continue,
        };
        *missing += 1;
        refuse(refused, item.span, diagnostics);
    }
    files
}
