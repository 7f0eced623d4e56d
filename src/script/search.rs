//! `optimize`: the model is run for each candidate of a search, on all threads.

mod method;
mod observe;
mod picture;

use super::candidates::{Evaluated, Outcome, Task, evaluate};
use super::clock::Clock;
use super::experiment::together::Stock;
use super::journal::{Journal, resumable};
use super::scope::{outside, told};
use super::sweep::Kept;
use super::{Console, Runner, Stop, repeat};
use crate::value::{self, Value};
use bouton_model::ir::{Axis, Dial, LocalId, Rows, Search, Span, Values, Violation};
use bouton_optimize::Fitness;
use bouton_syntax::diagnostic::{Code, Diagnostic};
use method::Method;
use std::collections::HashMap;

/// What a search has found, beside its table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    dials: Vec<(Dial, Span)>,
    /// Row of the best candidate.
    pub best: Option<usize>,
    /// Rows that no other dominates.
    pub front: Vec<usize>,
    /// Rows that were alive at the end.
    pub population: Vec<usize>,
    /// How many rows there were at the end of each generation.
    pub generations: Vec<usize>,
    /// How many candidates failed.
    pub failed: usize,
}

impl Found {
    /// Some of the rows of a table of so many.
    #[must_use]
    pub fn rows(&self, which: Rows, all: usize) -> Vec<usize> {
        match which {
            Rows::All => (0..all).collect(),
            Rows::Front => self.front.clone(),
            Rows::Population => self.population.clone(),
        }
    }
}

impl Runner {
    pub(super) fn search(&mut self, search: &Search, console: &mut dyn Console) -> Result<(), Stop> {
        let (mut table, mut found) =
            (Kept { columns: search.columns.clone(), values: vec![Vec::new(); search.columns.len()] }, Found::default());
        let mut reason = None;
        found.dials = search.axes.iter().map(|axis| (axis.dial.clone(), axis.span)).collect();
        let axes = self.ranges(search)?;
        let Method { search: mut at_work, polish, wall_time, mut observe } = self.method(&axes, &search.evolve)?;
        let begun = Clock::now();
        // In which row a point of the search stands.
        let mut places: HashMap<Vec<u64>, usize> = HashMap::new();
        let mut journal = Journal::begin(self, (&search.name, search.span), console)?;
        let mut polished = !polish;
        let (mut width, mut known, stock) = (None, 0, Stock::default());
        let mut foreseen = Foreseen::default();
        loop {
            let late = wall_time.is_some_and(|most| begun.seconds() >= most);
            let asked = if late { Vec::new() } else { at_work.ask() };
            if asked.is_empty() {
                if polished || late {
                    break;
                }
                method::polish(&mut at_work);
                polished = true;
                continue;
            }
            let points: Vec<Vec<f64>> = asked.iter().map(|point| values(&axes, point)).collect();
            let mut outcomes = journal.known(&points)?;
            known += outcomes.len() as u64;
            let missing = points.get(outcomes.len()..).unwrap_or_default();
            let begun = Clock::now();
            let blank = self.blank(Task::from(search), &stock)?;
            let width = *width.get_or_insert_with(|| blank.width(missing));
            let fresh = match foreseen.take(missing) {
                Some(outcome) => vec![outcome],
                None => {
                    let ahead =
                        || at_work.ahead(AHEAD * self.experiment.threads()).iter().map(|point| values(&axes, point)).collect();
                    let all = foreseen.with_next(missing, ahead);
                    let Evaluated { outcomes, spent, ended } = evaluate(&blank, &all, width, console);
                    self.experiment.add_spent(spent, begun);
                    if let Some(stop) = ended {
                        return Err(resumable(stop));
                    }
                    foreseen.keep(&all, outcomes, missing.len())
                }
            };
            for (point, outcome) in missing.iter().zip(&fresh) {
                outcome.say(console);
                journal.add(point, outcome)?;
            }
            outcomes.extend(fresh);
            let losses = search.columns.len() - search.axes.len();
            let fitness: Vec<Fitness> = outcomes.iter().map(|outcome| fitness(outcome, losses)).collect();
            let before = at_work.generation();
            at_work.tell(&fitness);
            let first = table.values.first().map_or(0, Vec::len);
            places.extend(asked.iter().zip(first..).map(|(point, row)| (bits(point), row)));
            for (point, outcome) in points.iter().zip(outcomes) {
                let lost = outcome.failed.is_some();
                let row = point.iter().copied().chain(outcome.told.into_iter().chain(std::iter::repeat(f64::NAN)).take(losses));
                table.values.iter_mut().zip(row).for_each(|(column, x)| column.push(x));
                found.failed += usize::from(lost);
                reason = reason.or(outcome.failed);
            }
            if at_work.generation() != before || at_work.evaluations() == fitness.len() as u64 {
                found.generations.push(first + fitness.len());
                let method = at_work.method();
                let alive = method.population().iter().map(|one| bits(&method.space().values(&one.at)));
                found.population = alive.filter_map(|point| places.get(&point).copied()).collect();
                self.observe(&mut observe, search, &at_work, (&table, &found, known), console)?;
            }
        }
        found.best = at_work.best().filter(|best| !best.fitness.is_failed()).map(|best| best.number as usize);
        found.front = at_work.front().iter().filter(|one| !one.fitness.is_failed()).map(|one| one.number as usize).collect();
        let (failed, all) = (found.failed, at_work.evaluations() as usize);
        self.tables.insert(search.id, table);
        self.searches.insert(search.id, found);
        match reason {
            None => Ok(()),
            Some(reason) if failed == all => {
                let lost = Diagnostic::new(Code::Fault, search.span, format!("all {all} candidates of `{}` failed", search.name));
                Err(lost.help(format!("the first: {reason}")).into())
            }
            Some(reason) => {
                let message = format!("{failed} of {all} candidates of `{}` failed", search.name);
                let lost = Diagnostic::new(Code::PointsFailed, search.span, message).label("they count as the worst");
                console.warn(&lost.help(format!("the first: {reason}")));
                Ok(())
            }
        }
    }

    fn ranges(&self, search: &Search) -> Result<Vec<method::Axis>, Stop> {
        let axes = search.axes.iter().zip(&search.units);
        axes.map(|(axis, &unit)| self.range(axis, unit, &search.evolve.method)).collect()
    }

    /// What a search goes through: the ends of a range, or the values of a list.
    fn range(&self, axis: &Axis, unit: f64, method: &str) -> Result<method::Axis, Stop> {
        match &axis.values {
            Values::Range { start, end, log, .. } if method != "grid" => {
                let number = |e| value::number(e, &mut self.names(axis.span)).map_err(|none| Stop::from(told(none, axis.span)));
                let (low, high) = (number(start)?, number(end)?);
                method::Axis::range((low, high), *log, axis.integer, unit).ok_or_else(|| {
                    outside(
                        "the end of the range",
                        high,
                        "must not be below its start, nor a logarithmic start 0 or less",
                        axis.span,
                    )
                    .into()
                })
            }
            values => {
                let found = repeat::values(values, &mut self.names(axis.span)).map_err(|none| told(none, axis.span))?;
                let number = |value| match value {
                    Value::Number(x) if axis.integer => f64::round(x),
                    Value::Number(x) => x,
                    Value::Bool(b) => f64::from(u8::from(b)),
                };
                let list: Vec<f64> = found.into_iter().map(number).collect();
                if list.is_empty() {
                    return Err(Diagnostic::new(Code::ValueOutOfRange, axis.span, "this range is empty").into());
                }
                Ok(method::Axis::List(list))
            }
        }
    }

    /// By how much something that must hold does not.
    pub(super) fn constrain(&mut self, violation: &Violation, span: Span) -> Result<(), Stop> {
        let names = &mut self.names(span);
        let amount = match violation {
            Violation::Above(left, right) => {
                value::number(left, names).and_then(|left| Ok((left - value::number(right, names)?).max(0.0)))
            }
            Violation::Not(condition) => value::truth(condition, names).map(|holds| if holds { 0.0 } else { 1.0 }),
        };
        self.violation += amount.map_err(|none| told(none, span))?;
        Ok(())
    }

    /// What a search has varied gets the values of its best candidate.
    pub(super) fn apply(&mut self, id: LocalId, span: Span) -> Result<(), Stop> {
        let found = self.searches.get(&id).and_then(|found| Some((found.dials.clone(), found.best?)));
        let Some(((dials, best), table)) = found.zip(self.tables.get(&id)) else {
            return Err(Diagnostic::new(Code::NoResult, span, "this search has found no candidate that could be run").into());
        };
        let values: Vec<f64> = table.values.iter().filter_map(|column| column.get(best).copied()).collect();
        self.experiment.place(dials.iter().zip(values).map(|((dial, span), x)| (dial, *span, x)))
    }
}

/// How many candidates are run beside one that a method asks for alone, on each thread: with it they fill a vector.
const AHEAD: usize = 7;

/// Outcomes of candidates that were run because they are likely to be asked for.
#[derive(Default)]
struct Foreseen {
    outcomes: HashMap<Vec<u64>, Outcome>,
    /// Candidates write files: then none is run that nobody asks for.
    writes: bool,
    begun: bool,
}

impl Foreseen {
    /// The outcome of the only candidate that is asked for, if it is known.
    fn take(&mut self, asked: &[Vec<f64>]) -> Option<Outcome> {
        if let [point] = asked { self.outcomes.remove(&bits(point)) } else { None }
    }

    /// What is asked for, and behind a single one what is likely to be asked for next.
    fn with_next(&self, asked: &[Vec<f64>], ahead: impl FnOnce() -> Vec<Vec<f64>>) -> Vec<Vec<f64>> {
        let mut all = asked.to_vec();
        if asked.len() == 1 && self.begun && !self.writes {
            all.extend(ahead());
        }
        all
    }

    /// The outcomes of the first so many, which were asked for; the others are kept until they are, or others take their place.
    fn keep(&mut self, points: &[Vec<f64>], mut outcomes: Vec<Outcome>, asked: usize) -> Vec<Outcome> {
        let others = outcomes.split_off(asked.min(outcomes.len()));
        self.outcomes = points.iter().skip(asked).map(|point| bits(point)).zip(others).collect();
        self.writes |= outcomes.iter().any(|outcome| !outcome.wrote.is_empty());
        self.begun = true;
        outcomes
    }
}

/// A point as what tells it from all others.
fn bits(point: &[f64]) -> Vec<u64> {
    point.iter().map(|x| x.to_bits()).collect()
}

/// The values of knobs at a point of the search.
fn values(axes: &[method::Axis], point: &[f64]) -> Vec<f64> {
    axes.iter().zip(point).map(|(axis, &at)| axis.value(at)).collect()
}

/// The candidates that a search asks for first.
///
/// # Errors
/// Ranges or settings without a value.
pub(super) fn first_points(runner: &Runner, search: &Search) -> Result<Vec<Vec<f64>>, Stop> {
    let axes = runner.ranges(search)?;
    let mut method = runner.method(&axes, &search.evolve)?;
    Ok(method.search.ask().iter().map(|point| values(&axes, point)).collect())
}

/// What a candidate is worth.
fn fitness(outcome: &Outcome, losses: usize) -> Fitness {
    match (&outcome.failed, outcome.told.get(..losses)) {
        (None, Some(told)) => Fitness::of(told.to_vec(), outcome.violation),
        _ => Fitness::failed(losses),
    }
}
