//! What a line that begins with `:` asks for.

use super::Prompt;
use crate::cli::say::say;
use crate::cli::{explain, files};
use bouton_lang::ide;
use std::path::Path;
use std::time::Instant;

/// All commands.
pub(super) const NAMES: [&str; 11] =
    ["explain", "help", "load", "quit", "reset", "save", "show", "time", "type", "undo", "version"];

const HELP: &str = "\
Type declarations and statements; an expression alone is printed. A name that is declared again replaces what it was.
Tab completes, Ctrl-C stops a run, Ctrl-D ends the session.
:help NAME     what the manual says of a word
:type EXPR     dimension of an expression, and its value if that needs no run
:show [NAME]   what is declared, or how a name is
:explain CODE  the page of a code
:load FILE     take up a script
:save FILE     all that was said, as a script
:undo          as if the last piece had not been declared
:time PIECE    take up a piece, and say how long it took
:reset         forget everything
:version       which version this is
:quit          end the session";

impl Prompt<'_> {
    /// Does a command; false where it ends the session.
    pub(super) fn command(&mut self, command: &str) -> bool {
        let (word, rest) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
        match (word, rest.trim()) {
            ("quit" | "q", "") => return false,
            ("help" | "h", "") => say!("{HELP}"),
            ("help" | "h", topic) => match ide::entry(topic) {
                Some(text) => say!("{text}"),
                None => anstream::eprintln!("the manual has nothing of its own on `{topic}`"),
            },
            ("reset", "") => self.reset(),
            ("show", "") => {
                let names = self.session.names();
                say!("{}", if names.is_empty() { "nothing is declared".to_owned() } else { names.join(", ") });
            }
            ("show", name) => match self.known().card(name) {
                Some(text) => say!("{text}"),
                None => anstream::eprintln!("nothing here is called `{name}`"),
            },
            ("type" | "t", expression) if !expression.is_empty() => match self.known().type_of(expression) {
                Some(text) => say!("{text}"),
                // What is wrong with it is told as of any expression.
                None => self.piece(&format!("let type_of_this = {expression}")),
            },
            ("explain", code) if !code.is_empty() => {
                explain::page(code);
            }
            ("load", file) if !file.is_empty() => self.load(Path::new(file)),
            ("save", file) if !file.is_empty() => self.save(Path::new(file)),
            ("undo", "") => self.undo(),
            ("time", piece) if !piece.is_empty() => {
                let start = Instant::now();
                self.piece(piece);
                say!("{:.3} s", start.elapsed().as_secs_f64());
            }
            ("version", "") => say!("Bouton {}", env!("CARGO_PKG_VERSION")),
            _ => anstream::eprintln!("there is no command `:{command}`; :help lists them"),
        }
        true
    }

    fn save(&mut self, file: &Path) {
        let text = self.session.script();
        if let Err(why) = std::fs::write(file, text) {
            anstream::eprintln!("error[E0602]: cannot write {}: {why}", file.display());
            self.exit = crate::cli::Exit::Outside;
        }
    }

    fn undo(&mut self) {
        match self.session.undo() {
            Ok(Some(text)) => {
                say!("undone: {}; the model begins at 0, and what it gave is gone", first_line(&text))
            }
            Ok(None) => anstream::eprintln!("there is nothing to undo"),
            Err(stop) => {
                crate::cli::run::show(stop, self.shower, self.session.sources());
            }
        }
    }

    pub(super) fn load(&mut self, file: &Path) {
        let name = file.display().to_string();
        match files::text(file) {
            Ok(text) => {
                let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
                let before = self.folder.folder.replace(folder);
                self.take(&name, &text);
                self.folder.folder.replace(before);
            }
            Err(why) => {
                anstream::eprintln!("error[E0601]: cannot read {name}: {why}");
                self.exit = crate::cli::Exit::Outside;
            }
        }
    }
}

fn first_line(text: &str) -> String {
    let mut lines = text.lines();
    let first = lines.next().unwrap_or("").trim_end();
    if lines.next().is_some() { format!("{first} ...") } else { first.to_owned() }
}
