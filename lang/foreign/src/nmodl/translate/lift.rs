//! FOR_NETCONS under a condition: what stands before it, the loop, and what stands behind it are done one after the other, each under the condition.

use super::{Done, Symbol, Translator};
use crate::nmodl::tree::{Expr as Written, ExprKind, Name, Op, Stmt, StmtKind};
use bouton_model::ir::Expr;
use bouton_syntax::Span;
use std::rc::Rc;

/// Whether some statement goes over connections.
pub(super) fn visits(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::ForNetcons(..) => true,
        StmtKind::If(_, a, b) => visits(a) || visits(b),
        _ => false,
    })
}

/// Statements with no loop over connections below a condition.
fn lifted(condition: &Written, body: &[Stmt], out: &mut Vec<Stmt>) {
    let mut waiting: Vec<Stmt> = Vec::new();
    let under = |list: Vec<Stmt>, span: Span| Stmt { kind: StmtKind::If(condition.clone(), list, Vec::new()), span };
    for stmt in body {
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::ForNetcons(names, inner) => {
                if !waiting.is_empty() {
                    out.push(under(std::mem::take(&mut waiting), span));
                }
                let inner = vec![under(inner.clone(), span)];
                out.push(Stmt { kind: StmtKind::ForNetcons(names.clone(), inner), span });
            }
            StmtKind::If(second, a, b) if visits(a) || visits(b) => {
                if !waiting.is_empty() {
                    out.push(under(std::mem::take(&mut waiting), span));
                }
                // It is looked at once.
                let name = Name { text: format!("chosen'{}'{}", span.start, out.len()).as_str().into(), span };
                let value = |kind: ExprKind| Written { kind, span };
                let and = |other: Written| value(ExprKind::Binary(Op::And, Box::new(condition.clone()), Box::new(other)));
                let chosen = value(ExprKind::Name(name.text.clone()));
                out.push(Stmt { kind: StmtKind::Local(vec![(name.clone(), None)]), span });
                out.push(Stmt { kind: StmtKind::Assign(name, None, second.clone()), span });
                lifted(&and(chosen.clone()), a, out);
                lifted(&and(value(ExprKind::Not(Box::new(chosen)))), b, out);
            }
            _ => waiting.push(stmt.clone()),
        }
    }
    if let Some(span) = waiting.first().map(|stmt| stmt.span) {
        out.push(under(waiting, span));
    }
}

impl Translator<'_> {
    /// A branch with a loop over connections in it. The condition is looked at once.
    pub(super) fn branch_of_visits(&mut self, condition: &Expr, then: &[Stmt], otherwise: &[Stmt], span: Span) -> Done<()> {
        let name: Rc<str> = format!("chosen'{}", self.slots.len()).as_str().into();
        let slot = self.scratch(&name);
        let chosen = super::value::choose(condition.clone(), Expr::Number(1.0), Expr::Number(0.0));
        self.write(slot, chosen, span);
        let known = self.locals.len();
        self.locals.push((name.clone(), Symbol::Slot(slot)));
        let holds = Written { kind: ExprKind::Name(name), span };
        let fails = Written { kind: ExprKind::Not(Box::new(holds.clone())), span };
        let mut list = Vec::new();
        lifted(&holds, then, &mut list);
        lifted(&fails, otherwise, &mut list);
        let done = self.body(&list);
        self.locals.truncate(known);
        done
    }
}
