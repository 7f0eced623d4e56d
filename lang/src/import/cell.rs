//! Cells of foreign files: hoc is followed, and what it has built becomes the text of a cell.

use crate::World;
use crate::load::beside;
use bouton_foreign::hoc::{Files, Hoc, Limits, Value};
use bouton_foreign::neuron::catalog::{self, Catalog};
use bouton_foreign::neuron::{Cell, Model};
use bouton_foreign::nmodl::{decode, parse};
use bouton_syntax::{Code, Diagnostic, Diagnostics, SourceMap, Span};

/// Folders beside a file, and beside the one above, in which mechanisms lie by custom.
const FOLDERS: &[&str] = &[
    "",
    "mod/",
    "mechanisms/",
    "mechanism/",
    "mods/",
    "modfiles/",
    "mod_files/",
    "mechs/",
    "MOD/",
    "Mechanisms/",
    "../",
    "../mod/",
    "../mechanisms/",
    "../mods/",
    "../modfiles/",
    "../mod_files/",
];

/// What of a file is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The template; nothing for the only one, or for what the file itself builds.
    pub template: Option<String>,
    /// What it is made with.
    pub arguments: Vec<Argument>,
    /// Names whose calls are passed over.
    pub ignored: Vec<String>,
}

/// An argument of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

/// A world as hoc sees it.
struct Around<'w>(&'w dyn World);

impl Files for Around<'_> {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.bytes(path)
    }
}

/// A cell with the model of which it is a part.
pub(crate) struct Built {
    pub model: Model,
    pub cell: Cell,
}

/// Follows a file. `place` is where it is asked for; what is wrong inside is told at its own places.
pub(crate) fn build(
    file: &str,
    place: Option<Span>,
    wanted: &Wanted,
    catalog: Catalog,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Built>, String> {
    let bytes = world.bytes(file)?;
    let around = Around(world);
    let before = diagnostics.len();
    let mut hoc = Hoc::new(Model::new(catalog), file, &around, sources, diagnostics, Limits::default());
    wanted.ignored.iter().for_each(|name| hoc.ignore(name));
    if !hoc.file(file, &bytes) {
        return Ok(None);
    }
    let templates = hoc.templates();
    let empty = hoc.model.all().is_empty();
    let chosen = match (&wanted.template, templates.as_slice()) {
        (None, [only]) if empty => Some(only.clone()),
        (None, []) => None,
        (None, several) if empty => {
            return Err(format!("it has several templates, and builds nothing by itself: {}", several.join(", ")));
        }
        (chosen, _) => chosen.clone(),
    };
    let mut object = None;
    if let Some(name) = chosen {
        if !templates.contains(&name) {
            let message = match templates.as_slice() {
                [] => format!("it has no template `{name}`, and no other"),
                all => format!("it has no template `{name}`; it has {}", all.join(", ")),
            };
            return Err(message);
        }
        let arguments = wanted.arguments.iter().map(|one| match one {
            Argument::Number(value) => Value::Number(*value),
            Argument::Text(text) => Value::Text(text.as_str().into()),
        });
        let arguments = arguments.collect();
        object = hoc.instance(&name, arguments);
        if object.is_none() {
            return Ok(None);
        }
    }
    let owner = object.as_ref().map(|object| object.id);
    let cell = hoc.model.cell(owner);
    let model = hoc.finish();
    drop(hoc);
    if diagnostics.iter().skip(before).any(|d| d.severity == bouton_syntax::Severity::Error) {
        return Ok(None);
    }
    let _ = place;
    Ok(Some(Built { model, cell: cell? }))
}

/// The mechanisms of files that a pattern names, or that lie where they lie by custom.
pub(crate) fn catalog(file: &str, patterns: &[String], world: &dyn World) -> (Catalog, Vec<String>) {
    let mut catalog = Catalog::default();
    let by_custom: Vec<String> = FOLDERS.iter().map(|folder| beside(file, &format!("{folder}*.mod"))).collect();
    let mut found = Vec::new();
    for pattern in if patterns.is_empty() { &by_custom } else { patterns } {
        catalog.looked.push(pattern.clone());
        for path in world.list(pattern).unwrap_or_default() {
            let Ok(bytes) = world.bytes(&path) else { continue };
            let include = |named: &str| world.bytes(&beside(&path, named));
            let (mut sources, mut sink) = (SourceMap::new(), Diagnostics::new());
            let tree = parse(&path, &decode(&bytes), &include, &mut sources, &mut sink);
            if let Some(mechanism) = catalog::of_file(&tree)
                && !found.iter().any(|(name, _)| *name == mechanism.name)
            {
                found.push((mechanism.name.clone(), path));
                catalog.add(mechanism);
            }
        }
    }
    (catalog, found.into_iter().map(|(_, path)| path).collect())
}

/// What is told of a cell.
#[derive(Debug)]
pub struct Report {
    /// A heading and a line each; nothing where the file could not be followed.
    pub rows: Option<Vec<(String, String)>>,
    /// The same as JSON.
    pub json: String,
    /// The cell as text of the language.
    pub text: String,
    /// What is wrong.
    pub diagnostics: Diagnostics,
    /// The files.
    pub sources: SourceMap,
}

/// Reads a cell through a world, with mechanisms from files of these patterns.
///
/// # Errors
/// Why the file cannot be read.
pub fn report(file: &str, wanted: &Wanted, patterns: &[String], world: &dyn World) -> Result<Report, String> {
    let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let (catalog, _) = catalog(file, patterns, world);
    let built = match build(file, None, wanted, catalog, world, &mut sources, &mut diagnostics) {
        Ok(built) => built,
        Err(why) => {
            let whole = sources.iter().find(|(_, source)| source.name == file).map(|(id, _)| Span::at(id, 0));
            let Some(span) = whole else { return Err(why) };
            diagnostics.push(Diagnostic::new(Code::ForeignMeaning, span, why));
            None
        }
    };
    let mut report = Report { rows: None, json: String::new(), text: String::new(), diagnostics, sources };
    if let Some(Built { model, mut cell }) = built {
        let lines = model.text(&mut cell);
        let mut all = model.report(&cell);
        all.retain(|(_, line)| !line.is_empty());
        report.json = model.json(&cell);
        let name = wanted.template.clone().unwrap_or_else(|| "Imported".to_owned());
        let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
        report.text = format!("cell {name} {{\n{body}}}\n");
        report.rows = Some(all);
    }
    Ok(report)
}
