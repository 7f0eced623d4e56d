//! Answers to requests, a method each.

use super::place::{self, Encoding, Position};
use super::show::Symbol;
use super::store::{Folder, Store, file_uri};
use super::{edit, pages, show};
use bouton_lang::World;
use bouton_lang::ide::{Document, Link, SymbolId};
use lsp_server::ErrorCode;
use serde::Serialize;
use serde_json::{Value, json};
use std::rc::Rc;

/// What is answered.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Found {
    Value(Value),
    Symbols(Vec<Symbol>),
}

impl From<Value> for Found {
    fn from(value: Value) -> Found {
        Found::Value(value)
    }
}

/// Why there is no answer.
pub(super) type Refused = (ErrorCode, String);

type Answer = Result<Value, Refused>;

/// A question about a text.
struct Asked<'p> {
    params: &'p Value,
    uri: &'p str,
    document: Rc<Document>,
    encoding: Encoding,
}

/// Answers a request.
pub(super) fn answer(method: &str, params: &Value, store: &mut Store, encoding: Encoding) -> Result<Found, Refused> {
    if method == "workspace/symbol" {
        return Ok(Found::Value(symbols(params, store, encoding)));
    }
    let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
    let mut asked = || {
        let uri = uri.ok_or_else(|| wrong("no text is named"))?;
        let document = store.document(uri).ok_or_else(|| wrong("this text is not open"))?;
        Ok(Asked { params, uri, document, encoding })
    };
    if method == "textDocument/documentSymbol" {
        return Ok(Found::Symbols(outline(&asked()?)));
    }
    let how: fn(&Asked<'_>, &Store) -> Answer = match method {
        "textDocument/hover" => hover,
        "textDocument/completion" => completion,
        "textDocument/signatureHelp" => signature,
        "textDocument/definition" => definition,
        "textDocument/references" => references,
        "textDocument/documentHighlight" => highlights,
        "textDocument/foldingRange" => folds,
        "textDocument/semanticTokens/full" => |asked, _| Ok(show::tokens(&asked.document, asked.encoding)),
        "textDocument/inlayHint" => hints,
        "textDocument/formatting" => |asked, _| Ok(edit::layout(&asked.document, None, asked.encoding)),
        "textDocument/rangeFormatting" => {
            |asked, _| Ok(edit::layout(&asked.document, Some(asked.part("/range")?), asked.encoding))
        }
        "textDocument/codeAction" => {
            |asked, _| Ok(edit::fixes(&asked.document, asked.uri, asked.part("/range")?, asked.encoding))
        }
        "textDocument/prepareRename" => prepare_rename,
        "textDocument/rename" => rename,
        _ => return Err((ErrorCode::MethodNotFound, format!("`{method}` is not known here"))),
    };
    let asked = asked()?;
    how(&asked, store).map(Found::Value)
}

fn wrong(why: &str) -> Refused {
    (ErrorCode::InvalidParams, why.to_owned())
}

impl Asked<'_> {
    /// The place that is asked about.
    fn offset(&self) -> Result<u32, Refused> {
        let position = self.params.get("position");
        let offset = position.and_then(|position| place::offset(self.document.source(), position, self.encoding));
        offset.ok_or_else(|| wrong("no place is named"))
    }

    fn part(&self, pointer: &str) -> Result<bouton_syntax::Span, Refused> {
        let range = self.params.pointer(pointer);
        range.and_then(|range| place::span(&self.document, range, self.encoding)).ok_or_else(|| wrong("no part is named"))
    }

    fn range(&self, span: bouton_syntax::Span) -> Value {
        place::range(self.document.source(), span, self.encoding)
    }

    /// What the name at the place stands for.
    fn symbol(&self) -> Result<Option<SymbolId>, Refused> {
        Ok(self.document.at(self.offset()?).map(|found| found.symbol))
    }
}

fn hover(asked: &Asked<'_>, _: &Store) -> Answer {
    let Some(card) = asked.document.card(asked.offset()?) else { return Ok(Value::Null) };
    let code = if card.code.is_empty() { String::new() } else { format!("```bouton\n{}\n```\n\n", card.code) };
    let contents = json!({ "kind": "markdown", "value": format!("{code}{}", card.text) });
    Ok(json!({ "contents": contents, "range": asked.range(card.span) }))
}

fn completion(asked: &Asked<'_>, store: &Store) -> Answer {
    let offset = asked.offset()?;
    let name = asked.document.source().name.clone();
    let (word, all) = store.ide().complete(&asked.document, offset, &name, &store.world(asked.uri));
    let range = asked.range(word);
    let items: Vec<Value> = all.iter().enumerate().map(|(rank, one)| show::completion(one, rank, &range)).collect();
    Ok(json!({ "isIncomplete": false, "items": items }))
}

fn signature(asked: &Asked<'_>, _: &Store) -> Answer {
    let Some(found) = asked.document.signature(asked.offset()?) else { return Ok(Value::Null) };
    let params: Vec<Value> = found.params.iter().map(|one| json!({ "label": one })).collect();
    let shown = json!({ "label": found.label, "documentation": found.doc, "parameters": params });
    Ok(json!({ "signatures": [shown], "activeSignature": 0, "activeParameter": found.active }))
}

/// Where a symbol is declared: in this text, in one that it uses, or in the library.
fn place_of(asked: &Asked<'_>, symbol: SymbolId) -> Option<Value> {
    let document = &asked.document;
    let span = document.table.get(symbol)?.span;
    let source = document.sources.get(span.file)?;
    let uri = match span.file == document.file {
        true => asked.uri.to_owned(),
        false => file_uri(asked.uri, &document.sources, span.file).or_else(|| pages::library(source))?,
    };
    Some(json!({ "uri": uri, "range": place::range(source, span, asked.encoding) }))
}

fn definition(asked: &Asked<'_>, store: &Store) -> Answer {
    if let Some(link) = asked.document.link(asked.offset()?) {
        return Ok(json!(files_of(&link, &store.world(asked.uri))));
    }
    let found = asked.symbol()?.and_then(|symbol| place_of(asked, symbol));
    Ok(found.unwrap_or(Value::Null))
}

/// The files that are meant, each at the line that declares what is meant in it.
fn files_of(link: &Link, world: &Folder<'_>) -> Vec<Value> {
    let files = world.list(&link.path).unwrap_or_default();
    let place = |file: &String| {
        let text = world.bytes(file).ok()?;
        let start = json!({ "line": link.line(&String::from_utf8_lossy(&text)), "character": 0 });
        Some(json!({ "uri": world.uri(file), "range": { "start": start, "end": start } }))
    };
    files.iter().filter_map(place).collect()
}

fn references(asked: &Asked<'_>, _: &Store) -> Answer {
    let Some(symbol) = asked.symbol()? else { return Ok(json!([])) };
    let with_own = asked.params.pointer("/context/includeDeclaration").and_then(Value::as_bool).unwrap_or(true);
    let own = asked.document.table.get(symbol).map(|one| one.span);
    let places = asked.document.places(symbol).into_iter().filter(|span| with_own || Some(*span) != own);
    let mut all: Vec<Value> = places.map(|span| json!({ "uri": asked.uri, "range": asked.range(span) })).collect();
    if with_own && !asked.document.is_own(symbol) {
        all.extend(place_of(asked, symbol));
    }
    Ok(Value::Array(all))
}

fn highlights(asked: &Asked<'_>, _: &Store) -> Answer {
    let Some(symbol) = asked.symbol()? else { return Ok(json!([])) };
    let places = asked.document.places(symbol).into_iter();
    Ok(Value::Array(places.map(|span| json!({ "range": asked.range(span) })).collect()))
}

fn outline(asked: &Asked<'_>) -> Vec<Symbol> {
    asked.document.outline().into_iter().map(|one| Symbol::of(one, asked.document.source(), asked.encoding)).collect()
}

fn folds(asked: &Asked<'_>, _: &Store) -> Answer {
    let source = asked.document.source();
    let line = |offset: u32| source.position(offset).line - 1;
    let folds = asked.document.folds();
    Ok(folds.iter().map(|fold| json!({ "startLine": line(fold.start), "endLine": line(fold.end) })).collect())
}

fn hints(asked: &Asked<'_>, _: &Store) -> Answer {
    let part = asked.part("/range")?;
    let all = asked.document.hints().into_iter().filter(|hint| part.start <= hint.span.end && hint.span.end <= part.end);
    let shown = |hint: &bouton_lang::ide::Hint| {
        let position = Position::of(asked.document.source(), hint.span.end, asked.encoding);
        json!({ "position": position, "label": hint.text, "kind": 1 })
    };
    Ok(all.map(|hint| shown(&hint)).collect())
}

fn refused(why: String) -> Refused {
    (ErrorCode::RequestFailed, why)
}

fn prepare_rename(asked: &Asked<'_>, _: &Store) -> Answer {
    let found = edit::renamed(&asked.document, asked.offset()?).map_err(refused)?;
    let name = asked.document.source().slice(found.span);
    Ok(json!({ "range": asked.range(found.span), "placeholder": name }))
}

fn rename(asked: &Asked<'_>, _: &Store) -> Answer {
    let new = asked.params.get("newName").and_then(Value::as_str).ok_or_else(|| wrong("no new name is given"))?;
    edit::rename(&asked.document, asked.uri, asked.offset()?, new, asked.encoding).map_err(refused)
}

/// The declarations of all open texts whose names have the letters that are asked for, in their order.
fn symbols(params: &Value, store: &mut Store, encoding: Encoding) -> Value {
    let query = params.get("query").and_then(Value::as_str).unwrap_or("").to_lowercase();
    let mut all = Vec::new();
    for uri in store.uris() {
        let Some(document) = store.document(&uri) else { continue };
        let mut waiting = document.outline();
        while let Some(one) = waiting.pop() {
            if has_letters(&one.name.to_lowercase(), &query) {
                let place = json!({ "uri": uri, "range": place::range(document.source(), one.span, encoding) });
                all.push(json!({ "name": one.name, "kind": show::symbol_kind(one.kind), "location": place }));
            }
            waiting.extend(one.inside);
        }
    }
    Value::Array(all)
}

fn has_letters(name: &str, wanted: &str) -> bool {
    let mut letters = name.chars();
    wanted.chars().all(|letter| letters.any(|other| other == letter))
}
