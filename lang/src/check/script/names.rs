//! Names that statements know beside those of the file: kept results, variables of `for`, records.

use super::series::ANALYSIS;
use super::{measure, search};
use crate::check::View;
use crate::check::declare::Symbol;
use crate::check::expr::{Ctx, Resolve, Type, Typed};
use crate::pieces::Prior;
use bouton_model::ir::{Expr, LocalId, Name, TableColumn, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind};
use bouton_syntax::{Code, Diagnostic, Span};
use std::collections::HashMap;
use std::rc::Rc;

/// What a `let` keeps for the pieces after its own.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Its name, at its place.
    pub name: ast::Name,
    /// Its number.
    pub id: LocalId,
    ty: Type,
    list: Option<Dimension>,
    table: Option<Rc<Columns>>,
}

/// The columns of a table, and how many of them were varied.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    /// In order.
    pub columns: Vec<TableColumn>,
    /// The first ones.
    pub varied: usize,
    /// Whether they are of a search, and so have a best row.
    pub search: bool,
    /// Whether they are of a branch of steady states, and so have points of several kinds.
    pub branch: bool,
    /// Of a steady state: under which number its Jacobian matrix is kept.
    pub jacobian: Option<LocalId>,
}

/// Local values of the script, as far as they are computed. Blocks lie in each other.
#[derive(Default)]
pub(in crate::check) struct Locals {
    /// Whether there are results: a `run` stands before.
    pub ran: bool,
    known: HashMap<Name, Vec<Local>>,
    /// For each open block the names that it added.
    blocks: Vec<Vec<Name>>,
    /// The columns of the sweep that is being checked.
    pub sweep: Option<Columns>,
}

struct Local {
    id: LocalId,
    ty: Type,
    /// Dimension of its values, if it is a list.
    list: Option<Dimension>,
    /// Its columns, if it is a table.
    table: Option<Rc<Columns>>,
    span: Span,
    depth: usize,
}

impl Locals {
    /// What the pieces before a script have kept.
    pub fn of(prior: &Prior) -> Locals {
        let mut all = Locals { ran: prior.ran, ..Locals::default() };
        for one in &prior.kept {
            let Kept { name, id, ty, list, table } = one.clone();
            all.put(name.text, Local { id, ty, list, table, span: name.span, depth: 0 });
        }
        all
    }

    /// All that is kept at the end of a script, by its number.
    pub fn kept(self) -> Vec<Kept> {
        let each = self.known.into_iter().filter_map(|(text, mut stack)| Some((text, stack.pop()?)));
        let kept = each.map(|(text, Local { id, ty, list, table, span, .. })| Kept {
            name: ast::Name { text, span },
            id,
            ty,
            list,
            table,
        });
        let mut all: Vec<Kept> = kept.collect();
        all.sort_by_key(|one| one.id);
        all
    }

    /// Adds a value, in front of an outer one of that name.
    pub fn add(&mut self, name: Name, id: LocalId, ty: Type, span: Span) {
        self.put(name, Local { id, ty, list: None, table: None, span, depth: self.blocks.len() });
    }

    /// Adds a table.
    pub fn add_table(&mut self, name: Name, id: LocalId, table: Columns, span: Span) {
        let table = Some(Rc::new(table));
        self.put(name, Local { id, ty: Type::Error, list: None, table, span, depth: self.blocks.len() });
    }

    /// Whether anything is kept under a name.
    pub fn knows(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// The columns of a table.
    pub fn columns(&self, id: LocalId) -> Option<Rc<Columns>> {
        let mut all = self.known.values().flatten();
        all.find(|local| local.id == id)?.table.clone()
    }

    /// The table of a name.
    pub fn table(&self, name: &str) -> Option<(LocalId, Rc<Columns>)> {
        let local = self.find(name)?;
        Some((local.id, local.table.clone()?))
    }

    /// Adds a list.
    pub fn add_list(&mut self, name: Name, id: LocalId, dimension: Dimension, span: Span) {
        self.put(name, Local { id, ty: Type::Error, list: Some(dimension), table: None, span, depth: self.blocks.len() });
    }

    /// The list of a name, and the dimension of its values.
    pub fn list(&self, name: &str) -> Option<(LocalId, Dimension)> {
        let local = self.find(name)?;
        Some((local.id, local.list?))
    }

    fn put(&mut self, name: Name, local: Local) {
        if let Some(block) = self.blocks.last_mut() {
            block.push(name.clone());
        }
        self.known.entry(name).or_default().push(local);
    }

    /// Whether this is inside of a block.
    pub fn in_a_block(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// Whether this is inside of a sweep.
    pub fn in_sweep(&self) -> bool {
        self.sweep.is_some()
    }

    /// Opens a block.
    pub fn open(&mut self) {
        self.blocks.push(Vec::new());
    }

    /// Closes a block and forgets its names.
    pub fn close(&mut self) {
        for name in self.blocks.pop().unwrap_or_default() {
            if let Some(stack) = self.known.get_mut(&name) {
                stack.pop();
            }
        }
    }

    /// Where the innermost block declares a name.
    pub fn in_block(&self, name: &str) -> Option<Span> {
        let local = self.known.get(name)?.last()?;
        (local.depth == self.blocks.len()).then_some(local.span)
    }

    fn find(&self, name: &str) -> Option<&Local> {
        self.known.get(name)?.last()
    }
}

/// What statements know.
pub(super) struct ScriptNames<'v> {
    /// What is declared.
    pub view: &'v View<'v>,
    /// What is computed.
    pub locals: &'v Locals,
}

impl Resolve for ScriptNames<'_> {
    fn resolve(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        if let ExprKind::Name(name) = &expr.kind {
            if self.locals.list(name).is_some() {
                let list = Diagnostic::new(Code::NotAResult, expr.span, format!("`{name}` is a list, not one number"));
                return Some(ctx.fail(list.help(format!("take one: `{name}[0]`, `count({name})`, `mean({name})`"))));
            }
            if let Some((_, table)) = self.locals.table(name) {
                let first = table.columns.last().map_or("column", |column| &column.name);
                let wrong = Diagnostic::new(Code::NotAResult, expr.span, format!("`{name}` is a table, not one number"));
                return Some(
                    ctx.fail(wrong.help(format!("take a column, or a value of one: `{name}.{first}[0]`, `max({name}.{first})`"))),
                );
            }
            if let Some(local) = self.locals.find(name) {
                return Some(Typed::new(Expr::Var(Var::Local(local.id)), local.ty, expr.span));
            }
            if let Some(found) = self.view.declared.names.declaration(name)
                && matches!(found.symbol, Symbol::Result(_))
            {
                return Some(ctx.fail(not_yet(name, expr.span, found.span)));
            }
        }
        search::number(self.locals, expr, ctx).or_else(|| measure::measure(self.view, expr, ctx))
    }

    fn names(&self) -> Vec<String> {
        let kept = self.locals.known.iter().filter(|(_, stack)| !stack.is_empty()).map(|(name, _)| name.to_string());
        kept.chain(ANALYSIS.iter().filter_map(|row| Some(row.call.split_once('(')?.0.to_owned()))).collect()
    }
}

pub(super) fn not_yet(name: &str, span: Span, declared: Span) -> Diagnostic {
    Diagnostic::new(Code::NotKnownYet, span, format!("`{name}` is not known yet"))
        .label("read here")
        .also(declared, "computed here, later")
        .help("a `let` that reads a result is a statement: move it up, behind the `run` that it reads")
}
