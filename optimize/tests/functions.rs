//! Every method on functions whose minima are known, and against the figures of pycma and pymoo in `peers/modern.csv` (`peers/make_modern.py`).

use bouton_optimize::{
    CmaEs, CmaSettings, Differential, DifferentialSettings, End, Fitness, Genetic, GeneticSettings, Grid, Knob, Limits,
    NelderMead, NelderMeadSettings, Nsga2, Nsga2Settings, Optimizer, ParticleSwarm, RandomSearch, Replacer, Restarts, Search,
    Selector, Space, Start, Strategy, SwarmSettings, Updating, Variator, Width, hypervolume,
};
use std::f64::consts::TAU;

fn sphere(x: &[f64]) -> f64 {
    x.iter().map(|x| (x - 0.3) * (x - 0.3)).sum()
}

fn rosenbrock(x: &[f64]) -> f64 {
    x.windows(2).map(|p| 100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2)).sum()
}

fn rastrigin(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x + 10.0 - 10.0 * (TAU * x).cos()).sum()
}

fn cube(n: usize, half: f64) -> Space {
    Space::new(vec![Knob::linear(-half, half); n])
}

fn evaluations(count: u64) -> Limits {
    Limits { evaluations: Some(count), ..Limits::default() }
}

/// The best loss after so many evaluations.
fn loss(method: impl Optimizer + Send + 'static, count: u64, function: fn(&[f64]) -> f64) -> f64 {
    let mut search = Search::new(method, evaluations(count));
    search.minimize(|x| Fitness::loss(function(x)));
    search.best().expect("candidates").fitness.losses[0]
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn medians(seeds: u64, run: impl Fn(u64) -> f64) -> f64 {
    median((1..=seeds).map(run).collect())
}

fn genetic() -> GeneticSettings {
    GeneticSettings {
        population: 40,
        select: Selector::Tournament { size: 2 },
        vary: vec![
            Variator::SimulatedBinaryCrossover { rate: 0.9, index: 10.0 },
            Variator::GaussianMutation { rate: 0.2, mean: 0.0, sd: Width::OfRange(0.01) },
        ],
        replace: Replacer::Plus,
        ..GeneticSettings::default()
    }
}

fn differential(strategy: Strategy) -> DifferentialSettings {
    DifferentialSettings { strategy, population: Some(30), updating: Updating::Deferred, ..DifferentialSettings::default() }
}

/// Median losses of eleven seeds, five knobs within 5.12 of 0, 6000 evaluations, are no larger than the largest of the peer's eleven; the simplex and random
/// candidates, which have no such peer, find the bottom of the valleys, and less than them.
#[test]
fn methods_find_minima() {
    type Method = fn(u64, fn(&[f64]) -> f64) -> f64;
    let methods: [(&str, Method, Option<[f64; 3]>); 6] = [
        ("genetic", |seed, f| loss(Genetic::new(cube(5, 5.12), genetic(), seed).expect("fits"), 6000, f), None),
        (
            "cma_es",
            |seed, f| {
                let settings = CmaSettings { restarts: Restarts::Bipop, ..CmaSettings::default() };
                loss(CmaEs::new(cube(5, 5.12), settings, seed).expect("fits"), 6000, f)
            },
            None,
        ),
        (
            "particle_swarm",
            |seed, f| loss(ParticleSwarm::new(cube(5, 5.12), SwarmSettings::default(), seed).expect("fits"), 6000, f),
            None,
        ),
        (
            "differential",
            |seed, f| loss(Differential::new(cube(5, 5.12), differential(Strategy::Best1Bin), seed).expect("fits"), 6000, f),
            Some([1e-12, 1e-3, 2.0]),
        ),
        (
            "nelder_mead",
            |seed, f| {
                let start = (0..5).map(|k| ((seed * 7 + k * 3) % 11) as f64 * 0.4 - 2.0).collect();
                let settings = NelderMeadSettings { start: Some(start), adaptive: true };
                loss(NelderMead::new(cube(5, 5.12), settings), 6000, f)
            },
            Some([1e-20, 1e-12, 60.0]),
        ),
        ("random", |seed, f| loss(RandomSearch::new(cube(5, 5.12), Start::Random, 50, seed), 6000, f), Some([5.0, 150.0, 30.0])),
    ];
    let mut wrong = Vec::new();
    for (name, method, bounds) in methods {
        for (k, (function, f)) in [("sphere", sphere as fn(&[f64]) -> f64), ("rosenbrock", rosenbrock), ("rastrigin", rastrigin)]
            .into_iter()
            .enumerate()
        {
            // Below that all losses are the bottom.
            let bound =
                bounds.map_or_else(|| peers(&format!("{name} {function}")).into_iter().fold(1e-9, f64::max), |bounds| bounds[k]);
            let found = medians(11, |seed| method(seed, f));
            if found > bound {
                wrong.push(format!("{name}, {function}: {found}, not {bound}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_strategy_converges() {
    for strategy in Strategy::ALL {
        let found =
            medians(5, |seed| loss(Differential::new(cube(3, 5.12), differential(strategy), seed).expect("fits"), 6000, sphere));
        assert!(found < 1e-6, "{strategy:?}: {found}");
    }
}

fn peers(case: &str) -> Vec<f64> {
    let rows = include_str!("peers/modern.csv").lines().map(|line| line.split(',').collect::<Vec<_>>());
    rows.filter(|row| row[0] == case).map(|row| row[2].parse().expect("a number")).collect()
}

/// Within 1.1 times pycma's evaluations until 10-dimensional Rosenbrock's function is 1e-10.
#[test]
fn covariances_adapt_as_fast_as_pycmas() {
    let ours = medians(11, |seed| {
        let settings =
            CmaSettings { start: Some(vec![0.0; 10]), sigma: 0.05, restarts: Restarts::Ipop, ..CmaSettings::default() };
        let mut search = Search::new(
            CmaEs::new(cube(10, 5.0), settings, seed).expect("fits"),
            Limits { target: Some(1e-10), ..evaluations(100_000) },
        );
        assert_eq!(search.minimize(|x| Fitness::loss(rosenbrock(x))), End::Target);
        search.evaluations() as f64
    });
    let theirs = median(peers("cma"));
    assert!(ours <= 1.1 * theirs, "{ours} evaluations, not {theirs}");
}

/// Zitzler, Deb and Thiele 2000, with 30 knobs.
fn zdt(x: &[f64], convex: bool) -> Fitness {
    let g = 1.0 + 9.0 * x[1..].iter().sum::<f64>() / 29.0;
    let ratio = x[0] / g;
    let second = g * if convex { 1.0 - ratio.sqrt() } else { 1.0 - ratio * ratio };
    Fitness::of(vec![x[0], second], 0.0)
}

/// At least 0.99 of pymoo's hypervolume after the same 250 generations of 100.
#[test]
fn fronts_cover_as_much_as_pymoos() {
    for (case, convex) in [("zdt1", true), ("zdt2", false)] {
        let ours = medians(11, |seed| {
            let space = Space::new(vec![Knob::linear(0.0, 1.0); 30]);
            let method = Nsga2::new(space, Nsga2Settings::default(), seed).expect("fits");
            let mut search = Search::new(method, Limits { generations: Some(249), ..Limits::default() });
            search.minimize(|x| zdt(x, convex));
            let last: Vec<[f64; 2]> =
                search.method().population().iter().map(|one| [one.fitness.losses[0], one.fitness.losses[1]]).collect();
            assert!(search.hypervolume([1.1, 1.1]) >= hypervolume(&last, [1.1, 1.1]));
            hypervolume(&last, [1.1, 1.1])
        });
        let theirs = median(peers(case));
        assert!(ours >= 0.99 * theirs, "{case}: {ours}, not {theirs}");
    }
}

#[test]
fn grids_are_products() {
    let space = Space::new([Knob::linear(0.0, 1.0), Knob::logarithmic(1.0, 100.0), Knob::linear(1.0, 2.0).whole()]);
    let mut search = Search::new(Grid::new(space, &[2, 3, 9], 5).expect("counts"), Limits::default());
    let mut seen = Vec::new();
    let end = search.minimize(|x| {
        seen.push(x.to_vec());
        Fitness::loss(0.0)
    });
    assert_eq!((end, seen.len()), (End::Exhausted, 12));
    let round = |x: &f64| (x * 1e9).round() / 1e9;
    let third: Vec<f64> = seen[3].iter().map(round).collect();
    assert_eq!(third, [0.0, 10.0, 2.0]);
    assert!(Grid::new(cube(40, 1.0), &[1000; 40], 1).is_err());
}

/// One that cannot be evaluated is the worst, is counted, and stops nothing; a constraint is kept.
#[test]
fn failures_and_constraints() {
    let method = |name: &str| -> Box<dyn Optimizer + Send> {
        let space = cube(2, 2.0);
        match name {
            "genetic" => Box::new(Genetic::new(space, genetic(), 1).expect("fits")),
            "differential" => Box::new(Differential::new(space, differential(Strategy::Best1Bin), 1).expect("fits")),
            "cma_es" => Box::new(CmaEs::new(space, CmaSettings::default(), 1).expect("fits")),
            "particle_swarm" => Box::new(ParticleSwarm::new(space, SwarmSettings::default(), 1).expect("fits")),
            _ => Box::new(Nsga2::new(space, Nsga2Settings::default(), 1).expect("fits")),
        }
    };
    for name in ["genetic", "differential", "cma_es", "particle_swarm", "nsga2"] {
        let mut search = Search::new(method(name), evaluations(3000));
        search.minimize(|x| match x {
            [x, y] if *x < -1.0 => Fitness::loss(*y * f64::NAN),
            _ => Fitness::of(vec![sphere(x)], 0.8 - x[0]),
        });
        let best = search.best().expect(name);
        assert!(search.failed() > 0 && best.fitness.is_feasible(), "{name}: {best:?}");
        assert!((best.fitness.losses[0] - 0.25).abs() < 0.01, "{name}: {best:?}");
    }
    let mut all_fail = Search::new(Genetic::new(cube(2, 2.0), genetic(), 1).expect("fits"), evaluations(200));
    assert_eq!(all_fail.minimize(|_| Fitness::failed(1)), End::Evaluations);
    assert_eq!(all_fail.failed(), 200);
}

/// A search that is told again what it was told asks again what it asked.
#[test]
fn searches_repeat() {
    let run = || {
        let space = Space::new([Knob::linear(0.0, 2.0), Knob::logarithmic(0.1, 10.0), Knob::choice(4)]);
        let settings = CmaSettings { restarts: Restarts::Bipop, ..CmaSettings::default() };
        let mut search = Search::new(CmaEs::new(space, settings, 3).expect("fits"), evaluations(2000));
        let mut asked = Vec::new();
        search.minimize(|x| {
            asked.push(x.to_vec());
            Fitness::loss(rosenbrock(x))
        });
        asked
    };
    assert_eq!(run(), run());
}

#[test]
fn limits_end_searches() {
    let de = || Differential::new(cube(2, 2.0), differential(Strategy::Best1Bin), 1).expect("fits");
    let run = |limits: Limits| Search::new(de(), limits).minimize(|x| Fitness::loss(1.0 + sphere(x)));
    assert_eq!(run(Limits { generations: Some(3), ..Limits::default() }), End::Generations);
    assert_eq!(run(Limits { target: Some(1.01), ..Limits::default() }), End::Target);
    assert_eq!(run(Limits { tolerance: Some(1e-3), ..Limits::default() }), End::Converged);
    assert_eq!(run(Limits { diversity: Some(1e-3), ..Limits::default() }), End::Diversity);
    assert_eq!(run(Limits { patience: Some(2), ..Limits::default() }), End::Patience);
    let mut search = Search::new(de(), evaluations(300));
    search.minimize(|x| Fitness::loss(rosenbrock(x)));
    let before = search.best().expect("candidates").fitness.losses[0];
    search.polish(NelderMeadSettings::default(), Limits { tolerance: Some(1e-9), ..evaluations(1000) });
    assert_eq!(search.minimize(|x| Fitness::loss(rosenbrock(x))), End::Converged);
    assert!(search.best().expect("candidates").fitness.losses[0] < 1e-3 * before);
}

/// Where candidates know nothing of each other, there are not more than the limit allows; a generation is finished.
#[test]
fn not_more_candidates_than_wanted() {
    let count = |method: Box<dyn Optimizer + Send>| {
        let mut search = Search::new(method, evaluations(7));
        assert_eq!(search.minimize(|x| Fitness::loss(sphere(x))), End::Evaluations);
        search.evaluations()
    };
    assert_eq!(count(Box::new(RandomSearch::new(cube(2, 1.0), Start::Random, 50, 1))), 7);
    assert_eq!(count(Box::new(Grid::new(cube(2, 1.0), &[5, 5], 3).expect("counts"))), 7);
    assert_eq!(count(Box::new(Differential::new(cube(2, 2.0), differential(Strategy::Best1Bin), 1).expect("fits"))), 30);
}

#[test]
fn senseless_settings_are_refused() {
    assert!(Genetic::new(cube(1, 1.0), GeneticSettings { population: 0, ..genetic() }, 1).is_err());
    let vary = vec![Variator::UniformCrossover { rate: 1.5, bias: 0.5 }];
    assert!(Genetic::new(cube(1, 1.0), GeneticSettings { vary, ..genetic() }, 1).is_err());
    assert!(Genetic::new(cube(1, 1.0), GeneticSettings { replace: Replacer::Crowding { distance: 0 }, ..genetic() }, 1).is_err());
    let differential = |settings| Differential::new(cube(1, 1.0), settings, 1).is_err();
    assert!(differential(DifferentialSettings { mutation: (1.0, 0.5), ..DifferentialSettings::default() }));
    assert!(differential(DifferentialSettings { recombination: 1.1, ..DifferentialSettings::default() }));
    assert!(differential(DifferentialSettings { start: Start::Given(vec![vec![0.0]]), ..DifferentialSettings::default() }));
    assert!(CmaEs::new(cube(1, 1.0), CmaSettings { sigma: 0.0, ..CmaSettings::default() }, 1).is_err());
    assert!(Nsga2::new(cube(1, 1.0), Nsga2Settings { population: 7, ..Nsga2Settings::default() }, 1).is_err());
    assert!(ParticleSwarm::new(cube(1, 1.0), SwarmSettings { population: 0, ..SwarmSettings::default() }, 1).is_err());
}
