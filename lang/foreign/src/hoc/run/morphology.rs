//! `Import3d_SWC_read`, `Import3d_Neurolucida3` and `Import3d_GUI`: files of points become sections of an object, or of the file.

use super::class::Given;
use super::scope::{Scope, Slot};
use super::value::{Kind, Object, Value};
use super::{Done, Hoc};
use crate::morphology::{self, Branch, Format, Piece};
use crate::neuron::SectionId;
use std::cell::RefCell;
use std::rc::Rc;

/// A file of points that was read, if one was.
#[derive(Debug, Default)]
pub(super) struct Reader {
    branches: Vec<Branch>,
    /// Of SWC: what scripts that grow the sections by themselves look at.
    pieces: Vec<Piece>,
    /// The list of those, once somebody asked for it.
    sections: Option<Rc<Object>>,
}

impl Hoc<'_> {
    /// Their methods.
    pub(super) fn of_morphology(
        &mut self,
        object: &Object,
        read: &RefCell<Reader>,
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
                let broken = |broken: morphology::Broken| format!("{path}, line {}: {}", broken.line, broken.why);
                let pieces = match format {
                    Format::Swc => morphology::pieces(&morphology::with_lines(&text)).map_err(broken)?,
                    Format::Asc => Vec::new(),
                };
                let branches = match format {
                    Format::Swc => morphology::branches(&pieces),
                    Format::Asc => format.read(&text).map_err(broken)?,
                };
                self.room(branches.iter().map(|one| one.points.len() * 4).sum())?;
                read.replace(Reader { branches, pieces, sections: None });
            }
            "instantiate" => {
                let scope = match given.values.first() {
                    Some(Value::Object(Some(object))) => match &object.kind {
                        Kind::Instance(scope) => scope.clone(),
                        _ => return Err(format!("{} has no sections of its own", object.name()).into()),
                    },
                    _ => self.top.clone(),
                };
                self.grow(&read.borrow().branches, &scope)?;
            }
            "pheader" | "helptxt" => {}
            _ => return Err(self.no_method(object, name)),
        }
        Ok(Value::Number(0.0))
    }

    /// What a reader shows of itself: `swc`, the reader of a window, and `sections`, the pieces of the file with the fields that Import3d gives them.
    pub(super) fn shown_of_morphology(&mut self, object: &Rc<Object>, name: &str) -> Done<Option<Rc<Object>>> {
        let Kind::Morphology(read) = &object.kind else { return Ok(None) };
        match name {
            "swc" => Ok(Some(object.clone())),
            "sections" => {
                if let Some(list) = &read.borrow().sections {
                    return Ok(Some(list.clone()));
                }
                let pieces = read.borrow().pieces.clone();
                if pieces.is_empty() {
                    return Err(self.unsupported("`sections` of a morphology is there for SWC files"));
                }
                let mut all: Vec<Rc<Object>> = Vec::new();
                for piece in &pieces {
                    let above = piece.parent.and_then(|(above, _)| all.get(above)).cloned();
                    all.push(self.shown_piece(piece, above)?);
                }
                let list = self.counted(&"List".into(), Kind::List(RefCell::new(all)));
                read.borrow_mut().sections = Some(list.clone());
                Ok(Some(list))
            }
            _ => Ok(None),
        }
    }

    /// A piece as an `Import3d_Section`.
    fn shown_piece(&mut self, piece: &Piece, above: Option<Rc<Object>>) -> Done<Rc<Object>> {
        let count = piece.points.len();
        self.room(count * 8)?;
        let rows = (0..3).flat_map(|k| piece.points.iter().map(move |point| point[k])).collect();
        let matrix = self.counted(&"Matrix".into(), Kind::Matrix(RefCell::new((3, count, rows))));
        let diameters = piece.points.iter().map(|point| point[3]).collect();
        let diameters = self.counted(&"Vector".into(), Kind::Vector(RefCell::new(diameters)));
        let scope = Scope::top();
        let numbers = [
            ("type", f64::from(piece.kind)),
            ("id", piece.first as f64),
            ("first", f64::from(u8::from(piece.skips))),
            ("parentx", piece.parent.map_or(1.0, |(_, x)| x)),
            ("pid", -1.0),
            ("fid", 0.0),
            ("is_subsidiary", 0.0),
            ("iscontour_", 0.0),
            ("ztrans", 0.0),
            ("nameindex", 0.0),
            ("volatile", 0.0),
            ("volatile2", 0.0),
        ];
        let numbers = numbers.map(|(name, value)| (name, Slot::Numbers(vec![value], Vec::new())));
        let nothing = || Slot::Objects(vec![None], Vec::new());
        let objects = [
            ("raw", Slot::Objects(vec![Some(matrix.clone())], Vec::new())),
            ("xyz", Slot::Objects(vec![Some(matrix)], Vec::new())),
            ("d", Slot::Objects(vec![Some(diameters)], Vec::new())),
            ("parentsec", Slot::Objects(vec![above], Vec::new())),
            ("contour_list", nothing()),
        ];
        scope.names.borrow_mut().extend(numbers.into_iter().chain(objects).map(|(name, slot)| (name.into(), slot)));
        Ok(self.counted(&"Import3d_Section".into(), Kind::Instance(Rc::new(scope))))
    }

    /// The sections of a file of points that an object of another language takes, by the names under which it takes them.
    ///
    /// # Errors
    /// What is no reader of points, and what no cable can have.
    pub fn grow_free(&mut self, reader: &Object) -> Result<Vec<(String, Vec<SectionId>)>, String> {
        let Kind::Morphology(read) = &reader.kind else { return Err(format!("{} has no branches", reader.name())) };
        let branches = &read.borrow().branches;
        let mut ids = Vec::new();
        for (kind, count) in morphology::kinds(branches) {
            let name: crate::hoc::tree::Name = morphology::name(kind).into();
            let all: Result<Vec<SectionId>, String> =
                (0..count).map(|k| self.model.create((name.clone(), Some(k)), "", 0, None)).collect();
            ids.push((kind, all?));
        }
        morphology::shape(&mut self.model, branches, &ids)?;
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
