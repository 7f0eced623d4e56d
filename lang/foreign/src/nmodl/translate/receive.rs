//! NET_RECEIVE: one handler for events of connections, one for each flag with which the mechanism sends events to itself.

use super::symbols::ir_binary;
use super::{Done, Phase, Symbol, Translator, number};
use crate::nmodl::tree::{BlockKind, Expr as Written, ExprKind, Name, Op, Stmt, StmtKind};
use crate::nmodl::unit::Unit;
use bouton_model::ir::{
    Action, Argument, Binary, Column, Expr, Handler, HandlerId, HandlerKind, Known, Var, VarId, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::Span;

/// What NET_RECEIVE comes to, before it is known which slots last.
pub(super) struct Received {
    /// The flag that it answers.
    pub flag: f64,
    /// Values of slots at its end.
    pub env: super::Env,
    /// What it draws, before anything else.
    pub drawn: Vec<Action>,
    /// What it causes.
    pub caused: Vec<Action>,
    /// Slots of the arguments with the units of these.
    pub arguments: Vec<(usize, Unit)>,
    /// Whether it is done for each connection that reaches the instance.
    pub each: bool,
    /// What comes before it: loops over connections, and what stands between them.
    pub earlier: Vec<Received>,
}

/// Slots of arguments with their units, and what their names stand for.
type Arguments = (Vec<(usize, Unit)>, Vec<(std::rc::Rc<str>, Symbol)>);

impl Received {
    /// Everything in order.
    pub fn parts(&self) -> impl Iterator<Item = &Received> {
        self.earlier.iter().chain(std::iter::once(self))
    }
}

impl Translator<'_> {
    /// The handler of events with a flag; that of all with one that is computed if it is not a number.
    pub(super) fn flag(&mut self, flag: f64) -> HandlerId {
        // -0 is 0.
        let flag = flag + 0.0;
        let at = self.flags.iter().position(|known| known.to_bits() == flag.to_bits()).unwrap_or_else(|| {
            self.flags.push(flag);
            self.flags.len() - 1
        });
        HandlerId(u32::try_from(at).unwrap_or(u32::MAX))
    }

    /// What connections bring.
    pub(super) fn columns(&mut self) -> Done<Vec<(Column, Unit)>> {
        let Some(block) = self.file.blocks.iter().find(|block| block.kind == BlockKind::NetReceive) else {
            return Ok(Vec::new());
        };
        let mut list = Vec::new();
        for (at, (name, unit)) in block.arguments.iter().enumerate() {
            let unit =
                unit.as_deref().and_then(|unit| self.units.read(unit)).filter(|unit| !unit.is_temperature()).unwrap_or(Unit::ONE);
            let initial = (at > 0).then_some(Expr::Number(0.0));
            list.push((Column { name: (&*name.text).into(), span: name.span, dimension: unit.dimension(), initial }, unit));
        }
        Ok(list)
    }

    /// Follows NET_RECEIVE for every flag there is; more may come up meanwhile.
    pub(super) fn receive(&mut self, columns: &mut [(Column, Unit)]) -> Done<Vec<Received>> {
        let Some(block) = self.file.blocks.iter().find(|block| block.kind == BlockKind::NetReceive) else {
            return Ok(Vec::new());
        };
        let mut all = Vec::new();
        let mut at = 0;
        if self.flags.is_empty() || self.flags.iter().all(|flag| *flag != 0.0) {
            self.flags.push(0.0);
        }
        self.phase = Phase::Event;
        while let Some(flag) = self.flags.get(at).copied() {
            at += 1;
            let (slots, arguments) = self.arguments(block, columns, flag);
            self.locals = arguments;
            self.slots_of_event.clone_from(&slots);
            self.earlier.clear();
            self.env.clear();
            self.caused.clear();
            self.drawn.clear();
            self.watching = false;
            self.body(&block.body)?;
            self.locals.clear();
            let (env, caused) = (std::mem::take(&mut self.env), std::mem::take(&mut self.caused));
            let drawn = std::mem::take(&mut self.drawn);
            let earlier = std::mem::take(&mut self.earlier);
            all.push(Received { flag, env, drawn, caused, arguments: slots, each: false, earlier });
        }
        if let Some(initial) =
            block.body.iter().find_map(|s| if let StmtKind::Initial(body) = &s.kind { Some(body) } else { None })
        {
            self.keep(block, columns, initial)?;
        }
        match self.moved {
            Some(span) if self.flags.iter().any(|flag| flag.is_nan()) => {
                self.refuse(span, "`net_move` beside events with flags that are computed")
            }
            _ => Ok(all),
        }
    }

    fn arguments(&mut self, block: &crate::nmodl::tree::Block, columns: &[(Column, Unit)], flag: f64) -> Arguments {
        let mut slots = Vec::new();
        let own = if flag.is_nan() {
            // It comes behind what the connection has.
            let own = Expr::Var(Var::Argument(u8::try_from(columns.len().max(1)).unwrap_or(u8::MAX)));
            Symbol::Slot(self.slot(&"flag".into(), own, None, Expr::Number(0.0)))
        } else {
            Symbol::Number(flag)
        };
        let mut names = vec![("flag".into(), own)];
        for (k, ((name, _), (_, unit))) in block.arguments.iter().zip(columns).enumerate() {
            let own = Expr::Var(Var::Argument(u8::try_from(k).unwrap_or(u8::MAX)));
            let own = if unit.factor() == 1.0 { own } else { ir_binary(Binary::Mul, own, Expr::Number(unit.reciprocal())) };
            let slot = self.slot(&name.text, own, None, Expr::Number(0.0));
            slots.push((slot, *unit));
            // What is called `flag` is the flag.
            if &*name.text == "flag" {
                continue;
            }
            names.push((name.text.clone(), Symbol::Slot(slot)));
        }
        (slots, names)
    }

    /// INITIAL inside: what connections keep begins so.
    fn keep(&mut self, block: &crate::nmodl::tree::Block, columns: &mut [(Column, Unit)], initial: &[Stmt]) -> Done<()> {
        let (slots, names) = self.arguments(block, columns, 0.0);
        self.locals = names;
        self.env.clear();
        self.body(initial)?;
        self.locals.clear();
        let env = std::mem::take(&mut self.env);
        for ((slot, unit), (column, _)) in slots.iter().zip(columns).skip(1) {
            if let Some(value) = env.get(slot) {
                column.initial = Some(coherent(value.clone(), *unit));
            }
        }
        Ok(())
    }

    pub(super) fn watch(&mut self, condition: &Written, flag: &Written, span: Span) -> Done<()> {
        let holds = self.holds(condition)?;
        let flag = self.value(flag)?;
        // It is looked at later, when what is set here has gone to the states.
        let local = |s: &Self, slot: &usize| {
            s.slots.get(*slot).is_some_and(|cell| cell.variable.is_none() && cell.entry == Expr::Number(0.0))
        };
        let later = self.env.iter().filter(|(slot, _)| local(self, slot)).map(|(slot, value)| (*slot, value.clone())).collect();
        let now = std::mem::replace(&mut self.env, later);
        let when = self.truth(condition);
        self.env = now;
        let when = when?;
        let Some(flag) = number(&flag) else { return self.refuse(span, "WATCH with a flag that is computed") };
        let handler = self.flag(flag);
        let at = match self.watches.iter().position(|w| w.span == span) {
            Some(at) => at,
            None => {
                // Whether it is being watched.
                let name = format!("watch'{}", self.watches.len());
                let kind = VariableKind::State { initial: Expr::Number(0.0) };
                let armed = self.variable(&name, span, Dimension::NONE, kind);
                let slot = self.slot(&name.as_str().into(), Expr::Var(Var::Own(armed)), Some(armed), Expr::Number(0.0));
                self.watches.push(super::assemble::Watched { slot, armed, when, handler, span });
                self.watches.len() - 1
            }
        };
        // The first of a call replaces those that were watched before.
        if !self.watching {
            self.watching = true;
            for other in 0..self.watches.len() {
                let slot = self.watches[other].slot;
                if other != at {
                    self.write(slot, Expr::Number(0.0), span);
                }
            }
        }
        let slot = self.watches[at].slot;
        // What holds already must be false once before it can become true.
        let state = super::value::choose(holds, Expr::Number(-1.0), Expr::Number(1.0));
        self.write(slot, state, span);
        Ok(())
    }

    /// Whether a condition counts as true where WATCH begins: what is compared differs by no less than -1e-11.
    fn holds(&mut self, condition: &Written) -> Done<Expr> {
        let (a, b) = match &condition.kind {
            ExprKind::Binary(Op::Gt | Op::Ge, a, b) => (a, b),
            ExprKind::Binary(Op::Lt | Op::Le, a, b) => (b, a),
            _ => return self.truth(condition),
        };
        let difference = ir_binary(Binary::Sub, self.value(a)?, self.value(b)?);
        Ok(ir_binary(Binary::Ge, difference, Expr::Number(-1e-11)))
    }

    /// Handlers as the program has them. `lasts`: whether a slot outlives the block, and in which variable.
    pub(super) fn handler(
        &mut self,
        received: &Received,
        arguments: &[Argument],
        lasts: &dyn Fn(usize) -> Option<VarId>,
    ) -> Handler {
        let mut body = Vec::new();
        for part in received.parts() {
            let actions = self.actions(part, lasts);
            if part.each {
                body.push(Action::EachConnection(actions));
            } else {
                body.extend(actions);
            }
        }
        let name = match received.flag {
            0.0 => "event".to_owned(),
            flag if flag.is_nan() => "flag".to_owned(),
            flag => format!("flag_{flag}"),
        };
        let span = self.file.span;
        Handler { name: name.as_str().into(), kind: HandlerKind::Event, arguments: arguments.to_vec(), body, span }
    }

    /// FOR_NETCONS: what was done before it is done, then its body for each connection, with names of its own for what these keep.
    pub(super) fn each_connection(&mut self, names: &[Name], body: &[Stmt], span: Span) -> Done<()> {
        if self.phase != Phase::Event || !self.conditions.is_empty() {
            return self.refuse(span, "FOR_NETCONS under a condition");
        }
        let around = std::mem::take(&mut self.env);
        let (mut drawn, caused) = (std::mem::take(&mut self.drawn), std::mem::take(&mut self.caused));
        let mut before = super::Env::new();
        for (slot, value) in around {
            let is_argument = self.slots_of_event.iter().any(|(one, _)| *one == slot);
            let outlives =
                self.slots.get(slot).is_some_and(|s| s.variable.is_some() || s.entry == Expr::Var(Var::Known(Known::V)));
            if is_argument || outlives {
                before.insert(slot, value);
            } else {
                // A local value stays what it is.
                let local = self.local();
                drawn.push(Action::Let(local, value));
                self.env.insert(slot, Expr::Var(Var::Local(local)));
            }
        }
        let arguments = self.slots_of_event.clone();
        self.earlier.push(Received { flag: 0.0, env: before, drawn, caused, arguments, each: false, earlier: Vec::new() });
        let after = self.env.clone();
        let known = self.locals.len();
        let mut slots = Vec::new();
        for (k, (name, unit)) in names.iter().zip(self.slots_of_event.clone().iter().map(|(_, unit)| *unit)).enumerate() {
            let own = Expr::Var(Var::Argument(u8::try_from(k).unwrap_or(u8::MAX)));
            let own = if unit.factor() == 1.0 { own } else { ir_binary(Binary::Mul, own, Expr::Number(unit.reciprocal())) };
            let slot = self.slot(&name.text, own, None, Expr::Number(0.0));
            slots.push((slot, unit));
            self.locals.push((name.text.clone(), Symbol::Slot(slot)));
        }
        self.body(body)?;
        self.locals.truncate(known);
        let inner = std::mem::replace(&mut self.env, after.clone());
        if !self.caused.is_empty() || !self.drawn.is_empty() {
            return self.refuse(span, "FOR_NETCONS that sends events or draws");
        }
        let own = |slot: &usize| slots.iter().any(|(one, _)| one == slot);
        let outside = |slot: &usize| self.slots.get(*slot).is_some_and(|s| s.variable.is_some());
        if inner.iter().any(|(slot, value)| !own(slot) && outside(slot) && after.get(slot) != Some(value)) {
            return self.refuse(span, "FOR_NETCONS that sets more than what connections keep");
        }
        let kept: super::Env = inner.into_iter().filter(|(slot, _)| slots.iter().any(|(one, _)| one == slot)).collect();
        self.earlier.push(Received {
            flag: 0.0,
            env: kept,
            drawn: Vec::new(),
            caused: Vec::new(),
            arguments: slots,
            each: true,
            earlier: Vec::new(),
        });
        Ok(())
    }

    /// What a part of a handler does: its draws, all values, what it causes, all assignments.
    fn actions(&mut self, received: &Received, lasts: &dyn Fn(usize) -> Option<VarId>) -> Vec<Action> {
        let mut body = received.drawn.clone();
        let mut assigns = Vec::new();
        for (slot, value) in &received.env {
            let local = self.local();
            let given = Expr::Var(Var::Local(local));
            if let Some(k) = received.arguments.iter().position(|(argument, _)| argument == slot) {
                let unit = received.arguments[k].1;
                body.push(Action::Let(local, value.clone()));
                assigns.push(Action::Keep(u8::try_from(k).unwrap_or(u8::MAX), coherent(given, unit)));
            } else if self.slots.get(*slot).is_some_and(|s| s.entry == Expr::Var(Var::Known(Known::V)) && s.variable.is_none()) {
                body.push(Action::Let(local, value.clone()));
                assigns.push(Action::Potential(given));
            } else if let Some(variable) = lasts(*slot) {
                body.push(Action::Let(local, value.clone()));
                assigns.push(Action::Assign(variable, given));
            }
        }
        body.extend(received.caused.iter().cloned());
        body.extend(assigns);
        body
    }
}

/// A number of the file in the coherent system.
fn coherent(value: Expr, unit: Unit) -> Expr {
    match unit.factor() == 1.0 {
        true => value,
        false => ir_binary(Binary::Mul, value, Expr::Number(unit.factor())),
    }
}
