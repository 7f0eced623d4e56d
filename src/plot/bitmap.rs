//! A picture as PNG: the SVG is drawn by resvg with letters of our own, so that it looks the same on every machine.

use crate::record::Provenance;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, Options, Tree, fontdb};
use std::sync::{Arc, LazyLock};

/// Points in an inch where nothing is said: what journals ask of figures.
pub const DPI: f64 = 300.0;

/// Largest number of points of a picture; each takes four bytes while it is drawn.
const MOST_POINTS: f64 = 2e8;

/// Liberation Sans: its letters are as wide as those of Helvetica and Arial, by which the pictures are laid out.
static LETTERS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut letters = fontdb::Database::new();
    letters.load_font_data(include_bytes!("fonts/LiberationSans-Regular.ttf").to_vec());
    letters.load_font_data(include_bytes!("fonts/LiberationSans-Bold.ttf").to_vec());
    letters.set_sans_serif_family("Liberation Sans");
    Arc::new(letters)
});

/// Draws a picture with so many points in an inch; the file says its size in print and where it comes from.
///
/// # Errors
///
/// A sentence, where the picture would be too large to draw.
pub fn bytes(svg: &str, dpi: f64, origin: &Provenance) -> Result<Vec<u8>, String> {
    let options =
        Options { dpi: dpi as f32, fontdb: Arc::clone(&LETTERS), font_resolver: FontResolver::default(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let (width, height) = (tree.size().width().round(), tree.size().height().round());
    let too_large = || format!("it would have {width} x {height} points");
    if f64::from(width) * f64::from(height) > MOST_POINTS {
        return Err(too_large());
    }
    let mut points = Pixmap::new(width as u32, height as u32).ok_or_else(too_large)?;
    resvg::render(&tree, Transform::identity(), &mut points.as_mut());
    encode(&points, dpi, origin).map_err(|error| error.to_string())
}

/// The ground is white and covers everything, so no point is translucent.
fn encode(points: &Pixmap, dpi: f64, origin: &Provenance) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, points.width(), points.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let metre = (dpi / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: metre, yppu: metre, unit: png::Unit::Meter }));
    encoder.add_itxt_chunk("Software".to_owned(), format!("bouton {}", origin.version))?;
    encoder.add_itxt_chunk("Source".to_owned(), format!("{}, MD5 {}, seed {}", origin.script, origin.hash, origin.seed))?;
    let colours: Vec<u8> = points.data().chunks_exact(4).flat_map(|point| point.iter().take(3)).copied().collect();
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&colours)?;
    writer.finish()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::{DPI, bytes};
    use crate::plot::svg::{Anchor, Svg};
    use crate::record::Provenance;

    /// The points of a picture, a row after the other, and its width.
    fn points(file: &[u8]) -> (Vec<u8>, usize, png::Info<'static>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut points = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut points).unwrap();
        let info = reader.info().clone();
        (points, info.width as usize, info)
    }

    fn dark(points: &[u8]) -> usize {
        points.chunks_exact(3).filter(|point| point.iter().all(|value| *value < 100)).count()
    }

    #[test]
    fn a_picture_has_its_size_its_letters_and_its_origin() {
        let origin = Provenance { script: "a.net".into(), hash: "0f".into(), version: "1".into(), seed: 7 };
        let mut svg = Svg::new(400.0, 200.0, "t", &origin);
        let empty = points(&bytes(&svg.clone().finish(), DPI, &origin).unwrap());
        svg.text((100.0, 50.0), Anchor::Middle, 20.0, "#000000", "gNa (µS), η, й");
        let text = points(&bytes(&svg.clone().finish(), DPI, &origin).unwrap());
        svg.bold((100.0, 50.0), Anchor::Middle, 20.0, "#000000", "gNa (µS), η, й");
        let bold = points(&bytes(&svg.finish(), DPI, &origin).unwrap());
        // 100 mm at 300 points an inch.
        assert_eq!((text.1, text.0.len()), (1181, 1181 * 591 * 3));
        assert_eq!(text.2.pixel_dims.map(|dims| dims.xppu), Some(11811));
        assert_eq!(text.2.utf8_text.first().and_then(|text| text.get_text().ok()), Some("bouton 1".into()));
        assert_eq!(dark(&empty.0), 0);
        assert!(dark(&text.0) > 2000 && dark(&bold.0) > dark(&text.0) * 5 / 4, "{} {}", dark(&text.0), dark(&bold.0));
    }

    #[test]
    fn a_picture_that_is_too_large_is_refused() {
        let svg = Svg::new(720.0, 400.0, "t", &Provenance::default()).finish();
        let huge = crate::plot::svg::as_wide_as(&svg, 5000.0);
        let why = bytes(&huge, 1200.0, &Provenance::default()).unwrap_err();
        assert!(why.starts_with("it would have 2362") && why.ends_with(" points"), "{why}");
    }
}
