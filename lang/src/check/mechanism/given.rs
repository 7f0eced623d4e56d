//! Parameters that are tables: `param tau(v: mV): ms`, given as `tau = table([-80, 0] * 1 mV, [1, 3] * 1 ms)`, or as one value for all arguments.

use super::body::{Body, Declared, Role};
use crate::check::expr::{Ctx, Resolve, Typed, check_expr, unit_of, wrong_count};
use crate::check::network::percell;
use crate::check::value::sound;
use crate::check::{constant, dimension};
use bouton_model::algebra::visit;
use bouton_model::builtin::Function;
use bouton_model::curve::{Axis, Curve};
use bouton_model::ir::{CellAttribute, Expr, Var};
use bouton_model::unit::Dimension;
use bouton_model::value::{NoValue, Scope, Value, number};
use bouton_syntax::ast::{self, Arg, ExprKind, Spacing};
use bouton_syntax::{Code, Diagnostic, Span};
use std::sync::Arc;

/// The name of the function that makes one.
pub(crate) const TABLE: &str = "table";

/// The most arguments of a table.
const MOST: usize = 2;

/// The most points along an axis that is a range.
const MOST_POINTS: f64 = 1e6;

const FORM: &str =
    "write `table([-80, -40, 0] * 1 mV, [2, 3, 1] * 1 ms)`: where values are, then the values; or one value for all arguments";

impl Body<'_> {
    /// `tau(v)`
    pub(super) fn looked_up(&self, e: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let ExprKind::Call { callee, args } = &e.kind else { return None };
        let ExprKind::Name(name) = &callee.kind else { return None };
        let (id, declared) = self.find(name).filter(|(_, declared)| declared.role == Role::Table)?;
        let wanted = declared.arguments.len();
        if args.len() != wanted || args.iter().any(|arg| arg.name.is_some()) {
            let wrong = wrong_count(name, wanted, wanted, args.len(), e.span);
            return Some(ctx.fail(wrong.also(declared.name.span, "declared here")));
        }
        let mut operands = vec![Expr::Var(Var::Own(id))];
        let before = ctx.sink.len();
        for (at, arg) in args.iter().enumerate() {
            let Some(value) = sound(check_expr(&arg.value, ctx)) else { return Some(Typed::error(e.span)) };
            let dimension = argument(declared, at, ctx);
            operands.push(dimension::expect_as(value, dimension, &format!("`{name}`"), Some(declared.name.span), ctx));
        }
        if ctx.sink.len() > before {
            return Some(Typed::error(e.span));
        }
        Some(Typed::new(Expr::Call(Function::Table, operands), self.type_of(id, ctx), e.span))
    }
}

fn argument(declared: &Declared<'_>, at: usize, ctx: &mut Ctx<'_>) -> Dimension {
    let unit = declared.arguments.get(at).and_then(|one| one.unit.as_ref());
    let mut quiet = bouton_syntax::Diagnostics::new();
    let unit = unit.and_then(|unit| unit_of(unit, &mut Ctx::new(ctx.scope, ctx.resolve, ctx.locals, &mut quiet)));
    unit.map_or(Dimension::NONE, |unit| unit.dimension)
}

/// The dimensions of a table's arguments.
pub(super) fn arguments(declared: &Declared<'_>, ctx: &mut Ctx<'_>) -> Vec<Dimension> {
    let name = &declared.name.text;
    if !(1..=MOST).contains(&declared.arguments.len()) {
        let message = format!("`{name}` has {} arguments, and a table has one or two", declared.arguments.len());
        ctx.sink.push(Diagnostic::new(Code::BrokenTable, declared.name.span, message).help("write `param tau(v: mV): ms`"));
    }
    for one in declared.arguments {
        if let Some(unit) = &one.unit {
            // Tells what is wrong with the unit.
            unit_of(unit, ctx);
        }
        if let Some(value) = &one.value {
            let message = "an argument of a table has no default";
            ctx.sink.push(Diagnostic::new(Code::BrokenTable, value.span, message).help("give its unit: `param tau(v: mV): ms`"));
        }
    }
    (0..declared.arguments.len()).map(|at| argument(declared, at, ctx)).collect()
}

/// What is said of a mechanism whose table is not given where it is used.
pub(crate) fn missing(mechanism: &str, name: &str, place: Span) -> Diagnostic {
    let missing = Diagnostic::new(Code::MissingParameter, place, format!("`{mechanism}` needs values for its table `{name}`"));
    missing.help(format!("give it in the braces: `{{ {name} = table([-80, -40, 0] * 1 mV, [2, 3, 1] * 1 ms) }}`, where values are and the values, or `{{ {name} = ... }}` with one value"))
}

/// What is said of a table that nothing fills.
pub(crate) fn unfilled(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingParameter, span, format!("the table `{name}` has no values")).help(FORM)
}

/// Whether an expression makes a table.
pub(crate) fn is_table(e: &ast::Expr) -> bool {
    matches!(&e.kind, ExprKind::Call { callee, .. } if matches!(&callee.kind, ExprKind::Name(name) if &**name == TABLE))
}

/// What a table is given; nothing where something is wrong, which has been reported.
pub(crate) fn curve(
    value: &ast::Expr,
    arguments: &[Dimension],
    dimension: Dimension,
    name: &str,
    ctx: &mut Ctx<'_>,
) -> Option<Arc<Curve>> {
    let lists = Lists { around: ctx.resolve };
    let ctx = &mut Ctx::new(ctx.scope, &lists, ctx.locals, ctx.sink).at_home(ctx.home);
    let named = match &value.kind {
        ExprKind::Name(text) => match ctx.scope.declared.names.find_from(ctx.home, text) {
            Some((crate::check::declare::Symbol::Let(binding), ..)) => binding.value.as_ref().filter(|value| is_table(value)),
            _ => None,
        },
        _ => None,
    };
    let value = named.unwrap_or(value);
    let made = match &value.kind {
        ExprKind::Call { args, .. } if is_table(value) => table(args, arguments, dimension, name, value.span, ctx)?,
        _ => {
            let typed = sound(check_expr(value, ctx))?;
            let one = only(typed, dimension, name, ctx)?;
            Curve::constant(one, arguments.len())
        }
    };
    Some(Arc::new(made))
}

fn table(
    args: &[Arg],
    arguments: &[Dimension],
    dimension: Dimension,
    name: &str,
    span: Span,
    ctx: &mut Ctx<'_>,
) -> Option<Curve> {
    let wanted = arguments.len() + 1;
    let [axes @ .., values] = args else { return fail(wrong_count(TABLE, wanted, wanted, 0, span).help(FORM), ctx) };
    if args.len() != wanted {
        let message = format!("`{name}` has {} arguments", arguments.len());
        return fail(wrong_count(TABLE, wanted, wanted, args.len(), span).label(message).help(FORM), ctx);
    }
    if let Some(arg) = args.iter().find(|arg| arg.name.is_some()) {
        return fail(Diagnostic::new(Code::WrongArguments, arg.span, "the lists of a table have no names").help(FORM), ctx);
    }
    let mut made = Vec::new();
    for (arg, dimension) in axes.iter().zip(arguments) {
        made.push(axis(&arg.value, *dimension, name, ctx)?);
    }
    let found = numbers(&values.value, dimension, name, ctx)?;
    let counts: Vec<String> = made.iter().map(|axis| axis.len().to_string()).collect();
    let count = found.len();
    match Curve::new(made, found) {
        Some(curve) => Some(curve),
        None => {
            let message = format!("there are {count} values for {} points", counts.join(" times "));
            let wrong = Diagnostic::new(Code::BrokenTable, values.value.span, message);
            fail(wrong.help("a table has a value for each point; of two arguments the second one runs faster"), ctx)
        }
    }
}

fn axis(e: &ast::Expr, dimension: Dimension, name: &str, ctx: &mut Ctx<'_>) -> Option<Axis> {
    let ExprKind::Range(range) = &e.kind else {
        return Some(Axis::At(numbers(e, dimension, name, ctx)?));
    };
    let mut number = |e: &ast::Expr, dimension| {
        let typed = sound(check_expr(e, ctx))?;
        only(typed, dimension, name, ctx)
    };
    let (low, high) = (number(&range.start, dimension)?, number(&range.end, dimension)?);
    let count = match &range.spacing {
        Some(Spacing::By(step)) => ((high - low) / number(step, dimension)?).round() + 1.0,
        Some(Spacing::Steps(count)) => number(count, Dimension::NONE)?,
        None => {
            return fail(Diagnostic::new(Code::BrokenTable, e.span, "a table needs the distance of its points").help(FORM), ctx);
        }
    };
    if range.log || low > high || count.fract() != 0.0 || !(1.0..=MOST_POINTS).contains(&count) {
        let message = "this range has no points, too many, or points at unequal distances";
        return fail(Diagnostic::new(Code::BrokenTable, e.span, message).help(FORM), ctx);
    }
    Some(Axis::Even(count as usize, low, high))
}

fn fail<T>(wrong: Diagnostic, ctx: &mut Ctx<'_>) -> Option<T> {
    ctx.sink.push(wrong);
    None
}

/// A value that is the same always.
fn only(typed: Typed, dimension: Dimension, name: &str, ctx: &mut Ctx<'_>) -> Option<f64> {
    let (before, span) = (ctx.sink.len(), typed.span);
    let value = dimension::expect(typed, dimension, &format!("`{name}`"), ctx);
    if ctx.sink.len() > before {
        return None;
    }
    let folded = constant::value(&value).filter(|x| x.is_finite());
    if folded.is_none() {
        let message = format!("what the table `{name}` holds is constant");
        ctx.sink.push(Diagnostic::new(Code::NotConstant, span, message).label("this can change").help(FORM));
    }
    folded
}

/// The numbers of a list, or of a file.
fn numbers(e: &ast::Expr, dimension: Dimension, name: &str, ctx: &mut Ctx<'_>) -> Option<Vec<f64>> {
    let typed = sound(check_expr(e, ctx))?;
    let mut counts: Vec<usize> = Vec::new();
    visit(&typed.expr, &mut |part| {
        if let Expr::PerCell(list) = part {
            counts.push(list.len());
        }
    });
    let Some(count) = counts.iter().copied().min().filter(|least| counts.iter().all(|one| one == least)) else {
        let message = if counts.is_empty() { "a table takes lists of values" } else { "these lists have different lengths" };
        return fail(Diagnostic::new(Code::BrokenTable, e.span, message).help(FORM), ctx);
    };
    let before = ctx.sink.len();
    let value = dimension::expect(typed, dimension, &format!("`{name}`"), ctx);
    if ctx.sink.len() > before {
        return None;
    }
    let all: Result<Vec<f64>, NoValue> = (0..count).map(|at| number(&value, &mut Element(at))).collect();
    match all {
        Ok(all) if all.iter().all(|x| x.is_finite()) => Some(all),
        _ => {
            let message = format!("what the table `{name}` holds is constant");
            fail(Diagnostic::new(Code::NotConstant, e.span, message).label("this can change, or is no number").help(FORM), ctx)
        }
    }
}

/// An element of every list.
struct Element(usize);

impl Scope for Element {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        match var {
            Var::Post(CellAttribute::Index) => Ok(Value::Number(self.0 as f64)),
            other => Err(NoValue::Variable(other)),
        }
    }
}

/// The names around, and lists.
struct Lists<'r> {
    around: &'r dyn Resolve,
}

impl Resolve for Lists<'_> {
    fn resolve(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        match &expr.kind {
            ExprKind::List(parts) => Some(percell::list(parts, expr.span, ctx)),
            ExprKind::Call { callee, args } if percell::is_values(callee) => percell::values(args, expr.span, ctx),
            ExprKind::Name(name) => self.around.resolve(expr, ctx).or_else(|| percell::named(name, expr.span, ctx)),
            _ => self.around.resolve(expr, ctx),
        }
    }

    fn names(&self) -> Vec<String> {
        self.around.names()
    }

    fn function(&self, name: &str) -> Option<&ast::Fn> {
        self.around.function(name)
    }
}
