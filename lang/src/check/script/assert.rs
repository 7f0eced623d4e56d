//! `assert`: the condition, and its parts with their names, so that a failure can show their values.

use super::names::Locals;
use super::text::shown;
use crate::check::Checker;
use crate::check::expr::Ctx;
use bouton_model::ir::{Name, Shown, StatementKind};
use bouton_syntax::ast::{self, BinaryOp, Expr, ExprKind, UnaryOp};

/// How many parts are shown.
const MOST: usize = 8;

impl<'a> Checker<'a> {
    /// Checks an `assert`.
    pub(super) fn assert(
        &mut self,
        condition: &'a Expr,
        message: Option<&'a ast::Text>,
        locals: &Locals,
    ) -> Option<StatementKind> {
        let checked = self.condition(condition, "`assert`", locals);
        let message = message.map(|message| self.text(message, locals));
        let checked = checked?;
        let shown = self.in_script(locals, |_, ctx| {
            let mut all = Vec::new();
            parts(condition, &mut all, ctx);
            all
        });
        Some(StatementKind::Assert { condition: checked, shown, message })
    }
}

/// The sides of the comparisons in a condition that are more than numbers.
fn parts(condition: &Expr, all: &mut Vec<(Name, Shown)>, ctx: &mut Ctx<'_>) {
    match &condition.kind {
        ExprKind::Binary { op: BinaryOp::And | BinaryOp::Or, left, right, .. } => {
            parts(left, all, ctx);
            parts(right, all, ctx);
        }
        ExprKind::Unary { op: UnaryOp::Not, operand } => parts(operand, all, ctx),
        ExprKind::Compare { left, right, .. } => {
            side(left, all, ctx);
            side(right, all, ctx);
        }
        _ => {}
    }
}

fn side(expr: &Expr, all: &mut Vec<(Name, Shown)>, ctx: &mut Ctx<'_>) {
    if is_literal(expr) || all.len() >= MOST {
        return;
    }
    let name = Name::from(written(expr).as_str());
    if all.iter().any(|(known, _)| *known == name) {
        return;
    }
    if let Some(shown) = shown(expr, None, ctx) {
        all.push((name, shown));
    }
}

/// Whether an expression shows its value itself.
fn is_literal(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Bool(_) | ExprKind::Error => true,
        ExprKind::Unary { operand, .. } => is_literal(operand),
        ExprKind::Binary { op: BinaryOp::Div | BinaryOp::Mul, left, right, .. } => {
            is_literal(left) && matches!(right.kind, ExprKind::Name(_) | ExprKind::Number(_) | ExprKind::Quantity { .. })
        }
        _ => false,
    }
}

/// An expression in the script's words: the names in it, short.
fn written(expr: &Expr) -> String {
    let list = |parts: &[&Expr]| parts.iter().map(|part| written(part)).collect::<Vec<_>>().join(", ");
    match &expr.kind {
        ExprKind::Error | ExprKind::Text(_) => "...".to_owned(),
        ExprKind::Number(value) => format!("{value}"),
        ExprKind::Quantity { value, unit } => format!("{value} {}", unit.name.text),
        ExprKind::Imaginary(value) => format!("{value} i"),
        ExprKind::Bool(value) => format!("{value}"),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Field { base, name } => format!("{}.{}", written(base), name.text),
        ExprKind::Every { base } => format!("{}.*", written(base)),
        ExprKind::Index { base, indices } => format!("{}[{}]", written(base), list(&indices.iter().collect::<Vec<_>>())),
        ExprKind::Call { callee, args } => {
            format!("{}({})", written(callee), list(&args.iter().map(|arg| &arg.value).collect::<Vec<_>>()))
        }
        ExprKind::Unary { op: UnaryOp::Minus, operand } => format!("-{}", written(operand)),
        ExprKind::Unary { op: UnaryOp::Not, operand } => format!("not {}", written(operand)),
        ExprKind::Binary { op, left, right, .. } => format!("{} {} {}", written(left), op.text(), written(right)),
        ExprKind::Compare { op, left, right, .. } => format!("{} {} {}", written(left), op.text(), written(right)),
        ExprKind::InUnit { value, unit } => {
            let unit = unit.terms.iter().map(|term| &*term.name.text).collect::<Vec<_>>().join("*");
            format!("{} in {unit}", written(value))
        }
        ExprKind::After { value, time } => format!("{} after {}", written(value), written(time)),
        ExprKind::Before { value, time } => format!("{} before {}", written(value), written(time)),
        ExprKind::Range(range) => format!("{} .. {}", written(&range.start), written(&range.end)),
        ExprKind::List(parts) => format!("[{}]", list(&parts.iter().collect::<Vec<_>>())),
        ExprKind::Tuple(parts) => format!("({})", list(&parts.iter().collect::<Vec<_>>())),
        ExprKind::If { .. } => "if ...".to_owned(),
        ExprKind::Where { set, .. } => format!("{} where ...", written(set)),
    }
}
