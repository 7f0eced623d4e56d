//! Traces of records that are expressions: computed of the samples of their terms, as the run goes on.

use super::spare::Spare;
use crate::build::{Network, Recorded};
use crate::record::measure::statistic;
use crate::value::arithmetic::power;
use crate::value::{NoValue, Scope, Value, number};
use bouton_engine::run::Recording;
use bouton_model::algebra;
use bouton_model::ir::{Binary, Expr, Measure, Program, RecordId, Unary, Var};

/// For each record that computes, the samples of its traces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Computed {
    records: Vec<Option<Vec<Vec<f64>>>>,
}

impl Computed {
    /// Nothing yet.
    pub fn new(program: &Program, network: &Network) -> Computed {
        let each = program.records.iter().zip(&network.records);
        Computed { records: each.map(|(r, found)| r.value.as_ref().map(|_| vec![Vec::new(); found.traces.len()])).collect() }
    }

    /// So many more samples of recorders are to come.
    pub fn reserve(&mut self, network: &Network, spare: &Spare, more: impl Fn(usize) -> usize) {
        for (found, all) in network.records.iter().zip(&mut self.records) {
            all.iter_mut().flatten().for_each(|samples| spare.reserve(samples, more(found.recorder)));
        }
    }

    /// Nobody reads the samples any more.
    pub fn give_back(&mut self, spare: &Spare) {
        self.records.iter_mut().flatten().flatten().for_each(|samples| spare.keep(samples));
    }

    /// The traces of a record, if it computes.
    pub fn of(&self, record: RecordId) -> Option<&[Vec<f64>]> {
        self.records.get(record.index())?.as_deref()
    }

    /// Forgets the samples of a record, which have gone elsewhere.
    pub fn forget(&mut self, record: RecordId) {
        if let Some(Some(traces)) = self.records.get_mut(record.index()) {
            traces.iter_mut().for_each(Vec::clear);
        }
    }

    /// Computes what is missing up to the last samples of a recording.
    ///
    /// # Errors
    /// An expression without a value.
    pub fn extend(&mut self, program: &Program, network: &Network, recording: &Recording) -> Result<(), NoValue> {
        self.extend_by(program, network, |recorder, known| {
            let trace = recording.traces.get(recorder)?;
            let columns = trace.values.iter().map(|column| column.get(known..).unwrap_or_default()).collect();
            Some(Piece { rows: trace.times.len().saturating_sub(known), columns })
        })
    }

    /// Computes samples of more samples; `more` tells those of a recorder beyond so many that are known.
    ///
    /// # Errors
    /// An expression without a value.
    pub fn extend_by<'a>(
        &mut self,
        program: &Program,
        network: &Network,
        more: impl Fn(usize, usize) -> Option<Piece<'a>>,
    ) -> Result<(), NoValue> {
        for ((record, found), all) in program.records.iter().zip(&network.records).zip(&mut self.records) {
            let (Some(all), Some(value)) = (all, &record.value) else { continue };
            let Some(piece) = more(found.recorder, all.first().map_or(0, Vec::len)) else { continue };
            for (column, samples) in all.iter_mut().enumerate() {
                let mut moment = Moment { network, found, piece: &piece, column, row: 0 };
                if let Some(values) = moment.all(value) {
                    values.extend(samples, piece.rows);
                    continue;
                }
                for row in 0..piece.rows {
                    moment.row = row;
                    samples.push(number(value, &mut moment)?);
                }
            }
        }
        Ok(())
    }
}

/// Some samples of a recorder.
pub struct Piece<'a> {
    /// How many.
    pub rows: usize,
    /// For each probe its values.
    pub columns: Vec<&'a [f64]>,
}

/// The terms of a record at one sample.
struct Moment<'a> {
    network: &'a Network,
    found: &'a Recorded,
    piece: &'a Piece<'a>,
    column: usize,
    row: usize,
}

/// The values of an expression at some samples: one for all, or one for each.
enum Values<'a> {
    One(f64),
    Borrowed(&'a [f64]),
    Own(Vec<f64>),
}

impl Values<'_> {
    fn extend(self, samples: &mut Vec<f64>, rows: usize) {
        match self {
            Values::One(x) => samples.resize(samples.len() + rows, x),
            Values::Borrowed(all) => samples.extend_from_slice(all),
            Values::Own(all) => samples.extend(all),
        }
    }
}

/// An operator at all samples.
fn both<'a>(operate: impl Fn(f64, f64) -> f64, a: Values<'a>, b: Values<'a>) -> Values<'a> {
    match (a, b) {
        (Values::One(a), Values::One(b)) => Values::One(operate(a, b)),
        (Values::Own(mut a), Values::One(b)) => {
            a.iter_mut().for_each(|a| *a = operate(*a, b));
            Values::Own(a)
        }
        (Values::Borrowed(a), Values::One(b)) => Values::Own(a.iter().map(|a| operate(*a, b)).collect()),
        (Values::One(a), Values::Own(mut b)) => {
            b.iter_mut().for_each(|b| *b = operate(a, *b));
            Values::Own(b)
        }
        (Values::One(a), Values::Borrowed(b)) => Values::Own(b.iter().map(|b| operate(a, *b)).collect()),
        (Values::Own(mut a), Values::Own(b)) => {
            a.iter_mut().zip(b).for_each(|(a, b)| *a = operate(*a, b));
            Values::Own(a)
        }
        (Values::Own(mut a), Values::Borrowed(b)) => {
            a.iter_mut().zip(b).for_each(|(a, b)| *a = operate(*a, *b));
            Values::Own(a)
        }
        (Values::Borrowed(a), Values::Own(mut b)) => {
            b.iter_mut().zip(a).for_each(|(b, a)| *b = operate(*a, *b));
            Values::Own(b)
        }
        (Values::Borrowed(a), Values::Borrowed(b)) => Values::Own(a.iter().zip(b).map(|(a, b)| operate(*a, *b)).collect()),
    }
}

impl<'a> Moment<'a> {
    /// The values at all samples at once: of sums, products and powers of terms and numbers. Nothing for all else, which is computed
    /// sample by sample, and for what has no value, which is told there.
    fn all(&mut self, expr: &Expr) -> Option<Values<'a>> {
        Some(match expr {
            Expr::Number(x) => Values::One(*x),
            Expr::Var(var) => Values::One(self.variable(*var).ok()?.number().ok()?),
            Expr::Unary(Unary::Neg, a) => both(|a, _| -a, self.all(a)?, Values::One(0.0)),
            Expr::Binary(Binary::Pow, a, b) => match (self.all(a)?, self.all(b)?) {
                // Squares are what errors are made of.
                (a, Values::One(2.0)) => both(|a, _| a * a, a, Values::One(2.0)),
                (a, b) => both(power, a, b),
            },
            Expr::Binary(op, a, b) => {
                let (a, b) = (self.all(a)?, self.all(b)?);
                match op {
                    Binary::Add => both(|a, b| a + b, a, b),
                    Binary::Sub => both(|a, b| a - b, a, b),
                    Binary::Mul => both(|a, b| a * b, a, b),
                    Binary::Div => both(|a, b| a / b, a, b),
                    _ => return None,
                }
            }
            Expr::Measure(measure) => match &**measure {
                Measure::Term(k) => {
                    let (first, count) = *self.found.terms.get(*k)?;
                    let probe = if count > 1 { first + self.column } else { first };
                    Values::Borrowed(self.piece.columns.get(probe)?.get(..self.piece.rows)?)
                }
                _ => return None,
            },
            _ => return None,
        })
    }
}

impl Moment<'_> {
    /// Of how many cells the terms of an expression are; those of one cell go with all.
    fn cells_of(&self, expr: &Expr) -> Result<usize, NoValue> {
        let mut counts = Vec::new();
        algebra::visit(expr, &mut |part| {
            if let Expr::Measure(measure) = part
                && let Measure::Term(k) = **measure
            {
                counts.extend(self.found.terms.get(k).map(|(_, count)| *count).filter(|count| *count > 1));
            }
        });
        match counts.split_first() {
            None => Ok(1),
            Some((first, others)) if others.iter().all(|other| other == first) => Ok(*first),
            Some(_) => Err(NoValue::Measure),
        }
    }

    fn sample(&self, probe: usize) -> Option<f64> {
        self.piece.columns.get(probe)?.get(self.row).copied()
    }
}

impl Scope for Moment<'_> {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        let mut constants = &self.network.constants;
        constants.variable(var)
    }

    fn measure(&mut self, measure: &Measure) -> Result<Value, NoValue> {
        let probes = |k: usize| self.found.terms.get(k).copied().ok_or(NoValue::Measure);
        let value = match measure {
            Measure::Term(k) => {
                let (first, count) = probes(*k)?;
                self.sample(if count > 1 { first + self.column } else { first })
            }
            Measure::Over(which, k) => {
                let (first, count) = probes(*k)?;
                let all: Option<Vec<f64>> = (first..first + count).map(|probe| self.sample(probe)).collect();
                all.and_then(|all| statistic(*which, &all))
            }
            Measure::OverEach(which, each) => {
                let (kept, count) = (self.column, self.cells_of(each)?);
                let one = |column| {
                    self.column = column;
                    number(each, self)
                };
                let all: Result<Vec<f64>, NoValue> = (0..count).map(one).collect();
                self.column = kept;
                statistic(*which, &all?)
            }
            _ => None,
        };
        value.map(Value::Number).ok_or(NoValue::Measure)
    }
}
