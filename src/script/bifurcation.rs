//! `plot` of branches of steady states: what is stable as a line, what is not dashed, and marks where that changes.

use super::picture::{Shown, shown};
use super::scope::told;
use super::{Runner, Stop};
use crate::plot::{Curve, Curves, Style};
use crate::record::Provenance;
use crate::value::NoValue;
use bouton_model::ir::{Continue, LocalId, Span};

/// What marks are called, in the order of [`Continue::KINDS`].
const MARKS: [&str; 3] = ["fold", "Hopf", "crossing"];

impl Runner {
    /// A panel for each report.
    pub(super) fn plot_branches(
        &self,
        ids: &[LocalId],
        title: Option<String>,
        log: (bool, bool),
        origin: &Provenance,
        span: Span,
    ) -> Result<String, Stop> {
        let mut across = None;
        // Panel, what kind of points, the report, the points.
        type Part<'s> = (usize, &'s str, Shown, Vec<(f64, f64)>);
        let mut parts: Vec<Part<'_>> = Vec::new();
        for id in ids {
            let table = self.tables.get(id).ok_or_else(|| told(NoValue::Measure, span))?;
            let columns: Vec<Shown> =
                table.columns.iter().zip(&table.values).map(|(column, values)| shown(column, values)).collect();
            let Some((over, rest)) = columns.split_first() else { continue };
            let (reports, own) = rest.split_at(rest.len().saturating_sub(Continue::OWN.len()));
            let ([(_, unstable), .., (_, kinds)], true) = (own, own.len() == Continue::OWN.len()) else { continue };
            across.get_or_insert_with(|| over.0.clone());
            for (panel, report) in reports.iter().enumerate() {
                let place = |k: usize| (over.1[k], report.1[k]);
                let stable = |k: usize| unstable[k] == 0.0;
                let marked = |k: usize| kinds[k] != 0.0;
                // Points at which stability changes belong to both sides.
                let line = |wanted: bool| -> Vec<(f64, f64)> {
                    let near = |k: usize| {
                        let beside =
                            |at: Option<usize>| at.is_some_and(|at| at < kinds.len() && !marked(at) && stable(at) == wanted);
                        if marked(k) { beside(k.checked_sub(1)) || beside(Some(k + 1)) } else { stable(k) == wanted }
                    };
                    (0..kinds.len()).map(|k| if near(k) { place(k) } else { (place(k).0, f64::NAN) }).collect()
                };
                parts.push((panel, "stable", report.clone(), line(true)));
                parts.push((panel, "unstable", report.clone(), line(false)));
                for (kind, name) in MARKS.iter().enumerate() {
                    let here = (0..kinds.len()).filter(|k| kinds[*k] == (kind + 1) as f64);
                    parts.push((panel, name, report.clone(), here.map(place).collect()));
                }
            }
        }
        let style = |name: &str| match name {
            "stable" => Style::Line,
            "unstable" => Style::Dashed,
            _ => Style::Points,
        };
        let there = parts.into_iter().filter(|(.., points)| points.iter().any(|(_, y)| y.is_finite()));
        let curves = there.map(|(panel, name, ((_, unit), _), points)| Curve {
            name: name.to_owned(),
            unit,
            points,
            style: style(name),
            panel,
        });
        let curves: Vec<Curve> = curves.collect();
        let names = |id: &LocalId| {
            let columns = &self.tables.get(id)?.columns;
            Some(columns[1..columns.len() - Continue::OWN.len()].iter().map(|column| column.name.to_string()).collect())
        };
        let ups = ids.first().and_then(names).unwrap_or_default();
        Ok(Curves { title, across: across.unwrap_or_default(), ups, log, up: String::new(), equal: false, curves }.draw(origin))
    }
}
