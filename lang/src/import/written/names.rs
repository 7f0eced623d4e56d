//! Names for all variables: their own where they are names, and what nothing else is called.

use bouton_model::builtin;
use bouton_model::ir::{Mechanism, VarId, VariableKind};
use std::collections::HashSet;

/// What a mechanism knows or cannot call its own, and the units that are written.
const TAKEN: &[&str] = &[
    "v",
    "t",
    "dt",
    "celsius",
    "area",
    "diam",
    "if",
    "else",
    "for",
    "while",
    "and",
    "or",
    "not",
    "in",
    "true",
    "false",
    "let",
    "after",
    "spike",
    "send",
    "move",
    "each",
    "return",
    "pi",
    "faraday",
    "gas_constant",
    "boltzmann",
    "ms",
    "mV",
    "mA",
    "cm",
    "cm2",
    "mM",
    "S",
    "mS",
    "uS",
    "nS",
    "pS",
    "um",
    "um2",
    "nA",
    "pA",
    "degC",
    "umol",
];

/// A name for each variable, by its number.
pub(super) fn names(m: &Mechanism) -> Vec<String> {
    let functions = builtin::FUNCTIONS.iter().map(|row| row.name);
    let mut taken: HashSet<String> = TAKEN.iter().copied().chain(functions).map(str::to_owned).collect();
    let mut all = vec![String::new(); m.variables.len()];
    taken.extend(m.columns.iter().map(|column| column.name.to_string()));
    // What goes to an ion is called as the ion calls it.
    for w in &m.writes {
        let name = w.quantity.name(&w.ion);
        taken.insert(name.clone());
        if let Some(place) = all.get_mut(w.variable.index()) {
            *place = name;
        }
    }
    // What can be recorded and set keeps its name.
    let visible = |at: &usize| m.variables.get(*at).is_some_and(|v| !v.name.contains('\''));
    let ids = || 0..m.variables.len();
    let is_ion = |at: usize| matches!(m.variables.get(at).map(|v| &v.kind), Some(VariableKind::Ion { .. }));
    let order = ids().filter(|at| is_ion(*at)).chain(ids().filter(visible)).chain(ids());
    for at in order {
        let (Some(v), Some(place)) = (m.variables.get(at), all.get_mut(at)) else { continue };
        if !place.is_empty() {
            continue;
        }
        let (base, kind) = v.name.split_once('\'').unwrap_or((&v.name, ""));
        let base: String = base.replace('[', "_").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let base = match kind.starts_with("now") {
            true => format!("{base}_now"),
            false if base.is_empty() => "x".to_owned(),
            false => base,
        };
        let mut name = base.clone();
        let mut n = 2;
        while !taken.insert(name.clone()) {
            name = format!("{base}_{n}");
            n += 1;
        }
        *place = name;
    }
    all
}

/// The name that a variable is written with.
pub(super) fn of(names: &[String], id: VarId) -> &str {
    names.get(id.index()).map_or("x", String::as_str)
}
