//! Operators and numbers, with the tolerance that hoc compares with.

use crate::hoc::tree::Op;

/// Numbers nearer than this are equal in comparisons, and added before a number is cut to an index.
pub(super) const EPSILON: f64 = 1e-11;

/// x op y
///
/// # Errors
/// A remainder by nothing, a division by 0.
pub(super) fn binary(op: Op, a: f64, b: f64) -> Result<f64, String> {
    let truth = |x: bool| f64::from(u8::from(x));
    Ok(match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div if b == 0.0 => return Err("division by 0".into()),
        Op::Div => a / b,
        Op::Mod if b <= 0.0 => return Err("a remainder by a number that is not above 0".into()),
        Op::Mod => remainder(a, b),
        Op::Pow => bouton_model::math::pow(a, b),
        Op::Lt => truth(a < b - EPSILON),
        Op::Le => truth(a <= b + EPSILON),
        Op::Gt => truth(a > b + EPSILON),
        Op::Ge => truth(a >= b - EPSILON),
        Op::Eq => truth((a - b).abs() <= EPSILON || a == b),
        Op::Ne => truth((a - b).abs() > EPSILON && a != b),
        Op::And => truth(is_true(a) && is_true(b)),
        Op::Or => truth(is_true(a) || is_true(b)),
    })
}

pub(super) fn is_true(a: f64) -> bool {
    a.abs() > EPSILON
}

fn remainder(a: f64, b: f64) -> f64 {
    let mut r = a;
    if r >= b {
        r -= (r / b).floor() * b;
    } else if r <= -b {
        r += (-r / b).floor() * b;
    }
    if r > b {
        r -= b;
    } else if r < 0.0 {
        r += b;
    }
    r
}
