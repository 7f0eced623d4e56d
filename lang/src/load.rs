//! Reads and parses the script, the library and every file that is `use`d. Checks nothing.

use crate::World;
use crate::check::unsupported::{Construct, refuse};
use crate::library;
use crate::pieces::Prior;
use bouton_syntax::ast::{self, ItemKind, UseWhat};
use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Source, SourceMap, Span};
use std::collections::HashMap;
use std::rc::Rc;

/// How many files a script may use, directly or not.
const MOST_FILES: usize = 1000;

/// The parsed files of a script, or of a piece of one with the pieces before it.
pub(crate) struct Files<'w> {
    /// Where other files come from.
    pub world: &'w dyn World,
    /// Paths of the files that are used, by their numbers among the sources.
    pub paths: HashMap<FileId, String>,
    /// What stood before the script, if that comes a piece at a time.
    pub prior: Prior,
    /// The script itself.
    pub script: ast::File,
    /// Files that it uses, in the order in which they were met.
    pub used: Vec<ast::File>,
    /// The library.
    pub library: Rc<Vec<ast::File>>,
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
    let library = Rc::new(library(sources, diagnostics));
    with_used(Files::new(world, Prior::default(), script, library), sources, diagnostics)
}

/// The files of the library.
pub(crate) fn library(sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Vec<ast::File> {
    library::FILES.iter().map(|(name, text)| parse(name, text, sources, diagnostics).1).collect()
}

/// Reads what the script uses and no piece before it has used.
pub(crate) fn with_used<'w>(mut files: Files<'w>, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Files<'w> {
    let mut missing = 0;
    let mut waiting = used_files(&files.script, &mut missing, diagnostics);
    while !waiting.is_empty() && files.paths.len() < MOST_FILES {
        let file = waiting.remove(0);
        if files.paths.values().any(|known| *known == file.text) {
            continue;
        }
        match files.world.read(&file.text) {
            Ok(text) => {
                let (id, tree) = parse(&file.text, &text, sources, diagnostics);
                files.paths.insert(id, file.text.clone());
                let more = used_files(&tree, &mut missing, diagnostics).into_iter();
                waiting.extend(more.map(|used| ast::Quoted { text: beside(&file.text, &used.text), ..used }));
                files.used.push(tree);
            }
            Err(why) => {
                missing += 1;
                diagnostics.push(cannot_read(&file.text, file.span, &why));
            }
        }
    }
    files.incomplete = missing > 0;
    files
}

/// Adds a text and parses it.
pub(crate) fn parse(name: &str, text: &str, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> (FileId, ast::File) {
    let id = sources.add(Source::new(name, text));
    let Some(source) = sources.get(id) else { return (id, ast::File::default()) };
    let (tree, found) = bouton_syntax::parse(source, id);
    diagnostics.extend(found);
    (id, tree)
}

impl<'w> Files<'w> {
    /// Of a script that uses nothing yet.
    pub fn new(world: &'w dyn World, prior: Prior, script: ast::File, library: Rc<Vec<ast::File>>) -> Files<'w> {
        Files { world, paths: HashMap::new(), prior, script, used: Vec::new(), library, incomplete: false }
    }

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
