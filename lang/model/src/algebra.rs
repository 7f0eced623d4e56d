//! A small symbolic toolkit over checked expressions: what depends on what, and linear decomposition. It never evaluates.

pub mod kinetic;

use crate::ir::{Action, Binary, Expr, LocalId, Mechanism, Unary, Var, VarId, VariableKind};
use std::collections::BTreeSet;

/// e = slope * x + rest, neither depending on x.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// Coefficient of x.
    pub slope: Expr,
    /// Value at x = 0.
    pub rest: Expr,
}

/// The definition that a variable stands for: of a let, or of one of the mechanism's currents.
pub fn definition(mechanism: &Mechanism, id: VarId) -> Option<&Expr> {
    match &mechanism.variables.get(id.index())?.kind {
        VariableKind::Let { value } => Some(value),
        VariableKind::Current { current } => mechanism.currents.get(*current).map(|c| &c.value),
        _ => None,
    }
}

/// Whether any variable of `e`, also behind definitions, is one that `wanted` accepts. Each definition is looked into once.
pub fn mentions(mechanism: &Mechanism, e: &Expr, wanted: &dyn Fn(Var) -> bool) -> bool {
    any(mechanism, e, &|x| matches!(x, Expr::Var(v) if wanted(*v)))
}

/// Whether `e` depends on `var`.
pub fn depends_on(mechanism: &Mechanism, e: &Expr, var: Var) -> bool {
    mentions(mechanism, e, &|v| v == var)
}

/// Whether `e` draws a random number.
pub fn draws(mechanism: &Mechanism, e: &Expr) -> bool {
    any(mechanism, e, &|x| matches!(x, Expr::Draw(..)))
}

/// Whether some part of `e`, also behind definitions, is one that `wanted` accepts.
fn any(mechanism: &Mechanism, e: &Expr, wanted: &dyn Fn(&Expr) -> bool) -> bool {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![e];
    let mut found = false;
    while let Some(e) = waiting.pop() {
        visit(e, &mut |x| {
            found |= wanted(x);
            if let Expr::Var(Var::Own(id)) = x
                && seen.insert(*id)
            {
                waiting.extend(definition(mechanism, *id));
            }
        });
        if found {
            return true;
        }
    }
    false
}

/// Calls `f` for `e` and everything in it.
pub fn visit(e: &Expr, f: &mut dyn FnMut(&Expr)) {
    f(e);
    match e {
        Expr::Unary(_, a) => visit(a, f),
        Expr::Binary(_, a, b) | Expr::Let(_, a, b) => {
            visit(a, f);
            visit(b, f);
        }
        Expr::Call(_, list) | Expr::Draw(_, list) | Expr::List(list) => list.iter().for_each(|a| visit(a, f)),
        Expr::PerCell(list) => list.iter().for_each(|a| visit(a, f)),
        Expr::If(a, b, c) => [a, b, c].into_iter().for_each(|x| visit(x, f)),
        Expr::Number(_) | Expr::Bool(_) | Expr::Var(_) | Expr::Measure(_) => {}
    }
}

/// Calls `f` for every expression in these actions.
pub fn visit_actions(actions: &[Action], f: &mut dyn FnMut(&Expr)) {
    for action in actions {
        match action {
            Action::Assign(_, e) | Action::Potential(e) | Action::Keep(_, e) | Action::Let(_, e) => f(e),
            Action::Spike(Some(e)) => f(e),
            Action::Send { delay, flag, .. } => {
                f(delay);
                flag.iter().for_each(&mut *f);
            }
            Action::EachConnection(inner) => visit_actions(inner, f),
            Action::If(condition, yes, no) => {
                f(condition);
                visit_actions(yes, f);
                visit_actions(no, f);
            }
            Action::Spike(None) => {}
        }
    }
}

/// `e` as a linear function of `var`, if its form shows that it is one.
pub fn linear_in(mechanism: &Mechanism, e: &Expr, var: Var) -> Option<Linear> {
    if !depends_on(mechanism, e, var) {
        return Some(Linear { slope: Expr::Number(0.0), rest: e.clone() });
    }
    let free = |e: &Expr| !depends_on(mechanism, e, var);
    match e {
        Expr::Var(v) if *v == var => Some(Linear { slope: Expr::Number(1.0), rest: Expr::Number(0.0) }),
        Expr::Var(Var::Own(id)) => linear_in(mechanism, definition(mechanism, *id)?, var),
        Expr::Unary(Unary::Neg, a) => Some(linear_in(mechanism, a, var)?.map(neg)),
        Expr::Binary(Binary::Add, a, b) => Some(linear_in(mechanism, a, var)?.join(linear_in(mechanism, b, var)?, add)),
        Expr::Binary(Binary::Sub, a, b) => Some(linear_in(mechanism, a, var)?.join(linear_in(mechanism, b, var)?, sub)),
        Expr::Binary(Binary::Mul, a, b) if free(a) => Some(linear_in(mechanism, b, var)?.map(|x| mul((**a).clone(), x))),
        Expr::Binary(Binary::Mul, a, b) if free(b) => Some(linear_in(mechanism, a, var)?.map(|x| mul(x, (**b).clone()))),
        Expr::Binary(Binary::Div, a, b) if free(b) => Some(linear_in(mechanism, a, var)?.map(|x| div(x, (**b).clone()))),
        Expr::If(c, a, b) if free(c) => {
            let choose = |x, y| if x == y { x } else { Expr::If(c.clone(), Box::new(x), Box::new(y)) };
            Some(linear_in(mechanism, a, var)?.join(linear_in(mechanism, b, var)?, choose))
        }
        Expr::Let(id, value, body) if free(value) => {
            let wrap = |x| if is_number(&x) { x } else { Expr::Let(*id, value.clone(), Box::new(x)) };
            Some(linear_in(mechanism, body, var)?.map(wrap))
        }
        Expr::Let(id, value, body) => linear_in(mechanism, &substitute(body, *id, value), var),
        _ => None,
    }
}

impl Linear {
    fn map(self, f: impl Fn(Expr) -> Expr) -> Linear {
        Linear { slope: f(self.slope), rest: f(self.rest) }
    }

    fn join(self, other: Linear, f: impl Fn(Expr, Expr) -> Expr) -> Linear {
        Linear { slope: f(self.slope, other.slope), rest: f(self.rest, other.rest) }
    }
}

/// `e` with a local value written out.
pub fn substitute(e: &Expr, id: LocalId, value: &Expr) -> Expr {
    Replacing { variables: &|var| (var == Var::Local(id)).then(|| value.clone()), shift: 0 }.expr(e)
}

/// What takes the place of variables, and by how much the numbers of local values grow.
pub struct Replacing<'r> {
    /// For a variable something else, before its number has grown.
    pub variables: &'r dyn Fn(Var) -> Option<Expr>,
    /// Added to the numbers of local values.
    pub shift: u32,
}

impl Replacing<'_> {
    fn local(&self, LocalId(id): LocalId) -> LocalId {
        LocalId(id + self.shift)
    }

    /// An expression with these replaced.
    pub fn expr(&self, e: &Expr) -> Expr {
        let again = |x: &Expr| Box::new(self.expr(x));
        let all = |list: &[Expr]| list.iter().map(|x| self.expr(x)).collect();
        match e {
            Expr::Var(var) => (self.variables)(*var).unwrap_or_else(|| match var {
                Var::Local(id) => Expr::Var(Var::Local(self.local(*id))),
                _ => e.clone(),
            }),
            Expr::Unary(op, a) => Expr::Unary(*op, again(a)),
            Expr::Binary(op, a, b) => Expr::Binary(*op, again(a), again(b)),
            Expr::Let(id, a, b) => Expr::Let(self.local(*id), again(a), again(b)),
            Expr::Call(f, list) => Expr::Call(*f, all(list)),
            Expr::Draw(d, list) => Expr::Draw(*d, all(list)),
            Expr::List(list) => Expr::List(all(list)),
            Expr::PerCell(list) => Expr::PerCell(list.iter().map(|x| self.expr(x)).collect()),
            Expr::If(a, b, c) => Expr::If(again(a), again(b), again(c)),
            Expr::Number(_) | Expr::Bool(_) | Expr::Measure(_) => e.clone(),
        }
    }

    /// Actions with these replaced.
    pub fn actions(&self, actions: &[Action]) -> Vec<Action> {
        let one = |action: &Action| match action {
            Action::Assign(id, e) => Action::Assign(*id, self.expr(e)),
            Action::Potential(e) => Action::Potential(self.expr(e)),
            Action::Keep(column, e) => Action::Keep(*column, self.expr(e)),
            Action::EachConnection(inner) => Action::EachConnection(self.actions(inner)),
            Action::Let(id, e) => Action::Let(self.local(*id), self.expr(e)),
            Action::If(e, yes, no) => Action::If(self.expr(e), self.actions(yes), self.actions(no)),
            Action::Spike(times) => Action::Spike(times.as_ref().map(|e| self.expr(e))),
            Action::Send { delay, handler, moves, flag } => {
                let flag = flag.as_ref().map(|e| self.expr(e));
                Action::Send { delay: self.expr(delay), handler: *handler, moves: *moves, flag }
            }
        };
        actions.iter().map(one).collect()
    }
}

/// a / b where factors that both have are left out.
pub fn ratio(a: Expr, b: Expr) -> Expr {
    match (a, b) {
        (a, b) if a == b => Expr::Number(1.0),
        (Expr::Binary(Binary::Div, a, c), Expr::Binary(Binary::Div, b, d)) if c == d => ratio(*a, *b),
        (Expr::Binary(Binary::Mul, a, c), Expr::Binary(Binary::Mul, b, d)) if a == b => ratio(*c, *d),
        (Expr::Binary(Binary::Mul, a, c), Expr::Binary(Binary::Mul, b, d)) if c == d => ratio(*a, *b),
        (Expr::Let(i, v, a), Expr::Let(j, w, b)) if i == j && v == w => Expr::Let(i, v, Box::new(ratio(*a, *b))),
        (Expr::Unary(Unary::Neg, a), b) => neg(ratio(*a, b)),
        (a, Expr::Unary(Unary::Neg, b)) => neg(ratio(a, *b)),
        (a, b) => div(a, b),
    }
}

/// Whether it is this number.
pub fn is(e: &Expr, n: f64) -> bool {
    matches!(e, Expr::Number(x) if *x == n)
}

fn is_number(e: &Expr) -> bool {
    matches!(e, Expr::Number(_))
}

fn binary(op: Binary, a: Expr, b: Expr) -> Expr {
    Expr::Binary(op, Box::new(a), Box::new(b))
}

/// -a. Signs are carried outward, which is exact.
pub fn neg(a: Expr) -> Expr {
    match a {
        Expr::Number(x) => Expr::Number(if x == 0.0 { 0.0 } else { -x }),
        Expr::Unary(Unary::Neg, a) => *a,
        a => Expr::Unary(Unary::Neg, Box::new(a)),
    }
}

/// a + b
pub fn add(a: Expr, b: Expr) -> Expr {
    match (a, b) {
        (a, b) if is(&a, 0.0) => b,
        (a, b) if is(&b, 0.0) => a,
        (Expr::Unary(Unary::Neg, a), Expr::Unary(Unary::Neg, b)) => neg(add(*a, *b)),
        (a, Expr::Unary(Unary::Neg, b)) => sub(a, *b),
        (Expr::Unary(Unary::Neg, a), b) => sub(b, *a),
        (a, b) => binary(Binary::Add, a, b),
    }
}

/// a - b
pub fn sub(a: Expr, b: Expr) -> Expr {
    match (a, b) {
        (a, b) if is(&b, 0.0) => a,
        (a, b) if is(&a, 0.0) => neg(b),
        (Expr::Unary(Unary::Neg, a), Expr::Unary(Unary::Neg, b)) => sub(*b, *a),
        (a, Expr::Unary(Unary::Neg, b)) => add(a, *b),
        (Expr::Unary(Unary::Neg, a), b) => neg(add(*a, b)),
        (a, b) => binary(Binary::Sub, a, b),
    }
}

/// a * b
pub fn mul(a: Expr, b: Expr) -> Expr {
    match (a, b) {
        (a, b) if is(&a, 0.0) || is(&b, 0.0) => Expr::Number(0.0),
        (a, b) if is(&a, 1.0) => b,
        (a, b) if is(&b, 1.0) => a,
        (a, b) if is(&a, -1.0) => neg(b),
        (a, b) if is(&b, -1.0) => neg(a),
        (Expr::Unary(Unary::Neg, a), b) => neg(mul(*a, b)),
        (a, Expr::Unary(Unary::Neg, b)) => neg(mul(a, *b)),
        (a, b) => binary(Binary::Mul, a, b),
    }
}

/// a / b
pub fn div(a: Expr, b: Expr) -> Expr {
    match (a, b) {
        (a, _) if is(&a, 0.0) => Expr::Number(0.0),
        (a, b) if is(&b, 1.0) => a,
        (Expr::Number(x), b) if x < 0.0 => neg(div(Expr::Number(-x), b)),
        (Expr::Unary(Unary::Neg, a), b) => neg(div(*a, b)),
        (a, Expr::Unary(Unary::Neg, b)) => neg(div(a, *b)),
        (a, b) => binary(Binary::Div, a, b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{MechanismKind, Span, Variable};
    use crate::unit::Dimension;

    fn own(n: u32) -> Expr {
        Expr::Var(Var::Own(VarId(n)))
    }

    fn number(x: f64) -> Expr {
        Expr::Number(x)
    }

    /// x (0), a (1) and b (2) are states; tau (3) is a let of b; y (4) a let of x.
    fn mechanism() -> Mechanism {
        let state = || VariableKind::State { initial: number(0.0) };
        let tau = VariableKind::Let { value: add(own(2), number(1.0)) };
        let y = VariableKind::Let { value: mul(number(2.0), own(0)) };
        let kinds = [state(), state(), state(), tau, y];
        let variable = |kind| Variable { name: "x".into(), span: Span::default(), dimension: Dimension::NONE, kind };
        let variables = kinds.into_iter().map(variable).collect();
        Mechanism { variables, locals: 1, ..Mechanism::empty("test".into(), Span::default(), MechanismKind::Density) }
    }

    fn linear(e: &Expr) -> Option<Linear> {
        linear_in(&mechanism(), e, Var::Own(VarId(0)))
    }

    /// (a - x) / tau: the target is a itself, not (a / tau) / (1 / tau).
    #[test]
    fn relaxation() {
        let l = linear(&div(sub(own(1), own(0)), own(3))).unwrap();
        assert_eq!(l.slope, neg(div(number(1.0), own(3))));
        assert_eq!(l.rest, div(own(1), own(3)));
        assert_eq!(ratio(l.rest, neg(l.slope)), own(1));
    }

    /// a (1 - x) - b x: slope -(a + b), target a / (a + b).
    #[test]
    fn opening_and_closing() {
        let e = binary(Binary::Sub, mul(own(1), sub(number(1.0), own(0))), mul(own(2), own(0)));
        let l = linear(&e).unwrap();
        assert_eq!(l.slope, neg(add(own(1), own(2))));
        assert_eq!(ratio(l.rest, neg(l.slope)), div(own(1), add(own(1), own(2))));
    }

    /// A definition that depends on the state is looked into.
    #[test]
    fn through_definitions() {
        let l = linear(&add(own(4), own(1))).unwrap();
        assert_eq!(l, Linear { slope: number(2.0), rest: own(1) });
    }

    #[test]
    fn not_linear() {
        assert_eq!(linear(&mul(own(0), own(0))), None);
        assert_eq!(linear(&div(number(1.0), own(0))), None);
        assert_eq!(linear(&mul(own(4), own(0))), None);
        let condition = binary(Binary::Lt, own(0), number(1.0));
        assert_eq!(linear(&Expr::If(Box::new(condition), Box::new(own(0)), Box::new(own(1)))), None);
    }

    /// A local value that depends on the state is written out, one that does not is kept.
    #[test]
    fn locals() {
        let local = || Box::new(Expr::Var(Var::Local(LocalId(0))));
        let body = |x: Expr| Expr::Let(LocalId(0), Box::new(x), Box::new(Expr::Binary(Binary::Mul, local(), Box::new(own(0)))));
        assert_eq!(linear(&body(own(0))), None);
        assert!(matches!(linear(&body(own(1))).unwrap().slope, Expr::Let(..)));
    }
}
