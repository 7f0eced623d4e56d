//! Functions that hoc has without a declaration.

mod number;
mod section;
mod text;

use super::value::Value;
use super::{Done, Hoc};

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
    "pt3dstyle",
    "addplot",
    "flushPlot",
    "fastflushPlot",
    "newPlot",
    "newshapeplot",
    "newvectorplot",
    "newphaseplane",
    "clipboard_set",
    "clipboard_get",
    "clipboard_save",
    "show_winio",
    "WinExec",
    "debug",
    "saveaudit",
    "retrieveaudit",
    "stoppedrun",
    "runbutton",
    "tstop_changed",
    "screen_update",
    "step",
    "set_v_init",
    "save_ses_nrnmainmenu",
    "nrn_feenableexcept",
    "nrnmpi_init",
    "use_exp_pow_precision",
    "objectvar_menu",
    "graph_menu_remove_most",
    "pointprocesses",
    "makesinglecompartment",
    "fast_flush_list",
    "Plot",
    "setdt",
    "nrnmpi_init",
    "nrn_feenableexcept",
    "nrnunit_use_legacy",
];

/// They run the model, which is not done here.
const OF_RUN: &[&str] = &[
    "run",
    "continuerun",
    "steprun",
    "advance",
    "fadvance",
    "initnrn",
    "stdrun",
    "nrn_fixed_step",
    "frecord_init",
    "prerun",
    "initPlot",
];

/// What hoc, or its library, has by itself and what is not of the screen and does not run the model.
const OF_HOC: &[&str] = &[
    "Section",
    "PythonObject",
    "chdir",
    "clipboard_retrieve",
    "fcurrent",
    "finitialize",
    "init",
    "stdinit",
    "abs",
    "acos",
    "allobjects",
    "allobjectvars",
    "arc3d",
    "area",
    "argtype",
    "asin",
    "atan",
    "atan2",
    "cos",
    "define_shape",
    "delete_section",
    "diam3d",
    "disconnect",
    "distance",
    "erf",
    "erfc",
    "execerror",
    "eqinit",
    "execute",
    "execute1",
    "exp",
    "fclamp",
    "fmatrix",
    "fscan",
    "getSpineArea",
    "getcwd",
    "getstr",
    "ghk",
    "hname",
    "hoc_obj_",
    "int",
    "ion_charge",
    "ion_register",
    "ion_style",
    "ismembrane",
    "issection",
    "lambda_f",
    "load_file",
    "log",
    "log10",
    "lw",
    "machine_name",
    "make_mechanism",
    "make_pointprocess",
    "mcell_ran4",
    "mcell_ran4_init",
    "n3d",
    "name_declared",
    "nernst",
    "neuronhome",
    "nrn_mallinfo",
    "nrnmpi_init",
    "nrnversion",
    "numarg",
    "object_id",
    "object_pop",
    "object_push",
    "object_pushed",
    "parent_connection",
    "parent_node",
    "parent_section",
    "pop_section",
    "printf",
    "pt3dadd",
    "pt3dchange",
    "pt3dclear",
    "pt3dconst",
    "pt3dinsert",
    "pt3dremove",
    "push_section",
    "quit",
    "ref",
    "retrieveaudit",
    "ri",
    "ropen",
    "same",
    "saveaudit",
    "secname",
    "section_exists",
    "section_orientation",
    "section_owner",
    "sectionname",
    "setSpineArea",
    "set_ra",
    "setpointer",
    "sin",
    "solve",
    "spine3d",
    "sprint",
    "sqrt",
    "sred",
    "sscanf",
    "stop_praxis",
    "strcmp",
    "tan",
    "tanh",
    "this_node",
    "this_section",
    "unix_mac_pc",
    "use_mcell_ran4",
    "xopen",
    "xred",
];

/// Whether a function only shows or writes what it is given.
pub(super) fn is_shown(name: &str) -> bool {
    name == "printf" || OF_SCREEN.contains(&name)
}

/// Whether hoc has a function of this name without a declaration.
pub(super) fn is_known(name: &str) -> bool {
    OF_HOC.contains(&name) || OF_SCREEN.contains(&name) || OF_RUN.contains(&name)
}

impl Hoc<'_> {
    /// `finitialize(v)` and those of NEURON's library that end in it, and `fcurrent()`.
    fn initialize(&mut self, name: &str, arguments: &[Value]) -> Done<Value> {
        let scope = self.top.clone();
        let v = match (name, arguments.first()) {
            ("fcurrent", _) => {
                self.model.look_at_currents();
                return Ok(Value::Number(0.0));
            }
            ("stdinit", _) => {
                if let Some((procedure, home)) = self.procedure("init", &scope) {
                    return self.call(&procedure, &home, Vec::new());
                }
                self.library_number("v_init")
            }
            ("init", _) => self.library_number("v_init"),
            (_, Some(Value::Number(v))) => Some(*v),
            _ => None,
        };
        self.ran = false;
        self.model.set_global("t", 0.0);
        self.model.initialize(v);
        Ok(Value::Number(0.0))
    }

    /// Calls a function of hoc.
    pub(super) fn function(&mut self, name: &str, arguments: Vec<Value>) -> Done<Value> {
        if let Some(found) = self.of_numbers(name, &arguments)? {
            return Ok(Value::Number(found));
        }
        if OF_SCREEN.contains(&name) {
            return Ok(Value::Number(0.0));
        }
        if matches!(name, "eqinit" | "solve") {
            return self.of_equations(name, &arguments);
        }
        if matches!(name, "finitialize" | "init" | "stdinit" | "fcurrent") {
            return self.initialize(name, &arguments);
        }
        if OF_RUN.contains(&name) {
            self.ran = true;
            self.pass_time(name, &arguments);
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

    /// Lets the time be what a run would leave, so that loops until a time come to their end.
    fn pass_time(&mut self, name: &str, arguments: &[Value]) {
        let now = |hoc: &Hoc<'_>, name: &str| hoc.model.global(name).unwrap_or(0.0);
        let until = match (name, arguments.first()) {
            ("fadvance" | "advance" | "nrn_fixed_step", _) => now(self, "t") + now(self, "dt"),
            ("continuerun", Some(Value::Number(until))) => *until,
            ("run" | "stdrun", _) => match self.look(None, "tstop") {
                Ok(super::Handed::Number(until)) => until,
                _ => 5.0,
            },
            _ => return,
        };
        self.model.set_global("t", until);
    }
}
