//! Statements that are about sections.

use super::arithmetic::EPSILON;
use super::path::Place;
use super::print::Pattern;
use super::value::{Kind, Value};
use super::{Done, Flow, Hoc};
use crate::hoc::tree::{Expr, ExprKind, Path, Stmt};
use crate::neuron::SectionId;
use crate::neuron::place::Range;

impl Hoc<'_> {
    /// The section that a path names.
    pub(super) fn section_at(&mut self, path: &Path) -> Done<SectionId> {
        let place = self.walk(path)?;
        self.as_section(&place)?.ok_or_else(|| self.wrong(path.span, "this is no section"))
    }

    fn as_section(&mut self, place: &Place) -> Done<Option<SectionId>> {
        Ok(match place {
            Place::Section(section) => Some(*section),
            Place::Whole(..) | Place::Range(..) | Place::Global(_) => None,
            place => match self.get(place)? {
                Value::Object(Some(object)) => match &object.kind {
                    Kind::SectionRef(section) => Some(*section),
                    _ => None,
                },
                _ => None,
            },
        })
    }

    /// `soma { }`; where the path is no section it is a value that stands alone.
    pub(super) fn within(&mut self, path: &Path, body: &Stmt) -> Done<Flow> {
        let place = self.walk(path)?;
        let depth = self.sections.len();
        if let Some(section) = self.as_section(&place)? {
            self.sections.push(section);
        }
        let done = self.execute(body);
        self.sections.truncate(depth);
        done
    }

    /// The sections that `forall` goes over: all, or those of the object.
    pub(super) fn own_sections(&self) -> Vec<SectionId> {
        let scope = self.scope();
        let all = self.model.all();
        match scope.is_top() {
            true => all,
            false => all.into_iter().filter(|id| self.model.section(*id).owner == scope.id).collect(),
        }
    }

    pub(super) fn each_section(&mut self, all: Vec<SectionId>, body: &Stmt) -> Done<Flow> {
        let depth = self.sections.len();
        for section in all {
            if !self.model.is_alive(section) {
                continue;
            }
            self.sections.push(section);
            let done = self.execute(body);
            self.sections.truncate(depth);
            match done? {
                Flow::On | Flow::Continue => {}
                Flow::Break => break,
                Flow::Return(value) => return Ok(Flow::Return(value)),
            }
        }
        Ok(Flow::On)
    }

    /// A list of sections, or those whose names have a part that fits a text.
    pub(super) fn sections_of(&mut self, list: &Expr) -> Done<Vec<SectionId>> {
        if let ExprKind::Path(path) = &list.kind
            && let Place::Section(section) = self.walk(path)?
        {
            return Ok(vec![section]);
        }
        match self.value(list)? {
            Value::Text(text) => {
                let pattern = Pattern::new(&text);
                let all = self.own_sections();
                Ok(all.into_iter().filter(|id| pattern.is_in(&self.model.section(*id).name)).collect())
            }
            Value::Object(Some(object)) => match &object.kind {
                Kind::Sections(id, _) => Ok(self.model.listed(*id)),
                _ => Err(self.wrong(list.span, "this is no list of sections")),
            },
            other => Err(self.wrong(list.span, format!("expected a list of sections, and this is {}", other.what()))),
        }
    }

    pub(super) fn insert(&mut self, section: SectionId, name: &str) -> Done<()> {
        if self.ignored.contains(name) {
            return Ok(());
        }
        self.model.insert(section, name).map_err(|why| {
            let missing = self.model.catalog.find(name).is_none();
            let mut stop = super::Stop::from(why);
            if missing {
                stop.help =
                    Some("import the files of mechanisms with it: `import mechanisms \"mod/*.mod\"`, or `--mod`".to_owned());
            }
            stop
        })
    }

    /// `connect child(0), parent(1)`, `parent connect child(0), 1`
    pub(super) fn connect(&mut self, child: &Path, parent: &Expr) -> Done<()> {
        let (child, end) = self.end_of(child)?;
        let place = match &parent.kind {
            ExprKind::Path(path) => self.place_named(path)?,
            _ => None,
        };
        let (parent, x) = match place {
            Some(place) => place,
            None => {
                let x = self.number(parent)?;
                (self.accessed()?, x)
            }
        };
        let end = if end.abs() < EPSILON { 0.0 } else { end };
        Ok(self.model.connect(child, end, parent, x)?)
    }

    /// A section and the place in its parentheses; without them its 0 end.
    pub(super) fn end_of(&mut self, path: &Path) -> Done<(SectionId, f64)> {
        let mut path = path.clone();
        let call = path.parts.last_mut().and_then(|part| part.call.take());
        let section = self.section_at(&path)?;
        let x = match call.as_deref() {
            Some([x]) => self.number(x)?,
            _ => 0.0,
        };
        Ok((section, x))
    }

    /// The place on a section that a path names, if it names one; without parentheses it is the 1 end. What stands in brackets is evaluated once.
    fn place_named(&mut self, path: &Path) -> Done<Option<(SectionId, f64)>> {
        let mut bare = path.clone();
        let call = bare.parts.last_mut().and_then(|part| part.call.take());
        let scope = self.scope();
        if let ([part], Some(_)) = (bare.parts.as_slice(), &call)
            && self.procedure(&part.name, &scope).is_some()
        {
            return Ok(None);
        }
        let place = match (self.walk(&bare), &call) {
            (Ok(place), _) => place,
            (Err(_), Some(_)) => return Ok(None),
            (Err(stop), None) => return Err(stop),
        };
        let Some(section) = self.as_section(&place)? else { return Ok(None) };
        let x = match call.as_deref() {
            Some([x]) => self.number(x)?,
            _ => 1.0,
        };
        Ok(Some((section, x)))
    }

    /// name(a:b) = c:d
    pub(super) fn spread(&mut self, path: &Path, ends: &[Expr; 2], first: &Expr, second: Option<&Expr>) -> Done<()> {
        let Place::Range(section, range, _) = self.walk(path)? else {
            return Err(self.wrong(path.span, "this is no value along a section"));
        };
        let (from, to) = (self.number(&ends[0])?, self.number(&ends[1])?);
        let first = self.number(first)?;
        let second = second.map(|second| self.number(second)).transpose()?;
        if second.is_some() && to - from < 1e-10 {
            return Err(self.wrong(ends[0].span, "this part of the section has no length"));
        }
        let mut diams = Vec::new();
        for k in 0..self.model.section(section).segments() {
            let x = self.model.section(section).middle(k);
            if x < from - 1e-9 || x > to + 1e-9 {
                continue;
            }
            let value = second.map_or(first, |second| first + (second - first) * (x - from) / (to - from));
            match range {
                Range::Diam => diams.push((k, value)),
                _ => self.model.set(section, &range, &[k], value)?,
            }
        }
        // 3-D points take the diameters of all segments at once.
        if !diams.is_empty() {
            self.model.set_diam(section, &diams)?;
        }
        Ok(())
    }
}
