//! `points = [(x, y, z, diam), ...]`: the 3-D shape of a section.

use crate::check::{Checker, Known};
use bouton_model::ir::{Attribute, Expr, PlaceAttribute, PointList};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

impl<'a> Checker<'a> {
    /// At least two points, each of three coordinates and a diameter.
    pub(super) fn points(&mut self, expr: &'a ast::Expr) -> Option<PointList> {
        let ExprKind::List(points) = &expr.kind else {
            if !matches!(expr.kind, ExprKind::Error) {
                self.no_points(expr.span, "`points` is a list of points");
            }
            return None;
        };
        let all: Vec<Option<[Expr; 4]>> = points.iter().map(|point| self.point(point)).collect();
        let list: Vec<[Expr; 4]> = all.into_iter().collect::<Option<_>>()?;
        if list.len() < 2 {
            let message = "a section has at least two points";
            self.diagnostics.push(Diagnostic::new(Code::OutOfRange, expr.span, message).help("or give it `L` and `diam`"));
            return None;
        }
        // A branch may end in a point without width, and no branch is a line.
        if list.iter().all(|[.., diam]| matches!(diam, Expr::Number(0.0))) {
            let message = "a section has a diameter above 0 somewhere";
            self.diagnostics.push(Diagnostic::new(Code::OutOfRange, expr.span, message));
            return None;
        }
        Some(PointList { list: list.into(), span: expr.span })
    }

    fn point(&mut self, point: &'a ast::Expr) -> Option<[Expr; 4]> {
        let ExprKind::Tuple(parts) = &point.kind else {
            if !matches!(point.kind, ExprKind::Error) {
                self.no_points(point.span, "a point has four numbers");
            }
            return None;
        };
        let [x, y, z, diam] = parts.as_slice() else {
            self.no_points(point.span, "a point has four numbers");
            return None;
        };
        let coordinates = [x, y, z].map(|one| self.of_point(one, "a coordinate"));
        let diam = self.of_point(diam, "a diameter");
        if diam.as_ref().is_some_and(|diam| self.fold(&diam.value).is_some_and(|value| value < 0.0)) {
            self.out_of_range(&parts[3], "a diameter must not be below 0");
            return None;
        }
        let [x, y, z] = coordinates;
        Some([x?.value, y?.value, z?.value, diam?.value])
    }

    fn of_point(&mut self, expr: &'a ast::Expr, what: &str) -> Option<Attribute> {
        let value = self.quantity(expr, Known::Part, Dimension::LENGTH, what)?;
        self.knows_places(&value, what, &[PlaceAttribute::Index]).then_some(value)
    }

    fn no_points(&mut self, span: Span, message: &str) {
        let wrong = Diagnostic::new(Code::WrongArguments, span, message);
        self.diagnostics
            .push(wrong.help("write `points = [(0 um, 0 um, 0 um, 2 um), (10 um, 0 um, 0 um, 1 um)]`: x, y, z, diameter"));
    }
}
