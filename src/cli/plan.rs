//! `bouton plan`: how a script would be run.

use super::{Exit, Knobs, Shower, load, run};
use crate::session::Session;
use bouton_engine::kernel::{Advance, MechanismCode};
use bouton_engine::plan::{Class, Placement, Plan, Pool};
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
    let checked = match load(&args.knobs.file, shower) {
        Ok(checked) => checked,
        Err(exit) => return exit,
    };
    let mut session = Session::new(checked, args.knobs.options(false));
    let plan = session.network().map(|network| Arc::clone(&network.plan));
    let plan = match plan {
        Ok(plan) => plan,
        Err(stop) => return run::show(stop, shower, session.sources()),
    };
    let options = Options { block: args.knobs.block.unwrap_or(64), isa: args.knobs.isa.clone(), ..Options::default() };
    match Simulation::new(Arc::clone(&plan), &options) {
        Ok(simulation) => {
            anstream::print!("{}", describe(&plan, &simulation));
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

/// The plan as text.
fn describe(plan: &Plan, simulation: &Simulation) -> String {
    let mut out = String::new();
    let (groups, window) = simulation.shape();
    let _ = writeln!(
        out,
        "step {} ms, window {window} steps, {} groups, {} sources, {} connections",
        plan.dt,
        groups.len(),
        plan.sources,
        plan.links.len()
    );
    for (number, class) in plan.classes.iter().enumerate() {
        let blocks: Vec<String> =
            groups.iter().flatten().filter(|(c, _)| *c == number).map(|(_, lanes)| lanes.to_string()).collect();
        describe_class(&mut out, class, &blocks);
    }
    let links = std::mem::size_of::<bouton_engine::plan::Link>();
    let _ = writeln!(
        out,
        "{links} bytes a connection in the plan, {} bytes of rows",
        plan.classes.iter().map(|c| bytes(c) * c.lanes()).sum::<usize>()
    );
    out
}

fn describe_class(out: &mut String, class: &Class, blocks: &[String]) {
    let body = match &class.body {
        Some(body) => format!("{} nodes ({} with area)", body.parent.len(), body.area.iter().filter(|a| **a > 0.0).count()),
        None => "no body".into(),
    };
    let _ = writeln!(
        out,
        "class {}: {} lanes in blocks of {}, {body}, {} bytes a lane",
        class.name,
        class.lanes(),
        blocks.join(" + "),
        bytes(class)
    );
    for pool in &class.pools {
        describe_pool(out, class, pool);
    }
}

fn describe_pool(out: &mut String, class: &Class, pool: &Pool) {
    let code = &pool.code;
    let placement = match &pool.placement {
        Placement::Nodes(nodes) => format!("Same, {} a lane", nodes.len()),
        Placement::Scattered(_) => "At".into(),
        Placement::Free => "Same, without a node".into(),
    };
    let count = pool.placement.count(class.lanes());
    let _ = writeln!(
        out,
        "  {}: {count} instances ({placement}), {} rows, {} of them inputs",
        code.name,
        code.rows,
        code.inputs.len()
    );
    for (name, instructions) in kernels(code) {
        let _ = writeln!(out, "    {name}: {instructions} instructions");
    }
}

fn kernels(code: &MechanismCode) -> Vec<(String, usize)> {
    let mut list = Vec::new();
    if let Some(p) = &code.current {
        list.push(("current, in lanes".to_owned(), p.code.len()));
    }
    match &code.advance {
        Advance::None => {}
        Advance::Program(p) => list.push(("states, in lanes".to_owned(), p.code.len())),
        Advance::Newton(n) => list.push(("states by Newton's iteration, rates in lanes".to_owned(), n.program.code.len())),
    }
    list.extend(code.conditions.iter().map(|c| ("condition, in lanes".to_owned(), c.test.code.len())));
    for h in code.handlers.iter().chain(&code.start) {
        let how = if h.additive.is_some() { "additions" } else { "one instance at a time" };
        list.push((format!("on {}, {how}", h.name), h.program.code.len()));
    }
    list
}

fn bytes(class: &Class) -> usize {
    let lanes = class.lanes().max(1);
    let nodes = class.body.as_ref().map_or(0, |b| b.parent.len()) * 4;
    let rows: usize = class.pools.iter().map(|p| usize::from(p.code.rows) * p.placement.count(lanes)).sum();
    8 * (nodes + rows.div_ceil(lanes))
}
