//! Cells: a tree of sections, or equations without a body. Which of the two decides what its lines may be.

mod body;
mod extracellular;
mod group;
mod names;
mod own;
mod pointer;
mod points;
mod section;
mod setting;
mod tree;

use super::mechanism::check_point_cell;
use super::unsupported::Construct;
use super::{Checker, Known};
pub(super) use body::Making;
use bouton_model::ir::{self, CellBody, CellId, CellSynapse, Name, PlaceAttribute, SpikeDetector};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, MemberKind};
use bouton_syntax::{Code, Diagnostic, Span};
pub(super) use group::SectionNames;
pub(super) use names::{BodyNames, place_name};
pub(super) use setting::{Parts, Target};
use std::rc::Rc;
use std::sync::Arc;

/// What the parameter of a mechanism in a cell can use of its place.
pub(super) const OF_MECHANISMS: &[PlaceAttribute] = &[
    PlaceAttribute::PathDistance,
    PlaceAttribute::X,
    PlaceAttribute::Index,
    PlaceAttribute::Diam,
    PlaceAttribute::Area,
    PlaceAttribute::Length,
];

impl<'a> Checker<'a> {
    /// The cell of a path, checked at its first use. Nothing where it is unknown or broken beyond use, which has been reported.
    pub fn cell(&mut self, path: &ast::Path) -> Option<CellId> {
        let cell = self.find_cell(path)?;
        self.cell_of(cell)
    }

    /// The number of a declared cell, which is checked the first time.
    pub fn cell_of(&mut self, declared: &'a ast::Cell) -> Option<CellId> {
        let key = declared.name.span;
        if let Some(known) = self.cells.get(&key) {
            return *known;
        }
        let before = self.diagnostics.error_count();
        let checked = self.check_cell(declared);
        let id = checked.map(|(cell, names)| {
            let id = CellId(u32::try_from(self.program.cells.len()).unwrap_or(u32::MAX));
            Arc::make_mut(&mut self.program.cells).push(cell);
            self.section_names.insert(id, names);
            let members = declared.body.as_ref().map_or(&[][..], |body| &body.items);
            self.pointers(id, members);
            id
        });
        if let Some(id) = id
            && self.diagnostics.error_count() > before
        {
            self.broken_cells.insert(id);
        }
        self.cells.insert(key, id);
        id
    }

    fn check_cell(&mut self, cell: &'a ast::Cell) -> Option<(ir::Cell, Rc<SectionNames>)> {
        let (body, names) = self.cell_body(cell)?;
        Some((ir::Cell { name: cell.name.text.clone(), span: cell.name.span, body }, names))
    }

    fn cell_body(&mut self, cell: &'a ast::Cell) -> Option<(CellBody, Rc<SectionNames>)> {
        if cell.import.is_some() {
            // Its file could not be followed, which has been told.
            return None;
        }
        let members = cell.body.as_ref().map_or(&[][..], |body| &body.items);
        if members.iter().any(|member| matches!(member.kind, MemberKind::Section(_))) {
            if let Some(per) = &cell.per {
                self.misplaced(per.span, "a cell with sections has no equations of its own", "write `per` on its mechanisms");
            }
            let (tree, names) = self.tree(cell, members);
            return Some((CellBody::Tree(Box::new(tree)), names));
        }
        self.lines_of_free_cell(members);
        if members.iter().any(|member| matches!(member.kind, MemberKind::Insert(_))) {
            // Its names come from what it inserts, which is not there: that has been told.
            return None;
        }
        let home = self.home(cell.name.span);
        let checked = match self.imported(cell.name.span) {
            Some(checked) => checked,
            None => check_point_cell(cell, cell.name.span, home, self.scope, self.diagnostics),
        };
        Some((CellBody::Free(self.add_mechanism(checked)), Rc::default()))
    }

    /// Refuses lines that need a body.
    fn lines_of_free_cell(&mut self, members: &'a [ast::Member]) {
        for member in members {
            match &member.kind {
                MemberKind::Synapse(_) | MemberKind::SpikeAt(_) | MemberKind::Voltage(_) | MemberKind::In(_) => self.misplaced(
                    member.span,
                    "a cell without sections has no places",
                    "declare a section, or let an `on` block `spike`",
                ),
                MemberKind::Rename { .. } | MemberKind::Ignore(_) => self.not_imported(member.span),
                _ => {}
            }
        }
    }

    /// Refuses what does not belong into a cell with sections.
    fn line_of_tree(&mut self, member: &'a ast::Member) {
        let span = member.span;
        match &member.kind {
            MemberKind::Error
            | MemberKind::Section(_)
            | MemberKind::Synapse(_)
            | MemberKind::SpikeAt(_)
            | MemberKind::Voltage(_)
            | MemberKind::Param(_)
            | MemberKind::Let(_)
            | MemberKind::Fn(_)
            | MemberKind::In(_)
            | MemberKind::Assign(_) => {}
            MemberKind::Output(_) => self.refuse(Construct::Output, span),
            MemberKind::Rename { .. } | MemberKind::Ignore(_) => self.not_imported(span),
            MemberKind::Insert(_) => {
                self.misplaced(span, "`insert` stands in a section", "move it into the braces of the section that it is for");
            }
            MemberKind::State(_)
            | MemberKind::Input(_)
            | MemberKind::Ion(_)
            | MemberKind::Current { .. }
            | MemberKind::Method(_)
            | MemberKind::Kinetic(_)
            | MemberKind::Table(_)
            | MemberKind::Handler(_)
            | MemberKind::Equation(_) => self.misplaced(
                span,
                "a cell with sections has no equations of its own",
                "put them into a `mechanism` and `insert` it in a section",
            ),
        }
    }

    fn cell_synapse(&mut self, synapse: &'a ast::Synapse, span: Span, making: &mut Making) {
        making.declare(&synapse.name, self.diagnostics);
        if synapse.joint == ast::Joint::Equals {
            let message = format!("a synapse of a cell is one thing: `synapse {}: ...`", synapse.name.text);
            self.diagnostics.push(Diagnostic::new(Code::MisplacedMember, span, message).help("write `:` instead of `=`"));
        }
        let mechanism = self.point_mechanism(&synapse.mechanism);
        let place = match &synapse.at {
            Some(at) => {
                let names = making.names.clone();
                self.place(&making.cell.clone(), &names, at)
            }
            // Of what is no synapse nobody wants to know where it is.
            None if mechanism.is_none() => None,
            None => {
                let missing = Diagnostic::new(Code::NoPlace, span, format!("where is the synapse `{}`?", synapse.name.text))
                    .help("say it with `at`: `at soma(0.5)`");
                self.diagnostics.push(missing);
                None
            }
        };
        let Some(mut mechanism) = mechanism else { return };
        let settings = self.settings(synapse.attrs.as_ref(), &mut mechanism, Known::Part, synapse.mechanism.span);
        let Some(place) = place else { return };
        let name = synapse.name.text.clone();
        making.tree.synapses.push(CellSynapse { name, mechanism, place, settings, span: synapse.name.span });
    }

    fn spike_at(&mut self, cell: &Name, names: &SectionNames, spike: &'a ast::SpikeAt) -> Option<SpikeDetector> {
        let place = self.place(cell, names, &spike.place);
        let above = spike.above.as_ref();
        let threshold =
            above.and_then(|above| self.quantity(above, Known::Nothing, Dimension::VOLTAGE, "the threshold of a spike"));
        // A refused threshold leaves the cell a way to spike, so that no source of it is refused too.
        let usual = || ir::Attribute { value: ir::Expr::Number(SpikeDetector::USUAL), span: spike.place.span };
        Some(SpikeDetector { place: place?, threshold: threshold.unwrap_or_else(usual) })
    }

    /// Works with the body of a cell.
    pub fn with_body<R>(&mut self, id: CellId, work: impl FnOnce(&mut Self, &CellBody) -> Option<R>) -> Option<R> {
        let held = CellBody::Free(super::NO_MECHANISM);
        let body = std::mem::replace(&mut Arc::make_mut(&mut self.program.cells).get_mut(id.index())?.body, held);
        let result = work(self, &body);
        Arc::make_mut(&mut self.program.cells).get_mut(id.index())?.body = body;
        result
    }

    /// The names of a finished cell's sections.
    pub fn section_names(&self, id: CellId) -> Rc<SectionNames> {
        self.section_names.get(&id).cloned().unwrap_or_default()
    }

    fn misplaced(&mut self, span: Span, message: &str, help: &str) {
        self.diagnostics.push(Diagnostic::new(Code::MisplacedMember, span, message).help(help));
    }

    fn not_imported(&mut self, span: Span) {
        self.misplaced(span, "this line is for imported cells only", "leave it out");
    }
}
