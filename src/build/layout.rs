//! Where the cells of a population lie.

use super::cells::Members;
use super::constants::Constants;
use super::range::{self, Told};
use super::streams::Streams;
use bouton_model::ir::{Attribute, Extent, Layout, Population, Span};
use bouton_model::math;
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// Edge of the cube in which cells lie by default (cm).
const CUBE: f64 = 1e-2;

/// Positions of the cells (cm).
///
/// # Errors
/// A layout for another number of cells, a size out of range.
pub(super) fn positions(
    members: &Members,
    population: &Population,
    constants: &Constants,
    streams: &dyn Streams,
) -> Result<Vec<[f64; 3]>, Told> {
    let unit = || streams.positions(&members.name, members.first, members.count);
    match &population.layout {
        Layout::Cube => Ok(unit().into_iter().map(|p| p.map(|x| x * CUBE)).collect()),
        Layout::Box(extents) => {
            let ends = [extent(&extents[0], constants)?, extent(&extents[1], constants)?, extent(&extents[2], constants)?];
            let place = |p: [f64; 3]| std::array::from_fn(|k| ends[k].0 + p[k] * (ends[k].1 - ends[k].0));
            Ok(unit().into_iter().map(place).collect())
        }
        Layout::Sphere(radius) => {
            let radius = range::SIZE.not_negative(constants.number(radius)?, radius.span)?;
            Ok(unit().into_iter().map(|p| in_ball(p).map(|x| x * radius)).collect())
        }
        Layout::Grid { counts, spacing, span } => grid(members, counts, spacing, *span, constants),
        Layout::Places(places, span) => {
            same_number((&members.name, members.count), places.len() as u64, "the file has the places of", *span)?;
            Ok(places.to_vec())
        }
    }
}

fn extent(e: &Extent, constants: &Constants) -> Result<(f64, f64), Told> {
    let end = |a: &Attribute| range::POSITION.finite(constants.number(a)?, a.span);
    let from = e.from.as_ref().map_or(Ok(0.0), end)?;
    Ok((from, end(&e.to)?))
}

/// A point of the unit cube becomes one of the unit ball, evenly: radius the cube root, then longitude and cosine of the latitude, as NetPyNE fills its ellipsoid.
fn in_ball([a, b, c]: [f64; 3]) -> [f64; 3] {
    let rho = math::pow(a, 1.0 / 3.0);
    let phi = 2.0 * std::f64::consts::PI * b;
    let cosine = 2.0 * c - 1.0;
    let sine = (1.0 - cosine * cosine).max(0.0).sqrt();
    [rho * math::cos(phi) * sine, rho * math::sin(phi) * sine, rho * cosine]
}

/// The last count fastest.
fn grid(
    members: &Members,
    counts: &[Attribute; 3],
    spacing: &[Attribute; 3],
    span: Span,
    constants: &Constants,
) -> Result<Vec<[f64; 3]>, Told> {
    let count = |a: &Attribute| range::COUNT.whole(constants.number(a)?, 1, u32::MAX, a.span);
    let apart = |a: &Attribute| range::SIZE.not_negative(constants.number(a)?, a.span);
    let n = [count(&counts[0])?, count(&counts[1])?, count(&counts[2])?];
    let d = [apart(&spacing[0])?, apart(&spacing[1])?, apart(&spacing[2])?];
    let places = n.iter().fold(1u64, |product, n| product.saturating_mul(u64::from(*n)));
    same_number((&members.name, members.count), places, "the grid has places for", span)?;
    let place = |at: u32| {
        let (z, rest) = (at % n[2], at / n[2]);
        [f64::from(rest / n[1]) * d[0], f64::from(rest % n[1]) * d[1], f64::from(z) * d[2]]
    };
    Ok((0..members.count).map(place).collect())
}

/// Whether something is there for each cell of a population.
///
/// # Errors
/// It is there for another number of cells.
pub(super) fn same_number((name, cells): (&str, u32), places: u64, what: &str, span: Span) -> Result<(), Told> {
    if places == u64::from(cells) {
        return Ok(());
    }
    let message = format!("{what} {places} cells, and `{name}` has {cells}");
    Err(Box::new(Diagnostic::new(Code::ValueOutOfRange, span, message)))
}
