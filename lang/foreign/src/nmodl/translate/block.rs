//! Statements, as they would be executed.

use super::lift;
use super::symbols::ir_binary;
use super::value::choose;
use super::verbatim::{Meaning, meaning};
use super::{Done, Phase, Symbol, Translator, number};
use crate::nmodl::code::SEEDS;
use crate::nmodl::pointer::mentions;
use crate::nmodl::tree::{BlockKind, Expr as Written, ExprKind, Name, Stmt, StmtKind};
use bouton_model::ir::{Action, Binary, Expr, Known, Var, VariableKind};
use bouton_syntax::Span;
use std::rc::Rc;

/// A branch that was followed, and what it left.
struct Fork {
    condition: Expr,
    yes: super::Env,
    equations: Vec<(Expr, Span)>,
    /// How many equations were known before it.
    known: usize,
}

impl Translator<'_> {
    /// Follows statements; names that they declare end with them.
    pub(super) fn body(&mut self, body: &[Stmt]) -> Done<()> {
        let known = self.locals.len();
        for (at, stmt) in body.iter().enumerate() {
            if self.nested >= super::MOST_NESTED {
                return self.too_deep(stmt.span, super::MOST_NESTED);
            }
            self.nested += 1;
            let done = self.statement(stmt, at + 1 == body.len());
            self.nested -= 1;
            done?;
        }
        self.locals.truncate(known);
        Ok(())
    }

    fn statement(&mut self, stmt: &Stmt, is_last: bool) -> Done<()> {
        self.step(stmt.span)?;
        let span = stmt.span;
        match &stmt.kind {
            StmtKind::Assign(name, index, value) => self.assign(name, index.as_ref(), value, span),
            StmtKind::Derivative(name, index, value) => self.derivative(name, index.as_ref(), value, span),
            StmtKind::Call(name, arguments) => self.called(name, arguments, span),
            StmtKind::Local(list) => {
                for (name, size) in list {
                    let symbol = match size {
                        None => Symbol::Slot(self.scratch(&name.text)),
                        Some(size) => Symbol::Array(self.elements(name, *size)?.map(|_| self.scratch(&name.text)).collect()),
                    };
                    self.locals.push((name.text.clone(), symbol));
                }
                Ok(())
            }
            StmtKind::If(condition, then, otherwise) => self.branch(condition, then, otherwise, span),
            StmtKind::While(condition, body) => self.repeat(condition, body, span),
            StmtKind::From(name, first, last, by, body) => self.count(name, (first, last, by.as_ref()), body, span),
            StmtKind::Solve(solve) => self.solve(solve, span),
            StmtKind::Table(_) | StmtKind::Initial(_) => Ok(()),
            StmtKind::Verbatim(code) => match meaning(code, is_last && self.conditions.is_empty()) {
                Meaning::Nothing => Ok(()),
                Meaning::Refused(what) => self.unknown(code, what, span),
            },
            StmtKind::Return(_) => self.refuse(span, "VERBATIM that returns from a loop"),
            StmtKind::Watch(condition, flag) => self.watch(condition, flag, span),
            StmtKind::ForNetcons(names, body) => self.each_connection(names, body, span),
            StmtKind::Reaction(..)
            | StmtKind::Flux(..)
            | StmtKind::Conserve(..)
            | StmtKind::Compartment(..)
            | StmtKind::Diffusion(..) => self.reaction(stmt),
            StmtKind::Equation(left, right) => self.equation(left, right, span),
            StmtKind::Other(what) => self.refuse(span, what),
        }
    }

    fn assign(&mut self, name: &Name, index: Option<&Written>, value: &Written, span: Span) -> Done<()> {
        let value = self.value(value)?;
        if let (Some(Symbol::Array(slots)), Some(written)) = (self.symbol(&name.text), index) {
            let at = self.value(written)?;
            if number(&at).is_none() {
                self.search(slots.len(), span)?;
                let value = self.bind(&name.text, value, span);
                let at = self.bind("index", Expr::Call(bouton_model::builtin::Function::Floor, vec![at]), span);
                for (k, slot) in slots.into_iter().enumerate() {
                    let old = self.read(slot);
                    let here = ir_binary(Binary::Eq, at.clone(), Expr::Number(k as f64));
                    self.write(slot, choose(here, value.clone(), old), span);
                }
                return Ok(());
            }
        }
        let slot = self.target(&name.text, index, name.span)?;
        self.write(slot, value, span);
        Ok(())
    }

    /// `if`, and what follows it by `else if`: as long as such a row may be, it is no nesting.
    fn branch(&mut self, condition: &Written, then: &[Stmt], otherwise: &[Stmt], span: Span) -> Done<()> {
        let (mut condition, mut then, mut otherwise) = (condition, then, otherwise);
        let mut forks = Vec::new();
        loop {
            match self.truth(condition)? {
                Expr::Bool(true) => {
                    self.body(then)?;
                    break;
                }
                Expr::Bool(false) => {}
                truth if self.phase == Phase::Event && (lift::visits(then) || lift::visits(otherwise)) => {
                    self.branch_of_visits(&truth, then, otherwise, span)?;
                    break;
                }
                truth => {
                    let truth = self.bind("condition", truth, span);
                    forks.push(self.fork(truth, |s| s.body(then))?);
                }
            }
            let [Stmt { kind: StmtKind::If(next, yes, no), span }] = otherwise else {
                self.body(otherwise)?;
                break;
            };
            self.step(*span)?;
            (condition, then, otherwise) = (next, yes, no);
        }
        while let Some(fork) = forks.pop() {
            self.join(fork, span);
        }
        Ok(())
    }

    /// Follows both branches and joins what they leave.
    pub(super) fn under(
        &mut self,
        condition: Expr,
        then: impl FnOnce(&mut Self) -> Done<()>,
        otherwise: impl FnOnce(&mut Self) -> Done<()>,
        span: Span,
    ) -> Done<()> {
        let fork = self.fork(condition, then)?;
        otherwise(self)?;
        self.join(fork, span);
        Ok(())
    }

    /// Follows one branch; what is followed next is the other one.
    fn fork(&mut self, condition: Expr, then: impl FnOnce(&mut Self) -> Done<()>) -> Done<Fork> {
        let before = self.env.clone();
        let known = self.system.as_ref().map_or(0, Vec::len);
        self.conditions.push(condition.clone());
        then(self)?;
        self.conditions.pop();
        let equations = self.system.as_mut().map_or_else(Vec::new, |system| system.split_off(known));
        let yes = std::mem::replace(&mut self.env, before);
        self.conditions.push(Expr::Unary(bouton_model::ir::Unary::Not, Box::new(condition.clone())));
        Ok(Fork { condition, yes, equations, known })
    }

    fn join(&mut self, fork: Fork, span: Span) {
        let Fork { condition, yes, equations, known } = fork;
        self.conditions.pop();
        self.join_equations(&condition, equations, known, span);
        let no = self.env.clone();
        let mut slots: Vec<usize> = yes.keys().chain(no.keys()).copied().collect();
        slots.sort_unstable();
        slots.dedup();
        for slot in slots {
            let of = |env: &super::Env, s: &Self| env.get(&slot).cloned().or_else(|| s.slots.get(slot).map(|x| x.entry.clone()));
            let (Some(a), Some(b)) = (of(&yes, self), of(&no, self)) else { continue };
            self.write(slot, choose(condition.clone(), a, b), span);
        }
    }

    fn called(&mut self, name: &Name, arguments: &[Written], span: Span) -> Done<()> {
        if self.blocks.get(&name.text).is_some_and(|block| super::draw::seeds(block)) {
            return Ok(());
        }
        let t = || Expr::Var(Var::Known(Known::T));
        match (&*name.text, arguments) {
            ("hoc_execerror" | "hoc_execerr_ext", _) => {
                self.notes.push((span, "NEURON stops with an error here; this goes on".into()));
                Ok(())
            }
            (
                "printf" | "fprintf" | "fflush" | "hoc_warning" | "abort" | "assert" | "set_seed" | "setseed" | "random_setseq"
                | "random_setids",
                _,
            ) => Ok(()),
            (name, _) if SEEDS.contains(&name) => Ok(()),
            ("state_discontinuity", [target, value]) => {
                let (name, index) = match &target.kind {
                    ExprKind::Name(name) => (name, None),
                    ExprKind::Index(name, index) => (name, Some(&**index)),
                    _ => return self.wrong(span, "`state_discontinuity` takes a state and a value".into()),
                };
                let value = self.value(value)?;
                let slot = self.target(name, index, target.span)?;
                let value = self.at_first_look(value, slot);
                self.write(slot, value, span);
                Ok(())
            }
            ("net_send", [delay, flag]) => {
                let (delay, flag) = (self.value(delay)?, self.value(flag)?);
                let delay = self.bind("delay", delay, span);
                self.send(&delay, &flag, span)
            }
            ("net_move", [time]) => {
                let time = self.value(time)?;
                let handler = self.flag(1.0);
                let delay = self.bind("delay", ir_binary(Binary::Sub, time, t()), span);
                self.moved = Some(span);
                self.cause(Action::Send { delay, handler, moves: true, flag: None });
                Ok(())
            }
            ("net_event", [_]) => {
                self.cause(Action::Spike(None));
                Ok(())
            }
            _ => {
                let written = Written { kind: ExprKind::Call(name.text.clone(), arguments.to_vec()), span };
                self.value(&written).map(drop)
            }
        }
    }

    /// net_send; a flag that a condition chooses becomes events under that condition, one that is computed goes with the event.
    fn send(&mut self, delay: &Expr, flag: &Expr, span: Span) -> Done<()> {
        match flag {
            Expr::Number(flag) => {
                let handler = self.flag(*flag);
                self.cause(Action::Send { delay: delay.clone(), handler, moves: false, flag: None });
                Ok(())
            }
            Expr::If(condition, a, b) => {
                self.under((**condition).clone(), |s| s.send(delay, a, span), |s| s.send(delay, b, span), span)
            }
            Expr::Var(Var::Own(id)) => match self.variables.get(id.index()).map(|v| v.kind.clone()) {
                Some(VariableKind::Let { value: value @ (Expr::Number(_) | Expr::If(..)) }) => self.send(delay, &value, span),
                _ => self.send_number(delay, flag),
            },
            _ => self.send_number(delay, flag),
        }
    }

    fn send_number(&mut self, delay: &Expr, flag: &Expr) -> Done<()> {
        let handler = self.flag(f64::NAN);
        self.cause(Action::Send { delay: delay.clone(), handler, moves: false, flag: Some(flag.clone()) });
        Ok(())
    }

    /// Something that happens under the conditions around.
    fn cause(&mut self, action: Action) {
        let action = self.conditions.iter().rev().fold(action, |inner, c| Action::If(c.clone(), vec![inner], Vec::new()));
        self.caused.push(action);
    }

    fn derivative(&mut self, name: &Name, index: Option<&Written>, value: &Written, span: Span) -> Done<()> {
        if self.here.is_some() {
            return self.advanced(name, index, value, span);
        }
        let rate = self.value(value)?;
        let rate = self.slope(name, rate, span);
        if self.phase != Phase::Advance {
            return self.refuse(span, "an equation outside of a DERIVATIVE block");
        }
        match super::pin::form(value, &name.text) {
            super::pin::Form::Bent => self.bent = true,
            super::pin::Form::Product => self.product = true,
            super::pin::Form::Free | super::pin::Form::Linear => {}
        }
        let slot = self.target(&name.text, index, name.span)?;
        let Some(state) = self.slots.get(slot).and_then(|s| s.variable) else {
            return self.wrong(span, format!("`{}` is no state", name.text));
        };
        // Under conditions an equation is that of its branch; where none holds the state stands still.
        let all = self.conditions.iter().cloned().reduce(|a, b| ir_binary(Binary::And, a, b));
        let known = self.derivatives.iter_mut().find(|e| e.equation.state == state);
        let rate = match (all, known) {
            (Some(condition), Some(known)) => {
                let other = std::mem::replace(&mut known.equation.rate, Expr::Number(0.0));
                known.equation.rate = choose(condition, rate, other);
                return Ok(());
            }
            (Some(condition), None) => choose(condition, rate, Expr::Number(0.0)),
            (None, Some(_)) => return self.refuse(span, "a second equation of one state"),
            (None, None) => rate,
        };
        if self.env.contains_key(&slot) {
            return self.refuse(span, "a state that is set before its equation");
        }
        let equation = bouton_model::ir::Equation { state, rate, span };
        self.clock += 1;
        self.derivatives.push(super::assemble::Derivative { equation, time: self.clock });
        Ok(())
    }

    /// What the block can read as `x'` behind the equation of x.
    fn slope(&mut self, name: &Name, rate: Expr, span: Span) -> Expr {
        let shown: Rc<str> = format!("{}'", name.text).as_str().into();
        if !self.file.blocks.iter().any(|block| mentions(&block.body, &shown)) {
            return rate;
        }
        let slot = match self.names.get(&shown) {
            Some(Symbol::Slot(slot)) => *slot,
            _ => self.scratch(&shown),
        };
        self.names.insert(shown, Symbol::Slot(slot));
        self.write(slot, rate, span);
        self.read(slot)
    }

    fn solve(&mut self, solve: &crate::nmodl::tree::Solve, span: Span) -> Done<()> {
        match self.phase {
            Phase::Current => Ok(()),
            Phase::Initial => {
                let block = self.blocks.get(&solve.block.text).copied();
                match (block.map(|b| b.kind), solve.steady.as_ref().map(|s| &*s.text)) {
                    // One step of 1e-9 ms: the states stay where they are.
                    (Some(BlockKind::Derivative), Some("derivimplicit")) => Ok(()),
                    (Some(BlockKind::Kinetic), Some("sparse")) => {
                        self.steady = true;
                        Ok(())
                    }
                    (Some(BlockKind::Linear), _) => block.map_or(Ok(()), |b| self.linear(b, span)),
                    (Some(BlockKind::Procedure | BlockKind::Discrete), None) => {
                        block.map_or(Ok(()), |b| self.follow(b, Vec::new(), span).map(drop))
                    }
                    _ => self.refuse(span, "SOLVE in INITIAL"),
                }
            }
            Phase::Advance | Phase::Event => match self.blocks.get(&solve.block.text).copied() {
                Some(block) if block.kind == BlockKind::Linear => self.linear(block, span),
                Some(block) if matches!(block.kind, BlockKind::Procedure | BlockKind::Discrete) => {
                    self.follow(block, Vec::new(), span).map(drop)
                }
                Some(block) if block.kind == BlockKind::Derivative => self.solve_here(block, solve, span),
                _ => self.refuse(span, "SOLVE inside another block"),
            },
        }
    }
}
