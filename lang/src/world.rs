//! The one way through which files reach the language. Reads nothing itself.

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
}

/// A world without files, for scripts that stand alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl World for NoFiles {
    fn read(&self, _: &str) -> Result<String, String> {
        Err("there are no files here".into())
    }
}
