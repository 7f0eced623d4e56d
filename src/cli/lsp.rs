//! `bouton lsp`: what editors ask, over the Language Server Protocol on standard input and output. It runs no model and starts no program.

mod answer;
mod edit;
mod pages;
mod place;
mod show;
mod store;

use super::Exit;
use answer::Found;
use bouton_lang::ide::Ide;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use place::Encoding;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::sync::mpsc::{Receiver, channel};
use store::Store;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Speak over standard input and output, which is the only way there is
    #[arg(long)]
    stdio: bool,
}

/// Answers until the editor says `exit` or closes the pipe.
pub(super) fn lsp(_: &Args) -> Exit {
    let (sender, receiver) = channel();
    // A reader of its own, so that what was typed meanwhile is known before a text is looked at. It ends with the process.
    std::thread::spawn(move || {
        let mut input = BufReader::new(stdin().lock());
        while let Some(heard) = hear(&mut input) {
            if sender.send(heard).is_err() {
                break;
            }
        }
    });
    let mut server = Server { store: Store::new(Ide::new()), encoding: Encoding::Utf16, state: State::New, output: stdout() };
    server.serve(&receiver)
}

/// What came over the pipe.
enum Heard {
    Message(Message),
    /// Something that is no message.
    Noise,
}

/// The next message; nothing where the input has ended.
fn hear(input: &mut impl BufRead) -> Option<Heard> {
    match Message::read(input) {
        Ok(Some(message)) => Some(Heard::Message(message)),
        Ok(None) => None,
        // The header was no header, or the text no message: the next line may be one.
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => Some(Heard::Noise),
        Err(_) => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Ready,
    ShutDown,
}

struct Server<Output> {
    store: Store,
    encoding: Encoding,
    state: State,
    output: Output,
}

impl<Output: Write> Server<Output> {
    fn serve(&mut self, input: &Receiver<Heard>) -> Exit {
        loop {
            // Texts are looked at when nothing more is waiting, or when somebody asks.
            let heard = match input.try_recv() {
                Ok(heard) => heard,
                Err(_) => {
                    if self.publish().is_err() {
                        return Exit::Outside;
                    }
                    match input.recv() {
                        Ok(heard) => heard,
                        Err(_) => return self.end(),
                    }
                }
            };
            let done = match heard {
                Heard::Message(Message::Request(request)) => self.request(request),
                Heard::Message(Message::Notification(one)) if one.method == "exit" => return self.end(),
                Heard::Message(Message::Notification(one)) => self.notification(&one),
                Heard::Message(Message::Response(_)) => Ok(()),
                Heard::Noise => self.say(&noise()),
            };
            if done.is_err() {
                return Exit::Outside;
            }
        }
    }

    /// How it ended: `exit` comes after `shutdown`.
    fn end(&self) -> Exit {
        if self.state == State::ShutDown { Exit::Done } else { Exit::Refused }
    }

    fn say(&mut self, message: &Message) -> std::io::Result<()> {
        message.write(&mut self.output)
    }

    fn request(&mut self, request: Request) -> std::io::Result<()> {
        let answer = match (self.state, request.method.as_str()) {
            (State::New, "initialize") => {
                self.state = State::Ready;
                self.encoding = Encoding::agreed(&request.params);
                Ok(show::capabilities(self.encoding).into())
            }
            (State::New, _) => Err((ErrorCode::ServerNotInitialized, "say `initialize` first".to_owned())),
            (State::ShutDown, _) => Err((ErrorCode::InvalidRequest, "the server is shut down".to_owned())),
            (State::Ready, "initialize") => Err((ErrorCode::InvalidRequest, "it was initialized before".to_owned())),
            (State::Ready, "shutdown") => {
                self.state = State::ShutDown;
                Ok(Value::Null.into())
            }
            (State::Ready, method) => answer::answer(method, &request.params, &mut self.store, self.encoding),
        };
        match answer {
            Ok(result) => self.reply(request.id, result),
            Err((code, message)) => self.say(&Message::Response(Response::new_err(request.id, code as i32, message))),
        }
    }

    /// Answers as `say` would, but without making values of what is written.
    fn reply(&mut self, id: RequestId, result: Found) -> std::io::Result<()> {
        #[derive(Serialize)]
        struct Reply {
            jsonrpc: &'static str,
            id: RequestId,
            result: Found,
        }
        let text = serde_json::to_string(&Reply { jsonrpc: "2.0", id, result })?;
        write!(self.output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
        self.output.flush()
    }

    /// What an editor tells. What cannot be understood changes nothing: there is nobody to answer.
    fn notification(&mut self, one: &Notification) -> std::io::Result<()> {
        let params = &one.params;
        let uri = params.pointer("/textDocument/uri").and_then(Value::as_str);
        let version = params.pointer("/textDocument/version").and_then(Value::as_i64);
        match (one.method.as_str(), uri) {
            ("textDocument/didOpen", Some(uri)) => {
                if let Some(text) = params.pointer("/textDocument/text").and_then(Value::as_str) {
                    self.store.open(uri, text.to_owned(), version);
                }
            }
            ("textDocument/didChange", Some(uri)) => {
                let changes = params.pointer("/contentChanges").and_then(Value::as_array);
                self.store.change(uri, changes.map_or(&[], Vec::as_slice), version, self.encoding);
            }
            ("textDocument/didSave" | "workspace/didChangeWatchedFiles", _) => self.store.look_again(),
            ("textDocument/didClose", Some(uri)) => {
                for uri in self.store.close(uri) {
                    self.diagnostics(&uri, None, &json!([]))?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Tells what is wrong with the texts that have changed.
    fn publish(&mut self) -> std::io::Result<()> {
        for (uri, version, found) in self.store.findings(self.encoding) {
            self.diagnostics(&uri, version, &found)?;
        }
        Ok(())
    }

    fn diagnostics(&mut self, uri: &str, version: Option<i64>, found: &Value) -> std::io::Result<()> {
        let mut params = json!({ "uri": uri, "diagnostics": found });
        if let (Some(version), Some(params)) = (version, params.as_object_mut()) {
            params.insert("version".to_owned(), json!(version));
        }
        self.say(&Message::Notification(Notification { method: "textDocument/publishDiagnostics".to_owned(), params }))
    }
}

/// The answer to what is no message. Who asked is not known.
fn noise() -> Message {
    let params = json!({ "type": 2, "message": "bouton: something came that is no message of the protocol" });
    Message::Notification(Notification::new("window/logMessage".to_owned(), params))
}
