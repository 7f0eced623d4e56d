//! Syntax tree in, checked program out: names, dimensions, structure. Each part of the language has its own file.

mod attributes;
mod cell;
mod constant;
mod declare;
mod dimension;
mod elsewhere;
mod expr;
mod filled;
mod fold;
mod function;
mod hidden;
mod ions;
mod lets;
mod lookup;
mod mechanism;
mod network;
mod plausible;
mod record;
mod samples;
mod scope;
pub(crate) mod script;
mod settings;
mod simulation;
mod solver;
#[cfg(test)]
mod testing;
pub(crate) mod unsupported;
mod value;
mod varying;
pub(crate) mod walk;

use crate::load::Files;
pub(crate) use attributes::suggest;
use bouton_model::curve::Curve;
use bouton_model::ir::{self, CellId, MechanismId};
use bouton_model::unit::Dimension;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Severity, Span};
use cell::{BodyNames, SectionNames};
pub(crate) use declare::declared_twice;
use declare::{Declarations, Home, Link};
pub(crate) use expr::{Note, draws};
use network::NO_MECHANISM;
use scope::Scope;
pub(crate) use script::Kept;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use unsupported::Construct;
use value::Known;

/// Checks a script with the files that it uses. The program is of use only where no error was found. With it comes what a piece after
/// this one must know of its statements.
pub(crate) fn check(files: &Files<'_>, diagnostics: &mut Diagnostics) -> Option<(ir::Program, Done)> {
    let declared = declare::declare(files, diagnostics);
    let mut scope = Scope::new(&declared);
    scope.notes.clone_from(&files.notes);
    scope.files = Some(files);
    let scope = scope;
    let mut checker = Checker::new(files, &declared, &scope, diagnostics);
    checker.program.params = scope.params(checker.diagnostics);
    checker.ions();
    checker.cells();
    checker.synapses();
    checker.populations();
    checker.simulation();
    checker.links();
    checker.records();
    let kept = checker.statements();
    checker.unused_mechanisms();
    checker.refused_mechanisms();
    checker.lets();
    let program = checker.finish();
    if diagnostics.has_errors() {
        // The line that would change it may be the one that cannot be read.
        diagnostics.retain_mut(|one| one.code != Code::StillState);
    }
    let program = program?;
    let traces = declared.traces.iter().map(|one| (*one).clone()).collect();
    Some((program, Done { kept, next_local: scope.locals.get(), traces }))
}

/// What the statements of a script leave to those of the next piece.
pub(crate) struct Done {
    /// What its `let`s keep.
    pub kept: Vec<Kept>,
    /// The first number that no local value has.
    pub next_local: u32,
    /// All records without a name.
    pub traces: Vec<bouton_syntax::ast::Expr>,
}

/// What is known while a script is checked.
struct Checker<'a> {
    files: &'a Files<'a>,
    declared: &'a Declarations<'a>,
    scope: &'a Scope<'a>,
    diagnostics: &'a mut Diagnostics,
    /// The program as far as it is checked. Broken populations and synapses keep their places, so that ids stay true.
    program: ir::Program,
    /// By [`ir::RecordId`]; nothing for those that are broken.
    records: Vec<Option<ir::Record>>,
    /// Values of connections that statements read.
    tables: RefCell<Vec<ir::ConnectionTable>>,
    /// Records without a name, by the place of their `trace(...)`.
    traces: HashMap<Span, ir::RecordId>,
    /// What paths in statements name of the model, by their places.
    present: HashMap<Span, (ir::Knob, Dimension)>,
    /// Sets of cells that send events.
    sources: Vec<ir::Set>,
    /// Declared mechanisms that were looked at.
    mechanisms: HashMap<Span, MechanismId>,
    /// Mechanisms as they are on connections.
    edges: HashMap<Span, MechanismId>,
    /// Copies of mechanisms that were given tables.
    filled: Vec<filled::Filled>,
    /// Tables that were read.
    curves: Vec<(filled::Wanted, Arc<Curve>)>,
    /// What is known to be wrong with the mechanisms of the program, in their order.
    flaws: Vec<Flaws>,
    /// Declared cells that were looked at; nothing for those that are broken beyond use.
    cells: HashMap<Span, Option<CellId>>,
    /// Cells with errors inside: what is missing there may be there once they are mended.
    broken_cells: HashSet<CellId>,
    /// The list of pairs from which the connection that is being checked takes its values.
    listed: Option<std::sync::Arc<ir::PairList>>,
    /// Sections by name, of cells that have some.
    section_names: HashMap<CellId, Rc<SectionNames>>,
    /// The names of the cell with sections that is being checked.
    body_names: Option<Rc<BodyNames<'a>>>,
}

/// What is known to be wrong with a mechanism.
#[derive(Default)]
struct Flaws {
    /// Variables of unknown dimension.
    broken: Vec<ir::VarId>,
    /// Nothing that a user asks of it can be told wrong.
    refused: bool,
}

/// What names of cells and results stand for.
struct View<'v> {
    declared: &'v Declarations<'v>,
    program: &'v ir::Program,
    records: &'v [Option<ir::Record>],
    /// Cells with errors inside.
    broken_cells: &'v HashSet<CellId>,
    /// Columns of the list of pairs of a connection.
    listed: Option<&'v ir::PairList>,
    tables: &'v RefCell<Vec<ir::ConnectionTable>>,
    /// Whether a `run` stands before the place in question.
    ran: bool,
    /// What statements keep.
    kept: Option<&'v script::Locals>,
    /// Records without a name, by the place of their `trace(...)`.
    traces: &'v HashMap<Span, ir::RecordId>,
    /// What paths in statements name of the model, by their places.
    present: &'v HashMap<Span, (ir::Knob, Dimension)>,
}

impl<'a> Checker<'a> {
    fn new(
        files: &'a Files<'a>,
        declared: &'a Declarations<'a>,
        scope: &'a Scope<'a>,
        diagnostics: &'a mut Diagnostics,
    ) -> Checker<'a> {
        Checker {
            files,
            declared,
            scope,
            diagnostics,
            program: ir::Program::default(),
            records: Vec::new(),
            traces: HashMap::new(),
            present: HashMap::new(),
            sources: Vec::new(),
            tables: RefCell::new(files.prior.tables.clone()),
            mechanisms: HashMap::new(),
            edges: HashMap::new(),
            filled: Vec::new(),
            curves: Vec::new(),
            flaws: Vec::new(),
            cells: HashMap::new(),
            broken_cells: HashSet::new(),
            listed: None,
            section_names: HashMap::new(),
            body_names: None,
        }
    }

    fn cells(&mut self) {
        for (cell, _) in &self.declared.cells {
            self.cell_of(cell);
        }
    }

    /// What is wrong with foreign files that are used, and what is not supported of them; of others what is wrong is a warning.
    fn refused_mechanisms(&mut self) {
        for one in self.files.imported.iter().filter(|one| one.mechanism.is_none()) {
            let used = self.declared.names.declaration(&one.name.text).is_some_and(|known| known.used.get());
            let told = one.refused.iter().filter(|refused| used || refused.code != Code::ForeignUnsupported);
            told.for_each(|refused| {
                let severity = if used { refused.severity } else { Severity::Warning };
                self.diagnostics.push(Diagnostic { severity, ..refused.clone() });
            });
        }
    }

    /// What nobody used is checked too, and stays out of the program.
    fn unused_mechanisms(&mut self) {
        for (mechanism, span) in &self.declared.mechanisms {
            if !self.mechanisms.contains_key(&mechanism.name.span) && self.imported(mechanism.name.span).is_none() {
                mechanism::check_mechanism(mechanism, *span, Home::File, self.scope, self.diagnostics);
            }
        }
    }

    fn synapses(&mut self) {
        for (synapse, span) in &self.declared.synapses {
            self.synapse(synapse, *span);
        }
    }

    fn populations(&mut self) {
        for (population, span) in &self.declared.populations {
            self.population(population, *span);
        }
        for (at, (population, _)) in self.declared.populations.iter().enumerate() {
            self.population_settings(at, population);
        }
    }

    fn links(&mut self) {
        for (link, span) in &self.declared.links {
            match link {
                Link::Connect(connect) => self.connect(connect, *span),
                Link::Stimulate(stimulate) => self.stimulate(stimulate, *span),
            }
        }
        self.spikes();
    }

    fn records(&mut self) {
        for (binding, every) in &self.declared.records {
            let record = self.record(binding, *every);
            self.records.push(record);
        }
        let declared = self.declared;
        for (text, records) in &declared.record_files {
            self.record_file(text, records);
        }
        let mut same: HashMap<String, ir::RecordId> = HashMap::new();
        for call in &declared.traces {
            let written = bouton_syntax::ast::outline_expr(call);
            let id = ir::RecordId(u32::try_from(self.records.len()).unwrap_or(u32::MAX));
            if let Some(first) = same.get(&written) {
                self.traces.insert(call.span, *first);
                continue;
            }
            same.insert(written, id);
            self.traces.insert(call.span, id);
            let record = self.anonymous_record(call);
            self.records.push(record);
        }
    }

    /// The program, if all of it is there.
    fn finish(mut self) -> Option<ir::Program> {
        if self.diagnostics.has_errors() {
            // What is refused may use anything, so that nothing can be called unused.
            return None;
        }
        self.solver_fits();
        self.pasts_fit();
        self.unused_params();
        let usable = self.program.synapses.iter().all(|synapse| synapse.mechanism != NO_MECHANISM);
        self.varying();
        if self.diagnostics.has_errors() {
            return None;
        }
        self.program.records = self.records.into_iter().collect::<Option<Vec<_>>>()?;
        self.program.tables = self.tables.into_inner();
        usable.then_some(self.program)
    }

    /// Refuses what is not there yet.
    fn refuse(&mut self, construct: Construct, span: Span) {
        unsupported::refuse(construct, span, self.diagnostics);
    }
}
