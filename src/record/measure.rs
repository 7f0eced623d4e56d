//! Numbers of a result: rates, counts, irregularity, statistics. Pure functions; who is asked about is resolved before.

use bouton_model::ir::Statistic;
use std::collections::HashMap;

/// Spikes per cell and ms; nothing without cells or time.
#[must_use]
pub fn rate(spikes: usize, cells: usize, length: f64) -> Option<f64> {
    (cells > 0 && length > 0.0).then(|| spikes as f64 / (cells as f64 * length))
}

/// Mean coefficient of variation of the intervals between a cell's spikes, over the cells with at least two intervals; spikes
/// come by time. Not a number where no cell has so many.
#[must_use]
pub fn cv(spikes: impl Iterator<Item = (f64, u32)>) -> f64 {
    let mut intervals: HashMap<u32, (f64, Vec<f64>)> = HashMap::new();
    for (time, cell) in spikes {
        let entry = intervals.entry(cell).or_insert((f64::NAN, Vec::new()));
        if !entry.0.is_nan() {
            entry.1.push(time - entry.0);
        }
        entry.0 = time;
    }
    let mut each: Vec<(u32, Vec<f64>)> = intervals.into_iter().map(|(cell, (_, list))| (cell, list)).collect();
    each.retain(|(_, list)| list.len() >= 2);
    // Sums are in the order of the cells, so that they do not depend on a hash.
    each.sort_by_key(|(cell, _)| *cell);
    let each: Vec<f64> = each.iter().map(|(_, list)| sd(list) / mean(list)).collect();
    mean(&each)
}

/// A statistic of samples; nothing without any, except for their number.
#[must_use]
pub fn statistic(which: Statistic, values: &[f64]) -> Option<f64> {
    if which == Statistic::Count {
        return Some(values.len() as f64);
    }
    let first = *values.first()?;
    Some(match which {
        Statistic::Min => values.iter().fold(first, |least, x| least.min(*x)),
        Statistic::Max => values.iter().fold(first, |greatest, x| greatest.max(*x)),
        Statistic::Mean => mean(values),
        Statistic::Sum => values.iter().sum(),
        Statistic::Sd => sd(values),
        Statistic::Count => values.len() as f64,
    })
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Of the values themselves, not an estimate for more of them.
fn sd(values: &[f64]) -> f64 {
    let middle = mean(values);
    (values.iter().map(|x| (x - middle) * (x - middle)).sum::<f64>() / values.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{cv, rate, statistic};
    use bouton_model::ir::Statistic;

    #[test]
    fn rates_are_per_cell_and_time() {
        assert_eq!(rate(734, 20, 1000.0), Some(0.0367));
        assert_eq!(rate(3, 0, 10.0), None);
        assert_eq!(rate(3, 1, 0.0), None);
    }

    #[test]
    fn regular_cells_have_no_variation() {
        let spikes = [(0.0, 1), (1.0, 0), (10.0, 1), (11.0, 0), (20.0, 1), (27.0, 7), (41.0, 0)];
        // Cell 1 is regular; cell 0 has intervals 10 and 30: mean 20, sd 10; cell 7 has none.
        assert_eq!(cv(spikes.into_iter()), 0.25);
        assert!(cv([(0.0, 1)].into_iter()).is_nan());
    }

    #[test]
    fn statistics_of_samples() {
        let values = [1.0, 3.0, 5.0, -1.0];
        let get = |which| statistic(which, &values);
        assert_eq!([get(Statistic::Min), get(Statistic::Max), get(Statistic::Mean)], [Some(-1.0), Some(5.0), Some(2.0)]);
        assert_eq!([get(Statistic::Sd), get(Statistic::Count)], [Some(5f64.sqrt()), Some(4.0)]);
        assert_eq!(statistic(Statistic::Max, &[]), None);
    }
}
