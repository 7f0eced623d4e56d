//! Expressions of LEMS: `exp((V + 40) / 5) * (V .lt. -10)`.

/// An expression; numbers are plain.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// 0.5
    Number(f64),
    /// tau
    Name(String),
    /// -x
    Minus(Box<Expr>),
    /// x + y; the operator as the language writes it
    Two(&'static str, Box<Expr>, Box<Expr>),
    /// exp(x)
    Call(&'static str, Vec<Expr>),
}

/// Operators by how weakly they bind: as LEMS writes them, and as the language does.
const OPERATORS: &[&[(&str, &str)]] = &[
    &[(".or.", "or")],
    &[(".and.", "and")],
    &[(".lt.", "<"), (".leq.", "<="), (".gt.", ">"), (".geq.", ">="), (".eq.", "=="), (".neq.", "!=")],
    &[("+", "+"), ("-", "-")],
    &[("*", "*"), ("/", "/")],
];

/// Functions as LEMS writes them, and as the language does; `H` is 1 above 0, 0 below, 1/2 there. `linoid` is ours.
const FUNCTIONS: &[(&str, &str)] = &[
    ("exp", "exp"),
    ("log", "log"),
    ("ln", "log"),
    ("log10", "log10"),
    ("sqrt", "sqrt"),
    ("sin", "sin"),
    ("cos", "cos"),
    ("tan", "tan"),
    ("sinh", "sinh"),
    ("cosh", "cosh"),
    ("tanh", "tanh"),
    ("abs", "abs"),
    ("ceil", "ceil"),
    ("H", "H"),
    ("linoid", "linoid"),
];

/// How deep an expression may nest.
const DEEPEST: usize = 100;

/// Reads an expression.
///
/// # Errors
/// Why it is none.
pub fn parse(text: &str) -> Result<Expr, String> {
    let mut parser = Parser { text, at: 0, depth: 0 };
    let expr = parser.level(0)?;
    parser.space();
    if parser.at < text.len() {
        return Err(format!("`{text}`: what is `{}`", &text[parser.at..]));
    }
    Ok(expr)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn take(&mut self, what: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    fn level(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = OPERATORS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        while let Some((_, ours)) = operators.iter().find(|(theirs, _)| self.take(theirs)) {
            left = Expr::Two(ours, Box::new(left), Box::new(self.level(level + 1)?));
        }
        Ok(left)
    }

    /// A sign binds less than a power: -x^2 is -(x^2).
    fn unary(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err("it nests too deep".to_owned());
        }
        let found = match (self.take("-"), self.take("+")) {
            (true, _) => Expr::Minus(Box::new(self.unary()?)),
            (false, true) => self.unary()?,
            (false, false) => {
                let base = self.one()?;
                if self.take("^") { Expr::Two("^", Box::new(base), Box::new(self.unary()?)) } else { base }
            }
        };
        self.depth -= 1;
        Ok(found)
    }

    fn one(&mut self) -> Result<Expr, String> {
        if self.take("(") {
            let found = self.level(0)?;
            return if self.take(")") { Ok(found) } else { Err(self.missing(")")) };
        }
        let rest = self.rest();
        let number = number(rest);
        if number > 0 {
            let value = rest[..number].parse().map_err(|_| format!("`{}` is no number", &rest[..number]))?;
            self.at += number;
            return Ok(Expr::Number(value));
        }
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            return Err(self.missing("a number or a name"));
        }
        let name = rest[..end].to_owned();
        self.at += end;
        if !self.take("(") {
            return Ok(Expr::Name(name));
        }
        let Some((_, function)) = FUNCTIONS.iter().find(|(theirs, _)| *theirs == name) else {
            return Err(format!("the function `{name}` is not there"));
        };
        let mut arguments = vec![self.level(0)?];
        while self.take(",") {
            arguments.push(self.level(0)?);
        }
        let wanted = if *function == "linoid" { 2 } else { 1 };
        if arguments.len() != wanted {
            return Err(format!("`{name}` takes another number of arguments"));
        }
        if self.take(")") { Ok(Expr::Call(function, arguments)) } else { Err(self.missing(")")) }
    }

    fn missing(&self, what: &str) -> String {
        let rest: String = self.rest().chars().take(20).collect();
        let found = if rest.is_empty() { "its end".to_owned() } else { format!("`{rest}`") };
        format!("`{}`: expected {what}, found {found}", self.text)
    }
}

/// How long the number is that a text begins with. A point behind it may begin an operator: `0.lt.x`.
fn number(text: &str) -> usize {
    let digits = |from: usize| text[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut end = digits(0);
    if text[end..].starts_with('.') && !text[end + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        let more = digits(end + 1);
        if end + more == 0 {
            return 0;
        }
        end += 1 + more;
    }
    if end > 0 && text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        match digits(end + 1 + sign) {
            0 => {}
            count => end += 1 + sign + count,
        }
    }
    end
}

impl Expr {
    /// The number that it is where names stand for numbers; truth is 1.
    ///
    /// # Errors
    /// A name that is not known.
    pub fn number(&self, name: &impl Fn(&str) -> Option<f64>) -> Result<f64, String> {
        let truth = |is: bool| if is { 1.0 } else { 0.0 };
        Ok(match self {
            Self::Number(value) => *value,
            Self::Name(text) => name(text).ok_or_else(|| format!("`{text}` is not known here"))?,
            Self::Minus(x) => -x.number(name)?,
            Self::Two(operator, a, b) => {
                let (a, b) = (a.number(name)?, b.number(name)?);
                match *operator {
                    "+" => a + b,
                    "-" => a - b,
                    "*" => a * b,
                    "/" => a / b,
                    "^" => a.powf(b),
                    "<" => truth(a < b),
                    "<=" => truth(a <= b),
                    ">" => truth(a > b),
                    ">=" => truth(a >= b),
                    "==" => truth(a == b),
                    "!=" => truth(a != b),
                    "and" => truth(a != 0.0 && b != 0.0),
                    _ => truth(a != 0.0 || b != 0.0),
                }
            }
            Self::Call(function, arguments) => {
                let x = arguments[0].number(name)?;
                match *function {
                    "exp" => x.exp(),
                    "log" => x.ln(),
                    "log10" => x.log10(),
                    "sqrt" => x.sqrt(),
                    "sin" => x.sin(),
                    "cos" => x.cos(),
                    "tan" => x.tan(),
                    "sinh" => x.sinh(),
                    "cosh" => x.cosh(),
                    "tanh" => x.tanh(),
                    "abs" => x.abs(),
                    "ceil" => x.ceil(),
                    "H" => {
                        if x == 0.0 {
                            0.5
                        } else {
                            truth(x > 0.0)
                        }
                    }
                    _ => return Err(format!("`{function}` is not known here")),
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn number(text: &str) -> Result<f64, String> {
        parse(text)?.number(&|name| (name == "V").then_some(-20.0))
    }

    #[test]
    fn values_are_those_of_lems() {
        for (text, wanted) in [
            ("1 + 2 * 3", 7.0),
            ("-V^2", -400.0),
            ("2^-1", 0.5),
            ("2 - 3 - 4", -5.0),
            ("1.5e1", 15.0),
            (".5 + 5.", 5.5),
            ("V .lt. -10 .and. 0.lt.1", 1.0),
            ("V .eq. -20. .or. 1 .gt. 2", 1.0),
            ("H(V) + H(0) + H(3)", 1.5),
            ("exp(0) + abs(-(2))", 3.0),
            ("1e4 * (V--1000)", 9.8e6),
        ] {
            assert_eq!(number(text), Ok(wanted), "{text}");
        }
        for (text, wanted) in [
            ("1 +", "expected a number"),
            ("(1", "expected )"),
            ("random(1)", "the function `random` is not there"),
            ("x", "`x` is not known"),
            ("1 2", "what is `2`"),
            ("exp(1, 2)", "another number of arguments"),
        ] {
            assert!(number(text).is_err_and(|why| why.contains(wanted)), "{text}: {:?}", number(text));
        }
        assert!(number(&"(".repeat(10_000)).is_err());
        assert!(number(&"-".repeat(10_000)).is_err());
    }
}
