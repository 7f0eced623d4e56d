//! Words of Neurolucida's files.

use crate::morphology::Broken;

/// One of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'t> {
    Open,
    Close,
    Comma,
    Bar,
    Less,
    Greater,
    Set,
    Rgb,
    Number(f64),
    Text(&'t str),
    Word(&'t str),
    /// A sign that means nothing.
    Other,
    End,
}

/// All of a file, and which is next.
pub(super) struct Tokens<'t> {
    all: Vec<(Token<'t>, usize)>,
    next: usize,
    last_line: usize,
}

const END: Token<'static> = Token::End;

impl<'t> Tokens<'t> {
    /// `;` begins a comment, which ends with the line.
    pub fn of(text: &'t str) -> Tokens<'t> {
        let mut all = Vec::new();
        let mut last_line = 1;
        for (line, rest) in text.lines().enumerate() {
            last_line = line + 1;
            let mut rest = rest.trim_start();
            while let Some(first) = rest.chars().next().filter(|first| *first != ';') {
                let (token, length) = token(rest, first);
                all.push((token, last_line));
                rest = rest.get(length..).unwrap_or("").trim_start();
            }
        }
        Tokens { all, next: 0, last_line }
    }

    /// One of the next, without taking it.
    pub fn peek(&self, ahead: usize) -> &Token<'t> {
        self.all.get(self.next + ahead).map_or(&END, |(token, _)| token)
    }

    /// Whether one of the next is this.
    pub fn is(&self, ahead: usize, token: &Token<'_>) -> bool {
        self.peek(ahead) == token
    }

    /// Takes the next.
    pub fn next(&mut self) -> &Token<'t> {
        self.next += 1;
        self.all.get(self.next - 1).map_or(&END, |(token, _)| token)
    }

    /// How many were taken.
    pub fn place(&self) -> usize {
        self.next
    }

    /// Goes back to where so many were taken.
    pub fn back(&mut self, place: usize) {
        self.next = place;
    }

    /// The line of the next.
    pub fn line(&self) -> usize {
        self.all.get(self.next).map_or(self.last_line, |(_, line)| *line)
    }

    /// What is wrong with the one that was taken last.
    pub fn broken(&self, why: &str) -> Broken {
        let line = self.all.get(self.next.saturating_sub(1)).map_or(self.last_line, |(_, line)| *line);
        Broken::at(line, why)
    }
}

/// The token with which a text begins, and its length.
fn token(rest: &str, first: char) -> (Token<'_>, usize) {
    let sign = match first {
        '(' => Some(Token::Open),
        ')' => Some(Token::Close),
        ',' => Some(Token::Comma),
        '|' => Some(Token::Bar),
        '<' => Some(Token::Less),
        '>' => Some(Token::Greater),
        _ => None,
    };
    if let Some(sign) = sign {
        return (sign, 1);
    }
    if first == '"' {
        let inner = rest.get(1..).unwrap_or("");
        return match inner.find('"') {
            Some(end) => (Token::Text(&inner[..end]), end + 2),
            None => (Token::Other, rest.len()),
        };
    }
    let length = number(rest);
    if let Ok(number) = rest[..length].parse::<f64>() {
        return (Token::Number(number), length);
    }
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
    match &rest[..end] {
        "" => (Token::Other, first.len_utf8()),
        "set" | "Set" | "SET" => (Token::Set, end),
        "RGB" => (Token::Rgb, end),
        word => (Token::Word(word), end),
    }
}

/// How far a number goes.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |mut at: usize| {
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    };
    let sign = |at: usize| at + usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
    let start = sign(0);
    let mut end = digits(start);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exponent = sign(end + 1);
        let after = digits(exponent);
        if after > exponent {
            end = after;
        }
    }
    end
}
