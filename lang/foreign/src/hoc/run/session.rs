//! Sessions: files of hoc that open windows. Windows that build something are templates of our own library; of the others every name is passed over.

use super::class::Given;
use super::path::Place;
use super::scope::{Scope, Slot};
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::hoc::tree::Name;
use crate::neuron::catalog::Role;
use crate::neuron::place::Range;
use std::cell::RefCell;
use std::rc::Rc;

/// Files of NEURON's library that have a counterpart here.
const TEXTS: &[(&str, &str)] = &[
    ("celbild.hoc", concat!(include_str!("../library/cellbuild.hoc"), include_str!("../library/subsets.hoc"))),
    ("inserter.hoc", include_str!("../library/windows.hoc")),
    ("pointman.hoc", include_str!("../library/windows.hoc")),
    ("pointgrp.hoc", include_str!("../library/windows.hoc")),
    ("stdlib.hoc", include_str!("../library/std.hoc")),
    ("subiter.hoc", include_str!("../library/domain.hoc")),
    ("electrod.hoc", include_str!("../library/windows.hoc")),
    ("single.hoc", include_str!("../library/windows.hoc")),
];

/// Templates that NEURON's library has without being asked for a file.
const ASKED_FOR: &[(&str, &str)] = &[
    ("SubsetDomainIterator", "subiter.hoc"),
    ("PointProcessManager", "pointman.hoc"),
    ("PointProcessGroupManager", "pointgrp.hoc"),
];

/// Templates of NEURON's library that add something to a cell, and have no counterpart here: what is missing then.
const MISSING: &[(&str, &str)] = &[
    ("ChannelBuild", "channels of the Channel Builder are not there yet"),
    ("LinearCircuit", "circuits of the Linear Circuit Builder are not there yet"),
    ("LinearMechanism", "equations of a LinearMechanism are not there yet"),
];

/// Templates of NEURON's library that are windows and tools around a cell.
const WINDOWS: &[&str] = &[
    "AtolTool",
    "BalanceInfo",
    "CoreNeuronRun",
    "ExecCommand",
    "Family",
    "FunctionFitter",
    "GatherVec",
    "Grapher",
    "Imp1",
    "ImpShape",
    "ImpedanceRatio",
    "Impx",
    "LoadBalance",
    "LogAvsX",
    "MakeCurve",
    "MenuExplore",
    "ModelView",
    "MulRunFitter",
    "NEURONMainMenu",
    "NetGUI",
    "NumericalMethodPanel",
    "OptimizerWrap",
    "PointBrowser",
    "PointProcessLocator",
    "RunFitter",
    "ShapeBrowser",
    "ShapeLocation",
    "ShowMechanism",
    "SpikePlot",
    "StartingDirectory",
    "VecWrap",
    "VectorPlay",
    "WindowGroup",
    "WindowGroupManager",
    "WindowMenu",
];

/// Parameters of a mechanism that are kept by themselves.
#[derive(Clone, Debug)]
pub(super) struct Standard {
    mechanism: usize,
    /// Which of its values.
    which: Vec<usize>,
    values: Vec<Vec<f64>>,
}

/// A choice among mechanisms.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Choice {
    points: bool,
    selected: usize,
}

/// Whether a file is a session.
pub(super) fn is_session(path: &str) -> bool {
    path.ends_with(".ses")
}

impl Hoc<'_> {
    /// Whether a session is being read.
    pub(super) fn in_session(&self) -> bool {
        self.loading.iter().any(|path| is_session(path))
    }

    /// Reads our counterpart of a file of NEURON's library; whether there is one.
    pub(super) fn load_library(&mut self, name: &str) -> Done<bool> {
        let Some((_, text)) = TEXTS.iter().find(|(known, _)| *known == name) else { return Ok(false) };
        // Several files may have one counterpart.
        let key = format!("library:{}", text.as_ptr().addr());
        if self.loaded.insert(key) {
            self.execute_in(text, None)?;
        }
        Ok(true)
    }

    /// Reads the file of NEURON's library that has a template, where it has a counterpart.
    pub(super) fn load_template(&mut self, class: &str) -> Done<()> {
        match ASKED_FOR.iter().find(|(known, _)| *known == class) {
            Some((_, file)) => self.load_library(file).map(|_| ()),
            None => Ok(()),
        }
    }

    /// Whether a class does nothing to a cell, or nothing here; what that leaves out is told.
    pub(super) fn is_passed_over(&mut self, class: &str) -> bool {
        if let Some((_, why)) = MISSING.iter().find(|(known, _)| *known == class) {
            self.model.note((*why).to_owned());
            self.missing.push((*why).to_owned());
            return true;
        }
        let window = WINDOWS.contains(&class) || self.in_session();
        if window {
            self.model.note(format!("a window `{class}` of a session"));
        }
        window
    }

    /// `object_push(x)`: names are those of the object, until `object_pop()`.
    pub(super) fn push_scope(&mut self, object: &Rc<Object>) {
        // A window that is open lives, whoever holds it.
        self.windows.push(object.clone());
        let scope = match &object.kind {
            Kind::Instance(scope) => scope.clone(),
            _ => Rc::new(Scope { prefix: object.name(), idle: Some(object.clone()), ..Scope::top() }),
        };
        let old = std::mem::replace(&mut self.frame_mut().scope, scope);
        self.pushed.push(old);
    }

    /// `object_pop()`
    pub(super) fn pop_scope(&mut self) {
        if let Some(scope) = self.pushed.pop() {
            self.frame_mut().scope = scope;
        }
    }

    pub(super) fn new_choice(given: &Given<'_>) -> Done<Kind> {
        Ok(Kind::Choice(RefCell::new(Choice { points: given.number_or(0, 0.0)? > 0.5, selected: 0 })))
    }

    pub(super) fn new_standard(&mut self, given: &Given<'_>) -> Done<Kind> {
        let name = given.text(0)?;
        let Some(mechanism) = self.model.catalog.find(&name) else { return Err(self.model.catalog.missing(&name).into()) };
        let role = match given.number_or(1, 1.0)? as i64 {
            2 => Some(Role::Assigned),
            3 => Some(Role::State),
            0 => None,
            _ => Some(Role::Parameter),
        };
        let all = &self.model.catalog.get(mechanism).values;
        let which: Vec<usize> = (0..all.len()).filter(|at| role.is_none_or(|role| all[*at].role == role)).collect();
        let values = which.iter().map(|at| vec![all[*at].default; all[*at].size]).collect();
        Ok(Kind::Standard(RefCell::new(Standard { mechanism, which, values })))
    }

    /// Methods of MechanismType.
    pub(super) fn of_choice(&mut self, object: &Object, choice: &RefCell<Choice>, name: &str, given: &Given<'_>) -> Done<Value> {
        let now = *choice.borrow();
        let names = self.model.catalog.names(now.points);
        let selected = || names.get(now.selected).cloned().unwrap_or_else(|| "".into());
        Ok(Value::Number(match name {
            "select" => {
                let found = match given.values.first() {
                    Some(Value::Text(text)) => names.iter().position(|one| one == text),
                    _ => Some(given.number(0)?.max(0.0) as usize),
                };
                choice.borrow_mut().selected = found.unwrap_or(usize::MAX);
                0.0
            }
            "selected" => {
                if let Some(Value::Address(place)) = given.values.first() {
                    self.set(&place.clone(), Value::Text(selected()))?;
                }
                if now.selected == usize::MAX { -1.0 } else { now.selected as f64 }
            }
            "count" => names.len() as f64,
            "make" if !now.points => {
                let section = self.accessed()?;
                self.insert(section, &selected())?;
                0.0
            }
            "remove" => {
                let section = self.accessed()?;
                self.model.uninsert(section, &selected());
                0.0
            }
            "menu" | "action" | "is_netcon_target" | "has_net_event" | "is_artificial" | "is_ion" => 0.0,
            _ => return Err(self.no_method(object, name)),
        }))
    }

    /// Methods of MechanismStandard.
    pub(super) fn of_standard(
        &mut self,
        object: &Object,
        standard: &RefCell<Standard>,
        name: &str,
        given: &Given<'_>,
    ) -> Done<Value> {
        let held = standard.borrow().clone();
        let known = self.model.catalog.get(held.mechanism);
        let suffix = known.name.clone();
        let called: Vec<(Rc<str>, usize)> =
            held.which.iter().filter_map(|at| known.values.get(*at)).map(|one| (one.name.clone(), one.size)).collect();
        let element = |at: usize| given.number_or(at, 0.0).map(|x| x.max(0.0) as usize);
        let find = |text: &str| {
            let bare = text.strip_suffix(&*suffix).and_then(|text| text.strip_suffix('_')).unwrap_or(text);
            called.iter().position(|(own, _)| **own == *bare || **own == *text)
        };
        Ok(Value::Number(match name {
            "count" => called.len() as f64,
            "name" => {
                let (text, size) = match given.values.get(1) {
                    Some(_) => match called.get(element(1)?) {
                        Some((own, size)) => (known.ranged(own), *size),
                        None => return Err(format!("`{suffix}` has {} parameters", called.len()).into()),
                    },
                    None => (suffix.to_string(), 1),
                };
                if let Some(Value::Address(place)) = given.values.first() {
                    self.set(&place.clone(), Value::Text(text.into()))?;
                }
                size as f64
            }
            "set" => {
                let (text, value, at) = (given.text(0)?, given.number(1)?, element(2)?);
                // A parameter that the mechanism does not have any more is passed over, as NEURON does.
                if let Some(found) = find(&text)
                    && let Some(one) = standard.borrow_mut().values.get_mut(found).and_then(|list| list.get_mut(at))
                {
                    *one = value;
                }
                0.0
            }
            "get" => {
                let (text, at) = (given.text(0)?, element(1)?);
                find(&text).and_then(|found| held.values.get(found)?.get(at).copied()).unwrap_or(0.0)
            }
            "out" | "in" => {
                self.exchange(standard, &held, name == "in", given)?;
                0.0
            }
            "panel" | "action" | "save" => 0.0,
            _ => return Err(self.no_method(object, name)),
        }))
    }

    /// Values go out to a section, a point process or another set of parameters, or come in from there.
    fn exchange(&mut self, standard: &RefCell<Standard>, held: &Standard, inward: bool, given: &Given<'_>) -> Done<()> {
        if let Some(Value::Object(Some(other))) = given.values.first() {
            return self.exchange_object(standard, held, inward, other);
        }
        let section = self.accessed()?;
        let place = match given.values.first() {
            Some(Value::Number(x)) => Some(*x),
            _ => None,
        };
        let known = self.model.section(section);
        let segments: Vec<usize> = place.map_or_else(|| (0..known.segments()).collect(), |x| vec![known.segment(x)]);
        for (k, which) in held.which.iter().enumerate() {
            for (element, value) in held.values[k].iter().enumerate() {
                let range = Range::Mechanism(held.mechanism, *which, element);
                if inward {
                    let value = self.model.get(section, &range, place.unwrap_or(0.5))?;
                    standard.borrow_mut().values[k][element] = value;
                } else {
                    self.model.set(section, &range, &segments, *value)?;
                }
            }
        }
        Ok(())
    }

    fn exchange_object(&mut self, standard: &RefCell<Standard>, held: &Standard, inward: bool, other: &Rc<Object>) -> Done<()> {
        match &other.kind {
            Kind::Point(id, _) => {
                let Some(point) = self.model.point_mut(*id) else { return Ok(()) };
                for (k, which) in held.which.iter().enumerate() {
                    // A value of a point process is one number.
                    let (Some(value), Some(own)) = (held.values[k].first(), point.values.get_mut(*which)) else { continue };
                    if inward {
                        standard.borrow_mut().values[k][0] = *own;
                    } else if *own != *value {
                        *own = *value;
                        point.set[*which] = true;
                    }
                }
            }
            Kind::Standard(to) if !inward => to.borrow_mut().values.clone_from(&held.values),
            _ => return Err(format!("parameters cannot be exchanged with {}", other.name()).into()),
        }
        Ok(())
    }

    /// Where a path leads that begins with this name, while the names of a window are asked that does nothing here; nothing, where it leads as elsewhere: what the
    /// session itself keeps under a name there, and what it reads.
    pub(super) fn idle(&self, name: &Name, ends: bool) -> Option<Place> {
        let scope = &self.frame().scope;
        let idle = scope.idle.clone()?;
        let kept = match scope.names.borrow().get(name) {
            Some(Slot::Objects(all, _)) => ends || all.iter().flatten().any(|object| !matches!(object.kind, Kind::Ignored)),
            Some(_) => ends,
            None => false,
        };
        (!kept && !matches!(&**name, "object_pop" | "fscan")).then(|| Place::Member(idle, name.clone(), None))
    }
}
