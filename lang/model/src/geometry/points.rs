//! 3-D points: a section as a row of frusta, integrated over its segments as NEURON does it, with coordinates of single precision.

use super::{Segment, Solid};
use std::f64::consts::PI;

/// The points of a section. Numbers are in um, the unit in which NEURON rounds them to single precision.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Points {
    /// Diameters.
    diams: Vec<f64>,
    /// Distance of each point from the first one along the section.
    arcs: Vec<f64>,
}

/// By what part lengths differ that are the same but for single precision.
pub const ROUNDING: f64 = 1e-6;

/// um in a cm.
const UM: f64 = 1e4;

impl Points {
    /// From x, y, z and diameter (cm).
    pub fn new(points: &[[f64; 4]]) -> Points {
        let places: Vec<[f32; 3]> = points.iter().map(|p| [0, 1, 2].map(|axis| (p[axis] * UM) as f32)).collect();
        let diams = points.iter().map(|p| f64::from(((p[3] * UM) as f32).abs())).collect();
        Points { arcs: arcs(&places), diams }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.arcs.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.arcs.is_empty()
    }

    /// Along the points (cm).
    pub fn length(&self) -> f64 {
        self.arcs.last().copied().unwrap_or(0.0) / UM
    }

    /// The same shape with another length (cm): distances along it are stretched, diameters stay. Where the lengths differ by rounding alone, only the last distance changes.
    pub fn stretched(&self, length: f64) -> Points {
        let factor = length * UM / self.arcs.last().copied().unwrap_or(0.0);
        if (factor - 1.0).abs() < ROUNDING {
            let mut same = self.clone();
            if let Some(last) = same.arcs.last_mut() {
                *last = length * UM;
            }
            return same;
        }
        Points { arcs: self.arcs.iter().map(|arc| arc * factor).collect(), diams: self.diams.clone() }
    }

    /// See [`super::lambda`]: the length over the sum of the pieces' lengths in their own lambda.
    pub fn lambda(&self, axial_resistivity: f64, capacitance: f64, frequency: f64) -> f64 {
        let pieces = self.arcs.windows(2).zip(self.diams.windows(2));
        let sum: f64 = pieces.map(|(arc, d)| (arc[1] - arc[0]) / ((d[0] + d[1]) / (2.0 * UM)).sqrt()).sum();
        let length = self.arcs.last().copied().unwrap_or(0.0);
        length / (sum * (4.0 * PI * frequency * axial_resistivity * capacitance).sqrt())
    }

    /// As many segments as there are capacitances (mA ms/mV/cm2), from the first point on.
    ///
    /// # Panics
    /// Where there are fewer than two points.
    pub fn solid(&self, axial_resistivity: f64, capacitances: &[f64]) -> Solid {
        let total = self.arcs.last().copied().unwrap_or(0.0);
        let ds = total / capacitances.len() as f64;
        let mut walk = Walk { points: self, at: 0, x: 0.0, diam: self.diams.first().copied().unwrap_or(0.0) };
        let segment = |(k, capacitance): (usize, &f64)| {
            let begin = k as f64 * ds;
            let middle = begin + ds / 2.0;
            let (left, right) = (walk.half(middle), walk.half(middle + ds / 2.0));
            // 1/um * ohm cm is 1e4 ohm.
            let resistance = |half: &Half| half.resistance * axial_resistivity / PI * (4.0 * UM);
            Segment {
                diam: (left.diam + right.diam) * 0.5 / ds / UM,
                area: (left.area + right.area) * 0.5 * PI / (UM * UM),
                capacitance: *capacitance,
                left: resistance(&left),
                right: resistance(&right),
            }
        };
        Solid { length: total / UM, segments: capacitances.iter().enumerate().map(segment).collect() }
    }
}

/// Differences are rounded to single precision, their squares are not.
fn arcs(places: &[[f32; 3]]) -> Vec<f64> {
    let mut arc = 0.0;
    let mut all = Vec::with_capacity(places.len());
    all.extend(places.first().map(|_| 0.0));
    for pair in places.windows(2) {
        let [dx, dy, dz] = [0, 1, 2].map(|axis| f64::from(pair[1][axis] - pair[0][axis]));
        arc += (dx * dx + dy * dy + dz * dz).sqrt();
        all.push(arc);
    }
    all
}

/// Sums over the frusta of half a segment.
#[derive(Default)]
struct Half {
    /// Twice the integral of the diameter (um2).
    diam: f64,
    /// Twice the area over pi (um2).
    area: f64,
    /// Integral of 1 / D^2 (1/um).
    resistance: f64,
}

/// The way along the points, carried from half to half.
struct Walk<'a> {
    points: &'a Points,
    /// The last point that was passed.
    at: usize,
    /// How far the sums have come (um), and the diameter there.
    x: f64,
    diam: f64,
}

/// What a length, and a sum that is divided by, never falls below.
const TINY: f64 = 1e-15;

impl Walk<'_> {
    /// The half that ends at `end` (um). Pieces end at points and at its end; a step of the diameter is a piece without length, which has the area of a ring.
    fn half(&mut self, end: f64) -> Half {
        let (arcs, diams) = (&self.points.arcs, &self.points.diams);
        let mut half = Half::default();
        loop {
            let next = self.at + 1;
            let ends_here = arcs[next] > end || next + 1 >= arcs.len();
            let (x, diam) = if ends_here {
                let (from, to) = (arcs[self.at], arcs[next]);
                let part = if (to - from).abs() < 1e-10 { 1.0 } else { (end - from) / (to - from) };
                (end, (1.0 - part) * diams[self.at] + part * diams[next])
            } else {
                self.at = next;
                (arcs[next], diams[next])
            };
            let length = x - self.x;
            half.diam += (diam + self.diam) * length;
            let length = length.max(TINY);
            let quotient = self.diam * diam / length;
            half.resistance += 1.0 / if quotient == 0.0 { TINY } else { quotient };
            let rise = 0.5 * (diam - self.diam);
            half.area += (diam + self.diam) * (length * length + rise * rise).sqrt();
            (self.x, self.diam) = (x, diam);
            if ends_here {
                return half;
            }
        }
    }
}
