//! What is left when all uses are checked: definitions and functions that nothing used, sets among them, and unused parameters.

use super::declare::{Declarations, Symbol};
use super::expr::check_expr;
use super::mechanism::given::is_table;
use super::{Checker, Known, walk};
use bouton_syntax::ast::{Binding, Expr, ExprKind};
use bouton_syntax::{Code, Diagnostic, FileId};

/// How deep sets may be named by sets.
const MOST_DEEP: usize = 32;

impl Checker<'_> {
    /// Checks definitions and functions that nothing has asked for.
    pub fn lets(&mut self) {
        let declared = self.declared;
        self.scope.check_rest(|binding| is_list(binding, declared), self.diagnostics);
        for binding in declared.lets.iter().filter(|binding| is_list(binding, declared)) {
            let Some(value) = &binding.value else { continue };
            self.within(Known::Nothing, |view, ctx| {
                if is_set(value, declared, 0) {
                    view.set(&[value], value.span, ctx);
                } else if !is_table(value) {
                    // Of a list its values, of a range its ends and its step.
                    walk::parts(value).into_iter().for_each(|part| drop(check_expr(part, ctx)));
                }
            });
        }
    }

    /// Warns of parameters of the script that nothing uses.
    pub fn unused_params(&mut self) {
        for binding in &self.declared.params {
            let name = &binding.name;
            if name.is_missing() || name.span.file != FileId::default() || self.declared.names.is_used(&name.text) {
                continue;
            }
            let unused =
                Diagnostic::new(Code::UnusedParameter, name.span, format!("the parameter `{}` is never used", name.text));
            self.diagnostics.push(unused.help("use it, or leave it out"));
        }
    }
}

/// Whether a definition is a set or a list rather than a number.
fn is_list(binding: &Binding, declared: &Declarations<'_>) -> bool {
    binding.value.as_ref().is_some_and(|value| {
        matches!(value.kind, ExprKind::List(_) | ExprKind::Tuple(_) | ExprKind::Where { .. } | ExprKind::Range(_))
            || is_table(value)
            || is_set(value, declared, 0)
    })
}

/// Whether a definition is a set of cells.
pub(super) fn names_cells(binding: &Binding, declared: &Declarations<'_>) -> bool {
    binding.value.as_ref().is_some_and(|value| is_set(value, declared, 0))
}

/// Whether an expression is a set of cells.
fn is_set(expr: &Expr, declared: &Declarations<'_>, depth: usize) -> bool {
    if depth > MOST_DEEP {
        return false;
    }
    match &expr.kind {
        ExprKind::Name(name) => match declared.names.declaration(name).map(|found| found.symbol) {
            Some(Symbol::Population(_) | Symbol::Cell(_)) => true,
            Some(Symbol::Let(binding)) => binding.value.as_ref().is_some_and(|value| is_set(value, declared, depth + 1)),
            Some(_) => false,
            None => &**name == "all",
        },
        ExprKind::List(parts) | ExprKind::Tuple(parts) => parts.first().is_some_and(|part| is_set(part, declared, depth + 1)),
        ExprKind::Index { base, .. } => is_set(base, declared, depth + 1),
        ExprKind::Where { .. } => true,
        _ => false,
    }
}
