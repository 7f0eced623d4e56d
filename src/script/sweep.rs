//! `sweep`: the model run at each point of a grid of parameters, and the table of what it reports.

use super::candidates::{Outcome, Task, evaluate};
use super::clock::Clock;
use super::experiment::together::{Spent, Stock};
use super::journal::{Journal, resumable};
use super::repeat;
use super::scope::told;
use super::{Console, Runner, Stop, lists};
use crate::record::table::Column;
use crate::value::Value;
use bouton_model::ir::{Axis, LocalId, Span, Sweep};
use bouton_model::unit::quantity;
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// More points than this are a slip.
const MOST_POINTS: usize = 10_000_000;

/// What takes less (s) is not waited for.
const SOON: f64 = 0.1;

/// More batches on each thread are not done at once.
const MOST_BATCHES: usize = 16;

/// Reasons that are told one by one.
const MOST_TOLD: usize = 5;

/// A table that a script keeps, in the order of its points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    /// What the columns are.
    pub columns: Vec<bouton_model::ir::TableColumn>,
    /// Their values in the coherent system; NaN where a point failed.
    pub values: Vec<Vec<f64>>,
}

impl Kept {
    /// How many rows there are.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.values.first().map_or(0, Vec::len)
    }

    /// Some of its rows.
    #[must_use]
    pub fn of(&self, rows: &[usize]) -> Kept {
        let some = |column: &Vec<f64>| rows.iter().filter_map(|&row| column.get(row).copied()).collect();
        Kept { columns: self.columns.clone(), values: self.values.iter().map(some).collect() }
    }

    /// The columns in the units in which they are shown.
    #[must_use]
    pub fn shown(&self) -> Vec<Column> {
        let each = self.columns.iter().zip(&self.values);
        each.map(|(column, values)| lists::column(&column.name, &column.dimension, values.clone())).collect()
    }
}

/// What a sweep has come to.
struct Rows {
    table: Kept,
    /// Points that failed, with the reasons.
    failed: Vec<(usize, String)>,
    journal: Journal,
}

impl Rows {
    /// A point that is known: new ones go to the journal.
    fn add(&mut self, point: &[f64], outcome: Outcome, is_new: bool) -> Result<(), Stop> {
        if is_new {
            self.journal.add(point, &outcome)?;
        }
        let number = self.table.rows();
        let told = outcome.told.into_iter().chain(std::iter::repeat(f64::NAN));
        self.table.values.iter_mut().zip(point.iter().copied().chain(told)).for_each(|(column, x)| column.push(x));
        self.failed.extend(outcome.failed.map(|why| (number, why)));
        Ok(())
    }
}

impl Runner {
    /// Goes through all points. The model itself, its parameters and results stay as they are. What was done is kept, also where the
    /// sweep is interrupted.
    pub(super) fn sweep(&mut self, sweep: &Sweep, console: &mut dyn Console) -> Result<(), Stop> {
        let points = self.points(sweep)?;
        let mut journal = Journal::begin(self, (&sweep.name, sweep.span), console)?;
        let known = journal.known(&points)?;
        let table = Kept { columns: sweep.columns.clone(), values: vec![Vec::new(); sweep.columns.len()] };
        let mut rows = Rows { table, failed: Vec::new(), journal };
        let (done, missing) = points.split_at(known.len());
        done.iter().zip(known).try_for_each(|(point, outcome)| rows.add(point, outcome, false))?;
        let width = self.blank(Task::from(sweep), &Stock::default())?.width(missing);
        let ended = match width > 1 && missing.len() > 1 {
            true => self.side_by_side(sweep, missing, width, &mut rows, console),
            false => self.one_by_one(sweep, missing, &mut rows, console),
        };
        self.tables.insert(sweep.id, rows.table);
        if !rows.failed.is_empty() {
            console.warn(&self.told_of(sweep, &points, &rows.failed));
        }
        ended.map_err(resumable)
    }

    /// One with the same parameters and all that is kept, and no model yet.
    pub(super) fn inner(&self) -> Runner {
        Runner {
            settings: self.settings.clone(),
            experiment: self.experiment.fork(),
            locals: self.locals.clone(),
            lists: self.lists.clone(),
            tables: self.tables.clone(),
            searches: self.searches.clone(),
            violation: 0.0,
            reports: Vec::new(),
            output: Clock::default(),
        }
    }

    /// Each point on all threads.
    fn one_by_one(&mut self, sweep: &Sweep, points: &[Vec<f64>], rows: &mut Rows, console: &mut dyn Console) -> Result<(), Stop> {
        let allowance = self.allowance(&sweep.limits)?;
        let mut inner = self.inner();
        let mut ended = Ok(());
        for point in points {
            inner.experiment.return_to(&self.experiment);
            inner.experiment.allow(allowance);
            inner.reports = vec![f64::NAN; sweep.columns.len() - sweep.axes.len()];
            let failed = match inner.at(sweep, point, console) {
                Ok(()) => None,
                Err(told @ Stop::Outside(_)) => {
                    ended = Err(told);
                    break;
                }
                Err(stop) => Some(why(&stop)),
            };
            let told = if failed.is_some() { Vec::new() } else { inner.reports.clone() };
            ended = rows.add(point, Outcome { told, failed, ..Outcome::default() }, true);
            if ended.is_err() {
                break;
            }
        }
        self.experiment.add_times(&mut inner.experiment);
        self.output.seconds += inner.output.seconds;
        ended
    }

    /// The same with many points in the lanes of one network, and threads for batches of them; where one network is so large that it takes all threads, it is
    /// better run by itself.
    fn side_by_side(
        &mut self,
        sweep: &Sweep,
        points: &[Vec<f64>],
        width: usize,
        rows: &mut Rows,
        console: &mut dyn Console,
    ) -> Result<(), Stop> {
        let begun = Clock::now();
        let (mut all, mut ended, stock) = (Spent::default(), None, Stock::default());
        // What is printed comes as the sweep goes on, but where batches are done in no time several of them are one: a thread keeps its memory then.
        let (mut left, mut batches) = (points, 1);
        while !left.is_empty() {
            let some;
            (some, left) = left.split_at(left.len().min(width * self.experiment.threads() * batches));
            let at_once = Clock::now();
            let found = evaluate(&self.blank(Task::from(sweep), &stock)?, some, width, console);
            batches = if at_once.seconds() < SOON { (2 * batches).min(MOST_BATCHES) } else { 1 };
            all.join(found.spent);
            for (point, outcome) in some.iter().zip(found.outcomes) {
                outcome.say(console);
                rows.add(point, outcome, true)?;
            }
            ended = found.ended;
            if ended.is_some() {
                break;
            }
        }
        self.experiment.add_spent(all, begun);
        ended.map_or(Ok(()), Err)
    }

    /// Runs the body at a point.
    fn at(&mut self, sweep: &Sweep, point: &[f64], console: &mut dyn Console) -> Result<(), Stop> {
        self.experiment.place(sweep.axes.iter().zip(point).map(|(axis, x)| (&axis.dial, axis.span, *x)))?;
        let done = self.block(&sweep.body, console);
        self.experiment.finish(console)?;
        done
    }

    /// The values of what is varied at all points, the last fastest.
    pub(super) fn points(&self, sweep: &Sweep) -> Result<Vec<Vec<f64>>, Stop> {
        let axes: Vec<Vec<f64>> = sweep.axes.iter().map(|axis| self.along(axis)).collect::<Result<_, Stop>>()?;
        if sweep.zip {
            let count = axes.first().map_or(0, Vec::len);
            if let Some((axis, other)) = sweep.axes.iter().zip(&axes).find(|(_, values)| values.len() != count) {
                let message =
                    format!("what is varied in step has as many values: here are {}, and {count} at first", other.len());
                return Err(Diagnostic::new(Code::ValueOutOfRange, axis.span, message).into());
            }
            return Ok((0..count).map(|k| axes.iter().filter_map(|axis| axis.get(k).copied()).collect()).collect());
        }
        let count = axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(axis.len()));
        if count.is_none_or(|count| count > MOST_POINTS) {
            let message = format!("this sweep has more than {MOST_POINTS} points");
            return Err(Diagnostic::new(Code::ValueOutOfRange, sweep.span, message).into());
        }
        let start = vec![Vec::new()];
        Ok(axes.iter().fold(start, |points, axis| {
            points.iter().flat_map(|point: &Vec<f64>| axis.iter().map(|x| point.iter().copied().chain([*x]).collect())).collect()
        }))
    }

    fn along(&self, axis: &Axis) -> Result<Vec<f64>, Stop> {
        let found = repeat::values(&axis.values, &mut self.names(axis.span)).map_err(|none| told(none, axis.span))?;
        let number = |value: &Value| match value {
            Value::Number(x) => *x,
            Value::Bool(truth) => f64::from(u8::from(*truth)),
        };
        let mut values: Vec<f64> = found.iter().map(number).collect();
        if axis.integer {
            values.iter_mut().for_each(|x| *x = x.round());
            values.dedup();
        }
        Ok(values)
    }

    fn told_of(&self, sweep: &Sweep, points: &[Vec<f64>], failed: &[(usize, String)]) -> Diagnostic {
        let message = format!("{} of {} points of `{}` failed", failed.len(), points.len(), sweep.name);
        let mut told = Diagnostic::new(Code::PointsFailed, sweep.span, message).label("their reports are NaN");
        for (number, why) in failed.iter().take(MOST_TOLD) {
            let place = sweep.columns.iter().zip(points.get(*number).into_iter().flatten());
            let place: Vec<String> =
                place.map(|(column, x)| format!("{} = {}", column.name, super::show::quantity(*x, &column.dimension))).collect();
            told = told.help(format!("{}: {why}", place.join(", ")));
        }
        if failed.len() > MOST_TOLD {
            told = told.help(format!("and {} more", failed.len() - MOST_TOLD));
        }
        told
    }

    /// A table as lines of text, its columns side by side.
    pub(super) fn shown_table(&self, id: LocalId, span: Span) -> Result<String, Stop> {
        let table = self.tables.get(&id).ok_or_else(|| told(crate::value::NoValue::Measure, span))?;
        let columns: Vec<Vec<String>> = table
            .columns
            .iter()
            .zip(&table.values)
            .map(|(column, values)| {
                let shown = quantity::shown(&column.dimension);
                let head =
                    if shown.text.is_empty() { column.name.to_string() } else { format!("{} ({})", column.name, shown.text) };
                let numbers = values.iter().map(|x| super::show::number(shown.unit.count(*x)));
                std::iter::once(head).chain(numbers).collect()
            })
            .collect();
        let widths: Vec<usize> =
            columns.iter().map(|column| column.iter().map(|text| text.chars().count()).max().unwrap_or(0)).collect();
        let rows = columns.first().map_or(0, Vec::len);
        let row = |k: usize| {
            let cells = columns.iter().zip(&widths).map(|(column, width)| format!("{:>width$}", column[k]));
            cells.collect::<Vec<_>>().join("  ")
        };
        Ok((0..rows).map(row).collect::<Vec<_>>().join("\n"))
    }
}

/// The reason of a failure in one line.
fn why(stop: &Stop) -> String {
    match stop {
        Stop::Refused(list) => list.first().map_or_else(|| "refused".to_owned(), |one| one.message.clone()),
        Stop::Assertion(one) | Stop::Fault(one) | Stop::Outside(one) => one.message.clone(),
    }
}
