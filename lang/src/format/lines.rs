//! Where lines begin: indentation, empty lines, comments behind lines. What stands between two tokens of a line is `space`'s.

use super::piece::{Kind, Piece};
use super::space::Flow;
use bouton_syntax::token::{Keyword, Sign, Tok};

const INDENT: usize = 4;

/// Trailing comments stand at least so far behind their line.
const BEFORE_COMMENT: usize = 2;

/// What stands before each piece, and behind the last.
pub(super) fn gaps(pieces: &[Piece<'_>]) -> Vec<String> {
    let mut lines = Lines::default();
    let mut flow = Flow::new(pieces);
    let mut gaps = Vec::with_capacity(pieces.len() + 1);
    let mut before: Option<&Piece> = None;
    for (at, piece) in pieces.iter().enumerate() {
        lines.meet(piece);
        flow.meet(at, &lines);
        gaps.push(match before {
            None => String::new(),
            Some(before) => lines.gap(before, piece, &flow),
        });
        lines.pass(piece);
        flow.pass(at);
        before = Some(piece);
    }
    gaps.push(if pieces.is_empty() { String::new() } else { "\n".to_owned() });
    gaps
}

/// What is open around a piece.
struct Open {
    /// How deep the line is indented in which it was opened.
    indent: usize,
    brace: bool,
    /// The first word of the item that opened it.
    head: Option<Keyword>,
}

/// Where in the structure of lines a piece stands.
#[derive(Default)]
pub(super) struct Lines {
    open: Vec<Open>,
    /// How deep this line is indented.
    indent: usize,
    /// The token before.
    last: Option<Tok<'static>>,
    /// Whether an item ended since then.
    ended: bool,
    /// Whether the piece is the first token of an item.
    pub first: bool,
    /// The word that began the item.
    pub head: Option<Keyword>,
}

impl Lines {
    /// Looks at the next piece before its gap is known.
    fn meet(&mut self, piece: &Piece) {
        self.ended |= piece.separated;
        let Some(token) = piece.token() else { return };
        self.first = self.ended || self.last.is_none() || self.at_attribute() || self.last == Some(Tok::Sign(Sign::BraceOpen));
        if self.first {
            self.head = if let Tok::Word(word) = token { Some(word) } else { None };
        }
    }

    /// Goes on behind a piece.
    fn pass(&mut self, piece: &Piece) {
        let Some(token) = piece.token() else { return };
        match token {
            Tok::Sign(sign) if sign.opens() => {
                self.open.push(Open { indent: self.indent, brace: sign == Sign::BraceOpen, head: self.head });
            }
            Tok::Sign(sign) if sign.closes() => self.head = self.open.pop().and_then(|open| open.head),
            _ => {}
        }
        self.last = Some(without_text(token));
        self.ended = false;
    }

    fn gap(&mut self, before: &Piece, piece: &Piece, flow: &Flow) -> String {
        let closes = matches!(piece.token(), Some(Tok::Sign(sign)) if sign.closes());
        let opened = before.token().is_some_and(|token| token == Tok::Sign(Sign::BraceOpen));
        let goes_on = piece.token() == Some(Tok::Word(Keyword::Else)) && before.token() == Some(Tok::Sign(Sign::BraceClose));
        if piece.newlines > 0 && !goes_on {
            self.indent = self.depth(closes);
            let empty = piece.newlines > 1 && !opened && !closes;
            return format!("{}{}", if empty { "\n\n" } else { "\n" }, " ".repeat(self.indent * INDENT));
        }
        if piece.kind == Kind::LineComment {
            return " ".repeat(BEFORE_COMMENT);
        }
        if piece.separated && !opened && !closes {
            return "; ".to_owned();
        }
        if flow.spaced { " ".to_owned() } else { String::new() }
    }

    /// How deep a line is indented that begins here.
    fn depth(&self, closes: bool) -> usize {
        let inner = self.open.last();
        match inner {
            Some(open) if closes => open.indent,
            Some(open) if !open.brace => open.indent + 1,
            _ => inner.map_or(0, |open| open.indent + 1) + usize::from(self.continues()),
        }
    }

    /// Whether a line that begins here goes on with the item of the line before.
    fn continues(&self) -> bool {
        let borders = matches!(self.last, None | Some(Tok::Sign(Sign::BraceOpen | Sign::BraceClose)));
        !self.ended && !borders && !self.at_attribute()
    }

    /// Whether a comma stands before that parts attributes, and not the names of one list.
    fn at_attribute(&self) -> bool {
        let in_brackets = self.open.last().is_some_and(|open| !open.brace);
        self.last == Some(Tok::Sign(Sign::Comma)) && !in_brackets && self.head.is_none()
    }

    /// Whether a reaction of a kinetic scheme stands here.
    pub fn in_reaction(&self) -> bool {
        self.head.is_none() && self.open.last().is_some_and(|open| open.brace && open.head == Some(Keyword::Kinetic))
    }
}

/// The kind of a token alone.
fn without_text(token: Tok) -> Tok<'static> {
    match token {
        Tok::Sign(sign) => Tok::Sign(sign),
        Tok::Word(word) => Tok::Word(word),
        _ => Tok::Error,
    }
}

/// A comment that stands in a column with others.
struct Aligned {
    /// Its place among the pieces.
    at: usize,
    /// How wide the line is in front of it.
    width: usize,
    /// Whether it goes on, on a line of its own, with the comment above.
    goes_on: bool,
}

/// Moves the comments behind neighbouring lines into one column, with those that stand right below them.
pub(super) fn align_comments(pieces: &[Piece<'_>], gaps: &mut [String]) {
    let mut run: Vec<Aligned> = Vec::new();
    let mut width = 0;
    for (at, piece) in pieces.iter().enumerate() {
        let Some(gap) = gaps.get(at) else { break };
        let new_line = at == 0 || gap.contains('\n');
        let is_comment = piece.kind == Kind::LineComment;
        let above = run.last().filter(|last| last.at + 1 == at && !gap.starts_with("\n\n")).and_then(|last| pieces.get(last.at));
        let goes_on = new_line && is_comment && above.is_some_and(|above| above.column == piece.column);
        if new_line && above.is_none() {
            align(&mut run, gaps);
        }
        let Some(gap) = gaps.get(at) else { break };
        let kept = if new_line { 0 } else { width };
        if goes_on || is_comment && !new_line {
            run.push(Aligned { at, width: kept, goes_on });
        }
        let lead = gap.rsplit('\n').next().unwrap_or("").chars().count();
        width = match piece.text.rsplit_once('\n') {
            Some((_, last_line)) => last_line.chars().count(),
            None => kept + lead + piece.text.chars().count(),
        };
    }
    align(&mut run, gaps);
}

/// Gives the comments of a run their column, and begins another run.
fn align(run: &mut Vec<Aligned>, gaps: &mut [String]) {
    let column = run.iter().map(|one| one.width).max().unwrap_or(0) + BEFORE_COMMENT;
    for one in run.drain(..) {
        if let Some(gap) = gaps.get_mut(one.at) {
            *gap = format!("{}{}", if one.goes_on { "\n" } else { "" }, " ".repeat(column - one.width));
        }
    }
}
