//! Texts: `printf` and its kin, and the patterns by which sections are named.

use super::path::Place;
use super::value::Value;
use super::{Done, Hoc};
use crate::hoc::tree::{Expr, ExprKind};

/// How deep a pattern may try.
const MOST_TRIES: usize = 100_000;

/// The longest text (bytes).
const LONGEST: usize = 1 << 20;

impl Hoc<'_> {
    /// `sprint(text, ...)`, `sectionname(text)`, `getstr(text)`: writes into its first argument.
    pub(super) fn written(&mut self, name: &str, target: &Expr, rest: &[Expr]) -> Done<Place> {
        if name == "sscanf" {
            let (text, arguments) = (self.text(target)?, self.passed(rest)?);
            return Ok(Place::Value(Value::Number(self.scan(&text, &arguments)?)));
        }
        let ExprKind::Path(path) = &target.kind else { return Err(format!("`{name}` writes into a text").into()) };
        let (text, result) = if name == "sectionname" {
            let section = self.accessed()?;
            (self.model.section(section).name.clone(), 1.0)
        } else if name == "getstr" {
            let words = matches!(self.values(rest)?.first(), Some(Value::Number(words)) if *words != 0.0);
            let found = match self.following.last_mut().filter(|_| !self.opened.is_open()) {
                Some(following) => following.part(words),
                None => self.opened.part(words),
            };
            let found = found.ok_or_else(|| "the file has nothing more to read".to_owned())?;
            let length = found.len() as f64;
            (found, length)
        } else {
            let arguments = self.values(rest)?;
            let text = self.format(&arguments)?;
            let length = text.len() as f64;
            (text, length)
        };
        let place = self.walk(path)?;
        self.set(&place, Value::Text(text.into()))?;
        Ok(Place::Value(Value::Number(result)))
    }

    /// print a, b
    pub(super) fn print_all(&mut self, list: &[Expr]) -> Done<()> {
        let mut line = String::new();
        for one in list {
            let before = std::mem::replace(&mut self.showing, true);
            let value = self.value(one);
            self.showing = before;
            match value? {
                Value::Number(value) => line.push_str(&format!("{} ", general(value, 8))),
                Value::Text(text) => line.push_str(&text),
                Value::Object(Some(object)) => line.push_str(&format!("{} ", object.name())),
                Value::Object(None) => line.push_str("NULLobject "),
                Value::Address(_) => {}
            }
        }
        line.push('\n');
        self.print(&line);
        Ok(())
    }

    /// What `printf` makes of its arguments.
    pub(super) fn format(&self, arguments: &[Value]) -> Done<String> {
        let Some((Value::Text(pattern), rest)) = arguments.split_first() else {
            return Err("a format is a text".to_owned().into());
        };
        let mut rest = rest.iter();
        let mut out = String::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push(c);
                continue;
            }
            let mut spec = String::new();
            while let Some(c) = chars.peek().copied().filter(|c| matches!(c, '0'..='9' | '.' | '-' | '+' | ' ' | '#' | 'l')) {
                chars.next();
                if c != 'l' {
                    spec.push(c);
                }
            }
            match chars.next() {
                Some('%') => out.push('%'),
                Some(kind) => {
                    let value = rest
                        .next()
                        .ok_or_else(|| super::Stop::from("the format has more places than there are values".to_owned()))?;
                    out.push_str(&one(&spec, kind, value)?);
                }
                None => {}
            }
            if out.len() > LONGEST {
                return Err("a text of more than a million signs".to_owned().into());
            }
        }
        Ok(out)
    }
}

fn one(spec: &str, kind: char, value: &Value) -> Result<String, String> {
    let left = spec.starts_with('-');
    let zero = spec.starts_with('0');
    let plus = spec.contains('+');
    let body = spec.trim_start_matches(['-', '+', ' ', '#', '0']);
    let (width, precision) = body.split_once('.').map_or((body, None), |(width, digits)| (width, Some(digits)));
    let width = width.parse::<usize>().unwrap_or(0).min(1000);
    let precision = precision.map(|digits| digits.parse::<usize>().unwrap_or(0).min(100));
    let text = match (kind, value) {
        ('s', Value::Text(text)) => precision.map_or(text.to_string(), |most| text.chars().take(most).collect()),
        ('s', Value::Object(Some(object))) => object.name(),
        ('s', Value::Object(None)) => "NULLobject".to_owned(),
        ('d' | 'i' | 'u' | 'x', Value::Number(value)) => format!("{}", value.trunc() as i64),
        ('c', Value::Number(value)) => char::from_u32(*value as u32).map_or(String::new(), String::from),
        ('f' | 'F', Value::Number(value)) => format!("{value:.*}", precision.unwrap_or(6)),
        ('e' | 'E', Value::Number(value)) => exponent(*value, precision.unwrap_or(6)),
        ('g' | 'G', Value::Number(value)) => general(*value, precision.unwrap_or(6).max(1)),
        (kind, value) => return Err(format!("`%{kind}` cannot show {}", value.what())),
    };
    let text = if plus && matches!(value, Value::Number(x) if *x >= 0.0) { format!("+{text}") } else { text };
    let missing = width.saturating_sub(text.chars().count());
    Ok(match (left, zero && kind != 's') {
        (true, _) => format!("{text}{}", " ".repeat(missing)),
        (false, true) => match text.strip_prefix('-') {
            Some(rest) => format!("-{}{rest}", "0".repeat(missing)),
            None => format!("{}{text}", "0".repeat(missing)),
        },
        (false, false) => format!("{}{text}", " ".repeat(missing)),
    })
}

/// C's `%.3e`.
fn exponent(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$e}");
    match text.split_once('e') {
        Some((number, power)) => {
            let power: i32 = power.parse().unwrap_or(0);
            let sign = if power < 0 { '-' } else { '+' };
            format!("{number}e{sign}{:02}", power.abs())
        }
        None => text,
    }
}

/// C's `%g`.
pub(super) fn general(value: f64, digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return if value.is_nan() {
            "nan".into()
        } else if value > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    let scientific = format!("{value:.*e}", digits - 1);
    let power: i32 = scientific.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if power < -4 || power >= digits as i32 {
        let (number, _) = scientific.split_once('e').unwrap_or((&scientific, ""));
        let sign = if power < 0 { '-' } else { '+' };
        return format!("{}e{sign}{:02}", trimmed(number), power.abs());
    }
    let after = usize::try_from(digits as i32 - 1 - power).unwrap_or(0);
    trimmed(&format!("{value:.after$}"))
}

/// A pattern of hoc: `.` any sign, `*` what stands before it any number of times, `\[`...`\]` as written, `<`...`>` one of a set or a range of numbers.
pub(super) struct Pattern(Vec<(One, bool)>);

enum One {
    Any,
    Sign(char),
    Set(Vec<(char, char)>, bool),
    Numbers(u64, u64),
    Start,
    End,
}

impl Pattern {
    pub fn new(text: &str) -> Pattern {
        let mut all = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let one = match c {
                '.' => One::Any,
                '^' if all.is_empty() => One::Start,
                '$' if chars.peek().is_none() => One::End,
                '\\' => One::Sign(chars.next().unwrap_or('\\')),
                '<' => set(&mut chars),
                '*' => {
                    if let Some((_, many)) = all.last_mut() {
                        *many = true;
                    }
                    continue;
                }
                c => One::Sign(c),
            };
            all.push((one, false));
        }
        Pattern(all)
    }

    /// Whether any part of a text fits.
    pub fn is_in(&self, text: &str) -> bool {
        let signs: Vec<char> = text.chars().collect();
        let mut tries = 0;
        (0..=signs.len()).any(|at| self.fits(0, &signs, at, &mut tries))
    }

    /// Whether the pattern fits the whole text.
    pub fn is_all(&self, text: &str) -> bool {
        let signs: Vec<char> = text.chars().collect();
        let mut tries = 0;
        let whole = Pattern(Vec::new());
        let _ = whole;
        self.fits_to_end(&signs, &mut tries)
    }

    fn fits_to_end(&self, signs: &[char], tries: &mut usize) -> bool {
        self.walk(0, signs, 0, tries, true)
    }

    fn fits(&self, from: usize, signs: &[char], at: usize, tries: &mut usize) -> bool {
        self.walk(from, signs, at, tries, false)
    }

    fn walk(&self, from: usize, signs: &[char], at: usize, tries: &mut usize, whole: bool) -> bool {
        *tries += 1;
        if *tries > MOST_TRIES {
            return false;
        }
        let Some((one, many)) = self.0.get(from) else { return !whole || at == signs.len() };
        if *many {
            let mut end = at;
            while end < signs.len() && one.fits(signs[end]) {
                end += 1;
            }
            return (at..=end).rev().any(|next| self.walk(from + 1, signs, next, tries, whole));
        }
        match one {
            One::Start => at == 0 && self.walk(from + 1, signs, at, tries, whole),
            One::End => at == signs.len(),
            One::Numbers(low, high) => {
                let digits = signs[at..].iter().take_while(|c| c.is_ascii_digit()).count();
                let number: String = signs[at..at + digits].iter().collect();
                let within = number.parse::<u64>().is_ok_and(|number| (*low..=*high).contains(&number));
                within && self.walk(from + 1, signs, at + digits, tries, whole)
            }
            one => signs.get(at).is_some_and(|c| one.fits(*c)) && self.walk(from + 1, signs, at + 1, tries, whole),
        }
    }
}

impl One {
    fn fits(&self, c: char) -> bool {
        match self {
            One::Any => true,
            One::Sign(sign) => *sign == c,
            One::Set(ranges, inside) => ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) == *inside,
            One::Numbers(..) | One::Start | One::End => false,
        }
    }
}

/// `<a-c>`, `<3-12>`, `<^ab>`
fn set(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> One {
    let body: String = chars.by_ref().take_while(|c| *c != '>').collect();
    if let Some((low, high)) = body.split_once(['-', ','])
        && let (Ok(low), Ok(high)) = (low.parse(), high.parse())
    {
        return One::Numbers(low, high);
    }
    let (body, inside) = body.strip_prefix('^').map_or((body.as_str(), true), |rest| (rest, false));
    let signs: Vec<char> = body.chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(c) = signs.get(at) {
        match (signs.get(at + 1), signs.get(at + 2)) {
            (Some('-'), Some(high)) => {
                ranges.push((*c, *high));
                at += 3;
            }
            _ => {
                ranges.push((*c, *c));
                at += 1;
            }
        }
    }
    One::Set(ranges, inside)
}
