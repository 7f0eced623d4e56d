//! Statements.

use super::arithmetic::{EPSILON, is_true};
use super::path::Place;
use super::scope::Slot;
use super::value::Value;
use super::{Done, Flow, Hoc, Stop};
use crate::hoc::tree::{Expr, Head, Path, Sized, Stmt, StmtKind};

impl Hoc<'_> {
    /// Executes a statement.
    pub(super) fn execute(&mut self, stmt: &Stmt) -> Done<Flow> {
        self.deeper(stmt.span, |hoc| hoc.execute_kind(stmt))
    }

    pub(super) fn execute_all(&mut self, list: &[Stmt]) -> Done<Flow> {
        for stmt in list {
            match self.execute(stmt)? {
                Flow::On => {}
                other => return Ok(other),
            }
        }
        Ok(Flow::On)
    }

    fn execute_kind(&mut self, stmt: &Stmt) -> Done<Flow> {
        match &stmt.kind {
            StmtKind::Expr(value) => self.alone(value)?,
            StmtKind::Print(list) => self.print_all(list)?,
            StmtKind::Block(list) => return self.execute_all(list),
            StmtKind::If(condition, then, otherwise) => {
                if is_true(self.number(condition)?) {
                    return self.execute(then);
                }
                if let Some(otherwise) = otherwise {
                    return self.execute(otherwise);
                }
            }
            StmtKind::While(condition, body) => {
                while is_true(self.number(condition)?) {
                    if let Some(flow) = self.round(body)? {
                        return Ok(flow);
                    }
                }
            }
            StmtKind::For(first, condition, last, body) => {
                return self.repeat(first.as_deref(), condition.as_ref(), last.as_deref(), body);
            }
            StmtKind::ForRange(path, from, to, body) => return self.range(path, from, to, body),
            StmtKind::ForSegments(path, ends, body) => return self.segments(path, *ends, body),
            StmtKind::ForIterator(path, body) => return self.iterate(path, body),
            StmtKind::IteratorStatement => return self.iterator_statement(),
            StmtKind::In(path, body) => return self.within(path, body),
            StmtKind::ForAll(body) => {
                let all = self.own_sections();
                return self.each_section(all, body);
            }
            StmtKind::ForSec(list, body) => {
                let all = self.sections_of(list)?;
                return self.each_section(all, body);
            }
            StmtKind::IfSec(list, body) => {
                let accessed = self.accessed()?;
                if self.sections_of(list)?.contains(&accessed) {
                    return self.execute(body);
                }
            }
            StmtKind::Return(value) => {
                let value = value.as_ref().map_or(Ok(Value::Number(0.0)), |value| self.value(value))?;
                return Ok(Flow::Return(value));
            }
            StmtKind::Break => return Ok(Flow::Break),
            StmtKind::Continue => return Ok(Flow::Continue),
            StmtKind::Stop => return Err(Stop::quiet("stop")),
            StmtKind::Quit => return Err(Stop::quiet("quit")),
            _ => self.simple(stmt)?,
        }
        Ok(Flow::On)
    }

    /// Statements without others inside.
    fn simple(&mut self, stmt: &Stmt) -> Done<()> {
        match &stmt.kind {
            StmtKind::Access(path) => {
                let section = self.section_at(path)?;
                self.sections.pop();
                self.sections.push(section);
            }
            StmtKind::Connect(child, parent) => self.connect(child, parent)?,
            StmtKind::Insert(name) => {
                let section = self.accessed()?;
                self.insert(section, name)?;
            }
            StmtKind::Uninsert(name) => {
                let section = self.accessed()?;
                self.model.uninsert(section, name);
            }
            StmtKind::Create(list) => {
                for (name, sizes) in list {
                    let sizes = self.sizes(sizes)?.unwrap_or_default();
                    self.create(name, &sizes)?;
                }
            }
            StmtKind::Objects(list) => {
                for one in list {
                    // In a template `this` is the object, declared or not.
                    if &*one.0 == "this" && !std::rc::Rc::ptr_eq(&self.scope(), &self.top) {
                        continue;
                    }
                    self.declare(one, |count, sizes| Slot::Objects(vec![None; count], sizes))?;
                }
            }
            StmtKind::Numbers(list) => {
                for one in list {
                    self.declare(one, |count, sizes| Slot::Numbers(vec![0.0; count], sizes))?;
                }
            }
            StmtKind::Texts(names) => {
                for name in names {
                    self.put(name, Slot::Text("".into()), false);
                }
            }
            StmtKind::Local(names, objects) => {
                let value = if *objects { Value::NOTHING } else { Value::Number(0.0) };
                let locals = names.iter().map(|name| (name.clone(), value.clone()));
                self.frame_mut().locals.extend(locals);
            }
            StmtKind::Public(_) => {}
            StmtKind::External(names) => {
                for name in names {
                    let scope = self.scope();
                    if !scope.is_top() {
                        scope.names.borrow_mut().insert(name.clone(), Slot::External);
                    }
                }
            }
            StmtKind::Define(procedure) => {
                let scope = self.scope();
                scope.procedures.borrow_mut().insert(procedure.name.clone(), procedure.clone());
                scope.names.borrow_mut().remove(&procedure.name);
            }
            StmtKind::Template(template) => self.define(template)?,
            StmtKind::SetPointer(pointer, to) => self.set_pointer(pointer, to)?,
            StmtKind::Along(path, ends, first, second) => self.spread(path, ends, first, second.as_ref())?,
            StmtKind::Dependent(paths) => self.make_dependent(paths)?,
            StmtKind::Equation(of, left, right) => self.equation(of, [left.as_ref(), right.as_ref()])?,
            StmtKind::Delete(name) => {
                let scope = self.scope();
                scope.names.borrow_mut().remove(name);
            }
            StmtKind::Error(why) => {
                let mut stop = self.wrong(stmt.span, &**why);
                stop.code = bouton_syntax::Code::ForeignText;
                return Err(stop);
            }
            _ => {}
        }
        Ok(())
    }

    /// A value that stands alone; a section or an object does nothing.
    fn alone(&mut self, value: &Expr) -> Done<()> {
        if let crate::hoc::tree::ExprKind::Path(path) = &value.kind {
            // `soma(0)` is the section with a value after it, as hoc reads it.
            if let [part] = path.parts.as_slice()
                && let Some([x]) = part.call.as_deref()
                && matches!(path.head, Head::Name)
                && self.is_section(&part.name)
            {
                return self.value(x).map(|_| ());
            }
            match self.walk(path)? {
                // What is read of a run is printed at most.
                Place::Range(..) | Place::Section(_) => return Ok(()),
                place => {
                    self.get(&place)?;
                    return Ok(());
                }
            }
        }
        self.value(value).map(|_| ())
    }

    /// One round of a loop; what it hands on, where it ends the loop.
    fn round(&mut self, body: &Stmt) -> Done<Option<Flow>> {
        Ok(match self.execute(body)? {
            Flow::On | Flow::Continue => None,
            Flow::Break => Some(Flow::On),
            Flow::Return(value) => Some(Flow::Return(value)),
        })
    }

    fn repeat(&mut self, first: Option<&Stmt>, condition: Option<&Expr>, last: Option<&Stmt>, body: &Stmt) -> Done<Flow> {
        if let Some(first) = first {
            self.execute(first)?;
        }
        loop {
            if let Some(condition) = condition
                && !is_true(self.number(condition)?)
            {
                return Ok(Flow::On);
            }
            if let Some(flow) = self.round(body)? {
                return Ok(flow);
            }
            if let Some(last) = last {
                self.execute(last)?;
            }
        }
    }

    fn range(&mut self, path: &Path, from: &Expr, to: &Expr, body: &Stmt) -> Done<Flow> {
        let from = self.number(from)?;
        let to = self.number(to)?;
        let place = self.walk_to_set(path)?;
        self.set(&place, Value::Number(from))?;
        loop {
            let Value::Number(at) = self.get(&place)? else { return Ok(Flow::On) };
            if at > to + EPSILON {
                return Ok(Flow::On);
            }
            if let Some(flow) = self.round(body)? {
                return Ok(flow);
            }
            let Value::Number(at) = self.get(&place)? else { return Ok(Flow::On) };
            self.set(&place, Value::Number(at + 1.0))?;
        }
    }

    fn segments(&mut self, path: &Path, ends: bool, body: &Stmt) -> Done<Flow> {
        let section = self.accessed()?;
        let count = self.model.section(section).segments();
        let place = self.walk_to_set(path)?;
        let dx = 1.0 / count as f64;
        let mut places = Vec::with_capacity(count + 2);
        places.extend(ends.then_some(0.0));
        let mut x = dx / 2.0;
        for _ in 0..count {
            places.push(x);
            x += dx;
        }
        places.extend(ends.then_some(1.0));
        for x in places {
            self.set(&place, Value::Number(x))?;
            if let Some(flow) = self.round(body)? {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    /// The sizes of an array; nothing for a single one.
    fn sizes(&mut self, sizes: &[Expr]) -> Done<Option<Vec<usize>>> {
        let mut all = Vec::new();
        let mut product = 1usize;
        for size in sizes {
            let value = self.number(size)? + EPSILON;
            if !(0.0..1e8).contains(&value) {
                return Err(self.wrong(size.span, format!("an array cannot have {} elements", value.floor())));
            }
            product = product.saturating_mul(value as usize);
            all.push(value as usize);
        }
        self.room(product)?;
        Ok((!all.is_empty()).then_some(all))
    }

    fn declare(&mut self, (name, sizes): &Sized, make: impl FnOnce(usize, Vec<usize>) -> Slot) -> Done<()> {
        let sizes = self.sizes(sizes)?.unwrap_or_default();
        let slot = make(sizes.iter().product::<usize>().max(usize::from(sizes.is_empty())), sizes);
        self.put(name, slot, true);
        Ok(())
    }

    /// Declares a name; a text that is declared again keeps its value.
    pub(super) fn put(&mut self, name: &crate::hoc::tree::Name, slot: Slot, again: bool) {
        let scope = self.scope();
        let home = self.slot(name, &scope).unwrap_or(scope);
        let mut names = home.names.borrow_mut();
        if !again && matches!(names.get(name), Some(Slot::Text(_))) {
            return;
        }
        names.insert(name.clone(), slot);
    }

    fn set_pointer(&mut self, pointer: &Path, to: &Path) -> Done<()> {
        let target = self.walk(to)?;
        let place = self.walk_to_set(pointer)?;
        match (place, &pointer.head) {
            (Place::Member(object, name, _), _) => {
                self.point_pointer(&object, &name, &target);
                Ok(())
            }
            (Place::Range(section, crate::neuron::place::Range::Pointer(mechanism, which), x), _) => {
                self.range_pointer((section, x), (mechanism, which), &target);
                Ok(())
            }
            (Place::Slot(scope, name, _), Head::Name) => {
                scope.names.borrow_mut().insert(name, Slot::Pointer(Box::new(target)));
                Ok(())
            }
            _ => Err("this is no pointer".to_owned().into()),
        }
    }
}
