//! Numbers known before anything runs, while every parameter has its value of the script: for limits and warnings.

use super::constant;
use bouton_model::ir::{Expr, Param, Var};

/// How deep parameters may use each other here; circles are reported elsewhere.
const MOST_DEEP: usize = 64;

/// The number that an expression stands for while every parameter has its value of the script; nothing where it depends on more.
pub(crate) fn fold(value: &Expr, params: &[Param]) -> Option<f64> {
    constant::value(&filled(value, params, 0)?)
}

/// The expression with numbers in place of parameters; nothing where it has parts that no number can stand for.
fn filled(value: &Expr, params: &[Param], depth: usize) -> Option<Expr> {
    if depth > MOST_DEEP {
        return None;
    }
    let of = |part: &Expr| filled(part, params, depth).map(Box::new);
    Some(match value {
        Expr::Number(_) | Expr::Bool(_) => value.clone(),
        Expr::Var(Var::Param(id)) => {
            let inner = filled(&params.get(id.index())?.value, params, depth + 1)?;
            Expr::Number(constant::value(&inner)?)
        }
        Expr::Unary(op, operand) => Expr::Unary(*op, of(operand)?),
        Expr::Binary(op, left, right) => Expr::Binary(*op, of(left)?, of(right)?),
        Expr::Call(function, args) => {
            Expr::Call(*function, args.iter().map(|arg| filled(arg, params, depth)).collect::<Option<_>>()?)
        }
        Expr::If(condition, then, otherwise) => Expr::If(of(condition)?, of(then)?, of(otherwise)?),
        Expr::Var(_) | Expr::Draw(..) | Expr::Let(..) | Expr::Measure(_) | Expr::List(_) | Expr::PerCell(_) => return None,
    })
}
