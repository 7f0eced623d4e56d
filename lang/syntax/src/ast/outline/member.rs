//! Outlines of what stands in mechanisms and cells.

use super::super::*;
use super::expr::attr;
use super::{Out, attrs, bindings, clause, expr, names, path, synapse};

pub(super) fn member(out: &mut Out, member: &Member) {
    out.doc(member.doc.as_ref());
    match &member.kind {
        MemberKind::Error => out.line("error"),
        MemberKind::Param(list) => out.line(&format!("param {}", bindings(list))),
        MemberKind::State(list) => out.line(&format!("state {}", bindings(list))),
        MemberKind::Let(list) => out.line(&format!("let {}", bindings(list))),
        MemberKind::Input(list) => out.line(&format!("input {}", bindings(list))),
        MemberKind::Output(list) => out.line(&format!("output {}", bindings(list))),
        MemberKind::Fn(one) => function(out, one),
        MemberKind::Ion(one) => out.line(&ion(one)),
        MemberKind::Current { electrode, currents } => {
            let electrode = if *electrode { "electrode " } else { "" };
            out.line(&format!("{electrode}current {}", bindings(currents)));
        }
        MemberKind::Method(name) => out.line(&format!("method {}", name.text)),
        MemberKind::Kinetic(block) => out.block("kinetic", block, |out, line| out.line(&kinetic(line))),
        MemberKind::Table(one) if one.names.is_empty() => {
            out.line(&format!("table {} in {}", one.variable.text, expr(&one.range)))
        }
        MemberKind::Table(one) => {
            out.line(&format!("table {} in {} for {}", one.variable.text, expr(&one.range), names(&one.names, ", ")));
        }
        MemberKind::Handler(one) => steps(out, &format!("on {}", trigger(&one.trigger)), &one.body),
        MemberKind::Equation(one) => out.line(&format!("{}' = {}", one.name.text, expr(&one.value))),
        MemberKind::Assign(one) => out.line(&assign(one)),
        MemberKind::Section(one) => section(out, one),
        MemberKind::Insert(one) => out.line(&insert(one)),
        MemberKind::Synapse(one) => out.line(&synapse(one)),
        MemberKind::SpikeAt(one) => out.line(&format!("spike at {}{}", expr(&one.place), clause("above", one.above.as_ref()))),
        MemberKind::In(one) => out.block(&format!("in {}", expr(&one.group)), &one.body, section_line),
        MemberKind::Rename { from, to } => out.line(&format!("rename {} -> {}", expr(from), to.text)),
        MemberKind::Voltage(from) => out.line(&format!("voltage is {}", expr(from))),
        MemberKind::Ignore(name) => out.line(&format!("ignore {}", name.text)),
    }
}

pub(super) fn function(out: &mut Out, one: &Fn) {
    let header = format!("fn {}({})", one.name.text, bindings(&one.params));
    match &one.body {
        FnBody::Value(value) => out.line(&format!("{header} = {}", expr(value))),
        FnBody::Block(body) => steps(out, &header, body),
    }
}

fn ion(one: &Ion) -> String {
    let part = |word: &str, list: &[Name]| if list.is_empty() { String::new() } else { format!(" {word} {}", names(list, ", ")) };
    let (reads, writes) = (part("reads", &one.reads), part("writes", &one.writes));
    format!("ion {}{reads}{writes}{}", one.name.text, clause("valence", one.valence.as_ref()))
}

fn kinetic(line: &KineticLine) -> String {
    match &line.kind {
        KineticKind::Error => "error".to_owned(),
        KineticKind::Steady => "steady".to_owned(),
        KineticKind::Reaction { left, right, forward, backward: None } => {
            format!("{} -> {} ({})", side(left), side(right), expr(forward))
        }
        KineticKind::Reaction { left, right, forward, backward: Some(backward) } => {
            format!("{} <-> {} ({}, {})", side(left), side(right), expr(forward), expr(backward))
        }
        KineticKind::Conserve { sum, total } => format!("conserve {} = {}", side(sum), expr(total)),
        KineticKind::Compartment { size, species } => format!("compartment {} {{ {} }}", expr(size), names(species, ", ")),
        KineticKind::Diffusion { constant, species } => format!("diffusion {} {{ {} }}", expr(constant), names(species, ", ")),
    }
}

fn side(all: &[Species]) -> String {
    let one = |one: &Species| {
        if one.count == 1.0 { one.name.text.to_string() } else { format!("{:?} {}", one.count, one.name.text) }
    };
    all.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn trigger(one: &Trigger) -> String {
    match one {
        Trigger::Start(_) => "start".to_owned(),
        Trigger::Spike(_) => "spike".to_owned(),
        Trigger::Step(_) => "step".to_owned(),
        Trigger::Currents(_) => "currents".to_owned(),
        Trigger::States(_) => "states".to_owned(),
        Trigger::Each(name) => format!("each {}", name.text),
        Trigger::Event { name, params } if params.is_empty() => name.text.to_string(),
        Trigger::Event { name, params } => format!("{}({})", name.text, bindings(params)),
        Trigger::Condition(condition) => expr(condition),
    }
}

pub(super) fn steps(out: &mut Out, header: &str, body: &Block<Action>) {
    out.block(header, body, action);
}

fn action(out: &mut Out, action: &Action) {
    match &action.kind {
        ActionKind::Error => out.line("error"),
        ActionKind::Assign(one) => out.line(&assign(one)),
        ActionKind::Let(list) => out.line(&format!("let {}", bindings(list))),
        ActionKind::Spike(None) => out.line("spike"),
        ActionKind::Spike(Some(times)) => out.line(&format!("spike {}", expr(times))),
        ActionKind::Send { after, moves, event } => {
            let verb = if *moves { "move" } else { "send" };
            out.line(&format!("after {} {verb} {}", expr(after), event.text));
        }
        ActionKind::If(one) => {
            steps(out, &format!("if {}", expr(&one.condition)), &one.then);
            if let Some(otherwise) = &one.otherwise {
                steps(out, "else", otherwise);
            }
        }
        ActionKind::ForEachConnection(body) => steps(out, "for each connection", body),
        ActionKind::Return(value) => out.line(&format!("return {}", expr(value))),
    }
}

fn assign(one: &Assign) -> String {
    format!("{} {} {}", expr(&one.target), one.op.text(), expr(&one.value))
}

fn section(out: &mut Out, one: &Section) {
    let count = one.count.as_ref().map_or(String::new(), |count| format!("[{}]", expr(count)));
    out.block(&format!("section {}{count}", one.name.text), &one.body, section_line);
}

fn section_line(out: &mut Out, line: &SectionLine) {
    match &line.kind {
        SectionKind::Error => out.line("error"),
        SectionKind::Attr(one) => out.line(&attr(one)),
        SectionKind::Let(list) => out.line(&format!("let {}", bindings(list))),
        SectionKind::Insert(one) => out.line(&insert(one)),
        SectionKind::Join { parent, at } => out.line(&format!("connect {}{}", expr(parent), clause("at", at.as_ref()))),
    }
}

fn insert(one: &Insert) -> String {
    let name = one.name.as_ref().map_or(String::new(), |name| format!("{}: ", name.text));
    format!("insert {name}{}{}", path(&one.mechanism), attrs(one.attrs.as_ref()))
}
