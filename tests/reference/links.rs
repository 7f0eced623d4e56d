//! Connections one by one, as tests think of them; a plan has projections instead.

use bouton_engine::plan::{Plan, Projection};

/// One connection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Who sends.
    pub source: u32,
    /// Class of the receiver.
    pub class: u16,
    /// Its pool in that class.
    pub pool: u16,
    /// Its instance in that pool.
    pub instance: u32,
    /// Index into the code's handlers.
    pub handler: u16,
    /// ms
    pub delay: f64,
    /// First argument of the event.
    pub weight: f64,
}

/// All connections of a plan: by projection, source, creation.
pub fn links(plan: &Plan) -> Vec<Link> {
    let of = |p: &Projection| -> Vec<Link> {
        let Projection { class, pool, handler, .. } = *p;
        let link = |source: u32, c: usize| {
            let (delay, weight) = (p.delay.at(c), p.arguments[0].at(c));
            Link { source, class, pool, instance: p.targets[c], handler, delay, weight }
        };
        p.rows().flat_map(|(source, row)| row.map(move |c| (source, c))).map(|(source, c)| link(source, c)).collect()
    };
    plan.projections.iter().flat_map(of).collect()
}
