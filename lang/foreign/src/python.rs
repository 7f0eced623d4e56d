//! Classes of Python that use NEURON: a bridge stands in Python for the package `neuron`, and asks everything of the model of cells here.
//! Starts no process; who can, gives an [`Interpreter`].

use crate::hoc::{Handed, Hoc, Object};
use crate::neuron::place::{Range, Whole};
use crate::neuron::{Model, SectionId};
use std::collections::HashMap;
use std::rc::Rc;

/// The program that Python runs; its arguments are the file, the class, and what the class is made with.
pub const BRIDGE: &str = concat!(
    include_str!("python/wire.py"),
    include_str!("python/section.py"),
    include_str!("python/object.py"),
    include_str!("python/hoc.py"),
    include_str!("python/package.py"),
    include_str!("python/main.py"),
);

/// Python at work, which speaks in lines.
pub trait Interpreter {
    /// The next line that it says, without its end; nothing once it has ended.
    ///
    /// # Errors
    /// Why it cannot be heard.
    fn hear(&mut self) -> Result<Option<String>, String>;

    /// Says a line to it.
    ///
    /// # Errors
    /// Why it does not listen.
    fn say(&mut self, line: &str) -> Result<(), String>;
}

/// What a class came to.
#[derive(Debug, Default)]
pub struct Made {
    /// Sections by the names that the object has for them, and the index in a list.
    pub names: Vec<(SectionId, String, Option<usize>)>,
    /// Lists of sections by name.
    pub lists: Vec<(String, Vec<SectionId>)>,
    /// The object of a template that it is.
    pub object: Option<Rc<Object>>,
    /// Objects that the class holds, kept alive.
    held: Vec<Rc<Object>>,
}

/// How many questions a class may ask.
const MOST_QUESTIONS: usize = 20_000_000;

/// Answers until the class is made.
///
/// # Errors
/// What Python says of its own mistake, and what keeps it from being heard.
pub fn serve(hoc: &mut Hoc<'_>, python: &mut dyn Interpreter) -> Result<Made, String> {
    let mut session = Session { hoc, objects: HashMap::new(), next: 1, made: Made::default() };
    for _ in 0..MOST_QUESTIONS {
        let Some(line) = python.hear()? else { return Err("Python ended before the cell was there".into()) };
        let fields: Vec<String> = line.split('\t').map(unquoted).collect();
        let words: Vec<&str> = fields.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["done"] => {
                session.made.held = std::mem::take(&mut session.objects).into_values().collect();
                return Ok(session.made);
            }
            ["failed", traceback] => return Err(format!("Python says:\n{}", traceback.trim_end())),
            ["missing", name, ""] => return Err(format!("it has no class or function `{name}`")),
            ["missing", name, others] => return Err(format!("it has no class or function `{name}`; it has {others}")),
            words => {
                let answer = match session.answer(words) {
                    Ok(list) => {
                        let all: Vec<String> = list.iter().map(|one| quoted(one)).collect();
                        if all.is_empty() { "ok\tz".to_owned() } else { format!("ok\t{}", all.join("\t")) }
                    }
                    Err(No::Such(why)) => format!("none\t{}", quoted(&why)),
                    Err(No::Here(why)) => format!("absent\t{}", quoted(&why)),
                    Err(No::Wrong(why)) => format!("wrong\t{}", quoted(&why)),
                };
                python.say(&answer)?;
            }
        }
    }
    Err("the class does not come to an end".into())
}

/// Why there is no answer.
enum No {
    /// There is no such name: an AttributeError.
    Such(String),
    /// There is one, but not here: an AttributeError, too.
    Here(String),
    /// Something else.
    Wrong(String),
}

impl From<String> for No {
    fn from(why: String) -> No {
        No::Wrong(why)
    }
}

struct Session<'s, 'w> {
    hoc: &'s mut Hoc<'w>,
    objects: HashMap<u64, Rc<Object>>,
    next: u64,
    made: Made,
}

type Answer = Result<Vec<String>, No>;

impl Session<'_, '_> {
    fn answer(&mut self, words: &[&str]) -> Answer {
        match words {
            ["get", of, name] => {
                let of = self.target(of)?;
                let found = self.hoc.look(of.as_ref(), name).map_err(No::Such)?;
                Ok(vec![self.written(found)])
            }
            ["set", of, name, value, index @ ..] => {
                let of = self.target(of)?;
                let value = self.read(value)?;
                if let Some(of) = &of {
                    self.hoc.look(Some(of), name).map_err(No::Such)?;
                }
                let index = index.first().and_then(|index| index.parse().ok());
                self.hoc.put_in(of.as_ref(), name, index, value)?;
                Ok(Vec::new())
            }
            ["call", of, name, section, given @ ..] => {
                let of = self.target(of)?;
                let section = if section.is_empty() { None } else { Some(self.section(section)?) };
                // What is handed over by reference comes back behind the answer.
                let given = given.iter().map(|one| match one.strip_prefix('r') {
                    Some(by_reference) => Ok(Handed::Reference(Box::new(self.read(by_reference)?))),
                    None => self.read(one),
                });
                let given = given.collect::<Result<Vec<_>, No>>()?;
                let (found, references) = self.hoc.ask(of.as_ref(), name, section, given)?;
                Ok(std::iter::once(found).chain(references).map(|one| self.written(one)).collect())
            }
            ["hoc", text] => {
                self.hoc.say(text)?;
                Ok(Vec::new())
            }
            ["note", text] => {
                self.hoc.model.note(*text);
                Ok(Vec::new())
            }
            ["point", of, name, to] => {
                let (of, to) = (self.target(of)?, self.read(to)?);
                if let Some(object) = of {
                    self.hoc.point_object_to(&object, name, to)?;
                }
                Ok(Vec::new())
            }
            ["free", what] => {
                match what.strip_prefix('o') {
                    Some(object) => {
                        object.parse().ok().and_then(|at: u64| self.objects.remove(&at));
                    }
                    None => {
                        let section = self.section(what)?;
                        self.hoc.model.delete(section);
                    }
                }
                Ok(Vec::new())
            }
            ["called", section, name, index] => {
                let section = self.section(section)?;
                self.made.names.push((section, (*name).to_owned(), index.parse().ok()));
                Ok(Vec::new())
            }
            ["group", of, name] => {
                if let Some(list) = self.target(of)?.and_then(|object| self.hoc.sections_in(&object)) {
                    self.made.lists.push(((*name).to_owned(), list));
                }
                Ok(Vec::new())
            }
            ["list", of] => {
                let object = self.target(of)?.ok_or_else(|| No::Wrong("no object".into()))?;
                let all = self.hoc.sections_in(&object).ok_or_else(|| No::Wrong(format!("{} is no list", object.name())))?;
                Ok(vec![sections(&all)])
            }
            ["grow", of] => {
                let object = self.target(of)?.ok_or_else(|| No::Wrong("no object".into()))?;
                let grown = self.hoc.grow_free(&object)?;
                Ok(grown.into_iter().flat_map(|(name, all)| [format!("t{name}"), sections(&all)]).collect())
            }
            ["source", of] => {
                let found = self.target(of)?.and_then(|object| self.hoc.source_of(&object));
                Ok(vec![found.map_or("z".to_owned(), |(section, x)| format!("g{}:{x:?}", section.0))])
            }
            ["where", of] => {
                let object = self.target(of)?;
                let point = object.and_then(|object| self.hoc.point_of(&object)).and_then(|id| self.hoc.model.point(id)?.place);
                Ok(vec![point.map_or("z".to_owned(), |(section, x)| format!("g{}:{x:?}", section.0))])
            }
            ["object", of] => {
                self.made.object = self.target(of)?;
                Ok(Vec::new())
            }
            ["cell", of] => {
                let object = self.target(of)?;
                let is_cell = object
                    .is_some_and(|object| self.hoc.model.all().iter().any(|id| self.hoc.model.section(*id).owner == object.id));
                Ok(vec![if is_cell { "n1".to_owned() } else { "z".to_owned() }])
            }
            ["fill", of, numbers] => {
                let numbers: Result<Vec<f64>, _> = numbers.split_whitespace().map(str::parse).collect();
                let numbers = numbers.map_err(|_| No::Wrong("a Vector holds numbers".into()))?;
                let object = self.target(of)?.ok_or_else(|| No::Wrong("no object".into()))?;
                self.hoc.fill(&object, numbers)?;
                Ok(Vec::new())
            }
            ["folder", path] => {
                self.hoc.stand_in(path);
                Ok(Vec::new())
            }
            ["about", name] => Ok(vec![self.about(name)?]),
            ["all"] => Ok(vec![sections(&self.hoc.model.all())]),
            _ => self.of_section(words),
        }
    }

    fn of_section(&mut self, words: &[&str]) -> Answer {
        if let ["section", name] = words {
            let name = if name.is_empty() { format!("__nrnsec_{:#x}", self.hoc.model.all().len()) } else { (*name).to_owned() };
            let made = self.hoc.new_section(&name, None)?;
            return Ok(vec![format!("s{}", made.0)]);
        }
        if let ["cas"] = words {
            let first = self.hoc.accessed_section().ok_or_else(|| No::Wrong("no section is accessed".into()))?;
            return Ok(vec![format!("s{}", first.0)]);
        }
        let [what, section, rest @ ..] = words else { return Err(No::Wrong("this is not understood".into())) };
        let section = self.section(section)?;
        let model = &mut self.hoc.model;
        let number = |text: &str| text.parse::<f64>().map_err(|_| No::Wrong(format!("`{text}` is no number")));
        let value = |x: f64| Ok(vec![format!("n{x:?}")]);
        match (*what, rest) {
            ("sget", [name]) => match Whole::named(name) {
                Some(which) => value(model.whole(section, which)),
                None => Ok(vec![along(model, section, 0.5, name)?]),
            },
            ("sset", [name, new, element @ ..]) => {
                let new = number(new)?;
                match Whole::named(name) {
                    Some(which) => model.set_whole(section, which, new)?,
                    None => {
                        let range = element_of(model, name, element.first())?;
                        let all: Vec<usize> = (0..model.section(section).segments()).collect();
                        model.set(section, &range, &all, new).map_err(No::Here)?;
                    }
                }
                Ok(Vec::new())
            }
            ("gget", [x, name]) => Ok(vec![along(model, section, number(x)?, name)?]),
            ("gset", [x, name, new, element @ ..]) => {
                let range = element_of(model, name, element.first())?;
                let segment = model.section(section).segment(number(x)?);
                model.set(section, &range, &[segment], number(new)?).map_err(No::Here)?;
                Ok(Vec::new())
            }
            ("point", [x, name, to]) => {
                let (x, to) = (number(x)?, self.read(to)?);
                self.hoc.point_segment_to(section, x, name, to)?;
                Ok(Vec::new())
            }
            ("points", [x]) => {
                let x = number(x)?;
                let all = self.hoc.points_at(section, x).into_iter().map(Handed::Object).collect();
                Ok(vec![self.written(Handed::List(all))])
            }
            ("owner", []) => {
                let found = self.hoc.owner_of(section).map_or(Handed::Nothing, Handed::Object);
                Ok(vec![self.written(found)])
            }
            ("insert", [name]) => {
                model.insert(section, name)?;
                Ok(Vec::new())
            }
            ("uninsert", [name]) => {
                model.uninsert(section, name);
                Ok(Vec::new())
            }
            ("has", [name]) => value(f64::from(u8::from(model.has(section, name)))),
            ("connect", [end, parent, x]) => {
                let parent = id(parent)?;
                self.hoc.model.connect(section, number(end)?, parent, number(x)?)?;
                Ok(Vec::new())
            }
            ("name", []) => Ok(vec![format!("t{}", model.section(section).name)]),
            ("parent", []) => {
                Ok(vec![model.section(section).parent.map_or("z".to_owned(), |link| format!("g{}:{:?}", link.section.0, link.x))])
            }
            ("children", []) => Ok(vec![sections(&model.children(section))]),
            ("subtree", []) => Ok(vec![sections(&model.subtree(section))]),
            ("wholetree", []) => Ok(vec![sections(&model.subtree(model.root(section)))]),
            ("push", []) => {
                self.hoc.push(section);
                Ok(Vec::new())
            }
            ("mechs", []) => {
                let known = model.section(section);
                let ions = known.ions.iter().map(|one| format!("{}_ion", one.name));
                let mut names: Vec<String> = ions.collect();
                names.extend(known.mechanisms.iter().map(|one| model.catalog.get(one.mechanism).name.to_string()));
                let mut told = std::collections::HashSet::new();
                names.retain(|name| told.insert(name.clone()));
                Ok(vec![format!("l{}", names.iter().map(|name| format!("t{name}")).collect::<Vec<_>>().join("\x1f"))])
            }
            _ => Err(No::Wrong(format!("`{what}` is not understood"))),
        }
    }

    /// Names of the values of a mechanism, or of an ion.
    fn about(&self, name: &str) -> Result<String, No> {
        let catalog = &self.hoc.model.catalog;
        let names: Vec<String> = match (name.strip_suffix("_ion"), catalog.find(name)) {
            (Some(ion), _) => [format!("e{ion}"), format!("{ion}i"), format!("{ion}o")].into(),
            (None, Some(at)) => catalog.get(at).values.iter().map(|one| one.name.to_string()).collect(),
            (None, None) => return Err(No::Wrong(catalog.missing(name))),
        };
        Ok(format!("l{}", names.iter().map(|name| format!("t{name}")).collect::<Vec<_>>().join("\x1f")))
    }

    fn target(&self, text: &str) -> Result<Option<Rc<Object>>, No> {
        if text.is_empty() {
            return Ok(None);
        }
        let at = text.strip_prefix('o').and_then(|at| at.parse::<u64>().ok());
        let found = at.and_then(|at| self.objects.get(&at)).cloned();
        found.map(Some).ok_or_else(|| No::Wrong("the object is gone".into()))
    }

    fn section(&self, text: &str) -> Result<SectionId, No> {
        let found = id(text)?;
        if self.hoc.model.is_alive(found) { Ok(found) } else { Err(No::Wrong("the section was deleted".into())) }
    }

    fn read(&self, text: &str) -> Result<Handed, No> {
        let wrong = || No::Wrong(format!("`{text}` cannot be handed over"));
        let (kind, rest) = text.split_at_checked(1).ok_or_else(wrong)?;
        Ok(match kind {
            // A value that all share, as time, is only known in a run.
            "z" | "h" => Handed::Nothing,
            "n" => Handed::Number(rest.parse().map_err(|_| wrong())?),
            "t" => Handed::Text(rest.to_owned()),
            "s" => Handed::Section(self.section(rest)?),
            "g" => {
                let (section, x) = rest.split_once(':').ok_or_else(wrong)?;
                Handed::Place(self.section(section)?, x.parse().map_err(|_| wrong())?)
            }
            "v" => {
                let mut parts = rest.splitn(3, ':');
                let (section, x, name) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""), parts.next().unwrap_or(""));
                Handed::OfSegment(self.section(section)?, x.parse().map_err(|_| wrong())?, name.to_owned())
            }
            "o" => Handed::Object(self.target(text)?.ok_or_else(wrong)?),
            "b" => {
                let (object, name) = rest.split_once(':').ok_or_else(wrong)?;
                Handed::OfObject(self.target(&format!("o{object}"))?.ok_or_else(wrong)?, name.to_owned())
            }
            _ => return Err(wrong()),
        })
    }

    fn written(&mut self, value: Handed) -> String {
        match value {
            Handed::Nothing | Handed::OfSegment(..) | Handed::OfObject(..) | Handed::Reference(..) => "z".to_owned(),
            Handed::Number(value) => format!("n{value:?}"),
            Handed::Text(text) => format!("t{text}"),
            Handed::Section(section) => format!("s{}", section.0),
            Handed::Place(section, x) => format!("g{}:{x:?}", section.0),
            Handed::Function => "f".to_owned(),
            Handed::List(all) => {
                let all: Vec<String> = all.into_iter().map(|one| self.written(one)).collect();
                format!("l{}", all.join("\x1f"))
            }
            Handed::Object(object) => {
                let name = object.name();
                self.next += 1;
                self.objects.insert(self.next, object);
                format!("o{}:{name}", self.next)
            }
        }
    }
}

/// What a name along sections stands for, and which element of it.
fn element_of(model: &Model, name: &str, element: Option<&&str>) -> Result<Range, No> {
    let range = model.range(name).ok_or_else(|| No::Such(format!("neither a section nor a segment has a `{name}`")))?;
    Ok(match (range, element.and_then(|element| element.parse().ok())) {
        (Range::Mechanism(mechanism, value, _), Some(element)) => Range::Mechanism(mechanism, value, element),
        (range, _) => range,
    })
}

/// A value at a place: a number, or a list where it is a row.
fn along(model: &Model, section: SectionId, x: f64, name: &str) -> Result<String, No> {
    let range = element_of(model, name, None)?;
    let number = |range: &Range| model.get(section, range, x).map(|value| format!("n{value:?}")).map_err(No::Here);
    match range {
        Range::Mechanism(mechanism, value, _) => {
            let size = model.catalog.get(mechanism).values.get(value).map_or(1, |one| one.size);
            if size < 2 {
                return number(&range);
            }
            let all: Result<Vec<String>, No> = (0..size).map(|k| number(&Range::Mechanism(mechanism, value, k))).collect();
            Ok(format!("l{}", all?.join("\x1f")))
        }
        // What only a run has is 0 before it.
        Range::OfRun(_) | Range::Pointer(..) => Ok("n0.0".to_owned()),
        range => number(&range),
    }
}

fn id(text: &str) -> Result<SectionId, No> {
    text.parse().map(SectionId).map_err(|_| No::Wrong(format!("`{text}` is no section")))
}

fn sections(all: &[SectionId]) -> String {
    format!("l{}", all.iter().map(|id| format!("s{}", id.0)).collect::<Vec<_>>().join("\x1f"))
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('t') => out.push('\t'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}
