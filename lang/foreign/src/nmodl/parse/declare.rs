//! Blocks that declare: NEURON, UNITS, PARAMETER, ASSIGNED, STATE, CONSTANT, INDEPENDENT, DEFINE.

use super::{Kind, Parser, Read};
use crate::nmodl::tree::{Declared, Ion, Name, Place, UnitLine};

impl Parser<'_> {
    pub(super) fn neuron(&mut self) -> Read<()> {
        self.expect("{")?;
        while !self.take("}") {
            let word = self.name("a statement of NEURON")?;
            match &*word.text {
                "SUFFIX" => self.suffix(Place::Density)?,
                "POINT_PROCESS" => self.suffix(Place::Point)?,
                "ARTIFICIAL_CELL" => self.suffix(Place::Artificial)?,
                "USEION" => self.ion()?,
                "NONSPECIFIC_CURRENT" | "NONSPECIFIC_CURRENTS" => {
                    let list = self.names()?;
                    self.out.neuron.nonspecific.extend(list);
                }
                "ELECTRODE_CURRENT" => {
                    let list = self.names()?;
                    self.out.neuron.electrode.extend(list);
                }
                "RANGE" | "SECTION" => {
                    let list = self.names()?;
                    self.out.neuron.range.extend(list);
                }
                "GLOBAL" => {
                    let list = self.names()?;
                    self.out.neuron.global.extend(list);
                }
                "POINTER" | "BBCOREPOINTER" => {
                    let list = self.names()?;
                    self.out.neuron.pointer.extend(list);
                }
                "RANDOM" => {
                    let list = self.names()?;
                    self.out.neuron.random.extend(list);
                }
                "EXTERNAL" => {
                    let list = self.names()?;
                    self.out.neuron.external.extend(list);
                }
                "THREADSAFE" => self.out.neuron.threadsafe = true,
                "UNITSON" | "UNITSOFF" => {}
                "REPRESENTS" => {
                    // An ontology's word, in brackets or plain.
                    if self.take("[") {
                        while !self.take("]") && self.peek().kind != Kind::End {
                            self.next();
                        }
                    } else {
                        self.next();
                        while self.is(":") || self.peek().glued {
                            self.next();
                        }
                    }
                }
                _ => {
                    let token = self.tokens[self.at.saturating_sub(1)].clone();
                    return self.fail(&token, "a statement of NEURON, such as SUFFIX or RANGE");
                }
            }
        }
        Ok(())
    }

    fn suffix(&mut self, place: Place) -> Read<()> {
        let name = self.name("the name of the mechanism")?;
        self.out.neuron.name = Some((place, name));
        Ok(())
    }

    fn ion(&mut self) -> Read<()> {
        let name = self.name("the name of an ion")?;
        let mut ion = Ion { name, reads: Vec::new(), writes: Vec::new(), valence: None };
        loop {
            if self.take_word("READ") {
                ion.reads.extend(self.names()?);
            } else if self.take_word("WRITE") {
                ion.writes.extend(self.names()?);
            } else if self.take_word("VALENCE") || self.take_word("CHARGE") {
                ion.valence = Some(self.constant()?);
            } else if self.take_word("REPRESENTS") {
                self.next();
            } else {
                break;
            }
        }
        self.out.neuron.ions.push(ion);
        Ok(())
    }

    /// Names between commas; none where a statement follows.
    pub(super) fn names(&mut self) -> Read<Vec<Name>> {
        let mut list = Vec::new();
        if self.peek().kind != Kind::Name {
            return Ok(list);
        }
        loop {
            list.push(self.name("a name")?);
            if self.is("[") {
                self.next();
                self.constant()?;
                self.expect("]")?;
            }
            self.unit()?;
            if !self.take(",") {
                return Ok(list);
            }
        }
    }

    pub(super) fn units(&mut self) -> Read<()> {
        self.expect("{")?;
        while !self.take("}") {
            if self.is("(") {
                let alias = self.unit()?.unwrap_or_default();
                self.expect("=")?;
                let token = self.peek().clone();
                match self.unit()? {
                    Some(unit) => self.out.units.push(UnitLine::Alias(alias, unit)),
                    None => return self.fail(&token, "a unit"),
                }
                continue;
            }
            let name = self.name("a unit or the name of a constant")?;
            if matches!(&*name.text, "UNITSON" | "UNITSOFF") {
                continue;
            }
            self.expect("=")?;
            if self.is("(") {
                let of = self.unit()?.unwrap_or_default();
                let token = self.peek().clone();
                match self.unit()? {
                    Some(into) => self.out.units.push(UnitLine::Factor(name, of, into)),
                    None => return self.fail(&token, "a second unit"),
                }
            } else {
                let value = self.constant()?;
                self.unit()?;
                self.out.units.push(UnitLine::Number(name, value));
            }
        }
        Ok(())
    }

    /// `name[n] = value (unit) <lo, hi> FROM lo TO hi START x`, in braces.
    pub(super) fn declarations(&mut self) -> Read<Vec<Declared>> {
        let mut list = Vec::new();
        self.expect("{")?;
        while !self.take("}") {
            if self.peek().kind == Kind::Verbatim {
                self.next();
                continue;
            }
            let name = self.name("the name of a variable")?;
            if matches!(&*name.text, "UNITSON" | "UNITSOFF") {
                continue;
            }
            let mut one = Declared { name, size: None, unit: None, value: None };
            if self.take("[") {
                one.size = Some(self.constant()?.clamp(0.0, 4e9) as u32);
                self.expect("]")?;
            }
            if self.take("=") {
                one.value = Some(self.constant()?);
            }
            one.unit = self.unit()?;
            loop {
                if self.take("<") {
                    self.limits(">")?;
                } else if self.take_word("FROM") {
                    self.constant()?;
                    if self.take_word("TO") {
                        self.constant()?;
                    }
                    self.unit()?;
                } else if self.take_word("START") {
                    one.value = Some(self.constant()?);
                    self.unit()?;
                } else if self.is("(") {
                    self.unit()?;
                } else {
                    break;
                }
            }
            self.take(",");
            list.push(one);
        }
        Ok(list)
    }

    fn limits(&mut self, end: &str) -> Read<()> {
        while !self.take(end) {
            if self.peek().kind == Kind::End || self.is("}") {
                let token = self.next();
                return self.fail(&token, "`>`");
            }
            self.next();
        }
        Ok(())
    }

    pub(super) fn independent(&mut self) -> Read<()> {
        self.expect("{")?;
        while !self.take("}") {
            let token = self.next();
            if token.kind == Kind::End {
                return self.fail(&token, "`}`");
            }
            if token.kind == Kind::Name && !matches!(token.text.as_str(), "FROM" | "TO" | "WITH" | "SWEEP") {
                self.out.independent.push(Name { text: token.text.as_str().into(), span: token.span });
            }
            self.unit()?;
        }
        Ok(())
    }

    pub(super) fn define(&mut self) -> Read<()> {
        let name = self.name("the name of a constant")?;
        let value = self.constant()?;
        self.defined.insert(name.text.to_string(), value);
        Ok(())
    }

    /// A number with a sign, or the name of a defined one.
    pub(super) fn constant(&mut self) -> Read<f64> {
        let mut sign = 1.0;
        while self.is("-") || self.is("+") {
            if self.next().text == "-" {
                sign = -sign;
            }
        }
        let token = self.next();
        let value = match token.kind {
            Kind::Number => token.text.parse::<f64>().ok(),
            Kind::Name => self.defined.get(&token.text).copied(),
            _ => None,
        };
        match value {
            Some(value) => Ok(sign * value),
            None => self.fail(&token, "a number"),
        }
    }
}
