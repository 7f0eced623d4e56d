//! The names that a tree mentions, its own included. Those that inner declarations hide are not among them.

use super::rename::Rename;
use bouton_syntax::ast::{Expr, Item, StmtKind};
use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

/// By a declaration.
pub(crate) fn by_item(item: &Item) -> HashSet<Arc<str>> {
    collected(|all| all.item(&mut item.clone()))
}

/// By a statement.
pub(crate) fn by_statement(kind: &StmtKind) -> HashSet<Arc<str>> {
    collected(|all| all.stmt(&mut kind.clone()))
}

/// By an expression.
pub(crate) fn by_expr(expr: &Expr) -> HashSet<Arc<str>> {
    collected(|all| all.expr(&mut expr.clone()))
}

/// A change of names that changes none sees them all.
fn collected(walk: impl FnOnce(&mut Rename<'_>)) -> HashSet<Arc<str>> {
    let found = RefCell::new(HashSet::new());
    let see = |name: &str| {
        found.borrow_mut().insert(Arc::from(name));
        None
    };
    walk(&mut Rename::by(&see));
    found.into_inner()
}
