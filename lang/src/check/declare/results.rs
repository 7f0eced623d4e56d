//! Tells a `let` that reads a result (a statement) from one that follows its parameters (a declaration).

use super::{Declarations, Symbol};
use crate::check::unsupported::{Construct, refuse};
use crate::check::walk;
use bouton_syntax::ast::{self, Expr, ExprKind, Item, ItemKind};
use bouton_syntax::{Diagnostics, Span};
use std::collections::HashSet;

/// Functions whose value is a result wherever they stand.
const RESULTS: &[&str] = &["rate", "spikes", "cv", "trace"];

/// Declares the `let`s of a file, each as what it is; those that read results join the statements of the script in their order.
pub(super) fn sort_out<'a>(all: &mut Declarations<'a>, file: &'a ast::File, is_script: bool, diagnostics: &mut Diagnostics) {
    let results = result_names(all, file);
    for item in &file.items {
        let ItemKind::Let(bindings) = &item.kind else { continue };
        let mut keeps = false;
        for binding in bindings {
            if results.contains(&*binding.name.text) {
                keeps = true;
                if is_script {
                    all.result(binding, diagnostics);
                }
            } else if let Some(variable) = binding.value.as_ref().and_then(|value| reads_model(value, all)) {
                refuse(Construct::ModelDefinition, variable, diagnostics);
                all.names.declare(&binding.name, Symbol::Broken, diagnostics);
            } else {
                all.lets.push(binding);
                all.names.declare(&binding.name, Symbol::Let(binding), diagnostics);
            }
        }
        if keeps && is_script {
            insert(&mut all.statements, item);
        }
    }
}

/// Keeps the order of the text.
fn insert<'a>(statements: &mut Vec<&'a Item>, item: &'a Item) {
    let at = statements.partition_point(|one| one.span.start < item.span.start);
    statements.insert(at, item);
}

/// Names of `let`s that read a result, directly or through another such `let`.
fn result_names<'a>(all: &Declarations<'a>, file: &'a ast::File) -> HashSet<&'a str> {
    let lets =
        || file.items.iter().filter_map(|item| if let ItemKind::Let(bindings) = &item.kind { Some(bindings) } else { None });
    let mut found = HashSet::new();
    loop {
        let before = found.len();
        for binding in lets().flatten() {
            if binding.value.as_ref().is_some_and(|value| reads_result(value, all, &found)) {
                found.insert(&*binding.name.text);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// A variable of the model that a definition reads: `osc.theta`.
fn reads_model(value: &Expr, all: &Declarations<'_>) -> Option<Span> {
    let mut found = None;
    walk::any(value, &mut |part| {
        if let ExprKind::Field { base, .. } | ExprKind::Every { base } = &part.kind
            && let Some(name) = walk::head(base)
            && let Some(Symbol::Population(_) | Symbol::Cell(_) | Symbol::Connection) =
                all.names.declaration(name).map(|one| one.symbol)
        {
            found = found.or(Some(part.span));
        }
        found.is_some()
    });
    found
}

fn reads_result(value: &Expr, all: &Declarations<'_>, results: &HashSet<&str>) -> bool {
    walk::any(value, &mut |part| match &part.kind {
        ExprKind::Name(name) => {
            let record = all.names.declaration(name).is_some_and(|found| matches!(found.symbol, Symbol::Record(_)));
            record || results.contains(&**name)
        }
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Name(name) => RESULTS.contains(&&**name) && all.names.declaration(name).is_none(),
            _ => false,
        },
        _ => false,
    })
}
