//! How searches and sweeps would be run: what `bouton plan` shows of them. Nothing is run.

use super::candidates::Task;
use super::experiment::together::Stock;
use super::search::first_points;
use super::{Runner, Stop};
use crate::build::{Knobs, Network, build_together};
use bouton_engine::batch::Batch;
use bouton_engine::plan::{Plan, Projection};
use bouton_model::ir::{Program, Statement, StatementKind};
use std::fmt::Write;
use std::sync::Arc;

impl Runner {
    /// Of each search and sweep among the statements of the script, in order.
    pub fn previews(&mut self) -> String {
        let statements = self.experiment.statements();
        statements.iter().filter_map(|statement| self.preview(statement)).collect()
    }

    fn preview(&self, statement: &Statement) -> Option<String> {
        let (task, points) = match &statement.kind {
            StatementKind::Optimize(search) => (Task::from(&**search), first_points(self, search)),
            StatementKind::Sweep(sweep) => (Task::from(&**sweep), self.points(sweep)),
            _ => return None,
        };
        let name = task.name();
        Some(match points.and_then(|points| self.batch(task, &points)) {
            Ok(text) => format!("{name}: {text}"),
            // Its ranges follow from what the script computes.
            Err(_) => format!("{name}: known when the script comes to it\n"),
        })
    }

    /// The first candidates that are run side by side on a thread.
    fn batch(&self, task: Task, points: &[Vec<f64>]) -> Result<String, Stop> {
        let stock = Stock::default();
        let blank = self.blank(task, &stock)?;
        let width = blank.width(points).min(points.len());
        let mut text = format!("{} runs at a time, up to {width} of them side by side\n", points.len());
        let mut runners = Vec::new();
        for point in points.iter().take(width) {
            runners.push(blank.runner(point)?);
        }
        let parts = runners.iter().map(|runner| runner.experiment.parts());
        let models: Vec<(&Program, &Knobs)> = parts.map(|(program, knobs)| (&**program, knobs)).collect();
        let built = build_together(&models, &stock.codes);
        let networks: Vec<Network> = built.into_iter().filter_map(Result::ok).collect();
        let plans: Vec<Arc<Plan>> = networks.iter().map(|network| Arc::clone(&network.plan)).collect();
        let Some(first) = plans.first() else { return Ok(text) };
        let alike: Vec<Arc<Plan>> = plans.iter().filter(|plan| Batch::alike(first, plan)).cloned().collect();
        let _ = writeln!(text, "  {} of the first {width} are copies of one network", alike.len());
        let mut others: Vec<(&str, usize)> = Vec::new();
        for why in plans.iter().filter_map(|plan| Batch::difference(first, plan)) {
            match others.iter_mut().find(|(known, _)| *known == why) {
                Some((_, count)) => *count += 1,
                None => others.push((why, 1)),
            }
        }
        for (why, count) in others {
            let _ = writeln!(text, "  {count} differ from these in {why}: each is run with its like, or alone");
        }
        if let Some(batch) = Batch::of(&alike) {
            text += &described(&alike, &batch);
        }
        Ok(text)
    }
}

/// Lanes and connections, as far as they are there once, and for each.
fn described(plans: &[Arc<Plan>], batch: &Batch) -> String {
    let mut text = String::new();
    for (number, class) in plans[0].classes.iter().enumerate() {
        let lanes = batch.plan.classes[number].lanes();
        let once = (0..lanes).filter(|lane| batch.owner(number, *lane).is_none()).count();
        let rows: usize = batch.plan.classes[number].pools.iter().map(|pool| pool.inputs.len()).sum();
        let own = class.lanes() - once;
        let _ = writeln!(
            text,
            "  class {}: {once} of {} run once, {own} for each: {lanes} lanes, {rows} rows of inputs",
            class.name,
            class.lanes()
        );
    }
    for (number, whole) in batch.plan.projections.iter().enumerate() {
        let all: Vec<&Projection> = plans.iter().map(|plan| &plan.projections[number]).collect();
        let class = &batch.plan.classes[usize::from(whole.class)];
        let to = class.pools.get(usize::from(whole.pool)).map_or("", |pool| &pool.code.name);
        let same = |of: fn(&Projection, &Projection) -> bool| all.iter().all(|p| of(p, all[0]));
        let tables = match (same(|a, b| a == b), same(|a, b| (&a.start, &a.targets) == (&b.start, &b.targets))) {
            (true, _) => "the same for all",
            (false, true) => "the same for all but for their values",
            (false, false) => "own ones for each",
        };
        let _ = writeln!(text, "  projection to {to} of {}: {} connections, {tables}", class.name, whole.len());
    }
    text
}
