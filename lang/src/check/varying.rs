//! Settings that vary in time: `rate = 5 Hz + pulse(200 ms, 100 ms, 55 Hz)`. Such a parameter becomes a definition, in a copy of the mechanism that only those who
//! set it have. What differs between cells in its expression becomes a parameter of the copy. So do lists of times (`times = [1 ms, 5 ms]`).

use super::Checker;
use bouton_model::algebra::{definition, visit};
use bouton_model::ir::{
    self, Attribute, Binary, CellBody, CellId, Expr, HandlerId, HandlerKind, Known, LocalId, Mechanism, MechanismId, Port,
    Program, Setting, SettingPlace, Source, Span, Var, VarId, Variable, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::{Code, Diagnostic, Diagnostics};
use std::sync::Arc;

impl Checker<'_> {
    /// Makes the copies. It comes last, when nothing is wrong any more, because names lead to the declared cells.
    pub fn varying(&mut self) {
        let (program, sink) = (&mut self.program, &mut *self.diagnostics);
        for at in 0..program.connections.len() {
            generator(program, at, sink);
            edges(program, at, sink);
        }
        for at in 0..program.electrodes.len() {
            let electrode = &program.electrodes[at];
            if let Some(Special { mechanism, settings, .. }) =
                specialized(program, electrode.mechanism, &electrode.settings, sink)
            {
                let id = add_mechanism(program, mechanism);
                let electrode = &mut program.electrodes[at];
                (electrode.mechanism, electrode.settings) = (id, settings);
            }
        }
        for at in 0..program.populations.len() {
            population(program, at, sink);
        }
    }
}

/// Whether a value depends on time.
pub(super) fn varies(e: &Expr) -> bool {
    let mut found = false;
    visit(e, &mut |e| found |= matches!(e, Expr::Var(Var::Known(Known::T))));
    found
}

/// Whether a setting's value depends on time, or on a variable of the mechanism that stands for something else.
fn runs(e: &Expr) -> bool {
    let mut found = false;
    visit(e, &mut |e| found |= matches!(e, Expr::Var(Var::Own(_))));
    found || varies(e)
}

fn is_special(e: &Expr) -> bool {
    matches!(e, Expr::List(_)) || runs(e)
}

fn generator(program: &mut Program, at: usize, sink: &mut Diagnostics) {
    let Source::Generator { cell, settings, .. } = &program.connections[at].source else { return };
    let (cell, settings) = (*cell, settings.clone());
    let Some(Copied { cell: copy, settings: changed, .. }) = copied(program, cell, &settings, sink) else { return };
    if let Source::Generator { cell, settings, .. } = &mut program.connections[at].source {
        (*cell, *settings) = (copy, changed);
    }
}

fn edges(program: &mut Program, at: usize, sink: &mut Diagnostics) {
    for k in 0..program.connections[at].edges.len() {
        let edge = &program.connections[at].edges[k];
        if let Some(Special { mechanism, settings, .. }) = specialized(program, edge.mechanism, &edge.settings, sink) {
            let id = add_mechanism(program, mechanism);
            let edge = &mut program.connections[at].edges[k];
            (edge.mechanism, edge.settings) = (id, settings);
        }
    }
}

fn population(program: &mut Program, at: usize, sink: &mut Diagnostics) {
    let population = &program.populations[at];
    if !population.settings.iter().any(|one| is_special(&one.setting.value.value)) {
        return;
    }
    if let Some(part) = population.settings.iter().find(|one| one.at != SettingPlace::Own && is_special(&one.setting.value.value))
    {
        let message = "a value that varies in time can be set of a source, of an electrode and of cells without sections";
        sink.push(Diagnostic::new(Code::WrongArguments, part.setting.value.span, message));
        return;
    }
    let settings: Vec<Setting> = population.settings.iter().map(|one| one.setting.clone()).collect();
    let old = population.cell;
    let Some(Copied { cell, settings: changed, moved }) = copied(program, old, &settings, sink) else { return };
    let population = &mut program.populations[at];
    population.cell = cell;
    population.settings = changed.into_iter().map(|setting| ir::CellSetting { at: SettingPlace::Own, setting }).collect();
    // What reaches cells of the old kind reaches those of the new one in the same way.
    for connection in &mut program.connections {
        let same = connection.ports.iter().find(|(kind, _)| *kind == old).map(|(_, port)| port.clone());
        let port = |port| match port {
            Port::Input { input } => {
                Port::Input { input: moved.iter().find(|(old, _)| *old == input).map_or(input, |(_, new)| *new) }
            }
            other => other,
        };
        connection.ports.extend(same.map(|same| (cell, port(same))));
        let wires = connection.edges.iter_mut().flat_map(|edge| &mut edge.wires).map(|wire| &mut wire.of);
        for taken in wires.chain([&mut connection.outputs]) {
            let same = taken.iter().find(|(kind, _)| *kind == old).map(|(_, variable)| *variable);
            taken.extend(same.map(|variable| (cell, variable)));
        }
    }
}

/// See [`Special`].
struct Copied {
    cell: CellId,
    settings: Vec<Setting>,
    moved: Vec<(VarId, VarId)>,
}

/// A copy of a cell without sections whose parameters vary as they are set, and what else is set of it; nothing where none varies.
fn copied(program: &mut Program, cell: CellId, settings: &[Setting], sink: &mut Diagnostics) -> Option<Copied> {
    let declared = program.cells.get(cell.index())?.clone();
    let CellBody::Free(mechanism) = declared.body else { return None };
    let Special { mechanism, settings, moved } = specialized(program, mechanism, settings, sink)?;
    let mechanism = add_mechanism(program, mechanism);
    Arc::make_mut(&mut program.cells).push(ir::Cell { body: CellBody::Free(mechanism), ..declared });
    Some(Copied { cell: CellId(u32::try_from(program.cells.len() - 1).ok()?), settings, moved })
}

fn add_mechanism(program: &mut Program, mechanism: Mechanism) -> MechanismId {
    Arc::make_mut(&mut program.mechanisms).push(mechanism);
    MechanismId((program.mechanisms.len() - 1) as u32)
}

/// A copy of a mechanism for those who set something that varies.
struct Special {
    mechanism: Mechanism,
    /// What is still to be set of it.
    settings: Vec<Setting>,
    /// Inputs, and those that are driven in their places.
    moved: Vec<(VarId, VarId)>,
}

/// A copy of a mechanism in which parameters that vary are definitions, and what is still to be set of it; nothing where none varies.
fn specialized(program: &Program, mechanism: MechanismId, settings: &[Setting], sink: &mut Diagnostics) -> Option<Special> {
    if !settings.iter().any(|one| is_special(&one.value.value)) {
        return None;
    }
    let mut copy = program.mechanisms.get(mechanism.index())?.clone();
    let (mut left, mut moved) = (Vec::new(), Vec::new());
    for setting in settings {
        if let Expr::List(times) = &setting.value.value {
            list(&mut copy, &mut left, setting, times, sink);
            continue;
        }
        if !runs(&setting.value.value) {
            left.push(setting.clone());
            continue;
        }
        let variable = copy.variables.get(setting.variable.index())?;
        let is_input = matches!(variable.kind, VariableKind::Input { .. });
        if !is_input && !matches!(variable.kind, VariableKind::Param { .. }) {
            let message = format!("`{}` is neither a parameter nor an input, and only these can vary in time", variable.name);
            sink.push(Diagnostic::new(Code::WrongArguments, setting.value.span, message));
            return None;
        }
        let mut value = Lifter::new(&mut copy, &mut left, setting.value.span, sink).lift(&setting.value.value);
        if is_input {
            // What is driven is an input of its own, which is nothing by itself.
            let inner = VarId(copy.variables.len() as u32);
            let driven = Variable {
                kind: VariableKind::Input { base: Expr::Number(0.0) },
                ..copy.variables[setting.variable.index()].clone()
            };
            copy.variables.push(driven);
            moved.push((setting.variable, inner));
            value = Expr::Binary(Binary::Add, Box::new(Expr::Var(Var::Own(inner))), Box::new(value));
        }
        copy.variables[setting.variable.index()].kind = VariableKind::Let { value };
    }
    defaults(&mut copy, &left);
    Some(Special { mechanism: copy, settings: left, moved })
}

/// Times that are set of a parameter: those that differ between cells are parameters of their own.
fn list(copy: &mut Mechanism, left: &mut Vec<Setting>, setting: &Setting, times: &[Expr], sink: &mut Diagnostics) {
    let Some(handler) = copy.handlers.iter().position(|one| one.kind == HandlerKind::Each(setting.variable)) else { return };
    let mut lifter = Lifter::new(copy, left, setting.value.span, sink);
    let times = times.iter().map(|time| lifter.lift(time)).collect();
    copy.times.push((HandlerId(handler as u32), times));
    // Nobody reads the parameter itself.
    copy.variables[setting.variable.index()].kind = VariableKind::Let { value: Expr::Number(0.0) };
}

/// Parameters that follow by default from what varies vary too.
fn defaults(copy: &mut Mechanism, set: &[Setting]) {
    loop {
        let follows = |(at, variable): (usize, &Variable)| match &variable.kind {
            VariableKind::Param { default: Some(default) } => {
                let given = set.iter().any(|one| one.variable.index() == at);
                (!given && depends_on_time(copy, default)).then(|| (at, default.clone()))
            }
            _ => None,
        };
        let Some((at, value)) = copy.variables.iter().enumerate().find_map(follows) else { return };
        copy.variables[at].kind = VariableKind::Let { value };
    }
}

/// Whether a value depends on time, also through definitions.
fn depends_on_time(mechanism: &Mechanism, e: &Expr) -> bool {
    let (mut open, mut seen) = (vec![e], Vec::new());
    while let Some(e) = open.pop() {
        if varies(e) {
            return true;
        }
        visit(e, &mut |e| {
            if let Expr::Var(Var::Own(id)) = e
                && !seen.contains(id)
            {
                seen.push(*id);
                open.extend(definition(mechanism, *id));
            }
        });
    }
    false
}

/// Rewrites an expression of a script for a mechanism.
struct Lifter<'a> {
    copy: &'a mut Mechanism,
    /// Settings of the parameters that stand for what differs between cells.
    hidden: &'a mut Vec<Setting>,
    span: Span,
    sink: &'a mut Diagnostics,
    /// New numbers of local values.
    bound: Vec<(LocalId, LocalId)>,
}

impl<'a> Lifter<'a> {
    fn new(copy: &'a mut Mechanism, hidden: &'a mut Vec<Setting>, span: Span, sink: &'a mut Diagnostics) -> Lifter<'a> {
        Lifter { copy, hidden, span, sink, bound: Vec::new() }
    }

    fn lift(&mut self, e: &Expr) -> Expr {
        if differs(e) && !runs(e) && !self.uses_bound(e) {
            return self.hide(e);
        }
        match e {
            Expr::Unary(op, a) => Expr::Unary(*op, Box::new(self.lift(a))),
            Expr::Binary(op, a, b) => Expr::Binary(*op, Box::new(self.lift(a)), Box::new(self.lift(b))),
            Expr::Call(f, list) => Expr::Call(*f, list.iter().map(|a| self.lift(a)).collect()),
            Expr::Draw(..) => {
                let message = "a random number is drawn once, so nothing of it can vary in time";
                self.sink.push(Diagnostic::new(Code::MisplacedDraw, self.span, message));
                Expr::Number(0.0)
            }
            Expr::If(a, b, c) => Expr::If(Box::new(self.lift(a)), Box::new(self.lift(b)), Box::new(self.lift(c))),
            Expr::Let(id, value, body) => {
                let value = self.lift(value);
                let new = LocalId(self.copy.locals);
                self.copy.locals += 1;
                self.bound.push((*id, new));
                let body = self.lift(body);
                self.bound.pop();
                Expr::Let(new, Box::new(value), Box::new(body))
            }
            Expr::Var(Var::Local(id)) => {
                let known = self.bound.iter().rev().find(|(old, _)| old == id);
                Expr::Var(Var::Local(known.map_or(*id, |(_, new)| *new)))
            }
            Expr::Number(_) | Expr::Bool(_) | Expr::Var(_) | Expr::Measure(_) | Expr::List(_) | Expr::PerCell(_) => e.clone(),
        }
    }

    fn uses_bound(&self, e: &Expr) -> bool {
        let mut found = false;
        visit(e, &mut |e| {
            if let Expr::Var(Var::Local(id)) = e {
                found |= self.bound.iter().any(|(old, _)| old == id);
            }
        });
        found
    }

    /// A parameter in place of the expression, set to it.
    fn hide(&mut self, e: &Expr) -> Expr {
        let id = VarId(self.copy.variables.len() as u32);
        let name = format!("varying {}", self.hidden.len()).into();
        let kind = VariableKind::Param { default: None };
        self.copy.variables.push(Variable { name, span: self.span, dimension: Dimension::NONE, kind });
        self.hidden.push(Setting { variable: id, value: Attribute { value: e.clone(), span: self.span } });
        Expr::Var(Var::Own(id))
    }
}

/// Whether a value may differ between cells.
fn differs(e: &Expr) -> bool {
    let mut found = false;
    visit(e, &mut |e| {
        found |= matches!(e, Expr::Draw(..) | Expr::PerCell(_) | Expr::Var(Var::Pre(_) | Var::Post(_) | Var::Distance))
    });
    found
}
