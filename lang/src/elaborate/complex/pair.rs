//! Complex expressions as pairs of real ones. A part that is 0 is left out.

use super::Names;
use bouton_syntax::ast::{Arg, BinaryOp, Expr, ExprKind, Name, UnaryOp};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::sync::Arc;

/// A value: one expression, or its real and imaginary part.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// Without an imaginary part.
    Real(Expr),
    /// Both parts; nothing: 0.
    Pair(Option<Expr>, Option<Expr>),
}

/// Most factors of a power.
const MOST: f64 = 16.0;

/// What is known to be complex where an expression stands.
pub(super) trait Known {
    /// Whether a name is.
    fn is_name(&self, name: &Arc<str>) -> bool;

    /// Whether a path is.
    fn is_path(&self, _path: &Expr) -> bool {
        false
    }
}

impl Known for Names {
    fn is_name(&self, name: &Arc<str>) -> bool {
        self.contains(name)
    }
}

/// Functions that make a real number of a complex one.
const REAL: [&str; 4] = ["re", "im", "abs", "arg"];

/// Whether a value is complex.
pub(super) fn is_complex(e: &Expr, names: &dyn Known) -> bool {
    if names.is_path(e) {
        return true;
    }
    match &e.kind {
        ExprKind::Imaginary(_) => true,
        ExprKind::Name(name) => names.is_name(name),
        ExprKind::Call { callee, args } => {
            let real = matches!(&callee.kind, ExprKind::Name(name) if REAL.contains(&&**name));
            !real && args.iter().any(|arg| is_complex(&arg.value, names))
        }
        ExprKind::Unary { operand, .. } => is_complex(operand, names),
        ExprKind::Binary { left, right, .. } => is_complex(left, names) || is_complex(right, names),
        ExprKind::If { then, otherwise, .. } => is_complex(then, names) || is_complex(otherwise, names),
        _ => false,
    }
}

/// Writes expressions out.
pub(super) struct Pairs<'t> {
    pub names: &'t dyn Known,
    pub diagnostics: &'t mut Diagnostics,
}

type Part = Option<Expr>;

impl Pairs<'_> {
    /// A value that must be real.
    pub fn real(&mut self, e: &Expr) -> Expr {
        match self.value(e) {
            Value::Real(x) => x,
            Value::Pair(..) => {
                let wrong = Diagnostic::new(Code::NotANumber, e.span, "a real number is needed here, and this is complex");
                self.diagnostics.push(wrong.help("take a part of it, or its size: `re(z)`, `im(z)`, `abs(z)`"));
                Expr { kind: ExprKind::Error, span: e.span }
            }
        }
    }

    /// What an expression is.
    pub fn value(&mut self, e: &Expr) -> Value {
        let span = e.span;
        match &e.kind {
            ExprKind::Imaginary(x) => Value::Pair(None, Some(number(*x, span))),
            _ if self.names.is_path(e) => {
                let [re, im] = ["re", "im"].map(|part| part_of(e, part));
                Value::Pair(Some(re), Some(im))
            }
            ExprKind::Name(name) if self.names.is_name(name) => {
                let [re, im] = super::parts(&Name { text: name.clone(), span });
                Value::Pair(Some(named(&re)), Some(named(&im)))
            }
            ExprKind::Unary { op: UnaryOp::Minus, operand } => match self.value(operand) {
                Value::Real(x) => Value::Real(minus(x, span)),
                Value::Pair(re, im) => Value::Pair(re.map(|x| minus(x, span)), im.map(|x| minus(x, span))),
            },
            ExprKind::Binary { op, op_span, left, right } => self.binary(e, (*op, *op_span), left, right),
            ExprKind::Call { callee, args } => self.call(e, callee, args),
            ExprKind::If { condition, then, otherwise } => {
                let condition = self.real(condition);
                let (then, otherwise) = (self.value(then), self.value(otherwise));
                let choose = |then: Expr, otherwise: Expr| Expr {
                    kind: ExprKind::If {
                        condition: Box::new(condition.clone()),
                        then: Box::new(then),
                        otherwise: Box::new(otherwise),
                    },
                    span,
                };
                match (then, otherwise) {
                    (Value::Real(a), Value::Real(b)) => Value::Real(choose(a, b)),
                    (a, b) => {
                        let ([a, b], [c, d]) = (a.both(span), b.both(span));
                        Value::Pair(Some(choose(a, c)), Some(choose(b, d)))
                    }
                }
            }
            ExprKind::Compare { op, op_span, left, right } => {
                let (left, right) = (Box::new(self.real(left)), Box::new(self.real(right)));
                Value::Real(Expr { kind: ExprKind::Compare { op: *op, op_span: *op_span, left, right }, span })
            }
            _ => Value::Real(e.clone()),
        }
    }

    fn binary(&mut self, whole: &Expr, (op, at): (BinaryOp, Span), left: &Expr, right: &Expr) -> Value {
        let span = whole.span;
        let make =
            |a: Expr, b: Expr| Expr { kind: ExprKind::Binary { op, op_span: at, left: Box::new(a), right: Box::new(b) }, span };
        if op == BinaryOp::Pow {
            // The square of a size has no root in it.
            if let (Some(z), ExprKind::Number(2.0)) = (size_of(left), &right.kind)
                && let Value::Pair(re, im) = self.value(z)
            {
                return Value::Real(square(re, im, span));
            }
            return match (self.value(left), &right.kind) {
                (Value::Real(a), _) => Value::Real(make(a, self.real(right))),
                (z, ExprKind::Number(n)) if n.fract() == 0.0 && (1.0..=MOST).contains(n) => {
                    (1..*n as usize).fold(z.clone(), |power, _| times(power, z.clone(), span))
                }
                _ => self.refused(whole, "a power of a complex number has a whole exponent from 1 on"),
            };
        }
        let (a, b) = (self.value(left), self.value(right));
        match (op, a, b) {
            (_, Value::Real(a), Value::Real(b)) => Value::Real(make(a, b)),
            (BinaryOp::Mul, a, b) => times(a, b, span),
            (BinaryOp::Div, a, Value::Real(b)) => {
                let over = |part: Part| part.map(|x| make(x, b.clone()));
                match a {
                    Value::Real(a) => Value::Real(make(a, b)),
                    Value::Pair(re, im) => Value::Pair(over(re), over(im)),
                }
            }
            (BinaryOp::Div, a, Value::Pair(re, im)) => {
                let size = square(re.clone(), im.clone(), span);
                let over = |part: Part| part.map(|x| make(x, size.clone()));
                match times(a, Value::Pair(re, im.map(|x| minus(x, span))), span) {
                    Value::Real(x) => Value::Real(make(x, size)),
                    Value::Pair(re, im) => Value::Pair(over(re), over(im)),
                }
            }
            (BinaryOp::Add | BinaryOp::Sub, a, b) => {
                let ((a, b), (c, d)) = (a.split(), b.split());
                let both = |x: Part, y: Part| match (x, y) {
                    (Some(x), Some(y)) => Some(make(x, y)),
                    (x, None) => x,
                    (None, Some(y)) if op == BinaryOp::Sub => Some(minus(y, span)),
                    (None, y) => y,
                };
                Value::Pair(both(a, c), both(b, d))
            }
            _ => self.refused(whole, "complex numbers are neither true nor false"),
        }
    }

    fn call(&mut self, whole: &Expr, callee: &Expr, args: &[Arg]) -> Value {
        let span = whole.span;
        let again = |args: Vec<Arg>| Value::Real(Expr { kind: ExprKind::Call { callee: Box::new(callee.clone()), args }, span });
        let name = if let ExprKind::Name(name) = &callee.kind { &**name } else { "" };
        if let ("mean" | "sum", [one]) = (name, args)
            && one.name.is_none()
            && is_complex(&one.value, self.names)
        {
            // Of a sum over cells each part is one.
            let over = |part: Part| part.map(|x| called(name, x, span));
            return match self.value(&one.value) {
                Value::Real(x) => Value::Real(called(name, x, span)),
                Value::Pair(re, im) => Value::Pair(over(re), over(im)),
            };
        }
        let one = match (name, args) {
            ("re" | "im" | "abs" | "arg" | "conj" | "exp", [one]) if one.name.is_none() => self.value(&one.value),
            _ => {
                let real = |arg: &Arg| Arg { value: self.real(&arg.value), ..arg.clone() };
                return again(args.iter().map(real).collect());
            }
        };
        match (name, one) {
            ("re" | "conj", Value::Real(x)) => Value::Real(x),
            ("im", Value::Real(_)) => Value::Real(number(0.0, span)),
            ("arg", Value::Real(x)) => Value::Real(angle(number(0.0, span), x, span)),
            ("arg", Value::Pair(re, im)) => {
                let [re, im] = [re, im].map(|part| part.unwrap_or_else(|| number(0.0, span)));
                Value::Real(angle(im, re, span))
            }
            (_, Value::Real(x)) => again(args.iter().map(|arg| Arg { value: x.clone(), ..arg.clone() }).collect()),
            ("re", Value::Pair(re, _)) => Value::Real(re.unwrap_or_else(|| number(0.0, span))),
            ("im", Value::Pair(_, im)) => Value::Real(im.unwrap_or_else(|| number(0.0, span))),
            ("conj", Value::Pair(re, im)) => Value::Pair(re, im.map(|x| minus(x, span))),
            ("abs", Value::Pair(re, im)) => Value::Real(called("sqrt", square(re, im, span), span)),
            (_, Value::Pair(re, im)) => {
                let turn = |function| im.clone().map(|x| called(function, x, span));
                let size = re.map(|x| called("exp", x, span));
                let part = |turned: Part| match (size.clone(), turned) {
                    (Some(size), Some(turned)) => Some(product(size, turned, span)),
                    (size, turned) => size.or(turned),
                };
                match im {
                    None => Value::Pair(part(None), None),
                    Some(_) => Value::Pair(part(turn("cos")), part(turn("sin"))),
                }
            }
        }
    }

    fn refused(&mut self, e: &Expr, message: &str) -> Value {
        self.diagnostics.push(Diagnostic::new(Code::NotANumber, e.span, message));
        Value::Real(Expr { kind: ExprKind::Error, span: e.span })
    }
}

impl Value {
    fn split(self) -> (Part, Part) {
        match self {
            Value::Real(x) => (Some(x), None),
            Value::Pair(re, im) => (re, im),
        }
    }
}

fn times(a: Value, b: Value, span: Span) -> Value {
    match (a, b) {
        (Value::Real(a), Value::Real(b)) => Value::Real(product(a, b, span)),
        (Value::Real(x), Value::Pair(re, im)) => {
            Value::Pair(re.map(|part| product(x.clone(), part, span)), im.map(|part| product(x, part, span)))
        }
        (Value::Pair(re, im), Value::Real(x)) => {
            Value::Pair(re.map(|part| product(part, x.clone(), span)), im.map(|part| product(part, x, span)))
        }
        (Value::Pair(a, b), Value::Pair(c, d)) => {
            let both = |x: &Part, y: &Part| Some(product(x.clone()?, y.clone()?, span));
            let (re, less) = (both(&a, &c), both(&b, &d));
            let (one, other) = (both(&a, &d), both(&b, &c));
            let re = match (re, less) {
                (Some(x), Some(y)) => Some(joined(BinaryOp::Sub, x, y, span)),
                (None, Some(y)) => Some(minus(y, span)),
                (x, None) => x,
            };
            let im = match (one, other) {
                (Some(x), Some(y)) => Some(joined(BinaryOp::Add, x, y, span)),
                (x, y) => x.or(y),
            };
            Value::Pair(re, im)
        }
    }
}

/// re^2 + im^2
fn square(re: Part, im: Part, span: Span) -> Expr {
    let own = |part: Part| part.map(|x| product(x.clone(), x, span));
    match (own(re), own(im)) {
        (Some(x), Some(y)) => joined(BinaryOp::Add, x, y, span),
        (x, y) => x.or(y).unwrap_or_else(|| number(0.0, span)),
    }
}

/// `z` of `abs(z)`.
fn size_of(e: &Expr) -> Option<&Expr> {
    let ExprKind::Call { callee, args } = &e.kind else { return None };
    match (&callee.kind, args.as_slice()) {
        (ExprKind::Name(name), [one]) if &**name == "abs" && one.name.is_none() => Some(&one.value),
        _ => None,
    }
}

/// `p.z.re` of `p.z`. The parts stand at two places, as two variables do.
pub(super) fn part_of(path: &Expr, part: &str) -> Expr {
    let span = match &path.kind {
        ExprKind::Field { name, .. } if part == "im" => name.span,
        _ => path.span,
    };
    let name = Name { text: part.into(), span };
    Expr { kind: ExprKind::Field { base: Box::new(path.clone()), name }, span }
}

fn number(x: f64, span: Span) -> Expr {
    Expr { kind: ExprKind::Number(x), span }
}

fn named(name: &Name) -> Expr {
    Expr { kind: ExprKind::Name(name.text.clone()), span: name.span }
}

fn minus(x: Expr, span: Span) -> Expr {
    Expr { kind: ExprKind::Unary { op: UnaryOp::Minus, operand: Box::new(x) }, span }
}

fn product(a: Expr, b: Expr, span: Span) -> Expr {
    joined(BinaryOp::Mul, a, b, span)
}

fn joined(op: BinaryOp, a: Expr, b: Expr, span: Span) -> Expr {
    Expr { kind: ExprKind::Binary { op, op_span: span, left: Box::new(a), right: Box::new(b) }, span }
}

fn angle(im: Expr, re: Expr, span: Span) -> Expr {
    let callee = Box::new(Expr { kind: ExprKind::Name("atan2".into()), span });
    let args = [im, re].map(|value| Arg { name: None, span: value.span, value });
    Expr { kind: ExprKind::Call { callee, args: args.into() }, span }
}

fn called(function: &str, x: Expr, span: Span) -> Expr {
    let callee = Box::new(Expr { kind: ExprKind::Name(function.into()), span });
    Expr { kind: ExprKind::Call { callee, args: vec![Arg { name: None, span: x.span, value: x }] }, span }
}
