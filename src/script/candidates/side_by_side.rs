//! The statements of a search or a sweep, done for several candidates in step: where all of them come to a `run`, they are run as copies in the lanes of one plan.

use super::Lane;
use crate::script::experiment::together::{self, Hands, Spent, Turn};
use crate::script::scope::{outside, told};
use crate::script::{Runner, Stop, repeat};
use crate::value::{self, Value};
use bouton_model::ir::{Attribute, Expr, LocalId, Span, Statement, StatementKind, Values};

/// What they are run with.
pub(super) struct Crew<'a> {
    pub hands: Hands<'a>,
    pub spent: &'a mut Spent,
}

/// Does statements for those that have not ended.
pub(super) fn block(lanes: &mut [&mut Lane], statements: &[Statement], crew: &mut Crew) {
    for statement in statements {
        let mut live: Vec<&mut Lane> = lanes.iter_mut().map(|lane| &mut **lane).filter(|lane| lane.is_live()).collect();
        match &statement.kind {
            StatementKind::Run(time) if live.len() > 1 => run(&mut live, time.as_ref(), statement.span, crew),
            StatementKind::If(condition, then, otherwise) if runs(then) || runs(otherwise) => {
                choose(live, (condition, statement.span), [otherwise, then], crew);
            }
            StatementKind::For(local, values, body) if runs(body) => {
                repeat_each(live, (*local, values, statement.span), body, crew);
            }
            _ => {
                for lane in live {
                    lane.act(|runner, listener| runner.statement(statement, listener));
                }
            }
        }
    }
}

/// Whether the model is run by one of these.
fn runs(statements: &[Statement]) -> bool {
    statements.iter().any(|statement| match &statement.kind {
        StatementKind::Run(_) => true,
        StatementKind::If(_, then, otherwise) => runs(then) || runs(otherwise),
        StatementKind::For(_, _, body) => runs(body),
        _ => false,
    })
}

impl Lane<'_> {
    fn is_live(&self) -> bool {
        self.ended.is_none() && self.runner.is_some()
    }

    /// Does something with its runner; what goes wrong ends it.
    fn act<T>(&mut self, act: impl FnOnce(&mut Runner, &mut super::Listener) -> Result<T, Stop>) -> Option<T> {
        let runner = self.runner.as_mut()?;
        match act(runner, &mut self.listener) {
            Ok(x) => Some(x),
            Err(stop) => {
                self.ended = Some(stop);
                None
            }
        }
    }
}

fn run(lanes: &mut [&mut Lane], time: Option<&Attribute>, span: Span, crew: &mut Crew) {
    let times: Vec<Option<Option<f64>>> = lanes.iter_mut().map(|lane| lane.act(|runner, _| runner.duration(time))).collect();
    let ready = lanes.iter_mut().zip(times).filter_map(|(lane, time)| Some((&mut **lane, time?)));
    let (mut ready, times): (Vec<&mut Lane>, Vec<Option<f64>>) = ready.unzip();
    let turns = ready.iter_mut().zip(times).filter_map(|(lane, time)| {
        let Lane { runner, listener, .. } = &mut **lane;
        Some(Turn { experiment: &mut runner.as_mut()?.experiment, time, console: listener })
    });
    let mut turns: Vec<Turn> = turns.collect();
    let (ended, spent) = together::run(&mut turns, crew.hands, span);
    crew.spent.join(spent);
    for (lane, ended) in ready.into_iter().zip(ended) {
        lane.ended = ended.err();
    }
}

/// Those for which a condition holds do one block, the others another.
fn choose(lanes: Vec<&mut Lane>, (condition, span): (&Expr, Span), blocks: [&[Statement]; 2], crew: &mut Crew) {
    let mut parts: [Vec<&mut Lane>; 2] = [Vec::new(), Vec::new()];
    for lane in lanes {
        let truth =
            |runner: &mut Runner| value::truth(condition, &mut runner.names(span)).map_err(|none| told(none, span).into());
        if let Some(truth) = lane.act(|runner, _| truth(runner)) {
            parts[usize::from(truth)].push(lane);
        }
    }
    for (mut part, statements) in parts.into_iter().zip(blocks) {
        block(&mut part, statements, crew);
    }
}

/// In step as long as they have values left.
fn repeat_each(mut lanes: Vec<&mut Lane>, (local, values, span): (LocalId, &Values, Span), body: &[Statement], crew: &mut Crew) {
    let found = |runner: &mut Runner| repeat::values(values, &mut runner.names(span)).map_err(|none| told(none, span).into());
    let all: Vec<Vec<Value>> = lanes.iter_mut().map(|lane| lane.act(|runner, _| found(runner)).unwrap_or_default()).collect();
    for round in 0..all.iter().map(Vec::len).max().unwrap_or(0) {
        let mut here = Vec::new();
        for (lane, values) in lanes.iter_mut().zip(&all) {
            if let (Some(value), true) = (values.get(round), lane.is_live()) {
                lane.act(|runner, _| {
                    runner.locals.insert(local, *value);
                    Ok(())
                });
                here.push(&mut **lane);
            }
        }
        block(&mut here, body, crew);
    }
}

impl Runner {
    /// How long a statement says to run (ms).
    pub(in crate::script) fn duration(&self, time: Option<&Attribute>) -> Result<Option<f64>, Stop> {
        let Some(time) = time else { return Ok(None) };
        let ms = self.number(time)?;
        match ms.is_finite() && ms >= 0.0 {
            true => Ok(Some(ms)),
            false => Err(outside("the time of a run (ms)", ms, "must be 0 or more and finite", time.span).into()),
        }
    }
}
