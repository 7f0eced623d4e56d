//! `kinetic`: reactions between states become fluxes, and fluxes the rates of the states.

use super::body::{Body, Role};
use super::equation::state_of;
use crate::check::dimension;
use crate::check::expr::{Ctx, check_expr};
use bouton_model::algebra;
use bouton_model::ir::{
    Conserved, Diffusing, Expr, Kinetic, Known, Mechanism, MechanismKind, Method, Reaction, Species, Var, VarId,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, KineticKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::collections::HashMap;

/// Most of one state that may react at once.
const MOST: f64 = 8.0;

/// All schemes of the mechanism, as one.
pub(super) fn schemes(body: &Body<'_>, ctx: &mut Ctx<'_>) -> Kinetic {
    let mut scheme = Scheme { body, out: Kinetic::default(), volumes: HashMap::new() };
    let lines = || body.schemes.iter().flat_map(|(block, _)| &block.items);
    for line in lines() {
        if let KineticKind::Compartment { size, species } = &line.kind {
            scheme.volume(size, species, ctx);
        }
    }
    for line in lines() {
        match &line.kind {
            KineticKind::Reaction { left, right, forward, backward } => {
                scheme.reaction((left, right), forward, backward.as_ref(), line.span, ctx);
            }
            KineticKind::Conserve { sum, total } => scheme.conserve(sum, total, line.span, ctx),
            KineticKind::Diffusion { constant, species } => scheme.diffusion(constant, species, line.span, ctx),
            KineticKind::Compartment { .. } | KineticKind::Steady | KineticKind::Error => {}
        }
    }
    scheme.out
}

/// Whether the states of the schemes begin where these come to rest.
pub(super) fn steady(body: &Body<'_>) -> bool {
    body.schemes.iter().flat_map(|(block, _)| &block.items).any(|line| line.kind == KineticKind::Steady)
}

/// Where a scheme comes to rest is found by the method `sparse`.
pub(super) fn rests(body: &Body<'_>, mechanism: &Mechanism, sink: &mut Diagnostics) {
    let lines = body.schemes.iter().flat_map(|(block, _)| &block.items);
    let Some(line) = lines.into_iter().find(|line| line.kind == KineticKind::Steady) else { return };
    if !matches!(mechanism.method, None | Some(Method::Sparse)) {
        let message = "`steady` needs the method `sparse`";
        sink.push(Diagnostic::new(Code::MethodDoesNotFit, line.span, message).help("give the states their initial values"));
    }
}

struct Scheme<'b, 'a> {
    body: &'b Body<'a>,
    out: Kinetic,
    /// Where each volume was given, and its dimension.
    volumes: HashMap<VarId, (Span, Dimension)>,
}

impl Scheme<'_, '_> {
    fn volume(&mut self, size: &ast::Expr, species: &[ast::Name], ctx: &mut Ctx<'_>) {
        let value = check_expr(size, ctx);
        let Some(dimension) = value.ty.dimension() else { return };
        for name in species {
            let Some(state) = state_of(self.body, name, ctx) else { continue };
            if let Some((first, _)) = self.volumes.insert(state, (name.span, dimension)) {
                let message = format!("`{}` is in two compartments", name.text);
                ctx.sink.push(Diagnostic::new(Code::TwoEquations, name.span, message).also(first, "first here"));
                continue;
            }
            self.out.volumes.push((state, value.expr.clone()));
        }
    }

    /// States diffuse along the section, through their compartment or the cross-section of the segment.
    fn diffusion(&mut self, constant: &ast::Expr, species: &[ast::Name], span: Span, ctx: &mut Ctx<'_>) {
        let value = check_expr(constant, ctx);
        let wanted = Dimension::AREA.over(&self.body.time()).unwrap_or(Dimension::NONE);
        let constant = self.body.over_time(dimension::expect(value, wanted, "`diffusion`", ctx));
        if self.body.kind != MechanismKind::Density {
            let message = "states diffuse along a section only in a mechanism that is spread over membrane";
            ctx.sink.push(Diagnostic::new(Code::NoMembrane, span, message).help("make it a `mechanism` to `insert`"));
            return;
        }
        for name in species {
            let Some(state) = state_of(self.body, name, ctx) else { continue };
            if self.out.diffusing.iter().any(|one| one.state == state) {
                let message = format!("`{}` diffuses twice", name.text);
                ctx.sink.push(Diagnostic::new(Code::TwoEquations, name.span, message));
                continue;
            }
            let volume = match self.out.volumes.iter().find(|(one, _)| *one == state) {
                Some((_, size)) => size.clone(),
                None => algebra::mul(Expr::Var(Var::Known(Known::Diam)), Expr::Var(Var::Known(Known::Diam))),
            };
            let constant = algebra::mul(constant.clone(), volume.clone());
            self.out.diffusing.push(Diffusing { state, volume, constant, span });
        }
    }

    fn reaction(
        &mut self,
        (left, right): (&[ast::Species], &[ast::Species]),
        forward: &ast::Expr,
        backward: Option<&ast::Expr>,
        span: Span,
        ctx: &mut Ctx<'_>,
    ) {
        let sides = [self.side(left, true, ctx), self.side(right, true, ctx)];
        let flux = self.flux_dimension(left, right, ctx);
        let rate = |expr: &ast::Expr, side: &[ast::Species], ctx: &mut Ctx<'_>| {
            let value = check_expr(expr, ctx);
            let value = match flux.and_then(|flux| self.per_amounts(flux, side, ctx)) {
                Some(wanted) => dimension::expect(value, wanted, "the rate of the reaction", ctx),
                None => value.expr,
            };
            self.body.over_time(value)
        };
        let forward = rate(forward, left, ctx);
        let backward = backward.map(|b| rate(b, right, ctx));
        if let [Some(left), Some(right)] = sides {
            self.out.reactions.push(Reaction { left, right, forward, backward, span });
        }
    }

    fn conserve(&mut self, sum: &[ast::Species], total: &ast::Expr, span: Span, ctx: &mut Ctx<'_>) {
        let value = check_expr(total, ctx);
        let species = self.side(sum, false, ctx);
        let mut dimensions = sum.iter().filter_map(|s| Some((s, self.dimension(s, ctx)?))).collect::<Vec<_>>().into_iter();
        let first = dimensions.next();
        if let Some((_, first)) = &first {
            for (other, found) in dimensions.filter(|(_, d)| d != first) {
                not_alike(other, &found, first, ctx);
            }
        }
        let total = match first {
            Some((_, dimension)) => dimension::expect(value, dimension, "the conserved sum", ctx),
            None => value.expr,
        };
        if let Some(sum) = species {
            self.out.conserved.push(Conserved { sum, total, span });
        }
    }

    /// States and how many of each; one that stands twice counts for both.
    fn side(&self, side: &[ast::Species], whole: bool, ctx: &mut Ctx<'_>) -> Option<Vec<Species>> {
        let mut all: Vec<Species> = Vec::new();
        let mut complete = true;
        for s in side {
            let Some(state) = state_of(self.body, &s.name, ctx) else {
                complete = false;
                continue;
            };
            if whole && !(s.count.fract() == 0.0 && (1.0..=MOST).contains(&s.count)) {
                let message = format!("{} of `{}` cannot react", s.count, s.name.text);
                let diagnostic = Diagnostic::new(Code::OutOfRange, s.span, message);
                ctx.sink.push(diagnostic.help(format!("a reaction takes 1, 2, ... {MOST} of a state")));
            }
            match all.iter_mut().find(|known| known.state == state) {
                Some(known) => known.count += s.count,
                None => all.push(Species { count: s.count, state }),
            }
        }
        complete.then_some(all)
    }

    fn dimension(&self, s: &ast::Species, ctx: &mut Ctx<'_>) -> Option<Dimension> {
        let (id, declared) = self.body.find(&s.name.text)?;
        if declared.role != Role::State {
            return None;
        }
        self.body.type_of(id, ctx).dimension()
    }

    /// Amount of a state (per time): its dimension times that of its compartment.
    fn amount(&self, s: &ast::Species, ctx: &mut Ctx<'_>) -> Option<Dimension> {
        let own = self.dimension(s, ctx)?;
        let (id, _) = self.body.find(&s.name.text)?;
        match self.volumes.get(&id) {
            Some((_, volume)) => own.times(volume),
            None => Some(own),
        }
    }

    /// What all states of a reaction agree on.
    fn flux_dimension(&self, left: &[ast::Species], right: &[ast::Species], ctx: &mut Ctx<'_>) -> Option<Dimension> {
        let mut common: Option<Dimension> = None;
        for s in left.iter().chain(right) {
            let Some(amount) = self.amount(s, ctx) else { continue };
            match &common {
                None => common = Some(amount),
                Some(first) if *first != amount => {
                    not_alike(s, &amount, first, ctx);
                    return None;
                }
                Some(_) => {}
            }
        }
        common?.over(&self.body.time())
    }

    /// The dimension of a rate that makes a flux of the product of these states.
    fn per_amounts(&self, flux: Dimension, side: &[ast::Species], ctx: &mut Ctx<'_>) -> Option<Dimension> {
        side.iter().try_fold(flux, |rest, s| {
            let own = self.dimension(s, ctx)?;
            let times = if (1.0..=MOST).contains(&s.count) { s.count as u32 } else { 1 };
            (0..times).try_fold(rest, |rest, _| rest.over(&own))
        })
    }
}

fn not_alike(s: &ast::Species, found: &Dimension, first: &Dimension, ctx: &mut Ctx<'_>) {
    use bouton_model::unit::quantity::describe;
    let message = format!("`{}` is {} where the others are {}", s.name.text, describe(found), describe(first));
    let diagnostic = Diagnostic::new(Code::DimensionMismatch, s.span, message);
    ctx.sink.push(diagnostic.help("what reacts or is summed has one dimension; `compartment` turns concentrations into amounts"));
}
