//! What definitions need of each other: no cycles, no definition that unfolds without measure, and initial values in their order.

use super::body::{Body, Role};
use crate::check::expr::Ctx;
use crate::check::scope::cycle;
use bouton_model::algebra;
use bouton_model::ir::{self, Expr, Mechanism, Var, VarId, VariableKind};
use bouton_syntax::{Code, Diagnostic, Span};
use std::collections::{BTreeSet, HashMap};

/// How many parts a definition may have with all definitions in it written out, and how long a chain of them may be.
const MOST_PARTS: usize = 100_000;
const MOST_DEEP: usize = 500;

/// Checks all of it.
pub(super) fn check(body: &Body<'_>, mechanism: &Mechanism, ctx: &mut Ctx<'_>) {
    let mut walk = Walk { mechanism, done: HashMap::new(), path: Vec::new() };
    for (id, _) in body.variables() {
        walk.visit(id, ctx);
    }
    for (id, declared) in body.variables() {
        if declared.role == Role::State && declared.value.is_some() {
            initial(body, id, &walk, ctx);
        }
    }
}

/// What a definition comes to, definitions in it written out.
#[derive(Clone, Default)]
struct Unfolded {
    parts: usize,
    states: BTreeSet<VarId>,
}

struct Walk<'m> {
    mechanism: &'m Mechanism,
    /// Nothing: being visited.
    done: HashMap<VarId, Option<Unfolded>>,
    path: Vec<(ir::Name, Span)>,
}

impl Walk<'_> {
    /// Follows a definition or default to its end.
    fn visit(&mut self, id: VarId, ctx: &mut Ctx<'_>) -> Unfolded {
        match self.done.get(&id) {
            Some(Some(known)) => return known.clone(),
            Some(None) => {
                let again = self.variable(id).map_or(Span::default(), |variable| variable.span);
                ctx.sink.push(cycle(&self.path, again));
                return Unfolded::default();
            }
            None => {}
        }
        let Some(variable) = self.variable(id) else { return Unfolded::default() };
        let step = (variable.name.clone(), variable.span);
        if self.path.len() > MOST_DEEP {
            let message = format!("`{}` lies behind more than {MOST_DEEP} definitions", step.0);
            ctx.sink.push(Diagnostic::new(Code::UnfoldsTooFar, step.1, message));
            self.done.insert(id, Some(Unfolded::default()));
            return Unfolded::default();
        }
        self.done.insert(id, None);
        self.path.push(step);
        let result = self.unfold(id, ctx);
        self.path.pop();
        self.done.insert(id, Some(result.clone()));
        result
    }

    fn unfold(&mut self, id: VarId, ctx: &mut Ctx<'_>) -> Unfolded {
        let Some(expr) = self.followed(id) else { return Unfolded { parts: 1, states: self.own_state(id) } };
        let result = self.of(expr, ctx);
        if result.parts > MOST_PARTS {
            if let Some(variable) = self.variable(id) {
                let message = format!("`{}` unfolds into more than {MOST_PARTS} parts", variable.name);
                let diagnostic = Diagnostic::new(Code::UnfoldsTooFar, variable.span, message);
                ctx.sink.push(diagnostic.help("a definition that uses another one twice doubles it"));
            }
            return Unfolded { parts: 1, states: result.states };
        }
        result
    }

    /// An expression with everything behind it.
    fn of(&mut self, expr: &Expr, ctx: &mut Ctx<'_>) -> Unfolded {
        let mut result = Unfolded::default();
        let mut own = Vec::new();
        algebra::visit(expr, &mut |part| {
            result.parts += 1;
            if let Expr::Var(Var::Own(id)) = part {
                own.push(*id);
            }
        });
        for id in own {
            let behind = self.visit(id, ctx);
            result.parts = result.parts.saturating_add(behind.parts);
            result.states.extend(behind.states);
        }
        result
    }

    fn variable(&self, id: VarId) -> Option<&ir::Variable> {
        self.mechanism.variables.get(id.index())
    }

    fn own_state(&self, id: VarId) -> BTreeSet<VarId> {
        let is_state = matches!(self.variable(id).map(|variable| &variable.kind), Some(VariableKind::State { .. }));
        if is_state { BTreeSet::from([id]) } else { BTreeSet::new() }
    }
}

impl<'m> Walk<'m> {
    /// What a name needs wherever it is used: definitions and currents, and defaults of parameters.
    fn followed(&self, id: VarId) -> Option<&'m Expr> {
        match &self.mechanism.variables.get(id.index())?.kind {
            VariableKind::Param { default } => default.as_ref(),
            VariableKind::Input { base } => Some(base),
            _ => algebra::definition(self.mechanism, id),
        }
    }
}

/// An initial value uses states that are declared before it.
fn initial(body: &Body<'_>, id: VarId, walk: &Walk<'_>, ctx: &mut Ctx<'_>) {
    let Some(VariableKind::State { initial }) = walk.mechanism.variables.get(id.index()).map(|variable| &variable.kind) else {
        return;
    };
    let mut used = BTreeSet::new();
    algebra::visit(initial, &mut |part| {
        if let Expr::Var(Var::Own(other)) = part
            && let Some(Some(behind)) = walk.done.get(other)
        {
            used.extend(behind.states.iter().copied());
        }
    });
    let Some(late) = used.into_iter().find(|other| *other >= id) else { return };
    let (Some(state), Some(late_one)) = (body.declared.get(id.index()), body.declared.get(late.index())) else { return };
    let (name, late_name) = (&state.name.text, &late_one.name.text);
    let span = state.value.map_or(state.name.span, |value| value.span);
    let (message, label) = match late == id {
        true => (format!("the initial value of `{name}` uses `{name}` itself"), "the state"),
        false => (format!("the initial value of `{name}` uses `{late_name}`, which is declared after it"), "declared here"),
    };
    ctx.sink.push(Diagnostic::new(Code::NotKnownYet, span, message).also(late_one.name.span, label));
}
