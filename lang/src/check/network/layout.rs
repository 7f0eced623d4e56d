//! Where cells lie: `in box(...)`, `sphere(...)`, `grid(...)`, `positions("file.csv")`.

use crate::check::attributes::suggest;
use crate::check::expr::wrong_count;
use crate::check::{Checker, Known};
use crate::load::cannot_read;
use crate::table;
use bouton_model::ir::{Attribute, Expr, Extent, Layout};
use bouton_model::unit::Dimension;
use bouton_model::unit::table::{Unit, find as unit};
use bouton_syntax::ast::{self, Arg, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};

/// What can stand after `in`.
const LAYOUTS: &[&str] = &["box", "sphere", "grid", "positions"];

const FORMS: &str =
    "`box(300 um, 1 mm, 0 um .. 50 um)`, `sphere(100 um)`, `grid(10, 10, spacing = 20 um)`, `positions(\"file.csv\")`";

impl<'a> Checker<'a> {
    /// The layout of a population; nothing where it is broken, which has been reported.
    pub(super) fn layout(&mut self, layout: &'a ast::Expr) -> Option<Layout> {
        let ExprKind::Call { callee, args } = &layout.kind else {
            if !matches!(layout.kind, ExprKind::Error) {
                self.no_layout(layout.span, None);
            }
            return None;
        };
        let name = match &callee.kind {
            ExprKind::Name(name) => &**name,
            _ => "",
        };
        match name {
            "box" => self.in_box(args, layout.span),
            "sphere" => {
                let [radius] = args.as_slice() else { return self.arguments_of("sphere", args.len(), 1, layout.span) };
                let radius = self.length(&radius.value, "the radius")?;
                Some(Layout::Sphere(radius))
            }
            "grid" => self.on_grid(args, layout.span),
            "positions" => self.places_of_file(args, layout.span),
            _ => {
                self.no_layout(callee.span, Some(name));
                None
            }
        }
    }

    fn no_layout(&mut self, span: Span, name: Option<&str>) {
        let diagnostic = Diagnostic::new(Code::WrongKind, span, "this says nothing of where cells lie");
        let diagnostic = diagnostic.help(format!("there are {FORMS}"));
        let diagnostic = match name {
            Some(name) => suggest(diagnostic, name, span, LAYOUTS),
            None => diagnostic,
        };
        self.diagnostics.push(diagnostic);
    }

    fn arguments_of<T>(&mut self, name: &str, found: usize, wanted: usize, span: Span) -> Option<T> {
        self.diagnostics.push(wrong_count(name, wanted, wanted, found, span));
        None
    }

    fn in_box(&mut self, args: &'a [Arg], span: Span) -> Option<Layout> {
        let [x, y, z] = args else { return self.arguments_of("box", args.len(), 3, span) };
        let (x, y, z) = (self.extent(&x.value), self.extent(&y.value), self.extent(&z.value));
        Some(Layout::Box([x?, y?, z?]))
    }

    /// A size, or a range.
    fn extent(&mut self, value: &'a ast::Expr) -> Option<Extent> {
        let ExprKind::Range(range) = &value.kind else {
            let to = self.length(value, "the size of the box")?;
            return Some(Extent { from: None, to });
        };
        let mut end = |end: &'a ast::Expr| self.quantity(end, Known::Nothing, Dimension::LENGTH, "the end of a range");
        let (from, to) = (end(&range.start), end(&range.end));
        Some(Extent { from: Some(from?), to: to? })
    }

    /// A length that is not negative.
    fn length(&mut self, value: &'a ast::Expr, what: &str) -> Option<Attribute> {
        let length = self.quantity(value, Known::Nothing, Dimension::LENGTH, what)?;
        if self.fold(&length.value).is_some_and(|x| x < 0.0) {
            self.out_of_range(value, &format!("{what} cannot be negative"));
            return None;
        }
        Some(length)
    }

    /// `grid(10, 8, 2, spacing = 20 um)`: up to three counts, and one spacing or one for each.
    fn on_grid(&mut self, args: &'a [Arg], span: Span) -> Option<Layout> {
        let (named, counts): (Vec<&Arg>, Vec<&Arg>) = args.iter().partition(|arg| arg.name.is_some());
        let spacing = named.iter().find(|arg| arg.name.as_ref().is_some_and(|name| &*name.text == "spacing"));
        if let Some(other) = named.iter().find(|arg| arg.name.as_ref().is_some_and(|name| &*name.text != "spacing")) {
            let message = "a grid has counts and a `spacing`";
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, other.value.span, message).help(FORMS));
            return None;
        }
        let (Some(spacing), 1..=3) = (spacing, counts.len()) else {
            let message = "a grid has one to three counts and a `spacing`";
            self.diagnostics.push(Diagnostic::new(Code::WrongArguments, span, message).help("`grid(10, 10, spacing = 20 um)`"));
            return None;
        };
        let one = || Attribute { value: Expr::Number(1.0), span };
        let mut all = Vec::new();
        for count in &counts {
            all.push(self.whole(&count.value, Known::Nothing, "the count of a grid", 1.0)?);
        }
        all.resize_with(3, one);
        let apart = match &spacing.value.kind {
            ExprKind::Tuple(list) if list.len() == counts.len() => {
                let mut apart = Vec::new();
                for value in list {
                    apart.push(self.length(value, "the spacing")?);
                }
                apart.resize_with(3, || Attribute { value: Expr::Number(0.0), span });
                apart
            }
            ExprKind::Tuple(list) => return self.arguments_of("spacing", list.len(), counts.len(), spacing.value.span),
            _ => vec![self.length(&spacing.value, "the spacing")?; 3],
        };
        let (counts, spacing) = (all.try_into().ok()?, apart.try_into().ok()?);
        Some(Layout::Grid { counts, spacing, span })
    }

    /// `positions("file.csv")`: columns x, y, z, in um or in the unit of the header (`x_mm`).
    fn places_of_file(&mut self, args: &'a [Arg], span: Span) -> Option<Layout> {
        let [file] = args else { return self.arguments_of("positions", args.len(), 1, span) };
        let path = self.file_name(&file.value)?;
        let columns = match table::columns(self.files.world, &self.files.path(&path, file.value.span)) {
            Ok(columns) => columns,
            Err(why) => {
                self.diagnostics.push(cannot_read(&path, file.value.span, &why));
                return None;
            }
        };
        let mut axes = Vec::new();
        for (k, axis) in ["x", "y", "z"].iter().enumerate() {
            let found = match columns.names.is_empty() {
                true => (k < columns.values.len()).then_some((k, unit("um"))),
                false => columns.names.iter().enumerate().find_map(|(at, name)| Some((at, unit_of(name, axis)?))),
            };
            match found {
                Some((at, Some(unit))) if unit.dimension == Dimension::LENGTH => axes.push((&columns.values[at], unit)),
                _ => {
                    let message = format!("{path} has no column `{axis}` of lengths");
                    let wrong = Diagnostic::new(Code::CannotRead, file.value.span, message);
                    self.diagnostics.push(wrong.help("name the columns `x,y,z` (um) or, with a unit, `x_mm`"));
                    return None;
                }
            }
        }
        let [(x, ux), (y, uy), (z, uz)] = axes.as_slice() else { return None };
        let places = x.iter().zip(*y).zip(*z).map(|((x, y), z)| [ux.coherent(*x), uy.coherent(*y), uz.coherent(*z)]);
        Some(Layout::Places(places.collect::<Vec<_>>().into(), file.value.span))
    }

    /// A text without values in it.
    pub(super) fn file_name(&mut self, value: &ast::Expr) -> Option<String> {
        if let ExprKind::Text(text) = &value.kind
            && let [ast::TextPart::Letters(letters)] = text.parts.as_slice()
        {
            return Some(letters.clone());
        }
        if !matches!(value.kind, ExprKind::Error) {
            let wrong = Diagnostic::new(Code::WrongArguments, value.span, "expected the name of a file");
            self.diagnostics.push(wrong.help("in quotes: `\"cells.csv\"`, relative to the script"));
        }
        None
    }
}

/// `x`, `x_um`: the unit of the column of an axis, um where it has none; nothing inside for what is no unit.
fn unit_of(name: &str, axis: &str) -> Option<Option<Unit>> {
    let rest = name.strip_prefix(axis)?;
    if rest.is_empty() {
        return Some(unit("um"));
    }
    Some(unit(rest.strip_prefix('_')?))
}
