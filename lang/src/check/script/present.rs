//! Paths in statements that name what `set` can set: they stand for its value at that moment.

use crate::check::Checker;
use crate::check::declare::{Symbol, of_statement};
use crate::check::walk;
use bouton_model::ir::Knob;
use bouton_model::unit::Dimension;
use bouton_syntax::Span;
use bouton_syntax::ast::{Expr, ExprKind, ItemKind};
use std::collections::HashMap;

impl<'a> Checker<'a> {
    /// Such paths by their places. What is wrong with others is told where they are read.
    pub(super) fn present(&mut self) -> HashMap<Span, (Knob, Dimension)> {
        let mut paths: Vec<&'a Expr> = Vec::new();
        for item in &self.declared.statements {
            match &item.kind {
                ItemKind::Stmt(kind) => of_statement(kind, &mut |expr| self.paths(expr, &mut paths)),
                ItemKind::Let(list) => list.iter().filter_map(|one| one.value.as_ref()).for_each(|e| self.paths(e, &mut paths)),
                _ => {}
            }
        }
        let told = std::mem::take(self.diagnostics);
        let found = paths.into_iter().filter_map(|path| Some((path.span, self.knob(path)?)));
        let found: Vec<_> = found.collect();
        *self.diagnostics = told;
        // A state begins with what is set, and is something else as soon as time goes on.
        let has_value =
            |knob: &Knob| matches!(knob, Knob::Sections { .. }) || self.program.present(knob).iter().all(Option::is_some);
        found.into_iter().filter(|(_, (knob, _))| has_value(knob)).collect()
    }

    fn paths(&self, expr: &'a Expr, found: &mut Vec<&'a Expr>) {
        if matches!(expr.kind, ExprKind::Field { .. })
            && let Some(head) = walk::head(expr)
            && let Some(Symbol::Population(_) | Symbol::Cell(_) | Symbol::Synapse(_) | Symbol::Connection) =
                self.declared.names.find(head)
        {
            found.push(expr);
        }
        walk::parts(expr).into_iter().for_each(|part| self.paths(part, found));
    }
}
