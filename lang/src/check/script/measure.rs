//! What is read from results: `rate(S)`, `count(spikes(S))`, `cv(S)`, `mean(v)`, `v[0]`, `v(5 ms)`, with windows of time.

use super::search;
use super::series::{Listed, binned, call_of, is_deep_column, not_kept, series, spectrum};
use crate::check::View;
use crate::check::declare::Symbol;
use crate::check::expr::{Ctx, Typed, check_expr};
use crate::check::record::expression::OVER;
use crate::check::value::quantity;
use crate::check::walk;
use bouton_model::ir::{Cut, Expr, Measure, RecordId, Series, Spikes, Statistic, TableId};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// What an expression of a script reads from results; nothing where it reads none.
pub(super) fn measure(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
    match &expr.kind {
        ExprKind::Name(_) | ExprKind::After { .. } | ExprKind::Before { .. } => {
            let record = trace_of(view, expr)?;
            Some(a_trace(view, record, expr.span, ctx))
        }
        ExprKind::Index { base, indices } => match series(view, base, ctx)? {
            Some(found) => Some(sample(view, found, indices, expr.span, ctx)),
            None => Some(Typed::error(expr.span)),
        },
        ExprKind::Call { callee, args } => match trace_of(view, callee) {
            Some(record) => Some(at_time(view, record, callee, args, expr.span, ctx)),
            None => call(view, callee, args, expr, ctx),
        },
        ExprKind::Field { base, name } => {
            if is_column(view, expr) {
                let message = format!("`{}` is a column, not one number", name.text);
                let wrong = Diagnostic::new(Code::NotAResult, expr.span, message);
                return Some(ctx.fail(wrong.help("take one of its values: `[0]` behind it, or `max`, `mean`, `count` of it")));
            }
            path(view, base, expr.span, ctx)
        }
        _ => None,
    }
}

/// The record that an expression is, perhaps cut.
pub(super) fn trace_of(view: &View<'_>, expr: &ast::Expr) -> Option<RecordId> {
    match &expr.kind {
        ExprKind::Name(name) => match view.declared.names.declaration(name)?.symbol {
            Symbol::Record(id) => {
                view.declared.names.find(name);
                Some(id)
            }
            _ => None,
        },
        ExprKind::After { value, .. } | ExprKind::Before { value, .. } => trace_of(view, value),
        ExprKind::Call { .. } => {
            let args = call_of(view, expr, "trace")?;
            match args {
                [Arg { name: None, value, .. }] => trace_of(view, value),
                _ => None,
            }
            .or_else(|| view.traces.get(&expr.span).copied())
        }
        _ => None,
    }
}

/// From when and to when something is cut.
type Window = (Option<Expr>, Option<Expr>);

/// The window around an expression: what is cut, from when, to when. Nothing where a time is broken, which has been reported.
pub(super) fn window<'e>(expr: &'e ast::Expr, ctx: &mut Ctx<'_>) -> (&'e ast::Expr, Option<Window>) {
    let (mut inner, mut sound) = (expr, true);
    let (mut after, mut before) = (None, None);
    loop {
        let (value, time, edge, word) = match &inner.kind {
            ExprKind::After { value, time } => (value, time, &mut after, "after"),
            ExprKind::Before { value, time } => (value, time, &mut before, "before"),
            _ => return (inner, sound.then_some((after, before))),
        };
        let found = quantity(time, Dimension::TIME, &format!("`{word}`"), ctx);
        sound &= found.is_some();
        if edge.is_some() {
            let twice = Diagnostic::new(Code::WrongArguments, time.span, format!("`{word}` is given twice"));
            ctx.sink.push(twice);
            sound = false;
        }
        *edge = found.map(|found| found.value);
        inner = value;
    }
}

/// A cut trace.
pub(super) fn cut(record: RecordId, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Cut> {
    let (after, before) = window(expr, ctx).1?;
    Some(Cut { record, after, before })
}

/// Spikes of sets, each perhaps cut; the windows must be one and the same.
pub(super) fn spikes(view: &View<'_>, exprs: &[&ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Option<Spikes> {
    let mut all: Option<Spikes> = None;
    let mut sound = true;
    for expr in exprs {
        let (inner, cut) = window(expr, ctx);
        let set = view.set(&[inner], inner.span, ctx);
        let (Some((after, before)), Some(set)) = (cut, set) else {
            sound = false;
            continue;
        };
        match &mut all {
            None => all = Some(Spikes { sets: vec![set], after, before }),
            Some(spikes) if spikes.after == after && spikes.before == before => spikes.sets.push(set),
            Some(_) => {
                let message = "all sets need the same window of time";
                let wrong = Diagnostic::new(Code::WrongArguments, expr.span, message);
                ctx.sink.push(wrong.help("give it to all of them: `(S, M) after 200 ms`"));
                sound = false;
            }
        }
    }
    let all = all.filter(|_| sound)?;
    if !any_spikes(view, &all) {
        let silent = Diagnostic::new(Code::CannotSpike, span, "none of these cells has a way to spike");
        ctx.sink.push(silent.help("say where spikes are found: `spike at soma(0.5)` in the cell"));
        return None;
    }
    Some(all)
}

fn any_spikes(view: &View<'_>, spikes: &Spikes) -> bool {
    let members = spikes.sets.iter().flat_map(|set| &set.members);
    let mut cells = members.filter_map(|member| view.program.populations.get(member.population.index())).map(|one| one.cell);
    cells.any(|id| view.may_spike(id))
}

/// Whether a `run` stands before; the diagnostic that there is nothing to read yet.
pub(super) fn ran(view: &View<'_>, span: Span, ctx: &mut Ctx<'_>) -> bool {
    if !view.ran {
        let empty = Diagnostic::new(Code::NotKnownYet, span, "there is no result yet: nothing has run");
        ctx.sink.push(empty.help("write `run` before this statement"));
    }
    view.ran
}

/// Whether the values of a list are there: what the script keeps is, whatever has run.
pub(super) fn there(view: &View<'_>, series: &Series, span: Span, ctx: &mut Ctx<'_>) -> bool {
    matches!(series, Series::Kept(_) | Series::Column(..) | Series::Marked(..) | Series::Rows(..)) || ran(view, span, ctx)
}

/// The column of a table that an expression is.
pub(super) fn is_column(view: &View<'_>, expr: &ast::Expr) -> bool {
    if let Some(kept) = view.kept.filter(|kept| walk::head(expr).is_some_and(|name| search::is_one(kept, name))) {
        return search::is_column(kept, expr);
    }
    if view.kept.is_some_and(|kept| is_deep_column(kept, expr)) {
        return true;
    }
    let ExprKind::Field { base, .. } = &expr.kind else { return false };
    let ExprKind::Name(table) = &base.kind else { return false };
    let later = view.declared.names.declaration(table).is_some_and(|found| matches!(found.symbol, Symbol::Result(_)));
    later || view.kept.is_some_and(|kept| kept.table(table).is_some())
}

/// A trace where a number is needed.
fn a_trace(view: &View<'_>, record: RecordId, span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let Some(Some(record)) = view.records.get(record.index()) else { return Typed::error(span) };
    let name = &record.name;
    let wrong = Diagnostic::new(Code::NotAResult, span, format!("`{name}` is a whole trace, not one number"));
    ctx.fail(wrong.help(format!("take one: `{name}[0]`, `{name}(5 ms)`, `mean({name})`, `max({name})`")))
}

/// The dimension of a record of one cell; others are refused.
fn single(view: &View<'_>, id: RecordId, span: Span, ctx: &mut Ctx<'_>) -> Option<Dimension> {
    let record = view.records.get(id.index())?.as_ref()?;
    if record.file.is_some() {
        ctx.sink.push(not_kept(&record.name, span));
        return None;
    }
    if !record.single {
        let several = Diagnostic::new(Code::NotAResult, span, format!("`{}` is several traces", record.name));
        ctx.sink.push(several.help("record one cell to take its value at a time"));
        return None;
    }
    Some(record.dimension)
}

fn sample(view: &View<'_>, (series, dimension): Listed, indices: &[ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let [index] = indices else {
        return ctx.fail(Diagnostic::new(Code::WrongArguments, span, "a trace or list has one index: the number of the value"));
    };
    let index = quantity(index, Dimension::NONE, "the number of a value", ctx);
    let Some(index) = index else { return Typed::error(span) };
    if !there(view, &series, span, ctx) {
        return Typed::error(span);
    }
    value(Measure::Sample(series, index.value), dimension, span)
}

fn at_time(view: &View<'_>, record: RecordId, base: &ast::Expr, args: &[Arg], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let dimension = single(view, record, span, ctx);
    let cut = cut(record, base, ctx);
    let [Arg { name: None, value: time, .. }] = args else {
        return ctx.fail(Diagnostic::new(Code::WrongArguments, span, "a trace has a value at one time: `v(5 ms)`"));
    };
    let time = quantity(time, Dimension::TIME, "the time of a value", ctx);
    let (Some(dimension), Some(cut), Some(time)) = (dimension, cut, time) else { return Typed::error(span) };
    if !ran(view, span, ctx) {
        return Typed::error(span);
    }
    value(Measure::At(cut, time.value), dimension, span)
}

fn value(measure: Measure, dimension: Dimension, span: Span) -> Typed {
    Typed::number(Expr::Measure(Box::new(measure)), dimension, span)
}

fn call(view: &View<'_>, callee: &ast::Expr, args: &[Arg], whole: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
    let ExprKind::Name(name) = &callee.kind else { return None };
    if view.declared.names.declaration(name).is_some() {
        return None;
    }
    if let Some(found) = super::feature::number(view, whole, ctx) {
        return Some(found);
    }
    let span = whole.span;
    let exprs: Vec<&ast::Expr> = args.iter().map(|arg| &arg.value).collect();
    if let ([one], Some(statistic)) = (exprs.as_slice(), statistic_of(name))
        && let Some(table) = view.table(one, ctx)
    {
        return Some(of_table(view, statistic, table, span, ctx));
    }
    let over = OVER.iter().find(|(word, _)| *word == &**name).map(|(_, statistic)| *statistic);
    let is_list = matches!(exprs.as_slice(), [one] if is_series(view, one));
    Some(match (&**name, over) {
        ("rate", _) => of_spikes(view, Measure::Rate, Dimension::FREQUENCY, &exprs, span, ctx),
        ("cv", _) => of_spikes(view, Measure::Cv, Dimension::NONE, &exprs, span, ctx),
        ("fano", _) => match binned(view, args, whole, ctx).filter(|_| ran(view, span, ctx)) {
            Some((spikes, bin)) => value(Measure::Fano(spikes, bin), Dimension::NONE, span),
            None => Typed::error(span),
        },
        ("synchrony", _) => synchrony(view, &exprs, span, ctx),
        ("peak", _) => peak(view, &exprs, span, ctx),
        ("power", _) => band(view, &exprs, span, ctx)?,
        ("count", _) if is_list => statistic(view, Statistic::Count, &exprs, span, ctx),
        ("count", _) => count(view, &exprs, span, ctx),
        ("min" | "max", Some(which)) if is_list => statistic(view, which, &exprs, span, ctx),
        ("min" | "max", Some(_)) => return None,
        (_, Some(which)) => statistic(view, which, &exprs, span, ctx),
        ("spikes", _) => {
            let list = Diagnostic::new(Code::NotAResult, span, "spikes are a list, not one number");
            ctx.fail(list.help("`count(spikes(S))` is how many, `rate(S)` how often, `times(S)` when"))
        }
        ("times" | "intervals" | "rates" | "activity" | "crossings", _) => {
            let list = Diagnostic::new(Code::NotAResult, span, format!("`{name}` gives a list, not one number"));
            ctx.fail(list.help(format!("take one: `{name}(...)[0]`, `count({name}(...))`, `mean({name}(...))`")))
        }
        ("psd" | "histogram", _) => {
            let table = Diagnostic::new(Code::NotAResult, span, format!("`{name}` gives a table, not one number"));
            ctx.fail(
                table.help("it can be saved: `save psd(v) \"psd.csv\"`; `peak(psd(v))` is the frequency of the largest power"),
            )
        }
        ("trace", _) => {
            let Some(record) = trace_of(view, whole) else {
                let what = Diagnostic::new(Code::WrongArguments, span, "`trace` takes one expression of variables of the model");
                return Some(ctx.fail(what.help("write `trace(M[0].soma(0.5).v)`")));
            };
            a_trace(view, record, span, ctx)
        }
        _ => return None,
    })
}

fn statistic_of(name: &str) -> Option<Statistic> {
    Some(match name {
        "min" => Statistic::Min,
        "max" => Statistic::Max,
        "mean" => Statistic::Mean,
        "sum" => Statistic::Sum,
        "sd" => Statistic::Sd,
        "count" => Statistic::Count,
        _ => return None,
    })
}

fn of_table(view: &View<'_>, statistic: Statistic, table: Option<(TableId, Dimension)>, span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let Some((table, dimension)) = table.filter(|_| ran(view, span, ctx)) else { return Typed::error(span) };
    let dimension = if statistic == Statistic::Count { Dimension::NONE } else { dimension };
    value(Measure::OfTable(statistic, table), dimension, span)
}

/// Whether an expression is a trace or a list, without looking into it.
fn is_series(view: &View<'_>, expr: &ast::Expr) -> bool {
    let kept = |name: &str| view.kept.is_some_and(|kept| kept.list(name).is_some());
    let word = |words: &[&str]| words.iter().any(|word| call_of(view, expr, word).is_some());
    match &expr.kind {
        ExprKind::Name(name) if kept(name) => true,
        ExprKind::Call { args, .. } if word(&["min", "max", "mean", "sum", "sd", "count"]) => {
            matches!(args.as_slice(), [one] if trace_of(view, &one.value).is_some_and(|id| is_several(view, id)))
        }
        ExprKind::Field { .. } => is_column(view, expr),
        _ => {
            trace_of(view, expr).is_some()
                || super::feature::is_list(view, expr)
                || word(&["times", "intervals", "rates", "activity", "crossings"])
        }
    }
}

fn is_several(view: &View<'_>, record: RecordId) -> bool {
    view.records.get(record.index()).and_then(Option::as_ref).is_some_and(|found| !found.single)
}

/// `synchrony(v)` of traces of several cells.
fn synchrony(view: &View<'_>, exprs: &[&ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let record = match exprs {
        [one] => trace_of(view, one).filter(|id| is_several(view, *id)).map(|id| (id, *one)),
        _ => None,
    };
    let Some((record, expr)) = record else {
        let wrong = Diagnostic::new(Code::NotAResult, span, "`synchrony` is of traces of several cells");
        return ctx.fail(
            wrong.help("record them: `record v = E[0 .. 99].soma(0.5).v every 1 ms`; of spikes there is `fano(E, bin = 5 ms)`"),
        );
    };
    match cut(record, expr, ctx).filter(|_| ran(view, span, ctx)) {
        Some(cut) => value(Measure::Synchrony(cut), Dimension::NONE, span),
        None => Typed::error(span),
    }
}

/// `peak(psd(v))`
fn peak(view: &View<'_>, exprs: &[&ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let found = match exprs {
        [one] => spectrum(view, one, ctx),
        _ => None,
    };
    match found {
        Some(Some((spectrum, _))) => value(Measure::Peak(spectrum), Dimension::FREQUENCY, span),
        Some(None) => Typed::error(span),
        None => ctx.fail(Diagnostic::new(Code::NotAResult, span, "`peak` is of a spectrum").help("write `peak(psd(v))`")),
    }
}

/// `power(psd(v), 30 Hz .. 80 Hz)`; nothing where it is no spectrum's.
fn band(view: &View<'_>, exprs: &[&ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
    let (of, rest) = exprs.split_first()?;
    let found = spectrum(view, of, ctx)?;
    let range = match rest {
        [one] => match &one.kind {
            ExprKind::Range(range) if range.spacing.is_none() => Some(range),
            _ => None,
        },
        _ => None,
    };
    let Some(range) = range else {
        let wrong = Diagnostic::new(Code::WrongArguments, span, "between which frequencies?");
        return Some(ctx.fail(wrong.help("write `power(psd(v), 30 Hz .. 80 Hz)`")));
    };
    let low = quantity(&range.start, Dimension::FREQUENCY, "a frequency", ctx);
    let high = quantity(&range.end, Dimension::FREQUENCY, "a frequency", ctx);
    Some(match (found, low, high) {
        (Some((spectrum, squared)), Some(low), Some(high)) => {
            value(Measure::Band(spectrum, low.value, high.value), squared, span)
        }
        _ => Typed::error(span),
    })
}

fn of_spikes(
    view: &View<'_>,
    measure: fn(Spikes) -> Measure,
    dimension: Dimension,
    exprs: &[&ast::Expr],
    span: Span,
    ctx: &mut Ctx<'_>,
) -> Typed {
    if exprs.is_empty() {
        return ctx.fail(Diagnostic::new(Code::WrongArguments, span, "of which cells?").help("name a population, or `all`"));
    }
    if let [one] = exprs
        && trace_of(view, one).is_some()
    {
        let trace = Diagnostic::new(Code::NotAResult, one.span, "this is a trace, not a set of cells");
        return ctx.fail(trace.help("name a population"));
    }
    match spikes(view, exprs, span, ctx) {
        Some(spikes) if ran(view, span, ctx) => value(measure(spikes), dimension, span),
        _ => Typed::error(span),
    }
}

/// `count(spikes(S))` or `count(S)`.
fn count(view: &View<'_>, exprs: &[&ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    if let [one] = exprs
        && let Some(inner) = spikes_call(view, one)
    {
        let inner: Vec<&ast::Expr> = inner.iter().map(|arg| &arg.value).collect();
        return of_spikes(view, Measure::Count, Dimension::NONE, &inner, span, ctx);
    }
    if exprs.is_empty() {
        return ctx.fail(
            Diagnostic::new(Code::WrongArguments, span, "count what?").help("`count(S)` counts cells, `count(spikes(S))` spikes"),
        );
    }
    match view.set(exprs, span, ctx) {
        Some(set) => value(Measure::Cells(vec![set]), Dimension::NONE, span),
        None => Typed::error(span),
    }
}

/// The arguments of `spikes(...)`.
pub(super) fn spikes_call<'e>(view: &View<'_>, expr: &'e ast::Expr) -> Option<&'e [Arg]> {
    let ExprKind::Call { callee, args } = &expr.kind else { return None };
    let ExprKind::Name(name) = &callee.kind else { return None };
    (&**name == "spikes" && view.declared.names.declaration("spikes").is_none()).then_some(args)
}

fn statistic(view: &View<'_>, statistic: Statistic, exprs: &[&ast::Expr], span: Span, ctx: &mut Ctx<'_>) -> Typed {
    let [expr] = exprs else {
        let one = Diagnostic::new(Code::WrongArguments, span, "this is taken of one trace or list");
        return ctx.fail(one.help("name a record: `mean(v)`"));
    };
    let Some(found) = series(view, expr, ctx) else {
        let refused = ctx.sink.len();
        let typed = check_expr(expr, ctx);
        if typed.is_error() || ctx.sink.len() > refused {
            return Typed::error(span);
        }
        return ctx.fail(Diagnostic::new(Code::NotAResult, expr.span, "this is not a trace").help("name a record: `mean(v)`"));
    };
    let Some((series, dimension)) = found.filter(|(series, _)| there(view, series, span, ctx)) else { return Typed::error(span) };
    let dimension = if statistic == Statistic::Count { Dimension::NONE } else { dimension };
    value(Measure::Statistic(statistic, series), dimension, span)
}

/// A path into the model where a value is needed.
fn path(view: &View<'_>, base: &ast::Expr, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
    let mut head = base;
    loop {
        head = match &head.kind {
            ExprKind::Field { base, .. } | ExprKind::Index { base, .. } => base,
            ExprKind::Call { callee, .. } => callee,
            ExprKind::Name(name) => {
                let symbol = view.declared.names.find(name)?;
                if !matches!(symbol, Symbol::Population(_) | Symbol::Cell(_) | Symbol::Connection | Symbol::Synapse(_)) {
                    return None;
                }
                if let Some((knob, dimension)) = view.present.get(&span) {
                    return Some(value(Measure::Setting(knob.clone()), *dimension, span));
                }
                let wrong = Diagnostic::new(
                    Code::NotAResult,
                    span,
                    "a variable of the model is known to statements only if it is recorded",
                );
                return Some(ctx.fail(wrong.help("declare `record x = ...` and use `x[0]`, `mean(x)` or `plot x`")));
            }
            _ => return None,
        };
    }
}
