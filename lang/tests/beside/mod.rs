//! Files beside a script.

use bouton_lang::World;
use std::path::PathBuf;

/// The folder of a script.
pub struct Beside(pub PathBuf);

impl World for Beside {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(path)).map_err(|error| error.to_string())
    }
}
