//! The blocks of a file put together: initial values, currents, how states advance, events. Decides what of all that is set must last.

use super::receive::Received;
use super::symbols::ir_binary;
use super::unknown::is_unknown;
use super::{Done, Env, Phase, Slot, Symbol, Translator, pin};
use crate::nmodl::tree::{Block, BlockKind, Name, Place, Solve, Stmt, StmtKind};
use bouton_model::algebra;
use bouton_model::ir::{
    self, Action, Argument, Binary, Condition, Current, CurrentKind, Expr, HandlerId, HandlerKind, IonQuantity, Kinetic, Known,
    Mechanism, MechanismKind, Method, Var, VarId, VariableKind, Write, WritePhase,
};
use bouton_model::unit::Dimension;
use bouton_syntax::Span;
use std::collections::{BTreeSet, HashMap, HashSet};

/// An equation, and how many were met before it, itself included.
pub(super) struct Derivative {
    pub equation: ir::Equation,
    pub time: usize,
}

/// A condition under WATCH.
pub(super) struct Watched {
    pub slot: Slot,
    pub armed: VarId,
    pub when: Expr,
    pub handler: HandlerId,
    pub span: Span,
}

/// What each part of the simulation leaves in the slots.
pub(super) struct Parts {
    pub initial: Env,
    pub current: Env,
    pub advance: Env,
    pub received: Vec<Received>,
    pub start: Vec<Action>,
}

impl<'a> Translator<'a> {
    /// The whole file.
    pub(super) fn mechanism(&mut self) -> Done<Mechanism> {
        let file = self.file;
        let Some((place, name)) = file.neuron.name.clone() else {
            return self
                .wrong(file.span, "the file declares no mechanism: there is no SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL".into());
        };
        let kind = match place {
            Place::Density => MechanismKind::Density,
            Place::Point => MechanismKind::Point,
            Place::Artificial => MechanismKind::Free,
        };
        if let Some(times) = self.spike_times() {
            return Ok(times);
        }
        self.symbols()?;
        self.find_common();
        let currents = self.current_names();
        let parts = self.follow_all(!currents.is_empty())?;
        let mut columns = Vec::new();
        let parts = self.events(parts, &mut columns)?;
        let method = self.method;
        let mut mechanism = Mechanism {
            equations: self.derivatives.iter().map(|d| d.equation.clone()).collect(),
            kinetic: std::mem::take(&mut self.kinetic),
            method,
            steady: self.steady,
            lookups: std::mem::take(&mut self.lookups),
            ..Mechanism::empty((&*name.text).into(), name.span, kind)
        };
        mechanism.equations.splice(0..0, algebra::kinetic::rates(&mechanism.kinetic));
        let Kinetic { diffusing, volumes, .. } = &mut mechanism.kinetic;
        for one in diffusing {
            if let Some((_, volume)) = volumes.iter().find(|(state, _)| *state == one.state) {
                one.volume.clone_from(volume);
            }
        }
        self.writes(&mut mechanism)?;
        let live = self.live(&mechanism, &parts, &currents);
        self.lasting = live.iter().filter_map(|slot| self.slots.get(*slot)?.variable).collect();
        self.finish_currents(&mut mechanism, &parts, &currents, &live)?;
        self.finish_slots(&mut mechanism, &parts, &live)?;
        self.finish_common(&mut mechanism, &parts, &live);
        self.finish_events(&mut mechanism, &parts, columns, &live);
        match self.method {
            Some(Method::Cnexp) | None => self.pin(&mut mechanism)?,
            _ => mechanism.ahead = pin::ahead(&self.kept),
        }
        self.needs_no_unknown(&mechanism)?;
        mechanism.variables = std::mem::take(&mut self.variables);
        mechanism.locals = self.next_local;
        if kind == MechanismKind::Free && self.uses_membrane(&mechanism) {
            return self.refuse(name.span, "an ARTIFICIAL_CELL that reads a membrane");
        }
        Ok(mechanism)
    }

    /// The currents in the order in which they are summed.
    fn current_names(&self) -> Vec<(Name, CurrentKind)> {
        let neuron = &self.file.neuron;
        let carried = neuron.ions.iter().flat_map(|ion| {
            let own = ion.writes.iter().filter(|name| IonQuantity::of(&name.text, &ion.name.text) == Some(IonQuantity::Current));
            own.map(|name| (name.clone(), CurrentKind::Ion((&*ion.name.text).into())))
        });
        let plain = neuron.nonspecific.iter().map(|name| (name.clone(), CurrentKind::Nonspecific));
        let electrode = neuron.electrode.iter().map(|name| (name.clone(), CurrentKind::Electrode));
        carried.chain(plain).chain(electrode).collect()
    }

    fn follow_all(&mut self, has_currents: bool) -> Done<Parts> {
        let file = self.file;
        let of = |kind: BlockKind| file.blocks.iter().filter(move |block| block.kind == kind);
        self.phase = Phase::Initial;
        let written = self.written_states();
        for (at, slot) in self.slots.iter().enumerate() {
            if slot.variable.is_some_and(|id| !written.contains(&id)) {
                self.env.insert(at, slot.initial.clone());
            }
        }
        self.enter_common();
        for kind in [BlockKind::BeforeInitial, BlockKind::Initial, BlockKind::AfterInitial] {
            for block in of(kind) {
                self.body(&block.body)?;
            }
        }
        let mut initial = std::mem::take(&mut self.env);
        let start: Vec<Action> = std::mem::take(&mut self.drawn).into_iter().chain(std::mem::take(&mut self.caused)).collect();
        self.settle_common(&mut initial, &start);
        self.phase = Phase::Current;
        if has_currents {
            for block in of(BlockKind::BeforeBreakpoint).chain(of(BlockKind::Breakpoint)) {
                self.body(&block.body)?;
            }
        }
        self.count_looks();
        let current = std::mem::take(&mut self.env);
        self.phase = Phase::Advance;
        for block in of(BlockKind::Breakpoint) {
            let mut all = Vec::new();
            solved(&block.body, &mut all);
            for (solve, span) in all {
                self.advance(solve, span)?;
            }
        }
        if !has_currents {
            for block in of(BlockKind::BeforeBreakpoint).chain(of(BlockKind::Breakpoint)) {
                self.body(&without_solve(&block.body))?;
            }
        }
        for block in of(BlockKind::AfterSolve).chain(of(BlockKind::BeforeStep)) {
            self.body(&block.body)?;
        }
        let advance = std::mem::take(&mut self.env);
        Ok(Parts { initial, current, advance, received: Vec::new(), start })
    }

    fn events(&mut self, parts: Parts, columns: &mut Vec<(ir::Column, crate::nmodl::unit::Unit)>) -> Done<Parts> {
        *columns = self.columns()?;
        let received = self.receive(columns)?;
        Ok(Parts { received, ..parts })
    }

    /// States that stand for a concentration that the file writes: they begin as the ion does.
    fn written_states(&self) -> HashSet<VarId> {
        let names = self.file.neuron.ions.iter().flat_map(|ion| {
            ion.writes.iter().filter(|name| IonQuantity::of(&name.text, &ion.name.text) != Some(IonQuantity::Current))
        });
        let slots = names.filter_map(|name| match self.names.get(&name.text) {
            Some(Symbol::Slot(slot)) => self.slots.get(*slot).and_then(|s| s.variable),
            _ => None,
        });
        slots.collect()
    }

    /// What SOLVE does to the states.
    fn advance(&mut self, solve: &Solve, span: Span) -> Done<()> {
        let Some(block) = self.blocks.get(&solve.block.text).copied() else {
            return self.wrong(solve.block.span, format!("there is no block `{}`", solve.block.text));
        };
        let named = solve.method.as_ref().map(|m| &*m.text);
        match block.kind {
            BlockKind::Procedure | BlockKind::Function | BlockKind::Discrete => self.follow(block, Vec::new(), span).map(drop),
            // NEURON 9 takes derivimplicit then, but makes its iteration only where the method is named: derivatives are computed, and nobody advances the states.
            BlockKind::Derivative if named.is_none() => {
                let message =
                    format!("SOLVE {} has no METHOD: its states stay what they begin with, as in NEURON 9", block.name.text);
                self.notes.push((span, message));
                self.advance_here(block, span)
            }
            BlockKind::Derivative => {
                let method = match named {
                    Some("cnexp") => Method::Cnexp,
                    Some("derivimplicit" | "sparse") => Method::Derivimplicit,
                    Some("euler") => Method::Euler,
                    Some("runge") => Method::RungeKutta,
                    _ => return self.refuse(span, "this METHOD"),
                };
                self.states_of(block, method, span)
            }
            BlockKind::Kinetic if matches!(named, None | Some("sparse")) => self.states_of(block, Method::Sparse, span),
            BlockKind::Kinetic => self.refuse(span, "this METHOD for a KINETIC block"),
            BlockKind::Linear => self.linear(block, span),
            BlockKind::Nonlinear => self.nonlinear(block, span),
            _ => self.refuse(span, "SOLVE of this block"),
        }
    }

    fn states_of(&mut self, block: &Block, method: Method, span: Span) -> Done<()> {
        self.product = false;
        self.bent = false;
        let known = self.locals.len();
        let before = self.env.clone();
        let done = self.body(&block.body);
        self.locals.truncate(known);
        done?;
        if method == Method::Euler {
            self.set_before(&before);
        }
        let method = match method {
            Method::Cnexp if self.bent => Method::Derivimplicit,
            Method::Cnexp if self.product => return self.refuse(span, "cnexp of an equation that is not linear"),
            method => method,
        };
        self.integrated(method, span)
    }

    /// States are advanced by this method, too.
    pub(super) fn integrated(&mut self, method: Method, span: Span) -> Done<()> {
        self.method = match (self.method, method) {
            (None, method) => Some(method),
            (Some(a), b) if a == b => Some(a),
            // What stands beside a scheme is advanced by cnexp.
            (Some(Method::Sparse), Method::Cnexp) | (Some(Method::Cnexp), Method::Sparse) => Some(Method::Sparse),
            _ => return self.refuse(span, "two methods of integration in one file"),
        };
        Ok(())
    }

    fn writes(&mut self, mechanism: &mut Mechanism) -> Done<()> {
        for ion in &self.file.neuron.ions {
            for name in &ion.writes {
                let Some(quantity) = IonQuantity::of(&name.text, &ion.name.text) else {
                    return self.wrong(name.span, format!("the ion {} has no `{}`", ion.name.text, name.text));
                };
                let variable = match self.names.get(&name.text) {
                    Some(Symbol::Slot(slot)) => self.slots.get(*slot).and_then(|s| s.variable),
                    _ => None,
                };
                let Some(variable) = variable.filter(|_| quantity != IonQuantity::Current) else { continue };
                let dimension = if quantity.is_concentration() { Dimension::CONCENTRATION } else { Dimension::VOLTAGE };
                if let Some(v) = self.variables.get_mut(variable.index()) {
                    v.dimension = dimension;
                }
                let ion = (&*ion.name.text).into();
                mechanism.writes.push(Write { variable, ion, quantity, phase: WritePhase::States });
            }
        }
        Ok(())
    }

    fn uses_membrane(&self, mechanism: &Mechanism) -> bool {
        let membrane = |var: Var| matches!(var, Var::Known(Known::V | Known::Area | Known::Diam));
        let mut found = false;
        let mut look = |e: &Expr| found |= algebra::mentions(mechanism, e, &membrane);
        mechanism.equations.iter().for_each(|e| look(&e.rate));
        for handler in &mechanism.handlers {
            algebra::visit_actions(&handler.body, &mut look);
        }
        algebra::visit_actions(&mechanism.after, &mut look);
        found
    }

    fn finish_currents(
        &mut self,
        mechanism: &mut Mechanism,
        parts: &Parts,
        currents: &[(Name, CurrentKind)],
        live: &BTreeSet<Slot>,
    ) -> Done<()> {
        for (name, kind) in currents {
            let Some(Symbol::Slot(slot)) = self.names.get(&name.text).cloned() else { continue };
            let value = self.current_value(slot, parts);
            let value = match mechanism.kind {
                MechanismKind::Point => ir_binary(Binary::Mul, value, Expr::Number(1e-6)),
                _ => value,
            };
            let dimension = if mechanism.kind == MechanismKind::Point { Dimension::CURRENT } else { Dimension::CURRENT_DENSITY };
            let kind_of = VariableKind::Current { current: mechanism.currents.len() };
            let own = self.slots.get(slot).and_then(|s| s.variable).filter(|_| !live.contains(&slot));
            let variable = match own {
                Some(id) => {
                    if let Some(v) = self.variables.get_mut(id.index()) {
                        (v.kind, v.dimension) = (kind_of, dimension);
                    }
                    id
                }
                None => self.variable(&format!("{}'current", name.text), name.span, dimension, kind_of),
            };
            mechanism.currents.push(Current { variable, kind: kind.clone(), value, span: name.span });
        }
        Ok(())
    }

    fn finish_slots(&mut self, mechanism: &mut Mechanism, parts: &Parts, live: &BTreeSet<Slot>) -> Done<()> {
        let integrated: HashSet<VarId> = mechanism.equations.iter().map(|e| e.state).collect();
        let conserved: HashSet<VarId> = mechanism.kinetic.conserved.iter().flat_map(|c| &c.sum).map(|s| s.state).collect();
        let written: HashSet<VarId> = mechanism.writes.iter().map(|w| w.variable).collect();
        let diffuses: HashSet<VarId> = mechanism.kinetic.diffusing.iter().map(|d| d.state).collect();
        let set_by_events: BTreeSet<Slot> =
            parts.received.iter().flat_map(Received::parts).flat_map(|r| r.env.keys().copied()).collect();
        for at in 0..self.slots.len() {
            let Some(id) = self.slots.get(at).and_then(|s| s.variable) else { continue };
            if !matches!(self.variables.get(id.index()).map(|v| &v.kind), Some(VariableKind::State { .. })) {
                continue;
            }
            let (current, advance) = (parts.current.get(&at), parts.advance.get(&at));
            let initial = parts.initial.get(&at).cloned();
            if !live.contains(&at) {
                self.show(id, current.or(advance).cloned().or(initial));
                continue;
            }
            if let Some(value) = current {
                mechanism.during.push(Action::Assign(id, value.clone()));
            }
            if let Some(value) = advance {
                mechanism.after.push(Action::Assign(id, value.clone()));
            }
            let initial = initial.map(|e| self.drawn_at_start(id, e));
            let lasts = integrated.contains(&id) || conserved.contains(&id) || written.contains(&id) || diffuses.contains(&id);
            let stays = current.is_none() && advance.is_none() && !lasts && !set_by_events.contains(&at);
            let initial = initial.unwrap_or(Expr::Var(Var::Own(id)));
            let kind = match stays && self.is_constant(&initial) && !self.is_common(at, parts) {
                true => VariableKind::Let { value: initial },
                false => VariableKind::State { initial },
            };
            if let Some(v) = self.variables.get_mut(id.index()) {
                v.kind = kind;
            }
        }
        simultaneous(&mut mechanism.during, &mut self.next_local);
        simultaneous(&mut mechanism.after, &mut self.next_local);
        Ok(())
    }

    /// A slot that need not last is a definition for whoever looks at it; one that only counts itself cannot be seen.
    fn show(&mut self, id: VarId, value: Option<Expr>) {
        let value = value.unwrap_or(Expr::Number(0.0));
        let dead = |var: &Var| match var {
            Var::Own(other) => {
                *other == id
                    || matches!(self.variables.get(other.index()).map(|v| &v.kind), Some(VariableKind::State { .. }))
                        && self.slots.iter().any(|s| s.variable == Some(*other))
                        && !self.stands(*other)
            }
            Var::Local(local) => is_unknown(*local),
            _ => false,
        };
        let hidden = self.reach(&value).iter().any(dead);
        let Some(v) = self.variables.get_mut(id.index()) else { return };
        if hidden {
            v.name = format!("{}'hidden", v.name).as_str().into();
            v.kind = VariableKind::Let { value: Expr::Number(f64::NAN) };
        } else {
            v.kind = VariableKind::Let { value };
        }
    }

    fn stands(&self, id: VarId) -> bool {
        self.lasting.contains(&id)
    }

    fn finish_events(
        &mut self,
        mechanism: &mut Mechanism,
        parts: &Parts,
        columns: Vec<(ir::Column, crate::nmodl::unit::Unit)>,
        live: &BTreeSet<Slot>,
    ) {
        let variables: HashMap<Slot, VarId> =
            live.iter().filter_map(|slot| Some((*slot, self.slots.get(*slot)?.variable?))).collect();
        let lasts = |slot: Slot| variables.get(&slot).copied();
        let arguments: Vec<Argument> = (0..)
            .zip(&columns)
            .map(|(at, (column, _))| Argument { name: column.name.clone(), column: at, dimension: column.dimension })
            .collect();
        let mut order: Vec<&Received> = parts.received.iter().collect();
        order.sort_by_key(|r| self.flags.iter().position(|flag| flag.to_bits() == r.flag.to_bits()));
        for received in order {
            let handler = self.handler(received, &arguments, &lasts);
            mechanism.handlers.push(handler);
        }
        for watched in std::mem::take(&mut self.watches) {
            let Some(handler) = mechanism.handlers.get(watched.handler.index()) else { continue };
            let armed = |state: f64| ir_binary(Binary::Eq, Expr::Var(Var::Own(watched.armed)), Expr::Number(state));
            let not = Expr::Unary(ir::Unary::Not, Box::new(watched.when.clone()));
            let released = vec![Action::Assign(watched.armed, Expr::Number(1.0))];
            let when = ir_binary(Binary::And, armed(-1.0), not);
            mechanism.conditions.push(Condition { when, body: released, span: watched.span });
            let when = ir_binary(Binary::And, armed(1.0), watched.when);
            mechanism.conditions.push(Condition { when, body: handler.body.clone(), span: watched.span });
        }
        let (drawn, span) = (self.draws_of_states(), self.file.span);
        let start = parts.start.iter().chain(&self.set_at_start).chain(&drawn).cloned().collect();
        for (name, kind, body) in [("start", HandlerKind::Start, start), ("step", HandlerKind::Step, drawn)] {
            if !body.is_empty() {
                mechanism.handlers.push(ir::Handler { name: name.into(), kind, arguments: Vec::new(), body, span });
            }
        }
        mechanism.columns = columns.into_iter().map(|(column, _)| column).collect();
    }
}

/// SOLVE statements: NEURON takes them out of the block, also out of conditions, and does them first.
fn solved<'s>(body: &'s [Stmt], all: &mut Vec<(&'s Solve, Span)>) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Solve(solve) => all.push((solve, stmt.span)),
            StmtKind::If(_, a, b) => {
                solved(a, all);
                solved(b, all);
            }
            _ => {}
        }
    }
}

/// What is left when SOLVE is taken out.
fn without_solve(body: &[Stmt]) -> Vec<Stmt> {
    let rest = body.iter().filter(|stmt| !matches!(stmt.kind, StmtKind::Solve(_))).map(|stmt| match &stmt.kind {
        StmtKind::If(condition, a, b) => {
            Stmt { kind: StmtKind::If(condition.clone(), without_solve(a), without_solve(b)), span: stmt.span }
        }
        _ => stmt.clone(),
    });
    rest.collect()
}

/// All values first, then all assignments.
fn simultaneous(actions: &mut Vec<Action>, next: &mut u32) {
    let mut values = Vec::new();
    let mut assigns = Vec::new();
    for action in actions.drain(..) {
        if let Action::Assign(id, value) = action {
            let local = ir::LocalId(*next);
            *next += 1;
            values.push(Action::Let(local, value));
            assigns.push(Action::Assign(id, Expr::Var(Var::Local(local))));
        }
    }
    values.extend(assigns);
    *actions = values;
}
