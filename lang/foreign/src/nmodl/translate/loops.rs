//! Loops are written out: as often as numbers and defaults say, or under conditions where their end is found while the model runs.

use super::symbols::ir_binary;
use super::{Done, Phase, Symbol, Translator, number};
use crate::nmodl::tree::{Expr as Written, ExprKind, Name, Stmt, StmtKind};
use bouton_model::ir::{Binary, Expr};
use bouton_syntax::Span;

/// How often a loop is gone through at most.
const MOST_ROUNDS: f64 = 10_000.0;
/// How often one whose end is found while the model runs; and in INITIAL, which is done once.
const MOST_UNKNOWN_ROUNDS: usize = 20;
const MOST_INITIAL_ROUNDS: usize = 64;
/// How often one over the elements of an array: all, if they are not more than these, else only so many.
const LONGEST_LIST: usize = 128;
const MOST_OF_LIST: usize = 12;

impl Translator<'_> {
    pub(super) fn repeat(&mut self, condition: &Written, body: &[Stmt], span: Span) -> Done<()> {
        loop {
            self.step(span)?;
            match self.truth(condition)? {
                Expr::Bool(false) => return Ok(()),
                Expr::Bool(true) => self.body(body)?,
                _ => return self.repeat_while(condition, body, self.most_rounds(), span),
            }
        }
    }

    /// A loop whose end is found while the model runs: each round stands under the condition. What would go on longer gives no number.
    fn repeat_while(&mut self, condition: &Written, body: &[Stmt], left: usize, span: Span) -> Done<()> {
        self.step(span)?;
        let again = match self.truth(condition)? {
            Expr::Bool(false) => return Ok(()),
            again => self.bind("again", again, span),
        };
        if left == 0 {
            let most = self.most_rounds();
            self.notes.push((span, format!("after {most} rounds this loop gives no number")));
            return self.under(again, |s| s.no_number(body, span), |_| Ok(()), span);
        }
        let once = |s: &mut Self| {
            s.body(body)?;
            s.repeat_while(condition, body, left - 1, span)
        };
        self.under(again, once, |_| Ok(()), span)
    }

    fn most_rounds(&self) -> usize {
        if self.phase == Phase::Initial { MOST_INITIAL_ROUNDS } else { MOST_UNKNOWN_ROUNDS }
    }

    /// What statements would set becomes not a number.
    fn no_number(&mut self, body: &[Stmt], span: Span) -> Done<()> {
        let mut names: Vec<_> = super::symbols::assigned_names(body.iter()).into_iter().collect();
        names.sort_unstable();
        for name in names {
            let slots = match self.symbol(&name) {
                Some(Symbol::Slot(slot)) => vec![slot],
                Some(Symbol::Array(slots)) => slots,
                _ => continue,
            };
            slots.into_iter().for_each(|slot| self.write(slot, Expr::Number(f64::NAN), span));
        }
        Ok(())
    }

    /// A loop whose last round is found while the model runs.
    fn count_to(&mut self, name: &Name, first: f64, last: &Expr, body: &[Stmt], span: Span) -> Done<()> {
        let last = self.bind("last", last.clone(), span);
        let most = match self.longest(&name.text, body) {
            Some(longest) if longest <= LONGEST_LIST => longest,
            Some(_) => MOST_OF_LIST,
            None => self.most_rounds(),
        };
        let known = self.locals.len();
        let reaches = |at: f64| match at > 0.0 {
            true => ir_binary(Binary::Ge, last.clone(), Expr::Number(at)),
            // The last number is cut to a whole one toward zero.
            false => ir_binary(Binary::Gt, last.clone(), Expr::Number(at - 1.0)),
        };
        for round in 0..most {
            let at = first + round as f64;
            let round = |s: &mut Self| {
                s.locals.push((name.text.clone(), Symbol::Number(at)));
                s.body(body)?;
                s.locals.truncate(known);
                Ok(())
            };
            let reached = self.bind("reached", reaches(at), span);
            self.under(reached, round, |_| Ok(()), span)?;
        }
        self.notes.push((span, format!("after {most} rounds this loop gives no number")));
        let more = self.bind("more", reaches(first + most as f64), span);
        self.under(more, |s| s.no_number(body, span), |_| Ok(()), span)
    }

    /// The size of the smallest array of which a loop takes the element of its own number.
    fn longest(&self, name: &str, body: &[Stmt]) -> Option<usize> {
        let mut met = Vec::new();
        indexed(body, name, &mut met);
        let size = |array: &std::rc::Rc<str>| match self.symbol(array) {
            Some(Symbol::Array(slots)) => Some(slots.len()),
            Some(Symbol::Params(ids, _)) => Some(ids.len()),
            _ => None,
        };
        met.iter().filter_map(size).min()
    }

    pub(super) fn count(
        &mut self,
        name: &Name,
        (first, last, by): (&Written, &Written, Option<&Written>),
        body: &[Stmt],
        span: Span,
    ) -> Done<()> {
        let (first, last) = (self.value(first)?, self.value(last)?);
        let by = by.map_or(Ok(Expr::Number(1.0)), |by| self.value(by))?;
        let bounds = [&first, &last, &by].map(|bound| self.at_defaults(bound));
        let [Some(first_at), Some(last_at), Some(by_at)] = bounds else {
            return match bounds {
                [Some(first), None, Some(1.0)] => self.count_to(name, first.trunc(), &last, body, span),
                _ => self.refuse(span, "FROM with a first number or a step that is not known beforehand"),
            };
        };
        if [&first, &last, &by].iter().any(|bound| number(bound).is_none()) {
            self.notes.push((span, "this loop goes as often as the defaults of its parameters say".into()));
        }
        let (first, last, by) = (first_at, last_at, by_at);
        let (first, last, by) = (first.trunc(), last.trunc(), by.trunc());
        if by < 1.0 || last - first > MOST_ROUNDS * by {
            return self.wrong(span, "this loop goes on for too long".into());
        }
        let known = self.locals.len();
        let mut at = first;
        while at <= last {
            self.locals.truncate(known);
            self.locals.push((name.text.clone(), Symbol::Number(at)));
            self.body(body)?;
            at += by;
        }
        self.locals.truncate(known);
        Ok(())
    }
}

/// Arrays of which some statement takes the element `name`.
fn indexed(body: &[Stmt], name: &str, met: &mut Vec<std::rc::Rc<str>>) {
    for stmt in body {
        match &stmt.kind {
            StmtKind::Assign(array, index, value) => {
                if index.as_ref().is_some_and(|e| matches!(&e.kind, ExprKind::Name(one) if &**one == name)) {
                    met.push(array.text.clone());
                }
                indexed_in(value, name, met);
            }
            StmtKind::If(condition, a, b) => {
                indexed_in(condition, name, met);
                indexed(a, name, met);
                indexed(b, name, met);
            }
            StmtKind::While(condition, a) => {
                indexed_in(condition, name, met);
                indexed(a, name, met);
            }
            StmtKind::From(.., a) => indexed(a, name, met),
            _ => {}
        }
    }
}

fn indexed_in(e: &Written, name: &str, met: &mut Vec<std::rc::Rc<str>>) {
    match &e.kind {
        ExprKind::Index(array, index) => {
            if matches!(&index.kind, ExprKind::Name(one) if &**one == name) {
                met.push(array.clone());
            }
            indexed_in(index, name, met);
        }
        ExprKind::Call(_, list) => list.iter().for_each(|e| indexed_in(e, name, met)),
        ExprKind::Neg(a) | ExprKind::Not(a) => indexed_in(a, name, met),
        ExprKind::Binary(_, a, b) => {
            indexed_in(a, name, met);
            indexed_in(b, name, met);
        }
        ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Text(_) => {}
    }
}
