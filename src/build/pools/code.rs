//! The code of pools of one mechanism: one for all copies of a class, with rows for what differs from copy to copy.

use super::{Inputs, no_code};
use crate::build::range::Told;
use bouton_engine::kernel::{self, Input, KernelError, MechanismCode, Mode, Setting};
use bouton_model::ir::{Mechanism, VarId};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::cell::{Cell, RefCell};
use std::sync::{Arc, Mutex};

/// Code that was compiled before: networks of one search differ in numbers that are no constants of it.
#[derive(Debug, Default)]
pub struct Codes {
    all: Mutex<Vec<Known>>,
    /// Whatever has had two values is a row from then on.
    widens: bool,
}

/// More of them are not kept.
const MOST: usize = 16;

/// Code, and all that it was compiled of.
#[derive(Debug)]
struct Known {
    mechanism: Mechanism,
    wanted: Wanted,
    /// Every input that was asked for, and how it was given.
    given: Vec<(Input, Mode)>,
    code: Arc<MechanismCode>,
}

/// What is wanted of a mechanism.
#[derive(Clone, Debug, PartialEq)]
struct Wanted {
    setting: Setting,
    observed: Vec<VarId>,
    shown: Vec<VarId>,
    field: bool,
}

impl Codes {
    /// For models that are built one after the other and differ in values: an input that has had two is a row from then on, so that few are compiled.
    pub fn widening() -> Codes {
        Codes { widens: true, ..Codes::default() }
    }

    /// The code of a mechanism whose inputs are given as `mode` says; it is asked for all that matter.
    fn get(&self, copy: &Inputs, scattered: bool, mode: &dyn Fn(Input) -> Mode) -> Result<Arc<MechanismCode>, Told> {
        let setting = Setting { scattered, ..copy.setting() };
        let wanted = Wanted { setting, observed: copy.observed(), shown: copy.shown(), field: copy.field() };
        let mut all = self.all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_of = |known: &Known| known.wanted == wanted && known.mechanism == *copy.mechanism;
        let serves = |before: Mode, now: Mode| {
            same(now, before) || self.widens && before == Mode::PerInstance && matches!(now, Mode::Fixed(_))
        };
        let is_so = |known: &Known| is_of(known) && known.given.iter().all(|(input, before)| serves(*before, mode(*input)));
        if let Some(at) = all.iter().position(is_so) {
            let known = all.remove(at);
            let code = Arc::clone(&known.code);
            all.push(known);
            return Ok(code);
        }
        // A table of a function is there only where all that it depends on is fixed.
        let wide = all.iter().rposition(|known| self.widens && is_of(known) && known.mechanism.lookups.is_empty());
        let before = wide.map_or(Vec::new(), |at| all.remove(at).given);
        let asked = RefCell::new(Vec::new());
        let noted = |input| {
            let now = mode(input);
            let known = before.iter().find(|(known, _)| *known == input).map(|(_, before)| *before);
            let found = match (known, now) {
                (Some(Mode::Fixed(_) | Mode::PerInstance), Mode::Fixed(_)) if !known.is_some_and(|known| same(known, now)) => {
                    Mode::PerInstance
                }
                (_, now) => now,
            };
            asked.borrow_mut().push((input, found));
            found
        };
        let code = Arc::new(compiled(copy.mechanism, &wanted, &noted)?);
        let mut given = asked.into_inner();
        given.sort_unstable_by_key(|(input, _)| *input);
        given.dedup_by_key(|(input, _)| *input);
        if all.len() >= MOST {
            all.remove(0);
        }
        all.push(Known { mechanism: copy.mechanism.clone(), wanted, given, code: Arc::clone(&code) });
        Ok(code)
    }
}

/// Whether two ways are one, bit for bit.
fn same(a: Mode, b: Mode) -> bool {
    match (a, b) {
        (Mode::Fixed(a), Mode::Fixed(b)) => a.to_bits() == b.to_bits(),
        (a, b) => a == b,
    }
}

/// For each of the copies, whose mechanisms are one.
///
/// # Errors
/// Equations that cannot be computed.
pub(super) fn of(copies: &[&Inputs], scattered: bool, codes: &Codes) -> Vec<Result<Arc<MechanismCode>, Told>> {
    let mut all: Vec<Option<Result<Arc<MechanismCode>, Told>>> = vec![None; copies.len()];
    for (k, copy) in copies.iter().enumerate() {
        if all[k].is_some() {
            continue;
        }
        // Those of one temperature, say, have one code.
        let like: Vec<usize> = (k..copies.len()).filter(|other| copies[*other].setting() == copy.setting()).collect();
        let members: Vec<&Inputs> = like.iter().map(|other| copies[*other]).collect();
        if like.len() > 1
            && let Some(code) = together(&members, scattered, codes)
        {
            like.iter().for_each(|other| all[*other] = Some(Ok(Arc::clone(&code))));
            continue;
        }
        for (other, copy) in like.into_iter().zip(members) {
            all[other] = Some(codes.get(copy, scattered, &|input| copy.given(input)));
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
fn together(copies: &[&Inputs], scattered: bool, codes: &Codes) -> Option<Arc<MechanismCode>> {
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
    let code = codes.get(first, scattered, &mode).ok()?;
    (!apart.get()).then_some(code)
}

/// Equations that can be stepped and not looked at.
fn no_field(error: KernelError) -> Told {
    Box::new(Diagnostic::new(Code::NoSteadyState, error.span, error.message))
}

fn compiled(mechanism: &Mechanism, wanted: &Wanted, mode: &dyn Fn(Input) -> Mode) -> Result<MechanismCode, Told> {
    let Wanted { setting, observed, shown, field } = wanted;
    let mut code = kernel::compile(mechanism, setting, mode).map_err(no_code)?;
    kernel::show(&mut code, mechanism, setting, mode, shown).map_err(no_code)?;
    if *field {
        kernel::field(&mut code, mechanism, setting, mode).map_err(no_field)?;
    }
    if !observed.is_empty() {
        kernel::observe(&mut code, mechanism, setting, mode, observed).map_err(no_code)?;
    }
    Ok(code)
}
