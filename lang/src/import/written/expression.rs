//! Values as text. Everything is a plain number in ms, mV, mA, cm, umol, K: what has a dimension is read as `v/mV`.

use super::{Said, Unsaid, names};
use bouton_foreign::nmodl::tree;
use bouton_foreign::nmodl::unit::Units;
use bouton_model::algebra;
use bouton_model::builtin::{FUNCTIONS, Function};
use bouton_model::ir::{Action, Binary, Diffusing, Draw, Expr, Known, LocalId, Mechanism, Unary, Var, VarId, VariableKind};
use bouton_model::unit::quantity::coherent_text;
use bouton_model::unit::{Dimension, Exponent, table};
use bouton_syntax::Span;
use std::collections::{HashMap, HashSet};

/// Definitions of at most so many parts that are used once are written where they are used.
const MOST_INLINE: usize = 24;
/// The longest text of a value.
const MOST_TEXT: usize = 20_000;

pub(super) struct Writer<'a> {
    pub m: &'a Mechanism,
    names: Vec<String>,
    /// Units of parameters as the file counts them, and how many make one coherent unit.
    units: HashMap<VarId, (String, f64)>,
    inline: HashSet<VarId>,
    /// Names of local values.
    pub locals: HashMap<LocalId, String>,
}

impl<'a> Writer<'a> {
    pub fn new(m: &'a Mechanism, tree: &tree::File, units: &Units) -> Writer<'a> {
        let mut found = HashMap::new();
        for (id, v) in (0..).map(VarId).zip(&m.variables) {
            let base = v.name.split('[').next().unwrap_or("");
            let declared = tree.parameters.iter().find(|one| &*one.name.text == base);
            let text = declared.and_then(|one| one.unit.as_deref());
            if let (VariableKind::Param { .. }, Some(text)) = (&v.kind, text)
                && let Some(own) = units.read(text)
                && let Some(unit) = known(text, &v.dimension, own.factor(), own.reciprocal())
            {
                found.insert(id, (unit, own.reciprocal()));
            }
        }
        let mut writer = Writer { m, names: names::names(m), units: found, inline: HashSet::new(), locals: HashMap::new() };
        writer.inline = writer.used_once();
        writer
    }

    /// These are written as definitions in any case.
    pub fn keep(&mut self, list: &[VarId]) {
        list.iter().for_each(|id| {
            self.inline.remove(id);
        });
    }

    pub fn name(&self, id: VarId) -> &str {
        names::of(&self.names, id)
    }

    /// Hidden definitions that one place uses.
    fn used_once(&self) -> HashSet<VarId> {
        let mut uses: HashMap<VarId, usize> = HashMap::new();
        let mut count = |e: &Expr| {
            algebra::visit(e, &mut |part| {
                if let Expr::Var(Var::Own(id)) = part {
                    *uses.entry(*id).or_default() += 1;
                }
            });
        };
        let m = self.m;
        for v in &m.variables {
            match &v.kind {
                VariableKind::Let { value } | VariableKind::State { initial: value } => count(value),
                _ => {}
            }
        }
        m.equations.iter().for_each(|e| count(&e.rate));
        m.currents.iter().for_each(|c| count(&c.value));
        m.kinetic.reactions.iter().for_each(|r| {
            count(&r.forward);
            r.backward.iter().for_each(&mut count);
        });
        m.kinetic.conserved.iter().for_each(|c| count(&c.total));
        m.kinetic.volumes.iter().for_each(|(_, e)| count(e));
        m.kinetic.diffusing.iter().flat_map(Diffusing::values).for_each(&mut count);
        m.conditions.iter().for_each(|c| count(&c.when));
        let handlers = m.handlers.iter().map(|h| &h.body).chain(m.conditions.iter().map(|c| &c.body));
        let bodies: Vec<&Vec<Action>> = handlers.chain([&m.during, &m.after]).collect();
        bodies.into_iter().for_each(|body| algebra::visit_actions(body, &mut count));
        let small = |e: &Expr| {
            let mut parts = 0;
            algebra::visit(e, &mut |_| parts += 1);
            parts <= MOST_INLINE
        };
        let ids = (0..).map(VarId).zip(&m.variables);
        let hidden = ids.filter(|(id, v)| {
            let once = uses.get(id).copied().unwrap_or(0) <= 1;
            v.name.contains('\'') && once && matches!(&v.kind, VariableKind::Let { value } if small(value))
        });
        hidden.map(|(id, _)| id).collect()
    }

    /// The definitions that a value uses and that are lines of their own, whatever stands between.
    pub fn definitions(&self, e: &Expr) -> Vec<VarId> {
        let mut found = Vec::new();
        let mut met = Vec::new();
        algebra::visit(e, &mut |part| {
            if let Expr::Var(Var::Own(id)) = part {
                met.push(*id);
            }
        });
        for id in met {
            let Some(VariableKind::Let { value }) = self.m.variables.get(id.index()).map(|v| &v.kind) else { continue };
            if self.inline.contains(&id) {
                found.extend(self.definitions(value));
            } else {
                found.push(id);
            }
        }
        found
    }

    /// A number with its unit: of a parameter in the file's.
    pub fn quantity(&self, id: VarId, x: f64) -> String {
        let Some(v) = self.m.variables.get(id.index()) else { return number(x) };
        if v.dimension == Dimension::TEMPERATURE {
            return format!("{} degC", number(six(x - 273.15)));
        }
        match self.units.get(&id) {
            Some((unit, reciprocal)) => format!("{} {unit}", number(six(x * reciprocal))),
            None => with(&number(x), &coherent_text(&v.dimension), true),
        }
    }

    /// A plain value as one of a dimension.
    pub fn of(&self, e: &Expr, dimension: &Dimension) -> Said<String> {
        let unit = coherent_text(dimension);
        if let Expr::Number(x) = e
            && x.is_finite()
        {
            return Ok(with(&number(*x), &unit, true));
        }
        let level = if unit.is_empty() { 0 } else { 5 };
        Ok(with(&self.at(e, level)?, &unit, false))
    }

    /// The same per ms.
    pub fn of_over_time(&self, e: &Expr, dimension: &Dimension) -> Said<String> {
        let unit = coherent_text(dimension);
        Ok(format!("{} / ms", with(&self.at(e, 5)?, &unit, false)))
    }

    /// A plain value.
    pub fn plain(&self, e: &Expr) -> Said<String> {
        self.at(e, 0)
    }

    /// A value where only operators that bind at least so tightly can stand bare: 1 or, 2 and, 3 comparison, 4 sum, 5 product, 6 sign, 7 power.
    fn at(&self, e: &Expr, least: u8) -> Said<String> {
        let (text, power) = self.text(e)?;
        if text.len() > MOST_TEXT {
            return Err(Unsaid(self.m.span, "a value of more than 20,000 characters".into()));
        }
        Ok(if power < least { format!("({text})") } else { text })
    }

    fn text(&self, e: &Expr) -> Said<(String, u8)> {
        Ok(match e {
            // What is no number has no digits.
            Expr::Number(x) if x.is_nan() => ("sqrt(-1)".to_owned(), 8),
            Expr::Number(x) if !x.is_finite() => {
                return Err(Unsaid(self.m.span, "a value that is no number".into()));
            }
            Expr::Number(x) => (number(*x), if x.is_sign_negative() { 6 } else { 8 }),
            Expr::Bool(b) => (b.to_string(), 8),
            Expr::Var(var) => self.variable(*var)?,
            Expr::Unary(Unary::Neg, a) => (format!("-{}", self.at(a, 6)?), 6),
            Expr::Unary(Unary::Not, a) => (format!("not {}", self.at(a, 7)?), 2),
            Expr::Binary(op, a, b) => {
                if let Some(read) = self.counted(*op, a, b) {
                    return Ok((read, 8));
                }
                let (sign, power) = sign(*op);
                // Comparisons stand one at a time; a power groups to the right.
                let (left, right) = match op {
                    Binary::Pow => (8, 7),
                    Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge | Binary::Eq | Binary::Ne => (4, 4),
                    _ => (power, power + 1),
                };
                (format!("{} {sign} {}", self.at(a, left)?, self.at(b, right)?), power)
            }
            Expr::Call(Function::Table, list) => self.looked_up(list)?,
            Expr::Call(function, list) => {
                let name = FUNCTIONS.iter().find(|row| row.function == *function).map_or("", |row| row.name);
                let list = list.iter().map(|e| self.plain(e)).collect::<Said<Vec<_>>>()?;
                (format!("{name}({})", list.join(", ")), 8)
            }
            Expr::Draw(draw, list) => {
                let name = match draw {
                    Draw::Uniform => "uniform",
                    Draw::Normal => "normal",
                    Draw::Lognormal => "lognormal",
                    Draw::Exponential => "exponential",
                    Draw::Poisson => "poisson",
                };
                let list = list.iter().map(|e| self.plain(e)).collect::<Said<Vec<_>>>()?;
                (format!("{name}({})", list.join(", ")), 8)
            }
            Expr::If(c, a, b) => (format!("if {} {{ {} }} else {{ {} }}", self.plain(c)?, self.plain(a)?, self.plain(b)?), 0),
            Expr::Let(..) | Expr::Measure(_) | Expr::List(_) | Expr::PerCell(_) => {
                return Err(Unsaid(self.m.span, "a value of another kind".into()));
            }
        })
    }

    /// `tau(v)/ms`
    fn looked_up(&self, list: &[Expr]) -> Said<(String, u8)> {
        let found = match list {
            [Expr::Var(Var::Own(id)), rest @ ..] => self.m.variables.get(id.index()).map(|v| (*id, v, rest)),
            _ => None,
        };
        let Some((id, v, rest)) = found else { return Err(Unsaid(self.m.span, "a table without a name".into())) };
        let VariableKind::Table { arguments, .. } = &v.kind else {
            return Err(Unsaid(self.m.span, "a table without a name".into()));
        };
        let mut said = Vec::new();
        for (value, dimension) in rest.iter().zip(arguments) {
            let unit = coherent_text(dimension);
            let plain = if let Expr::Var(var) = value { Some(self.variable(*var)?.0) } else { None };
            let counted = plain.as_ref().and_then(|text| text.strip_suffix(&format!("/{unit}")));
            said.push(match counted.filter(|name| !name.contains(['(', ' ', '/', '*'])) {
                Some(name) => name.to_owned(),
                None => with(&self.at(value, 6)?, &unit, false),
            });
        }
        Ok(over(&format!("{}({})", self.name(id), said.join(", ")), &coherent_text(&v.dimension)))
    }

    /// `gbar in pS/um2`, `celsius in degC`: what the file counts in units of its own.
    fn counted(&self, op: Binary, a: &Expr, b: &Expr) -> Option<String> {
        let Expr::Number(by) = b else { return None };
        match (op, a) {
            (Binary::Mul, Expr::Var(Var::Own(id))) => {
                let (unit, reciprocal) = self.units.get(id)?;
                (by == reciprocal).then(|| format!("({} in {unit})", self.name(*id)))
            }
            (Binary::Sub, Expr::Var(Var::Own(id))) if *by == 273.15 => {
                let is_temperature = self.m.variables.get(id.index())?.dimension == Dimension::TEMPERATURE;
                is_temperature.then(|| format!("({} in degC)", self.name(*id)))
            }
            (Binary::Sub, Expr::Var(Var::Known(Known::Celsius))) if *by == 273.15 => Some("(celsius in degC)".into()),
            (Binary::Mul, Expr::Var(Var::Known(Known::Area))) if *by == 1e8 => Some("(area in um2)".into()),
            (Binary::Mul, Expr::Var(Var::Known(Known::Diam))) if *by == 1e4 => Some("(diam in um)".into()),
            _ => None,
        }
    }

    fn variable(&self, var: Var) -> Said<(String, u8)> {
        Ok(match var {
            Var::Own(id) => {
                let Some(v) = self.m.variables.get(id.index()) else {
                    return Err(Unsaid(self.m.span, "an unknown variable".into()));
                };
                match &v.kind {
                    VariableKind::Let { value } if self.inline.contains(&id) => return self.text(value),
                    _ => over(self.name(id), &coherent_text(&v.dimension)),
                }
            }
            Var::Known(known) => {
                let (name, unit) = match known {
                    Known::V => ("v", "mV"),
                    Known::T => ("t", "ms"),
                    Known::Dt => ("dt", "ms"),
                    Known::Celsius => ("celsius", "K"),
                    Known::Area => ("area", "cm2"),
                    Known::Diam => ("diam", "cm"),
                };
                if known == Known::Celsius { ("((celsius in degC) + 273.15)".to_owned(), 8) } else { over(name, unit) }
            }
            Var::Local(local) => match self.locals.get(&local) {
                Some(name) => (name.clone(), 8),
                None => return Err(Unsaid(self.m.span, "a local value of another block".into())),
            },
            Var::Argument(k) => {
                let column = self.m.columns.get(usize::from(k));
                let Some(column) = column else { return Err(Unsaid(self.m.span, "a value of a connection".into())) };
                over(&column.name, &coherent_text(&column.dimension))
            }
            _ => return Err(Unsaid(self.m.span, "a value of another kind".into())),
        })
    }
}

/// A value read as a plain number.
fn over(name: &str, unit: &str) -> (String, u8) {
    let one = |c: char| c.is_ascii_alphanumeric();
    match unit {
        "" => (name.to_owned(), 8),
        _ if unit.chars().all(one) => (format!("{name}/{unit}"), 5),
        // A rate is counted by its inverse.
        _ if unit.starts_with('/') && unit[1..].chars().all(one) => (format!("{name}*{}", &unit[1..]), 5),
        _ => (format!("{name}/({})", super::bare(unit)), 5),
    }
}

/// A plain text with a unit.
fn with(text: &str, unit: &str, literal: bool) -> String {
    match unit {
        "" => text.to_owned(),
        _ if unit.starts_with('/') => format!("{text}{unit}"),
        _ if literal => format!("{text} {unit}"),
        _ => format!("{text} * {unit}"),
    }
}

fn sign(op: Binary) -> (&'static str, u8) {
    match op {
        Binary::Or => ("or", 1),
        Binary::And => ("and", 2),
        Binary::Lt => ("<", 3),
        Binary::Le => ("<=", 3),
        Binary::Gt => (">", 3),
        Binary::Ge => (">=", 3),
        Binary::Eq => ("==", 3),
        Binary::Ne => ("!=", 3),
        Binary::Add => ("+", 4),
        Binary::Sub => ("-", 4),
        Binary::Mul => ("*", 5),
        Binary::Div => ("/", 5),
        Binary::Pow => ("^", 7),
    }
}

/// The shortest digits that mean this number.
pub(super) fn number(x: f64) -> String {
    let plain = format!("{x}");
    let short = format!("{x:e}");
    if plain.len() <= short.len() + 3 { plain } else { short }
}

/// Six digits, which is what a default has.
fn six(x: f64) -> f64 {
    format!("{x:.5e}").parse().unwrap_or(x)
}

/// A unit of the file in the language's words; nothing where the two differ.
fn known(text: &str, dimension: &Dimension, factor: f64, reciprocal: f64) -> Option<String> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let text = text.replace("umho", "uS").replace("mmho", "mS").replace("mho", "S").replace("siemens", "S").replace('-', "*");
    let text = text.strip_prefix('1').filter(|rest| rest.starts_with('/')).unwrap_or(&text);
    let mut product = table::Unit::ONE;
    let mut below = false;
    for (at, part) in text.split_inclusive(['/', '*']).enumerate() {
        let name = part.trim_end_matches(['/', '*']);
        if !(name.is_empty() && at == 0) {
            let digits = name.find(|c: char| c.is_ascii_digit()).unwrap_or(name.len());
            let power: i16 = if digits == name.len() { 1 } else { name[digits..].parse().ok()? };
            let unit = table::find(&name[..digits]).filter(|unit| !unit.is_affine())?;
            let power = if below { -power } else { power };
            product = product.times(&unit.power(Exponent { num: power, den: 1 })?)?;
        }
        below = part.ends_with('/');
    }
    let same = product.dimension == *dimension && product.factor() == factor && product.reciprocal() == reciprocal;
    (same && !text.starts_with('/')).then(|| text.to_owned())
}

/// Nothing that a handler could not say.
pub(super) fn unsaid<T>(span: Span, what: &str) -> Said<T> {
    Err(Unsaid(span, what.into()))
}
