//! Lists of objects, lists of sections, and references to sections.

use super::class::Given;
use super::path::{Place, same};
use super::scope::Slot;
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::hoc::tree::Part;
use crate::neuron::SectionId;
use std::cell::RefCell;
use std::rc::Rc;

/// One of the cells that a name stands for.
#[derive(Debug)]
pub struct Held {
    /// The object of a template, if it is one.
    pub object: Option<Rc<Object>>,
    /// Its sections.
    pub sections: Vec<SectionId>,
}

impl Hoc<'_> {
    /// Lists of sections that an object, or the file, keeps under names.
    pub fn lists(&self, of: Option<&Object>) -> Vec<(String, Vec<SectionId>)> {
        let scope = match of.map(|object| &object.kind) {
            Some(Kind::Instance(scope)) => scope.clone(),
            _ => self.top.clone(),
        };
        let names = scope.names.borrow();
        let lists = names.iter().filter_map(|(name, slot)| match slot {
            Slot::Objects(list, sizes) if sizes.is_empty() => match list.first()?.as_ref()?.kind {
                Kind::Sections(id, _) => Some((name.to_string(), self.model.listed(id))),
                _ => None,
            },
            _ => None,
        });
        let mut all: Vec<(String, Vec<SectionId>)> = lists.collect();
        all.sort();
        all
    }

    /// What the file holds under a name, cell by cell: the objects of a variable, of an array, of a list, or of a template, or sections. Nothing where there is no
    /// such name.
    pub fn held(&self, name: &str) -> Option<Vec<Held>> {
        let objects = |all: Vec<Rc<Object>>| -> Vec<Held> {
            let inside = |one: Rc<Object>| match &one.kind {
                Kind::List(list) => list.borrow().clone(),
                _ => vec![one],
            };
            let sections = |owner| self.model.all().into_iter().filter(|id| self.model.section(*id).owner == owner).collect();
            all.into_iter().flat_map(inside).map(|one| Held { sections: sections(one.id), object: Some(one) }).collect()
        };
        match self.top.names.borrow().get(name) {
            Some(Slot::Objects(all, _)) => Some(objects(all.iter().flatten().cloned().collect())),
            Some(Slot::Sections(all, _)) => {
                let mut roots: Vec<SectionId> =
                    all.iter().filter(|id| self.model.is_alive(**id)).map(|id| self.model.root(*id)).collect();
                roots.dedup();
                Some(roots.into_iter().map(|root| Held { sections: self.model.subtree(root), object: None }).collect())
            }
            _ => self.objects_of(name).map(objects),
        }
    }

    /// Names under which the file holds objects or sections.
    pub fn holders(&self) -> Vec<String> {
        let names = self.top.names.borrow();
        let of_file = |slot: &Slot| match slot {
            Slot::Objects(all, _) => all.iter().flatten().any(|one| matches!(one.kind, Kind::Instance(_) | Kind::List(_))),
            Slot::Sections(..) => true,
            _ => false,
        };
        let named = names.iter().filter(|(_, slot)| of_file(slot)).map(|(name, _)| name.to_string());
        let mut all: Vec<String> = named.chain(self.templates()).collect();
        all.sort_unstable();
        all
    }

    /// Methods of List.
    pub(super) fn of_list(
        &mut self,
        object: &Object,
        list: &RefCell<Vec<Rc<Object>>>,
        name: &str,
        given: &Given<'_>,
    ) -> Done<Value> {
        let index = |at: f64| -> Done<usize> {
            let count = list.borrow().len();
            if at < 0.0 || at >= count as f64 {
                return Err(format!("the list has {count} objects, and none of number {at}").into());
            }
            Ok(at as usize)
        };
        Ok(match name {
            "append" => {
                self.room(1)?;
                list.borrow_mut().push(given.object(0)?);
                Value::Number(list.borrow().len() as f64)
            }
            "prepend" => {
                self.room(1)?;
                list.borrow_mut().insert(0, given.object(0)?);
                Value::Number(list.borrow().len() as f64)
            }
            "insrt" => {
                self.room(1)?;
                let at = given.number(0)?.max(0.0) as usize;
                let at = at.min(list.borrow().len());
                list.borrow_mut().insert(at, given.object(1)?);
                Value::Number(list.borrow().len() as f64)
            }
            "count" => Value::Number(list.borrow().len() as f64),
            "o" | "object" => {
                let at = index(given.number(0)?)?;
                Value::Object(list.borrow().get(at).cloned())
            }
            "remove" => {
                let at = index(given.number(0)?)?;
                let gone = list.borrow_mut().remove(at);
                drop(gone);
                Value::Number(list.borrow().len() as f64)
            }
            "remove_all" => {
                let gone = std::mem::take(&mut *list.borrow_mut());
                drop(gone);
                Value::Number(0.0)
            }
            "index" => {
                let wanted = given.object(0)?;
                Value::Number(list.borrow().iter().position(|one| same(one, &wanted)).map_or(-1.0, |at| at as f64))
            }
            "browser" | "select" | "select_action" | "accept_action" | "selected" | "scroll_pos" => Value::Number(0.0),
            _ => return Err(self.no_method(object, name)),
        })
    }

    /// Methods of SectionList.
    pub(super) fn of_section_list(&mut self, object: &Object, id: usize, name: &str, given: &Given<'_>) -> Done<Value> {
        let new = match name {
            "append" | "wholetree" | "subtree" | "children" | "remove" if given.values.is_empty() => {
                let at = self.accessed()?;
                match name {
                    "append" => vec![at],
                    "wholetree" => self.model.subtree_by_level(self.model.root(at)),
                    "subtree" => self.model.subtree_by_level(at),
                    "children" => self.model.children(at),
                    _ => {
                        self.model.change_list(id, |list| {
                            if let Some(first) = list.iter().position(|one| *one == at) {
                                list.remove(first);
                            }
                        });
                        return Ok(Value::Number(1.0));
                    }
                }
            }
            "remove" => {
                let object = given.object(0)?;
                let gone = match &object.kind {
                    Kind::Sections(other, _) => self.model.listed(*other),
                    Kind::SectionRef(section) => vec![*section],
                    _ => Vec::new(),
                };
                self.model.change_list(id, |list| list.retain(|one| !gone.contains(one)));
                return Ok(Value::Number(1.0));
            }
            "append" => match &given.object(0)?.kind {
                Kind::Sections(other, _) => self.model.listed(*other),
                Kind::SectionRef(section) => vec![*section],
                _ => return Err("`append` takes sections".to_owned().into()),
            },
            "allroots" => {
                let all = self.model.all();
                all.into_iter().filter(|id| self.model.section(*id).parent.is_none()).collect()
            }
            "unique" => {
                let mut seen = std::collections::HashSet::new();
                self.model.change_list(id, |list| list.retain(|one| seen.insert(*one)));
                return Ok(Value::Number(0.0));
            }
            "contains" => {
                let wanted = self.accessed()?;
                let holds = self.model.listed(id).contains(&wanted);
                return Ok(Value::Number(f64::from(u8::from(holds))));
            }
            "printnames" => return Ok(Value::Number(0.0)),
            _ => return Err(self.no_method(object, name)),
        };
        self.room(new.len())?;
        self.model.change_list(id, |list| list.extend(new));
        Ok(Value::Number(1.0))
    }

    /// What a SectionRef has.
    pub(super) fn of_reference(&mut self, section: SectionId, part: &Part) -> Done<Place> {
        if !self.model.is_alive(section) {
            return Err("the section was deleted".to_owned().into());
        }
        let truth = |x: bool| Ok(Place::Value(Value::Number(f64::from(u8::from(x)))));
        let parent = self.model.section(section).parent;
        match &*part.name {
            "sec" => Ok(Place::Section(section)),
            "parent" | "trueparent" => match parent {
                Some(link) => Ok(Place::Section(link.section)),
                None => Err(format!("{} hangs on nothing", self.model.section(section).name).into()),
            },
            "root" => Ok(Place::Section(self.model.root(section))),
            "child" => {
                let children = self.model.children(section);
                let at = self.element(&part.indices, &[children.len()])?;
                match children.get(at) {
                    Some(child) => Ok(Place::Section(*child)),
                    None => Err("nothing hangs here".to_owned().into()),
                }
            }
            "nchild" => Ok(Place::Value(Value::Number(self.model.children(section).len() as f64))),
            "has_parent" | "has_trueparent" => truth(parent.is_some()),
            "exists" => truth(true),
            "is_cas" => {
                let accessed = self.accessed()?;
                truth(accessed == section)
            }
            other => Err(self.unsupported(format!("SectionRef has no `{other}`"))),
        }
    }
}
