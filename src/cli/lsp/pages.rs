//! Texts that are inside the program, as files that an editor can open: the library and the pages of the codes. They are written the first time that
//! somebody wants one; where that fails there is simply no link.

use super::place;
use bouton_lang::explain;
use bouton_syntax::{Code, Source};
use std::path::PathBuf;
use std::sync::OnceLock;

/// The URI of a file of the library.
pub(super) fn library(source: &Source) -> Option<String> {
    written(&source.name, &source.text)
}

/// The URI of the page of a code.
pub(super) fn code(code: Code) -> Option<String> {
    written(&format!("{}.md", code.text()), explain::page(code)?)
}

/// A folder of this version's own; a user's, so that nobody else can have put anything there.
fn folder() -> Option<&'static PathBuf> {
    static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
    let find = || {
        let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let base = base.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
        let base = base.or_else(|| std::env::var_os("LOCALAPPDATA").map(PathBuf::from))?;
        Some(base.join("bouton").join(env!("CARGO_PKG_VERSION")))
    };
    FOLDER.get_or_init(find).as_ref()
}

fn written(name: &str, text: &str) -> Option<String> {
    let path = folder()?.join(name);
    if std::fs::read_to_string(&path).ok().as_deref() != Some(text) {
        std::fs::create_dir_all(path.parent()?).ok()?;
        std::fs::write(&path, text).ok()?;
    }
    Some(place::uri(&path))
}
