//! `on ...`: which events and conditions a mechanism answers, and what its events bring.

use super::body::{Body, Role};
use super::handler::{self, Events};
use crate::check::declare::declared_twice;
use crate::check::dimension;
use crate::check::expr::{Ctx, Type, Typed, check_expr, unit_of};
use crate::check::unsupported::{Construct, refuse};
use bouton_model::ir::{self, Condition, Expr, Handler, HandlerKind, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::Diagnostics;
use bouton_syntax::ast::{self, Binding, Trigger};
use std::cell::RefCell;

/// All handlers and conditions.
pub(super) fn check(body: &Body<'_>, ctx: &mut Ctx<'_>) -> (Vec<Handler>, Vec<Condition>) {
    let events = events(body, ctx.sink);
    let (mut handlers, mut conditions) = (Vec::new(), Vec::new());
    for (handler, span) in &body.handlers {
        match &handler.trigger {
            Trigger::Start(_) => {
                let actions = handler::actions(&handler.body.items, body, &events, ctx);
                let name = "start".into();
                handlers.push(Handler { name, kind: HandlerKind::Start, arguments: Vec::new(), body: actions, span: *span });
            }
            Trigger::Event { name, params } => {
                let (arguments, actions) = event(params, handler, body, &events, ctx);
                handlers.push(Handler {
                    name: name.text.clone(),
                    kind: HandlerKind::Event,
                    arguments,
                    body: actions,
                    span: *span,
                });
            }
            Trigger::Condition(when) => {
                let when = check_expr(when, ctx);
                let when = dimension::expect_truth(when, "`on`", ctx);
                let actions = handler::actions(&handler.body.items, body, &events, ctx);
                conditions.push(Condition { when, body: actions, span: *span });
            }
            Trigger::Spike(_) => {
                let actions = handler::actions(&handler.body.items, body, &events, ctx);
                let name = "spike".into();
                handlers.push(Handler { name, kind: HandlerKind::Spike, arguments: Vec::new(), body: actions, span: *span });
            }
        }
    }
    (handlers, conditions)
}

/// The handlers in the order of their numbers, with what `send` must know of them.
fn events(body: &Body<'_>, sink: &mut Diagnostics) -> Events {
    let mut events = Events::default();
    for (handler, _) in &body.handlers {
        let (name, span, arguments) = match &handler.trigger {
            Trigger::Start(span) => (ast::Name { text: "start".into(), span: *span }, *span, None),
            Trigger::Event { name, params } => (name.clone(), name.span, Some(params.len())),
            Trigger::Spike(span) => (ast::Name { text: "spike".into(), span: *span }, *span, None),
            Trigger::Condition(_) => continue,
        };
        if let Some(first) = events.find_any(&name.text) {
            sink.push(declared_twice(&name, first));
        }
        events.push(name.text, span, arguments);
    }
    events
}

/// The dimensions of an event's values and what happens. Without a unit, the dimension is the one with which the handler fits.
fn event(
    params: &[Binding],
    handler: &ast::Handler,
    body: &Body<'_>,
    events: &Events,
    ctx: &mut Ctx<'_>,
) -> (Vec<Dimension>, Vec<ir::Action>) {
    let Some(weight) = params.first() else {
        return (Vec::new(), handler::actions(&handler.body.items, body, events, ctx));
    };
    for more in params.iter().skip(1).filter(|more| more.value.is_none()) {
        refuse(Construct::MoreArguments, more.span, ctx.sink);
    }
    if let Some(kept) = params.iter().find(|kept| kept.value.is_some()) {
        refuse(Construct::KeptArguments, kept.span, ctx.sink);
    }
    let ty = match (&weight.unit, &weight.value) {
        (_, Some(_)) => Type::Error,
        (Some(unit), None) => unit_of(unit, ctx).map_or(Type::Error, |unit| Type::Number(unit.dimension)),
        (None, None) => fitting(params, handler, body, events, ctx),
    };
    let actions = with_weight(ty, params, handler, body, events, ctx);
    (vec![ty.dimension().unwrap_or(Dimension::NONE)], actions)
}

fn with_weight(
    ty: Type,
    params: &[Binding],
    handler: &ast::Handler,
    body: &Body<'_>,
    events: &Events,
    ctx: &mut Ctx<'_>,
) -> Vec<ir::Action> {
    let bound = ctx.bound();
    for (at, param) in (0u8..).zip(params) {
        // Those after the first have been refused.
        let ty = if at == 0 { ty } else { Type::Error };
        ctx.bind(&param.name.text, Typed::new(Expr::Var(Var::Argument(at)), ty, param.span));
    }
    let actions = handler::actions(&handler.body.items, body, events, ctx);
    ctx.forget(bound);
    actions
}

/// The type of a weight without a unit: a plain number if the handler allows it, else the dimension of the first state with which it fits.
fn fitting(params: &[Binding], handler: &ast::Handler, body: &Body<'_>, events: &Events, ctx: &mut Ctx<'_>) -> Type {
    let mut tried = vec![Type::PLAIN];
    for (id, declared) in body.variables() {
        let ty = body.type_of(id, ctx);
        if declared.role == Role::State && matches!(ty, Type::Number(_)) && !tried.contains(&ty) && tried.len() < MOST_TRIED {
            tried.push(ty);
        }
    }
    // What the file declares is told when it is first asked for: not to the trials, which keep nothing.
    with_weight(Type::Error, params, handler, body, events, ctx);
    let fits = |ty: &Type, ctx: &mut Ctx<'_>| {
        let mut found = Diagnostics::new();
        let reported = RefCell::default();
        let trial = Ctx::new(ctx.scope, body, &body.locals, &mut found).at_home(body.home).with_draws();
        let mut trial = trial.on_trial(&reported);
        with_weight(*ty, params, handler, body, events, &mut trial);
        !found.has_errors()
    };
    tried.into_iter().find(|ty| fits(ty, ctx)).unwrap_or(Type::PLAIN)
}

/// How many dimensions are tried for a weight.
const MOST_TRIED: usize = 16;
