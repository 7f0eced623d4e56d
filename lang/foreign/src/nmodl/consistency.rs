//! Units of a file that contradict each other. NEURON computes with the numbers as they are, and so is done here: who wants to know asks.
//!
//! A number has no unit in NMODL, so what has one as a factor may have any; and what a file does not declare with a unit is taken for anything.

use super::tree::{Block, Declared, Expr, ExprKind, File, Op, Stmt, StmtKind};
use super::unit::{Unit, Units};
use bouton_model::unit::{Dimension, Exponent};
use bouton_syntax::Span;
use std::collections::HashMap;
use std::rc::Rc;

/// What is known of the unit of a value: nothing, or its dimension.
type Known = Option<Dimension>;

/// Places where units contradict each other, and how. What stands between UNITSOFF and UNITSON is left out.
#[must_use]
pub fn inconsistent(file: &File) -> Vec<(Span, String)> {
    let units = Units::of(file);
    let mut look = Look { units, names: HashMap::new(), results: HashMap::new(), found: Vec::new(), deep: 0 };
    look.declared(file);
    for block in &file.blocks {
        look.block(block);
    }
    let off = |span: &Span| file.unchecked.iter().any(|range| range.start <= span.start && span.start < range.end);
    look.found.retain(|(span, _)| !off(span));
    look.found
}

struct Look {
    units: Units,
    names: HashMap<Rc<str>, Known>,
    /// Of functions.
    results: HashMap<Rc<str>, Known>,
    found: Vec<(Span, String)>,
    /// How deep values are nested here.
    deep: usize,
}

/// How deep values are looked into: those that nest deeper are refused elsewhere.
const MOST_DEEP: usize = 200;

impl Look {
    fn read(&self, unit: Option<&str>) -> Known {
        unit.and_then(|unit| self.units.read(unit)).map(|unit: Unit| unit.counted())
    }

    fn declared(&mut self, file: &File) {
        let lists = [&file.parameters, &file.constants, &file.assigned, &file.states];
        for Declared { name, unit, .. } in lists.into_iter().flatten() {
            let known = self.read(unit.as_deref());
            self.names.insert(name.text.clone(), known);
        }
        for (name, unit) in [("v", "mV"), ("t", "ms"), ("dt", "ms"), ("celsius", "degC"), ("area", "um2"), ("diam", "um")] {
            let known = self.read(Some(unit));
            self.names.insert(name.into(), known);
        }
        for block in &file.blocks {
            let known = self.read(block.unit.as_deref());
            self.results.insert(block.name.text.clone(), known);
        }
    }

    fn block(&mut self, block: &Block) {
        let outer = self.names.clone();
        for (name, unit) in &block.arguments {
            let known = self.read(unit.as_deref());
            self.names.insert(name.text.clone(), known);
        }
        let result = self.results.get(&block.name.text).copied().flatten();
        self.names.insert(block.name.text.clone(), result);
        self.body(&block.body);
        self.names = outer;
    }

    fn body(&mut self, body: &[Stmt]) {
        for stmt in body {
            self.statement(stmt);
        }
    }

    fn statement(&mut self, stmt: &Stmt) {
        match &stmt.kind {
            StmtKind::Assign(name, _, value) => {
                let found = self.of(value);
                let wanted = self.names.get(&name.text).copied().flatten();
                self.alike(wanted, found, stmt.span, &format!("`{}`", name.text));
            }
            StmtKind::Derivative(name, _, value) => {
                let found = self.of(value);
                let state = self.names.get(&name.text).copied().flatten();
                let wanted = state.and_then(|state| state.over(&Dimension::TIME));
                self.alike(wanted, found, stmt.span, &format!("`{}'`", name.text));
            }
            StmtKind::Call(_, list) => {
                for e in list {
                    self.of(e);
                }
            }
            StmtKind::Local(list) => {
                for (name, _) in list {
                    self.names.insert(name.text.clone(), None);
                }
            }
            StmtKind::If(condition, a, b) => {
                self.of(condition);
                self.body(a);
                self.body(b);
            }
            StmtKind::While(condition, body) => {
                self.of(condition);
                self.body(body);
            }
            StmtKind::From(.., body) | StmtKind::Initial(body) | StmtKind::ForNetcons(_, body) => self.body(body),
            StmtKind::Equation(left, right) | StmtKind::Conserve(left, right) => {
                let (left, right) = (self.of(left), self.of(right));
                self.alike(left, right, stmt.span, "the left side");
            }
            _ => {}
        }
    }

    /// What a value has; contradictions inside are noted.
    fn of(&mut self, e: &Expr) -> Known {
        if self.deep >= MOST_DEEP {
            return None;
        }
        self.deep += 1;
        let known = self.kind(e);
        self.deep -= 1;
        known
    }

    fn kind(&mut self, e: &Expr) -> Known {
        match &e.kind {
            ExprKind::Number(_) | ExprKind::Text(_) => None,
            ExprKind::Name(name) => self.names.get(name).copied().flatten(),
            ExprKind::Index(name, index) => {
                self.of(index);
                self.names.get(name).copied().flatten()
            }
            ExprKind::Call(name, list) => {
                let arguments: Vec<Known> = list.iter().map(|e| self.of(e)).collect();
                let plain = matches!(&**name, "exp" | "log" | "log10" | "sin" | "cos" | "tan" | "sinh" | "cosh" | "tanh");
                if let (true, Some(Some(found))) = (plain, arguments.first()) {
                    self.alike(Some(Dimension::NONE), Some(*found), e.span, &format!("`{name}`"));
                }
                match &**name {
                    "fabs" => arguments.first().copied().flatten(),
                    "sqrt" => arguments.first().copied().flatten().and_then(|d| d.power(Exponent::new(1, 2)?)),
                    _ if plain => Some(Dimension::NONE),
                    _ => self.results.get(name).copied().flatten(),
                }
            }
            ExprKind::Neg(a) => self.of(a),
            ExprKind::Not(a) => {
                self.of(a);
                None
            }
            ExprKind::Binary(op, a, b) => self.joined(*op, a, b, e.span),
        }
    }

    fn joined(&mut self, op: Op, a: &Expr, b: &Expr, span: Span) -> Known {
        let (left, right) = (self.of(a), self.of(b));
        match op {
            Op::Add | Op::Sub => {
                self.alike(left, right, span, "what stands left");
                left.or(right)
            }
            Op::Lt | Op::Le | Op::Gt | Op::Ge | Op::Eq | Op::Ne => {
                self.alike(left, right, span, "what stands left");
                None
            }
            Op::Mul => left.zip(right).and_then(|(a, b)| a.times(&b)),
            Op::Div => left.zip(right).and_then(|(a, b)| a.over(&b)),
            Op::Pow => match (left, &b.kind) {
                (Some(base), _) if base.is_none() => Some(base),
                (Some(base), ExprKind::Number(n)) if n.fract() == 0.0 && n.abs() < 10.0 => {
                    Exponent::new(*n as i64, 1).and_then(|n| base.power(n))
                }
                _ => None,
            },
            Op::And | Op::Or => None,
        }
    }

    fn alike(&mut self, wanted: Known, found: Known, span: Span, what: &str) {
        if let (Some(wanted), Some(found)) = (wanted, found)
            && wanted != found
        {
            let name = |d: &Dimension| match bouton_model::unit::quantity::unit_text(d) {
                text if text.is_empty() => "1".to_owned(),
                text => text,
            };
            self.found.push((span, format!("{what} is in {}, and this is in {}", name(&wanted), name(&found))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inconsistent;
    use bouton_syntax::{Diagnostics, SourceMap};

    fn found(body: &str) -> Vec<String> {
        let text = format!(
            "NEURON {{ SUFFIX x }}\nUNITS {{ (mV) = (millivolt) (mA) = (milliamp) }}\nPARAMETER {{ e = 1 (mV) g = 1 (mho/cm2) k = 3 }}\n\
             ASSIGNED {{ i (mA/cm2) v (mV) }}\n{body}"
        );
        let (mut sources, mut sink) = (SourceMap::new(), Diagnostics::new());
        let file = crate::nmodl::parse("x.mod", &text, &|_| Err(String::new()), &mut sources, &mut sink);
        inconsistent(&file).into_iter().map(|(_, message)| message).collect()
    }

    #[test]
    fn contradictions_are_found_and_nothing_else() {
        assert_eq!(found("BREAKPOINT { i = g * (v - e) }"), Vec::<String>::new());
        assert_eq!(found("BREAKPOINT { i = g * (v - 3) * k }"), Vec::<String>::new());
        assert_eq!(found("BREAKPOINT { i = v - e }"), ["`i` is in mA/cm2, and this is in mV"]);
        assert_eq!(found("BREAKPOINT { i = g * (v - i) }"), ["what stands left is in mV, and this is in mA/cm2"]);
        assert_eq!(
            found("FUNCTION f(x (mV)) (/ms) { f = exp(x) }"),
            ["`exp` is in 1, and this is in mV", "`f` is in Hz, and this is in 1"]
        );
        assert_eq!(found("UNITSOFF BREAKPOINT { i = v - e } UNITSON"), Vec::<String>::new());
    }
}
