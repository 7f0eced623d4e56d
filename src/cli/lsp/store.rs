//! The texts that are open, and what is known of each. A text is looked at when somebody asks or nothing else is to be done.

use super::place::{self, Encoding};
use super::show;
use crate::cli::files::Disk;
use bouton_lang::ide::{Document, Ide};
use bouton_lang::{SourceMap, World};
use bouton_syntax::{FileId, Source};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// All open texts.
pub(super) struct Store {
    ide: Ide,
    /// By URI.
    open: BTreeMap<String, Open>,
    /// The same by path, as other texts see them.
    texts: HashMap<PathBuf, Rc<str>>,
}

struct Open {
    source: Source,
    version: Option<i64>,
    /// What was found last.
    document: Option<Rc<Document>>,
    /// Whether nothing has changed since.
    fresh: bool,
    /// Whether it was told what was found.
    told: bool,
    /// Of which files it was told last time.
    told_of: BTreeSet<String>,
}

/// Files of a folder; those that are open as the editor has them.
pub(super) struct Folder<'s> {
    disk: Disk,
    folder: PathBuf,
    texts: &'s HashMap<PathBuf, Rc<str>>,
}

impl Folder<'_> {
    /// The URI of a file of the folder.
    pub fn uri(&self, file: &str) -> String {
        place::uri(&plain(&self.folder.join(file)))
    }
}

impl World for Folder<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        match self.texts.get(&plain(&self.folder.join(path))) {
            Some(text) => Ok(text.to_string()),
            None => self.disk.read(path),
        }
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.disk.bytes(path)
    }

    fn recall(&self, key: &str) -> Option<String> {
        self.disk.recall(key)
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        self.disk.list(pattern)
    }
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

impl Store {
    pub fn new(ide: Ide) -> Store {
        Store { ide, open: BTreeMap::new(), texts: HashMap::new() }
    }

    pub fn ide(&self) -> &Ide {
        &self.ide
    }

    pub fn open(&mut self, uri: &str, text: String, version: Option<i64>) {
        let source = Source::new(name(uri), text);
        self.texts.extend(place::path(uri).map(|path| (plain(&path), source.text.as_str().into())));
        let told_of = self.open.remove(uri).map(|before| before.told_of).unwrap_or_default();
        self.open.insert(uri.to_owned(), Open { source, version, document: None, fresh: false, told: false, told_of });
        self.others_look_again(uri);
    }

    /// Makes changes to a text in their order. One whose place is none is left out, as are those of texts that are not open.
    pub fn change(&mut self, uri: &str, changes: &[Value], version: Option<i64>, encoding: Encoding) {
        let Some(open) = self.open.get_mut(uri) else { return };
        for change in changes {
            let Some(new) = change.get("text").and_then(Value::as_str) else { continue };
            let text = match change.get("range") {
                None | Some(Value::Null) => Some(new.to_owned()),
                Some(range) => replaced(&open.source, range, new, encoding),
            };
            if let Some(text) = text {
                open.source = Source::new(name(uri), text);
            }
        }
        (open.version, open.fresh, open.told) = (version.or(open.version), false, false);
        self.texts.extend(place::path(uri).map(|path| (plain(&path), open.source.text.as_str().into())));
        self.others_look_again(uri);
    }

    /// Forgets a text; gives the files of which something was told.
    pub fn close(&mut self, uri: &str) -> Vec<String> {
        let Some(open) = self.open.remove(uri) else { return Vec::new() };
        if let Some(path) = place::path(uri) {
            self.texts.remove(&plain(&path));
        }
        self.others_look_again(uri);
        open.told_of.into_iter().collect()
    }

    /// Files may have changed.
    pub fn look_again(&mut self) {
        for open in self.open.values_mut() {
            (open.fresh, open.told) = (false, false);
        }
    }

    /// Texts that use files may use this one.
    fn others_look_again(&mut self, uri: &str) {
        for (other, open) in &mut self.open {
            if other != uri && open.document.as_ref().is_some_and(|document| document.uses_files()) {
                (open.fresh, open.told) = (false, false);
            }
        }
    }

    /// The files that a text sees.
    pub fn world(&self, uri: &str) -> Folder<'_> {
        let path = place::path(uri).unwrap_or_default();
        let folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        let disk = Disk { recalls: true, ..Disk::default() };
        disk.folder.replace(folder.clone());
        Folder { disk, folder, texts: &self.texts }
    }

    /// What is known of a text, if it is open.
    pub fn document(&mut self, uri: &str) -> Option<Rc<Document>> {
        let open = self.open.get(uri)?;
        if let Some(known) = open.document.as_ref().filter(|_| open.fresh) {
            return Some(Rc::clone(known));
        }
        let Open { source, document: before, .. } = open;
        let document = Rc::new(self.ide.document(&source.name, &source.text, &self.world(uri), before.as_deref()));
        let open = self.open.get_mut(uri)?;
        (open.document, open.fresh) = (Some(Rc::clone(&document)), true);
        Some(document)
    }

    /// The URIs of all open texts.
    pub fn uris(&self) -> Vec<String> {
        self.open.keys().cloned().collect()
    }

    /// What nobody was told yet: by file, all that is wrong in it. Files of which there is nothing to tell any more come with nothing.
    pub fn findings(&mut self, encoding: Encoding) -> Vec<(String, Option<i64>, Value)> {
        let news: Vec<String> = self.open.iter().filter(|(_, open)| !open.told).map(|(uri, _)| uri.clone()).collect();
        let mut all = Vec::new();
        for uri in news {
            let Some(document) = self.document(&uri) else { continue };
            let mut by_file: BTreeMap<String, Vec<Value>> = BTreeMap::from([(uri.clone(), Vec::new())]);
            for one in document.diagnostics.iter() {
                let place = if one.span.file == document.file {
                    Some(uri.clone())
                } else {
                    file_uri(&uri, &document.sources, one.span.file)
                };
                // A text that is open tells its faults itself.
                let place = place.filter(|place| *place == uri || !self.open.contains_key(place));
                if let Some(place) = place {
                    by_file.entry(place).or_default().push(show::diagnostic(one, &uri, &document, encoding));
                }
            }
            let Some(open) = self.open.get_mut(&uri) else { continue };
            let now: BTreeSet<String> = by_file.keys().cloned().collect();
            let gone = open.told_of.difference(&now).map(|gone| (gone.clone(), None, json!([])));
            all.extend(gone);
            (open.told, open.told_of) = (true, now);
            let version = open.version;
            all.extend(by_file.into_iter().map(|(file, found)| {
                let version = version.filter(|_| file == uri);
                (file, version, Value::Array(found))
            }));
        }
        all
    }
}

/// Where a file is that a text uses; nothing for the library.
pub(super) fn file_uri(user: &str, sources: &SourceMap, file: FileId) -> Option<String> {
    let source = sources.get(file)?;
    let folder = place::path(user)?.parent()?.to_path_buf();
    let path = plain(&folder.join(&source.name));
    path.is_file().then(|| place::uri(&path))
}

/// What messages call a text.
fn name(uri: &str) -> String {
    let path = place::path(uri);
    let name = path.as_ref().and_then(|path| path.file_name());
    name.map_or_else(|| uri.to_owned(), |name| name.to_string_lossy().into_owned())
}

fn replaced(source: &Source, range: &Value, new: &str, encoding: Encoding) -> Option<String> {
    let start = place::offset(source, range.get("start")?, encoding)? as usize;
    let end = (place::offset(source, range.get("end")?, encoding)? as usize).max(start);
    Some(format!("{}{new}{}", source.text.get(..start)?, source.text.get(end..)?))
}
