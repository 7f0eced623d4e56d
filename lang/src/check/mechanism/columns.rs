//! What the connections of a mechanism bring and keep: the arguments of its events, each name once.

use super::body::{Body, Role};
use crate::check::expr::{Ctx, Type, Typed, unit_of};
use crate::check::{dimension, expr::check_expr};
use bouton_model::ir::{self, Argument, Expr, Var};
use bouton_model::unit::Dimension;
use bouton_syntax::ast::{self, Binding, Trigger};
use bouton_syntax::{Code, Diagnostic, Span};

/// How many values a connection has at most.
const MOST: usize = 64;

/// A column while the mechanism is checked.
struct Column {
    name: ir::Name,
    span: Span,
    ty: Type,
    initial: Option<Expr>,
}

/// What connections bring and keep.
#[derive(Default)]
pub(super) struct Columns {
    all: Vec<Column>,
}

impl Columns {
    /// Of all events of a mechanism.
    pub fn of(body: &Body<'_>, ctx: &mut Ctx<'_>) -> Columns {
        let mut columns = Columns::default();
        for (handler, _) in &body.handlers {
            let Trigger::Event { params, .. } = &handler.trigger else { continue };
            if let (Some(first), true) = (params.first(), columns.all.is_empty()) {
                columns.weight(first, ctx);
            }
            for (at, param) in params.iter().enumerate().filter(|(_, param)| !param.name.is_missing()) {
                if !(at == 0 && is_weight(param)) || param.value.is_some() {
                    columns.add(at, param, ctx);
                }
            }
        }
        columns
    }

    /// Room for the weight comes first, also where no event takes one.
    fn weight(&mut self, first: &Binding, ctx: &mut Ctx<'_>) {
        let (name, span) = if is_weight(first) { (first.name.text.clone(), first.span) } else { ("weight".into(), first.span) };
        let ty = first.unit.as_ref().map_or(Type::PLAIN, |unit| by_unit(unit, ctx));
        self.all.push(Column { name, span, ty, initial: None });
    }

    fn add(&mut self, at: usize, param: &Binding, ctx: &mut Ctx<'_>) {
        let (ty, initial) = typed(param, ctx);
        let known = if at == 0 && is_weight(param) { Some(0) } else { self.find(&param.name.text) };
        let room = self.all.len() < MOST;
        match known.and_then(|known| self.all.get_mut(known)) {
            Some(column) => {
                let clashes = (column.ty != ty && param_has_type(param)) || (column.initial.is_some() && initial.is_some());
                if clashes && at != 0 {
                    let message = format!("`{}` is declared in two ways", param.name.text);
                    let two = Diagnostic::new(Code::DeclaredTwice, param.span, message).also(column.span, "declared here, too");
                    ctx.sink.push(
                        two.help(
                            "a connection has one value of a name: give its unit or start once, and elsewhere the name alone",
                        ),
                    );
                }
                column.ty = if initial.is_some() { ty } else { column.ty };
                column.initial = column.initial.take().or(initial);
            }
            None if room => {
                self.all.push(Column { name: param.name.text.clone(), span: param.span, ty, initial });
            }
            None => {
                let message = format!("a connection has at most {MOST} values");
                ctx.sink.push(Diagnostic::new(Code::WrongArguments, param.span, message));
            }
        }
    }

    fn find(&self, name: &str) -> Option<usize> {
        self.all.iter().skip(1).position(|one| &*one.name == name).map(|at| at + 1)
    }

    /// The column of a handler's parameter, and its type; of a weight the type that is found by trial is given.
    pub fn column(&self, at: usize, param: &Binding, weight: Type) -> Option<(u8, Type)> {
        if at == 0 && is_weight(param) {
            return Some((0, weight));
        }
        let column = self.find(&param.name.text)?;
        Some((u8::try_from(column).ok()?, self.all.get(column)?.ty))
    }

    /// What a handler takes.
    pub fn arguments(&self, params: &[Binding], weight: Type) -> Vec<Argument> {
        let argument = |(at, param): (usize, &Binding)| {
            let (column, ty) = self.column(at, param, weight)?;
            Some(Argument { name: param.name.text.clone(), column, dimension: ty.dimension().unwrap_or(Dimension::NONE) })
        };
        params.iter().enumerate().filter_map(argument).collect()
    }

    /// Gives what is known of every connection its name, for actions that go over them.
    pub fn bind_all(&self, ctx: &mut Ctx<'_>) {
        for (column, one) in (0u8..).zip(&self.all) {
            ctx.bind(&one.name, Typed::new(Expr::Var(Var::Argument(column)), one.ty, one.span));
        }
    }

    /// Whether handlers may set a column.
    pub fn is_kept(&self, column: u8) -> bool {
        self.all.get(usize::from(column)).is_some_and(|one| one.initial.is_some())
    }

    /// The type of the weight as far as it is known.
    pub fn first(&self) -> Type {
        self.all.first().map_or(Type::PLAIN, |first| first.ty)
    }

    /// Where a column is declared.
    pub fn span(&self, column: u8) -> Option<Span> {
        self.all.get(usize::from(column)).map(|one| one.span)
    }

    /// The weight has this dimension.
    pub fn settle(&mut self, weight: Type) {
        if let Some(first) = self.all.first_mut().filter(|first| first.initial.is_none()) {
            first.ty = weight;
        }
    }

    /// For the program.
    pub fn finish(self) -> Vec<ir::Column> {
        let finish = |one: Column| ir::Column {
            name: one.name,
            span: one.span,
            dimension: one.ty.dimension().unwrap_or(Dimension::NONE),
            initial: one.initial,
        };
        self.all.into_iter().map(finish).collect()
    }
}

/// Whether a first parameter is the connection's weight: it is brought, or kept under that name.
pub(super) fn is_weight(first: &Binding) -> bool {
    first.value.is_none() || &*first.name.text == "weight"
}

fn param_has_type(param: &Binding) -> bool {
    param.unit.is_some() || param.value.is_some()
}

fn by_unit(unit: &ast::UnitExpr, ctx: &mut Ctx<'_>) -> Type {
    unit_of(unit, ctx).map_or(Type::Error, |unit| Type::Number(unit.dimension))
}

/// The type of a parameter and what it is at the start. Without unit and start it is a plain number.
fn typed(param: &Binding, ctx: &mut Ctx<'_>) -> (Type, Option<Expr>) {
    let unit = param.unit.as_ref().map(|unit| by_unit(unit, ctx));
    let Some(value) = &param.value else { return (unit.unwrap_or(Type::PLAIN), None) };
    let value = check_expr(value, ctx);
    match (unit.and_then(|unit| unit.dimension()), value.ty) {
        (Some(wanted), _) => {
            let what = format!("`{}`", param.name.text);
            let expr = dimension::expect_as(value, wanted, &what, Some(param.name.span), ctx);
            (Type::Number(wanted), Some(expr))
        }
        (None, Type::Zero) => (Type::PLAIN, Some(value.expr)),
        (None, ty) => (ty, Some(value.expr)),
    }
}

/// The types that a weight without a unit may have: a plain number, then those of the states.
pub(super) fn candidates(body: &Body<'_>, ctx: &mut Ctx<'_>) -> Vec<Type> {
    /// How many are tried.
    const MOST_TRIED: usize = 16;
    let mut tried = vec![Type::PLAIN];
    for (id, declared) in body.variables() {
        let ty = body.type_of(id, ctx);
        if declared.role == Role::State && matches!(ty, Type::Number(_)) && !tried.contains(&ty) && tried.len() < MOST_TRIED {
            tried.push(ty);
        }
    }
    tried
}
