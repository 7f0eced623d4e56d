//! What a file of NMODL declares, as an editor shows it: names with their places, units and comments.

use bouton_foreign::nmodl::tree::{Declared, File};
use bouton_foreign::nmodl::unit::Units;
use bouton_model::unit::Dimension;
use bouton_syntax::ast::Name;
use bouton_syntax::{SourceMap, Span};

/// A name that scripts can read or set.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub name: Name,
    /// The line that declares it, without its comment.
    pub line: Span,
    pub kind: PartKind,
    /// Of a parameter whose unit is known.
    pub unit: Option<FileUnit>,
    /// The comment behind it.
    pub comment: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    Parameter,
    State,
    /// A variable that the file computes and shows.
    Range,
}

/// A unit as a file writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FileUnit {
    /// Without parentheses.
    pub text: String,
    /// How many coherent units one of it is.
    pub factor: f64,
    pub dimension: Dimension,
}

/// The parameters and states of a file and what else it shows.
pub(super) fn parts(tree: &File, sources: &SourceMap) -> Vec<Part> {
    let units = Units::of(tree);
    let shown = |one: &&Declared| tree.neuron.range.iter().any(|name| name.text == one.name.text);
    let part = |one: &Declared, kind: PartKind| {
        let (line, comment) = line_of(one.name.span, sources);
        let unit = one.unit.as_ref().filter(|_| kind == PartKind::Parameter).and_then(|text| {
            let unit = units.read(text).filter(|unit| !unit.is_temperature())?;
            Some(FileUnit { text: text.trim().to_owned(), factor: unit.factor(), dimension: unit.dimension() })
        });
        Part { name: Name { text: (&*one.name.text).into(), span: one.name.span }, line, kind, unit, comment }
    };
    let parameters = tree.parameters.iter().map(|one| part(one, PartKind::Parameter));
    let states = tree.states.iter().map(|one| part(one, PartKind::State));
    let assigned = tree.assigned.iter().filter(shown).map(|one| part(one, PartKind::Range));
    parameters.chain(states).chain(assigned).collect()
}

/// The rest of a line from a name on, and the comment behind it.
fn line_of(name: Span, sources: &SourceMap) -> (Span, String) {
    let Some(source) = sources.get(name.file) else { return (name, String::new()) };
    let rest = source.text.get(name.start as usize..).unwrap_or("");
    let rest = rest.lines().next().unwrap_or("");
    let (code, comment) = rest.split_once([':', '?']).unwrap_or((rest, ""));
    let length = u32::try_from(code.trim_end().len()).unwrap_or(0).max(name.len());
    (Span::new(name.file, name.start, name.start + length), comment.trim().to_owned())
}
