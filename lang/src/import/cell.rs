//! Cells of foreign files: hoc is followed, and what it has built becomes the text of a cell.

use crate::World;
use crate::load::{Files, beside};
use bouton_foreign::hoc::{self, Hoc, Limits, Value};
use bouton_foreign::morphology::{Broken, Format, grow};
use bouton_foreign::neuroml;
use bouton_foreign::neuron::catalog::{self, Catalog};
use bouton_foreign::neuron::{Cell, Model, SectionId};
use bouton_foreign::nmodl::{decode, parse};
use bouton_foreign::python::{BRIDGE, serve};
use bouton_syntax::ast::{self, Block, ExprKind, ImportWhich, ItemKind, Member, MemberKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Source, SourceMap, Span};

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
    /// The class or function of Python, in place of a template.
    pub class: Option<String>,
    /// What it is made with; names in Python only.
    pub arguments: Vec<(Option<String>, Argument)>,
    /// What the cell is called, for names of what it brings along.
    pub called: String,
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
    /// A truth value, in Python only.
    Truth(bool),
}

/// A world as hoc sees it.
pub(super) struct Around<'w>(pub &'w dyn World);

impl hoc::Files for Around<'_> {
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.0.bytes(path)
    }
}

/// A cell with the model of which it is a part.
pub(crate) struct Built {
    pub model: Model,
    pub cell: Cell,
}

/// Follows a file. What is wrong inside is told at its own places.
pub(crate) fn build(
    file: &str,
    wanted: &Wanted,
    catalog: Catalog,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Built>, String> {
    let bytes = world.bytes(file)?;
    if let Some(format) = Format::of(file) {
        return morphology((file, &bytes, format), catalog, sources, diagnostics);
    }
    if neuroml::is_neuroml(file) {
        return document((file, &bytes), wanted, catalog, world, sources, diagnostics);
    }
    let around = Around(world);
    let before = diagnostics.len();
    let mut hoc = Hoc::new(Model::new(catalog), file, &around, sources, diagnostics, Limits::default());
    wanted.ignored.iter().for_each(|name| hoc.ignore(name));
    // Of a file of Python without a class: what its lines build by themselves.
    let class = wanted.class.as_deref().or_else(|| whole(file, ".py").then_some(""));
    let built = match class {
        Some(class) => python(&mut hoc, file, class, &wanted.arguments, world)?,
        None => match template(&mut hoc, file, &bytes, wanted)? {
            Some(cell) => cell,
            None => return Ok(None),
        },
    };
    let model = hoc.finish();
    drop(hoc);
    if diagnostics.iter().skip(before).any(|d| d.severity == bouton_syntax::Severity::Error) {
        return Ok(None);
    }
    Ok(Some(Built { model, cell: built }))
}

/// The cell of a file of points.
fn morphology(
    (file, bytes, format): (&str, &[u8], Format),
    catalog: Catalog,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Built>, String> {
    let text = decode(bytes);
    let branches = match format.read(&text) {
        Ok(branches) => branches,
        Err(broken) => {
            told(broken, file, text, sources, diagnostics);
            return Ok(None);
        }
    };
    let mut model = Model::new(catalog);
    let lists = grow(&mut model, &branches)?;
    let mut cell = model.cell(&model.all())?;
    lists.iter().for_each(|(name, sections)| cell.add_list(name, sections));
    Ok(Some(Built { model, cell }))
}

/// Tells what is wrong with a file, at its line.
fn told(Broken { line, why, .. }: Broken, file: &str, text: String, sources: &mut SourceMap, diagnostics: &mut Diagnostics) {
    let line = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
    let start = u32::try_from(line).unwrap_or(u32::MAX);
    let length = text.get(line..).and_then(|rest| rest.lines().next()).map_or(0, str::len);
    let id = sources.add(Source::new(file, text));
    let span = Span::new(id, start, start + u32::try_from(length).unwrap_or(0));
    diagnostics.push(Diagnostic::new(Code::ForeignText, span, why));
}

/// The cell of a document of NeuroML.
fn document(
    (file, bytes): (&str, &[u8]),
    wanted: &Wanted,
    catalog: Catalog,
    world: &dyn World,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Built>, String> {
    let text = decode(bytes);
    let mut model = Model::new(catalog);
    let include = |named: &str| world.bytes(&beside(file, named)).map(|bytes| decode(&bytes));
    match neuroml::grow(&mut model, &text, wanted.template.as_deref(), &wanted.called, &include) {
        Ok(read) => {
            let mut cell = model.cell(&model.all())?;
            read.lists.iter().for_each(|(name, sections)| cell.add_list(name, sections));
            cell.declarations = read.declarations;
            let root = cell.sections.first().copied();
            cell.spike = root.zip(read.threshold).map(|(root, threshold)| (root, 0.5, threshold));
            Ok(Some(Built { model, cell }))
        }
        Err(broken) => {
            // In the file that is included, where it can still be read.
            let inner = broken.file.as_ref().and_then(|named| Some((beside(file, named), include(named).ok()?)));
            let (file, text) = inner.unwrap_or_else(|| (file.to_owned(), text));
            told(broken, &file, text, sources, diagnostics);
            Ok(None)
        }
    }
}

/// The cell of a template, or of what a file builds by itself. Nothing where that went wrong, which is told.
fn template(hoc: &mut Hoc<'_>, file: &str, bytes: &[u8], wanted: &Wanted) -> Result<Option<Cell>, String> {
    if !hoc.file(file, bytes) {
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
            return Err(match templates.as_slice() {
                [] => format!("it has no template `{name}`, and no other"),
                all => format!("it has no template `{name}`; it has {}", all.join(", ")),
            });
        }
        let arguments = wanted.arguments.iter().map(|(_, one)| match one {
            Argument::Number(value) => Value::Number(*value),
            Argument::Truth(value) => Value::Number(f64::from(u8::from(*value))),
            Argument::Text(text) => Value::Text(text.as_str().into()),
        });
        object = hoc.instance(&name, arguments.collect());
        if object.is_none() {
            return Ok(None);
        }
    }
    let owner = object.as_ref().map(|object| object.id);
    let all = hoc.model.all();
    let own: Vec<_> = all.iter().copied().filter(|id| owner.is_none_or(|owner| hoc.model.section(*id).owner == owner)).collect();
    let cell = of_object(hoc, object.as_deref(), if own.is_empty() { &all } else { &own })?;
    // The object ends here, its sections do not.
    hoc.settle();
    Ok(Some(cell))
}

/// The cell that most of some sections make up, with the lists of the object, or of the file.
pub(super) fn of_object(hoc: &Hoc<'_>, object: Option<&hoc::Object>, sections: &[SectionId]) -> Result<Cell, String> {
    let mut cell = hoc.model.cell(sections)?;
    hoc.lists(object).iter().for_each(|(name, sections)| cell.add_list(name, sections));
    Ok(cell)
}

/// Whether a path ends so, in small or capital letters.
pub(super) fn whole(path: &str, ending: &str) -> bool {
    path.len() >= ending.len() && path.as_bytes()[path.len() - ending.len()..].eq_ignore_ascii_case(ending.as_bytes())
}

/// The cell of a class or function of Python, with the names that the object has for its sections.
fn python(
    hoc: &mut Hoc<'_>,
    file: &str,
    class: &str,
    arguments: &[(Option<String>, Argument)],
    world: &dyn World,
) -> Result<Cell, String> {
    let written = arguments.iter().map(|(name, value)| {
        let name = name.as_deref().unwrap_or("");
        match value {
            Argument::Number(value) => format!("{name}=n{value}"),
            Argument::Text(text) => format!("{name}=t{text}"),
            Argument::Truth(true) => format!("{name}=bTrue"),
            Argument::Truth(false) => format!("{name}=bFalse"),
        }
    });
    let mut words = vec![class.to_owned()];
    words.extend(written);
    let mut interpreter = world.python(BRIDGE, file, &words)?;
    let made = serve(hoc, &mut *interpreter)?;
    if let Some(object) = &made.object {
        let all = hoc.model.all();
        let own: Vec<_> = all.iter().copied().filter(|id| hoc.model.section(*id).owner == object.id).collect();
        let cell = of_object(hoc, Some(object), if own.is_empty() { &all } else { &own });
        hoc.settle();
        return cell;
    }
    let mut own: Vec<SectionId> = made.names.iter().map(|(id, ..)| *id).filter(|id| hoc.model.is_alive(*id)).collect();
    if own.is_empty() {
        own = hoc.model.all();
    }
    for (id, name, index) in &made.names {
        hoc.model.section_mut(*id).own = (name.as_str().into(), *index);
    }
    let mut cell = hoc.model.cell(&own)?;
    made.lists.iter().for_each(|(name, sections)| cell.add_list(name, sections));
    // Its objects end here, its sections do not.
    hoc.settle();
    Ok(cell)
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
            let include = |named: &str| super::included(&path, named, world);
            let (mut sources, mut sink) = (SourceMap::new(), Diagnostics::new());
            let tree = parse(&path, &decode(&bytes), &include, &mut sources, &mut sink);
            if let Some(mechanism) = catalog::of_file(&tree)
                && (&*mechanism.name == "nothing" || !found.iter().any(|(name, _)| *name == mechanism.name))
            {
                found.push((mechanism.name.clone(), path));
                catalog.add(mechanism);
            }
        }
    }
    (catalog, found.into_iter().map(|(_, path)| path).collect())
}

/// Puts into each imported cell, before its own lines, those that its file comes to. Where a file cannot be followed the cell stays without.
pub(crate) fn write_out(files: &mut Files<'_>, sources: &mut SourceMap, diagnostics: &mut Diagnostics) {
    let mut trees = vec![std::mem::take(&mut files.script)];
    trees.append(&mut files.used);
    for tree in &mut trees {
        let user = files.paths.get(&tree.span.file).cloned().unwrap_or_default();
        for mut item in std::mem::take(&mut tree.items) {
            match &mut item.kind {
                ItemKind::Cell(cell) if cell.import.is_some() => {
                    tree.items.extend(one_cell(cell, &user, files, sources, diagnostics));
                }
                ItemKind::ImportCells(import) => {
                    tree.items.extend(super::cells::written_out(import, &user, files, sources, diagnostics));
                    continue;
                }
                _ => {}
            }
            tree.items.push(item);
        }
    }
    let mut trees = trees.into_iter();
    files.script = trees.next().unwrap_or_default();
    files.used = trees.collect();
}

/// Puts the lines of a file into a cell; mechanisms that it brings along.
fn one_cell(
    cell: &mut ast::Cell,
    user: &str,
    files: &mut Files<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<ast::Item> {
    let Some(import) = cell.import.clone() else { return Vec::new() };
    let own = cell.body.take().unwrap_or(Block { items: Vec::new(), span: import.span });
    let (for_import, own_lines): (Vec<Member>, Vec<Member>) =
        own.items.into_iter().partition(|member| matches!(member.kind, MemberKind::Rename { .. } | MemberKind::Ignore(_)));
    let wanted = wanted(&import, &cell.name.text, &for_import, diagnostics);
    let file = beside(user, &import.file.text);
    let mut catalog = Catalog::default();
    catalog.looked = looked(files);
    files.imported.iter().filter_map(|one| one.foreign.clone()).for_each(|one| catalog.add(one));
    let silent = own_lines.iter().any(|member| matches!(member.kind, MemberKind::SpikeAt(_) | MemberKind::Voltage(_)));
    let text = wanted.and_then(|wanted| {
        let key = key(&file, &wanted, &for_import, silent, files);
        let before = diagnostics.len();
        match build(&file, &wanted, catalog, files.world, sources, diagnostics) {
            Ok(built) => {
                let Built { model, cell: mut found } = built?;
                rename(&mut found, &for_import, diagnostics);
                found.silent = silent;
                let text = format!("{}cell {} {{\n{}}}\n", found.declarations.clone(), cell.name.text, model.text(&mut found));
                if let (Some(key), true) = (key, diagnostics.len() == before) {
                    files.world.keep(&key, &text);
                }
                Some(text)
            }
            Err(why) => {
                let known = key.and_then(|key| files.world.recall(&key));
                if known.is_none() {
                    diagnostics.push(refused(&file, &why, import.file.span));
                }
                known
            }
        }
    });
    cell.body = Some(Block { items: own_lines, span: own.span });
    let Some(text) = text else {
        files.incomplete = true;
        return Vec::new();
    };
    let (id, tree) = crate::load::parse(&format!("{file} in the language"), &text, sources, diagnostics);
    files.written.insert(id);
    let (cells, others): (Vec<_>, Vec<_>) = tree.items.into_iter().partition(|item| matches!(item.kind, ItemKind::Cell(_)));
    let lines = cells.into_iter().find_map(|item| match item.kind {
        ItemKind::Cell(cell) => cell.body,
        _ => None,
    });
    if let (Some(body), Some(lines)) = (&mut cell.body, lines) {
        let own = std::mem::replace(&mut body.items, lines.items);
        body.items.extend(own);
        cell.import = None;
    }
    others
}

/// Where the mechanisms of a cell were looked for.
pub(super) fn looked(files: &Files<'_>) -> Vec<String> {
    match files.looked.is_empty() {
        true => vec!["nothing: the script has no `import mechanisms`".to_owned()],
        false => files.looked.clone(),
    }
}

/// By what a class of Python is known again: all that its lines follow from, as far as it is seen here. What files it reads beside its own is not.
fn key(file: &str, wanted: &Wanted, lines: &[Member], silent: bool, files: &Files<'_>) -> Option<String> {
    wanted.class.as_ref()?;
    let bytes = files.world.bytes(file).ok()?;
    let renamed = lines.iter().filter_map(|member| match &member.kind {
        MemberKind::Rename { from, to } => Some((renamed(from), to.text.to_string())),
        _ => None,
    });
    let renamed: Vec<_> = renamed.collect();
    let mechanisms: Vec<_> = files.imported.iter().filter_map(|one| one.foreign.as_ref()).collect();
    let version = env!("CARGO_PKG_VERSION");
    Some(format!("{version} {wanted:?} {renamed:?} {silent} {mechanisms:?}\n{}", decode(&bytes)))
}

/// What is told of a file that came to no cell. What Python says of itself stands below.
fn refused(file: &str, why: &str, span: Span) -> Diagnostic {
    match why.split_once('\n') {
        None => Diagnostic::new(Code::ForeignMeaning, span, format!("cannot import a cell from {file}: {why}")),
        Some((_, traceback)) => {
            let last = traceback.trim_end().lines().last().unwrap_or("");
            let message = format!("cannot import a cell from {file}: Python ends with {last}");
            Diagnostic::new(Code::ForeignMeaning, span, message).help(traceback)
        }
    }
}

/// What an import asks for; nothing where that cannot be read, which is told.
fn wanted(import: &ast::ImportCell, called: &str, lines: &[Member], diagnostics: &mut Diagnostics) -> Option<Wanted> {
    let ignored = lines.iter().filter_map(|member| match &member.kind {
        MemberKind::Ignore(name) => Some(name.text.to_string()),
        _ => None,
    });
    let mut wanted = Wanted { ignored: ignored.collect(), called: called.to_owned(), ..Wanted::default() };
    match &import.which {
        None => {}
        Some(ImportWhich::Template { name, args } | ImportWhich::Class { name, args }) => {
            let named = Some(name.text.to_string());
            match import.which {
                Some(ImportWhich::Class { .. }) => wanted.class = named,
                _ => wanted.template = named,
            }
            for arg in args {
                let Some(value) = argument(&arg.value) else {
                    let message = "a cell of a file is made with numbers, texts and truth values";
                    diagnostics.push(Diagnostic::new(Code::NotConstant, arg.value.span, message).help("write the value"));
                    return None;
                };
                wanted.arguments.push((arg.name.as_ref().map(|name| name.text.to_string()), value));
            }
        }
    }
    Some(wanted)
}

fn argument(expr: &ast::Expr) -> Option<Argument> {
    match &expr.kind {
        ExprKind::Number(value) => Some(Argument::Number(*value)),
        ExprKind::Bool(value) => Some(Argument::Truth(*value)),
        ExprKind::Unary { op: ast::UnaryOp::Minus, operand } => match argument(operand)? {
            Argument::Number(value) => Some(Argument::Number(-value)),
            Argument::Text(_) | Argument::Truth(_) => None,
        },
        ExprKind::Text(text) => match text.parts.as_slice() {
            [] => Some(Argument::Text(String::new())),
            [ast::TextPart::Letters(part)] => Some(Argument::Text(part.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// `rename sec -> soma`
pub(super) fn rename<M: std::borrow::Borrow<Member>>(cell: &mut Cell, lines: &[M], diagnostics: &mut Diagnostics) {
    for member in lines {
        let MemberKind::Rename { from, to } = &member.borrow().kind else { continue };
        let (name, index) = renamed(from);
        if !cell.rename(&name, index, &to.text) {
            let mut names: Vec<&str> = cell.names.iter().map(|(name, _)| name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            let unknown = Diagnostic::new(Code::UnknownSection, from.span, format!("the file has no section `{name}`"));
            diagnostics.push(crate::check::suggest(unknown, &name, from.span, &names));
        }
    }
}

/// The section, or the array and the index, that is renamed.
fn renamed(from: &ast::Expr) -> (String, Option<usize>) {
    match &from.kind {
        ExprKind::Name(name) => (name.to_string(), None),
        ExprKind::Index { base, indices } => match (&base.kind, indices.as_slice()) {
            (ExprKind::Name(name), [ast::Expr { kind: ExprKind::Number(index), .. }]) => {
                (name.to_string(), Some(*index as usize))
            }
            _ => (String::new(), None),
        },
        _ => (String::new(), None),
    }
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
    /// Sections to be drawn: the name, and points as x, y, z and diameter (um).
    pub drawn: Vec<(String, Vec<[f64; 4]>)>,
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
    let called = wanted.template.clone().or(wanted.class.clone()).unwrap_or_else(|| "Imported".to_owned());
    let wanted = &Wanted { called, ..wanted.clone() };
    let built = match build(file, wanted, catalog, world, &mut sources, &mut diagnostics) {
        Ok(built) => built,
        Err(why) => {
            let whole = sources.iter().find(|(_, source)| source.name == file).map(|(id, _)| Span::at(id, 0));
            let Some(span) = whole else { return Err(why) };
            diagnostics.push(Diagnostic::new(Code::ForeignMeaning, span, why));
            None
        }
    };
    let mut report = Report { rows: None, json: String::new(), text: String::new(), drawn: Vec::new(), diagnostics, sources };
    if let Some(Built { model, mut cell }) = built {
        let lines = model.text(&mut cell);
        let mut all = model.report(&cell);
        all.retain(|(_, line)| !line.is_empty());
        report.json = model.json(&cell);
        let name = &wanted.called;
        let body: String = lines.lines().map(|line| format!("    {line}\n")).collect();
        report.text = format!("{}cell {name} {{\n{body}}}\n", cell.declarations);
        report.drawn = model.drawn(&cell).into_iter().map(|one| (one.name, one.points)).collect();
        report.rows = Some(all);
    }
    Ok(report)
}
