//! The cable equation in lanes against a transcription for one cell at a time: bit for bit, on random trees, for every instruction set.

use arbtest::arbitrary::{Result, Unstructured};
use arbtest::arbtest;
use bouton_engine::cable::{Cable, CableRows, crossings};
use bouton_engine::simd::Isa;

const LANES: [usize; 15] = [1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 40, 63, 64, 101];
const ROOT: u32 = u32::MAX;

#[derive(Clone, Debug)]
struct Tree {
    parent: Vec<u32>,
    order: Vec<u32>,
    a: Vec<f64>,
    b: Vec<f64>,
    diagonal: Vec<f64>,
}

impl Tree {
    /// Nodes are numbered at random; the order is any that has children before parents.
    fn random(u: &mut Unstructured<'_>) -> Result<Tree> {
        let nodes: usize = u.int_in_range(1..=30)?;
        let mut name: Vec<u32> = (0..nodes as u32).collect();
        for k in (1..nodes).rev() {
            name.swap(k, u.int_in_range(0..=k)?);
        }
        let mut parent = vec![ROOT; nodes];
        // Chains are common in cells.
        for k in 1..nodes {
            let up = if u.ratio(1, 2)? { Some(k - 1) } else { u.int_in_range(0..=k)?.checked_sub(1) };
            parent[name[k] as usize] = up.map_or(ROOT, |up| name[up]);
        }
        let mut order: Vec<u32> = name.iter().rev().copied().collect();
        for _ in 0..nodes {
            let k = u.int_in_range(0..=nodes - 1)?;
            if k > 0 && parent[order[k - 1] as usize] != order[k] {
                order.swap(k - 1, k);
            }
        }
        let mut coefficient = || Ok(-f64::from(u.int_in_range(1..=1000u16)?) / 777.0);
        let a = (0..nodes).map(|_| coefficient()).collect::<Result<Vec<f64>>>()?;
        let b = (0..nodes).map(|_| coefficient()).collect::<Result<Vec<f64>>>()?;
        let mut diagonal = vec![0.04; nodes];
        for n in 0..nodes {
            diagonal[n] -= b[n];
            if parent[n] != ROOT {
                diagonal[parent[n] as usize] -= a[n];
            }
        }
        Ok(Tree { parent, order, a, b, diagonal })
    }

    fn cable(&self) -> Cable {
        Cable::new(&self.parent, &self.order, &self.a, &self.b).expect("a tree")
    }

    fn nodes(&self) -> usize {
        self.parent.len()
    }
}

#[derive(Clone, Debug, PartialEq)]
struct State {
    v: Vec<f64>,
    rhs: Vec<f64>,
    d: Vec<f64>,
}

impl State {
    /// Some numbers that differ everywhere, with a few values behind the end that nobody may touch.
    fn new(count: usize, seed: u64) -> State {
        let mut word = seed;
        let mut number = || {
            word = word.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (word >> 11) as f64 / f64::powi(2.0, 53)
        };
        let mut row = |low: f64, width: f64| (0..count + 9).map(|_| low + width * number()).collect::<Vec<f64>>();
        State { v: row(-80.0, 100.0), rhs: row(-1.0, 2.0), d: row(0.0, 0.3) }
    }

    fn rows(&mut self) -> CableRows<'_> {
        CableRows { v: &mut self.v, rhs: &mut self.rhs, d: &mut self.d }
    }

    fn bits(&self) -> Vec<u64> {
        [&self.v, &self.rhs, &self.d].into_iter().flatten().map(|x| x.to_bits()).collect()
    }
}

/// One cell, line by line. With `fused` off two operations are rounded where one should be.
fn transcription(tree: &Tree, state: &mut State, lanes: usize, lane: usize, factor: f64, fused: bool) -> bool {
    let at = |n: u32| n as usize * lanes + lane;
    let inner = |n: &&u32| tree.parent[**n as usize] != ROOT;
    let State { v, rhs, d } = state;
    for &n in tree.order.iter().rev().filter(inner) {
        let (i, p) = (at(n), at(tree.parent[n as usize]));
        let dv = v[p] - v[i];
        rhs[i] = (-tree.b[n as usize]).mul_add(dv, rhs[i]);
        rhs[p] = tree.a[n as usize].mul_add(dv, rhs[p]);
    }
    for &n in &tree.order {
        let i = at(n);
        let inverse = 1.0 / d[i];
        d[i] = inverse;
        if tree.parent[n as usize] == ROOT {
            rhs[i] *= inverse;
        } else {
            let p = at(tree.parent[n as usize]);
            let r = tree.a[n as usize] * inverse;
            d[p] = (-r).mul_add(tree.b[n as usize], d[p]);
            rhs[p] = if fused { (-r).mul_add(rhs[i], rhs[p]) } else { rhs[p] - r * rhs[i] };
        }
    }
    for &n in tree.order.iter().rev().filter(inner) {
        let (i, p) = (at(n), at(tree.parent[n as usize]));
        rhs[i] = (-tree.b[n as usize]).mul_add(rhs[p], rhs[i]) * d[i];
    }
    let mut fault = false;
    for n in 0..tree.nodes() as u32 {
        v[at(n)] += factor * rhs[at(n)];
        fault |= v[at(n)].is_nan() || v[at(n)].abs() >= 1e6;
    }
    fault
}

#[test]
fn lanes_agree_with_single_cells() {
    arbtest(|u| {
        let (tree, seed) = (Tree::random(u)?, u.arbitrary()?);
        let (lanes, factor) = (*u.choose(&LANES)?, if u.arbitrary()? { 1.0 } else { 2.0 });
        let mut start = State::new(tree.nodes() * lanes, seed);
        for _ in 0..u.int_in_range(0..=2)? {
            let broken = u.choose_index(start.v.len())?;
            start.v[broken] = *u.choose(&[f64::NAN, 1e7, f64::INFINITY, -1e300])?;
        }
        let mut expected = start.clone();
        let mut bad = [0u64; 2];
        for lane in 0..lanes {
            let fault = transcription(&tree, &mut expected, lanes, lane, factor, true);
            bad[lane / 64] |= u64::from(fault) << (lane % 64);
        }
        for isa in Isa::available() {
            let (mut got, mut faults) = (start.clone(), [0; 2]);
            let any = tree.cable().step(isa, lanes, factor, &mut got.rows(), &mut faults);
            assert_eq!((any, faults), (bad != [0, 0], bad), "{isa} {lanes} {tree:?}");
            assert!(same(&got, &expected), "{isa} {lanes} {tree:?}");
        }
        Ok(())
    })
    .budget_ms(4_000);
}

/// Nodes that are eliminated once give the same bits in every step.
#[test]
fn fixed_nodes_agree_with_others() {
    arbtest(|u| {
        let (tree, lanes, seed) = (Tree::random(u)?, *u.choose(&LANES)?, u.arbitrary()?);
        let mut fixed = (0..tree.nodes()).map(|_| u.ratio(3, 4)).collect::<Result<Vec<bool>>>()?;
        for &n in &tree.order {
            if tree.parent[n as usize] != ROOT && !fixed[n as usize] {
                fixed[tree.parent[n as usize] as usize] = false;
            }
        }
        let start = State::new(tree.nodes() * lanes, seed);
        for isa in Isa::available() {
            let mut cable = tree.cable();
            cable.fix(&fixed);
            let (mut got, mut expected) = (start.clone(), start.clone());
            cable.settle(lanes, &mut got.rows());
            for step in 0..2 {
                // What a step brings: currents everywhere, conductances where they change.
                let fresh = State::new(tree.nodes() * lanes, seed ^ step);
                for k in 0..tree.nodes() * lanes {
                    (got.rhs[k], expected.rhs[k]) = (fresh.rhs[k], fresh.rhs[k]);
                    let diagonal = if fixed[k / lanes] { start.d[k] } else { fresh.d[k] };
                    expected.d[k] = diagonal;
                    if !fixed[k / lanes] {
                        got.d[k] = diagonal;
                    }
                }
                for lane in 0..lanes {
                    transcription(&tree, &mut expected, lanes, lane, 1.0, true);
                }
                cable.step(isa, lanes, 1.0, &mut got.rows(), &mut [0; 2]);
                assert!(same(&got, &expected), "{isa} {lanes} {fixed:?} {tree:?}");
            }
            let before = got.clone();
            cable.begin(isa, lanes, &tree.diagonal, &mut got.rows());
            let expected = |k: usize| if fixed[k / lanes] { before.d[k] } else { tree.diagonal[k / lanes] };
            assert!((0..tree.nodes() * lanes).all(|k| got.d[k].to_bits() == expected(k).to_bits()), "{isa} {lanes}");
        }
        Ok(())
    })
    .budget_ms(2_000);
}

/// The same bits, where NaN is NaN.
fn same(a: &State, b: &State) -> bool {
    let rows = [(&a.v, &b.v), (&a.rhs, &b.rhs), (&a.d, &b.d)];
    rows.into_iter().all(|(a, b)| a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()))
}

/// The comparison would find one operation that is rounded twice.
#[test]
fn the_comparison_is_not_blind() {
    arbtest(|u| {
        let tree = Tree::random(u)?;
        let links = tree.parent.iter().filter(|&&up| up != ROOT).count();
        for isa in Isa::available() {
            let mut got = State::new(tree.nodes() * 64, 7);
            let mut expected = got.clone();
            tree.cable().step(isa, 64, 1.0, &mut got.rows(), &mut [0]);
            for lane in 0..64 {
                transcription(&tree, &mut expected, 64, lane, 1.0, false);
            }
            assert_eq!(got.bits() == expected.bits(), links == 0, "{isa} {tree:?}");
        }
        Ok(())
    })
    .budget_ms(1_000);
}

#[test]
fn a_step_begins_with_the_given_diagonal() {
    arbtest(|u| {
        let tree = Tree::random(u)?;
        let lanes = *u.choose(&LANES)?;
        let start = State::new(tree.nodes() * lanes, 3);
        let count = tree.nodes() * lanes;
        for isa in Isa::available() {
            let mut got = start.clone();
            tree.cable().begin(isa, lanes, &tree.diagonal, &mut got.rows());
            let expected = |k: usize| if k < count { tree.diagonal[k / lanes] } else { start.d[k] };
            assert!((0..count + 9).all(|k| got.d[k] == expected(k)), "{isa} {lanes}");
            assert!(got.rhs[..count].iter().all(|&x| x == 0.0) && got.rhs[count..] == start.rhs[count..]);
            assert_eq!(got.v, start.v);
        }
        Ok(())
    })
    .budget_ms(1_000);
}

#[test]
fn crossings_are_upward_and_once() {
    let (low, high) = (-70.0, -9.0);
    for isa in Isa::available() {
        for lanes in LANES {
            let (mut above, mut crossed) = ([0; 2], [0; 2]);
            let ones = |set: &dyn Fn(usize) -> bool| {
                let mut words = [0u64; 2];
                (0..lanes).filter(|&l| set(l)).for_each(|l| words[l / 64] |= 1 << (l % 64));
                words
            };
            let at = |set: &dyn Fn(usize) -> bool| (0..lanes).map(|l| if set(l) { high } else { low }).collect::<Vec<f64>>();
            let (first, second) = (|l: usize| l.is_multiple_of(3), |l: usize| l.is_multiple_of(2));
            assert!(!crossings(isa, &at(&|_| false), -10.0, &mut above, &mut crossed));
            assert!(crossings(isa, &at(&first), -10.0, &mut above, &mut crossed));
            assert_eq!((crossed, above), (ones(&first), ones(&first)));
            crossings(isa, &at(&second), -10.0, &mut above, &mut crossed);
            assert_eq!((crossed, above), (ones(&|l| second(l) && !first(l)), ones(&second)), "{isa} {lanes}");
            assert!(!crossings(isa, &at(&second), -10.0, &mut above, &mut crossed));
            assert!(!crossings(isa, &vec![f64::NAN; lanes], -10.0, &mut above, &mut crossed));
            assert_eq!(above, [0; 2]);
        }
    }
}

#[test]
fn what_is_no_tree_is_refused() {
    let new = |parent: &[u32], order: &[u32]| Cable::new(parent, order, &vec![-1.0; parent.len()], &vec![-1.0; parent.len()]);
    assert!(new(&[ROOT, 0, 0], &[2, 1, 0]).is_some());
    assert!(new(&[ROOT, 0, 0], &[2, 0, 1]).is_none(), "parent before child");
    assert!(new(&[ROOT, 0, 0], &[2, 0]).is_none(), "a node is missing");
    assert!(new(&[ROOT, 0, 0], &[2, 2, 0]).is_none(), "a node twice");
    assert!(new(&[ROOT, 7, 0], &[2, 1, 0]).is_none(), "a parent that is no node");
    assert!(new(&[1, 0], &[0, 1]).is_none(), "a circle");
    assert!(Cable::new(&[ROOT], &[0], &[], &[-1.0]).is_none(), "a coefficient is missing");
}
