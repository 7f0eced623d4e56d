//! `plot` of what is not a trace or a raster: sweeps, spectra, phase planes, histograms, rates, positions, connections.

use super::scope::{Names, told};
use super::{Runner, Stop, lists, measure};
use crate::build::Members;
use crate::plot::{Bars, Curve, Curves, Matrix, Style};
use crate::record::Provenance;
use crate::value::NoValue;
use bouton_model::ir::{Cut, Expr, LocalId, PlotKind, Series, Span, Spectrum, Spikes, TableColumn, TableId};
use bouton_model::unit::{Dimension, quantity};

/// Columns, each with its name, its unit and its values in that.
pub(super) type Shown = ((String, String), Vec<f64>);

impl Runner {
    /// One thing varied: a curve for each report. Two: a matrix of the first report.
    pub(super) fn plot_sweep(
        &self,
        (id, varied): (LocalId, usize),
        title: Option<String>,
        log: (bool, bool),
        origin: &Provenance,
        span: Span,
    ) -> Result<String, Stop> {
        let table = self.tables.get(&id).ok_or_else(|| told(NoValue::Measure, span))?;
        let columns: Vec<Shown> = table.columns.iter().zip(&table.values).map(|(column, values)| shown(column, values)).collect();
        let (axes, reports) = columns.split_at(varied.min(columns.len()));
        match (axes, reports) {
            ([across, up], [first, ..]) => Ok(matrix(across, up, first, title).draw(origin)),
            ([across, ..], reports) => Ok(curves(across, reports, title, log).draw(origin)),
            _ => Err(told(NoValue::Measure, span).into()),
        }
    }

    /// Pictures of results and of the network.
    pub(super) fn other_picture(
        &self,
        kind: &PlotKind,
        title: Option<String>,
        log: (bool, bool),
        origin: &Provenance,
        span: Span,
    ) -> Result<String, Stop> {
        let names = &mut self.names(span);
        let picture = match kind {
            PlotKind::Phase(across, up) => self.phase(across, up, title, log, names).map(|picture| picture.draw(origin)),
            PlotKind::Psd(of, density) => psd(of, density, title, log, names).map(|picture| picture.draw(origin)),
            PlotKind::Spectrogram(of) => spectrogram(of, title, names).map(|picture| picture.draw(origin)),
            PlotKind::Bars(of, dimension, bins) => {
                bars(of, dimension, bins.as_ref(), title, names).map(|picture| picture.draw(origin))
            }
            PlotKind::Activity(spikes, bin) => activity(spikes, bin, title, names).map(|picture| picture.draw(origin)),
            PlotKind::Positions => positions(title, names).map(|picture| picture.draw(origin)),
            PlotKind::Connections(tables) => connections(tables, title, names).map(|picture| picture.draw(origin)),
            PlotKind::Raster(_)
            | PlotKind::Traces(_)
            | PlotKind::Histogram(_)
            | PlotKind::Sweep(..)
            | PlotKind::Branches(_)
            | PlotKind::Search(..) => Err(NoValue::Measure),
        };
        picture.map_err(|none| told(none, span).into())
    }

    /// One trace over another; both have the same times.
    fn phase(
        &self,
        across: &Cut,
        up: &Cut,
        title: Option<String>,
        log: (bool, bool),
        names: &mut Names<'_>,
    ) -> Result<Curves, NoValue> {
        let (x, y) = (lists::trace(across, names)?, lists::trace(up, names)?);
        if x.times != y.times {
            return Err(names
                .no_result("these traces have no times in common: record both with the same `every`, cut to the same window"));
        }
        let records = &self.experiment.program().records;
        let named = |cut: &Cut| records.get(cut.record.index()).map(|record| (record.name.to_string(), record.dimension));
        let ((x_name, x_of), (y_name, y_of)) = (named(across).ok_or(NoValue::Measure)?, named(up).ok_or(NoValue::Measure)?);
        let (x_unit, y_unit) = (quantity::shown(&x_of).unit, quantity::shown(&y_of).unit);
        let points = x.values.iter().zip(y.values).map(|(x, y)| (x_unit.count(*x), y_unit.count(*y))).collect();
        let curve = Curve { name: y_name, unit: unit(&y_of), points, style: Style::Line, panel: 0 };
        Ok(Curves { title, across: (x_name, unit(&x_of)), log, curves: vec![curve], ..Curves::default() })
    }
}

/// Powers over frequencies; 0 Hz, which an axis of ratios does not have, is left out.
fn psd(
    of: &Spectrum,
    density: &Dimension,
    title: Option<String>,
    log: (bool, bool),
    names: &mut Names<'_>,
) -> Result<Curves, NoValue> {
    let found = lists::psd(of, names)?;
    let (frequency, power) = (quantity::shown(&Dimension::FREQUENCY).unit, quantity::shown(density).unit);
    let points = found.frequencies.iter().zip(&found.power).skip(1);
    let points = points.map(|(f, p)| (frequency.count(*f), power.count(*p))).collect();
    let curve = Curve { name: "power".to_owned(), unit: unit(density), points, style: Style::Line, panel: 0 };
    let across = ("frequency".to_owned(), unit(&Dimension::FREQUENCY));
    Ok(Curves { title, across, log, curves: vec![curve], ..Curves::default() })
}

/// Levels below the loudest by more than this (dB) are drawn alike.
const QUIET: f64 = -60.0;

/// Powers over time and frequency, in decibels below the largest; 0 Hz is left out.
fn spectrogram(of: &Spectrum, title: Option<String>, names: &mut Names<'_>) -> Result<Matrix, NoValue> {
    let (found, begin) = lists::spectrogram(of, names)?;
    let loudest = found.power.iter().flat_map(|one| one.iter().skip(1)).fold(0.0_f64, |most, p| most.max(*p));
    let level = |p: f64| if p > 0.0 { (10.0 * bouton_model::math::log10(p / loudest)).max(QUIET) } else { QUIET };
    let rows = |(column, one): (usize, &Vec<f64>)| {
        one.iter().skip(1).enumerate().map(|(row, p)| (column, row, level(*p))).collect::<Vec<_>>()
    };
    let cells = found.power.iter().enumerate().flat_map(rows).collect();
    let (time, frequency) = (quantity::shown(&Dimension::TIME).unit, quantity::shown(&Dimension::FREQUENCY).unit);
    let times: Vec<f64> = found.times.iter().map(|t| time.count(begin + t)).collect();
    let frequencies: Vec<f64> = found.frequencies.iter().skip(1).map(|f| frequency.count(*f)).collect();
    Ok(Matrix {
        title,
        names: [
            ("time".to_owned(), unit(&Dimension::TIME)),
            ("frequency".to_owned(), unit(&Dimension::FREQUENCY)),
            ("power".to_owned(), "dB".to_owned()),
        ],
        ranges: [edges(&times), edges(&frequencies)],
        size: (times.len(), frequencies.len()),
        cells,
    })
}

fn bars(
    of: &Series,
    dimension: &Dimension,
    bins: Option<&Expr>,
    title: Option<String>,
    names: &mut Names<'_>,
) -> Result<Bars, NoValue> {
    let bins = match bins {
        Some(bins) => bins.clone(),
        None => Expr::Number((lists::values(of, names)?.len() as f64).sqrt().ceil().clamp(1.0, 40.0)),
    };
    let (edges, counts) = lists::histogram(of, &bins, names)?;
    let shown = quantity::shown(dimension).unit;
    let end = |edge: Option<&f64>| shown.count(edge.copied().unwrap_or(0.0));
    let name = match of {
        Series::Samples(cut) => names.experiment.program().records.get(cut.record.index()).map_or("", |record| &record.name),
        Series::Times(_) | Series::Crossings(..) => "time",
        Series::Intervals(_) => "interval",
        Series::Rates(_) | Series::Activity(..) => "rate",
        Series::Rows(id, _, at) | Series::Marked(id, _, at) | Series::Column(id, at) => {
            names.tables.get(id).and_then(|table| table.columns.get(*at)).map_or("", |column| &column.name)
        }
        Series::Each(..) | Series::Kept(_) | Series::Features(..) => "",
    };
    let names = [(name.to_owned(), unit(dimension)), ("number".to_owned(), String::new())];
    Ok(Bars { title, names, range: (end(edges.first()), end(edges.last())), heights: counts })
}

/// Spikes per cell and second over time.
fn activity(spikes: &Spikes, bin: &Expr, title: Option<String>, names: &mut Names<'_>) -> Result<Bars, NoValue> {
    let (counts, cells, width) = lists::binned(spikes, bin, names)?;
    let (_, window) = measure::asked(spikes, names)?;
    let results = measure::results(names)?;
    let start = window.within(results.begin, results.end).0;
    let end = start + width * counts.len() as f64;
    let (time, length) = crate::plot::time_unit((start, end));
    let heights = counts.into_iter().map(|count| 1000.0 * count / (cells as f64 * width)).collect();
    let names = [("time".to_owned(), time.to_owned()), ("rate".to_owned(), "Hz".to_owned())];
    Ok(Bars { title, names, range: (start / length, end / length), heights })
}

/// Cells from above (x and y), a colour for each population.
fn positions(title: Option<String>, names: &Names<'_>) -> Result<Curves, NoValue> {
    let cells = &measure::results(names)?.network.cells;
    let length = quantity::shown(&Dimension::LENGTH).unit;
    let curve = |members: &Members| Curve {
        name: members.name.clone(),
        unit: unit(&Dimension::LENGTH),
        points: (members.first..members.first + members.count)
            .filter_map(|cell| cells.positions.get(cell as usize))
            .map(|place| (length.count(place[0]), length.count(place[1])))
            .collect(),
        style: Style::Points,
        panel: 0,
    };
    let mut curves: Vec<Curve> = cells.populations.iter().map(curve).collect();
    if let [alone] = curves.as_mut_slice() {
        alone.name = "y".to_owned();
    }
    Ok(Curves {
        title,
        across: ("x".to_owned(), unit(&Dimension::LENGTH)),
        up: "y".to_owned(),
        equal: true,
        curves,
        ..Curves::default()
    })
}

/// Senders across, receivers up, by their numbers in the network.
fn connections(tables: &[TableId], title: Option<String>, names: &Names<'_>) -> Result<Matrix, NoValue> {
    let results = measure::results(names)?;
    let count = results.network.cells.len() as usize;
    let (mut cells, mut units) = (Vec::new(), Vec::new());
    for id in tables {
        let table = names.experiment.program().tables.get(id.index()).ok_or(NoValue::Measure)?;
        let found = names.experiment.table(*id);
        let (ends, values) = found.ok_or_else(|| names.no_result("the last run did not keep this: `run` again"))?;
        let shown = quantity::shown(&table.dimension).unit;
        cells.extend(ends.iter().zip(values).map(|((pre, post), x)| (*pre as usize, *post as usize, shown.count(x))));
        units.push(unit(&table.dimension));
    }
    units.dedup();
    if units.len() > 1 {
        return Err(names.no_result(
            "weights of several units have no colours in common: `plot histogram(LABEL.weight)` shows those of a statement",
        ));
    }
    let weight = ("weight".to_owned(), units.pop().unwrap_or_default());
    let name = |what: &str| (what.to_owned(), String::new());
    let range = (0.0, count as f64);
    Ok(Matrix { title, names: [name("sender"), name("receiver"), weight], ranges: [range, range], size: (count, count), cells })
}

pub(super) fn shown(column: &TableColumn, values: &[f64]) -> Shown {
    let shown = quantity::shown(&column.dimension);
    ((column.name.to_string(), unit(&column.dimension)), values.iter().map(|x| shown.unit.count(*x)).collect())
}

fn unit(dimension: &Dimension) -> String {
    if dimension.is_none() { String::new() } else { quantity::unit_text(dimension) }
}

fn curves(across: &Shown, reports: &[Shown], title: Option<String>, log: (bool, bool)) -> Curves {
    let curve = |((name, unit), values): &Shown| Curve {
        name: name.clone(),
        unit: unit.clone(),
        points: across.1.iter().copied().zip(values.iter().copied()).collect(),
        style: Style::Marked,
        panel: 0,
    };
    Curves {
        title,
        across: across.0.clone(),
        log: (log.0 || even_ratios(&across.1), log.1),
        curves: reports.iter().map(curve).collect(),
        ..Curves::default()
    }
}

/// Whether neighbours have one ratio rather than one distance: then the axis is one of ratios.
fn even_ratios(values: &[f64]) -> bool {
    let mut ratios = values.windows(2).map(|pair| pair[1] / pair[0]);
    let Some(first) = ratios.next() else { return false };
    let even = values.len() > 2 && values.iter().all(|x| *x > 0.0) && first > 1.0;
    even && ratios.all(|ratio| (ratio / first - 1.0).abs() < 1e-6)
}

fn matrix(across: &Shown, up: &Shown, report: &Shown, title: Option<String>) -> Matrix {
    let (columns, rows) = (distinct(&across.1), distinct(&up.1));
    let at = |all: &[f64], x: f64| all.iter().position(|one| *one == x);
    let cells = across.1.iter().zip(&up.1).zip(&report.1);
    let cells = cells.filter_map(|((x, y), value)| Some((at(&columns, *x)?, at(&rows, *y)?, *value))).collect();
    Matrix {
        title,
        names: [across.0.clone(), up.0.clone(), report.0.clone()],
        ranges: [edges(&columns), edges(&rows)],
        size: (columns.len(), rows.len()),
        cells,
    }
}

fn distinct(values: &[f64]) -> Vec<f64> {
    let mut all = values.to_vec();
    all.sort_by(f64::total_cmp);
    all.dedup();
    all
}

/// From half a distance before the first value to half of one behind the last.
fn edges(values: &[f64]) -> (f64, f64) {
    let (first, last) = (values.first().copied().unwrap_or(0.0), values.last().copied().unwrap_or(1.0));
    let half = if values.len() > 1 { (last - first) / (values.len() - 1) as f64 / 2.0 } else { 0.5 };
    (first - half, last + half)
}
