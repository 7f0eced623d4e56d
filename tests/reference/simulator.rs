//! A run of a plan: the start, the step, and the count of steps. The numbers of the points are those of a step from t_n to t_n+1.

mod adaptive;
mod cable;
mod coupling;
mod diffusion;
mod events;
mod flow;
mod newton;
mod outside;
mod past;
mod sampling;
mod scheme;
mod state;

use bouton_engine::kernel::{Advance, MechanismCode};
use bouton_engine::plan::Plan;
use bouton_engine::run::{Fault, Recording};
use coupling::Taken;
use events::Queue;
use state::{CellState, ClassState, PoolState};
use std::collections::HashMap;
use std::sync::Arc;

/// A plan and the state of its simulation.
pub struct Simulator {
    plan: Arc<Plan>,
    t: f64,
    classes: Vec<ClassState>,
    queue: Queue,
    /// What connections have for themselves, by projection and number in it; nothing where the pool that they reach keeps nothing.
    lines: Vec<Vec<Vec<f64>>>,
    /// When each source has spiked last, and how many times before at that very time.
    spiked: HashMap<u32, (f64, u64)>,
    /// When each recorder with an interval samples next.
    due: Vec<f64>,
    recording: Recording,
    /// Those with steps of their own.
    systems: Vec<adaptive::System>,
    past: past::Past,
}

impl Simulator {
    /// Ready to be started.
    pub fn new(plan: Arc<Plan>) -> Simulator {
        let classes = state::classes(&plan);
        let due = vec![0.0; plan.recorders.len()];
        let mut simulator = Simulator {
            plan,
            t: 0.0,
            classes,
            queue: Queue::default(),
            lines: Vec::new(),
            spiked: HashMap::new(),
            due,
            recording: Recording::default(),
            systems: Vec::new(),
            past: past::Past::default(),
        };
        simulator.systems = simulator.systems();
        simulator
    }

    /// Model time (ms).
    pub fn time(&self) -> f64 {
        self.t
    }

    /// What was recorded since the start: spikes by time, then source.
    pub fn recording(&self) -> Recording {
        let mut recording = self.recording.clone();
        recording.spikes.sort_by(|x, y| x.time.total_cmp(&y.time).then(x.source.cmp(&y.source)));
        recording
    }

    /// t = 0: potentials, inputs, `prepare`, coupling, `init`, coupling again, `on start`, events that are due, first samples.
    pub fn start(&mut self) {
        *self = Simulator::new(self.plan.clone());
        self.recording = sampling::empty(&self.plan);
        self.each_pool(|code, pool, cells| pool.run_all(code, &code.prepare, 0.0, cells));
        // With potentials alone: no state has a value yet, and counts as 0.
        self.exchange();
        self.init();
        self.exchange();
        self.begin_past();
        self.flow(0.0, true);
        self.connect();
        self.start_handlers();
        self.flow(0.0, true);
        // Events first; samples of time 0 see what they did, and the currents of that moment.
        let due = std::mem::replace(&mut self.due, vec![f64::INFINITY; self.plan.recorders.len()]);
        self.deliver(0.0);
        self.due = due;
        let plan = self.plan.clone();
        for (class, state) in self.classes.iter_mut().enumerate() {
            cable::evaluate(&plan, class, state, 0.0);
        }
        self.sample_steps();
        while let Some((_, k)) = self.next_sample(0.0) {
            self.sample_due(k);
        }
    }

    /// Initial values, pools in order. Where values of ions were written, what follows from them follows at once.
    fn init(&mut self) {
        let plan = self.plan.clone();
        for (number, (class, state)) in plan.classes.iter().zip(&mut self.classes).enumerate() {
            for (k, pool) in class.pools.iter().enumerate() {
                coupling::read(&plan, number, k, None, state);
                let (code, instances) = (&pool.code, &mut state.pools[k]);
                instances.begin(code, &mut state.cells);
                instances.run_all(code, &code.init, 0.0, &mut state.cells);
                instances.publish(code, 0.0, &mut state.cells);
                instances.clear_conditions(code);
                coupling::hand_on(&plan, number, k, state, Taken::States, 0.0);
                if code.writes_shared {
                    for (other, instances) in class.pools.iter().zip(&mut state.pools).filter(|(p, _)| p.code.follows) {
                        if let Some(program) = &other.code.current {
                            instances.run_all(&other.code, program, 0.0, &mut state.cells);
                        }
                    }
                }
            }
        }
    }

    /// Advances by so many ms: T = t + duration; n = int((T (1 + 1e-11) - t) / dt + 1e-9) steps,
    /// but if that is at most 3, single steps while t <= T (1 + 1e-11) - dt.
    ///
    /// # Errors
    /// A potential that is out of bounds, an iteration that does not converge.
    pub fn advance(&mut self, duration: f64) -> Result<(), Box<Fault>> {
        let dt = self.plan.dt;
        let end = (self.t + duration) * (1.0 + 1e-11);
        let steps = ((end - self.t) / dt + 1e-9) as i64;
        if steps > 3 {
            for _ in 0..steps {
                self.step()?;
            }
        } else {
            while self.t <= end - dt {
                self.step()?;
            }
        }
        Ok(())
    }

    /// One step.
    fn step(&mut self) -> Result<(), Box<Fault>> {
        let plan = self.plan.clone();
        let (beginning, half) = (self.t, 0.5 * plan.dt);
        // 1
        self.detect();
        self.look_at_conditions();
        // 2
        self.deliver(beginning + half);
        // Cells of equations that drive each other advance together, from values of the step's beginning.
        self.flow_step()?;
        // 3
        self.t = beginning + half;
        // 4 to 7
        for (class, state) in self.classes.iter_mut().enumerate() {
            cable::advance(&plan, class, state, beginning)?;
        }
        // 8, and what is coupled continuously: new potentials, old states
        self.t += half;
        self.exchange();
        // 9
        self.advance_states()?;
        self.end_step();
        // 10
        self.sample_steps();
        // 11
        self.deliver(self.t);
        Ok(())
    }

    /// Point 9: the states advance with the new time and potential, pools in order.
    fn advance_states(&mut self) -> Result<(), Box<Fault>> {
        let plan = self.plan.clone();
        for (number, (class, state)) in plan.classes.iter().zip(&mut self.classes).enumerate() {
            for (k, pool) in class.pools.iter().enumerate() {
                coupling::read(&plan, number, k, None, state);
                let instances = &mut state.pools[k];
                match &pool.code.advance {
                    // Those are `flow_step`'s.
                    Advance::None | Advance::Stages(..) | Advance::Adaptive(_) => {}
                    Advance::Program(program) => instances.run_all(&pool.code, program, self.t, &mut state.cells),
                    Advance::Newton(method) => newton::advance(class, &pool.code, method, instances, self.t, &mut state.cells)?,
                    Advance::Iterated(method) => scheme::advance(class, &pool.code, method, instances, self.t, &mut state.cells)?,
                }
                instances.publish(&pool.code, self.t, &mut state.cells);
                if !matches!(pool.code.advance, Advance::Stages(..) | Advance::Adaptive(_)) {
                    coupling::hand_on(&plan, number, k, state, Taken::States, self.t);
                }
            }
            diffusion::advance(class, state, self.t);
        }
        Ok(())
    }

    /// Classes in order, their pools in order.
    fn each_pool(&mut self, act: impl Fn(&MechanismCode, &mut PoolState, &mut [CellState])) {
        for (class, state) in self.plan.classes.iter().zip(&mut self.classes) {
            for (pool, instances) in class.pools.iter().zip(&mut state.pools) {
                act(&pool.code, instances, &mut state.cells);
            }
        }
    }
}
