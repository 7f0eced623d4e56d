//! A cell from the side: its sections as lines as wide as they are thick, a colour for each kind of section, with a bar of length.

use super::svg::{Anchor, Svg, shorten};
use super::{LETTERS, WIDTH, bitmap, palette};
use crate::record::Provenance;

/// What is drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Morphology {
    /// Above the picture.
    pub title: String,
    /// Sections: the kind, and points as x, y and diameter (um).
    pub sections: Vec<(String, Vec<[f64; 3]>)>,
}

/// Room around the cell.
const MARGIN: f64 = 24.0;

/// The highest picture, and the lowest.
const HIGHEST: f64 = 1000.0;
const LOWEST: f64 = 120.0;

/// The thinnest line that is seen.
const THINNEST: f64 = 0.5;

impl Morphology {
    /// The picture.
    #[must_use]
    pub fn svg(&self, origin: &Provenance) -> String {
        let points = || self.sections.iter().flat_map(|(_, points)| points);
        let ends = |k: usize| {
            points().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| {
                (low.min(p[k] - p[2] / 2.0), high.max(p[k] + p[2] / 2.0))
            })
        };
        let ((left, right), (low, high)) = (ends(0), ends(1));
        let (width, height) = ((right - left).max(1e-9), (high - low).max(1e-9));
        let scale = ((WIDTH - 2.0 * MARGIN) / width).min((HIGHEST - 3.0 * MARGIN) / height);
        let scale = if scale.is_finite() { scale } else { 1.0 };
        let kinds = self.kinds();
        let legend = 18.0 * kinds.len().div_ceil(4) as f64;
        let top = MARGIN + 1.6 * LETTERS;
        let tall = (height * scale).max(LOWEST);
        let mut svg = Svg::new(WIDTH, top + tall + legend + 2.5 * MARGIN, &self.title, origin);
        svg.bold((MARGIN, MARGIN), Anchor::Start, LETTERS + 2.0, palette::INK, &shorten(&self.title, 90));
        let inset = (WIDTH - width * scale) / 2.0;
        let down = (tall - height * scale) / 2.0;
        let place = |p: &[f64; 3]| (inset + (p[0] - left) * scale, top + down + (high - p[1]) * scale);
        for (name, points) in &self.sections {
            let at = kinds.iter().position(|kind| kind == name).unwrap_or(0);
            for pair in points.windows(2) {
                let [a, b] = pair else { continue };
                let thick = ((a[2] + b[2]) / 2.0 * scale).max(THINNEST);
                if place(a) != place(b) {
                    svg.line(place(a), place(b), palette::colour(at), thick);
                }
            }
        }
        let bottom = top + tall + MARGIN;
        let bar = bar(width.max(height));
        svg.line((MARGIN, bottom), (MARGIN + bar * scale, bottom), palette::INK, 1.6);
        svg.text((MARGIN, bottom + 14.0), Anchor::Start, LETTERS, palette::INK, &format!("{bar} um"));
        for (at, kind) in kinds.iter().enumerate() {
            let (x, y) = (MARGIN + (at % 4) as f64 * (WIDTH - 2.0 * MARGIN) / 4.0, bottom + 32.0 + 18.0 * (at / 4) as f64);
            svg.line((x, y - 4.0), (x + 16.0, y - 4.0), palette::colour(at), 4.0);
            svg.text((x + 22.0, y), Anchor::Start, LETTERS, palette::INK, &shorten(kind, 22));
        }
        svg.finish()
    }

    /// The same as PNG.
    ///
    /// # Errors
    ///
    /// A sentence, where it would be too large.
    pub fn png(&self, origin: &Provenance) -> Result<Vec<u8>, String> {
        bitmap::bytes(&self.svg(origin), bitmap::DPI, origin)
    }

    /// Kinds in the order in which they are met.
    fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        for (name, _) in &self.sections {
            if !kinds.contains(&&**name) {
                kinds.push(name);
            }
        }
        kinds
    }
}

/// A round length of about a fifth of the cell (um).
fn bar(size: f64) -> f64 {
    let steps = (-3..7).flat_map(|n: i32| [1.0, 2.0, 5.0].map(|step| step * 10f64.powi(n)));
    steps.take_while(|one| *one <= size / 4.0).last().unwrap_or(1e-3)
}

#[cfg(test)]
mod tests {
    use super::{Morphology, bar};
    use crate::record::Provenance;

    #[test]
    fn a_cell_is_drawn_to_scale_and_its_kinds_have_colours() {
        let sections = vec![
            ("soma".to_owned(), vec![[0.0, 0.0, 20.0], [20.0, 0.0, 20.0]]),
            ("dend".to_owned(), vec![[20.0, 0.0, 2.0], [200.0, 0.0, 1.0]]),
            ("dend".to_owned(), vec![[20.0, 0.0, 2.0], [20.0, 0.0, 2.0]]),
        ];
        let text = Morphology { title: "a cell".into(), sections }.svg(&Provenance::default());
        // Two lines of sections, three of the legend and the bar; 210.5 um are as wide as the picture without its margins.
        assert_eq!(text.matches("<path ").count(), 5, "{text}");
        assert!(text.contains(">50 um<") && text.contains(">soma<") && text.contains(">dend<"), "{text}");
        assert!(text.contains("stroke=\"#0072b2\" stroke-width=\"63.85\""), "{text}");
        assert!((bar(1000.0), bar(30.0)) == (200.0, 5.0));
        let empty = Morphology::default().svg(&Provenance::default());
        assert!(empty.ends_with("</svg>\n") && !empty.contains("NaN") && !empty.contains("inf"), "{empty}");
    }
}
