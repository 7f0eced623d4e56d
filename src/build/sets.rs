//! Which cells a set names.

use super::range::{self, Told};
use super::scope::Around;
use super::streams::World;
use bouton_model::ir::{Indices, Member, Set};
use std::collections::HashSet;

/// Numbers of the cells of a set, in its order; one that occurs twice counts once.
///
/// # Errors
/// An index that the population does not have.
pub fn cells(world: World, set: &Set) -> Result<Vec<u32>, Told> {
    match set.members.as_slice() {
        [one] => self::members(world, one),
        several => {
            let mut seen = HashSet::new();
            let mut all = Vec::new();
            for member in several {
                all.extend(self::members(world, member)?.into_iter().filter(|cell| seen.insert(*cell)));
            }
            Ok(all)
        }
    }
}

/// Numbers of the cells of one member of a set.
///
/// # Errors
/// An index that the population does not have.
pub fn members(world: World, member: &Member) -> Result<Vec<u32>, Told> {
    let mut list = named(world, member)?;
    if let Some(filter) = &member.filter {
        let mut kept = Vec::new();
        for cell in list {
            if (Around { world, pre: None, post: Some(cell), row: None, draws: None }).truth(filter, member.span)? {
                kept.push(cell);
            }
        }
        list = kept;
    }
    Ok(list)
}

fn named(world: World, member: &Member) -> Result<Vec<u32>, Told> {
    let Some(population) = world.cells.populations.get(member.population.index()) else { return Ok(Vec::new()) };
    let (first, count) = (population.first, population.count);
    let Some(indices) = &member.indices else { return Ok((first..first + count).collect()) };
    let index = |a| match count.checked_sub(1) {
        Some(last) => range::INDEX.whole(world.constants.number(a)?, 0, last, a.span),
        None => Err(range::INDEX.outside(world.constants.number(a)?, a.span, "the population is empty")),
    };
    let mut seen = HashSet::new();
    let mut list = Vec::new();
    for part in indices {
        let (from, to) = match part {
            Indices::One(a) => (index(a)?, index(a)?),
            Indices::Range(a, b) => (index(a)?, index(b)?),
        };
        list.extend((from..=to).filter(|i| seen.insert(*i)).map(|i| first + i));
    }
    Ok(list)
}
