//! Values of attributes and statements: what may be known in each place, and the step from syntax to a checked attribute.

use super::dimension;
use super::expr::{Ctx, Plain, Typed, check_expr};
use super::hidden::Hidden;
use super::network::names::CellNames;
use super::{Checker, View};
use bouton_model::ir::{self, Attribute};
use bouton_model::unit::Dimension;
use bouton_syntax::ast;

/// What a value may use beside the names of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing.
    Nothing,
    /// The cell itself (`index`, `x`, `y`, `z`) and random draws: in the braces of a population.
    Cell,
    /// The cell itself: in `where`.
    Filter,
    /// `pre`, `post`, `distance` and random draws: in the braces of a connection.
    Pair,
    /// `post` and random draws: in the braces of a source or an electrode.
    Target,
    /// The names of the cell with sections that is being checked, and what varies along its tree.
    Part,
}

impl Known {
    fn draws(self) -> bool {
        matches!(self, Known::Cell | Known::Pair | Known::Target)
    }
}

impl<'a> Checker<'a> {
    /// Works in a place of the script.
    pub fn within<R>(&mut self, known: Known, work: impl FnOnce(&View<'_>, &mut Ctx<'_>) -> R) -> R {
        self.within_names(known, false, work)
    }

    fn within_names<R>(&mut self, known: Known, time: bool, work: impl FnOnce(&View<'_>, &mut Ctx<'_>) -> R) -> R {
        self.within_hidden(known, time, None, work)
    }

    fn within_hidden<R>(
        &mut self,
        known: Known,
        time: bool,
        hidden: Option<&Hidden>,
        work: impl FnOnce(&View<'_>, &mut Ctx<'_>) -> R,
    ) -> R {
        let view = View {
            declared: self.declared,
            program: &self.program,
            records: &self.records,
            broken_cells: &self.broken_cells,
            listed: self.listed.as_deref(),
            tables: &self.tables,
            ran: false,
            kept: None,
            traces: &self.traces,
            present: &self.present,
        };
        let names = CellNames { known, view: &view, time, hidden };
        let body = self.body_names.clone();
        let resolve: &dyn super::expr::Resolve = match (known, &body) {
            (Known::Nothing, _) | (Known::Part, None) => &Plain,
            (Known::Part, Some(body)) => &**body,
            _ => &names,
        };
        let ctx = Ctx::new(self.scope, resolve, &self.scope.locals, self.diagnostics);
        let mut ctx = if known.draws() { ctx.with_draws() } else { ctx };
        work(&view, &mut ctx)
    }

    /// Works in the braces of a source, an electrode or a population, where values may vary in time.
    pub fn within_time<R>(&mut self, known: Known, work: impl FnOnce(&mut Ctx<'_>) -> R) -> R {
        let time = matches!(known, Known::Cell | Known::Target);
        self.within_names(known, time, |_, ctx| work(ctx))
    }

    /// Works on a stimulus of an input, which may call for variables of its own.
    pub fn within_stimulus<R>(&mut self, hidden: &Hidden, work: impl FnOnce(&mut Ctx<'_>) -> R) -> R {
        self.within_hidden(Known::Target, true, Some(hidden), |_, ctx| work(ctx))
    }

    /// Works where values may vary in time and from connection to connection.
    pub fn within_pairs_and_time<R>(&mut self, work: impl FnOnce(&mut Ctx<'_>) -> R) -> R {
        self.within_names(Known::Pair, true, |_, ctx| work(ctx))
    }

    /// A value of a dimension; nothing where it does not fit, which has been reported.
    pub fn quantity(&mut self, expr: &ast::Expr, known: Known, dimension: Dimension, what: &str) -> Option<Attribute> {
        self.within(known, |_, ctx| quantity(expr, dimension, what, ctx))
    }

    /// The number that an expression stands for while every parameter has its value of the script.
    pub fn fold(&self, value: &ir::Expr) -> Option<f64> {
        super::fold::fold(value, &self.program.params)
    }
}

/// A value of a dimension; nothing where it does not fit, which has been reported.
pub(crate) fn quantity(expr: &ast::Expr, dimension: Dimension, what: &str, ctx: &mut Ctx<'_>) -> Option<Attribute> {
    let typed = sound(check_expr(expr, ctx))?;
    let before = ctx.sink.len();
    let value = dimension::expect(typed, dimension, what, ctx);
    (ctx.sink.len() == before).then_some(Attribute { value, span: expr.span })
}

/// A value that was not reported as broken.
pub(crate) fn sound(typed: Typed) -> Option<Typed> {
    (!typed.is_error()).then_some(typed)
}
