//! Finds mechanisms and cells by name, and checks each at its first use, so that only what is used gets into the program.

use super::attributes::suggest;
use super::declare::{Home, Symbol};
use super::mechanism::{Checked, check_mechanism};
use super::{Checker, Flaws};
use crate::library;
use bouton_model::ir::{MechanismId, MechanismKind, VarId};
use bouton_syntax::{Code, Diagnostic, Span, ast};
use std::sync::Arc;

impl<'a> Checker<'a> {
    /// A mechanism for a section.
    pub fn density_mechanism(&mut self, path: &ast::Path) -> Option<MechanismId> {
        let id = self.mechanism(path, false)?;
        let mechanism = self.program.mechanisms.get(id.index())?;
        if mechanism.kind != MechanismKind::Point {
            return Some(id);
        }
        let message = format!("`{}` sits at one place and cannot be inserted in a section", mechanism.name);
        let wrong = Diagnostic::new(Code::WrongMechanism, path.span, message).label("a point mechanism").help(format!(
            "declare it in the cell: `synapse NAME: {} at soma(0.5)`, or use it with `stimulate` or `via`",
            mechanism.name
        ));
        self.diagnostics.push(wrong);
        None
    }

    /// A mechanism for one place.
    pub fn point_mechanism(&mut self, path: &ast::Path) -> Option<MechanismId> {
        let id = self.mechanism(path, true)?;
        let mechanism = self.program.mechanisms.get(id.index())?;
        if mechanism.kind == MechanismKind::Point {
            return Some(id);
        }
        let message = format!("`{}` is spread over membrane and cannot sit at one place", mechanism.name);
        let wrong = Diagnostic::new(Code::WrongMechanism, path.span, message)
            .label("not a point mechanism")
            .help(format!("`insert {}` in a section, or declare it as `point mechanism`", mechanism.name));
        self.diagnostics.push(wrong);
        None
    }

    /// The mechanism of a path, checked at its first use. Nothing where it is unknown or broken, which has been reported; an unknown one may
    /// have been meant to be a point mechanism or not.
    fn mechanism(&mut self, path: &ast::Path, point: bool) -> Option<MechanismId> {
        let name = single(path)?;
        match self.declared.names.find(&name.text) {
            Some(Symbol::Mechanism(mechanism)) => Some(self.mechanism_of(mechanism)),
            Some(Symbol::Broken) => None,
            Some(other) => {
                self.wrong_kind(name, &other, "a mechanism");
                None
            }
            None => {
                let names = self.declared.names.list(|symbol| matches!(symbol, Symbol::Mechanism(_)));
                let fit = self.declared.names.list(|symbol| matches!(symbol, Symbol::Mechanism(one) if one.point == point));
                let unknown =
                    Diagnostic::new(Code::UnknownMechanism, name.span, format!("there is no mechanism `{}`", name.text));
                self.unknown(unknown, name, names, fit);
                None
            }
        }
    }

    /// The number of a declared mechanism, which is checked the first time.
    pub fn mechanism_of(&mut self, mechanism: &'a ast::Mechanism) -> MechanismId {
        let key = mechanism.name.span;
        if let Some(known) = self.mechanisms.get(&key) {
            return *known;
        }
        let home = self.home(key);
        let checked = match self.imported(key) {
            Some(checked) => checked,
            None => check_mechanism(mechanism, key, home, self.scope, self.diagnostics),
        };
        let id = self.add_mechanism(checked);
        self.mechanisms.insert(key, id);
        id
    }

    /// The mechanism of a foreign file that is known by the name at a place.
    pub fn imported(&self, name: Span) -> Option<Checked> {
        let one = self.files.imported.iter().find(|one| one.name.span == name)?;
        Some(Checked { mechanism: one.mechanism.clone()?, broken: Vec::new(), refused: false })
    }

    /// Puts a checked mechanism into the program.
    pub fn add_mechanism(&mut self, checked: Checked) -> MechanismId {
        let id = MechanismId(u32::try_from(self.program.mechanisms.len()).unwrap_or(u32::MAX));
        Arc::make_mut(&mut self.program.mechanisms).push(checked.mechanism);
        self.flaws.push(Flaws { broken: checked.broken, refused: checked.refused });
        id
    }

    /// Whether nothing that is asked of a mechanism can be told wrong.
    pub fn is_refused(&self, mechanism: MechanismId) -> bool {
        self.flaws.get(mechanism.index()).is_none_or(|flaws| flaws.refused)
    }

    /// Whether the dimension of a variable is not known.
    pub fn is_broken(&self, mechanism: MechanismId, variable: VarId) -> bool {
        self.flaws.get(mechanism.index()).is_none_or(|flaws| flaws.broken.contains(&variable))
    }

    /// Whose names a declaration sees.
    pub fn home(&self, declared: Span) -> Home {
        if self.declared.names.is_of_library(declared) { Home::Library } else { Home::File }
    }

    /// The declaration of a cell.
    pub fn find_cell(&mut self, path: &ast::Path) -> Option<&'a ast::Cell> {
        let name = single(path)?;
        match self.declared.names.find(&name.text) {
            Some(Symbol::Cell(cell)) => Some(cell),
            Some(Symbol::Broken) => None,
            Some(other) => {
                self.wrong_kind(name, &other, "a cell");
                None
            }
            None => {
                let names = self.declared.names.list(|symbol| matches!(symbol, Symbol::Cell(_)));
                let unknown = Diagnostic::new(Code::UnknownCell, name.span, format!("there is no cell `{}`", name.text));
                self.unknown(unknown, name, names.clone(), names);
                None
            }
        }
    }

    /// Reports a name of another kind.
    pub fn wrong_kind(&mut self, name: &ast::Name, symbol: &Symbol<'a>, wanted: &str) {
        let mut wrong =
            Diagnostic::new(Code::WrongKind, name.span, format!("`{}` is {}, not {wanted}", name.text, symbol.what()));
        if let Some(declared) = self.declared.names.declaration(&name.text)
            && declared.span.file == name.span.file
        {
            wrong = wrong.also(declared.span, "declared here");
        }
        self.diagnostics.push(wrong);
    }

    /// Reports a name that nothing bears; a slip may have been meant for any of `names`, but only `fit` could stand there.
    fn unknown(&mut self, diagnostic: Diagnostic, name: &ast::Name, mut names: Vec<&str>, fit: Vec<&str>) {
        names.sort_unstable();
        let parts = library::parts_with(&name.text);
        let told = match parts.as_slice() {
            [] => suggest(diagnostic, &name.text, name.span, &names),
            parts => diagnostic.help(format!("the library has one: `use {}`", parts.join("`, or `use "))),
        };
        self.diagnostics.push(told.candidates(fit));
    }
}

/// The one name of a path; paths into used files do not exist yet, `use ... as` has been refused.
fn single(path: &ast::Path) -> Option<&ast::Name> {
    match path.parts.as_slice() {
        [name] if !name.is_missing() => Some(name),
        _ => None,
    }
}
