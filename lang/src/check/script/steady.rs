//! `steady state NAME { STATE = VALUE }`: where it is looked for, and the table of its eigenvalues.

use super::names::{Columns, Locals};
use crate::check::Checker;
use crate::check::declare::{Symbol, declared_twice};
use bouton_model::ir::{Attribute, Knob, LocalId, StatementKind, Steady, TableColumn};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{Attr, StmtKind, Study};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Checks a steady state. In a block it is kept there, like a `let`.
    pub(super) fn steady(&mut self, study: &'a Study, span: Span, locals: &mut Locals) -> Option<StatementKind> {
        let id = self.kept_as(study, locals)?;
        let mut from = Vec::new();
        for one in &study.body.items {
            match &one.kind {
                StmtKind::Attr(attr) => from.extend(self.state_from(attr, locals)),
                StmtKind::Error => {}
                _ => {
                    let help = "only states from which it is looked for stand in its braces: `p.r = 1`";
                    self.belongs(one.span, "no statement belongs into a steady state", help);
                }
            }
        }
        if self.program.populations.is_empty() {
            let none = Diagnostic::new(Code::ReachesNothing, span, "there are no cells that could be in a steady state");
            self.diagnostics.push(none.help("make some: `population p: QIF`"));
        }
        locals.ran = true;
        let rate = |name: &str| TableColumn { name: name.into(), dimension: Dimension::FREQUENCY };
        let columns = vec![rate("re"), rate("im")];
        let jacobian = self.in_script(locals, |_, ctx| ctx.fresh_local());
        let table = Columns { columns: columns.clone(), jacobian: Some(jacobian), ..Columns::default() };
        locals.add_table(study.name.text.clone(), id, table, study.name.span);
        Some(StatementKind::Steady(Steady { id, name: study.name.text.clone(), from, columns, jacobian }))
    }

    /// The number under which the result of a study is kept.
    fn kept_as(&mut self, study: &'a Study, locals: &Locals) -> Option<LocalId> {
        let name = &study.name;
        if locals.in_a_block() {
            if let Some(first) = locals.in_block(&name.text) {
                self.diagnostics.push(declared_twice(name, first));
                return None;
            }
            return Some(self.in_script(locals, |_, ctx| ctx.fresh_local()));
        }
        match self.declared.names.declaration(&name.text).filter(|found| found.span == name.span)?.symbol {
            Symbol::Result(id) => Some(id),
            _ => None,
        }
    }

    fn state_from(&mut self, attr: &'a Attr, locals: &Locals) -> Option<(Knob, Attribute)> {
        let StatementKind::Turn(knob, value) = self.turn(attr, locals)? else { return None };
        // What is set of a state is where it begins; everything else has a value that stays.
        if self.program.present(&knob).iter().all(Option::is_none) {
            return Some((knob, value));
        }
        let other = Diagnostic::new(Code::WrongKind, attr.path.span, "this is no state");
        self.diagnostics
            .push(other.help("give parameters their values before, with `set`; here stand states from which to look"));
        None
    }
}
