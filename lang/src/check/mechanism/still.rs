//! States that no equation, scheme or event changes: they stay what they are at the start, which is seldom meant.

use super::Source;
use crate::check::expr::Ctx;
use bouton_syntax::ast::{Action, ActionKind, Expr, ExprKind, KineticKind, Member, MemberKind, Name};
use bouton_syntax::{Code, Diagnostic};

/// Warns of each.
pub(super) fn warn(source: &Source<'_>, ctx: &mut Ctx<'_>) {
    let mut changed: Vec<&str> = Vec::new();
    source.members.iter().for_each(|member| changes(member, &mut changed));
    let states =
        source.members.iter().filter_map(|member| if let MemberKind::State(list) = &member.kind { Some(list) } else { None });
    for state in states.flatten().filter(|state| !changed.contains(&&*state.name.text)) {
        let warning = still(&state.name);
        // A mechanism on a connection is looked at twice.
        if ctx.is_news(&warning) {
            ctx.sink.push(warning);
        }
    }
}

fn still(name: &Name) -> Diagnostic {
    let message = format!("nothing changes the state `{}`", name.text);
    Diagnostic::new(Code::StillState, name.span, message)
        .label("no equation, no event")
        .help(format!("give it an equation, `{}' = ...`, or make it a `param`", name.text))
}

/// The names that a line changes.
fn changes<'m>(member: &'m Member, all: &mut Vec<&'m str>) {
    match &member.kind {
        MemberKind::Equation(equation) => all.push(&equation.name.text),
        MemberKind::Assign(assign) => all.extend(head(&assign.target)),
        MemberKind::Handler(handler) => steps(&handler.body.items, all),
        MemberKind::Kinetic(scheme) => {
            for line in &scheme.items {
                if let KineticKind::Reaction { left, right, .. } = &line.kind {
                    all.extend(left.iter().chain(right).map(|one| &*one.name.text));
                }
            }
        }
        _ => {}
    }
}

fn steps<'m>(actions: &'m [Action], all: &mut Vec<&'m str>) {
    for action in actions {
        match &action.kind {
            ActionKind::Assign(assign) => all.extend(head(&assign.target)),
            ActionKind::If(choice) => {
                steps(&choice.then.items, all);
                choice.otherwise.iter().for_each(|block| steps(&block.items, all));
            }
            ActionKind::ForEachConnection(body) => steps(&body.items, all),
            _ => {}
        }
    }
}

fn head(target: &Expr) -> Option<&str> {
    if let ExprKind::Name(name) = &target.kind { Some(name) } else { None }
}
