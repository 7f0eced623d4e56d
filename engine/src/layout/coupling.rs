//! Which values blocks show to each other, and which they take: drives become taps and intakes.

use super::tables::Tables;
use crate::block::{Block, Intake, Tap};
use crate::plan::{Drive, Plan};
use crate::probe::Reading;
use std::collections::{BTreeMap, HashMap};

/// Where a tap is: block of the group, index among the block's taps.
type Shown = (usize, u32);

/// Driven inputs of a group: block, pool and input, then instance; terms in the order of the plan.
type Driven = BTreeMap<(usize, u16, u16), BTreeMap<u32, Vec<(Shown, f64)>>>;

/// Gives the blocks of each group their taps and intakes.
pub fn couple(plan: &Plan, tables: &Tables, blocks: &mut [Vec<Block>]) {
    let mut driven: Vec<Driven> = vec![Driven::new(); blocks.len()];
    let mut known: HashMap<(usize, usize, Key), u32> = HashMap::new();
    for drive in &plan.drives {
        let Some((group, block, instance)) = tables.instance(drive.class, drive.pool, drive.instance) else { continue };
        let Some((from, tap)) = tap(drive, tables, block) else { continue };
        let taps = &mut blocks[group][from].taps;
        let number = *known.entry((group, from, key(tap))).or_insert_with(|| {
            taps.push(tap);
            taps.len() as u32 - 1
        });
        let inputs = driven[group].entry((block, drive.pool, drive.input)).or_default();
        inputs.entry(instance).or_default().push(((from, number), drive.weight));
    }
    for (group, driven) in blocks.iter_mut().zip(driven) {
        let first = firsts(group);
        for ((block, pool, input), instances) in driven {
            let block = &mut group[block];
            let Some(of) = block.pools.get(usize::from(pool)) else { continue };
            let Some((_, row)) = of.code().inputs.get(usize::from(input)).copied() else { continue };
            let mut intake = Intake::new(usize::from(pool), row);
            for (instance, terms) in instances {
                // Nothing has been driven yet: the row still holds the bases.
                let base = of.rows().get(row, instance as usize);
                intake.drive(instance, base, terms.into_iter().map(|((from, number), weight)| (first[from] + number, weight)));
            }
            block.intakes.push(intake);
        }
    }
}

/// The block that shows a value, and the value; what is the same at all times the target shows to itself.
pub(super) fn tap(drive: &Drive, tables: &Tables, target: usize) -> Option<(usize, Tap)> {
    let (_, reading) = tables.reading(&drive.source)?;
    Some(match reading {
        Reading::Voltage(block, position) => (block, Tap::Voltage(position as u32)),
        Reading::Shared(block, row, position) => (block, Tap::Shared(row, position as u32)),
        Reading::Outside(block, layer, position) => (block, Tap::Outside(layer, position as u32)),
        Reading::Membrane(block, position) => (block, Tap::Membrane(position as u32)),
        Reading::Row(block, pool, row, instance) => (block, Tap::Row(pool as u16, row, instance as u32)),
        Reading::Fixed(x) => (target, Tap::Fixed(x)),
        // `Tables::reading` gives none.
        Reading::Connection(..) => return None,
    })
}

/// A tap in numbers that can be compared.
pub(super) type Key = (u8, u64, u64);

pub(super) fn key(tap: Tap) -> Key {
    match tap {
        Tap::Voltage(position) => (0, u64::from(position), 0),
        Tap::Row(pool, row, instance) => (1, u64::from(pool) << 16 | u64::from(row), u64::from(instance)),
        Tap::Shared(row, position) => (3, u64::from(row), u64::from(position)),
        Tap::Fixed(x) => (2, x.to_bits(), 0),
        Tap::Outside(layer, position) => (4, u64::from(layer), u64::from(position)),
        Tap::Membrane(position) => (5, u64::from(position), 0),
    }
}

/// Number of each block's first tap among those of the group.
fn firsts(group: &[Block]) -> Vec<u32> {
    let sums = group.iter().scan(0, |sum, block| {
        let first = *sum;
        *sum += block.taps.len() as u32;
        Some(first)
    });
    sums.collect()
}
