//! Scripts from disk: the world of the command line. A script reads only the files it names, relative to itself.

use crate::session;
use bouton_lang::{Checked, Interpreter, World};
use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::rc::Rc;

/// Largest script (bytes); a larger file is not a script.
const LARGEST: u64 = 64 << 20;

/// Largest file of numbers in bytes.
const LARGEST_TABLE: u64 = 4 << 30;

/// Files below a folder, which a prompt may change.
#[derive(Clone, Default)]
pub struct Disk {
    /// The folder.
    pub folder: Rc<RefCell<PathBuf>>,
    /// Whether a script may start Python.
    pub python: bool,
    /// Whether what classes of Python have come to before stands for them.
    pub recalls: bool,
    /// What `python3` has turned out to be. That name may be a script of its own, which takes longer to start than Python does.
    pub interpreter: Rc<RefCell<Option<PathBuf>>>,
}

/// Tells what is running, ahead of a program.
const WHO: &str = "import sys; sys.stdout.write(sys.executable + '\\n'); sys.stdout.flush()\n";

/// The file in which a text is kept under a key.
fn kept(key: &str) -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let folder = cache.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    Some(folder.join("bouton").join("cells").join(format!("{:016x}", hasher.finish())))
}

/// What is said where a script wants Python and may not have it.
const NOT_ALLOWED: &str = "a class of Python is a program that may do anything; `--allow python`, or BOUTON_ALLOW=python, lets `run`, `plan` and `import` start it";

/// Whether the environment lets scripts start Python.
pub fn allowed() -> bool {
    std::env::var("BOUTON_ALLOW").is_ok_and(|all| all.split(',').any(|one| one.trim() == "python"))
}

/// A running Python.
struct Python {
    child: Child,
    lines: BufReader<ChildStdout>,
    input: ChildStdin,
}

impl Interpreter for Python {
    fn hear(&mut self) -> Result<Option<String>, String> {
        let mut line = String::new();
        match self.lines.read_line(&mut line) {
            Ok(0) => Ok(None),
            Ok(_) => Ok(Some(line.trim_end_matches('\n').to_owned())),
            Err(why) => Err(format!("Python cannot be heard: {why}")),
        }
    }

    fn say(&mut self, line: &str) -> Result<(), String> {
        let said =
            self.input.write_all(line.as_bytes()).and_then(|()| self.input.write_all(b"\n")).and_then(|()| self.input.flush());
        said.map_err(|why| format!("Python does not listen: {why}"))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // It has ended by itself, or nobody listens to it any more: then there is nothing that could be done about a failure.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl World for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        text(&self.folder.borrow().join(path))
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        bytes(&self.folder.borrow().join(path), LARGEST_TABLE)
    }

    fn python(&self, program: &str, file: &str, arguments: &[String]) -> Result<Box<dyn Interpreter>, String> {
        if !self.python {
            return Err(NOT_ALLOWED.into());
        }
        let known = self.interpreter.borrow().clone();
        let whole = if known.is_some() { program.to_owned() } else { format!("{WHO}{program}") };
        let mut command = Command::new(known.as_deref().unwrap_or(Path::new("python3")));
        command.arg("-c").arg(whole).arg(self.folder.borrow().join(file)).args(arguments);
        let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = child.map_err(|why| format!("python3 cannot be started: {why}"))?;
        let (Some(output), Some(input)) = (child.stdout.take(), child.stdin.take()) else {
            return Err("python3 has no input or output".into());
        };
        let mut started = Python { child, lines: BufReader::new(output), input };
        if known.is_none() {
            let found = started.hear()?.map(PathBuf::from).filter(|path| path.is_absolute());
            self.interpreter.replace(found);
        }
        Ok(Box::new(started))
    }

    fn recall(&self, key: &str) -> Option<String> {
        let file = kept(key).filter(|_| self.recalls)?;
        // Two keys may have one file; the key stands in it.
        let text = text(&file).ok()?;
        text.strip_prefix(key)?.strip_prefix('\0').map(str::to_owned)
    }

    fn keep(&self, key: &str, text: &str) {
        let Some(file) = kept(key) else { return };
        // Without a place to keep it the next check asks for Python's leave again, and says so.
        let _ =
            file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&file, format!("{key}\0{text}")));
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        let (folder, name) = pattern.rsplit_once('/').map_or(("", pattern), |(folder, name)| (folder, name));
        if !name.contains('*') {
            return Ok(vec![pattern.to_owned()]);
        }
        let place = self.folder.borrow().join(folder);
        let place = if place.as_os_str().is_empty() { PathBuf::from(".") } else { place };
        let entries = std::fs::read_dir(place).map_err(|e| e.to_string())?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut found: Vec<String> = names.filter(|one| bouton_lang::fits(name, one)).collect();
        found.sort_unstable();
        let before = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(found.into_iter().map(|one| format!("{before}{one}")).collect())
    }
}

fn bytes(path: &Path, most: u64) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    // A device or a pipe does not tell its size, and may have no end.
    let file = std::fs::File::open(path).map_err(|e| e.to_string())?;
    file.take(most + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    match bytes.len() as u64 > most {
        true => Err(format!("it has more than {most} bytes")),
        false => Ok(bytes),
    }
}

/// The text of a script.
pub fn text(path: &Path) -> Result<String, String> {
    let bytes = bytes(path, LARGEST)?;
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is written in UTF-16; save it as UTF-8".into());
    }
    // Bytes that are not UTF-8 become signs that the lexer refuses, at their place.
    let text = String::from_utf8_lossy(&bytes).into_owned();
    // Without this a comment in such a file would not end before the file does.
    let old_lines = text.contains('\r') && !text.contains('\n');
    Ok(if old_lines { text.replace('\r', "\n") } else { text })
}

/// The text of a script as it is, to be written again.
pub fn exact(path: &Path) -> Result<String, String> {
    String::from_utf8(bytes(path, LARGEST)?).map_err(|_| "it is not written in UTF-8".into())
}

/// What happens where a script has classes of Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// Python is started.
    Start,
    /// The script is refused.
    Refuse,
    /// What they have come to before stands for them; where it is not known the script is refused.
    Recall,
}

/// Reads and checks a script with what is set of it.
pub fn check(file: &Path, set: &[(String, String)], leave: Leave) -> Result<Checked, String> {
    let name = file.display().to_string();
    let text = text(file).map_err(|why| format!("cannot read {name}: {why}"))?;
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    let folder = Rc::new(RefCell::new(folder));
    let disk = Disk { folder, python: leave == Leave::Start, recalls: leave == Leave::Recall, ..Disk::default() };
    Ok(session::check(&name, &text, set, &disk))
}
