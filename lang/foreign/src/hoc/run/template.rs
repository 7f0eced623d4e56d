//! Templates, and what `new` makes of them.

use super::scope::{Scope, Slot};
use super::value::{Kind, Object, Value};
use super::{Done, Frame, Hoc, Known};
use crate::hoc::tree::{Name, Template};
use std::rc::{Rc, Weak};

/// What every object of a template has before its `init` is called.
type Declared = Vec<(Name, Slot)>;

impl Hoc<'_> {
    /// Executes the text of a template once, as NEURON does, for names that belong to no object. An object gets these names with their sizes, and no value of
    /// them.
    pub(super) fn define(&mut self, template: &Rc<Template>) -> Done<()> {
        if self.templates.contains_key(&template.name) {
            return Err(format!("the template `{}` is there already", template.name).into());
        }
        self.objects += 1;
        let procedures = Rc::default();
        let scope = Rc::new(Scope::of_object(template.name.to_string(), self.objects, &procedures));
        self.declare_assigned(&template.assigned, &scope);
        self.inside(&scope, |hoc| hoc.execute_all(&template.body).map(|_| ()))?;
        let names = scope.names.borrow();
        let declared = template.names.iter().filter_map(|name| Some((name.clone(), names.get(name)?.blank()))).collect();
        self.templates.insert(template.name.clone(), Known { span: template.span, declared, procedures, objects: Vec::new() });
        Ok(())
    }

    /// Does something with the names of a scope.
    fn inside(&mut self, scope: &Rc<Scope>, work: impl FnOnce(&mut Self) -> Done<()>) -> Done<()> {
        let (depth, caller) = (self.sections.len(), self.current);
        self.frames.push(Frame { scope: scope.clone(), arguments: Vec::new(), locals: Vec::new(), body: None });
        self.current = self.frames.len() - 1;
        let done = work(self);
        self.frames.pop();
        self.current = caller;
        self.sections.truncate(depth.max(1));
        done
    }

    /// Gives an object its names.
    fn declare_all(&mut self, declared: Declared, scope: &Rc<Scope>) -> Done<()> {
        for (name, slot) in declared {
            match slot {
                Slot::Sections(_, sizes) => self.create_in(&name, &sizes, scope)?,
                slot => {
                    scope.names.borrow_mut().insert(name, slot);
                }
            }
        }
        Ok(())
    }

    /// `new Class(arguments)`
    pub(super) fn new_object(&mut self, class: &Name, arguments: Vec<Value>) -> Done<Rc<Object>> {
        self.room(8)?;
        self.objects += 1;
        if !self.templates.contains_key(class) {
            self.load_template(class)?;
        }
        let Some(known) = self.templates.get_mut(class) else { return self.new_built_in(class, arguments) };
        known.objects.retain(|one| one.strong_count() > 0);
        let index = known.objects.iter().filter_map(Weak::upgrade).map(|one| one.index + 1).max().unwrap_or(0);
        let (declared, id) = (known.declared.clone(), self.objects);
        let scope = Rc::new(Scope::of_object(format!("{class}[{index}]"), id, &known.procedures));
        let object = Rc::new(Object { class: class.clone(), index, id, kind: Kind::Instance(scope.clone()) });
        scope.owner.replace(Rc::downgrade(&object));
        if let Some(known) = self.templates.get_mut(class) {
            known.objects.push(Rc::downgrade(&object));
        }
        let (called, depth) = (self.span, self.sections.len());
        let mut done = self.declare_all(declared, &scope);
        let init = scope.procedures.borrow().get("init").cloned();
        if let (Ok(()), Some(init)) = (&done, init) {
            done = self.call(&init, &scope, arguments).map(|_| ());
        }
        self.sections.truncate(depth.max(1));
        done.map_err(|mut stop| {
            stop.trace.push((called, format!("`{class}` is made here")));
            stop
        })?;
        Ok(object)
    }

    /// The objects of a class that are there; nothing where there is no such class.
    pub(super) fn objects_of(&self, class: &str) -> Option<Vec<Rc<Object>>> {
        let of_template = self.templates.get(class).map(|known| &known.objects);
        let all = of_template.or_else(|| self.counted.get(class))?;
        Some(all.iter().filter_map(Weak::upgrade).collect())
    }

    /// An object of a built-in class, counted.
    pub(super) fn counted(&mut self, class: &Name, kind: Kind) -> Rc<Object> {
        let list = self.counted.entry(class.clone()).or_default();
        // Numbers grow along the list, so the last that lives has the highest. What died before it goes when room is needed.
        while list.last().is_some_and(|one| one.strong_count() == 0) {
            list.pop();
        }
        if list.len() == list.capacity() {
            list.retain(|one| one.strong_count() > 0);
        }
        let index = list.last().and_then(Weak::upgrade).map_or(0, |one| one.index + 1);
        let object = Rc::new(Object { class: class.clone(), index, id: self.objects, kind });
        list.push(Rc::downgrade(&object));
        object
    }
}
