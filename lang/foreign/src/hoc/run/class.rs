//! Classes of hoc: which there are, and where their methods stand.

use super::file::Open;
use super::path::Place;
use super::print::Pattern;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::hoc::tree::{Name, Part};
use crate::neuron;
use std::cell::RefCell;
use std::rc::Rc;

/// Of the screen, or of a run: their methods do nothing and give 0.
const IGNORED: &[&str] = &[
    "Graph",
    "VBox",
    "HBox",
    "Deck",
    "SymChooser",
    "Shape",
    "PlotShape",
    "PWManager",
    "TQueue",
    "CVode",
    "ParallelContext",
    "FInitializeHandler",
    "StateTransitionEvent",
    "RangeVarPlot",
    "GUIMath",
    "ValueFieldEditor",
    "Pointer",
    "SaveState",
    "Timer",
    "GlyphView",
    "Glyph",
    "Inserter",
    "SectionBrowser",
    "BBSaveState",
    "RunControl",
    "ParallelNetManager",
    "Impedance",
    "PtrVector",
    "TextEditor",
    "PPShape",
    "ParallelComputeTool",
];

/// Whether a class is of the screen or of a run.
pub(super) fn is_ignored(class: &str) -> bool {
    IGNORED.contains(&class)
}

/// What a call was given.
pub(super) struct Given<'a> {
    method: &'a str,
    /// In order.
    pub values: Vec<Value>,
}

impl Given<'_> {
    /// A number.
    pub fn number(&self, at: usize) -> Result<f64, String> {
        match self.values.get(at) {
            Some(Value::Number(value)) => Ok(*value),
            Some(other) => Err(format!("`{}` takes a number as argument {}, and this is {}", self.method, at + 1, other.what())),
            None => Err(format!("`{}` takes a number as argument {}", self.method, at + 1)),
        }
    }

    /// A number, or what is usual.
    pub fn number_or(&self, at: usize, usual: f64) -> Result<f64, String> {
        if at < self.values.len() { self.number(at) } else { Ok(usual) }
    }

    pub fn text(&self, at: usize) -> Result<Rc<str>, String> {
        match self.values.get(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            _ => Err(format!("`{}` takes a text as argument {}", self.method, at + 1)),
        }
    }

    pub fn object(&self, at: usize) -> Result<Rc<Object>, String> {
        match self.values.get(at) {
            Some(Value::Object(Some(object))) => Ok(object.clone()),
            _ => Err(format!("`{}` takes an object as argument {}", self.method, at + 1)),
        }
    }
}

impl Hoc<'_> {
    /// An object of a class that is no template.
    pub(super) fn new_built_in(&mut self, class: &Name, arguments: Vec<Value>) -> Done<Rc<Object>> {
        let given = Given { method: class, values: arguments };
        let kind = match &**class {
            "Vector" => {
                let count = given.number_or(0, 0.0)?;
                let fill = given.number_or(1, 0.0)?;
                let count = self.count(count)?;
                Kind::Vector(RefCell::new(vec![fill; count]))
            }
            "Matrix" => {
                let (rows, columns) = (given.number_or(0, 0.0)?, given.number_or(1, 0.0)?);
                let count = self.count(rows * columns)?;
                Kind::Matrix(RefCell::new((rows as usize, columns as usize, vec![0.0; count])))
            }
            "List" => Kind::List(RefCell::new(match given.values.first() {
                Some(Value::Text(class)) => self.objects_of(class).unwrap_or_default(),
                _ => Vec::new(),
            })),
            "SectionList" => {
                let (id, hold) = self.model.new_list();
                Kind::Sections(id, hold)
            }
            "SectionRef" => Kind::SectionRef(self.accessed()?),
            "String" => Kind::Text(RefCell::new(given.text(0).unwrap_or_else(|_| "".into()))),
            "StringFunctions" => Kind::TextFunctions,
            "File" => Kind::File(RefCell::new(Open::named(&given.text(0).unwrap_or_else(|_| "".into())))),
            "Random" => {
                let ids = [given.number_or(0, 0.0)?, given.number_or(1, 55.0)?, 0.0];
                Kind::Random(RefCell::new(super::random::Random::new(ids.map(|id| id.max(0.0) as u32))))
            }
            "NetCon" => self.new_connection(&given)?,
            "MechanismType" => Hoc::new_choice(&given)?,
            "MechanismStandard" => self.new_standard(&given)?,
            "KSChan" => return Err(self.unsupported("channels that are built with KSChan are not there yet")),
            name if IGNORED.contains(&name) => Kind::Ignored,
            "Import3d_SWC_read" | "Import3d_Neurolucida3" => Kind::Morphology(Rc::default()),
            "Import3d_GUI" => match given.object(0)?.kind {
                Kind::Morphology(ref read) => Kind::Morphology(read.clone()),
                _ => return Err("`Import3d_GUI` takes a reader of a morphology".to_owned().into()),
            },
            name if name.starts_with("Import3d") => {
                return Err(self.unsupported(format!("`{name}` is not there: SWC and Neurolucida's V3 files are read")));
            }
            name => {
                let known = self.model.catalog.find(name).map(|at| self.model.catalog.get(at).kind);
                match known {
                    Some(neuron::Kind::Point | neuron::Kind::Artificial) => {
                        let (id, hold) = self.model.new_point(name)?;
                        if let (Some(Value::Number(x)), Some(neuron::Kind::Point)) = (given.values.first(), known) {
                            let section = self.accessed()?;
                            self.place_point(id, section, *x)?;
                        }
                        Kind::Point(id, hold)
                    }
                    _ if self.ignored.contains(name) => Kind::Ignored,
                    None if self.is_passed_over(name) => Kind::Ignored,
                    Some(neuron::Kind::Density) => return Err(format!("`{name}` is inserted in sections, and no object").into()),
                    None => {
                        let mut stop = super::Stop::from(format!("there is no template or point process `{name}`"));
                        if !self.model.catalog.looked.is_empty() {
                            stop.help =
                                Some(format!("files of mechanisms were looked for in {}", self.model.catalog.looked.join(", ")));
                        }
                        return Err(stop);
                    }
                }
            }
        };
        Ok(self.counted(class, kind))
    }

    /// A window or a part of one, which does nothing.
    pub(super) fn ignored_object(&mut self, class: &Name) -> Value {
        Value::Object(Some(self.counted(class, Kind::Ignored)))
    }

    /// A number as a count, with room for as many.
    pub(super) fn count(&mut self, number: f64) -> Done<usize> {
        if !(-1e-11..1e9).contains(&number) {
            return Err(format!("{number} elements").into());
        }
        let count = (number + 1e-11) as usize;
        self.room(count)?;
        Ok(count)
    }

    /// What a step of a path after an object leads to.
    pub(super) fn member(&mut self, object: &Rc<Object>, part: &Part) -> Done<Place> {
        let name = &part.name;
        match (&object.kind, &part.call) {
            (Kind::Vector(list), index) if &**name == "x" => {
                let count = list.borrow().len();
                // `x(3)` says what `x[3]` does.
                let at = self.element(index.as_deref().unwrap_or(&part.indices), &[count])?;
                return Ok(Place::Member(object.clone(), name.clone(), Some(at)));
            }
            (Kind::Matrix(matrix), None) if &**name == "x" => {
                let (rows, columns, _) = *matrix.borrow();
                let at = self.element(&part.indices, &[rows, columns])?;
                return Ok(Place::Member(object.clone(), name.clone(), Some(at)));
            }
            (Kind::SectionRef(section), None) => return self.of_reference(*section, part),
            (Kind::Text(_), None) if &**name == "s" => return Ok(Place::Member(object.clone(), name.clone(), None)),
            (Kind::NetCon(id, _), None) if matches!(&**name, "precell" | "postcell" | "pre" | "syn") => {
                return Ok(Place::Value(self.of_connection(object, *id, name, &Given { method: name, values: Vec::new() })?));
            }
            (Kind::Point(..) | Kind::NetCon(..), None) => {
                let at = match part.indices.first() {
                    Some(index) => Some(self.number(index)?.max(0.0) as usize),
                    None => None,
                };
                return Ok(Place::Member(object.clone(), name.clone(), at));
            }
            (Kind::Morphology(_), None) => {
                if let Some(shown) = self.shown_of_morphology(object, name)? {
                    return Ok(Place::Value(Value::Object(Some(shown))));
                }
                return Ok(Place::Member(object.clone(), name.clone(), None));
            }
            (Kind::Ignored, None) => return Ok(Place::Member(object.clone(), name.clone(), None)),
            _ => {}
        }
        // Texts and numbers into which a method writes are handed over as places.
        // `list.object[2]` says what `list.object(2)` does.
        let arguments = part.call.as_deref().unwrap_or(&part.indices);
        let writes = matches!(
            (&object.kind, &**name),
            (Kind::Choice(_), "selected")
                | (Kind::Standard(_), "name")
                | (Kind::TextFunctions | Kind::File(_), "head" | "tail" | "left" | "right" | "gets" | "scanstr")
        );
        let values = if writes { self.passed(arguments)? } else { self.values(arguments)? };
        self.method(object, name, values)
    }

    /// Calls a method of an object that is built in.
    pub(super) fn method(&mut self, object: &Rc<Object>, name: &Name, values: Vec<Value>) -> Done<Place> {
        let given = Given { method: name, values };
        let found = match &object.kind {
            Kind::Vector(list) => self.of_vector(object, list, name, &given)?,
            Kind::Matrix(matrix) => self.of_matrix(object, matrix, name, &given)?,
            Kind::List(list) => self.of_list(object, list, name, &given)?,
            Kind::Sections(id, _) => self.of_section_list(object, *id, name, &given)?,
            Kind::SectionRef(section) => {
                let part = Part { name: name.clone(), indices: Vec::new(), call: None };
                return self.of_reference(*section, &part);
            }
            Kind::TextFunctions => self.of_text_functions(object, name, &given)?,
            Kind::Point(id, _) => self.of_point(object, *id, name, &given)?,
            Kind::NetCon(id, _) => self.of_connection(object, *id, name, &given)?,
            Kind::File(file) => self.of_file(object, file, name, &given)?,
            Kind::Random(random) => self.of_random(object, random, name, &given)?,
            Kind::Morphology(read) => self.of_morphology(object, &read.clone(), name, &given)?,
            Kind::Choice(choice) => self.of_choice(object, choice, name, &given)?,
            Kind::Standard(standard) => self.of_standard(object, standard, name, &given)?,
            Kind::Ignored => match &**name {
                "nhost" => Value::Number(1.0),
                // Over one process.
                "allreduce" if &*object.class == "ParallelContext" => Value::Number(given.number_or(0, 0.0)?),
                "input" | "transfer" | "ratio" | "input_phase" | "transfer_phase" if &*object.class == "Impedance" => {
                    let note = "`Impedance` computes nothing while a file is imported: what it gives is not a number";
                    self.model.note(note.to_owned());
                    Value::Number(f64::NAN)
                }
                _ => Value::Number(0.0),
            },
            Kind::Text(_) | Kind::Instance(_) => return Err(self.no_method(object, name)),
        };
        Ok(Place::Value(found))
    }

    pub(super) fn no_method(&self, object: &Object, name: &str) -> super::Stop {
        self.unsupported(format!("`{}` has no method `{name}`, or it is not there yet", object.class))
    }

    /// A value of an object.
    pub(super) fn get_member(&mut self, object: &Rc<Object>, name: &str, at: Option<usize>) -> Done<Value> {
        Ok(match &object.kind {
            Kind::Vector(list) => Value::Number(list.borrow().get(at.unwrap_or(0)).copied().unwrap_or(0.0)),
            Kind::Matrix(matrix) => Value::Number(matrix.borrow().2.get(at.unwrap_or(0)).copied().unwrap_or(0.0)),
            Kind::Text(text) => Value::Text(text.borrow().clone()),
            Kind::Point(id, _) => Value::Number(self.point_value(object, *id, name, at)?),
            Kind::NetCon(id, _) => Value::Number(self.connection_value(object, *id, name, at)?),
            Kind::Ignored | Kind::Morphology(_) => Value::Number(0.0),
            _ => return Err(self.no_method(object, name)),
        })
    }

    /// Sets a value of an object.
    pub(super) fn set_member(&mut self, object: &Rc<Object>, name: &str, at: Option<usize>, new: Value) -> Done<()> {
        match (&object.kind, new) {
            (Kind::Vector(list), Value::Number(value)) => {
                if let Some(one) = list.borrow_mut().get_mut(at.unwrap_or(0)) {
                    *one = value;
                }
            }
            (Kind::Matrix(matrix), Value::Number(value)) => {
                if let Some(one) = matrix.borrow_mut().2.get_mut(at.unwrap_or(0)) {
                    *one = value;
                }
            }
            (Kind::Text(text), Value::Text(value)) => {
                text.replace(value);
            }
            (Kind::Point(id, _), Value::Number(value)) => self.set_point_value(object, *id, name, at, value)?,
            (Kind::NetCon(id, _), Value::Number(value)) => self.set_connection_value(object, *id, name, at, value)?,
            (Kind::Ignored | Kind::Morphology(_), _) => {}
            (_, new) => return Err(format!("{} cannot be assigned to `{name}` of {}", new.what(), object.name()).into()),
        }
        Ok(())
    }

    /// Methods of StringFunctions.
    fn of_text_functions(&mut self, object: &Object, name: &str, given: &Given<'_>) -> Done<Value> {
        let text = |hoc: &mut Self, at: usize| -> Done<Rc<str>> {
            match given.values.get(at) {
                Some(Value::Text(text)) => Ok(text.clone()),
                Some(Value::Address(place)) => match hoc.get(place)? {
                    Value::Text(text) => Ok(text),
                    other => Err(format!("`{name}` takes a text, and this is {}", other.what()).into()),
                },
                _ => Err(format!("`{name}` takes a text").into()),
            }
        };
        let give = |hoc: &mut Self, at: usize, new: String| -> Done<()> {
            match given.values.get(at) {
                Some(Value::Address(place)) => hoc.set(&place.clone(), Value::Text(new.into())),
                // One that stands in the call itself: nobody reads what becomes of it.
                Some(Value::Text(_)) => Ok(()),
                _ => Err(format!("`{name}` writes into a text").into()),
            }
        };
        let number = match name {
            "len" => text(self, 0)?.len() as f64,
            "substr" => {
                let (whole, part) = (text(self, 0)?, text(self, 1)?);
                whole.find(&*part).map_or(-1.0, |at| at as f64)
            }
            "head" | "tail" => {
                let (whole, part) = (text(self, 0)?, text(self, 1)?);
                let found = (0..=whole.len()).filter(|at| whole.is_char_boundary(*at)).find_map(|from| {
                    let ends = (from..=whole.len()).rev().filter(|at| whole.is_char_boundary(*at));
                    let pattern = Pattern::new(&part);
                    ends.into_iter().find(|to| pattern.is_all(&whole[from..*to])).map(|to| (from, to))
                });
                let (from, to) = found.unwrap_or((0, 0));
                let new = match (name, found) {
                    (_, None) => String::new(),
                    ("head", _) => whole[..from].to_owned(),
                    _ => whole[to..].to_owned(),
                };
                give(self, 2, new)?;
                found.map_or(-1.0, |(from, to)| if name == "head" { from as f64 } else { to as f64 })
            }
            "left" | "right" => {
                let whole = text(self, 0)?;
                let count = given.number(1)?.max(0.0) as usize;
                let new: String = match name {
                    "left" => whole.chars().take(count).collect(),
                    _ => whole.chars().skip(count).collect(),
                };
                give(self, 0, new)?;
                1.0
            }
            "alias" | "alias_list" | "references" => 0.0,
            "is_point_process" | "is_artificial" => {
                let kind = match given.values.first() {
                    Some(Value::Object(Some(object))) => match &object.kind {
                        Kind::Point(id, _) => self.model.point(*id).map(|one| self.model.catalog.get(one.mechanism).kind),
                        _ => None,
                    },
                    _ => None,
                };
                let artificial = kind == Some(neuron::Kind::Artificial);
                f64::from(u8::from(if name == "is_artificial" { artificial } else { kind.is_some() }))
            }
            "is_name" => f64::from(u8::from(text(self, 0)?.chars().all(|c| c.is_alphanumeric() || c == '_'))),
            _ => return Err(self.no_method(object, name)),
        };
        Ok(Value::Number(number))
    }
}
