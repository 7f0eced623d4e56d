//! Pictures of searches: losses and knobs over evaluations, fronts, and candidates across all knobs.

use super::super::picture::{Shown, shown};
use super::super::scope::told;
use super::super::sweep::Kept;
use super::super::{Runner, Stop};
use super::Found;
use crate::plot::{Cloud, Curve, Curves, Style};
use crate::record::Provenance;
use crate::value::NoValue;
use bouton_model::ir::{LocalId, Rows, SearchPicture, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// More knobs than this are not drawn in pairs.
const MOST_PAIRED: usize = 8;

impl Runner {
    /// Candidates of a search.
    pub(in crate::script) fn plot_search(
        &self,
        (id, rows, kind): (LocalId, Rows, SearchPicture),
        title: Option<String>,
        log: (bool, bool),
        origin: &Provenance,
        span: Span,
    ) -> Result<String, Stop> {
        let found = self.tables.get(&id).zip(self.searches.get(&id));
        let (table, found) = found.ok_or_else(|| told(NoValue::Measure, span))?;
        let knobs = found.dials.len();
        if kind == SearchPicture::Pairs && knobs > MOST_PAIRED {
            let many = Diagnostic::new(Code::NoResult, span, format!("{knobs} knobs are too many to be drawn in pairs"));
            return Err(many.help("`plot parallel(...)` draws a line for each candidate across all knobs").into());
        }
        match kind {
            SearchPicture::Parallel | SearchPicture::Pairs => {
                let cloud = cloud(&table.of(&found.rows(rows, table.rows())), knobs, title);
                Ok(if kind == SearchPicture::Pairs { cloud.pairs(origin) } else { cloud.parallel(origin) })
            }
            _ => {
                let curves = drawn((table, found), (knobs, rows), kind).ok_or_else(|| told(NoValue::Measure, span))?;
                Ok(Curves { title, log, ..curves }.draw(origin))
            }
        }
    }
}

/// Candidates over evaluations, or losses over each other.
pub(super) fn drawn((table, found): (&Kept, &Found), (knobs, rows): (usize, Rows), kind: SearchPicture) -> Option<Curves> {
    let columns: Vec<Shown> = table.columns.iter().zip(&table.values).map(|(column, values)| shown(column, values)).collect();
    let (varied, losses) = columns.split_at_checked(knobs)?;
    if kind == SearchPicture::Front {
        return front(losses, &found.front);
    }
    let rows = found.rows(rows, table.rows());
    let evaluations = || ("evaluations".to_owned(), String::new());
    let mut curves = Vec::new();
    if kind == SearchPicture::Parameters {
        let best = best_so_far(losses.first().map_or(&[][..], |loss| &loss.1));
        for (panel, ((name, unit), values)) in varied.iter().enumerate() {
            let curve = |name: &str, points, style| Curve { name: name.to_owned(), unit: unit.clone(), points, style, panel };
            let at = |row: usize| (row as f64 + 1.0, values.get(row).copied().unwrap_or(f64::NAN));
            curves.push(curve(name, rows.iter().map(|row| at(*row)).collect(), Style::Points));
            let points = best.iter().enumerate().map(|(row, best)| (row as f64 + 1.0, best.map_or(f64::NAN, |best| at(best).1)));
            curves.push(curve("of the best so far", points.collect(), Style::Line));
        }
        return Some(Curves { across: evaluations(), curves, ..Curves::default() });
    }
    for (panel, ((name, unit), values)) in losses.iter().enumerate() {
        let curve = |name: &str, points, style| Curve { name: name.to_owned(), unit: unit.clone(), points, style, panel };
        let at = |row: usize| (row as f64 + 1.0, values.get(row).copied().unwrap_or(f64::NAN));
        curves.push(curve(name, rows.iter().map(|row| at(*row)).collect(), Style::Points));
        let best = best_so_far(values);
        let points = best.iter().enumerate().map(|(row, best)| (row as f64 + 1.0, best.map_or(f64::NAN, |best| at(best).1)));
        curves.push(curve("best so far", points.collect(), Style::Line));
        if found.generations.len() > 1 {
            let each = generations(values, &found.generations);
            let points = |of: fn(&[f64]) -> f64| each.iter().map(|(end, losses)| (*end as f64, of(losses))).collect();
            curves.push(curve("median of a generation", points(median), Style::Line));
            curves.push(curve("worst of a generation", points(|all| all.last().copied().unwrap_or(f64::NAN)), Style::Line));
        }
    }
    Some(Curves { across: evaluations(), curves, ..Curves::default() })
}

/// The first loss across, each other up.
fn front(losses: &[Shown], front: &[usize]) -> Option<Curves> {
    let (across, others) = losses.split_first()?;
    let at = |values: &[f64], row: usize| values.get(row).copied().unwrap_or(f64::NAN);
    let mut best = front.to_vec();
    best.sort_by(|a, b| at(&across.1, *a).total_cmp(&at(&across.1, *b)));
    let mut curves = Vec::new();
    for (panel, ((name, unit), values)) in others.iter().enumerate() {
        let points = |rows: &mut dyn Iterator<Item = usize>| rows.map(|row| (at(&across.1, row), at(values, row))).collect();
        let curve = |name: &str, points, style| Curve { name: name.to_owned(), unit: unit.clone(), points, style, panel };
        curves.push(curve(name, points(&mut (0..values.len())), Style::Points));
        let style = if others.len() == 1 { Style::Marked } else { Style::Points };
        curves.push(curve("front", points(&mut best.iter().copied()), style));
    }
    Some(Curves { across: across.0.clone(), curves, ..Curves::default() })
}

/// The row of the smallest value up to each row.
fn best_so_far(values: &[f64]) -> Vec<Option<usize>> {
    let mut best: Option<usize> = None;
    let step = |(row, x): (usize, &f64)| {
        if x.is_finite() && best.and_then(|best| values.get(best)).is_none_or(|least| x < least) {
            best = Some(row);
        }
        best
    };
    values.iter().enumerate().map(step).collect()
}

/// The end of each generation, and its finite values as they rise.
fn generations(values: &[f64], ends: &[usize]) -> Vec<(usize, Vec<f64>)> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let each = starts.zip(ends).map(|(start, end)| {
        let mut some: Vec<f64> = values.get(start..*end).unwrap_or_default().iter().copied().filter(|x| x.is_finite()).collect();
        some.sort_by(f64::total_cmp);
        (*end, some)
    });
    each.filter(|(_, some)| !some.is_empty()).collect()
}

fn median(rising: &[f64]) -> f64 {
    let at = |k: usize| rising.get(k).copied().unwrap_or(f64::NAN);
    (at(rising.len().saturating_sub(1) / 2) + at(rising.len() / 2)) / 2.0
}

fn cloud(table: &Kept, knobs: usize, title: Option<String>) -> Cloud {
    let columns = table.columns.iter().zip(&table.values).map(|(column, values)| shown(column, values));
    let (names, columns) = columns.unzip();
    Cloud { title, names, columns, knobs }
}

#[cfg(test)]
mod tests {
    use super::{best_so_far, generations, median};

    #[test]
    fn the_best_so_far_is_the_first_of_equals() {
        let found = best_so_far(&[f64::NAN, 3.0, 5.0, 3.0, 1.0]);
        assert_eq!(found, [None, Some(1), Some(1), Some(1), Some(4)]);
    }

    #[test]
    fn a_generation_has_its_own_median() {
        let found = generations(&[4.0, f64::NAN, 2.0, 9.0, 7.0, 8.0], &[3, 6]);
        assert_eq!(found, [(3, vec![2.0, 4.0]), (6, vec![7.0, 8.0, 9.0])]);
        assert_eq!(found.iter().map(|(_, rising)| median(rising)).collect::<Vec<_>>(), [3.0, 8.0]);
    }
}
