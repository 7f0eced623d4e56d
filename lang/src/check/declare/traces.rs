//! `trace(EXPR)` in statements: records without a name.

use super::{Declarations, Symbol};
use crate::check::walk;
use bouton_syntax::ast::{Expr, ExprKind, ItemKind, Stmt, StmtKind};

/// All of them, but those of a record that has a name.
pub(super) fn of<'a>(all: &Declarations<'a>) -> Vec<&'a Expr> {
    let mut found = Vec::new();
    if all.names.declaration("trace").is_some() {
        return found;
    }
    for item in &all.statements {
        match &item.kind {
            ItemKind::Stmt(kind) => of_statement(kind, &mut |expr| collect(expr, all, &mut found)),
            ItemKind::Let(bindings) => bindings.iter().filter_map(|b| b.value.as_ref()).for_each(|e| collect(e, all, &mut found)),
            _ => {}
        }
    }
    found
}

fn collect<'a>(expr: &'a Expr, all: &Declarations<'a>, found: &mut Vec<&'a Expr>) {
    if let ExprKind::Call { callee, args } = &expr.kind
        && matches!(&callee.kind, ExprKind::Name(name) if &**name == "trace")
        && let [arg] = args.as_slice()
    {
        let named = |name: &str| all.names.declaration(name).is_some_and(|one| matches!(one.symbol, Symbol::Record(_)));
        if !matches!(&arg.value.kind, ExprKind::Name(name) if named(name)) {
            found.push(expr);
        }
        return;
    }
    walk::parts(expr).into_iter().for_each(|part| collect(part, all, found));
}

/// Calls `f` for each expression of a statement.
pub(crate) fn of_statement<'a>(kind: &'a StmtKind, f: &mut dyn FnMut(&'a Expr)) {
    let block = |items: &'a [Stmt], f: &mut dyn FnMut(&'a Expr)| items.iter().for_each(|one| of_statement(&one.kind, f));
    match kind {
        StmtKind::Run(time) => time.iter().for_each(&mut *f),
        StmtKind::Set(attrs) => attrs.iter().for_each(|attr| f(&attr.value)),
        StmtKind::Let(bindings) => bindings.iter().filter_map(|b| b.value.as_ref()).for_each(&mut *f),
        StmtKind::Print(values) => values.iter().for_each(&mut *f),
        StmtKind::Plot(show) | StmtKind::Save(show) => show.subjects.iter().for_each(&mut *f),
        StmtKind::Assert { condition, .. } => f(condition),
        StmtKind::For(repeat) => {
            f(&repeat.values);
            block(&repeat.body.items, f);
        }
        StmtKind::Steady(study) | StmtKind::Continue(study) | StmtKind::Sweep(study) | StmtKind::Optimize(study) => {
            block(&study.body.items, f)
        }
        StmtKind::Aim(_, value) => f(value),
        StmtKind::Attr(attr) => f(&attr.value),
        StmtKind::Report(reports) => reports.iter().for_each(|report| f(&report.value)),
        StmtKind::If(choice) => {
            f(&choice.condition);
            block(&choice.then.items, f);
            choice.otherwise.iter().for_each(|one| block(&one.items, f));
        }
        _ => {}
    }
}
