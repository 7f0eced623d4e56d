//! `continue NAME { vary KNOB in A .. B; report ... }`: what is varied, what is reported, the columns of the table.

use super::names::{Columns, Locals};
use crate::check::Checker;
use crate::check::attributes::Attributes;
use crate::check::declare::Symbol;
use crate::check::expr::Ctx;
use crate::check::network::path::written;
use crate::check::value::quantity;
use bouton_model::ir::{Attribute, Continue, Dial, Expr, StatementKind};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind, StmtKind, Study};
use bouton_syntax::{Code, Diagnostic};

/// What is varied, from where to where.
type Varied = (Dial, (Expr, Expr));

impl<'a> Checker<'a> {
    /// Checks a continuation.
    pub(super) fn follow(&mut self, study: &'a Study, locals: &mut Locals) -> Option<StatementKind> {
        let (name, place) = (&study.name, study.name.span);
        let declared = self.declared.names.declaration(&name.text).filter(|found| found.span == place);
        let id = match declared.map(|found| found.symbol) {
            Some(Symbol::Result(id)) => id,
            _ if !locals.in_sweep() && !locals.in_a_block() => return None,
            _ => {
                return self.belongs(
                    place,
                    "a continuation stands by itself, not in another statement",
                    "move it out of the block",
                );
            }
        };
        let ran = std::mem::replace(&mut locals.ran, true);
        locals.sweep = Some(Columns::default());
        locals.open();
        let (mut varied, mut body, mut attributes) = (None, Vec::new(), Vec::new());
        let mut varies = 0;
        for one in &study.body.items {
            match &one.kind {
                StmtKind::Vary(vary) => {
                    varies += 1;
                    match varies {
                        1 => varied = self.one_varied(vary, locals),
                        _ => {
                            let help = "follow the branch in one, and `set` the other before";
                            self.belongs(one.span, "one thing varies along a branch", help);
                        }
                    }
                }
                StmtKind::Attr(attr) => attributes.push(attr),
                StmtKind::Report(reports) => self.report(reports, locals, &mut body),
                StmtKind::Error => {}
                _ => {
                    let help = "a continuation has one `vary`, and a `report` of what is drawn and kept of each point";
                    self.belongs(one.span, "no such statement belongs into a continuation", help);
                }
            }
        }
        let mut attributes = Attributes::of_lines(attributes);
        let [longest, points] = ["max_step", "points"].map(|name| self.step_limit(&mut attributes, name, locals));
        attributes.finish("a continuation", self.diagnostics);
        if varies == 0 {
            let none = Diagnostic::new(Code::ReachesNothing, place, "nothing is varied along this branch");
            self.diagnostics.push(none.help("add `vary p.eta in -10 .. 0`"));
        } else if !study.body.items.iter().any(|one| matches!(one.kind, StmtKind::Report(_))) {
            let none = Diagnostic::new(Code::ReachesNothing, place, "this continuation reports nothing");
            self.diagnostics.push(none.help("record a state, and report its value at each point: `report r = r[0]`"));
        }
        for (own, dimension) in Continue::OWN {
            self.column(own, place, dimension, false, locals);
        }
        locals.close();
        locals.ran = ran;
        let columns = Columns { branch: true, ..locals.sweep.take().unwrap_or_default() };
        let table = columns.columns.clone();
        locals.add_table(name.text.clone(), id, columns, place);
        let (dial, range) = varied?;
        let name = name.text.clone();
        Some(StatementKind::Continue(Box::new(Continue {
            id,
            name,
            span: place,
            dial,
            range,
            longest,
            points,
            body,
            columns: table,
        })))
    }

    fn one_varied(&mut self, vary: &'a ast::Vary, locals: &mut Locals) -> Option<Varied> {
        let (dial, wanted) = self.dial(&vary.knob)?;
        let name = written(&vary.knob);
        self.column(&name, vary.knob.span, wanted, true, locals)?;
        match &vary.values.kind {
            ExprKind::Range(range) if range.spacing.is_none() && !range.log && !vary.integer => {
                let what = format!("`{name}`");
                let end = |expr: &ast::Expr, ctx: &mut Ctx<'_>| quantity(expr, wanted, &what, ctx).map(|found| found.value);
                let ends = self.in_script(locals, |_, ctx| (end(&range.start, ctx), end(&range.end, ctx)));
                Some((dial, (ends.0?, ends.1?)))
            }
            ExprKind::Error => None,
            _ => {
                let wrong = Diagnostic::new(Code::WrongArguments, vary.values.span, "a branch is followed through a plain range");
                self.diagnostics
                    .push(wrong.help("write both ends: `vary p.eta in -10 .. 0`; `max_step` says how far points are apart"));
                None
            }
        }
    }

    fn step_limit(&mut self, attributes: &mut Attributes<'a>, name: &str, locals: &Locals) -> Option<Attribute> {
        let attr = attributes.value(name, self.diagnostics)?;
        let found = self.in_script(locals, |_, ctx| quantity(&attr.value, Dimension::NONE, &format!("`{name}`"), ctx))?;
        if self.fold(&found.value).is_some_and(|x| x <= 0.0) {
            let wrong = Diagnostic::new(Code::OutOfRange, attr.value.span, format!("`{name}` must be larger than 0"));
            self.diagnostics.push(wrong);
            return None;
        }
        Some(found)
    }
}
