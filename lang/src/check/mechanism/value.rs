//! Defaults, initial values and definitions: what each may use.

use super::body::{Body, Declared, Role};
use super::given;
use crate::check::expr::{Ctx, Type, Typed};
use bouton_model::algebra;
use bouton_model::curve::Curve;
use bouton_model::ir::{Expr, Known, MechanismKind, Var, VarId, Variable, VariableKind};
use bouton_model::unit::Dimension;
use bouton_syntax::{Code, Diagnostic, Span};
use std::sync::Arc;

/// All variables, and those whose dimension is not known.
pub(super) fn variables(body: &Body<'_>, ctx: &mut Ctx<'_>) -> (Vec<Variable>, Vec<VarId>) {
    let (mut all, mut broken) = (Vec::new(), Vec::new());
    let mut currents = 0;
    for (id, declared) in body.variables() {
        let value = body.value(id, ctx);
        let ty = number(declared, body.type_of(id, ctx), &value, ctx);
        if ty == Type::Error {
            broken.push(id);
        }
        let kind = match &declared.role {
            Role::Param => {
                known_before(body, declared, &value, ctx);
                VariableKind::Param { default: declared.value.map(|_| value.expr) }
            }
            Role::Table => {
                let arguments = given::arguments(declared, ctx);
                let dimension = ty.dimension().unwrap_or(Dimension::NONE);
                let curve = declared.value.and_then(|value| given::curve(value, &arguments, dimension, &declared.name.text, ctx));
                if curve.is_none() && declared.value.is_none() && body.kind == MechanismKind::Free {
                    ctx.sink.push(given::unfilled(&declared.name.text, declared.name.span));
                }
                // Of a broken one nobody has to hear that it is missing, too.
                let broken = || declared.value.map(|_| Arc::new(Curve::constant(f64::NAN, arguments.len())));
                let curve = curve.or_else(broken);
                VariableKind::Table { arguments, curve }
            }
            Role::Input => {
                known_before(body, declared, &value, ctx);
                VariableKind::Input { base: value.expr }
            }
            // Without a value of its own it begins as the ion is at its place.
            Role::State if declared.written.is_some() && declared.value.is_none() => {
                VariableKind::State { initial: Expr::Var(Var::Own(id)) }
            }
            Role::State => {
                if declared.value.is_none() && declared.unit.is_none() {
                    ctx.sink.push(no_beginning(&declared.name.text, declared.name.span));
                }
                VariableKind::State { initial: value.expr }
            }
            Role::Let | Role::Written(_) => VariableKind::Let { value: value.expr },
            Role::Ion { ion, quantity } => VariableKind::Ion { ion: ion.clone(), quantity: *quantity },
            Role::Current(_) => {
                currents += 1;
                VariableKind::Current { current: currents - 1 }
            }
        };
        let dimension = ty.dimension().unwrap_or(Dimension::NONE);
        all.push(Variable { name: declared.name.text.clone(), span: declared.name.span, dimension, kind });
    }
    (all, broken)
}

fn no_beginning(name: &str, span: Span) -> Diagnostic {
    Diagnostic::new(Code::MissingDefinition, span, format!("the state `{name}` has no initial value"))
        .help(format!("write `state {name} = 0`, or its unit, which begins at 0: `state {name}: mV`"))
}

/// The type of a variable, if it can be of that type: only definitions can be true or false.
fn number(declared: &Declared<'_>, ty: Type, value: &Typed, ctx: &mut Ctx<'_>) -> Type {
    if ty != Type::Bool || declared.role == Role::Let {
        return ty;
    }
    let message = format!("`{}` is {} and must be a number", declared.name.text, declared.role.what());
    ctx.fail(Diagnostic::new(Code::NotANumber, value.span, message).label("true or false").help("write 1 or 0")).ty
}

/// A default is known before the model exists: it uses parameters, `celsius` and `dt` only.
fn known_before(body: &Body<'_>, declared: &Declared<'_>, value: &Typed, ctx: &mut Ctx<'_>) {
    let mut wrong = None;
    algebra::visit(&value.expr, &mut |part| {
        if let Expr::Var(var) = part {
            wrong = wrong.take().or_else(|| not_before(body, *var));
        }
    });
    if let Some(what) = wrong {
        let name = &declared.name.text;
        let message = format!("the default of `{name}` uses {what}, which is not known before the model runs");
        let diagnostic = Diagnostic::new(Code::NotKnownYet, value.span, message);
        ctx.sink.push(
            diagnostic.help(format!("a default uses parameters, `celsius` and `dt`; write `let {name} = ...` for a definition")),
        );
    }
}

fn not_before(body: &Body<'_>, var: Var) -> Option<String> {
    match var {
        Var::Own(id) => match body.declared.get(id.index()) {
            None => Some("the past".to_owned()),
            Some(Declared { role: Role::Param, .. }) => None,
            Some(other) => Some(format!("`{}`, {}", other.name.text, other.role.what())),
        },
        Var::Known(Known::Celsius | Known::Dt) => None,
        Var::Known(Known::V) => Some("`v`".to_owned()),
        Var::Known(Known::T) => Some("`t`".to_owned()),
        Var::Known(Known::Area | Known::Diam) => Some("the size of a place".to_owned()),
        _ => None,
    }
}
