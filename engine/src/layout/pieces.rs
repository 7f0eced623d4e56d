//! Which lanes are stepped together. Nothing of it changes a result.

use super::bytes_per_lane;
use crate::plan::{Class, Placement, Plan, Projection};

/// Rows of a block should take no more than this (bytes): half of a second-level cache of 1 MB.
const CACHE: usize = 512 * 1024;

/// Most lanes of a block of cells with a body.
const MOST_LANES: usize = 256;

/// So many values for a node row make calls and events cheap enough; longer rows gain nothing.
const LONG: usize = 256;

/// Fewer lanes than this of cells without a body are not worth another block.
const FEWEST_FREE: usize = 256;

/// Which lanes a block has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Class in the plan.
    pub class: usize,
    /// First lane.
    pub first: usize,
    /// How many.
    pub lanes: usize,
}

/// Lanes are cut into pieces whose rows stay in cache. Those that only drive one cell each, as stimuli do, are cut where the pieces of the driven cells
/// end. Pairs of pieces that belong together for that reason.
pub fn pieces(plan: &Plan, most: Option<usize>, threads: usize) -> (Vec<Piece>, Vec<(usize, usize)>) {
    let sizes: Vec<usize> = plan.classes.iter().map(|c| most.unwrap_or_else(|| lanes_in_cache(c, threads)).max(1)).collect();
    let driven = driven(plan);
    let mut cuts: Vec<Vec<Piece>> = Vec::with_capacity(plan.classes.len());
    for (class, c) in plan.classes.iter().enumerate() {
        let fits = |pieces: &Vec<Piece>| pieces.len() <= FEWEST_PIECES + 2 * c.lanes().div_ceil(sizes[class].min(MOST_LANES));
        let like_driven = driven[class].as_ref().map(|cells| along(class, cells, &sizes)).filter(fits);
        cuts.push(like_driven.unwrap_or_else(|| even(class, c.lanes(), sizes[class])));
    }
    let first: Vec<usize> = cuts.iter().scan(0, |next, pieces| Some(std::mem::replace(next, *next + pieces.len()))).collect();
    let mut pairs = Vec::new();
    for (class, cells) in driven.iter().enumerate() {
        let Some(cells) = cells else { continue };
        for (number, piece) in cuts[class].iter().enumerate() {
            let mut targets = cells[piece.first..piece.first + piece.lanes].iter();
            let Some((to, lane)) = targets.next() else { continue };
            let at = lane / sizes[*to];
            if targets.all(|(class, lane)| class == to && lane / sizes[*to] == at) {
                pairs.push((first[class] + number, first[*to] + at));
            }
        }
    }
    (cuts.concat(), pairs)
}

/// So many pieces are never too many.
const FEWEST_PIECES: usize = 4;

/// Pieces of one size.
fn even(class: usize, lanes: usize, size: usize) -> Vec<Piece> {
    (0..lanes).step_by(size).map(|first| Piece { class, first, lanes: size.min(lanes - first) }).collect()
}

/// Pieces that end where the pieces of the driven cells end.
fn along(class: usize, cells: &[(usize, usize)], sizes: &[usize]) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut last = None;
    for (lane, (to, driven)) in cells.iter().enumerate() {
        let at = Some((*to, driven / sizes[*to]));
        match out.last_mut() {
            Some(piece) if at == last => piece.lanes += 1,
            _ => out.push(Piece { class, first: lane, lanes: 1 }),
        }
        last = at;
    }
    out
}

/// For each class whose cells do nothing but send to one cell each: class and lane of that cell, for each lane.
fn driven(plan: &Plan) -> Vec<Option<Vec<(usize, usize)>>> {
    let mut only: Vec<Option<(usize, usize)>> = vec![None; plan.sources as usize];
    let mut sends: Vec<u32> = vec![0; plan.sources as usize];
    let mut hears = vec![false; plan.classes.len()];
    for projection in &plan.projections {
        hears[usize::from(projection.class)] = true;
        for (source, row) in projection.rows().filter(|(_, row)| !row.is_empty()) {
            sends[source as usize] = sends[source as usize].saturating_add(row.len() as u32);
            only[source as usize] = lane(plan, projection, row.start);
        }
    }
    let of_source = |source: &u32| only[*source as usize].filter(|_| sends[*source as usize] == 1);
    let of_class = |(number, class): (usize, &Class)| {
        let [pool] = &class.pools[..] else { return None };
        let may = class.body.is_none() && !hears[number] && pool.sources.len() == class.lanes();
        let cells = pool.sources.iter().map(of_source).collect::<Option<Vec<_>>>().filter(|_| may)?;
        // Those that drive each other would have no pieces to follow.
        cells.iter().all(|(to, _)| hears[*to] && *to != number).then_some(cells)
    };
    plan.classes.iter().enumerate().map(of_class).collect()
}

/// Class and lane that a connection reaches.
fn lane(plan: &Plan, projection: &Projection, connection: usize) -> Option<(usize, usize)> {
    let number = usize::from(projection.class);
    let class = plan.classes.get(number)?;
    let instance = *projection.targets.get(connection)? as usize;
    let lane = match &class.pools.get(usize::from(projection.pool))?.placement {
        Placement::Nodes(_) => instance % class.lanes(),
        Placement::Scattered(places) => places.get(instance)?.1 as usize,
        Placement::Free => instance,
    };
    Some((number, lane))
}

/// The largest multiple of 8 lanes whose rows fit the cache; 8 at least, 64 at most. Cells of few nodes have more, for calls of more instances, as long
/// as each thread has four blocks. Cells without a body have few rows, and events that reach many of them at once: they stay together, as long as there
/// are blocks for all threads. Where one block is not enough there are as many for each thread, of one size.
fn lanes_in_cache(class: &Class, threads: usize) -> usize {
    let fit = (CACHE / bytes_per_lane(class).max(1)).max(8);
    let (lanes, threads) = (class.lanes(), threads.max(1));
    let Some(body) = &class.body else {
        let blocks = lanes.div_ceil(fit).next_multiple_of(threads);
        return lanes.div_ceil(blocks).max(FEWEST_FREE).next_multiple_of(8);
    };
    let part = lanes.div_ceil(4 * threads);
    let most = (LONG / body.parent.len().max(1)).min(part).next_multiple_of(8).clamp(64, MOST_LANES);
    let most = fit.min(most) / 8 * 8;
    if lanes <= most {
        return most;
    }
    let blocks = lanes.div_ceil(most).next_multiple_of(threads);
    lanes.div_ceil(blocks).next_multiple_of(8)
}
