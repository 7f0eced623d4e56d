//! The few elements of SVG that the pictures need. Numbers have at most two decimals, so equal pictures are equal bytes.

use crate::record::Provenance;
use std::fmt::Write;

/// Where a text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its place.
    Start,
    /// Its middle is at its place.
    Middle,
    /// It ends at its place.
    End,
}

/// A picture that grows element by element.
#[derive(Clone, Debug)]
pub struct Svg {
    text: String,
}

/// Present where its first choices are: journals and browsers have one of these.
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

impl Svg {
    /// An empty white picture of this size with a title for readers that do not see and with its provenance.
    pub fn new(width: f64, height: f64, title: &str, origin: &Provenance) -> Svg {
        let mut svg = Svg { text: String::new() };
        svg.put(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\"",
            n(width / 4.0),
            n(height / 4.0)
        ));
        svg.put(format_args!(" viewBox=\"0 0 {} {}\" font-family=\"{FONTS}\">\n", n(width), n(height)));
        svg.put(format_args!("<title>{}</title>\n<metadata>\n", escape(title)));
        svg.put(format_args!(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
        ));
        svg.put(format_args!("<rdf:Description rdf:about=\"\">\n<dc:creator>bouton {}</dc:creator>\n", escape(&origin.version)));
        svg.put(format_args!("<dc:source>{}, MD5 {}</dc:source>\n", escape(&origin.script), escape(&origin.hash)));
        svg.put(format_args!("<dc:description>seed {}</dc:description>\n", origin.seed));
        svg.put(format_args!(
            "</rdf:Description>\n</rdf:RDF>\n</metadata>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
        ));
        svg
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        let ((x1, y1), (x2, y2)) = (from, to);
        self.put(format_args!(
            "<path d=\"M{} {}L{} {}\" stroke=\"{colour}\" stroke-width=\"{}\" fill=\"none\"/>\n",
            n(x1),
            n(y1),
            n(x2),
            n(y2),
            n(width)
        ));
    }

    /// A line through points; a point that is not a number interrupts it.
    pub fn polyline(&mut self, points: impl IntoIterator<Item = (f64, f64)>, colour: &str, width: f64) {
        self.lines(points, colour, width, "");
    }

    /// The same, broken.
    pub fn dashed(&mut self, points: impl IntoIterator<Item = (f64, f64)>, colour: &str, width: f64) {
        self.lines(points, colour, width, " stroke-dasharray=\"5 3\"");
    }

    fn lines(&mut self, points: impl IntoIterator<Item = (f64, f64)>, colour: &str, width: f64, more: &str) {
        self.put(format_args!(
            "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{more} d=\"",
            n(width)
        ));
        let mut letter = 'M';
        for (x, y) in points {
            if x.is_finite() && y.is_finite() {
                self.put(format_args!("{letter}{} {}", n(x), n(y)));
                letter = 'L';
            } else {
                letter = 'M';
            }
        }
        self.text.push_str("\"/>\n");
    }

    /// Round dots; those that fall on one another are drawn once.
    pub fn dots(&mut self, points: impl IntoIterator<Item = (f64, f64)>, colour: &str, diameter: f64) {
        self.put(format_args!(
            "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linecap=\"round\" d=\"",
            n(diameter)
        ));
        let mut last = String::new();
        for (x, y) in points {
            let dot = format!("M{} {}h0", n(x), n(y));
            if dot != last {
                self.text.push_str(&dot);
                last = dot;
            }
        }
        self.text.push_str("\"/>\n");
    }

    /// A filled rectangle.
    pub fn rectangle(&mut self, corner: (f64, f64), size: (f64, f64), colour: &str) {
        let ((x, y), (width, height)) = (corner, size);
        self.put(format_args!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{colour}\"/>\n",
            n(x),
            n(y),
            n(width),
            n(height)
        ));
    }

    /// A text with its baseline at a place.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, size: f64, colour: &str, text: &str) {
        self.styled(at, anchor, size, colour, "", text);
    }

    /// The same in bold letters.
    pub fn bold(&mut self, at: (f64, f64), anchor: Anchor, size: f64, colour: &str, text: &str) {
        self.styled(at, anchor, size, colour, " font-weight=\"bold\"", text);
    }

    /// A text that reads upward, its middle at a place.
    pub fn upright(&mut self, at: (f64, f64), size: f64, colour: &str, text: &str) {
        let turn = format!(" transform=\"rotate(-90 {} {})\"", n(at.0), n(at.1));
        self.styled(at, Anchor::Middle, size, colour, &turn, text);
    }

    fn styled(&mut self, (x, y): (f64, f64), anchor: Anchor, size: f64, colour: &str, style: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.put(format_args!(
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{colour}\"{anchor}{style}>{}</text>\n",
            n(x),
            n(y),
            n(size),
            escape(text)
        ));
    }

    /// The whole picture.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    /// Writing to a `String` cannot fail.
    fn put(&mut self, what: std::fmt::Arguments<'_>) {
        let _ = self.text.write_fmt(what);
    }
}

/// The same picture so many mm wide: everything in it, letters too, grows or shrinks with it.
#[must_use]
pub fn as_wide_as(picture: &str, millimetres: f64) -> String {
    let size = |name: &str| {
        let begin = picture.find(&format!(" {name}=\""))? + name.len() + 3;
        let rest = picture.get(begin..)?;
        let end = rest.find("mm\"")?;
        Some((begin, begin + end, rest.get(..end)?.parse::<f64>().ok()?))
    };
    let (Some((w0, w1, width)), Some((h0, h1, height))) = (size("width"), size("height")) else { return picture.to_owned() };
    let part = |from: usize, to: usize| picture.get(from..to).unwrap_or_default();
    let new = [n(millimetres), n(height * millimetres / width)];
    format!("{}{}{}{}{}", part(0, w0), new[0], part(w1, h0), new[1], part(h1, picture.len()))
}

/// About how wide a text is in the picture: Helvetica's letters are 0.55 of their size on average, digits 0.556.
#[must_use]
pub fn text_width(text: &str, size: f64) -> f64 {
    let narrow = |c: char| matches!(c, 'i' | 'j' | 'l' | 't' | 'f' | '.' | ',' | ' ' | '(' | ')' | '[' | ']');
    let wide = |c: char| matches!(c, 'm' | 'w' | 'M' | 'W');
    let ems = |c: char| {
        if narrow(c) {
            0.3
        } else if wide(c) {
            0.85
        } else if c.is_uppercase() {
            0.68
        } else {
            0.56
        }
    };
    text.chars().map(ems).sum::<f64>() * size
}

/// The text cut to at most so many characters, the cut marked.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// A number with at most two decimals.
fn n(value: f64) -> String {
    let text = format!("{value:.2}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    if short == "-0" { "0".to_owned() } else { short.to_owned() }
}

/// Text as it may stand in an element or an attribute; control characters, which XML forbids, become a question mark.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('?'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Svg, escape, n};
    use crate::record::Provenance;

    #[test]
    fn numbers_are_short() {
        assert_eq!([n(1.0), n(0.125), n(-0.001), n(120.5), n(-3.456)], ["1", "0.12", "0", "120.5", "-3.46"]);
    }

    #[test]
    fn text_cannot_break_the_picture() {
        assert_eq!(escape("a<b> & \"c\"\u{1}\n"), "a&lt;b&gt; &amp; &quot;c&quot;? ");
    }

    #[test]
    fn a_gap_interrupts_a_line_and_equal_dots_are_one() {
        let mut svg = Svg::new(10.0, 10.0, "t", &Provenance::default());
        svg.polyline([(0.0, 0.0), (1.0, f64::NAN), (2.0, 1.0), (3.0, 1.0)], "#000", 1.0);
        svg.dots([(1.0, 1.0), (1.001, 1.0), (2.0, 1.0)], "#000", 2.0);
        let text = svg.finish();
        assert!(text.contains("d=\"M0 0M2 1L3 1\""), "{text}");
        assert!(text.contains("d=\"M1 1h0M2 1h0\""), "{text}");
    }
}
