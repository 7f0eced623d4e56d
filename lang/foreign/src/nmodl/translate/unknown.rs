//! C code that is not understood: what it sets is not known, and whatever part of the mechanism depends on that is refused. The rest runs.

use super::{Done, Symbol, Told, Translator};
use bouton_model::algebra;
use bouton_model::ir::{Action, Diffusing, Expr, LocalId, Mechanism, Var, VariableKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// Values that are not known are locals from here on.
const FIRST: u32 = u32::MAX - 0xffff;

/// Whether a local stands for a value that is not known.
pub(super) fn is_unknown(local: LocalId) -> bool {
    local.0 >= FIRST
}

/// What reaches farther than the variables that it names: pointers, events, the matrix of the cable.
const FAR: &[&str] = &["net_send", "net_event", "net_move", "NODE", "->", "_ppvar", "_nt", "chk_access", "_args", "goto"];

impl Translator<'_> {
    /// Meets a block of C code.
    pub(super) fn unknown(&mut self, code: &str, what: &'static str, span: Span) -> Done<()> {
        let targets = targets(code);
        let is_own = |s: &Self, name: &str| s.symbol(name.strip_prefix("_l").unwrap_or(name)).or_else(|| s.symbol(name));
        let (Some(targets), false) = (targets, FAR.iter().any(|far| code.contains(far))) else {
            return self.refuse_code(code, what, span);
        };
        let at = u32::try_from(self.unknown.len()).unwrap_or(0xffff).min(0xffff);
        let value = match self.conditions.is_empty() {
            true => {
                self.unknown.push((span, what, code.to_owned()));
                Expr::Var(Var::Local(LocalId(FIRST + at)))
            }
            // Where the condition holds, a run ends as soon as a state or a potential depends on it.
            false => {
                self.notes.push((span, format!("{what} is not read: where its condition holds, what it sets is not a number")));
                Expr::Number(f64::NAN)
            }
        };
        for name in &targets {
            match is_own(self, name) {
                Some(Symbol::Slot(slot)) => {
                    self.env.insert(slot, value.clone());
                }
                Some(Symbol::Array(slots)) => slots.into_iter().for_each(|slot| {
                    self.env.insert(slot, value.clone());
                }),
                Some(_) => return self.refuse_code(code, what, span),
                // A variable of the C code.
                None => {}
            }
        }
        // A return gives the function a value, and leaves out what follows.
        if code.contains("return") {
            return self.refuse_code(code, what, span);
        }
        Ok(())
    }

    /// Refuses a block of C code, and tells what of it is not known here.
    fn refuse_code<T>(&mut self, code: &str, what: &str, span: Span) -> Done<T> {
        let mut called: Vec<&str> = calls(code);
        called.retain(|name| !self.blocks.contains_key(*name));
        let refused = Diagnostic::new(Code::ForeignUnsupported, span, format!("{what} is not supported yet"));
        self.sink.push(match called.is_empty() {
            true => refused.help("say in NMODL what it does: the parts of the file that do not depend on it are read without it"),
            false => refused.help(format!("it calls {}, which only NEURON has: say in NMODL what that does", called.join(", "))),
        });
        Err(Told)
    }

    /// Refuses the mechanism if something that is needed depends on C code.
    pub(super) fn needs_no_unknown(&mut self, m: &Mechanism) -> Done<()> {
        if self.unknown.is_empty() {
            return Ok(());
        }
        let mut needed: Vec<Expr> = Vec::new();
        let mut note = |e: &Expr| needed.push(e.clone());
        m.equations.iter().for_each(|e| note(&e.rate));
        m.currents.iter().for_each(|c| note(&c.value));
        m.conditions.iter().for_each(|c| note(&c.when));
        m.columns.iter().filter_map(|c| c.initial.as_ref()).for_each(&mut note);
        m.kinetic.conserved.iter().for_each(|c| note(&c.total));
        m.kinetic.volumes.iter().for_each(|(_, e)| note(e));
        m.kinetic.diffusing.iter().flat_map(Diffusing::values).for_each(&mut note);
        let handlers = m.handlers.iter().map(|h| &h.body).chain(m.conditions.iter().map(|c| &c.body));
        let bodies: Vec<&Vec<Action>> = handlers.chain([&m.during, &m.after]).collect();
        bodies.into_iter().for_each(|body| algebra::visit_actions(body, &mut note));
        for variable in &self.variables {
            match &variable.kind {
                VariableKind::State { initial } => needed.push(initial.clone()),
                VariableKind::Let { value } if !variable.name.contains('\'') => needed.push(value.clone()),
                _ => {}
            }
        }
        let found = needed.iter().flat_map(|e| self.reach(e)).find_map(|var| match var {
            Var::Local(local) if is_unknown(local) => self.unknown.get((local.0 - FIRST) as usize).cloned(),
            _ => None,
        });
        match found {
            Some((span, what, code)) => self.refuse_code(&code, what, span),
            None => {
                for (span, ..) in self.unknown.clone() {
                    self.notes.push((span, "this C code is left out: nothing that runs depends on it".into()));
                }
                Ok(())
            }
        }
    }
}

/// The functions that C code calls, each once, but those of the language.
fn calls(code: &str) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for (at, _) in code.match_indices('(') {
        let before = code[..at].trim_end();
        let name = before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
        let is_word = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_word && !matches!(name, "if" | "while" | "for" | "switch" | "return" | "sizeof") && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The variables that C code sets; nothing where it sets something that has no name.
fn targets(code: &str) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let bytes = code.as_bytes();
    let at = |i: usize| bytes.get(i).copied().unwrap_or(b' ');
    for (i, byte) in bytes.iter().enumerate() {
        let before = at(i.wrapping_sub(1));
        let is_set = *byte == b'=' && at(i + 1) != b'=' && !matches!(before, b'=' | b'!' | b'<' | b'>');
        let counts = (*byte == b'+' && before == b'+') || (*byte == b'-' && before == b'-');
        if !is_set && !counts {
            continue;
        }
        let left = code.get(..i)?.trim_end_matches(['+', '-', '*', '/', ' ', '\t']);
        let left = match left.strip_suffix(']') {
            Some(inside) => inside.rsplit_once('[')?.0.trim_end(),
            None => left,
        };
        let start = left.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let (head, name) = left.split_at_checked(start)?;
        if name.is_empty() && counts {
            // ++x
            let rest = code.get(i + 1..)?.trim_start();
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
            found.push(rest.get(..end)?.to_owned());
            continue;
        }
        if name.is_empty() || head.trim_end().ends_with(['*', '.', ']']) && !head.trim_end().ends_with("void*") {
            return None;
        }
        found.push(name.to_owned());
    }
    // An address that is handed on.
    for (i, _) in code.match_indices('&') {
        let rest = &code[i + 1..];
        if rest.starts_with('&') || code[..i].ends_with('&') {
            continue;
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        found.push(rest[..end].to_owned());
    }
    Some(found)
}
