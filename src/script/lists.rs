//! Lists and tables of a script: which cells, traces and windows are meant, then `record` computes.

use super::measure::{asked, results, window};
use super::scope::Names;
use super::sweep::Kept;
use crate::record::spectrum::{self, welch};
use crate::record::table::{Column, Table};
use crate::record::{Samples, features, measure};
use crate::value::{self, NoValue};
use bouton_model::ir::{Cut, Expr, Feature, LocalId, ResultTable, Rows, Series, Spectrum, TableId};
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
        Series::Marked(id, kind, at) => {
            let table = names.tables.get(id).ok_or(NoValue::Measure)?;
            let (values, kinds) = table.values.get(*at).zip(table.values.last()).ok_or(NoValue::Measure)?;
            values.iter().zip(kinds).filter(|(_, known)| **known == *kind as f64).map(|(x, _)| *x).collect()
        }
        Series::Features(feature, cut, args) => features(*feature, cut, args, names)?,
        Series::Rows(id, which, at) => rows(*id, *which, names)?.values.get(*at).cloned().ok_or(NoValue::Measure)?,
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

/// A feature of each spike of a voltage trace.
fn features(feature: Feature, cut: &Cut, args: &[Expr], names: &mut Names<'_>) -> Result<Vec<f64>, NoValue> {
    let (trace, args) = featured(cut, args, names)?;
    let spikes = features::spikes(trace.times, trace.values, args.first().copied().unwrap_or(f64::NAN));
    Ok(match feature {
        Feature::Amplitude => spikes.amplitudes(trace.values),
        Feature::Width => spikes.widths(trace.times, trace.values),
        Feature::Depth => spikes.depths(trace.values, args.get(1).copied().unwrap_or(f64::NAN)),
        _ => spikes.peaks.iter().filter_map(|peak| trace.times.get(*peak).copied()).collect(),
    })
}

/// A feature of a voltage trace.
///
/// # Errors
/// The trace has too few spikes, or no samples where they are needed.
pub fn feature(feature: Feature, cut: &Cut, args: &[Expr], names: &mut Names<'_>) -> Result<f64, NoValue> {
    let (trace, args) = featured(cut, args, names)?;
    let arg = |k: usize| args.get(k).copied().unwrap_or(f64::NAN);
    let Samples { times, values, .. } = trace;
    let ends = || Some((*times.first()?, *times.last()?));
    let spikes = || features::spikes(times, values, arg(0));
    let step = || features::Step::of(times, values, (arg(0), arg(1)));
    let (found, lacks) = match feature {
        Feature::IntervalCv => (features::cv(&spikes().intervals(times)), "there are fewer than three spikes"),
        Feature::Adaptation => (features::adaptation(&spikes().intervals(times)), "there are fewer than three spikes"),
        Feature::Rest => (
            ends().and_then(|ends| features::last_tenth(times, values, ends, features::Ends::Last)),
            "there are no samples in this window",
        ),
        Feature::Sag => (step().map(|step| step.sag()), "there are no samples before or during this step of current"),
        Feature::Resistance => {
            let found = step().map(|step| (step.steady - step.before) / arg(2));
            (found, "there are no samples before or during this step of current")
        }
        _ => (Some(spikes().peaks.len() as f64), ""),
    };
    found.ok_or_else(|| names.no_result(lacks))
}

/// A trace, and the values of what its feature takes.
fn featured<'a>(cut: &Cut, args: &[Expr], names: &mut Names<'a>) -> Result<(Samples<'a>, Vec<f64>), NoValue> {
    let values = args.iter().map(|arg| value::number(arg, names)).collect::<Result<_, _>>()?;
    Ok((trace(cut, names)?, values))
}

/// The rows of a search's table that no other dominates.
fn rows(id: LocalId, which: Rows, names: &Names<'_>) -> Result<Kept, NoValue> {
    let (table, found) = names.tables.get(&id).zip(names.searches.get(&id)).ok_or(NoValue::Measure)?;
    Ok(table.of(&found.rows(which, table.rows())))
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
    let (step, values, length) = segments(of, names)?;
    welch(&values, step, length).ok_or_else(|| too_few(length, values.len(), names))
}

/// The power of each segment, and when the first sample was taken (ms).
///
/// # Errors
/// Too few samples for a segment.
pub fn spectrogram(of: &Spectrum, names: &mut Names<'_>) -> Result<(spectrum::Spectrogram, f64), NoValue> {
    let (step, values, length) = segments(of, names)?;
    let begin = match &of.of {
        Series::Samples(cut) => trace(cut, names)?.times.first().copied().unwrap_or(0.0),
        Series::Activity(spikes, _) => window(spikes.after.as_ref(), spikes.before.as_ref(), names)?.after.unwrap_or(0.0),
        _ => 0.0,
    };
    let found = spectrum::spectrogram(&values, step, length).ok_or_else(|| too_few(length, values.len(), names))?;
    Ok((found, begin))
}

fn too_few(length: usize, count: usize, names: &Names<'_>) -> NoValue {
    names.no_result(format!("a spectrum of segments of {length} samples needs at least as many, and two; there are {count}"))
}

/// Distance of the samples (ms), the samples, and how many are in a segment.
fn segments(of: &Spectrum, names: &mut Names<'_>) -> Result<(f64, Vec<f64>, usize), NoValue> {
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
    Ok((step, values, length))
}

/// A table of results.
///
/// # Errors
/// It has no values.
pub fn table(table: &ResultTable, names: &mut Names<'_>) -> Result<Table, NoValue> {
    Ok(match table {
        ResultTable::Psd(of, density) => {
            let found = psd(of, names)?;
            Table {
                columns: vec![
                    column("frequency", &Dimension::FREQUENCY, found.frequencies),
                    column("power", density, found.power),
                ],
            }
        }
        ResultTable::Histogram(of, dimension, bins) => {
            let (edges, counts) = histogram(of, bins, names)?;
            let low = edges.iter().take(counts.len()).copied().collect();
            let high = edges.iter().skip(1).copied().collect();
            Table {
                columns: vec![
                    column("from", dimension, low),
                    column("to", dimension, high),
                    column("count", &Dimension::NONE, counts),
                ],
            }
        }
        ResultTable::Kept(id) => Table { columns: names.tables.get(id).ok_or(NoValue::Measure)?.shown() },
        ResultTable::Positions => positions(names)?,
        ResultTable::Connections(tables) => connections(tables, names)?,
        ResultTable::List(name, of, dimension) => Table { columns: vec![column(name, dimension, values(of, names)?)] },
        ResultTable::Rows(id, which) => Table { columns: rows(*id, *which, names)?.shown() },
    })
}

/// A column in the unit in which its dimension is shown.
pub fn column(name: &str, dimension: &Dimension, values: Vec<f64>) -> Column {
    let ending = if dimension.is_none() { String::new() } else { format!("_{}", quantity::unit_text(dimension)) };
    let unit = quantity::shown(dimension).unit;
    Column::numbers(format!("{name}{ending}"), values.into_iter().map(|x| unit.count(x)).collect())
}

/// Edges and counts of equal bins.
///
/// # Errors
/// No values, or no number of bins.
pub fn histogram(of: &Series, bins: &Expr, names: &mut Names<'_>) -> Result<(Vec<f64>, Vec<f64>), NoValue> {
    let bins = value::number(bins, names)?;
    if !((1.0..=MOST_BINS).contains(&bins) && bins.fract() == 0.0) {
        return Err(names.no_result(format!("there are no {} bins: a whole number from 1 on", super::show::number(bins))));
    }
    let values = values(of, names)?;
    let Some((edges, counts)) = measure::histogram(&values, bins as usize) else {
        return Err(names.no_result("there are no finite values to count"));
    };
    Ok((edges, counts))
}

/// Where each cell lies: `gid,population,index,x_um,y_um,z_um`.
fn positions(names: &Names<'_>) -> Result<Table, NoValue> {
    let cells = &results(names)?.network.cells;
    let members: Vec<_> = (0..cells.len()).filter_map(|cell| Some((cell, cells.member(cell)?))).collect();
    let coordinate = |k: usize| -> Vec<f64> {
        members.iter().map(|(cell, _)| cells.positions.get(*cell as usize).map_or(f64::NAN, |place| place[k])).collect()
    };
    Ok(Table {
        columns: vec![
            Column::whole("gid", members.iter().map(|(cell, _)| *cell).collect()),
            Column::texts("population", members.iter().map(|(_, (population, _))| population.name.clone()).collect()),
            Column::whole("index", members.iter().map(|(_, (_, index))| *index).collect()),
            column("x", &Dimension::LENGTH, coordinate(0)),
            column("y", &Dimension::LENGTH, coordinate(1)),
            column("z", &Dimension::LENGTH, coordinate(2)),
        ],
    })
}

/// Who is connected with whom: `connection,pre,post,weight`, and the unit of the weights where they have several.
fn connections(tables: &[TableId], names: &Names<'_>) -> Result<Table, NoValue> {
    let network = results(names)?.network;
    let program = names.experiment.program();
    let (mut which, mut pre, mut post, mut weights, mut units) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for id in tables {
        let table = program.tables.get(id.index()).ok_or(NoValue::Measure)?;
        let (ends, values) =
            names.experiment.table(*id).ok_or_else(|| names.no_result("the last run did not keep this: `run` again"))?;
        let connection = program.connections.get(table.values.connection);
        let label =
            connection.and_then(|one| one.label.as_deref()).map_or_else(|| table.values.connection.to_string(), str::to_owned);
        let (unit, text) = (quantity::shown(&table.dimension).unit, quantity::unit_text(&table.dimension));
        for ((from, to), x) in ends.iter().zip(values) {
            which.push(label.clone());
            pre.push(network.source_name(*from));
            post.push(network.cells.name(*to));
            weights.push(unit.count(x));
            units.push(if table.dimension.is_none() { String::new() } else { text.clone() });
        }
    }
    let same = units.windows(2).all(|pair| pair[0] == pair[1]);
    let ending = units.first().filter(|unit| same && !unit.is_empty()).map_or_else(String::new, |unit| format!("_{unit}"));
    let mut columns = vec![
        Column::texts("connection", which),
        Column::texts("pre", pre),
        Column::texts("post", post),
        Column::numbers(format!("weight{ending}"), weights),
    ];
    if !same {
        columns.push(Column::texts("unit", units));
    }
    Ok(Table { columns })
}
