//! Cells: sections, what is inserted and joined, and cells from foreign files.

use chumsky::prelude::*;

use super::block::{Kind, block, bracketed};
use super::common::*;
use super::input::*;
use super::mechanism::{OUTER, head, member_rows, members};
use super::network::synapse;
use super::skip::{Separator, unknown_line};
use crate::ast::*;
use crate::diagnostic::{Code, Diagnostic};
use crate::token::{Keyword, Sign, Tok};

const CELL: Kind = Kind { separator: Separator::Line, outer: |word| OUTER.contains(&word) };

const SECTION: Kind = Kind { separator: Separator::Comma, outer: |word| AROUND_SECTION.contains(&word) };

/// What begins a line around a section and never in it.
const AROUND_SECTION: &[Keyword] = {
    use Keyword::*;
    &[
        Section, Spike, Synapse, Rename, Voltage, Ignore, On, State, Param, Input, Output, In, Use, Import, Mechanism, Point,
        Cell, Circuit, Population, Stimulate, Simulation, Record, Run, Restart, Restore, Set, Print, Plot, Save, Assert, Apply,
        Sweep, Optimize,
    ]
};

/// `cell PYR { }`, `cell HH = import "hh.py" class HH() { }`.
pub(super) fn cell<'src>(common: &Common<'src>) -> Rule<'src, Cell> {
    let head = head(common);
    let import = import(common);
    let mut rows = member_rows(common);
    rows.extend(cell_rows(common));
    let body = block(CELL, members(common, rows, "a cell"));
    rule(move |input| {
        expect_word(input, Keyword::Cell);
        let name = expect_name(input, "a name for the cell");
        let (per, base) = input.parse(&head)?;
        let imports = at_sign(input, Sign::Assign) || at_word(input, Keyword::Import);
        if imports {
            expect_sign(input, Sign::Assign);
        } else {
            let body = Some(input.parse(&body)?);
            return Ok(Cell { name, per, base, import: None, body });
        }
        let import = Some(input.parse(&import)?);
        let body = if at_sign(input, Sign::BraceOpen) { Some(input.parse(&body)?) } else { None };
        Ok(Cell { name, per, base, import, body })
    })
}

/// The rest of `import cells "network.hoc" of pyr { }`, behind `cells`.
pub(super) fn import_cells<'src>(common: &Common<'src>) -> Rule<'src, ItemKind> {
    let mut rows = member_rows(common);
    rows.extend(cell_rows(common));
    let body = block(CELL, members(common, rows, "a cell"));
    let quoted = common.quoted.clone();
    rule(move |input| {
        let file = input.parse(&quoted)?;
        if take_word(input, Keyword::Of).is_none() {
            let diagnostic = missing_here(input, Code::MissingPart, "`of`")
                .help("`import cells \"network.hoc\" of pyr` takes the cells that the script holds under the name `pyr`");
            complain(input, diagnostic);
        }
        let mut names = vec![expect_name(input, "the name under which the script holds the cells")];
        while take_sign(input, Sign::Comma).is_some() {
            names.push(expect_name(input, "the name under which the script holds the cells"));
        }
        let body = if at_sign(input, Sign::BraceOpen) { Some(input.parse(&body)?) } else { None };
        Ok(ItemKind::ImportCells(ImportCells { file, names, body }))
    })
}

/// `import "geom.hoc" template E21`
fn import<'src>(common: &Common<'src>) -> Rule<'src, ImportCell> {
    let Common { quoted, arguments, .. } = common.clone();
    rule(move |input| {
        let start = index(input);
        if take_word(input, Keyword::Import).is_none() {
            let diagnostic = missing_here(input, Code::MissingPart, "`import` and the name of a file")
                .help("a cell that builds on another is `cell NAME extends OTHER { ... }`");
            complain(input, diagnostic);
        }
        let file = input.parse(&quoted)?;
        let which = if take_word(input, Keyword::Template).is_some() {
            let name = expect_name(input, "the name of a template");
            let args = if at_sign(input, Sign::ParenOpen) { input.parse(&arguments)? } else { Vec::new() };
            Some(ImportWhich::Template { name, args })
        } else if take_word(input, Keyword::Class).is_some() {
            let name = expect_name(input, "the name of a class");
            let args = if at_sign(input, Sign::ParenOpen) { input.parse(&arguments)? } else { Vec::new() };
            Some(ImportWhich::Class { name, args })
        } else {
            None
        };
        Ok(ImportCell { file, which, span: since(input, start) })
    })
}

/// What a cell has beside the lines of a mechanism.
fn cell_rows<'src>(common: &Common<'src>) -> super::mechanism::Rows<'src> {
    let body = block(SECTION, section_line(common));
    vec![
        (Keyword::Section, section(common, body.clone())),
        (Keyword::In, in_group(common, body)),
        (Keyword::Insert, insert(common).map(MemberKind::Insert).boxed()),
        (Keyword::Synapse, synapse(common).map(MemberKind::Synapse).boxed()),
        (Keyword::Spike, spike_at(common)),
        (Keyword::Rename, rename(common)),
        (Keyword::Voltage, voltage(common)),
        (Keyword::Ignore, word(Keyword::Ignore).ignore_then(name("the name of a procedure")).map(MemberKind::Ignore).boxed()),
    ]
}

/// `section dend[66] { ... }`
fn section<'src>(common: &Common<'src>, body: Rule<'src, Block<SectionLine>>) -> Rule<'src, MemberKind> {
    word(Keyword::Section)
        .ignore_then(name("a name for the section"))
        .then(count(common))
        .then(body)
        .map(|((name, count), body)| MemberKind::Section(Section { name, count, body }))
        .boxed()
}

/// `[66]`, if it is there.
pub(super) fn count<'src>(common: &Common<'src>) -> Rule<'src, Option<Expr>> {
    let brackets = bracketed(Sign::BracketOpen, common.expr.clone());
    rule(move |input| {
        if !at_sign(input, Sign::BracketOpen) {
            return Ok(None);
        }
        let list = input.parse(&brackets)?;
        if list.items.len() != 1 {
            let diagnostic =
                Diagnostic::new(Code::MissingValue, list.span, "one number stands in these brackets: how many there are");
            complain(input, diagnostic);
        }
        Ok(Some(list.items.into_iter().next().unwrap_or(Expr { kind: ExprKind::Error, span: list.span })))
    })
}

/// `in apical { ... }`
fn in_group<'src>(common: &Common<'src>, body: Rule<'src, Block<SectionLine>>) -> Rule<'src, MemberKind> {
    word(Keyword::In)
        .ignore_then(common.operand.clone())
        .then(body)
        .map(|(group, body)| MemberKind::In(InGroup { group, body }))
        .boxed()
}

fn section_line<'src>(common: &Common<'src>) -> Rule<'src, SectionLine> {
    let rows = vec![
        (Keyword::Insert, insert(common).map(SectionKind::Insert).boxed()),
        (Keyword::Connect, join(common)),
        (Keyword::Let, word(Keyword::Let).ignore_then(common.definitions.clone()).map(SectionKind::Let).boxed()),
    ];
    let attr = common.attr.clone();
    let other = move |input: &mut Reader<'src, '_>, words: &[Keyword]| {
        if starts_name(input)
            && !matches!(look(input, 1), Some(Tok::Ident(_) | Tok::Word(_) | Tok::Sign(Sign::BraceOpen | Sign::Prime)))
        {
            return input.parse(&attr).map(SectionKind::Attr);
        }
        unknown_line(input, Separator::Comma, "a section", words);
        Ok(SectionKind::Error)
    };
    lines_of(rows, other, |_, kind, span| SectionLine { kind, span })
}

/// `insert pas`, `insert exc: alpha_kernel { h = 3.25 mV }`
fn insert<'src>(common: &Common<'src>) -> Rule<'src, Insert> {
    let Common { path, attrs, .. } = common.clone();
    rule(move |input| {
        expect_word(input, Keyword::Insert);
        let named = look(input, 1) == Some(Tok::Sign(Sign::Colon));
        let name = if named { Some(expect_name(input, "a name for the copy")) } else { None };
        if named {
            input.skip();
        }
        let mechanism = input.parse(&path)?;
        let attrs = input.parse(&attrs)?;
        Ok(Insert { name, mechanism, attrs })
    })
}

/// `connect soma(0.5) at 1`
fn join<'src>(common: &Common<'src>) -> Rule<'src, SectionKind> {
    word(Keyword::Connect)
        .ignore_then(common.operand.clone())
        .then(clause(Keyword::At, common.operand.clone()))
        .map(|(parent, at)| SectionKind::Join { parent, at })
        .boxed()
}

/// `spike at soma(0.5) above 10 mV`
fn spike_at<'src>(common: &Common<'src>) -> Rule<'src, MemberKind> {
    word(Keyword::Spike)
        .ignore_then(rule(|input| {
            expect_word(input, Keyword::At);
            Ok(())
        }))
        .ignore_then(common.operand.clone())
        .then(clause(Keyword::Above, common.expr.clone()))
        .map(|(place, above)| MemberKind::SpikeAt(SpikeAt { place, above }))
        .boxed()
}

/// `rename sec -> soma`
fn rename<'src>(common: &Common<'src>) -> Rule<'src, MemberKind> {
    word(Keyword::Rename)
        .ignore_then(common.operand.clone())
        .then_ignore(sign(Sign::Arrow))
        .then(name("the new name"))
        .map(|(from, to)| MemberKind::Rename { from, to })
        .boxed()
}

/// `voltage is Izhi2007a_0.V`
fn voltage<'src>(common: &Common<'src>) -> Rule<'src, MemberKind> {
    word(Keyword::Voltage)
        .ignore_then(rule(|input| {
            expect_word(input, Keyword::Is);
            Ok(())
        }))
        .ignore_then(common.operand.clone())
        .map(MemberKind::Voltage)
        .boxed()
}
