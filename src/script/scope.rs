//! What expressions of statements may name: parameters, locals of the script, results.

use super::experiment::Experiment;
use super::search::Found;
use super::sweep::Kept;
use super::{measure, show};
use crate::value::{NoValue, Scope, Value};
use bouton_model::ir::{LocalId, Measure, Span, Var};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;

/// The names at a statement.
pub struct Names<'a> {
    /// Parameters and results.
    pub experiment: &'a Experiment,
    /// What `let` and `for` keep.
    pub locals: &'a HashMap<LocalId, Value>,
    /// Lists that `let` keeps.
    pub lists: &'a HashMap<LocalId, Vec<f64>>,
    /// Tables of sweeps.
    pub tables: &'a HashMap<LocalId, Kept>,
    /// What searches have found.
    pub searches: &'a HashMap<LocalId, Found>,
    /// The statement, where messages point.
    pub span: Span,
}

impl Names<'_> {
    /// A result that is not there.
    pub fn no_result(&self, message: impl Into<String>) -> NoValue {
        NoValue::Told(Box::new(Diagnostic::new(Code::NoResult, self.span, message)))
    }
}

impl Scope for Names<'_> {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        match var {
            Var::Local(id) => self.locals.get(&id).copied().ok_or(NoValue::Variable(var)),
            _ => {
                let mut constants = self.experiment.constants();
                constants.variable(var)
            }
        }
    }

    fn measure(&mut self, measure: &Measure) -> Result<Value, NoValue> {
        measure::value(measure, self)
    }
}

/// What the user is told where an expression has no value.
pub fn told(none: NoValue, span: Span) -> Diagnostic {
    let message = match none {
        NoValue::Told(diagnostic) => return *diagnostic,
        NoValue::Measure => return Diagnostic::new(Code::NoResult, span, "nothing has been run whose result could be read"),
        NoValue::Draw => "a random number is drawn in a statement",
        NoValue::Variable(_) => "a name that has no value at this place",
        NoValue::Kind => "a number stands where a truth value belongs, or the other way round",
    };
    Diagnostic::new(Code::NoValue, span, message)
}

/// A value that a parameter brought outside its range.
pub fn outside(what: &str, value: f64, must: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::ValueOutOfRange, span, format!("{what} is {}, and {must}", show::number(value)))
}
