//! What an expression of a network may name: parameters, the sending and the receiving cell, draws.

use super::range::Told;
use super::sets;
use super::streams::{Draws, Row, World};
use super::told;
use crate::value::{NoValue, Scope, Value, number, truth};
use bouton_model::algebra::visit;
use bouton_model::ir::{Attribute, Draw, Expr, Measure, Span, Var};
use std::collections::HashSet;

/// The surroundings of an attribute.
pub struct Around<'a> {
    /// Parameters and cells.
    pub world: World<'a>,
    /// The sending cell.
    pub pre: Option<u32>,
    /// The receiving cell, or the cell itself.
    pub post: Option<u32>,
    /// The row of the list that the connection comes from.
    pub row: Option<Row<'a>>,
    /// Where draws come from.
    pub draws: Option<&'a mut dyn Draws>,
}

impl Around<'_> {
    /// The value of an attribute.
    ///
    /// # Errors
    /// It names something that is not known here.
    pub fn number(&mut self, attribute: &Attribute) -> Result<f64, Told> {
        number(&attribute.value, self).map_err(|none| told(none, attribute.span))
    }

    /// Whether a condition holds.
    ///
    /// # Errors
    /// It names something that is not known here.
    pub fn truth(&mut self, condition: &Expr, span: Span) -> Result<bool, Told> {
        truth(condition, self).map_err(|none| told(none, span))
    }
}

impl Scope for Around<'_> {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        let cells = self.world.cells;
        let known = match (var, self.pre, self.post) {
            (Var::Pre(attribute), Some(pre), _) => cells.attribute(pre, attribute),
            (Var::Post(attribute), _, Some(post)) => cells.attribute(post, attribute),
            (Var::Distance, Some(pre), Some(post)) => cells.distance(pre, post),
            (Var::Listed(column), _, _) => self.row.and_then(|row| row.value(column)),
            _ => {
                let mut constants = self.world.constants;
                return constants.variable(var);
            }
        };
        known.map(Value::Number).ok_or(NoValue::Variable(var))
    }

    /// How many cells there are is known while a network is built; nothing else that a run would give is.
    fn measure(&mut self, measure: &Measure) -> Result<Value, NoValue> {
        let Measure::Cells(list) = measure else { return Err(NoValue::Measure) };
        let mut all = HashSet::new();
        for set in list {
            all.extend(sets::cells(self.world, set).map_err(NoValue::Told)?);
        }
        Ok(Value::Number(all.len() as f64))
    }

    fn draw(&mut self, draw: Draw, arguments: &[f64]) -> Result<f64, NoValue> {
        self.draws.as_mut().ok_or(NoValue::Draw)?.draw(draw, arguments)
    }
}

/// Whether an expression has one value for the whole network.
pub fn constant(expr: &Expr) -> bool {
    let mut constant = true;
    visit(expr, &mut |e| {
        constant &= !matches!(
            e,
            Expr::Draw(..) | Expr::PerCell(_) | Expr::Var(Var::Pre(_) | Var::Post(_) | Var::Distance | Var::Listed(_))
        );
    });
    constant
}

/// Whether an expression draws random numbers.
pub fn draws(expr: &Expr) -> bool {
    let mut found = false;
    visit(expr, &mut |e| found |= matches!(e, Expr::Draw(..)));
    found
}
