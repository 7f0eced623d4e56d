//! Functions of the user: put in place of each call and checked there, so that one serves volts and plain numbers.

mod body;

use super::declare::Home;
use super::dimension;
use super::expr::{Ctx, Plain, Resolve, Type, Typed, check_expr, suggest, unit_of, wrong_count};
use bouton_model::ir::{Expr, Known, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg, FnBody};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// A call of a function of a file.
pub(crate) fn inline(function: &ast::Fn, home: Home, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    call(function, home, &Plain, args, span, ctx)
}

/// A call of a function that is local to the mechanism in which the call stands.
pub(crate) fn inline_local(function: &ast::Fn, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    call(function, ctx.home, ctx.resolve, args, span, ctx)
}

/// Checks a function by itself, whatever its arguments are: for names that it does not have and for what is wrong in any call.
pub(crate) fn check_alone(function: &ast::Fn, ctx: &mut Ctx<'_>) {
    let mut found = Diagnostics::new();
    let mut inner = ctx.inside(ctx.home, ctx.resolve, function.name.span, &mut found);
    inner.draws = true;
    for param in &function.params {
        let ty = param
            .unit
            .as_ref()
            .and_then(|unit| unit_of(unit, &mut inner))
            .map_or(Type::Error, |unit| Type::Number(unit.dimension));
        inner.bind(&param.name.text, Typed::new(Expr::Number(1.0), ty, param.span));
    }
    body(function, &mut inner);
    for one in found.iter().filter(|one| ctx.is_news(one)).cloned().collect::<Vec<_>>() {
        ctx.sink.push(one);
    }
}

fn call(function: &ast::Fn, home: Home, resolve: &dyn Resolve, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    if ctx.is_calling(function.name.span) {
        return ctx.fail(recursive(function, span));
    }
    let Some(values) = arguments(function, args, span, ctx) else { return Typed::error(span) };
    if !ctx.scope.unfold(1, span, ctx) {
        return Typed::error(span);
    }
    let mut found = Diagnostics::new();
    let has_time = ctx.resolve.has_time() || ctx.bound_type("t").is_some();
    let mut inner = ctx.inside(home, resolve, function.name.span, &mut found);
    if home == Home::Library && has_time {
        // Functions of time, such as `pulse`, have it without being given it.
        inner.bind(&"t".into(), Typed::number(Expr::Var(Var::Known(Known::T)), Dimension::TIME, span));
    }
    let mut kept = Vec::new();
    for (param, value) in function.params.iter().zip(values) {
        let value = argument(param, value, &mut inner);
        let bound = match value.expr {
            Expr::Number(_) | Expr::Bool(_) | Expr::Var(_) => value,
            expr => {
                let local = inner.fresh_local();
                kept.push((local, expr));
                Typed::new(Expr::Var(bouton_model::ir::Var::Local(local)), value.ty, value.span)
            }
        };
        inner.bind(&param.name.text, bound);
    }
    let result = body(function, &mut inner);
    report(&found, home, span, ctx);
    let wrap = |inside, (local, value)| Expr::Let(local, Box::new(value), Box::new(inside));
    Typed::new(kept.into_iter().rev().fold(result.expr, wrap), result.ty, span)
}

/// The values of a call in the order of the parameters, nothing for those that are not given.
fn arguments(function: &ast::Fn, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Option<Vec<Option<Typed>>> {
    let names: Vec<&str> = function.params.iter().map(|param| &*param.name.text).collect();
    let given = arrange(&function.name.text, &names, args, span, ctx)?;
    let missing = function.params.iter().zip(&given).filter(|(param, given)| given.is_none() && param.value.is_none()).count();
    if missing > 0 {
        let least = function.params.iter().filter(|param| param.value.is_none()).count();
        let diagnostic = wrong_count(&function.name.text, least, names.len(), args.len(), span);
        ctx.sink.push(diagnostic.also(function.name.span, "declared here"));
        return None;
    }
    Some(given.into_iter().map(|value| value.map(|value| check_expr(value, ctx))).collect())
}

/// A given value, or the default, in the parameter's unit.
fn argument(param: &ast::Binding, given: Option<Typed>, ctx: &mut Ctx<'_>) -> Typed {
    let value = given.or_else(|| param.value.as_ref().map(|value| check_expr(value, ctx)));
    let value = value.unwrap_or_else(|| Typed::error(param.span));
    let Some(unit) = param.unit.as_ref().and_then(|unit| unit_of(unit, ctx)) else { return value };
    let span = value.span;
    let what = format!("`{}`", param.name.text);
    Typed::number(dimension::expect_as(value, unit.dimension, &what, Some(param.span), ctx), unit.dimension, span)
}

fn body(function: &ast::Fn, ctx: &mut Ctx<'_>) -> Typed {
    match &function.body {
        FnBody::Value(value) => check_expr(value, ctx),
        FnBody::Block(block) => body::check(function, block, ctx),
    }
}

/// Puts arguments in the order of the parameters; nothing where one does not fit, which has been reported.
pub(crate) fn arrange<'e>(
    called: &str,
    names: &[&str],
    args: &'e [Arg],
    span: Span,
    ctx: &mut Ctx<'_>,
) -> Option<Vec<Option<&'e ast::Expr>>> {
    let mut places: Vec<Option<&ast::Expr>> = vec![None; names.len()];
    for (at, arg) in args.iter().enumerate() {
        let at = match &arg.name {
            None => Some(at),
            Some(name) => names.iter().position(|known| *known == &*name.text),
        };
        let place = at.and_then(|at| places.get_mut(at));
        match (place, &arg.name) {
            (Some(place @ None), _) => *place = Some(&arg.value),
            (Some(Some(_)), _) => {
                ctx.sink.push(Diagnostic::new(Code::WrongArgumentCount, arg.span, "this argument is given twice"));
                return None;
            }
            (None, Some(name)) => {
                let message = format!("`{called}` has no argument `{}`", name.text);
                let known: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
                let diagnostic = Diagnostic::new(Code::WrongArgumentCount, name.span, message);
                ctx.sink.push(suggest(diagnostic, &name.text, name.span, &known));
                return None;
            }
            (None, None) => {
                ctx.sink.push(wrong_count(called, names.len(), names.len(), args.len(), span));
                return None;
            }
        }
    }
    Some(places)
}

fn recursive(function: &ast::Fn, span: Span) -> Diagnostic {
    let message = format!("`{}` calls itself, directly or through other functions", function.name.text);
    Diagnostic::new(Code::RecursiveFunction, span, message)
        .label("called again here")
        .also(function.name.span, "declared here")
        .help("a function stands for its formula, so it must come to an end")
}

/// Hands on what was found in a call: the first of it, because one wrong argument shows in many places of a formula.
/// In a function of the library the call is what is wrong; in one of the script it may be either.
fn report(found: &Diagnostics, home: Home, span: Span, ctx: &mut Ctx<'_>) {
    let Some(one) = found.iter().next() else { return };
    let elsewhere = home == Home::Library && ctx.home == Home::File;
    if elsewhere {
        let inside = if one.label.is_empty() { "found here" } else { &one.label };
        let told = Diagnostic { span, label: "in this call".to_owned(), labels: Vec::new(), fix: None, ..one.clone() };
        ctx.sink.push(told.also(one.span, inside));
    } else if ctx.is_news(one) {
        let one = one.clone();
        ctx.sink.push(if one.labels.len() < 4 && one.span != span { one.also(span, "called here") } else { one });
    }
}
