//! Cells of equations that drive each other: inputs are looked up one by one, each from what it depends on, and steps are made stage by stage.

use super::Simulator;
use bouton_engine::kernel::Advance;
use bouton_engine::plan::{Drive, Plan, ProbeValue};
use bouton_engine::run::Fault;
use std::collections::HashSet;

/// Class, pool, lane, input.
type Inlet = (usize, usize, usize, usize);

impl Simulator {
    /// Inputs become what reaches them at a time (ms); else those only whose cells advance stage by stage.
    pub(super) fn flow(&mut self, t: f64, outer: bool) {
        let plan = self.plan.clone();
        let mut done = HashSet::new();
        for link in felt(&plan) {
            self.fill(inlet(link), t, outer, &mut done);
        }
        if outer {
            for class in 0..plan.classes.len() {
                for pool in 0..plan.classes[class].pools.len() {
                    for instance in 0..self.classes[class].pools[pool].instances.len() {
                        self.show(class, pool, instance, t);
                    }
                }
            }
        }
    }

    fn fill(&mut self, to: Inlet, t: f64, outer: bool, done: &mut HashSet<Inlet>) {
        let plan = self.plan.clone();
        let (class, number, lane, input) = to;
        let pool = &plan.classes[class].pools[number];
        if !done.insert(to) || !(outer || matches!(pool.code.advance, Advance::Stages(..) | Advance::Adaptive(_) | Advance::None))
        {
            return;
        }
        let mut sum = pool.input(input, lane, plan.classes[class].lanes());
        for link in felt(&plan).filter(|link| inlet(link) == to) {
            if is_late(link) {
                sum += link.weight * self.recall(link);
                continue;
            }
            if let ProbeValue::Row { pool, row, instance } = link.source.value {
                let (from, pool) = (usize::from(link.source.class), usize::from(pool));
                let code = &plan.classes[from].pools[pool].code;
                if let Some((_, needs)) = code.shown.rows.iter().find(|(known, _)| *known == row) {
                    for (number, (_, row)) in code.inputs.iter().enumerate() {
                        let before = (from, pool, instance as usize, number);
                        if needs.contains(row) && felt(&plan).any(|link| inlet(link) == before) {
                            self.fill(before, t, outer, done);
                        }
                    }
                    self.show(from, pool, instance as usize, t);
                }
            }
            sum += link.weight * self.value(&link.source);
        }
        let row = usize::from(pool.code.inputs[input].1);
        self.classes[class].pools[number].instances[lane].rows[row] = sum;
    }

    pub(super) fn show(&mut self, class: usize, pool: usize, instance: usize, t: f64) {
        let code = self.plan.classes[class].pools[pool].code.clone();
        let state = &mut self.classes[class];
        if let Some(program) = &code.shown.program {
            state.pools[pool].instances[instance].act(&code, program, t, &[], &mut state.cells);
        }
    }

    /// The states of all cells that advance stage by stage, and what they do at the end of the step.
    pub(super) fn flow_step(&mut self) -> Result<(), Box<Fault>> {
        let plan = self.plan.clone();
        let (begin, half) = (self.t, self.t + 0.5 * plan.dt);
        let end = half + 0.5 * plan.dt;
        let flowing = |code: &bouton_engine::kernel::MechanismCode| match &code.advance {
            Advance::Stages(method, programs) => Some((*method, programs.clone())),
            _ => None,
        };
        let codes = || plan.classes.iter().flat_map(|class| &class.pools).map(|pool| &pool.code);
        self.flow(begin, true);
        self.note_step();
        self.reach(end)?;
        let Some((method, _)) = codes().find_map(|code| flowing(code)) else { return Ok(()) };
        for (number, place) in method.places().iter().enumerate() {
            let t = if *place == 0.0 {
                begin
            } else if *place == 0.5 {
                half
            } else {
                end
            };
            if number > 0 {
                self.past.half = *place == 0.5;
                self.flow(t, false);
                self.past.half = false;
            }
            for (class, state) in plan.classes.iter().zip(&mut self.classes) {
                for (pool, instances) in class.pools.iter().zip(&mut state.pools) {
                    if let Some((_, programs)) = flowing(&pool.code) {
                        instances.run_all(&pool.code, &programs[number], t, &mut state.cells);
                    }
                }
            }
        }
        for (class, state) in plan.classes.iter().zip(&mut self.classes) {
            for (pool, instances) in class.pools.iter().zip(&mut state.pools).filter(|(p, _)| flowing(&p.code).is_some()) {
                if let Some(step) = &pool.code.step {
                    instances.run_all(&pool.code, &step.program, end, &mut state.cells);
                }
            }
        }
        Ok(())
    }
}

fn inlet(link: &Drive) -> Inlet {
    (usize::from(link.class), usize::from(link.pool), link.instance as usize, usize::from(link.input))
}

/// Links that have an effect.
pub(super) fn felt(plan: &Plan) -> impl Iterator<Item = &Drive> {
    plan.links.iter().filter(|link| link.weight != 0.0)
}

/// Whether a link brings what was some time ago.
pub(super) fn is_late(link: &Drive) -> bool {
    link.delay > 0.0 && matches!(link.source.value, ProbeValue::Row { .. })
}
