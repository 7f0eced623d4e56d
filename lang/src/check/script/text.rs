//! Texts with values in them, and how a value is shown.

use super::measure::{there, trace_of};
use super::names::Locals;
use super::series::{jacobian, series};
use crate::check::expr::{Ctx, Type, check_expr};
use crate::check::{Checker, View};
use bouton_model::ir::{Name, NumberFormat, NumberStyle, Shown, ShownList, TextPart};
use bouton_model::unit::quantity;
use bouton_syntax::ast::{self, Format, FormatStyle};

impl<'a> Checker<'a> {
    /// The parts of a text; broken values are left out.
    pub(super) fn text(&mut self, text: &'a ast::Text, locals: &Locals) -> Vec<TextPart> {
        let mut parts = Vec::new();
        for part in &text.parts {
            match part {
                ast::TextPart::Letters(letters) => parts.push(TextPart::Text(letters.clone())),
                ast::TextPart::Value { value, format } => {
                    parts.extend(self.in_script(locals, |view, ctx| self::part(value, format.as_ref(), view, ctx)));
                }
            }
        }
        parts
    }
}

/// A value or a list and how it is shown; nothing where it is broken, which has been reported.
pub(super) fn part(value: &ast::Expr, format: Option<&Format>, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<TextPart> {
    if let (ast::ExprKind::Name(name), None) = (&value.kind, format)
        && let Some((id, _)) = view.kept.and_then(|kept| kept.table(name))
    {
        return Some(TextPart::Table(id));
    }
    if format.is_none()
        && let Some(found) = jacobian(view, value, ctx)
    {
        return found.map(TextPart::Table);
    }
    let list = if format.is_none() && trace_of(view, value).is_none() { series(view, value, ctx) } else { None };
    match list {
        Some(found) => {
            let (series, dimension) = found.filter(|(series, _)| there(view, series, value.span, ctx))?;
            let shown = quantity::shown(&dimension);
            let unit = (Name::from(shown.text.as_str()), shown.unit.factor());
            Some(TextPart::List(ShownList { series, unit }))
        }
        None => shown(value, format, ctx).map(TextPart::Value),
    }
}

/// A value and how it is shown; nothing where it is broken, which has been reported.
pub(super) fn shown(value: &ast::Expr, format: Option<&Format>, ctx: &mut Ctx<'_>) -> Option<Shown> {
    let format = format.map(|format| NumberFormat {
        width: usize::from(format.width),
        digits: format.digits.map(usize::from),
        style: match format.style {
            FormatStyle::Fixed => NumberStyle::Fixed,
            FormatStyle::Exponent => NumberStyle::Exponent,
            FormatStyle::Shortest => NumberStyle::General,
        },
    });
    let typed = check_expr(value, ctx);
    let (unit, affine) = match typed.ty {
        Type::Error => return None,
        Type::Bool | Type::Zero => ((Name::from(""), 1.0), false),
        Type::Temperature { .. } => ((Name::from("degC"), 1.0), true),
        Type::Number(dimension) => {
            let shown = quantity::shown(&dimension);
            ((Name::from(shown.text.as_str()), shown.unit.factor()), false)
        }
    };
    Some(Shown { value: typed.expr, unit, format, affine })
}
