//! `on spike`: who answers the spikes of its own cell is connected with it without delay, behind all other connections.

use crate::build::draft::Draft;
use bouton_engine::plan::{Class, Placement, Pool, Projection, Values};

/// The projections to all instances that answer the spikes of the cell that carries them: class by class, pool by pool.
pub(super) fn projections<'a>(drafts: &'a [Draft], classes: &'a [Class]) -> impl Iterator<Item = Projection> + 'a {
    drafts.iter().zip(classes).enumerate().flat_map(|(number, (draft, class))| {
        class.pools.iter().enumerate().filter_map(move |(pool, p)| {
            let handler = p.code.hears?;
            let heard = (0..p.placement.count(class.lanes())).zip(0u32..).filter_map(|(instance, target)| {
                let source = *draft.sources.get(lane(p, class.lanes(), instance))?;
                Some((source, target))
            });
            let projection = Projection { class: number as u16, pool: pool as u16, handler, ..Projection::default() };
            Some(Projection { arguments: vec![Values::Same(1.0)], ..projection.joining(heard.collect()) })
        })
    })
}

/// The lane of an instance.
pub fn lane(pool: &Pool, lanes: usize, instance: usize) -> usize {
    match &pool.placement {
        Placement::Nodes(_) => instance % lanes,
        Placement::Scattered(places) => places.get(instance).map_or(0, |(_, lane)| *lane as usize),
        Placement::Free => instance,
    }
}
