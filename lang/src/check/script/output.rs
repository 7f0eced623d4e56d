//! `plot` and `save`: what is shown, and into which file.

use super::measure::{cut, ran, spikes, spikes_call, trace_of};
use super::names::Locals;
use super::search;
use super::series::{binned, call_of, list_of, not_kept, series, spectrum, spectrum_as, table};
use crate::check::attributes::{Attributes, suggest};
use crate::check::declare::Symbol;
use crate::check::expr::Ctx;
use crate::check::unsupported::Construct;
use crate::check::value::quantity;
use crate::check::{Checker, View, walk};
use bouton_model::ir::{
    self, Cut, FileName, Plot, PlotKind, RecordId, ResultTable, Saved, SearchPicture, Series, Spikes, StatementKind, TableId,
    TextPart,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg, Expr, ExprKind, Show};
use bouton_syntax::{Code, Diagnostic, Span};

/// Words for what is shown in the other of the two ways.
const OTHERS: &[&str] = &["raster", "spikes", "phase"];

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
    /// A picture of a kind of its own.
    Picture(PlotKind),
}

impl<'a> Checker<'a> {
    /// Checks a `plot`.
    pub(super) fn plot(&mut self, show: &'a Show, span: Span, locals: &Locals) -> Option<StatementKind> {
        let subjects = self.subjects(show, span, "raster", locals);
        let file = self.file(show, span, &[".svg", ".png"], Construct::PictureFormat, locals);
        let joined = subjects.and_then(|subjects| self.joined(subjects, show));
        let points = file.as_ref().is_some_and(|file| file.parts.last().is_some_and(is_png));
        let ratios = |kind: &PlotKind| match kind {
            PlotKind::Search(_, _, kind) => {
                matches!(kind, SearchPicture::Losses | SearchPicture::Parameters | SearchPicture::Front)
            }
            kind => matches!(kind, PlotKind::Phase(..) | PlotKind::Psd(..)),
        };
        let ratios = matches!(&joined, Some(Joined::Picture(kind)) if ratios(kind)) || matches!(joined, Some(Joined::Result(_)));
        let is_raster = matches!(joined, Some(Joined::Spikes(_)));
        let Options { title, width, dpi, log, reverse } = self.options(show, ratios, is_raster, locals);
        if let Some(dpi) = dpi.as_ref().filter(|_| file.is_some() && !points) {
            let lines = Diagnostic::new(Code::WrongArguments, dpi.span, "only a PNG has points to the inch");
            self.diagnostics.push(lines.help("leave `dpi` out, or end the name of the file in .png"));
        }
        let kind = match joined? {
            Joined::Picture(kind) => kind,
            Joined::Spikes(spikes) => PlotKind::Raster(spikes),
            Joined::Table(table, true) => PlotKind::Histogram(table),
            Joined::Table(_, false) => {
                let message = "values of connections are plotted as a histogram";
                self.diagnostics.push(Diagnostic::new(Code::NotShown, span, message).help("write `plot histogram(P.w)`"));
                return None;
            }
            Joined::Traces(cuts) => PlotKind::Traces(cuts),
            Joined::Result(table) => search::plain_picture(locals, &table, span, self.diagnostics)?,
        };
        let usual = (false, matches!(kind, PlotKind::Psd(..)));
        let log = (log.0.unwrap_or(usual.0), log.1.unwrap_or(usual.1));
        Some(StatementKind::Plot(Plot { kind, file: file?, title, width, dpi, log, reverse }))
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
        let file = self.file(show, span, &[".csv", ".json", ".npy", ".npz"], Construct::TableFormat, locals);
        if let Some(options) = show.options.as_ref().filter(|options| !options.items.is_empty()) {
            Attributes::new(Some(options)).finish("`save`", self.diagnostics);
        }
        let saved = match self.joined(subjects?, show)? {
            Joined::Spikes(spikes) => Saved::Spikes(spikes),
            Joined::Table(table, _) => Saved::Table(table),
            Joined::Traces(cuts) => Saved::Traces(cuts),
            Joined::Result(table) => Saved::Result(table),
            Joined::Picture(_) => return None,
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

    /// The options of a picture; of ratios only where its axes can have them, of order those of a raster.
    fn options(&mut self, show: &'a Show, ratios: bool, is_raster: bool, locals: &Locals) -> Options {
        let mut attributes = Attributes::new(show.options.as_ref());
        let title = attributes.value("title", self.diagnostics).and_then(|title| match &title.value.kind {
            ExprKind::Text(text) => Some(self.text(text, locals)),
            ExprKind::Error => None,
            _ => {
                self.diagnostics.push(Diagnostic::new(Code::WrongArguments, title.value.span, "a title is a text in quotes"));
                None
            }
        });
        let width = attributes.value("width", self.diagnostics).and_then(|width| {
            self.in_script(locals, |_, ctx| crate::check::value::quantity(&width.value, Dimension::LENGTH, "`width`", ctx))
        });
        let dpi = attributes.value("dpi", self.diagnostics).and_then(|dpi| {
            self.in_script(locals, |_, ctx| crate::check::value::quantity(&dpi.value, Dimension::NONE, "`dpi`", ctx))
        });
        let mut log = (None, None);
        if ratios {
            for (name, slot) in [("log_x", &mut log.0), ("log_y", &mut log.1)] {
                *slot = attributes.take(name, self.diagnostics).and_then(|attr| match &attr.value.kind {
                    ExprKind::Bool(log) => Some(*log),
                    _ => {
                        let wrong = format!("`{name}` is true or false");
                        self.diagnostics.push(Diagnostic::new(Code::WrongArguments, attr.value.span, wrong));
                        None
                    }
                });
            }
        }
        let reverse = is_raster && attributes.flag("reverse", ("true", "false"), self.diagnostics);
        attributes.finish("this picture", self.diagnostics);
        Options { title, width, dpi, log, reverse }
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
            let kept = |subject: &Subject| {
                matches!(
                    subject,
                    Subject::Picture(PlotKind::Search(..)) | Subject::Result(ResultTable::Kept(_) | ResultTable::Rows(..))
                )
            };
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
                Subject::Result(_) | Subject::Picture(_) if several => {
                    let mixed = Diagnostic::new(Code::NotShown, expr.span, "this is shown by itself");
                    self.diagnostics.push(mixed.help("write a statement of its own"));
                    return None;
                }
                Subject::Picture(kind) => return Some(Joined::Picture(kind)),
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
    fn file(&mut self, show: &'a Show, span: Span, endings: &[&str], other: Construct, locals: &Locals) -> Option<FileName> {
        let Some(text) = &show.file else {
            let name = show.subjects.first().map_or("plot", name_of);
            let ending = endings.first().copied().unwrap_or_default();
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
            Some(TextPart::Text(last)) if endings.iter().any(|ending| last.ends_with(ending)) => {
                Some(FileName { parts, span: text.span })
            }
            _ => {
                self.refuse(other, text.span);
                None
            }
        }
    }
}

fn is_png(end: &TextPart) -> bool {
    matches!(end, TextPart::Text(text) if text.ends_with(".png"))
}

/// What the braces of a `plot` say.
struct Options {
    title: Option<Vec<TextPart>>,
    width: Option<ir::Attribute>,
    dpi: Option<ir::Attribute>,
    log: (Option<bool>, Option<bool>),
    reverse: bool,
}

/// What all subjects of a statement are together.
enum Joined {
    Table(TableId, bool),
    Spikes(Option<Spikes>),
    Traces(Vec<Cut>),
    Result(ResultTable),
    Picture(PlotKind),
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
    let of_search = || view.kept.is_some_and(|kept| search::is_rows(kept, expr));
    if (all == "spikes" || matches!(&expr.kind, ExprKind::Name(name) if kept(name)) || of_search())
        && let Some(found) = table(view, expr, ctx)
    {
        return found.map(Subject::Result);
    }
    let own = |name: &str| view.declared.names.declaration(name).is_some();
    if let Some(found) =
        of_network(expr, all, view, ctx).or_else(|| (all == "raster").then(|| picture(expr, view, ctx)).flatten())
    {
        return found;
    }
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

/// `positions`, `connections`: what the network is, as a picture or as a table.
fn of_network(expr: &Expr, all: &str, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<Option<Subject>> {
    let ExprKind::Name(name) = &expr.kind else { return None };
    if view.declared.names.declaration(name).is_some() {
        return None;
    }
    let plot = all == "raster";
    match &**name {
        "positions" if plot => Some(Some(Subject::Picture(PlotKind::Positions))),
        "positions" => Some(Some(Subject::Result(ResultTable::Positions))),
        "connections" => {
            let tables = view.weights(expr.span);
            if tables.is_empty() {
                let none =
                    Diagnostic::new(Code::ReachesNothing, expr.span, "no cells are connected by events that have a weight");
                ctx.sink.push(none.help("`connect S -> M via exc { weight = 1 nS }` connects two populations"));
                return Some(None);
            }
            Some(Some(match plot {
                true => Subject::Picture(PlotKind::Connections(tables)),
                false => Subject::Result(ResultTable::Connections(tables)),
            }))
        }
        _ => None,
    }
}

/// `psd(v)`, `phase(a, b)`, `histogram(x)`, `activity(S, bin = 5 ms)` as pictures.
fn picture(expr: &Expr, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<Option<Subject>> {
    if let Some(found) = spectrum(view, expr, ctx) {
        let kind = found.and_then(|(of, squared)| Some(PlotKind::Psd(of, squared.times(&Dimension::TIME)?)));
        return Some(kind.map(Subject::Picture));
    }
    if let Some(found) = spectrum_as(view, expr, "spectrogram", ctx) {
        return Some(found.map(|(of, _)| Subject::Picture(PlotKind::Spectrogram(of))));
    }
    if let Some(found) = search::picture(view, expr, ctx) {
        return Some(found.map(Subject::Picture));
    }
    if let Some(args) = call_of(view, expr, "phase") {
        return Some(phase(args, expr.span, view, ctx).map(Subject::Picture));
    }
    if let Some(args) = call_of(view, expr, "activity") {
        let found = binned(view, args, expr, ctx);
        return Some(found.map(|(spikes, bin)| Subject::Picture(PlotKind::Activity(spikes, bin))));
    }
    let args = call_of(view, expr, "histogram")?;
    let (of, rest) = args.split_first()?;
    if of.name.is_some() || view.table(&of.value, ctx).is_some() {
        return None;
    }
    let bins = match rest {
        [] => None,
        [Arg { name: Some(name), value, .. }] if &*name.text == "bins" => match quantity(value, Dimension::NONE, "`bins`", ctx) {
            Some(bins) => Some(bins.value),
            None => return Some(None),
        },
        [other, ..] => {
            let wrong =
                Diagnostic::new(Code::WrongArguments, other.value.span, "`histogram` takes values and the number of `bins`");
            ctx.sink.push(wrong.help("write `histogram(intervals(S), bins = 20)`"));
            return Some(None);
        }
    };
    let found = list_of(view, &of.value, ctx);
    Some(found.map(|(series, dimension)| Subject::Picture(PlotKind::Bars(series, dimension, bins))))
}

/// `phase(a, b)`: two traces of one cell each.
fn phase(args: &[Arg], span: Span, view: &View<'_>, ctx: &mut Ctx<'_>) -> Option<PlotKind> {
    let mut one = |arg: &Arg| match series(view, &arg.value, ctx) {
        Some(Some((Series::Samples(cut), _))) => Some(cut),
        Some(None) => None,
        _ => {
            let wrong = Diagnostic::new(Code::NotAResult, arg.value.span, "this is not a trace");
            ctx.sink.push(wrong.help("name a record of one cell"));
            None
        }
    };
    match args {
        [a, b] => {
            let (a, b) = (one(a), one(b));
            Some(PlotKind::Phase(a?, b?))
        }
        _ => {
            let wrong = Diagnostic::new(Code::WrongArguments, span, "`phase` takes two traces");
            ctx.sink.push(wrong.help("write `plot phase(v, n)`: the first is across, the second up"));
            None
        }
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
        None if OTHERS.contains(&name) => {
            let wrong = if all == "raster" { "a table, not a picture" } else { "a picture, not a table" };
            let told = Diagnostic::new(Code::NotShown, span, format!("`{name}` is {wrong}"));
            ctx.sink.push(told.help("spikes are plotted by `plot raster` and saved by `save spikes`"));
        }
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
    ctx.sink.push(wrong.help(format!(
        "name a record, or `{all}`; what is not recorded needs a `record` first, and a list is drawn as `histogram(...)`"
    )));
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
        ExprKind::Field { name, .. } => &name.text,
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
