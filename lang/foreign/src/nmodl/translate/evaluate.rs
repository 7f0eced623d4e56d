//! A FUNCTION of a file for numbers, as scripts call it: `alpha_hh(-65)`. It is followed as in a block, and what comes of it is computed.

use super::{Phase, Translator};
use crate::nmodl::tree::{BlockKind, File};
use bouton_model::builtin::Function;
use bouton_model::ir::{Binary, Expr, Known, Unary, Var, VarId, Variable, VariableKind};
use bouton_model::math;
use bouton_syntax::Diagnostics;
use std::collections::HashMap;

/// The value of a function; nothing where there is none of the name, or where it depends on what only an instance or a run knows. `global` gives values that all
/// share by their names, `celsius` among them, where they were set.
pub fn evaluated(file: &File, name: &str, arguments: &[f64], global: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let mut file = crate::nmodl::code::understood(file);
    for one in &mut file.parameters {
        one.value = global(&one.name.text).or(one.value);
    }
    let mut sink = Diagnostics::new();
    let mut translator = Translator::new(&file, &mut sink);
    translator.as_set = true;
    translator.symbols().ok()?;
    translator.phase = Phase::Current;
    let block = translator.blocks.get(name).copied().filter(|block| is_called(block.kind))?;
    let given = arguments.iter().map(|x| Expr::Number(*x)).collect();
    let result = match block.kind {
        BlockKind::FunctionTable => translator.function_table(block, given, block.name.span).ok()?,
        _ => translator.follow(block, given, block.name.span).ok()?,
    };
    let set: HashMap<VarId, f64> = HashMap::new();
    let mut values = Values { variables: &translator.variables, global, known: set };
    let value = values.of(&result)?;
    (!sink.has_errors()).then_some(value)
}

/// Whether scripts can call a block for its value.
pub(crate) fn is_called(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Function | BlockKind::FunctionTable)
}

struct Values<'a> {
    variables: &'a [Variable],
    global: &'a dyn Fn(&str) -> Option<f64>,
    known: HashMap<VarId, f64>,
}

impl Values<'_> {
    fn of(&mut self, e: &Expr) -> Option<f64> {
        Some(match e {
            Expr::Number(x) => *x,
            Expr::Bool(b) => f64::from(u8::from(*b)),
            Expr::Var(Var::Own(id)) => self.own(*id)?,
            Expr::Var(Var::Known(Known::Celsius)) => (self.global)("celsius").unwrap_or(6.3) + super::symbols::FREEZING,
            Expr::Unary(Unary::Neg, a) => -self.of(a)?,
            Expr::Unary(Unary::Not, a) => truth(self.of(a)? == 0.0),
            Expr::Binary(op, a, b) => binary(*op, self.of(a)?, self.of(b)?),
            Expr::If(condition, yes, no) => match self.of(condition)? == 0.0 {
                true => self.of(no)?,
                false => self.of(yes)?,
            },
            Expr::Call(Function::Table, list) => {
                let [Expr::Var(Var::Own(id)), arguments @ ..] = list.as_slice() else { return None };
                let arguments = arguments.iter().map(|e| self.of(e)).collect::<Option<Vec<f64>>>()?;
                let VariableKind::Table { curve: Some(curve), .. } = &self.variables.get(id.index())?.kind else { return None };
                let x = *arguments.first()?;
                curve.at(x, arguments.get(1).copied().unwrap_or(x))
            }
            Expr::Call(function, list) => {
                let list = list.iter().map(|e| self.of(e)).collect::<Option<Vec<f64>>>()?;
                call(*function, &list)?
            }
            _ => return None,
        })
    }

    fn own(&mut self, id: VarId) -> Option<f64> {
        if let Some(known) = self.known.get(&id) {
            return Some(*known);
        }
        let value = match &self.variables.get(id.index())?.kind {
            VariableKind::Let { value } | VariableKind::Param { default: Some(value) } => self.of(value)?,
            _ => return None,
        };
        self.known.insert(id, value);
        Some(value)
    }
}

fn truth(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn binary(op: Binary, a: f64, b: f64) -> f64 {
    match op {
        Binary::Add => a + b,
        Binary::Sub => a - b,
        Binary::Mul => a * b,
        Binary::Div => a / b,
        Binary::Pow => math::pow(a, b),
        Binary::Lt => truth(a < b),
        Binary::Le => truth(a <= b),
        Binary::Gt => truth(a > b),
        Binary::Ge => truth(a >= b),
        Binary::Eq => truth(a == b),
        Binary::Ne => truth(a != b),
        Binary::And => truth(a != 0.0 && b != 0.0),
        Binary::Or => truth(a != 0.0 || b != 0.0),
    }
}

fn call(function: Function, list: &[f64]) -> Option<f64> {
    let (x, y) = (*list.first()?, list.get(1).copied());
    Some(match function {
        Function::Exp => math::exp(x),
        Function::Log => math::log(x),
        Function::Log10 => math::log10(x),
        Function::Sqrt => x.sqrt(),
        Function::Abs => x.abs(),
        Function::Min => list.iter().copied().fold(x, |a, b| if b < a { b } else { a }),
        Function::Max => list.iter().copied().fold(x, |a, b| if b > a { b } else { a }),
        Function::Sin => math::sin(x),
        Function::Cos => math::cos(x),
        Function::Tan => math::tan(x),
        Function::Asin => math::asin(x),
        Function::Acos => math::acos(x),
        Function::Atan => math::atan(x),
        Function::Atan2 => math::atan2(x, y?),
        Function::Sinh => math::sinh(x),
        Function::Cosh => math::cosh(x),
        Function::Tanh => math::tanh(x),
        Function::Floor => x.floor(),
        Function::Ceil => x.ceil(),
        Function::Round => x.round_ties_even(),
        Function::Sign => math::sign(x),
        Function::Sigmoid | Function::Nernst | Function::Ghk | Function::Table => return None,
    })
}
