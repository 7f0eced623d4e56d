//! Names that values in a network know beside those of the file: `pre.x`, `post.index`, `distance`, bare `y`, `count(S)`.

use super::{list, percell};
use crate::check::View;
use crate::check::cell::place_name;
use crate::check::expr::{Ctx, Resolve, Typed};
use crate::check::hidden::Hidden;
use crate::check::value::Known;
use bouton_model::ir::{self, Binary, CellAttribute, Expr, PopulationId, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// The names of one kind of place.
pub(crate) struct CellNames<'v> {
    /// Which.
    pub known: Known,
    /// What is declared.
    pub view: &'v View<'v>,
    /// Whether values may vary in time.
    pub time: bool,
    /// What stands for calls that are variables of their own, where there may be such.
    pub hidden: Option<&'v Hidden>,
}

/// A name of a cell, whether it is known, and what its attributes are.
type Side = (&'static str, bool, fn(CellAttribute) -> Var);

const ATTRIBUTES: &[(&str, CellAttribute, Dimension)] = &[
    ("x", CellAttribute::X, Dimension::LENGTH),
    ("y", CellAttribute::Y, Dimension::LENGTH),
    ("z", CellAttribute::Z, Dimension::LENGTH),
    ("index", CellAttribute::Index, Dimension::NONE),
];

impl CellNames<'_> {
    /// Names of cells, and whether each is known here.
    fn sides(&self) -> [Side; 2] {
        let (pre, post) = match self.known {
            Known::Nothing | Known::Cell | Known::Filter | Known::Part => (false, false),
            Known::Pair => (true, true),
            Known::Target => (false, true),
        };
        [("pre", pre, Var::Pre), ("post", post, Var::Post)]
    }

    fn is_bare(&self) -> bool {
        matches!(self.known, Known::Cell | Known::Filter)
    }

    fn name(&self, name: &str, span: Span) -> Option<Typed> {
        if self.known == Known::Pair && name == "distance" {
            return Some(Typed::number(Expr::Var(Var::Distance), Dimension::LENGTH, span));
        }
        let attribute = ATTRIBUTES.iter().filter(|_| self.is_bare()).find(|(known, _, _)| *known == name);
        match attribute {
            Some((_, attribute, dimension)) => Some(Typed::number(Expr::Var(Var::Post(*attribute)), *dimension, span)),
            // `x` and `index` are the cell's here; the others may vary along its tree.
            None if self.known == Known::Cell => place_name(name, span, self.view.declared),
            None => None,
        }
    }

    fn field(&self, base: &ast::Expr, name: &ast::Name, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let ExprKind::Name(side) = &base.kind else { return None };
        let (_, _, var) = *self.sides().iter().find(|(text, known, _)| *known && *text == &**side)?;
        if name.is_missing() {
            return Some(Typed::error(span));
        }
        match ATTRIBUTES.iter().find(|(known, _, _)| *known == &*name.text) {
            Some((_, attribute, dimension)) => Some(Typed::number(Expr::Var(var(*attribute)), *dimension, span)),
            None => {
                let unknown = Diagnostic::new(Code::UnknownVariable, name.span, format!("`{side}` has no `{}`", name.text));
                Some(ctx.fail(unknown.help("a cell of a network has `x`, `y`, `z` and `index`")))
            }
        }
    }
}

impl Resolve for CellNames<'_> {
    fn resolve(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        match &expr.kind {
            ExprKind::Name(name) if self.time && **name == *"t" && ctx.scope.declared.names.find("t").is_none() => {
                Some(Typed::number(Expr::Var(Var::Known(ir::Known::T)), Dimension::TIME, expr.span))
            }
            ExprKind::Name(name) => self.name(name, expr.span).or_else(|| match self.known {
                Known::Cell => percell::named(name, expr.span, ctx),
                _ => None,
            }),
            ExprKind::Field { base, name } => self.field(base, name, expr.span, ctx),
            ExprKind::Call { callee, args } if list::is_listed(callee) && self.known == Known::Pair => {
                list::value(self.view.listed, callee, args, expr.span, ctx)
            }
            ExprKind::List(parts) if self.known == Known::Cell => Some(percell::list(parts, expr.span, ctx)),
            ExprKind::Call { callee, args } if percell::is_values(callee) && self.known == Known::Cell => {
                percell::values(args, expr.span, ctx)
            }
            ExprKind::Call { .. } if let Some(made) = self.hidden.and_then(|hidden| hidden.call(expr, None, ctx)) => Some(made),
            ExprKind::Call { callee, args } if is_count(callee) => Some(count(self.view, args, expr.span, ctx)),
            _ => None,
        }
    }

    fn has_time(&self) -> bool {
        self.time
    }

    fn names(&self) -> Vec<String> {
        let bare = ATTRIBUTES.iter().filter(|_| self.is_bare()).map(|(name, _, _)| *name);
        let sides = self.sides().into_iter().filter(|(_, known, _)| *known).map(|(name, _, _)| name);
        let distance = (self.known == Known::Pair).then_some("distance");
        bare.chain(sides).chain(distance).map(str::to_owned).collect()
    }
}

fn is_count(callee: &ast::Expr) -> bool {
    matches!(&callee.kind, ExprKind::Name(name) if &**name == "count")
}

/// `count(S)` in a network: the sum of the sizes of whole populations.
fn count(view: &View<'_>, args: &[ast::Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let sets: Vec<&ast::Expr> = args.iter().map(|arg| &arg.value).collect();
    let Some(set) = view.set(&sets, span, ctx) else { return Typed::error(span) };
    let mut seen: Vec<PopulationId> = Vec::new();
    let mut sum: Option<Expr> = None;
    for member in &set.members {
        if member.indices.is_some() || member.filter.is_some() {
            let part = Diagnostic::new(Code::WrongArguments, member.span, "`count` counts whole populations here");
            return ctx.fail(part.help("use the name of a population"));
        }
        if seen.contains(&member.population) {
            continue;
        }
        seen.push(member.population);
        let size = view.size(member.population).unwrap_or(Expr::Number(1.0));
        sum = Some(match sum {
            Some(sum) => Expr::Binary(Binary::Add, Box::new(sum), Box::new(size)),
            None => size,
        });
    }
    Typed::number(sum.unwrap_or(Expr::Number(0.0)), Dimension::NONE, span)
}
