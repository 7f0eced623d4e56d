//! The one place where files are written: below one directory, and whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

/// Where everything that a script writes goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputDirectory {
    root: PathBuf,
}

/// Why a file was not written. There is then no part of it, and what bore its name before is untouched.
#[derive(Debug)]
pub enum WriteError {
    /// The path leads out of the directory; a few words say how.
    Leaves(&'static str),
    /// The system refused.
    System(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> WriteError {
        WriteError::System(error)
    }
}

impl OutputDirectory {
    /// A directory; it is made when something is first written.
    pub fn new(root: impl Into<PathBuf>) -> OutputDirectory {
        OutputDirectory { root: root.into() }
    }

    /// Writes a file under a relative path and says where it is. Folders on the way are made.
    ///
    /// # Errors
    /// The path is empty, absolute, has `..` or leads through a symbolic link; or the system refuses.
    pub fn write(&self, path: &str, contents: &[u8]) -> Result<PathBuf, WriteError> {
        let (target, sibling) = self.place(path)?;
        let written = put(&sibling, contents).and_then(|()| fs::rename(&sibling, &target));
        if let Err(error) = written {
            // The half-written sibling must not stay; that the file could not be written is what is told.
            let _ = fs::remove_file(&sibling);
            return Err(error.into());
        }
        Ok(target)
    }

    /// Begins a file that grows line by line and bears its name only when it is finished.
    ///
    /// # Errors
    /// As for [`OutputDirectory::write`].
    pub fn begin(&self, path: &str) -> Result<Growing, WriteError> {
        let (target, part) = self.place(path)?;
        // What a killed run of the same process number left is not ours to keep.
        let _ = fs::remove_file(&part);
        let file = fs::OpenOptions::new().write(true).create_new(true).open(&part)?;
        Ok(Growing { file: Some(io::BufWriter::new(file)), part, target })
    }

    /// Begins a file of lines, each of which is there as soon as it is added.
    ///
    /// # Errors
    /// As for [`OutputDirectory::write`].
    pub fn lines(&self, path: &str, first: &str) -> Result<Lines, WriteError> {
        let place = self.write(path, first.as_bytes())?;
        Ok(Lines { file: fs::OpenOptions::new().append(true).open(place)? })
    }

    /// What a file below it holds.
    ///
    /// # Errors
    /// The path leads out of it, or the system refuses.
    pub fn read(&self, path: &str) -> Result<Vec<u8>, WriteError> {
        let mut place = self.root();
        place.extend(names(path)?);
        Ok(fs::read(place)?)
    }

    /// Where a file goes, and where it is until all of it is there. Folders on the way are made.
    fn place(&self, path: &str) -> Result<(PathBuf, PathBuf), WriteError> {
        let names = names(path)?;
        let Some((file, folders)) = names.split_last() else { return Err(WriteError::Leaves("the name is empty")) };
        let mut place = self.root();
        fs::create_dir_all(&place)?;
        for folder in folders {
            place.push(folder);
            enter(&place)?;
        }
        let target = place.join(file);
        if fs::symlink_metadata(&target).is_ok_and(|found| found.is_symlink()) {
            return Err(WriteError::Leaves("it is a symbolic link"));
        }
        let part = place.join(format!(".{}.{}.part", file.to_string_lossy(), std::process::id()));
        Ok((target, part))
    }

    fn root(&self) -> PathBuf {
        if self.root.as_os_str().is_empty() { PathBuf::from(".") } else { self.root.clone() }
    }
}

/// A file of lines.
#[derive(Debug)]
pub struct Lines {
    file: fs::File,
}

impl Lines {
    /// Adds lines, and waits until the system has them.
    ///
    /// # Errors
    /// The system refuses.
    pub fn add(&mut self, lines: &str) -> io::Result<()> {
        self.file.write_all(lines.as_bytes())?;
        self.file.flush()
    }
}

/// A file that grows.
#[derive(Debug)]
pub struct Growing {
    file: Option<io::BufWriter<fs::File>>,
    part: PathBuf,
    target: PathBuf,
}

impl Growing {
    /// Adds text.
    ///
    /// # Errors
    /// The system refuses.
    pub fn add(&mut self, text: &str) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(text.as_bytes()))
    }

    /// All is there: it gets its name.
    ///
    /// # Errors
    /// The system refuses.
    pub fn finish(mut self) -> io::Result<PathBuf> {
        if let Some(mut file) = self.file.take() {
            file.flush()?;
            fs::rename(&self.part, &self.target)?;
        }
        Ok(self.target.clone())
    }
}

impl Drop for Growing {
    /// What was not finished does not stay.
    fn drop(&mut self) {
        if self.file.take().is_some() {
            // There is nobody to be told.
            let _ = fs::remove_file(&self.part);
        }
    }
}

/// The names of a path, if it stays below its start whatever they are.
fn names(path: &str) -> Result<Vec<PathBuf>, WriteError> {
    // A backslash separates folders on one system and is a letter on another: nowhere is it taken for either.
    if path.contains('\\') || path.contains('\0') {
        return Err(WriteError::Leaves("it has a character that stands for other things on other systems"));
    }
    if path.ends_with('/') {
        return Err(WriteError::Leaves("it names a folder"));
    }
    let mut names = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(name) => names.push(PathBuf::from(name)),
            Component::CurDir => {}
            Component::ParentDir => return Err(WriteError::Leaves("it has `..`")),
            Component::RootDir | Component::Prefix(_) => return Err(WriteError::Leaves("it is absolute")),
        }
    }
    Ok(names)
}

/// Makes a folder unless it is there; a symbolic link is not followed.
fn enter(folder: &Path) -> Result<(), WriteError> {
    match fs::symlink_metadata(folder) {
        Ok(found) if found.is_symlink() => Err(WriteError::Leaves("it leads through a symbolic link")),
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(fs::create_dir(folder)?),
        Err(error) => Err(error.into()),
    }
}

/// Writes a new file whole.
fn put(path: &Path, contents: &[u8]) -> io::Result<()> {
    // What a killed run of the same process number left is not ours to keep.
    let _ = fs::remove_file(path);
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(contents)?;
    file.flush()
}

#[cfg(test)]
mod tests {
    use super::{OutputDirectory, WriteError};
    use std::fs;
    use std::path::PathBuf;

    /// A fresh directory for one test.
    fn fresh(name: &str) -> PathBuf {
        let place = std::env::temp_dir().join(format!("bouton-output-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        place
    }

    #[test]
    fn writes_whole_files_and_makes_folders() {
        let root = fresh("folders");
        let out = OutputDirectory::new(&root);
        let path = out.write("a/b/x.csv", b"1").unwrap();
        assert_eq!(path, root.join("a/b/x.csv"));
        out.write("a/b/x.csv", b"22").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"22");
        assert_eq!(fs::read_dir(root.join("a/b")).unwrap().count(), 1, "no sibling stays");
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn refuses_paths_that_leave() {
        let root = fresh("leave");
        let out = OutputDirectory::new(&root);
        for path in ["", ".", "../x", "a/../../x", "/etc/x", "a\\..\\x", "a/", "a\0b"] {
            assert!(matches!(out.write(path, b"1"), Err(WriteError::Leaves(_))), "{path:?}");
        }
        assert!(!root.exists(), "nothing was made");
    }

    #[cfg(unix)]
    #[test]
    fn refuses_symbolic_links() {
        let (root, other) = (fresh("links"), fresh("other"));
        fs::create_dir_all(&root).unwrap();
        fs::create_dir_all(&other).unwrap();
        std::os::unix::fs::symlink(&other, root.join("door")).unwrap();
        std::os::unix::fs::symlink(other.join("target.csv"), root.join("file.csv")).unwrap();
        let out = OutputDirectory::new(&root);
        for path in ["door/x.csv", "file.csv"] {
            assert!(matches!(out.write(path, b"1"), Err(WriteError::Leaves(_))), "{path}");
        }
        assert_eq!(fs::read_dir(&other).unwrap().count(), 0);
        fs::remove_dir_all(root).unwrap();
        fs::remove_dir_all(other).unwrap();
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let root = fresh("failure");
        let out = OutputDirectory::new(&root);
        out.write("x.csv/inner", b"1").unwrap();
        assert!(matches!(out.write("x.csv", b"1"), Err(WriteError::System(_))), "a folder bears the name");
        assert_eq!(fs::read_dir(&root).unwrap().count(), 1);
        fs::remove_dir_all(root).unwrap();
    }
}
