//! What handlers do: they set states, fire, send events to themselves, and choose.

use super::body::{Body, Role};
use crate::check::dimension;
use crate::check::expr::{Ctx, Type, Typed, check_expr, suggest, wrong_count};
use crate::check::unsupported::{Construct, refuse};
use bouton_model::ir::{self, Binary, Expr, HandlerId, Known, MechanismKind, Var, VarId};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ActionKind, Assign, AssignOp, ExprKind, IfAction, Name};
use bouton_syntax::{Code, Diagnostic, Span};

/// The handlers that have a name.
#[derive(Default)]
pub(super) struct Events {
    /// Name, place, number of values; no number for `start` and `spike`, which cannot be sent.
    all: Vec<(ir::Name, Span, Option<usize>)>,
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

    fn names(&self) -> Vec<String> {
        self.all.iter().filter(|(.., arguments)| arguments.is_some()).map(|(name, ..)| name.to_string()).collect()
    }
}

/// Checks actions in order. Draws are allowed in them.
pub(super) fn actions(list: &[ast::Action], body: &Body<'_>, events: &Events, ctx: &mut Ctx<'_>) -> Vec<ir::Action> {
    let draws = std::mem::replace(&mut ctx.draws, true);
    let bound = ctx.bound();
    let mut checked = Vec::new();
    for one in list {
        action(one, body, events, ctx, &mut checked);
    }
    ctx.forget(bound);
    ctx.draws = draws;
    checked
}

fn action(one: &ast::Action, body: &Body<'_>, events: &Events, ctx: &mut Ctx<'_>, checked: &mut Vec<ir::Action>) {
    match &one.kind {
        ActionKind::Error => {}
        ActionKind::Assign(assign) => checked.extend(set(assign, body, ctx)),
        ActionKind::Let(bindings) => bindings.iter().for_each(|binding| checked.push(keep(binding, ctx))),
        ActionKind::Spike => checked.extend(spike(one.span, body, ctx)),
        ActionKind::Send { after, event } => checked.extend(send(after, event, events, ctx)),
        ActionKind::If(choice) => checked.push(choose(choice, body, events, ctx)),
        ActionKind::ForEachConnection(_) => refuse(Construct::ForEachConnection, one.span, ctx.sink),
        ActionKind::Return(_) => {
            let message = "only functions return something";
            ctx.sink.push(Diagnostic::new(Code::MisplacedAction, one.span, message).help("use `if` to leave actions out"));
        }
    }
}

/// `g += weight`
fn set(assign: &Assign, body: &Body<'_>, ctx: &mut Ctx<'_>) -> Option<ir::Action> {
    let value = check_expr(&assign.value, ctx);
    let target = target(&assign.target, body, ctx)?;
    let (name, declared, dimension) = match target {
        Target::State(state) => {
            let declared = body.declared.get(state.index())?.name;
            (&*declared.text, Some(declared.span), body.type_of(state, ctx).dimension()?)
        }
        Target::Potential => ("v", None, Dimension::VOLTAGE),
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
}

impl Target {
    fn old(self) -> Expr {
        Expr::Var(match self {
            Target::State(id) => Var::Own(id),
            Target::Potential => Var::Known(Known::V),
        })
    }

    fn set(self, value: Expr) -> ir::Action {
        match self {
            Target::State(id) => ir::Action::Assign(id, value),
            Target::Potential => ir::Action::Potential(value),
        }
    }
}

/// What a name left of an assignment stands for.
fn target(written: &ast::Expr, body: &Body<'_>, ctx: &mut Ctx<'_>) -> Option<Target> {
    let ExprKind::Name(name) = &written.kind else {
        if !matches!(written.kind, ExprKind::Error) {
            let message = "a handler sets states of its own mechanism only";
            ctx.sink.push(Diagnostic::new(Code::AssignsNoState, written.span, message));
        }
        return None;
    };
    let diagnostic = match (ctx.bound_type(name), body.find(name)) {
        (Some(Type::Error), _) => return None,
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

fn spike(span: Span, body: &Body<'_>, ctx: &mut Ctx<'_>) -> Option<ir::Action> {
    match body.kind {
        MechanismKind::Free | MechanismKind::Point => return Some(ir::Action::Spike),
        MechanismKind::Density => {
            let message = "a mechanism that is spread over membrane cannot fire";
            let diagnostic = Diagnostic::new(Code::MisplacedAction, span, message);
            ctx.sink.push(diagnostic.help("a cell fires where its `spike at PLACE above THRESHOLD` says"));
        }
    }
    None
}

/// `after 2 ms send recover`
fn send(after: &ast::Expr, event: &Name, events: &Events, ctx: &mut Ctx<'_>) -> Option<ir::Action> {
    let delay = check_expr(after, ctx);
    let delay = dimension::expect(delay, Dimension::TIME, "`after`", ctx);
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
    if arguments > 0 {
        let diagnostic = wrong_count(&format!("on {}", event.text), arguments, arguments, 0, event.span);
        ctx.sink.push(diagnostic.also(declared, "declared here").help("`send` brings no values; use an event without any"));
        return None;
    }
    Some(ir::Action::Send { delay, handler })
}

fn choose(choice: &IfAction, body: &Body<'_>, events: &Events, ctx: &mut Ctx<'_>) -> ir::Action {
    let condition = check_expr(&choice.condition, ctx);
    let condition = dimension::expect_truth(condition, "`if`", ctx);
    let then = actions(&choice.then.items, body, events, ctx);
    let otherwise = choice.otherwise.as_ref().map_or_else(Vec::new, |block| actions(&block.items, body, events, ctx));
    ir::Action::If(condition, then, otherwise)
}
