//! NMODL text as tokens. Comments go, VERBATIM blocks stay whole; `INCLUDE` puts another file's tokens in its place.

use bouton_syntax::span::FileId;
use bouton_syntax::{Code, Diagnostic, Diagnostics, Source, SourceMap, Span};

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A name or keyword.
    Name,
    /// A number.
    Number,
    /// A text between quotes.
    Text,
    /// C code between VERBATIM and ENDVERBATIM.
    Verbatim,
    /// What stands behind TITLE.
    Title,
    /// Anything else: one operator or character.
    Sign,
    /// The end.
    End,
}

/// A token.
#[derive(Clone, Debug)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// As written; of texts without the quotes.
    pub text: String,
    /// Where.
    pub span: Span,
    /// Whether it follows its predecessor without a space.
    pub glued: bool,
}

/// Where included files come from.
pub type Include<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, String>;

/// The most tokens of one file with all that it includes.
const MOST_TOKENS: usize = 2_000_000;
/// How deep files may include each other.
const MOST_DEEP: usize = 16;

/// The text of a file: UTF-8, or else Latin-1, in which every byte is a character.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).map_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect(), str::to_owned)
}

/// All tokens of a file, which is added to `sources`; the last one is [`Kind::End`].
pub fn tokens(
    name: &str,
    text: &str,
    include: Include<'_>,
    sources: &mut SourceMap,
    sink: &mut Diagnostics,
) -> (FileId, Vec<Token>) {
    let file = sources.add(Source::new(name, text));
    let mut all = Vec::new();
    let mut reader = Reader { include, sources, sink, open: vec![name.to_owned()], out: &mut all };
    reader.file(file, text);
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    all.push(Token { kind: Kind::End, text: String::new(), span: Span::at(file, end), glued: false });
    (file, all)
}

struct Reader<'a> {
    include: Include<'a>,
    sources: &'a mut SourceMap,
    sink: &'a mut Diagnostics,
    /// Names of the files that are being read.
    open: Vec<String>,
    out: &'a mut Vec<Token>,
}

impl Reader<'_> {
    fn file(&mut self, file: FileId, text: &str) {
        let mut lexer = Lexer { text, at: 0, file };
        let mut including = false;
        loop {
            let (token, closed) = lexer.next();
            if !closed {
                let message = format!("this {} has no end", if token.kind == Kind::Text { "text" } else { "block" });
                self.sink.push(Diagnostic::new(Code::ForeignText, token.span, message));
            }
            if token.kind == Kind::End || self.out.len() >= MOST_TOKENS {
                return;
            }
            if including && token.kind == Kind::Text {
                including = false;
                self.include(&token);
                continue;
            }
            including = token.kind == Kind::Name && token.text == "INCLUDE";
            if !including {
                self.out.push(token);
            }
        }
    }

    fn include(&mut self, named: &Token) {
        let path = &named.text;
        let why = if self.open.len() >= MOST_DEEP || self.open.contains(path) {
            Some("it includes itself".to_owned())
        } else {
            match (self.include)(path) {
                Ok(bytes) => {
                    let text = decode(&bytes);
                    let file = self.sources.add(Source::new(path.clone(), text.clone()));
                    self.open.push(path.clone());
                    self.file(file, &text);
                    self.open.pop();
                    None
                }
                Err(why) => Some(why),
            }
        };
        if let Some(why) = why {
            self.sink.push(Diagnostic::new(Code::CannotRead, named.span, format!("cannot read {path}: {why}")));
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    file: FileId,
}

/// Signs of more than one character, longer ones first.
const SIGNS: &[&str] = &["<->", "<<", "->", "<=", ">=", "==", "!=", "&&", "||"];

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// The next token, and whether its closing part was found.
    fn next(&mut self) -> (Token, bool) {
        let before = self.at;
        let mut closed = self.skip();
        let glued = self.at == before;
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return (self.token(Kind::End, start, start, start, glued), closed) };
        if first.is_ascii_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            let word = &rest[..length];
            if word == "VERBATIM" || word == "TITLE" {
                let verbatim = word == "VERBATIM";
                let body = start + length;
                let (inner, whole) = match verbatim {
                    true => until(&self.text[body..], "ENDVERBATIM"),
                    false => (line_end(&self.text[body..]), line_end(&self.text[body..])),
                };
                self.at = body + whole;
                closed &= !verbatim || whole > inner;
                let kind = if verbatim { Kind::Verbatim } else { Kind::Title };
                return (self.token(kind, start, body, body + inner, glued), closed);
            }
            self.at += length;
            return (self.token(Kind::Name, start, start, start + length, glued), closed);
        }
        if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            let length = number(rest);
            self.at += length;
            return (self.token(Kind::Number, start, start, start + length, glued), closed);
        }
        if first == '"' {
            let inner = rest[1..].find('"');
            let length = inner.unwrap_or(rest.len() - 1);
            self.at = (start + length + 2).min(self.text.len());
            return (self.token(Kind::Text, start, start + 1, start + 1 + length, glued), closed && inner.is_some());
        }
        let length = SIGNS.iter().find(|sign| rest.starts_with(**sign)).map_or(first.len_utf8(), |sign| sign.len());
        self.at += length;
        (self.token(Kind::Sign, start, start, start + length, glued), closed)
    }

    fn token(&self, kind: Kind, start: usize, from: usize, to: usize, glued: bool) -> Token {
        let number = |x: usize| u32::try_from(x).unwrap_or(u32::MAX);
        let span = Span::new(self.file, number(start), number(self.at.max(to)));
        Token { kind, text: self.text.get(from..to).unwrap_or("").to_owned(), span, glued }
    }

    /// Skips spaces and comments; false where a comment has no end.
    fn skip(&mut self) -> bool {
        let mut closed = true;
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0' || c == '\u{1a}');
            self.at = self.text.len() - trimmed.len();
            if trimmed.starts_with([':', '?']) {
                self.at += line_end(trimmed);
            } else if is_word(trimmed, "COMMENT") {
                let body = &trimmed["COMMENT".len()..];
                let (inner, whole) = until(body, "ENDCOMMENT");
                closed &= whole > inner;
                self.at += "COMMENT".len() + whole;
            } else {
                return closed;
            }
        }
    }
}

fn is_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// How far it is to a closing word, and to its end.
fn until(text: &str, word: &str) -> (usize, usize) {
    text.find(word).map_or((text.len(), text.len()), |at| (at, at + word.len()))
}

fn line_end(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

/// Length of the number at the beginning.
fn number(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count();
    let mut at = digits(0);
    if bytes.get(at) == Some(&b'.') {
        at = digits(at + 1);
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        let end = digits(at + 1 + sign);
        if end > at + 1 + sign {
            at = end;
        }
    }
    at
}
