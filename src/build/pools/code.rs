//! The code of pools of one mechanism: one for all copies of a class, with rows for what differs from copy to copy.

use super::{Inputs, no_code};
use crate::build::range::Told;
use bouton_engine::kernel::{self, Input, KernelError, MechanismCode, Mode, Setting};
use bouton_model::ir::{Mechanism, VarId};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::cell::Cell;
use std::sync::Arc;

/// For each of the copies, whose mechanisms are one.
///
/// # Errors
/// Equations that cannot be computed.
pub(super) fn of(copies: &[&Inputs], scattered: bool) -> Vec<Result<Arc<MechanismCode>, Told>> {
    let mut all: Vec<Option<Result<Arc<MechanismCode>, Told>>> = vec![None; copies.len()];
    for (k, copy) in copies.iter().enumerate() {
        if all[k].is_some() {
            continue;
        }
        // Those of one temperature, say, have one code.
        let like: Vec<usize> = (k..copies.len()).filter(|other| copies[*other].setting() == copy.setting()).collect();
        let members: Vec<&Inputs> = like.iter().map(|other| copies[*other]).collect();
        if like.len() > 1
            && let Some(code) = together(&members, scattered)
        {
            like.iter().for_each(|other| all[*other] = Some(Ok(Arc::clone(&code))));
            continue;
        }
        for (other, copy) in like.into_iter().zip(members) {
            all[other] = Some(compiled(copy, scattered, &|input| copy.given(input)).map(Arc::new));
        }
    }
    let mut all: Vec<Result<Arc<MechanismCode>, Told>> = all.into_iter().flatten().collect();
    // Equal code is kept once.
    for k in 1..all.len() {
        let (known, rest) = all.split_at_mut(k);
        if let Ok(code) = &mut rest[0]
            && let Some(known) = known.iter().flatten().find(|known| Arc::ptr_eq(known, code) || **known == *code)
        {
            *code = Arc::clone(known);
        }
    }
    all
}

/// One for all of one setting, if there is one that gives each the bits of its own.
fn together(copies: &[&Inputs], scattered: bool) -> Option<Arc<MechanismCode>> {
    let (first, others) = copies.split_first()?;
    let apart = Cell::new(false);
    let mode = |input| {
        let mode = first.given(input);
        others.iter().fold(mode, |mode, other| match (mode, other.given(input)) {
            (Mode::Fixed(a), Mode::Fixed(b)) if a.to_bits() == b.to_bits() => mode,
            (Mode::Shared(a), Mode::Shared(b)) if a == b => mode,
            (Mode::Fixed(_) | Mode::PerInstance, Mode::Fixed(_) | Mode::PerInstance) => {
                // A table of a function is there only where all that it depends on is fixed.
                apart.set(apart.get() || !first.mechanism.lookups.is_empty());
                Mode::PerInstance
            }
            _ => {
                apart.set(true);
                mode
            }
        })
    };
    let code = compiled(first, scattered, &mode).ok()?;
    (!apart.get()).then(|| Arc::new(code))
}

/// Equations that can be stepped and not looked at.
fn no_field(error: KernelError) -> Told {
    Box::new(Diagnostic::new(Code::NoSteadyState, error.span, error.message))
}

fn compiled(copy: &Inputs, scattered: bool, mode: &dyn Fn(Input) -> Mode) -> Result<MechanismCode, Told> {
    let (mechanism, setting): (&Mechanism, _) = (copy.mechanism, Setting { scattered, ..copy.setting() });
    let observed: Vec<VarId> = copy.observed();
    let mut code = kernel::compile(mechanism, &setting, mode).map_err(no_code)?;
    kernel::show(&mut code, mechanism, &setting, mode, &copy.shown()).map_err(no_code)?;
    if copy.field() {
        kernel::field(&mut code, mechanism, &setting, mode).map_err(no_field)?;
    }
    if !observed.is_empty() {
        kernel::observe(&mut code, mechanism, &setting, mode, &observed).map_err(no_code)?;
    }
    Ok(code)
}
