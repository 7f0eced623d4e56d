//! Constructs that stand for other text, written out before anything is checked: files under a name of their own, circuits, what extends
//! a mechanism or cell, and copies of mechanisms in cells without a body. After this a name with dots (`b.pc`, `ch.kv`, `exc.v`) is one
//! name like any other.

mod base;
mod circuit;
mod complex;
pub(crate) mod declared;
mod insert;
pub(crate) mod mentioned;
mod rename;

use crate::check::{self, Done};
use crate::load::Files;
use bouton_model::ir;
use bouton_syntax::ast::{self, Item, ItemKind, Member, MemberKind};
use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use rename::Rename;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// Writes out all files, and checks them. What a circuit that nothing uses says is looked at by itself, and what is wrong in a text that
/// stands in several places is told once.
pub(crate) fn checked(files: &mut Files<'_>, diagnostics: &mut Diagnostics) -> Option<(ir::Program, Done)> {
    let unused = circuit::unused(files);
    if !unused.is_empty() {
        let mut trial = files.clone();
        let bodies: Vec<Span> = unused.iter().map(|(_, body)| *body).collect();
        trial.script.items.extend(unused.into_iter().map(|(item, _)| item));
        let mut found = Diagnostics::new();
        elaborate(&mut trial, &mut found);
        check::check(&trial, &mut found);
        // What is missing or twice at the use that was made up lies outside.
        found.retain_mut(|one| bodies.iter().any(|body| inside(one.span, *body)));
        diagnostics.extend(found);
    }
    elaborate(files, diagnostics);
    let program = check::check(files, diagnostics);
    let mut told: HashSet<(Span, Code)> = HashSet::new();
    let several = std::mem::take(&mut files.several);
    diagnostics.retain_mut(|one| !several.iter().any(|text| inside(one.span, *text)) || told.insert((one.span, one.code)));
    let written = |one: &Diagnostic| one.severity == bouton_syntax::Severity::Warning && files.written.contains(&one.span.file);
    diagnostics.retain_mut(|one| !written(one));
    program
}

fn inside(span: Span, of: Span) -> bool {
    span.file == of.file && of.start <= span.start && span.end <= of.end
}

/// Writes out all files.
pub(crate) fn elaborate(files: &mut Files<'_>, diagnostics: &mut Diagnostics) {
    qualify(files);
    let mut trees = take(files);
    files.several = texts(&trees, &files.library);
    let library = Rc::clone(&files.library);
    circuit::write_out(&mut trees, &library, files.incomplete, diagnostics);
    join(&mut trees);
    base::write_out(&mut trees, &library, files.incomplete, diagnostics);
    insert::write_out(&mut trees, &library, files.incomplete, diagnostics);
    complex::write_out(&mut trees, &library, diagnostics);
    put_back(trees, files);
}

/// Writes out what files of the library extend and insert.
pub(crate) fn of_library(trees: &mut [ast::File], library: &[ast::File], diagnostics: &mut Diagnostics) {
    base::write_out(trees, library, false, diagnostics);
    insert::write_out(trees, library, false, diagnostics);
    complex::write_out(trees, library, diagnostics);
}

/// All files but the library, in their order: those before the script, the script, those that it uses.
fn take(files: &mut Files<'_>) -> Vec<ast::File> {
    let before = files.prior.parts.iter().map(|part| part.file.clone());
    before.chain([std::mem::take(&mut files.script)]).chain(std::mem::take(&mut files.used)).collect()
}

fn put_back(trees: Vec<ast::File>, files: &mut Files<'_>) {
    let mut trees = trees.into_iter();
    for part in &mut files.prior.parts {
        let used = part.used;
        *part = Rc::new(crate::pieces::Part { file: trees.next().unwrap_or_default(), used });
    }
    files.script = trees.next().unwrap_or_default();
    files.used = trees.collect();
}

/// Where the text of circuits and mechanisms stands, which may be written out in several places.
fn texts(trees: &[ast::File], library: &[ast::File]) -> Vec<Span> {
    if !any(trees, |item| matches!(item.kind, ItemKind::Circuit(_) | ItemKind::Cell(_))) {
        return Vec::new();
    }
    let items = trees.iter().chain(library).flat_map(|file| &file.items);
    let text = |item: &Item| match &item.kind {
        ItemKind::Circuit(circuit) => Some(circuit.body.span),
        ItemKind::Mechanism(mechanism) => Some(mechanism.body.span),
        _ => None,
    };
    items.filter_map(text).collect()
}

/// Names that files declare under `as NAME` get that in front, in all files under it.
fn qualify(files: &mut Files<'_>) {
    let under = |id: FileId| files.under.get(&id).cloned();
    let mut own: HashMap<Arc<str>, HashSet<Arc<str>>> = HashMap::new();
    let parts = files.prior.parts.iter().map(|part| &part.file);
    for file in parts.chain(&files.used) {
        if let Some(prefix) = under(file.span.file) {
            let names = file.items.iter().flat_map(declared::of_item).map(|name| name.text.clone());
            own.entry(prefix).or_default().extend(names);
        }
    }
    let rename = |file: &mut ast::File| {
        let Some(prefix) = files.under.get(&file.span.file) else { return };
        let Some(own) = own.get(prefix) else { return };
        let map = |name: &str| own.contains(name).then(|| Arc::from(format!("{prefix}.{name}")));
        file.items.iter_mut().for_each(|item| Rename::by(&map).item(item));
    };
    for part in &mut files.prior.parts {
        if files.under.contains_key(&part.file.span.file) {
            let mut file = part.file.clone();
            rename(&mut file);
            *part = Rc::new(crate::pieces::Part { file, used: part.used });
        }
    }
    files.used.iter_mut().for_each(rename);
}

/// Makes one name of `a.b` wherever `a` is a file or a circuit.
fn join(trees: &mut [ast::File]) {
    let mut spaces: HashSet<Arc<str>> = HashSet::new();
    for item in trees.iter().flat_map(|file| &file.items) {
        match &item.kind {
            ItemKind::Use(ast::Use { alias: Some(name), .. }) => spaces.insert(name.text.clone()),
            ItemKind::CircuitUse(circuit) => spaces.insert(circuit.name.text.clone()),
            _ => continue,
        };
    }
    if spaces.is_empty() {
        return;
    }
    let is_space = |name: &str| spaces.contains(name);
    let items = trees.iter_mut().flat_map(|file| &mut file.items);
    items.for_each(|item| Rename::joining(&is_space).item(item));
}

/// A path as one name.
fn text(path: &ast::Path) -> String {
    path.parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join(".")
}

/// Mechanisms and cells by their names, the script's before the library's.
struct Known<'t> {
    trees: &'t [ast::File],
    library: &'t [ast::File],
    /// Names may be missing because of what has been reported: then none is called unknown.
    incomplete: bool,
}

impl<'t> Known<'t> {
    fn items(&self) -> impl Iterator<Item = &'t ItemKind> {
        self.trees.iter().chain(self.library).flat_map(|file| &file.items).map(|item| &item.kind)
    }

    fn mechanisms(&self) -> impl Iterator<Item = &'t ast::Mechanism> {
        self.items().filter_map(|kind| if let ItemKind::Mechanism(mechanism) = kind { Some(mechanism) } else { None })
    }

    fn cells(&self) -> impl Iterator<Item = &'t ast::Cell> {
        self.items().filter_map(|kind| if let ItemKind::Cell(cell) = kind { Some(cell) } else { None })
    }

    fn mechanism(&self, path: &ast::Path, diagnostics: &mut Diagnostics) -> Option<&'t ast::Mechanism> {
        let name = text(path);
        let found = self.mechanisms().find(|one| *one.name.text == *name);
        if found.is_none() {
            let names = self.mechanisms().map(|one| &*one.name.text).collect();
            self.unknown(path, Code::UnknownMechanism, "mechanism", names, diagnostics);
        }
        found
    }

    fn cell(&self, path: &ast::Path, diagnostics: &mut Diagnostics) -> Option<&'t ast::Cell> {
        let name = text(path);
        let found = self.cells().find(|one| *one.name.text == *name);
        if found.is_none() {
            let names = self.cells().map(|one| &*one.name.text).collect();
            self.unknown(path, Code::UnknownCell, "cell", names, diagnostics);
        }
        found
    }

    fn unknown(&self, path: &ast::Path, code: Code, what: &str, mut names: Vec<&str>, diagnostics: &mut Diagnostics) {
        let name = text(path);
        if self.incomplete || name.is_empty() {
            return;
        }
        names.sort_unstable();
        let unknown = Diagnostic::new(code, path.span, format!("there is no {what} `{name}`"));
        diagnostics.push(crate::check::suggest(unknown, &name, path.span, &names));
    }
}

/// Whether any item is of this kind.
fn any(trees: &[ast::File], asks: impl Fn(&Item) -> bool) -> bool {
    trees.iter().flat_map(|file| &file.items).any(asks)
}

/// A cell of equations: it has a body, and no section in it.
fn is_free(members: &[Member]) -> bool {
    !members.iter().any(|member| matches!(member.kind, MemberKind::Section(_)))
}
