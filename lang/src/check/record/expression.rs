//! Records of expressions: the paths in them become terms, the rest is computed of their samples.

use super::{Checker, Recipe, steps};
use crate::check::declare::Symbol;
use crate::check::dimension;
use crate::check::expr::{Ctx, Resolve, Type, Typed, check_expr};
use crate::check::lets::names_cells;
use crate::check::walk;
use bouton_model::ir::{Expr, Measure, Statistic, Term};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};
use std::collections::HashMap;

/// How many definitions may lie in each other.
const MOST_DEEP: usize = 64;

/// Functions over the cells of a term.
pub(in crate::check) const OVER: &[(&str, Statistic)] = &[
    ("min", Statistic::Min),
    ("max", Statistic::Max),
    ("mean", Statistic::Mean),
    ("sum", Statistic::Sum),
    ("sd", Statistic::Sd),
];

/// The terms of an expression while it is gone through.
#[derive(Default)]
struct Collected {
    terms: Vec<Term>,
    /// By place: number and dimension; nothing for those that are broken.
    known: HashMap<Span, Option<(usize, Dimension)>>,
}

impl<'a> Checker<'a> {
    /// Whether something recorded is one path into the model.
    pub(super) fn is_path(&self, value: &ast::Expr) -> bool {
        let Some(head) = walk::head(value).filter(|_| steps(value).is_some()) else { return false };
        match self.declared.names.declaration(head).map(|one| one.symbol) {
            Some(Symbol::Let(binding)) => names_cells(binding, self.declared),
            Some(Symbol::Param(_) | Symbol::Function(_) | Symbol::Result(_) | Symbol::Model(_) | Symbol::Record(_)) => false,
            Some(_) => true,
            None => !matches!(value.kind, ExprKind::Call { .. }),
        }
    }

    /// What is computed of several paths.
    pub(super) fn computed(&mut self, value: &'a ast::Expr) -> Option<Recipe> {
        let mut found = Collected::default();
        self.collect(value, &mut found, 0);
        let Collected { terms, known } = found;
        if known.values().any(Option::is_none) {
            return None;
        }
        let names = RecordNames { known: &known };
        let ctx = &mut Ctx::new(self.scope, &names, &self.scope.locals, self.diagnostics);
        let typed = check_expr(value, ctx);
        if typed.is_error() {
            return None;
        }
        let dimension = match typed.ty {
            Type::Bool => {
                dimension::expect(typed, Dimension::NONE, "a record", ctx);
                return None;
            }
            ty => ty.dimension()?,
        };
        if terms.is_empty() {
            let constant = Diagnostic::new(Code::UnknownVariable, value.span, "this names no variable of the model");
            self.diagnostics.push(constant.help("name one by its path: `M[0].soma(0.5).v`"));
            return None;
        }
        let mut single = true;
        bouton_model::algebra::visit(&typed.expr, &mut |part| {
            if let Expr::Measure(measure) = part
                && let Measure::Term(k) = **measure
            {
                single &= terms.get(k).is_none_or(|term| term.single);
            }
        });
        Some(Recipe { terms, value: Some(typed.expr), single, dimension })
    }

    /// Finds the paths in an expression.
    fn collect(&mut self, expr: &'a ast::Expr, found: &mut Collected, depth: usize) {
        if let ExprKind::Name(name) = &expr.kind
            && let Some(Symbol::Model(binding)) = self.declared.names.find(name)
        {
            match &binding.value {
                Some(value) if depth < MOST_DEEP => self.collect(value, found, depth + 1),
                _ => {
                    let circle = Diagnostic::new(Code::DependsOnItself, expr.span, format!("`{name}` is defined by itself"));
                    self.diagnostics.push(circle);
                    found.known.insert(expr.span, None);
                }
            }
            return;
        }
        if found.known.contains_key(&expr.span) {
            return;
        }
        if self.is_of_model(expr) {
            let term = self.terms(expr).and_then(|terms| self.only_one(terms, expr.span));
            let number = term.map(|(term, dimension)| {
                found.terms.push(term);
                (found.terms.len() - 1, dimension)
            });
            found.known.insert(expr.span, number);
            return;
        }
        for part in walk::parts(expr) {
            self.collect(part, found, depth);
        }
    }

    /// Whether an expression is a path that begins with cells or connections.
    fn is_of_model(&self, expr: &ast::Expr) -> bool {
        let is_part = matches!(expr.kind, ExprKind::Field { .. } | ExprKind::Every { .. });
        let Some(head) = walk::head(expr).filter(|_| is_part && steps(expr).is_some()) else { return false };
        match self.declared.names.declaration(head).map(|one| one.symbol) {
            Some(Symbol::Let(binding)) => names_cells(binding, self.declared),
            Some(Symbol::Population(_) | Symbol::Cell(_) | Symbol::Connection | Symbol::Broken) => true,
            Some(_) => false,
            None => true,
        }
    }

    fn only_one(&mut self, mut terms: Vec<(Term, Dimension)>, span: Span) -> Option<(Term, Dimension)> {
        if terms.len() > 1 {
            let several = Diagnostic::new(Code::WrongArguments, span, "an expression takes one variable at a time");
            self.diagnostics.push(several.help("name the part or the population instead of several"));
            return None;
        }
        terms.pop()
    }
}

/// Names in the expression of a record.
struct RecordNames<'c> {
    known: &'c HashMap<Span, Option<(usize, Dimension)>>,
}

impl RecordNames<'_> {
    fn term(&self, expr: &ast::Expr) -> Option<(usize, Dimension)> {
        self.known.get(&expr.span).copied().flatten()
    }
}

impl Resolve for RecordNames<'_> {
    fn resolve(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let measure = |measure, dimension| Some(Typed::number(Expr::Measure(Box::new(measure)), dimension, expr.span));
        if let Some((number, dimension)) = self.term(expr) {
            return measure(Measure::Term(number), dimension);
        }
        match &expr.kind {
            ExprKind::Name(name) => match ctx.scope.declared.names.find(name) {
                Some(Symbol::Model(binding)) => binding.value.as_ref().map(|value| check_expr(value, ctx)),
                _ => None,
            },
            ExprKind::Call { callee, args } => {
                let ExprKind::Name(name) = &callee.kind else { return None };
                let (_, statistic) = OVER.iter().find(|(word, _)| *word == &**name)?;
                let [ast::Arg { name: None, value, .. }] = args.as_slice() else { return None };
                if let Some((number, dimension)) = self.term(value) {
                    return measure(Measure::Over(*statistic, number), dimension);
                }
                // `mean(cos(osc.theta))`: computed for each cell first.
                if !walk::any(value, &mut |part| self.known.contains_key(&part.span)) {
                    return None;
                }
                let typed = check_expr(value, ctx);
                match typed.ty.dimension().filter(|_| !typed.is_error()) {
                    Some(dimension) => measure(Measure::OverEach(*statistic, typed.expr), dimension),
                    None => Some(Typed::error(expr.span)),
                }
            }
            _ => None,
        }
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}
