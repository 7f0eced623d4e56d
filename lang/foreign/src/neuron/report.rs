//! What is told of an imported cell: as lines, and as JSON.

use super::catalog::Role;
use super::{Cell, Model, SectionId};

/// Six significant digits.
fn short(x: f64) -> String {
    let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    if rounded == 0.0 || (1e-4..1e6).contains(&rounded.abs()) { format!("{rounded}") } else { format!("{rounded:e}") }
}

/// A text of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn number(x: f64) -> String {
    if x.is_finite() { format!("{x:?}") } else { "null".to_owned() }
}

fn list(values: &[f64]) -> String {
    match values {
        [] => "null".to_owned(),
        [first, rest @ ..] if rest.iter().all(|x| x == first) => number(*first),
        all => format!("[{}]", all.iter().map(|x| number(*x)).collect::<Vec<_>>().join(", ")),
    }
}

impl Model {
    /// Totals of a cell: sections, segments, area (um2), length (um).
    #[must_use]
    pub fn totals(&self, cell: &Cell) -> (usize, usize, f64, f64) {
        let segments = cell.sections.iter().map(|id| self.section(*id).segments()).sum();
        let area = cell.sections.iter().map(|id| self.whole_area(*id)).sum();
        let length = cell.sections.iter().map(|id| self.length(*id)).sum();
        (cell.sections.len(), segments, area, length)
    }

    fn whole_area(&self, id: SectionId) -> f64 {
        self.solid(id).segments.iter().map(|segment| segment.area * 1e8).sum()
    }

    /// The report as lines: a heading, and what is said under it.
    #[must_use]
    pub fn report(&self, cell: &Cell) -> Vec<(String, String)> {
        let (sections, segments, area, length) = self.totals(cell);
        let mut rows: Vec<(String, String)> = vec![
            ("sections".into(), sections.to_string()),
            ("segments".into(), segments.to_string()),
            ("area".into(), format!("{} um2", short(area))),
            ("length".into(), format!("{} um", short(length))),
        ];
        for (id, (name, index)) in cell.sections.iter().zip(&cell.names) {
            let section = self.section(*id);
            let heading = index.map_or(name.clone(), |k| format!("{name}[{k}]"));
            let on = section.parent.map_or("the root".to_owned(), |link| {
                let by = if link.by_end { ", by its 1 end" } else { "" };
                format!("on {}({}){by}", cell.name(link.section), link.x)
            });
            let diams = self.diams(*id);
            let (low, high) = diams.iter().fold((f64::INFINITY, 0.0f64), |(low, high), d| (low.min(*d), high.max(*d)));
            let diam = if short(low) == short(high) { short(low) } else { format!("{} to {}", short(low), short(high)) };
            let points = if section.points().is_empty() { String::new() } else { format!(", {} points", section.points().len()) };
            let size = format!(
                "{on}; {} um long, diameter {diam} um, nseg {}, Ra {} ohm*cm, cm {} uF/cm2{points}",
                short(self.length(*id)),
                section.segments(),
                short(section.resistivity),
                short(section.capacitance[section.segment(0.5)]),
            );
            rows.push((heading, size));
            for inserted in &section.mechanisms {
                rows.push((String::new(), self.line(inserted)));
            }
            for ion in &section.ions {
                let middle = section.segment(0.5);
                let [e, inside, outside] = [0, 1, 2].map(|k| short(ion.values[k][middle]));
                let n = &ion.name;
                rows.push((String::new(), format!("ion {n}: e{n} {e} mV, {n}i {inside} mM, {n}o {outside} mM")));
            }
        }
        for id in &cell.points {
            let Some(point) = self.point(*id) else { continue };
            let Some((section, x)) = point.place else { continue };
            let known = self.catalog.get(point.mechanism);
            let values = known.values.iter().zip(&point.values).filter(|(value, _)| value.role == Role::Parameter);
            let values: Vec<String> = values.map(|(value, x)| format!("{} {}", value.name, short(*x))).collect();
            let line = format!("{} at {}({}): {}", known.name, cell.name(section), short(x), values.join(", "));
            rows.push((cell.point_name(self, *id), line));
        }
        for (name, value) in self.shared() {
            rows.push(("of all".into(), format!("{name} = {}", short(value))));
        }
        rows.extend(cell.left.iter().map(|line| ("left out".to_owned(), line.clone())));
        rows
    }

    fn line(&self, inserted: &super::section::Inserted) -> String {
        let known = self.catalog.get(inserted.mechanism);
        let middle = |list: &Vec<f64>, size: usize| list.get(list.len() / size.max(1) / 2 * size).copied().unwrap_or(0.0);
        let values = known.values.iter().zip(&inserted.values).filter(|(value, _)| value.role == Role::Parameter);
        let values: Vec<String> = values
            .map(|(value, list)| {
                let uniform = list.iter().all(|x| Some(x) == list.first());
                format!("{} {}{}", value.name, short(middle(list, value.size)), if uniform { "" } else { " in the middle" })
            })
            .collect();
        match values.is_empty() {
            true => known.name.to_string(),
            false => format!("{}: {}", known.name, values.join(", ")),
        }
    }

    /// Values that all share and that the script has set, by name.
    #[must_use]
    pub fn shared(&self) -> Vec<(String, f64)> {
        let mut all: Vec<(String, f64)> = self.globals.iter().map(|(name, value)| (name.clone(), *value)).collect();
        all.retain(|(name, _)| !matches!(name.as_str(), "t" | "dt" | "hoc_ac_" | "nrn_shape_changed_"));
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }

    /// The report as one object of JSON.
    #[must_use]
    pub fn json(&self, cell: &Cell) -> String {
        let (sections, segments, area, length) = self.totals(cell);
        let all: Vec<String> = cell.sections.iter().map(|id| self.json_of(cell, *id)).collect();
        let left: Vec<String> = cell.left.iter().map(|line| quoted(line)).collect();
        let shared: Vec<String> =
            self.shared().iter().map(|(name, value)| format!("{}: {}", quoted(name), number(*value))).collect();
        format!(
            "{{\"n_sections\": {sections}, \"n_segments\": {segments}, \"total_area_um2\": {}, \"total_length_um\": {}, \"sections\": [{}], \
             \"globals\": {{{}}}, \"left_out\": [{}]}}",
            number(area),
            number(length),
            all.join(", "),
            shared.join(", "),
            left.join(", ")
        )
    }

    fn json_of(&self, cell: &Cell, id: SectionId) -> String {
        let section = self.section(id);
        let parent = section.parent.map_or("null".to_owned(), |link| {
            let end = if link.by_end { 1.0 } else { 0.0 };
            format!("[{}, {}, {}]", quoted(&self.section(link.section).name), number(link.x), number(end))
        });
        let mechs = section.mechanisms.iter().map(|inserted| {
            let known = self.catalog.get(inserted.mechanism);
            let values = known.values.iter().zip(&inserted.values).filter(|(value, _)| value.role == Role::Parameter);
            let values: Vec<String> = values.map(|(value, x)| format!("{}: {}", quoted(&value.name), list(x))).collect();
            format!("{}: {{{}}}", quoted(&known.name), values.join(", "))
        });
        let ions = section.ions.iter().map(|ion| {
            let [e, inside, outside] = [0, 1, 2].map(|k| list(&ion.values[k]));
            format!("{}: {{\"e\": {e}, \"i\": {inside}, \"o\": {outside}}}", quoted(&ion.name))
        });
        let points = cell.points.iter().filter_map(|at| {
            let point = self.point(*at)?;
            let (of, x) = point.place?;
            let known = self.catalog.get(point.mechanism);
            let values = known.values.iter().zip(&point.values).filter(|(value, _)| value.role == Role::Parameter);
            let values: Vec<String> = values.map(|(value, x)| format!("{}: {}", quoted(&value.name), number(*x))).collect();
            let cls = quoted(&known.name);
            (of == id).then(|| format!("{{\"cls\": {cls}, \"loc\": {}, \"params\": {{{}}}}}", number(x), values.join(", ")))
        });
        let solid = self.solid(id);
        let areas: Vec<f64> = solid.segments.iter().map(|segment| segment.area * 1e8).collect();
        let middles: Vec<f64> = (0..section.segments()).map(|k| section.middle(k)).collect();
        let resistances: Vec<f64> = middles.iter().map(|x| self.resistance(id, *x)).collect();
        format!(
            "{{\"name\": {}, \"called\": {}, \"L\": {}, \"nseg\": {}, \"Ra\": {}, \"cm\": {}, \"diam\": {}, \"area\": {}, \"areas\": {}, \"ri\": {}, \
             \"parent\": {parent}, \"pt3d_points\": {}, \"mechs\": {{{}}}, \"ions\": {{{}}}, \"point_processes\": [{}]}}",
            quoted(&section.name),
            quoted(&cell.name(id)),
            number(self.length(id)),
            section.segments(),
            number(section.resistivity),
            list(&section.capacitance),
            list(&self.diams(id)),
            number(areas.iter().sum()),
            list(&areas),
            list(&resistances),
            section.points().len(),
            mechs.collect::<Vec<_>>().join(", "),
            ions.collect::<Vec<_>>().join(", "),
            points.collect::<Vec<_>>().join(", "),
        )
    }
}
