//! The soma as an outline, or a stack of outlines: NEURON's Import3d makes a straight body of revolution of it.

/// How many equal steps an outline is walked in.
const STEPS: usize = 100;

/// How many pieces a soma has along its major axis.
const PIECES: usize = 20;

/// What NEURON's comparisons take for equal.
const EPSILON: f64 = 1e-11;

/// Points of an outline at equal distances along it, from the first to the last, and their mean. Distances are those in the plane.
pub(super) fn evenly(points: &[[f64; 3]]) -> (Vec<[f64; 3]>, [f64; 3]) {
    let mut along = vec![0.0];
    for pair in points.windows(2) {
        let (dx, dy) = (pair[1][0] - pair[0][0], pair[1][1] - pair[0][1]);
        along.push(along.last().copied().unwrap_or(0.0) + (dx * dx + dy * dy).sqrt());
    }
    let step = along.last().copied().unwrap_or(0.0) / STEPS as f64;
    let at: Vec<f64> = (0..=STEPS).map(|k| k as f64 * step).collect();
    let column = |c: usize| points.iter().map(|p| p[c]).collect::<Vec<f64>>();
    let [x, y, z] = [0, 1, 2].map(|c| interpolated(&along, &column(c), &at));
    let even: Vec<[f64; 3]> = (0..at.len()).map(|k| [x[k], y[k], z[k]]).collect();
    let mean = [x, y, z].map(|one| one.iter().sum::<f64>() / one.len() as f64);
    (even, mean)
}

/// Values at other places; beyond the ends those of the ends.
fn interpolated(from: &[f64], values: &[f64], at: &[f64]) -> Vec<f64> {
    let last = from.len() - 1;
    let mut right = 0;
    let one = |x: &f64| {
        while right < last && from[right] < *x {
            right += 1;
        }
        if right == 0 || from[right] < *x {
            return values[right];
        }
        let part = (x - from[right - 1]) / (from[right] - from[right - 1]);
        (1.0 - part) * values[right - 1] + part * values[right]
    };
    at.iter().map(one).collect()
}

/// A soma along the major axis of its outline: 21 points with diameters.
///
/// # Errors
/// An outline without width.
pub(super) fn body(outline: &[[f64; 3]]) -> Result<Vec<[f64; 4]>, String> {
    let (even, mean) = evenly(outline);
    let from_mean: Vec<[f64; 3]> = even.iter().map(|p| [p[0] - mean[0], p[1] - mean[1], p[2] - mean[2]]).collect();
    let mut spread = [[0.0; 3]; 3];
    for (i, row) in spread.iter_mut().enumerate() {
        for (j, one) in row.iter_mut().enumerate() {
            *one = from_mean.iter().map(|p| p[i] * p[j]).sum();
        }
    }
    let (mut major, mut minor) = axes(spread);
    let largest = major.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
    if largest < 0.0 {
        major = major.map(|x| -x);
    }
    minor[2] = 0.0;
    let width = dot(&minor, &minor).sqrt();
    if width < 1e-6 {
        return Err("the outline of the soma has no width".to_owned());
    }
    minor = minor.map(|x| x / width);
    // The ring from its point farthest along the axis, cut in two where it comes to the other end.
    let mut ring: Vec<(f64, f64)> = from_mean.iter().map(|p| (dot(p, &major), dot(p, &minor))).collect();
    let top = extreme(&ring, |a, b| a > b);
    ring.rotate_left(top);
    let bottom = extreme(&ring, |a, b| a < b);
    let mut up = ring.split_off(bottom);
    let mut down = ring;
    down.reverse();
    rising(&mut down);
    rising(&mut up);
    let mut places: Vec<f64> = down.iter().chain(&up).map(|(d, _)| *d).collect();
    places.sort_by(f64::total_cmp);
    let [_, first, .., last, _] = places[..] else { return Err("the outline of the soma has no length".to_owned()) };
    if down.is_empty() || up.is_empty() {
        return Err("the outline of the soma has no width".to_owned());
    }
    let step = (last - first) / PIECES as f64;
    let at: Vec<f64> = (0..=PIECES).map(|k| first + k as f64 * step).collect();
    let of = |side: &[(f64, f64)]| {
        let (d, radius): (Vec<f64>, Vec<f64>) = side.iter().copied().unzip();
        interpolated(&d, &radius, &at)
    };
    let mut diams: Vec<f64> = of(&down).iter().zip(of(&up)).map(|(a, b)| (a - b).abs()).collect();
    if diams.iter().all(|diam| *diam == 0.0) {
        return Err("the outline of the soma has no width".to_owned());
    }
    // No end has the diameter 0.
    diams[0] = (diams[0] + diams[1]) / 2.0;
    diams[PIECES] = (diams[PIECES] + diams[PIECES - 1]) / 2.0;
    let point = |(d, diam): (&f64, f64)| [major[0] * d + mean[0], major[1] * d + mean[1], major[2] * d + mean[2], diam];
    Ok(at.iter().zip(diams).map(point).collect())
}

/// A soma of several outlines: a circle for each.
pub(super) fn stack(outlines: &[Vec<[f64; 3]>]) -> Vec<[f64; 4]> {
    outlines.iter().map(|outline| circle(outline)).collect()
}

fn circle(outline: &[[f64; 3]]) -> [f64; 4] {
    let next = outline.iter().cycle().skip(1);
    let around: f64 = outline.iter().zip(next).map(|(a, b)| distance(a, b)).sum();
    let (even, mean) = evenly(outline);
    let radius = even.iter().map(|p| distance(p, &mean)).sum::<f64>() / even.len() as f64;
    [mean[0], mean[1], mean[2], radius + around / (2.0 * std::f64::consts::PI)]
}

/// The middle of the line through the means of a stack's outlines.
pub(super) fn middle(outlines: &[Vec<[f64; 3]>]) -> [f64; 3] {
    let means: Vec<[f64; 3]> = outlines.iter().map(|outline| evenly(outline).1).collect();
    let mut along = vec![0.0];
    for pair in means.windows(2) {
        along.push(along.last().copied().unwrap_or(0.0) + distance(&pair[0], &pair[1]));
    }
    let half = along.last().copied().unwrap_or(0.0) / 2.0;
    let Some(right) = along.iter().position(|x| *x > half + EPSILON).filter(|right| *right > 0) else {
        return means.first().copied().unwrap_or_default();
    };
    let part = (half - along[right - 1]) / (along[right] - along[right - 1]);
    [0, 1, 2].map(|c| part * means[right][c] + (1.0 - part) * means[right - 1][c])
}

pub(super) fn distance(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    (0..3).map(|c| (a[c] - b[c]) * (a[c] - b[c])).sum::<f64>().sqrt()
}

fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    (0..3).map(|c| a[c] * b[c]).sum()
}

fn extreme(ring: &[(f64, f64)], beyond: impl Fn(f64, f64) -> bool) -> usize {
    let mut best = 0;
    for (at, (d, _)) in ring.iter().enumerate() {
        if beyond(*d, ring[best].0) {
            best = at;
        }
    }
    best
}

/// Leaves out, from the end on, what does not lie farther along than what is before it.
fn rising(side: &mut Vec<(f64, f64)>) {
    let mut at = side.len();
    while at > 1 {
        at -= 1;
        if side[at].0 <= side[at - 1].0 + EPSILON {
            side.remove(at);
            if at != side.len() {
                at += 1;
            }
        }
    }
}

/// The axes of the largest and of the middle spread, by Jacobi's rotations.
fn axes(mut a: [[f64; 3]; 3]) -> ([f64; 3], [f64; 3]) {
    let mut v = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    for _ in 0..60 {
        let off = a[0][1].abs() + a[0][2].abs() + a[1][2].abs();
        if off == 0.0 {
            break;
        }
        for (p, q) in [(0, 1), (0, 2), (1, 2)] {
            if a[p][q] == 0.0 {
                continue;
            }
            let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
            let sign = if theta < 0.0 { -1.0 } else { 1.0 };
            let t = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
            let c = 1.0 / (t * t + 1.0).sqrt();
            let s = t * c;
            for row in &mut a {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
            let (first, second) = (a[p], a[q]);
            a[p] = std::array::from_fn(|k| c * first[k] - s * second[k]);
            a[q] = std::array::from_fn(|k| s * first[k] + c * second[k]);
            (a[p][q], a[q][p]) = (0.0, 0.0);
            for row in &mut v {
                (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
            }
        }
    }
    let mut order = [0, 1, 2];
    order.sort_by(|i, j| a[*j][*j].total_cmp(&a[*i][*i]));
    let column = |k: usize| [v[0][k], v[1][k], v[2][k]];
    (column(order[0]), column(order[1]))
}
