//! `on spike`: who answers the spikes of its own cell has a link from it without delay, made after all others.

use crate::build::draft::Draft;
use bouton_engine::plan::{Class, Link, Placement, Pool};

/// The links of all instances that answer the spikes of the cell that carries them: class by class, pool by pool, instance by instance.
pub(super) fn links<'a>(drafts: &'a [Draft], classes: &'a [Class]) -> impl Iterator<Item = Link> + 'a {
    drafts.iter().zip(classes).enumerate().flat_map(|(number, (draft, class))| {
        class.pools.iter().enumerate().flat_map(move |(pool, p)| {
            let handler = p.code.hears;
            let instances = handler.map_or(0, |_| p.placement.count(class.lanes()));
            (0..instances).filter_map(move |instance| {
                let source = *draft.sources.get(lane(p, class.lanes(), instance))?;
                let (class, pool, instance) = (number as u16, pool as u16, instance as u32);
                Some(Link { source, class, pool, instance, handler: handler?, delay: 0.0, weight: 1.0 })
            })
        })
    })
}

fn lane(pool: &Pool, lanes: usize, instance: usize) -> usize {
    match &pool.placement {
        Placement::Nodes(_) => instance % lanes,
        Placement::Scattered(places) => places.get(instance).map_or(0, |(_, lane)| *lane as usize),
        Placement::Free => instance,
    }
}
