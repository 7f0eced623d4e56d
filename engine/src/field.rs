//! The vector field of a network of cells of equations: the slopes of all states, and their derivatives by all states, through whatever connects the cells.
//! Its plan was built with the field of each mechanism ([`crate::kernel::field`]).

use crate::kernel::{self, Partial};
use crate::plan::{Plan, Probe, ProbeValue};
use crate::run::Simulation;
use std::collections::HashMap;

/// The states of a pool: names, with a value for each instance.
pub type Starts = Vec<(String, Vec<f64>)>;

/// Values at which states begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Initial {
    /// By class of the plan and pool.
    pub classes: Vec<Vec<Starts>>,
}

/// Where all states are, and what connects them.
pub struct Field {
    spots: Vec<Spot>,
    /// Number of the first state of each instance, by class and instance.
    first: Vec<Vec<usize>>,
    inlets: Vec<Inlet>,
    /// Number of each inlet by class, instance and number of the input in the code's field.
    known: HashMap<(u16, u32, usize), usize>,
}

/// Why a network has no field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// This cell has sections.
    Sections(String),
    /// Some values are taken with a delay: its states are functions of time.
    Delay,
}

/// A state.
#[derive(Clone, Debug)]
struct Spot {
    class: usize,
    instance: usize,
    name: String,
    /// Which of the equations of its mechanism.
    number: usize,
    row: u16,
}

/// An input that is driven, and by what.
struct Inlet {
    terms: Vec<(Probe, f64)>,
}

/// What the field is somewhere. Derivatives stand row by row: how fast slope k changes with state j is at k * n + j.
#[derive(Clone, Debug, PartialEq)]
pub struct Slopes {
    /// Of each state.
    pub slopes: Vec<f64>,
    /// Of each slope by each state.
    pub jacobian: Vec<f64>,
}

/// A row of derivatives: by which states, and how much.
type Sparse = Vec<(usize, f64)>;

fn code(plan: &Plan, class: usize) -> Option<&kernel::Field> {
    plan.classes.get(class)?.pools.first()?.code.field.as_ref()
}

impl Field {
    /// Of a plan.
    ///
    /// # Errors
    /// It has none.
    pub fn new(plan: &Plan) -> Result<Field, Unfit> {
        if let Some(class) = plan.classes.iter().find(|class| class.body.is_some()) {
            return Err(Unfit::Sections(class.cells.get(0).unwrap_or_default()));
        }
        if plan.links.iter().any(|link| link.delay > 0.0) {
            return Err(Unfit::Delay);
        }
        let (mut spots, mut first) = (Vec::new(), Vec::new());
        for (number, class) in plan.classes.iter().enumerate() {
            let of_class = code(plan, number).map_or(&[][..], |field| &field.states);
            first.push((0..class.lanes()).map(|lane| spots.len() + lane * of_class.len()).collect());
            for instance in 0..class.lanes() {
                let all = of_class.iter().enumerate();
                spots.extend(all.map(|(k, (name, row))| Spot {
                    class: number,
                    instance,
                    name: name.clone(),
                    number: k,
                    row: *row,
                }));
            }
        }
        let (mut inlets, mut known): (Vec<Inlet>, HashMap<_, usize>) = (Vec::new(), HashMap::new());
        for link in &plan.links {
            let Some(field) = code(plan, usize::from(link.class)) else { continue };
            let inputs = plan.classes.get(usize::from(link.class)).and_then(|c| c.pools.first()).map(|p| &p.code.inputs);
            let Some((_, row)) = inputs.and_then(|inputs| inputs.get(usize::from(link.input))) else { continue };
            let Some(number) = field.inputs.iter().position(|input| input == row) else { continue };
            let at = *known.entry((link.class, link.instance, number)).or_insert_with(|| {
                inlets.push(Inlet { terms: Vec::new() });
                inlets.len() - 1
            });
            inlets[at].terms.push((link.source, link.weight));
        }
        Ok(Field { spots, first, inlets, known })
    }

    /// How many states there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }

    /// Class, instance and name of each state.
    pub fn states(&self) -> impl Iterator<Item = (usize, usize, &str)> {
        self.spots.iter().map(|s| (s.class, s.instance, s.name.as_str()))
    }

    /// Values of all states as they would be given to begin with.
    #[must_use]
    pub fn initial(&self, plan: &Plan, values: &[f64]) -> Initial {
        let pools = |lanes: usize, pools: usize| (0..pools).map(|_| Vec::with_capacity(lanes)).collect();
        let mut classes: Vec<Vec<Starts>> = plan.classes.iter().map(|c| pools(c.lanes(), c.pools.len())).collect();
        for (spot, value) in self.spots.iter().zip(values) {
            let Some(pool) = classes.get_mut(spot.class).and_then(|c| c.first_mut()) else { continue };
            if pool.len() <= spot.number {
                pool.push((spot.name.clone(), Vec::new()));
            }
            pool[spot.number].1.push(*value);
        }
        Initial { classes }
    }

    /// The values of all states as they are now.
    #[must_use]
    pub fn present(&self, simulation: &Simulation) -> Vec<f64> {
        self.spots.iter().map(|s| simulation.row(s.class, s.row, s.instance)).collect()
    }

    /// The field where the states have these values. The simulation is left there.
    pub fn at(&self, simulation: &mut Simulation, values: &[f64]) -> Slopes {
        for (s, value) in self.spots.iter().zip(values) {
            simulation.set_row(s.class, s.row, s.instance, *value);
        }
        simulation.look_at_field();
        let plan = simulation.plan();
        let n = self.spots.len();
        let mut resolved: Vec<Option<Sparse>> = vec![None; self.inlets.len()];
        let mut rows = Rows { field: self, simulation, plan, scratch: vec![0.0; n], touched: Vec::new() };
        for inlet in 0..self.inlets.len() {
            rows.resolve(inlet, &mut resolved);
        }
        let mut found = Slopes { slopes: vec![0.0; n], jacobian: vec![0.0; n * n] };
        for (k, s) in self.spots.iter().enumerate() {
            let Some(partial) = code(plan, s.class).and_then(|field| field.slopes.get(s.number)) else { continue };
            found.slopes[k] = rows.value(s.class, partial.row, s.instance);
            for (j, slope) in rows.of(partial, s.class, s.instance, &resolved) {
                found.jacobian[k * n + j] = slope;
            }
        }
        found
    }
}

/// Derivatives as they are put together.
struct Rows<'a> {
    field: &'a Field,
    simulation: &'a Simulation,
    plan: &'a Plan,
    scratch: Vec<f64>,
    touched: Vec<usize>,
}

impl Rows<'_> {
    fn value(&self, class: usize, row: u16, instance: usize) -> f64 {
        self.simulation.row(class, row, instance)
    }

    fn add(&mut self, state: usize, slope: f64) {
        if self.scratch[state] == 0.0 {
            self.touched.push(state);
        }
        self.scratch[state] += slope;
    }

    fn add_all(&mut self, factor: f64, terms: &[(usize, f64)]) {
        terms.iter().for_each(|(state, slope)| self.add(*state, factor * slope));
    }

    fn take(&mut self) -> Sparse {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        let found = touched.iter().map(|state| (*state, std::mem::take(&mut self.scratch[*state]))).collect();
        touched.clear();
        self.touched = touched;
        found
    }

    /// The derivatives of an input: each after those on which it depends.
    fn resolve(&mut self, inlet: usize, resolved: &mut [Option<Sparse>]) {
        // What drives inputs has no circles, and few follow one upon the other; still no recursion, for there may be thousands.
        let mut waiting = vec![inlet];
        while let Some(next) = waiting.last().copied() {
            if resolved[next].is_some() {
                waiting.pop();
                continue;
            }
            let needed: Vec<usize> = self.needs(next).into_iter().filter(|one| resolved[*one].is_none()).collect();
            if needed.is_empty() {
                resolved[next] = Some(self.inlet(next, resolved));
                waiting.pop();
            } else {
                waiting.extend(needed);
            }
        }
    }

    fn needs(&self, inlet: usize) -> Vec<usize> {
        let field = self.field;
        let of = |(probe, _): &(Probe, f64)| {
            let ((_, of, instance), class) = (self.source(probe)?, probe.class);
            let inputs: Vec<usize> = match of {
                Of::State(_) => Vec::new(),
                Of::Input(number) => vec![number],
                Of::Shown(partial) => self.inputs(partial, probe.class),
            };
            Some(inputs.into_iter().filter_map(move |number| field.known.get(&(class, instance, number)).copied()))
        };
        field.inlets[inlet].terms.iter().filter_map(of).flatten().collect()
    }

    /// Numbers of the inputs by which a value changes.
    fn inputs(&self, partial: &Partial, class: u16) -> Vec<usize> {
        let states = code(self.plan, usize::from(class)).map_or(0, |field| field.states.len());
        partial.by.iter().filter_map(|(number, _)| number.checked_sub(states)).collect()
    }

    fn source(&self, probe: &Probe) -> Option<(usize, Of<'_>, u32)> {
        let ProbeValue::Row { row, instance, .. } = probe.value else { return None };
        let field = code(self.plan, usize::from(probe.class))?;
        let state = field.states.iter().position(|(_, known)| *known == row).map(Of::State);
        let input = || field.inputs.iter().position(|known| *known == row).map(Of::Input);
        let shown = || field.shown.iter().find(|partial| partial.row == row).map(Of::Shown);
        Some((usize::from(probe.class), state.or_else(input).or_else(shown)?, instance))
    }

    fn inlet(&mut self, inlet: usize, resolved: &[Option<Sparse>]) -> Sparse {
        let field = self.field;
        for (probe, weight) in &field.inlets[inlet].terms {
            let Some((class, of, instance)) = self.source(probe) else { continue };
            let terms: Sparse = match of {
                Of::State(number) => vec![(field.first[class][instance as usize] + number, 1.0)],
                Of::Input(number) => {
                    let known = field.known.get(&(probe.class, instance, number));
                    known.and_then(|at| resolved[*at].clone()).unwrap_or_default()
                }
                Of::Shown(partial) => {
                    let partial = partial.clone();
                    let kept =
                        (std::mem::replace(&mut self.scratch, vec![0.0; field.spots.len()]), std::mem::take(&mut self.touched));
                    let found = self.of(&partial, class, instance as usize, resolved);
                    (self.scratch, self.touched) = kept;
                    found
                }
            };
            self.add_all(*weight, &terms);
        }
        self.take()
    }

    /// The derivatives of a value of an instance by all states.
    fn of(&mut self, partial: &Partial, class: usize, instance: usize, resolved: &[Option<Sparse>]) -> Sparse {
        let field = self.field;
        let states = code(self.plan, class).map_or(0, |field| field.states.len());
        for (number, row) in &partial.by {
            let slope = self.value(class, *row, instance);
            match number.checked_sub(states) {
                None => self.add(field.first[class][instance] + number, slope),
                Some(input) => {
                    let at = field.known.get(&(class as u16, instance as u32, input));
                    if let Some(terms) = at.and_then(|at| resolved[*at].as_ref()) {
                        self.add_all(slope, terms);
                    }
                }
            }
        }
        self.take()
    }
}

/// What a value that drives something is.
enum Of<'p> {
    State(usize),
    Input(usize),
    Shown(&'p Partial),
}
