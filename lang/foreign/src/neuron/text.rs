//! An imported cell as text of Bouton's language: what stands between the braces of `cell NAME { }`.

use super::catalog::{Mechanism, Role, Value};
use super::section::{Inserted, Ion};
use super::table::Tables;
use super::{Cell, Kind, Model, SectionId};
use crate::nmodl::unit::Unit;
use bouton_model::unit::quantity::shown;
use std::fmt::Write;

/// Density mechanisms that are no `insert`.
const SILENT: &[&str] = &["capacitance", "morphology"];

impl Model {
    /// The lines of a cell's braces. What cannot be said goes to what is left out.
    pub fn text(&self, cell: &mut Cell) -> String {
        let mut out = String::new();
        for (name, first, count) in &cell.arrays {
            let range = if *first == 0 { count.to_string() } else { format!("{first} .. {}", first + count - 1) };
            let _ = writeln!(out, "section {name}[{range}] {{ }}");
        }
        let tables = Tables::of(self, cell);
        tables.lines.iter().for_each(|line| {
            let _ = writeln!(out, "{line}");
        });
        let mut left = Vec::new();
        let alike = cell.sections.iter().any(|id| self.section(*id).rall != 1.0);
        for (at, id) in cell.sections.iter().enumerate() {
            let (name, index) = &cell.names[at];
            let head = match index {
                Some(index) => format!("in {name}[{index}]"),
                None => format!("section {name}"),
            };
            let _ = writeln!(out, "{head} {{");
            for line in self.lines(cell, (*id, alike), &tables, &mut left) {
                let _ = writeln!(out, "    {line}");
            }
            let _ = writeln!(out, "}}");
        }
        for (name, sections) in &cell.lists {
            let _ = writeln!(out, "let {name} = [{}]", ranges(cell, sections).join(", "));
        }
        for id in &cell.points {
            if let Some(line) = self.point_line(cell, *id, &tables) {
                let _ = writeln!(out, "{line}");
            }
        }
        for line in self.pointer_lines(cell, &mut left) {
            let _ = writeln!(out, "{line}");
        }
        let usual = cell.sections.iter().find(|id| self.section(**id).parent.is_none()).map(|root| (*root, 0.5, 10.0));
        // A point process that sends events and carries no current has a potential of its own: the membrane on which it sits is nobody's.
        let is_cell = |one: &Mechanism| one.sends && !one.carries;
        let sends = cell.points.iter().filter_map(|id| self.point(*id)).any(|one| is_cell(self.catalog.get(one.mechanism)));
        if let Some((section, x, threshold)) = cell.spike.or(usual.filter(|_| !sends)).filter(|_| !cell.silent) {
            let _ = writeln!(out, "spike at {}({x:?}) above {threshold:?} mV", cell.name(section));
        }
        for name in ["celsius", "v_init", "secondorder"] {
            if let Some(value) = self.globals.get(name).filter(|value| name != "secondorder" || **value != 0.0) {
                let said = match (name, *value) {
                    ("secondorder", 1.0) => "simulation { second_order = potentials }",
                    ("secondorder", _) => "simulation { second_order = on }",
                    _ => "simulation",
                };
                left.push(format!("{name} = {value}: `{said}` says it for the whole model"));
            }
        }
        left.into_iter().for_each(|line| {
            if !cell.left.contains(&line) {
                cell.left.push(line);
            }
        });
        out
    }

    /// How many branches a section stands for, with those on which it hangs.
    fn copies(&self, id: SectionId) -> f64 {
        let up = std::iter::successors(Some(id), |at| self.section(*at).parent.map(|link| link.section));
        up.map(|at| self.section(at).rall).product()
    }

    fn lines(&self, cell: &Cell, (id, alike): (SectionId, bool), tables: &Tables, left: &mut Vec<String>) -> Vec<String> {
        let section = self.section(id);
        let count = section.segments();
        let mut lines = Vec::new();
        let um = |x: f64| format!("{x:?} um");
        // n alike branches are one of n times the diameter and the axial resistivity: membrane and conductance along it are n times as large.
        let copies = if alike { self.copies(id) } else { 1.0 };
        if copies != 1.0 {
            lines.push(format!("L = {}", um(self.length(id))));
            lines.push(format!("diam = {}", along(&self.diams(id), 1, 0, &|x| um(x * copies))));
        } else if section.points().len() > 1 {
            let point = |p: &super::Point3| {
                let [x, y, z] = p.at;
                format!("({x:?} um, {y:?} um, {z:?} um, {:?} um)", p.diam.abs())
            };
            let points: Vec<String> = section.points().iter().map(point).collect();
            lines.push(format!("points = [{}]", points.join(", ")));
            if let Some(length) = section.stretched() {
                lines.push(format!("L = {}", um(length)));
            }
        } else {
            lines.push(format!("L = {}", um(self.length(id))));
            lines.push(format!("diam = {}", along(&self.diams(id), 1, 0, &um)));
        }
        lines.push(format!("Ra = {:?} ohm*cm", section.resistivity * copies));
        lines.push(format!("cm = {}", along(&section.capacitance, 1, 0, &|x| format!("{x:?} uF/cm2"))));
        lines.push(format!("nseg = {count}"));
        if let Some(link) = section.parent {
            let end = if link.by_end { " at 1" } else { "" };
            lines.push(format!("connect {}({:?}){end}", cell.name(link.section), link.x));
        }
        if section.rall != 1.0 {
            left.push(format!(
                "rallbranch = {} of {}: such branches are one, with what hangs on it, of as many times the diameter and Ra; what takes `diam` or sits at one place there acts on all of them together",
                section.rall, section.name
            ));
        }
        for inserted in &section.mechanisms {
            let known = self.catalog.get(inserted.mechanism);
            match () {
                () if known.name.ends_with("_ion") => {}
                () if SILENT.contains(&&*known.name) => {}
                () if &*known.name == "extracellular" => lines.push(outside_line(inserted)),
                () => {
                    let off = self.globals.get(&format!("usetable_{}", known.name)).filter(|on| known.library && **on == 0.0);
                    left.extend(off.map(|_| format!("usetable_{} = 0: `simulation {{ tables = off }}` says it", known.name)));
                    lines.push(self.insert_line(known, inserted, count, tables));
                }
            }
        }
        lines.extend(section.ions.iter().flat_map(|ion| self.ion_lines(id, ion)));
        lines
    }

    /// `insert hh { gnabar = 0.12 S/cm2 }`, with what differs from the mechanism's defaults.
    fn insert_line(&self, known: &Mechanism, inserted: &Inserted, count: usize, tables: &Tables) -> String {
        let mut settings = tables.settings(inserted.mechanism);
        for (at, value) in known.values.iter().enumerate() {
            let Some(list) = inserted.values.get(at) else { continue };
            let changed = list.iter().any(|x| *x != value.default) || known.library && inserted.set[at];
            if !changed || value.role != Role::Parameter && (known.library || !inserted.set[at]) {
                continue;
            }
            let Some(unit) = tables.unit(inserted.mechanism, known, value) else { continue };
            let _ = count;
            for element in 0..value.size {
                let written = along(list, value.size, element, &|x| literal(x, &unit));
                settings.push(format!("{} = {written}", library_name(value, element)));
            }
        }
        settings.extend(self.global_settings(known));
        let copy = if known.written == known.name { String::new() } else { format!("{}: ", known.name) };
        let name = format!("{copy}{}", known.written);
        match settings.is_empty() {
            true => format!("insert {name}"),
            false => format!("insert {name} {{ {} }}", settings.join(", ")),
        }
    }

    /// What was set of values that all instances share: `vhalf_m = -40`.
    fn global_settings(&self, known: &Mechanism) -> Vec<String> {
        let mut settings = Vec::new();
        for value in &known.globals {
            if let Some(x) = self.globals.get(&format!("{}_{}", value.name, known.name))
                && *x != value.default
                && !(known.library && &*value.name == "usetable")
                && value.role == Role::Parameter
            {
                let state =
                    known.values.iter().find(|state| state.role == Role::State && *value.name == format!("{}0", state.name));
                let name = state.map_or(&value.name, |state| &state.name);
                settings.push(format!("{name} = {}", literal(*x, &value.unit)));
            }
        }
        settings
    }

    /// What was set of an ion, and is used: a mechanism that writes a concentration begins with what all share.
    fn ion_lines(&self, id: SectionId, ion: &Ion) -> Vec<String> {
        let section = self.section(id);
        let users = || section.mechanisms.iter().map(|one| self.catalog.get(one.mechanism)).flat_map(|one| &one.ions);
        let used = users().any(|(name, _)| *name == ion.name);
        let written = users().any(|(name, writes)| *name == ion.name && *writes);
        let mut lines = Vec::new();
        let n = &ion.name;
        for (which, (name, unit)) in
            [(format!("e{n}"), "mV"), (format!("{n}i"), "mM"), (format!("{n}o"), "mM")].into_iter().enumerate()
        {
            let shared = self.globals.get(&format!("{name}0_{n}_ion"));
            let list = &ion.values[which];
            let differs = ion.set[which] && list.iter().any(|x| *x != Ion::usual(n)[which]);
            match shared {
                Some(value) if written && used && which > 0 => lines.push(format!("{name} = {value:?} {unit}")),
                _ if differs && used && !(written && which > 0) => {
                    lines.push(format!("{name} = {}", along(list, 1, 0, &|x| format!("{x:?} {unit}"))));
                }
                _ => {}
            }
        }
        if used && ion.fixed {
            lines.push(format!("insert fixed_e{n} {{ e = {} }}", along(&ion.values[0], 1, 0, &|x| format!("{x:?} mV"))));
        }
        lines
    }

    fn point_line(&self, cell: &Cell, id: usize, tables: &Tables) -> Option<String> {
        let point = self.point(id)?;
        let (section, x) = point.place?;
        let known = self.catalog.get(point.mechanism);
        if known.kind != Kind::Point || &*known.name == "PointProcessMark" || &*known.name == "APCount" {
            return None;
        }
        let values = known.values.iter().zip(&point.values).zip(&point.set);
        let mut settings: Vec<String> = values
            .filter(|((value, x), set)| **x != value.default || known.library && **set)
            .filter(|((value, _), set)| value.role == Role::Parameter || **set && !known.library)
            .filter_map(|((value, x), _)| {
                let unit = tables.unit(point.mechanism, known, value)?;
                Some(format!("{} = {}", library_name(value, 0), literal(*x, &unit)))
            })
            .collect();
        settings.extend(tables.settings(point.mechanism));
        settings.extend(self.global_settings(known));
        let head = format!("synapse {}: {} at {}({x:?})", cell.point_name(self, id), known.written, cell.name(section));
        Some(match settings.is_empty() {
            true => head,
            false => format!("{head} {{ {} }}", settings.join(", ")),
        })
    }
}

/// Values of the two layers around a section: xraxial, xg and xc, each with one for a layer, and the potential of ground.
fn outside_line(inserted: &Inserted) -> String {
    let mut settings = Vec::new();
    for (name, unit, values) in
        ["xraxial", "xg", "xc"].into_iter().zip(["Mohm/cm", "S/cm2", "uF/cm2"]).zip(&inserted.values).map(|((a, b), c)| (a, b, c))
    {
        let show = |x: f64| format!("{x:?} {unit}");
        settings.push(format!("{name} = [{}, {}]", along(values, 2, 0, &show), along(values, 2, 1, &show)));
    }
    if let Some(ground) = inserted.values.get(3) {
        settings.push(format!("e = {}", along(ground, 1, 0, &|x| format!("{x:?} mV"))));
    }
    format!("insert extracellular {{ {} }}", settings.join(", "))
}

pub(super) fn library_name(value: &Value, element: usize) -> String {
    let name = if value.library.is_empty() { &*value.name } else { value.library };
    if value.size > 1 { format!("{name}[{element}]") } else { name.to_owned() }
}

/// Sections as a list, neighbours in an array as ranges.
fn ranges(cell: &Cell, sections: &[SectionId]) -> Vec<String> {
    let mut all: Vec<(String, Option<(usize, usize)>)> = Vec::new();
    for id in sections {
        let Some(at) = cell.sections.iter().position(|one| one == id) else { continue };
        let (name, index) = &cell.names[at];
        match (all.last_mut(), index) {
            (Some((last, Some((_, end)))), Some(index)) if last == name && *end + 1 == *index => *end = *index,
            (_, index) => all.push((name.clone(), index.map(|index| (index, index)))),
        }
    }
    let written = |(name, range): (String, Option<(usize, usize)>)| match range {
        None => name,
        Some((first, last)) if first == last => format!("{name}[{first}]"),
        Some((first, last)) => format!("{name}[{first} .. {last}]"),
    };
    all.into_iter().map(written).collect()
}

/// A number of a file in its unit. What a file means by infinity, a clamp that never ends, is a number beyond all that are in use.
pub(super) fn literal(x: f64, unit: &Unit) -> String {
    const FAR: f64 = 1e200;
    let x = if x.is_infinite() { FAR.copysign(x) } else { x };
    if unit.is_temperature() {
        return format!("{x:?} degC");
    }
    let shown = shown(&unit.dimension());
    let same = shown.unit.factor() == unit.factor();
    let number = if same { x } else { shown.unit.count(x * unit.factor()) };
    match shown.text.as_str() {
        "" => format!("{number:?}"),
        over if over.starts_with('/') => format!("{number:?}{over}"),
        text => format!("{number:?} {text}"),
    }
}

/// A value for each segment as one expression of `x`; a single one where all are the same.
fn along(list: &[f64], size: usize, element: usize, show: &dyn Fn(f64) -> String) -> String {
    let values: Vec<f64> = list.iter().skip(element).step_by(size.max(1)).copied().collect();
    between(&values, 0, values.len(), show)
}

fn between(values: &[f64], from: usize, to: usize, show: &dyn Fn(f64) -> String) -> String {
    let part = &values[from..to];
    match part {
        [] => show(0.0),
        [first, rest @ ..] if rest.iter().all(|x| x == first) => show(*first),
        _ => {
            let middle = from + (to - from) / 2;
            let at = middle as f64 / values.len() as f64;
            format!(
                "if x < {at:?} {{ {} }} else {{ {} }}",
                between(values, from, middle, show),
                between(values, middle, to, show)
            )
        }
    }
}
