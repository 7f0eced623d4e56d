//! Counts, statistics, determinism, and independence of what else is in the network.

use super::super::own::Own;
use super::*;
use arbtest::arbtest;
use std::collections::{HashMap, HashSet};

fn network() -> (Own, Cells) {
    let own = Own::new(1);
    let cells = cells(&[("A", 50), ("B", 30), ("C", 20)], &own);
    (own, cells)
}

fn counted(pairs: &[(u32, u32)], by: fn(&(u32, u32)) -> u32) -> HashMap<u32, usize> {
    pairs.iter().fold(HashMap::new(), |mut counts, p| {
        *counts.entry(by(p)).or_default() += 1;
        counts
    })
}

fn no_multapses(pairs: &[(u32, u32)]) -> bool {
    pairs.iter().collect::<HashSet<_>>().len() == pairs.len()
}

#[test]
fn counts_are_exact() {
    arbtest(|u| {
        let own = Own::new(u.arbitrary()?);
        let cells = cells(&[("A", 12), ("B", 9)], &own);
        let (a, b): (u32, u32) = (u.int_in_range(0..=11)?, u.int_in_range(13..=21)?);
        let (pre, post) = (range(a..b), range(6..19));
        let n = u.int_in_range(0..=pre.len().min(post.len()) - 1)?;
        let asked = Asked { autapses: u.arbitrary()?, ..Asked::of(&own, &cells) };
        let convergence = asked.pairs(&pre, &post, Rule::Convergence(number(n as f64)));
        let divergence = asked.pairs(&pre, &post, Rule::Divergence(number(n as f64)));
        for pairs in [&convergence, &divergence] {
            assert!(no_multapses(pairs));
            assert!(asked.autapses || pairs.iter().all(|(a, b)| a != b));
            assert!(pairs.iter().all(|(a, b)| pre.contains(a) && post.contains(b)));
        }
        let by_post = counted(&convergence, |p| p.1);
        assert!(post.iter().all(|p| by_post.get(p).copied().unwrap_or(0) == n));
        let by_pre = counted(&divergence, |p| p.0);
        assert!(pre.iter().all(|p| by_pre.get(p).copied().unwrap_or(0) == n));
        Ok(())
    });
}

#[test]
fn all_and_one_to_one() {
    let (own, cells) = network();
    let mut asked = Asked::of(&own, &cells);
    assert_eq!(asked.pairs(&[0, 1], &[1, 2], Rule::All), [(0, 1), (0, 2), (1, 2)]);
    assert_eq!(asked.pairs(&[0, 1, 5], &[2, 1, 60], Rule::OneToOne), [(0, 2), (5, 60)]);
    asked.autapses = true;
    assert_eq!(asked.pairs(&[0, 1], &[1, 2], Rule::All), [(0, 1), (1, 1), (0, 2), (1, 2)]);
    assert_eq!(asked.pairs(&[0, 1], &[0, 1], Rule::OneToOne), [(0, 0), (1, 1)]);
    assert!(asked.ask(&[0, 1], &[2], Rule::OneToOne).unwrap_err().message.contains("2 cells send and 1 receive"));
}

/// Within five standard deviations over 400,000 pairs, whether gaps are drawn or each pair.
#[test]
fn probability_is_kept() {
    let own = Own::new(7);
    let cells = cells(&[("A", 1000), ("B", 400)], &own);
    let asked = Asked::of(&own, &cells);
    let constant = |p: f64| number(p);
    let varying = |p: f64| {
        attribute(Expr::If(
            Box::new(Expr::Binary(Binary::Ge, Box::new(Expr::Var(Var::Distance)), Box::new(Expr::Number(0.0)))),
            Box::new(Expr::Number(p)),
            Box::new(Expr::Number(0.0)),
        ))
    };
    for p in [0.0, 1e-4, 0.03, 0.5, 0.97, 1.0] {
        for rule in [constant(p), varying(p)] {
            let pairs = asked.pairs(&range(0..1000), &range(1000..1400), Rule::Probability(rule));
            let (n, sd) = (400_000.0, (400_000.0 * p * (1.0 - p)).sqrt());
            assert!((pairs.len() as f64 - n * p).abs() <= 5.0 * sd, "{p}: {}", pairs.len());
            assert!(no_multapses(&pairs));
        }
    }
}

/// Each sender is as likely as any other: chi squared over 100 senders, 99 degrees of freedom.
#[test]
fn choices_are_even() {
    let own = Own::new(3);
    let cells = cells(&[("A", 100), ("B", 2000)], &own);
    let asked = Asked::of(&own, &cells);
    for rule in [Rule::Convergence(number(10.0)), Rule::Probability(number(0.1))] {
        let counts = counted(&asked.pairs(&range(0..100), &range(100..2100), rule), |p| p.0);
        let chi: f64 = (0..100).map(|a| counts.get(&a).copied().unwrap_or(0) as f64).map(|c| (c - 200.0).powi(2) / 200.0).sum();
        assert!((40.0..180.0).contains(&chi), "{chi}");
    }
}

#[test]
fn the_same_again_and_other_with_another_seed() {
    let (own, cells) = network();
    let ask = |streams: &Own| Asked::of(streams, &cells).ask(&range(0..50), &range(50..80), Rule::Probability(near())).unwrap();
    assert_eq!(ask(&own), ask(&own));
    assert_ne!(ask(&own), ask(&Own::new(2)));
}

/// What is drawn for a pair of populations does not change with populations before, between and behind them.
#[test]
fn additions_change_nothing() {
    let own = Own::new(5);
    let small = cells(&[("A", 30), ("B", 20)], &own);
    let large = cells(&[("new", 7), ("A", 30), ("other", 3), ("B", 20), ("last", 9)], &own);
    let weight = || Some(draw(Draw::Lognormal, &[1.0, 0.5]));
    let named = |cells: &Cells, rule: Rule, pre: &[(&str, u32)], post: &str| -> Vec<(String, String, f64, f64)> {
        let numbers = |name: &str| -> Vec<u32> {
            let p = cells.populations.iter().find(|p| p.name == name).unwrap();
            (p.first..p.first + p.count).collect()
        };
        let pre: Vec<u32> = pre.iter().flat_map(|(name, _)| numbers(name)).collect();
        let asked = Asked { weight: weight(), delay: Some(near()), ..Asked::of(&own, cells) };
        let pairs = asked.ask(&pre, &numbers(post), rule).unwrap();
        let old = |p: &&Pair| cells.name(p.pre).starts_with(['A', 'B']);
        pairs.iter().filter(old).map(|p| (cells.name(p.pre), cells.name(p.post), p.weight, p.delay)).collect()
    };
    let rules: [fn() -> Rule; 5] = [
        || Rule::Probability(number(0.2)),
        || Rule::Probability(near()),
        || Rule::All,
        || Rule::Convergence(number(4.0)),
        || Rule::Divergence(draw(Draw::Poisson, &[3.0])),
    ];
    for rule in rules {
        let before = named(&small, rule(), &[("A", 0)], "B");
        assert!(!before.is_empty());
        assert_eq!(before, named(&large, rule(), &[("A", 0)], "B"));
    }
    // Rules that ask each pair by itself do not even change for the old senders when new ones join the set.
    for rule in [rules[0], rules[1], rules[2]] {
        let before = named(&small, rule(), &[("A", 0)], "B");
        assert_eq!(before, named(&large, rule(), &[("new", 0), ("A", 0), ("last", 0)], "B"));
    }
}

/// Nor do wiring and delays change with the weights.
#[test]
fn attributes_are_drawn_apart() {
    let (own, cells) = network();
    let ask = |weight: Option<Attribute>| {
        let asked = Asked { weight, delay: Some(draw(Draw::Exponential, &[2.0])), ..Asked::of(&own, &cells) };
        asked.ask(&range(0..50), &range(0..50), Rule::Convergence(number(5.0))).unwrap()
    };
    let (plain, drawn) = (ask(None), ask(Some(draw(Draw::Normal, &[1.0, 0.1]))));
    let same = |a: &Pair, b: &Pair| (a.pre, a.post, a.delay) == (b.pre, b.post, b.delay);
    assert!(plain.iter().zip(&drawn).all(|(a, b)| same(a, b)));
    let mean = drawn.iter().map(|p| p.weight).sum::<f64>() / drawn.len() as f64;
    assert!((mean - 1.0).abs() < 5.0 * 0.1 / (drawn.len() as f64).sqrt(), "{mean}");
}

#[test]
fn values_out_of_range_are_told() {
    let (own, cells) = network();
    let message = |asked: &Asked, rule: Rule| asked.ask(&range(0..50), &range(50..80), rule).unwrap_err().message;
    let plain = Asked::of(&own, &cells);
    assert_eq!(message(&plain, Rule::Convergence(number(51.0))), "convergence is 51, and there are 50 cells to choose from");
    assert_eq!(message(&plain, Rule::Divergence(number(-1.0))), "divergence is -1, and must be a whole number, 0 or more");
    assert_eq!(
        message(&plain, Rule::Probability(number(f64::NAN))),
        "probability is not a finite number, and must be from 0 to 1"
    );
    let late = Asked { delay: Some(number(-1.0)), ..Asked::of(&own, &cells) };
    assert_eq!(message(&late, Rule::All), "delay is -1 ms, and must be 0 or more");
    let heavy = Asked {
        weight: Some(attribute(Expr::Binary(Binary::Div, Box::new(post_y().value), Box::new(Expr::Number(0.0))))),
        ..Asked::of(&own, &cells)
    };
    assert_eq!(message(&heavy, Rule::All), "weight is not a finite number, and must be a number");
}

#[test]
fn attributes_for_each_cell() {
    let (own, cells) = network();
    let identity = Identity { name: "stim".into(), ordinal: 0 };
    let attributes = [("y".to_owned(), &post_y()), ("rate".to_owned(), &draw(Draw::Normal, &[5.0, 1.0]))];
    let world = World { constants: &constants(1), cells: &cells };
    let of = |list: &[u32]| {
        own.spread(world, &Spread { identity: &identity, kind: Kind::Stimulus("NetStim"), cells: list, attributes: &attributes })
            .unwrap()
    };
    let (all, some) = (of(&range(0..100)), of(&[60, 3]));
    assert_eq!(all[0][60], cells.positions[60][1]);
    assert_eq!([some[1][0], some[1][1]], [all[1][60], all[1][3]], "whatever other cells there are");
    assert_ne!(all[1][0], all[1][50], "the first cells of two populations");
}
