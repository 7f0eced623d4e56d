//! The names that a cell with sections gives its lines: its parameters, definitions and functions, and what varies along the tree.

use crate::check::declare::{Declarations, Home, Symbol};
use crate::check::expr::{Ctx, Resolve, Typed, check_expr, unit_of, wrong_count};
use crate::check::{dimension, function};
use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, CellParamId, Expr, Name, PlaceAttribute, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::Span;
use bouton_syntax::ast::{self, ExprKind};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// What is known of a place on the tree. Names of the user come first.
pub(super) const PLACES: &[(&str, PlaceAttribute, Dimension)] = &[
    ("path_distance", PlaceAttribute::PathDistance, Dimension::LENGTH),
    ("x", PlaceAttribute::X, Dimension::NONE),
    ("index", PlaceAttribute::Index, Dimension::NONE),
    ("diam", PlaceAttribute::Diam, Dimension::LENGTH),
    ("area", PlaceAttribute::Area, Dimension::AREA),
    ("L", PlaceAttribute::Length, Dimension::LENGTH),
];

/// What a name means that varies along the tree, unless the file has a value of this name.
pub(in crate::check) fn place_name(name: &str, span: Span, declared: &Declarations<'_>) -> Option<Typed> {
    let (_, attribute, dimension) = PLACES.iter().find(|(known, _, _)| *known == name)?;
    let hidden = declared
        .names
        .declaration(name)
        .is_some_and(|known| matches!(known.symbol, Symbol::Param(_) | Symbol::Let(_) | Symbol::Broken));
    (!hidden).then(|| Typed::number(Expr::Var(Var::Place(*attribute)), *dimension, span))
}

/// The names of one cell.
pub(in crate::check) struct BodyNames<'a> {
    home: Home,
    /// By [`CellParamId`].
    pub(super) params: Vec<&'a ast::Binding>,
    pub(super) lets: Vec<&'a ast::Binding>,
    pub(super) functions: Vec<&'a ast::Fn>,
    /// Definitions that are tables.
    tables: HashMap<Name, &'a ast::Expr>,
    index: HashMap<Name, Named>,
    /// `let`s of the braces that are being read.
    local: RefCell<Vec<&'a ast::Binding>>,
    /// Parameters that something has asked for.
    used: RefCell<HashSet<usize>>,
}

#[derive(Clone, Copy)]
enum Named {
    Param(usize),
    Let(usize),
    Function(usize),
}

impl<'a> BodyNames<'a> {
    /// No names yet.
    pub fn new(home: Home) -> BodyNames<'a> {
        let (params, lets, functions) = (Vec::new(), Vec::new(), Vec::new());
        let (index, tables) = (HashMap::new(), HashMap::new());
        BodyNames { home, params, lets, functions, tables, index, local: RefCell::default(), used: RefCell::default() }
    }

    pub(super) fn param(&mut self, binding: &'a ast::Binding) {
        self.index.insert(binding.name.text.clone(), Named::Param(self.params.len()));
        self.params.push(binding);
    }

    pub(super) fn definition(&mut self, binding: &'a ast::Binding) {
        self.index.insert(binding.name.text.clone(), Named::Let(self.lets.len()));
        self.lets.push(binding);
    }

    pub(super) fn function_named(&mut self, function: &'a ast::Fn) {
        self.index.insert(function.name.text.clone(), Named::Function(self.functions.len()));
        self.functions.push(function);
    }

    pub(super) fn table_named(&mut self, name: &Name, value: &'a ast::Expr) {
        self.tables.insert(name.clone(), value);
    }

    /// A definition that is a table.
    pub(in crate::check) fn table(&self, name: &str) -> Option<&'a ast::Expr> {
        self.tables.get(name).copied()
    }

    /// The `let`s of braces, until the next ones.
    pub(super) fn enter(&self, lets: Vec<&'a ast::Binding>) {
        self.local.replace(lets);
    }

    /// Parameters that nothing has asked for.
    pub(super) fn unused_params(&self) -> Vec<&'a ast::Name> {
        let used = self.used.borrow();
        let names = self.params.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, binding)| &binding.name);
        names.filter(|name| !name.is_missing()).collect()
    }

    /// The checked default of a parameter; of one without a value, some value of its unit.
    pub(super) fn default(&self, binding: &'a ast::Binding, ctx: &mut Ctx<'_>) -> Typed {
        match (&binding.value, &binding.unit) {
            (None, Some(unit)) => unit_of(unit, ctx)
                .map_or(Typed::error(binding.span), |unit| Typed::number(Expr::Number(f64::NAN), unit.dimension, binding.span)),
            _ => ctx.scope.param_of(binding, self.home, self, ctx),
        }
    }

    fn name(&self, name: &str, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let local = self.local.borrow().iter().rev().find(|binding| &*binding.name.text == name).copied();
        if let Some(binding) = local {
            return Some(ctx.scope.definition_of(binding, self.home, self, ctx).at(span));
        }
        match self.index.get(name) {
            Some(Named::Param(at)) => {
                self.used.borrow_mut().insert(*at);
                let value = self.default(self.params.get(*at)?, ctx);
                let id = CellParamId(u32::try_from(*at).ok()?);
                let bare = value.bare_number;
                let own = || Typed::new(Expr::Var(Var::Cell(id)), value.ty, span).standing_for(bare);
                Some(if value.is_error() { value } else { own() })
            }
            Some(Named::Let(at)) => Some(ctx.scope.definition_of(self.lets.get(*at)?, self.home, self, ctx).at(span)),
            Some(Named::Function(_)) => None,
            None => place_name(name, span, ctx.scope.declared),
        }
    }
}

impl Resolve for BodyNames<'_> {
    fn resolve(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, expr.span, ctx),
            ExprKind::Call { callee, args } => match &callee.kind {
                ExprKind::Name(name) if &**name == "d_lambda" && ctx.scope.declared.names.declaration(name).is_none() => {
                    Some(d_lambda(args, expr.span, ctx))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn names(&self) -> Vec<String> {
        let own = self.index.keys().map(|name| name.to_string());
        let local = self.local.borrow().iter().map(|binding| binding.name.text.to_string()).collect::<Vec<_>>();
        own.chain(local).chain(PLACES.iter().map(|(name, ..)| (*name).to_owned())).chain(["d_lambda".to_owned()]).collect()
    }

    fn function(&self, name: &str) -> Option<&ast::Fn> {
        match self.index.get(name)? {
            Named::Function(at) => self.functions.get(*at).copied(),
            Named::Param(_) | Named::Let(_) => None,
        }
    }
}

/// `d_lambda(0.1)`, `d_lambda(0.1, frequency = 50 Hz)`: the odd number of segments of which none is longer than this part of the length at which a signal
/// of 100 Hz falls to 1/e, floor((L / (d lambda) + 0.9) / 2) 2 + 1.
fn d_lambda(args: &[ast::Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let names = ["fraction", "frequency"];
    let Some(given) = function::arrange("d_lambda", &names, args, span, ctx) else { return Typed::error(span) };
    let [Some(fraction), frequency] = given.as_slice() else {
        return ctx.fail(wrong_count("d_lambda", 1, 2, args.len(), span));
    };
    let mut value = |expr: &ast::Expr, dimension, what| {
        let typed = check_expr(expr, ctx);
        let before = ctx.sink.len();
        let broken = typed.is_error();
        let value = dimension::expect(typed, dimension, what, ctx);
        (!broken && ctx.sink.len() == before).then_some(value)
    };
    let fraction = value(fraction, Dimension::NONE, "the fraction of `d_lambda`");
    let frequency = frequency.map(|expr| value(expr, Dimension::FREQUENCY, "the frequency of `d_lambda`"));
    let (Some(fraction), true) = (fraction, frequency != Some(None)) else { return Typed::error(span) };
    let binary = |op, a, b| Expr::Binary(op, Box::new(a), Box::new(b));
    let place = |attribute| Expr::Var(Var::Place(attribute));
    // lambda goes with the root of 1 / frequency; 100 Hz is 0.1/ms.
    let lambda = match frequency.flatten() {
        Some(f) => {
            let ratio = binary(Binary::Div, Expr::Number(0.1), f);
            binary(Binary::Mul, place(PlaceAttribute::Lambda), Expr::Call(Function::Sqrt, vec![ratio]))
        }
        None => place(PlaceAttribute::Lambda),
    };
    let pieces = binary(Binary::Div, place(PlaceAttribute::Length), binary(Binary::Mul, fraction, lambda));
    let half = binary(Binary::Div, binary(Binary::Add, pieces, Expr::Number(0.9)), Expr::Number(2.0));
    let pairs = Expr::Call(Function::Floor, vec![half]);
    let odd = binary(Binary::Add, binary(Binary::Mul, pairs, Expr::Number(2.0)), Expr::Number(1.0));
    Typed::number(odd, Dimension::NONE, span)
}
