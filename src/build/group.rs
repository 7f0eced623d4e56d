//! Instances of one mechanism that were declared together, and the values of their variables: settings and defaults.

use super::column::Column;
use super::constants::Constants;
use super::range::{self, Told};
use super::told;
use crate::value::{NoValue, Scope, Value, number};
use bouton_model::algebra::{definition, visit};
use bouton_model::ir::{Expr, Known, Mechanism, MechanismId, Span, Var, VarId, Variable, VariableKind};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;

/// Instances that were declared together.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Of which mechanism.
    pub mechanism: MechanismId,
    /// What they are called, for streams and messages: `soma.hh`, `exc`.
    pub label: String,
    /// What was set, by instance (of those in every lane, by lane).
    pub settings: Vec<(VarId, Column)>,
    /// The section that they are in.
    pub section: usize,
    /// Where they were declared.
    pub span: Span,
}

/// What was set and varies along a section, by segment; and which segment.
pub type Segment<'a> = (&'a [(VarId, Vec<Column>)], u32);

/// The values of a group's variables.
pub struct Values<'a> {
    mechanism: &'a Mechanism,
    group: &'a Group,
    along: Segment<'a>,
    constants: &'a Constants,
    known: HashMap<VarId, Column>,
    /// Those that are being evaluated.
    busy: Vec<VarId>,
}

impl<'a> Values<'a> {
    /// Of a group, on a segment.
    pub fn of(mechanism: &'a Mechanism, group: &'a Group, along: Segment<'a>, constants: &'a Constants) -> Values<'a> {
        Values { mechanism, group, along, constants, known: HashMap::new(), busy: Vec::new() }
    }

    /// What was set of a variable.
    pub fn setting(&self, id: VarId) -> Option<&'a Column> {
        let (along, segment) = self.along;
        let here = along.iter().find(|(v, _)| *v == id).and_then(|(_, columns)| columns.get(segment as usize));
        here.or_else(|| self.group.settings.iter().rev().find(|(v, _)| *v == id).map(|(_, column)| column))
    }

    /// The value of a parameter, or of a state at the start.
    ///
    /// # Errors
    /// A parameter that must be given, or a value that is not a number.
    pub fn column(&mut self, id: VarId) -> Result<Column, Told> {
        if let Some(column) = self.known.get(&id) {
            return Ok(column.clone());
        }
        let Some(variable) = self.mechanism.variables.get(id.index()) else {
            return Err(told(NoValue::Variable(Var::Own(id)), self.group.span));
        };
        let column = match self.setting(id) {
            Some(given) if !given.has_gaps() => given.clone(),
            Some(given) => given.or(&self.default(id, variable)?),
            None => self.default(id, variable)?,
        };
        self.known.insert(id, column.clone());
        Ok(column)
    }

    fn default(&mut self, id: VarId, variable: &'a Variable) -> Result<Column, Told> {
        let expr = match &variable.kind {
            VariableKind::Param { default: Some(expr) }
            | VariableKind::Input { base: expr }
            | VariableKind::State { initial: expr } => expr,
            VariableKind::Param { default: None } => return Err(self.missing(variable)),
            VariableKind::Ion { .. } | VariableKind::Let { .. } | VariableKind::Current { .. } | VariableKind::Table { .. } => {
                return Err(told(NoValue::Variable(Var::Own(id)), variable.span));
            }
        };
        if self.busy.contains(&id) {
            return Err(told(NoValue::Variable(Var::Own(id)), variable.span));
        }
        self.busy.push(id);
        let column = self.evaluated(expr, variable);
        self.busy.pop();
        column
    }

    /// Once, or where it depends on what differs, for each instance.
    fn evaluated(&mut self, expr: &'a Expr, variable: &'a Variable) -> Result<Column, Told> {
        let mut needed = HashMap::new();
        for id in self.needs(expr) {
            needed.insert(id, self.column(id)?);
        }
        let instances = needed.values().filter_map(Column::len).max();
        let at = |instance| {
            let mut scope = Instance { values: self, needed: &needed, instance };
            let x = number(expr, &mut scope).map_err(|none| told(none, variable.span))?;
            if x.is_nan() { Err(range::not_a_number(&variable.name, x, variable.span)) } else { Ok(x) }
        };
        match instances {
            None => at(0).map(Column::Same),
            Some(count) => (0..count).map(at).collect::<Result<Vec<_>, _>>().map(Column::of),
        }
    }

    /// The parameters and states that an expression names, also behind definitions.
    fn needs(&self, expr: &Expr) -> Vec<VarId> {
        let mut found = Vec::new();
        let mut open = vec![expr];
        let mut seen = Vec::new();
        while let Some(expr) = open.pop() {
            visit(expr, &mut |e| {
                if let Expr::Var(Var::Own(id)) = e
                    && !seen.contains(id)
                {
                    seen.push(*id);
                    found.push(*id);
                }
            });
            found.retain(|id| match definition(self.mechanism, *id) {
                Some(inner) => {
                    open.push(inner);
                    false
                }
                None => true,
            });
        }
        found
    }

    fn missing(&self, variable: &Variable) -> Told {
        let message = format!("`{}` of `{}` must be given", variable.name, self.mechanism.name);
        let diagnostic = Diagnostic::new(Code::MissingParameter, self.group.span, message);
        Box::new(diagnostic.also(variable.span, "declared without a value"))
    }
}

/// One instance, at the start.
struct Instance<'a, 'v> {
    values: &'v Values<'a>,
    needed: &'v HashMap<VarId, Column>,
    instance: usize,
}

impl Scope for Instance<'_, '_> {
    fn variable(&mut self, var: Var) -> Result<Value, NoValue> {
        match var {
            Var::Own(id) => match (self.needed.get(&id), definition(self.values.mechanism, id)) {
                (Some(column), _) => Ok(Value::Number(column.at(self.instance))),
                (None, Some(inner)) => number(inner, self).map(Value::Number),
                (None, None) => Err(NoValue::Variable(var)),
            },
            Var::Known(Known::V) => Ok(Value::Number(self.values.constants.v_init)),
            Var::Known(Known::T) => Ok(Value::Number(0.0)),
            _ => {
                let mut constants = self.values.constants;
                constants.variable(var)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bouton_model::ir::{Binary, IonQuantity, MechanismKind};
    use bouton_model::unit::Dimension;

    fn variable(name: &str, kind: VariableKind) -> Variable {
        Variable { name: name.into(), span: Span::default(), dimension: Dimension::NONE, kind }
    }

    fn own(id: u32) -> Box<Expr> {
        Box::new(Expr::Var(Var::Own(VarId(id))))
    }

    /// rate; interval = half * 2 / rate with half = 0.5 a let; must: without a default; e: of sodium.
    fn mechanism() -> Mechanism {
        let double = Expr::Binary(Binary::Mul, own(3), Box::new(Expr::Number(2.0)));
        let interval = Expr::Binary(Binary::Div, Box::new(double), own(0));
        Mechanism {
            variables: vec![
                variable("rate", VariableKind::Param { default: Some(Expr::Number(4.0)) }),
                variable("interval", VariableKind::Param { default: Some(interval) }),
                variable("must", VariableKind::Param { default: None }),
                variable("half", VariableKind::Let { value: Expr::Number(0.5) }),
                variable("ena", VariableKind::Ion { ion: "na".into(), quantity: IonQuantity::Reversal }),
                variable("x", VariableKind::State { initial: Expr::Var(Var::Known(Known::V)) }),
            ],
            ..Mechanism::empty("m".into(), Span::default(), MechanismKind::Point)
        }
    }

    fn column(settings: Vec<(VarId, Column)>, id: u32) -> Result<Column, Told> {
        let (mechanism, constants) = (mechanism(), crate::build::streams::tests::constants(1));
        let group = Group { mechanism: MechanismId(0), label: "m".into(), settings, section: 0, span: Span::default() };
        Values::of(&mechanism, &group, (&[], 0), &constants).column(VarId(id))
    }

    #[test]
    fn defaults_follow_settings() {
        assert_eq!(column(vec![], 1), Ok(Column::Same(0.25)));
        assert_eq!(column(vec![(VarId(0), Column::Same(2.0))], 1), Ok(Column::Same(0.5)));
        let each = Column::of(vec![1.0, f64::NAN, 2.0]);
        assert_eq!(column(vec![(VarId(0), each.clone())], 0), Ok(Column::of(vec![1.0, 4.0, 2.0])), "gaps are defaults");
        assert_eq!(column(vec![(VarId(0), each)], 1), Ok(Column::of(vec![1.0, 0.25, 0.5])));
        assert_eq!(column(vec![], 5), Ok(Column::Same(-65.0)));
    }

    #[test]
    fn values_that_are_none() {
        assert_eq!(column(vec![], 2).unwrap_err().message, "`must` of `m` must be given");
        let zero = vec![(VarId(0), Column::Same(0.0)), (VarId(3), Column::Same(0.0))];
        assert_eq!(column(zero, 1), Ok(Column::Same(f64::INFINITY)), "infinity is a number");
        assert!(column(vec![], 3).is_err());
    }
}
