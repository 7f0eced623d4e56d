//! The syntax tree of hoc: what is written, in order. What a name stands for is known when it is met.

use bouton_syntax::Span;
use std::rc::Rc;

/// A name.
pub type Name = Rc<str>;

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
    /// 1.5
    Number(f64),
    /// "text"
    Text(Rc<str>),
    /// a.b\[i\].c(x)
    Path(Path),
    /// -x
    Neg(Box<Expr>),
    /// !x
    Not(Box<Expr>),
    /// x op y
    Binary(Op, Box<Expr>, Box<Expr>),
    /// place = value, place += value
    Assign(Path, Option<Op>, Box<Expr>),
    /// new Class(arguments)
    New(Name, Vec<Expr>),
    /// &place
    Address(Path),
}

/// Operators of two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "their names say it")]
pub enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
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

/// What a path begins with.
#[derive(Clone, Debug)]
pub enum Head {
    /// A name.
    Name,
    /// `$o1`: its kind, and which; 0 where the variable `i` says which.
    Arg(char, u32),
}

/// a.b\[i\].c(x)
#[derive(Clone, Debug)]
pub struct Path {
    /// What it begins with.
    pub head: Head,
    /// Its steps.
    pub parts: Vec<Part>,
    /// Where.
    pub span: Span,
}

/// A step of a path.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its name; empty for an argument.
    pub name: Name,
    /// In brackets.
    pub indices: Vec<Expr>,
    /// In parentheses.
    pub call: Option<Vec<Expr>>,
}

/// A declared name with the sizes of an array.
pub type Sized = (Name, Vec<Expr>);

/// A statement.
#[derive(Clone, Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where.
    pub span: Span,
}

/// A procedure, function or iterator.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// Its name.
    pub name: Name,
    /// What it is: `proc`, `func`, `obfunc` or `iterator`.
    pub kind: &'static str,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Where its name stands.
    pub span: Span,
}

/// Kinds of statements.
#[derive(Clone, Debug)]
pub enum StmtKind {
    /// A value, computed for what it does.
    Expr(Expr),
    /// print a, b
    Print(Vec<Expr>),
    /// { }
    Block(Vec<Stmt>),
    /// if (a) b else c
    If(Expr, Box<Stmt>, Option<Box<Stmt>>),
    /// while (a) b
    While(Expr, Box<Stmt>),
    /// for (a; b; c) d
    For(Option<Box<Stmt>>, Option<Expr>, Option<Box<Stmt>>, Box<Stmt>),
    /// for i = a, b c
    ForRange(Path, Expr, Expr, Box<Stmt>),
    /// for (x) a, for (x, 0) a: with the ends, or without
    ForSegments(Path, bool, Box<Stmt>),
    /// for name(arguments) a
    ForIterator(Path, Rc<Stmt>),
    /// iterator_statement
    IteratorStatement,
    /// section a
    In(Path, Box<Stmt>),
    /// forall a
    ForAll(Box<Stmt>),
    /// forsec list a
    ForSec(Expr, Box<Stmt>),
    /// ifsec "name" a
    IfSec(Expr, Box<Stmt>),
    /// access section
    Access(Path),
    /// connect child(0), parent(1); connect child(0), 1
    Connect(Path, Expr),
    /// insert
    Insert(Name),
    /// uninsert
    Uninsert(Name),
    /// create
    Create(Vec<Sized>),
    /// objref, at the top, and localobj
    Objects(Vec<Sized>),
    /// strdef
    Texts(Vec<Name>),
    /// double
    Numbers(Vec<Sized>),
    /// local, or localobj
    Local(Vec<Name>, bool),
    /// public
    Public(Vec<Name>),
    /// external
    External(Vec<Name>),
    /// proc, func, obfunc, iterator
    Define(Rc<Procedure>),
    /// begintemplate to endtemplate
    Template(Rc<Template>),
    /// setpointer a, b
    SetPointer(Path, Path),
    /// name(a:b) = c:d; name(a:b) = c
    Along(Path, [Expr; 2], Expr, Option<Expr>),
    /// depvar a, b
    Dependent(Vec<Path>),
    /// eqn a:: left = right; eqn a: left =; eqn a: = right
    Equation(Path, Option<Expr>, Option<Expr>),
    /// delete
    Delete(Name),
    /// return
    Return(Option<Expr>),
    /// break
    Break,
    /// continue
    Continue,
    /// stop
    Stop,
    /// quit()
    Quit,
    /// Unreadable, which is an error where it is met.
    Error(Rc<str>),
}

/// A template.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its name.
    pub name: Name,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Names to which its text assigns.
    pub assigned: Vec<Name>,
    /// All names of its text, in the order of their first appearance: in that order an object's sections are made.
    pub names: Vec<Name>,
    /// Where its name stands.
    pub span: Span,
}

/// A file.
#[derive(Clone, Debug, Default)]
pub struct File {
    /// In order.
    pub body: Vec<Stmt>,
    /// Names to which its text assigns outside of templates.
    pub assigned: Vec<Name>,
}
