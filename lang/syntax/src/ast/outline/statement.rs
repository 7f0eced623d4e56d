//! Outlines of statements.

use super::super::*;
use super::expr::{attr, text};
use super::{Out, attrs, bindings, expr, exprs};

pub(super) fn statement(out: &mut Out, kind: &StmtKind) {
    match kind {
        StmtKind::Error => out.line("error"),
        StmtKind::Run(None) => out.line("run"),
        StmtKind::Run(Some(duration)) => out.line(&format!("run {}", expr(duration))),
        StmtKind::Restart => out.line("restart"),
        StmtKind::Restore(file) => out.line(&format!("restore {}", text(file))),
        StmtKind::Set(list) => out.line(&format!("set {}", list.iter().map(attr).collect::<Vec<_>>().join(", "))),
        StmtKind::Let(list) => out.line(&format!("let {}", bindings(list))),
        StmtKind::Print(list) => out.line(&format!("print {}", exprs(list))),
        StmtKind::Plot(one) => out.line(&format!("plot {}", show(one))),
        StmtKind::Save(one) => out.line(&format!("save {}", show(one))),
        StmtKind::Assert { condition, message } => {
            let message = message.as_ref().map_or(String::new(), |message| format!(", {}", text(message)));
            out.line(&format!("assert {}{message}", expr(condition)));
        }
        StmtKind::Apply(what) => out.line(&format!("apply {}", expr(what))),
        StmtKind::Steady(one) if one.body.items.is_empty() => out.line(&format!("steady state {}", one.name.text)),
        StmtKind::Steady(one) => body(out, &format!("steady state {}", one.name.text), &one.body),
        StmtKind::Continue(one) => body(out, &format!("continue {}", one.name.text), &one.body),
        StmtKind::Sweep(one) => body(out, &format!("sweep {}", one.name.text), &one.body),
        StmtKind::Optimize(one) => body(out, &format!("optimize {}", one.name.text), &one.body),
        StmtKind::Vary(one) => {
            let integer = if one.integer { " integer" } else { "" };
            out.line(&format!("vary {} in {}{integer}", expr(&one.knob), expr(&one.values)));
        }
        StmtKind::Report(list) => out.line(&format!("report {}", list.iter().map(report).collect::<Vec<_>>().join(", "))),
        StmtKind::Aim(aim, value) => {
            let word = match aim {
                Aim::Minimize => "minimize",
                Aim::Maximize => "maximize",
                Aim::Constrain => "constrain",
            };
            out.line(&format!("{word} {}", expr(value)));
        }
        StmtKind::Evolve(one) => out.line(&format!("evolve {}{}", one.method.text, attrs(one.attrs.as_ref()))),
        StmtKind::Attr(one) => out.line(&attr(one)),
        StmtKind::For(one) => body(out, &format!("for {} in {}", one.variable.text, expr(&one.values)), &one.body),
        StmtKind::If(one) => {
            body(out, &format!("if {}", expr(&one.condition)), &one.then);
            if let Some(otherwise) = &one.otherwise {
                body(out, "else", otherwise);
            }
        }
    }
}

fn body(out: &mut Out, header: &str, body: &Block<Stmt>) {
    out.block(header, body, |out, stmt| statement(out, &stmt.kind));
}

fn show(one: &Show) -> String {
    let file = one.file.as_ref().map_or(String::new(), |file| format!(" {}", text(file)));
    format!("{}{file}{}", exprs(&one.subjects), attrs(one.options.as_ref()))
}

fn report(one: &Report) -> String {
    match &one.name {
        Some(name) => format!("{} = {}", name.text, expr(&one.value)),
        None => expr(&one.value),
    }
}
