//! Kinetic schemes as differential equations.

use super::{add, div, mul, sub};
use crate::ir::{Binary, Equation, Expr, Kinetic, Reaction, Span, Species, Var, VarId};
use std::collections::BTreeMap;

/// The rates of the states that react, in order of declaration.
pub fn rates(kinetic: &Kinetic) -> Vec<Equation> {
    let mut changes: BTreeMap<VarId, (Expr, Span)> = BTreeMap::new();
    for reaction in &kinetic.reactions {
        let flux = flux(reaction);
        let sides = [(&reaction.left, true), (&reaction.right, false)];
        for (species, consumed) in sides.into_iter().flat_map(|(side, consumed)| side.iter().map(move |s| (s, consumed))) {
            let amount = mul(Expr::Number(species.count), flux.clone());
            let (sum, _) = changes.entry(species.state).or_insert((Expr::Number(0.0), reaction.span));
            let old = std::mem::replace(sum, Expr::Number(0.0));
            *sum = if consumed { sub(old, amount) } else { add(old, amount) };
        }
    }
    let volume = |state| kinetic.volumes.iter().find(|(s, _)| *s == state).map(|(_, size)| size.clone());
    changes
        .into_iter()
        .map(|(state, (sum, span))| Equation {
            state,
            rate: volume(state).map_or(sum.clone(), |size| div(sum.clone(), size)),
            span,
        })
        .collect()
}

/// forward * left - backward * right
fn flux(reaction: &Reaction) -> Expr {
    let product = |rate: &Expr, side: &[Species]| {
        side.iter().fold(rate.clone(), |product, s| {
            let x = Expr::Var(Var::Own(s.state));
            let power = if s.count == 1.0 { x } else { Expr::Binary(Binary::Pow, Box::new(x), Box::new(Expr::Number(s.count))) };
            mul(product, power)
        })
    };
    let forward = product(&reaction.forward, &reaction.left);
    match &reaction.backward {
        Some(backward) => sub(forward, product(backward, &reaction.right)),
        None => forward,
    }
}
