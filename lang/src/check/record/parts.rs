//! `*` in a path: every part that has the variable; of a cell, or of a circuit.

use super::{Checker, Step};
use bouton_model::ir::{CellBody, CellId, Mechanism, MechanismId, Name, PopulationId, Tree};
use bouton_syntax::Span;
use bouton_syntax::ast::Expr;

/// Which part a path with its `*` replaced names, and its steps behind the cells; nothing for a path without one.
type Parts<'s> = Vec<(Option<Name>, Vec<NamedStep<'s>>)>;

/// A step, and the name that stands in the place of its `*`.
#[derive(Clone)]
pub(super) struct NamedStep<'s> {
    step: Step<'s>,
    name: Option<Name>,
}

impl<'s> NamedStep<'s> {
    /// The step with its name.
    pub fn step(&self) -> Step<'_> {
        match &self.name {
            Some(name) => Step { name, ..self.step },
            None => self.step,
        }
    }
}

/// A population that a path with a `*` names.
pub(super) struct Found<'s> {
    /// Which.
    pub population: PopulationId,
    /// Its cells in brackets.
    pub indices: Option<&'s [Expr]>,
    /// The steps behind it.
    pub rest: Vec<Step<'s>>,
}

impl<'a> Checker<'a> {
    /// The paths that one with `*` stands for; nothing where there is none, which has been reported.
    pub(super) fn parts_of<'s>(&mut self, id: CellId, rest: &[Step<'s>], span: Span) -> Option<Parts<'s>> {
        let plain: Vec<NamedStep<'s>> = rest.iter().map(|step| NamedStep { step: *step, name: None }).collect();
        let Some(at) = rest.iter().position(|step| step.every) else { return Some(vec![(None, plain)]) };
        let (names, free) = self.with_body(id, |checker, body| match body {
            CellBody::Tree(tree) => Some((checker.candidates(tree, &rest[..at], &rest[at + 1..]), false)),
            CellBody::Free(mechanism) => {
                let mechanism = checker.program.mechanisms.get(mechanism.index())?;
                Some((copies(mechanism, &rest[..at], &rest[at + 1..]), true))
            }
        })?;
        if names.is_empty() {
            let variable = rest.last().filter(|last| !last.every).map_or("...", |last| last.name);
            let message = format!("no part of these cells has a `{variable}`");
            return self.no_variable(
                id,
                span,
                &message,
                "`p.*.v` is `v` of every section, or of every copy of a mechanism in a cell of equations; `p.soma(0.5).*.m` is `m` of every mechanism there",
            );
        }
        let replaced = |name: Name| {
            let mut steps = plain.clone();
            if let Some(one) = steps.get_mut(at) {
                one.name = Some(name.clone());
                // A variable of a cell of equations is one name, whatever was written.
                one.step.every = !free;
            }
            (Some(name), steps)
        };
        Some(names.into_iter().map(replaced).collect())
    }

    /// The populations of a circuit whose paths fit steps with a `*` among them, each with the steps behind its name.
    pub(super) fn populations_in<'s>(&self, first: &Step<'s>, rest: &[Step<'s>]) -> Vec<Found<'s>> {
        let mut found = Vec::new();
        for (at, population) in self.program.populations.iter().enumerate() {
            let Some(inner) = population.name.strip_prefix(first.name).and_then(|inner| inner.strip_prefix('.')) else {
                continue;
            };
            let names: Vec<&str> = inner.split('.').collect();
            let Some((path, behind)) = rest.split_at_checked(names.len()) else { continue };
            let Some((last, circuits)) = path.split_last() else { continue };
            let is_called = |step: &Step<'_>, name: &str| step.every || step.name == name;
            let fits =
                circuits.iter().all(Step::has_no_place) && path.iter().zip(&names).all(|(step, name)| is_called(step, name));
            let (Ok(number), true) = (u32::try_from(at), fits && last.args.is_none()) else { continue };
            if self.has(population.cell, behind) {
                found.push(Found { population: PopulationId(number), indices: last.indices, rest: behind.to_vec() });
            }
        }
        found
    }

    /// Whether cells have what steps name, or at least the part where they begin.
    fn has(&self, cell: CellId, steps: &[Step<'_>]) -> bool {
        let Some(first) = steps.first() else { return false };
        match self.program.cells.get(cell.index()).map(|cell| &cell.body) {
            Some(CellBody::Free(mechanism)) => {
                let name = joined(steps);
                let mechanism = self.program.mechanisms.get(mechanism.index());
                mechanism.is_some_and(|m| m.variables.iter().any(|v| *v.name == *name))
            }
            Some(CellBody::Tree(tree)) => {
                let is_part =
                    |name: &str| tree.sections.iter().any(|s| *s.name == *name) || tree.synapses.iter().any(|s| *s.name == *name);
                is_part(first.name)
            }
            None => false,
        }
    }

    /// What can stand in the place of a `*` between these steps.
    fn candidates(&self, tree: &Tree, before: &[Step<'_>], after: &[Step<'_>]) -> Vec<Name> {
        let has = |mechanism: MechanismId, variable: &str| {
            self.program.mechanisms.get(mechanism.index()).is_some_and(|m| m.variables.iter().any(|v| *v.name == *variable))
        };
        match (before, after) {
            // Sections, or synapses of the cell.
            ([], [variable]) if variable.name == "v" => tree.sections.iter().map(|s| s.name.clone()).collect(),
            ([], [variable]) => {
                tree.synapses.iter().filter(|s| has(s.mechanism, variable.name)).map(|s| s.name.clone()).collect()
            }
            ([], [insert, variable]) => {
                let with = |i: &&bouton_model::ir::Insert| *i.name == *insert.name && has(i.mechanism, variable.name);
                tree.sections.iter().filter(|s| s.inserts.iter().any(|i| with(&i))).map(|s| s.name.clone()).collect()
            }
            // Mechanisms of a section.
            ([section], [variable]) => {
                let inserts = tree.sections.iter().filter(|s| *s.name == *section.name).flat_map(|s| &s.inserts);
                inserts.filter(|i| has(i.mechanism, variable.name)).map(|i| i.name.clone()).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The copies of mechanisms in a cell of equations of which the name of a variable can be made with these steps around.
fn copies(mechanism: &Mechanism, before: &[Step<'_>], after: &[Step<'_>]) -> Vec<Name> {
    let head = if before.is_empty() { String::new() } else { joined(before) + "." };
    let tail = format!(".{}", joined(after));
    let names = mechanism.variables.iter().filter_map(|one| one.name.strip_prefix(&*head)?.strip_suffix(&*tail));
    names.filter(|name| !name.is_empty() && !name.contains('.')).map(Name::from).collect()
}

fn joined(steps: &[Step<'_>]) -> String {
    steps.iter().map(|step| step.name).collect::<Vec<_>>().join(".")
}
