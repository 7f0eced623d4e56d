//! Functions that hoc has without a declaration.

use super::arithmetic::{EPSILON, is_true};
use super::print::Pattern;
use super::scope::Slot;
use super::value::{Kind, Value};
use super::{Done, Hoc};
use crate::neuron::{Point3, SectionId};
use bouton_model::math;
use std::rc::Rc;

/// Of the screen: they do nothing.
const OF_SCREEN: &[&str] = &[
    "xpanel",
    "xbutton",
    "xvalue",
    "xpvalue",
    "xfixedvalue",
    "xcheckbox",
    "xstatebutton",
    "xmenu",
    "xlabel",
    "xvarlabel",
    "xslider",
    "xradiobutton",
    "boolean_dialog",
    "continue_dialog",
    "string_dialog",
    "doNotify",
    "doEvents",
    "nrnmainmenu",
    "nrncontrolmenu",
    "newPlotV",
    "newPlotI",
    "newPlotS",
    "graph",
    "graphmode",
    "plot",
    "plotx",
    "ploty",
    "plt",
    "axis",
    "setcolor",
    "regraph",
    "topology",
    "psection",
    "hoc_notify_iv",
    "units",
    "hoc_stdout",
    "print_session",
    "save_session",
    "ivoc_style",
    "pwman_place",
    "nrn_load_dll",
    "nrn_load_model",
    "chdir",
    "system",
    "startsw",
    "stopsw",
    "settext",
    "dtext",
    "load_proc",
    "load_func",
    "load_template",
    "nrniv_bind_call",
    "nrnpython",
    "show_errmess_always",
    "variable_domain",
    "attr_praxis",
    "fprint",
    "wopen",
    "using_cvode_",
    "cvode_local",
    "cvode_active",
    "psection",
    "prmat",
    "nseg_report",
    "nrnallsectionmenu",
    "nrnsecmenu",
    "nrnglobalmechmenu",
    "nrnallpointmenu",
    "nrnpointmenu",
    "symbols",
    "mkmenu",
    "hoc_pointer_",
    "coredump_on_error",
    "batch_save",
    "batch_run",
    "set_ra",
    "pt3dstyle",
    "addplot",
    "flushPlot",
    "fast_flush_list",
    "Plot",
    "setdt",
];

/// They run the model, which is not done here.
const OF_RUN: &[&str] = &[
    "run",
    "init",
    "stdinit",
    "continuerun",
    "steprun",
    "advance",
    "finitialize",
    "fadvance",
    "fcurrent",
    "initnrn",
    "stdrun",
    "nrn_fixed_step",
    "frecord_init",
    "prerun",
    "initPlot",
];

/// Files of NEURON's library, whose parts that cells use are built in.
const LIBRARY: &[&str] = &[
    "stdrun.hoc",
    "nrngui.hoc",
    "stdlib.hoc",
    "noload.hoc",
    "stdgui.hoc",
    "import3d.hoc",
    "netparmpi.hoc",
    "loadbal.hoc",
    "binfo.hoc",
    "electrod.hoc",
    "family.hoc",
    "nrngui",
    "wingroup.hoc",
    "shapebox.hoc",
    "pointman.hoc",
    "pointgrp.hoc",
    "vplay.hoc",
    "mview.hoc",
    "celbild.hoc",
    "netbild.hoc",
    "mulfit.hoc",
    "subcell.hoc",
    "impedanc.hoc",
    "varinsec.hoc",
    "import3d/import3d_gui.hoc",
    "import3d/read_swc.hoc",
    "import3d/read_nlcda3.hoc",
    "stopsign.hoc",
    "gatherv.hoc",
    "runctl.hoc",
    "lambda.hoc",
];

impl Hoc<'_> {
    /// Calls a function of hoc.
    pub(super) fn function(&mut self, name: &str, arguments: Vec<Value>) -> Done<Value> {
        if let Some(found) = self.of_numbers(name, &arguments)? {
            return Ok(Value::Number(found));
        }
        if OF_SCREEN.contains(&name) {
            return Ok(Value::Number(0.0));
        }
        if OF_RUN.contains(&name) {
            self.ran = true;
            self.model.note(format!("`{name}()` was passed over: nothing is run while a file is imported"));
            return Ok(Value::Number(0.0));
        }
        if let Some(found) = self.of_section_points(name, &arguments)? {
            return Ok(found);
        }
        if let Some(found) = self.of_texts(name, &arguments)? {
            return Ok(found);
        }
        self.of_sections(name, &arguments)
    }

    fn of_numbers(&mut self, name: &str, arguments: &[Value]) -> Done<Option<f64>> {
        let number = |at: usize| match arguments.get(at) {
            Some(Value::Number(value)) => Ok(*value),
            _ => Err(format!("`{name}` takes numbers")),
        };
        let above = |x: f64| if x > 0.0 { Ok(x) } else { Err(format!("`{name}` of {x}")) };
        Ok(Some(match name {
            "sin" => math::sin(number(0)?),
            "cos" => math::cos(number(0)?),
            "tan" => math::tan(number(0)?),
            "tanh" => math::tanh(number(0)?),
            "exp" => math::exp(number(0)?),
            "log" => math::log(above(number(0)?)?),
            "log10" => math::log10(above(number(0)?)?),
            "sqrt" if number(0)? < 0.0 => return Err(format!("`sqrt` of {}", number(0)?).into()),
            "sqrt" => number(0)?.sqrt(),
            "abs" => number(0)?.abs(),
            "int" => number(0)?.trunc(),
            "atan" => arctangent(number(0)?),
            "atan2" => arctangent2(number(0)?, number(1)?),
            "asin" => arctangent2(number(0)?, (1.0 - number(0)? * number(0)?).sqrt()),
            "acos" => arctangent2((1.0 - number(0)? * number(0)?).sqrt(), number(0)?),
            "numarg" => self.frame().arguments.len() as f64,
            "argtype" => {
                let at = number(0)? as usize;
                match self.frame().arguments.get(at.wrapping_sub(1)).cloned() {
                    Some(Value::Number(_)) => 0.0,
                    Some(Value::Object(_)) => 1.0,
                    Some(Value::Text(_)) => 2.0,
                    // Texts and objects are handed over by reference.
                    Some(Value::Address(place)) => match self.get(&place)? {
                        Value::Object(_) => 1.0,
                        Value::Text(_) => 2.0,
                        _ => 3.0,
                    },
                    None => -1.0,
                }
            }
            "stopped" | "hoc_ac_" | "unix_mac_pc" if name == "unix_mac_pc" => 1.0,
            "stopped" => 0.0,
            "nrnversion" if arguments.is_empty() => return Ok(None),
            "mcell_ran4_init" | "mcell_ran4" | "ran4_init" => 0.0,
            "nernst" => {
                let (inside, outside, charge) = (number(0)?, number(1)?, number(2)?);
                let kelvin = self.model.global("celsius").unwrap_or(6.3) + 273.15;
                1e3 * 8.314_462_618_153_24 * kelvin / 96_485.332_123_310_01 / charge * math::log(above(outside / inside)?)
            }
            _ => return Ok(None),
        }))
    }

    /// 3-D points of the accessed section.
    fn of_section_points(&mut self, name: &str, arguments: &[Value]) -> Done<Option<Value>> {
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
            "pt3dremove" | "pt3dinsert" => {
                return Err(self.unsupported(format!("`{name}` is not there yet")));
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
                self.model.note("`define_shape()` was passed over: it moves points and changes no size beyond rounding");
                0.0
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Number(number)))
    }

    fn of_texts(&mut self, name: &str, arguments: &[Value]) -> Done<Option<Value>> {
        let text = |at: usize| match arguments.get(at) {
            Some(Value::Text(text)) => Ok(text.clone()),
            _ => Err(format!("`{name}` takes a text")),
        };
        let number = match name {
            "load_file" | "xopen" => {
                let (again, path) = match arguments {
                    [Value::Number(_), Value::Text(path)] => (true, path.clone()),
                    _ => (name == "xopen", text(0)?),
                };
                self.load(&path, again)?
            }
            "execute" | "execute1" => {
                let object = match arguments.get(1) {
                    Some(Value::Object(Some(object))) => Some(object.clone()),
                    _ => None,
                };
                self.execute_in(&text(0)?, object)?;
                1.0
            }
            "printf" => {
                let written = self.format(arguments)?;
                self.print(&written);
                written.len() as f64
            }
            "secname" => {
                let section = self.accessed()?;
                return Ok(Some(Value::Text(self.model.section(section).name.as_str().into())));
            }
            "getcwd" | "neuronhome" => return Ok(Some(Value::Text("".into()))),
            "name_declared" => {
                let name = text(0)?;
                let scope = self.scope();
                let slot = scope.names.borrow().get(&*name).cloned();
                match slot {
                    Some(Slot::Objects(..)) => 2.0,
                    Some(Slot::Sections(..)) => 3.0,
                    Some(Slot::Text(_)) => 4.0,
                    Some(Slot::Numbers(..)) => 5.0,
                    Some(Slot::External | Slot::Pointer(_)) => 1.0,
                    None => f64::from(u8::from(self.procedure(&name, &scope).is_some() || self.templates.contains_key(&name))),
                }
            }
            "strcmp" => {
                let (a, b) = (text(0)?, text(1)?);
                match a.cmp(&b) {
                    std::cmp::Ordering::Less => -1.0,
                    std::cmp::Ordering::Equal => 0.0,
                    std::cmp::Ordering::Greater => 1.0,
                }
            }
            "ropen" => {
                let path = arguments.first().map_or_else(|| Ok("".into()), |_| text(0))?;
                let folders = self.folders.clone();
                let found = folders.iter().find_map(|folder| self.files.bytes(&format!("{folder}{path}")).ok());
                let open = found.is_some();
                let whole = found.map_or(String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned());
                self.room(whole.len() / 8)?;
                self.opened = super::file::Open::reading(&path, whole);
                f64::from(u8::from(open))
            }
            "fscan" => {
                let word = self.opened.word();
                let number = word.as_deref().and_then(|word| word.parse().ok());
                number.ok_or_else(|| super::Stop::from("the file has no more numbers".to_owned()))?
            }
            "sred" | "xred" | "getstr" => {
                return Err(self.unsupported(format!("`{name}` reads what nobody types while a file is imported")));
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Number(number)))
    }

    fn of_sections(&mut self, name: &str, arguments: &[Value]) -> Done<Value> {
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
                    [x] => self.model.distance(section, *x),
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
                let found = found.ok_or_else(|| super::Stop::from("there is no such section to push".to_owned()))?;
                self.sections.push(found);
                1.0
            }
            "pop_section" => {
                self.sections.pop();
                1.0
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
                self.model.section(section).parent.map_or(0.0, |link| link.x)
            }
            "section_orientation" => {
                let section = self.accessed()?;
                self.model.section(section).parent.map_or(0.0, |link| truth(link.by_end))
            }
            "parent_node" | "this_section" | "parent_section" => {
                return Err(self.unsupported(format!("`{name}` is an address in NEURON's memory")));
            }
            "ion_style" => {
                self.model.note(format!(
                    "`ion_style({})` was passed over: the style of an ion follows from the mechanisms that use it",
                    text(0)?
                ));
                0.0
            }
            "object_id" => match arguments.first() {
                Some(Value::Object(Some(object))) => object.id as f64,
                _ => 0.0,
            },
            "hoc_obj_" | "allobjects" | "allobjectvars" => 0.0,
            _ if self.ignored.contains(name) => 0.0,
            _ => {
                let mut stop = self.unsupported(format!("there is no procedure or function `{name}`"));
                stop.help =
                    Some(format!("where the cell does not need it, pass over it with `ignore {name}`, or `--ignore {name}`"));
                return Err(stop);
            }
        };
        Ok(Value::Number(number))
    }

    /// `load_file`, `xopen`
    fn load(&mut self, path: &str, again: bool) -> Done<f64> {
        let name = path.rsplit('/').next().unwrap_or(path);
        if path.ends_with(".ses") {
            // A session is windows, and what its windows have built is not known here.
            self.model.note(format!("the session {path}, with what its windows would build"));
            return Ok(1.0);
        }
        let own = self.folder_of_loading();
        let mut tried = vec![format!("{own}{path}")];
        tried.extend(self.folders.iter().map(|folder| format!("{folder}{path}")));
        if path.starts_with('/') {
            tried = vec![path.to_owned()];
        }
        if !again && tried.iter().any(|one| self.loaded.contains(one)) {
            return Ok(1.0);
        }
        let found = tried.iter().find_map(|one| self.files.bytes(one).ok().map(|bytes| (one.clone(), bytes)));
        match found {
            Some((path, bytes)) => {
                self.loaded.insert(path.clone());
                let (scope, current) = (self.top.clone(), self.current);
                // A file is read at the top, whoever asks for it.
                self.frames.push(super::Frame { scope, arguments: Vec::new(), locals: Vec::new(), body: None });
                self.current = self.frames.len() - 1;
                let done = self.execute_file(&path, &bytes);
                self.frames.pop();
                self.current = current;
                done?;
                Ok(1.0)
            }
            None if LIBRARY.contains(&name)
                || LIBRARY.contains(&path)
                || path.ends_with(".ses")
                || path.ends_with(".dll")
                || path.ends_with(".so") =>
            {
                Ok(1.0)
            }
            None => {
                let mut looked: Vec<String> =
                    self.folders.iter().map(|one| if one.is_empty() { ".".to_owned() } else { one.clone() }).collect();
                looked.dedup();
                Err(format!("cannot read {path}; it was looked for in {}", looked.join(", ")).into())
            }
        }
    }

    fn folder_of_loading(&self) -> String {
        self.loading.last().map_or(String::new(), |path| super::folder(path))
    }

    pub(super) fn execute_in(&mut self, text: &str, object: Option<Rc<super::Object>>) -> Done<()> {
        if self.loading.len() > 60 {
            return Err("a text that executes itself".to_owned().into());
        }
        let scope = match object.as_ref().map(|object| &object.kind) {
            Some(Kind::Instance(scope)) => scope.clone(),
            _ => self.top.clone(),
        };
        let current = self.current;
        self.frames.push(super::Frame { scope, arguments: Vec::new(), locals: Vec::new(), body: None });
        self.current = self.frames.len() - 1;
        let folder = self.folder_of_loading();
        self.loading.push(format!("{folder}execute"));
        let done = self.execute_text("execute", text.to_owned());
        self.loading.pop();
        self.frames.pop();
        self.current = current;
        done
    }
}

/// The angle of a slope.
fn arctangent(x: f64) -> f64 {
    // Halved until the series converges: atan x = 2 atan(x / (1 + sqrt(1 + x^2))).
    let mut y = x;
    for _ in 0..3 {
        y /= 1.0 + (1.0 + y * y).sqrt();
    }
    let square = y * y;
    let mut term = y;
    let mut sum = y;
    for k in 1..40 {
        term *= -square;
        sum += term / f64::from(2 * k + 1);
    }
    sum * 8.0
}

fn arctangent2(y: f64, x: f64) -> f64 {
    use std::f64::consts::PI;
    match (x, y) {
        (0.0, 0.0) => 0.0,
        (0.0, y) => (PI / 2.0).copysign(y),
        (x, y) if x > 0.0 => arctangent(y / x),
        (x, y) => arctangent(y / x) + PI.copysign(y),
    }
}
