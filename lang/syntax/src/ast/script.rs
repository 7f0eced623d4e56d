//! Experiments: what a script executes, and what is recorded.

use super::{Attr, AttrBlock, Bindings, Block, Expr, Name, Text};
use crate::span::Span;

/// `record a = M[0].soma(0.5).v, b = EXPR every 0.1 ms`.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Each with a value, none with a unit.
    pub records: Bindings,
    /// The interval; without it each step.
    pub every: Option<Expr>,
    /// The file to which samples go instead of the memory.
    pub file: Option<Text>,
}

/// A statement inside `sweep`, `optimize`, `for` or `if`.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// The whole.
    pub span: Span,
}

/// What is executed. `Vary`, `Report`, `Aim`, `Evolve` and `Attr` stand in `sweep` and `optimize` only, and at top level
/// `Let` and `Error` are items instead; the parser sees to that.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// Unreadable, already reported.
    Error,
    /// `run`, `run 200 ms`
    Run(Option<Expr>),
    /// `restart`
    Restart,
    /// `restore "x.state"`
    Restore(Text),
    /// `set SM.weight = 0.02 uS`
    Set(Vec<Attr>),
    /// `let y = trace(a) after 2 s`
    Let(Bindings),
    /// `print "..."`
    Print(Vec<Expr>),
    /// `plot X, Y "file.svg" { }`
    Plot(Show),
    /// `save X "file.csv"`
    Save(Show),
    /// `assert rate(M) > 5 Hz, "M is silent"`
    Assert {
        /// What must be true.
        condition: Expr,
        /// What to say if not.
        message: Option<Text>,
    },
    /// `apply fit.best`
    Apply(Expr),
    /// `steady state rest { p.r = 1 }`: the states from which it is looked for are attributes.
    Steady(Study),
    /// `continue branch { vary p.eta in -10 .. 0 }`
    Continue(Study),
    /// `sweep drive { }`
    Sweep(Study),
    /// `optimize fit { }`
    Optimize(Study),
    /// `vary w in 0.001 uS .. 0.1 uS steps 20 log`
    Vary(Vary),
    /// `report m = rate(M), s`
    Report(Vec<Report>),
    /// `minimize abs(rate(S) - 17 Hz)`
    Aim(Aim, Expr),
    /// `evolve genetic { }`
    Evolve(Evolve),
    /// `zip = true`, an attribute of the sweep or optimization around it
    Attr(Attr),
    /// `for x in LIST { }`
    For(For),
    /// `if c { } else { }`
    If(If),
}

/// What `plot` and `save` show.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// Names, kinds of plots or expressions.
    pub subjects: Vec<Expr>,
    /// The file.
    pub file: Option<Text>,
    /// Options.
    pub options: Option<AttrBlock>,
}

/// `sweep NAME { }` and its like.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// The name of its result.
    pub name: Name,
    /// Done once for each value or candidate.
    pub body: Block<Stmt>,
}

/// `vary KNOB in RANGE integer`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vary {
    /// A `param` or a path to a parameter; built of `Name`, `Field`, `Index` and `Call` only.
    pub knob: Expr,
    /// A range or a list.
    pub values: Expr,
    /// Whole numbers only.
    pub integer: bool,
}

/// What an optimization does with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Aim {
    Minimize,
    Maximize,
    Constrain,
}

/// `m = rate(M)` or a bare name.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The column, where named.
    pub name: Option<Name>,
    /// Its value.
    pub value: Expr,
    /// The whole.
    pub span: Span,
}

/// `evolve genetic { population = 10 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Evolve {
    /// The method.
    pub method: Name,
    /// Its parts and limits.
    pub attrs: Option<AttrBlock>,
}

/// `for x in LIST { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// The variable.
    pub variable: Name,
    /// A range or a list.
    pub values: Expr,
    /// Done for each.
    pub body: Block<Stmt>,
}

/// `if c { } else if d { } else { }` among statements.
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    /// The condition.
    pub condition: Expr,
    /// Done if true.
    pub then: Block<Stmt>,
    /// Done if false; for `else if` a block whose only statement is that `If`.
    pub otherwise: Option<Block<Stmt>>,
}
