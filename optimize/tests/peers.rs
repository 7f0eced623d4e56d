//! Searches against inspyred and SciPy: with the same seeds the same individuals. `peers/make.py` wrote the numbers.
//!
//! Tolerance: the C library's logarithms and powers, by which Python's normal numbers are made, differ from ours in the last place; a dozen generations of
//! Rosenbrock's function make 1e-9 of that at most.

use bouton_optimize::{
    Differential, DifferentialSettings, End, Fitness, Genetic, GeneticSettings, Knob, Limits, NelderMead, NelderMeadSettings,
    Replacer, Search, Selector, Space, Strategy, Updating, Variator, Width,
};

fn rosenbrock(x: &[f64]) -> Fitness {
    Fitness::loss(x.windows(2).map(|p| 100.0 * (p[1] - p[0] * p[0]).powi(2) + (1.0 - p[0]).powi(2)).sum())
}

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().skip(1).map(|line| line.split(',').collect()).collect()
}

fn number(text: &str) -> f64 {
    text.parse().expect("a number")
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * (1.0 + b.abs())
}

fn gauss(rate: f64, mean: f64, sd: f64) -> Variator {
    Variator::GaussianMutation { rate, mean, sd: Width::Raw(sd) }
}

fn inspyred_case(name: &str) -> GeneticSettings {
    let (ux, plain) = (Variator::uniform_crossover(), gauss(0.1, 0.0, 1.0));
    let two = Selector::Tournament { size: 2 };
    let (select, vary, replace, selected) = match name {
        "tournament" => (Selector::Tournament { size: 3 }, vec![ux, plain], Replacer::Generational { elites: 1 }, 12),
        "truncation" => (Selector::Truncation, vec![ux, plain], Replacer::Generational { elites: 2 }, 6),
        "uniform" => (Selector::Uniform, vec![ux, gauss(0.4, 0.0, 0.3)], Replacer::Plus, 12),
        "rank" => (Selector::Rank, vec![Variator::UniformCrossover { rate: 0.7, bias: 0.2 }, plain], Replacer::Truncation, 12),
        "default" => (Selector::Default, vec![gauss(0.5, 0.1, 0.2)], Replacer::Comma, 12),
        "n_point" => (two, vec![Variator::NPointCrossover { rate: 1.0, points: 2 }, plain], Replacer::SteadyState, 5),
        "blend" => (two, vec![Variator::BlendCrossover { rate: 1.0, alpha: 0.3 }], Replacer::Random { elites: 2 }, 12),
        "arithmetic" => {
            (two, vec![Variator::ArithmeticCrossover { rate: 1.0, alpha: 0.3 }, plain], Replacer::Crowding { distance: 4 }, 12)
        }
        "heuristic" => (Selector::Rank, vec![Variator::HeuristicCrossover { rate: 0.9 }], Replacer::Plus, 12),
        "simulated_binary" => (
            two,
            vec![Variator::SimulatedBinaryCrossover { rate: 1.0, index: 5.0 }, plain],
            Replacer::Generational { elites: 0 },
            12,
        ),
        "proportionate" => (Selector::FitnessProportionate, vec![ux, gauss(0.3, 0.0, 1.0)], Replacer::Plus, 12),
        "nonuniform" => (two, vec![Variator::NonuniformMutation { generations: 12, strength: 2.0 }], Replacer::Plus, 12),
        other => panic!("no case {other}"),
    };
    GeneticSettings { population: 12, select, selected: Some(selected), vary, replace, seeds: Vec::new() }
}

#[test]
fn evolution_is_inspyreds() {
    let space = || Space::new([Knob::linear(-2.0, 2.0), Knob::linear(-1.0, 3.0), Knob::linear(0.0, 4.0)]);
    let all = rows(include_str!("peers/inspyred.csv"));
    let mut cases = 0;
    for case in all.chunk_by(|a, b| a[..2] == b[..2]) {
        let (name, seed) = (case[0][0], number(case[0][1]) as u64);
        let method = Genetic::new(space(), inspyred_case(name), seed).expect(name);
        let mut search = Search::new(method, Limits { generations: Some(12), ..Limits::default() });
        // What is maximized there is a loss with the other sign here.
        let sign = if name == "proportionate" { -1.0 } else { 1.0 };
        let loss = |x: &[f64]| match sign < 0.0 {
            true => Fitness::loss(-1.0 / (1.0 + rosenbrock(x).losses[0])),
            false => rosenbrock(x),
        };
        assert_eq!(search.minimize(loss), End::Generations);
        let found = search.method().population();
        assert_eq!(found.len(), case.len(), "{name} {seed}");
        for (one, row) in found.iter().zip(case) {
            let same = close(sign * one.fitness.losses[0], number(row[2]))
                && one.at.iter().zip(&row[3..]).all(|(&x, y)| close(x, number(y)));
            assert!(same, "{name} with seed {seed}: {one:?}, not {row:?}");
        }
        cases += 1;
    }
    assert_eq!(cases, 36);
}

fn scipy_search(name: &str, space: Space) -> Search {
    let (first, second) = name.split_once(' ').expect("two words");
    if first == "simplex" {
        let (start, adaptive) = second.split_once(' ').expect("two words");
        let first = (0..space.dimension()).map(|k| number(start) - 0.1 * k as f64).collect();
        let settings = NelderMeadSettings { start: Some(first), adaptive: adaptive == "1" };
        // SciPy counts the first simplex as an iteration.
        return Search::new(NelderMead::new(space, settings), Limits { generations: Some(59), ..Limits::default() });
    }
    let names = ["best1", "rand1", "randtobest1", "currenttobest1", "best2", "rand2"];
    let strategy = names.iter().flat_map(|name| [format!("{name}bin"), format!("{name}exp")]).position(|name| name == first);
    let settings = DifferentialSettings {
        strategy: Strategy::ALL[strategy.expect("a strategy")],
        population: Some(6 * space.dimension()),
        updating: if second == "immediate" { Updating::Immediate } else { Updating::Deferred },
        ..DifferentialSettings::default()
    };
    let method = Differential::new(space, settings, 7).expect(name);
    Search::new(method, Limits { generations: Some(25), tolerance: Some(1e-6), ..Limits::default() })
}

#[test]
fn differences_and_simplices_are_scipys() {
    let all = rows(include_str!("peers/scipy.csv"));
    assert_eq!(all.len(), 2 * (12 * 2 + 3));
    for row in all {
        let dimension = number(row[1]) as usize;
        let mut search = scipy_search(row[0], Space::new(vec![Knob::linear(-2.0, 2.5); dimension]));
        search.minimize(rosenbrock);
        let best = search.best().expect(row[0]);
        let same =
            close(best.fitness.losses[0], number(row[3])) && best.values.iter().zip(&row[4..]).all(|(&x, y)| close(x, number(y)));
        assert!(same && search.evaluations() == number(row[2]) as u64, "{row:?}: {best:?} after {}", search.evaluations());
    }
}

/// Which candidates follow if one is no good is known before it is evaluated, and asking for that changes nothing.
#[test]
fn candidates_are_foreseen() {
    for name in ["randtobest1bin immediate", "rand1bin immediate", "best2exp immediate"] {
        let space = || Space::new(vec![Knob::linear(-2.0, 2.5); 3]);
        let (mut search, mut other) = (scipy_search(name, space()), scipy_search(name, space()));
        let (mut ahead, mut hits, mut count) = (Vec::new(), 0, 0);
        loop {
            let asked = search.ask();
            assert_eq!(asked, other.ask(), "{name}");
            let [point] = asked.as_slice() else {
                if asked.is_empty() {
                    break;
                }
                assert!(search.ahead(7).is_empty(), "a whole population is asked for at once");
                let all: Vec<Fitness> = asked.iter().map(|point| rosenbrock(point)).collect();
                search.tell(&all);
                other.tell(&all);
                continue;
            };
            count += 1;
            if ahead.contains(point) {
                hits += 1;
            } else {
                ahead = search.ahead(7);
                assert_eq!(ahead.len(), 7);
            }
            search.tell(&[rosenbrock(point)]);
            other.tell(&[rosenbrock(point)]);
        }
        println!("{name}: {hits} of {count}");
        assert!(count > 100 && hits * 2 > count, "{name}: {hits} of {count}");
    }
}
