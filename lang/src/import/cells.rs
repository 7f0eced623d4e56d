//! `import cells "network.hoc" of pyr`: the cells that a script has made and holds under a name, as a population.

use super::cell::{Around, looked, of_object, rename, whole};
use crate::load::{Files, beside, cannot_read};
use bouton_foreign::hoc::{Hoc, Limits};
use bouton_foreign::morphology::Format;
use bouton_foreign::neuroml::is_neuroml;
use bouton_foreign::neuron::{Catalog, Cell, Model};
use bouton_syntax::ast::{self, ItemKind, Member, MemberKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, SourceMap};
use std::fmt::Write;

/// The declarations that an import stands for; none, and the files incomplete, where it cannot be followed.
pub(super) fn written_out(
    import: &ast::ImportCells,
    user: &str,
    files: &mut Files<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Vec<ast::Item> {
    let lines = import.body.as_ref().map_or(&[][..], |body| &body.items);
    let (for_import, own): (Vec<&Member>, Vec<&Member>) =
        lines.iter().partition(|member| matches!(member.kind, MemberKind::Rename { .. } | MemberKind::Ignore(_)));
    let file = beside(user, &import.file.text);
    let silent = own.iter().any(|member| matches!(member.kind, MemberKind::SpikeAt(_) | MemberKind::Voltage(_)));
    let Some((model, held)) = followed(import, &file, &for_import, files, sources, diagnostics) else {
        files.incomplete = true;
        return Vec::new();
    };
    let mut text = String::new();
    for (name, cells) in held {
        let mut texts: Vec<String> = Vec::new();
        let mut kinds = Vec::new();
        for mut cell in cells {
            rename(&mut cell, &for_import, diagnostics);
            cell.silent = silent;
            let lines = model.text(&mut cell);
            let kind = texts.iter().position(|known| *known == lines).unwrap_or(texts.len());
            if kind == texts.len() {
                texts.push(lines);
            }
            kinds.push(kind);
        }
        declare(&name, &texts, &kinds, &mut text);
    }
    let (id, tree) = crate::load::parse(&format!("cells of {file} in the language"), &text, sources, diagnostics);
    files.written.insert(id);
    let mut items = tree.items;
    for item in &mut items {
        if let ItemKind::Cell(ast::Cell { body: Some(body), .. }) = &mut item.kind {
            body.items.extend(own.iter().copied().cloned());
        }
    }
    items
}

/// What a script has made, and the cells under each name.
type Followed = (Model, Vec<(String, Vec<Cell>)>);

/// The cells under each name that is asked for.
fn followed(
    import: &ast::ImportCells,
    file: &str,
    lines: &[&Member],
    files: &Files<'_>,
    sources: &mut SourceMap,
    diagnostics: &mut Diagnostics,
) -> Option<Followed> {
    if Format::of(file).is_some() || is_neuroml(file) || whole(file, ".py") {
        let message = "`import cells` follows scripts of hoc, and this is none";
        let refused = Diagnostic::new(Code::ForeignMeaning, import.file.span, message);
        diagnostics.push(refused.help("one cell of such a file is `cell NAME = import \"FILE\"`, of Python with `class NAME`"));
        return None;
    }
    let bytes = match files.world.bytes(file) {
        Ok(bytes) => bytes,
        Err(why) => {
            diagnostics.push(cannot_read(file, import.file.span, &why));
            return None;
        }
    };
    let mut catalog = Catalog::default();
    catalog.looked = looked(files);
    files.imported.iter().filter_map(|one| one.foreign.clone()).for_each(|one| catalog.add(one));
    let around = Around(files.world);
    let mut found = Diagnostics::new();
    let mut hoc = Hoc::new(Model::new(catalog), file, &around, sources, &mut found, Limits::default());
    for member in lines {
        if let MemberKind::Ignore(name) = &member.kind {
            hoc.ignore(&name.text);
        }
    }
    let fine = hoc.file(file, &bytes);
    let mut all = Vec::new();
    let mut wrong = Vec::new();
    for name in import.names.iter().filter(|name| fine && !name.is_missing()) {
        let Some(held) = hoc.held(&name.text) else {
            let names = hoc.holders();
            let unknown = format!("{file} holds no cells under `{}`", name.text);
            wrong.push(crate::check::suggest(
                Diagnostic::new(Code::ForeignMeaning, name.span, unknown),
                &name.text,
                name.span,
                &names,
            ));
            continue;
        };
        if held.is_empty() {
            let empty = format!("there is no cell under `{}` when {file} has ended", name.text);
            wrong.push(Diagnostic::new(Code::ForeignMeaning, name.span, empty));
            continue;
        }
        let cells = held.iter().map(|one| {
            let called = one.object.as_ref().map_or_else(|| name.text.to_string(), |object| object.name());
            let mut cell =
                of_object(&hoc, one.object.as_deref(), &one.sections).map_err(|why| format!("{called} is no cell: {why}"))?;
            // A section that is alone of its array in this cell needs no index.
            let indices: Vec<_> = cell.names.iter().filter(|(own, _)| **own == *name.text).map(|(_, index)| *index).collect();
            if let (None, [index @ Some(_)]) = (&one.object, indices.as_slice()) {
                cell.rename(&name.text, *index, &name.text);
            }
            Ok(cell)
        });
        match cells.collect::<Result<Vec<Cell>, String>>() {
            Ok(cells) => all.push((name.text.to_string(), cells)),
            Err(why) => wrong.push(Diagnostic::new(Code::ForeignMeaning, name.span, why)),
        }
    }
    let model = hoc.finish();
    drop(hoc);
    let fine = fine && wrong.is_empty();
    wrong.into_iter().for_each(|one| diagnostics.push(one));
    diagnostics.extend(found);
    fine.then_some((model, all))
}

/// Cells that are alike are one declaration and one population; several kinds of them are a set in the file's order.
fn declare(name: &str, texts: &[String], kinds: &[usize], out: &mut String) {
    let count = |kind: usize| kinds.iter().filter(|one| **one == kind).count();
    if let [only] = texts {
        let _ = writeln!(out, "cell {name}_cell {{\n{only}}}\npopulation {name}: {name}_cell[{}]", kinds.len());
        return;
    }
    for (kind, lines) in texts.iter().enumerate() {
        let _ =
            writeln!(out, "cell {name}_cell_{kind} {{\n{lines}}}\npopulation {name}_{kind}: {name}_cell_{kind}[{}]", count(kind));
    }
    let mut met = vec![0; texts.len()];
    let mut parts = Vec::new();
    for row in kinds.chunk_by(|a, b| a == b) {
        let Some(kind) = row.first().copied() else { continue };
        let first = met[kind];
        met[kind] += row.len();
        parts.push(match (first, met[kind] == count(kind)) {
            (0, true) => format!("{name}_{kind}"),
            (first, _) => format!("{name}_{kind}[{first} .. {}]", met[kind] - 1),
        });
    }
    let _ = writeln!(out, "let {name} = [{}]", parts.join(", "));
}
