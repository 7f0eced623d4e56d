//! A DERIVATIVE block that is called like a procedure. NEURON does then what SOLVE would do with it by cnexp, there and then; with another method it computes the
//! derivatives, which nobody reads. A SOLVE inside a procedure is done there and then, too.

use super::symbols::ir_binary;
use super::{Done, Phase, Slot, Translator};
use crate::nmodl::tree::{Block, BlockKind, Expr as Written, Name, Solve, Stmt, StmtKind};
use bouton_model::algebra::{add, div, mul, neg, sub};
use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, Expr, Known, Var};
use bouton_syntax::Span;

/// What becomes of the equations.
#[derive(Clone, Debug)]
pub(super) enum Here {
    /// Nothing.
    Idle,
    /// Each is advanced where it stands.
    Cnexp,
    /// All are advanced at the end, by these slopes.
    Euler(Vec<(Slot, Expr)>),
}

/// Whether some SOLVE of these statements advances the block by cnexp.
fn by_cnexp(body: &[Stmt], name: &str) -> bool {
    body.iter().any(|stmt| match &stmt.kind {
        StmtKind::Solve(solve) => &*solve.block.text == name && solve.method.as_ref().is_some_and(|m| &*m.text == "cnexp"),
        StmtKind::If(_, a, b) => by_cnexp(a, name) || by_cnexp(b, name),
        _ => false,
    })
}

impl Translator<'_> {
    /// The effect of the call.
    pub(super) fn advance_here(&mut self, block: &Block, span: Span) -> Done<()> {
        if self.phase == Phase::Advance && self.here.is_none() && !self.derivatives.is_empty() {
            return self.refuse(span, "a DERIVATIVE block that is called beside SOLVE");
        }
        let breakpoints = self.file.blocks.iter().filter(|one| one.kind == BlockKind::Breakpoint);
        let is_exact = breakpoints.into_iter().any(|one| by_cnexp(&one.body, &block.name.text));
        self.follow_here(block, if is_exact { Here::Cnexp } else { Here::Idle }, span)
    }

    /// SOLVE inside a procedure.
    pub(super) fn solve_here(&mut self, block: &Block, solve: &Solve, span: Span) -> Done<()> {
        match solve.method.as_ref().map(|method| &*method.text) {
            Some("cnexp") => self.follow_here(block, Here::Cnexp, span),
            Some("euler") => self.follow_here(block, Here::Euler(Vec::new()), span),
            _ => self.refuse(span, "SOLVE by this method inside another block"),
        }
    }

    fn follow_here(&mut self, block: &Block, here: Here, span: Span) -> Done<()> {
        let around = self.here.replace(here);
        let done = self.follow(block, Vec::new(), span).map(drop);
        if let Some(Here::Euler(slopes)) = std::mem::replace(&mut self.here, around) {
            for (slot, slope) in slopes {
                let next = add(self.read(slot), mul(Expr::Var(Var::Known(Known::Dt)), slope));
                self.write(slot, next, span);
            }
        }
        done
    }

    /// An equation of the block; by cnexp
    /// x = x + (1 - exp(dt a)) (-b / a - x) for x' = a x + b, and x + dt b where a is 0.
    pub(super) fn advanced(&mut self, name: &Name, index: Option<&Written>, value: &Written, span: Span) -> Done<()> {
        let slot = self.target(&name.text, index, name.span)?;
        if !matches!(self.here, Some(Here::Cnexp)) {
            let slope = self.value(value)?;
            let slope = self.bind("slope", slope, span);
            if let Some(Here::Euler(slopes)) = &mut self.here {
                slopes.push((slot, slope));
            }
            return Ok(());
        }
        let x = self.read(slot);
        let b = self.at(slot, 0.0, value)?;
        let sum = self.at(slot, 1.0, value)?;
        self.env.insert(slot, x.clone());
        let b = self.bind("constant", b, span);
        let a = self.bind("slope", sub(sum, b.clone()), span);
        let dt = || Expr::Var(Var::Known(Known::Dt));
        let rest = sub(neg(div(b.clone(), a.clone())), x.clone());
        let share = sub(Expr::Number(1.0), Expr::Call(Function::Exp, vec![mul(dt(), a.clone())]));
        let is_flat = ir_binary(Binary::Eq, a, Expr::Number(0.0));
        let next = super::value::choose(is_flat, add(x.clone(), mul(dt(), b)), add(x, mul(share, rest)));
        self.write(slot, next, span);
        Ok(())
    }

    /// A value with a number for what a slot holds.
    fn at(&mut self, slot: Slot, x: f64, value: &Written) -> Done<Expr> {
        self.env.insert(slot, Expr::Number(x));
        self.value(value)
    }
}
