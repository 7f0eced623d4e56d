//! What the knobs of a search can change, by the names that declarations mention. An objective that no knob reaches is a slip.

use crate::check::Checker;
use crate::check::declare::Symbol;
use crate::check::walk::head;
use crate::elaborate::mentioned;
use bouton_syntax::ast::{self, Aim, Binding, Expr, ItemKind, Stmt, StmtKind};
use bouton_syntax::{Code, Diagnostic};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Stands for attributes of `simulation`, which change everything.
const SIMULATION: &str = "simulation";

/// Names of all cells and of their spikes.
const ALL: &[&str] = &["all", "spikes"];

/// From each name to what changes with it.
#[derive(Default)]
struct Changes(HashMap<Arc<str>, HashSet<Arc<str>>>);

impl Changes {
    fn add(&mut self, from: impl IntoIterator<Item = Arc<str>>, to: &[Arc<str>]) {
        for name in from {
            self.0.entry(name).or_default().extend(to.iter().cloned());
        }
    }

    fn bindings(&mut self, list: &[Binding]) {
        for one in list {
            self.add(one.value.iter().flat_map(mentioned::by_expr), std::slice::from_ref(&one.name.text));
        }
    }

    /// What a statement between the braces of a search changes.
    fn statement(&mut self, kind: &StmtKind) {
        match kind {
            StmtKind::Let(list) => self.bindings(list),
            StmtKind::Set(list) => {
                for one in list {
                    self.add(mentioned::by_expr(&one.value), &heads([&one.path]));
                }
            }
            // Whether a step within is done depends on all that stands there.
            StmtKind::For(_) | StmtKind::If(_) => {
                let all = mentioned::by_statement(kind);
                let changed: Vec<Arc<str>> = all.iter().cloned().collect();
                self.add(all, &changed);
            }
            _ => {}
        }
    }

    /// All that changes with some names, themselves included.
    fn from(&self, names: impl IntoIterator<Item = Arc<str>>) -> HashSet<Arc<str>> {
        let mut open: Vec<Arc<str>> = names.into_iter().collect();
        let mut found = HashSet::new();
        while let Some(name) = open.pop() {
            if let Some(next) = self.0.get(&name) {
                open.extend(next.iter().filter(|one| !found.contains(*one)).cloned());
            }
            found.insert(name);
        }
        found
    }
}

/// The names that paths begin with; `simulation` for its attributes.
fn heads<'e>(paths: impl IntoIterator<Item = &'e Expr>) -> Vec<Arc<str>> {
    paths.into_iter().filter_map(head).map(Arc::from).collect()
}

impl<'a> Checker<'a> {
    /// Refuses objectives that nothing that is varied can change.
    pub(super) fn objectives_are_reached(&mut self, study: &'a ast::Study) {
        let changes = self.changes(&study.body.items);
        let knobs = study.body.items.iter().filter_map(|one| match &one.kind {
            StmtKind::Vary(vary) => head(&vary.knob),
            _ => None,
        });
        // What is declared nowhere is an attribute of `simulation`.
        let known = |name: &str| self.declared.names.find(name).is_some();
        let knobs = knobs.map(|name| Arc::from(if known(name) { name } else { SIMULATION }));
        let reached = changes.from(knobs);
        if reached.contains(SIMULATION) {
            return;
        }
        for one in &study.body.items {
            let StmtKind::Aim(Aim::Minimize | Aim::Maximize, value) = &one.kind else { continue };
            let names = mentioned::by_expr(value);
            if names.iter().any(|name| reached.contains(name) || ALL.contains(&&**name)) {
                continue;
            }
            let told = Diagnostic::new(Code::ReachesNothing, value.span, "nothing that is varied can change this");
            self.diagnostics.push(told.help(self.instead(&reached)));
        }
    }

    /// What could be looked at: populations and records that are reached.
    fn instead(&self, reached: &HashSet<Arc<str>>) -> String {
        let results = self.declared.names.list(|symbol| matches!(symbol, Symbol::Population(_) | Symbol::Record(_)));
        let mut names: Vec<String> =
            results.into_iter().filter(|name| reached.contains(*name)).map(|name| format!("`{name}`")).collect();
        names.sort_unstable();
        match names.as_slice() {
            [] => "what is varied changes no population and no record: vary something that the model uses".to_owned(),
            names => format!("what is varied changes {}", names.join(", ")),
        }
    }

    fn changes(&self, body: &[Stmt]) -> Changes {
        let mut all = Changes::default();
        let before = self.files.prior.parts.iter().map(|part| &part.file);
        for item in before.chain([&self.files.script]).chain(&self.files.used).flat_map(|file| &file.items) {
            match &item.kind {
                ItemKind::Param(list) | ItemKind::Output(list) => all.bindings(list),
                // A result that was kept before the search stays as it is.
                ItemKind::Let(list) => {
                    let kept = |one: &&Binding| matches!(self.declared.names.find(&one.name.text), Some(Symbol::Result(_)));
                    list.iter().filter(|one| !kept(one)).for_each(|one| all.bindings(std::slice::from_ref(one)));
                }
                ItemKind::Record(record) => all.bindings(&record.records),
                ItemKind::Simulation(_) => all.add(mentioned::by_item(item), &[Arc::from(SIMULATION)]),
                ItemKind::Connect(connect) => {
                    let mut ends = heads(&connect.targets);
                    if self.names_junction(&connect.header) {
                        ends.extend(heads(&connect.sources));
                    }
                    all.add(mentioned::by_item(item), &ends);
                }
                ItemKind::Stimulate(stimulate) => all.add(mentioned::by_item(item), &heads(&stimulate.targets)),
                ItemKind::Stmt(_) => {}
                ItemKind::Fn(_)
                | ItemKind::Mechanism(_)
                | ItemKind::Cell(_)
                | ItemKind::Population(_)
                | ItemKind::Synapse(_)
                | ItemKind::Error
                | ItemKind::Use(_)
                | ItemKind::ImportMechanisms(_)
                | ItemKind::ImportCells(_)
                | ItemKind::Circuit(_)
                | ItemKind::CircuitUse(_) => {
                    let own: Vec<Arc<str>> =
                        crate::elaborate::declared::of_item(item).into_iter().map(|name| name.text.clone()).collect();
                    all.add(mentioned::by_item(item), &own);
                }
            }
        }
        body.iter().for_each(|one| all.statement(&one.kind));
        all
    }
}
