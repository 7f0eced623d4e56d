//! Where the sections of a cell lie, to be drawn: their 3-D points, or, where there are none, straight pieces that spread from what they hang on.

use super::{Cell, Model, SectionId};
use std::collections::HashMap;

/// A section as a row of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// What it is called, without its index.
    pub name: String,
    /// x, y, z and diameter (um).
    pub points: Vec<[f64; 4]>,
}

/// Points, the direction in the plane, the level in the tree.
type Laid = (Vec<[f64; 4]>, [f64; 2], i32);

/// How far neighbours without points spread (radians), less and less with each level.
const SPREAD: f64 = 1.1;

impl Model {
    /// The sections of a cell as rows of points, in the order of the cell.
    #[must_use]
    pub fn drawn(&self, cell: &Cell) -> Vec<Drawn> {
        let mut known: HashMap<SectionId, Laid> = HashMap::new();
        for root in cell.sections.iter().filter(|id| self.section(**id).parent.is_none()) {
            for id in self.subtree(*root) {
                let laid = self.laid(id, &known);
                known.insert(id, laid);
            }
        }
        let of = |id: &SectionId| known.get(id).map(|(points, ..)| points.clone()).unwrap_or_default();
        cell.sections.iter().zip(&cell.names).map(|(id, (name, _))| Drawn { name: name.clone(), points: of(id) }).collect()
    }

    /// A section whose parent is laid out.
    fn laid(&self, id: SectionId, known: &HashMap<SectionId, Laid>) -> Laid {
        let section = self.section(id);
        let above = section.parent.and_then(|link| known.get(&link.section).map(|found| (link, found)));
        if section.points().len() > 1 {
            let places = self.places(id).into_iter().zip(section.points());
            let points =
                places.map(|(at, point)| [f64::from(at[0]), f64::from(at[1]), f64::from(at[2]), f64::from(point.diam.abs())]);
            let points: Vec<[f64; 4]> = points.collect();
            let along = match (points.first(), points.last()) {
                (Some(a), Some(b)) => [b[0] - a[0], b[1] - a[1]],
                _ => [0.0; 2],
            };
            let length = (along[0] * along[0] + along[1] * along[1]).sqrt();
            let direction = if length > 0.0 { along.map(|one| one / length) } else { [1.0, 0.0] };
            return (points, direction, above.map_or(0, |(_, (.., level))| level + 1));
        }
        let (start, from, turn, level) = match above {
            None => ([0.0; 4], [1.0, 0.0], 0.0, 0),
            Some((link, (points, direction, level))) => {
                // Those that hang at one place share the half before it; in the middle they leave to the sides.
                let children = self.children(link.section);
                let beside: Vec<SectionId> = children
                    .into_iter()
                    .filter(|child| self.section(*child).parent.is_some_and(|other| other.x == link.x))
                    .collect();
                let at = beside.iter().position(|child| *child == id).unwrap_or(0) as f64;
                let off = (at - (beside.len() as f64 - 1.0) / 2.0) * SPREAD / f64::from(level + 1).sqrt();
                let towards = match link.x {
                    x if x >= 1.0 => 0.0,
                    x if x <= 0.0 => std::f64::consts::PI,
                    _ => std::f64::consts::FRAC_PI_2,
                };
                (place(points, link.x), *direction, towards + off, level + 1)
            }
        };
        let (sin, cos) = (bouton_model::math::sin(turn), bouton_model::math::cos(turn));
        let direction = [from[0] * cos - from[1] * sin, from[0] * sin + from[1] * cos];
        let diams = self.diams(id);
        let step = self.length(id) / diams.len() as f64;
        let along = |k: usize, diam: f64| {
            [start[0] + direction[0] * step * k as f64, start[1] + direction[1] * step * k as f64, start[2], diam]
        };
        let points = diams.iter().enumerate().flat_map(|(k, diam)| [along(k, *diam), along(k + 1, *diam)]).collect();
        (points, direction, level)
    }
}

/// Where along a row of points a place lies.
fn place(points: &[[f64; 4]], x: f64) -> [f64; 4] {
    let length = |a: &[f64; 4], b: &[f64; 4]| (0..3).map(|k| (a[k] - b[k]).powi(2)).sum::<f64>().sqrt();
    let whole: f64 = points.windows(2).map(|pair| length(&pair[0], &pair[1])).sum();
    let mut left = x * whole;
    for pair in points.windows(2) {
        let own = length(&pair[0], &pair[1]);
        if left <= own && own > 0.0 {
            return std::array::from_fn(|k| pair[0][k] + (pair[1][k] - pair[0][k]) * left / own);
        }
        left -= own;
    }
    points.last().copied().unwrap_or_default()
}
