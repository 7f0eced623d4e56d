//! Functions of sections: their points, geometry, topology.

use crate::hoc::run::arithmetic::{EPSILON, is_true};
use crate::hoc::run::print::Pattern;
use crate::hoc::run::value::{Kind, Value};
use crate::hoc::run::{Done, Handed, Hoc, Stop};
use crate::neuron::place::Whole;
use crate::neuron::{Point3, SectionId};

impl Hoc<'_> {
    /// What a function of a mechanism gives, if there is one of this name.
    fn value_of_function(&self, name: &str, arguments: &[Value]) -> Option<Option<f64>> {
        let numbers: Option<Vec<f64>> =
            arguments.iter().map(|one| if let Value::Number(x) = one { Some(*x) } else { None }).collect();
        self.model.catalog.function(name, &numbers?, &|global| self.model.global(global))
    }

    /// 3-D points of the accessed section.
    pub(in crate::hoc::run) fn of_section_points(&mut self, name: &str, arguments: &[Value]) -> Done<Option<Value>> {
        let numbers: Vec<f64> =
            arguments.iter().filter_map(|one| if let Value::Number(x) = one { Some(*x) } else { None }).collect();
        let section = |hoc: &mut Self| hoc.accessed();
        let at = |hoc: &mut Self, index: Option<&f64>| -> Done<(SectionId, usize)> {
            let section = hoc.accessed()?;
            let count = hoc.model.section(section).points().len();
            let index = index.copied().unwrap_or(-1.0) + EPSILON;
            if index < 0.0 || index >= count as f64 {
                return Err(format!(
                    "{} has {count} points, and none of number {}",
                    hoc.model.section(section).name,
                    index.floor()
                )
                .into());
            }
            Ok((section, index as usize))
        };
        let point = |list: &[f64]| match list {
            [x, y, z, d, ..] => Ok(Point3 { at: [*x as f32, *y as f32, *z as f32], diam: *d as f32 }),
            _ => Err(format!("`{name}` takes x, y, z and a diameter")),
        };
        let number = match name {
            "pt3dadd" => {
                let section = section(self)?;
                self.room(4)?;
                self.model.add_point(section, point(&numbers)?)?;
                0.0
            }
            "pt3dclear" => {
                let section = section(self)?;
                self.model.clear_points(section);
                0.0
            }
            "pt3dconst" => {
                self.point_constant = numbers.first().is_some_and(|x| is_true(*x));
                0.0
            }
            "pt3dchange" => {
                let (section, at) = at(self, numbers.first())?;
                let old = self.model.section(section).points()[at];
                let new = match &numbers[1..] {
                    [diam] => Point3 { diam: *diam as f32, ..old },
                    rest => point(rest)?,
                };
                self.model.change_point(section, at, new);
                0.0
            }
            "pt3dremove" => {
                let (section, at) = at(self, numbers.first())?;
                self.model.remove_point(section, at);
                0.0
            }
            "pt3dinsert" => {
                let section = section(self)?;
                self.room(4)?;
                let before = self.count(numbers.first().copied().unwrap_or(0.0))?;
                self.model.insert_point(section, before, point(numbers.get(1..).unwrap_or(&[]))?)?;
                0.0
            }
            "n3d" => {
                let section = section(self)?;
                self.model.section(section).points().len() as f64
            }
            "x3d" | "y3d" | "z3d" => {
                let (section, at) = at(self, numbers.first())?;
                let axis = usize::from(name.as_bytes()[0] - b'x');
                self.model.places(section).get(at).map_or(0.0, |place| f64::from(place[axis]))
            }
            "diam3d" => {
                let (section, at) = at(self, numbers.first())?;
                f64::from(self.model.section(section).points()[at].diam)
            }
            "arc3d" => {
                let (section, at) = at(self, numbers.first())?;
                self.model.arcs(section).get(at).copied().unwrap_or(0.0)
            }
            "spine3d" => 0.0,
            "define_shape" => {
                self.model.define_shape()?;
                0.0
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Number(number)))
    }

    pub(in crate::hoc::run) fn of_sections(&mut self, name: &str, arguments: &[Value]) -> Done<Value> {
        let numbers: Vec<f64> =
            arguments.iter().filter_map(|one| if let Value::Number(x) = one { Some(*x) } else { None }).collect();
        let text = |at: usize| match arguments.get(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            _ => Err(format!("`{name}` takes a text")),
        };
        let truth = |x: bool| f64::from(u8::from(x));
        let number = match name {
            "area" => {
                let section = self.accessed()?;
                self.model.area(section, numbers.first().copied().unwrap_or(0.5))
            }
            "ri" => {
                let section = self.accessed()?;
                self.model.resistance(section, numbers.first().copied().unwrap_or(0.5))
            }
            "lambda_f" => {
                let section = self.accessed()?;
                self.model.lambda(section, numbers.first().copied().unwrap_or(100.0))
            }
            "distance" => {
                let section = self.accessed()?;
                match numbers.as_slice() {
                    [] => {
                        self.model.set_origin(section, 0.0);
                        0.0
                    }
                    // A first 1 asks for the distance, a first 0 sets where it is counted from.
                    [x] => self.model.distance(section, *x),
                    [mode, x, ..] if *mode >= 1.0 => self.model.distance(section, *x),
                    [_, x, ..] => {
                        self.model.set_origin(section, *x);
                        0.0
                    }
                }
            }
            "ismembrane" => {
                let section = self.accessed()?;
                truth(self.model.has(section, &text(0)?))
            }
            "issection" => {
                let section = self.accessed()?;
                truth(Pattern::new(&text(0)?).is_all(&self.model.section(section).name))
            }
            "section_exists" => {
                let wanted = match (arguments.get(1), text(0)?) {
                    (Some(Value::Number(index)), name) if arguments.len() > 1 => format!("{name}[{}]", *index as i64),
                    (_, name) => name.to_string(),
                };
                let prefix =
                    arguments.iter().find_map(|one| if let Value::Object(Some(o)) = one { Some(o.name()) } else { None });
                let wanted = prefix.map_or(wanted.clone(), |prefix| format!("{prefix}.{wanted}"));
                let all = self.model.all();
                truth(all.into_iter().any(|id| self.model.section(id).name == wanted))
            }
            "push_section" => {
                let found = match arguments.first() {
                    Some(Value::Text(wanted)) => {
                        let all = self.model.all();
                        all.into_iter().find(|id| self.model.section(*id).name == **wanted)
                    }
                    Some(Value::Object(Some(object))) => match &object.kind {
                        Kind::SectionRef(section) => Some(*section),
                        _ => None,
                    },
                    _ => None,
                };
                let found = found.ok_or_else(|| Stop::from("there is no such section to push".to_owned()))?;
                self.sections.push(found);
                1.0
            }
            "pop_section" => {
                self.sections.pop();
                1.0
            }
            "set_ra" => {
                if let Some(resistivity) = numbers.first() {
                    self.put_in(None, "global_ra", None, Handed::Number(*resistivity))?;
                }
                let Ok(Handed::Number(resistivity)) = self.look(None, "global_ra") else { return Ok(Value::Number(0.0)) };
                for section in self.model.all() {
                    self.model.set_whole(section, Whole::Resistivity, resistivity)?;
                }
                0.0
            }
            "delete_section" => {
                let section = self.accessed()?;
                self.model.delete(section);
                0.0
            }
            "disconnect" => {
                let section = self.accessed()?;
                self.model.disconnect(section);
                0.0
            }
            "parent_connection" => {
                let section = self.accessed()?;
                self.model.section(section).joint().map_or(0.0, |link| link.x)
            }
            "section_orientation" => {
                let section = self.accessed()?;
                truth(self.model.section(section).by_end())
            }
            "parent_node" | "this_section" | "parent_section" => {
                return Err(self.unsupported(format!("`{name}` is an address in NEURON's memory")));
            }
            "ion_style" => {
                let name = text(0)?;
                self.ion_style(name.strip_suffix("_ion").unwrap_or(&name), &numbers)?;
                0.0
            }
            "object_id" => match arguments.first() {
                Some(Value::Object(Some(object))) => object.id as f64,
                _ => 0.0,
            },
            "hoc_obj_" | "allobjects" | "allobjectvars" => 0.0,
            _ if self.ignored.contains(name) => 0.0,
            _ if self.value_of_function(name, arguments).is_some() => match self.value_of_function(name, arguments).flatten() {
                Some(value) => value,
                None => {
                    return Err(
                        self.unsupported(format!("what `{name}` gives depends on what only an instance of its mechanism knows"))
                    );
                }
            },
            // The instance for functions that follow: those that need one are told where they are called.
            _ if name.strip_prefix("setdata_").is_some_and(|of| self.model.catalog.find(of).is_some()) => 1.0,
            _ if let Some((mechanism, table)) = self.model.catalog.table(name) => {
                self.fill_table(mechanism, &table, arguments)?;
                0.0
            }
            _ if self.model.catalog.is_procedure(name) => {
                self.model.note(format!(
                    "`{name}()` was passed over: procedures of mechanisms are not called while a file is imported"
                ));
                0.0
            }
            _ => {
                let mut stop = self.unsupported(format!("there is no procedure or function `{name}`"));
                stop.help =
                    Some(format!("where the cell does not need it, pass over it with `ignore {name}`, or `--ignore {name}`"));
                return Err(stop);
            }
        };
        Ok(Value::Number(number))
    }

    /// `ion_style("ca_ion", c, e, einit, eadvance, cinit)`: whether the reversal potential follows the concentrations. What else a style says follows here from the
    /// mechanisms that use the ion.
    fn ion_style(&mut self, ion: &str, style: &[f64]) -> Done<()> {
        let [_, _, at_start, in_steps, ..] = *style else { return Ok(()) };
        let section = self.accessed()?;
        let fixed = at_start == 0.0 && in_steps == 0.0;
        let said = self.model.fix_reversal(section, ion, fixed);
        if fixed && !said || (at_start == 0.0) != (in_steps == 0.0) {
            self.model.note(format!(
                "`ion_style({ion}_ion)` was passed over: whether a reversal potential follows the concentrations is said of na, k and ca, for start and steps together"
            ));
        }
        Ok(())
    }
}
