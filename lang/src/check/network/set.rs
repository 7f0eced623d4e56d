//! Sets of cells: `S, M`, `E[0 .. 10]`, `E where y > 500 um`, a cell's name, `all`, a `let` of sets.

use crate::check::View;
use crate::check::attributes::suggest;
use crate::check::declare::Symbol;
use crate::check::expr::{Ctx, check_expr};
use crate::check::value::{Known, quantity};
use crate::check::{dimension, fold};
use bouton_model::ir::{Attribute, Expr, Indices, Member, PopulationId, Set};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

use super::names::CellNames;

/// How many parts a set may have, those of `let`s counted each time they are named.
const MOST_PARTS: usize = 100_000;

/// The way through a set: the `let`s that are being read, and how many parts there were.
#[derive(Default)]
struct Walk<'w> {
    lets: Vec<&'w str>,
    parts: usize,
}

impl<'w> View<'w> {
    /// The cells of several expressions together. Nothing where one is no set, which has been reported.
    pub fn set(&self, exprs: &[&ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Option<Set> {
        let mut members = Vec::new();
        let mut sound = true;
        for expr in exprs {
            match self.members(expr, &mut Walk::default(), ctx) {
                Some(some) => members.extend(some),
                None => sound = false,
            }
        }
        sound.then_some(Set { members, span })
    }

    /// All populations.
    pub fn everything(&self, span: Span) -> Vec<Member> {
        let all = 0..u32::try_from(self.program.populations.len()).unwrap_or(u32::MAX);
        all.map(|id| Member { population: PopulationId(id), indices: None, filter: None, span }).collect()
    }

    /// The size of a population; nothing for a single cell.
    pub fn size(&self, population: PopulationId) -> Option<Expr> {
        Some(self.program.populations.get(population.index())?.count.as_ref()?.value.clone())
    }

    fn members(&self, expr: &ast::Expr, walk: &mut Walk<'w>, ctx: &mut Ctx<'_>) -> Option<Vec<Member>> {
        walk.parts += 1;
        if walk.parts >= MOST_PARTS {
            if walk.parts == MOST_PARTS {
                let large = format!("this set has more than {MOST_PARTS} parts");
                ctx.sink.push(Diagnostic::new(Code::UnfoldsTooFar, expr.span, large));
            }
            return None;
        }
        match &expr.kind {
            ExprKind::Error => None,
            ExprKind::Name(name) => self.named(name, expr.span, walk, ctx),
            ExprKind::Tuple(parts) | ExprKind::List(parts) => self.together(parts, walk, ctx),
            ExprKind::Index { base, indices } => self.indexed(base, indices, expr.span, walk, ctx),
            ExprKind::Where { set, condition } => self.filtered(set, condition, walk, ctx),
            _ => {
                let wrong = Diagnostic::new(Code::UnknownSet, expr.span, "this is not a set of cells");
                ctx.sink.push(wrong.help("name a population (`E`), some of its cells (`E[0 .. 9]`), a cell, or `all`"));
                None
            }
        }
    }

    fn together(&self, parts: &[ast::Expr], walk: &mut Walk<'w>, ctx: &mut Ctx<'_>) -> Option<Vec<Member>> {
        let parts: Vec<_> = parts.iter().map(|part| self.members(part, walk, ctx)).collect();
        Some(parts.into_iter().collect::<Option<Vec<_>>>()?.concat())
    }

    fn named(&self, name: &str, span: Span, walk: &mut Walk<'w>, ctx: &mut Ctx<'_>) -> Option<Vec<Member>> {
        match self.declared.names.find(name) {
            Some(Symbol::Population(population)) => Some(vec![Member { population, indices: None, filter: None, span }]),
            Some(Symbol::Cell(cell)) => self.of_cell(cell, name, span, ctx),
            Some(Symbol::Let(binding)) => self.of_let(binding, span, walk, ctx),
            Some(Symbol::Broken) => None,
            Some(other) => {
                let wrong = format!("`{name}` is {}, not a set of cells", other.what());
                ctx.sink.push(Diagnostic::new(Code::WrongKind, span, wrong).help("name a population, a cell, or `all`"));
                None
            }
            None if name == "all" => Some(self.everything(span)),
            None => {
                let mut names = self.declared.names.list(|symbol| matches!(symbol, Symbol::Population(_)));
                names.sort_unstable();
                let unknown = Diagnostic::new(Code::UnknownSet, span, format!("there is no population `{name}`"));
                ctx.sink.push(suggest(unknown, name, span, &names));
                None
            }
        }
    }

    fn of_let(&self, binding: &'w ast::Binding, span: Span, walk: &mut Walk<'w>, ctx: &mut Ctx<'_>) -> Option<Vec<Member>> {
        let name = &*binding.name.text;
        if walk.lets.contains(&name) {
            let circle = Diagnostic::new(Code::DependsOnItself, span, format!("the set `{name}` names itself"));
            ctx.sink.push(circle);
            return None;
        }
        walk.lets.push(name);
        let members = binding.value.as_ref().and_then(|value| self.members(value, walk, ctx));
        walk.lets.pop();
        Some(members?.into_iter().map(|member| Member { span, ..member }).collect())
    }

    /// Every population of a cell.
    fn of_cell(&self, cell: &ast::Cell, name: &str, span: Span, ctx: &mut Ctx<'_>) -> Option<Vec<Member>> {
        let all = self.declared.populations_of.get(&cell.name.text).into_iter().flatten();
        let members: Vec<Member> = all.map(|id| Member { population: *id, indices: None, filter: None, span }).collect();
        if members.is_empty() {
            let empty = Diagnostic::new(Code::ReachesNothing, span, format!("there is no population of `{name}`"));
            ctx.sink.push(empty.help(format!("declare one: `population p: {name}[10]`")));
            return None;
        }
        Some(members)
    }

    fn indexed(
        &self,
        base: &ast::Expr,
        indices: &[ast::Expr],
        span: Span,
        walk: &mut Walk<'w>,
        ctx: &mut Ctx<'_>,
    ) -> Option<Vec<Member>> {
        let population = self.population(base, walk, ctx)?;
        let parts: Vec<_> = indices.iter().map(|index| self.index(population, index, ctx)).collect();
        let indices = Some(parts.into_iter().collect::<Option<Vec<_>>>()?);
        Some(vec![Member { population, indices, filter: None, span }])
    }

    /// The population that is indexed.
    fn population(&self, base: &ast::Expr, walk: &mut Walk<'w>, ctx: &mut Ctx<'_>) -> Option<PopulationId> {
        let members = self.members(base, walk, ctx)?;
        match members.as_slice() {
            [Member { population, indices: None, filter: None, .. }] => Some(*population),
            _ => {
                let several = Diagnostic::new(Code::WrongArguments, base.span, "only one population can be indexed at a time");
                ctx.sink.push(several.help("give each population its own index: `S[0], M[0]`"));
                None
            }
        }
    }

    /// One index or a range of them, within the population's size where that is known.
    pub fn index(&self, population: PopulationId, index: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Indices> {
        let ExprKind::Range(range) = &index.kind else {
            return Some(Indices::One(self.number(population, index, ctx)?));
        };
        if range.spacing.is_some() || range.log {
            let wrong = Diagnostic::new(Code::WrongArguments, index.span, "a range of cells takes every cell");
            ctx.sink.push(wrong.help("write `E[0 .. 9]`, or list the cells: `E[0, 2, 4]`"));
            return None;
        }
        // Of a range that lies outside the first end tells it.
        let start = self.number(population, &range.start, ctx)?;
        let end = self.number(population, &range.end, ctx)?;
        let params = &self.program.params;
        if let (Some(first), Some(last)) = (fold::fold(&start.value, params), fold::fold(&end.value, params))
            && first > last
        {
            let empty = Diagnostic::new(Code::ReachesNothing, index.span, format!("no cell is in {first} .. {last}"));
            ctx.sink.push(empty.help("write the smaller index first"));
            return None;
        }
        Some(Indices::Range(start, end))
    }

    fn number(&self, population: PopulationId, index: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Attribute> {
        let attribute = quantity(index, Dimension::NONE, "an index", ctx)?;
        let Some(value) = fold::fold(&attribute.value, &self.program.params) else { return Some(attribute) };
        let whole = value >= 0.0 && value.fract() == 0.0;
        let population = self.program.populations.get(population.index())?;
        let size = match &population.count {
            Some(count) => fold::fold(&count.value, &self.program.params),
            None => Some(1.0),
        };
        let message = match size {
            _ if !whole => format!("an index is a whole number from 0, not {value}"),
            Some(size) if value >= size => format!("`{}` has no cell {value}", population.name),
            _ => return Some(attribute),
        };
        let outside = Diagnostic::new(Code::OutOfRange, index.span, message);
        ctx.sink.push(match size {
            Some(size) if size > 1.0 => outside.help(format!("its cells are 0 .. {}", size - 1.0)),
            _ => outside.help("its only cell is 0"),
        });
        None
    }

    fn filtered(&self, set: &ast::Expr, condition: &ast::Expr, walk: &mut Walk<'w>, ctx: &mut Ctx<'_>) -> Option<Vec<Member>> {
        let members = self.members(set, walk, ctx);
        let names = CellNames { known: Known::Filter, view: self, time: false, hidden: None };
        let before = ctx.sink.len();
        let mut inner = Ctx::new(ctx.scope, &names, ctx.locals, ctx.sink);
        let typed = check_expr(condition, &mut inner);
        let broken = typed.is_error();
        let filter = dimension::expect_truth(typed, "`where`", &mut inner);
        if broken || ctx.sink.len() > before {
            return None;
        }
        Some(members?.into_iter().map(|member| narrowed(member, &filter)).collect())
    }
}

/// A member with one more condition.
fn narrowed(member: Member, filter: &Expr) -> Member {
    let both = match member.filter {
        Some(first) => Expr::Binary(bouton_model::ir::Binary::And, Box::new(first), Box::new(filter.clone())),
        None => filter.clone(),
    };
    Member { filter: Some(both), ..member }
}
