//! Names of a file, or of an object of a template.

use super::value::{Object, Value};
use super::{Done, Hoc};
use crate::hoc::tree::{Name, Procedure};
use crate::neuron::place::Whole;
use crate::neuron::{Hold, SectionId};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::{Rc, Weak};

/// Names, and what they stand for.
#[derive(Debug)]
pub(super) struct Scope {
    pub names: RefCell<HashMap<Name, Slot>>,
    pub procedures: Rc<RefCell<HashMap<Name, Rc<Procedure>>>>,
    /// The object whose names these are.
    pub owner: RefCell<Weak<Object>>,
    /// Its name, for those of its sections; empty at the top.
    pub prefix: String,
    /// Its number.
    pub id: u64,
    /// What keeps its sections.
    pub hold: Option<Hold>,
    /// Names that are there because they are assigned to somewhere, and were not yet.
    pub unset: RefCell<HashSet<Name>>,
    /// A window that does nothing here: so do all its names.
    pub idle: Option<Rc<Object>>,
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(super) enum Slot {
    /// One number, or an array of them with its sizes.
    Numbers(Vec<f64>, Vec<usize>),
    Text(Rc<str>),
    Objects(Vec<Option<Rc<Object>>>, Vec<usize>),
    /// One section, or an array of them with its sizes.
    Sections(Vec<SectionId>, Vec<usize>),
    /// A name of the file.
    External,
    /// `setpointer`
    Pointer(Box<super::path::Place>),
}

impl Slot {
    /// The same without a value.
    pub fn blank(&self) -> Slot {
        match self {
            Slot::Numbers(all, sizes) => Slot::Numbers(vec![0.0; all.len()], sizes.clone()),
            Slot::Text(_) => Slot::Text("".into()),
            Slot::Objects(all, sizes) => Slot::Objects(vec![None; all.len()], sizes.clone()),
            Slot::Sections(_, sizes) => Slot::Sections(Vec::new(), sizes.clone()),
            Slot::External => Slot::External,
            Slot::Pointer(_) => Slot::Numbers(vec![0.0], Vec::new()),
        }
    }
}

impl Scope {
    /// Of an object, or of a template while it is defined.
    pub fn of_object(prefix: String, id: u64, procedures: &Rc<RefCell<HashMap<Name, Rc<Procedure>>>>) -> Scope {
        Scope { procedures: procedures.clone(), prefix, id, hold: Some(Rc::new(())), ..Scope::top() }
    }

    pub fn top() -> Scope {
        Scope {
            names: RefCell::default(),
            procedures: Rc::default(),
            owner: RefCell::default(),
            prefix: String::new(),
            id: 0,
            hold: None,
            unset: RefCell::default(),
            idle: None,
        }
    }

    pub fn is_top(&self) -> bool {
        self.prefix.is_empty()
    }
}

impl Hoc<'_> {
    /// Names that are assigned to somewhere are there from the beginning, with the value 0.
    pub(super) fn declare_assigned(&mut self, names: &[Name], scope: &Rc<Scope>) {
        for name in names {
            let built_in = &**name == "this"
                || Whole::named(name).is_some()
                || self.model.range(name).is_some()
                || self.model.global(name).is_some();
            if !built_in {
                let mut known = scope.names.borrow_mut();
                known.entry(name.clone()).or_insert_with(|| {
                    scope.unset.borrow_mut().insert(name.clone());
                    Slot::Numbers(vec![0.0], Vec::new())
                });
            }
        }
    }

    /// The scope in which a name is declared, and what it is there.
    pub(super) fn slot(&self, name: &str, scope: &Rc<Scope>) -> Option<Rc<Scope>> {
        match scope.names.borrow().get(name) {
            Some(Slot::External) => {}
            Some(_) => return Some(scope.clone()),
            None => return None,
        }
        self.top.names.borrow().contains_key(name).then(|| self.top.clone())
    }

    /// Whether a name is that of sections here.
    pub(super) fn is_section(&self, name: &str) -> bool {
        let home = self.slot(name, &self.scope());
        home.is_some_and(|home| matches!(home.names.borrow().get(name), Some(Slot::Sections(..))))
    }

    /// The procedure of a name, and the scope in which it runs.
    pub(super) fn procedure(&self, name: &str, scope: &Rc<Scope>) -> Option<(Rc<Procedure>, Rc<Scope>)> {
        if let Some(found) = scope.procedures.borrow().get(name) {
            return Some((found.clone(), scope.clone()));
        }
        let external = scope.is_top() || matches!(scope.names.borrow().get(name), Some(Slot::External));
        let found = self.top.procedures.borrow().get(name).cloned();
        found.filter(|_| external).map(|found| (found, self.top.clone()))
    }

    /// A local value of the call.
    pub(super) fn local(&self, name: &str) -> Option<Value> {
        self.frame().locals.iter().rev().find(|(known, _)| &**known == name).map(|(_, value)| value.clone())
    }

    /// Creates sections under a name, in place of those that it had.
    pub(super) fn create(&mut self, name: &Name, sizes: &[usize]) -> Done<()> {
        let scope = self.scope();
        let scope = self.slot(name, &scope).unwrap_or(scope);
        self.create_in(name, sizes, &scope)
    }

    /// Creates sections under a name of a scope.
    pub(super) fn create_in(&mut self, name: &Name, sizes: &[usize], scope: &Rc<Scope>) -> Done<()> {
        let old = match scope.names.borrow().get(name) {
            Some(Slot::Sections(ids, _)) => ids.clone(),
            _ => Vec::new(),
        };
        old.into_iter()
            .filter(|id| self.model.is_alive(*id))
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|id| self.model.delete(id));
        let mut ids = Vec::new();
        for k in 0..sizes.iter().product() {
            let own = (name.clone(), (!sizes.is_empty()).then_some(k));
            let id = self.model.create(own, &scope.prefix, scope.id, scope.hold.as_ref())?;
            if sizes.len() > 1 {
                let section = self.model.section_mut(id);
                let start = section.name.rfind('[').map_or(section.name.len(), |at| at);
                section.name = format!("{}{}", &section.name[..start], indices(k, sizes));
            }
            ids.push(id);
        }
        scope.names.borrow_mut().insert(name.clone(), Slot::Sections(ids, sizes.to_vec()));
        Ok(())
    }
}

/// `[1][2]`: the indices of an element of an array with several.
fn indices(element: usize, sizes: &[usize]) -> String {
    let mut left = element;
    let mut all: Vec<String> = Vec::new();
    for size in sizes.iter().rev() {
        all.push(format!("[{}]", left % size));
        left /= size;
    }
    all.into_iter().rev().collect()
}
