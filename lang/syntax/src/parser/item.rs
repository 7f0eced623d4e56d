//! The lines of a file and of a circuit.

use chumsky::prelude::*;

use super::action::steps;
use super::again::Mark;
use super::cell::{cell, import_cells};
use super::common::*;
use super::input::*;
use super::mechanism::mechanism;
use super::network::{circuit, connect, population, stimulate, synapse};
use super::script::statement_rows;
use super::skip::{Separator, end_line, skip_line, skip_one, skip_separators, unknown_line};
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::token::{Keyword, Role, Sign, Tok};

type Rows<'src> = Vec<(Keyword, Rule<'src, ItemKind>)>;

/// Everything, to the end of the text.
pub(super) fn file<'src>() -> Rule<'src, Vec<Item>> {
    let common = common();
    let line = items(file_rows(&common), &common, "a script");
    rule(move |input| {
        let mut items = Vec::new();
        loop {
            skip_separators(input, Separator::Line);
            match peek(input) {
                None => return Ok(items),
                Some(Tok::Sign(Sign::BraceClose)) => lone_brace(input),
                Some(_) => {
                    let (start, tokens, told) = (index(input), input.full_slice(), input.state().told);
                    if let Some((end, item)) = input.state().known(start, tokens) {
                        skip_to(input, end);
                        items.push(item);
                    } else {
                        items.push(input.parse(&line)?);
                        end_line(input, Separator::Line);
                        if index(input) == start {
                            skip_one(input);
                        }
                    }
                    let mark = Mark { start, end: index(input), item: items.len() - 1 };
                    input.state().mark(mark, told, tokens);
                }
            }
        }
    })
}

fn lone_brace(input: &mut Reader) {
    let span = here(input);
    let memory = input.state();
    let known = std::mem::take(&mut memory.orphaned) || memory.lone_braces == 0;
    memory.lone_braces = memory.lone_braces.saturating_sub(1);
    // If the `{` of its block was told to be missing, this is its `}`.
    if !known {
        let diagnostic = Diagnostic::new(Code::MissingCloser, span, "a `}` without its `{`").label("closes nothing");
        complain(input, diagnostic);
    }
    input.skip();
}

fn items<'src>(rows: Rows<'src>, common: &Common<'src>, place: &'static str) -> Rule<'src, Item> {
    let definitions = common.definitions.clone();
    let expr = common.expr.clone();
    let other = move |input: &mut Reader<'src, '_>, words: &[Keyword]| {
        if starts_name(input) && matches!(look(input, 1), Some(Tok::Sign(Sign::Assign | Sign::Equal))) {
            bare_definition(input);
            return input.parse(&definitions).map(ItemKind::Let);
        }
        if is_value(input) {
            bare_value(input);
            input.parse(&expr)?;
            return Ok(ItemKind::Error);
        }
        if orphaned(input) {
            skip_one(input);
            skip_line(input, Separator::Line);
        } else {
            unknown_line(input, Separator::Line, place, words);
        }
        Ok(ItemKind::Error)
    };
    lines_of(rows, other, |input, kind, span| Item { doc: input.state().doc(span.start), kind, span })
}

/// Whether this is a further line of a block whose `{` is missing: its `}` is left over, and one of its lines has been told.
fn orphaned(input: &mut Reader) -> bool {
    let inside = matches!(peek(input), Some(Tok::Word(word)) if word.role() == Role::Item || word == Keyword::In);
    let memory = input.state();
    if !inside || memory.lone_braces == 0 {
        return false;
    }
    std::mem::replace(&mut memory.orphaned, true)
}

fn bare_definition(input: &mut Reader) {
    let span = here(input);
    let diagnostic = Diagnostic::new(Code::MissingPart, span, "a value is given a name by `let` or `param`")
        .label("expected `let` or `param` before this")
        .help("`let` names a value, `param` a value that can be set from outside, `set` changes a parameter")
        .fix(span.before(), "let ", "insert `let`");
    complain(input, diagnostic);
}

fn bare_value(input: &mut Reader) {
    let span = here(input);
    let diagnostic = Diagnostic::new(Code::UnexpectedText, span, "nothing is done with this value")
        .help("`print` shows a value, `let` gives it a name")
        .fix(span.before(), "print ", "insert `print`");
    complain(input, diagnostic);
}

/// Whether the line is a value by itself, such as a call.
fn is_value(input: &mut Reader) -> bool {
    match (peek(input), look(input, 1)) {
        (Some(Tok::Ident(_)), Some(Tok::Sign(sign))) => {
            matches!(sign, Sign::ParenOpen | Sign::Dot | Sign::BracketOpen) || sign.joins()
        }
        (Some(Tok::Ident(_)), None | Some(Tok::Break)) => true,
        (Some(Tok::Number(_) | Tok::TextOpen | Tok::Sign(Sign::ParenOpen | Sign::BracketOpen)), _) => true,
        _ => false,
    }
}

/// What stands in a script and in a circuit.
fn shared_rows<'src>(common: &Common<'src>) -> Rows<'src> {
    vec![
        (Keyword::Param, word(Keyword::Param).ignore_then(common.bindings.clone()).map(ItemKind::Param).boxed()),
        (Keyword::Let, word(Keyword::Let).ignore_then(common.definitions.clone()).map(ItemKind::Let).boxed()),
        (Keyword::Fn, function(common, steps(common)).map(ItemKind::Fn).boxed()),
        (Keyword::Population, population(common).map(ItemKind::Population).boxed()),
        (Keyword::Synapse, synapse(common).map(ItemKind::Synapse).boxed()),
        (Keyword::Connect, connect(common).map(ItemKind::Connect).boxed()),
        (Keyword::Stimulate, stimulate(common).map(ItemKind::Stimulate).boxed()),
    ]
}

fn circuit_rows<'src>(common: &Common<'src>) -> Rows<'src> {
    let mut rows = shared_rows(common);
    rows.push((Keyword::Output, word(Keyword::Output).ignore_then(common.definitions.clone()).map(ItemKind::Output).boxed()));
    rows.push((Keyword::Circuit, circuit_use(common)));
    rows
}

/// A circuit inside a circuit is a copy of one, never a new kind.
fn circuit_use<'src>(common: &Common<'src>) -> Rule<'src, ItemKind> {
    word(Keyword::Circuit)
        .ignore_then(name("a name for the circuit"))
        .then_ignore(sign(Sign::Colon))
        .then(common.path.clone())
        .then(common.attrs.clone())
        .map(|((name, circuit), attrs)| ItemKind::CircuitUse(CircuitUse { name, circuit, attrs }))
        .boxed()
}

fn file_rows<'src>(common: &Common<'src>) -> Rows<'src> {
    let mechanism = mechanism(common).map(ItemKind::Mechanism).boxed();
    let mut rows = shared_rows(common);
    rows.extend([
        (Keyword::Use, uses(common)),
        (Keyword::Import, imports(common)),
        (Keyword::Mechanism, mechanism.clone()),
        (Keyword::Point, mechanism),
        (Keyword::Cell, cell(common).map(ItemKind::Cell).boxed()),
        (Keyword::Circuit, circuit(common, items(circuit_rows(common), common, "a circuit"))),
        (Keyword::Simulation, simulation(common)),
        (Keyword::Record, record(common)),
    ]);
    let known: Vec<Keyword> = rows.iter().map(|(word, _)| *word).collect();
    let statements = statement_rows(common).into_iter().filter(|(word, _)| !known.contains(word));
    rows.extend(statements.map(|(word, rule)| (word, rule.map(ItemKind::Stmt).boxed())));
    rows
}

/// `use "my_channels.net"`, `use std.channels as ch`
fn uses<'src>(common: &Common<'src>) -> Rule<'src, ItemKind> {
    let Common { quoted, path, .. } = common.clone();
    rule(move |input| {
        expect_word(input, Keyword::Use);
        let what = if peek(input) == Some(Tok::TextOpen) {
            UseWhat::File(input.parse(&quoted)?)
        } else {
            UseWhat::Library(input.parse(&path)?)
        };
        let alias = take_word(input, Keyword::As).map(|_| expect_name(input, "a name"));
        Ok(ItemKind::Use(Use { what, alias }))
    })
}

/// `import mechanisms "mod/*.mod"`, `import cells "network.hoc" of pyr`
fn imports<'src>(common: &Common<'src>) -> Rule<'src, ItemKind> {
    let files = comma_list(common.quoted.clone());
    let cells = import_cells(common);
    rule(move |input| {
        expect_word(input, Keyword::Import);
        if take_word(input, Keyword::Cells).is_some() {
            return input.parse(&cells);
        }
        if take_word(input, Keyword::Mechanisms).is_none() && take_word(input, Keyword::Mechanism).is_none() {
            let diagnostic = missing_here(input, Code::MissingPart, "`mechanisms`")
                .help("a foreign cell is imported by `cell NAME = import \"file\"`, another script by `use \"file.net\"`");
            complain(input, diagnostic);
        }
        let files = input.parse(&files)?;
        let alias = take_word(input, Keyword::As).map(|_| expect_name(input, "a name"));
        Ok(ItemKind::ImportMechanisms(ImportMechanisms { files, alias }))
    })
}

/// `simulation { duration = 1 s }`
fn simulation<'src>(common: &Common<'src>) -> Rule<'src, ItemKind> {
    let attrs = common.attrs.clone();
    rule(move |input| {
        expect_word(input, Keyword::Simulation);
        if let Some(attrs) = input.parse(&attrs)? {
            return Ok(ItemKind::Simulation(attrs));
        }
        missing(input, Code::MissingPart, "`{`");
        Ok(ItemKind::Simulation(Block { items: Vec::new(), span: behind(input) }))
    })
}

/// `record v = M[0].soma(0.5).v, w = m.w every 0.1 ms`
fn record<'src>(common: &Common<'src>) -> Rule<'src, ItemKind> {
    let definition = named_record(common);
    word(Keyword::Record)
        .ignore_then(comma_list(definition))
        .then(clause(Keyword::Every, common.expr.clone()))
        .then(clause(Keyword::To, common.text.clone()))
        .map(|((records, every), file)| ItemKind::Record(Record { records, every, file }))
        .boxed()
}

/// A record has a name, because everything else speaks of it by that.
fn named_record<'src>(common: &Common<'src>) -> Rule<'src, Binding> {
    let expr = common.expr.clone();
    rule(move |input| {
        let start = index(input);
        if !matches!(look(input, 1), Some(Tok::Sign(Sign::Assign | Sign::Equal))) {
            let place = here(input);
            let diagnostic = Diagnostic::new(Code::MissingPart, place, "a record needs a name: `record v = ...`")
                .label("expected a name and `=` before this")
                .fix(place.before(), "v = ", "insert a name");
            complain(input, diagnostic);
            let value = input.parse(&expr)?;
            let name = Name { text: "".into(), span: value.span.before() };
            return Ok(Binding { name, arguments: None, unit: None, value: Some(value), span: since(input, start) });
        }
        let name = expect_name(input, "a name for the record");
        takes_value(input, true);
        let value = Some(input.parse(&expr)?);
        Ok(Binding { name, arguments: None, unit: None, value, span: since(input, start) })
    })
}
