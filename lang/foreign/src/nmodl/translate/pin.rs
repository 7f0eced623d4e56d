//! Values kept from the beginning of a step. cnexp advances one equation after the other, and an equation sees what was computed before it as it was then;
//! euler computes its block once, before any state moves, and what the block sets stays as it was then. Which form of an equation cnexp takes as linear is a
//! matter of its text alone.

use super::{Done, Env, Translator};
use crate::nmodl::tree::{Expr as Written, ExprKind, Op};
use bouton_model::algebra;
use bouton_model::ir::{Action, Expr, LocalId, Mechanism, Var, VarId, VariableKind};
use bouton_syntax::Span;
use std::collections::{HashMap, HashSet};

/// How a value depends on a state, by its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Not at all.
    Free,
    /// As a factor or a sum with one.
    Linear,
    /// As a product with itself.
    Product,
    /// In a denominator or a function.
    Bent,
}

/// The form of `e` in the state `name`.
pub(super) fn form(e: &Written, name: &str) -> Form {
    let within = |list: &[Written]| match list.iter().any(|e| form(e, name) != Form::Free) {
        true => Form::Bent,
        false => Form::Free,
    };
    match &e.kind {
        ExprKind::Name(other) if &**other == name => Form::Linear,
        ExprKind::Index(other, _) if &**other == name => Form::Linear,
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Index(..) | ExprKind::Text(_) => Form::Free,
        ExprKind::Call(_, list) => within(list),
        ExprKind::Neg(a) => form(a, name),
        ExprKind::Not(a) => within(std::slice::from_ref(&**a)),
        ExprKind::Binary(op, a, b) => match (op, form(a, name), form(b, name)) {
            (_, Form::Free, Form::Free) => Form::Free,
            (_, Form::Bent, _) | (_, _, Form::Bent) => Form::Bent,
            (Op::Add | Op::Sub, Form::Product, _) | (Op::Add | Op::Sub, _, Form::Product) => Form::Product,
            (Op::Add | Op::Sub, _, _) => Form::Linear,
            (Op::Mul, Form::Free, other) | (Op::Mul, other, Form::Free) => other,
            (Op::Mul, _, _) => Form::Product,
            (Op::Div, other, Form::Free) => other,
            _ => Form::Bent,
        },
    }
}

impl Translator<'_> {
    /// Keeps what equations take from before them.
    pub(super) fn pin(&mut self, mechanism: &mut Mechanism) -> Done<()> {
        let times: HashMap<VarId, usize> = self.derivatives.iter().map(|d| (d.equation.state, d.time)).collect();
        let mut pins: HashMap<VarId, LocalId> = HashMap::new();
        for equation in &mut mechanism.equations {
            let Some(now) = times.get(&equation.state).copied() else { continue };
            let own = Some(equation.state);
            let span = equation.span;
            equation.rate = self.pinned(&equation.rate, own, now, &times, &mut pins, span)?;
        }
        let span = self.file.span;
        for action in &mut mechanism.after {
            if let Action::Let(_, value) | Action::Assign(_, value) = action {
                *value = self.pinned(&value.clone(), None, usize::MAX, &times, &mut pins, span)?;
            }
        }
        mechanism.ahead = ahead(&pins);
        Ok(())
    }

    /// What the block of euler has set, before which the slots were `before`, is that of the states from which the step begins.
    pub(super) fn set_before(&mut self, before: &Env) {
        let states: HashSet<VarId> = self.derivatives.iter().map(|d| d.equation.state).collect();
        let moves = |var: &Var| matches!(var, Var::Own(id) if states.contains(id));
        for (slot, value) in self.env.clone() {
            if before.get(&slot) == Some(&value) {
                continue;
            }
            let mut met = Vec::new();
            algebra::visit(&value, &mut |part| {
                if let Expr::Var(Var::Own(id)) = part {
                    met.push(*id);
                }
            });
            let mut kept = value;
            for id in met {
                if self.reach(&Expr::Var(Var::Own(id))).iter().any(moves) {
                    let local = self.kept.get(&id).copied().unwrap_or_else(|| self.local());
                    self.kept.insert(id, local);
                    kept = replaced(&kept, id, local);
                }
            }
            self.env.insert(slot, kept);
        }
    }

    /// `e` with the definitions that would be others by `now` as kept values.
    fn pinned(
        &mut self,
        e: &Expr,
        own: Option<VarId>,
        now: usize,
        times: &HashMap<VarId, usize>,
        pins: &mut HashMap<VarId, LocalId>,
        span: Span,
    ) -> Done<Expr> {
        let mut met = Vec::new();
        algebra::visit(e, &mut |part| {
            if let Expr::Var(Var::Own(id)) = part {
                met.push(*id);
            }
        });
        let mut e = e.clone();
        for id in met {
            let Some(VariableKind::Let { .. }) = self.variables.get(id.index()).map(|v| &v.kind) else { continue };
            let given = self.bound_at.get(&id).copied().unwrap_or(0);
            let states = self.reach(&Expr::Var(Var::Own(id)));
            let states =
                || states.iter().filter_map(|var| if let Var::Own(id) = var { Some((*id, *times.get(id)?)) } else { None });
            let moved = states().any(|(_, time)| given < time && time < now);
            let itself = states().any(|(state, _)| Some(state) == own);
            if !moved && !itself {
                continue;
            }
            if states().any(|(_, time)| time <= given) {
                return self.refuse(span, "an equation that uses states from before and after their own equations");
            }
            let next = match pins.get(&id) {
                Some(local) => *local,
                None => {
                    let local = self.local();
                    pins.insert(id, local);
                    local
                }
            };
            e = replaced(&e, id, next);
        }
        Ok(e)
    }
}

/// The kept values, in the order of their numbers.
pub(super) fn ahead(kept: &HashMap<VarId, LocalId>) -> Vec<(LocalId, Expr)> {
    let mut list: Vec<(LocalId, Expr)> = kept.iter().map(|(id, local)| (*local, Expr::Var(Var::Own(*id)))).collect();
    list.sort_by_key(|(local, _)| *local);
    list
}

/// `e` with a variable replaced by its kept value.
fn replaced(e: &Expr, id: VarId, by: LocalId) -> Expr {
    let variables = |var: Var| (var == Var::Own(id)).then_some(Expr::Var(Var::Local(by)));
    algebra::Replacing { variables: &variables, shift: 0 }.expr(e)
}
