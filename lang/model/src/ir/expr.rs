//! Expressions of the checked program. Functions of the user are inlined, dimensions are gone.

use super::{LocalId, Measure, ParamId, VarId};
use crate::builtin::Function;

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
    /// Argument of the event that the handler handles; 0 is the first.
    Argument(u8),
    /// What every mechanism knows.
    Known(Known),
    /// Of the sending cell, in a connection.
    Pre(CellAttribute),
    /// Of the receiving cell, in a connection, or of the cell itself in a population's settings.
    Post(CellAttribute),
    /// Between the two cells of a connection (cm).
    Distance,
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
