//! An operation on known numbers: the very arithmetic that the kernel machine would use, so that a folded constant has its bits.

use crate::vm::program::Op;
use bouton_model::math::{self, Real};

/// The value of `op`; nothing for those that have an effect or need a table.
pub fn evaluate(op: Op, [a, b, c]: [f64; 3]) -> Option<f64> {
    Some(match op {
        Op::Copy => a,
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a / b,
        Op::Fma => a.fma(b, c),
        Op::Fnma => a.fnma(b, c),
        Op::Fms => a.fms(b, c),
        Op::MulFlush => flush(a * b),
        Op::Neg => -a,
        Op::Abs => Real::abs(a),
        Op::Min => Real::min(a, b),
        Op::Max => Real::max(a, b),
        Op::Sqrt => Real::sqrt(a),
        Op::Floor => Real::floor(a),
        Op::Ceil => Real::ceil(a),
        Op::Round => Real::round(a),
        Op::Exp => math::exp(a),
        Op::Log => math::log(a),
        Op::Log10 => math::log10(a),
        Op::Pow => math::pow(a, b),
        Op::Sin => math::sin(a),
        Op::Cos => math::cos(a),
        Op::Tan => math::tan(a),
        Op::Atan => math::atan(a),
        Op::Sinh => math::sinh(a),
        Op::Cosh => math::cosh(a),
        Op::Tanh => math::tanh(a),
        Op::Lt => mask(a < b),
        Op::Le => mask(a <= b),
        Op::Eq => mask(a == b),
        Op::Ne => mask(a != b),
        Op::And => f64::from_bits(a.to_bits() & b.to_bits()),
        Op::Or => f64::from_bits(a.to_bits() | b.to_bits()),
        Op::Not => f64::from_bits(!a.to_bits()),
        Op::Select => {
            if a.to_bits() == 0 {
                c
            } else {
                b
            }
        }
        Op::Store | Op::Table | Op::Curve | Op::Draw | Op::Poisson => return None,
    })
}

fn mask(set: bool) -> f64 {
    f64::from_bits(if set { u64::MAX } else { 0 })
}

fn flush(x: f64) -> f64 {
    if x.abs() < 1e-300 { 0.0 } else { x }
}
