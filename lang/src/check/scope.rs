//! Parameters and definitions of the file: each is checked once, when something first asks for it, so that their order in the text is free.

use super::constant;
use super::declare::{Declarations, Home};
use super::dimension;
use super::expr::{Ctx, HOP, Note, Plain, Resolve, Type, Typed, check_expr, unit_of};
use super::function;
use crate::load::Files;
use bouton_model::ir::{self, Expr, ParamId, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::Binding;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// What the expressions of a file can refer to.
pub(crate) struct Scope<'a> {
    /// Everything that is declared.
    pub declared: &'a Declarations<'a>,
    /// The next local value of the script; values of statement `let`s come first.
    pub locals: Cell<u32>,
    /// By the place of a declaration and its name: a circuit is written out under several names.
    values: RefCell<HashMap<(Span, ir::Name), State>>,
    /// What is being checked, to show a cycle.
    path: RefCell<Vec<(ir::Name, Span)>>,
    unfolded: Cell<usize>,
    told_unfolded: Cell<bool>,
    /// Where files come from that expressions read.
    pub files: Option<&'a Files<'a>>,
    /// What is found of values, where somebody will ask.
    pub notes: Option<Rc<RefCell<Vec<Note>>>>,
    /// Places and codes of what was told about functions.
    pub reported: RefCell<HashSet<(Span, Code)>>,
}

#[derive(Clone)]
enum State {
    Open,
    Done(Typed),
}

/// What a value is and what it may use.
#[derive(Clone, Copy)]
struct Around<'r> {
    home: Home,
    resolve: &'r dyn Resolve,
    what: &'static str,
    draws: bool,
}

const PARAMETER: &str = "a parameter";

/// A parameter of the file.
const FILE_PARAM: Around<'static> = Around { home: Home::File, resolve: &Plain, what: PARAMETER, draws: false };

/// The type of a name that stands for a value: 0 is a plain number then.
fn of_name(ty: Type) -> Type {
    if ty == Type::Zero { Type::PLAIN } else { ty }
}

/// How many parts all calls and definitions of a file may unfold into.
const MOST_UNFOLDED: usize = 200_000;

/// How deep a definition may lie.
const MOST_DEEP: usize = 1000;

impl<'a> Scope<'a> {
    /// Of these declarations.
    pub fn new(declared: &'a Declarations<'a>) -> Scope<'a> {
        let locals = Cell::new(declared.next_local);
        Scope {
            declared,
            locals,
            values: RefCell::default(),
            path: RefCell::default(),
            unfolded: Cell::new(0),
            told_unfolded: Cell::new(false),
            files: None,
            notes: None,
            reported: RefCell::default(),
        }
    }

    /// The value that a parameter stands for.
    pub fn param(&self, id: ParamId, ctx: &mut Ctx<'_>) -> Typed {
        let Some(binding) = self.declared.params.get(id.index()) else { return Typed::error(Span::default()) };
        let value = self.value(binding, FILE_PARAM, ctx);
        Typed::new(Expr::Var(Var::Param(id)), of_name(value.ty), binding.span).standing_for(value.bare_number)
    }

    /// The checked default of a parameter of a cell, whose names are `resolve`'s.
    pub fn param_of(&self, binding: &Binding, home: Home, resolve: &dyn Resolve, ctx: &mut Ctx<'_>) -> Typed {
        let value = self.value(binding, Around { home, resolve, what: PARAMETER, draws: true }, ctx);
        Typed::new(value.expr, of_name(value.ty), value.span).standing_for(value.bare_number)
    }

    /// The value that a definition stands for, written out.
    pub fn definition(&self, binding: &Binding, home: Home, ctx: &mut Ctx<'_>) -> Typed {
        self.definition_of(binding, home, &Plain, ctx)
    }

    /// The same for a definition of a cell, whose names are `resolve`'s.
    pub fn definition_of(&self, binding: &Binding, home: Home, resolve: &dyn Resolve, ctx: &mut Ctx<'_>) -> Typed {
        let value = self.value(binding, Around { home, resolve, what: "a definition", draws: false }, ctx);
        if value.is_error() || !self.unfold(size(&value.expr), binding.span, ctx) {
            return Typed::error(binding.span);
        }
        let named = Typed::new(with_fresh_locals(value.expr, ctx), of_name(value.ty), value.span);
        named.standing_for(value.bare_number)
    }

    /// All parameters, checked.
    pub fn params(&self, sink: &mut Diagnostics) -> Vec<ir::Param> {
        let ctx = &mut Ctx::new(self, &Plain, &self.locals, sink);
        let all = self.declared.params.iter();
        all.map(|binding| {
            let value = self.value(binding, FILE_PARAM, ctx);
            let dimension = value.ty.dimension().unwrap_or(Dimension::NONE);
            ir::Param { name: binding.name.text.clone(), span: binding.span, dimension, value: value.expr }
        })
        .collect()
    }

    /// Checks the definitions and functions that nothing has asked for. Sets and lists are not looked at: `is_set` tells them.
    pub fn check_rest(&self, is_set: impl Fn(&Binding) -> bool, sink: &mut Diagnostics) {
        let ctx = &mut Ctx::new(self, &Plain, &self.locals, sink);
        for binding in self.declared.lets.iter().filter(|binding| !is_set(binding)) {
            self.value(binding, Around { what: "a definition", ..FILE_PARAM }, ctx);
        }
        for function in &self.declared.functions {
            function::check_alone(function, ctx);
        }
    }

    /// Counts parts of expressions that calls and definitions unfold into; false, and one message, where they are too many.
    pub fn unfold(&self, parts: usize, span: Span, ctx: &mut Ctx<'_>) -> bool {
        let now = self.unfolded.get().saturating_add(parts);
        self.unfolded.set(now);
        if now <= MOST_UNFOLDED {
            return true;
        }
        if !self.told_unfolded.get() {
            self.told_unfolded.set(!ctx.is_trial());
            let message = format!("calls and definitions unfold into more than {MOST_UNFOLDED} parts");
            let diagnostic = Diagnostic::new(Code::UnfoldsTooFar, span, message);
            ctx.sink
                .push(diagnostic.help("a definition that uses another one twice doubles it: keep the inner one in a `param`"));
        }
        false
    }

    /// The checked value of a parameter or definition.
    fn value(&self, binding: &Binding, around: Around<'_>, ctx: &mut Ctx<'_>) -> Typed {
        let place = binding.name.span;
        let key = (place, binding.name.text.clone());
        let known = self.values.borrow().get(&key).cloned();
        match known {
            Some(State::Done(value)) => return value,
            Some(State::Open) => {
                ctx.sink.push(cycle(&self.path.borrow(), place));
                return Typed::error(binding.span);
            }
            None => {}
        }
        self.values.borrow_mut().insert(key.clone(), State::Open);
        self.path.borrow_mut().push((binding.name.text.clone(), place));
        let value = self.compute(binding, around, ctx);
        self.path.borrow_mut().pop();
        self.values.borrow_mut().insert(key, State::Done(value.clone()));
        value
    }

    fn compute(&self, binding: &Binding, around: Around<'_>, ctx: &mut Ctx<'_>) -> Typed {
        let Around { home, resolve, what, draws } = around;
        let depth = ctx.depth() + HOP;
        let inner = &mut Ctx::new(ctx.scope, resolve, &ctx.scope.locals, ctx.sink).at_home(home).at_depth(depth);
        inner.draws = draws;
        let Some(written) = &binding.value else {
            if what == PARAMETER {
                inner.sink.push(no_value(binding));
            }
            return Typed::error(binding.span);
        };
        let value = check_expr(written, inner);
        let value = match binding.unit.as_ref().and_then(|unit| unit_of(unit, inner)) {
            Some(unit) => of_unit(value, unit.dimension, binding, inner),
            None => value,
        };
        if value.ty == Type::Bool && what == PARAMETER {
            let message = format!("`{}` is {what} and must be a number", binding.name.text);
            return inner
                .fail(Diagnostic::new(Code::NotANumber, value.span, message).label("true or false").help("write 1 or 0"));
        }
        if depth_of(&value.expr) > MOST_DEEP {
            let message = format!("`{}` unfolds more than {MOST_DEEP} expressions deep", binding.name.text);
            return inner.fail(Diagnostic::new(Code::UnfoldsTooFar, binding.span, message));
        }
        match constant::value(&value.expr) {
            Some(number) => Typed::new(Expr::Number(number), value.ty, value.span).standing_for(value.bare_number),
            None => value,
        }
    }
}

/// A parameter of a mechanism can be left to its users, a parameter of the file cannot. Definitions without a value are the parser's affair.
fn no_value(binding: &Binding) -> Diagnostic {
    let name = &binding.name.text;
    Diagnostic::new(Code::MissingDefinition, binding.span, format!("`{name}` has no value")).help(format!("write `{name} = ...`"))
}

fn of_unit(value: Typed, dimension: Dimension, binding: &Binding, ctx: &mut Ctx<'_>) -> Typed {
    let (span, ty) = (value.span, value.ty);
    let what = format!("`{}`", binding.name.text);
    let expr = dimension::expect_as(value, dimension, &what, Some(binding.name.span), ctx);
    let ty = if matches!(ty, Type::Temperature { .. }) { ty } else { Type::Number(dimension) };
    Typed::new(expr, ty, span)
}

/// The diagnostic of a cycle: `a` needs `b` needs `a`.
pub(crate) fn cycle(path: &[(ir::Name, Span)], again: Span) -> Diagnostic {
    let from = path.iter().position(|(_, span)| *span == again).unwrap_or(0);
    let round = path.get(from..).unwrap_or_default();
    let names: Vec<&str> = round.iter().chain(round.first()).map(|(name, _)| &**name).collect();
    let first = names.first().copied().unwrap_or_default();
    let message = format!("`{first}` depends on itself: {}", names.join(" -> "));
    let diagnostic = Diagnostic::new(Code::DependsOnItself, again, message);
    round
        .iter()
        .skip(1)
        .take(8)
        .fold(diagnostic, |diagnostic, (name, span)| diagnostic.also(*span, format!("`{name}` is on the way")))
}

/// Number of parts of an expression.
fn size(expr: &Expr) -> usize {
    1 + parts(expr).into_iter().map(size).sum::<usize>()
}

fn depth_of(expr: &Expr) -> usize {
    1 + parts(expr).into_iter().map(depth_of).max().unwrap_or(0)
}

fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Number(_) | Expr::Bool(_) | Expr::Var(_) | Expr::Measure(_) => Vec::new(),
        Expr::Unary(_, operand) => vec![operand],
        Expr::Binary(_, left, right) | Expr::Let(_, left, right) => vec![left, right],
        Expr::Call(_, args) | Expr::Draw(_, args) | Expr::List(args) => args.iter().collect(),
        Expr::PerCell(values) => values.iter().collect(),
        Expr::If(condition, then, otherwise) => vec![condition, then, otherwise],
    }
}

/// The expression with numbers of its own for its locals, because it may stand twice in one mechanism.
fn with_fresh_locals(mut expr: Expr, ctx: &Ctx<'_>) -> Expr {
    renumber(&mut expr, &mut HashMap::new(), ctx);
    expr
}

fn renumber(expr: &mut Expr, fresh: &mut HashMap<ir::LocalId, ir::LocalId>, ctx: &Ctx<'_>) {
    match expr {
        Expr::Let(id, value, body) => {
            let new = *fresh.entry(*id).or_insert_with(|| ctx.fresh_local());
            *id = new;
            renumber(value, fresh, ctx);
            renumber(body, fresh, ctx);
        }
        Expr::Var(Var::Local(id)) => *id = fresh.get(id).copied().unwrap_or(*id),
        Expr::Number(_) | Expr::Bool(_) | Expr::Var(_) | Expr::Measure(_) => {}
        Expr::Unary(_, operand) => renumber(operand, fresh, ctx),
        Expr::Binary(_, left, right) => [left, right].into_iter().for_each(|one| renumber(one, fresh, ctx)),
        Expr::Call(_, args) | Expr::Draw(_, args) | Expr::List(args) => args.iter_mut().for_each(|arg| renumber(arg, fresh, ctx)),
        Expr::PerCell(values) => Arc::make_mut(values).iter_mut().for_each(|value| renumber(value, fresh, ctx)),
        Expr::If(condition, then, otherwise) => {
            [condition, then, otherwise].into_iter().for_each(|one| renumber(one, fresh, ctx));
        }
    }
}
