//! Variables that nobody can name, which stand for calls that no kernel computes by itself: `noise(0.2 / sqrt(1 ms))`, `ou(5 Hz, 10 ms)`,
//! `samples("in.csv", every = 1 ms)`, `past(x, 3 ms)`.

use super::expr::{Ctx, Type, Typed, check_expr, wrong_count};
use super::{constant, dimension, function, samples};
use bouton_model::ir::{
    self, Action, Attribute, Binary, Draw, Expr, Handler, HandlerKind, Known, Lookup, Past, Setting, Table, Var, VarId, Variable,
    VariableKind,
};
use bouton_model::unit::{Dimension, Exponent};
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Those of a mechanism, behind the variables that it declares.
#[derive(Default)]
pub(crate) struct Hidden {
    /// How many it declares.
    pub first: Cell<usize>,
    /// What is set from outside of the mechanism, where expressions are of the script.
    pub outside: Option<RefCell<Vec<Setting>>>,
    items: RefCell<Vec<Item>>,
}

/// What one or two variables are for.
#[derive(Clone, Debug, PartialEq)]
enum Item {
    /// An input that the variable `of` drives, and a parameter that is the delay (ms).
    Past { of: VarId, dimension: Dimension, delay: Expr, span: Span },
    /// White noise of unit intensity: the mean of each step (1/sqrt(ms)).
    White { span: Span },
    /// A process of Ornstein and Uhlenbeck of mean 0, by its standard deviation and its time constant (ms).
    Coloured { sd: Expr, tau: Expr, dimension: Dimension, span: Span },
    /// Samples so many ms apart, the first at a time (ms).
    Samples { values: Arc<[f64]>, every: f64, start: f64, span: Span },
    /// A parameter.
    Set { dimension: Dimension, span: Span },
}

impl Item {
    fn variables(&self) -> usize {
        if matches!(self, Item::Past { .. }) { 2 } else { 1 }
    }
}

/// The functions that are read here.
pub(crate) const NAMES: [&str; 3] = ["noise", "ou", "samples"];

/// More samples than this are too many for a table.
const MOST_SAMPLES: usize = 1 << 22;

impl Hidden {
    /// Of an expression of the script, for a mechanism that declares so many variables.
    pub fn outside(first: usize) -> Hidden {
        Hidden { first: Cell::new(first), outside: Some(RefCell::default()), ..Hidden::default() }
    }

    /// The first variable of what is called for.
    fn put(&self, item: Item) -> VarId {
        let mut items = self.items.borrow_mut();
        let known = if matches!(item, Item::Past { .. }) { items.iter().position(|one| *one == item) } else { None };
        let at = known.unwrap_or(items.len());
        let before: usize = items.iter().take(at).map(Item::variables).sum();
        if known.is_none() {
            items.push(item);
        }
        VarId((self.first.get() + before) as u32)
    }

    /// The past of a variable: the input that has it.
    pub fn past(&self, of: VarId, dimension: Dimension, delay: Expr, span: Span) -> VarId {
        self.put(Item::Past { of, dimension, delay, span })
    }

    /// Whether a variable is one of these.
    pub fn is(&self, var: Var) -> bool {
        matches!(var, Var::Own(id) if id.index() >= self.first.get())
    }

    /// Delays, and where they stand.
    pub fn delays(&self) -> Vec<(Expr, Span)> {
        let delay = |item: &Item| if let Item::Past { delay, span, .. } = item { Some((delay.clone(), *span)) } else { None };
        self.items.borrow().iter().filter_map(delay).collect()
    }

    /// A call of one of the functions; nothing where it is something else. `per`: times are plain numbers of so many ms.
    pub fn call(&self, e: &ast::Expr, per: Option<f64>, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let ExprKind::Call { callee, args } = &e.kind else { return None };
        let ExprKind::Name(name) = &callee.kind else { return None };
        let known = NAMES.iter().find(|known| ***known == **name)?;
        if ctx.scope.declared.names.find_from(ctx.home, name).is_some() {
            return None;
        }
        let made = match *known {
            "noise" => self.noise(args, per, e.span, ctx),
            "ou" => self.coloured(args, per, e.span, ctx),
            _ => self.samples(args, per, e.span, ctx),
        };
        Some(made.unwrap_or_else(|| Typed::error(e.span)))
    }

    fn noise(&self, args: &[Arg], per: Option<f64>, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let [Some(intensity)] = function::arrange("noise", &["intensity"], args, span, ctx)?[..] else {
            ctx.sink.push(wrong_count("noise", 1, 1, args.len(), span).help("write `noise(0.5 mV / sqrt(1 ms))`"));
            return None;
        };
        let intensity = check_expr(intensity, ctx);
        let white = Expr::Var(Var::Own(self.put(Item::White { span })));
        let dimension = intensity.ty.dimension()?;
        let (unit, dimension) = match per {
            Some(per) => (times(white, Expr::Number(per.sqrt())), dimension),
            None => (white, dimension.over(&Dimension::TIME.power(Exponent { num: 1, den: 2 })?)?),
        };
        Some(Typed::new(times(intensity.expr, unit), Type::Number(dimension), span))
    }

    fn coloured(&self, args: &[Arg], per: Option<f64>, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let [Some(sd), Some(tau)] = function::arrange("ou", &["sd", "tau"], args, span, ctx)?[..] else {
            ctx.sink.push(wrong_count("ou", 2, 2, args.len(), span).help("write `ou(sd, tau)`: `ou(5 Hz, 10 ms)`"));
            return None;
        };
        let (sd, tau) = (check_expr(sd, ctx), check_expr(tau, ctx));
        let dimension = sd.ty.dimension()?;
        if tau.is_error() {
            return None;
        }
        let at = tau.span;
        let tau = dimension::expect(tau, time(per), "the time constant", ctx);
        let sd = self.given(sd.expr, dimension, sd.span);
        let tau = self.given(in_ms(tau, per), Dimension::TIME, at);
        let state = self.put(Item::Coloured { sd, tau, dimension, span });
        Some(Typed::new(Expr::Var(Var::Own(state)), Type::Number(dimension), span))
    }

    /// An argument, where the mechanism can read it.
    fn given(&self, value: Expr, dimension: Dimension, span: Span) -> Expr {
        let Some(settings) = &self.outside else { return value };
        let variable = self.put(Item::Set { dimension, span });
        settings.borrow_mut().push(Setting { variable, value: Attribute { value, span } });
        Expr::Var(Var::Own(variable))
    }

    fn samples(&self, args: &[Arg], per: Option<f64>, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let form = "write `samples(\"in.csv\", every = 1 ms)`, `column = \"u\"` where there are several";
        let places = function::arrange("samples", &["file", "every", "start", "column"], args, span, ctx)?;
        let [Some(file), Some(every), start, column] = places[..] else {
            ctx.sink.push(wrong_count("samples", 2, 4, args.len(), span).help(form));
            return None;
        };
        let mut number = |e: &ast::Expr, what: &str| -> Option<f64> {
            let value = check_expr(e, ctx);
            if value.is_error() {
                return None;
            }
            let value = in_ms(dimension::expect(value, time(per), what, ctx), per);
            let known = constant::value(&value);
            if known.is_none() {
                ctx.sink.push(Diagnostic::new(Code::NotKnownYet, e.span, format!("{what} of samples is a number")));
            }
            known
        };
        let (step, begin) = (number(every, "the interval")?, start.map_or(Some(0.0), |e| number(e, "the start"))?);
        if step <= 0.0 {
            ctx.sink.push(Diagnostic::new(Code::OutOfRange, every.span, "the interval of samples must be above 0"));
            return None;
        }
        let column = match column {
            None => None,
            Some(e) => Some((samples::text(e, ctx, "the name of a column", form)?, e.span)),
        };
        let values = samples::read(file, column, form, ctx)?;
        if !(2..=MOST_SAMPLES).contains(&values.len()) {
            let message = format!("there are {} samples, and from 2 to {MOST_SAMPLES} can be followed", values.len());
            ctx.sink.push(Diagnostic::new(Code::OutOfRange, file.span, message));
            return None;
        }
        let id = self.put(Item::Samples { values: values.into(), every: step, start: begin, span });
        Some(Typed::new(Expr::Var(Var::Own(id)), Type::PLAIN, span))
    }

    /// The variables, behind the declared ones, and what they need.
    pub fn add_to(&self, mechanism: &mut ir::Mechanism) {
        mechanism.variables.truncate(self.first.get());
        mechanism.lookups.retain(|one| one.samples.is_none());
        mechanism.pasts.clear();
        for (number, item) in self.items.borrow().iter().enumerate() {
            let id = VarId(mechanism.variables.len() as u32);
            let variable =
                |what: &str, dimension, span, kind| Variable { name: format!("{what} {number}").into(), span, dimension, kind };
            let state = || VariableKind::State { initial: Expr::Number(0.0) };
            let list = &mut mechanism.variables;
            match item {
                Item::Past { of, dimension, delay, span } => {
                    let base = VariableKind::Input { base: Expr::Number(0.0) };
                    list.push(variable("past", *dimension, *span, base));
                    let default = VariableKind::Param { default: Some(delay.clone()) };
                    list.push(variable("delay", Dimension::TIME, *span, default));
                    mechanism.pasts.push(Past { input: id, of: *of, delay: VarId(id.0 + 1) });
                }
                Item::White { span } => list.push(variable("noise", Dimension::NONE, *span, state())),
                Item::Coloured { dimension, span, .. } => list.push(variable("noise", *dimension, *span, state())),
                Item::Set { dimension, span } => {
                    list.push(variable("set", *dimension, *span, VariableKind::Param { default: None }))
                }
                Item::Samples { values, every, start, span } => {
                    list.push(variable("samples", Dimension::NONE, *span, VariableKind::Let { value: Expr::Number(0.0) }));
                    let intervals = values.len() - 1;
                    let range = Table { lo: 0.0, hi: *every * intervals as f64, intervals };
                    let argument = minus(Expr::Var(Var::Known(Known::T)), Expr::Number(*start));
                    let outputs = vec![(id, Expr::Number(0.0))];
                    mechanism.lookups.push(Lookup { range, argument, outputs, samples: Some(values.clone()), switch: None });
                }
            }
        }
    }

    /// What is drawn at the start, and at the end of each step for the next one.
    pub fn draw_in(&self, mechanism: &mut ir::Mechanism) {
        let (mut first, mut later) = (Vec::new(), Vec::new());
        let mut next = self.first.get();
        let mut place = Span::default();
        for item in self.items.borrow().iter() {
            let id = VarId(next as u32);
            next += item.variables();
            match item {
                Item::White { span } => {
                    let mean = || over(normal(), root(Expr::Var(Var::Known(Known::Dt))));
                    first.push(Action::Assign(id, mean()));
                    later.push(Action::Assign(id, mean()));
                    place = *span;
                }
                Item::Coloured { sd, tau, span, .. } => {
                    first.push(Action::Assign(id, times(sd.clone(), normal())));
                    let steps = over(Expr::Var(Var::Known(Known::Dt)), tau.clone());
                    let keep = || call(bouton_model::builtin::Function::Exp, minus(Expr::Number(0.0), steps.clone()));
                    let new = root(minus(Expr::Number(1.0), times(keep(), keep())));
                    let drawn = times(times(sd.clone(), new), normal());
                    later.push(Action::Assign(id, plus(times(Expr::Var(Var::Own(id)), keep()), drawn)));
                    place = *span;
                }
                _ => {}
            }
        }
        mechanism.noisy = !first.is_empty();
        if mechanism.noisy {
            put_first(mechanism, HandlerKind::Start, "start", first, place);
            put_first(mechanism, HandlerKind::Step, "step", later, place);
        }
    }
}

/// Actions before those of a handler that is there, or of a new one.
fn put_first(mechanism: &mut ir::Mechanism, kind: HandlerKind, name: &str, mut body: Vec<Action>, span: Span) {
    match mechanism.handlers.iter_mut().find(|one| one.kind == kind) {
        Some(handler) => {
            body.append(&mut handler.body);
            handler.body = body;
        }
        None => mechanism.handlers.push(Handler { name: name.into(), kind, arguments: Vec::new(), body, span }),
    }
}

fn time(per: Option<f64>) -> Dimension {
    if per.is_some() { Dimension::NONE } else { Dimension::TIME }
}

fn in_ms(value: Expr, per: Option<f64>) -> Expr {
    per.map_or(value.clone(), |per| times(value, Expr::Number(per)))
}

fn normal() -> Expr {
    Expr::Draw(Draw::Normal, vec![Expr::Number(0.0), Expr::Number(1.0)])
}

fn binary(op: Binary, a: Expr, b: Expr) -> Expr {
    Expr::Binary(op, Box::new(a), Box::new(b))
}

fn times(a: Expr, b: Expr) -> Expr {
    binary(Binary::Mul, a, b)
}

fn over(a: Expr, b: Expr) -> Expr {
    binary(Binary::Div, a, b)
}

fn plus(a: Expr, b: Expr) -> Expr {
    binary(Binary::Add, a, b)
}

fn minus(a: Expr, b: Expr) -> Expr {
    binary(Binary::Sub, a, b)
}

fn call(function: bouton_model::builtin::Function, argument: Expr) -> Expr {
    Expr::Call(function, vec![argument])
}

fn root(x: Expr) -> Expr {
    call(bouton_model::builtin::Function::Sqrt, x)
}
