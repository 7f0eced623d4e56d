//! `bouton plan`: how a script would be run.

use super::{Exit, Knobs, Shower, load, run, say};
use crate::session::Script;
use bouton_engine::plan::Plan;
use bouton_engine::run::{Options, Simulation};
use std::fmt::Write;
use std::fs;
use std::sync::Arc;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    knobs: Knobs,
}

/// Prints the plan.
pub(super) fn plan(args: &Args, shower: &Shower) -> Exit {
    let checked = match load(&args.knobs.file, &args.knobs.set, super::Allow::to_run(args.knobs.allow), shower) {
        Ok(checked) => checked,
        Err(exit) => return exit,
    };
    let mut session = Script::new(checked, args.knobs.options(false));
    let (text, plan) = match session.network().map(|network| (network.to_string(), Arc::clone(&network.plan))) {
        Ok(built) => built,
        Err(stop) => return run::show(stop, shower, session.sources()),
    };
    let searches = match session.previews() {
        Ok(searches) => searches,
        Err(stop) => return run::show(stop, shower, session.sources()),
    };
    let mechanisms = session.mechanisms(&plan);
    let options = Options { block: args.knobs.block.unwrap_or(64), isa: args.knobs.isa.clone(), ..Options::default() };
    match Simulation::new(Arc::clone(&plan), &options) {
        Ok(simulation) => {
            say::text(format!("{text}{}{mechanisms}{searches}", laid_out(&plan, &simulation)).as_bytes());
            Exit::Done
        }
        Err(message) => {
            anstream::eprintln!("error: {message}");
            Exit::Usage
        }
    }
}

/// Memory that a network may take: what the system says is available, where it says so (Linux).
pub fn memory() -> Option<u64> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|l| l.starts_with("MemAvailable:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// How the classes are laid out for stepping.
fn laid_out(plan: &Plan, simulation: &Simulation) -> String {
    let (groups, window) = simulation.shape();
    let mut out = format!("steps of {} ms, {} groups, windows of {} steps\n", plan.dt, groups.len(), window as f64 / 2.0);
    for (number, class) in plan.classes.iter().enumerate() {
        let blocks: Vec<String> =
            groups.iter().flatten().filter(|(c, _)| *c == number).map(|(_, lanes)| lanes.to_string()).collect();
        let _ = writeln!(out, "{}: blocks of {} lanes", class.name, blocks.join(" + "));
    }
    out
}
