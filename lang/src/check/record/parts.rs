//! `*` in a path: every part that has the variable.

use super::{Checker, Step};
use bouton_model::ir::{CellBody, CellId, MechanismId, Name, Tree};
use bouton_syntax::Span;

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

impl<'a> Checker<'a> {
    /// The paths that one with `*` stands for; nothing where there is none, which has been reported.
    pub(super) fn parts_of<'s>(&mut self, id: CellId, rest: &[Step<'s>], span: Span) -> Option<Parts<'s>> {
        let plain: Vec<NamedStep<'s>> = rest.iter().map(|step| NamedStep { step: *step, name: None }).collect();
        let Some(at) = rest.iter().position(|step| step.every) else { return Some(vec![(None, plain)]) };
        let names = self.with_body(id, |checker, body| match body {
            CellBody::Tree(tree) => Some(checker.candidates(tree, &rest[..at], &rest[at + 1..])),
            CellBody::Free(_) => Some(Vec::new()),
        })?;
        if names.is_empty() {
            let variable = rest.last().filter(|last| !last.every).map_or("...", |last| last.name);
            let message = format!("no part of these cells has a `{variable}`");
            return self.no_variable(
                id,
                span,
                &message,
                "`p.*.v` is `v` of every section, `p.soma(0.5).*.m` is `m` of every mechanism there",
            );
        }
        let replaced = |name: Name| {
            let mut steps = plain.clone();
            if let Some(one) = steps.get_mut(at) {
                one.name = Some(name.clone());
            }
            (Some(name), steps)
        };
        Some(names.into_iter().map(replaced).collect())
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
