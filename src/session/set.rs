//! `--set name=value`: the value is read and checked as if the script ended with `set name = value`.

use crate::build::{Constants, Knobs};
use crate::script::Stop;
use crate::value::{self, NoValue, Value};
use bouton_lang::{Checked, SourceMap, World, check, fits};
use bouton_model::ir::{Attribute, Expr, Knob, ParamId, Program, StatementKind};
use bouton_syntax::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use bouton_syntax::parse_expression;
use bouton_syntax::source::Source;
use bouton_syntax::span::{FileId, Span};

/// What messages call the text.
pub const NAME: &str = "--set";

/// Files that were read before.
struct Known<'a>(&'a SourceMap);

impl World for Known<'_> {
    fn read(&self, path: &str) -> Result<String, String> {
        let found = self.0.iter().find(|(_, source)| source.name == path);
        found.map(|(_, source)| source.text.clone()).ok_or_else(|| "it was not read before".to_owned())
    }

    fn list(&self, pattern: &str) -> Result<Vec<String>, String> {
        let mut found: Vec<String> =
            self.0.iter().map(|(_, source)| source.name.clone()).filter(|name| fits(pattern, name)).collect();
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

/// What is set, with its values.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Parameters of the script.
    pub params: Vec<(ParamId, f64)>,
    /// Values that paths name.
    pub paths: Vec<(Knob, Attribute)>,
}

/// What is set, with its values.
///
/// # Errors
/// A name that is no parameter, a value that cannot be read or has another dimension.
pub fn values(checked: &mut Checked, knobs: &Knobs, set: &[(String, String)]) -> Result<Values, Stop> {
    if set.is_empty() {
        return Ok(Values::default());
    }
    let lines: Vec<String> = set.iter().map(|(name, value)| format!("set {name} = {value}\n")).collect();
    let file = checked.sources.add(Source::new(NAME, lines.concat()));
    alone(set, &lines, file)?;
    let Some((_, script)) = checked.sources.iter().next() else { return Ok(Values::default()) };
    let added = Added { file, start: script.text.len() as u32 + 1 };
    let whole = format!("{}\n{}", script.text, lines.concat());
    let again = check(&script.name, &whole, &Known(&checked.sources));
    let Some(program) = &again.program else { return Err(added.errors(&again.diagnostics)) };
    evaluated(program, knobs, set.len(), &added)
}

/// Each value by itself must be one expression, and each name a name: nothing else can be smuggled in.
fn alone(set: &[(String, String)], lines: &[String], file: FileId) -> Result<(), Stop> {
    let mut start = 0;
    for ((name, value), line) in set.iter().zip(lines) {
        let at = Span::new(file, start, start + line.len() as u32 - 1);
        if !is_name(name) {
            return Err(Diagnostic::new(Code::UnknownName, at, format!("\"{name}\" is not the name of a parameter")).into());
        }
        let (_, found) = parse_expression(&Source::new(NAME, value.clone()), file);
        let before = start + line.len() as u32 - 1 - value.len() as u32;
        if found.has_errors() {
            return Err(found.iter().map(|one| moved(one.clone(), file, |offset| offset + before)).collect::<Vec<_>>().into());
        }
        start += line.len() as u32;
    }
    Ok(())
}

fn is_name(text: &str) -> bool {
    // A path is several names with dots between them.
    text.split('.').all(|name| {
        let mut letters = name.chars();
        let begins = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        begins && letters.all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// Where the lines stand behind the script, and the file in which they are shown.
struct Added {
    file: FileId,
    start: u32,
}

impl Added {
    /// The errors in the added lines; if the script itself has one with them, that.
    fn errors(&self, found: &Diagnostics) -> Stop {
        let errors = || found.iter().filter(|one| one.severity == Severity::Error);
        let mine: Vec<Diagnostic> = errors().filter(|one| self.holds(one.span)).map(|one| self.moved(one.clone())).collect();
        if mine.is_empty() { errors().cloned().collect::<Vec<_>>().into() } else { mine.into() }
    }

    fn holds(&self, span: Span) -> bool {
        span.file == FileId(0) && span.start >= self.start
    }

    fn moved(&self, one: Diagnostic) -> Diagnostic {
        moved(one, self.file, |offset| offset.saturating_sub(self.start))
    }

    fn span(&self, span: Span) -> Span {
        if self.holds(span) { Span::new(self.file, span.start - self.start, span.end.saturating_sub(self.start)) } else { span }
    }
}

/// A diagnostic of another file, its own place and fix moved; labels elsewhere stay.
fn moved(mut one: Diagnostic, file: FileId, by: impl Fn(u32) -> u32) -> Diagnostic {
    let place = |span: Span| Span::new(file, by(span.start), by(span.end));
    one.labels.retain(|(span, _)| span.file == FileId(0) && span.end <= one.span.start);
    one.span = place(one.span);
    one.fix = one.fix.map(|fix| bouton_syntax::diagnostic::Fix { span: place(fix.span), ..fix });
    one
}

/// The values of the last statements, which are the added ones.
fn evaluated(program: &Program, knobs: &Knobs, count: usize, added: &Added) -> Result<Values, Stop> {
    let mut found = Diagnostics::new();
    let constants = Constants::of(program, knobs, &mut found);
    if found.has_errors() {
        return Err(found.iter().cloned().collect::<Vec<_>>().into());
    }
    let value = |attribute: &Attribute| {
        let value = value::evaluate(&attribute.value, &mut { &constants }).map_err(|none| match none {
            NoValue::Told(told) => *told,
            _ => Diagnostic::new(Code::NoValue, added.span(attribute.span), "this value is not known before the script runs"),
        })?;
        Ok::<_, Stop>(match value {
            Value::Number(x) => x,
            Value::Bool(b) => f64::from(u8::from(b)),
        })
    };
    let first = program.statements.len().saturating_sub(count);
    let mut all = Values::default();
    for statement in program.statements.iter().skip(first) {
        match &statement.kind {
            StatementKind::Set(id, attribute) => all.params.push((*id, value(attribute)?)),
            StatementKind::Turn(knob, attribute) => {
                let number = Expr::Number(value(attribute)?);
                all.paths.push((knob.clone(), Attribute { value: number, span: added.span(attribute.span) }));
            }
            _ => {}
        }
    }
    Ok(all)
}
