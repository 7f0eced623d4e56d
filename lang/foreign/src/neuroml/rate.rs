//! Rates, steady states and time courses of gates, as expressions of the language.

use super::{Documents, quantity};
use crate::morphology::Broken;
use roxmltree::Node;

/// A quantity that an attribute gives, in a unit of NMODL.
pub fn number(documents: &Documents<'_>, node: Node<'_, '_>, name: &str, unit: &str) -> Result<f64, Broken> {
    let text =
        node.attribute(name).ok_or_else(|| documents.wrong(node, format!("`{}` has no `{name}`", node.tag_name().name())))?;
    quantity::read(text, unit).ok_or_else(|| {
        let expected = if unit.is_empty() { "a number".to_owned() } else { format!("a quantity in {unit} or the like") };
        documents.wrong(node, format!("`{name}` is {expected}, and this is `{text}`"))
    })
}

/// `forwardRate`, `reverseRate`, `steadyState`: one of the three forms, per ms or without a unit.
pub fn expression(documents: &Documents<'_>, node: Node<'_, '_>) -> Result<String, Broken> {
    let kind = kind(node);
    let rate = match kind {
        "HHExpRate" | "HHSigmoidRate" | "HHExpLinearRate" => format!("{:?}/ms", number(documents, node, "rate", "/ms")?),
        "HHExpVariable" | "HHSigmoidVariable" | "HHExpLinearVariable" => format!("{:?}", number(documents, node, "rate", "")?),
        _ => return Err(documents.wrong(
            node,
            format!(
                "a rate of the type `{kind}` is not there; HHExpRate, HHSigmoidRate, HHExpLinearRate and the same as Variable are"
            ),
        )),
    };
    let (middle, scale) = (number(documents, node, "midpoint", "mV")?, number(documents, node, "scale", "mV")?);
    if scale == 0.0 {
        return Err(documents.wrong(node, "the scale is 0"));
    }
    let x = format!("(v - ({middle:?} mV))");
    Ok(match kind {
        "HHExpRate" | "HHExpVariable" => format!("{rate} * exp({x} / ({scale:?} mV))"),
        "HHSigmoidRate" | "HHSigmoidVariable" => format!("{rate} / (1 + exp(-{x} / ({scale:?} mV)))"),
        _ => format!("{rate} * linoid({x} / ({scale:?} mV), 1)"),
    })
}

/// A time course (ms).
pub fn time(documents: &Documents<'_>, node: Node<'_, '_>) -> Result<String, Broken> {
    match kind(node) {
        "fixedTimeCourse" => Ok(format!("{:?} ms", number(documents, node, "tau", "ms")?)),
        other => Err(documents.wrong(node, format!("a time course of the type `{other}` is not there; fixedTimeCourse is"))),
    }
}

/// How much faster a gate is at the temperature of the simulation; nothing where it is not.
pub fn scaling(documents: &Documents<'_>, node: Node<'_, '_>) -> Result<String, Broken> {
    match kind(node) {
        "q10Fixed" => Ok(format!("{:?}", number(documents, node, "fixedQ10", "")?)),
        "q10ExpTemp" | "q10ConductanceScaling" => {
            let factor = number(documents, node, "q10Factor", "")?;
            let at = number(documents, node, "experimentalTemp", "degC")?;
            Ok(format!("{factor:?} ^ ((celsius - ({at:?} degC)) / 10 K)"))
        }
        other => Err(documents
            .wrong(node, format!("a dependence on temperature of the type `{other}` is not there; q10Fixed and q10ExpTemp are"))),
    }
}

/// The type of an element: what it says, else its tag.
pub fn kind<'d>(node: Node<'d, '_>) -> &'d str {
    node.attribute("type").unwrap_or_else(|| node.tag_name().name())
}
