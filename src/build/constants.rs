//! What is the same for all cells: parameters of the script and attributes of `simulation`, with the knobs turned.

use super::range::{self, Told};
use super::streams::own::Keys;
use super::streams::{Draws, Sampler};
use super::wiring::flow::Stepping;
use super::{Knobs, told};
use crate::value::{NoValue, Scope, Value, evaluate, number};
use bouton_engine::kernel::method::adaptive::{Method, Tolerance};
use bouton_model::ir::{Attribute, Draw, Expr, Known, ParamId, Program, SecondOrder, Solver, Streams, Var};
use bouton_syntax::diagnostic::Diagnostics;

/// Values of parameters and attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Constants {
    /// Of the script's parameters.
    pub params: Vec<Value>,
    /// How long `run` runs (ms), where the script says so.
    pub duration: Option<f64>,
    /// ms
    pub dt: f64,
    /// K
    pub celsius: f64,
    /// mV
    pub v_init: f64,
    /// Of all random numbers.
    pub seed: u32,
    /// How many threads, where the script says so.
    pub threads: Option<u32>,
    /// Whether potentials and states advance by centred steps; whether total currents of ions do, too.
    pub second_order: bool,
    /// See [`Constants::second_order`].
    pub centred_totals: bool,
    /// Whether tabulated rates are interpolated.
    pub tables: bool,
    /// Which random streams.
    pub streams: Streams,
    /// How cells of equations advance.
    pub stepping: Stepping,
    /// See [`Knobs::field`].
    pub field: bool,
}

impl Constants {
    /// Of a program, with some parameters set otherwise.
    pub fn of(program: &Program, knobs: &Knobs, diagnostics: &mut Diagnostics) -> Constants {
        let simulation = &program.simulation;
        let mut params = Params::new(program, knobs);
        let mut attribute = |params: &mut Params, given: &Option<Attribute>, default: f64, check: Check| match given {
            None => default,
            Some(a) => params.attribute(a).and_then(|x| check(x, a)).unwrap_or_else(|told| {
                diagnostics.push(*told);
                default
            }),
        };
        // The seed comes first: parameters may be drawn.
        let seed = match knobs.seed {
            Some(seed) => seed,
            None => {
                attribute(&mut params, &simulation.seed, 1.0, |x, a| Ok(range::SEED.whole(x, 0, u32::MAX, a.span)?.into())) as u32
            }
        };
        params.seed = Some(seed);
        let duration = attribute(&mut params, &simulation.duration, f64::NAN, |x, a| range::DURATION.not_negative(x, a.span));
        let threads =
            attribute(&mut params, &simulation.threads, 0.0, |x, a| Ok(range::THREADS.whole(x, 1, 65_536, a.span)?.into()));
        let dt = attribute(&mut params, &simulation.dt, 0.025, |x, a| range::DT.positive(x, a.span));
        let celsius = attribute(&mut params, &simulation.celsius, 279.45, |x, a| range::CELSIUS.positive(x, a.span));
        let v_init = attribute(&mut params, &simulation.v_init, -65.0, |x, a| range::V_INIT.finite(x, a.span));
        let relative = attribute(&mut params, &simulation.rtol, 1e-3, |x, a| range::TOLERANCE.positive(x, a.span));
        let absolute = attribute(&mut params, &simulation.atol, 1e-6, |x, a| range::TOLERANCE.positive(x, a.span));
        let longest = attribute(&mut params, &simulation.max_step, f64::INFINITY, |x, a| range::DT.positive(x, a.span));
        let method = match simulation.solver {
            Some(Solver::Rosenbrock) => Method::Rosenbrock,
            _ => Method::Dopri5,
        };
        let tolerance = Tolerance { relative, absolute, longest, method };
        params.known = Some((dt, celsius));
        let values = (0..).map(ParamId).zip(&program.params).map(|(id, param)| {
            params.value(id).unwrap_or_else(|none| {
                diagnostics.push(*told(none, param.span));
                Value::Number(f64::NAN)
            })
        });
        Constants {
            params: values.collect(),
            duration: (!duration.is_nan()).then_some(duration),
            dt,
            celsius,
            v_init,
            seed,
            threads: (threads > 0.0).then_some(threads as u32),
            second_order: simulation.second_order != SecondOrder::Off,
            centred_totals: simulation.second_order == SecondOrder::On,
            tables: !simulation.tables_off,
            streams: simulation.streams,
            stepping: Stepping { solver: if knobs.field { Some(Solver::Rk4) } else { simulation.solver }, tolerance },
            field: knobs.field,
        }
    }

    /// The value of an attribute that may name nothing but constants.
    ///
    /// # Errors
    /// It names something else, or draws.
    pub fn number(&self, attribute: &Attribute) -> Result<f64, Told> {
        number(&attribute.value, &mut { self }).map_err(|none| told(none, attribute.span))
    }
}

type Check = fn(f64, &Attribute) -> Result<f64, Told>;

impl Scope for &Constants {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        match var {
            Var::Param(id) => self.params.get(id.index()).copied().ok_or(NoValue::Variable(var)),
            Var::Known(Known::Celsius) => Ok(Value::Number(self.celsius)),
            Var::Known(Known::Dt) => Ok(Value::Number(self.dt)),
            _ => Err(NoValue::Variable(var)),
        }
    }
}

/// Parameters while they are evaluated: each may use any other.
struct Params<'a> {
    program: &'a Program,
    values: Vec<Option<Value>>,
    /// Those that are being evaluated.
    busy: Vec<bool>,
    seed: Option<u32>,
    /// Step and temperature.
    known: Option<(f64, f64)>,
    sampler: Option<Sampler>,
}

impl<'a> Params<'a> {
    fn new(program: &'a Program, knobs: &Knobs) -> Params<'a> {
        let mut values = vec![None; program.params.len()];
        for (id, x) in &knobs.params {
            if let (Some(value), Some(param)) = (values.get_mut(id.index()), program.params.get(id.index())) {
                *value = Some(if matches!(param.value, Expr::Bool(_)) { Value::Bool(*x != 0.0) } else { Value::Number(*x) });
            }
        }
        Params { program, busy: vec![false; values.len()], values, seed: None, known: None, sampler: None }
    }

    fn attribute(&mut self, attribute: &Attribute) -> Result<f64, Told> {
        number(&attribute.value, self).map_err(|none| told(none, attribute.span))
    }

    fn value(&mut self, id: ParamId) -> Result<Value, NoValue> {
        let unknown = || NoValue::Variable(Var::Param(id));
        if let Some(value) = self.values.get(id.index()).ok_or_else(unknown)? {
            return Ok(*value);
        }
        let param = self.program.params.get(id.index()).ok_or_else(unknown)?;
        // The checker lets no cycle pass; without a value it would never end.
        if std::mem::replace(&mut self.busy[id.index()], true) {
            return Err(unknown());
        }
        let outer = self.sampler.take();
        self.sampler = self.seed.map(|seed| Sampler::own(Keys::new(seed).of(&["param", &param.name]).stream(0)));
        let value = evaluate(&param.value, self);
        self.sampler = outer;
        self.busy[id.index()] = false;
        self.values[id.index()] = Some(value.clone()?);
        value
    }
}

impl Scope for Params<'_> {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        match (var, self.known) {
            (Var::Param(id), _) => self.value(id),
            (Var::Known(Known::Dt), Some((dt, _))) => Ok(Value::Number(dt)),
            (Var::Known(Known::Celsius), Some((_, celsius))) => Ok(Value::Number(celsius)),
            _ => Err(NoValue::Variable(var)),
        }
    }

    fn draw(&mut self, draw: Draw, arguments: &[f64]) -> Result<f64, NoValue> {
        self.sampler.as_mut().ok_or(NoValue::Draw)?.draw(draw, arguments)
    }
}
