//! Syntax tree in, checked program out: names, dimensions, structure. Each part of the language has its own file.

#![allow(dead_code, unused_imports, reason = "the parts that use these follow")]

pub(crate) mod constant;
pub(crate) mod declare;
pub(crate) mod dimension;
pub(crate) mod expr;
pub(crate) mod function;
pub(crate) mod mechanism;
pub(crate) mod scope;
#[cfg(test)]
mod testing;
pub(crate) mod unsupported;
pub(crate) mod walk;

use crate::load::Files;
use bouton_model::ir;
use bouton_syntax::Diagnostics;

/// Checks a script with the files that it uses. The program is of use only where no error was found.
pub(crate) fn check(files: &Files, diagnostics: &mut Diagnostics) -> Option<ir::Program> {
    let declared = declare::declare(files, diagnostics);
    let _ = declared;
    None
}
