//! Expressions: operands, and the table of operators from loose to tight. A missing value is told and goes on as `Error`.

mod operator;

use chumsky::pratt::{Operator, infix, left, postfix, prefix, right};
use chumsky::prelude::*;

use super::block::{Bracketed, bracketed};
use super::input::*;
use super::skip::{skip_element, skip_separators, unexpected};
use super::unit;
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::lexer::unescape;
use crate::span::Span;
use crate::token::{Keyword, Sign, Tok};

/// Any expression, which must stand here.
pub(super) fn expression<'src>() -> Rule<'src, Expr> {
    recursive(|expr| {
        let expr = expr.boxed();
        operand(expr).pratt(operators()).boxed()
    })
    .boxed()
}

/// From loose to tight; gaps of the numbers mean nothing. What only stands behind its operand is one looser than its
/// neighbours, because chumsky binds a postfix as tightly as the right side of an infix of its own number.
fn operators<'src>() -> Vec<chumsky::pratt::Boxed<'src, 'src, Stream<'src>, Expr, Extra<'src>>> {
    use operator::*;
    vec![
        infix(left(2), error_between(), |l: Expr, _, r: Expr, _| unreadable(l.span.to(r.span))).boxed(),
        postfix(1, error_behind(), |value: Expr, at, _| unreadable(value.span.to(at))).boxed(),
        infix(left(10), word_op(Keyword::Where), |set, _, condition, _| filtered(set, condition)).boxed(),
        infix(left(20), word_op(Keyword::Or), |l, at, r, _| binary(BinaryOp::Or, at, l, r)).boxed(),
        infix(left(30), word_op(Keyword::And), |l, at, r, _| binary(BinaryOp::And, at, l, r)).boxed(),
        prefix(40, word_op(Keyword::Not), |at, operand, _| unary(UnaryOp::Not, at, operand)).boxed(),
        infix(left(50), comparison(), |l, op, r, at| compare(l, op, r, at)).boxed(),
        postfix(55, in_unit(), counted_in).boxed(),
        infix(left(60), window(), |value, op, time, _| cut(value, op, time)).boxed(),
        postfix(65, log(), |range, at, extra| logarithmic(range, at, extra)).boxed(),
        infix(left(70), range_part(), |l, op, r, extra| range(l, op, r, extra)).boxed(),
        infix(left(80), sign_op(&[(Sign::Plus, BinaryOp::Add), (Sign::Minus, BinaryOp::Sub)]), arithmetic).boxed(),
        infix(left(90), sign_op(&[(Sign::Star, BinaryOp::Mul), (Sign::Slash, BinaryOp::Div)]), arithmetic).boxed(),
        prefix(100, minus(), |at, operand, _| unary(UnaryOp::Minus, at, operand)).boxed(),
        infix(right(110), sign_op(&[(Sign::Caret, BinaryOp::Pow)]), arithmetic).boxed(),
    ]
}

/// An operand with its parts, indices and arguments: a place, a knob, a set. It must stand here.
pub(super) fn operand<'src>(expr: Rule<'src, Expr>) -> Rule<'src, Expr> {
    let atom = atom(expr.clone());
    let arguments = bracketed(Sign::ParenOpen, argument(expr.clone()));
    let indices = bracketed(Sign::BracketOpen, expr);
    rule(move |input| {
        let start = index(input);
        let mut base = input.parse(&atom)?;
        while takes_suffix(&base.kind) {
            let kind = match peek(input) {
                Some(Tok::Sign(Sign::Dot)) => part(input, base),
                Some(Tok::Sign(Sign::BracketOpen)) => {
                    ExprKind::Index { base: Box::new(base), indices: input.parse(&indices)?.items }
                }
                Some(Tok::Sign(Sign::ParenOpen)) => {
                    ExprKind::Call { callee: Box::new(base), args: input.parse(&arguments)?.items }
                }
                _ => break,
            };
            base = Expr { kind, span: since(input, start) };
        }
        Ok(base)
    })
}

/// Numbers are neither called nor indexed: `2 (x)` is a product without its sign, and told as such.
fn takes_suffix(base: &ExprKind) -> bool {
    !matches!(base, ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Imaginary(_) | ExprKind::Text(_))
}

/// `.name` or `.*`.
fn part(input: &mut Reader, base: Expr) -> ExprKind {
    input.skip();
    let base = Box::new(base);
    if take_sign(input, Sign::Star).is_some() {
        return ExprKind::Every { base };
    }
    ExprKind::Field { base, name: expect_name(input, "a name after the dot") }
}

/// The arguments of a call, each with an optional name.
pub(super) fn argument<'src>(expr: Rule<'src, Expr>) -> Rule<'src, Arg> {
    rule(move |input| {
        let start = index(input);
        let named = look(input, 1) == Some(Tok::Sign(Sign::Assign));
        let name = if named { take_name(input) } else { None };
        if name.is_some() {
            input.skip();
        }
        let value = input.parse(&expr)?;
        Ok(Arg { name, value, span: since(input, start) })
    })
}

/// What an operator can stand beside.
fn atom<'src>(expr: Rule<'src, Expr>) -> Rule<'src, Expr> {
    let list = bracketed(Sign::BracketOpen, expr.clone()).map(|list| ExprKind::List(list.items)).boxed();
    let tuple = parentheses(expr.clone());
    let text = text(expr.clone());
    let choice = if_value(expr);
    rule(move |input| {
        let start = index(input);
        let kind = match peek(input) {
            Some(Tok::Sign(Sign::ParenOpen)) => {
                let mut inner = input.parse(&tuple)?;
                inner.span = since(input, start);
                return Ok(inner);
            }
            Some(Tok::Sign(Sign::BracketOpen)) => input.parse(&list)?,
            Some(Tok::TextOpen) => ExprKind::Text(input.parse(&text)?),
            Some(Tok::Word(Keyword::If)) => input.parse(&choice)?,
            Some(Tok::Number(value)) => number(input, value),
            Some(Tok::Error) => {
                input.skip();
                ExprKind::Error
            }
            Some(Tok::Word(Keyword::True)) => bool_value(input, true),
            Some(Tok::Word(Keyword::False)) => bool_value(input, false),
            _ => match take_name(input) {
                Some(name) => ExprKind::Name(name.text),
                None => {
                    missing_value(input);
                    ExprKind::Error
                }
            },
        };
        Ok(Expr { kind, span: since(input, start) })
    })
}

fn bool_value(input: &mut Reader, value: bool) -> ExprKind {
    input.skip();
    ExprKind::Bool(value)
}

fn number(input: &mut Reader, value: f64) -> ExprKind {
    input.skip();
    let kind = with_unit(input, value);
    if at_sign(input, Sign::ParenOpen) {
        let diagnostic = unexpected(input, "`*` between two factors");
        complain(input, diagnostic);
        super::skip::skip_one(input);
        return ExprKind::Error;
    }
    kind
}

fn with_unit(input: &mut Reader, value: f64) -> ExprKind {
    match peek(input) {
        Some(Tok::Unit("i")) => {
            input.skip();
            ExprKind::Imaginary(value)
        }
        Some(Tok::Unit(_)) => match unit::term(input) {
            Some(unit) => ExprKind::Quantity { value, unit },
            None => ExprKind::Error,
        },
        // The unit is unreadable, and without it the number would be taken for a plain one.
        Some(Tok::Error) => {
            input.skip();
            ExprKind::Error
        }
        _ => ExprKind::Number(value),
    }
}

/// Tells that a value is missing, after what.
fn missing_value(input: &mut Reader) {
    let what = match last(input).map(|token| token.kind) {
        Some(token @ (Tok::Sign(_) | Tok::Word(_))) => format!("a value after {}", token.describe()),
        _ => "a value".to_owned(),
    };
    if let Some(Tok::Word(word)) = peek(input).filter(|token| matches!(token, Tok::Word(word) if !word.is_name())) {
        let message = format!("expected {what}, found the reserved word `{}`", word.text());
        let span = here(input);
        return complain(input, Diagnostic::new(Code::MissingValue, span, message).label("not a value"));
    }
    let diagnostic = missing_here(input, Code::MissingValue, &what);
    let single = at_sign(input, Sign::Prime);
    complain(input, if single { diagnostic.help("texts stand in double quotes `\"`") } else { diagnostic });
}

/// `(a)` is `a` itself, `(a, b)` a tuple.
fn parentheses<'src>(expr: Rule<'src, Expr>) -> Rule<'src, Expr> {
    let inside = bracketed(Sign::ParenOpen, expr);
    rule(move |input| {
        let Bracketed { mut items, trailing, span } = input.parse(&inside)?;
        if items.is_empty() {
            let diagnostic = Diagnostic::new(Code::MissingValue, span, "there is nothing in these parentheses");
            complain(input, diagnostic);
            return Ok(Expr { kind: ExprKind::Error, span });
        }
        match items.pop() {
            Some(only) if items.is_empty() && !trailing => Ok(only),
            other => {
                items.extend(other);
                Ok(Expr { kind: ExprKind::Tuple(items), span })
            }
        }
    })
}

/// `if c { a } else if d { b } else { e }` as a value.
fn if_value<'src>(expr: Rule<'src, Expr>) -> Rule<'src, ExprKind> {
    recursive(move |again| {
        let value = braced_value(expr.clone());
        rule(move |input| {
            let Some(word) = take_word(input, Keyword::If) else { return not_here(input) };
            let condition = Box::new(input.parse(&expr)?);
            let then = Box::new(input.parse(&value)?);
            let start = index(input) + 1;
            let otherwise = match take_word(input, Keyword::Else) {
                None => no_else(input, word),
                Some(_) if at_word(input, Keyword::If) => {
                    let kind = input.parse(&again)?;
                    Expr { kind, span: since(input, start) }
                }
                Some(_) => input.parse(&value)?,
            };
            Ok(ExprKind::If { condition, then, otherwise: Box::new(otherwise) })
        })
    })
    .boxed()
}

fn no_else(input: &mut Reader, word: Span) -> Expr {
    let span = behind(input);
    let diagnostic = Diagnostic::new(Code::MissingPart, span, "an `if` that is a value needs an `else`")
        .label("expected `else { ... }`")
        .also(word, "this `if` is a value");
    complain(input, diagnostic);
    Expr { kind: ExprKind::Error, span }
}

/// `{ value }`, also over several lines.
fn braced_value<'src>(expr: Rule<'src, Expr>) -> Rule<'src, Expr> {
    rule(move |input| {
        let start = index(input);
        let opener = expect_sign(input, Sign::BraceOpen);
        skip_separators(input, super::skip::Separator::Line);
        let mut value = input.parse(&expr)?;
        skip_separators(input, super::skip::Separator::Line);
        let closed = (opener.is_some() || input.state().lone_braces > 0) && take_sign(input, Sign::BraceClose).is_some();
        if opener.is_none() && closed {
            input.state().lone_braces -= 1;
        }
        match opener {
            Some(opener) if !closed => super::block::missing_closer(input, Sign::BraceOpen, opener),
            _ => value.span = since(input, start),
        }
        Ok(value)
    })
}

/// A text with values in it. The lexer closes every text and every value, so only what stands in a value can be wrong.
pub(super) fn text<'src>(expr: Rule<'src, Expr>) -> Rule<'src, Text> {
    rule(move |input| {
        let start = index(input);
        if peek(input) != Some(Tok::TextOpen) {
            return not_here(input);
        }
        input.skip();
        let mut parts = Vec::new();
        loop {
            match peek(input) {
                Some(Tok::Letters(letters)) => {
                    parts.push(TextPart::Letters(unescape(letters)));
                    input.skip();
                }
                Some(Tok::ValueOpen) => {
                    input.skip();
                    let value = input.parse(&expr)?;
                    parts.push(TextPart::Value { value, format: end_value(input) });
                }
                _ => break,
            }
        }
        if peek(input) == Some(Tok::TextClose) {
            input.skip();
        }
        Ok(Text { parts, span: since(input, start) })
    })
}

/// The format and closing brace of a value in a text.
fn end_value(input: &mut Reader) -> Option<Format> {
    if !matches!(peek(input), Some(Tok::Format(_) | Tok::ValueClose)) {
        let diagnostic = unexpected(input, "`}` behind the value");
        complain(input, diagnostic);
        while !matches!(peek(input), None | Some(Tok::Format(_) | Tok::ValueClose | Tok::TextClose)) {
            super::skip::skip_one(input);
            skip_element(input);
            take_sign(input, Sign::Comma);
        }
    }
    let format = match peek(input) {
        Some(Tok::Format(written)) => {
            let span = take(input);
            format(input, written, span)
        }
        _ => None,
    };
    if peek(input) == Some(Tok::ValueClose) {
        input.skip();
    }
    format
}

fn format(input: &mut Reader, written: &str, span: Span) -> Option<Format> {
    let parsed = parse_format(written.trim());
    if parsed.is_none() {
        let diagnostic = Diagnostic::new(Code::BadEscape, span, format!("`{written}` is not a format"))
            .label("not a format")
            .help("`.2f` shows two digits after the point, `.2e` so with a power of ten, `.3g` three digits in all; `8.2f` makes it 8 characters wide");
        complain(input, diagnostic);
    }
    parsed.map(|(width, digits, style)| Format { width, digits, style, span })
}

/// `8.2e`: width, digits behind a point, style; with a style there are digits, and without one there is a width.
fn parse_format(written: &str) -> Option<(u8, Option<u8>, FormatStyle)> {
    let style = match written.chars().last()? {
        'f' => Some(FormatStyle::Fixed),
        'e' => Some(FormatStyle::Exponent),
        'g' => Some(FormatStyle::Shortest),
        _ => None,
    };
    let numbers = written.trim_end_matches(['f', 'e', 'g']);
    let (width, digits) = match numbers.split_once('.') {
        Some((width, digits)) => (width, Some(digits.parse::<u8>().ok()?)),
        None => (numbers, None),
    };
    let width: u8 = if width.is_empty() { 0 } else { width.parse().ok()? };
    let sensible = style.is_some() == digits.is_some() && digits.is_none_or(|digits| digits <= 17);
    let styles = written.len() - numbers.len() == usize::from(style.is_some());
    (sensible && styles && (digits.is_some() || width > 0)).then(|| (width, digits, style.unwrap_or(FormatStyle::Shortest)))
}
