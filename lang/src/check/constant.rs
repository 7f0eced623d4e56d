//! The value of an expression that nothing can change. The arithmetic is the engine's.

use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, Expr, Unary};
use bouton_model::math::{self, Real};

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
        Binary::Pow => Some(power(a, b)),
        _ => None,
    }
}

/// a^b; small integer powers are products, from the left, as in kernels.
fn power(a: f64, b: f64) -> f64 {
    if b.fract() != 0.0 || b.abs() > 8.0 {
        return math::pow(a, b);
    }
    let product = (1..b.abs() as u32).fold(a, |product, _| product * a);
    match b {
        0.0 => 1.0,
        b if b < 0.0 => 1.0 / product,
        _ => product,
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

/// Functions of numbers alone; `nernst` and `ghk` depend on `celsius`.
fn call(function: Function, args: &[f64]) -> Option<f64> {
    let (&first, rest) = args.split_first()?;
    let value = match function {
        Function::Min => rest.iter().fold(first, |a, &b| Real::min(a, b)),
        Function::Max => rest.iter().fold(first, |a, &b| Real::max(a, b)),
        Function::Nernst | Function::Ghk => return None,
        Function::Exp => math::exp(first),
        Function::Log => math::log(first),
        Function::Log10 => math::log10(first),
        Function::Sqrt => Real::sqrt(first),
        Function::Abs => Real::abs(first),
        Function::Sin => math::sin(first),
        Function::Cos => math::cos(first),
        Function::Tan => math::tan(first),
        Function::Asin => math::asin(first),
        Function::Acos => math::acos(first),
        Function::Atan => math::atan(first),
        Function::Atan2 => math::atan2(first, *rest.first()?),
        Function::Sinh => math::sinh(first),
        Function::Cosh => math::cosh(first),
        Function::Tanh => math::tanh(first),
        Function::Sigmoid => 1.0 / (1.0 + math::exp(-first)),
        Function::Sign => math::sign(first),
        Function::Floor => Real::floor(first),
        Function::Ceil => Real::ceil(first),
        Function::Round => Real::round(first),
    };
    Some(value)
}
