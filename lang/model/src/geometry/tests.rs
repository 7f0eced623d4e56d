//! Coefficients against NEURON's, and trees small enough to do by hand.

use super::*;
use std::f64::consts::PI;

const UM: f64 = 1e-4;

/// A section: its length and diameter (um), resistivity, number of segments and parent.
type Drawn = (f64, f64, f64, u32, Option<Attachment>);

fn cable(length: f64, diam: f64, ra: f64, segments: u32, parent: Option<Attachment>) -> Drawn {
    (length, diam, ra, segments, parent)
}

fn cables(drawn: &[Drawn]) -> Vec<Cable> {
    drawn.iter().map(|(_, _, _, segments, parent)| Cable { segments: *segments, parent: *parent }).collect()
}

fn solid((length, diam, ra, segments, _): &Drawn) -> Solid {
    let n = *segments as usize;
    Solid::cylinders(length * UM, *ra, &vec![diam * UM; n], &vec![1e-3; n])
}

fn layout(drawn: &[Drawn], occupied: &[Location]) -> Result<Layout, TreeError> {
    super::layout(&cables(drawn), occupied)
}

fn segment_area(drawn: &Drawn) -> f64 {
    solid(drawn).segments[0].area
}

fn half_resistance(drawn: &Drawn) -> f64 {
    solid(drawn).segments[0].left
}

fn on(section: usize, x: f64) -> Option<Attachment> {
    Some(Attachment { section, x, by_end: false })
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() <= 1e-14 * b.abs(), "{a} is not {b}");
}

/// Kinds of all nodes in order, as text: `R`, `s0.1` for segment 1 of section 0, `e0`.
fn drawn(layout: &Layout) -> String {
    let words: Vec<String> = layout
        .kinds
        .iter()
        .zip(&layout.parent)
        .map(|(kind, parent)| {
            let name = match kind {
                NodeKind::Root => "R".to_owned(),
                NodeKind::Segment { section, segment } => format!("s{section}.{segment}"),
                NodeKind::End { section } => format!("e{section}"),
            };
            format!("{name}<{}", parent.map_or("-".into(), |p| p.to_string()))
        })
        .collect();
    words.join(" ")
}

/// Areas as NEURON 9.0.2 gives them: the cell of `tut2`, a compartment of the pyramidal cell of Traub et al. 2005, the axon of a Friesen cell.
#[test]
fn areas_are_neurons() {
    let expected = [(18.8, 18.8, 1110.3645074847766), (15.0, 16.0, 753.9822368615503), (30.0, 30.0, 2827.4333882308138)];
    for (length, diam, area) in expected {
        close(segment_area(&cable(length, diam, 100.0, 1, None)), area * 1e-8);
    }
    close(1000.0 * segment_area(&cable(200.0, 1.0, 100.0, 1000, None)), 628.3185307179587e-8);
}

/// L 400 um in 5 segments, diam 2 um, Ra 100: 100 ohm cm * 40 um / (pi um2).
#[test]
fn half_resistances() {
    let dend = cable(400.0, 2.0, 100.0, 5, None);
    close(half_resistance(&dend), 100.0 * 40e-4 / (PI * 1e-8));
    close(2.0 * half_resistance(&dend), 25.464790894703255e6);
}

#[test]
fn one_segment_is_one_node() {
    let l = layout(&[cable(18.8, 18.8, 123.0, 1, None)], &[]).unwrap();
    assert_eq!(drawn(&l), "s0.0<-");
    assert_eq!(l.dropped, 2);
    for x in [0.0, 0.3, 0.5, 1.0] {
        assert_eq!(l.node(Location { section: 0, x }), Some(0));
    }
    let kept = layout(&[cable(18.8, 18.8, 123.0, 1, None)], &[Location { section: 0, x: 1.0 }]).unwrap();
    assert_eq!(drawn(&kept), "s0.0<- e0<0");
    assert_eq!(kept.node(Location { section: 0, x: 1.0 }), Some(1));
    let root = layout(&[cable(18.8, 18.8, 123.0, 1, None)], &[Location { section: 0, x: 0.0 }]).unwrap();
    assert_eq!(drawn(&root), "R<- s0.0<0");
}

/// Soma, dendrite on its end, oblique in the dendrite's middle, axon on the soma's start, a branch by its own 1 end.
fn branched() -> Vec<Drawn> {
    vec![
        cable(20.0, 20.0, 100.0, 1, None),
        cable(300.0, 2.0, 150.0, 3, on(0, 1.0)),
        cable(50.0, 1.0, 150.0, 2, on(1, 0.5)),
        cable(100.0, 1.0, 100.0, 1, on(0, 0.0)),
        cable(80.0, 1.0, 100.0, 2, Some(Attachment { section: 1, x: 1.0, by_end: true })),
    ]
}

/// Breadth-first, the axon at x = 0 before the dendrite at 1; the oblique (0.5) before the branch (1).
#[test]
fn order_and_parents() {
    let l = layout(&branched(), &[]).unwrap();
    assert_eq!(
        drawn(&l),
        "R<- s0.0<0 e0<1 s3.0<0 s1.0<2 s1.1<4 s1.2<5 e1<6 s2.0<5 s2.1<8 s4.1<7 s4.0<10",
        "R stays, because the axon hangs on it; e2, e3 and the free end of 4 are dropped"
    );
    assert_eq!(l.dropped, 3);
}

#[test]
fn places() {
    let l = layout(&branched(), &[]).unwrap();
    let at = |section, x| l.node(Location { section, x }).unwrap();
    assert_eq!([at(0, 0.0), at(0, 0.5), at(0, 1.0)], [0, 1, 2]);
    assert_eq!([at(1, 0.0), at(1, 0.33), at(1, 0.34), at(1, 0.99), at(1, 1.0)], [2, 4, 5, 6, 7]);
    assert_eq!(at(3, 0.0), 0, "the axon begins where the soma begins");
    assert_eq!(at(3, 1.0), 3, "its end was dropped and reads as the segment");
    assert_eq!([at(4, 1.0), at(4, 0.9), at(4, 0.1), at(4, 0.0)], [7, 10, 11, 11], "connected by its 1 end");
    assert_eq!(l.segments(4), [11, 10], "from x = 0");
    assert_eq!(l.node(Location { section: 9, x: 0.5 }), None);
}

/// A child at the parent's own origin hangs where the parent hangs.
#[test]
fn child_at_the_origin_of_its_parent() {
    let mut cables = branched();
    cables.push(cable(10.0, 1.0, 100.0, 1, on(1, 0.0)));
    cables.push(cable(10.0, 1.0, 100.0, 1, on(4, 1.0)));
    let l = layout(&cables, &[]).unwrap();
    let parent = |section| l.parent[l.node(Location { section, x: 0.5 }).unwrap() as usize].map(|p| l.kinds[p as usize]);
    assert_eq!(parent(5), Some(NodeKind::End { section: 0 }));
    assert_eq!(parent(6), Some(NodeKind::End { section: 1 }), "the 1 end of a reversed section is its origin");
}

/// Later children at one place come first.
#[test]
fn siblings_at_one_place() {
    let cables = [
        cable(20.0, 20.0, 100.0, 1, None),
        cable(1.0, 1.0, 1.0, 1, on(0, 1.0)),
        cable(1.0, 1.0, 1.0, 1, on(0, 1.0)),
        cable(1.0, 1.0, 1.0, 1, on(0, 0.5)),
    ];
    assert_eq!(drawn(&layout(&cables, &[]).unwrap()), "s0.0<- e0<0 s3.0<0 s2.0<1 s1.0<1");
}

#[test]
fn coefficients() {
    let cables = branched();
    let l = layout(&cables, &[]).unwrap();
    let arranged = l.arranged(&|_| 0);
    let solids: Vec<Solid> = cables.iter().map(solid).collect();
    let of = arranged.coefficients(&l, &solids);
    let at = |section, x| arranged.node(&l, Location { section, x }).unwrap() as usize;
    let (soma, dend) = (segment_area(&cables[0]), segment_area(&cables[1]));
    let (half_soma, half_dend, half_oblique) =
        (half_resistance(&cables[0]), half_resistance(&cables[1]), half_resistance(&cables[2]));
    // The soma's end: in the soma's row per area, in its own row absolute.
    close(of.a[at(0, 1.0)], -1.0 / half_soma / soma);
    close(of.b[at(0, 1.0)], -1.0 / half_soma);
    // The dendrite's first segment: half a segment to a node without area.
    close(of.a[at(1, 0.1)], -1.0 / half_dend);
    close(of.b[at(1, 0.1)], -1.0 / half_dend / dend);
    close(of.a[at(1, 0.5)], -1.0 / (half_dend + half_dend) / dend);
    // The oblique in the middle of a segment: its own half alone.
    close(of.a[at(2, 0.1)], -1.0 / half_oblique / dend);
    close(of.b[at(2, 0.1)], -1.0 / half_oblique / segment_area(&cables[2]));
    let root = at(0, 0.0);
    assert_eq!((arranged.parent[root], of.a[root], of.b[root].to_bits()), (None, 0.0, 0));
}

/// Whatever the ranks: ends last, children before parents in `order`, the permutation undone by `position`.
#[test]
fn arrangement() {
    let l = layout(&branched(), &[]).unwrap();
    let arranged = l.arranged(&|node| (node as usize * 7) % 3);
    let kinds: Vec<bool> = arranged.stored.iter().map(|n| l.has_area(*n)).collect();
    assert!(kinds.is_sorted_by(|a, b| a >= b), "{kinds:?}");
    let mut when = vec![0; l.len()];
    arranged.order.iter().enumerate().for_each(|(t, n)| when[*n as usize] = t);
    for (node, parent) in arranged.parent.iter().enumerate() {
        assert!(parent.is_none_or(|p| when[node] < when[p as usize]));
    }
    for (node, place) in arranged.position.iter().enumerate() {
        assert_eq!(arranged.stored[*place as usize] as usize, node);
    }
}

#[test]
fn no_tree() {
    let hanging = |section, x| cable(1.0, 1.0, 1.0, 1, on(section, x));
    assert_eq!(layout(&[], &[]), Err(TreeError::Empty));
    assert_eq!(layout(&[hanging(1, 0.0), hanging(0, 0.0)], &[]), Err(TreeError::Detached(0)));
    let root = cable(1.0, 1.0, 1.0, 1, None);
    assert_eq!(layout(&[root, root], &[]), Err(TreeError::TwoRoots(1)));
    assert_eq!(layout(&[root, hanging(2, 0.0), hanging(1, 0.0)], &[]), Err(TreeError::Detached(1)));
    assert_eq!(layout(&[root, hanging(7, 0.0)], &[]), Err(TreeError::Detached(1)));
    assert_eq!(layout(&[(1.0, 1.0, 1.0, u32::MAX, None)], &[]), Err(TreeError::TooMany));
}

/// The vector of a section of four points in three segments, computed with NEURON 9.0.2.
#[test]
fn points_are_neurons() {
    let um = |p: [f64; 4]| p.map(|x| x * UM);
    let points = [[0.0, 0.0, 0.0, 2.0], [10.0, 5.0, 0.0, 3.0], [30.0, 5.0, 4.0, 1.0], [60.0, 9.0, 4.0, 0.5]].map(um);
    let solid = Points::new(&points).solid(150.0, &[1e-3; 3]);
    let of = |f: fn(&Segment) -> f64| solid.segments.iter().map(f).collect::<Vec<_>>();
    let all = |found: Vec<f64>, expected: &[f64]| found.iter().zip(expected).for_each(|(a, b)| close(*a, *b));
    close(solid.length, 61.8419098427132 * UM);
    all(of(|s| s.diam / UM), &[2.517151271056607, 1.2485024008935377, 0.6702761846322148]);
    all(of(|s| s.area / UM / UM), &[163.190569062975, 80.91844075714613, 43.40903345140022]);
    let [a, b, c] = [0, 1, 2].map(|k| solid.segments[k]);
    let ri = [a.left, a.right + b.left, b.right + c.left, c.right].map(|ohm| ohm * 1e-6);
    all(ri.to_vec(), &[3.3685262918177004, 11.998591895007646, 58.045247164956564, 58.73665732051487]);
}

/// A step of the diameter has the area of a ring; the same points from the other end give the same halves the other way round.
#[test]
fn points_at_one_place_and_reversed() {
    let um = |p: [f64; 4]| p.map(|x| x * UM);
    let step = [[0.0, 0.0, 0.0, 4.0], [10.0, 0.0, 0.0, 4.0], [10.0, 0.0, 0.0, 2.0], [20.0, 0.0, 0.0, 2.0]].map(um);
    let one = Points::new(&step).solid(100.0, &[1e-3]);
    close(one.segments[0].area, PI * (4.0 * 10.0 + 2.0 * 10.0 + (16.0 - 4.0) / 4.0) * UM * UM);
    close(one.segments[0].diam, 3.0 * UM);
    let back = Solid::cylinders(10.0, 1.0, &[1.0, 2.0], &[1.0, 1.0]);
    let reversed = back.clone().reversed();
    assert_eq!((back.segments[0].left, back.segments[1].diam), (reversed.segments[1].right, reversed.segments[0].diam));
}

/// From the soma's middle: inside the soma, up and down the dendrite, behind a branch in the middle of a segment, and by a 1 end.
#[test]
fn distances() {
    let drawn = branched();
    let lengths: Vec<f64> = drawn.iter().map(|d| d.0).collect();
    let from = |section, x| Distances::from(Location { section, x }, &cables(&drawn), &lengths).unwrap();
    let to = |d: &Distances, section, x| d.to(Location { section, x });
    let soma = from(0, 0.5);
    let places =
        [(0, 0.5), (0, 1.0), (0, 0.0), (1, 0.0), (1, 0.1), (1, 1.0), (2, 0.1), (2, 1.0), (3, 0.5), (4, 1.0), (4, 0.9), (4, 0.0)];
    let expected = [0.0, 10.0, 10.0, 10.0, 60.0, 310.0, 172.5, 210.0, 60.0, 310.0, 330.0, 390.0];
    for ((section, x), expected) in places.into_iter().zip(expected) {
        close(to(&soma, section, x) + 1.0, expected + 1.0);
    }
    let tip = from(4, 0.0);
    close(to(&tip, 0, 0.5), 390.0);
    close(to(&tip, 4, 0.9), 60.0);
    close(to(&tip, 2, 1.0), 80.0 + 150.0 + 50.0);
}
