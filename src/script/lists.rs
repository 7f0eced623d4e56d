//! Lists and tables of a script: which cells, traces and windows are meant, then `record` computes.

use super::measure::{asked, results, window};
use super::scope::Names;
use crate::record::csv::{self, Named};
use crate::record::spectrum::{self, welch};
use crate::record::{Samples, measure};
use crate::value::{self, NoValue};
use bouton_model::ir::{Cut, Expr, ResultTable, Series, Spectrum};
use bouton_model::unit::{Dimension, quantity};

/// More bins than this are a slip.
const MOST_BINS: f64 = 1e7;

/// The values of a list.
///
/// # Errors
/// Nothing was run, or not what it asks for.
pub fn values(series: &Series, names: &mut Names<'_>) -> Result<Vec<f64>, NoValue> {
    Ok(match series {
        Series::Kept(id) => names.lists.get(id).cloned().ok_or(NoValue::Measure)?,
        Series::Column(id, at) => {
            names.tables.get(id).and_then(|table| table.values.get(*at)).cloned().ok_or(NoValue::Measure)?
        }
        Series::Samples(cut) => trace(cut, names)?.values.to_vec(),
        Series::Each(which, cut) => {
            let each = traces(cut, names)?;
            let numbers: Option<Vec<f64>> = each.iter().map(|one| measure::statistic(*which, one.values)).collect();
            numbers.ok_or_else(|| names.no_result("a trace has no samples in this window"))?
        }
        Series::Times(spikes) => {
            let (cells, window) = asked(spikes, names)?;
            results(names)?.spikes(&cells, window).map(|(time, _)| time).collect()
        }
        Series::Intervals(spikes) => {
            let (cells, window) = asked(spikes, names)?;
            measure::intervals(results(names)?.spikes(&cells, window)).into_values().flatten().collect()
        }
        Series::Rates(spikes) => {
            let (cells, window) = asked(spikes, names)?;
            let results = results(names)?;
            let (start, end) = window.within(results.begin, results.end);
            if end <= start {
                return Err(names.no_result("nothing was run in this window of time"));
            }
            measure::counts(results.spikes(&cells, window), &cells).into_iter().map(|n| n / (end - start)).collect()
        }
        Series::Activity(spikes, bin) => {
            let (counts, cells, width) = binned(spikes, bin, names)?;
            counts.into_iter().map(|n| n / (cells as f64 * width)).collect()
        }
        Series::Crossings(cut, level) => {
            let level = value::number(level, names)?;
            let samples = trace(cut, names)?;
            measure::crossings(samples.times, samples.values, level)
        }
    })
}

/// Spikes of all cells in each whole bin of a window; how many cells, and the width (ms).
pub fn binned(spikes: &bouton_model::ir::Spikes, bin: &Expr, names: &mut Names<'_>) -> Result<(Vec<f64>, usize, f64), NoValue> {
    let (cells, window) = asked(spikes, names)?;
    let width = value::number(bin, names)?;
    let results = results(names)?;
    let (start, end) = window.within(results.begin, results.end);
    let bins = measure::whole_bins(start, end, width).filter(|n| *n <= MOST_BINS);
    let Some(bins) = bins.filter(|_| !cells.is_empty()) else {
        return Err(names.no_result("this window of time has no whole bin of this width, or more than ten million"));
    };
    let times = results.spikes(&cells, window).map(|(time, _)| time);
    Ok((measure::binned(times, start, width, bins as usize), cells.len(), width))
}

/// The traces of a cut.
pub fn traces<'a>(cut: &Cut, names: &mut Names<'a>) -> Result<Vec<Samples<'a>>, NoValue> {
    let window = window(cut.after.as_ref(), cut.before.as_ref(), names)?;
    Ok(results(names)?.samples(cut.record, window))
}

/// The one trace of a cut.
pub fn trace<'a>(cut: &Cut, names: &mut Names<'a>) -> Result<Samples<'a>, NoValue> {
    let found = traces(cut, names)?.into_iter().next();
    found.ok_or_else(|| names.no_result("the last run did not record this: `run` again"))
}

/// A power spectrum.
///
/// # Errors
/// Too few samples for its segments.
pub fn psd(of: &Spectrum, names: &mut Names<'_>) -> Result<spectrum::Spectrum, NoValue> {
    let (step, values) = match &of.of {
        Series::Activity(_, bin) => (value::number(bin, names)?, values(&of.of, names)?),
        Series::Samples(cut) => {
            let samples = trace(cut, names)?;
            let ends = samples.times.first().zip(samples.times.last());
            let intervals = samples.times.len().saturating_sub(1).max(1) as f64;
            (ends.map_or(0.0, |(first, last)| (last - first) / intervals), samples.values.to_vec())
        }
        other => (f64::NAN, values(other, names)?),
    };
    let length = match &of.segment {
        Some(segment) => (value::number(segment, names)? / step).round(),
        None => (values.len() / 4 * 2 / 2) as f64,
    };
    let length = if length.is_finite() && length >= 2.0 { length as usize } else { 0 };
    welch(&values, step, length).ok_or_else(|| {
        names.no_result(format!(
            "a spectrum of segments of {length} samples needs at least as many, and two; there are {}",
            values.len()
        ))
    })
}

/// A table as text.
///
/// # Errors
/// It has no values.
pub fn table(table: &ResultTable, names: &mut Names<'_>) -> Result<String, NoValue> {
    Ok(match table {
        ResultTable::Psd(of, density) => {
            let found = psd(of, names)?;
            csv::columns(&[column("frequency", &Dimension::FREQUENCY, found.frequencies), column("power", density, found.power)])
        }
        ResultTable::Histogram(of, dimension, bins) => {
            let bins = value::number(bins, names)?;
            if !((1.0..=MOST_BINS).contains(&bins) && bins.fract() == 0.0) {
                return Err(names.no_result(format!("there are no {} bins: a whole number from 1 on", super::show::number(bins))));
            }
            let values = values(of, names)?;
            let Some((edges, counts)) = measure::histogram(&values, bins as usize) else {
                return Err(names.no_result("there are no finite values to count"));
            };
            let low = edges.iter().take(counts.len()).copied().collect();
            let high = edges.iter().skip(1).copied().collect();
            csv::columns(&[
                column("from", dimension, low),
                column("to", dimension, high),
                column("count", &Dimension::NONE, counts),
            ])
        }
        ResultTable::Kept(id) => csv::columns(&names.tables.get(id).ok_or(NoValue::Measure)?.shown()),
        ResultTable::List(name, of, dimension) => csv::columns(&[column(name, dimension, values(of, names)?)]),
    })
}

fn column(name: &str, dimension: &Dimension, values: Vec<f64>) -> Named {
    let ending = if dimension.is_none() { String::new() } else { format!("_{}", quantity::unit_text(dimension)) };
    let unit = quantity::shown(dimension).unit;
    Named { name: format!("{name}{ending}"), values: values.into_iter().map(|x| unit.count(x)).collect() }
}
