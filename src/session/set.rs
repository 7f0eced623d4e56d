//! `--set name=value`: the value is read and checked as if the script ended with `set name = value`.

use crate::build::{Constants, Knobs};
use crate::script::Stop;
use crate::value::{self, NoValue, Value};
use bouton_lang::{Checked, SourceMap, World};
use bouton_model::ir::{Attribute, Expr, Knob, ParamId, Program, Statement, StatementKind};
use bouton_syntax::diagnostic::{Code, Diagnostic, Diagnostics, Fix, Severity};
use bouton_syntax::parse_expression;
use bouton_syntax::source::Source;
use bouton_syntax::span::{FileId, Span};
use std::mem;

/// What messages call the text.
pub const NAME: &str = "--set";

/// What is set, with its values.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Parameters of the script.
    pub params: Vec<(ParamId, f64)>,
    /// Values that paths name.
    pub paths: Vec<(Knob, Attribute)>,
}

/// Checks a script with what is set of it, name and value as they are written. What is told of the added lines has its place in them.
pub fn check(name: &str, text: &str, set: &[(String, String)], world: &dyn World) -> Checked {
    let lines: Vec<String> = set.iter().map(|(name, value)| format!("set {name} = {value}\n")).collect();
    let added = (!set.is_empty()).then(|| Source::new(NAME, lines.concat()));
    let Some(added) = added else { return bouton_lang::check(name, text, world) };
    let broken = alone(set, &lines);
    if broken.is_empty() {
        let mut checked = bouton_lang::check_with(name, text, Some(added), world);
        let file = file(&checked.sources);
        // Somebody who sets a value from outside is not told how scripts are best written.
        let mine = |one: &&Diagnostic| one.severity == Severity::Error || Some(one.span.file) != file;
        checked.diagnostics = checked.diagnostics.iter().filter(mine).cloned().collect::<Vec<_>>().into();
        return checked;
    }
    let mut checked = bouton_lang::check(name, text, world);
    let file = checked.sources.add(added);
    for one in broken {
        checked.diagnostics.push(moved(one, file));
    }
    checked.program = None;
    checked
}

/// Takes what was set from the program's statements, with its values.
///
/// # Errors
/// A value that is not known before the script runs.
pub fn take(program: &mut Program, sources: &SourceMap, knobs: &Knobs) -> Result<Values, Stop> {
    let file = file(sources);
    let (set, own): (Vec<Statement>, Vec<Statement>) =
        mem::take(&mut program.statements).into_iter().partition(|statement| Some(statement.span.file) == file);
    program.statements = own;
    if set.is_empty() { Ok(Values::default()) } else { evaluated(program, knobs, set) }
}

/// The file of the added lines.
fn file(sources: &SourceMap) -> Option<FileId> {
    sources.iter().find(|(_, source)| source.name == NAME).map(|(id, _)| id)
}

/// Each value by itself must be one expression, and each name a name: nothing else can be smuggled in.
fn alone(set: &[(String, String)], lines: &[String]) -> Vec<Diagnostic> {
    let mut start = 0;
    let file = FileId::default();
    for ((name, value), line) in set.iter().zip(lines) {
        let at = Span::new(file, start, start + line.len() as u32 - 1);
        if !is_name(name) {
            return vec![Diagnostic::new(Code::UnknownName, at, format!("\"{name}\" is not the name of a parameter"))];
        }
        let (_, found) = parse_expression(&Source::new(NAME, value.clone()), file);
        let before = start + line.len() as u32 - 1 - value.len() as u32;
        if found.has_errors() {
            return found.iter().map(|one| later(one.clone(), before)).collect();
        }
        start += line.len() as u32;
    }
    Vec::new()
}

fn is_name(text: &str) -> bool {
    // A path is several names with dots between them.
    text.split('.').all(|name| {
        let mut letters = name.chars();
        let begins = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        begins && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// A diagnostic of a value, in the lines.
fn later(mut one: Diagnostic, before: u32) -> Diagnostic {
    let place = |span: Span| Span::new(span.file, span.start + before, span.end + before);
    one.labels.iter_mut().for_each(|(span, _)| *span = place(*span));
    one.span = place(one.span);
    one.fix = one.fix.map(|fix| Fix { span: place(fix.span), ..fix });
    one
}

/// A diagnostic in another file.
fn moved(mut one: Diagnostic, file: FileId) -> Diagnostic {
    let place = |span: Span| Span::new(file, span.start, span.end);
    one.labels.iter_mut().for_each(|(span, _)| *span = place(*span));
    one.span = place(one.span);
    one.fix = one.fix.map(|fix| Fix { span: place(fix.span), ..fix });
    one
}

fn evaluated(program: &Program, knobs: &Knobs, set: Vec<Statement>) -> Result<Values, Stop> {
    let mut found = Diagnostics::new();
    let constants = Constants::of(program, knobs, &mut found);
    if found.has_errors() {
        return Err(found.iter().cloned().collect::<Vec<_>>().into());
    }
    let value = |attribute: &Attribute| {
        let value = value::evaluate(&attribute.value, &mut { &constants }).map_err(|none| match none {
            NoValue::Told(told) => *told,
            _ => Diagnostic::new(Code::NoValue, attribute.span, "this value is not known before the script runs"),
        })?;
        Ok::<_, Stop>(match value {
            Value::Number(x) => x,
            Value::Bool(b) => f64::from(u8::from(b)),
        })
    };
    let mut all = Values::default();
    for statement in set {
        match statement.kind {
            StatementKind::Set(id, attribute) => all.params.push((id, value(&attribute)?)),
            StatementKind::Turn(knob, attribute) => {
                let number = Expr::Number(value(&attribute)?);
                all.paths.push((knob, Attribute { value: number, span: attribute.span }));
            }
            _ => {}
        }
    }
    Ok(all)
}
