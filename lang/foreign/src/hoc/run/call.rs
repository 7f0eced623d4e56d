//! Calls: procedures, iterators, and objects of templates.

use super::scope::Scope;
use super::value::{Kind, Object, Value};
use super::{Done, Flow, Frame, Hoc};
use crate::hoc::tree::{Name, Path, Procedure, Stmt};
use std::cell::RefCell;
use std::rc::{Rc, Weak};

impl Hoc<'_> {
    /// Runs a procedure in a scope.
    pub(super) fn call(&mut self, procedure: &Rc<Procedure>, scope: &Rc<Scope>, arguments: Vec<Value>) -> Done<Value> {
        self.run(procedure, scope, arguments, None)
    }

    fn run(
        &mut self,
        procedure: &Rc<Procedure>,
        scope: &Rc<Scope>,
        arguments: Vec<Value>,
        body: Option<(usize, Rc<Stmt>)>,
    ) -> Done<Value> {
        let called = self.span;
        let (caller, depth) = (self.current, self.sections.len());
        let name = procedure.name.clone();
        self.frames.push(Frame { scope: scope.clone(), arguments, locals: Vec::new(), body });
        self.current = self.frames.len() - 1;
        let done = self.execute_all(&procedure.body);
        self.frames.pop();
        self.current = caller;
        // `access` in a procedure goes on behind it; push_section without pop_section does not.
        self.sections.truncate(depth.max(1));
        match done {
            Ok(Flow::Return(value)) => Ok(value),
            Ok(_) if procedure.kind == "obfunc" => Ok(Value::NOTHING),
            Ok(_) => Ok(Value::Number(0.0)),
            Err(mut stop) => {
                if stop.trace.len() < 16 {
                    stop.trace.push((called, format!("`{name}` is called here")));
                }
                Err(stop)
            }
        }
    }

    /// `for name(arguments) body`
    pub(super) fn iterate(&mut self, path: &Path, body: &Rc<Stmt>) -> Done<Flow> {
        let (scope, part) = match path.parts.split_last() {
            Some((last, [])) => (self.scope(), last),
            Some((last, before)) => {
                let owner = Path { head: path.head.clone(), parts: before.to_vec(), span: path.span };
                let place = self.walk(&owner)?;
                match self.get(&place)? {
                    Value::Object(Some(object)) => match &object.kind {
                        Kind::Instance(scope) => (scope.clone(), last),
                        _ => return Err(format!("`{}` is no iterator", last.name).into()),
                    },
                    other => return Err(format!("an iterator is asked of {}", other.what()).into()),
                }
            }
            None => return Ok(Flow::On),
        };
        let mut found = self.procedure(&part.name, &scope);
        if found.is_none() && &*part.name == "case" && self.load_library("stdlib.hoc")? {
            found = self.procedure(&part.name, &self.top.clone());
        }
        let Some((procedure, home)) = found else {
            return Err(format!("there is no iterator `{}`", part.name).into());
        };
        let arguments = self.passed(part.call.as_deref().unwrap_or(&[]))?;
        match self.run(&procedure, &home, arguments, Some((self.current, body.clone())))? {
            // A `return` of the body ends the procedure around the loop.
            Value::Address(place) if matches!(*place, super::path::Place::Value(_)) => match *place {
                super::path::Place::Value(value) => Ok(Flow::Return(value)),
                _ => Ok(Flow::On),
            },
            _ => Ok(Flow::On),
        }
    }

    pub(super) fn iterator_statement(&mut self) -> Done<Flow> {
        let Some((caller, body)) = self.frame().body.clone() else {
            return Err("iterator_statement outside of an iterator".to_owned().into());
        };
        let own = std::mem::replace(&mut self.current, caller);
        let done = self.execute(&body);
        self.current = own;
        Ok(match done? {
            Flow::On | Flow::Continue => Flow::On,
            Flow::Break => Flow::Return(Value::Number(0.0)),
            Flow::Return(value) => Flow::Return(Value::Address(Box::new(super::path::Place::Value(value)))),
        })
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
        let (tree, procedures, id) = (known.tree.clone(), known.procedures.clone(), self.objects);
        let prefix = format!("{class}[{index}]");
        let scope = Rc::new(Scope {
            names: RefCell::default(),
            procedures,
            owner: RefCell::default(),
            prefix,
            id,
            hold: Some(Rc::new(())),
            unset: RefCell::default(),
            idle: None,
        });
        let object = Rc::new(Object { class: class.clone(), index, id, kind: Kind::Instance(scope.clone()) });
        scope.owner.replace(Rc::downgrade(&object));
        if let Some(known) = self.templates.get_mut(class) {
            known.objects.push(Rc::downgrade(&object));
        }
        self.declare_assigned(&tree.assigned, &scope);
        let called = self.span;
        let depth = self.sections.len();
        let caller = self.current;
        let frame = Frame { scope: scope.clone(), arguments: Vec::new(), locals: Vec::new(), body: None };
        self.frames.push(frame);
        self.current = self.frames.len() - 1;
        let mut done = self.execute_all(&tree.body).map(|_| ());
        self.frames.pop();
        self.current = caller;
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
