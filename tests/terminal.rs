//! The prompt as a person at a terminal meets it: a pseudo-terminal whose other end types and reads.
#![cfg(unix)]

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

struct Terminal {
    child: Child,
    keys: File,
    screen: Receiver<Vec<u8>>,
    /// What was written since the last question.
    seen: String,
}

impl Terminal {
    fn open(folder: &PathBuf) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a pseudo-terminal");
        grantpt(&master).expect("granted");
        unlockpt(&master).expect("unlocked");
        let name = ptsname(&master, Vec::new()).expect("a name");
        let other = || {
            let end = rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("the other end");
            Stdio::from(end)
        };
        let mut command = Command::new(env!("CARGO_BIN_EXE_bouton"));
        command.arg("repl").current_dir(folder).env("TERM", "xterm").env("COLUMNS", "100");
        let child = command.stdin(other()).stdout(other()).stderr(other()).spawn().expect("started");
        let keys = File::from(master);
        let mut reader = keys.try_clone().expect("a copy");
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            // The end of the child is an error here.
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if sender.send(bytes[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        Terminal { child, keys, screen, seen: String::new() }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("typed");
    }

    /// Waits until something stands on the screen that was not there at the last question.
    fn sees(&mut self, wanted: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let plain = without_colours(&self.seen);
            if let Some(at) = plain.find(wanted) {
                self.seen = plain[at + wanted.len()..].to_owned();
                return;
            }
            match self.screen.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("`{wanted}` does not come; there is {plain:?}"),
            }
        }
    }

    /// Types a line, and waits for what it gives and for the prompt.
    fn line(&mut self, text: &str, gives: &str) {
        self.press(&format!("{text}\r"));
        self.sees(gives);
        self.sees("\n> ");
    }

    /// Types a line of a piece that goes on.
    fn more(&mut self, text: &str) {
        self.press(&format!("{text}\r"));
        self.sees("\n. ");
    }
}

/// A text as it stands on a screen: without the codes that move and colour.
fn without_colours(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{1b}' => {
                if letters.next_if_eq(&'[').is_some() {
                    while letters.next().is_some_and(|code| !code.is_ascii_alphabetic()) {}
                }
            }
            '\r' => {}
            other => plain.push(other),
        }
    }
    plain
}

#[test]
fn a_session_at_a_terminal() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("terminal");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut terminal = Terminal::open(&folder);
    terminal.sees("\n> ");

    // A mistake, with its advice; the line again from the history, mended.
    terminal.line("param tau = 5 mss", "did you mean");
    terminal.line("\u{1b}[A\u{7f}", "");
    terminal.line("tau", "5 ms");

    // Several lines; the word at the cursor is completed.
    terminal.more("cell Leaky {");
    terminal.more("    state v = 10 mV");
    terminal.line("    v' = -v / tau }", "");
    terminal.line("population p: Lea\t", "");
    terminal.line(":show p", "population p: Leaky");
    terminal.line("simulation { duration = 20 ms, dt = 0.025 ms }", "");
    terminal.line("record v = p.v", "");

    // Run, look, change, go on, draw.
    terminal.line("run", "");
    terminal.line("\"{v(5 ms):.3f}\"", "3.679 mV");
    terminal.line("set tau = 10 ms", "");
    terminal.line("run", "");
    terminal.line("\"{v(5 ms):.3f}\"", "6.065 mV");
    terminal.line("run 5 ms", "");
    terminal.press("plot v \"v.svg\"\r");
    terminal.sees("v (mV)");
    terminal.sees("\u{2819}");
    terminal.sees("wrote ./v.svg");
    terminal.sees("\n> ");
    assert!(folder.join("v.svg").is_file());

    // A run that would take hours is stopped; the session is not.
    terminal.line("record v = p.v every 100 s", "replaced v");
    terminal.press("run 10000000 s\r");
    terminal.sees("run 10000000 s\n");
    std::thread::sleep(Duration::from_millis(500));
    kill_process(Pid::from_child(&terminal.child), Signal::INT).expect("interrupted");
    terminal.sees("interrupted");
    terminal.sees("\n> ");
    terminal.line("1 + 1", "2");
    terminal.line("record v = p.v", "replaced v");

    // Taken back, saved, forgotten, loaded.
    terminal.line("param extra = 3", "");
    terminal.line(":undo", "undone: param extra = 3");
    terminal.line("extra", "nothing here is called `extra`");
    terminal.line(":save said.net", "");
    terminal.line(":reset", "");
    terminal.line(":show", "nothing is declared");
    let said = std::fs::read_to_string(folder.join("said.net")).expect("saved");
    assert!(said.contains("population p: Leaky") && !said.contains("extra"), "{said}");
    std::fs::write(folder.join("said.net"), said.replace("run 10000000 s\n", "")).expect("written");
    terminal.line(":load said.net", "6.065 mV");
    terminal.line(":type tau", "a time, ms");
    terminal.press("\u{4}");
    assert!(terminal.child.wait().expect("ended").success());
}
