//! Cells: bodies of sections and what sits on them, and cells from foreign files. Their equations are in `mechanism`.

use super::{Arg, Attr, AttrBlock, Bindings, Block, Expr, Member, Name, Path, Quoted, UnitExpr};
use crate::span::Span;

/// `cell PYR { }`, `cell b per s extends a { }`, `cell HH = import "hh.py" class HH() { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// The name.
    pub name: Name,
    /// The unit after `per`: derivatives are per this, without units.
    pub per: Option<UnitExpr>,
    /// The cell after `extends`.
    pub base: Option<Path>,
    /// The foreign cell after `= import`.
    pub import: Option<ImportCell>,
    /// What stands in the braces; an imported cell may have none.
    pub body: Option<Block<Member>>,
}

/// `import "geom.hoc" template E21`.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportCell {
    /// The foreign file.
    pub file: Quoted,
    /// Which cell of it, where it has several.
    pub which: Option<ImportWhich>,
    /// The whole.
    pub span: Span,
}

/// `import cells "network.hoc" of pyr, basket { ignore graphs }`: cells that a script has made, as populations.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportCells {
    /// The foreign file.
    pub file: Quoted,
    /// Under which names it holds them; the populations are called so.
    pub names: Vec<Name>,
    /// What stands in the braces, if there are any; it holds for each cell.
    pub body: Option<Block<Member>>,
}

/// Which cell of a foreign file.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportWhich {
    /// `template E21`, `template cell(0, "basal")`, of hoc
    Template {
        /// The template.
        name: Name,
        /// What it is made with.
        args: Vec<Arg>,
    },
    /// `class IzhiCell(type = "RS")`, of Python
    Class {
        /// The class.
        name: Name,
        /// What its constructor gets.
        args: Vec<Arg>,
    },
}

impl ImportWhich {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            ImportWhich::Template { name, .. } | ImportWhich::Class { name, .. } => name,
        }
    }
}

/// `section dend[66] { ... }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The name.
    pub name: Name,
    /// How many.
    pub count: Option<Expr>,
    /// What stands in the braces.
    pub body: Block<SectionLine>,
}

/// `in apical { ... }`.
#[derive(Clone, Debug, PartialEq)]
pub struct InGroup {
    /// A section, a group, `all`, or indexed sections.
    pub group: Expr,
    /// What stands in the braces.
    pub body: Block<SectionLine>,
}

/// One line of a section or of `in GROUP { }`.
#[derive(Clone, Debug, PartialEq)]
pub struct SectionLine {
    /// What it is.
    pub kind: SectionKind,
    /// The whole.
    pub span: Span,
}

/// What can stand in a section or in `in GROUP { }`.
#[derive(Clone, Debug, PartialEq)]
pub enum SectionKind {
    /// Unreadable, already reported.
    Error,
    /// `L = 18.8 um`
    Attr(Attr),
    /// `let r = 2 um`
    Let(Bindings),
    /// `insert hh { gnabar = 0.12 S/cm2 }`
    Insert(Insert),
    /// `connect soma(1)`, `connect soma(0.5) at 1`
    Join {
        /// The place on the parent.
        parent: Expr,
        /// The end of this section that is joined there; 0 where none is written.
        at: Option<Expr>,
    },
}

/// `insert hh`, `insert exc: alpha_kernel { h = 3.25 mV }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Insert {
    /// The copy's own name, before the colon.
    pub name: Option<Name>,
    /// The mechanism.
    pub mechanism: Path,
    /// Parameters, initial values and wired inputs.
    pub attrs: Option<AttrBlock>,
}

/// `spike at soma(0.5) above 10 mV`.
#[derive(Clone, Debug, PartialEq)]
pub struct SpikeAt {
    /// Where.
    pub place: Expr,
    /// The threshold, 10 mV where none is written.
    pub above: Option<Expr>,
}
