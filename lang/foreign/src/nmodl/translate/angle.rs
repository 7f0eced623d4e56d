//! Functions that the kernels do not know, composed of what they know: angles by their tangent, sine or cosine; the flux of an ion by Goldman, Hodgkin and
//! Katz in the numbers of NEURON's function for it.

use super::Translator;
use super::symbols::ir_binary;
use super::value::choose;
use bouton_model::algebra::{add, div, mul, neg, sub};
use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, Expr, Known, Var};
use bouton_syntax::Span;
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

/// C/mol and J/(mol K), CODATA 2018
const FARADAY: f64 = 96_485.332_123_310_02;
const GAS_CONSTANT: f64 = 8.314_462_618_153_24;

fn number(x: f64) -> Expr {
    Expr::Number(x)
}

fn call(function: Function, x: Expr) -> Expr {
    Expr::Call(function, vec![x])
}

fn below(a: Expr, b: f64) -> Expr {
    ir_binary(Binary::Lt, a, number(b))
}

impl Translator<'_> {
    /// atan, asin, acos, atan2; nothing where the number of values is another one.
    pub(super) fn angle(&mut self, name: &str, values: &[Expr], span: Span) -> Option<Expr> {
        Some(match (name, values) {
            ("atan", [x]) => self.atan(x.clone(), span),
            ("asin", [x]) => self.asin(x, span),
            ("acos", [x]) => sub(number(FRAC_PI_2), self.asin(x, span)),
            ("atan2", [y, x]) => {
                let (y, x) = (self.bind("y", y.clone(), span), self.bind("x", x.clone(), span));
                let half = self.atan(div(y.clone(), x.clone()), span);
                let turn = choose(below(y.clone(), 0.0), number(-PI), number(PI));
                let left = add(half.clone(), turn);
                let up = choose(below(y.clone(), 0.0), number(-FRAC_PI_2), number(FRAC_PI_2));
                let up = choose(ir_binary(Binary::Eq, y, number(0.0)), number(0.0), up);
                let right = choose(ir_binary(Binary::Gt, x.clone(), number(0.0)), half, up);
                choose(below(x, 0.0), left, right)
            }
            _ => return None,
        })
    }

    /// z F / 1000 (inside e(-x) - outside e(x)) with x = z v F / (1000 R T) and e(x) = x / (exp(x) - 1).
    pub(super) fn ghk(&mut self, [v, inside, outside, z]: [Expr; 4], span: Span) -> Expr {
        let z = self.bind("z", z, span);
        let thermal = div(mul(number(1000.0 * GAS_CONSTANT), Expr::Var(Var::Known(Known::Celsius))), number(FARADAY));
        let x = self.bind("x", div(mul(z.clone(), v), thermal), span);
        let mut weight = |x: Expr| {
            let x = self.bind("x", x, span);
            let is_small = below(call(Function::Abs, x.clone()), 1e-4);
            let small = sub(number(1.0), div(x.clone(), number(2.0)));
            let value = choose(is_small, small, div(x.clone(), sub(call(Function::Exp, x), number(1.0))));
            self.bind("weight", value, span)
        };
        let (from, into) = (weight(neg(x.clone())), weight(x));
        mul(mul(number(0.001 * FARADAY), z), sub(mul(inside, from), mul(outside, into)))
    }

    /// 2 atan(x / (1 + sqrt(1 - x^2)))
    fn asin(&mut self, x: &Expr, span: Span) -> Expr {
        let x = self.bind("x", x.clone(), span);
        let leg = call(Function::Sqrt, sub(number(1.0), mul(x.clone(), x.clone())));
        let half = self.atan(div(x, add(number(1.0), leg)), span);
        mul(number(2.0), half)
    }

    /// An estimate y to 0.004, then the angle between it and the true one by its tangent d, (x cos y - sin y) / (cos y + x sin y), and the beginning of
    /// the series of that: d^7 / 7 is below 1e-17. Above 1 it is a quarter turn less the angle of 1 / x.
    fn atan(&mut self, x: Expr, span: Span) -> Expr {
        let x = self.bind("x", x, span);
        let size = self.bind("size", call(Function::Abs, x.clone()), span);
        let is_large = self.bind("large", ir_binary(Binary::Gt, size.clone(), number(1.0)), span);
        let small = self.bind("small", choose(is_large.clone(), div(number(1.0), size.clone()), size), span);
        let estimate = mul(small.clone(), add(number(FRAC_PI_4), mul(number(0.273), sub(number(1.0), small.clone()))));
        let y = self.bind("y", estimate, span);
        let (sin, cos) = (call(Function::Sin, y.clone()), call(Function::Cos, y.clone()));
        let (sin, cos) = (self.bind("sin", sin, span), self.bind("cos", cos, span));
        let across = sub(mul(small.clone(), cos.clone()), sin.clone());
        let d = self.bind("d", div(across, add(cos, mul(small, sin))), span);
        let square = self.bind("square", mul(d.clone(), d.clone()), span);
        let series = sub(number(1.0), mul(square.clone(), sub(number(1.0 / 3.0), mul(number(0.2), square))));
        let angle = self.bind("angle", add(y, mul(d, series)), span);
        let angle = choose(is_large, sub(number(FRAC_PI_2), angle.clone()), angle);
        let angle = self.bind("angle", angle, span);
        choose(below(x, 0.0), neg(angle.clone()), angle)
    }
}
