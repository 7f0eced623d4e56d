//! The functions of the language, one row each. What they mean in lanes is in `math`, how dimensions follow in the row's rule.

use crate::unit::Dimension;

/// A number of nature or mathematics.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    /// How it is written.
    pub name: &'static str,
    /// In the coherent system; CODATA 2018.
    pub value: f64,
    /// Its dimension.
    pub dimension: Dimension,
    /// One line for the manual and the editor.
    pub doc: &'static str,
}

/// Charge of a mole of elementary charges (mA ms/umol, which is C/mol).
pub const FARADAY: f64 = 96_485.332_123_310_02;

/// Molar gas constant (mV mA ms/umol/K, which is mJ/mol/K).
pub const GAS_CONSTANT: f64 = 8_314.462_618_153_24;

/// All constants.
pub const CONSTANTS: &[Constant] = &[
    constant("pi", std::f64::consts::PI, [0; 6], "ratio of a circle's circumference to its diameter"),
    constant("faraday", FARADAY, [1, 0, 1, 0, -1, 0], "charge of a mole of elementary charges"),
    constant("gas_constant", GAS_CONSTANT, [1, 1, 1, 0, -1, -1], "energy per mole and kelvin"),
    constant("boltzmann", 1.380_649e-14, [1, 1, 1, 0, 0, -1], "energy per kelvin"),
];

const fn constant(name: &'static str, value: f64, dimension: [i16; 6], doc: &'static str) -> Constant {
    Constant { name, value, dimension: Dimension::of(dimension), doc }
}

/// The constant of a name.
pub fn find_constant(name: &str) -> Option<&'static Constant> {
    CONSTANTS.iter().find(|constant| constant.name == name)
}

/// A function of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Function {
    /// e^x
    Exp,
    /// Natural logarithm
    Log,
    /// Logarithm to base 10
    Log10,
    /// Square root
    Sqrt,
    /// Magnitude
    Abs,
    /// The smaller one
    Min,
    /// The larger one
    Max,
    /// Sine
    Sin,
    /// Cosine
    Cos,
    /// Tangent
    Tan,
    /// Arc sine
    Asin,
    /// Arc cosine
    Acos,
    /// Arc tangent
    Atan,
    /// Angle of the point whose second and first coordinates these are
    Atan2,
    /// Hyperbolic sine
    Sinh,
    /// Hyperbolic cosine
    Cosh,
    /// Hyperbolic tangent
    Tanh,
    /// 1 / (1 + e^-x)
    Sigmoid,
    /// -1, 0 or 1
    Sign,
    /// Largest integer not above x
    Floor,
    /// Smallest integer not below x
    Ceil,
    /// Nearest integer, ties to even
    Round,
    /// Nernst potential of inner and outer concentration and valence, at `celsius`
    Nernst,
    /// Goldman-Hodgkin-Katz flux times charge, of v, inner and outer concentration and valence, at `celsius`
    Ghk,
    /// What a table that the mechanism is given holds: first the variable that stands for it, then its arguments. It has no name of its own.
    Table,
}

/// How the dimension of a result follows from those of the arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DimensionRule {
    /// Plain numbers in, a plain number out.
    Plain,
    /// One argument of any dimension, the same out.
    Same,
    /// All arguments of one dimension, the same out.
    Alike,
    /// All arguments of one dimension, a plain number out.
    Ratio,
    /// One argument, its dimension to the power 1/2.
    Root,
    /// Two concentrations and a plain number in, a voltage out.
    Nernst,
    /// A voltage, two concentrations and a plain number in, charge per volume out.
    Ghk,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What it is.
    pub function: Function,
    /// How it is written.
    pub name: &'static str,
    /// Smallest and largest number of arguments.
    pub arity: (usize, usize),
    /// How dimensions follow.
    pub rule: DimensionRule,
    /// One line for the manual and the editor.
    pub doc: &'static str,
}

use DimensionRule as D;
use Function as F;

/// All of them.
pub const FUNCTIONS: &[Row] = &[
    row(F::Exp, "exp", (1, 1), D::Plain, "e to the power x"),
    row(F::Log, "log", (1, 1), D::Plain, "natural logarithm"),
    row(F::Log10, "log10", (1, 1), D::Plain, "logarithm to base 10"),
    row(F::Sqrt, "sqrt", (1, 1), D::Root, "square root"),
    row(F::Abs, "abs", (1, 1), D::Same, "magnitude"),
    row(F::Min, "min", (2, 64), D::Alike, "smallest of its arguments"),
    row(F::Max, "max", (2, 64), D::Alike, "largest of its arguments"),
    row(F::Sin, "sin", (1, 1), D::Plain, "sine of an angle in radians"),
    row(F::Cos, "cos", (1, 1), D::Plain, "cosine of an angle in radians"),
    row(F::Tan, "tan", (1, 1), D::Plain, "tangent of an angle in radians"),
    row(F::Asin, "asin", (1, 1), D::Plain, "angle in radians, from -pi/2 to pi/2, whose sine is x"),
    row(F::Acos, "acos", (1, 1), D::Plain, "angle in radians, from 0 to pi, whose cosine is x"),
    row(F::Atan, "atan", (1, 1), D::Plain, "angle in radians, from -pi/2 to pi/2, whose tangent is x"),
    row(
        F::Atan2,
        "atan2",
        (2, 2),
        D::Ratio,
        "angle in radians, from -pi to pi, of the point that is y above and x beside the origin",
    ),
    row(F::Sinh, "sinh", (1, 1), D::Plain, "hyperbolic sine"),
    row(F::Cosh, "cosh", (1, 1), D::Plain, "hyperbolic cosine"),
    row(F::Tanh, "tanh", (1, 1), D::Plain, "hyperbolic tangent"),
    row(F::Sigmoid, "sigmoid", (1, 1), D::Plain, "1 / (1 + exp(-x))"),
    row(F::Sign, "sign", (1, 1), D::Ratio, "-1, 0 or 1, as x is below, at or above 0"),
    row(F::Floor, "floor", (1, 1), D::Plain, "largest integer not above x"),
    row(F::Ceil, "ceil", (1, 1), D::Plain, "smallest integer not below x"),
    row(F::Round, "round", (1, 1), D::Plain, "nearest integer, ties to even"),
    row(F::Nernst, "nernst", (3, 3), D::Nernst, "Nernst potential: inner, outer concentration, valence"),
    row(F::Ghk, "ghk", (4, 4), D::Ghk, "GHK charge per volume: v, inner, outer concentration, valence"),
];

const fn row(function: Function, name: &'static str, arity: (usize, usize), rule: DimensionRule, doc: &'static str) -> Row {
    Row { function, name, arity, rule, doc }
}

/// The row of a name.
pub fn find(name: &str) -> Option<&'static Row> {
    FUNCTIONS.iter().find(|r| r.name == name)
}
