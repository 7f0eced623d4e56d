//! Operators and functions on numbers: the very operations that kernels are lowered to, so that a value computed here has the bits a kernel would give.

use super::{NoValue, Value};
use crate::builtin::{FARADAY, Function, GAS_CONSTANT};
use crate::ir::Binary;
use crate::math::{self, Real};

/// a op b for numbers; nothing for operators of truth values.
pub(super) fn operate(op: Binary, a: f64, b: f64) -> Option<Value> {
    Some(match op {
        Binary::Add => Value::Number(a + b),
        Binary::Sub => Value::Number(a - b),
        Binary::Mul => Value::Number(a * b),
        Binary::Div => Value::Number(a / b),
        Binary::Pow => Value::Number(power(a, b)),
        Binary::Lt => Value::Bool(a < b),
        Binary::Le => Value::Bool(a <= b),
        Binary::Gt => Value::Bool(a > b),
        Binary::Ge => Value::Bool(a >= b),
        Binary::Eq => Value::Bool(a == b),
        Binary::Ne => Value::Bool(a != b),
        Binary::And | Binary::Or => return None,
    })
}

/// a op b for truth values; nothing for operators of numbers.
pub(super) fn compare_truths(op: Binary, a: bool, b: bool) -> Option<Value> {
    match op {
        Binary::Eq => Some(Value::Bool(a == b)),
        Binary::Ne => Some(Value::Bool(a != b)),
        _ => None,
    }
}

/// a^b; small integer powers are products, from the left.
pub fn power(a: f64, b: f64) -> f64 {
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

/// A function of the language; `celsius` (K) is asked for by those that depend on temperature.
///
/// # Errors
/// What `celsius` says, or a number of arguments that the checker lets nobody write.
pub fn call(function: Function, arguments: &[f64], celsius: &mut dyn FnMut() -> Result<f64, NoValue>) -> Result<f64, NoValue> {
    let &[a, ..] = arguments else { return Err(NoValue::Kind) };
    Ok(match (function, arguments) {
        (Function::Exp, _) => math::exp(a),
        (Function::Log, _) => math::log(a),
        (Function::Log10, _) => math::log10(a),
        (Function::Sqrt, _) => Real::sqrt(a),
        (Function::Abs, _) => Real::abs(a),
        (Function::Min, all) => all.iter().fold(a, |x, y| Real::min(x, *y)),
        (Function::Max, all) => all.iter().fold(a, |x, y| Real::max(x, *y)),
        (Function::Sin, _) => math::sin(a),
        (Function::Cos, _) => math::cos(a),
        (Function::Tan, _) => math::tan(a),
        (Function::Asin, _) => math::asin(a),
        (Function::Acos, _) => math::acos(a),
        (Function::Atan, _) => math::atan(a),
        (Function::Atan2, &[y, x]) => math::atan2(y, x),
        (Function::Sinh, _) => math::sinh(a),
        (Function::Cosh, _) => math::cosh(a),
        (Function::Tanh, _) => math::tanh(a),
        (Function::Sigmoid, _) => 1.0 / (1.0 + math::exp(-a)),
        (Function::Sign, _) => math::sign(a),
        (Function::Floor, _) => Real::floor(a),
        (Function::Ceil, _) => Real::ceil(a),
        (Function::Round, _) => Real::round(a),
        (Function::Nernst, &[inside, outside, z]) => nernst(inside, outside, z, celsius()?),
        (Function::Ghk, &[v, inside, outside, z]) => ghk(v, inside, outside, z, celsius()?),
        (Function::Atan2 | Function::Nernst | Function::Ghk | Function::Table, _) => return Err(NoValue::Kind),
    })
}

/// RT/F (mV) at a temperature (K).
fn thermal_voltage(celsius: f64) -> f64 {
    GAS_CONSTANT / FARADAY * celsius
}

/// RT/(zF) ln(outside/inside) (mV); 0 for z = 0, 1e6 and -1e6 where nothing is inside or outside, as NEURON has it.
pub fn nernst(inside: f64, outside: f64, z: f64, celsius: f64) -> f64 {
    if z == 0.0 {
        0.0
    } else if inside <= 0.0 {
        1e6
    } else if outside <= 0.0 {
        -1e6
    } else {
        thermal_voltage(celsius) / z * math::log(outside / inside)
    }
}

/// z F (inside f(-x) - outside f(x)) with x = z v F/(RT): charge per volume, which times a permeability is a current density.
fn ghk(v: f64, inside: f64, outside: f64, z: f64, celsius: f64) -> f64 {
    let x = z * v / thermal_voltage(celsius);
    z * FARADAY * (inside * rectifier(-x) - outside * rectifier(x))
}

/// x / (e^x - 1), near 0 its first terms.
fn rectifier(x: f64) -> f64 {
    if x.abs() < 1e-4 { 1.0 - x * 0.5 } else { x / (math::exp(x) - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NEURON 9.0.2 at 6.3 degC; its `ghk` is in thousandths of ours.
    #[test]
    fn potentials_are_neurons() {
        let celsius = 6.3 + 273.15;
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-14, "{a} is not {b}");
        close(nernst(5e-5, 2.0, 2.0, celsius), 127.58951061761749);
        close(nernst(10.0, 140.0, 1.0, celsius), 63.55150321937486);
        close(ghk(-65.0, 5e-5, 2.0, 2.0, celsius), -2092.939529471584e3);
    }

    #[test]
    fn small_powers_are_products() {
        assert_eq!(power(1.3, 0.0), 1.0);
        assert_eq!(power(1.3, 1.0), 1.3);
        assert_eq!(power(1.3, -2.0), 1.0 / (1.3 * 1.3));
        assert_eq!(power(1.3, 0.5), math::pow(1.3, 0.5));
    }
}
