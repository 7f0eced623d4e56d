//! Point 9 where the method is the iteration of a kinetic scheme: one instance by itself, at most 20 rounds.

use super::state::{CellState, PoolState};
use bouton_engine::kernel::MechanismCode;
use bouton_engine::kernel::method::sparse::Iterated;
use bouton_engine::plan::Class;
use bouton_engine::run::Fault;

/// Advances the states of all instances of a pool.
pub fn advance(
    class: &Class,
    code: &MechanismCode,
    method: &Iterated,
    pool: &mut PoolState,
    t: f64,
    cells: &mut [CellState],
) -> Result<(), Box<Fault>> {
    let mut failed = None;
    for instance in &mut pool.instances {
        instance.find(code, &method.program, cells);
        for (state, old) in method.states.iter().zip(&method.old) {
            instance.rows[usize::from(*old)] = instance.rows[usize::from(*state)];
        }
        instance.rows[usize::from(method.active)] = f64::from_bits(u64::MAX);
        let mut rounds = 0;
        while instance.rows[usize::from(method.active)].to_bits() != 0 && rounds < 20 {
            instance.run(code, &method.program, t, &[], cells);
            rounds += 1;
        }
        if instance.rows[usize::from(method.active)].to_bits() != 0 {
            failed = failed.or(Some(instance.lane));
        }
        if method.extrapolate {
            for (state, old) in method.states.iter().zip(&method.old) {
                let (x, from) = (instance.rows[usize::from(*state)], instance.rows[usize::from(*old)]);
                instance.rows[usize::from(*state)] = x + (x - from);
            }
        }
        if let Some(after) = &method.after {
            instance.run(code, after, t, &[], cells);
        }
        instance.leave(code, cells);
    }
    match failed {
        Some(lane) => Err(Box::new(Fault {
            time: t,
            cell: class.cells.get(lane).unwrap_or_default(),
            place: String::new(),
            variable: code.name.clone(),
            value: f64::NAN,
            endless: false,
            mechanism: String::new(),
            values: Vec::new(),
        })),
        None => Ok(()),
    }
}
