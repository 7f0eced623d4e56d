//! `Import3d_SWC_read`, `Import3d_Neurolucida3` and `Import3d_GUI`: files of points become sections of an object, or of the file.

use super::class::Given;
use super::scope::Slot;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::morphology::{self, Branch, Format};
use crate::neuron::SectionId;
use std::cell::RefCell;
use std::rc::Rc;

impl Hoc<'_> {
    /// Their methods.
    pub(super) fn of_morphology(
        &mut self,
        object: &Object,
        read: &RefCell<Vec<Branch>>,
        name: &str,
        given: &Given<'_>,
    ) -> Done<Value> {
        match name {
            "input" => {
                let path = given.text(0)?;
                let folders = self.folders.clone();
                let found = std::iter::once(String::new())
                    .chain(folders)
                    .find_map(|folder| self.files.bytes(&format!("{folder}{path}")).ok());
                let Some(bytes) = found else { return Err(format!("cannot read {path}").into()) };
                let text = String::from_utf8_lossy(&bytes);
                let format = if &*object.class == "Import3d_Neurolucida3" { Format::Asc } else { Format::Swc };
                let branches = format.read(&text).map_err(|broken| format!("{path}, line {}: {}", broken.line, broken.why))?;
                self.room(branches.iter().map(|one| one.points.len() * 4).sum())?;
                read.replace(branches);
            }
            "instantiate" => {
                let scope = match given.values.first() {
                    Some(Value::Object(Some(object))) => match &object.kind {
                        Kind::Instance(scope) => scope.clone(),
                        _ => return Err(format!("{} has no sections of its own", object.name()).into()),
                    },
                    _ => self.top.clone(),
                };
                self.grow(&read.borrow(), &scope)?;
            }
            "pheader" | "helptxt" => {}
            _ => return Err(self.no_method(object, name)),
        }
        Ok(Value::Number(0.0))
    }

    /// The sections of a file of points that an object of another language takes, by the names under which it takes them.
    ///
    /// # Errors
    /// What is no reader of points, and what no cable can have.
    pub fn grow_free(&mut self, reader: &Object) -> Result<Vec<(String, Vec<SectionId>)>, String> {
        let Kind::Morphology(read) = &reader.kind else { return Err(format!("{} has no branches", reader.name())) };
        let branches = read.borrow();
        let mut ids = Vec::new();
        for (kind, count) in morphology::kinds(&branches) {
            let name: crate::hoc::tree::Name = morphology::name(kind).into();
            let all: Result<Vec<SectionId>, String> =
                (0..count).map(|k| self.model.create((name.clone(), Some(k)), "", 0, None)).collect();
            ids.push((kind, all?));
        }
        morphology::shape(&mut self.model, &branches, &ids)?;
        Ok(ids.into_iter().map(|(kind, all)| (morphology::name(kind), all)).collect())
    }

    /// Creates the sections of branches in a scope, with the lists that it has for them.
    fn grow(&mut self, branches: &[Branch], scope: &Rc<super::scope::Scope>) -> Done<()> {
        let mut ids = Vec::new();
        for (kind, count) in morphology::kinds(branches) {
            let name: crate::hoc::tree::Name = morphology::name(kind).into();
            self.create_in(&name, &[count], scope)?;
            let all = match scope.names.borrow().get(&name) {
                Some(Slot::Sections(all, _)) => all.clone(),
                _ => Vec::new(),
            };
            ids.push((kind, all));
        }
        let all = morphology::shape(&mut self.model, branches, &ids)?;
        // NEURON takes the sections whose names contain that of the kind.
        let of = |kind: i32| {
            let like = |other: &&(i32, Vec<_>)| morphology::name(other.0).contains(&morphology::name(kind));
            ids.iter().filter(like).flat_map(|(_, ids)| ids.clone()).collect()
        };
        let lists = ids.iter().map(|(kind, _)| (morphology::list(*kind), of(*kind)));
        // NEURON's order: of kinds, not of the file.
        let whole = ("all".to_owned(), ids.iter().flat_map(|(_, ids)| ids.clone()).collect::<Vec<_>>());
        for (name, ids) in lists.chain([whole]) {
            let list = match scope.names.borrow().get(&*name) {
                Some(Slot::Objects(list, _)) => match list.first() {
                    Some(Some(object)) => match object.kind {
                        Kind::Sections(id, _) => Some(id),
                        _ => None,
                    },
                    _ => None,
                },
                _ => None,
            };
            if let Some(list) = list {
                self.model.change_list(list, |sections| sections.extend(ids));
            }
        }
        if let (true, Some(first)) = (self.sections.is_empty(), all.first()) {
            self.sections.push(*first);
        }
        Ok(())
    }
}
