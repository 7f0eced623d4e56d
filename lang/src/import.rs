//! `import mechanisms "mod/*.mod"`: files of NMODL become mechanisms under the names that they give themselves, or under the one that the script gives.

pub(crate) mod cell;
mod cells;
mod describe;
pub(crate) mod part;
mod written;

pub use cell::{Argument, Report, Wanted, report};
pub use describe::{Described, describe};
pub use written::{Rewritten, rewritten};

use crate::World;
use crate::load::{beside, cannot_read};
use bouton_foreign::neuron::catalog;
use bouton_foreign::nmodl::tree::{self, Place};
use bouton_foreign::nmodl::{Translated, decode, parse, translate};
use bouton_model::ir;
use bouton_syntax::ast::{self, Block, ImportMechanisms, Item, ItemKind, Name, Quoted};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Severity, SourceMap, Span};
use part::Part;
use std::collections::HashSet;

/// The most files that one pattern may name.
const MOST_FILES: usize = 10_000;

/// A mechanism of a foreign file.
#[derive(Debug)]
pub(crate) struct Imported {
    /// What the script knows it by, and where that is declared.
    pub name: Name,
    /// The mechanism; nothing where an error was reported.
    pub mechanism: Option<ir::Mechanism>,
    /// Valences that it gives.
    pub valences: Vec<(ir::Name, f64, Span)>,
    /// The empty declaration that stands for it among those of the script.
    pub item: Item,
    /// What of it is not supported, which matters where it is used.
    pub refused: Vec<Diagnostic>,
    /// As files of cells see it.
    pub foreign: Option<catalog::Mechanism>,
    /// What its file declares, for whoever writes about it.
    pub parts: Vec<Part>,
}

/// Reads the files of an import. `user` is the path of the file in which it stands. A name of a file that the script declares itself, `taken`, stays the
/// script's: the mechanism is called otherwise then, which cells of other files do not notice.
pub(crate) fn read(
    import: &ImportMechanisms,
    (user, taken): (&str, &HashSet<ir::Name>),
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> (Vec<Imported>, bool) {
    let mut all = Vec::new();
    let mut complete = true;
    for quoted in &import.files {
        let pattern = beside(user, &quoted.text);
        let files = match world.list(&pattern) {
            Ok(files) if files.is_empty() => Err("no such file".to_owned()),
            Ok(files) if files.len() > MOST_FILES => Err(format!("more than {MOST_FILES} files")),
            other => other,
        };
        match files {
            Ok(files) => {
                for file in files {
                    let found = one(&file, quoted, (import.alias.as_ref(), taken), world, sources, diagnostics);
                    complete &= found.is_some();
                    all.extend(found);
                }
            }
            Err(why) => {
                complete = false;
                diagnostics.push(cannot_read(&pattern, quoted.span, &why));
            }
        }
    }
    if let (Some(alias), true) = (&import.alias, all.len() > 1) {
        let message = format!("{} files cannot all be called `{}`", all.len(), alias.text);
        diagnostics.push(Diagnostic::new(Code::DeclaredTwice, alias.span, message).help("import them one by one"));
    }
    (all, complete)
}

fn one(
    file: &str,
    quoted: &Quoted,
    (alias, taken): (Option<&Name>, &HashSet<ir::Name>),
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Imported> {
    let bytes = match world.bytes(file) {
        Ok(bytes) => bytes,
        Err(why) => {
            diagnostics.push(cannot_read(file, quoted.span, &why));
            return None;
        }
    };
    let mut found = Diagnostics::new();
    let tree = parsed(file, &bytes, world, sources, &mut found);
    let parts = part::parts(&tree, sources);
    let (Translated { mechanism, name, valences, .. }, foreign) = of_tree(&tree, &mut found);
    // Of a folder of files, few are used: what is wrong with one matters where it is.
    let one_of_many = quoted.text.contains('*');
    let waits = |one: &Diagnostic| one.code == Code::ForeignUnsupported || one_of_many && one.severity == Severity::Error;
    let (refused, told): (Vec<_>, Vec<_>) = found.iter().cloned().partition(waits);
    told.into_iter().for_each(|one| diagnostics.push(one));
    let Some((place, own)) = name else {
        // Nothing can use it by a name.
        refused.into_iter().for_each(|one| {
            let severity = if one_of_many { Severity::Warning } else { one.severity };
            diagnostics.push(Diagnostic { severity, ..one });
        });
        return None;
    };
    let mut text: ir::Name = (&*own.text).into();
    // Files of functions alone all have this name; a folder may have several.
    if &*text == "nothing" {
        let stem = file.rsplit('/').next().unwrap_or(file).trim_end_matches(".mod");
        let letters = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
        text = format!("nothing_{}", letters.collect::<String>()).as_str().into();
    }
    while alias.is_none() && taken.contains(&text) {
        text = format!("{text}_").as_str().into();
    }
    let own = Name { text, span: own.span };
    let name = alias.cloned().unwrap_or(own);
    let mechanism = mechanism.map(|one| ir::Mechanism { name: name.text.clone(), ..one });
    let item = stand_in(&name, place);
    let foreign = foreign.map(|one| catalog::Mechanism { written: (&*name.text).into(), ..one });
    Some(Imported { name, mechanism, valences, item, refused, foreign, parts })
}

/// The mechanism of a file, and how files of cells see it.
pub(crate) fn translated(
    file: &str,
    bytes: &[u8],
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> (Translated, Option<catalog::Mechanism>) {
    let tree = parsed(file, bytes, world, sources, diagnostics);
    of_tree(&tree, diagnostics)
}

fn of_tree(tree: &tree::File, diagnostics: &mut Diagnostics) -> (Translated, Option<catalog::Mechanism>) {
    if diagnostics.iter().any(|d| d.span.file == tree.span.file && d.severity == Severity::Error) {
        let name = tree.neuron.name.clone();
        let none = Translated { mechanism: None, name, valences: Vec::new(), notes: Vec::new() };
        return (none, catalog::of_file(tree));
    }
    (translate(tree, diagnostics), catalog::of_file(tree))
}

/// A file that a file of mechanisms includes: it lies beside, or above, where NEURON's compiler is started.
pub(crate) fn included(file: &str, path: &str, world: &dyn World) -> Result<Vec<u8>, String> {
    let above = || world.bytes(&beside(file, &format!("../{path}")));
    world.bytes(&beside(file, path)).or_else(|why| above().map_err(|_| why))
}

/// The tree of a file.
fn parsed(file: &str, bytes: &[u8], world: &dyn World, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> tree::File {
    let include = |path: &str| included(file, path, world);
    parse(file, &decode(bytes), &include, sources, diagnostics)
}

/// A declaration without a body.
fn stand_in(name: &Name, place: Place) -> Item {
    let body = Block { items: Vec::new(), span: name.span };
    let name = name.clone();
    let span = name.span;
    let kind = match place {
        Place::Artificial => ItemKind::Cell(ast::Cell { name, per: None, base: None, import: None, body: Some(body) }),
        Place::Density | Place::Point => {
            ItemKind::Mechanism(ast::Mechanism { name, point: place == Place::Point, per: None, base: None, body })
        }
    };
    Item { doc: None, kind, span }
}
