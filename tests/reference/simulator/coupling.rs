//! Continuous coupling: inputs that are driven by values elsewhere, and those that stand for another value of their cell.

use super::Simulator;
use super::state::ClassState;
use bouton_engine::plan::{Drive, Plan, ProbeValue};

/// When a pointer's value is taken.
#[derive(Clone, Copy, PartialEq)]
pub enum Taken {
    /// Whenever the mechanism that reads it acts.
    Read,
    /// When the mechanism that has it has computed its currents.
    Currents,
    /// When the mechanism that has it has advanced its states.
    States,
}

/// Definitions are taken where they are computed, everything else where it is read.
fn taken(plan: &Plan, pointer: &Drive) -> Taken {
    let ProbeValue::Row { pool, row, .. } = pointer.source.value else { return Taken::Read };
    let observed = &plan.classes[usize::from(pointer.class)].pools[usize::from(pool)].code.observed;
    match (observed.lagging_rows.contains(&row), observed.present_rows.contains(&row)) {
        (true, _) => Taken::Currents,
        (_, true) => Taken::States,
        _ => Taken::Read,
    }
}

/// Before a pool of a class acts, or one instance of it: what it reads of others is what that is now.
pub fn read(plan: &Plan, class: usize, pool: usize, only: Option<usize>, state: &mut ClassState) {
    let one = |p: &&Drive| only.is_none_or(|instance| p.instance as usize == instance);
    let here = |p: &&Drive| (usize::from(p.class), usize::from(p.pool)) == (class, pool) && taken(plan, p) == Taken::Read;
    plan.pointers.iter().filter(here).filter(one).for_each(|pointer| take(plan, pointer, state));
}

/// After a pool of a class has computed its currents or advanced its states: its definitions are computed and handed on.
pub fn hand_on(plan: &Plan, class: usize, pool: usize, state: &mut ClassState, when: Taken, t: f64) {
    let of = |p: &&Drive| usize::from(p.class) == class && pool_of(p) == Some(pool);
    let all: Vec<&Drive> = plan.pointers.iter().filter(of).filter(|p| taken(plan, p) == when).collect();
    if all.is_empty() {
        return;
    }
    let code = &plan.classes[class].pools[pool].code;
    let program = if when == Taken::Currents { &code.observed.lagging } else { &code.observed.present };
    if let Some(program) = program {
        state.pools[pool].run_all(code, program, t, &mut state.cells);
    }
    all.into_iter().for_each(|pointer| take(plan, pointer, state));
}

/// The pool that is read.
fn pool_of(pointer: &Drive) -> Option<usize> {
    match pointer.source.value {
        ProbeValue::Row { pool, .. } => Some(usize::from(pool)),
        _ => None,
    }
}

fn take(plan: &Plan, pointer: &Drive, state: &mut ClassState) {
    let value = pointer.weight * state.value(&pointer.source.value);
    let code = &plan.classes[usize::from(pointer.class)].pools[usize::from(pointer.pool)].code;
    let row = usize::from(code.inputs[usize::from(pointer.input)].1);
    state.pools[usize::from(pointer.pool)].instances[pointer.instance as usize].rows[row] = value;
}

impl Simulator {
    /// Every driven input becomes its base plus weight times source, term by term in the order of the plan. All sources are read before any
    /// input is written.
    pub(super) fn exchange(&mut self) {
        let plan = self.plan.clone();
        let sources: Vec<f64> = plan.drives.iter().map(|drive| self.value(&drive.source)).collect();
        let row = |drive: &bouton_engine::plan::Drive| {
            let (class, pool, i) = (usize::from(drive.class), usize::from(drive.pool), drive.instance as usize);
            let placed = &plan.classes[class].pools[pool];
            let input = usize::from(drive.input);
            (class, pool, i, usize::from(placed.code.inputs[input].1), placed.input(input, i, plan.classes[class].lanes()))
        };
        for drive in &plan.drives {
            let (class, pool, i, row, base) = row(drive);
            self.classes[class].pools[pool].instances[i].rows[row] = base;
        }
        for (drive, source) in plan.drives.iter().zip(sources) {
            let (class, pool, i, row, _) = row(drive);
            let value = &mut self.classes[class].pools[pool].instances[i].rows[row];
            *value = drive.weight.mul_add(source, *value);
        }
    }
}
