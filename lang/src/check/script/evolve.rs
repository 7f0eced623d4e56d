//! `evolve METHOD { ... }`: the methods, their settings and their parts. What each does is documented with it.

use crate::check::attributes::{Attributes, suggest, word};
use crate::check::expr::Ctx;
use crate::check::value::quantity;
use bouton_model::ir::{Attribute, Evolve, MethodSetting, MethodValue, Name};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Arg, Expr, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// What a setting takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A plain number.
    Number,
    /// A plain number, or two as a range.
    NumberOrRange,
    /// A number of the dimension of the loss.
    Loss,
    /// A length of time.
    Time,
    /// Lists of a value for each knob.
    Points,
    /// `true`, `false`.
    Truth,
    /// One of these.
    Part(&'static [PartRow]),
    /// Several of these.
    Parts(&'static [PartRow]),
}

/// A setting of a method or of a part.
#[derive(Clone, Copy, Debug)]
pub struct SettingRow {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is, for the manual.
    pub doc: &'static str,
}

/// A word, perhaps with settings of its own in parentheses.
#[derive(Clone, Copy, Debug)]
pub struct PartRow {
    /// Its name.
    pub name: &'static str,
    /// Its settings.
    pub settings: &'static [SettingRow],
}

/// A method.
#[derive(Clone, Copy, Debug)]
pub struct MethodRow {
    /// Its name.
    pub name: &'static str,
    /// Its settings beside those that every method has.
    pub settings: &'static [SettingRow],
    /// Most losses that it can look at.
    pub losses: usize,
    /// Whether it needs a limit to end.
    pub endless: bool,
    /// What it is, for the manual.
    pub doc: &'static str,
}

const fn setting(name: &'static str, kind: Kind, doc: &'static str) -> SettingRow {
    SettingRow { name, kind, doc }
}

const fn part(name: &'static str, settings: &'static [SettingRow]) -> PartRow {
    PartRow { name, settings }
}

/// What every method has.
pub const COMMON: &[SettingRow] = &[
    setting(
        "evaluations",
        Kind::Number,
        "ends after the generation that reaches so many candidates; `random` and `grid` try just so many",
    ),
    setting("generations", Kind::Number, "ends after so many generations beyond the first"),
    setting("target", Kind::Loss, "ends at a loss of this or less"),
    setting("patience", Kind::Number, "ends after so many generations without a better candidate"),
    setting(
        "tolerance",
        Kind::Number,
        "ends when the population has converged: for `differential`, when the standard deviation of the losses is at most so many times their mean; for `genetic`, when mean and best differ by so many times the mean; for `cma_es`, when all standard deviations are below this part of the ranges; for `nelder_mead`, when losses and coordinates differ by less than this",
    ),
    setting("diversity", Kind::Number, "ends when no two individuals are farther apart than this, in parts of the ranges"),
    setting("seed", Kind::Number, "of the search's random numbers; that of `simulation` where nothing is said"),
    setting(
        "wall_time",
        Kind::Time,
        "no generation begins later than this; the only setting by which a search can end differently on another machine",
    ),
    setting(
        "observe",
        Kind::Parts(&[part("stats", &[]), part("best", &[]), part("population", &[]), part("plot", &[]), part("file", &[])]),
        "what is told of each generation: `stats` (best, mean and worst loss, failures), `best` (the best candidate), `population` (all that live), `plot` (the picture of `plot NAME` is drawn again), `file` (`NAME.generations.csv`)",
    ),
];

const FIRST: SettingRow = setting(
    "first",
    Kind::Points,
    "candidates to begin with, each a list of a value for each knob in the order of `vary`: `[[1 nS, 2 ms], [2 nS, 5 ms]]`",
);
const START: SettingRow =
    setting("first", Kind::Points, "where it begins: `[[1 nS, 2 ms]]`, a value for each knob in the order of `vary`");
const POPULATION: SettingRow = setting("population", Kind::Number, "how many candidates there are at a time");
const RATE: SettingRow = setting("rate", Kind::Number, "probability of being applied");
const ELITES: SettingRow = setting("elites", Kind::Number, "how many of the old are considered");

const SELECTORS: &[PartRow] = &[
    part("tournament", &[setting("size", Kind::Number, "how many are drawn")]),
    part("truncation", &[]),
    part("rank", &[]),
    part("uniform", &[]),
    part("fitness_proportionate", &[]),
    part("default", &[]),
];

const VARIATORS: &[PartRow] = &[
    part("uniform_crossover", &[RATE, setting("bias", Kind::Number, "probability of a gene to be swapped")]),
    part("n_point_crossover", &[RATE, setting("points", Kind::Number, "how many")]),
    part("blend_crossover", &[RATE, setting("alpha", Kind::Number, "widening")]),
    part("arithmetic_crossover", &[RATE, setting("alpha", Kind::Number, "weight of the first parent")]),
    part("heuristic_crossover", &[RATE]),
    part("simulated_binary_crossover", &[RATE, setting("index", Kind::Number, "distribution index")]),
    part(
        "gaussian_mutation",
        &[
            RATE,
            setting("mean", Kind::Number, "of the normal number"),
            setting(
                "sd",
                Kind::Number,
                "standard deviation, as a part of the knob's range; with `streams = inspyred` in the unit of the range's end",
            ),
        ],
    ),
    part("reset_mutation", &[RATE]),
    part("nonuniform_mutation", &[setting("strength", Kind::Number, "how fast changes become small; needs `generations`")]),
];

const REPLACERS: &[PartRow] = &[
    part("generational", &[ELITES]),
    part("steady_state", &[]),
    part("truncation", &[]),
    part("plus", &[]),
    part("comma", &[]),
    part("random", &[ELITES]),
    part("crowding", &[setting("distance", Kind::Number, "how many are drawn")]),
    part("default", &[]),
];

const STRATEGIES: &[PartRow] = &[
    part("best_1_bin", &[]),
    part("best_1_exp", &[]),
    part("rand_1_bin", &[]),
    part("rand_1_exp", &[]),
    part("rand_to_best_1_bin", &[]),
    part("rand_to_best_1_exp", &[]),
    part("current_to_best_1_bin", &[]),
    part("current_to_best_1_exp", &[]),
    part("best_2_bin", &[]),
    part("best_2_exp", &[]),
    part("rand_2_bin", &[]),
    part("rand_2_exp", &[]),
];

const STARTS: &[PartRow] = &[part("latin_hypercube", &[]), part("sobol", &[]), part("halton", &[]), part("random", &[])];

/// All methods.
pub const METHODS: &[MethodRow] = &[
    MethodRow {
        name: "genetic",
        settings: &[
            POPULATION,
            FIRST,
            setting("select", Kind::Part(SELECTORS), "who becomes a parent"),
            setting("selected", Kind::Number, "how many parents"),
            setting("vary_by", Kind::Parts(VARIATORS), "what makes children of them, one after the other"),
            setting("replace", Kind::Part(REPLACERS), "who survives"),
            setting(
                "streams",
                Kind::Part(&[part("own", &[]), part("inspyred", &[])]),
                "`inspyred`: genes are counted in the units in which the ranges end, so that individuals are those of inspyred",
            ),
        ],
        losses: 1,
        endless: true,
        doc: "selection, variation and replacement with the parts of inspyred",
    },
    MethodRow {
        name: "differential",
        settings: &[
            POPULATION,
            FIRST,
            setting("strategy", Kind::Part(STRATEGIES), "how trials are built"),
            setting("mutation", Kind::NumberOrRange, "weight of differences; of a range one is drawn each generation"),
            setting("recombination", Kind::Number, "probability of a gene to come from the mutant"),
            setting(
                "updating",
                Kind::Part(&[part("deferred", &[]), part("immediate", &[])]),
                "when a better trial takes its place: at the end of a generation, or at once",
            ),
            setting("start", Kind::Part(STARTS), "how the first individuals are spread"),
            setting("polish", Kind::Truth, "whether a simplex goes on from the best"),
        ],
        losses: 1,
        endless: true,
        doc: "differential evolution (Storn and Price 1997) as in SciPy; `population` counts individuals",
    },
    MethodRow {
        name: "cma_es",
        settings: &[
            POPULATION,
            START,
            setting("sigma", Kind::Number, "first standard deviation, as a part of the ranges"),
            setting(
                "restarts",
                Kind::Part(&[part("none", &[]), part("ipop", &[]), part("bipop", &[])]),
                "what happens where a run has converged",
            ),
        ],
        losses: 1,
        endless: false,
        doc: "covariance matrix adaptation (Hansen 2016)",
    },
    MethodRow {
        name: "nsga2",
        settings: &[
            POPULATION,
            setting("crossover", Kind::Number, "probability of a pair to be crossed"),
            setting("mutation", Kind::Number, "probability of a gene to be mutated"),
            setting("crossover_index", Kind::Number, "distribution index of crossover"),
            setting("mutation_index", Kind::Number, "distribution index of mutation"),
        ],
        losses: 16,
        endless: true,
        doc: "several losses at once: non-dominated sorting and crowding (Deb et al. 2002)",
    },
    MethodRow {
        name: "particle_swarm",
        settings: &[
            POPULATION,
            setting("inertia", Kind::Number, "what is left of a velocity"),
            setting("cognitive", Kind::Number, "weight of the way to a particle's own best"),
            setting("social", Kind::Number, "weight of the way to the swarm's best"),
        ],
        losses: 1,
        endless: true,
        doc: "particles that are drawn to the best places (Clerc and Kennedy 2002)",
    },
    MethodRow {
        name: "nelder_mead",
        settings: &[
            START,
            setting("adaptive", Kind::Truth, "coefficients that depend on the number of knobs (Gao and Han 2012)"),
        ],
        losses: 1,
        endless: true,
        doc: "a simplex that walks downhill (Nelder and Mead 1965), from the middle of the ranges",
    },
    MethodRow {
        name: "random",
        settings: &[POPULATION, setting("start", Kind::Part(STARTS), "how candidates are spread")],
        losses: 16,
        endless: true,
        doc: "candidates that know nothing of each other",
    },
    MethodRow { name: "grid", settings: &[], losses: 16, endless: false, doc: "every combination: ranges have `steps` or `by`" },
];

const LIMITS: &[&str] = &["evaluations", "generations", "target", "patience", "tolerance", "diversity", "wall_time"];

/// What a search looks at: the dimensions of its knobs and its losses, in their order.
#[derive(Clone, Copy)]
pub(super) struct Goal<'g> {
    pub knobs: &'g [Dimension],
    pub losses: &'g [Dimension],
}

impl Goal<'_> {
    fn loss(self) -> Dimension {
        self.losses.first().copied().unwrap_or(Dimension::NONE)
    }
}

/// Checks the settings of a method.
pub(super) fn evolve(one: &ast::Evolve, goal: Goal<'_>, ctx: &mut Ctx<'_>) -> Option<Evolve> {
    let span = one.method.span;
    let Some(method) = METHODS.iter().find(|row| *row.name == *one.method.text) else {
        let names: Vec<&str> = METHODS.iter().map(|row| row.name).collect();
        let unknown = Diagnostic::new(Code::UnknownMethod, span, format!("there is no method `{}`", one.method.text));
        ctx.sink.push(suggest(unknown, &one.method.text, span, &names));
        return None;
    };
    let before = ctx.sink.error_count();
    if goal.losses.len() > method.losses {
        let message = format!("`{}` looks at one loss, and there are {}", method.name, goal.losses.len());
        let several = Diagnostic::new(Code::WrongArguments, span, message);
        ctx.sink.push(several.help("add them up with weights, or take `nsga2`, which keeps them apart"));
    }
    let mut attributes = Attributes::new(one.attrs.as_ref());
    if method.endless && !LIMITS.iter().any(|limit| attributes.has(limit)) {
        let endless = Diagnostic::new(Code::MissingParameter, span, "when does this search end?");
        ctx.sink.push(
            endless.help(
                "add `evaluations = 1000`, or another limit: generations, target, patience, tolerance, diversity, wall_time",
            ),
        );
    }
    let mut settings = Vec::new();
    for row in method.settings.iter().chain(COMMON) {
        if let Some(attr) = attributes.value(row.name, ctx.sink) {
            let value = match (row.kind, word(attr)) {
                (Kind::Truth, Some("on")) => Some(MethodValue::Truth(true)),
                (Kind::Truth, Some("off")) => Some(MethodValue::Truth(false)),
                _ => value(&attr.value, row, goal, ctx),
            };
            settings.extend(value.map(|value| MethodSetting { name: row.name.into(), value }));
        }
    }
    attributes.finish(&format!("`{}`", method.name), ctx.sink);
    (ctx.sink.error_count() == before).then(|| Evolve { method: method.name.into(), span, settings })
}

fn value(expr: &Expr, row: &SettingRow, goal: Goal<'_>, ctx: &mut Ctx<'_>) -> Option<MethodValue> {
    let what = format!("`{}`", row.name);
    match (row.kind, &expr.kind) {
        (_, ExprKind::Error) => None,
        (Kind::NumberOrRange, ExprKind::Range(range)) if range.spacing.is_none() && !range.log => {
            let (low, high) =
                (quantity(&range.start, Dimension::NONE, &what, ctx), quantity(&range.end, Dimension::NONE, &what, ctx));
            Some(MethodValue::Range(low?, high?))
        }
        (Kind::Number | Kind::NumberOrRange, _) => Some(MethodValue::Number(quantity(expr, Dimension::NONE, &what, ctx)?)),
        (Kind::Time, _) => Some(MethodValue::Number(quantity(expr, Dimension::TIME, &what, ctx)?)),
        (Kind::Loss, _) => Some(MethodValue::Number(quantity(expr, goal.loss(), &what, ctx)?)),
        (Kind::Truth, ExprKind::Bool(truth)) => Some(MethodValue::Truth(*truth)),
        (Kind::Truth, _) => wrong(expr.span, format!("{what} is `true` or `false`"), ctx),
        (Kind::Points, ExprKind::List(points)) if !points.is_empty() => {
            let all: Vec<Option<Vec<Attribute>>> = points.iter().map(|one| point(one, goal.knobs, ctx)).collect();
            Some(MethodValue::Points(all.into_iter().collect::<Option<_>>()?))
        }
        (Kind::Points, _) => wrong(expr.span, format!("{what} is a list of lists: `[[1 nS, 2 ms], [2 nS, 5 ms]]`"), ctx),
        (Kind::Part(rows), _) => named(expr, rows, &what, goal, ctx),
        (Kind::Parts(rows), ExprKind::List(parts)) => {
            let all = parts.iter().map(|one| named(one, rows, &what, goal, ctx)).collect::<Vec<_>>();
            Some(MethodValue::List(all.into_iter().collect::<Option<_>>()?))
        }
        (Kind::Parts(rows), _) => Some(MethodValue::List(vec![named(expr, rows, &what, goal, ctx)?])),
    }
}

/// A value for each knob.
fn point(expr: &Expr, knobs: &[Dimension], ctx: &mut Ctx<'_>) -> Option<Vec<Attribute>> {
    match &expr.kind {
        ExprKind::List(values) if values.len() == knobs.len() => {
            let all: Vec<Option<Attribute>> =
                values.iter().zip(knobs).map(|(value, of)| quantity(value, *of, "a value of a knob", ctx)).collect();
            all.into_iter().collect()
        }
        ExprKind::Error => None,
        _ => wrong(expr.span, format!("a candidate is a list of {} values, in the order of `vary`", knobs.len()), ctx),
    }
}

fn wrong<T>(span: Span, message: String, ctx: &mut Ctx<'_>) -> Option<T> {
    ctx.sink.push(Diagnostic::new(Code::WrongArguments, span, message));
    None
}

/// `tournament(size = 2)`, `tournament`.
fn named(expr: &Expr, rows: &'static [PartRow], what: &str, goal: Goal<'_>, ctx: &mut Ctx<'_>) -> Option<MethodValue> {
    let (name, args): (&Name, &[Arg]) = match &expr.kind {
        ExprKind::Name(name) => (name, &[]),
        ExprKind::Call { callee, args } => match &callee.kind {
            ExprKind::Name(name) => (name, args),
            _ => return wrong(expr.span, format!("{what} is a word"), ctx),
        },
        ExprKind::Error => return None,
        _ => return wrong(expr.span, format!("{what} is a word"), ctx),
    };
    let Some(row) = rows.iter().find(|row| *row.name == **name) else {
        let names: Vec<&str> = rows.iter().map(|row| row.name).collect();
        let unknown = Diagnostic::new(Code::UnknownName, expr.span, format!("{what} is none of its words: `{name}`"));
        let span = Span { end: expr.span.start + name.len() as u32, ..expr.span };
        ctx.sink.push(suggest(unknown, name, span, &names));
        return None;
    };
    let mut settings: Vec<MethodSetting> = Vec::new();
    for arg in args {
        let Some(given) = &arg.name else {
            return wrong(arg.value.span, format!("write the name of this number: `{}(... = )`", row.name), ctx);
        };
        let Some(known) = row.settings.iter().find(|one| *one.name == *given.text) else {
            let names: Vec<&str> = row.settings.iter().map(|one| one.name).collect();
            let unknown = Diagnostic::new(Code::UnknownAttribute, given.span, format!("`{}` has no `{}`", row.name, given.text));
            ctx.sink.push(suggest(unknown, &given.text, given.span, &names));
            return None;
        };
        if settings.iter().any(|one| *one.name == *known.name) {
            return wrong(given.span, format!("`{}` is given twice", known.name), ctx);
        }
        settings.push(MethodSetting { name: known.name.into(), value: value(&arg.value, known, goal, ctx)? });
    }
    Some(MethodValue::Part(name.clone(), settings))
}
