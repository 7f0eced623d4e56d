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
}
