//! Texts with values in them, and how a value is shown.

use super::names::Locals;
use crate::check::Checker;
use crate::check::expr::{Ctx, Type, check_expr};
use crate::check::unsupported::{Construct, refuse};
use bouton_model::ir::{Name, Shown, TextPart};
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
                    let shown = self.in_script(locals, |_, ctx| shown(value, format.as_ref(), ctx));
                    parts.extend(shown.map(TextPart::Value));
                }
            }
        }
        parts
    }
}

/// A value and how it is shown; nothing where it is broken, which has been reported.
pub(super) fn shown(value: &ast::Expr, format: Option<&Format>, ctx: &mut Ctx<'_>) -> Option<Shown> {
    if let Some(format) = format
        && format.style != FormatStyle::Fixed
    {
        refuse(Construct::NumberFormat, format.span, ctx.sink);
        return None;
    }
    let digits = format.map(|format| usize::from(format.digits));
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
    Some(Shown { value: typed.expr, unit, digits, affine })
}
