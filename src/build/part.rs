//! What an expression of a cell's part may name: the cell's parameters, the place on the tree, and what a population's braces know.

use super::cells::Members;
use super::column::Column;
use super::range::Told;
use super::scope::{Around, constant, draws};
use super::streams::{Draws, Streams, World};
use super::told;
use crate::value::{NoValue, Scope, Value, number};
use bouton_model::algebra::visit;
use bouton_model::ir::{Attribute, CellParam, CellParamId, Draw, Expr, Measure, PlaceAttribute, Span, Tree, Var};

/// What is known of a place on a tree; lengths in cm.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spot {
    /// Index of the section in its array.
    pub index: u32,
    /// Of the section.
    pub length: f64,
    /// From 0 to 1.
    pub x: f64,
    /// From the middle of the soma, along the tree.
    pub distance: f64,
    /// Of the segment.
    pub diam: f64,
    /// Of the segment (cm2).
    pub area: f64,
    /// Of the section at 100 Hz.
    pub lambda: f64,
}

/// The cells of a population while their parts are evaluated.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// Parameters of the file, cells.
    pub world: World<'a>,
    /// Random streams.
    pub streams: &'a dyn Streams,
    /// The population.
    pub members: &'a Members,
    /// The cell's parameters, by the cells' index.
    pub params: &'a [Column],
}

impl Parts<'_> {
    /// The value of an attribute for one cell of the population at a place. `name` is what a draw is called by.
    ///
    /// # Errors
    /// It names something that is not known here.
    pub fn number(&self, attribute: &Attribute, name: &str, index: u32, spot: &Spot) -> Result<f64, Told> {
        self.value(&attribute.value, attribute.span, name, index, spot)
    }

    /// The same for an expression that stands there.
    ///
    /// # Errors
    /// It names something that is not known here.
    pub fn value(&self, expr: &Expr, span: Span, name: &str, index: u32, spot: &Spot) -> Result<f64, Told> {
        if let Expr::Number(x) = expr {
            return Ok(*x);
        }
        let cell = self.members.first + index;
        let mut sampler = draws(expr).then(|| self.streams.of_cell(self.world.cells, name, cell));
        let draws = sampler.as_mut().map(|s| s as &mut dyn Draws);
        let around = Around { world: self.world, pre: None, post: Some(cell), row: None, draws };
        number(expr, &mut Part { around, params: self.params, index, spot }).map_err(|none| told(none, span))
    }

    /// Whether a value may differ between the cells of the population, the place left aside.
    pub fn differs(&self, expr: &Expr) -> bool {
        let mut differs = !constant(expr);
        visit(expr, &mut |part| {
            if let Expr::Var(Var::Cell(id)) = part {
                differs |= self.params.get(id.index()).is_none_or(|column| column.len().is_some());
            }
        });
        differs
    }
}

/// Whether an expression depends on the cell's parameters or on the place.
pub fn of_part(expr: &Expr) -> bool {
    let mut found = false;
    visit(expr, &mut |part| found |= matches!(part, Expr::Var(Var::Cell(_) | Var::Place(_))));
    found
}

/// Whether an expression asks for the length at which a signal falls.
pub fn uses_lambda(expr: &Expr) -> bool {
    let mut found = false;
    visit(expr, &mut |part| found |= matches!(part, Expr::Var(Var::Place(PlaceAttribute::Lambda))));
    found
}

struct Part<'a> {
    around: Around<'a>,
    params: &'a [Column],
    index: u32,
    spot: &'a Spot,
}

impl Scope for Part<'_> {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        let spot = self.spot;
        match var {
            Var::Cell(id) => {
                let column = self.params.get(id.index()).ok_or(NoValue::Variable(var))?;
                Ok(Value::Number(column.at(self.index as usize)))
            }
            Var::Place(place) => Ok(Value::Number(match place {
                PlaceAttribute::PathDistance => spot.distance,
                PlaceAttribute::X => spot.x,
                PlaceAttribute::Index => f64::from(spot.index),
                PlaceAttribute::Diam => spot.diam,
                PlaceAttribute::Area => spot.area,
                PlaceAttribute::Length => spot.length,
                PlaceAttribute::Lambda => spot.lambda,
            })),
            _ => self.around.variable(var),
        }
    }

    fn measure(&mut self, measure: &Measure) -> Result<Value, NoValue> {
        self.around.measure(measure)
    }

    fn draw(&mut self, draw: Draw, arguments: &[f64]) -> Result<f64, NoValue> {
        self.around.draw(draw, arguments)
    }
}

/// The parameters of a cell, for each cell of a population: what its braces set, else the default.
///
/// # Errors
/// A value that is none.
pub fn params(parts: Parts, tree: &Tree, given: &[(CellParamId, Attribute)]) -> Result<Vec<Column>, Told> {
    let mut all = Params { parts, tree, given, known: vec![None; tree.params.len()], busy: Vec::new() };
    let columns: Result<Vec<Column>, Told> = (0..tree.params.len()).map(|at| all.column(at)).collect();
    columns
}

/// Parameters while they are evaluated: each may use others.
struct Params<'a> {
    parts: Parts<'a>,
    tree: &'a Tree,
    given: &'a [(CellParamId, Attribute)],
    known: Vec<Option<Column>>,
    busy: Vec<usize>,
}

impl Params<'_> {
    fn column(&mut self, at: usize) -> Result<Column, Told> {
        if let Some(known) = self.known.get(at).cloned().flatten() {
            return Ok(known);
        }
        let param: &CellParam = &self.tree.params[at];
        let given = self.given.iter().find(|(id, _)| id.index() == at).map(|(_, value)| value);
        // The checker lets no cycle pass, and no parameter without a value.
        let none = || told(NoValue::Variable(Var::Cell(CellParamId(at as u32))), param.span);
        let attribute = given.or(param.default.as_ref()).filter(|_| !self.busy.contains(&at)).ok_or_else(none)?;
        self.busy.push(at);
        let mut needed = Vec::new();
        visit(&attribute.value, &mut |part| {
            if let Expr::Var(Var::Cell(id)) = part {
                needed.push(id.index());
            }
        });
        for id in needed {
            self.column(id)?;
        }
        self.busy.pop();
        let params: Vec<Column> = self.known.iter().map(|c| c.clone().unwrap_or(Column::Same(f64::NAN))).collect();
        let parts = Parts { params: &params, ..self.parts };
        let name = format!("param {}", param.name);
        let spot = Spot::default();
        let column = match parts.differs(&attribute.value) {
            false => Column::Same(parts.number(attribute, &name, 0, &spot)?),
            true => {
                let values = (0..parts.members.count).map(|index| parts.number(attribute, &name, index, &spot));
                Column::of(values.collect::<Result<_, _>>()?)
            }
        };
        if column.has_gaps() {
            return Err(super::range::not_a_number(&param.name, f64::NAN, attribute.span));
        }
        self.known[at] = Some(column.clone());
        Ok(column)
    }
}
