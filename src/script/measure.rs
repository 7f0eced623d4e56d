//! Measures of a script: which cells and which window of time are meant, then `record` computes.

use super::lists;
use super::scope::Names;
use crate::build::Cells;
use crate::record::{Results, Window, measure};
use crate::value::{self, NoValue, Value};
use bouton_model::ir::{Cut, Expr, Knob, Measure, SearchNumber, Series, Set, Spectrum, Spikes};
use bouton_syntax::diagnostic::Diagnostics;

/// The value of a measure.
///
/// # Errors
/// Nothing was run, or not what it asks for.
pub fn value(measure: &Measure, names: &mut Names<'_>) -> Result<Value, NoValue> {
    let number = match measure {
        Measure::Cells(sets) => count_cells(sets, names)? as f64,
        Measure::Rate(spikes) => rate(spikes, names)?,
        Measure::Count(spikes) => {
            let (cells, window) = asked(spikes, names)?;
            results(names)?.spikes(&cells, window).count() as f64
        }
        Measure::Cv(spikes) => {
            let (cells, window) = asked(spikes, names)?;
            measure::cv(results(names)?.spikes(&cells, window))
        }
        Measure::Fano(spikes, bin) => measure::fano(&lists::binned(spikes, bin, names)?.0),
        Measure::Synchrony(cut) => {
            let traces = lists::traces(cut, names)?;
            let samples: Vec<&[f64]> = traces.iter().map(|one| one.values).collect();
            measure::synchrony(&samples).ok_or_else(|| names.no_result("the traces have no samples in this window"))?
        }
        Measure::Feature(feature, cut, args) => lists::feature(*feature, cut, args, names)?,
        Measure::Peak(spectrum) => peak(spectrum, names)?,
        Measure::Band(spectrum, low, high) => band(spectrum, (low, high), names)?,
        Measure::Sample(series, index) => sample(series, index, names)?,
        Measure::At(cut, time) => at(cut, time, names)?,
        Measure::Statistic(which, series) => {
            let found = match series {
                Series::Samples(cut) => measure::statistic(*which, lists::trace(cut, names)?.values),
                other => measure::statistic(*which, &lists::values(other, names)?),
            };
            found.ok_or_else(|| names.no_result("there are no samples or values in this window"))?
        }
        Measure::OfTable(which, table) => {
            let (_, values) = names.experiment.table(*table).ok_or(NoValue::Measure)?;
            measure::statistic(*which, &values).ok_or_else(|| names.no_result("there are no such connections"))?
        }
        Measure::Search(id, number) => {
            let (table, found) = names.tables.get(id).zip(names.searches.get(id)).ok_or(NoValue::Measure)?;
            match number {
                SearchNumber::Best(column) => {
                    let best = found.best.and_then(|row| table.values.get(*column)?.get(row).copied());
                    best.ok_or_else(|| names.no_result("this search has found no candidate that could be run"))?
                }
                SearchNumber::Evaluations => table.values.first().map_or(0, Vec::len) as f64,
                SearchNumber::Failed => found.failed as f64,
            }
        }
        Measure::Setting(knob) => setting(knob, names)?,
        Measure::Term(_) | Measure::Over(..) | Measure::OverEach(..) => return Err(NoValue::Measure),
    };
    Ok(Value::Number(number))
}

/// What is set of the model: one number, wherever a knob reaches.
fn setting(knob: &Knob, names: &mut Names<'_>) -> Result<f64, NoValue> {
    let experiment = names.experiment;
    let mut found: Option<f64> = None;
    for one in experiment.program().present(knob) {
        let Some(one) = one else { return Err(names.no_result("this has no value that a script could read")) };
        let value = value::number(&one, names).map_err(|none| match none {
            NoValue::Draw | NoValue::Variable(_) => names.no_result("this has a value of its own at each place"),
            none => none,
        })?;
        if found.is_some_and(|before| before != value) {
            return Err(names.no_result("this has a value of its own at each place"));
        }
        found = Some(value);
    }
    found.ok_or(NoValue::Measure)
}

/// Results of the last run.
///
/// # Errors
/// Nothing was run.
pub fn results<'a>(names: &Names<'a>) -> Result<Results<'a>, NoValue> {
    names.experiment.results().ok_or(NoValue::Measure)
}

fn rate(spikes: &Spikes, names: &mut Names<'_>) -> Result<f64, NoValue> {
    let (cells, window) = asked(spikes, names)?;
    let results = results(names)?;
    let (start, end) = window.within(results.begin, results.end);
    let count = results.spikes(&cells, window).count();
    measure::rate(count, cells.len(), end - start).ok_or_else(|| {
        let what =
            if cells.is_empty() { "there are no cells whose rate it could be" } else { "nothing was run in this window of time" };
        names.no_result(what)
    })
}

/// Cells and window of spikes.
///
/// # Errors
/// Nothing was run, or an index that a population does not have.
pub fn asked(spikes: &Spikes, names: &mut Names<'_>) -> Result<(Vec<u32>, Window), NoValue> {
    let window = window(spikes.after.as_ref(), spikes.before.as_ref(), names)?;
    Ok((cells(&spikes.sets, names)?, window))
}

/// The window that two clauses cut.
///
/// # Errors
/// Their times have no value.
pub fn window(after: Option<&Expr>, before: Option<&Expr>, names: &mut Names<'_>) -> Result<Window, NoValue> {
    let mut time = |expr: Option<&Expr>| expr.map(|e| value::number(e, names)).transpose();
    Ok(Window { after: time(after)?, before: time(before)? })
}

/// The cells of sets, rising, each once.
///
/// # Errors
/// Nothing was run, or an index that a population does not have.
pub fn cells(sets: &[Set], names: &Names<'_>) -> Result<Vec<u32>, NoValue> {
    let network = results(names)?.network;
    let mut all = Vec::new();
    for set in sets {
        all.extend(network.members(set).map_err(NoValue::Told)?);
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

/// Whole populations can be counted before anything is built.
fn count_cells(sets: &[Set], names: &Names<'_>) -> Result<usize, NoValue> {
    if names.experiment.results().is_some() {
        return Ok(cells(sets, names)?.len());
    }
    let members = || sets.iter().flat_map(|set| &set.members);
    if members().any(|member| member.indices.is_some() || member.filter.is_some()) {
        return Err(names.no_result("how many cells these are is known after the first `run`"));
    }
    let mut found = Diagnostics::new();
    let counted = Cells::count(names.experiment.program(), names.experiment.constants(), &mut found);
    if let Some(first) = found.iter().next() {
        return Err(NoValue::Told(Box::new(first.clone())));
    }
    let mut populations: Vec<usize> = members().map(|member| member.population.index()).collect();
    populations.sort_unstable();
    populations.dedup();
    Ok(populations.iter().filter_map(|p| counted.populations.get(*p)).map(|p| p.count as usize).sum())
}

fn sample(series: &Series, index: &Expr, names: &mut Names<'_>) -> Result<f64, NoValue> {
    let index = value::number(index, names)?;
    let whole = (index >= 0.0 && index.fract() == 0.0).then_some(index as usize);
    let (found, count) = match series {
        Series::Samples(cut) => {
            let samples = lists::trace(cut, names)?;
            (whole.and_then(|index| samples.values.get(index)).copied(), samples.values.len())
        }
        other => {
            let values = lists::values(other, names)?;
            (whole.and_then(|index| values.get(index)).copied(), values.len())
        }
    };
    found.ok_or_else(|| {
        let shown = super::show::number(index);
        names.no_result(format!("there is no value {shown}: there are {count}, from 0 on"))
    })
}

fn peak(spectrum: &Spectrum, names: &mut Names<'_>) -> Result<f64, NoValue> {
    let found = lists::psd(spectrum, names)?;
    let rest = found.frequencies.iter().zip(&found.power).skip(1);
    let largest = rest.fold((f64::NAN, f64::NEG_INFINITY), |best, (f, p)| if *p > best.1 { (*f, *p) } else { best });
    Ok(largest.0)
}

/// The sum of the densities of the band's frequencies, times their distance.
fn band(spectrum: &Spectrum, (low, high): (&Expr, &Expr), names: &mut Names<'_>) -> Result<f64, NoValue> {
    let (low, high) = (value::number(low, names)?, value::number(high, names)?);
    let found = lists::psd(spectrum, names)?;
    let distance = found.frequencies.get(1).copied().unwrap_or(0.0);
    let inside = found.frequencies.iter().zip(&found.power).filter(|(f, _)| (low..=high).contains(*f));
    Ok(inside.map(|(_, p)| p * distance).sum())
}

fn at(cut: &Cut, time: &Expr, names: &mut Names<'_>) -> Result<f64, NoValue> {
    let samples = lists::trace(cut, names)?;
    let time = value::number(time, names)?;
    let results = results(names)?;
    let run = time <= results.end + results.network.plan.dt;
    results.at(&samples, time).filter(|_| run).ok_or_else(|| {
        let shown = super::show::number(time);
        names.no_result(format!(
            "the trace has no value at {shown} ms: the run has come to {} ms",
            super::show::number(results.end)
        ))
    })
}
