//! The value of an expression that nothing can change. The arithmetic is the engine's.

use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, Expr, Known, Unary, Var};
use bouton_model::value::{NoValue, arithmetic};

/// The number that an expression always has; nothing where it depends on a name or a draw, or is a truth value.
pub(crate) fn value(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Number(value) => Some(*value),
        Expr::Unary(Unary::Neg, operand) => Some(-value(operand)?),
        Expr::Binary(op, left, right) => binary(*op, value(left)?, value(right)?),
        Expr::Call(function, args) => {
            let args: Vec<f64> = args.iter().map(value).collect::<Option<_>>()?;
            call(*function, &args)
        }
        Expr::If(condition, then, otherwise) => value(if truth(condition)? { then } else { otherwise }),
        Expr::Bool(_)
        | Expr::Unary(Unary::Not, _)
        | Expr::Var(_)
        | Expr::Draw(..)
        | Expr::Let(..)
        | Expr::Measure(_)
        | Expr::List(_)
        | Expr::PerCell(_) => None,
    }
}

/// The truth value that an expression always has.
pub(crate) fn truth(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Bool(value) => Some(*value),
        Expr::Unary(Unary::Not, operand) => Some(!truth(operand)?),
        Expr::Binary(Binary::And, left, right) => Some(truth(left)? && truth(right)?),
        Expr::Binary(Binary::Or, left, right) => Some(truth(left)? || truth(right)?),
        Expr::Binary(op, left, right) => comparison(*op, value(left)?, value(right)?),
        _ => None,
    }
}

fn binary(op: Binary, a: f64, b: f64) -> Option<f64> {
    match op {
        Binary::Add => Some(a + b),
        Binary::Sub => Some(a - b),
        Binary::Mul => Some(a * b),
        Binary::Div => Some(a / b),
        Binary::Pow => Some(arithmetic::power(a, b)),
        _ => None,
    }
}

fn comparison(op: Binary, a: f64, b: f64) -> Option<bool> {
    match op {
        Binary::Lt => Some(a < b),
        Binary::Le => Some(a <= b),
        Binary::Gt => Some(a > b),
        Binary::Ge => Some(a >= b),
        Binary::Eq => Some(a == b),
        Binary::Ne => Some(a != b),
        _ => None,
    }
}

/// Functions of numbers alone: those that depend on `celsius` have no value yet.
fn call(function: Function, args: &[f64]) -> Option<f64> {
    arithmetic::call(function, args, &mut || Err(NoValue::Variable(Var::Known(Known::Celsius)))).ok()
}
