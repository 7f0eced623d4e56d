//! Collects what a script, its used files and the library declare. Looks into no declaration; the order of the text decides nothing
//! but the numbering.

mod names;
mod results;
mod traces;

pub(crate) use names::{Home, Names, Symbol, declared_twice};
pub(crate) use traces::of_statement;

use crate::load::Files;
use bouton_model::ir::{self, LocalId, ParamId, PopulationId, RecordId, SynapseId};
use bouton_syntax::ast::{self, Item, ItemKind};
use bouton_syntax::{Diagnostics, Span};
use std::collections::HashMap;

/// Everything that is declared, by kind, and all names.
#[derive(Default)]
pub(crate) struct Declarations<'a> {
    /// What the names of the file and of the library stand for.
    pub names: Names<'a>,
    /// By [`ParamId`].
    pub params: Vec<&'a ast::Binding>,
    /// `let`s that read no result.
    pub lets: Vec<&'a ast::Binding>,
    /// Functions of the file.
    pub functions: Vec<&'a ast::Fn>,
    /// Mechanisms of the file.
    pub mechanisms: Vec<(&'a ast::Mechanism, Span)>,
    /// Cells of the file.
    pub cells: Vec<(&'a ast::Cell, Span)>,
    /// By [`PopulationId`].
    pub populations: Vec<(&'a ast::Population, Span)>,
    /// Populations of each cell, by its name.
    pub populations_of: HashMap<ir::Name, Vec<PopulationId>>,
    /// By [`SynapseId`].
    pub synapses: Vec<(&'a ast::Synapse, Span)>,
    /// `connect` and `stimulate` in order.
    pub links: Vec<(Link<'a>, Span)>,
    /// `simulation`, the script's own first.
    pub simulations: Vec<(&'a ast::AttrBlock, Span)>,
    /// By [`RecordId`]; with the interval of its line.
    pub records: Vec<(&'a ast::Binding, Option<&'a ast::Expr>)>,
    /// Lines of records with a file: that, and the records.
    pub record_files: Vec<(&'a ast::Text, Vec<RecordId>)>,
    /// `trace(EXPR)` of statements, each a record without a name.
    pub traces: Vec<&'a ast::Expr>,
    /// Statements of the script in order.
    pub statements: Vec<&'a Item>,
    /// The first number that no statement `let` has.
    pub next_local: u32,
}

/// What joins cells.
#[derive(Clone, Copy)]
pub(crate) enum Link<'a> {
    /// `connect`
    Connect(&'a ast::Connect),
    /// `stimulate`
    Stimulate(&'a ast::Stimulate),
}

/// Collects all declarations.
pub(crate) fn declare<'a>(files: &'a Files, diagnostics: &mut Diagnostics) -> Declarations<'a> {
    let mut all = Declarations { next_local: files.prior.next_local, ..Declarations::default() };
    all.names.incomplete = files.incomplete;
    for kept in &files.prior.kept {
        all.names.declare(&kept.name, Symbol::Result(kept.id), diagnostics);
    }
    for item in files.library.iter().flat_map(|file| &file.items) {
        all.names.declare_library(item);
    }
    for one in &files.imported {
        match one.mechanism {
            Some(_) => all.item(&one.item, false, diagnostics),
            None => all.names.declare(&one.name, Symbol::Broken, diagnostics),
        }
    }
    let before = files.prior.parts.iter().map(|part| (&part.file, false));
    for (file, is_script) in before.chain([(&files.script, true)]).chain(files.used.iter().map(|file| (file, false))) {
        for item in &file.items {
            all.item(item, is_script, diagnostics);
        }
        results::sort_out(&mut all, file, is_script, diagnostics);
    }
    // Of pieces the last word counts, and that of a file that is used less than any.
    let used: Vec<_> = files.prior.parts.iter().filter(|part| part.used).map(|part| part.file.span.file).collect();
    let is_used = |span: &Span| used.contains(&span.file) || files.used.iter().any(|file| file.span.file == span.file);
    let mut simulations = std::mem::take(&mut all.simulations);
    simulations.sort_by_key(|(_, span)| if is_used(span) { (1, 0) } else { (0, u16::MAX - span.file.0) });
    all.simulations = simulations;
    all.traces = files.prior.traces.iter().chain(traces::of(&all)).collect();
    all
}

impl<'a> Declarations<'a> {
    fn item(&mut self, item: &'a Item, is_script: bool, diagnostics: &mut Diagnostics) {
        let span = item.span;
        match &item.kind {
            // Imported cells are written out, and absent where they could not be read.
            ItemKind::Error | ItemKind::ImportMechanisms(_) | ItemKind::ImportCells(_) | ItemKind::Let(_) => {}
            ItemKind::Use(used) => {
                if let Some(alias) = &used.alias {
                    self.names.declare(alias, Symbol::Space("the name of a file"), diagnostics);
                }
            }
            ItemKind::Param(bindings) => self.params(bindings, diagnostics),
            // Written out as definitions.
            ItemKind::Output(_) => {}
            ItemKind::Fn(function) => {
                self.functions.push(function);
                self.names.declare(&function.name, Symbol::Function(function), diagnostics);
            }
            ItemKind::Mechanism(mechanism) => {
                self.mechanisms.push((mechanism, span));
                self.names.declare(&mechanism.name, Symbol::Mechanism(mechanism), diagnostics);
            }
            ItemKind::Cell(cell) => {
                self.cells.push((cell, span));
                self.names.declare(&cell.name, Symbol::Cell(cell), diagnostics);
            }
            ItemKind::Circuit(circuit) => self.names.declare(&circuit.name, Symbol::Space("a circuit"), diagnostics),
            ItemKind::CircuitUse(circuit) => {
                self.names.declare(&circuit.name, Symbol::Space("a copy of a circuit"), diagnostics);
            }
            ItemKind::Population(population) => {
                let id = PopulationId(number(self.populations.len()));
                self.populations.push((population, span));
                if let [cell] = population.cell.parts.as_slice() {
                    self.populations_of.entry(cell.text.clone()).or_default().push(id);
                }
                self.names.declare(&population.name, Symbol::Population(id), diagnostics);
            }
            ItemKind::Synapse(synapse) => {
                let id = SynapseId(number(self.synapses.len()));
                self.synapses.push((synapse, span));
                self.names.declare(&synapse.name, Symbol::Synapse(id), diagnostics);
            }
            ItemKind::Connect(connect) => self.link(Link::Connect(connect), span, connect.label.as_ref(), diagnostics),
            ItemKind::Stimulate(stimulate) => self.link(Link::Stimulate(stimulate), span, stimulate.label.as_ref(), diagnostics),
            ItemKind::Simulation(block) => self.simulations.push((block, span)),
            ItemKind::Record(record) => self.record(record, diagnostics),
            ItemKind::Stmt(_) if !is_script => {}
            ItemKind::Stmt(kind) => {
                self.statements.push(item);
                if let ast::StmtKind::Steady(study)
                | ast::StmtKind::Continue(study)
                | ast::StmtKind::Sweep(study)
                | ast::StmtKind::Optimize(study) = kind
                {
                    let id = self.next_result();
                    self.names.declare(&study.name, Symbol::Result(id), diagnostics);
                }
            }
        }
    }

    fn params(&mut self, bindings: &'a [ast::Binding], diagnostics: &mut Diagnostics) {
        for binding in bindings {
            let id = ParamId(number(self.params.len()));
            self.params.push(binding);
            self.names.declare(&binding.name, Symbol::Param(id), diagnostics);
        }
    }

    fn link(&mut self, link: Link<'a>, span: Span, label: Option<&'a ast::Name>, diagnostics: &mut Diagnostics) {
        self.links.push((link, span));
        if let Some(label) = label {
            self.names.declare(label, Symbol::Connection, diagnostics);
        }
    }

    fn record(&mut self, record: &'a ast::Record, diagnostics: &mut Diagnostics) {
        let mut ids = Vec::new();
        for binding in &record.records {
            let id = RecordId(number(self.records.len()));
            self.records.push((binding, record.every.as_ref()));
            self.names.declare(&binding.name, Symbol::Record(id), diagnostics);
            ids.push(id);
        }
        self.record_files.extend(record.file.as_ref().map(|file| (file, ids)));
    }

    fn next_result(&mut self) -> LocalId {
        let id = LocalId(self.next_local);
        self.next_local = self.next_local.saturating_add(1);
        id
    }

    fn result(&mut self, binding: &'a ast::Binding, diagnostics: &mut Diagnostics) {
        let id = self.next_result();
        self.names.declare(&binding.name, Symbol::Result(id), diagnostics);
    }
}

/// A length as the number of an id.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
