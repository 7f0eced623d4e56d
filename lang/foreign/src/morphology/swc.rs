//! SWC: a line a point with number, kind, place, radius and the number of its parent. A branch ends where the tree branches, and where the kind changes.

use super::{Branch, Broken, Piece};
use std::collections::HashMap;

/// A point of the file.
struct Point {
    line: usize,
    id: i64,
    kind: i32,
    /// x, y, z, diameter
    at: [f64; 4],
    parent: i64,
}

const SOMA: i32 = 1;

/// Reads a text.
///
/// # Errors
/// The first line that is wrong.
pub fn read(text: &str) -> Result<Vec<Branch>, Broken> {
    Ok(super::branches(&pieces(text)?))
}

/// The pieces of a text as they stand in it, before any is left out or made a ball.
///
/// # Errors
/// The first line that is wrong.
pub fn pieces(text: &str) -> Result<Vec<Piece>, Broken> {
    let mut points = points(text)?;
    points.sort_by_key(|point| point.id);
    let parents = parents(&points)?;
    Ok(Tree::new(&points, parents).pieces())
}

fn points(text: &str) -> Result<Vec<Point>, Broken> {
    let mut all = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("");
        let broken = |why: String| Broken::at(at + 1, why);
        let words: Vec<&str> = line.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).collect();
        if words.is_empty() {
            continue;
        }
        let mut numbers = Vec::new();
        for word in words.iter().take(7) {
            match word.parse::<f64>() {
                Ok(number) if number.is_finite() => numbers.push(number),
                _ => return Err(broken(format!("`{word}` is no number"))),
            }
        }
        let &[id, kind, x, y, z, radius, parent] = numbers.as_slice() else {
            return Err(broken("a point has seven numbers: number, kind, x, y, z, radius, parent".to_owned()));
        };
        let whole = |number: f64| number.fract() == 0.0 && number.abs() < 1e15;
        if !whole(id) || !whole(kind) || !whole(parent) || kind.abs() > 1e6 {
            return Err(broken("numbers of points and kinds are whole".to_owned()));
        }
        // NEURON reads them in single precision.
        let [x, y, z, radius] = [x, y, z, radius].map(|one| f64::from(one as f32));
        all.push(Point { line: at + 1, id: id as i64, kind: kind as i32, at: [x, y, z, radius * 2.0], parent: parent as i64 });
    }
    if all.is_empty() {
        return Err(Broken::at(1, "there are no points"));
    }
    Ok(all)
}

/// The place of each point's parent among the points.
fn parents(points: &[Point]) -> Result<Vec<Option<usize>>, Broken> {
    let mut places: HashMap<i64, usize> = HashMap::new();
    for (at, point) in points.iter().enumerate() {
        if let Some(first) = places.insert(point.id, at) {
            let why = format!("the point {} is there already, in line {}", point.id, points[first].line);
            return Err(Broken::at(point.line, why));
        }
    }
    let mut all = Vec::with_capacity(points.len());
    for point in points {
        let broken = |why: String| Err(Broken::at(point.line, why));
        if point.parent < 0 {
            all.push(None);
            continue;
        }
        match places.get(&point.parent) {
            None => return broken(format!("the point {} hangs on {}, which is not there", point.id, point.parent)),
            Some(_) if point.parent == point.id => return broken(format!("the point {} hangs on itself", point.id)),
            Some(at) if point.parent > point.id => {
                let other = points[*at].line;
                return broken(format!(
                    "the point {} hangs on {} of line {other}: a parent has the smaller number, so that nothing hangs on itself",
                    point.id, point.parent
                ));
            }
            Some(at) => all.push(Some(*at)),
        }
    }
    Ok(all)
}

struct Tree<'p> {
    points: &'p [Point],
    parents: Vec<Option<usize>>,
    /// Whether a point is the last one of its branch.
    ends: Vec<bool>,
    /// Points whose branch hangs on the beginning of its parent's.
    from_beginning: Vec<bool>,
    /// How many points of the soma hang on each point.
    of_soma: Vec<usize>,
    /// Three points that mean a ball.
    ball: bool,
}

/// Children of a point: how many, and whether something else than their number ends the branch.
#[derive(Clone, Copy, Default, PartialEq)]
struct Children {
    count: u32,
    breaks: u32,
}

const ONE: Children = Children { count: 1, breaks: 0 };

impl<'p> Tree<'p> {
    fn new(points: &'p [Point], mut parents: Vec<Option<usize>>) -> Tree<'p> {
        let n = points.len();
        let kind = |at: usize| points[at].kind;
        let (mut children, mut from_beginning) = (vec![Children::default(); n], vec![false; n]);
        for i in 0..n {
            let Some(p) = parents[i] else { continue };
            children[p].count += 1;
            if p + 1 != i {
                children[p].breaks += 1;
                // What hangs on the first point of a branch that a wire joins to the soma, or on the root, hangs on its beginning.
                let wired = p > 1 && kind(p) != SOMA && parents[p].is_some_and(|above| kind(above) == SOMA);
                if wired || p == 0 && kind(p) != SOMA {
                    from_beginning[i] = true;
                    children[p] = ONE;
                }
            }
            if kind(p) != kind(i) {
                children[p].breaks += 1;
            }
        }
        let mut of_soma = vec![0; n];
        for (i, parent) in parents.iter().enumerate().skip(1) {
            if let Some(p) = parent.filter(|p| kind(i) == SOMA && kind(*p) == SOMA) {
                of_soma[p] += 1;
            }
        }
        let ball = is_ball(points, &parents, &children);
        if ball {
            parents[2] = Some(1);
        }
        for i in 0..n.saturating_sub(1) {
            let follows = kind(i) == SOMA && kind(i + 1) == SOMA && parents[i + 1] == Some(i);
            if follows && (i == 0 || of_soma[i] <= 1) {
                children[i] = ONE;
            }
        }
        let ends = children.iter().map(|one| *one != ONE).collect();
        Tree { points, parents, ends, from_beginning, of_soma, ball }
    }

    fn pieces(&self) -> Vec<Piece> {
        let n = self.points.len();
        // Of each piece its first point and the one behind its last.
        let mut spans: Vec<(usize, usize)> = Vec::new();
        let mut first = 0;
        let mut branch_of = vec![0; n];
        for (i, branch) in branch_of.iter_mut().enumerate() {
            *branch = spans.len();
            if self.ends[i] || i + 1 == n {
                spans.push((first, i + 1));
                first = i + 1;
            }
        }
        let mut all: Vec<Piece> = Vec::new();
        for (first, end) in spans {
            let piece = self.piece(first, end, &branch_of, &all);
            all.push(piece);
        }
        all
    }

    fn piece(&self, first: usize, end: usize, branch_of: &[usize], before: &[Piece]) -> Piece {
        let kind = self.points[first].kind;
        let own = |from: usize, to: usize| self.points[from..to].iter().map(|point| point.at);
        let p = match (self.parents[first], before.first()) {
            (Some(p), _) => p,
            (None, Some(root)) => return self.other_root(first, end, root),
            (None, None) => {
                let end = if self.ball { 1 } else { end };
                return Piece { kind, first, parent: None, skips: false, points: own(first, end).collect() };
            }
        };
        let above = branch_of[p];
        let Some(parent) = before.get(above) else {
            return Piece { kind, first, parent: None, skips: false, points: own(first, end).collect() };
        };
        let length = end - first;
        let mut points: Vec<[f64; 4]> = std::iter::once(self.points[p].at).chain(own(first, end)).collect();
        let (mut x, mut skips) = self.place(first, p, length, above, parent);
        if parent.kind == SOMA && kind != SOMA {
            points[0][3] = points[1][3];
        }
        if self.from_beginning[first] {
            x = 0.0;
        }
        skips &= points.len() > 1;
        Piece { kind, first, parent: Some((above, x)), skips, points }
    }

    /// A branch that hangs on nothing: it hangs on the first branch, as Import3d has it, in the middle of a soma and by a wire from its first point, else at the end.
    fn other_root(&self, first: usize, end: usize, root: &Piece) -> Piece {
        let kind = self.points[first].kind;
        let mut points: Vec<[f64; 4]> =
            std::iter::once(&self.points[0]).chain(&self.points[first..end]).map(|point| point.at).collect();
        let soma_below = root.kind == SOMA;
        if soma_below && kind != SOMA {
            points[0][3] = points[1][3];
        }
        let skips = soma_below && kind != SOMA && end - first > 1;
        Piece { kind, first, parent: Some((0, if soma_below { 0.5 } else { 1.0 })), skips, points }
    }

    /// Where a branch hangs on its parent, and whether the parent's point is a wire that is no part of it.
    fn place(&self, first: usize, p: usize, length: usize, above: usize, parent: &Piece) -> (f64, bool) {
        let is_soma = self.points[first].kind == SOMA;
        let soma_below = parent.kind == SOMA;
        if above == 0 {
            if soma_below && !is_soma && parent.points.len() == 1 {
                return (0.5, length > 1);
            }
            if p == parent.first {
                return (0.0, !is_soma && self.of_soma[p] > 1);
            }
        }
        if !soma_below {
            return (1.0, false);
        }
        let own_points = if parent.first == 0 { parent.points.len() } else { parent.points.len() - 1 };
        if p + 1 < parent.first + own_points {
            return (0.5, !is_soma && length > 1);
        }
        (1.0, length > 1 && self.of_soma[p] > 1 && !is_soma)
    }
}

/// The custom of neuromorpho.org: three points of one diameter, the middle one the root, as long as wide, are a ball.
fn is_ball(points: &[Point], parents: &[Option<usize>], children: &[Children]) -> bool {
    let [a, b, c, ..] = points else { return false };
    let soma = points.iter().filter(|point| point.kind == SOMA).count();
    let ends = parents[1] == Some(0) && parents[2] == Some(0) && children[1].count == 0 && children[2].count == 0;
    if soma != 3 || !ends || b.at[3] != a.at[3] || c.at[3] != a.at[3] {
        return false;
    }
    let from = |point: &Point| (0..3).map(|k| (point.at[k] - a.at[k]) * (point.at[k] - a.at[k])).sum::<f64>().sqrt();
    ((from(b) + from(c)) / a.at[3] - 1.0).abs() < 0.01
}
