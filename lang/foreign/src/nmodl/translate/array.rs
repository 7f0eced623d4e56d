//! Arrays: which elements they have, and which one a number means.

use super::symbols::ir_binary;
use super::value::choose;
use super::{Done, Slot, Symbol, Translator, number};
use crate::nmodl::tree::{Declared, Expr as Written, Name};
use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, Expr};
use bouton_model::unit::Dimension;
use bouton_syntax::Span;
use std::collections::HashMap;
use std::rc::Rc;

/// The most elements of all arrays together. Where a file declares more, which few use, so many of each are kept.
const MOST_ELEMENTS: usize = 10_000;
const KEPT: u32 = 256;
/// The most elements among which those with computed numbers are looked for: a program has 65536 operands, and NEURON's secant has each value twice.
const MOST_SEARCHED: usize = 12_000;
/// How far behind the end of an array its elements may be.
const FARTHEST: usize = 64;

/// What is known of the arrays of a file.
#[derive(Debug, Default)]
pub(super) struct Arrays {
    /// The most elements that are kept of one.
    most: Option<u32>,
    /// Arrays of which some are not kept.
    cut: HashMap<Rc<str>, u32>,
    /// The last element behind the end of an array that the file uses.
    pub(super) reached: HashMap<Rc<str>, usize>,
    /// Such that were met and are not there.
    pub(super) missed: HashMap<Rc<str>, usize>,
    /// Elements behind the end, from the first.
    behind: HashMap<Rc<str>, (usize, Vec<Slot>)>,
    /// Among how many elements those with computed numbers are looked for, all together.
    searched: usize,
}

impl Translator<'_> {
    /// Whether elements of the file's arrays are left out.
    pub(super) fn limit_arrays(&mut self) {
        let file = self.file;
        let lists = [&file.parameters, &file.assigned, &file.states];
        let declared = lists.into_iter().flatten().filter_map(|one: &Declared| one.size);
        let sizes = declared.chain(file.locals.iter().filter_map(|(_, size)| *size));
        if sizes.map(|size| size as usize).sum::<usize>() > MOST_ELEMENTS {
            self.arrays.most = Some(KEPT);
        }
    }

    /// Numbers of the elements that are kept of an array.
    pub(super) fn elements(&mut self, name: &Name, size: u32) -> Done<std::ops::Range<u32>> {
        if size > i32::MAX as u32 {
            return self.wrong(name.span, format!("the array `{}` has more elements than NEURON can count", name.text));
        }
        let kept = self.arrays.most.map_or(size, |most| size.min(most));
        if kept < size {
            self.arrays.cut.insert(name.text.clone(), size);
            self.notes
                .push((name.span, format!("the elements of `{}` from {kept} on are not kept: they give no number", name.text)));
        }
        if kept as usize + self.slots.len() > MOST_ELEMENTS {
            return self.wrong(name.span, format!("the array `{}` makes more than {MOST_ELEMENTS} variables", name.text));
        }
        Ok(0..kept)
    }

    /// Elements behind the end of an array, where the file uses such: NEURON has there what lies behind in memory.
    pub(super) fn behind(&mut self, name: &Name, size: u32) {
        let Some(last) = self.arrays.reached.get(&name.text).copied() else { return };
        let first = size as usize;
        let cell = |s: &mut Self, at| s.cell(&format!("{}[{at}]", name.text), name.span, Dimension::NONE, Expr::Number(0.0));
        let slots = (first..=last).map(|at| cell(self, at)).collect();
        self.arrays.behind.insert(name.text.clone(), (first, slots));
        let message = format!("`{0}` has {size} elements: `{0}[{last}]`, behind its end, is a variable of its own", name.text);
        self.notes.push((name.span, message));
    }

    /// The element with a number that an array does not have; nothing where it is not kept.
    fn outside(&mut self, name: &Rc<str>, at: f64, span: Span) -> Done<Option<Slot>> {
        if at < 0.0 || self.locals.iter().any(|(local, _)| local == name) {
            return self.wrong(span, format!("`{name}` has no element {at}"));
        }
        if self.arrays.cut.get(name).is_some_and(|size| at < f64::from(*size)) {
            return Ok(None);
        }
        let at = at as usize;
        if let Some((first, slots)) = self.arrays.behind.get(name)
            && let Some(slot) = at.checked_sub(*first).and_then(|at| slots.get(at))
        {
            return Ok(Some(*slot));
        }
        let size = match self.symbol(name) {
            Some(Symbol::Array(slots)) => slots.len(),
            Some(Symbol::Params(ids, _)) => ids.len(),
            _ => 0,
        };
        let known = self.arrays.reached.get(name).is_some_and(|last| *last >= at);
        if known || at >= size + FARTHEST || self.arrays.cut.contains_key(name) {
            return self.wrong(span, format!("`{name}` has no element {at}"));
        }
        let missed = self.arrays.missed.entry(name.clone()).or_default();
        *missed = at.max(*missed).max(self.arrays.reached.get(name).copied().unwrap_or_default());
        Ok(None)
    }

    /// The value of an element.
    pub(super) fn element(&mut self, name: &Rc<str>, index: &Written, span: Span) -> Done<Expr> {
        let at = self.value(index)?;
        let list: Vec<Expr> = match self.symbol(name) {
            Some(Symbol::Array(slots)) => slots.iter().map(|slot| self.read(*slot)).collect(),
            Some(Symbol::Params(ids, unit)) => ids.iter().map(|id| self.of_parameter(*id, unit)).collect(),
            Some(_) => return self.wrong(span, format!("`{name}` is no array")),
            None => return self.wrong(span, format!("`{name}` is not declared")),
        };
        match number(&at) {
            Some(x) => match list.into_iter().nth(x as usize) {
                Some(value) if x >= 0.0 => Ok(value),
                _ => Ok(self.outside(name, x, span)?.map_or(Expr::Number(f64::NAN), |slot| self.read(slot))),
            },
            None => {
                self.search(list.len(), span)?;
                // The integer part chooses.
                let at = self.bind("index", Expr::Call(Function::Floor, vec![at]), span);
                let found = chosen(&at, 0, &list);
                if !self.arrays.cut.contains_key(name) {
                    return Ok(found);
                }
                let is_kept = ir_binary(Binary::Lt, at, Expr::Number(list.len() as f64));
                Ok(choose(is_kept, found, Expr::Number(f64::NAN)))
            }
        }
    }

    /// The slot that a name or an element with a constant number stands for.
    pub(super) fn target(&mut self, name: &Rc<str>, index: Option<&Written>, span: Span) -> Done<Slot> {
        match (self.symbol(name), index) {
            (Some(Symbol::Slot(slot)), None) => Ok(slot),
            (Some(Symbol::Array(slots)), None) => {
                slots.first().copied().map_or_else(|| self.wrong(span, "an empty array".into()), Ok)
            }
            (Some(Symbol::Array(slots)), Some(index)) => {
                let at = self.value(index)?;
                let Some(x) = number(&at) else {
                    return self.refuse(span, "setting an element whose number is computed");
                };
                match slots.get(x as usize) {
                    Some(slot) if x >= 0.0 => Ok(*slot),
                    _ => match self.outside(name, x, span)? {
                        Some(slot) => Ok(slot),
                        None => Ok(self.scratch(name)),
                    },
                }
            }
            (Some(Symbol::Known(_) | Symbol::Ion(_)), _) => {
                self.refuse(span, "setting what the simulator or another mechanism sets")
            }
            (Some(Symbol::Pointer), _) => self.refuse(span, "setting what a POINTER points to"),
            (Some(_), _) => self.wrong(span, format!("`{name}` cannot be set")),
            (None, _) => self.wrong(span, format!("`{name}` is not declared")),
        }
    }

    /// An element whose number is computed is looked for among so many.
    pub(super) fn search(&mut self, among: usize, span: Span) -> Done<()> {
        self.arrays.searched += among;
        if self.arrays.searched > MOST_SEARCHED {
            return self.refuse(span, &format!("looking for elements with computed numbers among more than {MOST_SEARCHED}"));
        }
        Ok(())
    }
}

/// The element with this number, found by halving; a number that there is not gives the nearest.
fn chosen(at: &Expr, first: usize, list: &[Expr]) -> Expr {
    match list {
        [] => Expr::Number(0.0),
        [one] => one.clone(),
        _ => {
            let (low, high) = list.split_at(list.len() / 2);
            let middle = first + low.len();
            let is_low = ir_binary(Binary::Lt, at.clone(), Expr::Number(middle as f64));
            choose(is_low, chosen(at, first, low), chosen(at, middle, high))
        }
    }
}
