//! Characters that no token begins with: one message for each run of them, with the sign that was probably meant.

use super::Lexer;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::token::Tok;

impl Lexer<'_, '_> {
    /// Reports what stands at `start` and skips it.
    pub(super) fn unknown(&mut self, start: usize) {
        let rest = self.text.get(start..).unwrap_or("");
        let Some(first) = rest.chars().next() else {
            self.at = self.text.len();
            return;
        };
        if first.is_alphabetic() {
            return self.foreign_word(start);
        }
        let known = LOOKALIKES.iter().find(|row| rest.starts_with(row.written));
        let length = known.map_or_else(|| strange(rest), |row| row.written.len());
        let span = self.span(start, start + length);
        let written = rest.get(..length).unwrap_or("");
        self.at = start + length.max(run(written, rest));
        let mut diagnostic = Diagnostic::new(Code::UnknownCharacter, span, format!("`{}` has no meaning here", shown(written)));
        if let Some(row) = known {
            diagnostic = diagnostic.help(row.advice);
            if !row.meant.is_empty() {
                diagnostic = diagnostic.fix(span, row.meant, format!("write `{}`", row.meant.trim()));
            }
        }
        self.refuse(diagnostic);
    }

    /// A word with letters outside of a to z, joined with the part of it that was taken for a name already.
    fn foreign_word(&mut self, start: usize) {
        let rest = self.text.get(start..).unwrap_or("");
        let length = rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_')).unwrap_or(rest.len());
        self.at = start + length;
        let mut span = self.span(start, self.at);
        if let Some(last) = self.tokens.last().filter(|last| matches!(last.kind, Tok::Ident(_)) && last.span.end == span.start) {
            span = last.span.to(span);
            self.tokens.pop();
        }
        self.refuse(foreign_word(self.text.get(span.range()).unwrap_or(""), span));
    }
}

fn foreign_word(written: &str, span: Span) -> Diagnostic {
    let message = format!("names have only the letters a to z, A to Z, digits and `_`; found `{}`", shown(written));
    let diagnostic = Diagnostic::new(Code::UnknownCharacter, span, message);
    let mut plain = String::new();
    for letter in written.chars() {
        match SPELLINGS.iter().find(|(greek, _)| *greek == letter) {
            Some((_, latin)) => plain.push_str(latin),
            None if letter.is_ascii() => plain.push(letter),
            None => return diagnostic,
        }
    }
    diagnostic.fix(span, plain.clone(), format!("write `{plain}`"))
}

/// How far the text goes that a lookalike begins, so that nothing is told of what stands in it.
fn run(written: &str, rest: &str) -> usize {
    let line = rest.find('\n').unwrap_or(rest.len());
    match written {
        "#" => line,
        "\u{201c}" => rest.find('\u{201d}').filter(|&close| close < line).map_or(0, |close| close + '\u{201d}'.len_utf8()),
        _ => 0,
    }
}

/// How long a run of characters is that begin nothing.
fn strange(rest: &str) -> usize {
    let mut run = rest.char_indices().skip(1);
    let end = run.find(|&(_, letter)| {
        letter.is_ascii_alphanumeric() || letter.is_whitespace() || "()[]{},;:.\"'=<>+-*/^_".contains(letter)
    });
    end.map_or(rest.len(), |(at, _)| at)
}

/// Control characters would disturb a terminal, and a long run the reader.
fn shown(written: &str) -> String {
    const MOST: usize = 20;
    let mut text = String::new();
    for letter in written.chars().take(MOST) {
        if letter.is_control() { text.extend(letter.escape_debug()) } else { text.push(letter) }
    }
    if written.chars().nth(MOST).is_some() {
        text.push_str("...");
    }
    text
}

struct Lookalike {
    written: &'static str,
    meant: &'static str,
    advice: &'static str,
}

/// Signs of other languages and of typeset text, the longer before the shorter.
const LOOKALIKES: &[Lookalike] = &[
    Lookalike { written: "&&", meant: " and ", advice: "conditions are joined by `and`" },
    Lookalike { written: "||", meant: " or ", advice: "alternatives are joined by `or`" },
    Lookalike { written: "!", meant: "not ", advice: "a condition is turned round by `not`" },
    Lookalike { written: "#", meant: "//", advice: "a comment begins with `//`" },
    Lookalike { written: "%", meant: "percent", advice: "`%` is written `percent`" },
    Lookalike { written: "\u{2212}", meant: "-", advice: "this is a typeset minus; the sign is `-`" },
    Lookalike { written: "\u{2013}", meant: "-", advice: "this is a dash; the sign is `-`" },
    Lookalike { written: "\u{d7}", meant: "*", advice: "a product is written `*`" },
    Lookalike { written: "\u{b7}", meant: "*", advice: "a product is written `*`" },
    Lookalike { written: "\u{2192}", meant: "->", advice: "an arrow is written `->`" },
    Lookalike { written: "\u{2264}", meant: "<=", advice: "this comparison is written `<=`" },
    Lookalike { written: "\u{2265}", meant: ">=", advice: "this comparison is written `>=`" },
    Lookalike { written: "\u{201c}", meant: "\"", advice: "texts stand in straight quotes `\"`" },
    Lookalike { written: "\u{201d}", meant: "\"", advice: "texts stand in straight quotes `\"`" },
    Lookalike { written: "\u{2019}", meant: "'", advice: "a derivative has a straight `'`" },
    Lookalike { written: "\u{b0}", meant: "", advice: "degrees are written `degC`" },
    Lookalike { written: "\u{b2}", meant: "^2", advice: "a power is written `^2`" },
    Lookalike { written: "\u{b3}", meant: "^3", advice: "a power is written `^3`" },
];

/// Letters that stand in papers and have a usual spelling.
const SPELLINGS: &[(char, &str)] = &[
    ('\u{b5}', "u"),
    ('\u{3bc}', "u"),
    ('\u{3a9}', "ohm"),
    ('\u{2126}', "ohm"),
    ('\u{3b1}', "alpha"),
    ('\u{3b2}', "beta"),
    ('\u{3b3}', "gamma"),
    ('\u{3b4}', "delta"),
    ('\u{394}', "Delta"),
    ('\u{3b5}', "epsilon"),
    ('\u{3b7}', "eta"),
    ('\u{3b8}', "theta"),
    ('\u{3ba}', "kappa"),
    ('\u{3bb}', "lambda"),
    ('\u{3bd}', "nu"),
    ('\u{3c0}', "pi"),
    ('\u{3c1}', "rho"),
    ('\u{3c3}', "sigma"),
    ('\u{3c4}', "tau"),
    ('\u{3c6}', "phi"),
    ('\u{3c9}', "omega"),
];
