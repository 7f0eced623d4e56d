//! Paths: what names, indices and calls lead to, and reading and writing there.

use super::arithmetic::{EPSILON, binary, is_true};
use super::scope::{Scope, Slot};
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::hoc::tree::{Expr, ExprKind, Head, Name, Part, Path};
use crate::neuron::SectionId;
use crate::neuron::place::{Range, Whole};
use std::rc::Rc;

/// Where a value is.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Of a call: which, and the name.
    Local(usize, Name),
    /// Of a call: which, and the number of the argument.
    Argument(usize, usize),
    /// Of a scope, with the element.
    Slot(Rc<Scope>, Name, usize),
    /// Of a section as a whole.
    Whole(SectionId, Whole),
    /// Along a section, at a place or, without one, everywhere.
    Range(SectionId, Range, Option<f64>),
    /// A value that all share.
    Global(Name),
    /// Of an object, with the element.
    Member(Rc<Object>, Name, Option<usize>),
    /// A section.
    Section(SectionId),
    /// Not a place, but a value.
    Value(Value),
}

/// Numbers by name.
const CONSTANTS: &[(&str, f64)] = &[
    ("PI", std::f64::consts::PI),
    ("E", std::f64::consts::E),
    ("GAMMA", 0.577_215_664_901_532_9),
    ("DEG", 180.0 / std::f64::consts::PI),
    ("PHI", 1.618_033_988_749_895),
    ("FARADAY", 96_485.332_123_310_01),
    ("R", 8.314_462_618_153_24),
    ("Avogadro_constant", 6.022_140_76e23),
];

/// Values of NEURON's library, which a file may read and write.
const OF_LIBRARY: &[(&str, f64)] = &[
    ("v_init", -65.0),
    ("tstop", 5.0),
    ("steps_per_ms", 40.0),
    ("nrnmainmenu_", 0.0),
    ("using_cvode_", 0.0),
    ("stoprun", 0.0),
    ("runStopAt", 5.0),
    ("runStopIn", 1.0),
    ("realtime", 0.0),
    ("stdrun_quiet", 0.0),
    ("cvode_active_", 0.0),
    ("float_epsilon", EPSILON),
    ("hoc_cross_x_", 0.0),
    ("hoc_cross_y_", 0.0),
    ("eventslow_", 1.0),
    ("movierunflag", 0.0),
    ("screen_update_invl", 0.05),
    ("running_", 0.0),
    ("celsius_", 6.3),
    ("global_ra", 35.4),
    ("n_graph_lists", 4.0),
    ("nstep_steprun", 1.0),
    ("eventslow", 1.0),
    ("eventcount", 0.0),
];

impl Hoc<'_> {
    /// A value.
    pub(super) fn value(&mut self, expr: &Expr) -> Done<Value> {
        self.deeper(expr.span, |hoc| hoc.value_of(expr))
    }

    fn value_of(&mut self, expr: &Expr) -> Done<Value> {
        Ok(match &expr.kind {
            ExprKind::Number(value) => Value::Number(*value),
            ExprKind::Text(text) => Value::Text(text.clone()),
            ExprKind::Path(path) => {
                let place = self.walk(path)?;
                self.get(&place)?
            }
            ExprKind::Neg(of) => Value::Number(-self.number(of)?),
            ExprKind::Not(of) => Value::Number(f64::from(u8::from(!is_true(self.number(of)?)))),
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                match (a, b) {
                    (Value::Number(a), Value::Number(b)) => Value::Number(binary(*op, a, b)?),
                    (Value::Object(a), Value::Object(b)) => {
                        let same = match (&a, &b) {
                            (Some(a), Some(b)) => same(a, b),
                            (None, None) => true,
                            _ => false,
                        };
                        match op {
                            crate::hoc::tree::Op::Eq => Value::Number(f64::from(u8::from(same))),
                            crate::hoc::tree::Op::Ne => Value::Number(f64::from(u8::from(!same))),
                            _ => return Err("objects can only be compared".to_owned().into()),
                        }
                    }
                    (a, b) => return Err(format!("{} and {} cannot be combined", a.what(), b.what()).into()),
                }
            }
            ExprKind::Assign(path, op, value) => {
                let new = self.value(value)?;
                let place = self.walk_to_set(path)?;
                let new = match op {
                    None => new,
                    Some(op) => match (self.get(&place)?, new) {
                        (Value::Number(old), Value::Number(new)) => Value::Number(binary(*op, old, new)?),
                        (_, new) => return Err(format!("{} cannot be added to something", new.what()).into()),
                    },
                };
                self.set(&place, new.clone())?;
                new
            }
            ExprKind::New(class, arguments) => {
                let arguments = self.values(arguments)?;
                Value::Object(Some(self.new_object(class, arguments)?))
            }
            ExprKind::Address(path) => Value::Address(Box::new(self.walk_to_set(path)?)),
        })
    }

    pub(super) fn values(&mut self, list: &[Expr]) -> Done<Vec<Value>> {
        list.iter().map(|one| self.value(one)).collect()
    }

    /// Arguments of a procedure: texts and objects by reference.
    pub(super) fn passed(&mut self, list: &[Expr]) -> Done<Vec<Value>> {
        let mut all = Vec::with_capacity(list.len());
        for one in list {
            let ExprKind::Path(path) = &one.kind else {
                all.push(self.value(one)?);
                continue;
            };
            let place = self.walk(path).map_err(|mut stop| {
                stop.span.get_or_insert(one.span);
                stop
            })?;
            let value = self.get(&place)?;
            let by_reference = match place {
                Place::Slot(..) => matches!(value, Value::Text(_) | Value::Object(_)),
                // A text that was handed over by itself can be written, too.
                Place::Argument(..) => matches!(value, Value::Text(_)),
                // `s` of a String.
                Place::Member(..) => matches!(value, Value::Text(_)),
                _ => false,
            };
            all.push(if by_reference { Value::Address(Box::new(place)) } else { value });
        }
        Ok(all)
    }

    pub(super) fn number(&mut self, expr: &Expr) -> Done<f64> {
        match self.value(expr)? {
            Value::Number(value) => Ok(value),
            other => Err(self.wrong(expr.span, format!("expected a number, and this is {}", other.what()))),
        }
    }

    pub(super) fn text(&mut self, expr: &Expr) -> Done<Rc<str>> {
        match self.value(expr)? {
            Value::Text(text) => Ok(text),
            other => Err(self.wrong(expr.span, format!("expected a text, and this is {}", other.what()))),
        }
    }

    /// The element of an array that indices name.
    pub(super) fn element(&mut self, indices: &[Expr], sizes: &[usize]) -> Done<usize> {
        let mut at = 0usize;
        for (k, index) in indices.iter().enumerate() {
            let value = self.number(index)? + EPSILON;
            let size = sizes.get(k).copied().unwrap_or(1);
            if value < 0.0 || value.floor() >= size as f64 {
                return Err(
                    self.wrong(index.span, format!("the index {} is not within 0 and {}", value.floor(), size.saturating_sub(1)))
                );
            }
            at = at * size + value as usize;
        }
        Ok(at)
    }

    /// Where a path leads, which may create a number.
    pub(super) fn walk_to_set(&mut self, path: &Path) -> Done<Place> {
        if let (Head::Name, [part]) = (&path.head, path.parts.as_slice())
            && part.call.is_none()
            && part.indices.is_empty()
        {
            let scope = self.scope();
            // A window that does nothing here keeps whatever it is given.
            let known = self.local(&part.name).is_some()
                || self.slot(&part.name, &scope).is_some()
                || (scope.idle.is_none() && self.is_built_in(&part.name));
            if !known {
                self.room(1)?;
                let home =
                    if matches!(scope.names.borrow().get(&part.name), Some(Slot::External)) { self.top.clone() } else { scope };
                // `this` can be another name of the object for itself.
                let slot = match &*part.name {
                    "this" => Slot::Objects(vec![None], Vec::new()),
                    _ => Slot::Numbers(vec![0.0], Vec::new()),
                };
                home.names.borrow_mut().insert(part.name.clone(), slot);
            }
        }
        self.walk(path)
    }

    /// A value of NEURON's library, as the file left it.
    pub(super) fn library_number(&mut self, name: &str) -> Option<f64> {
        match self.named(name) {
            Ok(Value::Number(value)) => Some(value),
            _ => None,
        }
    }

    pub(super) fn is_built_in(&self, name: &str) -> bool {
        Whole::named(name).is_some()
            || self.model.range(name).is_some()
            || self.model.global(name).is_some()
            || OF_LIBRARY.iter().any(|(known, _)| *known == name)
    }

    /// Where a path leads.
    pub(super) fn walk(&mut self, path: &Path) -> Done<Place> {
        let Some((first, rest)) = path.parts.split_first() else { return Ok(Place::Value(Value::NOTHING)) };
        if let (Head::Name, Some(idle)) = (&path.head, self.idle(&first.name, rest.is_empty())) {
            return Ok(idle);
        }
        let mut place = match path.head {
            Head::Name => self.first(first)?,
            Head::Arg(kind, number) => self.argument(kind, number, first)?,
        };
        for part in rest {
            place = self.next(place, part, path)?;
        }
        Ok(place)
    }

    fn argument(&mut self, kind: char, number: u32, part: &Part) -> Done<Place> {
        let number = match number {
            0 => match self.local("i").map_or_else(|| self.named("i"), Ok)? {
                Value::Number(value) => value as usize,
                _ => 0,
            },
            n => n as usize,
        };
        let count = self.frame().arguments.len();
        if number == 0 || number > count {
            return Err(format!("there is no argument {number}: the call has {count}").into());
        }
        let place = Place::Argument(self.current, number - 1);
        let value = self.frame().arguments.get(number - 1).cloned().unwrap_or(Value::NOTHING);
        let fits = match kind {
            's' => matches!(value, Value::Text(_) | Value::Address(_)),
            'o' => matches!(value, Value::Object(_) | Value::Address(_)),
            '&' => matches!(value, Value::Address(_)),
            _ => matches!(value, Value::Number(_) | Value::Address(_)),
        };
        if !fits {
            return Err(format!("the argument {number} is {}", value.what()).into());
        }
        match value {
            Value::Address(inner) if kind == '&' || !matches!(*inner, Place::Value(_)) => match (*inner, part.indices.first()) {
                (Place::Slot(scope, name, at), Some(index)) => {
                    let by = self.number(index)? + EPSILON;
                    Ok(Place::Slot(scope, name, at + by.max(0.0) as usize))
                }
                (inner, _) => Ok(inner),
            },
            _ => Ok(place),
        }
    }

    /// The value of a name by itself.
    fn named(&mut self, name: &str) -> Done<Value> {
        let part = Part { name: name.into(), indices: Vec::new(), call: None };
        let place = self.first(&part)?;
        self.get(&place)
    }

    pub(super) fn first(&mut self, part: &Part) -> Done<Place> {
        let name = &part.name;
        if let Some(value) = self.local(name) {
            return match (value, part.indices.is_empty()) {
                (_, true) => Ok(Place::Local(self.current, name.clone())),
                _ => Err(format!("`{name}` is no array").into()),
            };
        }
        let scope = self.scope();
        if let Some(home) = self.slot(name, &scope) {
            return self.of_slot(&home, part);
        }
        if let Some((procedure, home)) = self.procedure(name, &scope) {
            if self.ignored.contains(name) {
                return Ok(Place::Value(Value::Number(0.0)));
            }
            let arguments = self.passed(part.call.as_deref().unwrap_or(&[]))?;
            return Ok(Place::Value(self.call(&procedure, &home, arguments)?));
        }
        if &**name == "this" {
            return Ok(Place::Value(Value::Object(scope.owner.borrow().upgrade())));
        }
        if let Some(which) = Whole::named(name) {
            return Ok(Place::Whole(self.accessed()?, which));
        }
        if let Some(range) = self.model.range(name) {
            let section = self.accessed()?;
            return self.along(section, range, part);
        }
        if let (true, Some(_)) = (part.call.is_none(), self.model.global(name)) {
            return Ok(Place::Global(name.clone()));
        }
        if let Some((_, value)) = CONSTANTS.iter().find(|(known, _)| **known == **name) {
            return Ok(Place::Value(Value::Number(*value)));
        }
        if let (None, Some((_, value))) = (&part.call, OF_LIBRARY.iter().find(|(known, _)| **known == **name)) {
            self.top.names.borrow_mut().insert(name.clone(), Slot::Numbers(vec![*value], Vec::new()));
            return Ok(Place::Slot(self.top.clone(), name.clone(), 0));
        }
        if let (Some(index), Some(known)) = (part.indices.first(), self.objects_of(name)) {
            let index = self.number(index)? + EPSILON;
            let found = known.into_iter().find(|one| one.index == index.max(0.0) as usize);
            return match found {
                Some(object) => Ok(Place::Value(Value::Object(Some(object)))),
                None if super::class::is_ignored(name) => Ok(Place::Value(self.ignored_object(name))),
                None => Err(format!("there is no {name}[{}]", index.floor()).into()),
            };
        }
        if !part.indices.is_empty() && super::class::is_ignored(name) {
            return Ok(Place::Value(self.ignored_object(name)));
        }
        match &part.call {
            Some(arguments) => {
                if self.ignored.contains(name) {
                    return Ok(Place::Value(Value::Number(0.0)));
                }
                if let ("sprint" | "sscanf" | "sectionname" | "getstr", Some((target, rest))) = (&**name, arguments.split_first())
                {
                    return self.written(name, target, rest);
                }
                let shows = super::function::is_shown(name);
                let before = self.showing;
                self.showing |= shows;
                let arguments = self.values(arguments);
                self.showing = before;
                Ok(Place::Value(self.function(name, arguments?)?))
            }
            None if self.ignored.contains(name) => Ok(Place::Value(Value::Number(0.0))),
            None => Err(format!("the variable `{name}` has no value").into()),
        }
    }

    fn of_slot(&mut self, home: &Rc<Scope>, part: &Part) -> Done<Place> {
        let name = &part.name;
        let slot = home.names.borrow().get(name).map(|slot| match slot {
            Slot::Numbers(_, sizes) => Slot::Numbers(Vec::new(), sizes.clone()),
            Slot::Objects(_, sizes) => Slot::Objects(Vec::new(), sizes.clone()),
            other => other.clone(),
        });
        match slot {
            Some(Slot::Numbers(_, sizes) | Slot::Objects(_, sizes)) => {
                if part.indices.len() > sizes.len() {
                    return Err(format!("`{name}` has {} indices", sizes.len()).into());
                }
                let at = self.element(&part.indices, &sizes)?;
                Ok(Place::Slot(home.clone(), name.clone(), at))
            }
            Some(Slot::Text(_)) => Ok(Place::Slot(home.clone(), name.clone(), 0)),
            Some(Slot::Pointer(place)) => Ok(*place),
            Some(Slot::Sections(ids, sizes)) => {
                let at = if sizes.is_empty() { 0 } else { self.element(&part.indices, &sizes)? };
                let Some(id) = ids.get(at).copied().filter(|id| self.model.is_alive(*id)) else {
                    return Err(format!("the section {name}[{at}] was deleted").into());
                };
                match &part.call {
                    // `soma(0.5)`, in places only.
                    Some(_) => Err(format!("`{name}(...)` is a place, and no value").into()),
                    None => Ok(Place::Section(id)),
                }
            }
            Some(Slot::External) | None => Err(format!("`{name}` is external, and the file has no such name").into()),
        }
    }

    fn along(&mut self, section: SectionId, range: Range, part: &Part) -> Done<Place> {
        let range = match (range, part.indices.first()) {
            (Range::Mechanism(mechanism, value, _), Some(index)) => {
                let size = self.model.catalog.get(mechanism).values.get(value).map_or(1, |one| one.size);
                let element = self.element(std::slice::from_ref(index), &[size])?;
                Range::Mechanism(mechanism, value, element)
            }
            (range, _) => range,
        };
        let x = match part.call.as_deref() {
            Some([x]) => Some(self.number(x)?),
            Some([]) | None => None,
            Some(_) => return Err(format!("`{}` takes one place", part.name).into()),
        };
        if let Some(x) = x.filter(|x| !(-EPSILON..=1.0 + EPSILON).contains(x)) {
            return Err(format!("{x} is not a place on a section").into());
        }
        Ok(Place::Range(section, range, x.map(|x| x.clamp(0.0, 1.0))))
    }

    fn next(&mut self, place: Place, part: &Part, path: &Path) -> Done<Place> {
        if let Place::Section(section) = place {
            return self.of_section(section, part);
        }
        let object = match self.get(&place)? {
            Value::Object(Some(object)) => object,
            other => return Err(format!("`.{}` is asked of {}", part.name, other.what()).into()),
        };
        if let Kind::Instance(scope) = &object.kind {
            let scope = scope.clone();
            if let Some(home) = self.slot(&part.name, &scope) {
                let place = self.of_slot(&home, part)?;
                return Ok(place);
            }
            if let Some((procedure, home)) = self.procedure(&part.name, &scope) {
                if self.ignored.contains(&part.name) {
                    return Ok(Place::Value(Value::Number(0.0)));
                }
                let arguments = self.passed(part.call.as_deref().unwrap_or(&[]))?;
                return Ok(Place::Value(self.call(&procedure, &home, arguments)?));
            }
            if &*part.name == "this" {
                return Ok(Place::Value(Value::Object(Some(object))));
            }
            let _ = path;
            return Err(format!("{} has no `{}`", object.name(), part.name).into());
        }
        self.member(&object, part)
    }

    fn of_section(&mut self, section: SectionId, part: &Part) -> Done<Place> {
        if let Some(which) = Whole::named(&part.name) {
            return Ok(Place::Whole(section, which));
        }
        if let Some(range) = self.model.range(&part.name) {
            return self.along(section, range, part);
        }
        // A function of the accessed section.
        let depth = self.sections.len();
        self.sections.push(section);
        let arguments = self.values(part.call.as_deref().unwrap_or(&[]));
        let found = arguments.and_then(|arguments| self.function(&part.name, arguments));
        self.sections.truncate(depth);
        Ok(Place::Value(found?))
    }

    /// The value at a place.
    pub(super) fn get(&mut self, place: &Place) -> Done<Value> {
        Ok(match place {
            Place::Value(value) => value.clone(),
            Place::Local(frame, name) => {
                let locals = self.frames.get(*frame).map(|frame| &frame.locals);
                let found = locals.and_then(|all| all.iter().rev().find(|(known, _)| known == name));
                found.map_or(Value::NOTHING, |(_, value)| value.clone())
            }
            Place::Argument(frame, at) => {
                let found = self.frames.get(*frame).and_then(|frame| frame.arguments.get(*at)).cloned();
                match found {
                    Some(Value::Address(place)) => self.get(&place)?,
                    other => other.unwrap_or(Value::NOTHING),
                }
            }
            Place::Slot(scope, name, at) => match scope.names.borrow().get(name) {
                Some(Slot::Numbers(list, _)) => Value::Number(list.get(*at).copied().unwrap_or(0.0)),
                Some(Slot::Objects(list, _)) => Value::Object(list.get(*at).cloned().flatten()),
                Some(Slot::Text(text)) => Value::Text(text.clone()),
                _ => Value::NOTHING,
            },
            Place::Whole(section, which) => Value::Number(self.model.whole(*section, *which)),
            Place::Range(section, range, x) => {
                if self.ran && matches!(range, Range::Potential | Range::OfRun(_) | Range::Current(_)) {
                    if self.showing {
                        return Ok(Value::Number(f64::NAN));
                    }
                    return Err(self.unsupported("this reads what a run has left, and nothing is run while a file is imported"));
                }
                Value::Number(self.model.get(*section, range, x.unwrap_or(0.5))?)
            }
            Place::Global(name) => Value::Number(self.model.global(name).unwrap_or(0.0)),
            Place::Member(object, name, at) => self.get_member(object, name, *at)?,
            Place::Section(_) => return Err("a section is no value".to_owned().into()),
        })
    }

    /// Writes at a place.
    pub(super) fn set(&mut self, place: &Place, new: Value) -> Done<()> {
        match place {
            Place::Value(_) => return Err("this cannot be assigned to".to_owned().into()),
            Place::Section(_) => return Err("a section cannot be assigned to".to_owned().into()),
            Place::Local(frame, name) => {
                let locals = self.frames.get_mut(*frame).map(|frame| &mut frame.locals);
                if let Some((_, value)) = locals.and_then(|all| all.iter_mut().rev().find(|(known, _)| known == name)) {
                    if std::mem::discriminant(value) != std::mem::discriminant(&new) {
                        return Err(format!("`{name}` is {}, not {}", value.what(), new.what()).into());
                    }
                    *value = new;
                }
            }
            Place::Argument(frame, at) => {
                if let Some(Value::Address(inner)) = self.frames.get(*frame).and_then(|frame| frame.arguments.get(*at)).cloned() {
                    return self.set(&inner, new);
                }
                if let Some(value) = self.frames.get_mut(*frame).and_then(|frame| frame.arguments.get_mut(*at)) {
                    *value = new;
                }
            }
            Place::Slot(scope, name, at) => {
                if !scope.unset.borrow().is_empty() {
                    scope.unset.borrow_mut().remove(name);
                }
                let mut names = scope.names.borrow_mut();
                match (names.get_mut(name), new) {
                    (Some(Slot::Numbers(list, _)), Value::Number(value)) if *at < list.len() => list[*at] = value,
                    (Some(Slot::Objects(list, _)), Value::Object(value)) if *at < list.len() => list[*at] = value,
                    (Some(Slot::Text(text)), Value::Text(value)) => *text = value,
                    (Some(slot), new) if scope.idle.is_some() => {
                        *slot = match new {
                            Value::Number(value) => Slot::Numbers(vec![value], Vec::new()),
                            Value::Object(value) => Slot::Objects(vec![value], Vec::new()),
                            Value::Text(value) => Slot::Text(value),
                            Value::Address(place) => Slot::Pointer(place),
                        };
                    }
                    (_, new) => return Err(format!("{} cannot be assigned to `{name}`", new.what()).into()),
                }
            }
            Place::Member(object, name, at) => return self.set_member(object, name, *at, new),
            Place::Whole(..) | Place::Range(..) | Place::Global(_) => {
                let Value::Number(value) = new else {
                    return Err(format!("{} cannot be assigned to a number", new.what()).into());
                };
                match place {
                    Place::Whole(section, which) => self.model.set_whole(*section, *which, value)?,
                    Place::Range(section, range, x) => {
                        let known = self.model.section(*section);
                        let segments: Vec<usize> = match x {
                            Some(x) => vec![known.segment(*x)],
                            None => (0..known.segments()).collect(),
                        };
                        self.model.set(*section, range, &segments, value)?;
                    }
                    Place::Global(name) => {
                        self.model.set_global(name, value);
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// Whether two objects are one; lists of texts and the like compare by identity, too.
pub(super) fn same(a: &Rc<Object>, b: &Rc<Object>) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::SectionRef(a), Kind::SectionRef(b)) => a == b,
        _ => Rc::ptr_eq(a, b),
    }
}
