//! Expressions of the checked program. Functions of the user are inlined, dimensions are gone.

use super::{CellParamId, LocalId, Measure, ParamId, VarId};
use crate::builtin::Function;
use std::sync::Arc;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// In the coherent system.
    Number(f64),
    /// A truth value.
    Bool(bool),
    /// What a name stands for.
    Var(Var),
    /// -x or not x
    Unary(Unary, Box<Expr>),
    /// x op y
    Binary(Binary, Box<Expr>, Box<Expr>),
    /// A function of the language.
    Call(Function, Vec<Expr>),
    /// A random draw.
    Draw(Draw, Vec<Expr>),
    /// `if` condition, value, else value. A random draw in the branch not taken is not drawn.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A local value, evaluated once, and the expression that uses it.
    Let(LocalId, Box<Expr>, Box<Expr>),
    /// What a run gave. In scripts only.
    Measure(Box<Measure>),
    /// Values of a parameter that lists times. In settings only, and not in a finished program.
    List(Vec<Expr>),
    /// One value for each cell of the population in whose braces it stands, by the cell's index.
    PerCell(Arc<[Expr]>),
}

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Var {
    /// A parameter of the file.
    Param(ParamId),
    /// A variable of the mechanism in which the expression stands.
    Own(VarId),
    /// A local value.
    Local(LocalId),
    /// Column of the connection whose event is handled, or that is gone over; 0 is the weight.
    Argument(u8),
    /// What every mechanism knows.
    Known(Known),
    /// Of the sending cell, in a connection.
    Pre(CellAttribute),
    /// Of the receiving cell, in a connection, or of the cell itself in a population's settings.
    Post(CellAttribute),
    /// Between the two cells of a connection (cm).
    Distance,
    /// A parameter of the cell with sections in which the expression stands.
    Cell(CellParamId),
    /// Of the segment for which the expression is evaluated, in a cell with sections.
    Place(PlaceAttribute),
    /// A value of the connection's row in the list of pairs: index into [`super::PairList::columns`].
    Listed(u16),
}

/// Variables known in every mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Known {
    /// Membrane potential (mV).
    V,
    /// Time (ms).
    T,
    /// Step (ms).
    Dt,
    /// Temperature (K).
    Celsius,
    /// Membrane area of the segment (cm2).
    Area,
    /// Diameter of the segment (cm).
    Diam,
}

/// Attributes of a cell in a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CellAttribute {
    /// Position (cm).
    X,
    /// Position (cm).
    Y,
    /// Position (cm).
    Z,
    /// Index in its population.
    Index,
}

/// What is known of a place on a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceAttribute {
    /// Along the tree, from the middle of `soma`, or of the root where no section is called so (cm).
    PathDistance,
    /// Position on the section, from 0 to 1.
    X,
    /// Index of the section in its array; 0 for one alone.
    Index,
    /// Diameter of the segment (cm).
    Diam,
    /// Membrane area of the segment (cm2).
    Area,
    /// Length of the section (cm).
    Length,
    /// The length at which a signal of 100 Hz falls to 1/e in the section (cm).
    Lambda,
}

/// Operators of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unary {
    /// -x
    Neg,
    /// not x
    Not,
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    And,
    Or,
}

/// Distributions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Draw {
    /// Lower and upper end.
    Uniform,
    /// Mean, standard deviation.
    Normal,
    /// Mean and standard deviation of the values themselves.
    Lognormal,
    /// Mean.
    Exponential,
    /// Mean.
    Poisson,
}
