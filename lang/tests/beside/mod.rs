//! Files beside a script.

use bouton_lang::World;
use std::path::PathBuf;

/// The folder of a script.
pub struct Beside(pub PathBuf);

impl World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(path)).map_err(|error| error.to_string())
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        let (folder, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
        let entries = std::fs::read_dir(self.0.join(folder)).map_err(|error| error.to_string())?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut found: Vec<String> =
            names.filter(|one| bouton_lang::fits(name, one)).map(|one| format!("{folder}/{one}")).collect();
        found.sort();
        Ok(found)
    }
}

/// Whether a script imports classes of Python, which a check never starts.
pub fn needs_python(text: &str) -> bool {
    text.contains("--allow python")
}
