//! Events, conditions and what is done at each step, as text.

use super::expression::{number, unsaid};
use super::{Page, Said, Unsaid};
use bouton_model::algebra;
use bouton_model::ir::{Action, Column, Expr, Handler, HandlerKind, Known, LocalId, Mechanism, Var, VarId, VariableKind};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::coherent_text;
use bouton_syntax::Span;
use std::collections::{HashMap, HashSet};

/// A value of a connection with its unit.
fn typed(column: &Column) -> String {
    let unit = coherent_text(&column.dimension);
    if unit.is_empty() { column.name.to_string() } else { format!("{}: {}", column.name, super::bare(&unit)) }
}

impl Page<'_> {
    pub(super) fn handlers(&mut self) -> Said<()> {
        let m = self.m;
        for (heading, body) in [("currents", &m.during), ("states", &m.after)] {
            if !body.is_empty() {
                self.block(&format!("on {heading}"), body, m.span)?;
            }
        }
        for handler in &m.handlers {
            let heading = match handler.kind {
                HandlerKind::Start => "on start".to_owned(),
                HandlerKind::Step => "on step".to_owned(),
                HandlerKind::Spike => "on spike".to_owned(),
                HandlerKind::Event => format!("on {}", self.event(handler)?),
                HandlerKind::Each(id) => format!("on each {}", self.writer.name(id)),
            };
            self.block(&heading, &handler.body, handler.span)?;
        }
        for condition in &m.conditions {
            if uses_connection(&condition.body, self) {
                return unsaid(condition.span, "a WATCH whose event uses the weight of a connection");
            }
            self.needed(&condition.when)?;
            let heading = format!("on {}", self.writer.plain(&condition.when)?);
            self.block(&heading, &condition.body, condition.span)?;
        }
        Ok(())
    }

    /// Name and values of an event: those of the connection that it uses.
    fn event(&mut self, handler: &Handler) -> Said<String> {
        let name = event_name(&handler.name);
        let uses = uses_connection(&handler.body, self) || name == "event";
        if !uses || self.m.columns.is_empty() {
            return Ok(name);
        }
        let mut list = Vec::new();
        if std::mem::replace(&mut self.told, true) {
            let names: Vec<String> = self.m.columns.iter().map(typed).collect();
            return Ok(format!("{name}({})", names.join(", ")));
        }
        for (at, column) in self.m.columns.iter().enumerate() {
            list.push(self.value(column, at == 0)?);
        }
        Ok(format!("{name}({})", list.join(", ")))
    }

    fn value(&mut self, column: &Column, is_weight: bool) -> Said<String> {
        let typed = typed(column);
        match column.initial.as_ref().filter(|_| !is_weight) {
            None => Ok(typed),
            Some(Expr::Number(0.0)) => Ok(format!("{typed} = 0")),
            Some(e) => {
                self.needed(e)?;
                // Already in the coherent system.
                Ok(format!("{typed} = {}", self.writer.of(e, &column.dimension)?))
            }
        }
    }

    fn block(&mut self, heading: &str, body: &[Action], span: Span) -> Said<()> {
        self.before(body)?;
        self.writer.locals.clear();
        let mut lines = Vec::new();
        self.actions(&direct(self.m, body), 2, &mut HashSet::new(), &mut lines, span)?;
        self.out += &format!("    {heading} {{\n");
        for line in lines {
            self.out += &line;
            self.out.push('\n');
        }
        self.out += "    }\n";
        Ok(())
    }

    /// Definitions that the actions use and that stand for themselves.
    fn before(&mut self, body: &[Action]) -> Said<()> {
        let mut used = Vec::new();
        let mut met = HashSet::new();
        algebra::visit_actions(body, &mut |e| used.push(e.clone()));
        for e in used {
            for id in self.writer.definitions(&e) {
                if !self.is_of_event(id) {
                    self.definition(id)?;
                } else {
                    self.behind_event(id, &mut met)?;
                }
            }
        }
        Ok(())
    }

    fn behind_event(&mut self, id: VarId, met: &mut HashSet<VarId>) -> Said<()> {
        if !met.insert(id) {
            return Ok(());
        }
        let Some(VariableKind::Let { value }) = self.m.variables.get(id.index()).map(|v| &v.kind) else { return Ok(()) };
        for inner in self.writer.definitions(value) {
            if self.is_of_event(inner) {
                self.behind_event(inner, met)?;
            } else {
                self.definition(inner)?;
            }
        }
        Ok(())
    }

    /// Whether a definition depends on values that only the event has.
    fn is_of_event(&self, id: VarId) -> bool {
        algebra::mentions(self.m, &Expr::Var(Var::Own(id)), &|var| matches!(var, Var::Local(_) | Var::Argument(_)))
    }

    /// Definitions of the event that a value uses, as `let`s.
    fn lets(&mut self, e: &Expr, deep: usize, known: &mut HashSet<VarId>, lines: &mut Vec<String>) -> Said<()> {
        for id in self.writer.definitions(e) {
            if !self.is_of_event(id) || !known.insert(id) {
                continue;
            }
            let Some(VariableKind::Let { value }) = self.m.variables.get(id.index()).map(|v| &v.kind) else { continue };
            self.lets(value, deep, known, lines)?;
            let indent = "    ".repeat(deep);
            lines.push(format!("{indent}let {} = {}", self.writer.name(id), self.writer.plain(value)?));
        }
        Ok(())
    }

    fn actions(
        &mut self,
        body: &[Action],
        deep: usize,
        known: &mut HashSet<VarId>,
        lines: &mut Vec<String>,
        span: Span,
    ) -> Said<()> {
        let indent = "    ".repeat(deep);
        for action in body {
            let drawn = drawn_under(action);
            let action = drawn.as_ref().unwrap_or(action);
            let mut used = Vec::new();
            match action {
                Action::If(condition, ..) => used.push(condition.clone()),
                Action::EachConnection(_) => {}
                other => algebra::visit_actions(std::slice::from_ref(other), &mut |e| used.push(e.clone())),
            }
            for e in &used {
                self.lets(e, deep, known, lines)?;
            }
            let line = match action {
                Action::Let(local, e) => {
                    let name = format!("new_{}", local.0);
                    let line = format!("let {name} = {}", self.writer.plain(e)?);
                    self.writer.locals.insert(*local, name);
                    line
                }
                Action::Assign(id, e) => {
                    let dimension = self.m.variables.get(id.index()).map_or(Dimension::NONE, |v| v.dimension);
                    format!("{} = {}", self.writer.name(*id), self.writer.of(e, &dimension)?)
                }
                Action::Potential(e) => format!("v = {}", self.writer.of(e, &Dimension::VOLTAGE)?),
                Action::Keep(k, e) => {
                    let Some(column) = self.m.columns.get(usize::from(*k)) else {
                        return Err(Unsaid(span, "a value of a connection".into()));
                    };
                    if *k == 0 {
                        return unsaid(span, "an event that sets the weight of its connection");
                    }
                    format!("{} = {}", column.name, self.writer.of(e, &column.dimension)?)
                }
                Action::Spike(None) => "spike".to_owned(),
                Action::Spike(Some(e)) => format!("spike {}", self.writer.plain(e)?),
                Action::Send { flag: Some(_), .. } => return unsaid(span, "an event with a flag that is computed"),
                Action::Send { delay, handler, moves, flag: None } => {
                    let Some(receiver) = self.m.handlers.get(handler.index()) else {
                        return Err(Unsaid(span, "an event that nothing answers".into()));
                    };
                    let word = if *moves { "move" } else { "send" };
                    format!("after {} {word} {}", self.writer.of(delay, &Dimension::TIME)?, event_name(&receiver.name))
                }
                Action::If(condition, yes, no) => {
                    lines.push(format!("{indent}if {} {{", self.writer.plain(condition)?));
                    self.actions(yes, deep + 1, &mut known.clone(), lines, span)?;
                    if !no.is_empty() {
                        lines.push(format!("{indent}}} else {{"));
                        self.actions(no, deep + 1, &mut known.clone(), lines, span)?;
                    }
                    "}".to_owned()
                }
                Action::EachConnection(inner) => {
                    lines.push(format!("{indent}for each connection {{"));
                    self.actions(inner, deep + 1, &mut HashSet::new(), lines, span)?;
                    "}".to_owned()
                }
            };
            lines.push(indent.clone() + &line);
        }
        Ok(())
    }
}

/// Actions in which a value that is set at once has no name of its own, where nothing that it reads is set before.
fn direct(m: &Mechanism, body: &[Action]) -> Vec<Action> {
    let mut out = Vec::new();
    let mut direct: HashMap<LocalId, Expr> = HashMap::new();
    let mut uses: HashMap<LocalId, usize> = HashMap::new();
    algebra::visit_actions(body, &mut |e| {
        algebra::visit(e, &mut |part| {
            if let Expr::Var(Var::Local(local)) = part {
                *uses.entry(*local).or_default() += 1;
            }
        });
    });
    // Locals are also behind definitions.
    let elsewhere = |local: LocalId| {
        m.variables.iter().any(|v| match &v.kind {
            VariableKind::Let { value } => {
                let mut found = false;
                algebra::visit(value, &mut |part| found |= *part == Expr::Var(Var::Local(local)));
                found
            }
            _ => false,
        })
    };
    for (at, action) in body.iter().enumerate() {
        match action {
            Action::Let(local, e) if uses.get(local) == Some(&1) && !elsewhere(*local) && !algebra::draws(m, e) => {
                let rest = body.get(at + 1..).unwrap_or_default();
                let sets = |a: &Action| match a {
                    Action::Assign(_, v) | Action::Keep(_, v) | Action::Potential(v) => mentions(v, *local),
                    _ => false,
                };
                let Some(end) = rest.iter().position(sets) else {
                    out.push(action.clone());
                    continue;
                };
                let before = rest.get(..end).unwrap_or_default();
                let moved = before.iter().any(|a| match a {
                    Action::Assign(id, _) => algebra::depends_on(m, e, Var::Own(*id)),
                    Action::Keep(k, _) => algebra::depends_on(m, e, Var::Argument(*k)),
                    Action::Potential(_) => algebra::depends_on(m, e, Var::Known(Known::V)),
                    Action::Let(..) | Action::Spike(_) | Action::Send { .. } => false,
                    Action::If(..) | Action::EachConnection(_) => true,
                });
                if moved {
                    out.push(action.clone());
                } else {
                    direct.insert(*local, e.clone());
                }
            }
            Action::Assign(id, e) => out.push(Action::Assign(*id, filled(e, &direct))),
            Action::Keep(k, e) => out.push(Action::Keep(*k, filled(e, &direct))),
            Action::Potential(e) => out.push(Action::Potential(filled(e, &direct))),
            Action::EachConnection(inner) => out.push(Action::EachConnection(self::direct(m, inner))),
            other => out.push(other.clone()),
        }
    }
    out
}

/// A value that is drawn where conditions hold, as one that stays known after them.
fn drawn_under(action: &Action) -> Option<Action> {
    let Action::If(condition, yes, no) = action else { return None };
    let ([inner], []) = (yes.as_slice(), no.as_slice()) else { return None };
    let inner = drawn_under(inner).unwrap_or_else(|| inner.clone());
    let Action::Let(local, e) = inner else { return None };
    let e = Expr::If(Box::new(condition.clone()), Box::new(e), Box::new(Expr::Number(0.0)));
    Some(Action::Let(local, e))
}

fn mentions(e: &Expr, local: LocalId) -> bool {
    let mut found = false;
    algebra::visit(e, &mut |part| found |= *part == Expr::Var(Var::Local(local)));
    found
}

fn filled(e: &Expr, direct: &HashMap<LocalId, Expr>) -> Expr {
    direct
        .iter()
        .fold(e.clone(), |e, (local, value)| if mentions(&e, *local) { algebra::substitute(&e, *local, value) } else { e })
}

/// Whether actions use or set what a connection has, outside of a loop over connections.
fn uses_connection(body: &[Action], page: &Page<'_>) -> bool {
    let outside = |e: &Expr| algebra::mentions(page.m, e, &|var| matches!(var, Var::Argument(_)));
    body.iter().any(|action| match action {
        Action::EachConnection(_) => false,
        Action::Keep(..) => true,
        Action::If(c, yes, no) => outside(c) || uses_connection(yes, page) || uses_connection(no, page),
        other => {
            let mut found = false;
            algebra::visit_actions(std::slice::from_ref(other), &mut |e| found |= outside(e));
            found
        }
    })
}

/// A handler's name as one: `flag_2.5` is none.
fn event_name(name: &str) -> String {
    match name.strip_prefix("flag_").and_then(|flag| flag.parse::<f64>().ok()) {
        Some(flag) => format!("flag_{}", number(flag).replace('-', "m").replace('.', "_")),
        None => name.to_owned(),
    }
}
