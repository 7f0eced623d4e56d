//! Rust text as words and signs, without comments, texts and numbers. As much of the language as the rules need, and no more.

/// A word (identifier or keyword), a sign, or something that is neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Word(String),
    Sign(char),
    Literal,
}

/// A token and its line, from 1.
#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub line: usize,
}

impl Token {
    pub fn is_word(&self, word: &str) -> bool {
        matches!(&self.kind, Kind::Word(own) if own == word)
    }

    pub fn is_sign(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }
}

/// The tokens of a text.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut reader = Reader { chars: &chars, at: 0, line: 1 };
    let mut tokens = Vec::new();
    while let Some(first) = reader.peek(0) {
        let line = reader.line;
        if let Some(kind) = reader.next(first) {
            tokens.push(Token { kind, line });
        }
    }
    tokens
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    line: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.line += usize::from(self.peek(0) == Some('\n'));
            self.at += 1;
        }
    }

    fn skip_while(&mut self, matches: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&matches) {
            self.skip(1);
        }
    }

    /// Reads one token, or skips what is none.
    fn next(&mut self, first: char) -> Option<Kind> {
        match (first, self.peek(1)) {
            ('/', Some('/')) => self.skip_while(|c| c != '\n'),
            ('/', Some('*')) => self.block_comment(),
            ('"', _) => return Some(self.quoted('"')),
            ('\'', _) => return Some(self.character_or_lifetime()),
            _ if first.is_whitespace() => self.skip(1),
            _ if first.is_ascii_digit() => {
                self.skip_while(|c| c.is_alphanumeric() || c == '_');
                return Some(Kind::Literal);
            }
            _ if first.is_alphabetic() || first == '_' => return Some(self.word()),
            _ => {
                self.skip(1);
                return Some(Kind::Sign(first));
            }
        }
        None
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        while let Some(first) = self.peek(0) {
            match (first, self.peek(1)) {
                ('/', Some('*')) => (depth, self.at) = (depth + 1, self.at + 2),
                ('*', Some('/')) => (depth, self.at) = (depth - 1, self.at + 2),
                _ => self.skip(1),
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Kind {
        self.skip(1);
        while let Some(next) = self.peek(0) {
            self.skip(if next == '\\' { 2 } else { 1 });
            if next == quote {
                break;
            }
        }
        Kind::Literal
    }

    fn character_or_lifetime(&mut self) -> Kind {
        if self.peek(1) == Some('\\') || self.peek(2) == Some('\'') {
            return self.quoted('\'');
        }
        self.skip(1);
        self.skip_while(|c| c.is_alphanumeric() || c == '_');
        Kind::Literal
    }

    /// A word, or the raw text that a prefix such as `r#` begins.
    fn word(&mut self) -> Kind {
        let start = self.at;
        self.skip_while(|c| c.is_alphanumeric() || c == '_');
        let word: String = self.chars[start..self.at].iter().collect();
        let hashes = self.chars[self.at..].iter().take_while(|c| **c == '#').count();
        match word.as_str() {
            "r" | "br" | "cr" if self.peek(hashes) == Some('"') => self.raw(hashes),
            "b" | "c" if self.peek(0) == Some('"') => self.quoted('"'),
            "b" if self.peek(0) == Some('\'') => self.quoted('\''),
            _ => Kind::Word(word),
        }
    }

    fn raw(&mut self, hashes: usize) -> Kind {
        self.skip(hashes + 1);
        while let Some(next) = self.peek(0) {
            let closes = next == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            self.skip(if closes { hashes + 1 } else { 1 });
            if closes {
                break;
            }
        }
        Kind::Literal
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    fn words(text: &str) -> Vec<String> {
        let word = |kind| if let Kind::Word(word) = kind { Some(word) } else { None };
        tokens(text).into_iter().filter_map(|token| word(token.kind)).collect()
    }

    #[test]
    fn comments_and_texts_are_no_words() {
        assert_eq!(
            words("a // b\n/* c /* d */ e */ f \"g \\\" h\" i r#\"j \" k\"# l 'm' n 'o: p b\"q\" '\\'' r"),
            ["a", "f", "i", "l", "n", "p", "r"]
        );
    }

    #[test]
    fn lines_are_counted_through_texts() {
        let tokens = tokens("a\n\"\n\n\"\nb");
        assert_eq!(tokens.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 2, 5]);
    }
}
