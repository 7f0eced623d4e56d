//! Tokens of an NMODL file become its tree. What cannot be read is told, and skipped to the end of its block.

mod declare;
mod expr;
mod statement;

use super::token::{Include, Kind, Token, tokens};
use super::tree::{Block, BlockKind, File, Name, Place};
use bouton_syntax::{Code, Diagnostic, Diagnostics, SourceMap, Span};
use std::collections::HashMap;

/// How deep statements and values may nest.
const MOST_DEEP: usize = 128;
/// After so many errors a file is given up.
const MOST_ERRORS: usize = 20;

/// The tree of a file, which is added to `sources`.
pub fn parse(name: &str, text: &str, include: Include<'_>, sources: &mut SourceMap, sink: &mut Diagnostics) -> File {
    let (file, tokens) = tokens(name, text, include, sources, sink);
    let size = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let mut parser = Parser {
        tokens,
        at: 0,
        sink,
        out: File { span: Span::new(file, 0, size), ..File::default() },
        defined: HashMap::new(),
        deep: 0,
    };
    parser.file();
    let mut out = parser.out;
    // What does not say its name has that of its file.
    if !out.blocks.is_empty() && out.neuron.name.is_none() {
        let stem = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let text = stem.strip_suffix(".mod").unwrap_or(stem);
        out.neuron.name = Some((Place::Density, Name { text: text.into(), span: Span { end: 0, ..out.span } }));
    }
    super::start::declare(&mut out);
    out
}

/// An error was told; the caller gives up what it reads.
#[derive(Clone, Copy, Debug)]
struct Told;

type Read<T> = Result<T, Told>;

struct Parser<'a> {
    tokens: Vec<Token>,
    at: usize,
    sink: &'a mut Diagnostics,
    out: File,
    /// DEFINE
    defined: HashMap<String, f64>,
    deep: usize,
}

impl Parser<'_> {
    fn file(&mut self) {
        let mut errors = 0;
        while self.peek().kind != Kind::End {
            let before = self.at;
            if self.item().is_err() {
                errors += 1;
                if errors >= MOST_ERRORS {
                    return;
                }
                self.recover(before);
            }
        }
    }

    /// To the end of the block that begins at `from`.
    fn recover(&mut self, from: usize) {
        self.at = from;
        let mut depth = 0_usize;
        loop {
            let token = self.next();
            match (token.kind, token.text.as_str()) {
                (Kind::End, _) => return,
                (Kind::Sign, "{") => depth += 1,
                (Kind::Sign, "}") if depth <= 1 => return,
                (Kind::Sign, "}") => depth -= 1,
                _ => {}
            }
        }
    }

    fn item(&mut self) -> Read<()> {
        let token = self.next();
        match token.kind {
            Kind::Title => self.out.title = Some(token.text.trim().to_owned()),
            Kind::Verbatim => self.out.verbatim.push((token.text, token.span)),
            Kind::Name => return self.named(&token),
            _ => return self.fail(&token, "a block, such as NEURON or BREAKPOINT"),
        }
        Ok(())
    }

    fn named(&mut self, token: &Token) -> Read<()> {
        use BlockKind as B;
        match token.text.as_str() {
            "NEURON" => self.neuron(),
            "UNITS" => self.units(),
            "PARAMETER" => {
                let list = self.declarations()?;
                self.out.parameters.extend(list);
                Ok(())
            }
            "CONSTANT" => {
                let list = self.declarations()?;
                self.out.constants.extend(list);
                Ok(())
            }
            "ASSIGNED" => {
                let list = self.declarations()?;
                self.out.assigned.extend(list);
                Ok(())
            }
            "STATE" => {
                let list = self.declarations()?;
                self.out.states.extend(list);
                Ok(())
            }
            "INDEPENDENT" => self.independent(),
            "DEFINE" => self.define(),
            "UNITSON" | "UNITSOFF" => {
                self.switch_units(token);
                Ok(())
            }
            "LOCAL" => {
                let list = self.local_list()?;
                self.out.locals.extend(list);
                Ok(())
            }
            "BREAKPOINT" | "EQUATION" => self.block(B::Breakpoint, token),
            "INITIAL" => self.block(B::Initial, token),
            "DERIVATIVE" => self.block(B::Derivative, token),
            "KINETIC" => self.block(B::Kinetic, token),
            "LINEAR" => self.block(B::Linear, token),
            "NONLINEAR" => self.block(B::Nonlinear, token),
            "DISCRETE" => self.block(B::Discrete, token),
            "FUNCTION" => self.block(B::Function, token),
            "PROCEDURE" => self.block(B::Procedure, token),
            "FUNCTION_TABLE" => self.block(B::FunctionTable, token),
            "NET_RECEIVE" => self.block(B::NetReceive, token),
            "CONSTRUCTOR" => self.block(B::Constructor, token),
            "DESTRUCTOR" => self.block(B::Destructor, token),
            "BEFORE" | "AFTER" => self.around(token),
            "DEPENDENT" => {
                let list = self.declarations()?;
                self.out.assigned.extend(list);
                Ok(())
            }
            _ => self.fail(token, "a block, such as NEURON or BREAKPOINT"),
        }
    }

    fn around(&mut self, token: &Token) -> Read<()> {
        let which = self.next();
        let kind = match (token.text.as_str(), which.text.as_str()) {
            ("BEFORE", "INITIAL") => BlockKind::BeforeInitial,
            ("AFTER", "INITIAL") => BlockKind::AfterInitial,
            ("BEFORE", "BREAKPOINT") => BlockKind::BeforeBreakpoint,
            ("AFTER", "SOLVE") => BlockKind::AfterSolve,
            ("BEFORE", "STEP") => BlockKind::BeforeStep,
            _ => return self.fail(&which, "INITIAL, BREAKPOINT, SOLVE or STEP"),
        };
        self.block(kind, token)
    }

    fn block(&mut self, kind: BlockKind, token: &Token) -> Read<()> {
        use BlockKind as B;
        let mut name = Name { text: token.text.as_str().into(), span: token.span };
        if matches!(
            kind,
            B::Derivative | B::Kinetic | B::Linear | B::Nonlinear | B::Discrete | B::Function | B::Procedure | B::FunctionTable
        ) {
            name = self.name("the name of the block")?;
        }
        let (mut arguments, mut unit) = (Vec::new(), None);
        if self.is("(") {
            self.next();
            while !self.is(")") {
                let argument = self.name("the name of an argument")?;
                let unit = self.unit()?;
                arguments.push((argument, unit));
                if !self.take(",") && !self.is(")") {
                    let token = self.next();
                    return self.fail(&token, "`,` or `)`");
                }
            }
            self.next();
            unit = self.unit()?;
        }
        if kind == BlockKind::Kinetic || kind == BlockKind::Derivative {
            // Old files name states or methods here.
            while self.peek().kind == Kind::Name {
                self.next();
            }
        }
        let body = if kind == BlockKind::FunctionTable && !self.is("{") { Vec::new() } else { self.body()? };
        self.out.blocks.push(Block { kind, name, arguments, unit, body, curve: None, span: token.span });
        Ok(())
    }

    /// UNITSOFF opens a range that UNITSON, or the end of the file, closes.
    fn switch_units(&mut self, token: &Token) {
        let end = self.out.span.end;
        match self.out.unchecked.last_mut().filter(|range| range.end == end) {
            Some(open) if token.text == "UNITSON" => open.end = token.span.start,
            None if token.text == "UNITSOFF" => self.out.unchecked.push(Span { end, ..token.span }),
            _ => {}
        }
    }

    // What everything is read with.

    fn peek(&self) -> &Token {
        &self.tokens[self.at.min(self.tokens.len() - 1)]
    }

    fn peek_behind(&self) -> &Token {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)]
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    fn is(&self, sign: &str) -> bool {
        self.peek().kind == Kind::Sign && self.peek().text == sign
    }

    fn is_word(&self, word: &str) -> bool {
        self.peek().kind == Kind::Name && self.peek().text == word
    }

    fn take(&mut self, sign: &str) -> bool {
        let found = self.is(sign);
        if found {
            self.next();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        if found {
            self.next();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Read<Token> {
        let token = self.next();
        match token.kind == Kind::Sign && token.text == sign {
            true => Ok(token),
            false => self.fail(&token, &format!("`{sign}`")),
        }
    }

    fn name(&mut self, what: &str) -> Read<Name> {
        let token = self.next();
        match token.kind {
            Kind::Name => Ok(Name { text: token.text.as_str().into(), span: token.span }),
            _ => self.fail(&token, what),
        }
    }

    fn fail<T>(&mut self, found: &Token, wanted: &str) -> Read<T> {
        let what = match found.kind {
            Kind::End => "the end of the file".to_owned(),
            Kind::Verbatim => "a VERBATIM block".to_owned(),
            _ => format!("`{}`", found.text),
        };
        self.sink.push(Diagnostic::new(Code::ForeignText, found.span, format!("expected {wanted}, found {what}")));
        Err(Told)
    }

    /// `(mV)`, where one stands here: without the parentheses.
    fn unit(&mut self) -> Read<Option<String>> {
        if !self.is("(") {
            return Ok(None);
        }
        self.next();
        let mut text = String::new();
        loop {
            let token = self.next();
            match (&token.kind, token.text.as_str()) {
                (Kind::Sign, ")") => return Ok(Some(text)),
                (Kind::End, _) | (Kind::Sign, "{" | "}" | "(" | "=") => return self.fail(&token, "a unit and `)`"),
                _ => {}
            }
            if !token.glued && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&token.text);
        }
    }

    fn deeper<T>(&mut self, f: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.deep >= MOST_DEEP {
            let token = self.next();
            self.sink.push(Diagnostic::new(Code::TooDeep, token.span, format!("nested deeper than {MOST_DEEP}")));
            return Err(Told);
        }
        self.deep += 1;
        let result = f(self);
        self.deep -= 1;
        result
    }
}
