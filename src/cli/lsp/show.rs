//! What is known, in the words of the protocol.

use super::pages;
use super::place::{self, Encoding, Range};
use super::store::file_uri;
use bouton_lang::ide::{Document, Entry, Kind, Paint, Proposal};
use bouton_lang::{Diagnostic, Severity};
use bouton_syntax::{Source, Span};
use serde::Serialize;
use serde_json::{Value, json};

/// The colours, in the order in which they are numbered.
const PAINTS: [(Paint, &str); 11] = [
    (Paint::Keyword, "keyword"),
    (Paint::Number, "number"),
    (Paint::Unit, "enumMember"),
    (Paint::Text, "string"),
    (Paint::Comment, "comment"),
    (Paint::Parameter, "parameter"),
    (Paint::Variable, "variable"),
    (Paint::Property, "property"),
    (Paint::Function, "function"),
    (Paint::Type, "type"),
    (Paint::Namespace, "namespace"),
];

/// What this server does.
pub(super) fn capabilities(encoding: Encoding) -> Value {
    let paints: Vec<&str> = PAINTS.iter().map(|(_, name)| *name).collect();
    json!({
        "capabilities": {
            "positionEncoding": encoding.name(),
            "textDocumentSync": { "openClose": true, "change": 2, "save": true },
            "hoverProvider": true,
            "completionProvider": { "triggerCharacters": [".", " "] },
            "signatureHelpProvider": { "triggerCharacters": ["(", ","] },
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "documentSymbolProvider": true,
            "workspaceSymbolProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix"] },
            "documentFormattingProvider": true,
            "documentRangeFormattingProvider": true,
            "renameProvider": { "prepareProvider": true },
            "foldingRangeProvider": true,
            "semanticTokensProvider": {
                "legend": { "tokenTypes": paints, "tokenModifiers": ["declaration"] },
                "full": true,
            },
            "inlayHintProvider": true,
        },
        "serverInfo": { "name": "bouton", "version": env!("CARGO_PKG_VERSION") },
    })
}

/// A finding. `uri` is the text's own.
pub(super) fn diagnostic(one: &Diagnostic, uri: &str, document: &Document, encoding: Encoding) -> Value {
    let range_of = |span: Span| document.sources.get(span.file).map(|source| place::range(source, span, encoding));
    let mut message = one.message.clone();
    for help in &one.helps {
        message.push_str("\nhelp: ");
        message.push_str(help);
    }
    let related = one.labels.iter().filter_map(|(span, label)| {
        let uri = if span.file == document.file { uri.to_owned() } else { file_uri(uri, &document.sources, span.file)? };
        Some(json!({ "location": { "uri": uri, "range": range_of(*span)? }, "message": label }))
    });
    let mut shown = json!({
        "range": range_of(one.span),
        "severity": if one.severity == Severity::Error { 1 } else { 2 },
        "code": one.code.text(),
        "source": "bouton",
        "message": message,
        "relatedInformation": related.collect::<Vec<_>>(),
    });
    if let (Some(page), Some(shown)) = (pages::code(one.code), shown.as_object_mut()) {
        shown.insert("codeDescription".to_owned(), json!({ "href": page }));
    }
    shown
}

/// A declaration and those in it. There are thousands in a long script, so that they are written without a tree of values in between.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Symbol {
    name: String,
    detail: &'static str,
    kind: u8,
    range: Range,
    selection_range: Range,
    children: Vec<Symbol>,
}

impl Symbol {
    pub fn of(entry: Entry, source: &Source, encoding: Encoding) -> Symbol {
        let range = |span| Range::of(source, span, encoding);
        Symbol {
            detail: entry.kind.word(),
            kind: symbol_kind(entry.kind),
            // The name lies inside of what it names, whatever the parser has made of a broken text.
            range: range(entry.whole.to(entry.span)),
            selection_range: range(entry.span),
            name: entry.name,
            children: entry.inside.into_iter().map(|one| Symbol::of(one, source, encoding)).collect(),
        }
    }
}

/// The protocol's number of a kind of symbol.
pub(super) fn symbol_kind(kind: Kind) -> u8 {
    match kind {
        Kind::Param | Kind::Input => 14,
        Kind::Let | Kind::State | Kind::Output | Kind::Current | Kind::Ion | Kind::Variable => 13,
        Kind::Function => 12,
        Kind::Mechanism | Kind::PointMechanism => 11,
        Kind::Cell | Kind::Circuit => 5,
        Kind::Section | Kind::Insert | Kind::Synapse => 8,
        Kind::Population | Kind::Copy => 18,
        Kind::Connection | Kind::Stimulus | Kind::Event => 24,
        Kind::Record | Kind::Study => 19,
        Kind::File => 3,
    }
}

/// What could be written at a place.
pub(super) fn completion(one: &Proposal, rank: usize, range: &Value) -> Value {
    let kind = match one.kind {
        None if one.detail.is_empty() && one.snippet.is_some() => 15,
        None => 10,
        Some(Kind::Param | Kind::Input | Kind::Let | Kind::State | Kind::Output | Kind::Current | Kind::Ion | Kind::Variable) => {
            6
        }
        Some(Kind::Function) => 3,
        Some(Kind::Mechanism | Kind::PointMechanism | Kind::Cell | Kind::Circuit) => 7,
        Some(Kind::Section | Kind::Insert | Kind::Synapse | Kind::Event) => 5,
        Some(Kind::File) => 9,
        Some(_) => 18,
    };
    json!({
        "label": one.text,
        "kind": kind,
        "detail": one.detail,
        // What fits best stands first.
        "sortText": format!("{rank:04}"),
        "insertTextFormat": if one.snippet.is_some() { 2 } else { 1 },
        "textEdit": { "range": range, "newText": one.snippet.unwrap_or(&one.text) },
    })
}

/// The colours of a text, each counted from the one before.
pub(super) fn tokens(document: &Document, encoding: Encoding) -> Value {
    let source = document.source();
    let (mut line_before, mut column_before) = (0, 0);
    let mut data: Vec<u64> = Vec::new();
    for stroke in document.strokes() {
        let (line, column) = place::line_and_column(source, stroke.span.start, encoding);
        let length = encoding.units(source.slice(stroke.span));
        let from = if line == line_before { column_before } else { 0 };
        let paint = PAINTS.iter().position(|(paint, _)| *paint == stroke.paint).unwrap_or(0);
        let row = [line.abs_diff(line_before) as usize, column - from, length, paint, usize::from(stroke.declares)];
        data.extend(row.map(|one| one as u64));
        (line_before, column_before) = (line, column);
    }
    json!({ "data": data })
}
