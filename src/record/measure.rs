//! Numbers of a result: rates, counts, irregularity, statistics. Pure functions; who is asked about is resolved before.

use bouton_model::ir::Statistic;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// Spikes per cell and ms; nothing without cells or time.
#[must_use]
pub fn rate(spikes: usize, cells: usize, length: f64) -> Option<f64> {
    (cells > 0 && length > 0.0).then(|| spikes as f64 / (cells as f64 * length))
}

/// Mean coefficient of variation of the intervals between a cell's spikes, over the cells with at least two intervals; spikes
/// come by time. Not a number where no cell has so many.
#[must_use]
pub fn cv(spikes: impl Iterator<Item = (f64, u32)>) -> f64 {
    let of_cells: Vec<f64> =
        intervals(spikes).into_values().filter(|list| list.len() >= 2).map(|list| sd(&list) / mean(&list)).collect();
    mean(&of_cells)
}

/// Intervals between the spikes of each cell that has two, by cell; spikes come by time.
#[must_use]
pub fn intervals(spikes: impl Iterator<Item = (f64, u32)>) -> BTreeMap<u32, Vec<f64>> {
    let mut all: BTreeMap<u32, (f64, Vec<f64>)> = BTreeMap::new();
    for (time, cell) in spikes {
        match all.entry(cell) {
            Entry::Vacant(first) => {
                first.insert((time, Vec::new()));
            }
            Entry::Occupied(mut more) => {
                let (last, list) = more.get_mut();
                list.push(time - *last);
                *last = time;
            }
        }
    }
    all.into_iter().filter(|(_, (_, list))| !list.is_empty()).map(|(cell, (_, list))| (cell, list)).collect()
}

/// How many spikes each of these cells has; they rise.
#[must_use]
pub fn counts(spikes: impl Iterator<Item = (f64, u32)>, cells: &[u32]) -> Vec<f64> {
    let mut counts = vec![0.0; cells.len()];
    for (_, cell) in spikes {
        if let Some(count) = cells.binary_search(&cell).ok().and_then(|at| counts.get_mut(at)) {
            *count += 1.0;
        }
    }
    counts
}

/// How many whole bins of a width fit from a start to an end, one that is missed by a rounding included; nothing if none does.
#[must_use]
pub fn whole_bins(start: f64, end: f64, width: f64) -> Option<f64> {
    let bins = ((end - start) / width * (1.0 + 1e-12)).floor();
    (width > 0.0 && bins >= 1.0 && bins.is_finite()).then_some(bins)
}

/// How many times lie in each of so many bins from a start on.
#[must_use]
pub fn binned(times: impl Iterator<Item = f64>, start: f64, width: f64, bins: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    for time in times.filter(|time| *time >= start) {
        if let Some(count) = counts.get_mut(((time - start) / width) as usize) {
            *count += 1.0;
        }
    }
    counts
}

/// Variance over mean of counts; not a number where nothing was counted.
#[must_use]
pub fn fano(counts: &[f64]) -> f64 {
    let sd = sd(counts);
    sd * sd / mean(counts)
}

/// Standard deviation of the mean of traces over the root mean variance of each (Golomb and Rinzel 1993): 1 where all are alike, towards 0 as the root
/// of their number where they have nothing to do with each other. Nothing without samples.
#[must_use]
pub fn synchrony(traces: &[&[f64]]) -> Option<f64> {
    let length = traces.first().filter(|first| !first.is_empty())?.len();
    let at = |row: usize| traces.iter().filter_map(|trace| trace.get(row)).sum::<f64>() / traces.len() as f64;
    let middle: Vec<f64> = (0..length).map(at).collect();
    let square = |x: f64| x * x;
    let each = traces.iter().map(|trace| square(sd(trace))).sum::<f64>() / traces.len() as f64;
    Some((square(sd(&middle)) / each).sqrt())
}

/// Times at which samples rise above a level, interpolated linearly.
#[must_use]
pub fn crossings(times: &[f64], values: &[f64], level: f64) -> Vec<f64> {
    let pairs = times.windows(2).zip(values.windows(2));
    let rises = pairs.filter_map(|(t, v)| match (t, v) {
        ([a, b], [x, y]) if *x <= level && *y > level => Some(a + (b - a) * ((level - x) / (y - x))),
        _ => None,
    });
    rises.collect()
}

/// Edges of so many equal bins from the smallest to the largest finite value, and how many values each has; the last one has its upper edge, too.
#[must_use]
pub fn histogram(values: &[f64], bins: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    let finite = || values.iter().copied().filter(|x| x.is_finite());
    let (mut low, mut high) = finite().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    if low > high || bins == 0 {
        return None;
    }
    if low == high {
        (low, high) = (low - 0.5, high + 0.5);
    }
    let width = (high - low) / bins as f64;
    let edge = |k: usize| if k == bins { high } else { low + width * k as f64 };
    let mut counts = vec![0.0; bins];
    for x in finite() {
        // A quotient that was rounded over an edge is put back.
        let mut at = (((x - low) / width) as usize).min(bins - 1);
        at -= usize::from(at > 0 && x < edge(at));
        at += usize::from(at + 1 < bins && x >= edge(at + 1));
        counts[at] += 1.0;
    }
    Some(((0..=bins).map(edge).collect(), counts))
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
    use super::{binned, crossings, cv, fano, histogram, intervals, rate, statistic, synchrony, whole_bins};
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

    #[test]
    fn intervals_are_of_one_cell_each() {
        let spikes = [(0.0, 1), (1.0, 0), (10.0, 1), (31.0, 0), (25.0, 1), (27.0, 7)];
        let all = intervals(spikes.into_iter());
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [(0, vec![30.0]), (1, vec![10.0, 15.0])]);
    }

    #[test]
    fn bins_and_what_varies_in_them() {
        assert_eq!(
            (whole_bins(0.0, 1000.0, 0.1), whole_bins(0.0, 0.05, 0.1), whole_bins(0.0, 1.0, 0.0)),
            (Some(10_000.0), None, None)
        );
        let counts = binned([0.0, 0.1, 1.0, 2.9, 3.0].into_iter(), 0.0, 1.0, 3);
        assert_eq!(counts, [2.0, 1.0, 1.0]);
        // Mean 4/3, variance 2/9.
        assert!((fano(&counts) - 1.0 / 6.0).abs() < 1e-15);
    }

    /// numpy: `analysis.py` of `tests/peers/records`.
    #[test]
    fn numbers_are_numpys() {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/records/signal.csv");
        let text = std::fs::read_to_string(file).expect("the signal");
        let x: Vec<f64> = text.lines().skip(1).map(|line| line.parse().expect("a number")).collect();
        let get = |which| statistic(which, &x).expect("samples");
        assert!((get(Statistic::Mean) + 65.010_718_349_462_46).abs() < 1e-12);
        assert!((get(Statistic::Sd) - 2.332_156_682_800_062).abs() < 1e-12);
        let times: Vec<f64> = (0..x.len()).map(|k| k as f64 * 0.5).collect();
        let rises = crossings(&times, &x, -63.0);
        assert_eq!(rises.len(), 153);
        for (ours, theirs) in rises.iter().zip([3.248_068_281_004_858, 27.734_548_722_245_14, 29.032_406_551_350_732]) {
            assert!((ours - theirs).abs() < 1e-12);
        }
        let (edges, counts) = histogram(&x, 5).expect("values");
        assert_eq!(counts, [144.0, 624.0, 519.0, 600.0, 113.0]);
        assert!((edges[1] + 68.266_409_444_980_61).abs() < 1e-12 && edges[5] == get(Statistic::Max));
        let sines: Vec<Vec<f64>> = [0.0, 0.3, 1.0].iter().map(|p| times.iter().map(|t| (0.1 * t + p).sin()).collect()).collect();
        let chi = synchrony(&sines.iter().map(Vec::as_slice).collect::<Vec<_>>()).expect("samples");
        assert!((chi - 0.914_842_433_761_673_1).abs() < 1e-12);
    }
}
