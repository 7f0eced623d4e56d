//! The syntax tree: what was written, with every place. No names are resolved and no units looked up here.
//!
//! Parts that could not be read are `Error` nodes, already reported: later stages stay silent about them.

mod cell;
mod expr;
mod mechanism;
mod network;
mod outline;
mod script;
mod shift;
mod unit;

pub use cell::*;
pub use expr::*;
pub use mechanism::*;
pub use network::*;
pub use outline::{outline, outline_expr};
pub use script::*;
pub(crate) use shift::Shift;
pub use unit::*;

use std::sync::Arc;

use crate::span::Span;

/// A whole script, library file or piece typed at the prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Declarations and statements, in the order of the text.
    pub items: Vec<Item>,
    /// All comments that are not the `Doc` of a declaration, in the order of the text.
    pub comments: Vec<Comment>,
    /// The whole text.
    pub span: Span,
}

/// One declaration or statement of a file or a circuit.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What the `///` lines before it say.
    pub doc: Option<Doc>,
    /// What it is.
    pub kind: ItemKind,
    /// From its first word to its last sign, without the doc.
    pub span: Span,
}

/// What can stand in a file. A circuit has `Param`, `Let`, `Fn`, `Output`, `Population`, `Synapse`, `Circuit`, `CircuitUse`,
/// `Connect` and `Stimulate` only; the parser sees to that.
#[derive(Clone, Debug, PartialEq)]
pub enum ItemKind {
    /// Unreadable, already reported.
    Error,
    /// `use std.channels`
    Use(Use),
    /// `import mechanisms "mod/*.mod"`
    ImportMechanisms(ImportMechanisms),
    /// `import cells "network.hoc" of pyr`
    ImportCells(ImportCells),
    /// `param p = 0.5`
    Param(Bindings),
    /// `let C_E = 1000`; a statement when it reads a result.
    Let(Bindings),
    /// `output m = pc.m`, in a circuit
    Output(Bindings),
    /// `fn f(x) = x^2`
    Fn(Fn),
    /// `mechanism kv { }`
    Mechanism(Mechanism),
    /// `cell PYR { }`, `cell HH = import ...`
    Cell(Cell),
    /// `circuit JRC { }`
    Circuit(Circuit),
    /// `circuit a: JRC { C = 120 }`
    CircuitUse(CircuitUse),
    /// `population S: PYR[20]`
    Population(Population),
    /// `synapse exc = Exp2Syn { }`
    Synapse(Synapse),
    /// `connect SM: S -> M via exc { }`
    Connect(Connect),
    /// `stimulate S with NetStim { } via exc { }`
    Stimulate(Stimulate),
    /// `simulation { duration = 1 s }`
    Simulation(AttrBlock),
    /// `record v = M[0].soma(0.5).v every 0.1 ms`
    Record(Record),
    /// Anything that is executed.
    Stmt(StmtKind),
}

/// A name as written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The identifier; empty where one was missing (already reported).
    pub text: Arc<str>,
    /// Where.
    pub span: Span,
}

impl Name {
    /// Whether the name was missing in the text, which has been reported.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.text.is_empty()
    }
}

/// Names joined by dots, such as `std.channels` or `jr.JansenRit`; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The parts.
    pub parts: Vec<Name>,
    /// The whole.
    pub span: Span,
}

/// `{ ... }` with what stands inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Block<T> {
    /// What stands inside, in order.
    pub items: Vec<T>,
    /// Both braces included.
    pub span: Span,
}

/// `{ rate = 10 Hz, noise = 0.5 }`
pub type AttrBlock = Block<Attr>;

/// `rate = 10 Hz`, `soma.hh.gnabar = normal(a, b)`, or a bare mark such as `allow_empty`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attr {
    /// What is set, built of `Name`, `Field`, `Index` and `Call` only.
    pub path: Expr,
    /// The value; `Bool(true)` for a bare mark.
    pub value: Expr,
    /// Written as a bare mark, without `= value`.
    pub bare: bool,
    /// The whole.
    pub span: Span,
}

impl Attr {
    /// The attribute's name where it is a plain one.
    #[must_use]
    pub fn name(&self) -> Option<&Arc<str>> {
        match &self.path.kind {
            ExprKind::Name(text) => Some(text),
            _ => None,
        }
    }
}

/// One of a list such as `param a = 1, tau: ms, u: Hz = 0 Hz`; also a parameter of `fn` and `on event(...)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The name.
    pub name: Name,
    /// Of a parameter that is a table, `tau(v: mV)`: what stands in the parentheses.
    pub arguments: Option<Bindings>,
    /// What stands after `:`.
    pub unit: Option<UnitExpr>,
    /// What stands after `=`.
    pub value: Option<Expr>,
    /// The whole.
    pub span: Span,
}

/// Several bindings after one word.
pub type Bindings = Vec<Binding>;

/// `fn linoid(x, k) = ...` or `fn f(x) { let y = x^2; return y + 1 }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fn {
    /// The name.
    pub name: Name,
    /// Its parameters, with optional units and defaults.
    pub params: Bindings,
    /// The value or the steps to it.
    pub body: FnBody,
}

/// How a function says its value.
#[derive(Clone, Debug, PartialEq)]
pub enum FnBody {
    /// `= value`
    Value(Expr),
    /// `{ let ...; return ... }`
    Block(Block<Action>),
}

/// `use "my_channels.net"`, `use std.channels as ch`.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// Which script.
    pub what: UseWhat,
    /// The name after `as`.
    pub alias: Option<Name>,
}

/// What `use` names.
#[derive(Clone, Debug, PartialEq)]
pub enum UseWhat {
    /// A file beside the script.
    File(Quoted),
    /// A part of the library.
    Library(Path),
}

/// `import mechanisms "mod/*.mod"`, `import mechanism "kv.mod" as kv2`.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportMechanisms {
    /// Files, or patterns of them.
    pub files: Vec<Quoted>,
    /// The name after `as`, of one file.
    pub alias: Option<Name>,
}

/// A text in quotes that takes no `{...}`: the name of a file that is read before anything runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    /// Without quotes, escapes resolved.
    pub text: String,
    /// Quotes included.
    pub span: Span,
}

/// What the `///` lines before a declaration say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc {
    /// The lines without `///` and one space, joined by newlines.
    pub text: String,
    /// From the first line to the last.
    pub span: Span,
}

/// A comment beside the tree, for the formatter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// How it is written.
    pub kind: CommentKind,
    /// Its signs included, a line's end not.
    pub span: Span,
}

/// How a comment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `// ...`
    Line,
    /// `/* ... */`
    Block,
    /// `/// ...` with no declaration after it
    Doc,
}
