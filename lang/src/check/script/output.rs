//! `plot` and `save`: what is shown, and into which file.

use super::measure::{cut, ran, spikes, spikes_call, trace_of};
use super::names::Locals;
use super::series::{not_kept, table};
use crate::check::attributes::{Attributes, suggest};
use crate::check::declare::Symbol;
use crate::check::expr::Ctx;
use crate::check::unsupported::{Construct, refuse};
use crate::check::{Checker, View, walk};
use bouton_model::ir::{Cut, FileName, Plot, PlotKind, RecordId, ResultTable, Saved, Spikes, StatementKind, TableId, TextPart};
use bouton_syntax::ast::{self, Arg, Expr, ExprKind, Show};
use bouton_syntax::{Code, Diagnostic, Span};

/// Kinds of plots and tables of the language that do not exist yet.
const OTHERS: &[&str] = &["psd", "phase", "histogram", "positions", "connections", "ap_times", "weights"];

/// What a subject of `plot` or `save` is.
enum Subject {
    /// Spikes, of all cells or of some.
    Spikes(Option<Spikes>),
    /// All records.
    Traces,
    /// One record.
    Trace(Cut),
    /// Values of connections, and whether their histogram is meant.
    Table(TableId, bool),
    /// A table of results by itself.
    Result(ResultTable),
}

impl<'a> Checker<'a> {
    /// Checks a `plot`.
    pub(super) fn plot(&mut self, show: &'a Show, span: Span, locals: &Locals) -> Option<StatementKind> {
        let subjects = self.subjects(show, span, "raster", locals);
        let file = self.file(show, span, ".svg", Construct::PictureFormat, locals);
        let title = self.title(show);
        let kind = match self.joined(subjects?, show)? {
            Joined::Spikes(spikes) => PlotKind::Raster(spikes),
            Joined::Table(table, true) => PlotKind::Histogram(table),
            Joined::Table(_, false) => {
                let message = "values of connections are plotted as a histogram";
                self.diagnostics.push(Diagnostic::new(Code::NotShown, span, message).help("write `plot histogram(P.w)`"));
                return None;
            }
            Joined::Traces(cuts) => PlotKind::Traces(cuts),
            Joined::Result(ResultTable::Kept(id)) => PlotKind::Sweep(id, locals.varied(id)),
            Joined::Result(_) => return None,
        };
        Some(StatementKind::Plot(Plot { kind, file: file?, title }))
    }

    /// Checks a `save`.
    pub(super) fn save(&mut self, show: &'a Show, span: Span, locals: &Locals) -> Option<StatementKind> {
        if let [one] = show.subjects.as_slice()
            && is_word(one, "state")
            && self.declared.names.declaration("state").is_none()
        {
            return self.save_state(show, span, locals);
        }
        let subjects = self.subjects(show, span, "spikes", locals);
        let file = self.file(show, span, ".csv", Construct::TableFormat, locals);
        if let Some(options) = show.options.as_ref().filter(|options| !options.items.is_empty()) {
            Attributes::new(Some(options)).finish("`save`", self.diagnostics);
        }
        let saved = match self.joined(subjects?, show)? {
            Joined::Spikes(spikes) => Saved::Spikes(spikes),
            Joined::Table(table, _) => Saved::Table(table),
            Joined::Traces(cuts) => Saved::Traces(cuts),
            Joined::Result(table) => Saved::Result(table),
        };
        Some(StatementKind::Save(saved, file?))
    }

    /// `save state "x.state"`
    fn save_state(&mut self, show: &'a Show, span: Span, locals: &Locals) -> Option<StatementKind> {
        let ran = self.in_script(locals, |view, ctx| ran(view, span, ctx));
        let Some(text) = &show.file else {
            let missing = Diagnostic::new(Code::WrongArguments, span, "into which file?");
            self.diagnostics.push(missing.help("name it: `save state \"model.state\"`"));
            return None;
        };
        self.output_name(text, locals).filter(|_| ran).map(StatementKind::SaveState)
    }

    /// A file below the output directory, of any ending.
    pub(super) fn output_name(&mut self, text: &'a ast::Text, locals: &Locals) -> Option<FileName> {
        let parts = self.text(text, locals);
        if parts.len() < text.parts.len() {
            return None;
        }
        if leaves(&parts) {
            let outside = Diagnostic::new(Code::OutsideOutput, text.span, "this file lies outside the output directory");
            self.diagnostics.push(outside.help("write a relative path without `..`; `--out` chooses the directory"));
            return None;
        }
        Some(FileName { parts, span: text.span })
    }

    fn title(&mut self, show: &'a Show) -> Option<String> {
        let mut attributes = Attributes::new(show.options.as_ref());
        let title = attributes.value("title", self.diagnostics);
        for attr in attributes.rest() {
            self.refuse(Construct::PlotOption, attr.span);
        }
        let title = title?;
        match &title.value.kind {
            ExprKind::Text(text) => match text.parts.as_slice() {
                [] => Some(String::new()),
                [ast::TextPart::Letters(letters)] => Some(letters.clone()),
                _ => {
                    self.refuse(Construct::PlotOption, title.value.span);
                    None
                }
            },
            ExprKind::Error => None,
            _ => {
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, title.value.span, "a title is a text in quotes"));
                None
            }
        }
    }

    fn subjects(&mut self, show: &'a Show, span: Span, all: &str, locals: &Locals) -> Option<Vec<Subject>> {
        if show.subjects.is_empty() {
            let empty = Diagnostic::new(Code::NotShown, span, "what?");
            self.diagnostics.push(empty.help(format!("name a record, or `{all}`")));
            return None;
        }
        self.in_script(locals, |view, ctx| {
            let found: Vec<_> = show.subjects.iter().map(|one| subject(one, all, view, ctx)).collect();
            let found = found.into_iter().collect::<Option<Vec<_>>>()?;
            // What is kept was computed before.
            let kept = |subject: &Subject| matches!(subject, Subject::Result(ResultTable::Kept(_)));
            (found.iter().all(kept) || ran(view, span, ctx)).then_some(found)
        })
    }

    fn joined(&mut self, subjects: Vec<Subject>, show: &'a Show) -> Option<Joined> {
        let (mut traces, mut spikes, mut table) = (Vec::new(), None, None);
        let several = subjects.len() > 1;
        for (subject, expr) in subjects.into_iter().zip(&show.subjects) {
            match subject {
                Subject::Table(..) if several => {
                    let mixed = Diagnostic::new(Code::NotShown, expr.span, "values of connections are shown by themselves");
                    self.diagnostics.push(mixed.help("write a statement of its own"));
                    return None;
                }
                Subject::Table(table, histogram) => return Some(Joined::Table(table, histogram)),
                Subject::Spikes(_) if several => {
                    let mixed = Diagnostic::new(Code::NotShown, expr.span, "spikes are shown by themselves");
                    self.diagnostics
                        .push(mixed.help("write a statement of its own; several sets go into the parentheses: `raster(S, M)`"));
                    return None;
                }
                Subject::Result(_) if several => {
                    let mixed = Diagnostic::new(Code::NotShown, expr.span, "a table is saved by itself");
                    self.diagnostics.push(mixed.help("write a statement of its own"));
                    return None;
                }
                Subject::Result(one) => table = Some(one),
                Subject::Spikes(some) => spikes = Some(some),
                Subject::Trace(cut) => traces.push(cut),
                Subject::Traces => traces.extend((0..).take(self.declared.records.len()).map(|id| Cut {
                    record: RecordId(id),
                    after: None,
                    before: None,
                })),
            }
        }
        match spikes {
            Some(spikes) => Some(Joined::Spikes(spikes)),
            None if table.is_some() => table.map(Joined::Result),
            None if traces.is_empty() => {
                let span = show.subjects.first().map_or_else(Span::default, |first| first.span);
                let none = Diagnostic::new(Code::ReachesNothing, span, "nothing is recorded");
                self.diagnostics.push(none.help("declare a record: `record v = M[0].soma(0.5).v`"));
                None
            }
            None => Some(Joined::Traces(traces)),
        }
    }

    /// The file of a statement; without one it is called after the first subject.
    fn file(&mut self, show: &'a Show, span: Span, ending: &str, other: Construct, locals: &Locals) -> Option<FileName> {
        let Some(text) = &show.file else {
            let name = show.subjects.first().map_or("plot", name_of);
            return Some(FileName { parts: vec![TextPart::Text(format!("{name}{ending}"))], span });
        };
        let parts = self.text(text, locals);
        if parts.len() < text.parts.len() {
            return None;
        }
        if leaves(&parts) {
            let outside = Diagnostic::new(Code::OutsideOutput, text.span, "this file lies outside the output directory");
            self.diagnostics.push(outside.help("write a relative path without `..`; `--out` chooses the directory"));
            return None;
        }
        match parts.last() {
            Some(TextPart::Text(last)) if last.ends_with(ending) => Some(FileName { parts, span: text.span }),
            _ => {
                self.refuse(other, text.span);
                None
            }
        }
    }
}

/// What all subjects of a statement are together.
enum Joined {
    Table(TableId, bool),
    Spikes(Option<Spikes>),
    Traces(Vec<Cut>),
    Result(ResultTable),
}

/// One subject. `all` is the word for spikes: `raster` or `spikes`.
fn subject(expr: &Expr, all: &str, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<Subject> {
    if let Some(record) = trace_of(view, expr) {
        if let Some(Some(found)) = view.records.get(record.index())
            && found.file.is_some()
        {
            ctx.sink.push(not_kept(&found.name, expr.span));
            return None;
        }
        return Some(Subject::Trace(cut(record, expr, ctx)?));
    }
    let kept = |name: &str| view.kept.is_some_and(|kept| kept.table(name).is_some());
    if (all == "spikes" || matches!(&expr.kind, ExprKind::Name(name) if kept(name)))
        && let Some(found) = table(view, expr, ctx)
    {
        return found.map(Subject::Result);
    }
    let own = |name: &str| view.declared.names.declaration(name).is_some();
    if let Some(table) = view.table(expr, ctx) {
        return table.map(|(table, _)| Subject::Table(table, false));
    }
    match &expr.kind {
        ExprKind::Call { callee, args } if is_word(callee, "histogram") && all == "raster" && !own("histogram") => {
            if let [Arg { name: None, value, .. }] = args.as_slice()
                && let Some(table) = view.table(value, ctx)
            {
                return table.map(|(table, _)| Subject::Table(table, true));
            }
            not_shown("histogram", expr.span, all, view, ctx)
        }
        ExprKind::Error => None,
        ExprKind::Name(name) if !own(name) && **name == *all => everything(view, expr.span, ctx),
        ExprKind::Name(name) if !own(name) && &**name == "traces" && all == "spikes" => Some(Subject::Traces),
        ExprKind::Call { callee, args } if is_word(callee, all) && !own(all) => some(args, expr.span, view, ctx),
        ExprKind::After { value, .. } | ExprKind::Before { value, .. }
            if is_word(value, all) || spikes_call(view, value).is_some() =>
        {
            let outside = Diagnostic::new(Code::WrongArguments, expr.span, "the window of time belongs to the cells");
            ctx.sink.push(outside.help(format!("write `{all}(all after 200 ms)`")));
            None
        }
        ExprKind::Name(name) => not_shown(name, expr.span, all, view, ctx),
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Name(name) => not_shown(name, expr.span, all, view, ctx),
            _ => unknown_subject(expr.span, all, ctx),
        },
        _ => path_subject(expr, all, view, ctx),
    }
}

/// `fit.best`: a part of something.
fn path_subject(expr: &Expr, all: &str, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<Subject> {
    match walk::head(expr).and_then(|name| view.declared.names.find(name)) {
        Some(Symbol::Broken) => None,
        _ => unknown_subject(expr.span, all, ctx),
    }
}

/// Spikes of all cells.
fn everything(view: &View<'_>, span: Span, ctx: &mut Ctx<'_>) -> Option<Subject> {
    if !view.program.populations.iter().any(|population| view.may_spike(population.cell)) {
        let silent = match view.program.populations.is_empty() {
            true => Diagnostic::new(Code::ReachesNothing, span, "there is no population whose cells can spike"),
            false => Diagnostic::new(Code::CannotSpike, span, "none of these cells has a way to spike"),
        };
        ctx.sink.push(silent.help("say where spikes are found: `spike at soma(0.5)` in the cell"));
        return None;
    }
    Some(Subject::Spikes(None))
}

fn some(args: &[Arg], span: Span, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<Subject> {
    let exprs: Vec<&Expr> = args.iter().map(|arg| &arg.value).collect();
    if exprs.is_empty() {
        return everything(view, span, ctx);
    }
    spikes(view, &exprs, span, ctx).map(|spikes| Subject::Spikes(Some(spikes)))
}

fn not_shown(name: &str, span: Span, all: &str, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<Subject> {
    let other = if all == "raster" { Construct::OtherPlot } else { Construct::OtherSave };
    match view.declared.names.find(name) {
        Some(Symbol::Broken) => {}
        Some(symbol) => {
            let message = format!("`{name}` is {} and cannot be shown by itself", symbol.what());
            let wrong = Diagnostic::new(Code::NotShown, span, message);
            ctx.sink.push(match symbol {
                Symbol::Population(_) | Symbol::Cell(_) => wrong.help(format!("its spikes are `{all}({name})`")),
                _ => wrong.help("records and spikes can be shown"),
            });
        }
        None if OTHERS.contains(&name) || matches!(name, "raster" | "spikes") => refuse(other, span, ctx.sink),
        None => {
            let mut names = view.declared.names.list(|symbol| matches!(symbol, Symbol::Record(_)));
            names.push(if all == "raster" { "raster" } else { "spikes" });
            names.sort_unstable();
            let unknown = Diagnostic::new(Code::NotShown, span, format!("there is no record `{name}`"));
            ctx.sink.push(suggest(unknown, name, span, &names));
        }
    }
    None
}

fn unknown_subject(span: Span, all: &str, ctx: &mut Ctx<'_>) -> Option<Subject> {
    let wrong = Diagnostic::new(Code::NotShown, span, "this cannot be shown");
    ctx.sink.push(wrong.help(format!("name a record, or `{all}`; what is not recorded needs a `record` first")));
    None
}

fn is_word(expr: &Expr, word: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if **name == *word)
}

/// The word at the beginning of a subject, for its file.
fn name_of(expr: &Expr) -> &str {
    match &expr.kind {
        ExprKind::Name(name) => name,
        ExprKind::Call { callee, .. } => name_of(callee),
        ExprKind::After { value, .. } | ExprKind::Before { value, .. } => name_of(value),
        _ => "plot",
    }
}

/// Whether a path leaves the directory that it starts in, as far as its letters say.
fn leaves(parts: &[TextPart]) -> bool {
    let letters = |part: &TextPart| match part {
        TextPart::Text(text) => text.clone(),
        TextPart::Value(_) | TextPart::List(_) | TextPart::Table(_) => "x".to_owned(),
    };
    path_leaves(&parts.iter().map(letters).collect::<String>())
}

/// Whether a path leaves the directory that it starts in, as far as its letters say.
pub(in crate::check) fn path_leaves(path: &str) -> bool {
    let drive = path.as_bytes().get(1) == Some(&b':');
    drive || path.starts_with(['/', '\\', '~']) || path.split(['/', '\\']).any(|part| part == "..")
}
