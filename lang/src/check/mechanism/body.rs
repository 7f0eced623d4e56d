//! What a mechanism declares, and what its names mean in its expressions. Types are found when first asked for, so that order is free.

use super::past::PAST;
use crate::check::declare::Home;
use crate::check::dimension;
use crate::check::expr::{Ctx, HOP, Resolve, Type, Typed, check_expr, unit_of};
use crate::check::hidden::Hidden;
use crate::check::scope::cycle;
use bouton_model::ir::{self, Binary, CurrentKind, Expr, IonQuantity, Known, MechanismKind, Var, VarId};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, ExprKind, UnitExpr};
use bouton_syntax::{Code, Diagnostic, Span};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// What a name of a mechanism is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Role {
    /// `param`
    Param,
    /// `param tau(v: mV): ms`
    Table,
    /// `input`
    Input,
    /// `state`
    State,
    /// `let`, `output`
    Let,
    /// A value of an ion that is read.
    Ion { ion: ir::Name, quantity: IonQuantity },
    /// A concentration or reversal potential that a line `cai = ...` gives to an ion.
    Written(IonQuantity),
    /// `current`, or a current that `ion ... writes`
    Current(CurrentKind),
}

impl Role {
    /// What it is, with an article.
    pub fn what(&self) -> &'static str {
        match self {
            Role::Param => "a parameter",
            Role::Table => "a table",
            Role::Input => "an input",
            Role::State => "a state",
            Role::Let => "a definition",
            Role::Ion { .. } | Role::Written(_) => "a value of an ion",
            Role::Current(_) => "a current",
        }
    }
}

/// A declared name.
#[derive(Clone, Debug)]
pub(super) struct Declared<'a> {
    pub name: &'a ast::Name,
    pub role: Role,
    /// Of a table: its arguments.
    pub arguments: &'a [ast::Binding],
    pub unit: Option<&'a UnitExpr>,
    /// The default, initial value or definition; of what is written to an ion, the line that sets it.
    pub value: Option<&'a ast::Expr>,
    /// Of a state that is written to an ion: which of the ion's values it is.
    pub written: Option<IonQuantity>,
}

impl<'a> Declared<'a> {
    /// A name without unit and value.
    pub fn of(name: &'a ast::Name, role: Role) -> Declared<'a> {
        Declared { name, role, arguments: &[], unit: None, value: None, written: None }
    }
}

#[derive(Clone)]
enum State {
    Open,
    Done(Typed),
}

/// Everything that stands in a mechanism.
pub(super) struct Body<'a> {
    pub kind: MechanismKind,
    pub home: Home,
    /// `per`: that many ms are the unit of time, and times are plain numbers of it.
    pub per: Option<f64>,
    /// By [`VarId`].
    pub declared: Vec<Declared<'a>>,
    /// What it writes to ions beside currents.
    pub writes: Vec<ir::Write>,
    pub functions: Vec<&'a ast::Fn>,
    pub equations: Vec<(&'a ast::Equation, Span)>,
    pub methods: Vec<&'a ast::Name>,
    pub schemes: Vec<(&'a ast::Block<ast::KineticLine>, Span)>,
    pub tables: Vec<(&'a ast::Table, Span)>,
    pub handlers: Vec<(&'a ast::Handler, Span)>,
    /// Names of parts that are broken, which has been told: whatever is asked of them stays silent.
    pub refused: Vec<ir::Name>,
    /// The next local value.
    pub locals: Cell<u32>,
    pub index: HashMap<ir::Name, (Span, Option<VarId>)>,
    values: RefCell<HashMap<VarId, State>>,
    path: RefCell<Vec<(ir::Name, Span)>>,
    /// Variables that nobody can name.
    pub hidden: Hidden,
}

impl<'a> Body<'a> {
    /// Nothing yet.
    pub fn new(kind: MechanismKind, home: Home) -> Body<'a> {
        Body {
            kind,
            home,
            per: None,
            declared: Vec::new(),
            writes: Vec::new(),
            functions: Vec::new(),
            equations: Vec::new(),
            methods: Vec::new(),
            schemes: Vec::new(),
            tables: Vec::new(),
            handlers: Vec::new(),
            refused: Vec::new(),
            locals: Cell::new(0),
            index: HashMap::new(),
            values: RefCell::default(),
            path: RefCell::default(),
            hidden: Hidden::default(),
        }
    }

    /// The variable of a name.
    pub fn find(&self, name: &str) -> Option<(VarId, &Declared<'a>)> {
        let id = self.index.get(name)?.1?;
        Some((id, self.declared.get(id.index())?))
    }

    /// All variables with their numbers.
    pub fn variables(&self) -> impl Iterator<Item = (VarId, &Declared<'a>)> {
        (0..).map(VarId).zip(&self.declared)
    }

    /// The type of a variable.
    pub fn type_of(&self, id: VarId, ctx: &mut Ctx<'_>) -> Type {
        let Some(declared) = self.declared.get(id.index()) else { return Type::Error };
        if let Some(dimension) = self.dimension_by_role(declared) {
            return Type::Number(dimension);
        }
        if let Some(unit) = declared.unit {
            return self.type_by_unit(unit, ctx);
        }
        match (&declared.role, declared.value) {
            (Role::Table, _) => Type::PLAIN,
            (_, Some(_)) => match self.settled(id, ctx, |value| value.ty) {
                Type::Zero => Type::PLAIN,
                other => other,
            },
            (Role::Let, None) => Type::Error,
            (_, None) => Type::PLAIN,
        }
    }

    /// The type that a unit after a colon gives. What is wrong with the unit is told when its variable is checked.
    fn type_by_unit(&self, unit: &UnitExpr, ctx: &mut Ctx<'_>) -> Type {
        let mut quiet = bouton_syntax::Diagnostics::new();
        let unit = unit_of(unit, &mut Ctx::new(ctx.scope, ctx.resolve, ctx.locals, &mut quiet));
        match unit {
            Some(unit) if unit.is_affine() => Type::Temperature { absolute: true },
            Some(unit) => Type::Number(unit.dimension),
            None => Type::Error,
        }
    }

    fn dimension_by_role(&self, declared: &Declared<'_>) -> Option<Dimension> {
        let quantity = match &declared.role {
            Role::Current(_) => return Some(self.current_dimension()),
            Role::Ion { quantity, .. } | Role::Written(quantity) => *quantity,
            Role::State => declared.written?,
            Role::Param | Role::Table | Role::Input | Role::Let => return None,
        };
        Some(match quantity {
            // The sum over all mechanisms of a place is per area, also where a point mechanism reads it.
            IonQuantity::Current => Dimension::CURRENT_DENSITY,
            IonQuantity::Reversal => Dimension::VOLTAGE,
            IonQuantity::Inside | IonQuantity::Outside => Dimension::CONCENTRATION,
        })
    }

    /// Whether a parameter lists times.
    fn lists(&self, name: &str) -> bool {
        self.handlers.iter().any(|(one, _)| matches!(&one.trigger, ast::Trigger::Each(list) if &*list.text == name))
    }

    /// Currents are per area where the mechanism is spread over membrane.
    pub fn current_dimension(&self) -> Dimension {
        if self.kind == MechanismKind::Density { Dimension::CURRENT_DENSITY } else { Dimension::CURRENT }
    }

    /// The checked default, initial value or definition of a variable. Without one, zero.
    pub fn value(&self, id: VarId, ctx: &mut Ctx<'_>) -> Typed {
        self.settled(id, ctx, Typed::clone)
    }

    /// What is asked of the checked value of a variable, which is checked the first time.
    fn settled<Asked>(&self, id: VarId, ctx: &mut Ctx<'_>, ask: impl Fn(&Typed) -> Asked) -> Asked {
        let Some(declared) = self.declared.get(id.index()) else { return ask(&Typed::error(Span::default())) };
        let span = declared.name.span;
        match self.values.borrow().get(&id) {
            Some(State::Done(value)) => return ask(value),
            Some(State::Open) => {
                ctx.sink.push(cycle(&self.path.borrow(), span));
                return ask(&Typed::error(span));
            }
            None => {}
        }
        self.values.borrow_mut().insert(id, State::Open);
        self.path.borrow_mut().push((declared.name.text.clone(), span));
        let depth = ctx.depth() + HOP;
        let inner = &mut Ctx::new(ctx.scope, self, &self.locals, ctx.sink).at_home(self.home).at_depth(depth);
        let value = self.compute(id, declared, inner);
        self.path.borrow_mut().pop();
        let asked = ask(&value);
        self.values.borrow_mut().insert(id, State::Done(value));
        asked
    }

    fn compute(&self, id: VarId, declared: &Declared<'_>, ctx: &mut Ctx<'_>) -> Typed {
        let value = match declared.value.filter(|_| declared.role != Role::Table) {
            Some(value) => check_expr(value, ctx),
            None => Typed::new(Expr::Number(0.0), Type::Zero, declared.name.span),
        };
        let by_role = self.dimension_by_role(declared);
        if by_role.is_none() && declared.unit.is_none() {
            return value;
        }
        if let Some(unit) = declared.unit {
            // Reports what is wrong with the unit.
            unit_of(unit, ctx);
        }
        let Some(dimension) = self.type_of(id, ctx).dimension() else { return Typed::error(value.span) };
        let (span, ty) = (value.span, value.ty);
        let what = format!("`{}`", declared.name.text);
        let expr = dimension::expect_as(value, dimension, &what, Some(declared.name.span), ctx);
        let ty = if matches!(ty, Type::Temperature { .. } | Type::Error) { ty } else { Type::Number(dimension) };
        Typed::new(expr, ty, span)
    }

    /// `v`, `t` and what else every mechanism knows.
    fn known(&self, name: &str, span: Span, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let (known, ty) = match name {
            "v" => (Known::V, Type::Number(Dimension::VOLTAGE)),
            "t" => (Known::T, Type::Number(Dimension::TIME)),
            "dt" => (Known::Dt, Type::Number(Dimension::TIME)),
            "celsius" => (Known::Celsius, Type::Temperature { absolute: true }),
            "area" => (Known::Area, Type::Number(Dimension::AREA)),
            "diam" => (Known::Diam, Type::Number(Dimension::LENGTH)),
            _ => return None,
        };
        if self.kind == MechanismKind::Free && matches!(known, Known::V | Known::Area | Known::Diam) {
            if ctx.scope.declared.names.find_from(self.home, name).is_some() {
                return None;
            }
            let message = format!("a cell without sections has no membrane, and `{name}` is not declared");
            return Some(
                ctx.fail(Diagnostic::new(Code::NoMembrane, span, message).help(format!("declare it: `state {name} = ...`"))),
            );
        }
        let value = Expr::Var(Var::Known(known));
        match self.per.filter(|_| matches!(known, Known::T | Known::Dt)) {
            Some(_) => Some(Typed::new(self.over_time(value), Type::PLAIN, span)),
            None => Some(Typed::new(value, ty, span)),
        }
    }

    /// What times are here: plain numbers where there is a `per`.
    pub fn time(&self) -> Dimension {
        if self.per.is_some() { Dimension::NONE } else { Dimension::TIME }
    }

    /// A value per unit of time as one per ms; a time (ms) in units of time.
    pub fn over_time(&self, value: Expr) -> Expr {
        match self.per {
            Some(per) => Expr::Binary(Binary::Div, Box::new(value), Box::new(Expr::Number(per))),
            None => value,
        }
    }

    /// A time in units of time as one in ms.
    pub fn in_ms(&self, value: Expr) -> Expr {
        match self.per {
            Some(per) => Expr::Binary(Binary::Mul, Box::new(value), Box::new(Expr::Number(per))),
            None => value,
        }
    }
}

impl Resolve for Body<'_> {
    fn resolve(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Typed> {
        let ExprKind::Name(name) = &expr.kind else {
            return self.looked_up(expr, ctx).or_else(|| self.hidden(expr, ctx));
        };
        match self.find(name) {
            Some((_, Declared { role: Role::Table, .. })) => {
                let wrong = Diagnostic::new(Code::NotANumber, expr.span, format!("`{name}` is a table, not a number"));
                Some(ctx.fail(wrong.help(format!("say where it is looked up: `{name}(v)`"))))
            }
            Some(_) if self.lists(name) => {
                let message = format!("`{name}` is a list of times, not a number");
                let wrong = Diagnostic::new(Code::NotANumber, expr.span, message);
                Some(ctx.fail(wrong.help(format!("`on each {name} {{ ... }}` says what happens at each of them"))))
            }
            Some((id, _)) => {
                let ty = self.type_of(id, ctx);
                Some(Typed::new(Expr::Var(Var::Own(id)), ty, expr.span))
            }
            None if self.refused.contains(name) => Some(Typed::error(expr.span)),
            None => self.known(name, expr.span, ctx),
        }
    }

    fn names(&self) -> Vec<String> {
        let known = ["v", "t", "dt", "celsius", "area", "diam", PAST, "noise", "ou", "samples"].into_iter().map(str::to_owned);
        self.index.keys().map(|name| name.to_string()).chain(known).collect()
    }

    fn has_time(&self) -> bool {
        true
    }

    fn function(&self, name: &str) -> Option<&ast::Fn> {
        self.functions.iter().find(|function| &*function.name.text == name).copied()
    }
}
