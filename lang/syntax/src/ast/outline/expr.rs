//! Outlines of expressions, units and attributes: all on one line.

use super::super::*;

pub(super) fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Error => "error".to_owned(),
        ExprKind::Number(value) => number(*value),
        ExprKind::Quantity { value, unit } => format!("{} {}", number(*value), term(unit)),
        ExprKind::Imaginary(value) => format!("{} i", number(*value)),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Text(one) => text(one),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Field { base, name } => format!("{}.{}", suffixed(base), name.text),
        ExprKind::Every { base } => format!("{}.*", suffixed(base)),
        ExprKind::Index { base, indices } => format!("{}[{}]", suffixed(base), list(indices)),
        ExprKind::Call { callee, args: list } => format!("{}({})", suffixed(callee), args(list)),
        ExprKind::Unary { op: UnaryOp::Minus, operand } => format!("(-{})", expr(operand)),
        ExprKind::Unary { op: UnaryOp::Not, operand } => format!("(not {})", expr(operand)),
        ExprKind::Binary { op, left, right, .. } => format!("({} {} {})", expr(left), op.text(), expr(right)),
        ExprKind::Compare { op, left, right, .. } => format!("({} {} {})", expr(left), op.text(), expr(right)),
        ExprKind::InUnit { value, unit: one } => format!("({} in {})", expr(value), unit(one)),
        ExprKind::After { value, time } => format!("({} after {})", expr(value), expr(time)),
        ExprKind::Before { value, time } => format!("({} before {})", expr(value), expr(time)),
        ExprKind::Range(one) => range(one),
        ExprKind::List(items) => format!("[{}]", list(items)),
        ExprKind::Tuple(items) => match items.as_slice() {
            [only] => format!("({},)", expr(only)),
            items => format!("({})", list(items)),
        },
        ExprKind::If { condition, then, otherwise } => {
            format!("(if {} {{ {} }} else {{ {} }})", expr(condition), expr(then), expr(otherwise))
        }
        ExprKind::Where { set, condition } => format!("({} where {})", expr(set), expr(condition)),
    }
}

/// What a suffix follows; numbers take none by themselves.
fn suffixed(base: &Expr) -> String {
    match &base.kind {
        ExprKind::Number(_) | ExprKind::Quantity { .. } | ExprKind::Imaginary(_) | ExprKind::Text(_) => {
            format!("({})", expr(base))
        }
        _ => expr(base),
    }
}

fn number(value: f64) -> String {
    format!("{value:?}")
}

fn range(one: &Range) -> String {
    let spacing = match &one.spacing {
        None => String::new(),
        Some(Spacing::By(step)) => format!(" by {}", expr(step)),
        Some(Spacing::Steps(count)) => format!(" steps {}", expr(count)),
    };
    let log = if one.log { " log" } else { "" };
    format!("({} .. {}{spacing}{log})", expr(&one.start), expr(&one.end))
}

fn list(items: &[Expr]) -> String {
    items.iter().map(expr).collect::<Vec<_>>().join(", ")
}

pub(super) fn args(list: &[Arg]) -> String {
    let arg = |arg: &Arg| match &arg.name {
        Some(name) => format!("{} = {}", name.text, expr(&arg.value)),
        None => expr(&arg.value),
    };
    list.iter().map(arg).collect::<Vec<_>>().join(", ")
}

pub(super) fn unit(one: &UnitExpr) -> String {
    if one.broken {
        return "error".to_owned();
    }
    let mut text = String::new();
    for factor in &one.terms {
        let below = factor.power.num < 0;
        text.push_str(match (text.is_empty(), below) {
            (true, true) => "1/",
            (true, false) => "",
            (false, true) => "/",
            (false, false) => "*",
        });
        let power = if below { factor.power.negated() } else { factor.power };
        text.push_str(&term(&UnitTerm { power, ..factor.clone() }));
    }
    if text.is_empty() { "1".to_owned() } else { text }
}

pub(super) fn term(one: &UnitTerm) -> String {
    let Power { num, den } = one.power;
    match (num, den) {
        (1, 1) => one.name.text.to_string(),
        (num, 1) => format!("{}^{num}", one.name.text),
        (num, den) => format!("{}^({num}/{den})", one.name.text),
    }
}

pub(super) fn text(one: &Text) -> String {
    let part = |part: &TextPart| match part {
        TextPart::Letters(letters) => escaped(letters).replace('{', "{{").replace('}', "}}"),
        TextPart::Value { value, format: None } => format!("{{{}}}", expr(value)),
        TextPart::Value { value, format: Some(Format { width, digits, style, .. }) } => {
            let style = match style {
                FormatStyle::Fixed => 'f',
                FormatStyle::Exponent => 'e',
                FormatStyle::Shortest => 'g',
            };
            let width = if *width > 0 { width.to_string() } else { String::new() };
            let digits = digits.map_or_else(String::new, |digits| format!(".{digits}{style}"));
            format!("{{{}:{width}{digits}}}", expr(value))
        }
    };
    format!("\"{}\"", one.parts.iter().map(part).collect::<String>())
}

pub(super) fn quoted(one: &Quoted) -> String {
    format!("\"{}\"", escaped(&one.text).replace('{', "{{").replace('}', "}}"))
}

fn escaped(letters: &str) -> String {
    letters.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

pub(super) fn path(one: &Path) -> String {
    names(&one.parts, ".")
}

pub(super) fn names(list: &[Name], between: &str) -> String {
    list.iter().map(|name| &*name.text).collect::<Vec<_>>().join(between)
}

pub(super) fn attr(one: &Attr) -> String {
    if one.bare { expr(&one.path) } else { format!("{} = {}", expr(&one.path), expr(&one.value)) }
}

/// Braces on the line of their header, with the space before them.
pub(super) fn attrs(block: Option<&AttrBlock>) -> String {
    match block {
        None => String::new(),
        Some(block) if block.items.is_empty() => " { }".to_owned(),
        Some(block) => format!(" {{ {} }}", block.items.iter().map(attr).collect::<Vec<_>>().join(", ")),
    }
}
