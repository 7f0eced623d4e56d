//! Backward Euler of a kinetic scheme. The matrix is that of mass action: rates are taken as they are, and only the products of states
//! are differentiated (Hines & Carnevale 2000, "Expanding NEURON's repertoire of mechanisms with NMODL"). It is eliminated without
//! pivoting, in an order with little fill, as straight-line operations: what depends on constants alone is computed once.

use super::super::KernelError;
use super::super::graph::{Leaf, NodeId};
use super::super::lower::Lowering;
use crate::vm::program::{Op, Program};
use bouton_model::ir::{Expr, Kinetic, Known, Mechanism, Reaction, Species, Var, VarId};

/// Newton's iteration of a scheme that is not linear, for each instance by itself: at most [`Iterated::MOST`] times
/// x += d with J d = R, and negative x become 0; it ends when the sum of |d| is at most 1e-6.
#[derive(Clone, Debug, PartialEq)]
pub struct Iterated {
    /// One iteration of the instances whose mask `active` is set; clears the mask of those that end.
    pub program: Program,
    /// Rows of the states.
    pub states: Vec<u16>,
    /// Rows that keep the states of the step's beginning.
    pub old: Vec<u16>,
    /// Row of the mask.
    pub active: u16,
    /// Second order: the states go as far again at the end, x + (x - old).
    pub extrapolate: bool,
    /// What is advanced after the scheme.
    pub after: Option<Program>,
}

impl Iterated {
    /// Largest number of iterations.
    pub const MOST: usize = 20;
}

/// The states of a scheme, in order of declaration.
pub fn states(kinetic: &Kinetic) -> Vec<VarId> {
    let reactions = kinetic.reactions.iter().flat_map(|r| r.left.iter().chain(&r.right));
    let mut all: Vec<VarId> = reactions.chain(kinetic.conserved.iter().flat_map(|c| &c.sum)).map(|s| s.state).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether no flux has a product of states: the scheme is then solved at once.
pub fn is_linear(kinetic: &Kinetic) -> bool {
    let one = |side: &[Species]| side.iter().map(|s| s.count).sum::<f64>() <= 1.0;
    kinetic.reactions.iter().all(|r| one(&r.left) && (r.backward.is_none() || one(&r.right)))
}

/// Advances a linear scheme by one solution.
///
/// # Errors
/// Something that no kernel can compute.
pub fn solve(l: &mut Lowering, second_order: bool) -> Result<(), KernelError> {
    let h = step(l, second_order)?;
    advance(l, h, second_order)
}

/// How often NEURON begins anew from 0 where states become negative.
const BEGINNINGS: usize = 7;

/// Advances a scheme to rest, by one step of a length. One that is not linear is first solved as if it were; states that are negative then become 0, and
/// that is done again while there are such. From there all rounds of the iteration follow, written out.
///
/// # Errors
/// Something that no kernel can compute.
pub fn rest(l: &mut Lowering, h: NodeId) -> Result<(), KernelError> {
    let mechanism = l.mechanism;
    if is_linear(&mechanism.kinetic) {
        return advance(l, h, false);
    }
    let mut again = l.graph.mask(true);
    for _ in 0..BEGINNINGS {
        let mut system = System::new(l, mechanism, h)?;
        let change = system.eliminate(l);
        let (zero, limit) = (l.graph.constant(0.0), l.graph.constant(-1e-6));
        let mut some = l.graph.mask(false);
        for (i, state) in system.states.iter().enumerate() {
            let new = l.graph.binary(Op::Add, system.x[i], change[i]);
            let negative = l.graph.binary(Op::Lt, new, limit);
            some = l.graph.binary(Op::Or, some, negative);
            let new = l.graph.select(negative, zero, new);
            let new = l.graph.select(again, new, system.x[i]);
            l.assign(*state, new);
        }
        again = l.graph.both(again, some);
    }
    let old: Vec<NodeId> = states(&l.mechanism.kinetic).into_iter().map(|state| l.state(state)).collect();
    let mut active = l.graph.mask(true);
    for _ in 0..Iterated::MOST {
        active = round(l, h, &old, active)?;
    }
    Ok(())
}

fn advance(l: &mut Lowering, h: NodeId, second_order: bool) -> Result<(), KernelError> {
    let mechanism = l.mechanism;
    let mut system = System::new(l, mechanism, h)?;
    let change = system.eliminate(l);
    for (i, state) in system.states.iter().enumerate() {
        let mut new = l.graph.binary(Op::Add, system.x[i], change[i]);
        if second_order {
            let further = l.graph.binary(Op::Sub, new, system.x[i]);
            new = l.graph.binary(Op::Add, new, further);
        }
        l.assign(*state, new);
    }
    Ok(())
}

/// One iteration: assigns the states and gives the mask of the instances that go on.
///
/// # Errors
/// Something that no kernel can compute.
pub fn iterate(l: &mut Lowering, second_order: bool) -> Result<NodeId, KernelError> {
    let h = step(l, second_order)?;
    let old: Vec<NodeId> = states(&l.mechanism.kinetic).into_iter().map(|state| l.graph.leaf(Leaf::Old(state))).collect();
    let active = l.graph.leaf(Leaf::Active);
    round(l, h, &old, active)
}

/// One iteration from these states at the step's beginning, where `active` is set.
fn round(l: &mut Lowering, h: NodeId, old: &[NodeId], active: NodeId) -> Result<NodeId, KernelError> {
    let mechanism = l.mechanism;
    let mut system = System::new(l, mechanism, h)?;
    for (i, old) in old.iter().enumerate() {
        let moved = l.graph.binary(Op::Sub, system.x[i], *old);
        let stays = l.graph.binary(Op::Mul, system.inertia[i], moved);
        if !system.is_conserved[i] {
            system.rest[i] = l.graph.binary(Op::Sub, system.rest[i], stays);
        }
    }
    let change = system.eliminate(l);
    let zero = l.graph.constant(0.0);
    let mut moved = zero;
    for (i, state) in system.states.iter().enumerate() {
        let far = l.graph.unary(Op::Abs, change[i]);
        moved = l.graph.binary(Op::Add, moved, far);
        let new = l.graph.binary(Op::Add, system.x[i], change[i]);
        let negative = l.graph.binary(Op::Lt, new, zero);
        let new = l.graph.select(negative, zero, new);
        let new = l.graph.select(active, new, system.x[i]);
        l.assign(*state, new);
    }
    let small = l.graph.constant(1e-6);
    let ended = l.graph.binary(Op::Le, moved, small);
    let goes_on = l.graph.not(ended);
    Ok(l.graph.both(active, goes_on))
}

/// The time over which backward Euler goes: with second order half a step.
fn step(l: &mut Lowering, second_order: bool) -> Result<NodeId, KernelError> {
    let dt = l.expr_at(&Expr::Var(Var::Known(Known::Dt)), l.mechanism.span)?;
    if !second_order {
        return Ok(dt);
    }
    let half = l.graph.constant(0.5);
    Ok(l.graph.binary(Op::Mul, dt, half))
}

/// J d = R at the states as they are.
struct System {
    states: Vec<VarId>,
    x: Vec<NodeId>,
    /// Volume over time of a step.
    inertia: Vec<NodeId>,
    /// Whether a sum stands in the place of a state's balance.
    is_conserved: Vec<bool>,
    /// J by rows; nothing is 0.
    matrix: Vec<Vec<Option<NodeId>>>,
    /// R without the change since the step's beginning.
    rest: Vec<NodeId>,
}

impl System {
    fn new(l: &mut Lowering, mechanism: &Mechanism, h: NodeId) -> Result<System, KernelError> {
        let kinetic = &mechanism.kinetic;
        let states = states(kinetic);
        let n = states.len();
        let x: Vec<NodeId> = states.iter().map(|s| l.state(*s)).collect();
        let (zero, one) = (l.graph.constant(0.0), l.graph.constant(1.0));
        let mut inertia = Vec::with_capacity(n);
        for state in &states {
            let volume = match kinetic.volumes.iter().find(|(s, _)| s == state) {
                Some((_, size)) => l.expr_at(size, mechanism.span)?,
                None => one,
            };
            inertia.push(l.graph.binary(Op::Div, volume, h));
        }
        let matrix = (0..n).map(|i| (0..n).map(|j| (i == j).then_some(inertia[i])).collect()).collect();
        let mut system = System { states, x, inertia, is_conserved: vec![false; n], matrix, rest: vec![zero; n] };
        for reaction in &kinetic.reactions {
            system.reaction(l, reaction)?;
        }
        for conserved in &kinetic.conserved {
            // The last one whose balance still stands.
            let mut rows = conserved.sum.iter().rev().filter_map(|s| system.index(s.state));
            let Some(row) = rows.find(|row| !system.is_conserved[*row]) else { continue };
            system.matrix[row] = vec![None; n];
            system.is_conserved[row] = true;
            let mut missing = l.expr_at(&conserved.total, conserved.span)?;
            for s in &conserved.sum {
                let Some(j) = system.index(s.state) else { continue };
                let count = l.graph.constant(s.count);
                // Amounts are conserved: of a state in a compartment its concentration times the volume.
                let weight = match kinetic.volumes.iter().find(|(state, _)| *state == s.state) {
                    Some((_, size)) => {
                        let size = l.expr_at(size, conserved.span)?;
                        l.graph.binary(Op::Mul, count, size)
                    }
                    None => count,
                };
                system.matrix[row][j] = Some(weight);
                let present = l.graph.binary(Op::Mul, weight, system.x[j]);
                missing = l.graph.binary(Op::Sub, missing, present);
            }
            system.rest[row] = missing;
        }
        Ok(system)
    }

    fn index(&self, state: VarId) -> Option<usize> {
        self.states.binary_search(&state).ok()
    }

    fn reaction(&mut self, l: &mut Lowering, reaction: &Reaction) -> Result<(), KernelError> {
        self.flux(l, &reaction.forward, (&reaction.left, &reaction.right), reaction)?;
        match &reaction.backward {
            Some(backward) => self.flux(l, backward, (&reaction.right, &reaction.left), reaction),
            None => Ok(()),
        }
    }

    /// rate * (product of `from`) leaves `from` and comes to `to`.
    fn flux(
        &mut self,
        l: &mut Lowering,
        rate: &Expr,
        (from, to): (&[Species], &[Species]),
        reaction: &Reaction,
    ) -> Result<(), KernelError> {
        let rate = l.expr_at(rate, reaction.span)?;
        let flux = from.iter().fold(rate, |product, s| self.times_power(l, product, s.state, s.count));
        let signed = || from.iter().map(|s| (s, true)).chain(to.iter().map(|s| (s, false)));
        for (s, leaves) in signed() {
            let Some(i) = self.index(s.state) else { continue };
            let amount = multiple(l, s.count, flux);
            let op = if leaves { Op::Sub } else { Op::Add };
            self.rest[i] = l.graph.binary(op, self.rest[i], amount);
        }
        for by in from {
            // d flux / d x = rate * count * x^(count - 1) * the other states
            let Some(j) = self.index(by.state) else { continue };
            let first = multiple(l, by.count, rate);
            let slope = from.iter().fold(first, |product, s| {
                let count = if s.state == by.state { s.count - 1.0 } else { s.count };
                self.times_power(l, product, s.state, count)
            });
            for (s, leaves) in signed() {
                let Some(i) = self.index(s.state) else { continue };
                let amount = multiple(l, s.count, slope);
                let there = self.matrix[i][j];
                self.matrix[i][j] = Some(match (there, leaves) {
                    (Some(m), true) => l.graph.binary(Op::Add, m, amount),
                    (Some(m), false) => l.graph.binary(Op::Sub, m, amount),
                    (None, true) => amount,
                    (None, false) => l.graph.unary(Op::Neg, amount),
                });
            }
        }
        Ok(())
    }

    /// product * x^count
    fn times_power(&self, l: &mut Lowering, product: NodeId, state: VarId, count: f64) -> NodeId {
        let x = self.index(state).map(|i| self.x[i]);
        (0..count as u32).fold(product, |product, _| x.map_or(product, |x| l.graph.binary(Op::Mul, product, x)))
    }

    /// d of J d = R, by Gauss.
    fn eliminate(&mut self, l: &mut Lowering) -> Vec<NodeId> {
        let n = self.states.len();
        let mut left: Vec<usize> = (0..n).collect();
        let mut order = Vec::with_capacity(n);
        while let Some(at) = (0..left.len()).min_by_key(|at| (self.fill(&left, left[*at]), left[*at])) {
            let p = left.remove(at);
            let one = l.graph.constant(1.0);
            let pivot = self.matrix[p][p].unwrap_or(one);
            let inverse = l.graph.binary(Op::Div, one, pivot);
            for &i in &left {
                let Some(m) = self.matrix[i][p].take() else { continue };
                let factor = l.graph.binary(Op::Mul, m, inverse);
                for &j in &left {
                    let Some(above) = self.matrix[p][j] else { continue };
                    let part = l.graph.binary(Op::Mul, factor, above);
                    self.matrix[i][j] = Some(match self.matrix[i][j] {
                        Some(m) => l.graph.binary(Op::Sub, m, part),
                        None => l.graph.unary(Op::Neg, part),
                    });
                }
                let part = l.graph.binary(Op::Mul, factor, self.rest[p]);
                self.rest[i] = l.graph.binary(Op::Sub, self.rest[i], part);
            }
            order.push((p, inverse, left.clone()));
        }
        let mut d = self.rest.clone();
        for (p, inverse, later) in order.into_iter().rev() {
            let mut rest = self.rest[p];
            for j in later {
                let Some(m) = self.matrix[p][j] else { continue };
                let part = l.graph.binary(Op::Mul, m, d[j]);
                rest = l.graph.binary(Op::Sub, rest, part);
            }
            d[p] = l.graph.binary(Op::Mul, rest, inverse);
        }
        d
    }

    /// How many elements the elimination of a state would make, at most (Markowitz 1957). A state without a diagonal comes last.
    fn fill(&self, left: &[usize], p: usize) -> usize {
        if self.matrix[p][p].is_none() {
            return usize::MAX;
        }
        let row = left.iter().filter(|j| **j != p && self.matrix[p][**j].is_some()).count();
        let column = left.iter().filter(|i| **i != p && self.matrix[**i][p].is_some()).count();
        row * column
    }
}

fn multiple(l: &mut Lowering, count: f64, x: NodeId) -> NodeId {
    if count == 1.0 {
        return x;
    }
    let count = l.graph.constant(count);
    l.graph.binary(Op::Mul, count, x)
}
