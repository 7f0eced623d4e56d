//! Random models: networks in which everything occurs that a plan can hold. A seed names a model; with fewer choices it is a simpler one.

mod common;
pub mod density;
pub mod dice;
pub mod expr;
pub mod free;
pub mod ions;
pub mod kept;
pub mod point;
mod pools;
mod tests;
mod tree;
mod wiring;

use bouton_engine::kernel::method::adaptive::{Method, Tolerance};
use bouton_engine::kernel::method::explicit::Explicit;
use bouton_engine::kernel::{Setting, Solving};
use bouton_engine::plan::{Body, Class, Detector, Plan, Values};
use dice::Dice;
use expr::Specimen;
use wiring::Kinds;

/// How many choices a model may make of classes and pools, of links, of recorders; the others come out simple.
#[derive(Clone, Copy, Debug)]
pub struct Choices(pub [usize; 3]);

impl Choices {
    /// As many as it likes.
    pub const ALL: Choices = Choices([usize::MAX; 3]);
}

/// Mechanisms over membrane, those that can stand alone first.
const MEMBRANE: [fn() -> Specimen; 20] = [
    density::leak,
    || density::hh(false),
    || density::hh(true),
    density::rectifier,
    density::given,
    density::calcium,
    density::pump,
    density::meter,
    density::markov,
    density::buffer,
    density::oscillator,
    common::lasting,
    common::handed,
    common::chased,
    ions::accumulation,
    ions::buffer,
    ions::channel,
    ions::flux,
    ions::reversal,
    ions::follower,
];

/// Mechanisms at one place.
const PLACES: [fn() -> Specimen; 18] = [
    point::exp_synapse,
    point::exp2_synapse,
    point::blocked_synapse,
    point::clamp,
    point::watcher,
    point::noise,
    point::junction,
    point::graded_synapse,
    point::plastic,
    point::resetting,
    kept::depressing,
    kept::gated,
    kept::numbered,
    ions::influx,
    ions::store,
    ions::sensor,
    point::flicker,
    common::told,
];

/// Cells without a body.
const ALONE: [fn() -> Specimen; 16] = [
    kept::tally,
    || free::generator(0.25, 0.0),
    || free::generator(0.0, 0.0),
    || free::generator(0.25, 0.6),
    free::integrator,
    free::logger,
    free::izhikevich,
    free::resonator,
    free::mass,
    free::oscillator,
    free::oscillator,
    free::relay,
    free::poisson,
    free::walker,
    free::waiter,
    free::listed,
];

/// How cells of equations advance.
const SOLVING: [Solving; 11] = [
    Solving::Own,
    Solving::Own,
    Solving::Whole(Explicit::Euler),
    Solving::Whole(Explicit::Heun),
    Solving::Whole(Explicit::Rk4),
    Solving::Stages(Explicit::Euler),
    Solving::Stages(Explicit::Heun),
    Solving::Stages(Explicit::Rk4),
    Solving::Adaptive(Tolerance { relative: 1e-3, absolute: 1e-6, longest: f64::INFINITY, method: Method::Dopri5 }),
    Solving::Adaptive(Tolerance { relative: 1e-5, absolute: 1e-8, longest: 0.3, method: Method::Dopri5 }),
    Solving::Adaptive(Tolerance { relative: 1e-4, absolute: 1e-7, longest: f64::INFINITY, method: Method::Rosenbrock }),
];

/// A model and how long it is run.
#[derive(Clone, Debug)]
pub struct Model {
    pub plan: Plan,
    /// Durations (ms) of the parts in which it is run.
    pub parts: Vec<f64>,
}

/// Cells that drive each other.
const FLOWING: [fn() -> Specimen; 4] = [free::oscillator, free::oscillator, free::relay, free::mass];

/// The model of a seed, with at most so many choices.
pub fn random(seed: u32, choices: Choices) -> Model {
    // A stream of its own, so that the models are those that they were before.
    let solving = Dice::new(seed, 4, usize::MAX).pick(&SOLVING);
    model(seed, choices, solving, None)
}

/// One of cells of equations alone, which advance together.
pub fn flowing(seed: u32) -> Model {
    model(seed, Choices::ALL, SOLVING[5 + seed as usize % 6], Some(&FLOWING))
}

fn model(seed: u32, choices: Choices, solving: Solving, alone: Alone) -> Model {
    let [mut structure, mut links, mut recorders] = [0, 1, 2].map(|k| Dice::new(seed, k as u32, choices.0[k]));
    let values = &mut Dice::new(seed, 3, usize::MAX);
    let (mut plan, kinds) = network(&mut structure, values, solving, alone);
    plan.projections = wiring::projections(&mut links, values, &plan, &kinds, 300);
    plan.projections.extend(super::projections::projections(&wiring::listeners(&plan)));
    plan.drives = wiring::drives(&mut links, values, &plan, &kinds, 60);
    plan.links = wiring::flowing(&mut links, values, &plan, 60);
    // A stream of its own, so that the models are those that they were before.
    let mut pointers = Dice::new(seed, 5, choices.0[1]);
    plan.pointers = wiring::pointers(&mut pointers, values, &plan, &kinds, 40);
    plan.recorders = wiring::recorders(&mut recorders, &plan);
    let parts = parts(&mut recorders, &plan);
    Model { plan, parts }
}

/// What there is where there are no cells with bodies.
type Alone = Option<&'static [fn() -> Specimen]>;

/// Classes and pools, and the mechanism of each pool.
fn network(dice: &mut Dice, values: &mut Dice, solving: Solving, alone: Alone) -> (Plan, Kinds) {
    let dt = dice.pick(&[0.025, 0.025, 0.05, 0.0125]);
    let second_order = dice.percent(25);
    let celsius = 279.45 + dice.pick(&[0.0, 10.0]);
    let setting = Setting { dt, celsius, tables: dice.percent(50), second_order, scattered: false, solving };
    let mut plan = Plan { dt, second_order, v_init: dice.pick(&[-65.0, -70.0, -58.5]), ..Plan::default() };
    let mut kinds = Kinds::new();
    let classes = dice.within(1, 5);
    let mut cells = dice.pick(&[1, 3, 8, 20, 70]);
    for c in 0..classes {
        let lanes = if c + 1 == classes { cells } else { dice.within(1, cells) };
        let (class, specimens) = class(dice, values, setting, (lanes, alone), &mut plan.sources);
        plan.classes.push(class);
        kinds.push(specimens);
        cells = (cells - lanes).max(1);
    }
    (plan, kinds)
}

/// A class of so many cells, with or without a body, and the mechanisms of its pools.
fn class(
    dice: &mut Dice,
    values: &mut Dice,
    setting: Setting,
    (lanes, alone): (usize, Alone),
    sources: &mut u32,
) -> (Class, Vec<Specimen>) {
    let body = (!dice.percent(30) && alone.is_none()).then(|| {
        let most = dice.pick(&[1, 3, 12]);
        tree::random(dice, values, most, lanes)
    });
    let name = if body.is_some() { "B" } else { "F" };
    let mut class = Class { name: name.into(), cells: (0..lanes).map(|i| format!("{name}[{i}]")).collect(), ..Class::default() };
    class.extracellular = body.as_ref().filter(|_| dice.percent(20)).map(|body| tree::space(dice, values, body));
    let mut kinds = Vec::new();
    let most = if body.is_some() { 5 } else { 2 };
    let specimens = match alone {
        Some(kinds) => vec![dice.pick(kinds)()],
        None => specimens(dice, body.is_some(), most),
    };
    let ions = match &body {
        Some(body) => ions::Shared::random(dice, values, body, lanes, &specimens, setting.second_order),
        None => ions::Shared::default(),
    };
    for specimen in specimens {
        let space = class.extracellular.is_some();
        let mut ground = pools::Ground { setting, lanes, body: body.as_ref(), space, ions: &ions, sources };
        if let Some(pool) = pools::random(dice, values, &specimen, &mut ground) {
            class.pools.push(pool);
            kinds.push(specimen);
        }
    }
    class.detectors = detectors(dice, body.as_ref(), lanes, sources);
    class.body = body;
    class.shared = ions.rows;
    (class, kinds)
}

/// At least one and at most so many mechanisms; the first of a body carries a current.
fn specimens(dice: &mut Dice, body: bool, most: usize) -> Vec<Specimen> {
    let count = dice.within(1, most);
    (0..count)
        .map(|k| match (body, k) {
            (false, _) => dice.pick(&ALONE)(),
            (true, 0) => dice.pick(&MEMBRANE[..3])(),
            (true, _) if dice.percent(60) => dice.pick(&PLACES)(),
            (true, _) => dice.pick(&MEMBRANE)(),
        })
        .collect()
}

/// Up to two thresholds, also two at one node.
fn detectors(dice: &mut Dice, body: Option<&Body>, lanes: usize, sources: &mut u32) -> Vec<Detector> {
    let Some(body) = body else { return Vec::new() };
    let count = dice.below(3);
    (0..count)
        .map(|_| Detector {
            node: dice.below(body.parent.len()) as u32,
            threshold: match dice.percent(30) {
                true => Values::of((0..lanes).map(|_| dice.pick(&[-20.0, 10.0, -60.0])).collect()),
                false => Values::Same(dice.pick(&[-20.0, 10.0, -60.0])),
            },
            sources: pools::number(sources, lanes),
        })
        .collect()
}

/// Some steps in one or several parts; fewer where there is much to compute, sometimes many where there is little.
fn parts(dice: &mut Dice, plan: &Plan) -> Vec<f64> {
    let instances: usize = plan.classes.iter().flat_map(|c| c.pools.iter().map(|p| p.placement.count(c.lanes()))).sum();
    let most = if dice.percent(20) { 3000 } else { 400 };
    let steps = (40_000 / instances.max(1)).clamp(100, most) as f64;
    let first = dice.pick(&[0.0, 2.0, 3.0, 17.0, 3.5]);
    [first, steps - first].into_iter().filter(|&n| n > 0.0).map(|n| n * plan.dt).collect()
}
