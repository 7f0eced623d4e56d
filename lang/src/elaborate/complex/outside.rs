//! Complex numbers outside of cells: `let order = abs(mean(exp(1 i * osc.theta)))`, `record r = abs(p.z)`, `print "{re(z)}"`. A definition that is complex
//! becomes two, and whatever is looked at is real.

use super::super::rename::Rename;
use super::pair::{Known, Pairs, Value, is_complex};
use super::wire::{self, Populations};
use super::{Names, parts};
use bouton_syntax::ast::{self, Binding, Expr, ExprKind, ItemKind};
use bouton_syntax::{Diagnostics, Span};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// What is complex in a file: definitions, and variables of cells.
struct Outside<'c> {
    names: Names,
    populations: Populations<'c>,
}

impl Known for Outside<'_> {
    fn is_name(&self, name: &Arc<str>) -> bool {
        self.names.contains(name)
    }

    fn is_path(&self, path: &Expr) -> bool {
        matches!(path.kind, ExprKind::Field { .. }) && wire::is_complex(path, &self.populations)
    }
}

/// Writes out definitions, records and statements.
pub(super) fn write_out(trees: &mut [ast::File], cells: &HashMap<Arc<str>, Names>, diagnostics: &mut Diagnostics) {
    let mut known = Outside { names: Names::new(), populations: Populations::new() };
    for item in trees.iter().flat_map(|file| &file.items) {
        if let ItemKind::Population(population) = &item.kind
            && let Some(names) = cells.get(super::super::text(&population.cell).as_str())
        {
            known.populations.insert(population.name.text.clone(), names);
        }
    }
    known.find(trees);
    let found = RefCell::new(std::mem::take(diagnostics));
    let write = |e: &mut Expr| {
        // A text has values in it, each for itself.
        let whole = !matches!(e.kind, ExprKind::Text(_)) && holds(e, &known);
        if whole {
            *e = Pairs { names: &known, diagnostics: &mut found.borrow_mut() }.real(e);
        }
        whole
    };
    for item in trees.iter_mut().flat_map(|file| &mut file.items) {
        match &mut item.kind {
            ItemKind::Let(list) => *list = list.drain(..).flat_map(|one| known.binding(one, &found)).collect(),
            ItemKind::Record(_) | ItemKind::Stmt(_) => Rename::writing(&write).item(item),
            _ => {}
        }
    }
    *diagnostics = found.into_inner();
}

/// Whether something complex stands in an expression, however real the whole is.
fn holds(e: &Expr, known: &Outside<'_>) -> bool {
    crate::check::walk::any(e, &mut |part| is_complex(part, known))
}

impl Outside<'_> {
    /// Finds the definitions that are complex.
    fn find(&mut self, trees: &[ast::File]) {
        loop {
            let before = self.names.len();
            for item in trees.iter().flat_map(|file| &file.items) {
                let ItemKind::Let(list) = &item.kind else { continue };
                let complex = list.iter().filter(|one| one.value.as_ref().is_some_and(|value| is_complex(value, self)));
                let names: Vec<Arc<str>> = complex.map(|one| one.name.text.clone()).collect();
                self.names.extend(names);
            }
            if self.names.len() == before {
                return;
            }
        }
    }

    fn binding(&self, binding: Binding, found: &RefCell<Diagnostics>) -> Vec<Binding> {
        let Some(value) = binding.value.as_ref().filter(|value| holds(value, self)) else { return vec![binding] };
        let mut sink = found.borrow_mut();
        let mut pairs = Pairs { names: self, diagnostics: &mut sink };
        if !self.names.contains(&binding.name.text) {
            let value = pairs.real(value);
            return vec![Binding { value: Some(value), ..binding }];
        }
        let zero = |span: Span| Expr { kind: ExprKind::Number(0.0), span };
        let values = match pairs.value(value) {
            Value::Real(x) => [x, zero(binding.span)],
            Value::Pair(re, im) => [re, im].map(|part| part.unwrap_or_else(|| zero(binding.span))),
        };
        let each = parts(&binding.name).into_iter().zip(values);
        each.map(|(name, value)| Binding { name, value: Some(value), ..binding.clone() }).collect()
    }
}
