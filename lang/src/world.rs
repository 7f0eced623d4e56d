//! The one way through which files reach the language. Reads nothing itself.

use bouton_foreign::python::Interpreter;

/// Where the files are that a script uses.
pub trait World {
    /// The text of a file. `path` is relative to the script; of a file that a used file names, that one's folder is put in front.
    ///
    /// # Errors
    /// Why it cannot be read, as the end of the sentence "cannot read X: ...".
    fn read(&self, path: &str) -> Result<String, String>;

    /// The bytes of a file that is no text.
    ///
    /// # Errors
    /// As [`World::read`].
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.read(path).map(String::into_bytes)
    }

    /// Starts Python with a program, which gets the file and the arguments as its own; it speaks in lines.
    ///
    /// # Errors
    /// Why it is not started.
    fn python(&self, _program: &str, _file: &str, _arguments: &[String]) -> Result<Box<dyn Interpreter>, String> {
        Err("Python is not started here".into())
    }

    /// A text that was kept under a key, where Python is not to be started and what it would say may be known.
    fn recall(&self, _key: &str) -> Option<String> {
        None
    }

    /// Keeps a text under a key. Where that is not possible it is not known later, which is no fault.
    fn keep(&self, _key: &str, _text: &str) {}

    /// The files that a pattern names, in order: `*` stands for any part of a file's name. A text without `*` names itself.
    ///
    /// # Errors
    /// As [`World::read`], of the folder.
    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        match pattern.contains('*') {
            true => Err("patterns are not known here".into()),
            false => Ok(vec![pattern.to_owned()]),
        }
    }
}

/// Whether a name fits a pattern in which `*` stands for any part, but not for a `/`.
#[must_use]
pub fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(name) = name.strip_prefix(first) else { return false };
    let (middles, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut name) = name.strip_suffix(last) else { return false };
    if name.contains('/') {
        return false;
    }
    for part in middles.split('*') {
        let Some(at) = name.find(part) else { return false };
        name = name.get(at + part.len()..).unwrap_or("");
    }
    true
}

/// A world without files, for scripts that stand alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl World for NoFiles {
    fn read(&self, _: &str) -> Result<String, String> {
        Err("there are no files here".into())
    }
}
