//! The value of a checked expression: numbers and truth values, by the same arithmetic that kernels use.
//! What a name stands for, where draws come from and what a run gave, is asked of a [`Scope`].

pub mod arithmetic;

pub use arithmetic::{call, nernst};

use crate::builtin::Function;
use crate::ir::{Binary, CellAttribute, Draw, Expr, Known, LocalId, Measure, Unary, Var, VarId};
use bouton_syntax::diagnostic::Diagnostic;

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// In the coherent system.
    Number(f64),
    /// A truth value.
    Bool(bool),
}

/// Why an expression has no value here.
#[derive(Clone, Debug, PartialEq)]
pub enum NoValue {
    /// Nothing is known of this variable at this place.
    Variable(Var),
    /// No random numbers may be drawn here.
    Draw,
    /// Nothing has been run whose result could be read.
    Measure,
    /// A number where a truth value belongs, or the other way round.
    Kind,
    /// The scope found something to say.
    Told(Box<Diagnostic>),
}

/// What an expression may ask for.
pub trait Scope {
    /// What a name stands for. Locals that the expression itself gives are not asked for.
    ///
    /// # Errors
    /// It stands for nothing here.
    fn variable(&mut self, var: Var) -> Result<Value, NoValue>;

    /// A random number.
    ///
    /// # Errors
    /// There are none here.
    fn draw(&mut self, _draw: Draw, _arguments: &[f64]) -> Result<f64, NoValue> {
        Err(NoValue::Draw)
    }

    /// What a table of the mechanism holds.
    ///
    /// # Errors
    /// It is not given.
    fn table(&mut self, table: VarId, _arguments: &[f64]) -> Result<f64, NoValue> {
        Err(NoValue::Variable(Var::Own(table)))
    }

    /// What a run gave.
    ///
    /// # Errors
    /// Nothing was run, or it did not give this.
    fn measure(&mut self, _measure: &Measure) -> Result<Value, NoValue> {
        Err(NoValue::Measure)
    }
}

impl Value {
    /// As a number.
    ///
    /// # Errors
    /// It is a truth value.
    pub fn number(self) -> Result<f64, NoValue> {
        match self {
            Value::Number(x) => Ok(x),
            Value::Bool(_) => Err(NoValue::Kind),
        }
    }

    /// As a truth value.
    ///
    /// # Errors
    /// It is a number.
    pub fn truth(self) -> Result<bool, NoValue> {
        match self {
            Value::Bool(b) => Ok(b),
            Value::Number(_) => Err(NoValue::Kind),
        }
    }
}

/// The value of an expression.
///
/// # Errors
/// Something in it has no value in this scope.
pub fn evaluate<S: Scope + ?Sized>(expr: &Expr, scope: &mut S) -> Result<Value, NoValue> {
    // Most attributes are a number or a name.
    match expr {
        Expr::Number(x) => Ok(Value::Number(*x)),
        _ => Evaluation { scope, locals: Vec::new() }.value(expr),
    }
}

/// The value of an expression that is a number.
///
/// # Errors
/// Something in it has no value in this scope.
pub fn number<S: Scope + ?Sized>(expr: &Expr, scope: &mut S) -> Result<f64, NoValue> {
    evaluate(expr, scope)?.number()
}

/// The value of an expression that is true or false.
///
/// # Errors
/// Something in it has no value in this scope.
pub fn truth<S: Scope + ?Sized>(expr: &Expr, scope: &mut S) -> Result<bool, NoValue> {
    evaluate(expr, scope)?.truth()
}

/// How many arguments need no allocation: rules ask millions of pairs.
const FEW: usize = 4;

enum Arguments {
    Few([f64; FEW], usize),
    Many(Vec<f64>),
}

impl Arguments {
    fn list(&self) -> &[f64] {
        match self {
            Arguments::Few(few, count) => few.get(..*count).unwrap_or(few),
            Arguments::Many(many) => many,
        }
    }
}

struct Evaluation<'s, S: ?Sized> {
    scope: &'s mut S,
    locals: Vec<(LocalId, Value)>,
}

impl<S: Scope + ?Sized> Evaluation<'_, S> {
    fn value(&mut self, expr: &Expr) -> Result<Value, NoValue> {
        match expr {
            Expr::Number(x) => Ok(Value::Number(*x)),
            Expr::Bool(b) => Ok(Value::Bool(*b)),
            Expr::Var(var) => self.variable(*var),
            Expr::Unary(Unary::Neg, a) => Ok(Value::Number(-self.number(a)?)),
            Expr::Unary(Unary::Not, a) => Ok(Value::Bool(!self.truth(a)?)),
            Expr::Binary(op, a, b) => self.binary(*op, a, b),
            Expr::Call(Function::Table, list) => {
                let [Expr::Var(Var::Own(table)), arguments @ ..] = list.as_slice() else { return Err(NoValue::Kind) };
                let arguments = self.numbers(arguments)?;
                Ok(Value::Number(self.scope.table(*table, arguments.list())?))
            }
            Expr::Call(function, list) => {
                let arguments = self.numbers(list)?;
                let scope = &mut *self.scope;
                let celsius = &mut || scope.variable(Var::Known(Known::Celsius))?.number();
                Ok(Value::Number(call(*function, arguments.list(), celsius)?))
            }
            Expr::Draw(draw, list) => {
                let arguments = self.numbers(list)?;
                Ok(Value::Number(self.scope.draw(*draw, arguments.list())?))
            }
            Expr::If(condition, yes, no) => {
                let chosen = if self.truth(condition)? { yes } else { no };
                self.value(chosen)
            }
            Expr::Let(id, value, body) => {
                let value = self.value(value)?;
                self.locals.push((*id, value));
                let result = self.value(body);
                self.locals.pop();
                result
            }
            Expr::Measure(measure) => self.scope.measure(measure),
            Expr::PerCell(values) => {
                let index = self.scope.variable(Var::Post(CellAttribute::Index))?.number()?;
                values.get(index as usize).map_or(Err(NoValue::Kind), |value| self.value(value))
            }
            Expr::List(_) => Err(NoValue::Kind),
        }
    }

    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        if let Var::Local(id) = var
            && let Some((_, value)) = self.locals.iter().rev().find(|(known, _)| *known == id)
        {
            return Ok(*value);
        }
        self.scope.variable(var)
    }

    fn number(&mut self, expr: &Expr) -> Result<f64, NoValue> {
        self.value(expr)?.number()
    }

    fn truth(&mut self, expr: &Expr) -> Result<bool, NoValue> {
        self.value(expr)?.truth()
    }

    fn numbers(&mut self, list: &[Expr]) -> Result<Arguments, NoValue> {
        if list.len() > FEW {
            return Ok(Arguments::Many(list.iter().map(|e| self.number(e)).collect::<Result<_, _>>()?));
        }
        let mut few = [0.0; FEW];
        for (x, e) in few.iter_mut().zip(list) {
            *x = self.number(e)?;
        }
        Ok(Arguments::Few(few, list.len()))
    }

    fn binary(&mut self, op: Binary, a: &Expr, b: &Expr) -> Result<Value, NoValue> {
        match op {
            Binary::And => Ok(Value::Bool(self.truth(a)? && self.truth(b)?)),
            Binary::Or => Ok(Value::Bool(self.truth(a)? || self.truth(b)?)),
            Binary::Pow => {
                let base = self.number(a)?;
                let exponent = self.number(b)?;
                Ok(Value::Number(arithmetic::power(base, exponent)))
            }
            _ => match (self.value(a)?, self.value(b)?) {
                (Value::Number(a), Value::Number(b)) => arithmetic::operate(op, a, b).ok_or(NoValue::Kind),
                (Value::Bool(a), Value::Bool(b)) => arithmetic::compare_truths(op, a, b).ok_or(NoValue::Kind),
                _ => Err(NoValue::Kind),
            },
        }
    }
}

/// A scope in which nothing has a value: for expressions of numbers alone.
pub struct Nothing;

impl Scope for Nothing {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        Err(NoValue::Variable(var))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::Function;

    fn n(x: f64) -> Box<Expr> {
        Box::new(Expr::Number(x))
    }

    fn value(e: &Expr) -> Result<Value, NoValue> {
        evaluate(e, &mut Nothing)
    }

    #[test]
    fn operators() {
        assert_eq!(value(&Expr::Binary(Binary::Sub, n(5.0), n(7.0))), Ok(Value::Number(-2.0)));
        assert_eq!(value(&Expr::Binary(Binary::Pow, n(1.1), n(3.0))), Ok(Value::Number(1.1 * 1.1 * 1.1)));
        assert_eq!(value(&Expr::Binary(Binary::Ge, n(5.0), n(5.0))), Ok(Value::Bool(true)));
        assert_eq!(value(&Expr::Unary(Unary::Not, n(5.0))), Err(NoValue::Kind));
    }

    /// The side that is not taken is not evaluated, so it may have no value.
    #[test]
    fn only_the_chosen_side_is_evaluated() {
        let wild = || Box::new(Expr::Var(Var::Distance));
        let chosen = Expr::If(Box::new(Expr::Bool(true)), n(1.0), wild());
        assert_eq!(value(&chosen), Ok(Value::Number(1.0)));
        assert_eq!(value(&Expr::Binary(Binary::Or, Box::new(Expr::Bool(true)), wild())), Ok(Value::Bool(true)));
        assert_eq!(value(&Expr::If(Box::new(Expr::Bool(false)), n(1.0), wild())), Err(NoValue::Variable(Var::Distance)));
    }

    #[test]
    fn locals_end_with_their_expression() {
        let local = || Box::new(Expr::Var(Var::Local(LocalId(3))));
        let square = Expr::Let(LocalId(3), n(4.0), Box::new(Expr::Binary(Binary::Mul, local(), local())));
        assert_eq!(value(&square), Ok(Value::Number(16.0)));
        let after = Expr::Binary(Binary::Add, Box::new(square), local());
        assert_eq!(value(&after), Err(NoValue::Variable(Var::Local(LocalId(3)))));
    }

    #[test]
    fn functions() {
        assert_eq!(value(&Expr::Call(Function::Min, vec![*n(3.0), *n(1.0), *n(2.0)])), Ok(Value::Number(1.0)));
        assert_eq!(value(&Expr::Call(Function::Round, vec![*n(2.5)])), Ok(Value::Number(2.0)));
        assert_eq!(
            value(&Expr::Call(Function::Nernst, vec![*n(1.0), *n(1.0), *n(1.0)])),
            Err(NoValue::Variable(Var::Known(Known::Celsius)))
        );
    }
}
