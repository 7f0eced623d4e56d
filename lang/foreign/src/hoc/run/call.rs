//! Calls: procedures and iterators.

use super::scope::Scope;
use super::value::{Kind, Value};
use super::{Done, Flow, Frame, Hoc};
use crate::hoc::tree::{Path, Procedure, Stmt};
use std::rc::Rc;

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
}
