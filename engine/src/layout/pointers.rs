//! Which values of its block each pool reads: pointers become copies.

use super::coupling::tap;
use super::tables::Tables;
use crate::block::{Block, Copied, Pointers, Tap, When};
use crate::plan::Plan;

/// Gives the blocks of each group what their mechanisms read of each other.
pub fn point(plan: &Plan, tables: &Tables, blocks: &mut [Vec<Block>]) {
    let mut found: Vec<Vec<Vec<(When, Copied)>>> = blocks.iter().map(|group| vec![Vec::new(); group.len()]).collect();
    for pointer in &plan.pointers {
        let Some((group, at, instance)) = tables.instance(pointer.class, pointer.pool, pointer.instance) else { continue };
        // A cell is in one block.
        let Some((_, tap)) = tap(pointer, tables, at).filter(|(from, _)| *from == at) else { continue };
        let block = &mut blocks[group][at];
        let pool = usize::from(pointer.pool);
        let Some(of) = block.pools.get(pool) else { continue };
        let Some((_, row)) = of.code().inputs.get(usize::from(pointer.input)).copied() else { continue };
        let when = match tap {
            Tap::Row(pool, row, instance) => when(block, usize::from(pool), row, instance),
            _ => When::Read,
        };
        let copied = Copied { tap, pool, row, instance: instance as usize, count: 1, weight: pointer.weight };
        found[group][at].push((when, copied));
    }
    for (block, found) in blocks.iter_mut().flatten().zip(found.into_iter().flatten()) {
        if !found.is_empty() {
            block.pointers = Pointers::new(found, &block.pools);
        }
    }
}

/// When a row of a pool has its value; definitions are computed from now on, of the instance that is read.
fn when(block: &mut Block, pool: usize, row: u16, instance: u32) -> When {
    let pool = &mut block.pools[pool];
    let observed = &pool.code().observed;
    let when = match (observed.lagging_rows.contains(&row), observed.present_rows.contains(&row)) {
        (true, _) => When::Currents,
        (_, true) => When::States,
        _ => When::Read,
    };
    pool.watch(row, instance);
    when
}
