//! `optimize`: what is varied, what is looked for, and what is known of the result afterwards.

use super::evolve;
use super::names::{Columns, Locals};
use super::series::{Listed, call_of};
use crate::check::attributes::{Attributes, suggest};
use crate::check::declare::{Symbol, declared_twice};
use crate::check::expr::{Ctx, Type, Typed, check_expr};
use crate::check::network::path::written;
use crate::check::value::quantity;
use crate::check::{Checker, View};
use bouton_model::ir::{
    Attribute, Axis, Dial, Knob, Measure, PlotKind, RangeStep, ResultTable, Rows, Search, SearchNumber, SearchPicture, Series,
    SimulationKnob, Statement, StatementKind, TableColumn, Values, Violation,
};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Aim, CompareOp, ExprKind, Spacing, StmtKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, Span};

/// What has been found in the braces.
#[derive(Default)]
struct Draft<'a> {
    axes: Vec<Axis>,
    units: Vec<f64>,
    columns: Vec<TableColumn>,
    body: Vec<Statement>,
    losses: usize,
    evolve: Option<&'a ast::Evolve>,
    broken: bool,
}

impl<'a> Checker<'a> {
    /// Checks an `optimize`.
    pub(super) fn search(&mut self, study: &'a ast::Study, locals: &mut Locals) -> Option<StatementKind> {
        let declared = self.declared.names.declaration(&study.name.text).filter(|found| found.span == study.name.span);
        let id = match declared.map(|found| found.symbol) {
            Some(Symbol::Result(id)) => id,
            // Declared twice, or without a name, which has been told.
            _ if !locals.in_sweep() && !locals.in_a_block() => return None,
            _ => {
                let help = "what is to be repeated stands between its braces";
                return self.belongs(study.name.span, "a search stands by itself, not in another statement", help);
            }
        };
        let ran = std::mem::replace(&mut locals.ran, false);
        locals.open();
        // Statements within are told that they are.
        locals.sweep = Some(Columns::default());
        let mut draft = Draft::default();
        // Knobs come first among the columns, wherever they stand.
        for one in &study.body.items {
            if let StmtKind::Vary(vary) = &one.kind {
                self.vary(vary, one.span, locals, &mut draft);
            }
        }
        let is_loss = |one: &&ast::Stmt| matches!(one.kind, StmtKind::Aim(Aim::Minimize | Aim::Maximize, _));
        let losses = study.body.items.iter().filter(is_loss).count();
        let mut attributes = Vec::new();
        for one in &study.body.items {
            match &one.kind {
                StmtKind::Attr(attr) => attributes.push(attr),
                _ => self.in_search(one, losses, locals, &mut draft),
            }
        }
        let mut attributes = Attributes::of_lines(attributes);
        let limits = self.candidate_limits(&mut attributes, locals);
        attributes.finish("`optimize`", self.diagnostics);
        let has_run = locals.ran;
        locals.close();
        locals.sweep = None;
        self.lacks(study, has_run, &mut draft);
        let dimensions: Vec<Dimension> = draft.columns.iter().map(|column| column.dimension).collect();
        let (knobs, losses) = dimensions.split_at(dimensions.len().saturating_sub(draft.losses));
        let goal = evolve::Goal { knobs, losses };
        let settings = draft.evolve.and_then(|one| self.in_script(locals, |_, ctx| evolve::evolve(one, goal, ctx)));
        locals.ran = ran;
        let columns = Columns { columns: draft.columns.clone(), varied: draft.axes.len(), search: true, ..Columns::default() };
        locals.add_table(study.name.text.clone(), id, columns, study.name.span);
        let evolve = settings.filter(|_| !draft.broken)?;
        self.objectives_are_reached(study);
        let Draft { axes, units, columns, body, .. } = draft;
        let (name, span) = (study.name.text.clone(), study.name.span);
        Some(StatementKind::Optimize(Box::new(Search { id, name, span, axes, units, limits, body, columns, evolve })))
    }

    /// Reports what a search cannot do without.
    fn lacks(&mut self, study: &ast::Study, has_run: bool, draft: &mut Draft<'a>) {
        if draft.broken {
            return;
        }
        let all = [
            (draft.axes.is_empty(), "nothing is varied", "add `vary NAME in FIRST .. LAST`"),
            (draft.losses == 0, "what is looked for?", "add `minimize` with an expression of results"),
            (draft.evolve.is_none(), "how is it looked for?", "add `evolve genetic { population = 10, evaluations = 50 }`"),
            (!has_run, "nothing is run for each candidate", "write `run` between the braces"),
        ];
        for (_, message, help) in all.into_iter().filter(|(missing, ..)| *missing) {
            self.diagnostics.push(Diagnostic::new(Code::ReachesNothing, study.name.span, message).help(help));
            draft.broken = true;
        }
    }

    fn in_search(&mut self, one: &'a ast::Stmt, losses: usize, locals: &mut Locals, draft: &mut Draft<'a>) {
        match &one.kind {
            StmtKind::Vary(_) => {}
            StmtKind::Report(_) => {
                let other = Diagnostic::new(Code::WrongArguments, one.span, "`report` belongs to a `sweep`");
                self.diagnostics.push(other.help("a search keeps what it varies and its losses"));
                draft.broken = true;
            }
            StmtKind::Aim(Aim::Constrain, value) => match self.in_script(locals, |_, ctx| violation(value, ctx)) {
                Some(violation) => draft.body.push(Statement { kind: StatementKind::Constrain(violation), span: one.span }),
                None => draft.broken = true,
            },
            StmtKind::Aim(aim, value) => {
                draft.losses += 1;
                let name = if losses > 1 { format!("loss{}", draft.losses) } else { "loss".to_owned() };
                let typed = self.in_script(locals, |_, ctx| loss(value, *aim, ctx));
                draft.broken |= typed.is_error();
                let dimension = typed.ty.dimension().unwrap_or(Dimension::NONE);
                self.search_column(&name, dimension, value.span, draft);
                let value = Attribute { value: typed.expr, span: value.span };
                draft.body.push(Statement { kind: StatementKind::Report(draft.losses - 1, value), span: one.span });
            }
            StmtKind::Evolve(evolve) => match draft.evolve {
                None => draft.evolve = Some(evolve),
                Some(first) => {
                    let twice = Diagnostic::new(Code::AttributeTwice, evolve.method.span, "`evolve` is given twice");
                    self.diagnostics.push(twice.also(first.method.span, "given here first"));
                    draft.broken = true;
                }
            },
            kind => {
                let errors = self.diagnostics.error_count();
                self.statement(kind, one.span, locals, &mut draft.body);
                draft.broken |= self.diagnostics.error_count() > errors;
            }
        }
    }

    fn search_column(&mut self, name: &str, dimension: Dimension, place: Span, draft: &mut Draft<'a>) {
        if draft.columns.iter().any(|column| *column.name == *name) {
            let name = ast::Name { text: name.into(), span: place };
            self.diagnostics.push(declared_twice(&name, place));
            draft.broken = true;
            return;
        }
        draft.columns.push(TableColumn { name: name.into(), dimension });
    }

    fn vary(&mut self, vary: &'a ast::Vary, span: Span, locals: &Locals, draft: &mut Draft<'a>) {
        let Some((dial, dimension)) = self.dial(&vary.knob) else {
            draft.broken = true;
            return;
        };
        self.search_column(&written(&vary.knob), dimension, vary.knob.span, draft);
        let values = self.in_script(locals, |_, ctx| match &vary.values.kind {
            ExprKind::List(parts) => {
                let all = parts.iter().map(|part| Some(quantity(part, dimension, "a value", ctx)?.value));
                Some(Values::List(all.collect::<Option<Vec<_>>>()?))
            }
            ExprKind::Range(range) => range_of(range, dimension, ctx),
            ExprKind::Error => None,
            _ => {
                let wrong = Diagnostic::new(Code::WrongArguments, vary.values.span, "`vary` goes through a range or a list");
                ctx.sink.push(wrong.help("write `vary x in 0 .. 10` or `vary x in [1, 2, 5]`"));
                None
            }
        });
        let Some(values) = values.filter(|values| self.sensible(vary, values)) else {
            draft.broken = true;
            return;
        };
        draft.units.push(self.in_script(locals, |_, ctx| unit_of(&vary.values, ctx)).unwrap_or(1.0));
        let whole = vary.integer || matches!(dial, Dial::Path(Knob::Simulation(SimulationKnob::Seed)));
        draft.axes.push(Axis { dial, values, integer: whole, span });
    }

    /// Whether there is more than nothing to go through, as far as numbers of the script say.
    fn sensible(&mut self, vary: &ast::Vary, values: &Values) -> bool {
        let wrong = match values {
            Values::List(list) if list.is_empty() => Some((Code::ReachesNothing, "this list is empty", "give it values")),
            Values::Range { start, end, log, .. } => match self.fold(start).zip(self.fold(end)) {
                Some((low, high)) if low > high => {
                    Some((Code::ReachesNothing, "this range is empty: it goes from the larger to the smaller", "turn it round"))
                }
                Some((low, _)) if *log && low <= 0.0 => {
                    Some((Code::OutOfRange, "a logarithmic range begins above 0", "begin at a small value, or leave `log` out"))
                }
                _ => None,
            },
            _ => None,
        };
        if let Some((code, message, help)) = wrong {
            self.diagnostics.push(Diagnostic::new(code, vary.values.span, message).help(help));
        }
        wrong.is_none()
    }

    /// Checks `apply fit.best`.
    pub(super) fn apply(&mut self, value: &'a ast::Expr, locals: &Locals) -> Option<StatementKind> {
        if let ExprKind::Field { base, name } = &value.kind
            && &*name.text == "best"
            && let ExprKind::Name(study) = &base.kind
            && let Some((id, _)) = locals.table(study).filter(|(_, table)| table.search)
        {
            return Some(StatementKind::Apply(id));
        }
        if !matches!(value.kind, ExprKind::Error) {
            let wrong = Diagnostic::new(Code::WrongArguments, value.span, "this is not the best candidate of a search");
            self.diagnostics.push(wrong.help("write `apply NAME.best` after `optimize NAME { ... }`"));
        }
        None
    }
}

fn range_of(range: &ast::Range, dimension: Dimension, ctx: &mut Ctx<'_>) -> Option<Values> {
    let (start, end) = (quantity(&range.start, dimension, "the start", ctx), quantity(&range.end, dimension, "the end", ctx));
    let step = match &range.spacing {
        None => Some(RangeStep::One),
        Some(Spacing::By(by)) => quantity(by, dimension, "`by`", ctx).map(|by| RangeStep::By(by.value)),
        Some(Spacing::Steps(steps)) => {
            quantity(steps, Dimension::NONE, "`steps`", ctx).map(|steps| RangeStep::Steps(steps.value))
        }
    };
    Some(Values::Range { start: start?.value, end: end?.value, step: step?, log: range.log })
}

/// The unit in which a range ends.
fn unit_of(values: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<f64> {
    match &values.kind {
        ExprKind::Range(range) => check_expr(&range.end, ctx).written_unit(),
        _ => None,
    }
}

/// A loss to be minimized.
fn loss(value: &ast::Expr, aim: Aim, ctx: &mut Ctx<'_>) -> Typed {
    let typed = check_expr(value, ctx);
    match typed.ty {
        Type::Bool => ctx.fail(
            Diagnostic::new(Code::NotANumber, value.span, "a number is looked for, not a truth value")
                .help("`constrain` takes what must be true"),
        ),
        Type::Temperature { .. } => {
            let message = "a temperature in degC has no zero to be near to";
            ctx.fail(
                Diagnostic::new(Code::TemperatureArithmetic, value.span, message)
                    .help("take a difference: `abs(celsius - 36 degC)`"),
            )
        }
        _ if aim == Aim::Maximize && !typed.is_error() => typed.negated(),
        _ => typed,
    }
}

/// By how much a comparison does not hold.
fn violation(value: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Violation> {
    let before = ctx.sink.len();
    let typed = check_expr(value, ctx);
    if typed.is_error() {
        return None;
    }
    let condition = crate::check::dimension::expect_truth(typed, "`constrain`", ctx);
    if ctx.sink.len() > before {
        return None;
    }
    // Its sides have been checked with it.
    Some(match &value.kind {
        ExprKind::Compare { op: op @ (CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge), left, right, .. } => {
            let (left, right) = (check_expr(left, ctx).expr, check_expr(right, ctx).expr);
            if matches!(op, CompareOp::Lt | CompareOp::Le) {
                Violation::Above(left, right)
            } else {
                Violation::Above(right, left)
            }
        }
        _ => Violation::Not(condition),
    })
}

/// What a path says of a search.
enum Found {
    Number(SearchNumber),
    List(Series),
    Table(ResultTable),
}

/// Whether a name is that of a search.
pub(super) fn is_one(locals: &Locals, name: &str) -> bool {
    locals.table(name).is_some_and(|(_, table)| table.search)
}

/// What a path that begins with a search names, and its dimension; a name that is none is reported.
fn look(locals: &Locals, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<(Found, Dimension)>> {
    let ExprKind::Field { .. } = &expr.kind else { return None };
    let text = written(expr);
    let (study, rest) = text.split_once('.')?;
    let (id, table) = locals.table(study).filter(|(_, table)| table.search)?;
    let column = |name: &str| {
        let at = table.columns.iter().position(|column| *column.name == *name)?;
        Some((at, table.columns.get(at)?.dimension))
    };
    let plain = |found| Some((found, Dimension::NONE));
    let found = match rest.split_once('.').unwrap_or((rest, "")) {
        ("best", name) => column(name).map(|(at, of)| (Found::Number(SearchNumber::Best(at)), of)),
        ("history", "") => plain(Found::Table(ResultTable::Kept(id))),
        ("front", "") => plain(Found::Table(ResultTable::Rows(id, Rows::Front))),
        ("population", "") => plain(Found::Table(ResultTable::Rows(id, Rows::Population))),
        ("history", name) => column(name).map(|(at, of)| (Found::List(Series::Column(id, at)), of)),
        ("front", name) => column(name).map(|(at, of)| (Found::List(Series::Rows(id, Rows::Front, at)), of)),
        ("population", name) => column(name).map(|(at, of)| (Found::List(Series::Rows(id, Rows::Population, at)), of)),
        ("evaluations", "") => plain(Found::Number(SearchNumber::Evaluations)),
        ("failed", "") => plain(Found::Number(SearchNumber::Failed)),
        _ => None,
    };
    if found.is_none() {
        let mut names: Vec<&str> = table.columns.iter().map(|column| &*column.name).collect();
        names.extend(["best", "history", "front", "population", "evaluations", "failed"]);
        let last = rest.rsplit('.').next().unwrap_or_default();
        if rest == "best" {
            let whole = Diagnostic::new(Code::WrongKind, expr.span, format!("`{study}.best` is a candidate, not one value"));
            let value = table.columns.first().map_or("", |column| &column.name);
            ctx.sink.push(whole.help(format!(
                "name one of its values, `{study}.best.{value}`; `apply {study}.best` gives them all to the model"
            )));
            return Some(found);
        }
        let message = format!("the result `{study}` has nothing called `{rest}`");
        let unknown = Diagnostic::new(Code::UnknownName, expr.span, message);
        let place = Span { start: expr.span.end.saturating_sub(last.len() as u32), ..expr.span };
        ctx.sink.push(suggest(unknown, last, place, &names));
    }
    Some(found)
}

/// The number that a path into a search's result is.
pub(super) fn number(locals: &Locals, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
    Some(match look(locals, expr, ctx)? {
        Some((Found::Number(number), dimension)) => {
            let id = locals.table(written(expr).split_once('.')?.0)?.0;
            Typed::number(bouton_model::ir::Expr::Measure(Box::new(Measure::Search(id, number))), dimension, expr.span)
        }
        Some(_) => {
            let list = Diagnostic::new(Code::NotAResult, expr.span, "this is a list, not one number");
            ctx.fail(list.help("take one, `x[0]`, or `min(x)`, `mean(x)`; of the best candidate `NAME.best.x`"))
        }
        None => Typed::error(expr.span),
    })
}

/// Whether a path is a column of a search's table.
pub(super) fn is_column(locals: &Locals, expr: &ast::Expr) -> bool {
    let text = written(expr);
    let Some((study, rest)) = text.split_once('.') else { return false };
    let named = ["history.", "front.", "population."].iter().find_map(|head| rest.strip_prefix(head));
    let table = locals.table(study).filter(|(_, table)| table.search);
    named.zip(table).is_some_and(|(name, (_, table))| table.columns.iter().any(|column| *column.name == *name))
}

/// The column that a path is.
pub(super) fn column(locals: &Locals, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<Listed>> {
    if !is_column(locals, expr) {
        return None;
    }
    Some(match look(locals, expr, ctx)? {
        Some((Found::List(series), dimension)) => Some((series, dimension)),
        _ => None,
    })
}

/// Candidates of a search, as a path names them.
const ROWS: &[&str] = &["history", "front", "population"];

/// Whether a path names candidates of a search.
pub(super) fn is_rows(locals: &Locals, expr: &ast::Expr) -> bool {
    matches!(expr.kind, ExprKind::Field { .. })
        && written(expr).split_once('.').is_some_and(|(study, rest)| is_one(locals, study) && ROWS.contains(&rest))
}

/// The table that a path is.
pub(super) fn rows(locals: &Locals, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<ResultTable>> {
    if !is_rows(locals, expr) {
        return None;
    }
    Some(match look(locals, expr, ctx)? {
        Some((Found::Table(table), _)) => Some(table),
        _ => None,
    })
}

/// Pictures of a search that are asked for by name.
const PICTURES: &[(&str, SearchPicture)] =
    &[("parameters", SearchPicture::Parameters), ("parallel", SearchPicture::Parallel), ("pairs", SearchPicture::Pairs)];

/// `parameters(fit)`, `parallel(fit.front)`, `pairs(fit)`.
pub(super) fn picture(view: &View<'_>, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<PlotKind>> {
    let (args, kind) = PICTURES.iter().find_map(|(name, kind)| Some((call_of(view, expr, name)?, *kind)))?;
    let locals = view.kept?;
    let found = match args {
        [one] if one.name.is_none() => match &one.value.kind {
            ExprKind::Error => return Some(None),
            ExprKind::Name(name) => locals.table(name).filter(|(_, table)| table.search).map(|(id, _)| (id, Rows::All)),
            _ => match rows(locals, &one.value, ctx) {
                Some(Some(ResultTable::Rows(id, rows))) => Some((id, rows)),
                Some(Some(ResultTable::Kept(id))) => Some((id, Rows::All)),
                Some(_) => return Some(None),
                None => None,
            },
        },
        _ => None,
    };
    if found.is_none() {
        let place = args.first().map_or(expr.span, |arg| arg.value.span);
        let wrong = Diagnostic::new(Code::NotAResult, place, "this is no search");
        ctx.sink.push(wrong.help("name one that stands before: `plot pairs(fit)`, `plot pairs(fit.population)`"));
    }
    Some(found.map(|(id, rows)| PlotKind::Search(id, rows, kind)))
}

/// The picture of candidates by themselves: `plot fit`, `plot fit.front`.
pub(super) fn plain_picture(locals: &Locals, of: &ResultTable, span: Span, sink: &mut Diagnostics) -> Option<PlotKind> {
    let (id, kind) = match of {
        ResultTable::Kept(id) => (*id, SearchPicture::Losses),
        ResultTable::Rows(id, Rows::Front) => (*id, SearchPicture::Front),
        ResultTable::Rows(..) => {
            let how = Diagnostic::new(Code::NotShown, span, "how is the population to be drawn?");
            sink.push(
                how.help("`pairs(fit.population)` draws each knob over each other, `parallel(fit.population)` lines across all"),
            );
            return None;
        }
        _ => return None,
    };
    let table = locals.columns(id)?;
    if table.branch {
        return Some(PlotKind::Branches(vec![id]));
    }
    if !table.search {
        return Some(PlotKind::Sweep(id, table.varied));
    }
    if kind == SearchPicture::Front && table.columns.len() < table.varied + 2 {
        let one =
            Diagnostic::new(Code::NotShown, span, "a search with one loss has no front: its best candidate is all there is");
        sink.push(one.help("`plot fit` draws the loss, `plot pairs(fit)` where candidates lie"));
        return None;
    }
    Some(PlotKind::Search(id, Rows::All, kind))
}
