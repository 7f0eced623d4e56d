//! The settings of a script become a method of search.

use super::super::scope::told;
use super::super::{Runner, Stop};
use super::observe::Observe;
use crate::value;
use bouton_model::ir::{Attribute, Evolve, MethodSetting, MethodValue};
use bouton_optimize::{
    CmaEs, CmaSettings, Differential, DifferentialSettings, Genetic, GeneticSettings, Grid, Knob, Limits, NelderMead,
    NelderMeadSettings, Nsga2, Nsga2Settings, Optimizer, ParticleSwarm, RandomSearch, Replacer, Restarts, Search, Selector,
    Space, Start, Strategy, SwarmSettings, Unfit, Updating, Variator, Width,
};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// What one knob of a search can be.
#[derive(Clone, Debug)]
pub(super) enum Axis {
    /// A range, counted in a unit.
    Range(Knob, f64),
    /// One of these.
    List(Vec<f64>),
}

impl Axis {
    pub(super) fn range((low, high): (f64, f64), log: bool, integer: bool, unit: f64) -> Option<Axis> {
        let (low, high) = (counted(low, unit), counted(high, unit));
        let knob = if log { Knob::logarithmic(low, high) } else { Knob::linear(low, high) };
        let knob = if integer { knob.whole() } else { knob };
        knob.is_valid().then_some(Axis::Range(knob, unit))
    }

    fn knob(&self) -> Knob {
        match self {
            Axis::Range(knob, _) => *knob,
            Axis::List(values) => Knob::choice(values.len()),
        }
    }

    /// The value at what the search has counted.
    pub(super) fn value(&self, x: f64) -> f64 {
        match self {
            Axis::Range(_, unit) => x * unit,
            Axis::List(values) => values.get(x as usize).copied().unwrap_or(f64::NAN),
        }
    }

    /// What the search counts at a value; nothing outside of the range or list.
    fn count(&self, value: f64) -> Option<f64> {
        match self {
            Axis::Range(knob, unit) => Some(counted(value, *unit)).filter(|x| knob.holds(*x)),
            Axis::List(values) => values.iter().position(|known| *known == value).map(|at| at as f64),
        }
    }
}

/// How many units a value is: the short number that was written, where there is one.
fn counted(x: f64, unit: f64) -> f64 {
    let count = x / unit;
    let written: Option<f64> = format!("{count:.12e}").parse().ok();
    written.filter(|written| written * unit == x).unwrap_or(count)
}

/// A search that can begin.
pub(super) struct Method {
    pub search: Search,
    /// Whether a simplex goes on from the best.
    pub polish: bool,
    pub observe: Observe,
    /// Seconds after which no further generation begins.
    pub wall_time: Option<f64>,
}

/// Settings with their numbers.
struct Read<'a> {
    runner: &'a Runner,
    settings: &'a [MethodSetting],
}

impl<'a> Read<'a> {
    fn find(&self, name: &str) -> Option<&'a MethodValue> {
        self.settings.iter().find(|one| *one.name == *name).map(|one| &one.value)
    }

    fn evaluated(&self, attribute: &Attribute) -> Result<f64, Stop> {
        value::number(&attribute.value, &mut self.runner.names(attribute.span)).map_err(|none| told(none, attribute.span).into())
    }

    fn number(&self, name: &str) -> Result<Option<f64>, Stop> {
        match self.find(name) {
            Some(MethodValue::Number(attribute)) => Ok(Some(self.evaluated(attribute)?)),
            _ => Ok(None),
        }
    }

    fn number_or(&self, name: &str, other: f64) -> Result<f64, Stop> {
        Ok(self.number(name)?.unwrap_or(other))
    }

    /// The candidates to begin with, as the search counts them; none where nothing is said.
    fn first(&self, axes: &[Axis], most: usize) -> Result<Vec<Vec<f64>>, Stop> {
        let Some(MethodValue::Points(points)) = self.find("first") else { return Ok(Vec::new()) };
        if let Some(more) = points.get(most).and_then(|point| point.first()) {
            let message = format!("this method begins with at most {most} of them, and there are {}", points.len());
            return Err(Diagnostic::new(Code::ValueOutOfRange, more.span, message).into());
        }
        let one = |(attribute, axis): (&Attribute, &Axis)| {
            let value = self.evaluated(attribute)?;
            let outside = || Diagnostic::new(Code::ValueOutOfRange, attribute.span, "this lies outside of what `vary` says");
            axis.count(value).ok_or_else(|| Stop::from(outside()))
        };
        points.iter().map(|point| point.iter().zip(axes).map(one).collect()).collect()
    }

    fn count(&self, name: &str) -> Result<Option<u64>, Stop> {
        let Some(MethodValue::Number(attribute)) = self.find(name) else { return Ok(None) };
        let number = self.evaluated(attribute)?;
        if number.fract() == 0.0 && (0.0..=1e15).contains(&number) {
            return Ok(Some(number as u64));
        }
        let shown = super::super::show::number(number);
        let message = format!("`{name}` is {shown}, and must be a whole number, not negative");
        Err(Diagnostic::new(Code::ValueOutOfRange, attribute.span, message).into())
    }

    fn size(&self, name: &str) -> Result<Option<usize>, Stop> {
        Ok(self.count(name)?.map(|count| count as usize))
    }

    fn size_or(&self, name: &str, other: usize) -> Result<usize, Stop> {
        Ok(self.size(name)?.unwrap_or(other))
    }

    fn truth(&self, name: &str) -> bool {
        matches!(self.find(name), Some(MethodValue::Truth(true)))
    }

    fn word(&self, name: &str) -> Option<&'a str> {
        match self.find(name) {
            Some(MethodValue::Part(word, _)) => Some(word),
            _ => None,
        }
    }

    fn part(&self, name: &str) -> Option<(&'a str, Read<'a>)> {
        match self.find(name) {
            Some(MethodValue::Part(word, settings)) => Some((word, Read { runner: self.runner, settings })),
            _ => None,
        }
    }

    fn parts(&self, name: &str) -> Option<Vec<(&'a str, Read<'a>)>> {
        let Some(MethodValue::List(list)) = self.find(name) else { return None };
        let each = list.iter().filter_map(|one| match one {
            MethodValue::Part(word, settings) => Some((&**word, Read { runner: self.runner, settings: settings.as_slice() })),
            _ => None,
        });
        Some(each.collect())
    }
}

impl Runner {
    pub(super) fn method(&self, axes: &[Axis], evolve: &Evolve) -> Result<Method, Stop> {
        let read = Read { runner: self, settings: &evolve.settings };
        let limits = Limits {
            evaluations: read.count("evaluations")?,
            generations: read.count("generations")?,
            target: read.number("target")?,
            patience: read.count("patience")?,
            tolerance: read.number("tolerance")?,
            diversity: read.number("diversity")?,
        };
        let seed = read.count("seed")?.unwrap_or(u64::from(self.experiment.constants().seed));
        let said = read.parts("observe").unwrap_or_default();
        let observe = Observe::of(said.iter().map(|(word, _)| *word));
        // Times are in ms.
        let wall_time = read.number("wall_time")?.map(|time| time / 1000.0);
        let space = Space::new(axes.iter().map(Axis::knob));
        let unfit = |Unfit(why): Unfit| Stop::from(Diagnostic::new(Code::ValueOutOfRange, evolve.span, why));
        let method: Box<dyn Optimizer + Send> = match &*evolve.method {
            "genetic" => {
                let mut settings = genetic(&read, &limits)?;
                let first = read.first(axes, settings.population)?;
                settings.seeds = first.iter().map(|values| space.point(values)).collect();
                Box::new(Genetic::new(space, settings, seed).map_err(unfit)?)
            }
            "differential" => {
                let settings = differential(&read)?;
                let seeds = read.first(axes, settings.population.unwrap_or(usize::MAX))?;
                Box::new(Differential::new(space, DifferentialSettings { seeds, ..settings }, seed).map_err(unfit)?)
            }
            "cma_es" => {
                let start = read.first(axes, 1)?.pop();
                Box::new(CmaEs::new(space, CmaSettings { start, ..cma_es(&read)? }, seed).map_err(unfit)?)
            }
            "nsga2" => Box::new(Nsga2::new(space, nsga2(&read)?, seed).map_err(unfit)?),
            "particle_swarm" => Box::new(ParticleSwarm::new(space, particle_swarm(&read)?, seed).map_err(unfit)?),
            "nelder_mead" => {
                let start = read.first(axes, 1)?.pop();
                Box::new(NelderMead::new(space, NelderMeadSettings { start, adaptive: read.truth("adaptive") }))
            }
            "grid" => {
                let steps: Vec<usize> = axes.iter().map(|axis| axis.knob().count().unwrap_or(1)).collect();
                Box::new(Grid::new(space, &steps, BATCH).map_err(unfit)?)
            }
            _ => {
                let start = start(&read).unwrap_or(Start::Random);
                Box::new(RandomSearch::new(space, start, read.size_or("population", BATCH)?, seed))
            }
        };
        Ok(Method { search: Search::new(method, limits), polish: read.truth("polish"), observe, wall_time })
    }
}

/// Candidates of methods that could ask for any number are asked for by so many.
const BATCH: usize = 64;

/// A simplex goes on from the best until it does not move any more.
pub(super) fn polish(search: &mut Search) {
    let knobs = search.method().space().dimension() as u64;
    let limits = Limits { evaluations: Some(200 * knobs.max(1)), tolerance: Some(1e-8), ..Limits::default() };
    search.polish(NelderMeadSettings { start: None, adaptive: knobs > 4 }, limits);
}

fn genetic(read: &Read<'_>, limits: &Limits) -> Result<GeneticSettings, Stop> {
    let usual = GeneticSettings::default();
    let raw = read.word("streams") == Some("inspyred");
    let vary = match read.parts("vary_by") {
        Some(parts) => parts.iter().map(|(word, part)| variator(word, part, raw, limits)).collect::<Result<_, _>>()?,
        None => usual.vary,
    };
    Ok(GeneticSettings {
        population: read.size_or("population", usual.population)?,
        selected: read.size("selected")?,
        select: read.part("select").map_or(Ok(usual.select), |(word, part)| selector(word, &part))?,
        replace: read.part("replace").map_or(Ok(usual.replace), |(word, part)| replacer(word, &part))?,
        vary,
        seeds: Vec::new(),
    })
}

fn selector(word: &str, part: &Read<'_>) -> Result<Selector, Stop> {
    Ok(match word {
        "truncation" => Selector::Truncation,
        "rank" => Selector::Rank,
        "uniform" => Selector::Uniform,
        "fitness_proportionate" => Selector::FitnessProportionate,
        "default" => Selector::Default,
        _ => Selector::Tournament { size: part.size_or("size", 2)? },
    })
}

fn replacer(word: &str, part: &Read<'_>) -> Result<Replacer, Stop> {
    let elites = part.size_or("elites", 0)?;
    Ok(match word {
        "steady_state" => Replacer::SteadyState,
        "truncation" => Replacer::Truncation,
        "plus" => Replacer::Plus,
        "comma" => Replacer::Comma,
        "random" => Replacer::Random { elites },
        "crowding" => Replacer::Crowding { distance: part.size_or("distance", 2)? },
        "default" => Replacer::Default,
        _ => Replacer::Generational { elites },
    })
}

/// With inspyred's defaults.
fn variator(word: &str, part: &Read<'_>, raw: bool, limits: &Limits) -> Result<Variator, Stop> {
    let rate = part.number_or("rate", if word.ends_with("_mutation") { 0.1 } else { 1.0 })?;
    Ok(match word {
        "n_point_crossover" => Variator::NPointCrossover { rate, points: part.size_or("points", 1)? },
        "blend_crossover" => Variator::BlendCrossover { rate, alpha: part.number_or("alpha", 0.1)? },
        "arithmetic_crossover" => Variator::ArithmeticCrossover { rate, alpha: part.number_or("alpha", 0.5)? },
        "heuristic_crossover" => Variator::HeuristicCrossover { rate },
        "simulated_binary_crossover" => Variator::SimulatedBinaryCrossover { rate, index: part.number_or("index", 10.0)? },
        "gaussian_mutation" => {
            let width = part.number_or("sd", if raw { 1.0 } else { 0.1 })?;
            let sd = if raw { Width::Raw(width) } else { Width::OfRange(width) };
            Variator::GaussianMutation { rate, mean: part.number_or("mean", 0.0)?, sd }
        }
        "reset_mutation" => Variator::ResetMutation { rate },
        "nonuniform_mutation" => {
            let generations = limits.generations.unwrap_or(0) as usize;
            Variator::NonuniformMutation { generations, strength: part.number_or("strength", 1.0)? }
        }
        _ => Variator::UniformCrossover { rate, bias: part.number_or("bias", 0.5)? },
    })
}

fn start(read: &Read<'_>) -> Option<Start> {
    Some(match read.word("start")? {
        "sobol" => Start::Sobol,
        "halton" => Start::Halton,
        "random" => Start::Random,
        _ => Start::LatinHypercube,
    })
}

fn differential(read: &Read<'_>) -> Result<DifferentialSettings, Stop> {
    let usual = DifferentialSettings::default();
    let mutation = match read.find("mutation") {
        Some(MethodValue::Range(low, high)) => (read.evaluated(low)?, read.evaluated(high)?),
        _ => read.number("mutation")?.map_or(usual.mutation, |weight| (weight, weight)),
    };
    let words = [
        "best_1_bin",
        "best_1_exp",
        "rand_1_bin",
        "rand_1_exp",
        "rand_to_best_1_bin",
        "rand_to_best_1_exp",
        "current_to_best_1_bin",
        "current_to_best_1_exp",
        "best_2_bin",
        "best_2_exp",
        "rand_2_bin",
        "rand_2_exp",
    ];
    let strategy = read.word("strategy").and_then(|word| words.iter().position(|known| *known == word));
    Ok(DifferentialSettings {
        strategy: strategy.and_then(|at| Strategy::ALL.get(at).copied()).unwrap_or_default(),
        population: read.size("population")?,
        mutation,
        recombination: read.number_or("recombination", usual.recombination)?,
        updating: if read.word("updating") == Some("immediate") { Updating::Immediate } else { Updating::Deferred },
        start: start(read).unwrap_or_default(),
        seeds: Vec::new(),
    })
}

fn cma_es(read: &Read<'_>) -> Result<CmaSettings, Stop> {
    let restarts = match read.word("restarts") {
        Some("ipop") => Restarts::Ipop,
        Some("bipop") => Restarts::Bipop,
        _ => Restarts::None,
    };
    let usual = CmaSettings::default();
    Ok(CmaSettings { population: read.size("population")?, start: None, sigma: read.number_or("sigma", usual.sigma)?, restarts })
}

fn nsga2(read: &Read<'_>) -> Result<Nsga2Settings, Stop> {
    let usual = Nsga2Settings::default();
    Ok(Nsga2Settings {
        population: read.size_or("population", usual.population)?,
        crossover: read.number_or("crossover", usual.crossover)?,
        mutation: read.number("mutation")?,
        crossover_index: read.number_or("crossover_index", usual.crossover_index)?,
        mutation_index: read.number_or("mutation_index", usual.mutation_index)?,
    })
}

fn particle_swarm(read: &Read<'_>) -> Result<SwarmSettings, Stop> {
    let usual = SwarmSettings::default();
    Ok(SwarmSettings {
        population: read.size_or("population", usual.population)?,
        inertia: read.number_or("inertia", usual.inertia)?,
        cognitive: read.number_or("cognitive", usual.cognitive)?,
        social: read.number_or("social", usual.social)?,
    })
}
