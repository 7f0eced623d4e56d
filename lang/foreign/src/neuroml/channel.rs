//! Channels: how much of one is open, as a mechanism of the language.

use super::lems::{Lems, Outside, base, is, kind, literal, plain};
use super::{Documents, inside};
use crate::morphology::Broken;
use roxmltree::Node;
use std::fmt::Write;

/// How a channel's current is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Driven {
    /// By a reversal potential of its own.
    Reversal,
    /// By that of the concentrations of its ion.
    Nernst,
    /// By both concentrations, after Goldman, Hodgkin and Katz.
    Flux,
    /// By both concentrations, after Jaffe et al. 1994.
    Scaled,
}

impl Driven {
    /// What is told apart in names of mechanisms.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Reversal => "",
            Self::Nernst => "_nernst",
            Self::Flux => "_ghk",
            Self::Scaled => "_ghk2",
        }
    }
}

/// Elements that a channel or a gate may have and that say nothing of its equations.
const TOLD: &[&str] = &["notes", "annotation", "property"];

/// What a channel's equations take from outside.
fn outside() -> Outside {
    let known = [
        ("v", "(v / (1 mV))"),
        ("temperature", "(celsius / (1 K))"),
        ("caConc", "(cai / (1 mM))"),
        ("caConcExt", "(cao / (1 mM))"),
        ("vShift", "(vShift / (1 mV))"),
        ("t", "(t / (1 ms))"),
        ("rateScale", "1"),
    ];
    Outside { known: known.map(|(name, text)| (name, text.to_owned())).into() }
}

/// A mechanism, and whether it knows `vShift`, by how much the potential is moved that its gates see (mV).
#[derive(Clone, Debug)]
pub struct Written {
    pub name: String,
    pub text: String,
    /// By how much where a density does not say it; nothing where no equation asks for it.
    pub shift: Option<f64>,
}

/// The mechanism of a channel. `ion` is the one that others of the cell look at.
pub fn mechanism<'d>(
    documents: &Documents<'d>,
    channel: Node<'d, 'd>,
    name: &str,
    ion: Option<&str>,
    driven: Driven,
) -> Result<Written, Broken> {
    let mut lems = Lems::new(documents, outside());
    let at = lems.component(channel, String::new(), None)?;
    if !is(documents, channel, "baseIonChannel") {
        return Err(documents.wrong(channel, format!("`{}` is no channel", kind(channel))));
    }
    let mut open = Vec::new();
    let mut scheme = String::new();
    let mut gates = 0;
    for node in inside(channel) {
        let tag = node.tag_name().name();
        if TOLD.contains(&tag) {
        } else if is(documents, node, "baseGate") {
            gates += 1;
            let count = node.attribute("instances").map_or(Some(1.0), |text| text.trim().parse().ok());
            if !count.is_some_and(|count: f64| count >= 0.0 && count.is_finite()) {
                return Err(documents.wrong(node, "this is no number of gates"));
            }
            let gate = lems.child(at, node)?;
            kinetic(documents, &mut lems, (gate, node), &mut scheme)?;
            open.push(lems.value(gate, "fcond")?);
        } else if is(documents, node, "baseConductanceScaling") {
            let scaling = lems.child(at, node)?;
            open.push(lems.value(scaling, "factor")?);
        } else if is(documents, node, "baseQ10Settings") {
            return Err(documents.wrong(node, "a dependence on temperature belongs to a gate"));
        } else {
            let why = match kind(node) {
                other if other == tag => format!("`{tag}` of a channel is not there"),
                other => format!("`{tag}` of the type `{other}` is not there"),
            };
            return Err(documents.wrong(node, why));
        }
    }
    if base(documents, channel) == Some("baseIonChannel") && gates == 0 {
        open.push(lems.value(at, "fopen")?);
    }
    let has = |name: &str| lems.used.contains(&name);
    let (mut reads, own) = match driven {
        Driven::Reversal => (Vec::new(), "g = 0 S/cm2, e = 0 mV"),
        Driven::Nernst => (ion.map(|ion| format!("e{ion}")).into_iter().collect(), "g = 0 S/cm2"),
        Driven::Flux | Driven::Scaled => {
            let param = if driven == Driven::Flux { "p = 0 cm/s" } else { "g = 0 S/cm2" };
            (ion.map(|ion| vec![format!("{ion}i"), format!("{ion}o")]).unwrap_or_default(), param)
        }
    };
    let shift = channel.attribute("vShift").map_or(Ok(0.0), |text| plain(documents, text, Some("voltage")));
    let shift = shift.map_err(|why| documents.wrong(channel, format!("`vShift`: {why}")))?;
    let shift = has("vShift").then_some(shift);
    let calcium = [("caConc", "cai"), ("caConcExt", "cao")];
    let calcium: Vec<String> = calcium.iter().filter(|(name, _)| has(name)).map(|(_, own)| (*own).to_owned()).collect();
    let mut text = format!("mechanism {name} {{\n");
    if ion == Some("ca") {
        reads.extend(calcium.into_iter().filter(|own| !reads.contains(own)).collect::<Vec<_>>());
    } else if !calcium.is_empty() {
        let _ = writeln!(text, "    ion ca reads {}", calcium.join(", "));
    }
    if let Some(ion) = ion {
        let reads = if reads.is_empty() { String::new() } else { format!(" reads {}", reads.join(", ")) };
        let _ = writeln!(text, "    ion {ion}{reads} writes i{ion}{}", valence(ion));
    }
    let _ = writeln!(text, "    param {own}{}", if shift.is_some() { ", vShift = 0 mV" } else { "" });
    text.push_str(&lems.lines);
    if !scheme.is_empty() {
        let _ = writeln!(text, "    kinetic {{\n        steady\n{scheme}    }}");
    }
    let open: String = open.iter().filter(|one| *one != "1").fold(String::new(), |all, one| all + " * " + one);
    let current = ion.map_or_else(|| "current i".to_owned(), |ion| format!("i{ion}"));
    let flow = match (driven, ion) {
        (Driven::Nernst, Some(ion)) => format!("g{open} * (v - e{ion})"),
        (Driven::Flux, Some(ion)) => format!("p{open} * ghk(v, {ion}i, {ion}o, {})", charges(ion)),
        (Driven::Scaled, Some(ion)) => {
            let _ = writeln!(text, "    let scale = 25 mV * celsius / (293.15 K * 2)");
            format!("-g{open} * scale * (1 - {ion}i / {ion}o * exp(v / scale)) * linoid(-v / scale, 1)")
        }
        _ => format!("g{open} * (v - e)"),
    };
    let _ = writeln!(text, "    {current} = {flow}\n}}");
    Ok(Written { name: name.to_owned(), text, shift })
}

/// How a mechanism says the valence of an ion that the language does not know: NeuroML's own are calcium's.
pub fn valence(ion: &str) -> String {
    if matches!(ion, "na" | "k" | "ca") { String::new() } else { format!(" valence {}", charges(ion)) }
}

/// The valence of an ion; a second pool of calcium is called `ca2`.
pub fn charges(ion: &str) -> &'static str {
    match ion {
        "na" | "k" | "h" | "nh4" | "li" => "1",
        "cl" | "hco3" => "-1",
        _ => "2",
    }
}

/// The scheme of a gate that has one, of this gate and of those inside of it.
fn kinetic<'d>(
    documents: &Documents<'d>,
    lems: &mut Lems<'_, 'd>,
    (gate, node): (usize, Node<'d, 'd>),
    scheme: &mut String,
) -> Result<(), Broken> {
    if !is(documents, node, "gateKS") {
        return Ok(());
    }
    let mut states: Vec<(String, String)> = Vec::new();
    let mut open = Vec::new();
    for state in inside(node).filter(|one| is(documents, *one, "KSState")) {
        let id = documents.needed(state, "id")?;
        let at = lems.child(gate, state)?;
        let name = lems.name(at);
        let share = lems.value(at, "relativeConductance")?;
        // The first one has all to begin with; where they come to rest does not depend on it.
        let _ = writeln!(lems.lines, "    state {name} = {}", i32::from(states.is_empty()));
        match share.as_str() {
            "0" => {}
            "1" => open.push(name.clone()),
            _ => open.push(format!("{share} * {name}")),
        }
        states.push((id.to_owned(), name));
    }
    for transition in inside(node).filter(|one| is(documents, *one, "KSTransition")) {
        let end = |tag: &str| -> Result<String, Broken> {
            let id = documents.needed(transition, tag)?;
            let found = states.iter().find(|(own, _)| own == id).map(|(_, name)| name.clone());
            found.ok_or_else(|| documents.wrong(transition, format!("there is no state `{id}`")))
        };
        let (from, to) = (end("from")?, end("to")?);
        let at = lems.child(gate, transition)?;
        let (forward, backward) = (lems.value(at, "rf")?, lems.value(at, "rr")?);
        let _ = writeln!(scheme, "        {from} <-> {to} ({forward} / ms, {backward} / ms)");
    }
    let known = ["notes", "annotation", "property"];
    let other = |one: &Node<'d, 'd>| {
        !known.contains(&one.tag_name().name())
            && !["KSState", "KSTransition", "baseQ10Settings"].iter().any(|base| is(documents, *one, base))
    };
    if let Some(other) = inside(node).find(other) {
        return Err(documents.wrong(other, format!("`{}` of a scheme is not there", kind(other))));
    }
    if states.is_empty() {
        return Err(documents.wrong(node, "this scheme has no states"));
    }
    let names: Vec<&str> = states.iter().map(|(_, name)| name.as_str()).collect();
    let _ = writeln!(scheme, "        conserve {} = 1", names.join(" + "));
    let open = if open.is_empty() { literal(0.0) } else { open.join(" + ") };
    lems.set(gate, "q", if open.contains('+') { format!("({open})") } else { open });
    Ok(())
}
