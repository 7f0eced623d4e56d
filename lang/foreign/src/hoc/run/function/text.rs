//! Functions of texts, and of files that are loaded and read.

use crate::hoc::run::file::Open;
use crate::hoc::run::scope::Slot;
use crate::hoc::run::value::{Kind, Object, Value};
use crate::hoc::run::{Done, Frame, Hoc, Stop, folder};
use std::rc::Rc;

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
    "atoltool.hoc",
    "attshape.hoc",
    "chanbild.hoc",
    "corenrn.hoc",
    "funfit.hoc",
    "grapher.hoc",
    "impedanx.hoc",
    "impratio.hoc",
    "inserter.hoc",
    "lincir.hoc",
    "logax.hoc",
    "mkcurve.hoc",
    "movierun.hoc",
    "parcom.hoc",
    "pointbsr.hoc",
    "prcellstate.hoc",
    "runfit.hoc",
    "showmech.hoc",
    "single.hoc",
    "subiter.hoc",
    "thresh.hoc",
    "varmeth1.hoc",
    "vecwrap.hoc",
];

/// Where a path leads from a folder: `..` goes up.
fn inside(folder: &str, path: &str) -> String {
    let start = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in start.split('/').chain(path.split('/')).filter(|part| !matches!(*part, "" | ".")) {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    let root = if start.starts_with('/') || path.starts_with('/') { "/" } else { "" };
    parts.iter().fold(root.to_owned(), |whole, part| format!("{whole}{part}/"))
}

impl Hoc<'_> {
    pub(in crate::hoc::run) fn of_texts(&mut self, name: &str, arguments: &[Value]) -> Done<Option<Value>> {
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
                self.load(&path, again, name == "xopen")?
            }
            "execute" | "execute1" => {
                let object = arguments
                    .iter()
                    .find_map(|one| if let Value::Object(Some(object)) = one { Some(object.clone()) } else { None });
                match self.execute_in(&text(0)?, object) {
                    Ok(()) => 1.0,
                    // Whoever asks so goes on.
                    Err(stop) if name == "execute1" && !stop.quiet && self.steps <= self.limits.steps => {
                        self.model.note(format!("`execute1({:?})` has failed: {}", text(0)?, stop.message));
                        0.0
                    }
                    Err(stop) => return Err(stop),
                }
            }
            "printf" => {
                let written = self.format(arguments)?;
                self.print(&written);
                written.len() as f64
            }
            "object_push" => {
                let Some(Value::Object(Some(object))) = arguments.first() else {
                    return Err("`object_push` takes an object".to_owned().into());
                };
                self.push_scope(&object.clone());
                0.0
            }
            "object_pop" => {
                self.pop_scope();
                0.0
            }
            // It is inserted nowhere: what it does is done in a run.
            "make_mechanism" => {
                let made = text(0)?;
                self.model.note(format!("the mechanism {made}, which `make_mechanism` makes of a template, is left out"));
                self.ignored.insert(made);
                0.0
            }
            // Of our own library: what it leaves out.
            "import_note" => {
                let what = text(0)?;
                self.model.note(what.to_string());
                0.0
            }
            "secname" => {
                let section = self.accessed()?;
                return Ok(Some(Value::Text(self.model.section(section).name.as_str().into())));
            }
            "getcwd" => return Ok(Some(Value::Text(self.working.as_str().into()))),
            "neuronhome" => return Ok(Some(Value::Text("".into()))),
            "machine_name" => 0.0,
            "chdir" => {
                self.working = inside(&self.working, &text(0)?);
                0.0
            }
            "execerror" => {
                let why: Vec<String> = arguments
                    .iter()
                    .filter_map(|one| if let Value::Text(t) = one { Some(t.to_string()) } else { None })
                    .collect();
                return Err(format!("the file gives up: {}", why.join(" ")).into());
            }
            "name_declared" => {
                let name = text(0)?;
                let built_in = |hoc: &Self| hoc.is_declared(&name);
                let scope = self.scope();
                let slot = scope.names.borrow().get(&*name).cloned();
                match slot {
                    Some(Slot::Objects(..)) => 2.0,
                    Some(Slot::Sections(..)) => 3.0,
                    Some(Slot::Text(_)) => 4.0,
                    Some(Slot::Numbers(..)) if scope.unset.borrow().contains(&*name) => 0.0,
                    Some(Slot::Numbers(..)) => 5.0,
                    Some(Slot::External | Slot::Pointer(_)) => 1.0,
                    None => f64::from(u8::from(self.procedure(&name, &scope).is_some() || built_in(self))),
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
                let found = self.found(&path);
                let open = found.is_some();
                let whole = found.map_or(String::new(), |bytes| String::from_utf8_lossy(&bytes).into_owned());
                self.room(whole.len() / 8)?;
                self.opened = Open::reading(&path, whole);
                f64::from(u8::from(open))
            }
            "fscan" => {
                let number = match self.following.last_mut().filter(|_| !self.opened.is_open()) {
                    Some(following) => following.number(),
                    None => self.opened.number(),
                };
                number.ok_or_else(|| Stop::from("the file has no more numbers".to_owned()))?
            }
            "clipboard_retrieve" => {
                let path = text(0)?;
                let found = self.found(&path);
                if found.is_none() {
                    // NEURON goes on with vectors that hold nothing of it.
                    self.model.note(format!("cannot read {path}, of which `clipboard_retrieve` makes vectors"));
                }
                let bytes = found.unwrap_or_default();
                self.paste(&String::from_utf8_lossy(&bytes))?;
                0.0
            }
            "sred" | "xred" => {
                return Err(self.unsupported(format!("`{name}` reads what nobody types while a file is imported")));
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Number(number)))
    }

    /// A file of two columns, as NEURON's clipboard writes them: a label, how many rows, and the rows. They become `hoc_obj_[1]` and `hoc_obj_[0]`.
    fn paste(&mut self, text: &str) -> Done<()> {
        let mut rows: Vec<Vec<f64>> = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with("label:")) {
            rows.push(line.split_whitespace().map_while(|word| word.parse().ok()).collect());
        }
        let pairs = rows.iter().filter_map(|row| Some((*row.first()?, *row.get(1)?)));
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.unzip();
        let mut columns = Vec::new();
        for column in [y, x] {
            let Value::Object(object) = self.new_vector(column)? else { continue };
            columns.push(object);
        }
        self.top.names.borrow_mut().insert("hoc_obj_".into(), Slot::Objects(columns, vec![2]));
        Ok(())
    }

    /// `load_file`, `xopen`
    fn load(&mut self, path: &str, again: bool, must: bool) -> Done<f64> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let own = self.folder_of_loading();
        let mut tried = vec![format!("{own}{path}"), format!("{}{path}", self.working)];
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
                // `load_file` reads at the top, whoever asks for it; `xopen` where it stands.
                let (scope, current) = (if must { self.scope() } else { self.top.clone() }, self.current);
                self.frames.push(Frame { scope, arguments: Vec::new(), locals: Vec::new(), body: None });
                self.current = self.frames.len() - 1;
                let done = self.execute_file(&path, &bytes);
                self.frames.pop();
                self.current = current;
                done?;
                Ok(1.0)
            }
            None if self.load_library(name)? => Ok(1.0),
            None if path.ends_with(".ses") => {
                self.model.note(format!("the session {path}, which is not there"));
                Ok(1.0)
            }
            None if LIBRARY.contains(&name) || LIBRARY.contains(&path) || path.ends_with(".dll") || path.ends_with(".so") => {
                Ok(1.0)
            }
            None => {
                let mut looked: Vec<String> =
                    self.folders.iter().map(|one| if one.is_empty() { ".".to_owned() } else { one.clone() }).collect();
                looked.dedup();
                let why = format!("cannot read {path}; it was looked for in {}", looked.join(", "));
                // NEURON goes on where `load_file` finds nothing, and gives 0.
                if must {
                    return Err(why.into());
                }
                self.model.note(why.clone());
                self.missing.push(why);
                Ok(0.0)
            }
        }
    }

    fn folder_of_loading(&self) -> String {
        self.loading.last().map_or(String::new(), |path| folder(path))
    }

    pub(in crate::hoc::run) fn execute_in(&mut self, text: &str, object: Option<Rc<Object>>) -> Done<()> {
        if self.loading.len() > 60 {
            return Err("a text that executes itself".to_owned().into());
        }
        let scope = match object.as_ref().map(|object| &object.kind) {
            Some(Kind::Instance(scope)) => scope.clone(),
            _ => self.top.clone(),
        };
        let current = self.current;
        self.frames.push(Frame { scope, arguments: Vec::new(), locals: Vec::new(), body: None });
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
