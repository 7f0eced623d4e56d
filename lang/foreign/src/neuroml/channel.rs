//! Channels: gates of Hodgkin and Huxley, as a mechanism of the language.

use super::rate::{expression, kind, scaling, time};
use super::{Documents, inside};
use crate::morphology::Broken;
use roxmltree::Node;
use std::fmt::Write;

/// How a channel's current is driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driven {
    /// By a reversal potential of its own.
    Reversal,
    /// By that of the concentrations of its ion.
    Nernst,
}

/// The mechanism of a channel. `ion` is the one that others of the cell look at.
pub fn mechanism(
    documents: &Documents<'_>,
    channel: Node<'_, '_>,
    name: &str,
    ion: Option<&str>,
    driven: Driven,
) -> Result<String, Broken> {
    let mut lines = String::new();
    let mut open = vec!["g".to_owned()];
    match kind(channel) {
        "ionChannelHH" | "ionChannel" | "ionChannelPassive" => {}
        other => {
            return Err(documents.wrong(
                channel,
                format!("a channel of the type `{other}` is not there; ionChannelHH and ionChannelPassive are"),
            ));
        }
    }
    for node in inside(channel) {
        match node.tag_name().name() {
            "notes" | "annotation" | "property" => {}
            "q10ConductanceScaling" => open.push(format!("({})", scaling(documents, node)?)),
            "q10Settings" => {
                return Err(documents.wrong(node, "a dependence on temperature belongs to a gate"));
            }
            tag if tag.starts_with("gate") => {
                let gate = gate(documents, node, &mut lines)?;
                let count = node.attribute("instances").map_or(Some(1), |text| text.trim().parse::<u32>().ok());
                match count.ok_or_else(|| documents.wrong(node, "this is no number of gates"))? {
                    1 => open.push(gate),
                    count => open.push(format!("{gate}^{count}")),
                }
            }
            other => return Err(documents.wrong(node, format!("`{other}` of a channel is not there"))),
        }
    }
    let mut text = format!("mechanism {name} {{\n");
    let nernst = driven == Driven::Nernst;
    if let Some(ion) = ion {
        let reads = if nernst { format!(" reads e{ion}") } else { String::new() };
        let _ = writeln!(text, "    ion {ion}{reads} writes i{ion}");
    }
    let own = if nernst { "" } else { ", e = 0 mV" };
    let _ = writeln!(text, "    param g = 0 S/cm2{own}");
    text.push_str(&lines);
    let (current, reversal) = match (ion, nernst) {
        (Some(ion), true) => (format!("i{ion}"), format!("e{ion}")),
        (Some(ion), false) => (format!("i{ion}"), "e".to_owned()),
        (None, _) => ("current i".to_owned(), "e".to_owned()),
    };
    let _ = writeln!(text, "    {current} = {} * (v - {reversal})\n}}", open.join(" * "));
    Ok(text)
}

/// A gate's lines; how much of it is open.
fn gate(documents: &Documents<'_>, node: Node<'_, '_>, lines: &mut String) -> Result<String, Broken> {
    let id = documents.wrong(node, "this gate has no `id`");
    let id = node.attribute("id").ok_or(id)?;
    let name: String = format!("{}_", id.replace(|c: char| !c.is_ascii_alphanumeric(), "_"));
    let child = |tag: &str| inside(node).find(|one| one.tag_name().name() == tag);
    let needed = |tag: &str| child(tag).ok_or_else(|| documents.wrong(node, format!("this gate has no `{tag}`")));
    let type_ = match node.tag_name().name() {
        "gate" => kind(node),
        tag => tag,
    };
    let (rates, inf, tau) = match type_ {
        "gateHHrates" => (true, false, false),
        "gateHHtauInf" => (false, true, true),
        "gateHHratesInf" => (true, true, false),
        "gateHHratesTau" => (true, false, true),
        "gateHHratesTauInf" => (true, true, true),
        "gateHHInstantaneous" => (false, true, false),
        other => {
            return Err(documents.wrong(
                node,
                format!("a gate of the type `{other}` is not there; gateHHrates, gateHHtauInf and those of both are"),
            ));
        }
    };
    if rates && !(inf && tau) {
        let (forward, reverse) = (expression(documents, needed("forwardRate")?)?, expression(documents, needed("reverseRate")?)?);
        let _ = writeln!(lines, "    let {name}alpha = {forward}\n    let {name}beta = {reverse}");
    }
    let steady =
        if inf { expression(documents, needed("steadyState")?)? } else { format!("{name}alpha / ({name}alpha + {name}beta)") };
    let _ = writeln!(lines, "    let {name}inf = {steady}");
    if type_ == "gateHHInstantaneous" {
        return Ok(format!("{name}inf"));
    }
    let course = if tau { time(documents, needed("timeCourse")?)? } else { format!("1 / ({name}alpha + {name}beta)") };
    let faster = child("q10Settings").map(|node| scaling(documents, node)).transpose()?;
    let faster = faster.map_or(String::new(), |faster| format!(" / ({faster})"));
    let _ = writeln!(lines, "    let {name}tau = {course}{faster}");
    let _ = writeln!(lines, "    state {name}q = {name}inf\n    {name}q' = ({name}inf - {name}q) / {name}tau");
    Ok(format!("{name}q"))
}
