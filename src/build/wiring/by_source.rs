//! Connections in order of creation become rows by sender: counted, then put in their places, each thread those of some of the senders.

use crate::build::streams::{Drawn, Part};
use bouton_engine::plan::{Projection, Values};
use rayon::prelude::*;
use std::ops::Range;

/// Those of the connections whose receivers have a lane, by sender, in order of creation within each. The number of a target follows from its lane and from
/// how many such connections were created before. Columns: of what all receivers hear, and of more.
pub(super) fn by_source(
    drawn: &Drawn,
    columns: &[Option<&Values>],
    lane: impl Fn(u32) -> Option<u32> + Sync,
    number: impl Fn(u32, u32) -> u32 + Sync,
) -> Projection {
    let (first, start) = counted(drawn, &lane);
    let count = start.last().map_or(0, |end| *end as usize);
    if count == 0 {
        return Projection::default();
    }
    let unset = Values::Same(f64::NAN);
    let behind = columns.iter().map(|values| values.unwrap_or(&unset));
    let all: Vec<&Values> = [&drawn.delay, &drawn.weight].into_iter().chain(behind).collect();
    let mut targets = vec![0; count];
    let mut placed: Vec<Values> = all.iter().map(|values| room(values, count)).collect();
    let shares = shares(&start, &mut targets, &mut placed);
    shares.into_par_iter().for_each(|share| {
        let Share { senders, targets, mut values } = share;
        let base = start[senders.start];
        let mut next: Vec<u32> = start[senders.clone()].iter().map(|place| place - base).collect();
        let own = first + senders.start as u32;
        let (mut at, mut created) = (0, 0);
        drawn.each_end(|pre, post| {
            if let Some(lane) = lane(post) {
                if let Some(next) = next.get_mut(pre.wrapping_sub(own) as usize) {
                    let place = *next as usize;
                    *next += 1;
                    targets[place] = number(lane, created);
                    for (values, of) in values.iter_mut().zip(&all) {
                        if let (Some(values), Values::Each(of)) = (values, of) {
                            values[place] = of[at];
                        }
                    }
                }
                created += 1;
            }
            at += 1;
        });
    });
    let mut placed = placed.into_iter();
    let delay = placed.next().unwrap_or_default();
    Projection { first, start, targets, delay, arguments: placed.collect(), ..Projection::default() }
}

/// The first sender, and where the connections of each from it on begin; behind them, how many there are.
fn counted(drawn: &Drawn, lane: &(impl Fn(u32) -> Option<u32> + Sync)) -> (u32, Vec<u32>) {
    let count = |part: Part| {
        let mut counts = Vec::new();
        part.each_end(|pre, post| {
            // Who sends to other classes alone is not counted.
            if lane(post).is_some() {
                let pre = pre as usize;
                if pre >= counts.len() {
                    counts.resize(pre + 1, 0);
                }
                counts[pre] += 1;
            }
        });
        counts
    };
    let sum = |mut a: Vec<u32>, mut b: Vec<u32>| {
        if a.len() < b.len() {
            std::mem::swap(&mut a, &mut b);
        }
        a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        a
    };
    let counts = drawn.parts(rayon::current_num_threads()).into_par_iter().map(count).reduce(Vec::new, sum);
    let first = counts.iter().position(|count| *count > 0).unwrap_or(counts.len());
    let mut start = vec![0];
    start.extend(counts[first..].iter().scan(0, |end, count| {
        *end += count;
        Some(*end)
    }));
    (first as u32, start)
}

/// Room for what each of so many connections has.
fn room(values: &Values, count: usize) -> Values {
    match values {
        Values::Same(x) => Values::Same(*x),
        Values::Each(_) => Values::Each(vec![0.0; count]),
    }
}

/// Where the connections of some senders are put.
struct Share<'a> {
    /// Counted from the first.
    senders: Range<usize>,
    targets: &'a mut [u32],
    /// Of the columns that differ.
    values: Vec<Option<&'a mut [f64]>>,
}

/// One for each thread, with about equally many connections.
fn shares<'a>(start: &[u32], targets: &'a mut [u32], placed: &'a mut [Values]) -> Vec<Share<'a>> {
    let (threads, count) = (rayon::current_num_threads(), targets.len());
    let mut targets = targets;
    let mut values: Vec<Option<&mut [f64]>> = placed
        .iter_mut()
        .map(|values| match values {
            Values::Each(values) => Some(values.as_mut_slice()),
            Values::Same(_) => None,
        })
        .collect();
    let mut first = 0;
    let mut share = |k: usize| {
        let end = match k + 1 == threads {
            true => start.len() - 1,
            false => start.partition_point(|place| (*place as usize) * threads < count * (k + 1)).min(start.len() - 1),
        };
        let senders = first..end.max(first);
        first = senders.end;
        let count = (start[senders.end] - start[senders.start]) as usize;
        let values =
            values.iter_mut().map(|values| values.as_mut().map(|values| values.split_off_mut(..count).unwrap_or_default()));
        let values = values.collect();
        Share { senders, targets: targets.split_off_mut(..count).unwrap_or_default(), values }
    };
    (0..threads).map(&mut share).filter(|share| !share.senders.is_empty()).collect()
}
