//! Checks texts for the tests of single rules: values and mechanisms, without the rest of a script.

use super::declare::{self, Home};
use super::mechanism::{Checked, check_mechanism, check_point_cell};
use super::scope::Scope;
use crate::library;
use crate::load::Files;
use crate::pieces::Prior;
use bouton_syntax::{Diagnostics, FileId, Source, SourceMap, ast, parse, render};
use std::rc::Rc;

/// What became of a text.
pub(crate) struct Outcome {
    /// Mechanisms and cells without sections of the text.
    pub mechanisms: Vec<Checked>,
    /// Parameters of the text.
    pub params: Vec<bouton_model::ir::Param>,
    /// What was found.
    pub found: Diagnostics,
    sources: SourceMap,
}

impl Outcome {
    /// Codes in the order of the text.
    pub fn codes(&self) -> Vec<&'static str> {
        self.found.iter().map(|one| one.code.text()).collect()
    }

    /// All messages in one text, for a failing test.
    pub fn messages(&self) -> String {
        render::pretty(&self.found, &self.sources, false)
    }
}

/// Checks a text among the names of the library.
pub(crate) fn outcome(text: &str) -> Outcome {
    let mut found = Diagnostics::new();
    let mut sources = SourceMap::new();
    let mut read = |name: &str, text: &str| -> ast::File {
        let id: FileId = sources.add(Source::new(name, text));
        let (file, new) = parse(&Source::new(name, text), id);
        found.extend(new);
        file
    };
    let script = read("test.net", text);
    let library = library::FILES.iter().map(|(name, text)| read(name, text)).collect();
    let mut files = Files::new(&crate::NoFiles, Prior::default(), script, Rc::new(library));
    crate::elaborate::elaborate(&mut files, &mut found);
    let declared = declare::declare(&files, &mut found);
    let scope = Scope::new(&declared);
    let params = scope.params(&mut found);
    scope.check_rest(|_| false, &mut found);
    let mut mechanisms = Vec::new();
    for (mechanism, span) in &declared.mechanisms {
        mechanisms.push(check_mechanism(mechanism, *span, Home::File, &scope, &mut found));
    }
    for (cell, span) in &declared.cells {
        mechanisms.push(check_point_cell(cell, *span, Home::File, &scope, &mut found));
    }
    Outcome { mechanisms, params, found, sources }
}

/// The codes of what is found in a text.
#[track_caller]
pub(crate) fn assert_codes(text: &str, codes: &[&str]) {
    let outcome = outcome(text);
    assert_eq!(outcome.codes(), codes, "\n{text}\n{}", outcome.messages());
}
