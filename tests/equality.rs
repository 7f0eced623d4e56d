//! The engine against the plain second simulator, bit for bit, however the engine is asked to run.

#[path = "equality/batch.rs"]
mod batch;
#[path = "equality/copies.rs"]
mod copies;
#[path = "equality/coupled.rs"]
mod coupled;
#[path = "equality/describe.rs"]
mod describe;
#[path = "equality/difference.rs"]
mod difference;
mod reference;
#[path = "equality/tut2.rs"]
mod tut2;

use bouton_engine::kernel::Advance;
use bouton_engine::plan::{Placement, Plan, Recorder};
use bouton_engine::run::{Fault, Options, Recording, Simulation};
use bouton_engine::simd::Isa;
use bouton_engine::vm::program::{Instr, Op, Operand, Program};
use describe::describe;
use difference::difference;
use reference::by_hand;
use reference::models::{self, Choices, Model};
use reference::simulator::Simulator;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How many random models are compared, and how many ways of running the engine each of them is run in.
const MODELS: u32 = 200;
const WAYS: usize = 4;

/// How many models of cells of equations alone.
const FLOWING: u32 = 60;

/// Every way in which the engine can be asked to run: all of them must give the same.
fn ways() -> Vec<Options> {
    let mut list = Vec::new();
    for isa in Isa::available() {
        for block in [8, 16, 64] {
            for lanes in [Some(1), Some(5), Some(8), Some(64), None] {
                for threads in [1, 2, 7] {
                    list.push(Options { isa: Some(isa.name().into()), block, lanes, threads, profile: false });
                }
            }
        }
    }
    list
}

/// The ways of a model. Over all models every way comes up, and each model is run in ways that differ in everything.
fn ways_of(seed: u32) -> Vec<Options> {
    let all = ways();
    // The golden section of their number: consecutive choices are far apart.
    let stride = (1..all.len()).rev().find(|&s| s * 1000 < all.len() * 618 && coprime(s, all.len())).unwrap_or(1);
    (0..WAYS).map(|k| all[(seed as usize * WAYS + k) * stride % all.len()].clone()).collect()
}

fn coprime(a: usize, b: usize) -> bool {
    if b == 0 { a == 1 } else { coprime(b, a % b) }
}

/// What a run gave: the recording, and the fault if there was one; or that it panicked.
type Outcome = Result<(Recording, Option<Box<Fault>>), String>;

fn by_engine(model: &Model, options: &Options) -> Outcome {
    let run = || {
        let mut simulation = Simulation::new(Arc::new(model.plan.clone()), options).expect("the instruction set is there");
        simulation.start();
        let fault = model.parts.iter().find_map(|&duration| simulation.advance(duration, &mut |_| true).err());
        (simulation.recording().clone(), fault)
    };
    catch_unwind(AssertUnwindSafe(run)).map_err(|_| "the engine panicked".into())
}

fn by_reference(model: &Model) -> Outcome {
    let mut simulator = Simulator::new(Arc::new(model.plan.clone()));
    simulator.start();
    let fault = model.parts.iter().find_map(|&duration| simulator.advance(duration).err());
    Ok((simulator.recording(), fault))
}

/// Where the engine and the second simulator differ, if they do. After a fault only the fault is compared.
fn disagreement(engine: &Outcome, reference: &Outcome) -> Option<String> {
    let (engine, engine_fault, reference, fault) = match (engine, reference) {
        (Ok((e, x)), Ok((r, y))) => (e, x, r, y),
        (Err(message), _) | (_, Err(message)) => return Some(message.clone()),
    };
    match (engine_fault, fault) {
        (None, None) => difference(engine, reference),
        (Some(x), Some(y)) if (x.time, &x.cell) == (y.time, &y.cell) => None,
        (x, y) => Some(format!("faults: engine {x:?}, reference {y:?}")),
    }
}

/// A simple form of a model that shows a difference: fewer choices of structure, then of links, then of recorders.
fn shrunk(seed: u32, options: &Options) -> Option<(Model, String)> {
    let mut choices = Choices::ALL;
    let mut simplest = None;
    for part in 0..3 {
        let found = fewer().find_map(|n| {
            choices.0[part] = n;
            let model = models::random(seed, choices);
            disagreement(&by_engine(&model, options), &by_reference(&model)).map(|difference| (model, difference))
        });
        match found {
            Some(found) => simplest = Some(found),
            None => choices.0[part] = usize::MAX,
        }
    }
    simplest
}

/// Numbers of choices, from none to many.
fn fewer() -> impl Iterator<Item = usize> {
    std::iter::successors(Some(0), |n| Some(1 + n + n / 10)).take_while(|n| *n < 5_000)
}

fn check(seeds: impl Iterator<Item = u32>) {
    for seed in seeds {
        let model = models::random(seed, Choices::ALL);
        let reference = by_reference(&model);
        for options in ways_of(seed) {
            let Some(found) = disagreement(&by_engine(&model, &options), &reference) else { continue };
            let (model, found) = shrunk(seed, &options).unwrap_or((model, found));
            panic!("model {seed} with {options:?}:\n{found}\n{}", describe(&model));
        }
    }
}

// Two halves, so that two cores share the work.
#[test]
fn engine_equals_reference() {
    check((0..MODELS).step_by(2));
}

#[test]
fn engine_equals_reference_too() {
    check((1..MODELS).step_by(2));
}

/// Cells of equations that drive each other, with delays and without.
#[test]
fn cells_that_advance_together_equal_those_of_the_reference() {
    let mut late = 0;
    for seed in 0..FLOWING {
        let model = models::flowing(seed);
        late += usize::from(model.plan.links.iter().any(|link| link.delay > 0.0 && link.weight != 0.0));
        let reference = by_reference(&model);
        for options in ways_of(seed) {
            let found = disagreement(&by_engine(&model, &options), &reference);
            assert_eq!(found, None, "model {seed} with {options:?}:\n{}", describe(&model));
        }
    }
    assert!(late > FLOWING as usize / 2, "{late} of {FLOWING} have delays");
}

#[test]
fn every_way_of_running_comes_up() {
    let tried: Vec<Options> = (0..MODELS).flat_map(ways_of).collect();
    assert!(ways().iter().all(|way| tried.contains(way)));
}

#[test]
fn a_second_start_forgets_the_first() {
    for seed in [3, 14, 15] {
        let model = models::random(seed, Choices::ALL);
        let mut simulation = Simulation::new(Arc::new(model.plan.clone()), &Options::default()).expect("an engine");
        simulation.start();
        simulation.advance(3.0, &mut |_| true).expect("no fault");
        simulation.start();
        model.parts.iter().for_each(|&duration| simulation.advance(duration, &mut |_| true).expect("no fault"));
        let engine = Ok((simulation.recording().clone(), None));
        assert_eq!(disagreement(&engine, &by_reference(&model)), None, "model {seed}");
    }
}

/// A run that stops, hands its state to another simulation, laid out in another way, and goes on there, gives what one that did not stop gives.
#[test]
fn a_state_that_is_taken_up_elsewhere_gives_the_same_bits() {
    let all = (0..MODELS / 2).map(|seed| (seed, models::random(seed, Choices::ALL)));
    for (seed, model) in all.chain((0..FLOWING / 2).map(|seed| (seed, models::flowing(seed)))) {
        let ways = ways_of(seed);
        let simulation = |k: usize| Simulation::new(Arc::new(model.plan.clone()), &ways[k % ways.len()]).expect("an engine");
        let mut whole = simulation(0);
        whole.start();
        let whole_fault = model.parts.iter().find_map(|&duration| whole.advance(duration, &mut |_| true).err());
        let mut now = simulation(0);
        now.start();
        let mut fault = None;
        for (k, duration) in model.parts.iter().enumerate() {
            let mut next = simulation(k + 1);
            next.resume(&now.state()).expect("it is the same plan");
            next.remember(now.recording().clone());
            now = next;
            fault = now.advance(*duration, &mut |_| true).err();
            if fault.is_some() {
                break;
            }
        }
        assert_eq!(fault.is_none(), whole_fault.is_none(), "model {seed}");
        if fault.is_none() {
            assert_eq!(difference(now.recording(), whole.recording()), None, "model {seed}\n{}", describe(&model));
        }
    }
}

/// A second of model time: steps and samples are counted alike where accumulated times have drifted from their multiples.
#[test]
fn a_second_has_as_many_steps_and_samples() {
    let recorders = [0.1, 0.07].map(|every| Recorder { every: Some(every), probes: vec![by_hand::voltage(0, 0)] }).to_vec();
    let pools = vec![by_hand::pool(by_hand::leak(0.0003, -54.0), Placement::Nodes(vec![0]), 1, 0)];
    let classes = vec![by_hand::class("P", 1, Some(by_hand::point()), pools)];
    let plan = Plan { classes, recorders, ..by_hand::plan() };
    for parts in [vec![1000.0], vec![200.0, 800.0], vec![0.05, 0.05, 0.075, 0.1, 999.725]] {
        let model = Model { plan: plan.clone(), parts };
        assert_eq!(disagreement(&by_engine(&model, &Options::default()), &by_reference(&model)), None, "{:?}", model.parts);
    }
}

/// A generator and a condition of a lower source spike at 0.375 ms, one at the end of a part, the other when the next begins:
/// the recording is sorted by source all the same.
#[test]
fn spikes_of_one_time_are_sorted_across_a_border() {
    let latch = by_hand::pool(by_hand::latch(), Placement::Free, 1, 0);
    let clock = by_hand::pool(by_hand::clock(0.375, 1.0), Placement::Free, 1, 1);
    let classes = vec![by_hand::class("L", 1, None, vec![latch]), by_hand::class("K", 1, None, vec![clock])];
    let plan = Plan { classes, sources: 2, dt: 0.125, ..by_hand::plan() };
    for parts in [vec![1.0], vec![0.375, 0.625]] {
        let model = Model { plan: plan.clone(), parts };
        assert_eq!(disagreement(&by_engine(&model, &Options::default()), &by_reference(&model)), None, "{:?}", model.parts);
    }
}

/// Cells that explode, each at its own time: the first is named, wherever it is.
#[test]
fn the_first_fault_is_the_same() {
    let exploding = |name: &str, lanes: usize, g: f64| {
        let pools = vec![by_hand::pool(by_hand::leak(g, 10.0), Placement::Nodes(vec![0]), lanes, 0)];
        by_hand::class(name, lanes, Some(by_hand::point()), pools)
    };
    let classes = vec![exploding("A", 3, -0.003), exploding("B", 70, -0.005), exploding("C", 9, -0.004)];
    let model = Model { plan: Plan { classes, ..by_hand::plan() }, parts: vec![100.0] };
    // The second simulator does not say what else there is at the place.
    let fault = |outcome: Outcome| outcome.map(|r| r.1.map(|fault| Fault { values: Vec::new(), ..*fault }));
    let reference = fault(by_reference(&model));
    for options in ways() {
        assert_eq!(fault(by_engine(&model, &options)), reference, "{options:?}");
    }
}

/// The comparison would be worth nothing if it did not see one bit: the last one of a constant, or of a sum.
#[test]
fn one_bit_makes_a_difference() {
    let (nudged, unfused) = (seen(nudge), seen(unfuse));
    assert!(nudged >= 20 && unfused >= 5, "{nudged} and {unfused} of 40");
}

/// In how many of 40 models the change of each pool's code is seen. Where it matters little, or nothing that it reaches is
/// recorded, the bit may be lost.
fn seen(change: fn(&mut Program)) -> usize {
    let differs = |seed: &u32| {
        let model = models::random(*seed, Choices::ALL);
        let reference = by_reference(&model);
        let other = Model { plan: changed(model.plan.clone(), change), ..model };
        let engine = by_engine(&other, &Options::default());
        engine.is_ok() && disagreement(&engine, &reference).is_some()
    };
    (0..40).filter(differs).count()
}

fn changed(mut plan: Plan, change: fn(&mut Program)) -> Plan {
    for pool in plan.classes.iter_mut().flat_map(|class| &mut class.pools) {
        let code = Arc::make_mut(&mut pool.code);
        code.current.iter_mut().for_each(change);
        if let Advance::Program(program) = &mut code.advance {
            change(program);
        }
    }
    plan
}

/// The first constant becomes the next number.
fn nudge(program: &mut Program) {
    for operand in &mut program.operands {
        match operand {
            Operand::Constant(x) if x.is_finite() && *x != 0.0 => {
                *x = x.next_up();
                return;
            }
            _ => {}
        }
    }
}

/// The first fused multiply-add is rounded twice.
fn unfuse(program: &mut Program) {
    let Some(at) = program.code.iter().position(|i| i.op == Op::Fma && i.dst != i.c) else { return };
    let fused = program.code[at];
    program.code[at] = Instr { op: Op::Mul, c: 0, ..fused };
    program.code.insert(at + 1, Instr { op: Op::Add, a: fused.dst, b: fused.c, c: 0, ..fused });
}
