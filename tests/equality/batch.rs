//! Plans side by side in the lanes of one: each gives the bits that it gives alone.

use super::difference::difference;
use super::{by_engine, ways_of};
use crate::reference::models::dice::Dice;
use crate::reference::models::{self, Choices, Model};
use bouton_engine::batch::Batch;
use bouton_engine::plan::{Plan, ProbeValue, Projection, Values};
use bouton_engine::run::{Options, Recording, Simulation};
use std::sync::Arc;

const COPIES: u32 = 4;

/// The plan with some other numbers, and other connections.
fn variant(plan: &Plan, dice: &mut Dice) -> Plan {
    let mut plan = plan.clone();
    for class in &mut plan.classes {
        for row in class.pools.iter_mut().flat_map(|pool| &mut pool.inputs) {
            for x in row.iter_mut().filter(|x| x.is_normal()) {
                if dice.percent(4) {
                    *x *= 1.01;
                }
            }
        }
        for detector in class.detectors.iter_mut().filter(|_| dice.percent(5)) {
            detector.threshold = Values::Same(detector.threshold.at(0) + 1.0);
        }
        if let Some(body) = class.body.as_mut().filter(|_| dice.percent(20)) {
            body.capacitance.iter_mut().for_each(|c| *c *= 1.02);
        }
    }
    // Connections that are recorded stay.
    let probes = plan.recorders.iter().flat_map(|r| &r.probes).chain(plan.drives.iter().map(|d| &d.source));
    let recorded = probes.into_iter().any(|probe| matches!(probe.value, ProbeValue::Connection { .. }));
    for projection in &mut plan.projections {
        match dice.within(0, 5) {
            0 => projection.delay = moved(&projection.delay, projection.len(), 0.1, dice),
            1 => {
                let count = projection.len();
                projection.arguments.iter_mut().take(1).for_each(|weights| *weights = moved(weights, count, 1e-5, dice));
            }
            2 if !recorded => *projection = thinned(projection, dice),
            _ => {}
        }
    }
    plan
}

fn moved(values: &Values, count: usize, by: f64, dice: &mut Dice) -> Values {
    let all = (0..count).map(|c| values.at(c) + if dice.percent(10) { by } else { 0.0 });
    Values::Each(all.collect())
}

/// Without some of its connections.
fn thinned(p: &Projection, dice: &mut Dice) -> Projection {
    let kept: Vec<bool> = p.targets.iter().map(|_| !dice.percent(10)).collect();
    let of = |values: &Values| Values::Each((0..p.len()).filter(|c| kept[*c]).map(|c| values.at(c)).collect());
    let before = |end: &u32| kept[..*end as usize].iter().filter(|kept| **kept).count() as u32;
    Projection {
        start: p.start.iter().map(before).collect(),
        targets: (0..p.len()).filter(|c| kept[*c]).map(|c| p.targets[c]).collect(),
        delay: of(&p.delay),
        arguments: p.arguments.iter().map(of).collect(),
        ..*p
    }
}

/// What a plan gives alone; nothing where it faults.
fn alone(plan: &Arc<Plan>, parts: &[f64], options: &Options) -> Option<Recording> {
    match by_engine(&Model { plan: Plan::clone(plan), parts: parts.to_vec() }, options) {
        Ok((recording, None)) => Some(recording),
        Ok((_, Some(_))) => None,
        Err(panic) => panic!("{panic}"),
    }
}

#[test]
fn copies_with_other_numbers_and_connections() {
    let (mut shared, mut own) = (0, 0);
    // Of the models that are drawn some share nothing: a few more than elsewhere.
    for seed in 0..super::MODELS * 5 / 4 {
        let model = models::random(seed, Choices::ALL);
        let mut dice = Dice::new(seed, 77, usize::MAX);
        let plans: Vec<Arc<Plan>> = (0..COPIES).map(|_| Arc::new(variant(&model.plan, &mut dice))).collect();
        let Some(batch) = Batch::of(&plans) else { continue };
        shared += batch.once().0;
        own += batch.once().1 - batch.once().0;
        let options = ways_of(seed)[0].clone();
        let expected: Option<Vec<Recording>> = plans.iter().map(|plan| alone(plan, &model.parts, &options)).collect();
        let whole = alone(&batch.plan, &model.parts, &options);
        let (Some(expected), Some(whole)) = (&expected, &whole) else {
            assert_eq!(expected.is_some(), whole.is_some(), "model {seed}");
            continue;
        };
        for (copy, (expected, found)) in expected.iter().zip(batch.split(whole)).enumerate() {
            assert_eq!(difference(&found, expected), None, "copy {copy} of model {seed} with {options:?}");
        }
    }
    assert!(shared > 500 && own > 500, "{shared} lanes are there once, {own} for each copy");
}

/// A copy in which something becomes none is told, and the others do not notice.
#[test]
fn one_copy_faults() {
    let mut seen = 0;
    for seed in 0..super::MODELS / 2 {
        let model = models::random(seed, Choices::ALL);
        let mut dice = Dice::new(seed, 78, usize::MAX);
        let mut plans: Vec<Plan> = (0..COPIES).map(|_| variant(&model.plan, &mut dice)).collect();
        // A membrane that is driven out of all bounds, where there is one.
        let Some(class) = plans[2].classes.iter_mut().find(|class| class.body.is_some()) else { continue };
        let pools = class.pools.iter_mut().filter(|pool| pool.code.current.is_some() && pool.code.handlers.is_empty());
        pools.flat_map(|pool| &mut pool.inputs).for_each(|row| row.iter_mut().for_each(|x| *x *= -1e7));
        let plans: Vec<Arc<Plan>> = plans.into_iter().map(Arc::new).collect();
        let options = ways_of(seed)[0].clone();
        let expected: Vec<Option<Recording>> = plans.iter().map(|plan| alone(plan, &model.parts, &options)).collect();
        let Some(batch) = Batch::of(&plans) else { continue };
        let mut whole = Simulation::new(Arc::clone(&batch.plan), &options).expect("the instruction set is there");
        whole.forgive();
        whole.start();
        model.parts.iter().for_each(|part| whole.advance(*part, &mut |_| true).expect("faults are forgiven"));
        let lost: Vec<Option<usize>> = whole.lost().into_iter().map(|(class, lane)| batch.owner(class, lane)).collect();
        for (copy, (expected, found)) in expected.iter().zip(batch.split(whole.recording())).enumerate() {
            let is_lost = lost.iter().any(|owner| owner.is_none_or(|owner| owner == copy));
            assert_eq!(is_lost, expected.is_none(), "copy {copy} of model {seed}");
            if let Some(expected) = expected {
                assert_eq!(difference(&found, expected), None, "copy {copy} of model {seed} with {options:?}");
            }
        }
        seen += usize::from(expected[2].is_none() && expected[1].is_some());
    }
    assert!(seen > 10, "{seen} models in which one copy faults and another does not");
}
