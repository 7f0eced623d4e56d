//! `steady state` and `continue`: the equations of a model as those of a system, and what is kept of its steady states.

use super::experiment::Experiment;
use super::scope::{outside, told};
use super::sweep::Kept;
use super::{Console, Runner, Stop};
use crate::equilibrium::branch::{Course, End, Point, branch};
use crate::equilibrium::eigen::{Eigenvalue, eigenvalues};
use crate::equilibrium::{Slopes, System, newton};
use crate::value;
use bouton_engine::field::{Field, Initial, Unfit};
use bouton_engine::run::Simulation;
use bouton_engine::state::State;
use bouton_model::ir::{Attribute, Continue, Dial, Span, Steady, TableColumn};
use bouton_model::unit::Dimension;
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Models of the last values of the parameter that are kept: the point itself, and a little to each side.
const KEPT: usize = 3;

/// Longest step along a branch where the script does not say, as part of the range.
const LONGEST: f64 = 0.02;

/// Most points of a branch where the script does not say.
const POINTS: f64 = 2000.0;

/// The equations of a model, one of whose parameters may vary.
struct Equations<'s> {
    experiment: Experiment,
    dial: Option<(&'s Dial, Span)>,
    /// By the bits of the parameter; the last one used is the last.
    built: Vec<(u64, Field, Simulation)>,
    span: Span,
}

impl Equations<'_> {
    fn model(&mut self, parameter: f64) -> Result<(&Field, &mut Simulation), Stop> {
        let bits = parameter.to_bits();
        match self.built.iter().position(|(known, ..)| *known == bits) {
            Some(at) => {
                let found = self.built.remove(at);
                self.built.push(found);
            }
            None => {
                if let Some((dial, span)) = self.dial {
                    self.experiment.place(std::iter::once((dial, span, parameter)))?;
                }
                let simulation = self.experiment.looked_at(self.span)?;
                let field = Field::new(simulation.plan()).map_err(|why| self.unfit(&why))?;
                if self.built.len() == KEPT {
                    self.built.remove(0);
                }
                self.built.push((bits, field, simulation));
            }
        }
        let none = || told(value::NoValue::Measure, self.span);
        self.built.last_mut().map(|(_, field, simulation)| (&*field, simulation)).ok_or_else(|| none().into())
    }

    fn unfit(&self, why: &Unfit) -> Stop {
        let told = |message: String| Diagnostic::new(Code::NoSteadyState, self.span, message);
        match why {
            Unfit::Sections(cell) => {
                let message = format!("`{cell}` has no steady state that could be solved for: it is no cell of equations alone");
                told(message).help("run it until it rests")
            }
            Unfit::Delay => {
                let message = "values are taken with a delay, and such a model has no finite number of eigenvalues".to_owned();
                told(message).help("give the delays a `spread`: they are then states of their own")
            }
        }
        .into()
    }

    /// Values of all states where a state of the model is, or at the beginning.
    fn begin(&mut self, state: Option<&State>, parameter: f64) -> Result<Vec<f64>, Stop> {
        let span = self.span;
        let (field, simulation) = self.model(parameter)?;
        if field.is_empty() {
            let none = Diagnostic::new(Code::NoSteadyState, span, "this model has no equations that could come to rest");
            return Err(none.into());
        }
        let initial = field.present(simulation);
        let Some(state) = state else { return Ok(initial) };
        let now = |(class, instance, name): (usize, usize, &str)| {
            let rows = &state.classes.get(class)?.pools.first()?.rows;
            rows.iter().find(|(known, _)| known == name)?.1.get(instance).copied()
        };
        Ok(field.states().zip(initial).map(|(one, initial)| now(one).unwrap_or(initial)).collect())
    }

    /// A Jacobian matrix as a table: a column for each state, under its name.
    fn matrix(&mut self, jacobian: &[f64]) -> Result<Kept, Stop> {
        let (field, simulation) = self.model(0.0)?;
        let cell = |class: usize, instance: usize| {
            simulation.plan().classes.get(class).and_then(|class| class.cells.get(instance)).unwrap_or_default()
        };
        let name = |(class, instance, state): (usize, usize, &str)| format!("{}.{state}", cell(class, instance));
        let plain = |name: String| TableColumn { name: name.into(), dimension: Dimension::NONE };
        let n = field.len();
        let values = (0..n).map(|column| (0..n).map(|row| jacobian[row * n + column]).collect()).collect();
        Ok(Kept { columns: field.states().map(name).map(plain).collect(), values })
    }

    fn initial(&mut self, states: &[f64], parameter: f64) -> Result<Initial, Stop> {
        let (field, simulation) = self.model(parameter)?;
        Ok(field.initial(simulation.plan(), states))
    }
}

impl System for Equations<'_> {
    type Error = Stop;

    fn at(&mut self, states: &[f64], parameter: f64) -> Result<Slopes, Stop> {
        let (field, simulation) = self.model(parameter)?;
        let found = field.at(simulation, states);
        Ok(Slopes { slopes: found.slopes, jacobian: found.jacobian })
    }
}

impl Runner {
    /// The model goes to a steady state, at 0, and its eigenvalues are kept.
    pub(super) fn steady(&mut self, steady: &Steady, span: Span, console: &mut dyn Console) -> Result<(), Stop> {
        let mut experiment = self.experiment.fork();
        for (knob, value) in &steady.from {
            let x = self.number(value)?;
            experiment.turn(knob, Attribute { value: bouton_model::ir::Expr::Number(x), span: value.span })?;
        }
        let state = if steady.from.is_empty() { self.experiment.present() } else { None };
        let mut equations = Equations { experiment, dial: None, built: Vec::new(), span };
        let from = equations.begin(state.as_ref(), 0.0)?;
        let found = newton::rest(&mut equations, &from, 0.0)?;
        let none = || Diagnostic::new(Code::NoSteadyState, span, "no steady state was found from here");
        let rest = found.ok_or_else(|| {
            none().help("there may be none with these parameters; else begin nearer to it: `steady state rest { p.r = 1 }`")
        })?;
        let matrix = equations.matrix(&rest.jacobian)?;
        let values =
            eigenvalues(rest.jacobian, rest.states.len()).ok_or_else(|| none().help("its eigenvalues cannot be told"))?;
        let initial = equations.initial(&rest.states, 0.0)?;
        self.experiment.begin_at(&initial, span, console)?;
        self.tables.insert(steady.jacobian, matrix);
        let (re, im) = values.iter().map(|e| (e.re, e.im)).unzip();
        self.tables.insert(steady.id, Kept { columns: steady.columns.clone(), values: vec![re, im] });
        Ok(())
    }

    /// Follows a branch of steady states. The model itself, its parameters and results stay as they are.
    pub(super) fn follow(&mut self, follow: &Continue, console: &mut dyn Console) -> Result<(), Stop> {
        let span = follow.span;
        let number = |expr| value::number(expr, &mut self.names(span)).map_err(|none| Stop::from(told(none, span)));
        let (from, to) = (number(&follow.range.0)?, number(&follow.range.1)?);
        if !(from.is_finite() && to.is_finite() && from != to) {
            return Err(Diagnostic::new(Code::ValueOutOfRange, span, "the range of this branch has no length").into());
        }
        let limit = |attribute: &Option<Attribute>, usual: f64, what: &str| match attribute {
            None => Ok(usual),
            Some(one) => match self.number(one)? {
                x if x > 0.0 => Ok(x),
                x => Err(Stop::from(outside(what, x, "must be larger than 0", one.span))),
            },
        };
        let longest = limit(&follow.longest, LONGEST, "`max_step`")?;
        let points = limit(&follow.points, POINTS, "`points`")?;
        let state = self.experiment.present();
        let dial = Some((&follow.dial, span));
        let mut experiment = self.experiment.fork();
        experiment.keep_programs();
        let mut equations = Equations { experiment, dial, built: Vec::new(), span };
        let begin = equations.begin(state.as_ref(), from)?;
        let course = Course { from, to, longest, points: points as usize };
        let Some((points, end)) = branch(&mut equations, &begin, course)? else {
            let none = Diagnostic::new(Code::NoSteadyState, span, "no steady state was found where this branch would begin");
            return Err(none.help("begin at a value for which there is one, or go there first: `steady state rest`").into());
        };
        self.keep_branch(follow, equations, &points, console)?;
        match end {
            End::Range => {}
            End::Points => console.note(&format!("{}: ended after {} points", follow.name, points.len())),
            End::Lost => console.note(&format!("{}: ended where it could not be followed any further", follow.name)),
        }
        Ok(())
    }

    /// Reports of all points, each of the model at rest there.
    fn keep_branch(
        &mut self,
        follow: &Continue,
        mut equations: Equations<'_>,
        points: &[Point],
        console: &mut dyn Console,
    ) -> Result<(), Stop> {
        let reports = follow.columns.len() - 1 - Continue::OWN.len();
        let mut table = Kept { columns: follow.columns.clone(), values: vec![Vec::new(); follow.columns.len()] };
        let mut inner = self.inner();
        inner.experiment.keep_programs();
        for point in points {
            let initial = equations.initial(&point.states, point.parameter)?;
            inner.experiment.place(std::iter::once((&follow.dial, follow.span, point.parameter)))?;
            inner.experiment.begin_at(&initial, follow.span, console)?;
            inner.reports = vec![f64::NAN; reports];
            inner.block(&follow.body, console)?;
            let first = point.eigenvalues.first().copied().unwrap_or(Eigenvalue { re: f64::NAN, im: f64::NAN });
            let own = [point.unstable() as f64, first.re, first.im, f64::from(point.kind as u8)];
            let row = std::iter::once(point.parameter).chain(inner.reports.iter().copied()).chain(own);
            table.values.iter_mut().zip(row).for_each(|(column, x)| column.push(x));
        }
        self.experiment.add_times(&mut inner.experiment);
        self.tables.insert(follow.id, table);
        Ok(())
    }
}
