//! Numbers of a file: a column of a CSV file, a vector or a column of an NPY file.

use super::attributes::suggest;
use super::expr::Ctx;
use crate::table;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// A text that is written out, as in `form`.
pub(super) fn text(e: &ast::Expr, ctx: &mut Ctx<'_>, what: &str, form: &str) -> Option<String> {
    if let ExprKind::Text(text) = &e.kind
        && let [ast::TextPart::Letters(letters)] = text.parts.as_slice()
    {
        return Some(letters.clone());
    }
    if !matches!(e.kind, ExprKind::Error) {
        let wrong = Diagnostic::new(Code::WrongArguments, e.span, format!("expected {what}"));
        ctx.sink.push(wrong.help(format!("in quotes, relative to the script: {form}")));
    }
    None
}

/// The numbers of a file, of one column where there are several.
pub(super) fn read(file: &ast::Expr, column: Option<(String, Span)>, form: &str, ctx: &mut Ctx<'_>) -> Option<Vec<f64>> {
    let path = text(file, ctx, "the name of a file", form)?;
    let files = ctx.scope.files?;
    let full = files.path(&path, file.span);
    let (names, mut columns) = match full.ends_with(".npy") {
        true => match table::matrix(files.world, &full) {
            Err(why) => return unread(&path, file.span, &why, ctx),
            Ok(matrix) if matrix.shape.0 == 1 || matrix.shape.1 == 1 => (Vec::new(), vec![matrix.values]),
            Ok(matrix) => {
                let (rows, count) = matrix.shape;
                let of = |k: usize| (0..rows).map(|row| matrix.values[row * count + k]).collect();
                (Vec::new(), (0..count).map(of).collect::<Vec<Vec<f64>>>())
            }
        },
        false => match table::columns(files.world, &full) {
            Err(why) => return unread(&path, file.span, &why, ctx),
            Ok(columns) => (columns.names, columns.values),
        },
    };
    let at = match &column {
        None if columns.len() == 1 => Some(0),
        None => None,
        // Columns without names have numbers.
        Some((name, _)) => {
            names.iter().position(|known| known == name).or_else(|| name.parse().ok().filter(|_| names.is_empty()))
        }
    };
    match at.filter(|at| *at < columns.len()) {
        Some(at) => Some(columns.swap_remove(at)),
        None => {
            let numbers = || (0..columns.len()).map(|k| k.to_string()).collect();
            let known: Vec<String> = if names.is_empty() { numbers() } else { names };
            let (name, span) = column.unwrap_or_default();
            let wrong = match name.is_empty() {
                true => Diagnostic::new(Code::WrongArguments, file.span, format!("`{path}` has {} columns", columns.len()))
                    .help(format!("say which: `column = \"{}\"`", known.first().map_or("0", |one| one))),
                false => suggest(
                    Diagnostic::new(Code::WrongArguments, span, format!("`{path}` has no column `{name}`")),
                    &name,
                    span,
                    &known,
                ),
            };
            ctx.sink.push(wrong);
            None
        }
    }
}

fn unread(path: &str, span: Span, why: &str, ctx: &mut Ctx<'_>) -> Option<Vec<f64>> {
    ctx.sink.push(Diagnostic::new(Code::CannotRead, span, format!("cannot read `{path}`: {why}")));
    None
}
