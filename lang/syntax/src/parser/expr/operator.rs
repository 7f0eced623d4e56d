//! What the operators of an expression look like and what they make of their operands.

use chumsky::input::MapExtra;

use super::super::input::*;
use super::super::unit;
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::token::{Keyword, Sign, Tok};

type Surroundings<'src, 'a> = MapExtra<'src, 'a, Stream<'src>, Extra<'src>>;

/// A word between operands.
pub(super) fn word_op<'src>(word: Keyword) -> Rule<'src, Span> {
    rule(move |input| match take_word(input, word) {
        Some(span) => Ok(span),
        None => not_here(input),
    })
}

/// What could not be read between two values, such as `&&`: nothing is known of either then.
pub(super) fn error_between<'src>() -> Rule<'src, Span> {
    rule(|input| match (peek(input), look(input, 1)) {
        (Some(Tok::Error), Some(next)) if next.starts_value() => Ok(take(input)),
        _ => not_here(input),
    })
}

/// What could not be read behind a value.
pub(super) fn error_behind<'src>() -> Rule<'src, Span> {
    rule(|input| match peek(input) {
        Some(Tok::Error) => Ok(take(input)),
        _ => not_here(input),
    })
}

pub(super) fn unreadable(span: Span) -> Expr {
    Expr { kind: ExprKind::Error, span }
}

/// Signs between operands, each with its meaning.
pub(super) fn sign_op<'src>(table: &'static [(Sign, BinaryOp)]) -> Rule<'src, (BinaryOp, Span)> {
    rule(move |input| match peek(input) {
        Some(Tok::Sign(sign)) => match table.iter().find(|(known, _)| *known == sign) {
            Some((_, op)) => Ok((*op, take(input))),
            None => not_here(input),
        },
        _ => not_here(input),
    })
}

pub(super) fn minus<'src>() -> Rule<'src, Span> {
    rule(|input| match take_sign(input, Sign::Minus) {
        Some(span) => Ok(span),
        None => not_here(input),
    })
}

pub(super) fn comparison<'src>() -> Rule<'src, (CompareOp, Span)> {
    rule(|input| {
        let op = match peek(input) {
            Some(Tok::Sign(Sign::Equal)) => CompareOp::Eq,
            Some(Tok::Sign(Sign::NotEqual)) => CompareOp::Ne,
            Some(Tok::Sign(Sign::Less)) => CompareOp::Lt,
            Some(Tok::Sign(Sign::LessEqual)) => CompareOp::Le,
            Some(Tok::Sign(Sign::Greater)) => CompareOp::Gt,
            Some(Tok::Sign(Sign::GreaterEqual)) => CompareOp::Ge,
            _ => return not_here(input),
        };
        Ok((op, take(input)))
    })
}

/// `in UNIT`.
pub(super) fn in_unit<'src>() -> Rule<'src, UnitExpr> {
    let unit = unit::unit();
    rule(move |input| match take_word(input, Keyword::In) {
        Some(_) => input.parse(&unit),
        None => not_here(input),
    })
}

/// `after` or `before`.
pub(super) fn window<'src>() -> Rule<'src, Keyword> {
    rule(|input| match peek(input) {
        Some(Tok::Word(word @ (Keyword::After | Keyword::Before))) => {
            input.skip();
            Ok(word)
        }
        _ => not_here(input),
    })
}

/// What makes or divides a range.
#[derive(Clone, Copy)]
pub(super) enum RangePart {
    To,
    By,
    Steps,
}

/// `..`, `by` or `steps`.
pub(super) fn range_part<'src>() -> Rule<'src, (RangePart, Span)> {
    rule(|input| {
        let part = match peek(input) {
            Some(Tok::Sign(Sign::Range)) => RangePart::To,
            Some(Tok::Word(Keyword::By)) => RangePart::By,
            Some(Tok::Word(Keyword::Steps)) => RangePart::Steps,
            _ => return not_here(input),
        };
        Ok((part, take(input)))
    })
}

/// `log` behind a range.
pub(super) fn log<'src>() -> Rule<'src, Span> {
    word_op(Keyword::Log)
}

pub(super) fn arithmetic(left: Expr, (op, at): (BinaryOp, Span), right: Expr, _: &mut Surroundings) -> Expr {
    binary(op, at, left, right)
}

pub(super) fn binary(op: BinaryOp, op_span: Span, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr { kind: ExprKind::Binary { op, op_span, left: Box::new(left), right: Box::new(right) }, span }
}

pub(super) fn unary(op: UnaryOp, at: Span, operand: Expr) -> Expr {
    let span = at.to(operand.span);
    Expr { kind: ExprKind::Unary { op, operand: Box::new(operand) }, span }
}

pub(super) fn filtered(set: Expr, condition: Expr) -> Expr {
    let span = set.span.to(condition.span);
    Expr { kind: ExprKind::Where { set: Box::new(set), condition: Box::new(condition) }, span }
}

pub(super) fn compare(left: Expr, (op, op_span): (CompareOp, Span), right: Expr, extra: &mut Surroundings) -> Expr {
    let span = left.span.to(right.span);
    if let ExprKind::Compare { right: middle, op_span: first, .. } = &left.kind
        // With parentheses around it the left comparison would end behind its own right side.
        && middle.span.end == left.span.end
    {
        let diagnostic = Diagnostic::new(Code::ChainedComparison, op_span, "two comparisons in a row")
            .label("the second")
            .also(*first, "the first")
            .help("write them one by one: `a < x and x < b`");
        tell(extra, diagnostic);
    }
    Expr { kind: ExprKind::Compare { op, op_span, left: Box::new(left), right: Box::new(right) }, span }
}

pub(super) fn counted_in<'src>(value: Expr, unit: UnitExpr, _: &mut Surroundings<'src, '_>) -> Expr {
    let span = value.span.to(unit.span);
    Expr { kind: ExprKind::InUnit { value: Box::new(value), unit }, span }
}

pub(super) fn cut(value: Expr, word: Keyword, time: Expr) -> Expr {
    let span = value.span.to(time.span);
    let (value, time) = (Box::new(value), Box::new(time));
    let kind = if word == Keyword::After { ExprKind::After { value, time } } else { ExprKind::Before { value, time } };
    Expr { kind, span }
}

pub(super) fn range(left: Expr, (part, at): (RangePart, Span), right: Expr, extra: &mut Surroundings) -> Expr {
    let span = left.span.to(right.span);
    match (left.kind, part) {
        (ExprKind::Range(range), RangePart::To) => {
            tell(
                extra,
                Diagnostic::new(Code::UnexpectedText, at, "a range has two ends").help("its step is written `a .. b by x`"),
            );
            Expr { kind: ExprKind::Range(range), span }
        }
        (kind, RangePart::To) => {
            let start = Expr { kind, span: left.span };
            Expr { kind: ExprKind::Range(Box::new(Range { start, end: right, spacing: None, log: false })), span }
        }
        (ExprKind::Range(mut range), part) => {
            if range.spacing.is_some() {
                tell(extra, Diagnostic::new(Code::TwiceGiven, at, "a range is divided once, by `by` or by `steps`"));
            }
            range.spacing = Some(if matches!(part, RangePart::By) { Spacing::By(right) } else { Spacing::Steps(right) });
            Expr { kind: ExprKind::Range(range), span }
        }
        (kind, _) => {
            if !matches!(kind, ExprKind::Error) {
                tell(extra, no_range(at));
            }
            Expr { kind: ExprKind::Error, span }
        }
    }
}

pub(super) fn logarithmic(operand: Expr, at: Span, extra: &mut Surroundings) -> Expr {
    let span = operand.span.to(at);
    match operand.kind {
        ExprKind::Range(mut range) => {
            range.log = true;
            Expr { kind: ExprKind::Range(range), span }
        }
        kind => {
            if !matches!(kind, ExprKind::Error) {
                tell(extra, no_range(at));
            }
            Expr { kind: ExprKind::Error, span }
        }
    }
}

fn no_range(at: Span) -> Diagnostic {
    Diagnostic::new(Code::UnexpectedText, at, "only a range is divided: `a .. b steps 20 log`").label("no range before this")
}

fn tell(extra: &mut Surroundings, diagnostic: Diagnostic) {
    let span = extra.span();
    extra.state().told += 1;
    extra.emit(Problem { at: span.end, diagnostic: Some(Box::new(diagnostic)) });
}
