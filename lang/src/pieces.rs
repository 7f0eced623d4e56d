//! Scripts that come a piece at a time: what holds of the pieces before, and what a new one replaces.

use crate::World;
use crate::check::{Done, Kept};
use crate::elaborate;
use crate::elaborate::declared::of_item as names;
use crate::import::Imported;
use crate::load::{self, Files};
use crate::{allow, cascade};
use bouton_model::ir::{self, ConnectionTable, LocalId, Name};
use bouton_syntax::ast::{self, Item, ItemKind};
use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, SourceMap};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What holds when a script begins.
#[derive(Clone, Debug, Default)]
pub(crate) struct Prior {
    /// Declarations, in their order.
    pub parts: Vec<Rc<Part>>,
    /// What statements have kept.
    pub kept: Vec<Kept>,
    /// The first number that no local value has.
    pub next_local: u32,
    /// Records without a name, of statements that are done.
    pub traces: Vec<ast::Expr>,
    /// Values of connections that such statements read.
    pub tables: Vec<ConnectionTable>,
    /// Mechanisms of foreign files.
    pub imported: Vec<Rc<Imported>>,
    /// Whether there are results of a run.
    pub ran: bool,
}

/// A piece or a file that one uses, without its statements.
#[derive(Debug)]
pub(crate) struct Part {
    /// What it declares.
    pub file: ast::File,
    /// Whether it is a file that a piece uses.
    pub used: bool,
}

/// A script that comes a piece at a time.
#[derive(Debug)]
pub struct Pieces {
    sources: SourceMap,
    state: Standing,
    /// What held before each piece that was taken up.
    before: Vec<Standing>,
}

#[derive(Clone, Debug, Default)]
struct Standing {
    /// With the parts of it that were used.
    library: Rc<Vec<ast::File>>,
    prior: Prior,
    paths: HashMap<FileId, String>,
    under: HashMap<FileId, Name>,
    /// The pieces as they were written, with their statements.
    said: Vec<Rc<ast::File>>,
}

/// What became of a piece.
#[derive(Debug)]
pub struct Piece {
    /// All declarations that hold, and the statements of this piece; nothing where an error was found.
    pub program: Option<ir::Program>,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// Names whose earlier declaration it replaces.
    pub replaced: Vec<Name>,
    /// Whether it declares more than parameters, definitions and functions that are new: then the model is another one.
    pub changes: bool,
}

/// A piece that was taken back.
#[derive(Debug)]
pub struct Undone {
    /// What it said.
    pub text: String,
    /// The names that it declared.
    pub names: Vec<Name>,
    /// Whether it did nothing but show something.
    pub shows: bool,
}

impl Default for Pieces {
    fn default() -> Pieces {
        Pieces::new()
    }
}

impl Pieces {
    /// Nothing but the library.
    #[must_use]
    pub fn new() -> Pieces {
        let mut sources = SourceMap::new();
        // The library has no errors: it is checked with every script of the tests.
        let library = Rc::new(load::library(&mut sources, &mut Diagnostics::new()));
        Pieces { sources, state: Standing { library, ..Standing::default() }, before: Vec::new() }
    }

    /// The texts of all pieces, refused ones too: what places count in.
    #[must_use]
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// Checks a piece and takes it up; a piece with an error changes nothing. `ran` says whether there are results of a run.
    pub fn add(&mut self, name: &str, text: &str, ran: bool, world: &dyn World) -> Piece {
        let mut diagnostics = Diagnostics::new();
        if self.sources.iter().count() >= usize::from(u16::MAX) {
            let full = Diagnostic::new(Code::TooLarge, bouton_syntax::Span::default(), "this session has too many pieces");
            diagnostics.push(full.help("begin a new one"));
            return Piece { program: None, diagnostics, replaced: Vec::new(), changes: false };
        }
        let (_, script) = load::parse(name, text, &mut self.sources, &mut diagnostics);
        let names: Vec<&ast::Name> = script.items.iter().flat_map(names).filter(|name| !name.is_missing()).collect();
        let mut prior = self.state.prior.clone();
        prior.kept.retain(|kept| !names.iter().any(|name| name.text == kept.name.text));
        let mut replaced: Vec<Name> = Vec::new();
        for part in &mut prior.parts {
            without(part, &names, &mut replaced);
        }
        let declared_anew = !replaced.is_empty();
        let changes = declared_anew || script.items.iter().any(|item| changes(&item.kind));
        if declared_anew {
            prior.traces.clear();
            prior.tables.clear();
        }
        prior.ran = ran && !changes;
        let Standing { paths, under, library, mut said, .. } = self.state.clone();
        said.push(Rc::new(script.clone()));
        // A file that was used under a name that now stands for something else is gone.
        prior.parts.retain(|part| !under.get(&part.file.span.file).is_some_and(|under| replaced.contains(under)));
        let files = Files { paths, under, ..Files::new(world, prior, script, library) };
        let mut files = load::with_used(files, &mut self.sources, &mut diagnostics);
        let written = (files.prior.clone(), files.script.clone(), files.used.clone());
        let checked = elaborate::checked(&mut files, &mut diagnostics).filter(|_| !diagnostics.has_errors());
        cascade::settle(&mut diagnostics, &self.sources);
        allow::silence(&files, &self.sources, &mut diagnostics);
        let program = checked.map(|(program, done)| {
            let Files { paths, under, imported, library, .. } = files;
            let prior = Prior { imported, ..standing(written, done, &program) };
            let new = Standing { library, prior, paths, under, said };
            self.before.push(std::mem::replace(&mut self.state, new));
            program
        });
        Piece { program, diagnostics, replaced, changes }
    }

    /// As if the last piece that was taken up had not been.
    pub fn undo(&mut self) -> Option<Undone> {
        let undone = std::mem::replace(&mut self.state, self.before.pop()?);
        // Numbers of values are not given again: some may be kept under them.
        self.state.prior.next_local = undone.prior.next_local;
        let piece = undone.said.last()?;
        let names = piece.items.iter().flat_map(names).map(|name| name.text.clone()).collect();
        let shows = |item: &Item| {
            use ast::StmtKind::{Assert, Plot, Print, Save};
            matches!(item.kind, ItemKind::Stmt(Print(_) | Plot(_) | Save(_) | Assert { .. }))
        };
        Some(Undone { text: self.sources.slice(piece.span).trim().to_owned(), names, shows: piece.items.iter().all(shows) })
    }

    /// Forgets kept values whose statement was not done.
    pub fn keep(&mut self, done: impl Fn(LocalId) -> bool) {
        self.state.prior.kept.retain(|kept| done(kept.id));
    }

    /// All pieces as one script, without what later ones have declared anew. Statements stand where they were said.
    #[must_use]
    pub fn script(&self) -> String {
        let mut later: HashSet<&str> = HashSet::new();
        let mut texts: Vec<String> = Vec::new();
        for piece in self.state.said.iter().rev() {
            let mut lines: Vec<String> = Vec::new();
            for item in &piece.items {
                match left(item, |name| later.contains(&*name.text)) {
                    Left::All => {
                        let whole = item.doc.as_ref().map_or(item.span, |doc| doc.span.to(item.span));
                        lines.push(format!("{}\n", self.sources.slice(whole)));
                    }
                    Left::Some(rest) => lines.push(ast::outline(&ast::File { items: vec![*rest], ..ast::File::default() })),
                    Left::Nothing => {}
                }
            }
            later.extend(piece.items.iter().flat_map(names).map(|name| &*name.text));
            texts.push(lines.concat());
        }
        texts.reverse();
        texts.concat()
    }

    /// The names that are declared and kept, in their order.
    pub fn names(&self) -> Vec<Name> {
        let parts = self.state.prior.parts.iter().filter(|part| !part.used);
        let declared = parts.flat_map(|part| &part.file.items).flat_map(names);
        declared.chain(self.state.prior.kept.iter().map(|kept| &kept.name)).map(|name| name.text.clone()).collect()
    }
}

/// What is left of an item once some of its names are declared anew.
enum Left {
    All,
    Some(Box<Item>),
    Nothing,
}

fn left(item: &Item, anew: impl Fn(&ast::Name) -> bool) -> Left {
    let declared = names(item);
    let gone = declared.iter().filter(|name| anew(name)).count();
    if gone == 0 {
        return Left::All;
    }
    if gone == declared.len() {
        return Left::Nothing;
    }
    let mut item = item.clone();
    match &mut item.kind {
        ItemKind::Param(list) | ItemKind::Let(list) | ItemKind::Output(list) => list.retain(|one| !anew(&one.name)),
        ItemKind::Record(record) => record.records.retain(|one| !anew(&one.name)),
        _ => {}
    }
    Left::Some(Box::new(item))
}

/// What holds after a piece.
fn standing(written: (Prior, ast::File, Vec<ast::File>), done: Done, program: &ir::Program) -> Prior {
    let (mut prior, mut script, used) = written;
    let Done { kept, next_local, traces } = done;
    let is_kept = |binding: &ast::Binding| kept.iter().any(|one| one.name.span == binding.name.span);
    script.items.retain_mut(|item| match &mut item.kind {
        ItemKind::Stmt(_) | ItemKind::Error => false,
        ItemKind::Let(bindings) => {
            bindings.retain(|binding| !is_kept(binding));
            !bindings.is_empty()
        }
        _ => true,
    });
    prior.parts.push(Rc::new(Part { file: script, used: false }));
    prior.parts.extend(used.into_iter().map(|file| Rc::new(Part { file, used: true })));
    prior.tables.clone_from(&program.tables);
    Prior { kept, next_local, traces, ..prior }
}

/// Takes out what declares one of these names.
fn without(part: &mut Rc<Part>, new: &[&ast::Name], replaced: &mut Vec<Name>) {
    let is_new = |name: &ast::Name| new.iter().any(|one| one.text == name.text);
    if !part.file.items.iter().flat_map(names).any(is_new) {
        return;
    }
    let mut file = part.file.clone();
    file.items.retain_mut(|item| {
        replaced.extend(names(item).into_iter().filter(|name| is_new(name)).map(|name| name.text.clone()));
        match &mut item.kind {
            ItemKind::Param(list) | ItemKind::Let(list) | ItemKind::Output(list) => {
                list.retain(|one| !is_new(&one.name));
                !list.is_empty()
            }
            ItemKind::Record(record) => {
                record.records.retain(|one| !is_new(&one.name));
                !record.records.is_empty()
            }
            _ => !names(item).into_iter().any(is_new),
        }
    });
    *part = Rc::new(Part { file, used: part.used });
}

/// Whether a new item makes the model another one.
fn changes(kind: &ItemKind) -> bool {
    !matches!(kind, ItemKind::Error | ItemKind::Let(_) | ItemKind::Fn(_) | ItemKind::Param(_) | ItemKind::Stmt(_))
}
