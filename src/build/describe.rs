//! What `bouton plan` prints of a network before the engine lays it out: classes, nodes, pools and how their inputs are given, links, bytes.

use super::estimate::bytes;
use super::network::Network;
use bouton_engine::kernel::{Advance, MechanismCode};
use bouton_engine::plan::{Class, Link, Placement, Pool};
use std::fmt::{self, Display, Formatter};

impl Display for Network {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let plan = &self.plan;
        writeln!(out, "{} cells, {} spike sources, {} links", self.cells.len(), plan.sources, plan.links.len())?;
        for (class, dropped) in plan.classes.iter().zip(self.dropped.iter().chain(std::iter::repeat(&0))) {
            self.class(out, class, *dropped)?;
        }
        for recorder in &plan.recorders {
            let every = recorder.every.map_or("each step".to_owned(), |t| format!("every {t} ms"));
            writeln!(out, "recorder {every}: {} probes", recorder.probes.len())?;
        }
        writeln!(out, "about {}; {} bytes a link", bytes(self.estimate.bytes), size_of::<Link>())
    }
}

impl Network {
    fn class(&self, out: &mut Formatter<'_>, class: &Class, dropped: usize) -> fmt::Result {
        write!(out, "class {}: {} lanes", class.name, class.lanes())?;
        match &class.body {
            Some(body) => writeln!(out, ", {} nodes ({dropped} ends dropped)", body.parent.len())?,
            None => writeln!(out, ", no body")?,
        }
        for pool in &class.pools {
            describe(out, pool, class.lanes())?;
        }
        class.detectors.iter().try_for_each(|d| writeln!(out, "  spikes above {} mV at node {}", d.threshold, d.node))
    }
}

fn describe(out: &mut Formatter<'_>, pool: &Pool, lanes: usize) -> fmt::Result {
    let count = pool.placement.count(lanes);
    let placement = match &pool.placement {
        Placement::Nodes(nodes) => format!("at {} nodes in {} runs", nodes.len(), runs(nodes)),
        Placement::Scattered(_) => "scattered".to_owned(),
        Placement::Free => "free".to_owned(),
    };
    let code = &pool.code;
    writeln!(out, "  {}: {count} instances {placement}, {} rows, {} of them inputs", code.name, code.rows, code.inputs.len())?;
    writeln!(out, "    {}", instructions(code))
}

/// How many pieces of neighbouring nodes there are.
fn runs(nodes: &[u32]) -> usize {
    nodes.windows(2).filter(|pair| pair[0].checked_add(1) != Some(pair[1])).count() + usize::from(!nodes.is_empty())
}

fn instructions(code: &MechanismCode) -> String {
    let mut parts = Vec::new();
    if let Some(current) = &code.current {
        parts.push(format!("current {}", current.code.len()));
    }
    match &code.advance {
        Advance::None => {}
        Advance::Program(program) => parts.push(format!("advance {}", program.code.len())),
        Advance::Newton(newton) => {
            parts.push(format!("Newton of {} states, {} each", newton.states.len(), newton.program.code.len()))
        }
    }
    parts.extend(code.conditions.iter().map(|c| format!("condition {}", c.test.code.len())));
    parts.extend(code.handlers.iter().map(|h| {
        let kind = if h.additive.is_some() { " (additive)" } else { "" };
        format!("on {} {}{kind}", h.name, h.program.code.len())
    }));
    format!("instructions: {}", if parts.is_empty() { "none".to_owned() } else { parts.join(", ") })
}
