//! TABLE: what a procedure sets is interpolated between values that were computed once.

use super::symbols::ir_binary;
use super::value::choose;
use super::{Done, Env, Phase, Slot, Symbol, Translator};
use crate::nmodl::tree::{Block, Table};
use bouton_model::ir::{Binary, Expr, Known, Lookup, Table as Range, Unary, Var, VarId, VariableKind};
use bouton_syntax::Span;
use std::rc::Rc;

/// Name and slot of what a table holds.
type Goal = (Rc<str>, Option<Slot>);

/// The most intervals of a table.
const MOST_ENTRIES: f64 = 1e6;

impl Translator<'_> {
    /// Follows a procedure or function with a table.
    pub(super) fn tabulated(&mut self, block: &Block, table: &Table, values: Vec<Expr>, span: Span) -> Done<Expr> {
        let limits = [&table.from, &table.to, &table.with].map(|limit| self.value(limit));
        let [from, to, with] = limits;
        let limits = [from?, to?, with?].map(|limit| self.at_defaults(&limit));
        let ([argument], [Some(lo), Some(hi), Some(with)]) = (values.as_slice(), limits) else {
            if values.len() == 1 {
                self.notes.push((span, "the limits of this TABLE change: its values are computed exactly".into()));
                return self.inside(block, values, span);
            }
            return self.wrong(span, format!("`{}` has a TABLE and takes {} values", block.name.text, values.len()));
        };
        if !(1.0..=MOST_ENTRIES).contains(&with) || !lo.is_finite() || !hi.is_finite() || lo >= hi {
            return self.wrong(table.from.span, "a TABLE without entries, or with too many".into());
        }
        let range = Range { lo, hi, intervals: with as usize };
        let argument = self.bind("argument", argument.clone(), span);
        let found = self.env.clone();
        if self.phase == Phase::Initial {
            self.built(block, table, hi, span)?;
        }
        // What stands in the table depends on nothing but the argument.
        let v = Expr::Var(Var::Known(Known::V));
        let contents = self.entries_at_start(block, table, &v, (hi - lo) / range.intervals as f64, span)?;
        let tabled = std::mem::replace(&mut self.env, found);
        let (exact, places, left) = self.results(block, table, argument.clone(), span)?;
        self.env = tabled;
        self.beside(left, &places, span);
        let key = format!("table {range:?} {argument:?} {contents:?}");
        let first = match self.bound.get(&key) {
            Some(known) => *known,
            None => {
                let ids: Vec<VarId> = places.iter().zip(exact).map(|((name, _), e)| self.define(name, e, span)).collect();
                let Some(first) = ids.first().copied() else { return Ok(Expr::Number(0.0)) };
                let outputs = ids.into_iter().zip(contents).collect();
                self.lookups.push(Lookup { range, argument, outputs, samples: None, switch: self.table_switch });
                self.bound.insert(key, first);
                first
            }
        };
        let mut result = Expr::Number(0.0);
        for (at, (_, slot)) in places.iter().enumerate() {
            let value = Expr::Var(Var::Own(VarId(first.0 + at as u32)));
            self.note_bound(VarId(first.0 + at as u32));
            match slot {
                Some(slot) => drop(self.env.insert(*slot, value)),
                None => result = value,
            }
        }
        Ok(result)
    }

    /// Without its table the block is executed, which also sets what stands beside the table's entries.
    fn beside(&mut self, left: Env, places: &[Goal], span: Span) {
        let Some(switch) = self.table_switch else { return };
        let is_on = ir_binary(Binary::Ne, Expr::Var(Var::Own(switch)), Expr::Number(0.0));
        for (slot, exact) in left {
            let is_own = self.slots.get(slot).is_some_and(|cell| cell.variable.is_some());
            if is_own && !places.iter().any(|(_, place)| *place == Some(slot)) {
                let tabled = self.read(slot);
                self.write(slot, choose(is_on.clone(), tabled, exact), span);
            }
        }
    }

    /// A table is made before anything is initialized: what the block sets beside its entries is then as the last of them left it.
    fn built(&mut self, block: &Block, table: &Table, hi: f64, span: Span) -> Done<()> {
        let before = self.env.clone();
        self.inside(block, vec![Expr::Number(hi)], span)?;
        let after = std::mem::replace(&mut self.env, before);
        let listed = |name: &str| table.names.iter().any(|one| &*one.text == name);
        for (slot, value) in after {
            let Some(cell) = self.slots.get(slot) else { continue };
            let found = self.common.get(&slot).copied().flatten().map(|(before, _)| Expr::Var(Var::Own(before)));
            let untouched = self.env.get(&slot).is_none_or(|now| *now == cell.initial || found.as_ref() == Some(now));
            if cell.variable.is_some() && untouched && !listed(&cell.name) {
                self.env.insert(slot, value);
            }
        }
        Ok(())
    }

    /// What stands in a table of a file that threads may run is computed before anything is initialized: states, assigned variables and values of ions are then 0,
    /// whatever they become, unless the table is made anew whenever they change.
    fn entries_at_start(&mut self, block: &Block, table: &Table, v: &Expr, step: f64, span: Span) -> Done<Vec<Expr>> {
        if !self.threads {
            return self.entries(block, table, v, step, span);
        }
        let depends = |name: &str| table.depend.iter().any(|one| *one.text == *name.split('[').next().unwrap_or_default());
        let before = self.env.clone();
        for (slot, cell) in self.slots.iter().enumerate() {
            let is_known = self.file.parameters.iter().any(|one| one.name.text == cell.name);
            if cell.variable.is_some() && !depends(&cell.name) {
                self.env.insert(slot, if is_known { cell.initial.clone() } else { Expr::Number(0.0) });
            }
        }
        let ions = self.file.neuron.ions.iter().flat_map(|ion| &ion.reads).filter(|name| !depends(&name.text));
        let mut symbols = Vec::new();
        for name in ions {
            if matches!(self.names.get(&name.text), Some(Symbol::Ion(_))) {
                symbols
                    .extend(self.names.insert(name.text.clone(), Symbol::Number(0.0)).map(|symbol| (name.text.clone(), symbol)));
            }
        }
        let found = self.entries(block, table, v, step, span);
        self.names.extend(symbols);
        self.env = before;
        found
    }

    /// What stands in the table for an argument. Entries are made one after the other: what the block reads of what it sets, before it sets it, is that of the
    /// entry before, a step lower.
    fn entries(&mut self, block: &Block, table: &Table, argument: &Expr, step: f64, span: Span) -> Done<Vec<Expr>> {
        let outside = self.env.clone();
        let (_, places, left) = self.results(block, table, argument.clone(), span)?;
        let listed: Vec<Slot> = places.into_iter().filter_map(|(_, slot)| slot).collect();
        let beside = left.keys().filter(|slot| !listed.contains(slot) && left.get(slot) != outside.get(slot));
        let own: Vec<Slot> = listed.iter().chain(beside).copied().collect();
        let mut after = |known: &dyn Fn(usize) -> Option<Expr>, argument: Expr| {
            self.env.extend(own.iter().enumerate().filter_map(|(at, slot)| Some((*slot, known(at)?))));
            let done = self.results(block, table, argument, span);
            self.env.clone_from(&outside);
            done.map(|(contents, _, left)| (contents, left))
        };
        let (fresh, _) = after(&|_| Some(Expr::Number(0.0)), argument.clone())?;
        if fresh == after(&|_| Some(Expr::Number(1.0)), argument.clone())?.0 {
            return Ok(fresh);
        }
        let lower = ir_binary(Binary::Sub, argument.clone(), Expr::Number(step));
        let (_, before) = after(&|at| (at < listed.len()).then_some(Expr::Number(0.0)), lower)?;
        let found = after(&|at| before.get(own.get(at)?).cloned(), argument.clone())?;
        Ok(found.0)
    }

    /// A limit as the defaults of parameters give it: tables are not made anew for others.
    pub(super) fn at_defaults(&self, e: &Expr) -> Option<f64> {
        match e {
            Expr::Number(x) => Some(*x),
            Expr::Unary(Unary::Neg, a) => Some(-self.at_defaults(a)?),
            Expr::Binary(op, a, b) => {
                let (a, b) = (self.at_defaults(a)?, self.at_defaults(b)?);
                match op {
                    Binary::Add => Some(a + b),
                    Binary::Sub => Some(a - b),
                    Binary::Mul => Some(a * b),
                    Binary::Div => Some(a / b),
                    _ => None,
                }
            }
            Expr::Var(Var::Own(id)) => match &self.variables.get(id.index())?.kind {
                VariableKind::Param { default } => self.at_defaults(default.as_ref()?),
                VariableKind::Let { value } => self.at_defaults(value),
                _ => None,
            },
            _ => None,
        }
    }

    /// What the block gives for an argument, and where that goes: to slots, or nowhere, which is the value of a function; and what slots hold then, which is
    /// forgotten here.
    fn results(&mut self, block: &Block, table: &Table, argument: Expr, span: Span) -> Done<(Vec<Expr>, Vec<Goal>, Env)> {
        let before = self.env.clone();
        if self.phase == Phase::Event {
            self.phase = Phase::Current;
        }
        let result = self.inside(block, vec![argument], span);
        let after = std::mem::replace(&mut self.env, before);
        let result = result?;
        if table.names.is_empty() {
            return Ok((vec![result], vec![(block.name.text.clone(), None)], after));
        }
        let mut places = Vec::new();
        for name in &table.names {
            match self.names.get(&name.text) {
                Some(Symbol::Slot(slot)) => places.push((name.text.clone(), Some(*slot))),
                Some(Symbol::Array(slots)) => places.extend(slots.iter().map(|slot| (name.text.clone(), Some(*slot)))),
                // What the block cannot set stays what it is.
                Some(Symbol::Param(..) | Symbol::Params(..) | Symbol::Ion(_) | Symbol::Number(_)) => {}
                _ => return self.refuse(name.span, "a TABLE of what is no variable"),
            }
        }
        let values = places.iter().map(|(_, slot)| slot.and_then(|slot| after.get(&slot)).cloned());
        Ok((values.map(|value| value.unwrap_or(Expr::Number(0.0))).collect(), places, after))
    }
}
