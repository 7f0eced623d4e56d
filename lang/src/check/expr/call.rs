//! Calls: functions of the user, functions of the language, random draws.

use super::{Ctx, Type, Typed, check_expr, literal, name};
use crate::check::declare::Symbol;
use crate::check::mechanism::given::TABLE;
use crate::check::{dimension, function, walk};
use bouton_model::builtin::{self, DimensionRule, Row};
use bouton_model::ir::{Draw, Expr};
use bouton_model::unit::{Dimension, Exponent};
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// A call.
pub(super) fn check(expr: &ast::Expr, callee: &ast::Expr, args: &[Arg], ctx: &mut Ctx<'_>) -> Typed {
    let resolve = ctx.resolve;
    if let Some(found) = resolve.resolve(expr, ctx) {
        return found;
    }
    let ExprKind::Name(called) = &callee.kind else {
        return ctx.fail(Diagnostic::new(Code::UnknownFunction, callee.span, "this cannot be called"));
    };
    if let Some(local) = resolve.function(called) {
        return function::inline_local(local, args, expr.span, ctx);
    }
    match ctx.scope.declared.names.find_from(ctx.home, called) {
        Some((Symbol::Function(function), _, home)) => function::inline(function, home, args, expr.span, ctx),
        Some((Symbol::Broken, ..)) => Typed::error(expr.span),
        Some((other, declared, _)) => {
            let message = format!("`{called}` is {}, not a function", other.what());
            ctx.fail(Diagnostic::new(Code::WrongKind, callee.span, message).also(declared, "declared here"))
        }
        None => {
            let mut imaginary = None;
            walk::any(expr, &mut |part| {
                imaginary = matches!(part.kind, ExprKind::Imaginary(_)).then_some(part.span);
                imaginary.is_some()
            });
            match imaginary {
                // Functions of complex numbers come with them.
                Some(span) => literal::imaginary(span, ctx).at(expr.span),
                None => of_the_language(called, callee.span, args, expr.span, ctx),
            }
        }
    }
}

fn of_the_language(called: &str, at: Span, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    if let Some(row) = builtin::find(called) {
        return of_numbers(row, args, span, ctx);
    }
    if let Some(row) = DRAWS.iter().find(|row| row.name == called) {
        return draw(row, args, span, ctx);
    }
    if ctx.scope.declared.names.incomplete {
        return Typed::error(span);
    }
    let mut known: Vec<String> = builtin::FUNCTIONS.iter().map(|row| row.name.to_owned()).collect();
    known.extend(DRAWS.iter().map(|row| row.name.to_owned()));
    let is_function = |symbol: &Symbol<'_>| matches!(symbol, Symbol::Function(_));
    known.extend(ctx.scope.declared.names.list(is_function).into_iter().map(str::to_owned));
    known.extend(ctx.resolve.names());
    if crate::check::hidden::NAMES.contains(&called) {
        let message = format!("`{called}` stands in equations and definitions, and in stimuli of inputs");
        let wrong = Diagnostic::new(Code::UnknownFunction, at, message);
        let help =
            format!("add it to an input: `stimulate p.u with {called}(...)`; in a cell, give it a name: `let x = {called}(...)`");
        return ctx.fail(wrong.help(help)).at(span);
    }
    if called == TABLE {
        let wrong = Diagnostic::new(Code::NotANumber, span, "a table is given to a parameter that is one, and is no number");
        return ctx
            .fail(wrong.help("declare `param tau(v: mV): ms` in a mechanism, and give it: `insert m { tau = table(...) }`"));
    }
    let diagnostic = Diagnostic::new(Code::UnknownFunction, at, format!("there is no function `{called}`"));
    ctx.fail(name::suggest(diagnostic, called, at, &known)).at(span)
}

fn of_numbers(row: &Row, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let args: Vec<Typed> = args.iter().map(|arg| positional(row.name, arg, ctx)).collect();
    let (least, most) = row.arity;
    // One that is broken may have been meant as a trace or a list, of which a name like `max` takes one.
    if let [one] = &args[..]
        && one.is_error()
    {
        return Typed::error(span);
    }
    if !(least..=most).contains(&args.len()) {
        return ctx.fail(wrong_count(row.name, least, most, args.len(), span));
    }
    if args.iter().any(Typed::is_error) {
        return Typed::error(span);
    }
    let before = ctx.sink.len();
    let name = format!("`{}`", row.name);
    let ty = match row.rule {
        DimensionRule::Plain => all_of(&args, &[Dimension::NONE], &name, Type::PLAIN, ctx),
        DimensionRule::Nernst => all_of(&args, &NERNST, &name, Type::Number(Dimension::VOLTAGE), ctx),
        DimensionRule::Ghk => all_of(&args, &GHK, &name, Type::Number(CHARGE_PER_VOLUME), ctx),
        DimensionRule::Same => args.first().map_or(Type::Error, |arg| same(arg, ctx)),
        DimensionRule::Root => args.first().map_or(Type::Error, |arg| root(arg, ctx)),
        DimensionRule::Alike => all_alike(&args, &name, ctx),
        DimensionRule::Ratio => match all_alike(&args, &name, ctx) {
            Type::Error => Type::Error,
            _ => Type::PLAIN,
        },
    };
    if ctx.sink.len() > before {
        return Typed::error(span);
    }
    Typed::new(Expr::Call(row.function, args.into_iter().map(|arg| arg.expr).collect()), ty, span)
}

const NERNST: [Dimension; 3] = [Dimension::CONCENTRATION, Dimension::CONCENTRATION, Dimension::NONE];
const GHK: [Dimension; 4] = [Dimension::VOLTAGE, Dimension::CONCENTRATION, Dimension::CONCENTRATION, Dimension::NONE];
const CHARGE_PER_VOLUME: Dimension = Dimension::of([1, 0, 1, -3, 0, 0]);

fn all_of(args: &[Typed], wanted: &[Dimension], name: &str, gives: Type, ctx: &mut Ctx<'_>) -> Type {
    for (arg, wanted) in args.iter().zip(wanted.iter().cycle()) {
        dimension::expect(arg.clone(), *wanted, name, ctx);
    }
    gives
}

fn same(arg: &Typed, ctx: &mut Ctx<'_>) -> Type {
    dimension::factor(arg, ctx).map_or(Type::Error, Type::Number)
}

fn root(arg: &Typed, ctx: &mut Ctx<'_>) -> Type {
    let half = Exponent { num: 1, den: 2 };
    dimension::factor(arg, ctx).and_then(|dimension| dimension.power(half)).map_or(Type::Error, Type::Number)
}

/// The common type of arguments; a temperature among them stays one.
fn all_alike(args: &[Typed], name: &str, ctx: &mut Ctx<'_>) -> Type {
    let mut args = args.iter();
    let Some(mut so_far) = args.next().cloned() else { return Type::Error };
    for arg in args {
        match dimension::alike(&so_far, arg, |a, b| format!("{name} takes values of one kind; found {a} and {b}"), ctx) {
            // The first argument that has a dimension stands for it in messages.
            Some(ty) if so_far.ty == Type::Zero => so_far = Typed { ty, ..arg.clone() },
            Some(ty) => so_far.ty = ty,
            None => return Type::Error,
        }
    }
    so_far.ty
}

/// A distribution of the language.
struct DrawRow {
    draw: Draw,
    name: &'static str,
    parameters: &'static [&'static str],
    /// Plain numbers only.
    plain: bool,
}

const DRAWS: &[DrawRow] = &[
    DrawRow { draw: Draw::Uniform, name: "uniform", parameters: &["low", "high"], plain: false },
    DrawRow { draw: Draw::Normal, name: "normal", parameters: &["mean", "sd"], plain: false },
    DrawRow { draw: Draw::Lognormal, name: "lognormal", parameters: &["mean", "sd"], plain: false },
    DrawRow { draw: Draw::Exponential, name: "exponential", parameters: &["mean"], plain: false },
    DrawRow { draw: Draw::Poisson, name: "poisson", parameters: &["mean"], plain: true },
];

/// The random draws by name, with the names of their arguments.
pub(crate) fn draws() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    DRAWS.iter().map(|row| (row.name, row.parameters))
}

fn draw(row: &DrawRow, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let Some(args) = function::arrange(row.name, row.parameters, args, span, ctx) else { return Typed::error(span) };
    let args: Vec<Typed> = args.into_iter().flatten().map(|arg| check_expr(arg, ctx)).collect();
    if args.len() < row.parameters.len() {
        let form = format!("write `{}({})`", row.name, row.parameters.join(", "));
        return ctx.fail(wrong_count(row.name, row.parameters.len(), row.parameters.len(), args.len(), span).help(form));
    }
    let name = format!("`{}`", row.name);
    let ty = match args.iter().any(Typed::is_error) {
        true => Type::Error,
        false if row.plain => all_of(&args, &[Dimension::NONE], &name, Type::PLAIN, ctx),
        false => all_alike(&args, &name, ctx),
    };
    if !ctx.draws {
        let message = format!("`{}` draws a random number, which is not possible here", row.name);
        let diagnostic = Diagnostic::new(Code::MisplacedDraw, span, message);
        return ctx.fail(diagnostic.help("draw in the braces of a population or connection, or in a handler of events"));
    }
    let ty = if ty == Type::Zero { Type::PLAIN } else { ty };
    Typed::new(Expr::Draw(row.draw, args.into_iter().map(|arg| arg.expr).collect()), ty, span)
}

/// An argument of a function whose arguments have no names.
fn positional(function: &str, arg: &Arg, ctx: &mut Ctx<'_>) -> Typed {
    if let Some(name) = &arg.name {
        let message = format!("the arguments of `{function}` have no names");
        ctx.sink.push(Diagnostic::new(Code::WrongArgumentCount, name.span, message).help("write the value alone"));
    }
    check_expr(&arg.value, ctx)
}

/// The diagnostic of a wrong number of arguments.
pub(crate) fn wrong_count(name: &str, least: usize, most: usize, found: usize, span: Span) -> Diagnostic {
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let wanted = match (least, most) {
        _ if least == most => format!("{least} argument{}", plural(least)),
        (_, 64..) => format!("at least {least} argument{}", plural(least)),
        _ => format!("{least} to {most} arguments"),
    };
    Diagnostic::new(Code::WrongArgumentCount, span, format!("`{name}` takes {wanted}; found {found}"))
}
