//! Expressions: names are found, dimensions follow, the checked expression comes out. What names exist beside those of the
//! file is the affair of the caller's [`Resolve`].

mod arithmetic;
mod call;
mod choice;
mod literal;
mod name;

pub(crate) use call::{draws, wrong_count};
pub(crate) use choice::branches;
pub(crate) use literal::unit_of;
pub(crate) use name::suggest;

use super::declare::Home;
use super::scope::Scope;
use bouton_model::ir;
use bouton_model::unit::Dimension;
use bouton_model::unit::table::Unit;
use bouton_syntax::ast::{self, ExprKind, UnaryOp};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::cell::{Cell, RefCell};
use std::collections::HashSet;

/// What kind of value an expression has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Type {
    /// A number with its dimension.
    Number(Dimension),
    /// The literal `0`, which fits any dimension.
    Zero,
    /// A temperature that may be compared and subtracted; `absolute` ones (`celsius`) may be multiplied too.
    Temperature {
        /// Whether it may stand in a product.
        absolute: bool,
    },
    /// A truth value.
    Bool,
    /// Already reported: whatever follows from it stays silent.
    Error,
}

impl Type {
    /// A plain number.
    pub const PLAIN: Type = Type::Number(Dimension::NONE);

    /// The dimension of a number; a literal 0 is a plain one.
    pub fn dimension(self) -> Option<Dimension> {
        match self {
            Type::Number(dimension) => Some(dimension),
            Type::Zero => Some(Dimension::NONE),
            Type::Temperature { .. } => Some(Dimension::TEMPERATURE),
            Type::Bool | Type::Error => None,
        }
    }
}

/// A checked expression with its type and place.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    /// The expression, in the coherent system.
    pub expr: ir::Expr,
    /// What kind of value it has.
    pub ty: Type,
    /// Where it was written.
    pub span: Span,
    /// Set for a number with the units behind it, which are multiplied before the number is converted.
    literal: Option<Literal>,
    /// Where the number without a unit stands that this is, also under a name: there a unit can be put.
    pub bare_number: Option<Span>,
}

/// A number with its unit, or a unit alone.
#[derive(Clone, Copy, Debug)]
struct Literal {
    value: f64,
    unit: Unit,
    /// A unit without a number.
    bare: bool,
}

impl Typed {
    /// A value of a type.
    pub fn new(expr: ir::Expr, ty: Type, span: Span) -> Typed {
        Typed { expr, ty, span, literal: None, bare_number: None }
    }

    /// A number of a dimension.
    pub fn number(expr: ir::Expr, dimension: Dimension, span: Span) -> Typed {
        Typed::new(expr, Type::Number(dimension), span)
    }

    /// A truth value.
    pub fn truth(expr: ir::Expr, span: Span) -> Typed {
        Typed::new(expr, Type::Bool, span)
    }

    /// What stands for something already reported.
    pub fn error(span: Span) -> Typed {
        Typed::new(ir::Expr::Number(0.0), Type::Error, span)
    }

    /// Whether it was already reported.
    pub fn is_error(&self) -> bool {
        self.ty == Type::Error
    }

    /// The same value, which is a number without a unit that stands elsewhere.
    pub fn standing_for(self, bare_number: Option<Span>) -> Typed {
        Typed { bare_number, ..self }
    }

    /// The value of the unit that it is written in, where it is a number with one.
    pub fn written_unit(&self) -> Option<f64> {
        self.literal.filter(|literal| !literal.bare).map(|literal| literal.unit.factor())
    }

    /// The same with its sign turned.
    pub fn negated(self) -> Typed {
        Typed { expr: ir::Expr::Unary(ir::Unary::Neg, Box::new(self.expr)), literal: None, ..self }
    }

    /// The same value at another place.
    pub fn at(self, span: Span) -> Typed {
        Typed { span, ..self }
    }
}

/// What a caller knows beside the names of the file: variables of a mechanism, cells of a connection, results of a run.
pub(crate) trait Resolve {
    /// What an expression means here, asked for each name, field, index, call, cut and text before anything else (but local names);
    /// nothing: the usual meaning. What is found wrong goes to the diagnostics and is answered by [`Typed::error`].
    fn resolve(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed>;

    /// Names that it knows, for suggestions.
    fn names(&self) -> Vec<String>;

    /// Whether `t` is known here, so that functions of the library can use it.
    fn has_time(&self) -> bool {
        false
    }

    /// A function that is local to it.
    fn function(&self, _name: &str) -> Option<&ast::Fn> {
        None
    }
}

/// Knows nothing beside the names of the file.
pub(crate) struct Plain;

impl Resolve for Plain {
    fn resolve(&self, _: &ast::Expr, _: &mut Ctx<'_>) -> Option<Typed> {
        None
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What was found of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Note {
    /// Where it stands.
    pub span: Span,
    /// Its dimension.
    pub dimension: Dimension,
    /// What it is in the coherent system, if that is known before anything runs.
    pub value: Option<f64>,
}

/// Where an expression stands.
pub(crate) struct Ctx<'c> {
    /// Parameters and definitions of the file.
    pub scope: &'c Scope<'c>,
    /// Whose file.
    pub home: Home,
    /// What is known beside them.
    pub resolve: &'c dyn Resolve,
    /// Where findings go.
    pub sink: &'c mut Diagnostics,
    /// The next [`ir::LocalId`].
    pub locals: &'c Cell<u32>,
    /// Whether random draws may stand here.
    pub draws: bool,
    /// Local names, innermost last: parameters of functions, `let`s of handlers, arguments of events.
    bindings: Vec<(ir::Name, Typed)>,
    /// What was told about functions, so that it is told for one call only.
    reported: &'c RefCell<HashSet<(Span, Code)>>,
    /// Whether this is a trial whose findings nobody will see.
    trial: bool,
    /// Functions that are being inlined.
    calls: Vec<Span>,
    /// Names that hide a unit of the same name: where used, and what to say about it.
    hidden_units: Vec<(Span, String)>,
    depth: usize,
}

/// How deep expressions may lie in each other, those of inlined functions and definitions counted.
const MOST_DEEP: usize = 1500;

/// How much deeper one is counted that lies in a function or in a definition which must be checked before its user: it takes more of the stack.
pub(crate) const HOP: usize = 10;

impl<'c> Ctx<'c> {
    /// A place in the script where draws are not allowed.
    pub fn new(scope: &'c Scope<'c>, resolve: &'c dyn Resolve, locals: &'c Cell<u32>, sink: &'c mut Diagnostics) -> Ctx<'c> {
        let (bindings, calls, hidden_units) = (Vec::new(), Vec::new(), Vec::new());
        let (reported, home) = (&scope.reported, Home::File);
        Ctx { scope, home, resolve, sink, locals, draws: false, reported, trial: false, bindings, calls, hidden_units, depth: 0 }
    }

    /// The same with random draws.
    pub fn with_draws(self) -> Ctx<'c> {
        Ctx { draws: true, ..self }
    }

    /// The same as a trial: what is found leaves no trace.
    pub fn on_trial(self, reported: &'c RefCell<HashSet<(Span, Code)>>) -> Ctx<'c> {
        Ctx { trial: true, reported, ..self }
    }

    /// Whether this is a trial.
    pub fn is_trial(&self) -> bool {
        self.trial
    }

    /// Whether something is told for the first time. Inside a function all is: the outermost call decides.
    pub fn is_news(&self, one: &Diagnostic) -> bool {
        !self.calls.is_empty() || self.reported.borrow_mut().insert((one.span, one.code))
    }

    /// The same among the names of `home`.
    pub fn at_home(self, home: Home) -> Ctx<'c> {
        Ctx { home, ..self }
    }

    /// A number for a new local value.
    pub fn fresh_local(&self) -> ir::LocalId {
        let id = self.locals.get();
        self.locals.set(id.saturating_add(1));
        ir::LocalId(id)
    }

    /// Gives a value a local name for what follows.
    pub fn bind(&mut self, name: &ir::Name, value: Typed) {
        self.bindings.push((name.clone(), value));
    }

    /// How many local names there are, for [`Ctx::forget`].
    pub fn bound(&self) -> usize {
        self.bindings.len()
    }

    /// The type of a local name.
    pub fn bound_type(&self, name: &str) -> Option<Type> {
        self.bindings.iter().rev().find(|(bound, _)| &**bound == name).map(|(_, value)| value.ty)
    }

    /// The column of a connection that a local name stands for.
    pub fn bound_column(&self, name: &str) -> Option<u8> {
        match self.bindings.iter().rev().find(|(bound, _)| &**bound == name)?.1.expr {
            ir::Expr::Var(ir::Var::Argument(column)) => Some(column),
            _ => None,
        }
    }

    /// Forgets the local names after the first `bound`.
    pub fn forget(&mut self, bound: usize) {
        self.bindings.truncate(bound);
    }

    /// How deep expressions lie in each other here.
    pub fn depth(&self) -> usize {
        self.depth
    }

    /// The same, so deep.
    pub fn at_depth(self, depth: usize) -> Ctx<'c> {
        Ctx { depth, ..self }
    }

    /// Inside a function: its own names, its own findings.
    pub fn inside<'i>(&'i self, home: Home, resolve: &'i dyn Resolve, function: Span, sink: &'i mut Diagnostics) -> Ctx<'i> {
        let calls = self.calls.iter().copied().chain([function]).collect();
        let plain = Ctx::new(self.scope, resolve, self.locals, sink);
        let inner = Ctx { home, calls, draws: self.draws, reported: self.reported, trial: self.trial, ..plain };
        inner.at_depth(self.depth + HOP)
    }

    /// Whether a function is being put in place already.
    pub fn is_calling(&self, function: Span) -> bool {
        self.calls.contains(&function)
    }

    /// Remembers what was found of a value, where somebody will ask.
    fn note(&self, span: Span, typed: &Typed) {
        let Some(notes) = self.scope.notes.as_ref().filter(|_| !self.trial) else { return };
        let Some(dimension) = typed.ty.dimension() else { return };
        let value = if let ir::Expr::Number(value) = typed.expr { Some(value) } else { None };
        notes.borrow_mut().push(Note { span, dimension, value });
    }

    /// Reports, and answers what stands for it.
    pub fn fail(&mut self, diagnostic: Diagnostic) -> Typed {
        let span = diagnostic.span;
        self.sink.push(diagnostic);
        Typed::error(span)
    }
}

/// Checks an expression.
pub(crate) fn check_expr(expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Typed {
    if ctx.depth > MOST_DEEP {
        let message = format!("this unfolds more than {MOST_DEEP} expressions deep");
        return ctx.fail(Diagnostic::new(Code::UnfoldsTooFar, expr.span, message));
    }
    ctx.depth += 1;
    let typed = one(expr, ctx);
    ctx.depth -= 1;
    ctx.note(expr.span, &typed);
    // A place inside an inlined function or definition would point away from what the user has to mend.
    Typed { span: expr.span, ..typed }
}

fn one(expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Typed {
    match &expr.kind {
        ExprKind::Error => Typed::error(expr.span),
        ExprKind::Number(value) => literal::number(*value, expr.span),
        ExprKind::Quantity { value, unit } => literal::quantity(*value, unit, expr.span, ctx),
        ExprKind::Imaginary(_) => literal::imaginary(expr.span, ctx),
        ExprKind::Bool(value) => Typed::truth(ir::Expr::Bool(*value), expr.span),
        ExprKind::Name(text) => name::check(expr, text, ctx),
        ExprKind::Call { callee, args } => call::check(expr, callee, args, ctx),
        ExprKind::Unary { op: UnaryOp::Minus, operand } => arithmetic::negate(operand, expr.span, ctx),
        ExprKind::Unary { op: UnaryOp::Not, operand } => choice::not(operand, expr.span, ctx),
        ExprKind::Binary { op, op_span, left, right } => arithmetic::binary(*op, *op_span, left, right, ctx),
        ExprKind::Compare { op, left, right, .. } => choice::compare(*op, left, right, ctx),
        ExprKind::InUnit { value, unit } => literal::in_unit(value, unit, expr.span, ctx),
        ExprKind::If { condition, then, otherwise } => choice::choose(condition, then, otherwise, ctx),
        _ => other(expr, ctx),
    }
}

/// What has a meaning only where the caller gives it one.
fn other(expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Typed {
    let resolve = ctx.resolve;
    if let Some(found) = resolve.resolve(expr, ctx) {
        return found;
    }
    let what = match &expr.kind {
        ExprKind::Text(_) => "a text",
        ExprKind::Field { base, name } => return name::part(base, name, expr.span, ctx),
        ExprKind::Every { .. } | ExprKind::Index { .. } => "a part of something",
        ExprKind::After { .. } | ExprKind::Before { .. } => "a window of time",
        ExprKind::Range(_) => "a range",
        ExprKind::List(_) => "a list",
        ExprKind::Tuple(_) => "a tuple",
        ExprKind::Where { .. } => "a set",
        _ => "this",
    };
    ctx.fail(Diagnostic::new(Code::NotANumber, expr.span, format!("{what} cannot stand here")).label("expected a number"))
}

#[cfg(test)]
mod tests;
