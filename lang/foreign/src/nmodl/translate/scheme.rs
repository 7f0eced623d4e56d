//! KINETIC blocks.

use super::symbols::ir_binary;
use super::value::choose;
use super::{Done, Phase, Symbol, Translator, number};
use crate::nmodl::tree::{Expr as Written, ExprKind, Name, Op, Place, Species, Stmt, StmtKind};
use bouton_model::ir::{self, Binary, Diffusing, Expr, Var, VarId};
use bouton_syntax::Span;

impl Translator<'_> {
    /// A line of a scheme.
    pub(super) fn reaction(&mut self, stmt: &Stmt) -> Done<()> {
        let span = stmt.span;
        let reacts = matches!(stmt.kind, StmtKind::Reaction(..) | StmtKind::Flux(..));
        if self.phase != Phase::Advance || !reacts && !self.conditions.is_empty() {
            return self.refuse(span, "this line of a scheme under a condition");
        }
        // Where its conditions do not hold, nothing reacts.
        let all = self.conditions.iter().cloned().reduce(|a, b| ir_binary(Binary::And, a, b));
        let here = |rate: Expr| match &all {
            Some(all) => choose(all.clone(), rate, Expr::Number(0.0)),
            None => rate,
        };
        match &stmt.kind {
            StmtKind::Reaction(left, right, forward, backward) => {
                let forward = self.value(forward)?;
                let backward = backward.as_ref().map(|b| self.value(b)).transpose()?;
                let (left, forward) = self.side(left, here(forward))?;
                let (right, backward) = match backward {
                    Some(rate) => {
                        let (right, rate) = self.side(right, here(rate))?;
                        (right, Some(rate))
                    }
                    None => (self.side(right, Expr::Number(1.0))?.0, None),
                };
                self.fluxes(&forward, backward.as_ref(), (&left, &right), span);
                self.kinetic.reactions.push(ir::Reaction { left, right, forward, backward, span });
            }
            StmtKind::Flux(one, flux) => {
                let forward = here(self.value(flux)?);
                let right = self.side(std::slice::from_ref(one), Expr::Number(1.0))?.0;
                self.kinetic.reactions.push(ir::Reaction { left: Vec::new(), right, forward, backward: None, span });
            }
            StmtKind::Conserve(sum, total) => {
                let total = self.value(total)?;
                let mut list = Vec::new();
                self.sum(sum, 1.0, &mut list)?;
                self.kinetic.conserved.push(ir::Conserved { sum: list, total, span });
            }
            StmtKind::Compartment(index, volume, states) => {
                let list = self.of_states(index.as_ref(), volume, states)?;
                self.kinetic.volumes.extend(list);
            }
            StmtKind::Diffusion(index, constant, states) => {
                if !matches!(self.file.neuron.name, Some((Place::Density, _))) {
                    return self.refuse(span, "LONGITUDINAL_DIFFUSION of what is not spread over membrane");
                }
                for (state, constant) in self.of_states(index.as_ref(), constant, states)? {
                    // Files count in micrometers.
                    let constant = ir_binary(Binary::Mul, constant, Expr::Number(1e-8));
                    self.kinetic.diffusing.push(Diffusing { state, volume: Expr::Number(1.0), constant, span });
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A value for each of some states; its index stands for the number of an element.
    fn of_states(&mut self, index: Option<&Name>, value: &Written, states: &[Name]) -> Done<Vec<(VarId, Expr)>> {
        let mut found = Vec::new();
        for name in states {
            let list = match self.symbol(&name.text) {
                Some(Symbol::Slot(slot)) => vec![slot],
                Some(Symbol::Array(slots)) => slots,
                // What is no state has no balance to which its volume would matter.
                Some(_) => continue,
                None => {
                    self.notes.push((name.span, format!("`{}` is not declared, and has no volume or diffusion", name.text)));
                    continue;
                }
            };
            for (at, slot) in list.into_iter().enumerate() {
                let known = self.locals.len();
                if let Some(index) = index {
                    self.locals.push((index.text.clone(), Symbol::Number(at as f64)));
                }
                let value = self.value(value);
                self.locals.truncate(known);
                if let Some(state) = self.slots.get(slot).and_then(|s| s.variable) {
                    found.push((state, value?));
                }
            }
        }
        Ok(found)
    }

    /// The states of a side, and the rate of what leaves it: anything else that stands there is a factor of that.
    fn side(&mut self, side: &[Species], mut rate: Expr) -> Done<(Vec<ir::Species>, Expr)> {
        let mut list = Vec::new();
        for one in side {
            let is_state = self.file.states.iter().any(|state| state.name.text == one.name.text);
            if !is_state {
                let kind = match &one.index {
                    Some(index) => ExprKind::Index(one.name.text.clone(), Box::new(index.clone())),
                    None => ExprKind::Name(one.name.text.clone()),
                };
                let x = self.value(&Written { kind, span: one.name.span })?;
                let x = if one.count == 1.0 { x } else { ir_binary(Binary::Pow, x, Expr::Number(one.count)) };
                rate = ir_binary(Binary::Mul, rate, x);
                continue;
            }
            let slot = self.target(&one.name.text, one.index.as_ref(), one.name.span)?;
            let Some(state) = self.slots.get(slot).and_then(|s| s.variable) else {
                return self.wrong(one.name.span, format!("`{}` is no state", one.name.text));
            };
            list.push(ir::Species { count: one.count, state });
        }
        Ok((list, rate))
    }

    /// What f_flux and b_flux are after a reaction.
    fn fluxes(&mut self, forward: &Expr, backward: Option<&Expr>, sides: (&[ir::Species], &[ir::Species]), span: Span) {
        let product = |rate: &Expr, side: &[ir::Species]| {
            side.iter().fold(rate.clone(), |product, s| {
                let x = Expr::Var(Var::Own(s.state));
                let x = if s.count == 1.0 { x } else { ir_binary(Binary::Pow, x, Expr::Number(s.count)) };
                ir_binary(Binary::Mul, product, x)
            })
        };
        let back = backward.map_or(Expr::Number(0.0), |rate| product(rate, sides.1));
        for (name, value) in [("f_flux", product(forward, sides.0)), ("b_flux", back)] {
            if let Some(Symbol::Slot(slot)) = self.names.get(name).cloned() {
                self.write(slot, value, span);
            }
        }
    }

    /// A sum of states with factors.
    fn sum(&mut self, e: &Written, sign: f64, list: &mut Vec<ir::Species>) -> Done<()> {
        match &e.kind {
            ExprKind::Binary(Op::Add, a, b) => {
                self.sum(a, sign, list)?;
                self.sum(b, sign, list)
            }
            ExprKind::Binary(Op::Sub, a, b) => {
                self.sum(a, sign, list)?;
                self.sum(b, -sign, list)
            }
            ExprKind::Binary(Op::Mul, a, b) => {
                let factor = self.value(a)?;
                match number(&factor) {
                    Some(x) => self.sum(b, sign * x, list),
                    None => {
                        let factor = self.value(b)?;
                        match number(&factor) {
                            Some(x) => self.sum(a, sign * x, list),
                            None => self.refuse(e.span, "CONSERVE with factors that are computed"),
                        }
                    }
                }
            }
            ExprKind::Name(name) => {
                let slots = match self.symbol(name) {
                    Some(Symbol::Slot(slot)) => vec![slot],
                    Some(Symbol::Array(slots)) => slots,
                    _ => return self.wrong(e.span, format!("`{name}` is no state")),
                };
                for slot in slots {
                    let Some(state) = self.slots.get(slot).and_then(|s| s.variable) else { continue };
                    list.push(ir::Species { count: sign, state });
                }
                Ok(())
            }
            ExprKind::Index(name, index) => {
                let slot = self.target(name, Some(index), e.span)?;
                let state = self.slots.get(slot).and_then(|s| s.variable);
                list.extend(state.map(|state| ir::Species { count: sign, state }));
                Ok(())
            }
            _ => self.refuse(e.span, "CONSERVE of something other than a sum of states"),
        }
    }
}
