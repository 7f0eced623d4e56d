//! What handlers do: they set states, fire, send events to themselves, and choose.

use super::body::{Body, Role};
use super::columns::Columns;
use crate::check::dimension;
use crate::check::expr::{Ctx, Type, Typed, check_expr, suggest, wrong_count};
use bouton_model::ir::{self, Binary, Expr, HandlerId, Known, MechanismKind, Var, VarId};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::unit_text;
use bouton_syntax::ast::{self, ActionKind, Assign, AssignOp, ExprKind, IfAction, Name};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The handlers that have a name.
#[derive(Default)]
pub(super) struct Events {
    /// Name, place, number of values; no number for `start` and `spike`, which cannot be sent.
    all: Vec<(ir::Name, Span, Option<usize>)>,
    /// What events send that take values of the connection: sender, receiver, place.
    sent: RefCell<BTreeMap<Span, (String, HandlerId)>>,
}

impl Events {
    /// One more; it gets the next number.
    pub fn push(&mut self, name: ir::Name, span: Span, arguments: Option<usize>) {
        self.all.push((name, span, arguments));
    }

    /// Where a name was first used.
    pub fn find_any(&self, name: &str) -> Option<Span> {
        self.all.iter().find(|(known, ..)| &**known == name).map(|(_, span, _)| *span)
    }

    fn find(&self, name: &str) -> Option<(HandlerId, usize, Span)> {
        let mut numbered = (0..).map(HandlerId).zip(&self.all);
        numbered.find_map(|(id, (known, span, arguments))| (&**known == name).then_some((id, (*arguments)?, *span)))
    }

    fn note(&self, sender: &str, receiver: HandlerId, span: Span) {
        self.sent.borrow_mut().insert(span, (sender.to_owned(), receiver));
    }

    /// The weight of a connection is one number: who hands a connection on and who takes it must agree on its dimension.
    pub fn sent_alike(&self, handlers: &[ir::Handler], sink: &mut Diagnostics) {
        for (span, (sender, receiver)) in &*self.sent.borrow() {
            let sender = handlers.iter().find(|one| *one.name == **sender).and_then(ir::Handler::weight);
            let receiver = handlers.get(receiver.index());
            if let (Some(sends), Some(takes)) = (sender, receiver.and_then(ir::Handler::weight))
                && sends != takes
            {
                let (found, wanted) = (unit_text(&sends), unit_text(&takes));
                let message = format!("this hands on a weight in {found} as one in {wanted}");
                let name = receiver.map_or("", |one| &*one.name);
                sink.push(
                    Diagnostic::new(Code::DimensionMismatch, *span, message)
                        .help(format!("give the weight of `on {name}` the unit {found}")),
                );
            }
        }
    }

    fn names(&self) -> Vec<String> {
        self.all.iter().filter(|(.., arguments)| arguments.is_some()).map(|(name, ..)| name.to_string()).collect()
    }
}

/// Where actions stand.
#[derive(Clone, Copy)]
pub(super) struct Around<'a, 'b> {
    pub body: &'a Body<'b>,
    pub events: &'a Events,
    /// What connections bring and keep.
    pub columns: &'a Columns,
    /// The event whose connection is at hand.
    pub sender: Option<&'a str>,
    /// Inside `for each connection`.
    pub each: bool,
}

/// Checks actions in order. Draws are allowed in them.
pub(super) fn actions(list: &[ast::Action], around: &Around<'_, '_>, ctx: &mut Ctx<'_>) -> Vec<ir::Action> {
    let draws = std::mem::replace(&mut ctx.draws, true);
    let bound = ctx.bound();
    let mut checked = Vec::new();
    for one in list {
        action(one, around, ctx, &mut checked);
    }
    ctx.forget(bound);
    ctx.draws = draws;
    checked
}

fn action(one: &ast::Action, around: &Around<'_, '_>, ctx: &mut Ctx<'_>, checked: &mut Vec<ir::Action>) {
    match &one.kind {
        ActionKind::Error => {}
        ActionKind::Assign(assign) => checked.extend(set(assign, around, ctx)),
        ActionKind::Let(bindings) => bindings.iter().for_each(|binding| checked.push(keep(binding, ctx))),
        ActionKind::If(choice) => checked.push(choose(choice, around, ctx)),
        ActionKind::Spike(_) | ActionKind::Send { .. } | ActionKind::ForEachConnection(_) if around.each => {
            let message = "`for each connection` sets values; nothing is sent in it";
            let misplaced = Diagnostic::new(Code::MisplacedAction, one.span, message);
            ctx.sink.push(misplaced.help("keep in a state what is to be done, and do it behind the loop"));
        }
        ActionKind::Spike(times) => checked.extend(spike(times.as_ref(), one.span, around.body, ctx)),
        ActionKind::Send { after, moves, event } => checked.extend(send(after, *moves, event, around, ctx)),
        ActionKind::ForEachConnection(block) => {
            let bound = ctx.bound();
            around.columns.bind_all(ctx);
            let inner = actions(&block.items, &Around { each: true, ..*around }, ctx);
            ctx.forget(bound);
            checked.push(ir::Action::EachConnection(inner));
        }
        ActionKind::Return(_) => {
            let message = "only functions return something";
            ctx.sink.push(Diagnostic::new(Code::MisplacedAction, one.span, message).help("use `if` to leave actions out"));
        }
    }
}

/// `g += weight`
fn set(assign: &Assign, around: &Around<'_, '_>, ctx: &mut Ctx<'_>) -> Option<ir::Action> {
    let body = around.body;
    let value = check_expr(&assign.value, ctx);
    let target = target(&assign.target, around, ctx)?;
    let (name, declared, dimension) = match target {
        Target::State(state) => {
            let declared = body.declared.get(state.index())?.name;
            (&*declared.text, Some(declared.span), body.type_of(state, ctx).dimension()?)
        }
        Target::Potential => ("v", None, Dimension::VOLTAGE),
        Target::Kept(column) => {
            let ExprKind::Name(name) = &assign.target.kind else { return None };
            (&**name, around.columns.span(column), ctx.bound_type(name)?.dimension()?)
        }
    };
    let factor = matches!(assign.op, AssignOp::Mul | AssignOp::Div);
    let wanted = if factor { Dimension::NONE } else { dimension };
    let what = match assign.op {
        AssignOp::Set | AssignOp::Add | AssignOp::Sub => format!("`{name}`"),
        op => format!("`{name} {}`", op.text()),
    };
    let place = if factor { None } else { declared };
    let value = dimension::expect_as(value, wanted, &what, place, ctx);
    let op = match assign.op {
        AssignOp::Set => return Some(target.set(value)),
        AssignOp::Add => Binary::Add,
        AssignOp::Sub => Binary::Sub,
        AssignOp::Mul => Binary::Mul,
        AssignOp::Div => Binary::Div,
    };
    Some(target.set(Expr::Binary(op, Box::new(target.old()), Box::new(value))))
}

/// What an assignment sets.
#[derive(Clone, Copy)]
enum Target {
    State(VarId),
    /// The membrane potential where a point mechanism sits.
    Potential,
    /// A value that the connection keeps.
    Kept(u8),
}

impl Target {
    fn old(self) -> Expr {
        Expr::Var(match self {
            Target::State(id) => Var::Own(id),
            Target::Potential => Var::Known(Known::V),
            Target::Kept(column) => Var::Argument(column),
        })
    }

    fn set(self, value: Expr) -> ir::Action {
        match self {
            Target::State(id) => ir::Action::Assign(id, value),
            Target::Potential => ir::Action::Potential(value),
            Target::Kept(column) => ir::Action::Keep(column, value),
        }
    }
}

/// What a name left of an assignment stands for.
fn target(written: &ast::Expr, around: &Around<'_, '_>, ctx: &mut Ctx<'_>) -> Option<Target> {
    let body = around.body;
    let ExprKind::Name(name) = &written.kind else {
        if !matches!(written.kind, ExprKind::Error) {
            let message = "a handler sets states of its own mechanism only";
            ctx.sink.push(Diagnostic::new(Code::AssignsNoState, written.span, message));
        }
        return None;
    };
    let diagnostic = match (ctx.bound_type(name), body.find(name)) {
        (Some(Type::Error), _) => return None,
        (Some(_), _) if ctx.bound_column(name).is_some_and(|column| around.columns.is_kept(column)) => {
            return ctx.bound_column(name).map(Target::Kept);
        }
        (Some(_), _) if ctx.bound_column(name).is_some() => {
            let message = format!("`{name}` is brought by the connection, which does not keep it");
            Diagnostic::new(Code::AssignsNoState, written.span, message).help(format!(
                "with a default each connection keeps it, and handlers may set it: `{name} = ...` in the brackets of the event"
            ))
        }
        (Some(_), _) => {
            let message = format!("`{name}` is a local value, and handlers set states only");
            Diagnostic::new(Code::AssignsNoState, written.span, message)
                .help("give the new value a name of its own: `let y = ...`")
        }
        (None, Some((id, declared))) if declared.role == Role::State => return Some(Target::State(id)),
        (None, Some((_, declared))) => {
            let message = format!("`{name}` is {}, and handlers set states only", declared.role.what());
            let diagnostic =
                Diagnostic::new(Code::AssignsNoState, written.span, message).also(declared.name.span, "declared here");
            diagnostic.help(format!("what changes is a state: `state {name} = ...`"))
        }
        (None, None) if name.as_ref() == "v" && body.kind == MechanismKind::Point => return Some(Target::Potential),
        (None, None) if body.refused.contains(name) => return None,
        (None, None) => {
            let diagnostic = Diagnostic::new(Code::AssignsNoState, written.span, format!("there is no state `{name}`"));
            let states = body.variables().filter(|(_, declared)| declared.role == Role::State);
            let states: Vec<String> = states.map(|(_, declared)| declared.name.text.to_string()).collect();
            if name.as_ref() == "v" && body.kind != MechanismKind::Free {
                diagnostic.help("only a point mechanism may set the membrane potential")
            } else {
                suggest(diagnostic, name, written.span, &states)
            }
        }
    };
    ctx.sink.push(diagnostic);
    None
}

/// `let x = ...`: known to what follows.
fn keep(binding: &ast::Binding, ctx: &mut Ctx<'_>) -> ir::Action {
    let value = binding.value.as_ref().map_or_else(|| Typed::error(binding.span), |value| check_expr(value, ctx));
    let local = ctx.fresh_local();
    let ty = if value.ty == Type::Zero { Type::PLAIN } else { value.ty };
    ctx.bind(&binding.name.text, Typed::new(Expr::Var(Var::Local(local)), ty, value.span));
    ir::Action::Let(local, value.expr)
}

fn spike(times: Option<&ast::Expr>, span: Span, body: &Body<'_>, ctx: &mut Ctx<'_>) -> Option<ir::Action> {
    let times = times.map(|times| {
        let times = check_expr(times, ctx);
        dimension::expect(times, Dimension::NONE, "`spike`", ctx)
    });
    match body.kind {
        MechanismKind::Free | MechanismKind::Point => return Some(ir::Action::Spike(times)),
        MechanismKind::Density => {
            let message = "a mechanism that is spread over membrane cannot fire";
            let diagnostic = Diagnostic::new(Code::MisplacedAction, span, message);
            ctx.sink.push(diagnostic.help("a cell fires where its `spike at PLACE above THRESHOLD` says"));
        }
    }
    None
}

/// `after 2 ms send recover`, `after 2 ms move next`
fn send(after: &ast::Expr, moves: bool, event: &Name, around: &Around<'_, '_>, ctx: &mut Ctx<'_>) -> Option<ir::Action> {
    let events = around.events;
    let delay = check_expr(after, ctx);
    let delay = around.body.in_ms(dimension::expect(delay, around.body.time(), "`after`", ctx));
    if event.is_missing() {
        return None;
    }
    let Some((handler, arguments, declared)) = events.find(&event.text) else {
        let message = format!("there is no event `{}` in this mechanism", event.text);
        let diagnostic = Diagnostic::new(Code::UnknownEvent, event.span, message);
        let diagnostic = diagnostic.help(format!("say what it does: `on {} {{ ... }}`", event.text));
        ctx.sink.push(suggest(diagnostic, &event.text, event.span, &events.names()));
        return None;
    };
    match around.sender {
        Some(sender) if arguments > 0 => events.note(sender, handler, event.span),
        None if arguments > 0 => {
            let diagnostic = wrong_count(&format!("on {}", event.text), arguments, arguments, 0, event.span);
            let help = "there is no connection here whose values it could take; send an event without any";
            ctx.sink.push(diagnostic.also(declared, "declared here").help(help));
            return None;
        }
        _ => {}
    }
    Some(ir::Action::Send { delay, handler, moves, flag: None })
}

fn choose(choice: &IfAction, around: &Around<'_, '_>, ctx: &mut Ctx<'_>) -> ir::Action {
    let condition = check_expr(&choice.condition, ctx);
    let condition = dimension::expect_truth(condition, "`if`", ctx);
    let then = actions(&choice.then.items, around, ctx);
    let otherwise = choice.otherwise.as_ref().map_or_else(Vec::new, |block| actions(&block.items, around, ctx));
    ir::Action::If(condition, then, otherwise)
}
