//! Names: local ones, the caller's, the file's, constants, and units last.

use super::{Ctx, Typed, check_expr, literal};
use crate::check::declare::Symbol;
use crate::check::elsewhere;
use bouton_model::builtin;
use bouton_model::ir::Expr;
use bouton_model::unit::Exponent;
use bouton_model::unit::table::{self, Unit};
use bouton_syntax::ast::{self, ExprKind, split_exponent};
use bouton_syntax::{Code, Diagnostic, Span, did_you_mean};

/// What a name stands for.
pub(super) fn check(expr: &ast::Expr, text: &str, ctx: &mut Ctx<'_>) -> Typed {
    if let Some((_, bound)) = ctx.bindings.iter().rev().find(|(name, _)| &**name == text) {
        return bound.clone();
    }
    let resolve = ctx.resolve;
    if let Some(found) = resolve.resolve(expr, ctx) {
        return found;
    }
    if let Some((symbol, declared, home)) = ctx.scope.declared.names.find_from(ctx.home, text) {
        return match symbol {
            Symbol::Param(id) => ctx.scope.param(id, ctx).at(expr.span),
            Symbol::Let(binding) => ctx.scope.definition(binding, home, ctx).at(expr.span),
            Symbol::Broken => Typed::error(expr.span),
            // What stands behind a file's or a circuit's dot has one name with it: alone it is never a value.
            Symbol::Space(_) if unit(text).is_some() => {
                unit(text).map_or_else(|| Typed::error(expr.span), |unit| literal::bare_unit(unit, expr.span))
            }
            other => ctx.fail(no_value(text, &other, expr.span, declared)),
        };
    }
    if let Some(constant) = builtin::find_constant(text) {
        return Typed::number(Expr::Number(constant.value), constant.dimension, expr.span);
    }
    match unit(text) {
        Some(unit) => literal::bare_unit(unit, expr.span),
        None if ctx.scope.declared.names.incomplete => Typed::error(expr.span),
        None => ctx.fail(unknown(text, expr.span, ctx)),
    }
}

/// A bare name as a unit, its last digit as an exponent.
fn unit(text: &str) -> Option<Unit> {
    let (name, power) = split_exponent(text);
    let unit = table::find(name)?;
    match power {
        1 => Some(unit),
        _ if unit.is_affine() => None,
        power => unit.power(Exponent { num: i16::from(power), den: 1 }),
    }
}

fn no_value(name: &str, symbol: &Symbol<'_>, span: Span, declared: Span) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::WrongKind, span, format!("`{name}` is {}, not a value", symbol.what()))
        .label("expected a number")
        .also(declared, "declared here");
    if unit(name).is_some() {
        let meant = if name == "s" { "`1 Hz`".to_owned() } else { format!("`1 {name}` or `1 {name}^-1`") };
        return diagnostic
            .help(format!("the unit of this name is hidden by what is declared: give that another name, or write {meant}"));
    }
    match symbol {
        Symbol::Function(_) => diagnostic.help(format!("call it: `{name}(...)`")),
        Symbol::Result(_) => diagnostic.help("a result is known to statements only, after the run that gave it"),
        _ => diagnostic,
    }
}

fn unknown(name: &str, span: Span, ctx: &Ctx<'_>) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownName, span, format!("nothing here is called `{name}`"));
    if builtin::find(name).is_some() {
        return diagnostic.help(format!("`{name}` is a function: call it, `{name}(...)`"));
    }
    let mut known: Vec<String> = ctx.bindings.iter().map(|(name, _)| name.to_string()).collect();
    known.extend(ctx.resolve.names());
    let is_value = |symbol: &Symbol<'_>| matches!(symbol, Symbol::Param(_) | Symbol::Let(_));
    known.extend(ctx.scope.declared.names.list(is_value).into_iter().map(str::to_owned));
    known.extend(builtin::CONSTANTS.iter().map(|constant| constant.name.to_owned()));
    suggest(diagnostic, name, span, &known)
}

/// With the nearest of the known names, where one is near.
pub(crate) fn suggest(diagnostic: Diagnostic, name: &str, span: Span, known: &[String]) -> Diagnostic {
    // Scopes list their names in no order; of equally near ones the first of the alphabet is offered.
    let mut known: Vec<&str> = known.iter().map(String::as_str).collect();
    known.sort_unstable();
    let diagnostic = diagnostic.candidates(known.iter().copied());
    match did_you_mean(name, known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(span, near, format!("write `{near}`")),
        None => elsewhere::help(name).into_iter().fold(diagnostic, Diagnostic::help),
    }
}

/// `base.name` that nobody gave a meaning.
pub(super) fn part(base: &ast::Expr, name: &ast::Name, span: Span, ctx: &mut Ctx<'_>) -> Typed {
    if name.is_missing() {
        return Typed::error(span);
    }
    if let ExprKind::Name(text) = &base.kind {
        let known = ctx.scope.declared.names.find_from(ctx.home, text);
        if known.is_none() && !ctx.bindings.iter().any(|(bound, _)| bound == text) && unit(text).is_none() {
            return check_expr(base, ctx).at(span);
        }
        if matches!(known, Some((Symbol::Broken, ..))) {
            return Typed::error(span);
        }
    }
    let message = format!("the part `{}` cannot be read here", name.text);
    ctx.fail(Diagnostic::new(Code::UnknownVariable, name.span, message)).at(span)
}

impl Ctx<'_> {
    /// Remembers that after a number `* name` or `/ name` is not the unit of that name.
    pub(super) fn note_hidden_unit(&mut self, right: &ast::Expr, divides: bool) {
        let ExprKind::Name(text) = &right.kind else { return };
        if unit(text).is_some() {
            let instead = match (&**text, divides) {
                ("s", true) => "1 Hz".to_owned(),
                (name, true) => format!("1 {name}^-1"),
                (name, false) => format!("1 {name}"),
            };
            let advice = format!("`{text}` is what is declared under this name, not the unit; for the unit write `{instead}`");
            self.hidden_units.push((right.span, advice));
        }
    }

    /// Warns of the name at a place, if it hides a unit.
    pub(super) fn warn_of_hidden_unit(&mut self, at: Span) {
        let Some((_, advice)) = self.hidden_units.iter().find(|(span, _)| *span == at) else { return };
        let warning = Diagnostic::new(Code::ShadowedUnit, at, "this reads like a unit and is none").help(advice.clone());
        if self.is_news(&warning) {
            self.sink.push(warning);
        }
    }

    /// What to say about a name inside `span` that hides a unit.
    pub(crate) fn hidden_unit(&self, span: Span) -> Option<&str> {
        let inside = |at: &Span| at.file == span.file && span.start <= at.start && at.end <= span.end;
        self.hidden_units.iter().find(|(at, _)| inside(at)).map(|(_, advice)| advice.as_str())
    }
}
