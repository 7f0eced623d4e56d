//! What variables hold: numbers, texts, objects.

use super::file::Open;
use super::path::Place;
use super::random::Random;
use super::scope::Scope;
use super::session::{Choice, Standard};
use crate::hoc::tree::Name;
use crate::neuron::{Hold, SectionId};
use std::cell::RefCell;
use std::rc::Rc;

/// A value.
#[derive(Clone, Debug)]
pub enum Value {
    /// A number.
    Number(f64),
    /// A text.
    Text(Rc<str>),
    /// An object, or none.
    Object(Option<Rc<Object>>),
    /// `&x`
    #[expect(private_interfaces, reason = "a place means something only inside")]
    Address(Box<Place>),
}

/// An object.
#[derive(Debug)]
pub struct Object {
    /// Its class.
    pub class: Name,
    /// Which of its class.
    pub index: usize,
    /// Unlike that of any other; sections that belong to it carry it.
    pub id: u64,
    pub(super) kind: Kind,
}

/// What an object is.
#[derive(Debug)]
pub(super) enum Kind {
    Instance(Rc<Scope>),
    Vector(RefCell<Vec<f64>>),
    Matrix(RefCell<(usize, usize, Vec<f64>)>),
    List(RefCell<Vec<Rc<Object>>>),
    Sections(usize, #[expect(dead_code, reason = "what it holds lives as long")] Hold),
    SectionRef(SectionId),
    Text(RefCell<Rc<str>>),
    Point(usize, #[expect(dead_code, reason = "what it holds lives as long")] Hold),
    NetCon(usize, #[expect(dead_code, reason = "what it holds lives as long")] Hold),
    File(RefCell<Open>),
    Random(RefCell<Random>),
    TextFunctions,
    /// A file of points that was read, or a reader of one; `Import3d_GUI` shares it.
    Morphology(Rc<RefCell<super::morphology::Reader>>),
    /// MechanismType
    Choice(RefCell<Choice>),
    /// MechanismStandard
    Standard(RefCell<Standard>),
    /// Of the screen or of a run: methods do nothing.
    Ignored,
}

impl Object {
    /// `Name[0]`
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}[{}]", self.class, self.index)
    }
}

impl Value {
    pub(super) const NOTHING: Value = Value::Object(None);

    /// In words, for messages.
    pub(super) fn what(&self) -> &'static str {
        match self {
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::Object(Some(_)) => "an object",
            Value::Object(None) => "no object",
            Value::Address(_) => "an address",
        }
    }
}
