//! The names of a file and of the library: one namespace each, the file's own come first. Knows nothing of scopes inside.

use bouton_model::ir::{LocalId, Name, ParamId, PopulationId, RecordId, SynapseId};
use bouton_syntax::ast::{self, Item, ItemKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::cell::Cell;
use std::collections::HashMap;

/// What a name of the file stands for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Symbol<'a> {
    /// `param`
    Param(ParamId),
    /// `let` that follows its parameters
    Let(&'a ast::Binding),
    /// `let` that reads variables of the model: known to records.
    Model(&'a ast::Binding),
    /// `let` that keeps a result: known from its statement on.
    Result(LocalId),
    /// `fn`
    Function(&'a ast::Fn),
    /// `mechanism`
    Mechanism(&'a ast::Mechanism),
    /// `cell`
    Cell(&'a ast::Cell),
    /// `population`
    Population(PopulationId),
    /// `synapse`
    Synapse(SynapseId),
    /// The label of a `connect` or `stimulate`.
    Connection,
    /// `record`
    Record(RecordId),
    /// A file or a circuit, whose names stand behind its own and a dot; with what it is called.
    Space(&'static str),
    /// Already reported: whatever follows from it stays silent.
    Broken,
}

/// Whose names an expression sees: the library knows nothing of the script, so that no script can change what the library means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Home {
    /// The script's, then the library's.
    File,
    /// The library's alone.
    Library,
}

/// A name with its meaning and place.
#[derive(Clone, Debug)]
pub(crate) struct Declaration<'a> {
    /// What it stands for.
    pub symbol: Symbol<'a>,
    /// Where the name is declared.
    pub span: Span,
    /// Whether anything asked for it.
    pub used: Cell<bool>,
}

/// How many unknown names are looked up among the known ones.
const MOST_LISTS: usize = 1000;

/// All names.
#[derive(Default)]
pub(crate) struct Names<'a> {
    file: HashMap<Name, Declaration<'a>>,
    library: HashMap<Name, Declaration<'a>>,
    /// How often names were listed.
    listed: Cell<usize>,
    /// Whether names may be missing because of what has been reported: then none is called unknown.
    pub incomplete: bool,
}

impl<'a> Names<'a> {
    /// Declares a name of the file; a second declaration is reported and left out.
    pub fn declare(&mut self, name: &ast::Name, symbol: Symbol<'a>, diagnostics: &mut Diagnostics) {
        if name.is_missing() {
            return;
        }
        match self.file.get(&name.text) {
            Some(first) => diagnostics.push(declared_twice(name, first.span)),
            None => {
                self.file.insert(name.text.clone(), Declaration::new(symbol, name.span));
            }
        }
    }

    /// Declares what an item of the library declares: mechanisms, cells and functions.
    pub fn declare_library(&mut self, item: &'a Item) {
        let (name, symbol) = match &item.kind {
            ItemKind::Mechanism(mechanism) => (&mechanism.name, Symbol::Mechanism(mechanism)),
            ItemKind::Cell(cell) => (&cell.name, Symbol::Cell(cell)),
            ItemKind::Fn(function) => (&function.name, Symbol::Function(function)),
            _ => return,
        };
        self.library.insert(name.text.clone(), Declaration::new(symbol, name.span));
    }

    /// What a name stands for, the file's own first; it counts as used from now on. Where names may be missing, an unknown one is broken.
    pub fn find(&self, name: &str) -> Option<Symbol<'a>> {
        let found = self.declaration(name).map(|found| {
            found.used.set(true);
            found.symbol
        });
        found.or_else(|| (self.incomplete && name != "all").then_some(Symbol::Broken))
    }

    /// What a name stands for and where it is declared, without counting as a use.
    pub fn declaration(&self, name: &str) -> Option<&Declaration<'a>> {
        self.file.get(name).or_else(|| self.library.get(name))
    }

    /// What a name stands for as seen from `home`, where that is declared, and what its own expressions see; it counts as used.
    pub fn find_from(&self, home: Home, name: &str) -> Option<(Symbol<'a>, Span, Home)> {
        if let (Home::File, Some(found)) = (home, self.file.get(name)) {
            found.used.set(true);
            return Some((found.symbol, found.span, Home::File));
        }
        self.library.get(name).map(|found| (found.symbol, found.span, Home::Library))
    }

    /// Whether a name was declared there in the library.
    pub fn is_of_library(&self, declared: Span) -> bool {
        self.library.values().any(|found| found.span == declared)
    }

    /// Whether anything has looked a name up.
    pub fn is_used(&self, name: &str) -> bool {
        self.file.get(name).is_some_and(|found| found.used.get())
    }

    /// All names whose symbol `fits`, in no order, for suggestions: none after so many that nobody reads them.
    pub fn list(&self, fits: impl Fn(&Symbol<'a>) -> bool) -> Vec<&str> {
        self.listed.set(self.listed.get().saturating_add(1));
        if self.listed.get() > MOST_LISTS {
            return Vec::new();
        }
        let all = self.file.iter().chain(&self.library);
        all.filter(|(_, found)| fits(&found.symbol)).map(|(name, _)| &**name).collect()
    }
}

impl<'a> Declaration<'a> {
    fn new(symbol: Symbol<'a>, span: Span) -> Declaration<'a> {
        Declaration { symbol, span, used: Cell::new(false) }
    }
}

impl Symbol<'_> {
    /// What it is, with an article.
    pub fn what(&self) -> &'static str {
        match self {
            Symbol::Param(_) => "a parameter",
            Symbol::Let(_) => "a definition (`let`)",
            Symbol::Model(_) => "a definition of variables of the model (`let`)",
            Symbol::Result(_) => "a result",
            Symbol::Function(_) => "a function",
            Symbol::Mechanism(_) => "a mechanism",
            Symbol::Cell(_) => "a cell",
            Symbol::Population(_) => "a population",
            Symbol::Synapse(_) => "a synapse",
            Symbol::Connection => "a connection",
            Symbol::Record(_) => "a record",
            Symbol::Space(what) => what,
            Symbol::Broken => "something unreadable",
        }
    }
}

/// The diagnostic of a second declaration.
pub(crate) fn declared_twice(name: &ast::Name, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DeclaredTwice, name.span, format!("`{}` is declared twice", name.text))
        .label("declared again here")
        .also(first, "first declared here")
        .help("give one of them another name")
}
