//! Expressions as written. Parentheses leave no node but widen the span of what they hold.

use std::sync::Arc;

use super::{Name, UnitExpr, UnitTerm};
use crate::span::Span;

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// The whole, parentheses around it included.
    pub span: Span,
}

/// All kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// Unreadable or missing, already reported.
    Error,
    /// `0.5`
    Number(f64),
    /// `18.8 um`: a number and the one unit that binds to it. `/cm2` after it is a `Binary` with the name `cm2`.
    Quantity {
        /// The number before the unit.
        value: f64,
        /// The unit.
        unit: UnitTerm,
    },
    /// `0.1 i`
    Imaginary(f64),
    /// `true`, `false`
    Bool(bool),
    /// `"p {p:.2f}"`
    Text(Text),
    /// A name; at last, if nothing else bears it, a unit.
    Name(Arc<str>),
    /// `base.name`
    Field {
        /// Left of the dot.
        base: Box<Expr>,
        /// Right of it.
        name: Name,
    },
    /// `base.*`: every part.
    Every {
        /// Left of the dot.
        base: Box<Expr>,
    },
    /// `base[a, b]`
    Index {
        /// What is indexed.
        base: Box<Expr>,
        /// Numbers or ranges.
        indices: Vec<Expr>,
    },
    /// `callee(a, size = 2)`; also a place on a section (`soma(0.5)`) and a trace at a time (`v(5 ms)`).
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// In order.
        args: Vec<Arg>,
    },
    /// `-x`, `not x`
    Unary {
        /// Which.
        op: UnaryOp,
        /// Its operand.
        operand: Box<Expr>,
    },
    /// `a + b`, `a and b`
    Binary {
        /// Which.
        op: BinaryOp,
        /// Where the operator stands.
        op_span: Span,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `a < b`
    Compare {
        /// Which.
        op: CompareOp,
        /// Where the operator stands.
        op_span: Span,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `x in mV`: the plain number.
    InUnit {
        /// The quantity.
        value: Box<Expr>,
        /// The unit to count in.
        unit: UnitExpr,
    },
    /// `x after T`
    After {
        /// What is cut.
        value: Box<Expr>,
        /// From here on.
        time: Box<Expr>,
    },
    /// `x before T`
    Before {
        /// What is cut.
        value: Box<Expr>,
        /// Up to here.
        time: Box<Expr>,
    },
    /// `a .. b by x log`
    Range(Box<Range>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `(a, b)`
    Tuple(Vec<Expr>),
    /// `if c { a } else { b }`
    If {
        /// The condition.
        condition: Box<Expr>,
        /// Its value if true.
        then: Box<Expr>,
        /// Its value if false; again an `If` for `else if`.
        otherwise: Box<Expr>,
    },
    /// `E where y > 500 um`
    Where {
        /// The set.
        set: Box<Expr>,
        /// Asked of each of its cells.
        condition: Box<Expr>,
    },
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Arg {
    /// The name of `name = value`.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
    /// The whole.
    pub span: Span,
}

/// `a .. b`, both ends included.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    /// First value.
    pub start: Expr,
    /// Last value.
    pub end: Expr,
    /// How it is divided, if said.
    pub spacing: Option<Spacing>,
    /// `log`: even in the logarithm.
    pub log: bool,
}

/// How a range is divided.
#[derive(Clone, Debug, PartialEq)]
pub enum Spacing {
    /// `by x`: the distance of neighbours.
    By(Expr),
    /// `steps n`: how many values, ends included.
    Steps(Expr),
}

/// Operators before their operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-`
    Minus,
    /// `not`
    Not,
}

/// Operators between operands of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `and`
    And,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `^`
    Pow,
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl BinaryOp {
    /// As written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            BinaryOp::Or => "or",
            BinaryOp::And => "and",
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::Div => "/",
            BinaryOp::Pow => "^",
        }
    }
}

impl CompareOp {
    /// As written.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            CompareOp::Eq => "==",
            CompareOp::Ne => "!=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }
}

/// A text in quotes with values in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Text {
    /// Letters and values in order.
    pub parts: Vec<TextPart>,
    /// Quotes included.
    pub span: Span,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum TextPart {
    /// Letters, escapes resolved.
    Letters(String),
    /// `{expr:.2f}`
    Value {
        /// The value to show.
        value: Expr,
        /// Its digits, if said.
        format: Option<Format>,
    },
}

/// `.2f`: how a number is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    /// At least so many characters.
    pub width: u8,
    /// Digits after the point (`f`, `e`) or in all (`g`).
    pub digits: Option<u8>,
    /// Which way.
    pub style: FormatStyle,
    /// Without the colon.
    pub span: Span,
}

/// How the digits of a `Format` are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatStyle {
    /// `f`: 0.50
    Fixed,
    /// `e`: 5.0e-1
    Exponent,
    /// `g`: whichever is shorter
    Shortest,
}
