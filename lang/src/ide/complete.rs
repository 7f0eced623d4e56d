//! What could stand at a place. A name that cannot exist is put there and the check is asked what it would have accepted: so nothing is
//! offered that would then be refused, and every list of names stands once, where it is checked.

mod words;

pub(super) use words::shape;

use super::symbol::{Kind, Symbol};
use super::{Document, Ide};
use crate::World;
use crate::check::draws;
use crate::check::script::series::ANALYSIS;
use bouton_model::builtin;
use bouton_model::unit::table;
use bouton_syntax::lexer::lex;
use bouton_syntax::token::{Role, Sign, Tok, Token};
use bouton_syntax::{Code, Diagnostics, Source, Span};
use std::collections::HashSet;

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// What is written.
    pub text: String,
    /// What it is; nothing for words of the language and names of attributes.
    pub kind: Option<Kind>,
    /// A few words about it.
    pub detail: String,
    /// A text with places to fill in, `${1:name}`, where there is more to write than the word.
    pub snippet: Option<&'static str>,
}

/// A name that no text has.
const PROBE: &str = "zzxq_what_could_stand_here";

/// A unit whose dimension nothing has.
const ODD_UNIT: &str = "K^7";

impl Ide {
    /// What could stand at a place of a text, which replaces the given place: the word around the cursor.
    #[must_use]
    pub fn complete(&self, document: &Document, offset: u32, name: &str, world: &dyn World) -> (Span, Vec<Proposal>) {
        let source = document.source();
        let word = word_at(source, document.file, offset);
        let mut silent = Diagnostics::new();
        let tokens = lex(source, document.file, &mut silent).tokens;
        let place = Place::of(&tokens, word.start);
        if place.quoted {
            return (word, Vec::new());
        }
        let probe = if place.after_number { ODD_UNIT } else { PROBE };
        let (before, after) = (source.text.get(..word.start as usize), source.text.get(word.end as usize..));
        let text = closed(format!("{}{probe}{}", before.unwrap_or_default(), after.unwrap_or_default()));
        let (findings, file) = self.findings(name, &text, world, document);
        let length = u32::try_from(probe.len()).unwrap_or(u32::MAX);
        let asked = Span::new(file, word.start, word.start + length);
        let touches = |span: Span| span.file == file && span.start <= asked.start && span.end >= asked.end;
        let mut all: Vec<Proposal> = Vec::new();
        let mut in_value = false;
        for finding in findings.iter().filter(|one| touches(one.span)) {
            in_value |= matches!(finding.code, Code::UnknownName | Code::UnknownVariable | Code::UnknownFunction);
            // Of a path only what is behind the last dot is written here.
            let path = text.get(finding.span.start as usize..asked.start as usize).unwrap_or("");
            all.extend(finding.candidates.iter().filter_map(|name| {
                let rest = name.strip_prefix(path).unwrap_or(name);
                let part = if rest.len() < name.len() { rest.split('.').next()? } else { name };
                Some(document.proposal(part))
            }));
        }
        let fits = !all.is_empty();
        if in_value {
            all.extend(document.values());
        }
        if place.begins {
            let begins = words::words(place.block).iter();
            all.extend(begins.map(|(word, snippet)| Proposal { snippet: *snippet, ..Proposal::plain(word, "") }));
        }
        if all.is_empty() && !place.begins && !place.after_dot {
            // Where the line is not whole enough to be checked, what its word is about.
            all.extend(document.about_line(place.head, word.start));
        }
        if !place.after_dot {
            all.extend(words::clauses(place.head).iter().map(|word| Proposal::plain(word, "")));
        }
        if place.behind_unit || place.after_number && !fits {
            all.extend(table::names().chain(AREAS.map(str::to_owned)).map(|name| Proposal::plain(&name, "")));
        }
        let written = source.slice(word);
        // What is being written is no news.
        all.retain(|one| one.text != written && one.text != PROBE);
        let mut known: HashSet<String> = HashSet::new();
        all.retain(|one| known.insert(one.text.clone()));
        (word, all)
    }
}

impl Proposal {
    fn plain(text: &str, detail: &str) -> Proposal {
        Proposal { text: text.to_owned(), kind: None, detail: detail.to_owned(), snippet: None }
    }
}

impl Document {
    /// What can stand wherever a value can: functions, and what a script keeps.
    fn values(&self) -> Vec<Proposal> {
        let functions = builtin::FUNCTIONS.iter().map(|row| (row.name, row.doc));
        let draws = draws().map(|(name, _)| (name, "a random draw"));
        let analysis = ANALYSIS.iter().flat_map(|row| called(row.call).map(|name| (name, row.doc)));
        let of_language = functions.chain(draws).chain(analysis);
        let function = |(name, doc): (&str, &str)| Proposal { kind: Some(Kind::Function), ..Proposal::plain(name, doc) };
        let kept =
            [Kind::Function, Kind::Record, Kind::Study, Kind::Let, Kind::Param, Kind::Population, Kind::Connection, Kind::Copy];
        let is_kept = |id: &usize| self.table.get(*id).is_some_and(|one| kept.contains(&one.kind));
        let declared = self.table.top.iter().filter(|(_, id)| is_kept(id)).map(|(name, _)| self.proposal(name));
        let words = ["if", "not", "true", "false", "all"].into_iter().map(|word| Proposal::plain(word, ""));
        of_language.map(function).chain(declared).chain(words).collect()
    }

    /// What a line that begins with a word speaks of.
    fn about_line(&self, head: &str, at: u32) -> Vec<Proposal> {
        use Kind::{Cell, Connection, Copy, Insert, Mechanism, PointMechanism, Population, Section, Study, Synapse};
        let kinds: &[Kind] = match head {
            "connect" | "stimulate" => &[Population, Copy, Cell, Synapse, Section, PointMechanism],
            "set" | "vary" => &[Population, Copy, Cell, Connection, Kind::Param],
            "apply" => &[Study],
            "insert" => &[Mechanism],
            "synapse" | "spike" => &[PointMechanism, Section],
            "in" => &[Section],
            "population" => &[Cell],
            "use" => return vec![Proposal::plain("std", "the library")],
            _ => &[],
        };
        let by_kind = self.table.symbols.iter().filter(|one| kinds.contains(&one.kind));
        let mut all: Vec<Proposal> = by_kind.map(|one| self.of_symbol(one)).collect();
        if !matches!(head, "" | "use" | "import" | "insert" | "apply") {
            // Names of the declaration that the line stands in.
            let around = self.table.symbols.iter().enumerate();
            let around = around.filter(|(_, one)| one.span.file == self.file && one.whole.start < at && at <= one.whole.end + 1);
            let members = around.flat_map(|(id, _)| self.table.members(id)).filter_map(|id| self.table.get(id));
            let members = members.filter(|one| !matches!(one.kind, Insert));
            all.extend(members.map(|one| self.of_symbol(one)));
            all.extend(self.values());
        }
        all
    }

    fn of_symbol(&self, symbol: &Symbol) -> Proposal {
        Proposal { text: symbol.name.to_string(), kind: Some(symbol.kind), detail: self.header(symbol), snippet: None }
    }

    fn proposal(&self, name: &str) -> Proposal {
        let top = self.table.top.get(name).and_then(|id| self.table.get(*id));
        // The text's own come first.
        let inner = || self.table.symbols.iter().filter(|one| *one.name == *name).max_by_key(|one| one.span.file == self.file);
        top.or_else(inner).map_or_else(|| Proposal::plain(name, ""), |symbol| self.of_symbol(symbol))
    }
}

/// The word around a place, up to its end.
fn word_at(source: &Source, file: bouton_syntax::FileId, offset: u32) -> Span {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let at = source.text.floor_char_boundary((offset as usize).min(source.text.len()));
    let (before, after) = source.text.split_at(at);
    let start = before.trim_end_matches(part).len();
    let end = at + (after.len() - after.trim_start_matches(part).len());
    let count = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    // A word does not begin with a digit: `5 mV` has its unit behind a space or not.
    let digits =
        source.text.get(start..at).map_or(0, |word| word.len() - word.trim_start_matches(|c: char| c.is_ascii_digit()).len());
    Span::new(file, count(start + digits), count(end.max(start + digits)))
}

/// Squares of lengths, which channels are counted by.
const AREAS: [&str; 4] = ["cm2", "um2", "mm2", "m2"];

/// The functions in a call such as `count(spikes(S))`.
fn called(call: &'static str) -> impl Iterator<Item = &'static str> {
    let heads = call.split('(').rev().skip(1);
    heads.filter_map(|head| head.rsplit(|letter: char| !letter.is_alphanumeric() && letter != '_').next())
}

/// A text whose open brackets are closed at its end: what is being typed is seldom whole.
fn closed(mut text: String) -> String {
    let source = Source::new("", std::mem::take(&mut text));
    let mut silent = Diagnostics::new();
    let mut open: Vec<&str> = Vec::new();
    for token in lex(&source, bouton_syntax::FileId::default(), &mut silent).tokens {
        match token.kind {
            Tok::Sign(Sign::BraceOpen) | Tok::ValueOpen => open.push("}"),
            Tok::Sign(Sign::BracketOpen) => open.push("]"),
            Tok::Sign(Sign::ParenOpen) => open.push(")"),
            Tok::Sign(sign) if sign.closes() => drop(open.pop()),
            Tok::ValueClose => drop(open.pop()),
            Tok::TextOpen if !source.text.get(token.span.end as usize..).unwrap_or("").contains('"') => open.push("\""),
            _ => {}
        }
    }
    text = source.text;
    open.iter().rev().for_each(|close| text.push_str(close));
    text
}

/// What stands around a place.
struct Place<'t> {
    /// Whether a line can begin here.
    begins: bool,
    /// Whether a number stands right before.
    after_number: bool,
    /// Whether a dot stands right before.
    after_dot: bool,
    /// Whether a unit goes on here: behind `S/`.
    behind_unit: bool,
    /// Whether it is inside of a text or a comment.
    quoted: bool,
    /// The word that the line begins with.
    head: &'t str,
    /// The word that the innermost braces belong to.
    block: &'t str,
}

impl<'t> Place<'t> {
    fn of(tokens: &[Token<'t>], offset: u32) -> Place<'t> {
        // Of the braces around the place: the word of the line that they belong to, and what that line began with.
        let mut open: Vec<&str> = Vec::new();
        let (mut head, mut begins) = ("", true);
        let (mut texts, mut values) = (0usize, 0usize);
        let mut last: [Option<Tok<'t>>; 2] = [None, None];
        for token in tokens.iter().take_while(|token| token.span.end <= offset && token.span.start < offset) {
            last = [last[1], Some(token.kind)];
            match token.kind {
                Tok::Sign(Sign::BraceOpen) => {
                    open.push(head);
                    (head, begins) = ("", true);
                }
                Tok::Sign(Sign::BraceClose) => {
                    // Clauses may go on behind the braces of an item.
                    head = open.pop().unwrap_or("");
                    begins = true;
                }
                Tok::Break => (head, begins) = ("", true),
                // Attributes and declarations go on in the same line.
                Tok::Sign(Sign::Comma) => begins = false,
                Tok::TextOpen => texts += 1,
                Tok::TextClose => texts = texts.saturating_sub(1),
                Tok::ValueOpen => values += 1,
                Tok::ValueClose => values = values.saturating_sub(1),
                // Behind its braces a line may go on.
                Tok::Word(word) if begins && word.role() == Role::Clause && !head.is_empty() => begins = false,
                Tok::Word(word) if begins => (head, begins) = (word.text(), false),
                Tok::Ident(name) if begins => (head, begins) = (name, false),
                _ => begins = false,
            }
        }
        let after_number = matches!(last[1], Some(Tok::Number(_)));
        let behind_unit =
            matches!(last, [Some(Tok::Unit(_) | Tok::Ident(_) | Tok::Number(_)), Some(Tok::Sign(Sign::Slash | Sign::Star))]);
        let after_dot = matches!(last[1], Some(Tok::Sign(Sign::Dot)));
        Place {
            begins,
            after_dot,
            after_number,
            behind_unit,
            quoted: texts > values,
            head,
            block: open.last().copied().unwrap_or(""),
        }
    }
}
