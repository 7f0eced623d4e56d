//! Attributes in braces by plain name: unknown ones, repetitions and words. What a value means is its reader's affair.

use super::unsupported::{Construct, refuse};
use bouton_syntax::ast::{Attr, AttrBlock, ExprKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span, did_you_mean};

/// Attributes that are being read; what nobody asked for is reported at the end.
pub(crate) struct Attributes<'a> {
    waiting: Vec<&'a Attr>,
    asked: Vec<String>,
}

impl<'a> Attributes<'a> {
    /// Of braces, or none.
    pub fn new(block: Option<&'a AttrBlock>) -> Attributes<'a> {
        Attributes { waiting: block.map_or_else(Vec::new, |block| block.items.iter().collect()), asked: Vec::new() }
    }

    /// Of single lines.
    pub fn of_lines(lines: Vec<&'a Attr>) -> Attributes<'a> {
        Attributes { waiting: lines, asked: Vec::new() }
    }

    /// Whether an attribute is given, with a value or without.
    pub fn has(&self, name: &str) -> bool {
        self.waiting.iter().any(|attr| attr.name().is_some_and(|text| &**text == name))
    }

    /// The attribute of a name; a second one of that name is reported.
    pub fn take(&mut self, name: &str, diagnostics: &mut Diagnostics) -> Option<&'a Attr> {
        self.asked.push(name.to_owned());
        let mut found: Option<&'a Attr> = None;
        self.waiting.retain(|attr| {
            if attr.name().is_none_or(|text| &**text != name) {
                return true;
            }
            match found {
                Some(first) => diagnostics.push(given_twice(name, attr.path.span, first.path.span)),
                None => found = Some(attr),
            }
            false
        });
        found
    }

    /// An attribute that takes a value; a bare mark is reported.
    pub fn value(&mut self, name: &str, diagnostics: &mut Diagnostics) -> Option<&'a Attr> {
        let attr = self.take(name, diagnostics)?;
        if attr.bare {
            diagnostics.push(
                Diagnostic::new(Code::WrongArguments, attr.span, format!("`{name}` has no value"))
                    .help(format!("write `{name} = ...`")),
            );
            return None;
        }
        Some(attr)
    }

    /// An attribute that is a mark: bare, `= true` or `= false`, and so on with the words given.
    pub fn flag(&mut self, name: &str, words: (&str, &str), diagnostics: &mut Diagnostics) -> bool {
        let Some(attr) = self.take(name, diagnostics) else { return false };
        match (&attr.value.kind, word(attr)) {
            (ExprKind::Bool(value), _) => *value,
            (_, Some(text)) if text == words.0 => true,
            (_, Some(text)) if text == words.1 => false,
            (ExprKind::Error, _) => false,
            _ => {
                let message = format!("`{name}` is either `{}` or `{}`", words.0, words.1);
                diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.value.span, message));
                false
            }
        }
    }

    /// Refuses an attribute that is not there yet.
    pub fn unsupported(&mut self, name: &str, construct: Construct, diagnostics: &mut Diagnostics) {
        if let Some(attr) = self.take(name, diagnostics) {
            refuse(construct, attr.span, diagnostics);
        }
    }

    /// What nobody has asked for yet.
    pub fn rest(&mut self) -> Vec<&'a Attr> {
        std::mem::take(&mut self.waiting)
    }

    /// Reports what nobody asked for as attributes that `of` ("a section", "`simulation`") does not have.
    pub fn finish(mut self, of: &str, diagnostics: &mut Diagnostics) {
        for attr in self.rest() {
            if let Some(diagnostic) = self.unknown(attr, of) {
                diagnostics.push(diagnostic);
            }
        }
    }

    /// The diagnostic of an attribute that does not exist; nothing where its name was unreadable.
    pub fn unknown(&self, attr: &Attr, of: &str) -> Option<Diagnostic> {
        if matches!(attr.path.kind, ExprKind::Error) {
            return None;
        }
        let Some(name) = attr.name() else {
            let message = format!("an attribute of {of} is a plain name, not a path");
            return Some(Diagnostic::new(Code::UnknownAttribute, attr.path.span, message));
        };
        let unknown = Diagnostic::new(Code::UnknownAttribute, attr.path.span, format!("{of} has no attribute `{name}`"));
        Some(suggest(unknown, name, attr.path.span, &self.asked))
    }
}

/// The word that an attribute's value is.
pub(crate) fn word(attr: &Attr) -> Option<&str> {
    match &attr.value.kind {
        ExprKind::Name(text) => Some(text),
        _ => None,
    }
}

/// Adds the nearest name with its fix, or the list of names where none is near and the list is short.
pub(crate) fn suggest(diagnostic: Diagnostic, name: &str, span: Span, names: &[impl AsRef<str>]) -> Diagnostic {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    let diagnostic = diagnostic.candidates(names.iter().copied());
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(span, near, format!("write `{near}`")),
        None if names.is_empty() => diagnostic,
        None => diagnostic.help(format!("there {}", list(&names))),
    }
}

/// `is a`, `are a, b and c`.
fn list(names: &[&str]) -> String {
    const MOST: usize = 16;
    let shown: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match shown.as_slice() {
        [one] => format!("is {one}"),
        [some @ .., last] if names.len() <= MOST => format!("are {} and {last}", some.join(", ")),
        _ => format!("are {}, ...", shown.join(", ")),
    }
}

/// The diagnostic of an attribute that is given a second time.
pub(crate) fn given_twice(name: &str, again: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::AttributeTwice, again, format!("`{name}` is given twice"))
        .label("given again here")
        .also(first, "first given here")
}
