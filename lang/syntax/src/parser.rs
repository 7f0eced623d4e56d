//! Tokens to a syntax tree, by chumsky. Cannot fail: what cannot be read is reported and becomes an `Error` node.
//!
//! How the grammar keeps that promise: each rule begins by looking at a token or two, and once it has begun, it goes on to
//! its end. A missing name, sign or value is reported by the rule itself, nothing is taken for it, and a default stands in
//! the tree (`input::missing`). What is left over on a line is reported and skipped by the block around it (`skip::end_line`).
//! So no rule is tried in vain over more than its first token, and no error is the consequence of another.

mod action;
mod again;
mod block;
mod cell;
mod common;
mod expr;
mod input;
mod item;
mod kinetic;
mod mechanism;
mod network;
mod script;
mod skip;
mod unit;

use std::collections::HashSet;

use chumsky::extra::SimpleState;
use chumsky::prelude::*;

use crate::ast::{Comment, CommentKind, Expr, ExprKind, File};
use crate::diagnostic::{Code, Diagnostics};
use crate::lexer::{Tokens, lex};
use crate::source::Source;
use crate::span::{FileId, Span};
pub use again::Parsed;
use again::{Mark, Ready};
use input::{Memory, Problem, Rule, complain, peek};

/// The tree of a text, and what is wrong with it. Never fails and never panics.
#[must_use]
pub fn parse(source: &Source, file: FileId) -> (File, Diagnostics) {
    let Read { tree, found, .. } = read(source, file, |_| Ready::new());
    (tree, found)
}

/// What reading a text has found, and how.
struct Read<'src> {
    tree: File,
    found: Diagnostics,
    tokens: Tokens<'src>,
    marks: Vec<Mark>,
}

/// Reads a text of whose items `know` has some already.
fn read<'src>(source: &'src Source, file: FileId, know: impl FnOnce(&Tokens<'_>) -> Ready) -> Read<'src> {
    let mut found = Diagnostics::new();
    let mut tokens = lex(source, file, &mut found);
    let ready = know(&tokens);
    let (items, memory) = run(&tokens, file, item::file(), ready, &mut found);
    let mut comments = std::mem::take(&mut tokens.comments);
    // Documentation that nothing took.
    let untaken = memory.docs.into_iter().filter_map(|(_, doc)| doc);
    comments.extend(untaken.map(|doc| Comment { kind: CommentKind::Doc, span: doc.span }));
    comments.sort_by_key(|comment| comment.span);
    let span = Span::at(file, 0).to(tokens.end);
    Read { tree: File { items: items.unwrap_or_default(), comments, span }, found, tokens, marks: memory.marks }
}

/// The tree of a text that is one expression, such as the value of a knob on the command line.
#[must_use]
pub fn parse_expression(source: &Source, file: FileId) -> (Expr, Diagnostics) {
    let mut found = Diagnostics::new();
    let tokens = lex(source, file, &mut found);
    let (expr, _) = run(&tokens, file, whole(), Ready::new(), &mut found);
    (expr.unwrap_or(Expr { kind: ExprKind::Error, span: tokens.end }), found)
}

/// Whether a text that is typed line by line needs another line before it can be read: a bracket or a comment is open, or
/// the last line goes on.
#[must_use]
pub fn is_unfinished(text: &str) -> bool {
    let source = Source::new("", text);
    let mut found = Diagnostics::new();
    let unfinished = lex(&source, FileId(0), &mut found).unfinished;
    unfinished || found.iter().any(|one| one.code == Code::UnclosedComment)
}

/// One expression and nothing behind it.
fn whole<'src>() -> Rule<'src, Expr> {
    let expr = common::common().expr;
    input::rule(move |input| {
        let expr = input.parse(&expr)?;
        skip::skip_separators(input, skip::Separator::Line);
        if peek(input).is_some() {
            let diagnostic = skip::unexpected(input, "the end of the value");
            complain(input, diagnostic);
        }
        while peek(input).is_some() {
            input.skip();
        }
        Ok(expr)
    })
}

/// Runs a rule over all tokens.
fn run<'src, Out: 'src>(
    tokens: &'src Tokens<'src>,
    file: FileId,
    rule: Rule<'src, Out>,
    ready: Ready,
    found: &mut Diagnostics,
) -> (Option<Out>, Memory) {
    let docs = tokens.docs.iter().map(|(at, doc)| (*at, Some(doc.clone()))).collect();
    let Tokens { end, open_braces, unclosed, lone_braces, .. } = *tokens;
    let (open, orphaned, told, marks) = (Vec::new(), false, 0, Vec::new());
    let mut memory =
        SimpleState(Memory { file, end, docs, open_braces, unclosed, lone_braces, open, orphaned, told, ready, marks });
    let (out, problems) = rule.parse_with_state(tokens.tokens.as_slice(), &mut memory).into_output_errors();
    report(problems, found);
    (out, memory.0)
}

/// Keeps one problem for each token and each place: what is told second there follows from the first.
fn report(problems: Vec<Problem>, found: &mut Diagnostics) {
    let mut tokens = HashSet::new();
    let mut places: HashSet<u32> = found.iter().map(|known| known.span.start).collect();
    for problem in problems {
        let Some(diagnostic) = problem.diagnostic else { continue };
        if tokens.insert(problem.at) && places.insert(diagnostic.span.start) {
            found.push(*diagnostic);
        }
    }
}
