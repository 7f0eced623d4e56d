//! `P.w`: values of the connections that a label names.

use super::path::{Step, steps};
use crate::check::View;
use crate::check::attributes::suggest;
use crate::check::declare::Symbol;
use crate::check::expr::Ctx;
use crate::check::value::quantity;
use bouton_model::ir::{
    CellBody, CellId, Connection, ConnectionTable, ConnectionValue, Handler, Mechanism, MechanismId, OfConnections, Port,
    Program, Source, TableId, VarId, VariableKind,
};
use bouton_model::unit::Dimension;
use bouton_syntax::{Code, Diagnostic, Span, ast};

impl View<'_> {
    /// The table that an expression names, noted for the program; nothing where it begins with no label of connections.
    pub fn table(&self, expr: &ast::Expr, ctx: &mut Ctx<'_>) -> Option<Option<(TableId, Dimension)>> {
        let steps = steps(expr)?;
        let (first, rest) = steps.split_first()?;
        let Some(Symbol::Connection) = self.declared.names.find(first.name) else { return None };
        Some(self.noted(first, rest, expr.span, ctx))
    }

    fn noted(&self, first: &Step<'_>, rest: &[Step<'_>], span: Span, ctx: &mut Ctx<'_>) -> Option<(TableId, Dimension)> {
        let (values, dimension) = self.of_connections(first, rest, span, ctx)?;
        let name = rest.first()?.name.into();
        let mut tables = self.tables.borrow_mut();
        let same = |one: &ConnectionTable| {
            let whole = one.values.index.is_none() && values.index.is_none();
            whole && one.values.connection == values.connection && one.values.of == values.of
        };
        if let Some(known) = tables.iter().position(same) {
            return Some((TableId(u32::try_from(known).ok()?), dimension));
        }
        tables.push(ConnectionTable { name, span, dimension, values });
        Some((TableId(u32::try_from(tables.len() - 1).ok()?), dimension))
    }

    /// The weights of all statements that connect cells by events, noted for the program.
    pub fn weights(&self, span: Span) -> Vec<TableId> {
        let between_cells = |one: &&(usize, &Connection)| matches!(one.1.source, Source::Cells(_));
        let all: Vec<(usize, &Connection)> = self.program.connections.iter().enumerate().collect();
        all.iter().filter(between_cells).filter_map(|(at, connection)| self.weight(*at, connection, span)).collect()
    }

    fn weight(&self, at: usize, connection: &Connection, span: Span) -> Option<TableId> {
        let ports = connection.ports.iter();
        let meanings: Option<Vec<_>> =
            ports.map(|(cell, port)| Some((*cell, meaning(self.program, connection, *cell, port, "weight")?))).collect();
        let meanings = meanings.filter(|all| !all.is_empty())?;
        let dimension = meanings.first().map(|(_, (_, dimension))| *dimension)?;
        let of: Vec<_> = meanings.into_iter().map(|(cell, (value, _))| (cell, value)).collect();
        let mut tables = self.tables.borrow_mut();
        let same = |one: &ConnectionTable| one.values.index.is_none() && one.values.connection == at && one.values.of == of;
        if let Some(known) = tables.iter().position(same) {
            return Some(TableId(u32::try_from(known).ok()?));
        }
        let values = OfConnections { connection: at, of, index: None };
        tables.push(ConnectionTable { name: "weight".into(), span, dimension, values });
        Some(TableId(u32::try_from(tables.len() - 1).ok()?))
    }

    /// What a path that begins with a label means, and its dimension.
    pub fn of_connections(
        &self,
        first: &Step<'_>,
        rest: &[Step<'_>],
        span: Span,
        ctx: &mut Ctx<'_>,
    ) -> Option<(OfConnections, Dimension)> {
        let label = first.name;
        let [value] = rest else {
            let what = Diagnostic::new(Code::UnknownVariable, span, format!("what of the connections `{label}`?"));
            ctx.sink.push(what.help(format!("name one of their values: `{label}.weight`")));
            return None;
        };
        let known = self.program.connections.iter().position(|one| one.label.as_deref() == Some(label));
        let (at, connection) = known.and_then(|at| Some((at, self.program.connections.get(at)?)))?;
        let meanings: Vec<_> = connection
            .ports
            .iter()
            .map(|(cell, port)| Some((*cell, meaning(self.program, connection, *cell, port, value.name)?)))
            .collect();
        let dimension = meanings.iter().flatten().map(|(_, (_, dimension))| *dimension).next();
        let alike = meanings.iter().all(|one| one.is_some_and(|(_, (_, other))| Some(other) == dimension));
        let (Some(dimension), true, true) = (dimension, alike, value.is_plain() && first.args.is_none()) else {
            let message = format!("connections of `{label}` have no `{}`", value.name);
            let unknown = Diagnostic::new(Code::UnknownVariable, value.span, message);
            ctx.sink.push(suggest(unknown, value.name, value.span, &names(self.program, connection)));
            return None;
        };
        let index = match first.indices {
            None => None,
            Some([index]) => Some(quantity(index, Dimension::NONE, "the number of a connection", ctx)?),
            Some(_) => {
                let message = "a connection is taken by its number";
                ctx.sink.push(Diagnostic::new(Code::WrongArguments, first.span, message).help(format!("write `{label}[0]`")));
                return None;
            }
        };
        let of = meanings.into_iter().flatten().map(|(cell, (value, _))| (cell, value)).collect();
        Some((OfConnections { connection: at, of, index }, dimension))
    }
}

fn meaning(program: &Program, c: &Connection, cell: CellId, port: &Port, name: &str) -> Option<(ConnectionValue, Dimension)> {
    let (mechanism, handler) = reached(program, cell, port)?;
    if name == "weight" {
        return handler.weight().map(|dimension| (ConnectionValue::Column(0), dimension));
    }
    let arguments = handler.arguments.iter().filter(|one| one.column > 0);
    if let Some(argument) = arguments.clone().find(|one| &*one.name == name) {
        return Some((ConnectionValue::Column(argument.column), argument.dimension));
    }
    if !c.per_connection || !matches!(port, Port::Synapse { .. }) {
        return None;
    }
    let mut variables = (0..).map(VarId).zip(&mechanism.variables);
    let (id, variable) = variables.find(|(_, one)| &*one.name == name)?;
    let has_row = matches!(variable.kind, VariableKind::Param { .. } | VariableKind::State { .. });
    has_row.then_some((ConnectionValue::Variable(id), variable.dimension))
}

/// What can be read of the connections of a statement.
fn names(program: &Program, c: &Connection) -> Vec<String> {
    let mut names = Vec::new();
    for (mechanism, handler) in c.ports.iter().filter_map(|(cell, port)| reached(program, *cell, port)) {
        names.extend(handler.weight().map(|_| "weight".to_owned()));
        names.extend(handler.arguments.iter().filter(|one| one.column > 0).map(|one| one.name.to_string()));
        let variables = mechanism.variables.iter().filter(|_| c.per_connection);
        let rows = variables.filter(|one| matches!(one.kind, VariableKind::Param { .. } | VariableKind::State { .. }));
        names.extend(rows.map(|one| one.name.to_string()));
    }
    names.sort_unstable();
    names.dedup();
    names
}

/// The mechanism that a port leads to, and its handler there; nothing for junctions, which take no events.
pub(super) fn reached<'p>(program: &'p Program, cell: CellId, port: &Port) -> Option<(&'p Mechanism, &'p Handler)> {
    let body = program.cells.get(cell.index()).map(|cell| &cell.body);
    let (mechanism, handler): (MechanismId, _) = match (port, body) {
        (Port::CellSynapse { synapse, handler }, Some(CellBody::Tree(tree))) => (tree.synapses.get(*synapse)?.mechanism, handler),
        (Port::Synapse { synapse, handler, .. }, _) => (program.synapses.get(synapse.index())?.mechanism, handler),
        (Port::Own { handler }, Some(CellBody::Free(mechanism))) => (*mechanism, handler),
        _ => return None,
    };
    let mechanism = program.mechanisms.get(mechanism.index())?;
    Some((mechanism, mechanism.handlers.get(handler.index())?))
}
