//! Walks over expressions as written. Decides nothing.

use bouton_syntax::ast::{Expr, ExprKind, Spacing, TextPart};

/// Whether `asks` holds for the expression or any part of it.
pub(crate) fn any<'e>(expr: &'e Expr, asks: &mut impl FnMut(&'e Expr) -> bool) -> bool {
    asks(expr) || parts(expr).into_iter().any(|part| any(part, asks))
}

/// The name that a path begins with.
pub(crate) fn head(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Field { base, .. } | ExprKind::Every { base } | ExprKind::Index { base, .. } => head(base),
        ExprKind::Call { callee, .. } => head(callee),
        _ => None,
    }
}

/// The parts of an expression, one level down.
pub(crate) fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Error
        | ExprKind::Number(_)
        | ExprKind::Quantity { .. }
        | ExprKind::Imaginary(_)
        | ExprKind::Bool(_)
        | ExprKind::Name(_) => Vec::new(),
        ExprKind::Text(text) => text
            .parts
            .iter()
            .filter_map(|part| if let TextPart::Value { value, .. } = part { Some(value) } else { None })
            .collect(),
        ExprKind::Field { base, .. } | ExprKind::Every { base } => vec![base],
        ExprKind::Index { base, indices } => std::iter::once(&**base).chain(indices).collect(),
        ExprKind::Call { callee, args } => std::iter::once(&**callee).chain(args.iter().map(|arg| &arg.value)).collect(),
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } | ExprKind::Compare { left, right, .. } => vec![left, right],
        ExprKind::InUnit { value, .. } => vec![value],
        ExprKind::After { value, time } | ExprKind::Before { value, time } => vec![value, time],
        ExprKind::Range(range) => {
            let spacing = range.spacing.as_ref().map(|(Spacing::By(value) | Spacing::Steps(value))| value);
            [&range.start, &range.end].into_iter().chain(spacing).collect()
        }
        ExprKind::List(values) | ExprKind::Tuple(values) => values.iter().collect(),
        ExprKind::If { condition, then, otherwise } => vec![condition, then, otherwise],
        ExprKind::Where { set, condition } => vec![set, condition],
    }
}
