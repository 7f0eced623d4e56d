//! Answers that change texts: another name, a layout, a fix.

use super::place::{self, Encoding};
use bouton_lang::format;
use bouton_lang::ide::{Document, Mention};
use bouton_syntax::Span;
use bouton_syntax::token::Keyword;
use serde_json::{Map, Value, json};

fn edit(document: &Document, span: Span, text: &str, encoding: Encoding) -> Value {
    json!({ "range": place::range(document.source(), span, encoding), "newText": text })
}

fn in_text(uri: &str, edits: Vec<Value>) -> Value {
    let mut changes = Map::new();
    changes.insert(uri.to_owned(), Value::Array(edits));
    json!({ "changes": changes })
}

/// The name at a place, if it can be given another one here.
pub(super) fn renamed(document: &Document, offset: u32) -> Result<Mention, String> {
    let found = document.at(offset).ok_or("there is no name here that is declared anywhere")?;
    if document.is_own(found.symbol) {
        return Ok(found);
    }
    let name = document.table.get(found.symbol).map_or("this", |symbol| &symbol.name);
    Err(format!("`{name}` is not declared in this text"))
}

/// Gives a name another one at all its places.
pub(super) fn rename(document: &Document, uri: &str, offset: u32, new: &str, encoding: Encoding) -> Result<Value, String> {
    let found = renamed(document, offset)?;
    let letters = new.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    if !letters || new.is_empty() || new.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(format!("`{new}` is not a name: letters, digits and `_`, no digit first"));
    }
    if Keyword::from_text(new).is_some_and(|word| !word.is_name()) {
        return Err(format!("`{new}` is a word of the language"));
    }
    let parent = document.table.get(found.symbol).and_then(|symbol| symbol.parent);
    let taken = match parent {
        Some(parent) => document.table.member(parent, new),
        None => document.table.top.get(new).copied().filter(|other| document.is_own(*other)),
    };
    if taken.is_some_and(|other| other != found.symbol) {
        return Err(format!("`{new}` is declared already"));
    }
    let edits = document.places(found.symbol).into_iter().map(|span| edit(document, span, new, encoding));
    Ok(in_text(uri, edits.collect()))
}

/// The changes that lay out the text, or the part of it that is given.
pub(super) fn layout(document: &Document, part: Option<Span>, encoding: Encoding) -> Value {
    // A text that cannot be read stays as it is; why stands among its diagnostics.
    let edits = format::edits(document.source(), document.file).unwrap_or_default();
    let within = |span: Span| part.is_none_or(|part| part.start <= span.start && span.end <= part.end);
    let edits = edits.iter().filter(|one| within(one.span));
    Value::Array(edits.map(|one| edit(document, one.span, &one.replacement, encoding)).collect())
}

/// What mends the findings that touch a part of the text.
pub(super) fn fixes(document: &Document, uri: &str, part: Span, encoding: Encoding) -> Value {
    let touches = |span: Span| span.file == document.file && span.start <= part.end && part.start <= span.end;
    let found = document.diagnostics.iter().filter(|one| touches(one.span));
    let fixes = found.filter_map(|one| {
        let fix = one.fix.as_ref().filter(|fix| fix.span.file == document.file)?;
        let changes = in_text(uri, vec![edit(document, fix.span, &fix.replacement, encoding)]);
        let mends = super::show::diagnostic(one, uri, document, encoding);
        Some(json!({ "title": fix.message, "kind": "quickfix", "isPreferred": true, "diagnostics": [mends], "edit": changes }))
    });
    Value::Array(fixes.collect())
}
