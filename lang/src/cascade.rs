//! What is not told because it only follows from what is.
//!
//! Of a script that could not be read in full nothing can be said to be missing, since it may stand in what was lost; but what stands there can still be wrong.

use bouton_syntax::{Code, Diagnostic, Diagnostics, FileId, Severity, SourceMap, Span};
use std::collections::{HashMap, HashSet};

/// So many other places of a mistake are shown.
const MOST_LABELS: usize = 2;

/// Leaves one finding of each mistake: of what the check found, what the faults of the text do not explain, and of repetitions the first.
pub(crate) fn settle(found: &mut Diagnostics, sources: &SourceMap) {
    let line = |one: &Diagnostic| sources.position(one.span).map(|place| (one.span.file, place.line));
    let mut broken: HashSet<(FileId, u32)> = found.iter().filter(|one| is_of_text(one.code)).filter_map(line).collect();
    // A line that begins with an operator goes on with the one before.
    let led = found.iter().filter(|one| one.code == Code::LeadingOperator).filter_map(line);
    broken.extend(led.map(|(file, line)| (file, line.saturating_sub(1))).collect::<Vec<_>>());
    if !broken.is_empty() {
        found.retain_mut(|one| {
            let stands = !line(one).is_some_and(|line| broken.contains(&line));
            is_of_text(one.code) || stands && (one.fix.is_some() || !tells_of_a_lack(one.code))
        });
    }
    let wrong: HashSet<(FileId, u32)> = found.iter().filter(|one| one.severity == Severity::Error).filter_map(line).collect();
    // The error says what the name hides.
    found.retain_mut(|one| one.code != Code::ShadowedUnit || !line(one).is_some_and(|line| wrong.contains(&line)));
    spare_slips(found, sources);
    fold(found);
}

/// Does not call missing what stands there with a slip of the pen.
fn spare_slips(found: &mut Diagnostics, sources: &SourceMap) {
    let slips = |one: &Diagnostic| matches!(one.code, Code::UnknownAttribute | Code::UnknownParameter | Code::UnknownIonVariable);
    let offered = found.iter().filter(|one| slips(one)).filter_map(|one| Some((one.span, one.fix.as_ref()?.replacement.clone())));
    let offered: Vec<(Span, String)> = offered.collect();
    found.retain_mut(|one| {
        let named = |name: &str| one.message.contains(&format!("`{name}`"));
        match one.code {
            Code::NoDuration => !offered.iter().any(|(_, name)| name == "duration"),
            Code::UnknownName => !offered.iter().any(|(_, name)| named(name)),
            Code::MissingParameter => !offered.iter().any(|(slip, name)| named(name) && in_one_item(one.span, *slip, sources)),
            _ => true,
        }
    });
}

/// Whether no line between two places begins as far left as the first one's does: as lines are indented, both stand in one item.
fn in_one_item(first: Span, second: Span, sources: &SourceMap) -> bool {
    let Some(source) = sources.get(first.file).filter(|_| first.file == second.file) else { return false };
    let column = |line: &str| line.len() - line.trim_start().len();
    let begins = source.text.get(..first.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let mut lines = source.text.get(begins..second.end as usize).unwrap_or("").lines();
    let Some(own) = lines.next().map(column) else { return false };
    first.start < second.start && lines.all(|line| column(line) > own)
}

/// Tells of a lack once, where it shows first; the next places where it shows are labels.
fn fold(found: &mut Diagnostics) {
    let mut places: HashMap<Mistake, Vec<Span>> = HashMap::new();
    for one in found.iter() {
        if let Some(mistake) = mistake(one) {
            places.entry(mistake).or_default().push(one.span);
        }
    }
    let fixes: HashSet<Span> = places.keys().filter_map(|(_, at)| at.as_ref().ok().copied()).collect();
    found.retain_mut(|one| {
        // Another use of what lacks its unit where it is declared.
        let declared =
            |span: &Span| fixes.iter().any(|fix| fix.file == span.file && (span.start..=span.end).contains(&fix.start));
        if one.fix.is_none() && one.code == Code::DimensionMismatch && one.labels.iter().any(|(span, _)| declared(span)) {
            return false;
        }
        let Some(spans) = mistake(one).and_then(|mistake| places.get(&mistake)) else { return true };
        let again = spans.iter().skip(1).take(MOST_LABELS).filter(|span| span.file == one.span.file);
        one.labels.extend(again.map(|span| (*span, "and here".to_owned())));
        spans.first() == Some(&one.span)
    });
}

/// What is missing: its name as the message has it, or the place where it is to be put.
type Mistake = (Code, Result<Span, String>);

fn mistake(one: &Diagnostic) -> Option<Mistake> {
    match &one.fix {
        _ if repeats(one.code) => Some((one.code, Err(one.message.clone()))),
        Some(fix) if one.code == Code::DimensionMismatch => Some((one.code, Ok(fix.span))),
        _ => None,
    }
}

/// Whether what is missing shows at every place where it is used, with the same words.
fn repeats(code: Code) -> bool {
    use Code::*;
    matches!(
        code,
        UnknownName | UnknownMechanism | UnknownCell | UnknownSet | UnknownFunction | NotKnownYet | CannotSpike | BadExponent
    )
}

/// Faults of the text itself.
fn is_of_text(code: Code) -> bool {
    code.text().starts_with("E01")
}

/// Whether the finding is that something is not there, which may stand where the text could not be read.
fn tells_of_a_lack(code: Code) -> bool {
    use Code::*;
    matches!(
        code,
        UnknownName
            | UnknownParameter
            | UnknownMechanism
            | UnknownCell
            | UnknownSet
            | UnknownSection
            | UnknownPort
            | UnknownVariable
            | WrongKind
            | UnknownFunction
            | UnknownEvent
            | BrokenTree
            | BadPlace
            | NoPlace
            | CannotSpike
            | TakesNoEvents
            | MissingParameter
            | ReachesNothing
            | NoDuration
            | NotShown
            | NotAResult
            | WrongArguments
            | MisplacedMember
            | MisplacedAction
            | WrongArgumentCount
            | EquationWithoutState
            | NotWritten
            | NeverSet
            | NoMembrane
            | AssignsNoState
            | MissingDefinition
            | NotKnownYet
            | UnknownIonVariable
            | IonValence
            | UnusedParameter
    )
}
