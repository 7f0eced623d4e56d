//! Texts in quotes: letters, escapes, and the values in their braces. Which value it is, the parser reads.

use super::{Lexer, Mode};
use crate::diagnostic::{Code, Diagnostic};
use crate::token::Tok;

impl Lexer<'_, '_> {
    /// Letters up to the closing quote, the next value or the end of the line.
    pub(super) fn letters(&mut self) {
        let start = self.at;
        let bytes = self.text.as_bytes();
        loop {
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (None | Some(b'\n'), _) => {
                    self.push_letters(start);
                    self.close_texts();
                    return;
                }
                (Some(b'"'), _) => {
                    self.push_letters(start);
                    self.push(Tok::TextClose, self.span(self.at, self.at + 1));
                    self.modes.pop();
                    self.at += 1;
                    return;
                }
                (Some(b'\\'), _) => self.escape(),
                (Some(b'{'), Some(b'{')) | (Some(b'}'), Some(b'}')) => self.at += 2,
                (Some(b'{'), _) => {
                    self.push_letters(start);
                    self.push(Tok::ValueOpen, self.span(self.at, self.at + 1));
                    self.modes.push(Mode::Value(0));
                    self.at += 1;
                    return;
                }
                (Some(b'}'), _) => self.lone_brace(),
                _ => self.at += 1,
            }
        }
    }

    fn push_letters(&mut self, start: usize) {
        if let Some(letters) = self.text.get(start..self.at).filter(|letters| !letters.is_empty()) {
            self.push(Tok::Letters(letters), self.span(start, self.at));
        }
    }

    fn escape(&mut self) {
        let next = self.text.get(self.at + 1..).and_then(|rest| rest.chars().next());
        let length = 1 + next.filter(|&letter| letter != '\n').map_or(0, char::len_utf8);
        let span = self.span(self.at, self.at + length);
        if !matches!(next, Some('"' | '\\' | 'n')) {
            let diagnostic = Diagnostic::new(Code::BadEscape, span, "an unknown escape in a text")
                .label("not an escape")
                .help(r#"there are `\"`, `\\` and `\n`; a backslash itself is `\\`"#);
            self.tell(diagnostic);
        }
        self.at += length;
    }

    fn lone_brace(&mut self) {
        let span = self.span(self.at, self.at + 1);
        let diagnostic = Diagnostic::new(Code::BadEscape, span, "a `}` in a text without its `{`")
            .help("a brace that is meant as a letter is doubled: `}}`")
            .fix(span, "}}", "double the brace");
        self.tell(diagnostic);
        self.at += 1;
    }

    /// What stands after the colon of a value: up to its brace.
    pub(super) fn format(&mut self, colon: crate::span::Span) {
        let start = colon.end as usize;
        let rest = self.text.get(start..).unwrap_or("");
        let length = rest.find(['}', '"', '\n']).unwrap_or(rest.len());
        let written = rest.get(..length).unwrap_or("");
        let span = self.span(start, start + length);
        self.push(Tok::Format(written), span);
        self.at = start + length;
        if rest.as_bytes().get(length) == Some(&b'}') {
            self.push(Tok::ValueClose, self.span(self.at, self.at + 1));
            self.modes.pop();
            self.at += 1;
        } else {
            self.close_texts();
        }
    }

    /// Ends all open texts where their closers are missing: at the end of the line.
    pub(super) fn close_texts(&mut self) {
        let here = self.span(self.at, self.at);
        let mut outermost = None;
        while let Some(mode) = self.modes.pop() {
            match mode {
                Mode::Value(_) => self.push(Tok::ValueClose, here),
                Mode::Text(start) => {
                    self.push(Tok::TextClose, here);
                    outermost = Some(start as usize);
                }
            }
        }
        if let Some(start) = outermost {
            let diagnostic = Diagnostic::new(Code::UnclosedText, self.span(start, start + 1), "a text without its closing quote")
                .label("the text begins here")
                .help("a text ends on its own line; a newline in it is written `\\n`");
            self.tell(diagnostic);
        }
    }
}

/// The letters of a text with escapes and doubled braces resolved; what is unknown stays as it is.
pub(crate) fn unescape(written: &str) -> String {
    let mut plain = String::with_capacity(written.len());
    let mut letters = written.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('n')) => plain.push('\n'),
            ('\\', Some(&next @ ('"' | '\\'))) => plain.push(next),
            ('{', Some('{')) | ('}', Some('}')) => plain.push(letter),
            _ => {
                plain.push(letter);
                continue;
            }
        }
        letters.next();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn resolves_escapes() {
        assert_eq!(unescape(r#"a\"b\\n{{c}}\n"#), "a\"b\\n{c}\n");
        assert_eq!(unescape(r"\q"), r"\q");
    }
}
