//! Mechanisms that are given tables: those who give one have a copy of the mechanism, one for all who give the same.

use super::mechanism::{Checked, given};
use super::{Checker, Known};
use crate::check::attributes::given_twice;
use bouton_model::curve::Curve;
use bouton_model::ir::{MechanismId, VarId, VariableKind};
use bouton_model::unit::Dimension;
use bouton_syntax::Span;
use bouton_syntax::ast::{self, Attr, AttrBlock, ExprKind};
use std::sync::Arc;

/// A table and what it holds.
pub(super) type Given = (VarId, Arc<Curve>);

/// Where a table stands, and the dimensions that its arguments and its value are to have.
pub(super) type Wanted = (Span, Vec<Dimension>, Dimension);

/// A copy of a mechanism: whose, with which tables, its number.
pub(super) struct Filled {
    base: MechanismId,
    tables: Vec<Given>,
    copy: MechanismId,
}

impl<'a> Checker<'a> {
    /// The table of the mechanism that an attribute gives; nothing where it is something else.
    pub(super) fn table_of(&self, attr: &Attr, mechanism: MechanismId) -> Option<VarId> {
        let name = attr.name()?;
        let checked = self.program.mechanisms.get(mechanism.index())?;
        let at = checked.variables.iter().position(|one| one.name == *name)?;
        let is_table = matches!(checked.variables.get(at)?.kind, VariableKind::Table { .. });
        is_table.then_some(VarId(u32::try_from(at).ok()?))
    }

    /// The tables that braces give.
    pub(super) fn given_tables(&mut self, block: Option<&'a AttrBlock>, mechanism: MechanismId, known: Known) -> Vec<Given> {
        let (mut all, mut seen): (Vec<Given>, Vec<(VarId, Span)>) = (Vec::new(), Vec::new());
        for attr in block.iter().flat_map(|block| &block.items) {
            let Some(variable) = self.table_of(attr, mechanism) else { continue };
            if let Some((_, first)) = seen.iter().find(|(known, _)| *known == variable) {
                self.diagnostics.push(given_twice(attr.name().map_or("", |name| name), attr.path.span, *first));
                continue;
            }
            seen.push((variable, attr.path.span));
            let curve = match self.curve(&attr.value, mechanism, variable, known) {
                Some(curve) => curve,
                // Reported: nobody has to hear that it is missing, too.
                None => Arc::new(Curve::constant(f64::NAN, 1)),
            };
            all.push((variable, curve));
        }
        all
    }

    fn curve(&mut self, value: &'a ast::Expr, mechanism: MechanismId, variable: VarId, known: Known) -> Option<Arc<Curve>> {
        let declared = self.variable(mechanism, variable)?;
        let (name, dimension) = (declared.name.clone(), declared.dimension);
        let VariableKind::Table { arguments, .. } = &declared.kind else { return None };
        let arguments = arguments.clone();
        let own = match (&value.kind, &self.body_names) {
            (ExprKind::Name(name), Some(names)) if known == Known::Part => names.table(name),
            _ => None,
        };
        let value = own.unwrap_or(value);
        let key = (value.span, arguments.clone(), dimension);
        if let Some((_, curve)) = self.curves.iter().find(|(known, _)| *known == key) {
            return Some(curve.clone());
        }
        let curve = self.within(known, |_, ctx| given::curve(value, &arguments, dimension, &name, ctx))?;
        self.curves.push((key, curve.clone()));
        Some(curve)
    }

    /// The mechanism with these tables.
    pub(super) fn filled(&mut self, mechanism: MechanismId, tables: &[Given]) -> MechanismId {
        if tables.is_empty() {
            return mechanism;
        }
        let base = self.unfilled(mechanism);
        let mut all: Vec<Given> = match self.filled.iter().find(|one| one.copy == mechanism) {
            Some(one) => one.tables.clone(),
            None => Vec::new(),
        };
        all.retain(|(table, _)| !tables.iter().any(|(new, _)| new == table));
        all.extend(tables.iter().cloned());
        all.sort_by_key(|(table, _)| *table);
        if let Some(one) = self.filled.iter().find(|one| one.base == base && one.tables == all) {
            return one.copy;
        }
        let Some(mut copy) = self.program.mechanisms.get(base.index()).cloned() else { return mechanism };
        for (table, given) in &all {
            if let Some(VariableKind::Table { curve, .. }) = copy.variables.get_mut(table.index()).map(|one| &mut one.kind) {
                *curve = Some(given.clone());
            }
        }
        let broken = (0..copy.variables.len() as u32).map(VarId).filter(|id| self.is_broken(base, *id)).collect();
        let copy = self.add_mechanism(Checked { mechanism: copy, broken, refused: self.is_refused(base) });
        self.filled.push(Filled { base, tables: all, copy });
        copy
    }

    /// The mechanism of which another is a copy with tables; itself where it is none.
    pub(super) fn unfilled(&self, mechanism: MechanismId) -> MechanismId {
        self.filled.iter().find(|one| one.copy == mechanism).map_or(mechanism, |one| one.base)
    }
}
