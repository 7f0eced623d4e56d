//! `stimulate ... with` a source of events: a copy of a cell without a body for each target, and a connection from each.

use super::{Wiring, name_of, no_port};
use crate::build::column::Column;
use crate::build::draft::Draft;
use crate::build::group::Group;
use crate::build::range::{self, Told};
use crate::build::settings::columns;
use crate::build::statement::Statement;
use crate::build::streams::{Drawn, Kind, Side};
use bouton_model::ir::{Attribute, CellBody, CellId, Connection, Rule, Setting, Span};
use bouton_syntax::diagnostic::{Code, Diagnostic};

/// What sends.
pub(super) struct Stimulus<'a> {
    pub cell: CellId,
    pub settings: &'a [Setting],
    pub span: Span,
}

impl Wiring<'_> {
    pub(super) fn stimulus(
        &mut self,
        statement: &Statement,
        connection: &Connection,
        stimulus: &Stimulus,
    ) -> Result<Drawn, Told> {
        if !matches!(connection.rule, Rule::All) {
            let message = "a stimulus reaches each of its targets; a rule has no place here";
            return Err(Box::new(Diagnostic::new(Code::Unsupported, connection.span, message)));
        }
        let program = self.making.program;
        let cell = program.cells.get(stimulus.cell.index()).ok_or_else(|| no_port(statement))?;
        let CellBody::Free(mechanism) = &cell.body else { return Err(no_port(statement)) };
        let Some(declared) = program.mechanisms.get(mechanism.index()) else { return Err(no_port(statement)) };

        // In the order of declaration: with NetPyNE's streams all attributes draw from one stream, one after the other.
        let mut settings: Vec<&Setting> = stimulus.settings.iter().collect();
        settings.sort_by_key(|s| s.variable);
        let mut named: Vec<(String, &Attribute)> = settings.iter().map(|s| (name_of(declared, s.variable), &s.value)).collect();
        named.extend(connection.weight.iter().map(|a| ("weight".to_owned(), a)));
        named.extend(connection.delay.iter().map(|a| ("delay".to_owned(), a)));
        let kind = (Kind::Stimulus(&cell.name), &statement.identity);
        let mut all = columns(self.making.world, self.making.streams, kind, &statement.post, &named)?;
        let delay = connection.delay.as_ref().and_then(|a| Some((all.pop()?, a.span)));
        let weight = connection.weight.as_ref().and_then(|_| all.pop());

        let first = self.sources;
        let same = |c: Option<&Column>| c.map_or(Some(1.0), |c| if let Column::Same(x) = c { Some(*x) } else { None });
        let mut drawn = Drawn::new(Side::Post, same(weight.as_ref()), same(delay.as_ref().map(|d| &d.0)));
        for (k, post) in statement.post.iter().enumerate() {
            let weight = weight.as_ref().map_or(1.0, |w| w.at(k));
            let delay = match &delay {
                Some((column, span)) => range::DELAY.not_negative(column.at(k), *span)?,
                None => 1.0,
            };
            drawn.anchor(*post);
            drawn.push(first + k as u32, weight, delay);
        }
        let settings = settings.iter().zip(all).map(|(s, column)| (s.variable, column)).collect();
        let group = Group { mechanism: *mechanism, label: String::new(), settings, section: 0, span: stimulus.span };
        self.generator(statement, &cell.name, group);
        Ok(drawn)
    }

    /// The class of a stimulus' copies.
    fn generator(&mut self, statement: &Statement, kind: &str, group: Group) {
        let cells = statement.post.clone();
        if cells.is_empty() {
            return;
        }
        let first = self.sources;
        self.sources += cells.len() as u32;
        let names = cells.iter().map(|cell| format!("{kind} of {}", self.making.world.cells.name(*cell))).collect();
        let sources = (first..self.sources).collect();
        let running = (kind.to_owned(), statement.identity.clone());
        self.generators.push(Draft::free(kind, names, cells, sources, group, running));
    }
}
