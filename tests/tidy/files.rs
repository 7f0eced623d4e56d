//! The files of the project, by paths from its root with `/`.

use super::rust::{Token, tokens};
use std::path::{Path, PathBuf};

/// A Rust file.
pub struct RustFile {
    pub path: String,
    pub text: String,
    pub tokens: Vec<Token>,
}

impl RustFile {
    pub fn new(path: &str, text: &str) -> RustFile {
        RustFile { path: path.into(), text: text.into(), tokens: tokens(text) }
    }

    /// Whether the file is the one named, or lies in the folder named (`engine/src/simd` is `engine/src/simd.rs` and what is below it).
    pub fn is_in(&self, place: &str) -> bool {
        let rest = self.path.strip_prefix(place);
        rest.is_some_and(|rest| rest.is_empty() || rest == ".rs" || rest.starts_with('/'))
    }

    /// A finding in this file.
    pub fn finding(&self, line: usize, what: &str) -> String {
        format!("{}:{line}: {what}", self.path)
    }
}

/// Every Rust file of the project.
pub fn rust_files() -> Vec<RustFile> {
    let files: Vec<RustFile> = with_end(".rs").iter().map(|path| RustFile::new(path, &read(path))).collect();
    assert!(files.len() > 100, "the Rust files were not found");
    files
}

/// The paths of all files with this name.
pub fn with_name(name: &str) -> Vec<String> {
    with_end(name).into_iter().filter(|path| path == name || path.ends_with(&format!("/{name}"))).collect()
}

/// The text of a file; nothing where there is none.
pub fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_default()
}

/// The names of the files in a folder that end so, without their end.
pub fn stems(folder: &str, end: &str) -> Vec<String> {
    let prefix = format!("{folder}/");
    let end = format!(".{end}");
    with_end(&end).iter().filter_map(|path| path.strip_prefix(&prefix)?.strip_suffix(&end)).map(str::to_owned).collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn with_end(end: &str) -> Vec<String> {
    let mut paths = Vec::new();
    collect(root(), end, &mut paths);
    paths.sort();
    paths
}

fn collect(folder: &Path, end: &str, paths: &mut Vec<String>) {
    let entries: Vec<PathBuf> = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    for entry in entries {
        let name = entry.file_name().unwrap_or_default().to_string_lossy();
        if entry.is_dir() && !name.starts_with('.') && name != "target" {
            collect(&entry, end, paths);
        } else if name.ends_with(end) && entry.is_file() {
            let path = entry.strip_prefix(root()).unwrap_or(&entry);
            paths.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
}
