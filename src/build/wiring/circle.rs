//! Values that drive each other in a circle with no state between: what each of them is cannot be told, and the circle is shown.

use super::flow::{End, Flows};
use crate::build::draft::Draft;
use crate::build::range::Told;
use bouton_model::algebra;
use bouton_model::ir::{Expr, MechanismId, Program, Span, Var, VarId, VariableKind};
use bouton_syntax::diagnostic::{Code, Diagnostic};
use std::collections::HashMap;

/// More ends than this of a circle are not shown.
const MOST: usize = 12;

/// A link to an input: from which value, by which statement, and the inputs of the same cell that this value follows at once.
struct Link {
    from: End,
    span: Span,
    follows: Vec<VarId>,
}

/// Who drives whom without a delay, as far as a value follows inputs.
struct Links<'a> {
    program: &'a Program,
    drafts: &'a [Draft],
    into: HashMap<End, Vec<Link>>,
}

impl Flows {
    /// Refuses circles.
    ///
    /// # Errors
    /// There is one.
    pub fn without_circle(&self, program: &Program, drafts: &[Draft]) -> Result<(), Told> {
        let mut follows: HashMap<(MechanismId, VarId), Vec<VarId>> = HashMap::new();
        let mut links = Links { program, drafts, into: HashMap::new() };
        for (from, to, span) in self.at_once() {
            let Some(mechanism) = drafts.get(from.0).and_then(|draft| draft.own.as_ref()).map(|own| own.mechanism) else {
                continue;
            };
            let inputs = follows.entry((mechanism, from.2)).or_insert_with(|| followed(program, mechanism, from.2));
            if !inputs.is_empty() {
                links.into.entry(to).or_default().push(Link { from, span, follows: inputs.clone() });
            }
        }
        match links.circle() {
            Some(circle) => Err(links.told(&circle)),
            None => Ok(()),
        }
    }
}

/// The inputs that a value of a mechanism follows at once.
fn followed(program: &Program, mechanism: MechanismId, value: VarId) -> Vec<VarId> {
    let Some(mechanism) = program.mechanisms.get(mechanism.index()) else { return Vec::new() };
    let is_input = |id: &VarId| matches!(mechanism.variables.get(id.index()).map(|v| &v.kind), Some(VariableKind::Input { .. }));
    let inputs = (0..mechanism.variables.len() as u32).map(VarId).filter(is_input);
    inputs.filter(|input| algebra::depends_on(mechanism, &Expr::Var(Var::Own(value)), Var::Own(*input))).collect()
}

impl Links<'_> {
    /// The ends of a circle and the statements between them: input, then the value that drives it, then the input that this follows, and so on.
    fn circle(&self) -> Option<Vec<(End, End, Span)>> {
        let mut starts: Vec<&End> = self.into.keys().collect();
        starts.sort_unstable();
        let mut done: HashMap<End, bool> = HashMap::new();
        for start in starts {
            // What is on the way, and which of its next ones come next.
            let mut way: Vec<(End, usize)> = vec![(*start, 0)];
            while let Some((here, next)) = way.last_mut() {
                let (here, number) = (*here, *next);
                *next += 1;
                if number == 0 && done.insert(here, false) == Some(true) {
                    done.insert(here, true);
                    way.pop();
                    continue;
                }
                let Some((_, end)) = self.next(here).nth(number) else {
                    done.insert(here, true);
                    way.pop();
                    continue;
                };
                if let Some(at) = way.iter().position(|(one, _)| *one == end) {
                    let ends: Vec<End> = way[at..].iter().map(|(one, _)| *one).chain([end]).collect();
                    return ends.windows(2).map(|pair| self.step(pair[0], pair[1])).collect();
                }
                if done.get(&end) != Some(&true) {
                    way.push((end, 0));
                }
            }
        }
        None
    }

    /// The inputs that this one follows at once.
    fn next(&self, input: End) -> impl Iterator<Item = (&Link, End)> {
        let links = self.into.get(&input).into_iter().flatten();
        links.flat_map(|link| link.follows.iter().map(move |id| (link, (link.from.0, link.from.1, *id))))
    }

    fn step(&self, input: End, next: End) -> Option<(End, End, Span)> {
        let (link, _) = self.next(input).find(|(_, end)| *end == next)?;
        Some((input, link.from, link.span))
    }

    fn name(&self, (class, lane, id): End) -> String {
        let draft = self.drafts.get(class);
        let cell = draft.and_then(|draft| draft.names.get(lane as usize)).unwrap_or_default();
        let mechanism = draft.and_then(|draft| self.program.mechanisms.get(draft.own.as_ref()?.mechanism.index()));
        format!("{cell}.{}", mechanism.and_then(|m| m.variables.get(id.index())).map_or("", |variable| &variable.name))
    }

    fn told(&self, circle: &[(End, End, Span)]) -> Told {
        let first = circle.first().map_or(Span::default(), |(_, _, span)| *span);
        let message = "values drive each other in a circle, without a state between";
        let mut told = Diagnostic::new(Code::ValuesInACircle, first, message).label("by this connection");
        for (_, _, span) in circle.iter().skip(1).filter(|(_, _, span)| *span != first) {
            told = told.also(*span, "and by this one");
        }
        // The other way round: as values flow.
        let mut ends: Vec<String> = Vec::new();
        for (input, value, _) in circle.iter().rev() {
            ends.extend([self.name(*value), self.name(*input)]);
        }
        ends.extend(ends.first().cloned());
        ends.dedup();
        let more = if ends.len() > MOST { " -> ..." } else { "" };
        ends.truncate(MOST);
        let help = "let a state follow one of them (`x' = (u - x) / tau`), or take one with a `delay`";
        Box::new(told.help(format!("{}{more}", ends.join(" -> "))).help(help))
    }
}
