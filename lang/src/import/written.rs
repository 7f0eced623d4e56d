//! A mechanism of a foreign file as text of the language: `bouton mod --to-net`. What the file counts in its units stays such numbers, read as `v/mV`; what
//! is recorded and set has its dimension. Comments of the file stand where they stood.

mod comments;
mod expression;
mod handlers;
mod names;

use super::{World, parsed};
use bouton_foreign::nmodl::tree::{self, Place};
use bouton_foreign::nmodl::unit::Units;
use bouton_foreign::nmodl::with_tables;
use bouton_model::algebra;
use bouton_model::ir::{
    CurrentKind, Diffusing, Equation, Expr, Kinetic, Known, Mechanism, Method, Name, Species, Var, VarId, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_model::unit::quantity::coherent_text;
use bouton_syntax::{Code, Diagnostics, SourceMap, Span};
use comments::Comments;
use expression::Writer;
use std::collections::HashSet;

/// A text, or why there is none.
#[derive(Debug)]
pub struct Rewritten {
    /// The mechanism in the language.
    pub text: Option<String>,
    /// What it cannot say, with the line of the file.
    pub missing: Option<(u32, String)>,
    /// What is wrong with the file or not supported.
    pub diagnostics: Diagnostics,
    /// The file, and what it includes.
    pub sources: SourceMap,
}

/// Something that the language has no line for.
#[derive(Clone, Debug)]
struct Unsaid(Span, String);

type Said<T> = Result<T, Unsaid>;

/// Writes a file's mechanism.
///
/// # Errors
/// Why the file cannot be read.
pub fn rewritten(file: &str, world: &dyn World) -> Result<Rewritten, String> {
    let bytes = world.bytes(file)?;
    let (mut sources, mut diagnostics) = (SourceMap::new(), Diagnostics::new());
    let tree = parsed(file, &bytes, world, &mut sources, &mut diagnostics);
    if diagnostics.has_errors() {
        return Ok(Rewritten { text: None, missing: None, diagnostics, sources });
    }
    let translated = with_tables(&tree, &mut diagnostics);
    let (Some(m), Some((place, _))) = (translated.mechanism.map(plainly_named).map(alike), &translated.name) else {
        return Ok(Rewritten { text: None, missing: None, diagnostics, sources });
    };
    let line = |span: Span| sources.position(span).map_or(0, |at| at.line);
    let text = sources.get(tree.span.file).map_or("", |source| &source.text);
    let result = Page::new(&m, &tree, Comments::of(text), &line).write(*place, &translated.valences);
    let (text, missing) = match result {
        // A word of the language may stand in the place of a name, and dimensions may not fit where numbers do.
        Ok(text) => match refused(&text) {
            None => (Some(text), None),
            Some(why) => (None, Some((line(tree.span), why))),
        },
        Err(Unsaid(span, why)) => (None, Some((line(span), why))),
    };
    Ok(Rewritten { text, missing, diagnostics, sources })
}

/// What the language says against a text.
fn refused(text: &str) -> Option<String> {
    let checked = crate::check("written.net", text, &crate::NoFiles);
    let error =
        checked.diagnostics.iter().find(|one| one.severity == bouton_syntax::Severity::Error && one.code != Code::IonValence)?;
    Some(format!("what comes of it is refused: {}", error.message))
}

/// What reacts has one dimension in the language. In files a pump counts per area beside a concentration: its numbers stay, and are taken for those of the others.
fn alike(mut m: Mechanism) -> Mechanism {
    let reactions = || m.kinetic.reactions.iter().flat_map(|r| r.left.iter().chain(&r.right));
    let states: HashSet<VarId> = reactions().chain(m.kinetic.conserved.iter().flat_map(|c| &c.sum)).map(|s| s.state).collect();
    let dimension = |id: &VarId| m.variables.get(id.index()).map(|v| v.dimension);
    let found: HashSet<Dimension> = states.iter().filter_map(dimension).collect();
    if found.len() > 1 {
        let written = m.writes.iter().map(|w| w.variable).find(|id| states.contains(id));
        let common = written.and_then(|id| dimension(&id)).unwrap_or(Dimension::NONE);
        for id in states {
            if let Some(v) = m.variables.get_mut(id.index()) {
                v.dimension = common;
            }
        }
    }
    m
}

/// A hidden definition that a visible one only repeats gets its name.
fn plainly_named(mut m: Mechanism) -> Mechanism {
    let mut given = HashSet::new();
    for at in 0..m.variables.len() {
        let Some(v) = m.variables.get(at) else { continue };
        let VariableKind::Let { value: Expr::Var(Var::Own(of)) } = &v.kind else { continue };
        let (of, name, dimension, span) = (*of, v.name.clone(), v.dimension, v.span);
        let is_hidden = |v: &bouton_model::ir::Variable| v.name.contains('\'') && matches!(v.kind, VariableKind::Let { .. });
        let hidden = m.variables.get(of.index()).is_some_and(is_hidden);
        if name.contains('\'') || !hidden || !given.insert(of) {
            continue;
        }
        if let Some(v) = m.variables.get_mut(of.index()) {
            (v.name, v.dimension, v.span) = (name, dimension, span);
        }
        if let Some(v) = m.variables.get_mut(at) {
            v.name = "'repeated".into();
        }
    }
    m
}

struct Page<'a> {
    m: &'a Mechanism,
    tree: &'a tree::File,
    writer: Writer<'a>,
    comments: Comments,
    line: &'a dyn Fn(Span) -> u32,
    out: String,
    /// Definitions that stand there already.
    written: HashSet<VarId>,
    /// Whether an event has told what connections bring.
    told: bool,
}

impl<'a> Page<'a> {
    fn new(m: &'a Mechanism, tree: &'a tree::File, comments: Comments, line: &'a dyn Fn(Span) -> u32) -> Page<'a> {
        let units = Units::of(tree);
        let writer = Writer::new(m, tree, &units);
        Page { m, tree, writer, comments, line, out: String::new(), written: HashSet::new(), told: false }
    }

    fn write(mut self, place: Place, valences: &[(Name, f64, Span)]) -> Said<String> {
        self.sayable()?;
        let m = self.m;
        let first = self.tree.neuron.name.as_ref().map_or(0, |(_, name)| (self.line)(name.span));
        for comment in self.comments.until(first) {
            self.out += &format!("// {comment}\n");
        }
        let what = match place {
            Place::Density => "mechanism",
            Place::Point => "point mechanism",
            Place::Artificial => "cell",
        };
        let behind = self.comments.behind(first);
        self.out += &format!("{what} {} {{{behind}\n", m.name);
        self.ions(valences);
        self.parameters()?;
        self.tables();
        self.states()?;
        self.kinetic()?;
        self.equations()?;
        self.method();
        self.currents()?;
        self.handlers()?;
        self.visible()?;
        for comment in self.comments.rest() {
            self.out += &format!("    // {comment}\n");
        }
        self.out += "}\n";
        Ok(self.out)
    }

    /// What has no line in the language.
    fn sayable(&self) -> Said<()> {
        let m = self.m;
        if !m.ahead.is_empty() {
            return Err(Unsaid(m.span, "equations that use values of the step's beginning".into()));
        }
        // A table that is not what its definitions say was made before the start.
        let exact = |id: VarId| m.variables.get(id.index()).map(|v| &v.kind);
        let early = |(id, content): &(VarId, Expr)| !matches!(exact(*id), Some(VariableKind::Let { value }) if value == content);
        let of_v = m.lookups.iter().filter(|l| l.argument == Expr::Var(Var::Known(Known::V)));
        if let Some((id, _)) = of_v.flat_map(|l| &l.outputs).find(|output| early(output)) {
            let span = m.variables.get(id.index()).map_or(m.span, |v| v.span);
            return Err(Unsaid(span, "a table that is made before the start".into()));
        }
        if let Some(common) = m.common.iter().find_map(|common| m.variables.get(common.variable.index())) {
            return Err(Unsaid(common.span, "a variable that all instances of a cell have in common".into()));
        }
        if let Some(lookup) = m.lookups.iter().find(|l| l.argument != Expr::Var(Var::Known(Known::V))) {
            let span = lookup.outputs.first().and_then(|(id, _)| m.variables.get(id.index())).map_or(m.span, |v| v.span);
            return Err(Unsaid(span, "a table of something other than the membrane potential".into()));
        }
        Ok(())
    }

    /// One line of the mechanism, with the comments that stood before it and behind it.
    fn put(&mut self, line: &str, span: Span) {
        let at = (self.line)(span);
        for comment in self.comments.before(at) {
            self.out += &format!("    // {comment}\n");
        }
        let behind = self.comments.behind(at);
        self.out += &format!("    {line}{behind}\n");
    }

    fn ions(&mut self, valences: &[(Name, f64, Span)]) {
        for ion in &self.tree.neuron.ions {
            let name = &*ion.name.text;
            let mut line = format!("ion {name}");
            let reads: Vec<String> = self
                .m
                .variables
                .iter()
                .filter_map(|v| match &v.kind {
                    VariableKind::Ion { ion, quantity } if **ion == *name => Some(quantity.name(name)),
                    _ => None,
                })
                .collect();
            let carried = self.m.currents.iter().filter(|c| matches!(&c.kind, CurrentKind::Ion(ion) if **ion == *name));
            let mut writes: Vec<String> = carried.map(|_| format!("i{name}")).collect();
            writes.extend(self.m.writes.iter().filter(|w| *w.ion == *name).map(|w| w.quantity.name(name)));
            for (word, list) in [("reads", reads), ("writes", writes)] {
                if !list.is_empty() {
                    line += &format!(" {word} {}", list.join(", "));
                }
            }
            if let Some((_, valence, _)) = valences.iter().find(|(ion, ..)| **ion == *name) {
                line += &format!(" valence {valence}");
            }
            self.put(&line, ion.name.span);
        }
    }

    fn ids(&self) -> impl Iterator<Item = VarId> + use<> {
        (0..u32::try_from(self.m.variables.len()).unwrap_or(0)).map(VarId)
    }

    fn parameters(&mut self) -> Said<()> {
        let m = self.m;
        for id in self.ids() {
            let Some(v) = m.variables.get(id.index()) else { continue };
            let name = self.writer.name(id).to_owned();
            match &v.kind {
                VariableKind::Param { default } => {
                    let line = match default {
                        Some(Expr::Number(x)) => format!("param {name} = {}", self.writer.quantity(id, *x)),
                        Some(e) => format!("param {name} = {}", self.writer.of(e, &v.dimension)?),
                        None => format!("param {name}"),
                    };
                    self.put(&line, v.span);
                }
                VariableKind::Input { base } => {
                    let line = format!("input {name} = {}", self.writer.of(base, &v.dimension)?);
                    self.put(&line, v.span);
                }
                VariableKind::Table { arguments, .. } => {
                    let of = |unit: String| if unit.is_empty() { unit } else { format!(": {}", bare(&unit)) };
                    let each = ["x", "y"].into_iter().zip(arguments).map(|(x, d)| format!("{x}{}", of(coherent_text(d))));
                    let each: Vec<String> = each.collect();
                    let line = format!("param {name}({}){}", each.join(", "), of(coherent_text(&v.dimension)));
                    self.put(&line, v.span);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn tables(&mut self) {
        for lookup in &self.m.lookups {
            let names: Vec<&str> = lookup.outputs.iter().map(|(id, _)| self.writer.name(*id)).collect();
            let range = lookup.range;
            let step = (range.hi - range.lo) / range.intervals as f64;
            let line = format!("table v in {} mV .. {} mV by {step} mV for {}", range.lo, range.hi, names.join(", "));
            let span =
                lookup.outputs.first().and_then(|(id, _)| self.m.variables.get(id.index())).map_or(self.m.span, |v| v.span);
            self.put(&line, span);
        }
        let outputs: Vec<VarId> = self.m.lookups.iter().flat_map(|l| &l.outputs).map(|(id, _)| *id).collect();
        self.writer.keep(&outputs);
    }

    fn states(&mut self) -> Said<()> {
        let m = self.m;
        let mut order = Vec::new();
        self.ids().for_each(|id| self.after_its_own(id, &mut order));
        for id in order {
            let Some(v) = m.variables.get(id.index()) else { continue };
            let VariableKind::State { initial } = &v.kind else { continue };
            let name = self.writer.name(id).to_owned();
            let unit = coherent_text(&v.dimension);
            let goes_to_ion = m.writes.iter().any(|w| w.variable == id);
            let line = if *initial == Expr::Var(Var::Own(id)) && goes_to_ion {
                format!("state {name}: {unit}")
            } else if *initial == Expr::Var(Var::Own(id)) {
                format!("state {name} = {}", self.writer.of(&Expr::Number(0.0), &v.dimension)?)
            } else if algebra::is(initial, 0.0) && !unit.is_empty() {
                format!("state {name}: {} = 0", bare(&unit))
            } else {
                self.needed(initial)?;
                format!("state {name} = {}", self.writer.of(initial, &v.dimension)?)
            };
            self.put(&line, v.span);
        }
        Ok(())
    }

    /// A state behind those that its initial value uses.
    fn after_its_own(&self, id: VarId, order: &mut Vec<VarId>) {
        let Some(VariableKind::State { initial }) = self.m.variables.get(id.index()).map(|v| &v.kind) else { return };
        if order.contains(&id) {
            return;
        }
        let uses = |other: &VarId| *other != id && algebra::depends_on(self.m, initial, Var::Own(*other));
        // Initial values of a file never use each other in a circle: each is what it was when it was set.
        for other in self.ids().filter(uses).collect::<Vec<_>>() {
            let back = matches!(self.m.variables.get(other.index()).map(|v| &v.kind),
                Some(VariableKind::State { initial }) if algebra::depends_on(self.m, initial, Var::Own(id)));
            if !back {
                self.after_its_own(other, order);
            }
        }
        order.push(id);
    }

    /// Writes the definitions that a value uses, those that they use first.
    fn needed(&mut self, e: &Expr) -> Said<()> {
        for id in self.writer.definitions(e) {
            self.definition(id)?;
        }
        Ok(())
    }

    fn definition(&mut self, id: VarId) -> Said<()> {
        if !self.written.insert(id) {
            return Ok(());
        }
        let Some(v) = self.m.variables.get(id.index()) else { return Ok(()) };
        let VariableKind::Let { value } = &v.kind else { return Ok(()) };
        self.needed(value)?;
        let line = format!("let {} = {}", self.writer.name(id), self.writer.of(value, &v.dimension)?);
        self.put(&line, v.span);
        Ok(())
    }

    fn equations(&mut self) -> Said<()> {
        let m = self.m;
        let of_scheme = algebra::kinetic::rates(&m.kinetic).len();
        for Equation { state, rate, span } in m.equations.iter().skip(of_scheme) {
            self.needed(rate)?;
            let dimension = m.variables.get(state.index()).map_or(Dimension::NONE, |v| v.dimension);
            let rate = self.writer.of_over_time(rate, &dimension)?;
            self.put(&format!("{}' = {rate}", self.writer.name(*state)), *span);
        }
        Ok(())
    }

    fn method(&mut self) {
        let scheme = !self.m.kinetic.reactions.is_empty() || !self.m.kinetic.conserved.is_empty();
        let name = match self.m.method {
            Some(Method::Cnexp) => "cnexp",
            Some(Method::Derivimplicit) => "derivimplicit",
            Some(Method::Euler) => "euler",
            Some(Method::RungeKutta) => "runge_kutta",
            Some(Method::Newton) => "newton",
            Some(Method::Sparse) if scheme => "sparse",
            _ => return,
        };
        if !self.m.equations.is_empty() {
            self.out += &format!("    method {name}\n");
        }
    }

    fn kinetic(&mut self) -> Said<()> {
        let Kinetic { reactions, conserved, volumes, diffusing } = &self.m.kinetic;
        if reactions.is_empty() && conserved.is_empty() && diffusing.is_empty() {
            return Ok(());
        }
        for reaction in reactions {
            self.needed(&reaction.forward)?;
            reaction.backward.iter().try_for_each(|e| self.needed(e))?;
        }
        conserved.iter().try_for_each(|c| self.needed(&c.total))?;
        volumes.iter().try_for_each(|(_, e)| self.needed(e))?;
        diffusing.iter().flat_map(Diffusing::values).try_for_each(|e| self.needed(e))?;
        self.out += "    kinetic {\n";
        for (state, size) in volumes {
            let line = format!("    compartment {} {{ {} }}", self.writer.plain(size)?, self.writer.name(*state));
            self.put(&line, self.m.span);
        }
        for Diffusing { state, volume, constant, span } in diffusing {
            let name = self.writer.name(*state).to_owned();
            if volumes.iter().all(|(one, _)| one != state) {
                self.put(&format!("    compartment 1 {{ {name} }}"), *span);
            }
            // What the file multiplies with the cross-section is a constant by itself here.
            let constant = algebra::div(constant.clone(), volume.clone());
            let constant = self.writer.of_over_time(&constant, &Dimension::AREA)?;
            self.put(&format!("    diffusion {constant} {{ {name} }}"), *span);
        }
        for r in reactions {
            let flux = r.left.iter().chain(&r.right).next().map_or(Dimension::NONE, |s| self.dimension(s.state));
            let per = |side: &[Species], page: &Self| {
                let product = side
                    .iter()
                    .try_fold(Dimension::NONE, |d, s| (0..s.count as u32).try_fold(d, |d, _| d.times(&page.dimension(s.state))));
                product.and_then(|d| flux.over(&d)).unwrap_or(Dimension::NONE)
            };
            let forward = self.writer.of_over_time(&r.forward, &per(&r.left, self))?;
            let rates = match &r.backward {
                Some(back) => format!("{forward}, {}", self.writer.of_over_time(back, &per(&r.right, self))?),
                None => forward,
            };
            let arrow = if r.backward.is_some() { "<->" } else { "->" };
            let line = format!("    {} {arrow} {} ({rates})", self.side(&r.left), self.side(&r.right));
            self.put(&line.replace("     ->", "    ->").replace("  (", " ("), r.span);
        }
        for c in conserved {
            let dimension = c.sum.first().map_or(Dimension::NONE, |s| self.dimension(s.state));
            let line = format!("    conserve {} = {}", self.side(&c.sum), self.writer.of(&c.total, &dimension)?);
            self.put(&line, c.span);
        }
        if self.m.steady {
            self.out += "        steady\n";
        }
        self.out += "    }\n";
        Ok(())
    }

    fn dimension(&self, id: VarId) -> Dimension {
        self.m.variables.get(id.index()).map_or(Dimension::NONE, |v| v.dimension)
    }

    fn side(&self, side: &[Species]) -> String {
        let one = |s: &Species| match s.count == 1.0 {
            true => self.writer.name(s.state).to_owned(),
            false => format!("{} {}", s.count, self.writer.name(s.state)),
        };
        side.iter().map(one).collect::<Vec<_>>().join(" + ")
    }

    fn currents(&mut self) -> Said<()> {
        let m = self.m;
        for w in &m.writes {
            let Some(v) = m.variables.get(w.variable.index()) else { continue };
            if let VariableKind::Let { value } = &v.kind {
                self.needed(value)?;
                self.written.insert(w.variable);
                let line = format!("{} = {}", w.quantity.name(&w.ion), self.writer.of(value, &v.dimension)?);
                self.put(&line, v.span);
            }
        }
        for c in &m.currents {
            self.needed(&c.value)?;
            let value = self.writer.of(&c.value, &self.dimension(c.variable))?;
            let name = self.writer.name(c.variable);
            let line = match &c.kind {
                CurrentKind::Ion(ion) => format!("i{ion} = {value}"),
                CurrentKind::Nonspecific => format!("current {name} = {value}"),
                CurrentKind::Electrode => format!("electrode current {name} = {value}"),
            };
            self.put(&line, c.span);
        }
        Ok(())
    }

    /// Definitions that only somebody who records them uses.
    fn visible(&mut self) -> Said<()> {
        let m = self.m;
        m.lookups.iter().flat_map(|l| &l.outputs).try_for_each(|(id, _)| self.definition(*id))?;
        for id in self.ids() {
            let Some(v) = m.variables.get(id.index()) else { continue };
            if matches!(v.kind, VariableKind::Let { .. }) && !v.name.contains('\'') {
                self.definition(id)?;
            }
        }
        Ok(())
    }
}

/// A unit where only units stand: a leading `/ms` is not one.
fn bare(unit: &str) -> String {
    match unit.strip_prefix('/') {
        Some(rest) => format!("ms^0/{rest}"),
        None => unit.to_owned(),
    }
}
