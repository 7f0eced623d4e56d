//! A model in a few lines, for the message of a failure.

use crate::reference::links::links;
use crate::reference::models::Model;
use bouton_engine::plan::{Class, Pool};
use std::fmt::Write;

/// Classes, pools, links and recorders.
pub fn describe(model: &Model) -> String {
    let plan = &model.plan;
    let mut text = format!("dt {}, second order {}, parts {:?}\n", plan.dt, plan.second_order, model.parts);
    for (c, class) in plan.classes.iter().enumerate() {
        describe_class(&mut text, c, class);
    }
    for link in links(plan).iter().take(20) {
        let _ = writeln!(text, "{link:?}");
    }
    for drive in plan.drives.iter().take(20).chain(plan.pointers.iter().take(20)) {
        let _ = writeln!(text, "{drive:?}");
    }
    for recorder in &plan.recorders {
        let _ = writeln!(text, "{recorder:?}");
    }
    text
}

fn describe_class(text: &mut String, c: usize, class: &Class) {
    let _ = writeln!(text, "class {c}: {} lanes, {:?}", class.lanes(), class.detectors);
    if let Some(body) = &class.body {
        let _ = writeln!(text, "  parents {:?}, order {:?}, areas {:?}", body.parent, body.order, body.area);
    }
    for (p, pool) in class.pools.iter().enumerate() {
        describe_pool(text, p, pool);
    }
}

fn describe_pool(text: &mut String, p: usize, pool: &Pool) {
    let code = &pool.code;
    let _ =
        writeln!(text, "  pool {p}: {} at {:?}, states {:?}, inputs {:?}", code.name, pool.placement, code.states, code.inputs);
    let _ = writeln!(text, "    sources {:?}", pool.sources.first());
}
