//! Statements: checked in order, so that a result is known from the statement on that computes it.

mod assert;
pub mod evolve;
mod feature;
mod follow;
mod measure;
mod names;
mod output;
mod present;
mod reach;
mod repeat;
mod search;
pub(crate) mod series;
mod set;
mod steady;
mod sweep;
mod text;

use super::declare::{Symbol, declared_twice};
use super::dimension;
use super::expr::{Ctx, Type, Typed, check_expr};
use super::{Checker, View};
use bouton_model::ir::{LocalId, ParamId, Statement, StatementKind, TextPart};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Attr, Binding, ExprKind, ItemKind, StmtKind};
use bouton_syntax::{Code, Diagnostic, Span};
pub(crate) use names::Kept;
pub(in crate::check) use names::Locals;
use names::ScriptNames;
pub(in crate::check) use output::path_leaves as leaves;

impl<'a> Checker<'a> {
    /// Checks all statements of the script; gives what its `let`s keep.
    pub fn statements(&mut self) -> Vec<Kept> {
        let mut locals = Locals::of(&self.files.prior);
        let mut all = Vec::new();
        self.present = self.present();
        for item in &self.declared.statements {
            match &item.kind {
                ItemKind::Let(bindings) => self.results(bindings, item.span, &mut locals, &mut all),
                ItemKind::Stmt(kind) => self.statement(kind, item.span, &mut locals, &mut all),
                _ => {}
            }
        }
        self.program.statements = all;
        locals.kept()
    }

    /// Works with the names that statements know.
    pub(super) fn in_script<R>(&mut self, locals: &Locals, work: impl FnOnce(&View<'_>, &mut Ctx<'_>) -> R) -> R {
        let view = View {
            declared: self.declared,
            program: &self.program,
            records: &self.records,
            broken_cells: &self.broken_cells,
            tables: &self.tables,
            listed: None,
            ran: locals.ran,
            kept: Some(locals),
            traces: &self.traces,
            present: &self.present,
        };
        let names = ScriptNames { view: &view, locals };
        let mut ctx = Ctx::new(self.scope, &names, &self.scope.locals, self.diagnostics);
        work(&view, &mut ctx)
    }

    fn statement(&mut self, kind: &'a StmtKind, span: Span, locals: &mut Locals, all: &mut Vec<Statement>) {
        let kind = match kind {
            StmtKind::Error => None,
            StmtKind::Run(time) => {
                locals.ran = true;
                self.run(time.as_ref(), span, locals)
            }
            StmtKind::Restart => Some(StatementKind::Restart),
            StmtKind::Restore(file) => {
                locals.ran = true;
                self.output_name(file, locals).map(StatementKind::Restore)
            }
            StmtKind::Set(attrs) => {
                let set = attrs.iter().filter_map(|attr| self.set(attr, locals)).collect::<Vec<_>>();
                all.extend(set.into_iter().map(|kind| Statement { kind, span }));
                None
            }
            StmtKind::Let(bindings) => {
                for binding in bindings {
                    self.local_let(binding, span, locals, all);
                }
                None
            }
            StmtKind::Print(values) => Some(StatementKind::Print(self.print(values, locals))),
            StmtKind::Plot(show) => self.plot(show, span, locals),
            StmtKind::Save(show) => self.save(show, span, locals),
            StmtKind::Assert { condition, message } => self.assert(condition, message.as_ref(), locals),
            StmtKind::For(repeat) => self.repeat(repeat, locals),
            StmtKind::If(choice) => self.choice(choice, locals),
            StmtKind::Apply(value) => self.apply(value, locals),
            StmtKind::Steady(study) => self.steady(study, span, locals),
            StmtKind::Continue(study) => self.follow(study, locals),
            StmtKind::Sweep(study) => self.sweep(study, locals),
            StmtKind::Optimize(study) => self.search(study, locals),
            StmtKind::Report(reports) => {
                self.report(reports, locals, all);
                None
            }
            StmtKind::Vary(vary) => {
                self.belongs(vary.knob.span, "`vary` stands at the top of a sweep", "move it out of the block")
            }
            StmtKind::Attr(attr) => {
                self.belongs(attr.span, "an attribute stands at the top of a sweep", "move it out of the block")
            }
            StmtKind::Aim(_, value) => {
                let help = "of a sweep `report` the value; in `optimize` move it out of the block";
                self.belongs(value.span, "this stands at the top of `optimize`", help)
            }
            StmtKind::Evolve(evolve) => self.belongs(
                evolve.method.span,
                "`evolve` stands at the top of `optimize`",
                "a sweep goes through all its points",
            ),
        };
        all.extend(kind.map(|kind| Statement { kind, span }));
    }

    fn run(&mut self, time: Option<&'a ast::Expr>, span: Span, locals: &Locals) -> Option<StatementKind> {
        let Some(time) = time else {
            if self.program.simulation.duration.is_none() && !self.mentions_duration() {
                let missing = Diagnostic::new(Code::NoDuration, span, "how long does it run?");
                self.diagnostics.push(missing.help("write `run 1 s`, or give `simulation` a `duration`"));
            }
            return Some(StatementKind::Run(None));
        };
        let time = self.in_script(locals, |_, ctx| super::value::quantity(time, Dimension::TIME, "the time of a run", ctx))?;
        if self.fold(&time.value).is_some_and(|number| number < 0.0) {
            self.diagnostics.push(Diagnostic::new(Code::OutOfRange, time.span, "the time of a run cannot be negative"));
        }
        Some(StatementKind::Run(Some(time)))
    }

    /// Whether a duration was given that could not be read, which has been said.
    fn mentions_duration(&self) -> bool {
        let blocks = self.declared.simulations.iter().flat_map(|(block, _)| &block.items);
        blocks.filter_map(Attr::name).any(|name| &**name == "duration")
    }

    fn set(&mut self, attr: &'a Attr, locals: &Locals) -> Option<StatementKind> {
        let ExprKind::Name(name) = &attr.path.kind else {
            return if matches!(attr.path.kind, ExprKind::Error) { None } else { self.turn(attr, locals) };
        };
        let path = ast::Name { text: name.clone(), span: attr.path.span };
        match self.declared.names.find(name) {
            Some(Symbol::Param(id)) => self.set_param(id, attr, locals),
            Some(Symbol::Broken) => None,
            Some(other) => {
                self.wrong_kind(&path, &other, "a parameter");
                None
            }
            None => self.set_simulation(&path, attr, locals),
        }
    }

    fn set_param(&mut self, id: ParamId, attr: &'a Attr, locals: &Locals) -> Option<StatementKind> {
        if self.is_bare(attr) {
            return None;
        }
        let (name, wanted) = self.program.params.get(id.index()).map(|param| (param.name.clone(), param.dimension))?;
        let value = self.in_script(locals, |_, ctx| {
            if ctx.scope.param(id, ctx).is_error() {
                check_expr(&attr.value, ctx);
                return None;
            }
            super::value::quantity(&attr.value, wanted, &format!("`{name}`"), ctx)
        })?;
        Some(StatementKind::Set(id, value))
    }

    /// `let`s of the file that read results.
    fn results(&mut self, bindings: &'a [Binding], span: Span, locals: &mut Locals, all: &mut Vec<Statement>) {
        for binding in bindings {
            let declared = self.declared.names.declaration(&binding.name.text);
            if let Some(Symbol::Result(id)) = declared.filter(|found| found.span == binding.name.span).map(|found| found.symbol) {
                self.keep(binding, id, span, locals, all);
            }
        }
    }

    /// A `let` inside `for` or `if`.
    fn local_let(&mut self, binding: &'a Binding, span: Span, locals: &mut Locals, all: &mut Vec<Statement>) {
        if let Some(first) = locals.in_block(&binding.name.text) {
            self.diagnostics.push(declared_twice(&binding.name, first));
            return;
        }
        let id = self.in_script(locals, |_, ctx| ctx.fresh_local());
        self.keep(binding, id, span, locals, all);
    }

    fn keep(&mut self, binding: &'a Binding, id: LocalId, span: Span, locals: &mut Locals, all: &mut Vec<Statement>) {
        let name = &binding.name;
        let list = binding.value.as_ref().and_then(|value| {
            self.in_script(locals, |view, ctx| {
                let found = series::series(view, value, ctx)?;
                Some(found.filter(|(series, _)| measure::there(view, series, value.span, ctx)))
            })
        });
        if let Some(found) = list {
            match found {
                Some((series, dimension)) => {
                    locals.add_list(name.text.clone(), id, dimension, name.span);
                    all.push(Statement { kind: StatementKind::Keep(id, name.text.clone(), series), span });
                }
                None => locals.add(name.text.clone(), id, Type::Error, name.span),
            }
            return;
        }
        let typed = match &binding.value {
            Some(value) => self.in_script(locals, |_, ctx| check_expr(value, ctx)),
            None => {
                let missing = Diagnostic::new(Code::MissingDefinition, binding.span, format!("`{}` has no value", name.text));
                self.diagnostics.push(missing);
                Typed::error(binding.span)
            }
        };
        let ty = if typed.ty == Type::Zero { Type::PLAIN } else { typed.ty };
        locals.add(name.text.clone(), id, ty, name.span);
        if !typed.is_error() {
            all.push(Statement { kind: StatementKind::Let(id, name.text.clone(), typed.expr), span });
        }
    }

    fn print(&mut self, values: &'a [ast::Expr], locals: &Locals) -> Vec<TextPart> {
        let mut parts = Vec::new();
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                parts.push(TextPart::Text(" ".to_owned()));
            }
            match &value.kind {
                ExprKind::Text(text) => parts.extend(self.text(text, locals)),
                _ => parts.extend(self.in_script(locals, |view, ctx| text::part(value, None, view, ctx))),
            }
        }
        parts
    }

    /// A condition of the script.
    fn condition(&mut self, condition: &'a ast::Expr, what: &str, locals: &Locals) -> Option<bouton_model::ir::Expr> {
        self.in_script(locals, |_, ctx| {
            let typed = check_expr(condition, ctx);
            if typed.is_error() {
                return None;
            }
            let before = ctx.sink.len();
            let value = dimension::expect_truth(typed, what, ctx);
            (ctx.sink.len() == before).then_some(value)
        })
    }
}
