//! Lists of numbers that results give: spike times, intervals, rates of cells, crossings, a statistic of each of several traces; and tables of them.

use super::measure::{cut, ran, spikes, there, trace_of};
use super::names::{Locals, not_yet};
use super::search;
use crate::check::View;
use crate::check::attributes::suggest;
use crate::check::declare::Symbol;
use crate::check::expr::Ctx;
use crate::check::record::expression::OVER;
use crate::check::value::quantity;
use bouton_model::ir::{Continue, Expr, LocalId, Name, ResultTable, Series, Spectrum, Spikes, Statistic};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// A function of results, for the manual.
#[derive(Clone, Copy, Debug)]
pub struct AnalysisRow {
    /// As it is called.
    pub call: &'static str,
    /// What it is.
    pub doc: &'static str,
}

const fn row(call: &'static str, doc: &'static str) -> AnalysisRow {
    AnalysisRow { call, doc }
}

/// What can be read from results.
pub const ANALYSIS: &[AnalysisRow] = &[
    row("rate(S, M)", "spikes per cell and time, over both together"),
    row("count(spikes(S))", "number of spikes"),
    row("count(S)", "number of cells"),
    row("cv(S)", "mean coefficient of variation of the intervals between spikes, over the cells with at least two intervals"),
    row(
        "fano(S, bin = 5 ms)",
        "variance over mean of the number of spikes of all cells in bins: 1 for independent Poisson processes, more where cells fire together",
    ),
    row(
        "synchrony(v)",
        "of traces of several cells: standard deviation of their mean over the root mean variance of each, from 0 to 1 (Golomb and Rinzel 1993)",
    ),
    row("times(S)", "list: times of the spikes"),
    row("intervals(S)", "list: intervals between spikes of the same cell, cell by cell"),
    row("rates(S)", "list: rate of each cell"),
    row("activity(S, bin = 1 ms)", "list: spikes per cell and time in each bin"),
    row("crossings(v, 0 mV)", "list: times at which a trace rises above a level, interpolated between its samples"),
    row("mean(x)", "mean of a trace or list; of traces of several cells: list of their means"),
    row("sum(x)", "sum, likewise"),
    row("sd(x)", "standard deviation of the values themselves, likewise"),
    row("min(x)", "smallest, likewise"),
    row("max(x)", "largest, likewise"),
    row("count(x)", "number of samples or of values, likewise"),
    row(
        "mean(P.w)`, `sd(P.w)`, `min(P.w)`, `max(P.w)`, `sum(P.w)`, `count(P.w)",
        "of the values of connections, as they are at this moment",
    ),
    row("x[0]", "a sample or value by its number, from 0"),
    row("v(5 ms)", "the last sample of a trace not after this time"),
    row(
        "ap_count(v)",
        "number of spikes of a voltage trace: peaks between crossings of `threshold`, -20 mV if it is not given (`ap_count(v, threshold = -30 mV)`)",
    ),
    row("ap_times(v)", "list: times of the peaks"),
    row(
        "ap_amplitude(v)",
        "list: peaks above the potential at which the spike begins, where the slope reaches 10 mV/ms for three samples in a row (eFEL's AP_amplitude)",
    ),
    row(
        "ap_width(v)",
        "list: time above the middle between begin and peak, interpolated between samples (eFEL's AP_duration_half_width)",
    ),
    row(
        "ahp_depth(v, rest = -65 mV)",
        "list: lowest potential behind each spike, before the next or the end, against `rest` (eFEL's AHP_depth); without it the potential itself (AHP_depth_abs)",
    ),
    row(
        "isi_cv(v)",
        "standard deviation over mean of the intervals between peaks, of at least two (eFEL's ISI_CV of all intervals)",
    ),
    row(
        "adaptation(v)",
        "mean of the difference of neighbouring intervals over their sum (the Allen Institute's adaptation index; eFEL's adaptation_index without skipping)",
    ),
    row(
        "rest(v before 100 ms)",
        "mean of the last tenth of a trace, as it is cut (eFEL's voltage_base for a stimulus that begins there)",
    ),
    row(
        "sag(v, start = 100 ms, stop = 600 ms)",
        "part of the fall during a step of current that is taken back until its end: (steady - lowest) / (before - lowest), with means of the last tenths (eFEL's sag_ratio1)",
    ),
    row(
        "input_resistance(v, start = 100 ms, stop = 600 ms, current = -50 pA)",
        "deflection at the end of a step of current over that current (eFEL's ohmic_input_resistance_vb_ssse)",
    ),
    row(
        "psd(x, segment = 500 ms)",
        "table: power spectral density of a trace or of an `activity` (Welch's method: Hann windows that overlap by half, means taken off, one-sided); segments are a quarter of it if nothing is said",
    ),
    row("peak(psd(x))", "frequency of the largest power, 0 left out"),
    row("power(psd(x), 30 Hz .. 80 Hz)", "power in a band of frequencies: the square of the unit of x"),
    row(
        "jacobian(low)",
        "table of a steady state: how fast the slope of the state of a row changes with that of a column, in units of ms, mV, nA and their like; rows stand in the order of columns",
    ),
    row(
        "histogram(x, bins = 20)",
        "table: how many values of a trace or list lie in each of so many equal bins from the smallest to the largest",
    ),
];

/// A list and the dimension of its numbers.
pub(super) type Listed = (Series, Dimension);

/// The list that an expression is; nothing where it is none, and nothing inside where it is broken, which has been reported.
pub(super) fn series(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<Listed>> {
    if let ExprKind::Name(name) = &expr.kind
        && let Some((id, dimension)) = view.kept.and_then(|kept| kept.list(name))
    {
        return Some(Some((Series::Kept(id), dimension)));
    }
    if let Some(found) = view.kept.and_then(|kept| search::column(kept, expr, ctx)) {
        return Some(found);
    }
    if let ExprKind::Field { base, name } = &expr.kind
        && let ExprKind::Name(table) = &base.kind
        && let Some((id, table)) = view.kept.and_then(|kept| kept.table(table)).filter(|(_, table)| !table.search)
    {
        let found = table.columns.iter().position(|column| column.name == name.text);
        if found.is_none() {
            let names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
            let unknown = Diagnostic::new(Code::UnknownName, name.span, format!("the table has no column `{}`", name.text));
            ctx.sink.push(suggest(unknown, &name.text, name.span, &names));
        }
        return Some(found.and_then(|at| Some((Series::Column(id, at), table.columns.get(at)?.dimension))));
    }
    if let Some(found) = deep_column(view, expr, ctx) {
        return Some(found);
    }
    if let ExprKind::Field { base, .. } = &expr.kind
        && let ExprKind::Name(name) = &base.kind
        && let Some(found) = view.declared.names.declaration(name)
        && matches!(found.symbol, Symbol::Result(_))
        && !view.kept.is_some_and(|kept| search::is_one(kept, name))
    {
        let known = view.kept.is_some_and(|kept| kept.knows(name));
        ctx.sink.push(match known {
            true => Diagnostic::new(Code::NotAResult, expr.span, format!("`{name}` is no table, and has no columns")),
            false => not_yet(name, expr.span, found.span),
        });
        return Some(None);
    }
    if let Some(record) = trace_of(view, expr) {
        let Some(Some(found)) = view.records.get(record.index()) else { return Some(None) };
        if !found.single {
            let several = Diagnostic::new(Code::NotAResult, expr.span, format!("`{}` is several traces", found.name));
            ctx.sink.push(several.help("`mean(...)` of it is a list with one value for each; so are `min`, `max`, `sd`, `sum`"));
            return Some(None);
        }
        if found.file.is_some() {
            ctx.sink.push(not_kept(&found.name, expr.span));
            return Some(None);
        }
        let dimension = found.dimension;
        return Some(cut(record, expr, ctx).map(|cut| (Series::Samples(cut), dimension)));
    }
    if let Some(found) = super::feature::list(view, expr, ctx) {
        return Some(found);
    }
    let ExprKind::Call { callee, args } = &expr.kind else { return None };
    let ExprKind::Name(name) = &callee.kind else { return None };
    if view.declared.names.declaration(name).is_some() {
        return None;
    }
    let found = match &**name {
        "times" => of_cells(view, args, expr, ctx).map(|s| (Series::Times(s), Dimension::TIME)),
        "intervals" => of_cells(view, args, expr, ctx).map(|s| (Series::Intervals(s), Dimension::TIME)),
        "rates" => of_cells(view, args, expr, ctx).map(|s| (Series::Rates(s), Dimension::FREQUENCY)),
        "activity" => binned(view, args, expr, ctx).map(|(s, bin)| (Series::Activity(s, bin), Dimension::FREQUENCY)),
        "crossings" => crossings(view, args, expr, ctx),
        _ => return each(view, name, args, ctx),
    };
    Some(found.filter(|_| ran(view, expr.span, ctx)))
}

/// Whether a path names a column by a path (`drive.p.eta`), or a column of the points of one kind of a branch (`branch.folds.r`).
pub(super) fn is_deep_column(kept: &Locals, expr: &ast::Expr) -> bool {
    let path = crate::check::network::path::written(expr);
    let Some((table, rest)) = path.split_once('.') else { return false };
    let Some((_, table)) = kept.table(table).filter(|(_, table)| !table.search) else { return false };
    let (kind, column) = rest.split_once('.').unwrap_or((rest, ""));
    let is_column = |name: &str| table.columns.iter().any(|known| *known.name == *name);
    is_column(rest) || (table.branch && Continue::KINDS.contains(&kind) && is_column(column))
}

/// Such a column.
fn deep_column(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<Listed>> {
    let ExprKind::Field { base, .. } = &expr.kind else { return None };
    if matches!(base.kind, ExprKind::Name(_)) {
        return None;
    }
    let path = crate::check::network::path::written(expr);
    let (table, rest) = path.split_once('.')?;
    let (id, table) = view.kept?.table(table).filter(|(_, table)| !table.search)?;
    let at = |name: &str| table.columns.iter().position(|known| *known.name == *name);
    if let Some(at) = at(rest) {
        return Some(Some((Series::Column(id, at), table.columns.get(at)?.dimension)));
    }
    let (kind, column) = rest.split_once('.').unwrap_or((rest, ""));
    let kind = Continue::KINDS.iter().position(|known| table.branch && *known == kind);
    if let Some((kind, at)) = kind.zip(at(column)) {
        return Some(Some((Series::Marked(id, kind + 1, at), table.columns.get(at)?.dimension)));
    }
    let mut names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
    names.extend(Continue::KINDS.iter().filter(|_| table.branch));
    let wanted = if kind.is_some() { column } else { rest };
    let unknown = Diagnostic::new(Code::UnknownName, expr.span, format!("the table has no column `{wanted}`"));
    let place = Span { start: expr.span.end.saturating_sub(wanted.len() as u32), ..expr.span };
    ctx.sink.push(suggest(unknown, wanted, place, &names));
    Some(None)
}

fn of_cells(view: &View<'_>, args: &[Arg], whole: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Spikes> {
    let exprs: Vec<&ast::Expr> = args.iter().map(|arg| &arg.value).collect();
    if exprs.is_empty() || args.iter().any(|arg| arg.name.is_some()) {
        let what = Diagnostic::new(Code::WrongArguments, whole.span, "of which cells?");
        ctx.sink.push(what.help("name populations: `times(M[0])`, `times((S, M) after 200 ms)`"));
        return None;
    }
    spikes(view, &exprs, whole.span, ctx)
}

/// Cells, and the width of bins.
pub(super) fn binned(view: &View<'_>, args: &[Arg], whole: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<(Spikes, Expr)> {
    let is_bin = |arg: &&Arg| arg.name.as_ref().is_some_and(|name| &*name.text == "bin");
    let Some(bin) = args.iter().find(is_bin) else {
        let missing = Diagnostic::new(Code::WrongArguments, whole.span, "how wide are the bins?");
        ctx.sink.push(missing.help("add their width: `bin = 1 ms`"));
        return None;
    };
    let width = quantity(&bin.value, Dimension::TIME, "`bin`", ctx)?.value;
    let rest: Vec<Arg> = args.iter().filter(|arg| !is_bin(arg)).cloned().collect();
    Some((of_cells(view, &rest, whole, ctx)?, width))
}

fn crossings(view: &View<'_>, args: &[Arg], whole: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Listed> {
    let [trace, level] = args else {
        let wrong = Diagnostic::new(Code::WrongArguments, whole.span, "`crossings` takes a trace and a level");
        ctx.sink.push(wrong.help("write `crossings(v, 0 mV)`"));
        return None;
    };
    match series(view, &trace.value, ctx) {
        Some(Some((Series::Samples(cut), dimension))) => {
            let level = quantity(&level.value, dimension, "the level", ctx)?;
            Some((Series::Crossings(cut, level.value), Dimension::TIME))
        }
        Some(None) => None,
        _ => {
            let wrong = Diagnostic::new(Code::NotAResult, trace.value.span, "this is not a trace");
            ctx.sink.push(wrong.help("name a record of one cell"));
            None
        }
    }
}

/// `mean(w)` of traces of several cells.
fn each(view: &View<'_>, name: &Name, args: &[Arg], ctx: &mut Ctx<'_>) -> Option<Option<Listed>> {
    let count = (&**name == "count").then_some(Statistic::Count);
    let statistic = count.or_else(|| OVER.iter().find(|(word, _)| *word == &**name).map(|(_, statistic)| *statistic))?;
    let [arg] = args else { return None };
    let record = trace_of(view, &arg.value)?;
    let found = view.records.get(record.index())?.as_ref().filter(|found| !found.single)?;
    if found.file.is_some() {
        ctx.sink.push(not_kept(&found.name, arg.value.span));
        return Some(None);
    }
    let dimension = if statistic == Statistic::Count { Dimension::NONE } else { found.dimension };
    let cut = cut(record, &arg.value, ctx);
    Some(cut.filter(|_| ran(view, arg.value.span, ctx)).map(|cut| (Series::Each(statistic, cut), dimension)))
}

/// `psd(x, segment = 500 ms)`; nothing where an expression is something else.
pub(super) fn spectrum(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<(Spectrum, Dimension)>> {
    spectrum_as(view, expr, "psd", ctx)
}

/// The same under another word.
pub(super) fn spectrum_as(
    view: &View<'_>,
    expr: &ast::Expr,
    word: &str,
    ctx: &mut Ctx<'_>,
) -> Option<Option<(Spectrum, Dimension)>> {
    let args = call_of(view, expr, word)?;
    let Some((of, rest)) = args.split_first() else {
        let what = Diagnostic::new(Code::WrongArguments, expr.span, "the spectrum of what?");
        ctx.sink.push(what.help(format!("name a trace: `{word}(v)`")));
        return Some(None);
    };
    let found = match series(view, &of.value, ctx) {
        Some(Some((series @ (Series::Samples(_) | Series::Activity(..)), dimension))) => Some((series, dimension)),
        Some(None) => None,
        _ => {
            let wrong = Diagnostic::new(Code::NotAResult, of.value.span, "a spectrum is of a trace or of an `activity`");
            ctx.sink.push(wrong);
            None
        }
    };
    let segment = match rest {
        [] => Some(None),
        [Arg { name: Some(name), value, .. }] if &*name.text == "segment" => {
            quantity(value, Dimension::TIME, "`segment`", ctx).map(|found| Some(found.value))
        }
        [other, ..] => {
            let wrong = format!("`{word}` takes a trace and its `segment`");
            let wrong = Diagnostic::new(Code::WrongArguments, other.value.span, wrong);
            ctx.sink.push(wrong.help(format!("write `{word}(v, segment = 500 ms)`")));
            None
        }
    };
    let (Some((of, dimension)), Some(segment)) = (found, segment) else { return Some(None) };
    let squared = dimension.times(&dimension);
    Some(squared.filter(|_| ran(view, expr.span, ctx)).map(|squared| (Spectrum { of, segment }, squared)))
}

/// The table that an expression is.
pub(super) fn table(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<ResultTable>> {
    if let Some(found) = spectrum(view, expr, ctx) {
        let made = found.and_then(|(spectrum, squared)| Some(ResultTable::Psd(spectrum, squared.times(&Dimension::TIME)?)));
        return Some(made);
    }
    if let Some(args) = call_of(view, expr, "histogram") {
        let [of, Arg { name: Some(name), value: bins, .. }] = args else {
            let wrong = Diagnostic::new(Code::WrongArguments, expr.span, "`histogram` takes values and the number of `bins`");
            ctx.sink.push(wrong.help("write `histogram(intervals(S), bins = 20)`"));
            return Some(None);
        };
        if &*name.text != "bins" {
            ctx.sink.push(Diagnostic::new(Code::WrongArguments, name.span, "`histogram` has `bins`, their number"));
            return Some(None);
        }
        let bins = quantity(bins, Dimension::NONE, "`bins`", ctx);
        let found = list_of(view, &of.value, ctx);
        return Some(found.zip(bins).map(|((series, dimension), bins)| ResultTable::Histogram(series, dimension, bins.value)));
    }
    if let ExprKind::Name(name) = &expr.kind
        && let Some((id, _)) = view.kept.and_then(|kept| kept.table(name))
    {
        return Some(Some(ResultTable::Kept(id)));
    }
    if let Some(found) = jacobian(view, expr, ctx) {
        return Some(found.map(ResultTable::Kept));
    }
    if let Some(found) = view.kept.and_then(|kept| search::rows(kept, expr, ctx)) {
        return Some(found);
    }
    // A trace by itself is saved with its times, together with others.
    if trace_of(view, expr).is_some() {
        return None;
    }
    let word = match &expr.kind {
        ExprKind::Name(name) => name.clone(),
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Name(name) => name.clone(),
            _ => return None,
        },
        ExprKind::Field { name, .. } => name.text.clone(),
        _ => return None,
    };
    Some(series(view, expr, ctx)?.map(|(series, dimension)| ResultTable::List(word, series, dimension)))
}

/// `jacobian(low)` of a steady state: the number of its table.
pub(super) fn jacobian(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<LocalId>> {
    let args = call_of(view, expr, "jacobian")?;
    let of = match args {
        [Arg { name: None, value, .. }] => match &value.kind {
            ExprKind::Name(name) => view.kept.and_then(|kept| kept.table(name)).and_then(|(_, table)| table.jacobian),
            _ => None,
        },
        _ => None,
    };
    if of.is_none() {
        let wrong = Diagnostic::new(Code::NotAResult, expr.span, "`jacobian` is of a steady state");
        ctx.sink.push(wrong.help("name one that stands before: `steady state low`, then `print jacobian(low)`"));
    }
    Some(of)
}

/// An expression that must be a list or a trace.
pub(super) fn list_of(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Listed> {
    match series(view, expr, ctx) {
        Some(found) => found.filter(|(series, _)| there(view, series, expr.span, ctx)),
        None => {
            let wrong = Diagnostic::new(Code::NotAResult, expr.span, "this is neither a trace nor a list");
            ctx.sink.push(wrong.help("name a record, or a list such as `times(M)`"));
            None
        }
    }
}

/// The arguments of a call of this word, where nothing else bears it.
pub(super) fn call_of<'e>(view: &View<'_>, expr: &'e ast::Expr, word: &str) -> Option<&'e [Arg]> {
    let ExprKind::Call { callee, args } = &expr.kind else { return None };
    let ExprKind::Name(name) = &callee.kind else { return None };
    (&**name == word && view.declared.names.declaration(word).is_none()).then_some(args)
}

/// The diagnostic for a record that goes to a file.
pub(super) fn not_kept(name: &str, span: bouton_syntax::Span) -> Diagnostic {
    let gone = Diagnostic::new(Code::NotAResult, span, format!("`{name}` goes to its file and is not kept"));
    gone.help("leave out its `to \"...\"` to compute with it, or record it a second time, less often")
}
