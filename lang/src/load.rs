//! Reads and parses the script, the library and every file that is `use`d. Checks nothing.

use crate::World;
use crate::check::Note;
use crate::elaborate::{self, declared::of_item};
use crate::import::{self, Imported};
use crate::library;
use crate::pieces::Prior;
use bouton_model::ir::Name;
use bouton_syntax::ast::{self, ItemKind, UseWhat};
use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Parsed, Source, SourceMap, Span};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How many files a script may use, directly or not.
const MOST_FILES: usize = 1000;

/// The parsed files of a script, or of a piece of one with the pieces before it.
#[derive(Clone)]
pub(crate) struct Files<'w> {
    /// Where other files come from.
    pub world: &'w dyn World,
    /// Paths of the files that are used, by their numbers among the sources.
    pub paths: HashMap<FileId, String>,
    /// Under which names files are used, `as` says.
    pub under: HashMap<FileId, Name>,
    /// What stood before the script, if that comes a piece at a time.
    pub prior: Prior,
    /// The script itself.
    pub script: ast::File,
    /// Files that it uses, in the order in which they were met.
    pub used: Vec<ast::File>,
    /// Places of texts that may stand several times in what is checked.
    pub several: Vec<Span>,
    /// Texts that imported cells became, whose warnings nobody can mend.
    pub written: HashSet<FileId>,
    /// The library, with the parts of it that are used.
    pub library: Rc<Vec<ast::File>>,
    /// Mechanisms of foreign files, those of earlier pieces included.
    pub imported: Vec<Rc<Imported>>,
    /// Where mechanisms were looked for: what the script and the files that it uses import, as they write it.
    pub looked: Vec<String>,
    /// Whether something that would declare names was refused or could not be read, so that no name can be called unknown.
    pub incomplete: bool,
    /// Where the check remembers what it finds of values, if somebody will ask.
    pub notes: Option<Rc<RefCell<Vec<Note>>>>,
}

/// Parses everything. A file that cannot be read is reported and left out.
pub(crate) fn load<'w>(
    name: &str,
    text: &str,
    last: Option<Source>,
    world: &'w dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Files<'w> {
    let (_, mut script) = parse(name, text, sources, diagnostics);
    if let Some(last) = last {
        script.items.extend(parse(&last.name, &last.text, sources, diagnostics).1.items);
    }
    let library = Rc::new(library(sources, diagnostics));
    with_used(Files::new(world, Prior::default(), script, library), sources, diagnostics)
}

/// The files of the library.
pub(crate) fn library(sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Vec<ast::File> {
    let mut files: Vec<ast::File> = library::FILES.iter().map(|(name, text)| parse(name, text, sources, diagnostics).1).collect();
    elaborate::of_library(&mut files, &[], diagnostics);
    files
}

/// Reads what the script uses and no piece before it has used.
pub(crate) fn with_used<'w>(mut files: Files<'w>, sources: &mut SourceMap, diagnostics: &mut Diagnostics) -> Files<'w> {
    let mut waiting = used_by(&files.script, None, None, &mut files.incomplete, diagnostics);
    while !waiting.is_empty() && files.paths.len() < MOST_FILES {
        let Wanted { path, under, span, of_library } = waiting.remove(0);
        let known = files.paths.iter().any(|(id, known)| *known == path && files.under.get(id) == under.as_ref());
        if known {
            continue;
        }
        let read = match library::text(&path).filter(|_| of_library) {
            Some(text) => Ok(text.to_owned()),
            None => files.world.read(&path),
        };
        match read {
            Ok(text) => {
                let (id, tree) = parse(&path, &text, sources, diagnostics);
                waiting.extend(used_by(&tree, Some(&path), under.as_ref(), &mut files.incomplete, diagnostics));
                files.paths.insert(id, path);
                if of_library && under.is_none() {
                    files.more_library(tree, span, diagnostics);
                } else {
                    files.under.extend(under.map(|under| (id, under)));
                    files.used.push(tree);
                }
            }
            Err(why) => {
                files.incomplete = true;
                diagnostics.push(cannot_read(&path, span, &why));
            }
        }
    }
    import_all(&mut files, sources, diagnostics);
    import::cell::write_out(&mut files, sources, diagnostics);
    files
}

/// Reads the mechanisms that the script and the files that it uses import. A name that an earlier piece has imported stands for the new file.
fn import_all(files: &mut Files<'_>, sources: &mut SourceMap, diagnostics: &mut Diagnostics) {
    let mut new: Vec<Rc<Imported>> = Vec::new();
    let mut looked = Vec::new();
    let is_mechanism = |item: &&ast::Item| matches!(item.kind, ItemKind::Mechanism(_));
    let items = std::iter::once(&files.script).chain(&files.used).flat_map(|file| &file.items);
    let taken: HashSet<Name> = items.filter(|item| !is_mechanism(item)).flat_map(of_item).map(|name| name.text.clone()).collect();
    for file in std::iter::once(&files.script).chain(&files.used) {
        let user = files.paths.get(&file.span.file).map_or("", String::as_str);
        for item in &file.items {
            if let ItemKind::ImportMechanisms(import) = &item.kind {
                looked.extend(import.files.iter().map(|file| file.text.clone()));
                let (found, complete) = import::read(import, (user, &taken), files.world, sources, diagnostics);
                files.incomplete |= !complete;
                new.extend(found.into_iter().map(Rc::new));
            }
        }
    }
    files.looked = looked;
    let is_new = |one: &&Rc<Imported>| new.iter().any(|other| other.name.text == one.name.text);
    let earlier: Vec<_> = files.prior.imported.iter().filter(|one| !is_new(one)).cloned().collect();
    files.imported = earlier.into_iter().chain(new).collect();
}

/// Adds a text and parses what is not as it was before.
pub(crate) fn parse_again(name: &str, text: &str, sources: &mut SourceMap, before: Option<&Parsed>) -> Parsed {
    let id = sources.add(Source::new(name, text));
    sources.get(id).map(|source| Parsed::new(source, id, before)).unwrap_or_default()
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
        Files {
            world,
            paths: HashMap::new(),
            under: HashMap::new(),
            prior,
            script,
            used: Vec::new(),
            several: Vec::new(),
            written: HashSet::new(),
            library,
            imported: Vec::new(),
            looked: Vec::new(),
            incomplete: false,
            notes: None,
        }
    }

    /// The files whose findings are told now: the script and what it uses.
    pub fn told(&self) -> impl Iterator<Item = &ast::File> {
        std::iter::once(&self.script).chain(&self.used)
    }

    /// Adds a file to the library, which the script's own names hide. Names that another part of it has already are reported where the file is used.
    fn more_library(&mut self, mut file: ast::File, at: Span, diagnostics: &mut Diagnostics) {
        elaborate::of_library(std::slice::from_mut(&mut file), &self.library, diagnostics);
        let library = Rc::make_mut(&mut self.library);
        let known: Vec<&ast::Name> = library.iter().flat_map(|file| &file.items).flat_map(of_item).collect();
        let again = |name: &&ast::Name| known.iter().any(|known| known.text == name.text);
        let twice: Vec<&ast::Name> = file.items.iter().flat_map(of_item).filter(again).collect();
        if let Some(first) = twice.first().and_then(|name| known.iter().find(|known| known.text == name.text)) {
            diagnostics.push(two_parts(&twice, at, first.span));
        }
        library.push(file);
    }

    /// The path of a file that is named at a place.
    pub fn path(&self, named: &str, at: Span) -> String {
        self.paths.get(&at.file).map_or_else(|| named.to_owned(), |user| beside(user, named))
    }
}

/// The path of a file that another one names: relative to that one's folder.
pub(crate) fn beside(user: &str, path: &str) -> String {
    match user.rsplit_once('/') {
        Some((folder, _)) if !path.starts_with('/') => format!("{folder}/{path}"),
        _ => path.to_owned(),
    }
}

/// The diagnostic of names that two parts of the library have.
fn two_parts(names: &[&ast::Name], at: Span, first: Span) -> Diagnostic {
    let list: Vec<String> = names.iter().map(|name| format!("`{}`", name.text)).collect();
    let message = format!("this part of the library has {}, and so has another one", list.join(", "));
    let twice = Diagnostic::new(Code::DeclaredTwice, at, message).also(first, "declared here");
    let twice = names.first().into_iter().fold(twice, |twice, name| twice.also(name.span, "and here"));
    twice.help("`use ... as NAME` keeps the names of a part behind a name of its own")
}

pub(crate) fn cannot_read(path: &str, span: Span, why: &str) -> Diagnostic {
    Diagnostic::new(Code::CannotRead, span, format!("cannot read {path}: {why}"))
}

/// A file that another one uses.
struct Wanted {
    path: String,
    /// The name in front of its names.
    under: Option<Name>,
    span: Span,
    of_library: bool,
}

/// The files that `use` names in a file at a path, whose own names are under a name. What cannot be had makes the files incomplete.
fn used_by(
    file: &ast::File,
    path: Option<&str>,
    under: Option<&Name>,
    incomplete: &mut bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Wanted> {
    let mut all = Vec::new();
    for item in &file.items {
        let used = match &item.kind {
            ItemKind::Use(used) => used,
            _ => continue,
        };
        let alias = used.alias.as_ref().filter(|alias| !alias.is_missing());
        let under = match (under, alias) {
            (Some(outer), Some(alias)) => Some(Name::from(format!("{outer}.{}", alias.text))),
            (outer, alias) => alias.map(|alias| alias.text.clone()).or_else(|| outer.cloned()),
        };
        match &used.what {
            UseWhat::File(quoted) => {
                let path = path.map_or_else(|| quoted.text.clone(), |user| beside(user, &quoted.text));
                all.push(Wanted { path, under, span: quoted.span, of_library: false });
            }
            UseWhat::Library(part) => {
                let name = within_library(part);
                let wanted =
                    |path: &&str| Wanted { path: (*path).to_owned(), under: under.clone(), span: part.span, of_library: true };
                // What is known without `use` has its names already.
                all.extend(library::part(&name, alias.is_some()).iter().map(wanted));
                if library::part(&name, true).is_empty() {
                    *incomplete = true;
                    diagnostics.push(no_part(part));
                }
            }
        }
    }
    all
}

/// The name of a part without `std`; nothing where it does not begin so.
fn within_library(part: &ast::Path) -> String {
    let names: Vec<&str> = part.parts.iter().map(|name| &*name.text).collect();
    names.strip_prefix(&["std"]).map(|rest| rest.join(".")).unwrap_or_default()
}

fn no_part(part: &ast::Path) -> Diagnostic {
    let name = part.parts.iter().map(|name| &*name.text).collect::<Vec<_>>().join(".");
    let parts: Vec<String> = library::names().iter().map(|part| format!("std.{part}")).collect();
    let unknown = Diagnostic::new(Code::UnknownName, part.span, format!("the library has no part `{name}`"));
    crate::check::suggest(unknown, &name, part.span, &parts)
}
