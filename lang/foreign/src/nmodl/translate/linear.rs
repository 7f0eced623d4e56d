//! LINEAR blocks: the equations are eliminated as text, and the states become what the solution says.

use super::symbols::ir_binary;
use super::{Done, Slot, Symbol, Translator};
use crate::nmodl::tree::{Block, Expr as Written};
use bouton_model::algebra::{self, add, div, is, mul, neg, sub};
use bouton_model::ir::{Binary, Expr, LocalId, Method, Unary, Var, VarId, VariableKind};
use bouton_syntax::Span;
use std::collections::HashSet;

/// Differences of both sides, with the place of each equation.
type Equations = Vec<(Expr, Span)>;

/// The most unknowns of a block.
const MOST: usize = 100;

impl Translator<'_> {
    /// `~ left = right`
    pub(super) fn equation(&mut self, left: &Written, right: &Written, span: Span) -> Done<()> {
        let difference = ir_binary(Binary::Sub, self.value(left)?, self.value(right)?);
        match &mut self.system {
            Some(system) => {
                system.push((difference, span));
                Ok(())
            }
            None => self.refuse(span, "an equation outside of a LINEAR block"),
        }
    }

    /// Equations of two branches, in their order: one of either branch each, whichever holds. Where one branch has more, NEURON can solve them only while all hold.
    pub(super) fn join_equations(&mut self, condition: &Expr, yes: Vec<(Expr, Span)>, known: usize, span: Span) {
        let Some(system) = &mut self.system else { return };
        let no = system.split_off(known);
        if yes.len() != no.len() {
            system.extend(yes.into_iter().chain(no));
            self.notes.push((span, "the equations in this branch are taken to hold always".into()));
            return;
        }
        let both = yes.into_iter().zip(no);
        system.extend(both.map(|((a, at), (b, _))| (super::value::choose(condition.clone(), a, b), at)));
    }

    /// The equations of a block, and the variables that are met in them.
    fn equations(&mut self, block: &Block) -> Done<(Equations, HashSet<Var>)> {
        self.system = Some(Vec::new());
        let known = self.locals.len();
        let done = self.body(&block.body);
        self.locals.truncate(known);
        let system = self.system.take().unwrap_or_default();
        done?;
        let met = system.iter().flat_map(|(e, _)| self.reach(e)).collect();
        Ok((system, met))
    }

    /// SOLVE of a NONLINEAR block: its states are what brings the differences of both sides to 0.
    pub(super) fn nonlinear(&mut self, block: &Block, span: Span) -> Done<()> {
        let (system, met) = self.equations(block)?;
        let slots = self.file.states.iter().flat_map(|state| match self.names.get(&state.name.text) {
            Some(Symbol::Slot(slot)) => vec![*slot],
            Some(Symbol::Array(slots)) => slots.clone(),
            _ => Vec::new(),
        });
        let states = slots.filter_map(|slot| self.slots.get(slot)?.variable);
        let states: Vec<VarId> = states.filter(|id| met.contains(&Var::Own(*id))).collect();
        if states.len() != system.len() || states.is_empty() {
            let (equations, states) = (system.len(), states.len());
            return self.wrong(span, format!("`{}` has {equations} equations for {states} states", block.name.text));
        }
        for (state, (rate, span)) in states.into_iter().zip(system) {
            if self.derivatives.iter().any(|d| d.equation.state == state) {
                return self.refuse(span, "a second equation of one state");
            }
            self.clock += 1;
            let equation = bouton_model::ir::Equation { state, rate, span };
            self.derivatives.push(super::assemble::Derivative { equation, time: self.clock });
        }
        self.integrated(Method::Newton, span)
    }

    /// SOLVE of a LINEAR block.
    pub(super) fn linear(&mut self, block: &Block, span: Span) -> Done<()> {
        let before = self.env.clone();
        let mut unknowns: Vec<(Slot, LocalId)> = Vec::new();
        for state in &self.file.states {
            let slots = match self.names.get(&state.name.text) {
                Some(Symbol::Slot(slot)) => vec![*slot],
                Some(Symbol::Array(slots)) => slots.clone(),
                _ => Vec::new(),
            };
            for slot in slots {
                let local = self.local();
                unknowns.push((slot, local));
                self.env.insert(slot, Expr::Var(Var::Local(local)));
            }
        }
        let (system, met) = self.equations(block)?;
        for (slot, _) in &unknowns {
            match before.get(slot) {
                Some(value) => self.env.insert(*slot, value.clone()),
                None => self.env.remove(slot),
            };
        }
        unknowns.retain(|(_, local)| met.contains(&Var::Local(*local)));
        if unknowns.len() != system.len() || unknowns.len() > MOST {
            let (equations, states) = (system.len(), unknowns.len());
            let name = &block.name.text;
            return self.wrong(span, format!("`{name}` has {equations} equations for {states} states"));
        }
        let locals: Vec<LocalId> = unknowns.iter().map(|(_, local)| *local).collect();
        let mut rows = Vec::new();
        for (e, at) in &system {
            match self.row(e, &locals) {
                Some(row) => rows.push(row),
                None => return self.wrong(*at, "this equation is not linear in the states".into()),
            }
        }
        let Some(solution) = self.eliminated(rows, span) else {
            return self.wrong(span, format!("the equations of `{}` do not determine its states", block.name.text));
        };
        for ((slot, _), value) in unknowns.into_iter().zip(solution) {
            self.write(slot, value, span);
        }
        Ok(())
    }

    /// The coefficients of an expression that is 0, and its rest.
    fn row(&self, e: &Expr, unknowns: &[LocalId]) -> Option<Vec<Expr>> {
        let zero = || vec![Expr::Number(0.0); unknowns.len() + 1];
        let met = self.reach(e);
        if !unknowns.iter().any(|one| met.contains(&Var::Local(*one))) {
            let mut row = zero();
            *row.last_mut()? = e.clone();
            return Some(row);
        }
        let free = |row: &[Expr]| row.iter().take(unknowns.len()).all(|x| is(x, 0.0));
        let each = |row: Vec<Expr>, f: &dyn Fn(Expr) -> Expr| row.into_iter().map(f).collect::<Vec<_>>();
        let both = |a: Vec<Expr>, b: Vec<Expr>, f: &dyn Fn(Expr, Expr) -> Expr| {
            a.into_iter().zip(b).map(|(a, b)| f(a, b)).collect::<Vec<_>>()
        };
        match e {
            Expr::Var(Var::Local(local)) => {
                let mut row = zero();
                *row.get_mut(unknowns.iter().position(|one| one == local)?)? = Expr::Number(1.0);
                Some(row)
            }
            Expr::Var(Var::Own(id)) => match &self.variables.get(id.index())?.kind {
                VariableKind::Let { value } => self.row(value, unknowns),
                _ => None,
            },
            Expr::Unary(Unary::Neg, a) => Some(each(self.row(a, unknowns)?, &neg)),
            Expr::Binary(op, a, b) => {
                let (x, y) = (self.row(a, unknowns)?, self.row(b, unknowns)?);
                match op {
                    Binary::Add => Some(both(x, y, &add)),
                    Binary::Sub => Some(both(x, y, &sub)),
                    Binary::Mul if free(&x) => Some(each(y, &|c| mul((**a).clone(), c))),
                    Binary::Mul if free(&y) => Some(each(x, &|c| mul(c, (**b).clone()))),
                    Binary::Div if free(&y) => Some(each(x, &|c| div(c, (**b).clone()))),
                    _ => None,
                }
            }
            Expr::If(c, a, b) => {
                let choose = |a: Expr, b: Expr| super::value::choose((**c).clone(), a, b);
                Some(both(self.row(a, unknowns)?, self.row(b, unknowns)?, &choose))
            }
            _ => None,
        }
    }

    /// Gauss's elimination. As pivot serves what is not 0 by its form, a number if there is one.
    fn eliminated(&mut self, mut rows: Vec<Vec<Expr>>, span: Span) -> Option<Vec<Expr>> {
        let n = rows.len();
        for k in 0..n {
            let usable = |row: &Vec<Expr>| row.get(k).is_some_and(|x| !is(x, 0.0));
            let is_number = |row: &Vec<Expr>| matches!(row.get(k), Some(Expr::Number(_)));
            let below = || rows.iter().enumerate().skip(k).filter(|(_, row)| usable(row));
            let best = below().find(|(_, row)| is_number(row)).or_else(|| below().next())?.0;
            rows.swap(k, best);
            let pivot = rows.get(k)?.clone();
            for row in rows.iter_mut().skip(k + 1).filter(|row| usable(row)) {
                let factor = self.bind("factor", div(row.get(k)?.clone(), pivot.get(k)?.clone()), span);
                for (x, of) in row.iter_mut().zip(&pivot).skip(k) {
                    let next = sub(x.clone(), mul(factor.clone(), of.clone()));
                    *x = self.bind("element", next, span);
                }
                *row.get_mut(k)? = Expr::Number(0.0);
            }
        }
        let mut solution = vec![Expr::Number(0.0); n];
        for k in (0..n).rev() {
            let row = rows.get(k)?;
            let mut sum = row.last()?.clone();
            for (coefficient, x) in row.iter().zip(&solution).skip(k + 1) {
                sum = add(sum, mul(coefficient.clone(), x.clone()));
            }
            let value = algebra::neg(div(sum, row.get(k)?.clone()));
            *solution.get_mut(k)? = self.bind("solution", value, span);
        }
        Some(solution)
    }
}
