//! Values: names, operators, calls.

use super::symbols::{FREEZING, ir_binary};
use super::{Done, MOST_DEEP, MOST_RECURSION, Slot, Symbol, Translator, number};
use crate::nmodl::tree::{Block, BlockKind, Expr as Written, ExprKind, Op, StmtKind};
use crate::nmodl::unit::{Unit, Units};
use bouton_model::algebra;
use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, Expr, Known, Unary, Var, VariableKind};
use bouton_syntax::Span;
use std::rc::Rc;

impl Translator<'_> {
    /// A number.
    pub(super) fn value(&mut self, e: &Written) -> Done<Expr> {
        let value = self.one_deeper(e)?;
        Ok(if is_truth(&value) { choose(value, Expr::Number(1.0), Expr::Number(0.0)) } else { value })
    }

    /// A truth value.
    pub(super) fn truth(&mut self, e: &Written) -> Done<Expr> {
        let value = self.one_deeper(e)?;
        Ok(match number(&value) {
            Some(x) => Expr::Bool(x != 0.0),
            None if is_truth(&value) => value,
            None => ir_binary(Binary::Ne, value, Expr::Number(0.0)),
        })
    }

    fn one_deeper(&mut self, e: &Written) -> Done<Expr> {
        if self.chained >= super::MOST_CHAINED {
            return self.too_deep(e.span, super::MOST_CHAINED);
        }
        self.chained += 1;
        let done = self.either(e);
        self.chained -= 1;
        done
    }

    fn either(&mut self, e: &Written) -> Done<Expr> {
        Ok(match &e.kind {
            ExprKind::Number(x) => Expr::Number(*x),
            ExprKind::Name(name) => self.named(name, e.span)?,
            ExprKind::Index(name, index) => self.element(name, index, e.span)?,
            ExprKind::Call(name, arguments) => self.call(name, arguments, e.span)?,
            ExprKind::Text(_) => return self.wrong(e.span, "a text is no number".into()),
            ExprKind::Neg(a) => algebra::neg(self.value(a)?),
            ExprKind::Not(a) => match self.truth(a)? {
                Expr::Bool(b) => Expr::Bool(!b),
                a => Expr::Unary(Unary::Not, Box::new(a)),
            },
            ExprKind::Binary(Op::And, a, b) => match (self.truth(a)?, self.truth(b)?) {
                (Expr::Bool(false), _) | (_, Expr::Bool(false)) => Expr::Bool(false),
                (Expr::Bool(true), x) | (x, Expr::Bool(true)) => x,
                (a, b) => ir_binary(Binary::And, a, b),
            },
            ExprKind::Binary(Op::Or, a, b) => match (self.truth(a)?, self.truth(b)?) {
                (Expr::Bool(true), _) | (_, Expr::Bool(true)) => Expr::Bool(true),
                (Expr::Bool(false), x) | (x, Expr::Bool(false)) => x,
                (a, b) => ir_binary(Binary::Or, a, b),
            },
            ExprKind::Binary(op, a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                operation(*op, a, b)
            }
        })
    }

    fn named(&mut self, name: &Rc<str>, span: Span) -> Done<Expr> {
        let symbol = self.symbol(name);
        Ok(match symbol {
            Some(Symbol::Slot(slot)) => self.read(slot),
            Some(Symbol::Number(x)) => Expr::Number(x),
            Some(Symbol::Param(id, unit)) => self.of_parameter(id, unit),
            Some(Symbol::Ion(id)) => Expr::Var(Var::Own(id)),
            Some(Symbol::Known(known)) => self.simulator(known),
            Some(Symbol::Array(slots)) => match slots.first() {
                Some(first) => self.read(*first),
                None => Expr::Number(0.0),
            },
            Some(Symbol::Params(ids, unit)) => ids.first().map_or(Expr::Number(0.0), |id| self.of_parameter(*id, unit)),
            Some(Symbol::Pointer) => Expr::Number(0.0),
            Some(Symbol::Random) => return self.wrong(span, format!("`{name}` is a stream of random numbers")),
            None if name.starts_with("_ion_") && self.symbol(&name["_ion_".len()..]).is_some() => {
                // The ion's own value, which is what the file's has where a block begins.
                let name = &name["_ion_".len()..];
                match self.symbol(name) {
                    Some(Symbol::Slot(slot)) => self.slots.get(slot).map_or(Expr::Number(0.0), |s| s.entry.clone()),
                    _ => return self.named(&name.into(), span),
                }
            }
            None if &**name == "PI" || &**name == "pi" => Expr::Number(std::f64::consts::PI),
            None if self.file.neuron.external.iter().any(|one| one.text == *name) => {
                return self.refuse(span, &format!("EXTERNAL `{name}`, a variable of another mechanism,"));
            }
            None => return self.wrong(span, format!("`{name}` is not declared")),
        })
    }

    /// What the simulator knows, in the units of NMODL.
    pub(super) fn simulator(&self, known: Known) -> Expr {
        let own = Expr::Var(Var::Known(known));
        match known {
            Known::V | Known::T | Known::Dt => own,
            Known::Celsius => ir_binary(Binary::Sub, own, Expr::Number(FREEZING)),
            Known::Area => ir_binary(Binary::Mul, own, Expr::Number(1e8)),
            Known::Diam => ir_binary(Binary::Mul, own, Expr::Number(1e4)),
        }
    }

    pub(super) fn symbol(&self, name: &str) -> Option<Symbol> {
        let local = self.locals.iter().rev().find(|(one, _)| &**one == name).map(|(_, symbol)| symbol);
        local.or_else(|| self.names.get(name)).cloned()
    }

    fn call(&mut self, name: &Rc<str>, arguments: &[Written], span: Span) -> Done<Expr> {
        if let (crate::nmodl::code::CHOICE, [condition, yes, no]) = (&**name, arguments) {
            let condition = self.truth(condition)?;
            return Ok(choose(condition, self.value(yes)?, self.value(no)?));
        }
        if let Some(block) = self.blocks.get(name).copied()
            && matches!(block.kind, BlockKind::Function | BlockKind::Procedure | BlockKind::FunctionTable | BlockKind::Derivative)
        {
            if block.kind == BlockKind::Derivative {
                return self.advance_here(block, span).map(|()| Expr::Number(0.0));
            }
            if block.kind == BlockKind::FunctionTable {
                let values = arguments.iter().map(|a| self.value(a)).collect::<Done<Vec<_>>>()?;
                return self.function_table(block, values, span);
            }
            if let Some(distribution) = super::draw::by_c_code(block) {
                return self.draw(distribution, Vec::new(), span);
            }
            let values = arguments.iter().map(|a| self.value(a)).collect::<Done<Vec<_>>>()?;
            return self.follow(block, values, span);
        }
        if let Some(function) = function(name) {
            let values = arguments.iter().map(|a| self.value(a)).collect::<Done<Vec<_>>>()?;
            let wanted = if matches!(function, Builtin::Pow | Builtin::Fmod) { 2 } else { 1 };
            if values.len() != wanted {
                return self.wrong(span, format!("`{name}` takes {wanted} values"));
            }
            return Ok(match function {
                Builtin::Plain(function) => Expr::Call(function, values),
                Builtin::Pow => {
                    let [a, b] = <[Expr; 2]>::try_from(values).unwrap_or([Expr::Number(0.0), Expr::Number(0.0)]);
                    ir_binary(Binary::Pow, a, b)
                }
                Builtin::Fmod => {
                    let [a, b] = <[Expr; 2]>::try_from(values).unwrap_or([Expr::Number(0.0), Expr::Number(1.0)]);
                    let (a, b) = (self.bind("a", a, span), self.bind("b", b, span));
                    // a - b trunc(a / b)
                    let quotient = self.bind("quotient", ir_binary(Binary::Div, a.clone(), b.clone()), span);
                    let down = Expr::Call(Function::Floor, vec![quotient.clone()]);
                    let up = Expr::Call(Function::Ceil, vec![quotient.clone()]);
                    let whole = choose(ir_binary(Binary::Lt, quotient, Expr::Number(0.0)), up, down);
                    ir_binary(Binary::Sub, a, ir_binary(Binary::Mul, b, whole))
                }
            });
        }
        match &**name {
            "at_time" => {
                let time = match arguments.last() {
                    Some(time) => self.value(time)?,
                    None => return self.wrong(span, "`at_time` takes a time".into()),
                };
                let t = || Expr::Var(Var::Known(Known::T));
                let x = self.bind("at", ir_binary(Binary::Sub, time, Expr::Number(1e-11)), span);
                let before = ir_binary(Binary::Sub, t(), Expr::Var(Var::Known(Known::Dt)));
                let passed = ir_binary(Binary::Le, x.clone(), t());
                Ok(ir_binary(Binary::And, passed, ir_binary(Binary::Gt, x, before)))
            }
            "printf" | "fprintf" => Ok(Expr::Number(0.0)),
            "nrn_ghk" => {
                let values = arguments.iter().map(|a| self.value(a)).collect::<Done<Vec<_>>>()?;
                match <[Expr; 4]>::try_from(values) {
                    Ok(values) => Ok(self.ghk(values, span)),
                    Err(_) => self.wrong(span, "`nrn_ghk` takes v, two concentrations and a valence".into()),
                }
            }
            "atan" | "asin" | "acos" | "atan2" => {
                let values = arguments.iter().map(|a| self.value(a)).collect::<Done<Vec<_>>>()?;
                match self.angle(name, &values, span) {
                    Some(angle) => Ok(angle),
                    None => self.wrong(span, format!("`{name}` has another number of values")),
                }
            }
            "nrn_pointing" => {
                self.notes.push((span, "a POINTER is taken for set".into()));
                Ok(Expr::Number(1.0))
            }
            "exprelr" => {
                let x = match arguments {
                    [x] => self.value(x)?,
                    _ => return self.wrong(span, "`exprelr` takes one value".into()),
                };
                let x = self.bind("x", x, span);
                let one = || Expr::Number(1.0);
                let small = ir_binary(Binary::Eq, ir_binary(Binary::Add, one(), x.clone()), one());
                let below = ir_binary(Binary::Sub, Expr::Call(Function::Exp, vec![x.clone()]), one());
                Ok(choose(small, one(), ir_binary(Binary::Div, x, below)))
            }
            _ if self.file.neuron.external.iter().any(|one| one.text == *name) => self.refuse(span, "an EXTERNAL function"),
            _ => match super::draw::named(name) {
                Some(distribution) => {
                    let is_stream =
                        |e: &&Written| matches!(&e.kind, ExprKind::Name(n) if matches!(self.symbol(n), Some(Symbol::Random)));
                    let rest: Vec<&Written> = arguments.iter().filter(|e| !is_stream(e)).collect();
                    let values = rest.into_iter().map(|a| self.value(a)).collect::<Done<Vec<_>>>()?;
                    self.draw(distribution, values, span)
                }
                None => self.wrong(span, format!("there is no function `{name}`")),
            },
        }
    }

    /// A table that the model gives: a parameter that is one. Where its units are not coherent ones, what it holds are plain numbers.
    pub(super) fn function_table(&mut self, block: &Block, values: Vec<Expr>, span: Span) -> Done<Expr> {
        if !matches!(block.arguments.len(), 1 | 2) {
            return self.refuse(block.span, "a FUNCTION_TABLE of other than one or two arguments");
        }
        if values.len() != block.arguments.len() {
            return self.wrong(span, format!("`{}` takes {} values", block.name.text, block.arguments.len()));
        }
        let key = format!("table of {}", block.name.text);
        let id = match self.bound.get(&key) {
            Some(id) => *id,
            None => {
                let units = table_units(&self.units, block);
                let (value, arguments) = (units.0.dimension(), units.1.iter().map(Unit::dimension).collect());
                let kind = VariableKind::Table { arguments, curve: block.curve.clone() };
                let id = self.variable(&block.name.text, block.name.span, value, kind);
                self.bound.insert(key, id);
                id
            }
        };
        Ok(Expr::Call(Function::Table, std::iter::once(Expr::Var(Var::Own(id))).chain(values).collect()))
    }

    /// The value of a function, or the effect of a procedure, with these arguments.
    pub(super) fn follow(&mut self, block: &Block, values: Vec<Expr>, span: Span) -> Done<Expr> {
        self.step(span)?;
        let again = self.calls.iter().filter(|(name, _)| *name == block.name.text);
        let (rounds, around) = again.fold((0, 0), |(n, _), (_, conditions)| (n + 1, *conditions));
        if (rounds > 0 && around == self.conditions.len()) || self.calls.len() > MOST_DEEP {
            return self.wrong(span, format!("`{}` calls itself", block.name.text));
        }
        if rounds > MOST_RECURSION {
            self.notes.push((
                span,
                format!("what `{}` would compute in more than {MOST_RECURSION} calls of itself is no number", block.name.text),
            ));
            return Ok(Expr::Number(f64::NAN));
        }
        if values.len() < block.arguments.len() {
            return self.wrong(span, format!("`{}` takes {} values", block.name.text, block.arguments.len()));
        }
        let table = block.body.iter().find_map(|stmt| if let StmtKind::Table(table) = &stmt.kind { Some(table) } else { None });
        match table {
            Some(table) => self.tabulated(block, table, values, span),
            None => self.inside(block, values, span),
        }
    }

    /// Follows the body of a function or procedure.
    pub(super) fn inside(&mut self, block: &Block, values: Vec<Expr>, span: Span) -> Done<Expr> {
        let around = std::mem::take(&mut self.locals);
        self.calls.push((block.name.text.clone(), self.conditions.len()));
        for ((name, _), value) in block.arguments.iter().zip(values) {
            let slot = self.scratch(&name.text);
            self.write(slot, value, span);
            self.locals.push((name.text.clone(), Symbol::Slot(slot)));
        }
        let result = self.scratch(&block.name.text);
        self.locals.push((block.name.text.clone(), Symbol::Slot(result)));
        let done = self.body(&block.body);
        self.calls.pop();
        self.locals = around;
        done.map(|()| self.read(result))
    }

    /// A slot for a local value.
    pub(super) fn scratch(&mut self, name: &Rc<str>) -> Slot {
        self.slot(name, Expr::Number(0.0), None, Expr::Number(0.0))
    }
}

/// The units of a FUNCTION_TABLE and of its arguments: plain numbers for those that are not coherent.
pub(crate) fn table_units(units: &Units, block: &Block) -> (Unit, Vec<Unit>) {
    let read = |unit: &Option<String>| {
        let unit = unit.as_deref().and_then(|unit| units.read(unit)).unwrap_or(Unit::ONE);
        if unit.factor() == 1.0 && !unit.is_temperature() { unit } else { Unit::ONE }
    };
    (read(&block.unit), block.arguments.iter().map(|(_, unit)| read(unit)).collect())
}

enum Builtin {
    Plain(Function),
    Pow,
    Fmod,
}

fn function(name: &str) -> Option<Builtin> {
    Some(Builtin::Plain(match name {
        "exp" => Function::Exp,
        "log" => Function::Log,
        "log10" => Function::Log10,
        "sqrt" => Function::Sqrt,
        "fabs" | "abs" => Function::Abs,
        "sin" => Function::Sin,
        "cos" => Function::Cos,
        "tan" => Function::Tan,
        "asin" => Function::Asin,
        "acos" => Function::Acos,
        "atan" => Function::Atan,
        "sinh" => Function::Sinh,
        "cosh" => Function::Cosh,
        "tanh" => Function::Tanh,
        "floor" => Function::Floor,
        "ceil" => Function::Ceil,
        "pow" => return Some(Builtin::Pow),
        "fmod" => return Some(Builtin::Fmod),
        _ => return None,
    }))
}

fn is_truth(e: &Expr) -> bool {
    use Binary::{And, Eq, Ge, Gt, Le, Lt, Ne, Or};
    match e {
        Expr::Bool(_) | Expr::Unary(Unary::Not, _) | Expr::Binary(Lt | Le | Gt | Ge | Eq | Ne | And | Or, ..) => true,
        Expr::If(_, a, _) => is_truth(a),
        _ => false,
    }
}

/// if, decided where the condition is known.
pub(super) fn choose(condition: Expr, yes: Expr, no: Expr) -> Expr {
    match condition {
        Expr::Bool(true) => yes,
        Expr::Bool(false) => no,
        _ if yes == no => yes,
        condition => Expr::If(Box::new(condition), Box::new(yes), Box::new(no)),
    }
}

/// a op b, computed where both are numbers.
fn operation(op: Op, a: Expr, b: Expr) -> Expr {
    if let (Some(x), Some(y)) = (number(&a), number(&b)) {
        let folded = match op {
            Op::Add => Expr::Number(x + y),
            Op::Sub => Expr::Number(x - y),
            Op::Mul => Expr::Number(x * y),
            Op::Div => Expr::Number(x / y),
            Op::Lt => Expr::Bool(x < y),
            Op::Le => Expr::Bool(x <= y),
            Op::Gt => Expr::Bool(x > y),
            Op::Ge => Expr::Bool(x >= y),
            Op::Eq => Expr::Bool(x == y),
            Op::Ne => Expr::Bool(x != y),
            Op::Pow | Op::And | Op::Or => ir_binary(Binary::Pow, a, b),
        };
        return folded;
    }
    let op = match op {
        Op::Add => Binary::Add,
        Op::Sub => Binary::Sub,
        Op::Mul => Binary::Mul,
        Op::Div => Binary::Div,
        Op::Pow => Binary::Pow,
        Op::Lt => Binary::Lt,
        Op::Le => Binary::Le,
        Op::Gt => Binary::Gt,
        Op::Ge => Binary::Ge,
        Op::Eq => Binary::Eq,
        Op::Ne => Binary::Ne,
        Op::And => Binary::And,
        Op::Or => Binary::Or,
    };
    ir_binary(op, a, b)
}
