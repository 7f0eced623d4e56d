//! Point mechanisms that are neurons by themselves: `voltage is P.V`, `spike at P.V`, and events under a name of the cell, `synapse AMPA: P.wAMPA`.
//! Such a cell has a copy of the mechanism to itself, which fires where the cell says and has an event for each of these names; nobody else knows of them.

use super::Making;
use crate::check::attributes::{Attributes, given_twice, suggest};
use crate::check::expr::check_expr;
use crate::check::mechanism::Checked;
use crate::check::network::port::EVENT;
use crate::check::value::sound;
use crate::check::{Checker, Known};
use bouton_model::algebra::{Replacing, definition, div, mentions, visit_actions};
use bouton_model::ir::{
    Action, Argument, Attribute, Binary, CellPort, Condition, Expr, Handler, HandlerId, HandlerKind, Mechanism, MechanismId,
    SpikeDetector, Var, VarId, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind, Member, MemberKind};
use bouton_syntax::{Code, Diagnostic, Span};
use std::sync::Arc;

/// A variable of a point mechanism of the cell: index into its synapses, which one, and its dimension.
type Variable = (usize, VarId, Dimension);

/// Whether a line names an event of another of these lines rather than a mechanism.
pub(super) fn is_port(synapse: &ast::Synapse, members: &[Member]) -> bool {
    let [point, _] = synapse.mechanism.parts.as_slice() else { return false };
    members.iter().any(|member| matches!(&member.kind, MemberKind::Synapse(one) if one.name.text == point.text))
}

impl<'a> Checker<'a> {
    /// `spike at`, `voltage is`: where a cell fires. Where that is said of a value of a point mechanism, or of a cell whose point mechanisms are files
    /// of others, what these would do by themselves is no spike of the cell; a mechanism of the script that says `spike` means it.
    pub(super) fn spikes_of_tree(&mut self, members: &'a [Member], making: &mut Making) {
        let (mut spike_at, mut voltage): (Option<Span>, Option<Span>) = (None, None);
        let mut watched: Option<(Variable, Attribute)> = None;
        let usual = |span| Attribute { value: Expr::Number(SpikeDetector::USUAL), span };
        for member in members {
            match &member.kind {
                MemberKind::SpikeAt(spike) => {
                    if let Some(first) = spike_at.replace(member.span) {
                        self.diagnostics.push(given_twice("spike", member.span, first));
                    }
                    if variable_of(&spike.place).is_none() {
                        let (cell, names) = (making.cell.clone(), making.names.clone());
                        making.tree.spike = self.spike_at(&cell, &names, spike);
                        continue;
                    }
                    let Some(found) = self.own_variable(&spike.place, making) else { continue };
                    let above = spike.above.as_ref();
                    let above = above.and_then(|one| self.quantity(one, Known::Nothing, found.2, "the threshold of a spike"));
                    watched = Some((found, above.unwrap_or_else(|| usual(spike.place.span))));
                }
                MemberKind::Voltage(from) => {
                    if let Some(first) = voltage.replace(member.span) {
                        self.diagnostics.push(given_twice("voltage", member.span, first));
                    }
                    let found = self.own_variable(from, making);
                    making.tree.voltage = found.map(|(which, variable, _)| (which, variable));
                    if let Some(found) = found.filter(|_| spike_at.is_none() && !has_spike_at(members)) {
                        watched = Some((found, usual(from.span)));
                    }
                }
                _ => {}
            }
        }
        if spike_at.is_none() && voltage.is_none() {
            return;
        }
        for which in 0..making.tree.synapses.len() {
            let mechanism = making.tree.synapses.get(which).and_then(|one| self.program.mechanisms.get(one.mechanism.index()));
            let is_silenced = |one: &Mechanism| one.fires() && (voltage.is_some() || watched.is_some() || self.is_foreign(one));
            if mechanism.is_some_and(is_silenced)
                && let Some(own) = self.own_copy(making, which)
            {
                own.handlers.iter_mut().for_each(|handler| silence(&mut handler.body));
                own.conditions.iter_mut().for_each(|condition| silence(&mut condition.body));
            }
        }
        if let Some(((which, variable, _), above)) = watched
            && let Some(own) = self.own_copy(making, which)
        {
            let value = Box::new(Expr::Var(Var::Own(variable)));
            let when = Expr::Binary(Binary::Gt, value, Box::new(above.value));
            own.conditions.push(Condition { when, body: vec![Action::Spike(None)], span: above.span });
        }
    }

    /// Whether a mechanism is a file of others.
    fn is_foreign(&self, mechanism: &Mechanism) -> bool {
        self.files.imported.iter().filter_map(|one| one.mechanism.as_ref()).any(|one| one.span == mechanism.span)
    }

    /// `synapse AMPA: P.wAMPA`: an event whose weight is this value of the mechanism's own; the others are 0.
    pub(super) fn cell_port_line(&mut self, synapse: &'a ast::Synapse, span: Span, making: &mut Making) {
        making.declare(&synapse.name, self.diagnostics);
        let [point, value] = synapse.mechanism.parts.as_slice() else { return };
        if let Some(at) = &synapse.at {
            let message = format!("`{}` has its place already", point.text);
            self.diagnostics.push(Diagnostic::new(Code::BadPlace, at.span, message).help("leave `at` out"));
        }
        let unit = self.unit_of_weight(synapse);
        let Some(which) = making.tree.synapses.iter().position(|one| one.name == point.text) else { return };
        let Some(mechanism) = making.tree.synapses.get(which).map(|one| one.mechanism) else { return };
        let Some(event) = self.handler(mechanism, EVENT) else {
            let message = format!("`{}` takes no events", point.text);
            self.diagnostics.push(Diagnostic::new(Code::TakesNoEvents, point.span, message));
            return;
        };
        let Some(own) = self.program.mechanisms.get(mechanism.index()) else { return };
        let Some(handler) = own.handlers.get(event.index()) else { return };
        let Some(argument) = handler.arguments.iter().find(|one| one.name == value.text).cloned() else {
            let names: Vec<String> = handler.arguments.iter().map(|one| one.name.to_string()).collect();
            let message = format!("events of `{}` bring no `{}`", point.text, value.text);
            let unknown = Diagnostic::new(Code::UnknownPort, value.span, message);
            self.diagnostics.push(suggest(unknown, &value.text, value.span, &names));
            return;
        };
        let name = synapse.name.text.clone();
        let alone = handler.arguments.len() == 1;
        let named: Vec<HandlerId> = making.tree.ports.iter().filter(|one| one.synapse == which).map(|one| one.handler).collect();
        let remembers = remembers(own, event, &named);
        if argument.column == 0 && unit.is_none() && (alone || remembers) {
            making.tree.ports.push(CellPort { name, synapse: which, handler: event });
            return;
        }
        if remembers {
            let message = format!("`{}` keeps values of each connection, so its events cannot be named one by one", point.text);
            let wrong = Diagnostic::new(Code::WrongMechanism, span, message);
            self.diagnostics.push(wrong.help(format!("connect `via {}`, and set what events bring in the braces", point.text)));
            return;
        }
        let (scale, dimension) = unit.unwrap_or((Expr::Number(1.0), Dimension::NONE));
        let of_event = |column: u8| match column == argument.column {
            true => div(Expr::Var(Var::Argument(0)), scale.clone()),
            false => Expr::Number(0.0),
        };
        let weight = Argument {
            name: "weight".into(),
            column: 0,
            dimension: argument.dimension.times(&dimension).unwrap_or(Dimension::NONE),
        };
        // Local values of two handlers have numbers of their own.
        let by = |var: Var| brought(own, var, &of_event, own.locals);
        let body = Replacing { variables: &by, shift: own.locals }.actions(&handler.body);
        let event = Handler { name: name.clone(), kind: HandlerKind::Event, arguments: vec![weight], body, span };
        let Some(own) = self.own_copy(making, which) else { return };
        own.locals *= 2;
        own.handlers.push(event);
        let handler = HandlerId(u32::try_from(own.handlers.len() - 1).unwrap_or(u32::MAX));
        making.tree.ports.push(CellPort { name, synapse: which, handler });
    }

    /// `{ unit = 1 uS }`: what a weight of 1 is.
    fn unit_of_weight(&mut self, synapse: &'a ast::Synapse) -> Option<(Expr, Dimension)> {
        let mut attributes = Attributes::new(synapse.attrs.as_ref());
        let unit = attributes.value("unit", self.diagnostics);
        attributes.finish("an event of a cell", self.diagnostics);
        let unit = unit?;
        let typed = sound(self.within(Known::Nothing, |_, ctx| check_expr(&unit.value, ctx)))?;
        let dimension = typed.ty.dimension()?;
        Some((typed.expr, dimension))
    }

    /// `P.V`
    fn own_variable(&mut self, expr: &ast::Expr, making: &Making) -> Option<Variable> {
        let Some((point, name)) = variable_of(expr) else {
            if !matches!(expr.kind, ExprKind::Error) {
                let wrong =
                    Diagnostic::new(Code::WrongArguments, expr.span, "a cell's own voltage is a variable of a point mechanism");
                self.diagnostics.push(wrong.help("write `voltage is Izhi2007a_0.V`"));
            }
            return None;
        };
        let synapses = &making.tree.synapses;
        let Some(which) = synapses.iter().position(|one| *one.name == *point) else {
            let names: Vec<&str> = synapses.iter().map(|one| &*one.name).collect();
            let message = format!("`{}` has no point mechanism `{point}`", making.cell);
            let unknown = Diagnostic::new(Code::UnknownVariable, expr.span, message);
            self.diagnostics.push(suggest(unknown, point, expr.span, &names));
            return None;
        };
        let mechanism = self.program.mechanisms.get(synapses.get(which)?.mechanism.index())?;
        let is_value = |kind: &VariableKind| matches!(kind, VariableKind::State { .. } | VariableKind::Let { .. });
        let mut variables = (0..).map(VarId).zip(&mechanism.variables).filter(|(_, one)| is_value(&one.kind));
        let Some((id, variable)) = variables.find(|(_, one)| *one.name == *name.text) else {
            let shown = mechanism.variables.iter().filter(|one| is_value(&one.kind) && !one.name.contains('\''));
            let names: Vec<&str> = shown.map(|one| &*one.name).collect();
            let message = format!("`{point}` has no state or definition `{}`", name.text);
            let unknown = Diagnostic::new(Code::UnknownVariable, name.span, message);
            self.diagnostics.push(suggest(unknown, &name.text, name.span, &names));
            return None;
        };
        if variable.dimension != Dimension::VOLTAGE && variable.dimension != Dimension::NONE {
            let message = format!("`{}` is no potential", name.text);
            self.diagnostics.push(Diagnostic::new(Code::DimensionMismatch, name.span, message));
            return None;
        }
        Some((which, id, variable.dimension))
    }

    /// The mechanism of a point, which is this cell's alone from now on.
    fn own_copy(&mut self, making: &mut Making, which: usize) -> Option<&mut Mechanism> {
        let point = making.tree.synapses.get_mut(which)?;
        if !making.own_points.contains(&which) {
            let mechanism = self.program.mechanisms.get(point.mechanism.index())?.clone();
            let refused = self.is_refused(point.mechanism);
            let count = (0..mechanism.variables.len()).filter_map(|at| u32::try_from(at).ok());
            let broken: Vec<VarId> = count.map(VarId).filter(|id| self.is_broken(point.mechanism, *id)).collect();
            point.mechanism = self.add_mechanism(Checked { mechanism, broken, refused });
            making.own_points.push(which);
        }
        Arc::make_mut(&mut self.program.mechanisms).get_mut(MechanismId::index(point.mechanism))
    }
}

fn has_spike_at(members: &[Member]) -> bool {
    members.iter().any(|member| matches!(member.kind, MemberKind::SpikeAt(_)))
}

/// `P.V`, the parts of it.
fn variable_of(expr: &ast::Expr) -> Option<(&str, &ast::Name)> {
    let ExprKind::Field { base, name } = &expr.kind else { return None };
    let ExprKind::Name(point) = &base.kind else { return None };
    Some((point, name))
}

/// Takes the spikes out.
fn silence(body: &mut Vec<Action>) {
    body.retain(|action| !matches!(action, Action::Spike(_)));
    for action in body {
        match action {
            Action::If(_, yes, no) => {
                silence(yes);
                silence(no);
            }
            Action::EachConnection(inner) => silence(inner),
            _ => {}
        }
    }
}

/// Whether more than this event, and those that are `named` after it, depends on what a connection brings: it is kept, gone over, or other events use it.
fn remembers(mechanism: &Mechanism, event: HandlerId, named: &[HandlerId]) -> bool {
    fn keeps(body: &[Action]) -> bool {
        body.iter().any(|action| match action {
            Action::Keep(..) => true,
            Action::If(_, yes, no) => keeps(yes) || keeps(no),
            _ => false,
        })
    }
    let own = mechanism.handlers.get(event.index()).is_some_and(|one| keeps(&one.body));
    let others = (0..).map(HandlerId).zip(&mechanism.handlers).filter(|(id, _)| *id != event && !named.contains(id));
    mechanism.visits() || own || others.into_iter().any(|(_, one)| takes(mechanism, &one.body))
}

/// Whether something of the connection is used.
fn takes(mechanism: &Mechanism, body: &[Action]) -> bool {
    let mut found = false;
    visit_actions(body, &mut |e| found |= mentions(mechanism, e, &|var| matches!(var, Var::Argument(_))));
    found
}

/// What stands for a variable where an event brings other values than its connection has; definitions that use them are written out.
fn brought(mechanism: &Mechanism, var: Var, of_event: &dyn Fn(u8) -> Expr, shift: u32) -> Option<Expr> {
    match var {
        Var::Argument(column) => Some(of_event(column)),
        Var::Own(id) => {
            let value = definition(mechanism, id)?;
            let again = |var: Var| brought(mechanism, var, of_event, shift);
            let uses = mentions(mechanism, value, &|var| matches!(var, Var::Argument(_)));
            uses.then(|| Replacing { variables: &again, shift }.expr(value))
        }
        _ => None,
    }
}
