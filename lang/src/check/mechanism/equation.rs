//! Equations and currents: `x'` has the dimension of `x` per time, a current that of its mechanism.

use super::body::{Body, Role};
use crate::check::dimension;
use crate::check::expr::{Ctx, check_expr, suggest};
use bouton_model::ir::{Current, Equation, VarId};
use bouton_syntax::{Code, Diagnostic, Span, ast};
use std::collections::HashMap;

/// Currents in the order of their declaration.
pub(super) fn currents(body: &Body<'_>, ctx: &mut Ctx<'_>) -> Vec<Current> {
    let mut all = Vec::new();
    for (variable, declared) in body.variables() {
        if let Role::Current(kind) = &declared.role {
            let value = body.value(variable, ctx).expr;
            let span = declared.value.map_or(declared.name.span, |value| value.span);
            all.push(Current { variable, kind: kind.clone(), value, span });
        }
    }
    all
}

/// Equations in the order written, after those that follow from reactions.
pub(super) fn equations(body: &Body<'_>, of_reactions: Vec<Equation>, ctx: &mut Ctx<'_>) -> Vec<Equation> {
    let mut first: HashMap<VarId, Span> = of_reactions.iter().map(|e| (e.state, e.span)).collect();
    let mut all = of_reactions;
    for (equation, span) in &body.equations {
        let Some(state) = state_of(body, &equation.name, ctx) else {
            check_expr(&equation.value, ctx);
            continue;
        };
        if let Some(first) = first.insert(state, *span) {
            let message = format!("`{}` has two equations", equation.name.text);
            let diagnostic = Diagnostic::new(Code::TwoEquations, *span, message);
            ctx.sink
                .push(diagnostic.label("the second").also(first, "the first").help("write one equation with the sum of both"));
            continue;
        }
        let rate = check_expr(&equation.value, ctx);
        let of = body.type_of(state, ctx).dimension();
        let rate = match of.and_then(|of| of.over(&body.time())) {
            Some(per_time) => {
                let what = format!("`{0}'` (`{0}` per time)", equation.name.text);
                dimension::expect(rate, per_time, &what, ctx)
            }
            None => rate.expr,
        };
        let rate = body.over_time(rate);
        all.push(Equation { state, rate, span: *span });
    }
    all
}

/// The state that an equation or a reaction is of.
pub(super) fn state_of(body: &Body<'_>, name: &ast::Name, ctx: &mut Ctx<'_>) -> Option<VarId> {
    if name.is_missing() {
        return None;
    }
    let diagnostic = match body.find(&name.text) {
        Some((id, declared)) if declared.role == Role::State => return Some(id),
        Some((_, declared)) => {
            let message = format!("`{}` is {}, and only states have equations", name.text, declared.role.what());
            Diagnostic::new(Code::EquationWithoutState, name.span, message).also(declared.name.span, "declared here")
        }
        None if body.refused.contains(&name.text) => return None,
        None => {
            let message = format!("there is no state `{}`", name.text);
            let diagnostic = Diagnostic::new(Code::EquationWithoutState, name.span, message);
            let states: Vec<String> = body
                .variables()
                .filter(|(_, declared)| declared.role == Role::State)
                .map(|(_, declared)| declared.name.text.to_string())
                .collect();
            let diagnostic = diagnostic.help(format!("declare it with its initial value: `state {} = 0`", name.text));
            suggest(diagnostic, &name.text, name.span, &states)
        }
    };
    ctx.sink.push(diagnostic);
    None
}
