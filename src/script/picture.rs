//! `plot` of what is not over time: tables of sweeps.

use super::scope::told;
use super::{Runner, Stop};
use crate::plot::{Curve, Curves, Matrix, Style};
use crate::record::Provenance;
use crate::value::NoValue;
use bouton_model::ir::{LocalId, Span, TableColumn};
use bouton_model::unit::quantity;

/// Columns, each with its name, its unit and its values in that.
type Shown = ((String, String), Vec<f64>);

impl Runner {
    /// One thing varied: a curve for each report. Two: a matrix of the first report.
    pub(super) fn plot_sweep(
        &self,
        (id, varied): (LocalId, usize),
        title: Option<String>,
        origin: &Provenance,
        span: Span,
    ) -> Result<String, Stop> {
        let table = self.tables.get(&id).ok_or_else(|| told(NoValue::Measure, span))?;
        let columns: Vec<Shown> = table.columns.iter().zip(&table.values).map(|(column, values)| shown(column, values)).collect();
        let (axes, reports) = columns.split_at(varied.min(columns.len()));
        match (axes, reports) {
            ([across, up], [first, ..]) => Ok(matrix(across, up, first, title).draw(origin)),
            ([across, ..], reports) => Ok(curves(across, reports, title).draw(origin)),
            _ => Err(told(NoValue::Measure, span).into()),
        }
    }
}

fn shown(column: &TableColumn, values: &[f64]) -> Shown {
    let shown = quantity::shown(&column.dimension);
    ((column.name.to_string(), unit(column)), values.iter().map(|x| shown.unit.count(*x)).collect())
}

fn unit(column: &TableColumn) -> String {
    if column.dimension.is_none() { String::new() } else { quantity::unit_text(&column.dimension) }
}

fn curves(across: &Shown, reports: &[Shown], title: Option<String>) -> Curves {
    let curve = |((name, unit), values): &Shown| Curve {
        name: name.clone(),
        unit: unit.clone(),
        points: across.1.iter().copied().zip(values.iter().copied()).collect(),
        style: Style::Marked,
    };
    Curves {
        title,
        across: across.0.clone(),
        log: (even_ratios(&across.1), false),
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
