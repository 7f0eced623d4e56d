//! What `bouton plan` prints of a network before the engine lays it out: classes, nodes, pools and how their inputs are given, connections, bytes.

use super::estimate::bytes;
use super::network::Network;
use bouton_engine::kernel::{Advance, MechanismCode};
use bouton_engine::layout::{bytes_per_lane, connection_bytes};
use bouton_engine::plan::{Class, Placement, Pool, Projection};
use bouton_engine::vm::program::Program;
use std::fmt::{self, Display, Formatter};

impl Display for Network {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let plan = &self.plan;
        writeln!(out, "{} cells, {} spike sources, {} connections", self.cells.len(), plan.sources, plan.connections())?;
        for (class, dropped) in plan.classes.iter().zip(self.dropped.iter().chain(std::iter::repeat(&0))) {
            self.class(out, class, *dropped)?;
        }
        for recorder in &plan.recorders {
            let every = match recorder.every {
                None => "each step".to_owned(),
                Some(t) if t.is_infinite() => "when asked".to_owned(),
                Some(t) => format!("every {t} ms"),
            };
            writeln!(out, "recorder {every}: {} probes", recorder.probes.len())?;
        }
        plan.projections.iter().try_for_each(|p| self.projection(out, p))?;
        writeln!(out, "about {}", bytes(self.estimate.bytes))
    }
}

impl Network {
    fn class(&self, out: &mut Formatter<'_>, class: &Class, dropped: usize) -> fmt::Result {
        write!(out, "class {}: {} lanes of {} bytes", class.name, class.lanes(), bytes_per_lane(class))?;
        match &class.body {
            Some(body) => writeln!(out, ", {} nodes ({dropped} ends dropped)", body.parent.len())?,
            None => writeln!(out, ", no body")?,
        }
        for pool in &class.pools {
            describe(out, pool, class.lanes())?;
        }
        class.detectors.iter().try_for_each(|d| writeln!(out, "  spikes above {} mV at node {}", d.threshold.at(0), d.node))
    }

    fn projection(&self, out: &mut Formatter<'_>, projection: &Projection) -> fmt::Result {
        let class = self.plan.classes.get(usize::from(projection.class));
        let pool = class.and_then(|c| c.pools.get(usize::from(projection.pool))).map_or("", |p| &p.code.name);
        let (count, bytes) = (projection.len(), projection.bytes() + connection_bytes(projection));
        writeln!(out, "projection to {pool} of {}: {count} connections of {bytes} bytes", class.map_or("", |c| &c.name))
    }
}

fn describe(out: &mut Formatter<'_>, pool: &Pool, lanes: usize) -> fmt::Result {
    let count = pool.placement.count(lanes);
    let placement = match &pool.placement {
        Placement::Nodes(nodes) => format!("Same: {} nodes of a lane in {} runs", nodes.len(), runs(nodes)),
        Placement::Scattered(_) => "At: scattered".to_owned(),
        Placement::Free => "Same: without nodes".to_owned(),
    };
    let code = &pool.code;
    writeln!(out, "  {}: {count} instances ({placement}), {} rows, {} of them inputs", code.name, code.rows, code.inputs.len())?;
    kernels(code).into_iter().try_for_each(|(kernel, instructions)| writeln!(out, "    {kernel}: {instructions} instructions"))
}

/// How many pieces of neighbouring nodes there are.
fn runs(nodes: &[u32]) -> usize {
    nodes.windows(2).filter(|pair| pair[0].checked_add(1) != Some(pair[1])).count() + usize::from(!nodes.is_empty())
}

/// Each kernel, how it is run, and its length.
fn kernels(code: &MechanismCode) -> Vec<(String, usize)> {
    let mut list = Vec::new();
    let mut add = |name: String, program: &Program| list.push((name, program.code.len()));
    if let Some(program) = &code.current {
        add("current, in lanes".to_owned(), program);
    }
    match &code.advance {
        Advance::None | Advance::Iterated(_) => {}
        Advance::Adaptive(_) => {}
        Advance::Stages(_, programs) => {
            for (number, program) in programs.iter().enumerate() {
                add(format!("stage {} of the states, in lanes", number + 1), program);
            }
        }
        Advance::Program(program) => add("states, in lanes".to_owned(), program),
        Advance::Newton(newton) => {
            add(format!("rates of {} states, in lanes, for Newton's iteration", newton.states.len()), &newton.program)
        }
    }
    if let Advance::Iterated(scheme) = &code.advance {
        add(format!("round of {} states, in lanes, for a scheme's iteration", scheme.states.len()), &scheme.program);
        scheme.after.iter().for_each(|after| add("states beside the scheme, in lanes".to_owned(), after));
    }
    code.conditions.iter().for_each(|c| add("condition, in lanes".to_owned(), &c.test));
    for handler in code.start.iter().chain(&code.handlers) {
        let how = if handler.additive.is_some() { "additions" } else { "one instance at a time" };
        add(format!("on {}, {how}", handler.name), &handler.program);
    }
    list
}
