//! The size of a section: areas and half resistances of its segments. Cylinders here; sections of 3-D points in `points`.

use std::f64::consts::PI;

/// A section with its size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Solid {
    /// cm
    pub length: f64,
    /// From x = 0 to x = 1.
    pub segments: Vec<Segment>,
}

/// One segment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Segment {
    /// Diameter, its mean where it is not the same everywhere (cm).
    pub diam: f64,
    /// Membrane area (cm2).
    pub area: f64,
    /// mA ms/mV/cm2
    pub capacitance: f64,
    /// Axial resistance of the half toward x = 0 (ohm).
    pub left: f64,
    /// Of the half toward x = 1.
    pub right: f64,
}

impl Solid {
    /// Segments that are cylinders, with these diameters (cm) and capacitances: area pi D dx, half resistances Ra (dx/2) / (pi D^2/4).
    pub fn cylinders(length: f64, axial_resistivity: f64, diams: &[f64], capacitances: &[f64]) -> Solid {
        let dx = length / diams.len() as f64;
        let segment = |(diam, capacitance): (&f64, &f64)| {
            let half = axial_resistivity * (dx / 2.0) / (PI * diam * diam / 4.0);
            Segment { diam: *diam, area: PI * diam * dx, capacitance: *capacitance, left: half, right: half }
        };
        Solid { length, segments: diams.iter().zip(capacitances).map(segment).collect() }
    }

    /// The same section with its points counted from the other end.
    pub fn reversed(mut self) -> Solid {
        self.segments.reverse();
        for s in &mut self.segments {
            (s.left, s.right) = (s.right, s.left);
        }
        self
    }
}

/// The length (cm) at which the amplitude of a signal of `frequency` (1/ms) falls to 1/e in a cylinder: sqrt(D / (4 pi f Ra cm)).
pub fn lambda(diam: f64, axial_resistivity: f64, capacitance: f64, frequency: f64) -> f64 {
    // ohm cm * mA ms/mV/cm2 is ms/cm * mA ohm/mV, and mA ohm is mV.
    (diam / (4.0 * PI * frequency * axial_resistivity * capacitance)).sqrt()
}
