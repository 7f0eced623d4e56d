//! Paths into the model as written: `M[0].soma(0.5).hh.m` as its steps. Looks nothing up.

use bouton_model::ir::Mechanism;
use bouton_syntax::Span;
use bouton_syntax::ast::{Arg, Expr, ExprKind};

/// One step of a path.
#[derive(Clone, Copy)]
pub(crate) struct Step<'e> {
    /// Its name; empty where it was unreadable.
    pub name: &'e str,
    /// Where the name stands.
    pub span: Span,
    /// `[0, 3 .. 5]`
    pub indices: Option<&'e [Expr]>,
    /// `(0.5)`
    pub args: Option<&'e [Arg]>,
    /// `*`: every part.
    pub every: bool,
}

/// The steps of a path; nothing where it is built of anything but names, fields, indices and calls.
pub(crate) fn steps(expr: &Expr) -> Option<Vec<Step<'_>>> {
    match &expr.kind {
        ExprKind::Name(name) => Some(vec![Step::named(name, expr.span)]),
        ExprKind::Field { base, name } => {
            let mut all = steps(base)?;
            all.push(Step::named(&name.text, name.span));
            Some(all)
        }
        ExprKind::Every { base } => {
            let mut all = steps(base)?;
            all.push(Step { every: true, ..Step::named("*", expr.span) });
            Some(all)
        }
        ExprKind::Index { base, indices } => {
            let mut all = steps(base)?;
            let last = all.last_mut()?;
            if last.indices.is_some() || last.args.is_some() {
                return None;
            }
            last.indices = Some(indices);
            Some(all)
        }
        ExprKind::Call { callee, args } => {
            let mut all = steps(callee)?;
            let last = all.last_mut()?;
            if last.args.is_some() {
                return None;
            }
            last.args = Some(args);
            Some(all)
        }
        _ => None,
    }
}

/// A path as it is written, without places and indices.
pub(crate) fn written(expr: &Expr) -> String {
    steps(expr).unwrap_or_default().iter().map(|step| step.name).collect::<Vec<_>>().join(".")
}

/// The name that steps make in a cell of equations, `exc.v` of a copy of a mechanism in it among them, where the mechanism has a
/// variable of it or there is one step alone.
pub(crate) fn own_name(steps: &[Step<'_>], mechanism: &Mechanism) -> Option<(String, Span)> {
    let (first, last) = (steps.first()?, steps.last()?);
    if !steps.iter().all(Step::is_plain) {
        return None;
    }
    let name = steps.iter().map(|step| step.name).collect::<Vec<_>>().join(".");
    let known = steps.len() == 1 || mechanism.variables.iter().any(|variable| begins(&variable.name, first.name));
    known.then(|| (name, first.span.to(last.span)))
}

fn begins(name: &str, copy: &str) -> bool {
    name.split_once('.').is_some_and(|(first, _)| first == copy)
}

impl<'e> Step<'e> {
    fn named(name: &'e str, span: Span) -> Step<'e> {
        Step { name, span, indices: None, args: None, every: false }
    }

    /// Whether it is a name alone, or a `*`.
    pub fn has_no_place(&self) -> bool {
        self.indices.is_none() && self.args.is_none()
    }

    /// Whether it is a name alone.
    pub fn is_plain(&self) -> bool {
        self.has_no_place() && !self.every
    }
}
