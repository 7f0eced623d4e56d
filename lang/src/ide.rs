//! What an editor and a prompt ask about a text: what names stand for, what could stand at a place, how long a block is. Answers come from the same
//! parser and check as everywhere else, and there is one for a broken text too. Nothing here runs a model, and nothing knows a protocol.

mod complete;
mod hints;
mod hover;
mod link;
mod manual;
mod mention;
mod outline;
mod paint;
mod signature;
mod symbol;

pub use complete::Proposal;
pub use hints::Hint;
pub use hover::Card;
pub use link::Link;
pub use manual::{entry, topics};
pub use mention::Mention;
pub use outline::Entry;
pub use paint::{Paint, Stroke};
pub use signature::Signature;
pub use symbol::{Kind, Symbol, SymbolId, Table};

use crate::World;
use crate::check::Note;
use crate::load::{self, Files};
use crate::pieces::Prior;
use crate::{allow, cascade, elaborate};
use bouton_syntax::ast::{self, ItemKind};
use bouton_syntax::{Diagnostics, FileId, Parsed, Source, SourceMap, Span};
use std::cell::RefCell;
use std::rc::Rc;

/// The library, read once for all documents.
#[derive(Debug)]
pub struct Ide {
    library: Rc<Vec<ast::File>>,
    sources: SourceMap,
    table: Table,
}

/// A text that was looked at, with all that is known of it.
#[derive(Debug)]
pub struct Document {
    /// What was found wrong, in this text and in files that it uses.
    pub diagnostics: Diagnostics,
    /// The library, the text, the files that it uses: what places count in.
    pub sources: SourceMap,
    /// Which of them the text is.
    pub file: FileId,
    /// As it was read.
    parsed: Parsed,
    /// All declarations that it can see.
    pub table: Table,
    /// What names stand for, in the order of the text.
    pub mentions: Vec<Mention>,
    /// Where something is given a value in braces: what, and the value.
    settings: Vec<(SymbolId, Span)>,
    /// What the check has found of values, in no order.
    notes: Vec<Note>,
}

impl Default for Ide {
    fn default() -> Ide {
        Ide::new()
    }
}

impl Ide {
    /// With the library.
    #[must_use]
    pub fn new() -> Ide {
        let mut sources = SourceMap::new();
        // The library has no errors: it is checked with every script of the tests.
        let library = Rc::new(load::library(&mut sources, &mut Diagnostics::new()));
        let mut table = Table::default();
        library.iter().for_each(|file| table.add_file(file));
        Ide { library, sources, table }
    }

    /// Looks at a text. `name` is what messages call it; the files that it uses come from `world`. Of what was known before it was changed
    /// everything serves again that is as it was.
    #[must_use]
    pub fn document(&self, name: &str, text: &str, world: &dyn World, before: Option<&Document>) -> Document {
        let (parsed, sources, mut files, mut diagnostics) = self.load(name, text, world, before);
        let notes = Rc::new(RefCell::new(Vec::new()));
        files.notes = Some(Rc::clone(&notes));
        let mut table = self.table_of(&files);
        elaborate::checked(&mut files, &mut diagnostics);
        cascade::settle(&mut diagnostics, &sources);
        allow::silence(&files, &sources, &mut diagnostics);
        let (mentions, settings) = mention::mentions(&parsed.tree, &mut table);
        let file = parsed.tree.span.file;
        let mut notes = notes.take();
        notes.retain(|note| note.span.file == file);
        Document { diagnostics, sources, file, parsed, table, mentions, settings, notes }
    }

    fn load<'w>(
        &self,
        name: &str,
        text: &str,
        world: &'w dyn World,
        before: Option<&Document>,
    ) -> (Parsed, SourceMap, Files<'w>, Diagnostics) {
        let mut sources = self.sources.clone();
        let parsed = load::parse_again(name, text, &mut sources, before.map(|before| &before.parsed));
        let mut diagnostics = parsed.found.clone();
        let files = Files::new(world, Prior::default(), parsed.tree.clone(), Rc::clone(&self.library));
        let files = load::with_used(files, &mut sources, &mut diagnostics);
        (parsed, sources, files, diagnostics)
    }

    /// Everything that is found in a text, before what follows from one fault is put together. The text is nearly a document's.
    fn findings(&self, name: &str, text: &str, world: &dyn World, near: &Document) -> (Diagnostics, FileId) {
        let (parsed, _, mut files, mut diagnostics) = self.load(name, text, world, Some(near));
        elaborate::checked(&mut files, &mut diagnostics);
        (diagnostics, parsed.tree.span.file)
    }

    /// All declarations that a script sees, its own last.
    fn table_of(&self, files: &Files<'_>) -> Table {
        let mut table = self.table.clone();
        files.library.iter().skip(self.library.len()).for_each(|file| table.add_file(file));
        files.imported.iter().for_each(|one| table.add_imported(one));
        let under = |file: &&ast::File| files.under.get(&file.span.file);
        files.used.iter().filter(|file| under(file).is_none()).for_each(|file| table.add_file(file));
        table.add_file(&files.script);
        for file in &files.used {
            if let Some(name) = under(&file) {
                table.add_file_under(file, name);
            }
        }
        table
    }
}

impl Document {
    /// The text.
    #[must_use]
    pub fn source(&self) -> &Source {
        static NONE: Source = Source::EMPTY;
        self.sources.get(self.file).unwrap_or(&NONE)
    }

    /// What the name at a place stands for, and where that name stands.
    #[must_use]
    pub fn at(&self, offset: u32) -> Option<Mention> {
        let touching = self.mentions.iter().filter(|one| one.span.touches(offset));
        // Of two names that meet at the cursor the one behind it is meant.
        touching.max_by_key(|one| one.span.start).copied()
    }

    /// All places of this text that name a symbol, its declaration included.
    #[must_use]
    pub fn places(&self, symbol: SymbolId) -> Vec<Span> {
        self.mentions.iter().filter(|one| one.symbol == symbol).map(|one| one.span).collect()
    }

    /// Whether a symbol is declared in this text, so that it can be given another name here.
    #[must_use]
    pub fn is_own(&self, symbol: SymbolId) -> bool {
        self.table.get(symbol).is_some_and(|one| one.span.file == self.file)
    }

    /// What is known of the value of an expression.
    fn note(&self, span: Span) -> Option<&Note> {
        self.notes.iter().rev().find(|note| note.span == span)
    }

    /// Whether a text uses files of others, which tell their faults too.
    #[must_use]
    pub fn uses_files(&self) -> bool {
        let files =
            |item: &ast::Item| matches!(item.kind, ItemKind::Use(_) | ItemKind::ImportMechanisms(_) | ItemKind::ImportCells(_));
        self.parsed.tree.items.iter().any(files)
    }
}
