//! Sorts the lines of a mechanism and declares its names. Looks into no expression.

use super::body::{Body, Declared, Role};
use super::{Source, ion};
use crate::check::declare::declared_twice;
use bouton_model::ir::{CurrentKind, MechanismKind, VarId};
use bouton_syntax::ast::{self, Assign, AssignOp, Binding, ExprKind, Member, MemberKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// Everything that stands in a mechanism, sorted.
pub(super) fn collect<'a>(source: &Source<'a>, sink: &mut Diagnostics) -> Body<'a> {
    let mut body = Body::new(source.kind, source.home);
    body.per = source.per;
    for member in source.members {
        body.member(member, sink);
    }
    // What is written to ions is declared elsewhere; lines that set it can stand before that.
    for member in source.members {
        if let MemberKind::Ion(ion) = &member.kind
            && source.kind != MechanismKind::Free
        {
            ion::written(ion, source.members, &mut body, sink);
        }
    }
    for member in source.members {
        if let MemberKind::Assign(assign) = &member.kind {
            body.assign(assign, sink);
        }
    }
    body.never_set(sink);
    body
}

impl<'a> Body<'a> {
    fn member(&mut self, member: &'a Member, sink: &mut Diagnostics) {
        let span = member.span;
        match &member.kind {
            MemberKind::Param(list) => self.all(list, &Role::Param, sink),
            MemberKind::State(list) => self.all(list, &Role::State, sink),
            MemberKind::Let(list) | MemberKind::Output(list) => self.all(list, &Role::Let, sink),
            MemberKind::Input(list) => self.all(list, &Role::Input, sink),
            MemberKind::Fn(function) => {
                if self.take(&function.name, None, sink) {
                    self.functions.push(function);
                }
            }
            MemberKind::Ion(ion) => {
                if self.has_membrane("an ion", span, sink) {
                    ion::declare(ion, self, sink);
                }
            }
            MemberKind::Current { electrode, currents } => {
                let kind = if *electrode { CurrentKind::Electrode } else { CurrentKind::Nonspecific };
                if self.has_membrane("a current through membrane", span, sink) {
                    self.all(currents, &Role::Current(kind), sink);
                }
            }
            MemberKind::Method(name) => self.methods.push(name),
            MemberKind::Kinetic(scheme) => self.schemes.push((scheme, span)),
            MemberKind::Table(table) => self.tables.push((table, span)),
            MemberKind::Handler(handler) => self.handlers.push((handler, span)),
            MemberKind::Equation(equation) => self.equations.push((equation, span)),
            // What a cell without a body inserts has been written out; what is left is unknown, which has been told.
            MemberKind::Insert(_)
            | MemberKind::Error
            | MemberKind::Assign(_)
            | MemberKind::Section(_)
            | MemberKind::Synapse(_)
            | MemberKind::SpikeAt(_)
            | MemberKind::In(_)
            | MemberKind::Rename { .. }
            | MemberKind::Voltage(_)
            | MemberKind::Ignore(_) => {}
        }
    }

    fn all(&mut self, list: &'a [Binding], role: &Role, sink: &mut Diagnostics) {
        for binding in list {
            let value = binding.value.as_ref();
            let role = if binding.arguments.is_some() { Role::Table } else { role.clone() };
            let arguments = binding.arguments.as_deref().unwrap_or_default();
            let declared = Declared { arguments, unit: binding.unit.as_ref(), value, ..Declared::of(&binding.name, role) };
            self.declare(declared, sink);
        }
    }

    /// Declares a variable; a second declaration of a name is reported and left out.
    pub fn declare(&mut self, declared: Declared<'a>, sink: &mut Diagnostics) {
        let id = VarId(u32::try_from(self.declared.len()).unwrap_or(u32::MAX));
        if self.take(declared.name, Some(id), sink) {
            self.declared.push(declared);
        }
    }

    /// Adds a variable that expressions do not see.
    pub fn declare_unseen(&mut self, declared: Declared<'a>) {
        self.declared.push(declared);
    }

    fn take(&mut self, name: &ast::Name, id: Option<VarId>, sink: &mut Diagnostics) -> bool {
        if name.is_missing() {
            return false;
        }
        if let Some((first, _)) = self.index.get(&name.text) {
            sink.push(declared_twice(name, *first));
            return false;
        }
        self.index.insert(name.text.clone(), (name.span, id));
        true
    }

    fn has_membrane(&self, what: &str, span: Span, sink: &mut Diagnostics) -> bool {
        if self.kind != MechanismKind::Free {
            return true;
        }
        let message = format!("{what} needs membrane, and a cell without sections has none");
        sink.push(
            Diagnostic::new(Code::NoMembrane, span, message).help("give the cell a section, or write the term into an equation"),
        );
        false
    }

    /// `ik = ...` sets a current, `ki = ...` a concentration that an ion line writes.
    fn assign(&mut self, assign: &'a Assign, sink: &mut Diagnostics) {
        let ExprKind::Name(name) = &assign.target.kind else {
            sink.push(not_written("this", assign.target.span, None));
            return;
        };
        let Some((span, id)) = self.index.get(name).copied() else {
            sink.push(not_written(&format!("`{name}`"), assign.target.span, None));
            // Mostly a forgotten `state`: what follows is read as if it stood there.
            self.refused.push(name.clone());
            return;
        };
        let is_current = |d: &&mut Declared<'a>| matches!(d.role, Role::Current(CurrentKind::Ion(_))) && d.name.text == *name;
        let at = id.map(VarId::index);
        let declared = match self.declared.iter_mut().find(is_current) {
            Some(current) => Some(current),
            None => at.and_then(|at| self.declared.get_mut(at)),
        };
        match declared {
            Some(Declared { role: Role::Current(CurrentKind::Ion(_)) | Role::Written(_), value, .. })
                if assign.op == AssignOp::Set =>
            {
                if let Some(first) = value.replace(&assign.value).filter(|first| !std::ptr::eq(*first, &raw const assign.value)) {
                    let message = format!("`{name}` is set twice");
                    sink.push(Diagnostic::new(Code::TwoEquations, assign.span, message).also(first.span, "first set here"));
                }
            }
            _ => sink.push(not_written(&format!("`{name}`"), assign.target.span, Some(span))),
        }
    }

    fn never_set(&self, sink: &mut Diagnostics) {
        for (_, declared) in self.variables() {
            if let (Role::Current(CurrentKind::Ion(ion)), None) = (&declared.role, declared.value) {
                let name = &declared.name.text;
                let message = format!("the current `{name}` is written to the ion {ion} but never set");
                let diagnostic = Diagnostic::new(Code::NeverSet, declared.name.span, message);
                sink.push(diagnostic.help(format!("add a line `{name} = ...`")));
            }
        }
    }
}

fn not_written(name: &str, span: Span, declared: Option<Span>) -> Diagnostic {
    let message = format!("{name} is no current that this mechanism writes");
    let diagnostic = Diagnostic::new(Code::NotWritten, span, message)
        .help("`let x = ...` defines, `x' = ...` is an equation, handlers (`on ... { }`) set states");
    match declared {
        Some(span) => diagnostic.also(span, "declared here"),
        None => diagnostic,
    }
}
