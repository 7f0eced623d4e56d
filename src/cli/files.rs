//! Scripts from disk: the world of the command line. A script reads only the files it names, relative to itself.

use bouton_lang::{Checked, World};
use std::path::{Path, PathBuf};

/// Largest script (bytes); a larger file is not a script.
const LARGEST: u64 = 64 << 20;

struct Disk {
    folder: PathBuf,
}

impl World for Disk {
    fn read(&self, path: &str) -> Result<String, String> {
        text(&self.folder.join(path))
    }
}

fn text(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|e| e.to_string())?.len();
    if size > LARGEST {
        return Err(format!("it has {size} bytes, and no script has more than {LARGEST}"));
    }
    let bytes = std::fs::read(path).map_err(|e| e.to_string())?;
    // Bytes that are not UTF-8 become signs that the lexer refuses, at their place.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Reads and checks a script.
pub fn check(file: &Path) -> Result<Checked, String> {
    let name = file.display().to_string();
    let text = text(file).map_err(|why| format!("cannot read {name}: {why}"))?;
    let folder = file.parent().map(Path::to_path_buf).unwrap_or_default();
    Ok(bouton_lang::check(&name, &text, &Disk { folder }))
}
