//! Places as the protocol counts them: lines from 0, and within a line units of UTF-16 or bytes.

use bouton_lang::ide::Document;
use bouton_syntax::{Source, Span};
use serde::Serialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What columns count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
}

impl Encoding {
    /// Bytes where the editor can count them, else UTF-16, which each can.
    pub fn agreed(params: &Value) -> Encoding {
        let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let bytes = offered.is_some_and(|all| all.iter().any(|one| one == "utf-8"));
        if bytes { Encoding::Utf8 } else { Encoding::Utf16 }
    }

    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16 => "utf-16",
        }
    }

    /// How many units a text has.
    pub fn units(self, text: &str) -> usize {
        match self {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        }
    }

    /// The byte of a line at a column; behind its end the end.
    fn byte(self, line: &str, column: usize) -> usize {
        let mut left = column;
        for (at, letter) in line.char_indices() {
            let width = match self {
                Encoding::Utf8 => letter.len_utf8(),
                Encoding::Utf16 => letter.len_utf16(),
            };
            if left < width {
                return at;
            }
            left -= width;
        }
        line.len()
    }
}

/// A place of a text: line and column from 0.
#[derive(Serialize)]
pub(super) struct Position {
    line: u32,
    character: usize,
}

impl Position {
    pub fn of(source: &Source, offset: u32, encoding: Encoding) -> Position {
        let (line, character) = line_and_column(source, offset, encoding);
        Position { line, character }
    }
}

/// A part of a text.
#[derive(Serialize)]
pub(super) struct Range {
    start: Position,
    end: Position,
}

impl Range {
    pub fn of(source: &Source, span: Span, encoding: Encoding) -> Range {
        Range { start: Position::of(source, span.start, encoding), end: Position::of(source, span.end, encoding) }
    }
}

pub(super) fn line_and_column(source: &Source, offset: u32, encoding: Encoding) -> (u32, usize) {
    let line = source.position(offset).line;
    let start = source.line_start(line).unwrap_or(0);
    let at = source.text.floor_char_boundary((offset as usize).min(source.text.len()));
    (line - 1, encoding.units(source.text.get(start..at).unwrap_or("")))
}

/// A part of a text, as a value.
pub(super) fn range(source: &Source, span: Span, encoding: Encoding) -> Value {
    let place = |offset| {
        let (line, column) = line_and_column(source, offset, encoding);
        json!({ "line": line, "character": column })
    };
    json!({ "start": place(span.start), "end": place(span.end) })
}

/// The byte of a place; one behind the end of its line or of the text is that end.
pub(super) fn offset(source: &Source, position: &Value, encoding: Encoding) -> Option<u32> {
    let number = |name: &str| position.get(name).and_then(Value::as_u64);
    let (line, column) = (number("line")?, number("character")?);
    let line = u32::try_from(line).ok()?.checked_add(1)?;
    let at = match source.line_start(line) {
        Some(start) => {
            let text = source.line(line).unwrap_or("");
            start + encoding.byte(text, usize::try_from(column).unwrap_or(usize::MAX))
        }
        None => source.text.len(),
    };
    u32::try_from(at).ok()
}

/// Both ends of a part.
pub(super) fn span(document: &Document, range: &Value, encoding: Encoding) -> Option<Span> {
    let source = document.source();
    let end = |name: &str| offset(source, range.get(name)?, encoding);
    Some(Span::new(document.file, end("start")?, end("end")?))
}

/// The path of a URI of a file.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // A host before the path is this machine's own name.
    let rest = rest.find('/').and_then(|at| rest.get(at..))?;
    let mut bytes = Vec::with_capacity(rest.len());
    let mut letters = rest.bytes();
    while let Some(byte) = letters.next() {
        let value = match byte {
            b'%' => {
                let digits = [letters.next()?, letters.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        };
        bytes.push(value);
    }
    let text = String::from_utf8(bytes).ok()?;
    // `/c:/models` is `c:/models` where disks have letters.
    let is_disk = cfg!(windows) && text.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if is_disk { text.trim_start_matches('/') } else { text.as_str() }))
}

/// The URI of a path.
pub(super) fn uri(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::{Encoding, line_and_column, offset, path, uri};
    use bouton_syntax::Source;
    use serde_json::json;
    use std::path::Path;

    #[test]
    fn columns_count_units_and_come_back() {
        let source = Source::new("a", "x = 1\n// 𝛼 é b\r\nlast");
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (at, _) in source.text.char_indices() {
                let at = u32::try_from(at).expect("short");
                let (line, column) = line_and_column(&source, at, encoding);
                let place = json!({ "line": line, "character": column });
                let back = offset(&source, &place, encoding).expect("a place");
                let is_line_end = source.text[at as usize..].starts_with(['\n', '\r']);
                assert!(back == at || is_line_end && back <= at, "{at} {back}");
            }
        }
        let b = u32::try_from(source.text.find('b').expect("there")).expect("short");
        assert_eq!(line_and_column(&source, b, Encoding::Utf16), (1, 8));
        assert_eq!(line_and_column(&source, b, Encoding::Utf8), (1, 11));
        assert_eq!(offset(&source, &json!({ "line": 0, "character": 999 }), Encoding::Utf16), Some(5), "the end of the line");
        assert_eq!(offset(&source, &json!({ "line": 77, "character": 0 }), Encoding::Utf16), Some(24), "the end of the text");
        assert_eq!(offset(&source, &json!({ "line": -1, "character": 0 }), Encoding::Utf16), None);
    }

    #[test]
    fn paths_and_uris_stand_for_each_other() {
        for text in ["/tmp/a b/ä.net", "/x/100%.net"] {
            assert_eq!(path(&uri(Path::new(text))).as_deref(), Some(Path::new(text)));
        }
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file:///a%zz"), None);
    }
}
