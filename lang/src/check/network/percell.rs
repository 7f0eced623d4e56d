//! A value for each cell of a population: `k = [1 mV, 2 mV, 3 mV]`, `k = values("cells.csv", column = "k") * 1 mV`.

use crate::check::Checker;
use crate::check::declare::Symbol;
use crate::check::dimension;
use crate::check::expr::{Ctx, Type, Typed, wrong_count};
use crate::check::{function, samples};
use bouton_model::algebra::visit;
use bouton_model::ir::{Attribute, Expr};
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

const FORM: &str = "`values(\"cells.csv\")`, or `values(\"cells.csv\", column = \"k\")`";

/// A list in the braces of a population.
pub(in crate::check) fn list(parts: &[ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    match dimension::one_kind(parts, ctx) {
        None => Typed::error(span),
        Some((values, _)) if values.iter().any(holds_list) => ctx.fail(
            Diagnostic::new(Code::NotANumber, span, "a list cannot stand in a list").label("expected a number for each cell"),
        ),
        Some((values, ty)) => Typed::new(Expr::PerCell(values.into()), ty, span),
    }
}

fn holds_list(value: &Expr) -> bool {
    let mut found = false;
    visit(value, &mut |part| found |= matches!(part, Expr::PerCell(_)));
    found
}

/// A definition that is such a list: `let k = [1 mV, 2 mV]`.
pub(in crate::check) fn named(name: &str, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
    let Some(Symbol::Let(binding)) = ctx.scope.declared.names.find(name) else { return None };
    match &binding.value.as_ref()?.kind {
        ExprKind::List(parts) => Some(list(parts, span, ctx)),
        _ => None,
    }
}

/// Whether a function reads a value for each cell.
pub(in crate::check) fn is_values(callee: &ast::Expr) -> bool {
    matches!(&callee.kind, ExprKind::Name(text) if &**text == "values")
}

/// `values("cells.csv", column = "k")`: plain numbers.
pub(in crate::check) fn values(args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
    if ctx.scope.declared.names.declaration("values").is_some() {
        return None;
    }
    Some(read(args, span, ctx).unwrap_or_else(|| Typed::error(span)))
}

fn read(args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
    let places = function::arrange("values", &["file", "column"], args, span, ctx)?;
    let [Some(file), column] = places[..] else {
        ctx.sink.push(wrong_count("values", 1, 2, args.len(), span).help(format!("write {FORM}")));
        return None;
    };
    let column = match column {
        None => None,
        Some(e) => Some((samples::text(e, ctx, "the name of a column", FORM)?, e.span)),
    };
    let numbers = samples::read(file, column, FORM, ctx)?;
    Some(Typed::new(Expr::PerCell(numbers.into_iter().map(Expr::Number).collect()), Type::PLAIN, span))
}

impl Checker<'_> {
    /// Whether there is a value for each cell of the population, where its size is known before anything runs.
    pub(super) fn one_value_each(&mut self, population: usize, value: &Attribute) {
        let Some(population) = self.program.populations.get(population) else { return };
        let Some(cells) = population.count.as_ref().map_or(Some(1.0), |count| self.fold(&count.value)) else { return };
        let mut other = None;
        visit(&value.value, &mut |part| {
            if let Expr::PerCell(values) = part
                && values.len() as f64 != cells
            {
                other = Some(values.len());
            }
        });
        if let Some(given) = other.filter(|_| cells.is_finite()) {
            let message = format!("there are values for {given} cells, and `{}` has {cells}", population.name);
            let wrong = Diagnostic::new(Code::WrongArguments, value.span, message).also(population.span, "the population");
            self.diagnostics.push(wrong.help("a list in the braces of a population has a value for each of its cells, in order"));
        }
    }
}
