//! Equations of components: what a type of the language or of LEMS computes becomes definitions of a mechanism, those alone that are needed. All are plain
//! numbers, in units that belong together (`unit`), so that a file's own dimensions make no difference.

mod core;
mod expr;
mod unit;

use super::{Documents, inside};
use crate::morphology::Broken;
use core::{Core, core};
pub use expr::{Expr, parse};
use roxmltree::Node;
use std::collections::HashMap;
use std::fmt::Write;
pub use unit::plain;

/// A component on its way into a mechanism.
struct Component<'d> {
    node: Node<'d, 'd>,
    /// Its types of LEMS, the most special one first.
    types: Vec<Node<'d, 'd>>,
    /// What they come to in the language.
    core: &'static Core,
    /// What goes in front of the names of its values.
    prefix: String,
    /// Where names are looked for that it does not have.
    parent: Option<usize>,
}

/// How a value of a component follows.
enum Rule<'d> {
    Number(f64),
    Expr(Expr),
    /// A value of a child; of all such children, how they are taken together.
    Select {
        child: &'d str,
        value: &'d str,
        reduce: Option<&'static str>,
    },
    /// The first of the cases whose condition holds; none has none.
    Cases(Vec<(Option<Expr>, Expr)>),
    State {
        slope: Expr,
        start: Expr,
    },
}

/// What equations take from outside of all components.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Names and what they stand for, as plain numbers of the language.
    pub known: Vec<(&'static str, String)>,
}

/// Equations on their way into the lines of a mechanism.
pub struct Lems<'l, 'd> {
    documents: &'l Documents<'d>,
    components: Vec<Component<'d>>,
    outside: Outside,
    /// Which names from outside were used.
    pub used: Vec<&'static str>,
    /// Lines of the mechanism.
    pub lines: String,
    /// What values came to.
    done: HashMap<(usize, String), String>,
    /// Values on their way, for what depends on itself.
    open: Vec<(usize, String)>,
}

/// Types may extend each other so often.
const LONGEST_CHAIN: usize = 50;

/// The type of an element: what it says, else its tag.
pub fn kind<'d>(node: Node<'d, '_>) -> &'d str {
    node.attribute("type").unwrap_or_else(|| node.tag_name().name())
}

/// The types of LEMS of a name, the most special one first, and the one of the language that they extend; nothing where they extend none.
fn lineage<'d>(documents: &Documents<'d>, name: &str) -> Option<(Vec<Node<'d, 'd>>, &'static Core)> {
    let mut types = Vec::new();
    let mut name = name;
    while types.len() < LONGEST_CHAIN {
        if let Some(known) = core(name) {
            return Some((types, known));
        }
        let found = documents.type_named(name)?;
        types.push(found);
        name = found.attribute("extends")?;
    }
    None
}

/// Whether a component's type is one of the language, or extends it.
pub fn is<'d>(documents: &Documents<'d>, node: Node<'d, 'd>, base: &str) -> bool {
    let mut at = lineage(documents, kind(node)).map(|(_, known)| known);
    while let Some(known) = at {
        if known.name == base {
            return true;
        }
        at = core(known.base);
    }
    false
}

/// The type of the language that a component's comes to.
pub fn base<'d>(documents: &Documents<'d>, node: Node<'d, 'd>) -> Option<&'static str> {
    lineage(documents, kind(node)).map(|(_, known)| known.name)
}

impl<'l, 'd> Lems<'l, 'd> {
    pub fn new(documents: &'l Documents<'d>, outside: Outside) -> Self {
        let (components, done) = (Vec::new(), HashMap::new());
        Self { documents, components, outside, used: Vec::new(), lines: String::new(), done, open: Vec::new() }
    }

    /// Takes up a component.
    pub fn component(&mut self, node: Node<'d, 'd>, prefix: String, parent: Option<usize>) -> Result<usize, Broken> {
        let Some((types, known)) = lineage(self.documents, kind(node)) else {
            let why = match self.documents.type_named(kind(node)) {
                Some(_) => format!("the type `{}` extends none that is known", kind(node)),
                None => format!("a type `{}` is not there: no file says what it computes", kind(node)),
            };
            return Err(self.documents.wrong(node, why));
        };
        self.components.push(Component { node, types, core: known, prefix, parent });
        Ok(self.components.len() - 1)
    }

    /// What a component is called.
    pub fn name(&self, at: usize) -> String {
        self.components[at].prefix.trim_end_matches('_').to_owned()
    }

    /// The slope of a state, and where it begins.
    pub fn state(&self, at: usize, name: &str) -> Result<(Expr, Expr), Broken> {
        match self.rule(at, name)? {
            Some(Rule::State { slope, start }) => Ok((slope, start)),
            Some(Rule::Expr(start)) => Ok((Expr::Number(0.0), start)),
            _ => {
                let node = self.components[at].node;
                Err(self.documents.wrong(node, format!("`{}` has no state `{name}`", kind(node))))
            }
        }
    }

    /// Says what a value of a component is, in place of what follows from its type.
    pub fn set(&mut self, at: usize, name: &str, text: String) {
        self.done.insert((at, name.to_owned()), text);
    }

    /// A value of a component, as an expression that can stand anywhere.
    pub fn value(&mut self, at: usize, name: &str) -> Result<String, Broken> {
        let key = (at, name.to_owned());
        if let Some(found) = self.done.get(&key) {
            return Ok(found.clone());
        }
        let node = self.components[at].node;
        if self.open.contains(&key) {
            return Err(self.documents.wrong(node, format!("`{name}` depends on itself")));
        }
        let Some(rule) = self.rule(at, name)? else { return self.outer(at, name) };
        self.open.push(key.clone());
        let own = format!("{}{name}", self.components[at].prefix);
        let text = match rule {
            Rule::Number(value) => literal(value),
            Rule::Expr(expr) => match self.text(at, &expr)? {
                text if expr_is_short(&expr) => text,
                text => self.definition(own, &text),
            },
            Rule::Select { child, value, reduce: None } => {
                let node = inside(node).find(|one| one.tag_name().name() == child);
                let missing = || self.documents.wrong(self.components[at].node, format!("it has no `{child}`"));
                let child_at = self.child(at, node.ok_or_else(missing)?)?;
                self.value(child_at, value)?
            }
            Rule::Select { child, value, reduce: Some(operator) } => {
                let mut all = Vec::new();
                for node in inside(node).filter(|one| one.tag_name().name() == child) {
                    let child_at = self.child(at, node)?;
                    all.push(self.value(child_at, value)?);
                }
                match all.as_slice() {
                    [] => if operator == " * " { "1" } else { "0" }.to_owned(),
                    [only] => only.clone(),
                    many => self.definition(own, &many.join(operator)),
                }
            }
            Rule::Cases(cases) => {
                let mut text = "0".to_owned();
                for (condition, value) in cases.iter().rev() {
                    let value = self.text(at, value)?;
                    text = match condition {
                        None => value,
                        Some(condition) => format!("if {} {{ {value} }} else {{ {text} }}", self.text(at, condition)?),
                    };
                }
                self.definition(own, &text)
            }
            Rule::State { slope, start } => {
                let start = self.text(at, &start)?;
                let _ = writeln!(self.lines, "    state {own} = {start}");
                self.done.insert(key.clone(), own.clone());
                let slope = self.text(at, &slope)?;
                let _ = writeln!(self.lines, "    {own}' = {slope} / ms");
                own
            }
        };
        self.open.pop();
        self.done.insert(key, text.clone());
        Ok(text)
    }

    /// The component of a child element.
    pub fn child(&mut self, at: usize, node: Node<'d, 'd>) -> Result<usize, Broken> {
        if let Some(known) = self.components.iter().position(|one| one.node == node && one.parent == Some(at)) {
            return Ok(known);
        }
        let tag = node.tag_name().name();
        let same = inside(self.components[at].node).filter(|one| one.tag_name().name() == tag).position(|one| one == node);
        let prefix = &self.components[at].prefix;
        let prefix = match (node.attribute("id"), same) {
            (Some(id), _) => format!("{prefix}{}_", id.replace(|c: char| !c.is_ascii_alphanumeric(), "_")),
            (None, None | Some(0)) => format!("{prefix}{tag}_"),
            (None, Some(count)) => format!("{prefix}{tag}{count}_"),
        };
        self.component(node, prefix, Some(at))
    }

    /// An expression that a component's names are put into.
    pub fn text(&mut self, at: usize, expr: &Expr) -> Result<String, Broken> {
        Ok(match expr {
            Expr::Number(value) => literal(*value),
            Expr::Name(name) => self.value(at, name)?,
            Expr::Minus(x) => format!("(-{})", self.text(at, x)?),
            Expr::Two(operator, a, b) => match (*operator, self.text(at, a)?, self.text(at, b)?) {
                ("^", a, b) if b == "1" => a,
                ("*" | "/", a, b) if b == "1" => a,
                ("*", a, b) if a == "1" => b,
                (operator, a, b) => format!("({a} {operator} {b})"),
            },
            Expr::Call("H", arguments) => {
                let x = self.text(at, &arguments[0])?;
                format!("((1 + sign({x})) / 2)")
            }
            Expr::Call(function, arguments) => {
                let arguments = arguments.iter().map(|one| self.text(at, one)).collect::<Result<Vec<_>, _>>()?;
                format!("{function}({})", arguments.join(", "))
            }
        })
    }

    fn definition(&mut self, name: String, text: &str) -> String {
        let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')).filter(|inner| closed(inner));
        let _ = writeln!(self.lines, "    let {name} = {}", inner.unwrap_or(text));
        name
    }

    /// A name that a component does not have: its parent's, or one from outside.
    fn outer(&mut self, at: usize, name: &str) -> Result<String, Broken> {
        if let Some(parent) = self.components[at].parent {
            return self.value(parent, name);
        }
        if let Some((known, text)) = self.outside.known.iter().find(|(known, _)| *known == name) {
            if !self.used.contains(known) {
                self.used.push(known);
            }
            return Ok(text.clone());
        }
        // Who asked for it is the last one on the way.
        let (asked, by) = self.open.last().map_or((at, ""), |(asked, by)| (*asked, by.as_str()));
        let why = if by.is_empty() { String::new() } else { format!(", which `{by}` takes") };
        let one = &self.components[asked];
        let kind = kind(one.node);
        Err(self.documents.wrong(one.types.first().copied().unwrap_or(one.node), format!("`{kind}` has no `{name}`{why}")))
    }

    /// How a value follows; nothing where the component does not have it.
    fn rule(&self, at: usize, name: &str) -> Result<Option<Rule<'d>>, Broken> {
        let one = &self.components[at];
        for type_ in &one.types {
            if let Some(rule) = self.written(one, *type_, name)? {
                return Ok(Some(rule));
            }
        }
        let wrong = |why: String| self.documents.wrong(one.node, why);
        let mut known = Some(one.core);
        while let Some(type_) = known {
            if let Some((_, text)) = type_.values.iter().find(|(own, text)| *own == name && !text.is_empty()) {
                return match text.strip_prefix('@') {
                    Some(path) => selected(path, "").map(Some).map_err(wrong),
                    None => parse(text).map(|expr| Some(Rule::Expr(expr))).map_err(wrong),
                };
            }
            if let Some((_, slope, start)) = type_.states.iter().find(|(own, ..)| *own == name) {
                let (slope, start) = (parse(slope).map_err(wrong)?, parse(start).map_err(wrong)?);
                return Ok(Some(Rule::State { slope, start }));
            }
            if let Some((_, dimension)) = type_.parameters.iter().find(|(own, _)| *own == name) {
                return self.parameter(one, name, dimension).map(Some);
            }
            known = core(type_.base);
        }
        Ok(None)
    }

    fn parameter(&self, one: &Component<'d>, name: &str, dimension: &str) -> Result<Rule<'d>, Broken> {
        let text = match one.node.attribute(name) {
            None if name == "instances" => "1",
            None => return Err(self.documents.wrong(one.node, format!("`{}` has no `{name}`", one.node.tag_name().name()))),
            Some(text) => text,
        };
        let value = plain(self.documents, text, Some(dimension));
        value.map(Rule::Number).map_err(|why| self.documents.wrong(one.node, format!("`{name}`: {why}")))
    }

    /// How a type of LEMS says that a value follows.
    fn written(&self, one: &Component<'d>, type_: Node<'d, 'd>, name: &str) -> Result<Option<Rule<'d>>, Broken> {
        for node in inside(type_) {
            let tag = node.tag_name().name();
            if tag == "Dynamics" || tag == "Behavior" {
                if let Some(rule) = self.dynamic(one, node, name)? {
                    return Ok(Some(rule));
                }
                continue;
            }
            if node.attribute("name").or(node.attribute("parameter")) != Some(name) {
                continue;
            }
            let dimension = node.attribute("dimension").unwrap_or("none");
            match tag.to_ascii_lowercase().as_str() {
                "parameter" => return self.parameter(one, name, dimension).map(Some),
                "constant" => {
                    let value = plain(self.documents, self.documents.needed(node, "value")?, node.attribute("dimension"));
                    return value.map(|value| Some(Rule::Number(value))).map_err(|why| self.documents.wrong(node, why));
                }
                "fixed" => {
                    let value = plain(self.documents, self.documents.needed(node, "value")?, None);
                    return value.map(|value| Some(Rule::Number(value))).map_err(|why| self.documents.wrong(node, why));
                }
                "derivedparameter" => return self.expr(node, "value").map(|expr| Some(Rule::Expr(expr))),
                _ => {}
            }
        }
        Ok(None)
    }

    fn expr(&self, node: Node<'d, 'd>, attribute: &str) -> Result<Expr, Broken> {
        parse(self.documents.needed(node, attribute)?).map_err(|why| self.documents.wrong(node, why))
    }

    fn dynamic(&self, one: &Component<'d>, dynamics: Node<'d, 'd>, name: &str) -> Result<Option<Rule<'d>>, Broken> {
        let own = |node: &Node<'d, 'd>| node.attribute("name") == Some(name);
        let Some(node) = inside(dynamics).find(own) else {
            // A slope alone: the state is what the type extends has.
            return self.slope(one, dynamics, name);
        };
        match node.tag_name().name() {
            "DerivedVariable" => match node.attribute("select") {
                None => self.expr(node, "value").map(|expr| Some(Rule::Expr(expr))),
                Some(path) => {
                    let found = selected(path, node.attribute("reduce").unwrap_or(""));
                    found.map(Some).map_err(|why| self.documents.wrong(node, why))
                }
            },
            "ConditionalDerivedVariable" => {
                let mut cases = Vec::new();
                for case in inside(node).filter(|case| case.tag_name().name() == "Case") {
                    let condition = case.attribute("condition").map(|_| self.expr(case, "condition")).transpose()?;
                    cases.push((condition, self.expr(case, "value")?));
                }
                Ok(Some(Rule::Cases(cases)))
            }
            "StateVariable" => match self.slope(one, dynamics, name)? {
                Some(rule) => Ok(Some(rule)),
                None => Err(self.documents.wrong(node, format!("nothing says how `{name}` changes"))),
            },
            other => Err(self.documents.wrong(node, format!("`{other}` of a type is not there"))),
        }
    }

    /// A state by its slope, and by where it begins.
    fn slope(&self, one: &Component<'d>, dynamics: Node<'d, 'd>, name: &str) -> Result<Option<Rule<'d>>, Broken> {
        let of = |node: Node<'d, 'd>, tag: &str| node.tag_name().name() == tag && node.attribute("variable") == Some(name);
        let starts = inside(dynamics).filter(|node| node.tag_name().name() == "OnStart").flat_map(inside);
        let start = starts.filter(|node| of(*node, "StateAssignment")).last();
        let start = start.map(|node| self.expr(node, "value")).transpose()?;
        match (inside(dynamics).find(|node| of(*node, "TimeDerivative")), start) {
            (Some(slope), start) => {
                let slope = self.expr(slope, "value")?;
                let begins = one.core.states.iter().find(|(own, ..)| *own == name).and_then(|(_, _, start)| parse(start).ok());
                Ok(Some(Rule::State { slope, start: start.or(begins).unwrap_or(Expr::Number(0.0)) }))
            }
            // It stays where it begins.
            (None, Some(start)) => Ok(Some(Rule::Expr(start))),
            (None, None) => Ok(None),
        }
    }

    /// What a state is set to when a condition holds: the condition and the value.
    pub fn conditions(&mut self, at: usize, state: &str) -> Result<Vec<(String, String)>, Broken> {
        let types = self.components[at].types.clone();
        let mut all = Vec::new();
        if self.components[at].core.floor {
            all.push((format!("{} < 0", self.value(at, state)?), "0".to_owned()));
        }
        for dynamics in types.into_iter().flat_map(inside).filter(|node| node.tag_name().name() == "Dynamics") {
            for node in inside(dynamics).filter(|node| node.tag_name().name() == "OnCondition") {
                let set = inside(node)
                    .find(|one| one.tag_name().name() == "StateAssignment" && one.attribute("variable") == Some(state));
                if let Some(set) = set {
                    let (test, value) = (self.expr(node, "test")?, self.expr(set, "value")?);
                    all.push((self.text(at, &test)?, self.text(at, &value)?));
                }
            }
        }
        Ok(all)
    }
}

/// `timeCourse/t`, `q10Settings[*]/q10`; `[+]` is the sum over all.
fn selected<'d>(path: &'d str, reduce: &str) -> Result<Rule<'d>, String> {
    let Some((child, value)) = path.split_once('/') else { return Err(format!("`{path}` names no value of a child")) };
    let (child, of) = child.split_once('[').map_or((child, None), |(child, of)| (child, Some(of)));
    let reduce = match (of, reduce) {
        (None, _) => None,
        (Some("+]"), _) | (Some("*]"), "add") => Some(" + "),
        (Some("*]"), "" | "multiply") => Some(" * "),
        _ => return Err(format!("`{path}`: only all children of a kind can be taken together, by sum or product")),
    };
    Ok(Rule::Select { child, value, reduce })
}

/// A number as the language reads it.
pub fn literal(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 && value >= 0.0 {
        return format!("{value:.0}");
    }
    if value < 0.0 { format!("({value:?})") } else { format!("{value:?}") }
}

/// What need not have a name.
fn expr_is_short(expr: &Expr) -> bool {
    matches!(expr, Expr::Number(_) | Expr::Name(_))
}

/// Whether all parentheses of a text are its own.
fn closed(text: &str) -> bool {
    let mut depth = 0_i32;
    text.chars().all(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth >= 0
    })
}
