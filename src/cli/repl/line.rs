//! The line that is being typed: what could stand at the cursor, colours, and a hint of what a call takes. The answers are those that editors get.

use crate::cli::files::Disk;
use bouton_lang::ide::{Document, Ide, Paint};
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{Context, Helper};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

/// What is known while a line is typed.
#[derive(Clone)]
pub(super) struct Line {
    ide: Rc<Ide>,
    /// What was said before, the beginning of a piece included.
    before: Rc<RefCell<String>>,
    folder: Disk,
    /// Whether colours are shown.
    colour: bool,
}

impl Line {
    pub fn new(folder: Disk, colour: bool) -> Line {
        Line { ide: Rc::new(Ide::new()), before: Rc::default(), folder, colour }
    }

    /// Hears what was said.
    pub fn hear(&self, said: String) {
        self.before.replace(said);
    }

    /// What was said with a line behind it, and where the line begins.
    fn document(&self, line: &str) -> (Document, usize) {
        let before = self.before.borrow();
        (self.ide.document("session", &format!("{before}{line}"), &self.folder, None), before.len())
    }

    /// What is known of a name after what was said.
    pub fn card(&self, name: &str) -> Option<String> {
        let (document, start) = self.document(&format!("print {name}"));
        let card = document.card(u32::try_from(start + "print ".len()).ok()?)?;
        let lines = [card.code, card.text];
        Some(lines.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join("\n"))
    }

    /// The dimension of an expression after what was said, and its value where that needs no run.
    pub fn type_of(&self, expression: &str) -> Option<String> {
        let (document, start) = self.document(&format!("let type_of_this = {expression}"));
        document.value_at(u32::try_from(start + "let ".len()).ok()?)
    }
}

impl Helper for Line {}

impl Validator for Line {}

impl Completer for Line {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        if line.starts_with(':') {
            let word = line.get(1..pos).unwrap_or("");
            let fits = super::command::NAMES.iter().filter(|name| name.starts_with(word));
            let pair = |name: &&str| Pair { display: format!(":{name}"), replacement: (*name).to_owned() };
            return Ok((1, fits.map(pair).collect()));
        }
        let (document, start) = self.document(line);
        let Ok(offset) = u32::try_from(start + pos) else { return Ok((pos, Vec::new())) };
        let (word, all) = self.ide.complete(&document, offset, "session", &self.folder);
        let begin = (word.start as usize).saturating_sub(start).min(pos);
        let typed = line.get(begin..pos).unwrap_or("");
        let fits = all.into_iter().filter(|one| one.text.starts_with(typed));
        let pairs = fits.map(|one| Pair { display: one.text.clone(), replacement: one.text });
        Ok((begin, pairs.collect()))
    }
}

impl Hinter for Line {
    type Hint = String;

    /// The parameters of the call that is being written.
    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<String> {
        if pos < line.len() || !line.ends_with('(') {
            return None;
        }
        let (document, start) = self.document(line);
        let call = document.signature(u32::try_from(start + pos).ok()?)?;
        Some(format!("{})", call.params.join(", ")))
    }
}

impl Highlighter for Line {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour || line.starts_with(':') {
            return Cow::Borrowed(line);
        }
        let (document, start) = self.document(line);
        let mut painted = String::with_capacity(2 * line.len());
        let mut at = 0;
        for stroke in document.strokes() {
            let (from, to) = ((stroke.span.start as usize).checked_sub(start), (stroke.span.end as usize).checked_sub(start));
            let (Some(from), Some(to)) = (from, to) else { continue };
            let (Some(plain), Some(word)) = (line.get(at..from), line.get(from..to)) else { continue };
            [plain, code(stroke.paint), word, PLAIN].into_iter().for_each(|part| painted.push_str(part));
            at = to;
        }
        painted.push_str(line.get(at..).unwrap_or(""));
        Cow::Owned(painted)
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colour { Cow::Owned(format!("{DIM}{hint}{PLAIN}")) } else { Cow::Borrowed(hint) }
    }

    fn highlight_char(&self, _: &str, _: usize, kind: CmdKind) -> bool {
        self.colour && kind != CmdKind::MoveCursor
    }
}

/// What begins a colour on a terminal.
fn code(paint: Paint) -> &'static str {
    match paint {
        Paint::Keyword => "\x1b[1m",
        Paint::Number | Paint::Unit => "\x1b[36m",
        Paint::Text => "\x1b[32m",
        Paint::Comment => DIM,
        Paint::Function | Paint::Type => "\x1b[34m",
        Paint::Parameter => "\x1b[35m",
        Paint::Variable | Paint::Property | Paint::Namespace => PLAIN,
    }
}

const DIM: &str = "\x1b[2m";
const PLAIN: &str = "\x1b[0m";
