//! Tells a `let` that reads a result (a statement) from one that follows its parameters (a declaration).

use super::{Declarations, Symbol};
use crate::check::walk;
use bouton_syntax::Diagnostics;
use bouton_syntax::ast::{self, Expr, ExprKind, Item, ItemKind};
use std::collections::HashSet;

/// Functions whose value is a result wherever they stand.
const RESULTS: &[&str] = &[
    "ap_count",
    "ap_times",
    "ap_amplitude",
    "ap_width",
    "ahp_depth",
    "isi_cv",
    "adaptation",
    "rest",
    "sag",
    "input_resistance",
    "rate",
    "spikes",
    "cv",
    "trace",
    "times",
    "intervals",
    "rates",
    "activity",
    "crossings",
    "fano",
    "synchrony",
    "peak",
];

/// Declares the `let`s of a file, each as what it is; those that read results join the statements of the script in their order.
pub(super) fn sort_out<'a>(all: &mut Declarations<'a>, file: &'a ast::File, is_script: bool, diagnostics: &mut Diagnostics) {
    let results = names(file, &|value, found| reads_result(value, all, found));
    let models = names(file, &|value, found| reads_model(value, all) || mentions_any(value, found));
    for item in &file.items {
        let ItemKind::Let(bindings) = &item.kind else { continue };
        let mut keeps = false;
        for binding in bindings {
            if results.contains(&*binding.name.text) {
                keeps = true;
                if is_script {
                    all.result(binding, diagnostics);
                }
            } else if models.contains(&*binding.name.text) {
                all.names.declare(&binding.name, Symbol::Model(binding), diagnostics);
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

/// Names of `let`s that read what is asked for, directly or through another such `let`.
fn names<'a>(file: &'a ast::File, reads: &dyn Fn(&Expr, &HashSet<&str>) -> bool) -> HashSet<&'a str> {
    let lets =
        || file.items.iter().filter_map(|item| if let ItemKind::Let(bindings) = &item.kind { Some(bindings) } else { None });
    let mut found = HashSet::new();
    loop {
        let before = found.len();
        for binding in lets().flatten() {
            if binding.value.as_ref().is_some_and(|value| reads(value, &found)) {
                found.insert(&*binding.name.text);
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

fn mentions_any(value: &Expr, names: &HashSet<&str>) -> bool {
    walk::any(value, &mut |part| matches!(&part.kind, ExprKind::Name(name) if names.contains(&**name)))
}

/// Whether a definition reads a variable of the model: `osc.theta`.
fn reads_model(value: &Expr, all: &Declarations<'_>) -> bool {
    walk::any(value, &mut |part| {
        matches!(&part.kind, ExprKind::Field { base, .. } | ExprKind::Every { base }
        if walk::head(base).and_then(|name| all.names.declaration(name)).is_some_and(|one| {
            matches!(one.symbol, Symbol::Population(_) | Symbol::Cell(_) | Symbol::Connection)
        }))
    })
}

fn reads_result(value: &Expr, all: &Declarations<'_>, results: &HashSet<&str>) -> bool {
    walk::any(value, &mut |part| match &part.kind {
        ExprKind::Name(name) => {
            let result = |symbol: &Symbol<'_>| matches!(symbol, Symbol::Record(_) | Symbol::Result(_));
            let record = all.names.declaration(name).is_some_and(|found| result(&found.symbol));
            record || results.contains(&**name)
        }
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Name(name) => RESULTS.contains(&&**name) && all.names.declaration(name).is_none(),
            _ => false,
        },
        _ => false,
    })
}
