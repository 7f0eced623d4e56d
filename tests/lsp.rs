//! The editor's side: a client that speaks over pipes with `bouton lsp`.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

struct Client {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    next: i64,
    /// Notifications that came while an answer was waited for.
    told: Vec<Value>,
}

impl Client {
    fn start() -> Client {
        let cache = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lsp-cache");
        let mut command = Command::new(env!("CARGO_BIN_EXE_bouton"));
        command.arg("lsp").env("XDG_CACHE_HOME", cache).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let (input, output) = (child.stdin.take(), BufReader::new(child.stdout.take().expect("output")));
        Client { child, input, output, next: 0, told: Vec::new() }
    }

    /// A client that has shaken hands.
    fn ready() -> Client {
        let mut client = Client::start();
        let params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
        let answer = client.ask("initialize", params);
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        client.tell("initialized", json!({}));
        client
    }

    fn raw(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("open");
        input.write_all(bytes).expect("written");
        input.flush().expect("flushed");
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    fn hear(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).expect("read") == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                header => length = header.strip_prefix("Content-Length: ").map_or(length, |n| n.parse().expect("a number")),
            }
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).expect("read");
        Some(serde_json::from_slice(&bytes).expect("JSON"))
    }

    /// The whole answer to a request.
    fn answer(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }));
        loop {
            let heard = self.hear().expect("an answer");
            if heard["id"] == self.next {
                return heard;
            }
            self.told.push(heard);
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.answer(method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].take()
    }

    fn open(&mut self, uri: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": "bouton", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// What is told next of a text.
    fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        loop {
            let heard = match self.told.is_empty() {
                true => self.hear().expect("diagnostics"),
                false => self.told.remove(0),
            };
            if heard["method"] == "textDocument/publishDiagnostics" && heard["params"]["uri"] == uri {
                return heard["params"]["diagnostics"].as_array().expect("a list").clone();
            }
        }
    }

    fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Asks about a place of a text.
    fn at(&mut self, method: &str, uri: &str, text: &str, needle: &str) -> Value {
        let params = json!({ "textDocument": { "uri": uri }, "position": position(text, needle) });
        self.ask(&format!("textDocument/{method}"), params)
    }

    fn end(mut self) -> i32 {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.child.wait().expect("ended").code().expect("a status")
    }
}

/// The place of the `|` in a piece of the text.
fn position(text: &str, needle: &str) -> Value {
    let bare = needle.replacen('|', "", 1);
    let start = text.find(&bare).unwrap_or_else(|| panic!("`{bare}` is not in the text"));
    let at = start + needle.find('|').expect("a cursor");
    let line = text[..at].matches('\n').count();
    let begin = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    json!({ "line": line, "character": text[begin..at].encode_utf16().count() })
}

/// The text that a range covers.
fn covered<'t>(text: &'t str, range: &Value) -> &'t str {
    let byte = |place: &Value| {
        let lines = text.split_inclusive('\n').take(place["line"].as_u64().expect("a line") as usize);
        let start: usize = lines.map(str::len).sum();
        let mut left = place["character"].as_u64().expect("a column") as usize;
        let letter = text[start..].char_indices().find(|(_, letter)| {
            let stop = left == 0;
            left = left.saturating_sub(letter.len_utf16());
            stop
        });
        letter.map_or(text.len(), |(at, _)| start + at)
    };
    &text[byte(&range["start"])..byte(&range["end"])]
}

fn tutorial() -> String {
    std::fs::read_to_string("examples/tut2.net").expect("an example")
}

const URI: &str = "file:///nowhere/a%20model.net";

#[test]
fn a_tutorial_is_edited() {
    let mut client = Client::ready();
    let text = tutorial();
    client.open(URI, &text);
    assert_eq!(client.diagnostics(URI), [] as [Value; 0]);

    // A slip of the fingers, and its mending.
    let place = position(&text, "|divergence");
    let end = json!({ "line": place["line"], "character": place["character"].as_u64().expect("a column") + 10 });
    let range = json!({ "start": place, "end": end });
    client.change(URI, 2, json!([{ "range": range, "text": "divergense" }]));
    let found = client.diagnostics(URI);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0]["message"].as_str().expect("a text").contains("did you mean `divergence`?"));
    let page = found[0]["codeDescription"]["href"].as_str().expect("a page").strip_prefix("file://").expect("a file");
    assert!(
        std::fs::read_to_string(page.replace("%20", " ")).expect("a page").contains(found[0]["code"].as_str().expect("a code"))
    );
    let asked = json!({ "textDocument": { "uri": URI }, "range": found[0]["range"], "context": { "diagnostics": found } });
    let fixes = client.ask("textDocument/codeAction", asked);
    let edit = &fixes[0]["edit"]["changes"][URI][0];
    assert_eq!((fixes[0]["title"].as_str(), edit["newText"].as_str()), (Some("write `divergence`"), Some("divergence")));
    client.change(URI, 3, json!([{ "range": edit["range"], "text": edit["newText"] }]));
    assert_eq!(client.diagnostics(URI), [] as [Value; 0]);

    // What names stand for.
    let told = client.at("hover", URI, &text, "insert h|h");
    assert!(told["contents"]["value"].as_str().expect("a text").contains("mechanism hh"), "{told}");
    let place = client.at("definition", URI, &text, "insert h|h");
    let library = place["uri"].as_str().expect("a file").strip_prefix("file://").expect("a file");
    let library = std::fs::read_to_string(library).expect("the library");
    assert_eq!(covered(&library, &place["range"]), "hh");
    let place = client.at("definition", URI, &text, "-> |M");
    assert_eq!((place["uri"].as_str(), covered(&text, &place["range"])), (Some(URI), "M"));
    let params = json!({ "textDocument": { "uri": URI }, "position": position(&text, "population |S"), "context": { "includeDeclaration": false } });
    let uses = client.ask("textDocument/references", params);
    let uses: Vec<&str> = uses.as_array().expect("a list").iter().map(|one| covered(&text, &one["range"])).collect();
    assert!(uses.len() >= 2 && uses.iter().all(|one| *one == "S"), "{uses:?}");
    let lit = client.at("documentHighlight", URI, &text, "population |S");
    assert_eq!(lit.as_array().expect("a list").len(), uses.len() + 1);

    // Another name, and back.
    let place = client.at("prepareRename", URI, &text, "population |S");
    assert_eq!(place["placeholder"], "S");
    let params = json!({ "textDocument": { "uri": URI }, "position": position(&text, "population |S"), "newName": "sensory" });
    let renamed = client.ask("textDocument/rename", params);
    let mut edits = renamed["changes"][URI].as_array().expect("edits").clone();
    edits.reverse();
    client.change(
        URI,
        4,
        Value::Array(edits.iter().map(|one| json!({ "range": one["range"], "text": one["newText"] })).collect()),
    );
    assert_eq!(client.diagnostics(URI), [] as [Value; 0], "renamed everywhere");
    client.change(URI, 5, json!([{ "text": text }]));
    assert_eq!(client.diagnostics(URI), [] as [Value; 0]);
    let refused = json!({ "textDocument": { "uri": URI }, "position": position(&text, "population |S"), "newName": "M" });
    let refused = client.answer("textDocument/rename", refused);
    assert_eq!(refused["error"]["message"], "`M` is declared already");
    let library = json!({ "textDocument": { "uri": URI }, "position": position(&text, "insert h|h"), "newName": "na" });
    assert_eq!(client.answer("textDocument/rename", library)["error"]["message"], "`hh` is not declared in this text");

    // The shape of the text.
    let outline = client.ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": URI } }));
    let names: Vec<&str> = outline.as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    assert!(["PYR", "S", "M"].iter().all(|name| names.contains(name)), "{names:?}");
    let found = client.ask("workspace/symbol", json!({ "query": "pr" }));
    assert!(found.as_array().expect("a list").iter().any(|one| one["name"] == "PYR"), "{found}");
    let folds = client.ask("textDocument/foldingRange", json!({ "textDocument": { "uri": URI } }));
    assert!(folds.as_array().expect("a list").iter().all(|one| one["startLine"].as_u64() < one["endLine"].as_u64()));
    assert!(!folds.as_array().expect("a list").is_empty());
    let tokens = client.ask("textDocument/semanticTokens/full", json!({ "textDocument": { "uri": URI } }));
    assert!(colours_are_of_words(&text, &tokens["data"]) > 50);
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 9999, "character": 0 } });
    let hints = client.ask("textDocument/inlayHint", json!({ "textDocument": { "uri": URI }, "range": whole }));
    assert!(hints.is_array());
    assert_eq!(client.end(), 0);
}

/// How many words have a colour; each lies within its line.
fn colours_are_of_words(text: &str, data: &Value) -> usize {
    let numbers: Vec<usize> =
        data.as_array().expect("a list").iter().map(|one| one.as_u64().expect("a number") as usize).collect();
    let lines: Vec<&str> = text.lines().collect();
    let (mut line, mut column) = (0, 0);
    for row in numbers.chunks_exact(5) {
        column = if row[0] == 0 { column + row[1] } else { row[1] };
        line += row[0];
        assert!(row[2] > 0 && column + row[2] <= lines[line].encode_utf16().count(), "line {line}, {row:?}");
    }
    numbers.len() / 5
}

#[test]
fn what_could_stand_there_is_offered_while_typing() {
    let mut client = Client::ready();
    let typed = "mechanism leak { param gl = 1 mS/cm2; current i = gl * (v + 65 mV) }\ncell C { section soma { insert le } }\nfn half(x) = x / 2\nparam a = half(1\n";
    client.open(URI, typed);
    let offered = client.at("completion", URI, typed, "insert le|");
    let leak =
        offered["items"].as_array().expect("items").iter().find(|one| one["label"] == "leak").expect("the mechanism").clone();
    assert_eq!(covered(typed, &leak["textEdit"]["range"]), "le");
    let call = client.at("signatureHelp", URI, typed, "half(1|");
    assert_eq!((call["signatures"][0]["label"].as_str(), call["activeParameter"].as_u64()), (Some("half(x)"), Some(0)));
    assert_eq!(client.end(), 0);
}

#[test]
fn a_text_is_laid_out_in_whole_or_in_part() {
    let mut client = Client::ready();
    let text = "param a=1\nparam   b = 2\n";
    client.open(URI, text);
    let edits = client.ask("textDocument/formatting", json!({ "textDocument": { "uri": URI }, "options": {} }));
    assert!(edits.as_array().expect("edits").len() >= 3, "{edits}");
    let second = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 13 } });
    let edits =
        client.ask("textDocument/rangeFormatting", json!({ "textDocument": { "uri": URI }, "range": second, "options": {} }));
    let lines: Vec<u64> =
        edits.as_array().expect("edits").iter().filter_map(|one| one["range"]["start"]["line"].as_u64()).collect();
    assert_eq!(lines, [1]);
    assert_eq!(client.end(), 0);
}

#[test]
fn used_files_are_seen_as_they_are_edited() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lsp-used");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("parts.net"), "param other = 1\n").expect("written");
    let uri = |name: &str| format!("file://{}", folder.join(name).display());
    let (main, parts) = (uri("main.net"), uri("parts.net"));
    let text = "use \"parts.net\"\nlet twice = 2 * width\n";
    let mut client = Client::ready();
    client.open(&main, text);
    assert_eq!(client.diagnostics(&main).len(), 1, "the file on disk has no such name");
    client.open(&parts, "param width = 3 um\n");
    assert_eq!(client.diagnostics(&main), [] as [Value; 0], "the open text has it");
    let place = client.at("definition", &main, text, "2 * wi|dth");
    assert_eq!(place["uri"].as_str(), Some(parts.as_str()));
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": parts } }));
    assert_eq!(client.diagnostics(&main).len(), 1);
    assert_eq!(client.end(), 0);
}

#[test]
fn files_of_others_are_followed() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lsp-others");
    std::fs::create_dir_all(folder.join("mod")).expect("a folder");
    let channel = "NEURON {\n    SUFFIX kv\n    USEION k READ ek WRITE ik\n    RANGE gbar, ik\n}\nPARAMETER {\n    \
                   gbar = 5 (pS/um2) : where it is densest\n}\nASSIGNED {\n    v (mV)\n    ek (mV)\n    ik (mA/cm2)\n}\nBREAKPOINT {\n    \
                   ik = (1e-4)*gbar*(v - ek)\n}\n";
    std::fs::write(folder.join("mod/kv.mod"), channel).expect("written");
    let template = "// begintemplate Ball\nproc nothing() {}\nbegintemplate Ball\npublic soma\ncreate soma\nendtemplate Ball\n";
    std::fs::write(folder.join("ball.hoc"), template).expect("written");
    std::fs::write(folder.join("point.swc"), "1 1 0 0 0 5 -1\n").expect("written");
    let uri = |name: &str| format!("file://{}", folder.join(name).display());
    let main = uri("main.net");
    let text = "import mechanisms \"mod/*.mod\"\ncell Ball = import \"ball.hoc\" template Ball\ncell Dot = import \"point.swc\"\n\
                cell A {\n    section soma {\n        L = 10 um, diam = 10 um\n        insert kv { gbar = 3 mS/cm2 }\n        insert pas\n    }\n}\n\
                cell B extends A {\n    in soma { insert kv { gbar = 20 pS/um2 } }\n}\n";
    let mut client = Client::ready();
    client.open(&main, text);
    let found = client.diagnostics(&main);
    assert!(found.iter().all(|one| one["severity"] == 2), "{found:?}");
    let mut first = |needle: &str| {
        let place = client.at("definition", &main, text, needle);
        let place = if place.is_array() { place[0].clone() } else { place };
        (place["uri"].as_str().unwrap_or("").to_owned(), place["range"]["start"]["line"].as_i64().unwrap_or(-1))
    };
    assert_eq!(first("mod/*.|mod"), (uri("mod/kv.mod"), 0));
    assert_eq!(first("ball.|hoc"), (uri("ball.hoc"), 0));
    assert_eq!(first("template Ba|ll"), (uri("ball.hoc"), 2));
    assert_eq!(first("point|.swc"), (uri("point.swc"), 0));
    assert_eq!(first("insert k|v { gbar = 3"), (uri("mod/kv.mod"), 1));
    assert_eq!(first("kv { gb|ar = 3"), (uri("mod/kv.mod"), 6));
    let card = client.at("hover", &main, text, "kv { gb|ar = 3")["contents"]["value"].to_string();
    assert!(
        card.contains("param gbar = 5 (pS/um2)") && card.contains("where it is densest") && card.contains("kv.mod"),
        "{card}"
    );
    let whole = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let hints = client.ask("textDocument/inlayHint", json!({ "textDocument": { "uri": main }, "range": whole }));
    let shown: Vec<&str> = hints.as_array().expect("a list").iter().filter_map(|one| one["label"].as_str()).collect();
    // What is in the file's unit already needs no hint.
    assert_eq!(shown, [" = 30 pS/um2"]);
    assert_eq!(client.end(), 0);
}

#[test]
fn python_is_never_started() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lsp-python");
    std::fs::create_dir_all(&folder).expect("a folder");
    let witness = folder.join("witness");
    let _ = std::fs::remove_file(&witness);
    let code = format!("open({:?}, 'w').close()\nclass Cell: pass\n", witness.display().to_string());
    std::fs::write(folder.join("cell.py"), code).expect("written");
    let uri = format!("file://{}", folder.join("a.net").display());
    let mut client = Client::ready();
    client.open(&uri, "cell C = import \"cell.py\" class Cell()\n");
    assert!(!client.diagnostics(&uri).is_empty());
    assert_eq!(client.end(), 0);
    assert!(!witness.exists());
}

#[test]
fn noise_is_survived() {
    let mut client = Client::ready();
    client.open(URI, "param a = 1\n");
    let texts = [
        "{}",
        "[]",
        "null",
        "\"text\"",
        "{\"jsonrpc\": \"2.0\"",
        "{\"jsonrpc\":\"1.0\",\"id\":[],\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didChange\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"textDocument/didOpen\",\"params\":{\"textDocument\":{\"uri\":5}}}",
        "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"$/cancelRequest\",\"params\":{\"id\":12}}",
    ];
    for text in texts {
        client.raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }
    client.raw(b"Content-Length: 4\r\n\r\n\xff\xfe\xff\xff");
    client.raw(b"Content-Length: pineapple\r\n\r\n");
    client.raw(b"no header at all\r\n\r\n");
    // Changes at places that are none.
    let far = json!({ "line": 4_000_000_000_u64, "character": 4_000_000_000_u64 });
    let back = json!({ "start": { "line": 0, "character": 5 }, "end": { "line": 0, "character": 2 } });
    for range in [
        json!({ "start": far, "end": far }),
        back,
        json!({ "start": 1 }),
        json!({ "start": { "line": -1, "character": 0 }, "end": far }),
    ] {
        client.change(URI, 2, json!([{ "range": range, "text": "é𝛼" }]));
    }
    for method in
        ["hover", "completion", "definition", "references", "rename", "signatureHelp", "formatting", "codeAction", "nonsense"]
    {
        for params in [
            json!({}),
            json!([]),
            Value::Null,
            json!({ "textDocument": { "uri": URI }, "position": far }),
            json!({ "textDocument": { "uri": "x:y" } }),
        ] {
            let answer = client.answer(&format!("textDocument/{method}"), params);
            assert!(answer.get("result").is_some() != answer.get("error").is_some(), "{answer}");
        }
    }
    assert_eq!(client.answer("initialize", json!({}))["error"]["code"], -32600);
    assert_eq!(client.end(), 0);
}

#[test]
fn random_messages_are_survived() {
    let whole = tutorial();
    let methods = [
        "hover",
        "completion",
        "definition",
        "semanticTokens/full",
        "foldingRange",
        "documentSymbol",
        "signatureHelp",
        "formatting",
    ];
    let mut client = Client::ready();
    client.open(URI, &whole);
    // A small generator with a fixed seed: the same messages in every run.
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for version in 2..150 {
        let mut place = || json!({ "line": draw(90), "character": draw(60) });
        let (start, end, at) = (place(), place(), place());
        let text = ["", "{", "}", "\"", "population ", "é𝛼", "\n", "5 mV", ".", "connect S -> ", "/*"][draw(11) as usize];
        client.change(URI, version, json!([{ "range": { "start": start, "end": end }, "text": text }]));
        if version % 10 == 0 {
            client.change(URI, version, json!([{ "text": whole }]));
        }
        let method = methods[draw(methods.len() as u64) as usize];
        let params = json!({ "textDocument": { "uri": URI }, "position": at, "options": {} });
        let answer = client.answer(&format!("textDocument/{method}"), params);
        assert!(answer.get("result").is_some() != answer.get("error").is_some(), "{answer}");
    }
    assert_eq!(client.end(), 0);
}

#[test]
fn a_closed_pipe_ends_it() {
    let mut client = Client::ready();
    client.input = None;
    assert_eq!(client.child.wait().expect("ended").code(), Some(1), "without `shutdown`");
    let mut early = Client::start();
    assert_eq!(early.answer("textDocument/hover", json!({}))["error"]["code"], -32002);
    early.raw(b"Content-Length: 400\r\n\r\n{\"jsonrpc\"");
    early.input = None;
    assert_eq!(early.child.wait().expect("ended").code(), Some(1));
}
