//! Tokens of hoc. Where a line begins is part of a token, because a statement ends there.

use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};
use std::rc::Rc;

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Tok,
    /// Where.
    pub span: Span,
    /// Whether it is the first of its line.
    pub first: bool,
}

/// Kinds of tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum Tok {
    /// 1.5
    Number(f64),
    /// "text"
    Text(Rc<str>),
    /// A name or keyword.
    Name(Rc<str>),
    /// `$1`, `$s1`, `$o1`, `$&1`, `$i`: its kind, and which argument; 0 where a variable says which.
    Arg(char, u32),
    /// A sign: `+`, `==`, `+=`
    Sign(&'static str),
    /// After the last one.
    End,
}

/// Signs, longer ones first.
const SIGNS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "+=", "-=", "*=", "/=", "<>", "+", "-", "*", "/", "%", "^", "=", "<", ">", "!", "(", ")",
    "[", "]", "{", "}", ",", ".", ":", ";", "&", "@", "~",
];

/// Splits a text. What is no hoc is reported and left out.
pub fn tokens(text: &str, file: FileId, sink: &mut Diagnostics) -> Vec<Token> {
    let bytes = text.as_bytes();
    let (mut all, mut at, mut first) = (Vec::new(), 0, true);
    while let Some(byte) = bytes.get(at) {
        let rest = &bytes[at..];
        match byte {
            b'\n' | b'\r' => (at, first) = (at + 1, true),
            // The last one is the mark of an end of some old systems.
            b' ' | b'\t' | 0x0b | 0x0c | 0x1a => at += 1,
            b'\\' if matches!(rest.get(1), Some(b'\n' | b'\r')) => {
                at += if rest.starts_with(b"\\\r\n") { 3 } else { 2 };
            }
            b'/' if rest.starts_with(b"//") => at += rest.iter().position(|b| matches!(b, b'\n' | b'\r')).unwrap_or(rest.len()),
            b'/' if rest.starts_with(b"/*") => match text.get(at + 2..).and_then(|rest| rest.find("*/")) {
                Some(end) => at += end + 4,
                // NEURON, too, takes what is left of the file for the comment.
                None => break,
            },
            _ => {
                let (kind, length) = token(text, at);
                let place = span(file, at, at + length);
                match kind {
                    Some(kind) => {
                        all.push(Token { kind, span: place, first });
                        first = false;
                    }
                    None if *byte < 0x80 => {
                        let message = if *byte == b'"' { "this text does not end" } else { "this sign is not known in hoc" };
                        sink.push(Diagnostic::new(Code::ForeignText, place, message));
                    }
                    None => {}
                }
                at += length;
            }
        }
    }
    all.push(Token { kind: Tok::End, span: span(file, text.len(), text.len()), first: true });
    all
}

fn span(file: FileId, start: usize, end: usize) -> Span {
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(file, number(start), number(end))
}

/// The token at a place, and how long it is.
fn token(text: &str, at: usize) -> (Option<Tok>, usize) {
    let rest = text.get(at..).unwrap_or("");
    let Some(first) = rest.chars().next() else { return (None, 1) };
    let follows_digit = rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
    if first.is_ascii_digit() || first == '.' && follows_digit {
        return number(rest);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        return (Some(Tok::Name(rest[..end].into())), end);
    }
    if first == '"' {
        return quoted(rest);
    }
    if first == '$' {
        let kind = rest[1..].chars().next().filter(|c| matches!(c, 's' | 'o' | '&'));
        let start = 1 + kind.map_or(0, char::len_utf8);
        let body = &rest[start..];
        let digits = body.find(|c: char| !c.is_ascii_digit()).unwrap_or(body.len());
        if digits > 0 {
            let number = body[..digits].parse().unwrap_or(u32::MAX);
            return (Some(Tok::Arg(kind.unwrap_or('d'), number)), start + digits);
        }
        if body.starts_with('i') {
            return (Some(Tok::Arg(kind.unwrap_or('d'), 0)), start + 1);
        }
        return (None, 1);
    }
    match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        Some(sign) => (Some(Tok::Sign(sign)), sign.len()),
        None => (None, first.len_utf8()),
    }
}

fn number(rest: &str) -> (Option<Tok>, usize) {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1 + digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits((end + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            end += 1 + sign + exponent;
        }
    }
    (rest[..end].parse().ok().map(Tok::Number), end)
}

/// A text to its closing sign, on one line.
fn quoted(rest: &str) -> (Option<Tok>, usize) {
    let mut out = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (Some(Tok::Text(out.into())), at + 1),
            '\n' => return (None, at),
            '\\' => match chars.next() {
                Some((_, 'n')) => out.push('\n'),
                Some((_, 't')) => out.push('\t'),
                Some((_, other)) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    (None, rest.len())
}
