//! What many declarations are made of: names with values, attributes, paths, functions, conditions.

use chumsky::prelude::*;

use super::block::{Kind, block, bracketed, line};
use super::expr;
use super::input::*;
use super::skip::{Separator, at_definition, skip_line, skip_one, unknown_line};
use super::unit;
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::token::{Keyword, Role, Sign, Tok};

/// Rules that others are made of, built once for each parse.
#[derive(Clone)]
pub(super) struct Common<'src> {
    pub expr: Rule<'src, Expr>,
    /// A place, a knob, a set: an expression without operators.
    pub operand: Rule<'src, Expr>,
    pub unit: Rule<'src, UnitExpr>,
    pub path: Rule<'src, Path>,
    pub text: Rule<'src, Text>,
    pub quoted: Rule<'src, Quoted>,
    /// `a = 1, tau: ms, x`
    pub bindings: Rule<'src, Bindings>,
    /// `a = 1, b = 2`
    pub definitions: Rule<'src, Bindings>,
    /// `(a, b: mV, c = 1)`
    pub parameters: Rule<'src, Bindings>,
    /// `(a, size = 2)`
    pub arguments: Rule<'src, Vec<Arg>>,
    pub attr: Rule<'src, Attr>,
    /// `{ a = 1 }`, if it is there.
    pub attrs: Rule<'src, Option<AttrBlock>>,
}

pub(super) fn common<'src>() -> Common<'src> {
    let expr = expr::expression();
    let operand = expr::operand(expr.clone());
    let unit = unit::unit();
    let text = expr::text(expr.clone());
    let binding = binding(expr.clone(), unit.clone(), false);
    let attr = attr(expr.clone(), operand.clone());
    Common {
        path: path(),
        quoted: quoted(text.clone()),
        bindings: comma_list(binding.clone()),
        definitions: comma_list(self::binding(expr.clone(), unit.clone(), true)),
        parameters: bracketed(Sign::ParenOpen, binding).map(|list| list.items).boxed(),
        arguments: bracketed(Sign::ParenOpen, expr::argument(expr.clone())).map(|list| list.items).boxed(),
        attrs: attrs(attr.clone()),
        attr,
        expr,
        operand,
        unit,
        text,
    }
}

/// A word that begins a rule.
pub(super) fn word<'src>(word: Keyword) -> Rule<'src, Span> {
    rule(move |input| match take_word(input, word) {
        Some(span) => Ok(span),
        None => not_here(input),
    })
}

/// A sign that must stand here.
pub(super) fn sign<'src>(sign: Sign) -> Rule<'src, ()> {
    rule(move |input| {
        expect_sign(input, sign);
        Ok(())
    })
}

/// A name that must stand here. `what` says which: "a name for the cell".
pub(super) fn name<'src>(what: &'static str) -> Rule<'src, Name> {
    rule(move |input| Ok(expect_name(input, what)))
}

/// `a, b, c`, at least one.
pub(super) fn comma_list<'src, Item: 'src>(item: Rule<'src, Item>) -> Rule<'src, Vec<Item>> {
    let comma = rule(|input| match take_sign(input, Sign::Comma) {
        Some(_) => Ok(()),
        None => not_here(input),
    });
    item.separated_by(comma).at_least(1).collect().boxed()
}

/// The rule if its word is next.
pub(super) fn clause<'src, Out: 'src>(key: Keyword, value: Rule<'src, Out>) -> Rule<'src, Option<Out>> {
    word(key).ignore_then(value).or_not().boxed()
}

/// `std.channels`
fn path<'src>() -> Rule<'src, Path> {
    rule(|input| {
        let start = index(input);
        let mut parts = vec![expect_name(input, "a name")];
        while take_sign(input, Sign::Dot).is_some() {
            parts.push(expect_name(input, "a name after the dot"));
        }
        Ok(Path { parts, span: since(input, start) })
    })
}

/// The name of a file that is read before anything runs, so no value can be in it.
fn quoted<'src>(text: Rule<'src, Text>) -> Rule<'src, Quoted> {
    rule(move |input| {
        if peek(input) != Some(Tok::TextOpen) {
            missing(input, Code::MissingPart, "the name of a file in quotes");
            return Ok(Quoted { text: String::new(), span: behind(input) });
        }
        let Text { parts, span } = input.parse(&text)?;
        let mut plain = String::new();
        for part in parts {
            match part {
                TextPart::Letters(letters) => plain.push_str(&letters),
                TextPart::Value { value, .. } => {
                    let message = "the name of this file cannot have a value in it";
                    let help = "the file is read before anything has a value; a brace as a letter is `{{`";
                    complain(input, Diagnostic::new(Code::UnexpectedText, value.span, message).help(help));
                }
            }
        }
        Ok(Quoted { text: plain, span })
    })
}

/// `tau: ms = 10 ms`; with `needed`, the value must be there.
fn binding<'src>(expr: Rule<'src, Expr>, unit: Rule<'src, UnitExpr>, needed: bool) -> Rule<'src, Binding> {
    rule(move |input| {
        let start = index(input);
        let name = expect_name(input, "a name");
        let unit = match take_sign(input, Sign::Colon) {
            Some(_) => Some(input.parse(&unit)?),
            None => None,
        };
        let has_value = takes_value(input, needed && !name.is_missing());
        let value = match has_value {
            true => Some(input.parse(&expr)?),
            false => needed.then(|| Expr { kind: ExprKind::Error, span: behind(input) }),
        };
        Ok(Binding { name, arguments: None, unit, value, span: since(input, start) })
    })
}

/// `tau: ms = 10 ms`, `tau(v: mV): ms`: a parameter of a mechanism, which may be a table.
pub(super) fn given<'src>(common: &Common<'src>) -> Rule<'src, Binding> {
    let Common { parameters, expr, unit, .. } = common.clone();
    rule(move |input| {
        let start = index(input);
        let name = expect_name(input, "a name");
        let arguments = if at_sign(input, Sign::ParenOpen) { Some(input.parse(&parameters)?) } else { None };
        let unit = match take_sign(input, Sign::Colon) {
            Some(_) => Some(input.parse(&unit)?),
            None => None,
        };
        let has_value = takes_value(input, false);
        let value = if has_value { Some(input.parse(&expr)?) } else { None };
        Ok(Binding { name, arguments, unit, value, span: since(input, start) })
    })
}

/// Takes the `=` before a value, if there is to be a value; reports it where it is missing.
pub(super) fn takes_value(input: &mut Reader, needed: bool) -> bool {
    match peek(input) {
        Some(Tok::Sign(Sign::Assign)) => {
            input.skip();
            true
        }
        Some(Tok::Sign(Sign::Equal)) => {
            let span = here(input);
            let diagnostic = Diagnostic::new(Code::UnexpectedText, span, "a value is given with one `=`").label("compares").fix(
                span,
                "=",
                "write `=`",
            );
            complain(input, diagnostic);
            input.skip();
            true
        }
        Some(_) if at_value(input) => {
            expect_sign(input, Sign::Assign);
            true
        }
        _ => {
            if needed {
                let place = behind(input);
                let diagnostic = missing_here(input, Code::MissingValue, "`=` and a value").fix(place, " = ", "insert `=`");
                complain(input, diagnostic);
            }
            false
        }
    }
}

/// `path = value` or a bare mark.
fn attr<'src>(expr: Rule<'src, Expr>, operand: Rule<'src, Expr>) -> Rule<'src, Attr> {
    rule(move |input| {
        let start = index(input);
        if !starts_name(input) {
            no_attr(input);
            let span = since(input, start);
            let broken = Expr { kind: ExprKind::Error, span };
            return Ok(Attr { path: broken.clone(), value: broken, bare: false, span });
        }
        let path = input.parse(&operand)?;
        if ends_attr(peek(input)) {
            let value = Expr { kind: ExprKind::Bool(true), span: path.span };
            let span = path.span;
            return Ok(Attr { path, value, bare: true, span });
        }
        let value = if attr_sign(input) || takes_value(input, true) {
            input.parse(&expr)?
        } else {
            Expr { kind: ExprKind::Error, span: behind(input) }
        };
        Ok(Attr { path, value, bare: false, span: since(input, start) })
    })
}

/// Reports and skips what is no attribute.
fn no_attr(input: &mut Reader) {
    if matches!(peek(input), Some(Tok::Word(_) | Tok::Error)) {
        return unknown_line(input, Separator::Comma, "this list of attributes", &[]);
    }
    missing(input, Code::MissingPart, "the name of an attribute");
    skip_one(input);
    skip_line(input, Separator::Comma);
}

/// Takes and reports a sign that other languages put before a value.
fn attr_sign(input: &mut Reader) -> bool {
    use Sign::*;
    let Some(Tok::Sign(sign @ (Colon | AddAssign | SubAssign | MulAssign | DivAssign))) = peek(input) else {
        return false;
    };
    let span = here(input);
    let message = format!("a value is given with `=`, not with `{}`", sign.text());
    complain(input, Diagnostic::new(Code::UnexpectedText, span, message).fix(span, " =", "write `=`"));
    input.skip();
    true
}

fn ends_attr(next: Option<Tok>) -> bool {
    matches!(next, None | Some(Tok::Break | Tok::Sign(Sign::Comma | Sign::BraceClose)))
}

/// Whether a name that can be set is next.
pub(super) fn starts_name(input: &mut Reader) -> bool {
    match peek(input) {
        Some(token) => name_text(token, look(input, 1)).is_some(),
        None => false,
    }
}

// A word that begins a line is no keyword where `=` follows, so none of these is an attribute.
const ATTRS: Kind = Kind { separator: Separator::Comma, outer: |word| word.role() == Role::Item };

fn attrs<'src>(attr: Rule<'src, Attr>) -> Rule<'src, Option<AttrBlock>> {
    let block = block(ATTRS, attr);
    rule(move |input| {
        // A `}` that closes nothing says that the `{` before these attributes was forgotten.
        let forgotten = input.state().lone_braces > 0 && at_definition(input);
        Ok(if forgotten || at_sign(input, Sign::BraceOpen) { Some(input.parse(&block)?) } else { None })
    })
}

/// `fn f(x) = x^2`, `fn f(x) { ... }`.
pub(super) fn function<'src>(common: &Common<'src>, steps: Rule<'src, Block<Action>>) -> Rule<'src, Fn> {
    let Common { parameters, expr, .. } = common.clone();
    rule(move |input| {
        expect_word(input, Keyword::Fn);
        let name = expect_name(input, "a name for the function");
        let params = if at_sign(input, Sign::ParenOpen) {
            input.parse(&parameters)?
        } else {
            missing(input, Code::MissingPart, "the parameters of the function in parentheses");
            Vec::new()
        };
        if at_sign(input, Sign::BraceOpen) {
            return Ok(Fn { name, params, body: FnBody::Block(input.parse(&steps)?) });
        }
        let has_value = takes_value(input, true);
        let value = if has_value { input.parse(&expr)? } else { Expr { kind: ExprKind::Error, span: behind(input) } };
        Ok(Fn { name, params, body: FnBody::Value(value) })
    })
}

/// What an `if` between statements consists of.
pub(super) type Branches<Line> = (Expr, Block<Line>, Option<Block<Line>>);

/// `if c { } else if d { } else { }` between statements; `nest` makes a statement of an `else if`.
pub(super) fn branches<'src, Line: 'src>(
    expr: Rule<'src, Expr>,
    body: Rule<'src, Block<Line>>,
    nest: fn(Branches<Line>, Span) -> Line,
) -> Rule<'src, Branches<Line>> {
    recursive(move |again| {
        rule(move |input| {
            if take_word(input, Keyword::If).is_none() {
                return not_here(input);
            }
            let condition = input.parse(&expr)?;
            let then = input.parse(&body)?;
            if take_word(input, Keyword::Else).is_none() {
                return Ok((condition, then, None));
            }
            let start = index(input);
            if !at_word(input, Keyword::If) {
                return Ok((condition, then, Some(input.parse(&body)?)));
            }
            let inner = input.parse(&again)?;
            let span = since(input, start);
            Ok((condition, then, Some(Block { items: vec![nest(inner, span)], span })))
        })
    })
    .boxed()
}

/// Lines of a block: `other` reads what begins with none of the words, and is told them.
pub(super) fn lines_of<'src, Kind: 'src, Line: 'src>(
    rows: Vec<(Keyword, Rule<'src, Kind>)>,
    other: impl std::ops::Fn(&mut Reader<'src, '_>, &[Keyword]) -> Result<Kind, Problem> + 'src,
    wrap: fn(&mut Reader<'src, '_>, Kind, Span) -> Line,
) -> Rule<'src, Line> {
    let words: Vec<Keyword> = rows.iter().map(|(word, _)| *word).collect();
    line(rows, rule(move |input| other(input, &words)), wrap)
}
