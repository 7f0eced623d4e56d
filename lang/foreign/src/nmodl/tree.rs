//! The syntax tree of an NMODL file: what is written, in order, nothing looked up.

use bouton_model::curve::Curve;
use bouton_syntax::Span;
use std::rc::Rc;
use std::sync::Arc;

/// A name.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// As written.
    pub text: Rc<str>,
    /// Where.
    pub span: Span,
}

/// A value.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// Kinds of values.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// 1.5, with its unit dropped, as NMODL drops it
    Number(f64),
    /// x
    Name(Rc<str>),
    /// x[i]
    Index(Rc<str>, Box<Expr>),
    /// f(x)
    Call(Rc<str>, Vec<Expr>),
    /// A text, as printf has.
    Text(String),
    /// -x
    Neg(Box<Expr>),
    /// !x
    Not(Box<Expr>),
    /// x op y
    Binary(Op, Box<Expr>, Box<Expr>),
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Op {
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

/// A declared variable.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its name.
    pub name: Name,
    /// How many elements, where it is an array.
    pub size: Option<u32>,
    /// Its unit as written, without parentheses.
    pub unit: Option<String>,
    /// Its value: of parameters, constants, and of states with START.
    pub value: Option<f64>,
}

/// A line of UNITS.
#[derive(Clone, Debug)]
pub enum UnitLine {
    /// (mV) = (millivolt)
    Alias(String, String),
    /// F = (faraday) (coulomb): the one in units of the other
    Factor(Name, String, String),
    /// F = 96485 (coul)
    Number(Name, f64),
}

/// USEION
#[derive(Clone, Debug)]
pub struct Ion {
    /// Its name.
    pub name: Name,
    /// READ
    pub reads: Vec<Name>,
    /// WRITE
    pub writes: Vec<Name>,
    /// VALENCE
    pub valence: Option<f64>,
}

/// Where a mechanism can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// SUFFIX
    Density,
    /// POINT_PROCESS
    Point,
    /// ARTIFICIAL_CELL
    Artificial,
}

/// The NEURON blocks together.
#[derive(Clone, Debug, Default)]
pub struct Neuron {
    /// SUFFIX and its like.
    pub name: Option<(Place, Name)>,
    /// USEION, in order.
    pub ions: Vec<Ion>,
    /// NONSPECIFIC_CURRENT
    pub nonspecific: Vec<Name>,
    /// ELECTRODE_CURRENT
    pub electrode: Vec<Name>,
    /// RANGE
    pub range: Vec<Name>,
    /// GLOBAL
    pub global: Vec<Name>,
    /// POINTER and BBCOREPOINTER
    pub pointer: Vec<Name>,
    /// RANDOM
    pub random: Vec<Name>,
    /// EXTERNAL
    pub external: Vec<Name>,
    /// THREADSAFE
    pub threadsafe: bool,
}

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where.
    pub span: Span,
}

/// How a block is solved.
#[derive(Clone, Debug)]
pub struct Solve {
    /// The block.
    pub block: Name,
    /// METHOD
    pub method: Option<Name>,
    /// STEADYSTATE
    pub steady: Option<Name>,
}

/// Kinds of statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// x = value, x[i] = value
    Assign(Name, Option<Expr>, Expr),
    /// x' = value
    Derivative(Name, Option<Expr>, Expr),
    /// f(x)
    Call(Name, Vec<Expr>),
    /// LOCAL
    Local(Vec<(Name, Option<u32>)>),
    /// if
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    /// while
    While(Expr, Vec<Stmt>),
    /// FROM i = a TO b BY c
    From(Name, Expr, Expr, Option<Expr>, Vec<Stmt>),
    /// SOLVE
    Solve(Solve),
    /// ~ a + 2 b <-> c (kf, kr)
    Reaction(Vec<Species>, Vec<Species>, Expr, Option<Expr>),
    /// ~ a << (flux)
    Flux(Species, Expr),
    /// ~ left = right
    Equation(Expr, Expr),
    /// CONSERVE sum = total
    Conserve(Expr, Expr),
    /// COMPARTMENT i, volume { states }
    Compartment(Option<Name>, Expr, Vec<Name>),
    /// LONGITUDINAL_DIFFUSION i, D { states }
    Diffusion(Option<Name>, Expr, Vec<Name>),
    /// TABLE
    Table(Table),
    /// VERBATIM
    Verbatim(String),
    /// return, of C code
    Return(Option<Expr>),
    /// WATCH (condition) flag
    Watch(Expr, Expr),
    /// FOR_NETCONS
    ForNetcons(Vec<Name>, Vec<Stmt>),
    /// INITIAL inside NET_RECEIVE
    Initial(Vec<Stmt>),
    /// A construct that is named, but not understood.
    Other(&'static str),
}

/// A state in a reaction.
#[derive(Clone, Debug)]
pub struct Species {
    /// How many.
    pub count: f64,
    /// Which.
    pub name: Name,
    /// Of an array.
    pub index: Option<Expr>,
}

/// TABLE
#[derive(Clone, Debug)]
pub struct Table {
    /// What is tabulated; nothing: the function itself.
    pub names: Vec<Name>,
    /// DEPEND
    pub depend: Vec<Name>,
    /// FROM
    pub from: Expr,
    /// TO
    pub to: Expr,
    /// WITH
    pub with: Expr,
}

/// Kinds of blocks with statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "they are NMODL's keywords")]
pub enum BlockKind {
    Initial,
    Breakpoint,
    Derivative,
    Kinetic,
    Linear,
    Nonlinear,
    Discrete,
    Function,
    FunctionTable,
    Procedure,
    NetReceive,
    Constructor,
    Destructor,
    BeforeInitial,
    AfterInitial,
    BeforeBreakpoint,
    AfterSolve,
    BeforeStep,
}

/// A block with statements.
#[derive(Clone, Debug)]
pub struct Block {
    /// Which.
    pub kind: BlockKind,
    /// Of those that have one.
    pub name: Name,
    /// Arguments with their units.
    pub arguments: Vec<(Name, Option<String>)>,
    /// Of a function, as written.
    pub unit: Option<String>,
    /// In order.
    pub body: Vec<Stmt>,
    /// Of a FUNCTION_TABLE: what a script has filled it with.
    pub curve: Option<Arc<Curve>>,
    /// Where it begins.
    pub span: Span,
}

/// A file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// TITLE
    pub title: Option<String>,
    /// NEURON
    pub neuron: Neuron,
    /// UNITS
    pub units: Vec<UnitLine>,
    /// PARAMETER
    pub parameters: Vec<Declared>,
    /// CONSTANT
    pub constants: Vec<Declared>,
    /// ASSIGNED
    pub assigned: Vec<Declared>,
    /// STATE
    pub states: Vec<Declared>,
    /// LOCAL outside of all blocks.
    pub locals: Vec<(Name, Option<u32>)>,
    /// INDEPENDENT
    pub independent: Vec<Name>,
    /// Blocks with statements, in order.
    pub blocks: Vec<Block>,
    /// VERBATIM outside of all blocks.
    pub verbatim: Vec<(String, Span)>,
    /// What stands between UNITSOFF and UNITSON.
    pub unchecked: Vec<Span>,
    /// Whole file.
    pub span: Span,
}
