//! `// allow W0401`: comments that silence warnings, of their own line or, where they stand alone, of the next.

use crate::load::Files;
use bouton_syntax::ast::{Comment, CommentKind};
use bouton_syntax::{Code, Diagnostic, Diagnostics, FileId, Severity, Source, SourceMap, Span};
use std::collections::HashMap;

/// A code in such a comment.
struct Allowed {
    code: Code,
    /// Where it is written.
    span: Span,
    used: bool,
}

/// Takes the warnings out that comments allow; warns of comments that allow nothing.
pub(crate) fn silence(files: &Files<'_>, sources: &SourceMap, found: &mut Diagnostics) {
    let mut lines: HashMap<(FileId, u32), Vec<Allowed>> = HashMap::new();
    for file in files.told() {
        let Some(source) = sources.get(file.span.file) else { continue };
        for comment in file.comments.iter().filter(|comment| comment.kind != CommentKind::Doc) {
            for (word, span) in codes(&source.text, comment) {
                match Code::from_text(word).filter(|code| code.severity() == Severity::Warning) {
                    Some(code) => {
                        let line = line_meant(source, comment.span);
                        lines.entry((span.file, line)).or_default().push(Allowed { code, span, used: false });
                    }
                    None => found.push(no_warning(word, span)),
                }
            }
        }
    }
    if lines.is_empty() {
        return;
    }
    found.retain_mut(|one| {
        let line = sources.position(one.span).map_or(0, |place| place.line);
        let here = lines.get_mut(&(one.span.file, line)).into_iter().flatten();
        let allowed: Vec<&mut Allowed> = here.filter(|allowed| allowed.code == one.code).collect();
        let silenced = !allowed.is_empty();
        allowed.into_iter().for_each(|allowed| allowed.used = true);
        !silenced
    });
    // What was broken may have hidden the warning.
    if !found.has_errors() {
        let idle = lines.values().flatten().filter(|allowed| !allowed.used);
        idle.for_each(|allowed| found.push(silences_nothing(allowed)));
    }
}

/// The codes of a comment that begins with `allow`, each with its place. Without a code it is a comment like others.
fn codes<'s>(text: &'s str, comment: &Comment) -> Vec<(&'s str, Span)> {
    let written = text.get(comment.span.range()).unwrap_or("");
    let inner = written.trim_start_matches(['/', '*']).trim_start();
    let Some(list) = inner.strip_prefix("allow").filter(|list| list.starts_with(' ')) else { return Vec::new() };
    let start = comment.span.start as usize + written.len() - list.len();
    let mut found = Vec::new();
    let mut at = start;
    for word in list.split([' ', ',', '*']) {
        if is_code(word) {
            found.push((word, Span::new(comment.span.file, offset(at), offset(at + word.len()))));
        } else if !word.is_empty() {
            break;
        }
        at += word.len() + 1;
    }
    found
}

/// Whether a word looks like a code.
fn is_code(word: &str) -> bool {
    let mut letters = word.chars();
    let first = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic());
    first && word.len() == 5 && letters.all(|letter| letter.is_ascii_digit())
}

/// The line of a comment, or of the next token where it stands on lines of its own.
fn line_meant(source: &Source, comment: Span) -> u32 {
    let before = source.text.get(..comment.start as usize).unwrap_or("");
    let own_line = before.rsplit('\n').next().is_none_or(|line| line.trim().is_empty());
    let at = if own_line { behind_comments(&source.text, comment.end as usize) } else { comment.start as usize };
    source.position(offset(at)).line
}

/// The first place behind one that is neither space nor in a comment of a line.
fn behind_comments(text: &str, from: usize) -> usize {
    let mut at = from;
    loop {
        let rest = text.get(at..).unwrap_or("");
        let lead = rest.len() - rest.trim_start().len();
        at += lead;
        match rest.trim_start() {
            comment if comment.starts_with("//") => at += comment.find('\n').unwrap_or(comment.len()),
            _ => return at,
        }
    }
}

fn no_warning(word: &str, span: Span) -> Diagnostic {
    let message = match Code::from_text(word) {
        Some(code) => format!("{code} is an error, and only warnings can be allowed"),
        None => format!("there is no code {word}"),
    };
    Diagnostic::new(Code::IdleAllow, span, message).help("codes of warnings begin with W: `// allow W0401`")
}

fn silences_nothing(allowed: &Allowed) -> Diagnostic {
    let message = format!("nothing here gives {}", allowed.code);
    Diagnostic::new(Code::IdleAllow, allowed.span, message)
        .help("the comment stands on the line of the warning or on a line of its own before it")
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
