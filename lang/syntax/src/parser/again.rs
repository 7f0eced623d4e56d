//! Reading a text again after a change: an item whose tokens, and the next few behind it, are what they were becomes what it became. Only
//! where all braces close, since elsewhere what an item is depends on lines far away.

use super::input::Memory;
use super::{Read, read};
use crate::ast::{Doc, File, Item, Shift};
use crate::diagnostic::Diagnostics;
use crate::lexer::Tokens;
use crate::source::Source;
use crate::span::FileId;
use crate::token::{Tok, Token};
use std::collections::HashMap;

/// How many tokens behind an item can have a say in it: rules look at the next token and at the one behind it.
const AHEAD: usize = 2;

/// A text that was read, with what reading it again needs.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Its tree.
    pub tree: File,
    /// What is wrong with it.
    pub found: Diagnostics,
    /// How many items were known from before.
    pub kept: usize,
    file: FileId,
    text: String,
    /// Without the letters of names, which are in the text.
    tokens: Vec<Token<'static>>,
    docs: Vec<(u32, Doc)>,
    marks: Vec<Mark>,
}

/// An item that nothing was told of, whose documentation all went into the tree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    /// Its first token.
    pub start: usize,
    /// The token behind its last.
    pub end: usize,
    /// Which of the tree's items it is.
    pub item: usize,
}

/// Items that need not be read, by the tokens that they begin with: the token behind each and what it is.
pub(super) type Ready = HashMap<usize, (usize, Item)>;

impl Parsed {
    /// Reads a text. `before` is what was read before it was changed. Never fails and never panics.
    #[must_use]
    pub fn new(source: &Source, file: FileId, before: Option<&Parsed>) -> Parsed {
        let before = before.filter(|before| before.file == file);
        let mut kept = 0;
        let Read { tree, found, tokens, marks } = read(source, file, |tokens| {
            let ready = before.filter(|_| is_closed(tokens)).map(|before| before.ready(&source.text, tokens)).unwrap_or_default();
            kept = ready.len();
            ready
        });
        let marks = if is_closed(&tokens) { marks } else { Vec::new() };
        let bare = tokens.tokens.iter().map(|token| Token { kind: bare(token.kind), span: token.span }).collect();
        Parsed { tree, found, kept, file, text: source.text.clone(), tokens: bare, docs: tokens.docs, marks }
    }

    /// The items that stand in a changed text as they did, at the same place or as far from the end.
    fn ready(&self, text: &str, tokens: &Tokens<'_>) -> Ready {
        let longer = text.len() as i64 - self.text.len() as i64;
        let mut ready = Ready::new();
        for mark in &self.marks {
            for by in [0, longer] {
                let Some((start, item)) = self.again(mark, by, text, tokens) else { continue };
                ready.insert(start, (start + mark.end - mark.start, item));
                break;
            }
        }
        ready
    }

    /// An item so many bytes further on, if all that it was made of stands there; and its first token.
    fn again(&self, mark: &Mark, by: i64, text: &str, new: &Tokens<'_>) -> Option<(usize, Item)> {
        let moved = |at: u32| u32::try_from(i64::from(at) + by).ok();
        let tokens = self.tokens.get(mark.start..(mark.end + AHEAD).min(self.tokens.len()))?;
        let (first, last) = (tokens.first()?.span.start, tokens.last()?.span.end);
        let place = moved(first)?;
        if self.text.get(first as usize..last as usize)? != text.get(place as usize..moved(last)? as usize)? {
            return None;
        }
        let start = new.tokens.binary_search_by_key(&place, |token| token.span.start).ok()?;
        let there = new.tokens.get(start..(start + mark.end - mark.start + AHEAD).min(new.tokens.len()))?;
        let same = |(old, new): (&Token<'_>, &Token<'_>)| {
            old.kind == bare(new.kind) && moved(old.span.start) == Some(new.span.start) && old.span.len() == new.span.len()
        };
        if tokens.len() != there.len() || !tokens.iter().zip(there).all(same) {
            return None;
        }
        let end = tokens.get(mark.end - mark.start - 1)?.span.end;
        let (docs, docs_there) = (within(&self.docs, first, end), within(&new.docs, place, moved(end)?));
        let same = |((_, old), (_, new)): (&(u32, Doc), &(u32, Doc))| {
            old.text == new.text && moved(old.span.start) == Some(new.span.start) && old.span.len() == new.span.len()
        };
        if docs.len() != docs_there.len() || !docs.iter().zip(docs_there).all(same) {
            return None;
        }
        let mut item = self.tree.items.get(mark.item)?.clone();
        if by != 0 {
            item.shift(by);
        }
        Some((start, item))
    }
}

/// Whether each brace has its other one.
fn is_closed(tokens: &Tokens<'_>) -> bool {
    tokens.open_braces == 0 && tokens.lone_braces == 0
}

/// The documentation of what begins in a part of a text.
fn within(docs: &[(u32, Doc)], start: u32, end: u32) -> &[(u32, Doc)] {
    let at = |offset: u32| docs.partition_point(|(place, _)| *place < offset);
    docs.get(at(start)..at(end)).unwrap_or(&[])
}

/// A token without letters.
fn bare(kind: Tok<'_>) -> Tok<'static> {
    match kind {
        Tok::Ident(_) => Tok::Ident(""),
        Tok::Unit(_) => Tok::Unit(""),
        Tok::Letters(_) => Tok::Letters(""),
        Tok::Format(_) => Tok::Format(""),
        Tok::Break => Tok::Break,
        Tok::Word(word) => Tok::Word(word),
        Tok::Number(value) => Tok::Number(value),
        Tok::TextOpen => Tok::TextOpen,
        Tok::ValueOpen => Tok::ValueOpen,
        Tok::ValueClose => Tok::ValueClose,
        Tok::TextClose => Tok::TextClose,
        Tok::Sign(sign) => Tok::Sign(sign),
        Tok::Error => Tok::Error,
    }
}

impl Memory {
    /// The item that begins at a token, and the token behind it, if it was read before.
    pub(super) fn known(&mut self, start: usize, tokens: &[Token<'_>]) -> Option<(usize, Item)> {
        let (end, item) = self.ready.remove(&start)?;
        // Its documentation is in it.
        self.docs_of(start, end, tokens).iter_mut().for_each(|(_, doc)| *doc = None);
        Some((end, item))
    }

    /// Keeps where an item was read, if nothing was told of it since.
    pub(super) fn mark(&mut self, mark: Mark, told_before: usize, tokens: &[Token<'_>]) {
        let all_taken = self.docs_of(mark.start, mark.end, tokens).iter().all(|(_, doc)| doc.is_none());
        if self.told == told_before && mark.start < mark.end && all_taken {
            self.marks.push(mark);
        }
    }

    /// The documentation of what begins in a range of tokens.
    fn docs_of(&mut self, start: usize, end: usize, tokens: &[Token<'_>]) -> &mut [(u32, Option<Doc>)] {
        let offset = |at: usize| tokens.get(at).map_or(u32::MAX, |token| token.span.start);
        let at = |at: usize| self.docs.partition_point(|(place, _)| *place < offset(at));
        let range = at(start)..at(end);
        self.docs.get_mut(range).unwrap_or_default()
    }
}
