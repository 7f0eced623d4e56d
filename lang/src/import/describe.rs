//! What a foreign file declares, in words: for `bouton mod`.

use super::{parsed, translated};
use crate::World;
use bouton_foreign::nmodl::tree::Place;
use bouton_model::ir::{CurrentKind, Expr, HandlerKind, Mechanism, Method, VariableKind};
use bouton_model::unit::quantity::{show, unit_text};
use bouton_syntax::{Diagnostics, Severity, SourceMap, Span};

/// A file of mechanisms.
#[derive(Clone, Debug)]
pub struct Described {
    /// What the file is called by itself; nothing where it does not say.
    pub name: Option<String>,
    /// What is told of it, a heading and a line each, in order.
    pub rows: Vec<(&'static str, String)>,
    /// What is wrong or not supported.
    pub diagnostics: Diagnostics,
    /// The file, and what it includes.
    pub sources: SourceMap,
    /// Whether it can be used.
    pub runs: bool,
}

/// Reads a file through a world. `units`: where its units contradict each other is told, too.
///
/// # Errors
/// Why it cannot be read.
pub fn describe(file: &str, world: &dyn World, units: bool) -> Result<Described, String> {
    let bytes = world.bytes(file)?;
    let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let doubts = if units { inconsistencies(file, &bytes, world) } else { Vec::new() };
    let (translated, _) = translated(file, &bytes, world, &mut sources, &mut diagnostics);
    let mut rows = Vec::new();
    let name = translated.name.as_ref().map(|(_, name)| name.text.to_string());
    if let Some((place, name)) = &translated.name {
        let what = match place {
            Place::Density => "mechanism",
            Place::Point => "point mechanism",
            Place::Artificial => "cell",
        };
        rows.push((what, name.text.to_string()));
    }
    if let Some(mechanism) = &translated.mechanism {
        rows.extend(of_mechanism(mechanism));
        let at = |span: &Span| format!("line {}", sources.position(*span).map_or(0, |at| at.line));
        rows.push(("kernels", mechanism.runs(&at)));
    }
    let place = |span: &Span| sources.position(*span).map_or(String::new(), |at| format!("line {}: ", at.line));
    rows.extend(translated.notes.iter().map(|(span, note)| ("note", format!("{}{note}", place(span)))));
    rows.extend(doubts.into_iter().map(|doubt| ("units", doubt)));
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    rows.extend(errors.map(|d| ("not supported", format!("{}{}", place(&d.span), d.message))));
    Ok(Described { name, rows, runs: translated.mechanism.is_some(), diagnostics, sources })
}

/// Where units contradict each other, with lines.
fn inconsistencies(file: &str, bytes: &[u8], world: &dyn World) -> Vec<String> {
    let (mut sources, mut none) = (SourceMap::new(), Diagnostics::new());
    let tree = parsed(file, bytes, world, &mut sources, &mut none);
    let found = bouton_foreign::nmodl::inconsistent(&tree).into_iter();
    found.map(|(span, what)| format!("line {}: {what}", sources.position(span).map_or(0, |at| at.line))).collect()
}

/// Names with the elements of an array as one: `x[0] (ms)`, `x[1] (ms)` as `x[0..1] (ms)`.
fn gathered(names: Vec<String>) -> Vec<String> {
    let parts = |name: &str| {
        let (array, rest) = name.split_once('[')?;
        let (number, unit) = rest.split_once(']')?;
        Some((array.to_owned(), number.parse::<u32>().ok()?, unit.to_owned()))
    };
    let mut out: Vec<String> = Vec::new();
    let mut open: Option<(String, u32, String, u32)> = None;
    for name in names {
        let element = parts(&name);
        let continued = matches!((&open, &element), (Some((array, last, unit, _)), Some((other, number, same)))
            if array == other && unit == same && *number == last + 1);
        match (element, continued) {
            (Some((array, number, unit)), true) => {
                let first = open.as_ref().map_or(number, |one| one.3);
                out.pop();
                out.push(format!("{array}[{first}..{number}]{unit}"));
                open = Some((array, number, unit, first));
            }
            (element, _) => {
                open = element.map(|(array, number, unit)| (array, number, unit, number));
                out.push(name);
            }
        }
    }
    out
}

fn of_mechanism(m: &Mechanism) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    let visible = || m.variables.iter().filter(|v| !v.name.contains('\''));
    let names = |wanted: &dyn Fn(&VariableKind) -> bool| {
        visible().filter(|v| wanted(&v.kind)).map(|v| with_unit(&v.name, &unit_text(&v.dimension))).collect::<Vec<_>>()
    };
    let params = visible().filter_map(|v| match &v.kind {
        VariableKind::Param { default: Some(Expr::Number(x)) } => Some(format!("{} = {}", v.name, show(*x, &v.dimension))),
        _ => None,
    });
    let reads = names(&|kind| matches!(kind, VariableKind::Ion { .. }));
    let mut writes: Vec<String> = m.writes.iter().map(|w| w.quantity.name(&w.ion)).collect();
    let currents = m.currents.iter().map(|c| match &c.kind {
        CurrentKind::Ion(ion) => format!("i{ion}"),
        CurrentKind::Nonspecific => format!("{}, nonspecific", own_name(m, c.variable)),
        CurrentKind::Electrode => format!("{}, of an electrode", own_name(m, c.variable)),
    });
    let currents: Vec<String> = currents.collect();
    writes.sort_unstable();
    let events = m.handlers.iter().filter(|h| h.kind == HandlerKind::Event).map(|h| h.name.to_string());
    let columns = m.columns.iter().map(|c| with_unit(&c.name, &unit_text(&c.dimension)));
    let mut row = |heading, list: Vec<String>| {
        if !list.is_empty() {
            rows.push((heading, list.join(", ")));
        }
    };
    row("parameters", params.collect());
    row("tables", names(&|kind| matches!(kind, VariableKind::Table { curve: None, .. })));
    row("reads of ions", reads);
    row("writes of ions", writes);
    row("currents", currents);
    row("states", gathered(names(&|kind| matches!(kind, VariableKind::State { .. }))));
    row("definitions", gathered(names(&|kind| matches!(kind, VariableKind::Let { .. }))));
    row("events", events.collect());
    row("of a connection", columns.collect());
    if !m.equations.is_empty() {
        row("method", vec![method(m).to_owned()]);
    }
    if !m.lookups.is_empty() {
        row("tables", vec![format!("{}", m.lookups.len())]);
    }
    rows
}

fn own_name(m: &Mechanism, id: bouton_model::ir::VarId) -> &str {
    m.variables.get(id.index()).map_or("", |v| v.name.split('\'').next().unwrap_or(""))
}

fn with_unit(name: &str, unit: &str) -> String {
    if unit.is_empty() || unit == "1" { name.to_owned() } else { format!("{name} ({unit})") }
}

fn method(m: &Mechanism) -> &'static str {
    match m.method {
        Some(Method::Cnexp) => "cnexp",
        Some(Method::Derivimplicit) => "derivimplicit",
        Some(Method::Euler) => "euler",
        Some(Method::RungeKutta) => "runge_kutta",
        Some(Method::Newton) => "newton",
        Some(Method::Sparse) => "sparse",
        None => "by the form of the equations",
    }
}
