//! What a text declares, at any depth, with what each declaration says of itself. Decides nothing about right and wrong.

use crate::import::Imported;
use crate::import::part::{FileUnit, PartKind};
use bouton_syntax::Span;
use bouton_syntax::ast::{
    Binding, Cell, CircuitUse, Doc, File, Fn, FnBody, Insert, Item, ItemKind, Mechanism, Member, MemberKind, Name, Path,
    SectionKind, SectionLine, StmtKind,
};
use std::collections::HashMap;
use std::sync::Arc;

/// The number of a symbol in its [`Table`].
pub type SymbolId = usize;

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "`word` says what each one is")]
pub enum Kind {
    Param,
    Let,
    State,
    Input,
    Output,
    Current,
    Ion,
    Function,
    Mechanism,
    PointMechanism,
    Cell,
    Section,
    Insert,
    Synapse,
    Population,
    Circuit,
    Copy,
    Connection,
    Stimulus,
    Record,
    Study,
    Event,
    Variable,
    File,
}

impl Kind {
    /// As it is called in the language or in the field.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Param => "param",
            Kind::Let => "let",
            Kind::State => "state",
            Kind::Input => "input",
            Kind::Output => "output",
            Kind::Current => "current",
            Kind::Ion => "ion",
            Kind::Function => "fn",
            Kind::Mechanism => "mechanism",
            Kind::PointMechanism => "point mechanism",
            Kind::Cell => "cell",
            Kind::Section => "section",
            Kind::Insert => "insert",
            Kind::Synapse => "synapse",
            Kind::Population => "population",
            Kind::Circuit | Kind::Copy => "circuit",
            Kind::Connection => "connect",
            Kind::Stimulus => "stimulate",
            Kind::Record => "record",
            Kind::Study => "search or sweep",
            Kind::Event => "on",
            Kind::Variable => "variable",
            Kind::File => "use",
        }
    }
}

/// A declaration.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub span: Span,
    /// The whole declaration.
    pub whole: Span,
    /// What it is.
    pub kind: Kind,
    /// What `///` says of it.
    pub doc: Option<Arc<str>>,
    /// In which declaration it stands.
    pub parent: Option<SymbolId>,
    /// What it is a copy or an extension of: the cell of a population, the mechanism of a synapse.
    pub base: Option<Path>,
    /// Names of parameters, of a function.
    pub params: Vec<Arc<str>>,
    /// The value behind `=`, whose dimension is its own.
    pub value: Option<Span>,
}

/// All symbols of some files, by number and by name.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// In the order in which they were met.
    pub symbols: Vec<Symbol>,
    /// Names of files, those of the library included; the script's own hide them.
    pub top: HashMap<Arc<str>, SymbolId>,
    /// What is declared within a symbol, by name.
    pub within: HashMap<SymbolId, HashMap<Arc<str>, SymbolId>>,
    /// Units of parameters that files of others declare.
    pub(super) units: HashMap<SymbolId, FileUnit>,
}

impl Table {
    /// The symbol of a number.
    #[must_use]
    pub fn get(&self, id: SymbolId) -> Option<&Symbol> {
        self.symbols.get(id)
    }

    /// Takes up what a file declares; its names hide those of files before it.
    pub fn add_file(&mut self, file: &File) {
        for item in &file.items {
            self.item(item, None);
        }
    }

    /// Takes up what a file declares that is used under a name, which the script declares.
    pub fn add_file_under(&mut self, file: &File, name: &str) {
        let mut parts = name.split('.');
        let first = parts.next().and_then(|first| self.top.get(first).copied());
        let Some(parent) = parts.fold(first, |at, part| self.member(at?, part)) else { return };
        for item in &file.items {
            self.item(item, Some(parent));
        }
    }

    /// Takes up a mechanism of a file of others with what it declares.
    pub(crate) fn add_imported(&mut self, imported: &Imported) {
        self.item(&imported.item, None);
        let parent = self.top.get(&imported.name.text).copied();
        for part in &imported.parts {
            let kind = match part.kind {
                PartKind::Parameter => Kind::Param,
                PartKind::State => Kind::State,
                PartKind::Range => Kind::Output,
            };
            let id = self.declare(&part.name, kind, part.line, parent);
            self.set(id, |symbol| symbol.doc = (!part.comment.is_empty()).then(|| part.comment.as_str().into()));
            self.units.extend(part.unit.clone().map(|unit| (id, unit)));
        }
    }

    /// What a name stands for within a symbol: its own members, or those of what it is made of.
    #[must_use]
    pub fn member(&self, of: SymbolId, name: &str) -> Option<SymbolId> {
        let mut at = of;
        // What extends itself is told by the check.
        for _ in 0..32 {
            if let Some(found) = self.within.get(&at).and_then(|own| own.get(name)) {
                return Some(*found);
            }
            at = self.base(at)?;
        }
        None
    }

    /// All that can stand behind a dot after a symbol.
    #[must_use]
    pub fn members(&self, of: SymbolId) -> Vec<SymbolId> {
        let mut all: Vec<SymbolId> = Vec::new();
        let mut at = Some(of);
        for _ in 0..32 {
            let Some(one) = at else { break };
            all.extend(self.within.get(&one).into_iter().flat_map(HashMap::values));
            at = self.base(one);
        }
        all.sort_unstable();
        all
    }

    /// What a symbol is a copy of.
    #[must_use]
    pub fn base(&self, of: SymbolId) -> Option<SymbolId> {
        let path = self.get(of)?.base.as_ref()?;
        self.path(path).filter(|found| *found != of)
    }

    /// The symbol of a path of names.
    #[must_use]
    pub fn path(&self, path: &Path) -> Option<SymbolId> {
        let whole: Vec<&str> = path.parts.iter().map(|part| &*part.text).collect();
        if let Some(found) = self.top.get(whole.join(".").as_str()) {
            return Some(*found);
        }
        let (first, rest) = whole.split_first()?;
        rest.iter().try_fold(*self.top.get(*first)?, |at, name| self.member(at, name))
    }

    /// Declares a name; the first declaration of it counts, as in the check.
    pub fn declare(&mut self, name: &Name, kind: Kind, whole: Span, parent: Option<SymbolId>) -> SymbolId {
        let id = self.symbols.len();
        let text = name.text.clone();
        let (doc, base, params, value) = (None, None, Vec::new(), None);
        self.symbols.push(Symbol { name: text.clone(), span: name.span, whole, kind, doc, parent, base, params, value });
        if !name.is_missing() {
            let own_file =
                |symbols: &[Symbol], id: &SymbolId| symbols.get(*id).is_some_and(|old| old.span.file == name.span.file);
            let names = match parent {
                Some(parent) => self.within.entry(parent).or_default(),
                None => &mut self.top,
            };
            if !names.get(&text).is_some_and(|old| own_file(&self.symbols, old)) {
                names.insert(text, id);
            }
        }
        id
    }

    fn set(&mut self, id: SymbolId, change: impl FnOnce(&mut Symbol)) {
        if let Some(symbol) = self.symbols.get_mut(id) {
            change(symbol);
        }
    }

    fn documented(&mut self, id: SymbolId, doc: Option<&Doc>) {
        self.set(id, |symbol| symbol.doc = doc.map(|doc| doc.text.as_str().into()));
    }

    fn bindings(&mut self, list: &[Binding], kind: Kind, parent: Option<SymbolId>, doc: Option<&Doc>) {
        for one in list {
            let id = self.declare(&one.name, kind, one.span, parent);
            self.set(id, |symbol| symbol.value = one.value.as_ref().map(|value| value.span));
            self.documented(id, doc);
        }
    }

    fn based(&mut self, id: SymbolId, base: Option<&Path>) {
        self.set(id, |symbol| symbol.base = base.cloned());
    }

    fn item(&mut self, item: &Item, parent: Option<SymbolId>) {
        let (span, doc) = (item.span, item.doc.as_ref());
        let id = match &item.kind {
            ItemKind::Param(list) => return self.bindings(list, Kind::Param, parent, doc),
            ItemKind::Let(list) => return self.bindings(list, Kind::Let, parent, doc),
            ItemKind::Output(list) => return self.bindings(list, Kind::Output, parent, doc),
            ItemKind::Record(record) => return self.bindings(&record.records, Kind::Record, parent, doc),
            ItemKind::Fn(function) => self.function(function, span, parent),
            ItemKind::Mechanism(mechanism) => self.mechanism(mechanism, span, parent),
            ItemKind::Cell(cell) => self.cell(cell, span, parent),
            ItemKind::Circuit(circuit) => {
                let id = self.declare(&circuit.name, Kind::Circuit, span, parent);
                circuit.body.items.iter().for_each(|item| self.item(item, Some(id)));
                id
            }
            ItemKind::CircuitUse(CircuitUse { name, circuit, .. }) => {
                let id = self.declare(name, Kind::Copy, span, parent);
                self.based(id, Some(circuit));
                id
            }
            ItemKind::Population(population) => {
                let id = self.declare(&population.name, Kind::Population, span, parent);
                self.based(id, Some(&population.cell));
                id
            }
            ItemKind::Synapse(synapse) => {
                let id = self.declare(&synapse.name, Kind::Synapse, span, parent);
                self.based(id, Some(&synapse.mechanism));
                id
            }
            ItemKind::Connect(connect) => {
                let Some(label) = &connect.label else { return };
                let id = self.declare(label, Kind::Connection, span, parent);
                self.based(id, connect.header.via.as_ref());
                id
            }
            ItemKind::Stimulate(stimulate) => {
                let Some(label) = &stimulate.label else { return };
                self.declare(label, Kind::Stimulus, span, parent)
            }
            ItemKind::Use(used) => {
                let Some(alias) = &used.alias else { return };
                self.declare(alias, Kind::File, span, parent)
            }
            ItemKind::Stmt(
                StmtKind::Steady(study) | StmtKind::Continue(study) | StmtKind::Sweep(study) | StmtKind::Optimize(study),
            ) => self.declare(&study.name, Kind::Study, span, parent),
            ItemKind::ImportCells(import) => {
                for name in &import.names {
                    let id = self.declare(name, Kind::Population, span, parent);
                    self.documented(id, doc);
                }
                return;
            }
            ItemKind::Error | ItemKind::ImportMechanisms(_) | ItemKind::Simulation(_) | ItemKind::Stmt(_) => return,
        };
        self.documented(id, doc);
    }

    fn function(&mut self, function: &Fn, span: Span, parent: Option<SymbolId>) -> SymbolId {
        let id = self.declare(&function.name, Kind::Function, span, parent);
        let params = function.params.iter().map(|one| one.name.text.clone()).collect();
        let value = match &function.body {
            FnBody::Value(value) => Some(value.span),
            FnBody::Block(_) => None,
        };
        self.set(id, |symbol| (symbol.params, symbol.value) = (params, value));
        id
    }

    fn mechanism(&mut self, mechanism: &Mechanism, span: Span, parent: Option<SymbolId>) -> SymbolId {
        let kind = if mechanism.point { Kind::PointMechanism } else { Kind::Mechanism };
        let id = self.declare(&mechanism.name, kind, span, parent);
        self.based(id, mechanism.base.as_ref());
        mechanism.body.items.iter().for_each(|member| self.line(member, id));
        id
    }

    fn cell(&mut self, cell: &Cell, span: Span, parent: Option<SymbolId>) -> SymbolId {
        let id = self.declare(&cell.name, Kind::Cell, span, parent);
        self.based(id, cell.base.as_ref());
        cell.body.iter().flat_map(|body| &body.items).for_each(|member| self.line(member, id));
        id
    }

    /// A line of a mechanism or a cell.
    fn line(&mut self, member: &Member, of: SymbolId) {
        let (parent, doc) = (Some(of), member.doc.as_ref());
        let id = match &member.kind {
            MemberKind::Param(list) => return self.bindings(list, Kind::Param, parent, doc),
            MemberKind::State(list) => return self.bindings(list, Kind::State, parent, doc),
            MemberKind::Let(list) => return self.bindings(list, Kind::Let, parent, doc),
            MemberKind::Input(list) => return self.bindings(list, Kind::Input, parent, doc),
            MemberKind::Output(list) => return self.bindings(list, Kind::Output, parent, doc),
            MemberKind::Current { currents, .. } => return self.bindings(currents, Kind::Current, parent, doc),
            MemberKind::Fn(function) => self.function(function, member.span, parent),
            MemberKind::Ion(ion) => {
                for name in ion.reads.iter().chain(&ion.writes) {
                    self.declare(name, Kind::Ion, member.span, parent);
                }
                return;
            }
            MemberKind::Section(section) => {
                let id = self.declare(&section.name, Kind::Section, member.span, parent);
                section.body.items.iter().for_each(|line| self.section_line(line, id));
                id
            }
            MemberKind::Insert(insert) => self.insert(insert, member.span, of),
            MemberKind::Synapse(synapse) => {
                let id = self.declare(&synapse.name, Kind::Synapse, member.span, parent);
                self.based(id, Some(&synapse.mechanism));
                id
            }
            MemberKind::Rename { to, .. } => self.declare(to, Kind::Section, member.span, parent),
            MemberKind::Handler(handler) => match &handler.trigger {
                bouton_syntax::ast::Trigger::Event { name, .. } => self.declare(name, Kind::Event, member.span, parent),
                _ => return,
            },
            _ => return,
        };
        self.documented(id, doc);
    }

    fn section_line(&mut self, line: &SectionLine, of: SymbolId) {
        match &line.kind {
            SectionKind::Insert(insert) => {
                self.insert(insert, line.span, of);
            }
            SectionKind::Let(list) => self.bindings(list, Kind::Let, Some(of), None),
            SectionKind::Error | SectionKind::Attr(_) | SectionKind::Join { .. } => {}
        }
    }

    /// A copy of a mechanism, under its own name or the mechanism's.
    fn insert(&mut self, insert: &Insert, span: Span, of: SymbolId) -> SymbolId {
        let last = insert.mechanism.parts.last();
        let name = insert.name.as_ref().or(last).cloned();
        let name = name.unwrap_or(Name { text: "".into(), span: Span::at(span.file, span.start) });
        let id = self.declare(&name, Kind::Insert, span, Some(of));
        self.based(id, Some(&insert.mechanism));
        id
    }
}
