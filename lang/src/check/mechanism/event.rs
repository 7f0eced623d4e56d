//! `on ...`: which events and conditions a mechanism answers, and what its events bring.

use super::body::{Body, Role};
use super::columns::{self, Columns};
use super::handler::{self, Around, Events};
use crate::check::declare::declared_twice;
use crate::check::dimension;
use crate::check::expr::{Ctx, Type, Typed, check_expr, unit_of};
use bouton_model::ir::{self, Argument, Column, Condition, Expr, Handler, HandlerKind, Var, VarId};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Binding, Trigger};
use bouton_syntax::{Code, Diagnostic, Diagnostics};
use std::cell::RefCell;

/// What a mechanism does at events.
pub(super) struct Checked {
    pub handlers: Vec<Handler>,
    pub conditions: Vec<Condition>,
    pub columns: Vec<Column>,
    /// `on currents`
    pub during: Vec<ir::Action>,
    /// `on states`
    pub after: Vec<ir::Action>,
}

/// All handlers and conditions.
pub(super) fn check(body: &Body<'_>, ctx: &mut Ctx<'_>) -> Checked {
    let events = events(body, ctx.sink);
    let mut columns = Columns::of(body, ctx);
    let (mut handlers, mut conditions) = (Vec::new(), Vec::new());
    let (mut during, mut after) = (Vec::new(), Vec::new());
    // The events come first: they say what a weight is to those who go over connections.
    let order = |trigger: &Trigger| !matches!(trigger, Trigger::Event { .. });
    let mut sorted: Vec<_> = body.handlers.iter().enumerate().collect();
    sorted.sort_by_key(|(at, (handler, _))| (order(&handler.trigger), *at));
    for (at, (handler, span)) in sorted {
        let mut list = |kind: HandlerKind, name: &str, arguments: Vec<Argument>, body: Vec<ir::Action>| {
            handlers.push((at, Handler { name: name.into(), kind, arguments, body, span: *span }));
        };
        match &handler.trigger {
            Trigger::Start(_) => list(HandlerKind::Start, "start", Vec::new(), plain(handler, body, &events, &columns, ctx)),
            Trigger::Spike(_) => list(HandlerKind::Spike, "spike", Vec::new(), plain(handler, body, &events, &columns, ctx)),
            Trigger::Step(_) => {
                let actions = plain(handler, body, &events, &columns, ctx);
                if reaches_out(&actions) {
                    let message = "`on step` sets states, spikes and sends: it sets no potential and goes over no connections";
                    let wrong = Diagnostic::new(Code::MisplacedAction, *span, message);
                    ctx.sink.push(wrong.help("do that when a condition becomes true (`on v > 30 mV { v = c }`) or at an event"));
                }
                list(HandlerKind::Step, "step", Vec::new(), actions);
            }
            Trigger::Currents(_) | Trigger::States(_) => {
                let actions = plain(handler, body, &events, &columns, ctx);
                if !only_sets(&actions) {
                    let message = "here states are set, and nothing else is done";
                    let wrong = Diagnostic::new(Code::MisplacedAction, *span, message);
                    ctx.sink.push(wrong.help("`on step { ... }` may fire, send and draw"));
                }
                let list = if matches!(handler.trigger, Trigger::Currents(_)) { &mut during } else { &mut after };
                list.extend(actions);
            }
            Trigger::Each(name) => {
                let actions = plain(handler, body, &events, &columns, ctx);
                if let Some(parameter) = listed(name, body, ctx) {
                    list(HandlerKind::Each(parameter), &name.text, Vec::new(), actions);
                }
            }
            Trigger::Event { name, params } => {
                let (arguments, actions) = event(params, handler, body, &events, &mut columns, ctx);
                list(HandlerKind::Event, &name.text, arguments, actions);
            }
            Trigger::Condition(when) => {
                let when = check_expr(when, ctx);
                let when = dimension::expect_truth(when, "`on`", ctx);
                conditions.push(Condition { when, body: plain(handler, body, &events, &columns, ctx), span: *span });
            }
        }
    }
    handlers.sort_by_key(|(at, _)| *at);
    let handlers: Vec<Handler> = handlers.into_iter().map(|(_, handler)| handler).collect();
    events.sent_alike(&handlers, ctx.sink);
    Checked { handlers, conditions, columns: columns.finish(), during, after }
}

/// The parameter of `on each NAME`, which is a time.
fn listed(name: &ast::Name, body: &Body<'_>, ctx: &mut Ctx<'_>) -> Option<VarId> {
    if name.is_missing() {
        return None;
    }
    let found = body.find(&name.text).filter(|(_, declared)| declared.role == Role::Param);
    let ty = found.map(|(id, _)| body.type_of(id, ctx));
    match (found, ty) {
        (Some((id, _)), Some(Type::Number(Dimension::TIME) | Type::Error)) => Some(id),
        (Some((_, declared)), _) => {
            let message = format!("`on each {}` needs times, and `{}` is no time", name.text, name.text);
            ctx.sink.push(Diagnostic::new(Code::DimensionMismatch, name.span, message).also(declared.name.span, "declared here"));
            None
        }
        (None, _) => {
            let unknown = Diagnostic::new(Code::UnknownVariable, name.span, format!("there is no parameter `{}`", name.text));
            ctx.sink.push(unknown.help(format!("declare it: `param {}: ms`", name.text)));
            None
        }
    }
}

/// `on currents` needs currents, `on states` equations.
pub(super) fn looked_at(body: &Body<'_>, mechanism: &ir::Mechanism, sink: &mut Diagnostics) {
    for (handler, span) in &body.handlers {
        if matches!(handler.trigger, Trigger::Currents(_)) && mechanism.currents.is_empty() {
            let message = "`on currents` acts when currents are looked at, and there are none";
            sink.push(
                Diagnostic::new(Code::MisplacedAction, *span, message).help("`on step { ... }` acts at the end of each step"),
            );
        }
    }
}

/// Whether states are set and nothing else happens.
fn only_sets(actions: &[ir::Action]) -> bool {
    let mut draws = false;
    bouton_model::algebra::visit_actions(actions, &mut |e| {
        bouton_model::algebra::visit(e, &mut |part| draws |= matches!(part, Expr::Draw(..)));
    });
    !draws && actions.iter().all(|action| matches!(action, ir::Action::Assign(..) | ir::Action::Let(..)))
}

/// Whether something is set outside of the mechanism's states.
fn reaches_out(actions: &[ir::Action]) -> bool {
    actions.iter().any(|action| match action {
        ir::Action::Potential(_) | ir::Action::Keep(..) | ir::Action::EachConnection(_) => true,
        ir::Action::If(_, then, otherwise) => reaches_out(then) || reaches_out(otherwise),
        ir::Action::Assign(..) | ir::Action::Let(..) | ir::Action::Spike(_) | ir::Action::Send { .. } => false,
    })
}

/// The handlers in the order of their numbers, with what `send` must know of them.
fn events(body: &Body<'_>, sink: &mut Diagnostics) -> Events {
    let mut events = Events::default();
    for (handler, _) in &body.handlers {
        let (name, span, arguments) = match &handler.trigger {
            Trigger::Start(span) => (ast::Name { text: "start".into(), span: *span }, *span, None),
            Trigger::Step(span) => (ast::Name { text: "step".into(), span: *span }, *span, None),
            Trigger::Event { name, params } => (name.clone(), name.span, Some(params.len())),
            Trigger::Spike(span) => (ast::Name { text: "spike".into(), span: *span }, *span, None),
            Trigger::Each(name) => (name.clone(), name.span, None),
            Trigger::Condition(_) | Trigger::Currents(_) | Trigger::States(_) => continue,
        };
        if let Some(first) = events.find_any(&name.text) {
            sink.push(declared_twice(&name, first));
        }
        events.push(name.text, span, arguments);
    }
    events
}

/// What happens where no connection is at hand.
fn plain(handler: &ast::Handler, body: &Body<'_>, events: &Events, columns: &Columns, ctx: &mut Ctx<'_>) -> Vec<ir::Action> {
    handler::actions(&handler.body.items, &Around { body, events, columns, sender: None, each: false }, ctx)
}

/// What an event takes of its connection and what happens. Without a unit, the dimension of a weight is the one with which the handler fits.
fn event(
    params: &[Binding],
    handler: &ast::Handler,
    body: &Body<'_>,
    events: &Events,
    columns: &mut Columns,
    ctx: &mut Ctx<'_>,
) -> (Vec<Argument>, Vec<ir::Action>) {
    let name = match &handler.trigger {
        Trigger::Event { name, .. } if !params.is_empty() => Some(&*name.text),
        _ => None,
    };
    let weight = match params.first() {
        Some(Binding { unit: Some(unit), .. }) => unit_of(unit, ctx).map_or(Type::Error, |unit| Type::Number(unit.dimension)),
        Some(first) if first.value.is_some() => columns.first(),
        Some(_) => {
            let around = Around { body, events, columns, sender: name, each: false };
            fitting(params, handler, &around, ctx)
        }
        None => Type::PLAIN,
    };
    if params.first().is_some_and(columns::is_weight) {
        columns.settle(weight);
    }
    let around = Around { body, events, columns, sender: name, each: false };
    let actions = with_arguments(weight, params, handler, &around, ctx);
    (columns.arguments(params, weight), actions)
}

fn with_arguments(
    weight: Type,
    params: &[Binding],
    handler: &ast::Handler,
    around: &Around<'_, '_>,
    ctx: &mut Ctx<'_>,
) -> Vec<ir::Action> {
    let bound = ctx.bound();
    for (at, param) in params.iter().enumerate() {
        let (column, ty) = around.columns.column(at, param, weight).unwrap_or((0, Type::Error));
        ctx.bind(&param.name.text, Typed::new(Expr::Var(Var::Argument(column)), ty, param.span));
    }
    let actions = handler::actions(&handler.body.items, around, ctx);
    ctx.forget(bound);
    actions
}

/// The type of a weight without a unit: a plain number if the handler allows it, else the dimension of the first state with which it fits.
fn fitting(params: &[Binding], handler: &ast::Handler, around: &Around<'_, '_>, ctx: &mut Ctx<'_>) -> Type {
    let tried = columns::candidates(around.body, ctx);
    // What the file declares is told when it is first asked for: not to the trials, which keep nothing.
    with_arguments(Type::Error, params, handler, around, ctx);
    let body = around.body;
    let fits = |ty: &Type, ctx: &mut Ctx<'_>| {
        let mut found = Diagnostics::new();
        let reported = RefCell::default();
        let trial = Ctx::new(ctx.scope, body, &body.locals, &mut found).at_home(body.home).with_draws();
        let mut trial = trial.on_trial(&reported);
        with_arguments(*ty, params, handler, around, &mut trial);
        !found.has_errors()
    };
    tried.into_iter().find(|ty| fits(ty, ctx)).unwrap_or(Type::PLAIN)
}
